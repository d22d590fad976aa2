"""The public functions for what people do around a run: an example, a template, limits, handing on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from carbonstd._api import library
from carbonstd._case.case import Case, read_case
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._findings import Finding, Language, finding
from carbonstd._result.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from carbonstd._limits.record import Check


def example(method: str, *, period: str | int = "", review: bool = False, of: Library | None = None) -> Case:
    """The shipped case of a method: `example-*.yaml` among its cases, else `full-*.yaml`; of the edition asked for.

    For a verifier it is `review-*.yaml` where there is one. Raises CaseError where there is none.
    """
    shelf = of or library()
    header, span = shelf.find(method, shelf.method_headers), _span(period)
    wanted = shelf.method(method, span).id if span else header.id if "@" in method else ""
    folder = header.path.parent / "cases"
    others: list[str] = []
    for pattern in (*(("review-*.yaml",) if review else ()), "example-*.yaml", "full-*.yaml"):
        cases = [read_case(path, shelf) for path in sorted(folder.glob(pattern))]
        fitting = [case for case in cases if not wanted or case.method == wanted]
        if fitting:
            return fitting[-1]
        others += (f"{case.method} ({case.period})" for case in cases)
    if others:
        raise CaseError(findings=[finding("example-of-others", wanted, editions=", ".join(dict.fromkeys(others)))])
    raise CaseError(findings=[finding("example-missing", method)])


def template(
    method: str | Case,
    path: str | Path,
    *,
    period: str | int = "",
    uncertainty: bool = False,
    review: bool = False,
    last: Case | None = None,
    language: Language = "zh",
    of: Library | None = None,
) -> list[Finding]:
    """Write a workbook to fill in for a method, in the edition of `period`; or one filled with a case.

    With the case of the `last` period it is that of the next, `period`: names and what stands for years are kept,
    figures and proofs emptied, and the findings say so. With `uncertainty` each number has a column for its half-width,
    with `review` there are the sheets of a verifier.
    An existing file is replaced only on success. Raises CaseError, NotFoundError.
    """
    from carbonstd._joint.joint import read_as
    from carbonstd._template.template import Filling, write_template

    shelf = of or library()
    if last is not None:
        return _next(str(method), Path(path), last, _span(period), uncertainty, language, shelf)
    case = method if isinstance(method, Case) else None
    span = case.period if case else _span(period)
    names = (case.method, *case.also) if case else (shelf.method(str(method), span).id,)
    found = read_as(names, shelf, span, case.as_of if case else None)
    write_template(found, shelf, Path(path), language, Filling(case, span, uncertainty, review, names[1:]))
    return []


def _next(
    method: str, path: Path, last: Case, span: Period | None, uncertainty: bool, language: Language, shelf: Library
) -> list[Finding]:
    """The workbook of the next period; never in the place of the one it is made from. Raises CaseError."""
    from carbonstd._template.next_period import continues, next_period
    from carbonstd._template.template import Filling, write_template

    if span is None:
        raise CaseError(findings=[finding("case-period", "period", found="")])
    if last.path and path.exists() and path.samefile(last.path):
        raise CaseError(findings=[finding("output-is-input", str(path))])
    if not continues(last, method, shelf):
        raise CaseError(findings=[finding("template-from-other", last.path, found=last.method, expected=method)])
    found = next_period(last, method, span, shelf)
    origins = {place: text[language] for place, text in found.origins.items()}
    filling = Filling(found.case, uncertainty=uncertainty, also=found.case.also, dated=False, origins=origins)
    write_template(found.method, shelf, path, language, filling)
    return list(found.findings)


def check_limits(
    plants: str | Path | pd.DataFrame | Iterable[Mapping[str, Any]],
    *,
    standard: str = "",
    period: str | int = "",
    as_of: date | None = None,
    of: Library | None = None,
) -> Check:
    """Plants against their limits: a file or folder as `check limits` reads it, or a DataFrame with a row a plant.

    `standard` and `period` hold for all and stand over what a plant says. Nothing about a plant raises: what is wrong
    with it stands in its records. Raises CaseError where nothing at all can be read.
    """
    from carbonstd._limits.input import read_subjects, subjects_of
    from carbonstd._limits.judging import Question, check_limits

    shelf = of or library()
    subjects = read_subjects(Path(plants), shelf) if isinstance(plants, (str, Path)) else subjects_of(_rows(plants))
    return check_limits(subjects, shelf, Question(standard, str(period), as_of))


def with_footprints(case: Case, *paths: str | Path, of: Library | None = None) -> tuple[Case, list[Finding]]:
    """A case with the PACT footprints of files among its supplier data, and what is to be told of them.

    Raises CaseError, with all findings of all files, where one cannot be used or the method takes none.
    """
    from carbonstd._pact.read import read_footprints
    from carbonstd._pact.supplier import supplied

    method = (of or library()).method(case.method, case.period, case.as_of)
    base = replace(case, sheets=dict(case.sheets), findings=list(case.findings))
    found = supplied(read_footprints([Path(path) for path in paths]), method, base)
    return found.case, found.findings


def export(result: Result, path: str | Path, form: str, language: Language = "en") -> list[Finding]:
    """Hand a result on in a form of `carbonstd export --as`, such as `pact-3.0`, and return what is to be told of it.

    Raises CaseError where the result cannot be given in this form; an existing file is replaced only on success.
    """
    from carbonstd._near import suggest
    from carbonstd._result.formats import CASE_FORMATS

    chosen, target = CASE_FORMATS.get(form), Path(path)
    if chosen is None:
        kind = {"zh": "形式", "en": "form"}
        raise NotFoundError(
            findings=[finding("not-found", name=form, kind=kind, suggestion=suggest(form, CASE_FORMATS))]
        )
    if target.suffix.lower() not in chosen.suffixes:
        expected = " / ".join(chosen.suffixes)
        raise CaseError(findings=[finding("output-suffix", str(path), suffix=target.suffix, expected=expected)])
    return list(chosen.write(result, target, language).findings)


def _span(period: str | int) -> Period | None:
    """A period as typed. Raises CaseError where it cannot be read."""
    span = Period.parse(str(period)) if period else None
    if period and span is None:
        raise CaseError(findings=[finding("case-period", "period", found=period)])
    return span


def _rows(plants: pd.DataFrame | Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows as plain cells; the gaps of a frame are blank."""
    if isinstance(plants, Iterable) and not hasattr(plants, "to_dict"):
        return list(plants)
    plain = cast("pd.DataFrame", plants).astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]
