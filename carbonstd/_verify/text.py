"""A verification as it is printed: total and counts first, then what differs, what was replaced, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from carbonstd._alike import folded_line, others_told
from carbonstd._errors import by_severity
from carbonstd._findings import Language, Severity, joined_places
from carbonstd._layout import Line, columns
from carbonstd._paper.paper import Figure
from carbonstd._units import unit_words
from carbonstd._verify.record import Agreement, Nonconformity, Verification
from carbonstd._verify.words import (
    AGREEMENT_TEXT,
    agreement_text,
    document_text,
    figure,
    finding_text,
    guide_text,
    list_clause,
    list_text,
    looked_text,
    misstatement_text,
    severities,
    share,
    standing_text,
    statement,
    text,
    tone,
    unsettled_text,
    verified_figure,
)
from carbonstd._wording import SEVERITY_TEXT, clause_text

_FIRST = 12  # of each kind that are printed without `verbose`
_TONES = ("error", "warning", "", "quiet")


def lines(
    verification: Verification, language: Language, steps: Sequence[str] = (), verbose: bool = False
) -> Iterator[Line]:
    """What is printed of a verification; `steps` are the commands that follow."""
    most = None if verbose else _FIRST
    yield from _heading(verification, language)
    yield from _compared(verification, language, most)
    yield from _replacements(verification, language, most)
    yield from _unusual(verification, language, most)
    yield from _list(verification, language, most)
    yield from _remarks(verification, language, most)
    yield from (Line(""), Line(f"{text('points', language)}: {looked_text(verification, language)}"))
    if steps:
        yield from (Line(""), Line(text("next", language), "head"))
        yield from (Line(f"  {step}") for step in steps)
    yield from (Line(""), Line(statement(verification, language), "quiet"))


def _heading(verification: Verification, language: Language) -> Iterator[Line]:
    case = verification.case
    yield Line(" · ".join(filter(None, (case.title(language), str(case.period), text("title", language)))), "strong")
    yield Line(document_text(verification, language))
    round_ = f"{text('round', language)} {verification.round}"
    yield Line(f"{text('guide', language)}: {guide_text(verification, language)} · {round_}")
    yield Line("")
    total = verification.total
    if verification.result is None:
        yield Line(text("refused", language), "error")
    elif told := unsettled_text(verification, language):
        yield Line(told, "error")
    if total is not None:
        rows = [
            [text("reported", language), _text(figure(total.reported, total.digits)), unit_words(total.unit, language)],
            [text("verified", language), _text(verified_figure(total, language)), unit_words(total.unit, language)],
        ]
        yield Line(f"{text('total', language)}: {total.label[language]}", "head")
        yield from map(Line, columns(rows, right=[1], indent="  "))
        size = f"  {text('misstatement', language)}: {misstatement_text(verification, language)}"
        yield Line(size, "error" if verification.material else "")
    yield Line(f"{text('compared', language)}: {agreement_text(verification, language)}")
    failed = any(item.severity is Severity.ERROR for item in verification.open)
    yield Line(f"{text('list', language)}: {list_text(verification, language)}", "error" if failed else "")


def _compared(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    alike = (Agreement.AGREES, Agreement.ROUNDING)
    found = [item for item in verification.compared if item.agreement not in alike]
    heads = ("item", "key", "reported", "recomputed", "verified", "unit", "relative", "agreement")
    rows = [
        [
            item.label[language],
            item.key,
            *(_text(figure(value, item.digits)) for value in (item.reported, item.recomputed)),
            _text(verified_figure(item, language)),
            unit_words(item.unit, language),
            _text(share(item.relative)),
            _agreement(item.agreement, language),
        ]
        for item in found[:most]
    ]
    differs = (Agreement.DIFFERS, Agreement.REPLACED)
    tones = ["error" if item.agreement in differs else "" for item in found[:most]]
    yield from _table("differing", heads, rows, tones, len(found), (2, 3, 4, 6), language)


def _agreement(agreement: Agreement, language: Language) -> str:
    why = text("replacements", language) if agreement is Agreement.REPLACED else ""
    return " · ".join(filter(None, (AGREEMENT_TEXT[agreement][language], why)))


def _replacements(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    found = verification.replacements
    rows = [
        [
            item.place,
            f"{item.sheet[language]} {item.column[language]}",
            item.labels,
            _text(figure(item.before)),
            "→",
            text("blank", language) if item.after is None else _text(figure(item.after)),
            unit_words(item.unit, language),
            clause_text(item.clause, language),
        ]
        for item in found[:most]
    ]
    yield from _table("replacements", (), rows, [""] * len(rows), len(found), (3, 5), language)


def _unusual(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    found = [item for item in verification.changes if item.unusual]
    rows = [
        [
            item.label[language],
            _text(figure(item.before)),
            "→",
            _text(figure(item.now)),
            unit_words(item.unit, language),
            _text(share(item.relative)),
        ]
        for item in found[:most]
    ]
    threshold = f"{100 * verification.change_threshold:.4g} %"
    yield from _table("unusual", (), rows, ["warning"] * len(rows), len(found), (1, 3, 5), language, threshold)


def _list(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    """The list, errors first and last what is no longer found."""
    found = sorted(verification.nonconformities, key=lambda item: _TONES.index(tone(item)))
    if found:
        yield from (Line(""), Line(f"{text('list', language)} {len(found)}", "head"))
    groups = [[item] for item in found] if most is None else _alike(found)
    for item, *others in groups[:most]:
        clause = list_clause(item, verification, language)
        head = (
            item.number if not others else f"{item.number}–{others[-1].number}",
            SEVERITY_TEXT[str(item.severity)][language],
            item.category[language],
            standing_text(item, language),
            item.finding.place_text(language),
            f"[{clause}]" if clause else "",
        )
        yield Line("  " + "  ".join(filter(None, head)), tone(item))
        yield Line(f"      {finding_text(item.finding, language)}", "quiet" if tone(item) == "quiet" else "")
        if others:
            places = joined_places(other.finding.place_text(language) for other in others).split(", ")
            yield folded_line(others_told(len(others), places, language), language)
    left = sum(map(len, groups[most:])) if most is not None else 0
    yield from _rest(left, 0, language)


def _alike(found: Iterable[Nonconformity]) -> list[list[Nonconformity]]:
    """Entries that follow one another by one check, and so their numbers."""
    same = groupby(found, lambda item: (item.finding.code, str(item.finding.values.get("id", item.key)), item.standing))
    return [list(items) for _, items in same]


def _remarks(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    """What the verifier has to know or mend: no entries of the list."""
    found = by_severity(verification.remarks)
    if found:
        told = severities(found, language)
        yield from (Line(""), Line(f"{text('remarks', language)} {len(found)} ({told})", "head"))
    for item in found[:most]:
        head = (SEVERITY_TEXT[str(item.severity)][language], item.place_text(language))
        yield Line("  " + "  ".join(filter(None, head)), tone(item))
        yield Line(f"      {item.says(language)}")
    yield from _rest(len(found), most, language)


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[list[str]],
    tones: Sequence[str],
    count: int,
    right: Sequence[int],
    language: Language,
    threshold: str = "",
) -> Iterator[Line]:
    """A heading with the number of rows there are, those that are shown, and how many are not."""
    if not rows:
        return
    yield from (Line(""), Line(f"{text(name, language, threshold=threshold)} {count}", "head"))
    top = [[text(head, language) for head in heads]] if heads else []
    yield from map(Line, columns([*top, *rows], right=right, indent="  "), [*("head" for _ in top), *tones])
    yield from _rest(count, len(rows), language)


def _rest(count: int, most: int | None, language: Language) -> Iterator[Line]:
    if most is not None and count > most:
        yield Line(f"  … {text('more', language, count=count - most)}", "quiet")


def _text(cell: Figure | str) -> str:
    return cell if isinstance(cell, str) else cell.text
