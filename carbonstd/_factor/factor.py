"""Which factor of electricity, heat or a fuel holds: a question answered with the figure and the rule that picked it.

The rules are data (`factors/decisions/`): a row for each regime names a table, a row of it and how its edition is
chosen, or says that there is no factor. Nothing is guessed: what nobody has seen the source of (recalled) is never
given as an answer, and a zero is given only where its clause was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import SELECTIONS, Slot
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Cell, Row, Table
from carbonstd._engine.edition import Segment, select
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._factor.figure import Figure, figure, per_fuel, plain_cells
from carbonstd._findings import Finding, Severity, finding

SUBJECTS = {"electricity": "electricity", "heat": "heat", "fuel": "fuels"}  # asked for, and the folder of its tables
NATIONAL = "national"
_GRIDS = {"region": "electricity/grid-regions", "grid": "electricity/grid-regions-projects"}  # seven grids, six grids
_FUEL_KEYS = ("fuel", "energy")


@dataclass(frozen=True)
class Question:
    """What is asked: a place (a key of `provinces`) or fuel, the accounting year, the regime, the supply or sector."""

    subject: str
    year: int
    regime: str
    as_of: date
    place: str = NATIONAL
    fuel: str = ""
    supply: str = "grid"
    sector: str = "unnamed"

    @property
    def period(self) -> Period:
        return Period(date(self.year, 1, 1), date(self.year, 12, 31))


@dataclass(frozen=True)
class Rule:
    """The row of the decision table that answers: what it names, and the reason, zh and en."""

    table: str
    row: str
    edition: str
    document: str
    clause: str
    reason: Bilingual
    needs: Bilingual
    evidence: str
    source: Bilingual
    factor: Figure | None = None


@dataclass(frozen=True)
class Answer:
    """`state` is `value`, `zero` or `none`; `findings` say what to heed, and why there is none."""

    question: Question
    state: str
    rule: Rule | None = None
    figures: tuple[Figure, ...] = ()
    withheld: tuple[Figure, ...] = ()  # figures the rule leads to that rest on no source anybody has seen
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


def regimes(subject: str, library: Library) -> list[str]:
    """The regimes for which something is decided, in the order of the decisions."""
    found = (row.match["regime"] for row in library.table(f"decisions/{subject}").rows)
    return list(
        dict.fromkeys(name for match in found for name in (match if isinstance(match, tuple) else (str(match),)))
    )


def answer(question: Question, library: Library) -> Answer:
    """The factor that holds for a question, or the reason why there is none."""
    rule = _rule(question, library)
    if rule is None:
        return Answer(question, "none", findings=(finding("factor-no-decision", **_words(question, library)),))
    if rule.factor is not None:
        return _zero(question, rule, rule.factor, library)
    if rule.table == "none":
        return Answer(question, "none", rule, findings=(finding("factor-none", **_words(question, library)),))
    pinned = rule.edition not in SELECTIONS
    slot = Slot(question.subject, rule.table, "pinned" if pinned else rule.edition, rule.edition if pinned else "")
    try:
        segments, findings = select(slot, library, question.period, question.as_of)
        parts = len(segments) > 1
        figures = [item for segment in segments for item in _figures(question, rule, segment, parts, library)]
    except CaseError as error:
        return Answer(question, "none", rule, findings=tuple(error.findings))
    unknown = [replace(item, severity=Severity.ERROR) for item in findings if item.code == "issued-after-as-of"]
    if unknown:  # a rule that names its edition asks for one nobody knew on that day
        return Answer(question, "none", rule, findings=tuple(unknown))
    findings = [_unpublished(item, question, library) for item in findings]
    for segment in segments:
        findings += _before_document(segment, question)
    tables = tuple(dict.fromkeys(segment.table for segment in segments))
    return _judged(question, rule, figures, tables, findings)


def words(question: Question, library: Library) -> dict[str, Bilingual]:
    """The names of what is asked for: subject, regime, supply."""
    if question.subject == "electricity":
        subject = _label(library, "provinces", question.place)
    else:
        subject = _label(library, "fuels", question.fuel) if question.fuel else {"zh": "热力", "en": "heat"}
    names = {"subject": subject, "regime": _label(library, "regimes", question.regime)}
    if question.subject == "electricity":
        names["supply"] = _label(library, "factor_supplies", question.supply)
    return names


def grids(key: str, place: str, library: Library) -> list[str]:
    """The regional grids of a place, as the key `region` (seven grids) or `grid` (six) of a table names them."""
    try:
        table = library.table(_GRIDS[key])
    except NotFoundError:
        return []
    rows = table.find((place,))
    return table.texts("grid")[rows[0]].split(", ") if rows else []


def _rule(question: Question, library: Library) -> Rule | None:
    table = library.table(f"decisions/{question.subject}")
    asked: dict[str, Any] = {
        "regime": question.regime, "supply": question.supply, "fuel": question.fuel,
        "sector": question.sector, "year": question.year,
    }  # fmt: skip
    found = table.find(tuple(asked[name] for name in table.keys))
    if not found:
        return None
    row = table.rows[found[0]]
    cells = {name: cell for name, cell in row.cells.items() if isinstance(cell, Cell)}
    told = {name: "" if cell.text == "none" else cell.text for name, cell in cells.items() if cell.state == "text"}
    ruled = cells.get("factor")
    zero = figure(table, row, table.columns["factor"], ruled, library) if ruled and ruled.value is not None else None
    return Rule(
        told["table"] or "none", told["row"], told["edition"], told["document"], told["clause"],
        {"zh": told["reason_zh"], "en": told["reason_en"]}, {"zh": told["needs_zh"], "en": told["needs_en"]},
        cells["table"].evidence, cells["table"].source, zero,
    )  # fmt: skip


def _zero(question: Question, rule: Rule, factor: Figure, library: Library) -> Answer:
    if rule.evidence not in ("official", "secondary"):  # the clause itself was not seen
        values = {**_words(question, library), "document": rule.document}
        return Answer(question, "none", rule, withheld=(factor,), findings=(finding("factor-zero-unseen", **values),))
    return Answer(question, "zero", rule, (factor,))


def _figures(question: Question, rule: Rule, segment: Segment, parts: bool, library: Library) -> list[Figure]:
    """The cells of the rows a rule leads to. Raises CaseError where the table has no such row."""
    table = segment.table
    wanted = _wanted(question, rule, table, library)
    span = str(Period(segment.start, segment.end)) if parts else ""
    rows = [row for row in table.rows if not row.listed and _names(row, table) & wanted]
    if not rows:
        missing = _label(library, "provinces", question.place) if rule.row in ("province", "grid") else {"zh": rule.row}
        missing = words(question, library)["subject"] if rule.row == "fuel" else missing
        raise CaseError(findings=[finding("factor-row-missing", table=table.id, row=missing)])
    found = []
    for row in rows:
        cells = plain_cells(table, row)
        found += [figure(table, row, column, cell, library, span) for column, cell in cells]
        found += per_fuel(table, row, library, span)
    return found


def _wanted(question: Question, rule: Rule, table: Table, library: Library) -> set[str]:
    """The label of the row: the place, its regional grid, the fuel, or the label the rule itself names."""
    if rule.row == "fuel":
        return {question.fuel}
    if rule.row not in ("province", "grid"):
        return {rule.row}
    own = library.vocabulary("provinces").terms
    national, grid = question.place == NATIONAL, question.place.endswith("_grid")
    if national or (grid and rule.row == "province"):
        expected = {"zh": "省级地区", "en": "a province"}
        raise CaseError(findings=[finding("factor-place-needed", expected=expected, **_words(question, library))])
    if rule.row == "province":
        return {question.place}
    key = next(iter(table.keys))
    found = [question.place] if grid and key == "region" else grids(key, question.place, library)
    if len(found) != 1:
        held = "、".join(own[name].zh if name in own else name for name in found)
        code = "factor-grid-several" if found else "factor-grid-unknown"
        raise CaseError(findings=[finding(code, held=held, table=table.id, **_words(question, library))])
    return set(found)


def _judged(
    question: Question, rule: Rule, figures: list[Figure], tables: tuple[Table, ...], findings: list[Finding]
) -> Answer:
    usable = tuple(item for item in figures if item.usable)
    withheld = tuple(item for item in figures if item.value is not None and not item.usable)
    if withheld:
        names = ", ".join(dict.fromkeys(item.table for item in withheld))
        severity = None if not usable else "warning"
        findings = [*findings, finding("factor-recalled", severity=severity, table=names)]
    for item in figures:
        if item.value is None and item.state != "not_applicable":
            severity = None if not usable else "warning"
            values = {"table": item.table, "column": item.column_label, "state": item.state}
            findings = [*findings, finding("factor-without-number", severity=severity, text=item.text, **values)]
    if usable and rule.evidence == "recalled":
        findings = [*findings, finding("factor-rule-recalled", rule.document, rule.clause)]
    return Answer(question, "value" if usable else "none", rule, usable, withheld, tables, tuple(findings))


def _unpublished(item: Finding, question: Question, library: Library) -> Finding:
    """An older data year that stands in is a warning here: the figure of the year itself is what was asked for."""
    if item.code != "carried-forward":
        return item
    table = str(item.values["table"])
    headers = library.editions(table.split("@")[0], library.table_headers)
    known = [head for head in headers if head.published and head.published <= question.as_of and head.data_period]
    held = ", ".join(str(head.data_period) for head in known)
    values = {"table": table, "data_period": item.values["data_period"], "held": held}
    return finding("factor-year-unpublished", year=str(question.year), as_of=str(question.as_of), **values)


def _before_document(segment: Segment, question: Question) -> list[Finding]:
    """A table of a document that bound only after the year asked for."""
    document = segment.table.document
    if not document.in_force or document.in_force <= question.period.end:
        return []
    values = {"table": segment.table.id, "in_force": str(document.in_force), "year": str(question.year)}
    return [finding("factor-before-document", **values)]


def _names(row: Row, table: Table) -> set[str]:
    """The labels a row goes by in its first key, or in the key that names a fuel."""
    key = next((name for name in _FUEL_KEYS if name in table.keys), next(iter(table.keys), ""))
    match = row.match.get(key)
    return {match} if isinstance(match, str) else set(match) if isinstance(match, tuple) else set()


def _label(library: Library, vocabulary: str, key: str) -> Bilingual:
    term = library.vocabulary(vocabulary).terms.get(key)
    return term.names if term else {"zh": key, "en": key}


def _words(question: Question, library: Library) -> Mapping[str, Any]:
    names = words(question, library)
    kind = names.get("supply") or _label(library, "factor_sectors", question.sector)
    return {**names, "supply": kind, "year": str(question.year)}
