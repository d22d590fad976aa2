"""A report in words as one self-contained page to read and print; nothing is fetched and nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from carbonstd import __version__
from carbonstd._findings import Language
from carbonstd._paper import Block, Cell, Column, Facts, Figure, Paragraph, Report, Section, Table
from carbonstd._report_html import Html, Words, css_string, join, number, section, table, tag
from carbonstd._report_page import page
from carbonstd._report_page import write_page as write_text

_EM = 0.36  # least width of a column for each character it asks for; the widest table still fits its paper
_STYLE = """
main { max-width: 1500px; }
.error { color: var(--red); } .warning { color: #8a4b00; } .quiet { color: var(--pale); }
h3 { margin: 22px 0 6px; font-size: 15px; color: var(--blue); break-after: avoid; }
.open { display: block; min-height: 1.8em; border-bottom: 1px solid var(--ink); }
tbody th { font-weight: 400; }
td { overflow-wrap: anywhere; white-space: pre-line; }
.tall tbody tr { height: 2.6em; }
"""


def write_page(report: Report, path: Path, language: Language) -> None:
    """Write the page. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    write_text(report_page(report, language), path)


def report_page(report: Report, language: Language) -> str:
    """The page as text: the same for the same report."""
    words, case = Words(language), report.case
    top = tag(
        "header",
        tag("h1", words.label(report.title)),
        tag("p", " · ".join(filter(None, (case.title(language), str(case.period)))), class_="by"),
    )
    main = tag("main", top, *(_section(item, words) for item in report.sections))
    title = " · ".join(filter(None, (case.title(language), str(case.period), report.title[language])))
    running = css_string(f"carbonstd {__version__} · {title}")
    pages = 'counter(page) " / " counter(pages)'
    paper = f"@page {{ size: A4 {'portrait' if report.upright else 'landscape'}; }}\n"
    boxes = f"@page {{ @bottom-left {{ content: {running}; }} @bottom-right {{ content: {pages}; }} }}\n"
    return page(title, main, _STYLE + paper + boxes, language)


def _section(item: Section, words: Words) -> Html:
    name = item.name.replace("_", "-")
    return section(words.label(item.heading), *(_block(block, words) for block in item.blocks), name=name)


def _block(block: Block, words: Words) -> Html:
    if isinstance(block, Paragraph):
        return tag("h3", block.text) if block.look == "head" else tag("p", block.text)
    if isinstance(block, Facts):
        return _facts(block, words)
    return _table(block, words)


def _facts(block: Facts, words: Words) -> Html:
    parts: list[Html] = []
    for item in block.items:
        lines = [tag("span", class_="open")] * item.lines if item.fill else [item.text]
        parts += [tag("dt", words.label(item.label)), tag("dd", *lines)]
    return tag("dl", *parts, class_="facts")


def _table(block: Table, words: Words) -> Html:
    """The columns a reader sees; empty rows are for a person to write in."""
    shown = [at for at, column in enumerate(block.columns) if not column.hidden]
    heads = [_head(block.columns[at], words) for at in shown]
    rows: list[Sequence[object]] = [[_cell(row.cells[at], row.tone) for at in shown] for row in block.rows]
    rows += [[""] * len(shown)] * block.blank
    numeric = [index for index, at in enumerate(shown) if block.columns[at].number]
    return table(block.caption, heads, rows, numeric, look="tall" if block.tall or block.blank else "")


def _head(column: Column, words: Words) -> Html:
    """A heading that keeps its column from growing too narrow to read."""
    return tag("div", words.label(column.head), style=f"min-width: {_EM * column.width:.1f}em")


def _cell(cell: Cell, tone: str) -> Html:
    told = number(cell.value, cell.text) if isinstance(cell, Figure) else join(cell)
    return tag("span", told, class_=tone) if tone else told
