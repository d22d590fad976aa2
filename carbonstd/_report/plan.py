"""What a document asks of the data, by parameter, and what the enterprise's quality-control plan makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._paper.markup import Words
from carbonstd._paper.paper import Block, Fact, Facts, Paragraph, Section, Table, table
from carbonstd._plan.findings import Compared
from carbonstd._plan.layout import PLAN_FIELDS, SOURCES
from carbonstd._plan.plan import FREQUENCIES, Planned, plan_items
from carbonstd._plan.requirements import ALL
from carbonstd._report.basis import by_severity
from carbonstd._result.result import Result

_SHOWN = ("scope", "way", "source", "frequency", "recording", "missing", "department")  # fields with room on a page


def plan(result: Result, words: Words, held: Compared | None) -> Section | None:
    """What the document asks of each parameter that this case reports, and the plan it was held against, if any."""
    asked = list(_asked(result, words))
    own: list[Block] = (
        [Paragraph(words.both("plan_none"))] if asked else []
    )  # what is asked says nothing of what was kept
    blocks = [*asked, *(own if held is None else _filled(held, result, words))]
    return Section("plan", words.texts("plan"), tuple(blocks)) if blocks else None


def _asked(result: Result, words: Words) -> Iterator[Block]:
    method, run = result.method, result._run
    terms = run.library.vocabulary(FREQUENCIES)
    asked = [(words.texts("plan_all"), method.plan[ALL])] if ALL in method.plan else []
    asked += [
        (item.sheet.label_of(item.column.name), item.requirement)
        for item in plan_items(method)
        if item.requirement and run.ledger[item.sheet.id].rows
    ]
    if not asked:
        return
    rows = [
        [
            words.label(label),
            words.label(item.requires),
            terms.label(item.frequency, words.language) if item.frequency else "",
            words.label(item.missing),
            item.clause,
        ]
        for label, item in asked
    ]
    heads = [words.texts(name) for name in ("parameter", "requires", "frequency", "if_missing", "clause")]
    yield table(words.both("plan_caption"), heads, rows)
    yield Paragraph(words.both("plan_note"), "note")


def _filled(held: Compared, result: Result, words: Words) -> Iterator[Block]:
    """Version and rows of the filled plan for what the case reports, then what is done otherwise."""
    versions = (" ".join(filter(None, (item.number, str(item.day or "")))) for item in held.plan.versions)
    blocks: list[Block] = [Facts((Fact(words.texts("plan_version"), "; ".join(versions)),))]
    ledger = result._run.ledger
    rows = [
        item
        for item in held.plan.rows
        if item.way and (data := ledger.get(item.item.sheet.id)) is not None and data.rows
    ]
    blocks += [_planned(rows, result, words)] if rows else []
    blocks += [*by_severity(held.findings, words, "")] or [Paragraph(words.both("plan_kept"))]
    yield Section("plan-filled", words.texts("plan_filled"), tuple(blocks))


def _planned(rows: Sequence[Planned], result: Result, words: Words) -> Table:
    """How each parameter is found; fields that no row fills are left out."""
    names = [name for name in _SHOWN if any(item.cells.get(name) for item in rows)]
    heads = [words.texts("parameter"), *(PLAN_FIELDS[name].label for name in names)]
    library = result._run.library

    def said(item: Planned, name: str) -> str:
        typed, vocabulary = item.cells.get(name, ""), PLAN_FIELDS[name].vocabulary
        vocabulary = item.item.sources if vocabulary == SOURCES else vocabulary
        return library.vocabulary(vocabulary).label(typed, words.language) if vocabulary and typed else typed

    body = [
        [words.label(item.item.sheet.label_of(item.item.column.name)), *(said(item, name) for name in names)]
        for item in rows
    ]
    return table(words.both("plan_rows"), heads, body)
