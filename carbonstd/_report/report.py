"""The report of a result: its blocks in the order of an outline, written as a page to print or as a Word document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Language
from carbonstd._paper.markup import Words, join
from carbonstd._paper.paper import Block, Fact, Facts, Paragraph, Report, Section
from carbonstd._plan.findings import Compared
from carbonstd._report import basis as last
from carbonstd._report import lines as figures
from carbonstd._report import result as first
from carbonstd._report import verdicts as limits
from carbonstd._report.activity import activity, factors
from carbonstd._report.axes import by_axis
from carbonstd._report.change import change
from carbonstd._report.outline import Chapter, Outline, added, around, outline_of
from carbonstd._report.panels import panels
from carbonstd._report.plan import plan
from carbonstd._report.uncertainty import uncertainty
from carbonstd._result.result import Result
from carbonstd._verify.change import LastYear
from carbonstd._wording import paper_title

_LINES_TO_WRITE = 5


@dataclass(frozen=True)
class Told:
    """What a report tells of: a result, the year before it, what other methods make of the same workbook, and the
    quality-control plan it was held against."""

    result: Result
    words: Words
    last_year: LastYear | None = None
    beside: Sequence[Result] = ()
    plan: Compared | None = None


_Block = Callable[[Told], Iterable[Section | None]]


def _of(function: Callable[[Result, Words], Section | None]) -> _Block:
    return lambda told: [function(told.result, told.words)]


_BLOCKS: Mapping[str, _Block] = {
    **{
        function.__name__: _of(function)
        for function in (
            *(first.totals, first.shares, first.largest, first.entity, first.boundary, first.sources, first.method),
            *(
                figures.lines,
                figures.months,
                figures.intensity,
                figures.flow,
                by_axis,
                activity,
                factors,
                uncertainty,
            ),
            *(
                limits.verdicts,
                limits.conditions,
                last.findings,
                last.basis,
                last.equations,
                last.unseen,
                last.accepted,
                last.errata,
            ),
            last.method_notes,
        )
    },
    "panels": lambda told: panels(told.result, told.words),
    "change": lambda told: [change(told.result, told.words, told.last_year)],
    "joint": lambda told: [limits.joint(told.result, told.words, told.beside)],
    "plan": lambda told: [plan(told.result, told.words, told.plan)],
    "remarks": lambda told: [_remarks(told.words)],
    "statement": lambda told: [last.statement_of(told.result, told.words)],
    "signatures": lambda told: [last.signatures(told.words)],
}


def write_report(
    result: Result,
    path: Path,
    language: Language,
    last_year: LastYear | None = None,
    beside: Sequence[Result] = (),
    plan: Compared | None = None,
) -> list[Finding]:
    """Write the report, its form by the suffix, and tell what it lacks. Raises CaseError where nothing is replaced."""
    made = paper(result, language, last_year, beside, plan)
    if path.suffix.lower() == ".docx":
        from carbonstd._paper.word import write_word

        return write_word(made, path, language)
    from carbonstd._paper.page import write_page

    write_page(made, path, language)
    return []


def report(result: Result, language: Language) -> str:
    """The page as text: the same for the same result."""
    from carbonstd._paper.page import report_page

    return report_page(paper(result, language), language)


def paper(
    result: Result,
    language: Language,
    last_year: LastYear | None = None,
    beside: Sequence[Result] = (),
    held: Compared | None = None,
) -> Report:
    """The report in the chapters of its document's outline."""
    words = Words(language)
    told, outline = Told(result, words, last_year, beside, held), outline_of(result.method)
    front, back = around()
    note = Paragraph(words.label(outline.note), "quiet")
    sections = (
        Section("summary", words.texts("summary"), (*_blocks(front, told), note)),
        *_chapters(outline, told),
        Section("annex", words.texts("annex"), tuple(_blocks(back, told))),
    )
    document = result.method.document.number
    return Report(
        paper_title("report", result.method.level, bool(result.method.gases)),
        result.case,
        sections,
        upright=True,
        by=(words.label(first.entity_name(result)), join(f"{document} ", words.label(result.method.title))),
        running=(result.case.title(language), f"{document} · {result.case.period}"),
        contents=True,
    )


def _chapters(outline: Outline, told: Told) -> Iterator[Section]:
    """The chapters that have anything to say; those of a document keep their number and place."""
    number = 0
    for chapter in outline.chapters:
        blocks = tuple(_blocks(chapter.blocks, told))
        if blocks or not outline.own:
            number += 1
            empty = (Paragraph(told.words.both("to_write")),)
            yield _chapter(number, outline.heading(number, chapter.title), chapter, blocks or empty)
    for chapter in added():
        if blocks := tuple(_blocks(chapter.blocks, told)):
            number += 1
            heading = outline.heading(number, chapter.title) if outline.own else chapter.title
            yield _chapter(number, heading, chapter, blocks)


def _chapter(number: int, heading: Bilingual, chapter: Chapter, blocks: Sequence[Block]) -> Section:
    """A chapter; one that is a single section of the same name is that section."""
    alone = blocks[0] if len(blocks) == 1 else None
    if isinstance(alone, Section) and alone.heading == chapter.title:
        return replace(alone, heading=heading)
    return Section(f"chapter-{number}", heading, tuple(blocks))


def _blocks(names: Iterable[str], told: Told) -> Iterator[Section]:
    for name in names:
        yield from (made for made in _BLOCKS[name](told) if made is not None)


def _remarks(words: Words) -> Section:
    """Room for what the enterprise wants to say."""
    room = Facts((Fact(words.texts("to_write"), fill=True, lines=_LINES_TO_WRITE),))
    return Section("remarks", words.texts("remarks"), (room,))
