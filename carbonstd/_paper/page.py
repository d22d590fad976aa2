"""A report in words as one self-contained page to read and print; nothing is fetched and nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from carbonstd import __version__
from carbonstd._charts.as_svg import figure
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._paper.markup import LANG, Html, Words, css_string, join, number, section, table, tag
from carbonstd._paper.page_file import page
from carbonstd._paper.page_file import write_page as write_text
from carbonstd._paper.paper import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Facts,
    Figure,
    Listing,
    Paragraph,
    Picture,
    Report,
    Row,
    Section,
    Table,
)

_EM = 0.36  # least width of a column for each character it asks for; the widest table still fits its paper
_MANY = 5  # cards that stand three in a row
_STYLE = """
.error { color: var(--red); } .warning { color: #8a4b00; } .quiet { color: var(--pale); }
.open { display: block; min-height: 1.8em; border-bottom: 1px solid var(--ink); }
.facts dd:has(.open) { padding-bottom: 0; border-color: var(--ink); } .facts .open:last-child { border: 0; }
.tall tbody tr { height: 2.6em; }
"""
_WORDS = "td { overflow-wrap: anywhere; white-space: pre-line; }\n"  # of papers whose cells are sentences
_ACROSS = "main { max-width: 1500px; }\ntbody th { font-weight: 400; }\n"


def write_page(report: Report, path: Path, language: Language) -> None:
    """Write the page. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    write_text(report_page(report, language), path)


def report_page(report: Report, language: Language) -> str:
    """The page as text: the same for the same report."""
    words, case = Words(language), report.case
    title = " · ".join(filter(None, (case.title(language), str(case.period), report.title[language])))
    main = tag("main", _top(report, words), *_contents(report, words), *_sections(report.sections, words, 2))
    paper = f"@page {{ size: A4 {'portrait' if report.upright else 'landscape'}; }}\n"
    looks = _STYLE + ("" if report.contents else _WORDS) + ("" if report.upright else _ACROSS)
    return page(title, main, looks + paper + _boxes(report, title), language)


def _boxes(report: Report, title: str) -> str:
    """Header and footer of printed pages; not every browser prints them."""
    boxes = {
        "bottom-left": css_string(f"carbonstd {__version__} · {title}"),
        "bottom-right": 'counter(page) " / " counter(pages)',
    }
    if report.running:
        boxes |= {f"top-{side}": css_string(text) for side, text in zip(("left", "right"), report.running, strict=True)}
    return "@page {" + "".join(f"@{place} {{ content: {text}; }}" for place, text in boxes.items()) + "}\n"


def _top(report: Report, words: Words) -> Html:
    case = report.case
    by = report.by or (" · ".join(filter(None, (case.title(words.language), str(case.period)))),)
    looks = ("entity", *["by"] * len(by)) if report.by else ("by",)
    lines = (tag("p", said, class_=look) for said, look in zip(by, looks, strict=False))
    return tag("header", tag("h1", words.label(report.title)), *lines)


def _contents(report: Report, words: Words) -> Iterator[Html]:
    """The chapters, each with a link to its place on the page."""
    if report.contents:
        items = (tag("li", tag("a", item.heading[words.language], href=f"#{_name(item)}")) for item in report.sections)
        yield tag("nav", tag("ul", *items), class_="contents", aria_label=words.text("contents"))


def _sections(items: Sequence[Section], words: Words, level: int) -> Iterator[Html]:
    for item in items:
        blocks = (made for block in item.blocks for made in _block(block, words, item.heading, level))
        yield section(words.label(item.heading), *blocks, name=_name(item), look=item.look, level=level)


def _name(item: Section) -> str:
    return item.name.replace("_", "-")


def _block(block: Block, words: Words, heading: Bilingual, level: int) -> Iterator[Html]:
    """A block below a heading of this level."""
    match block:
        case Section():
            yield from _sections([block], words, level + 1)
        case Paragraph():
            yield _paragraph(block, level)
        case Facts():
            yield _signed(block, words) if block.look == "sign" else _facts(block, words)
        case Listing():
            items = (tag("li", item) for item in block.items)
            yield tag("ol" if block.ordered else "ul", *items, class_=block.look or None)
        case Cards():
            cards = (_card(item, item is block.items[0]) for item in block.items)
            yield tag("div", *cards, class_="totals many" if len(block.items) > _MANY else "totals")
        case Picture():
            yield figure(block.chart, words.language, heading=heading)
        case Table():
            yield _table(block, words, heading[words.language])


def _paragraph(block: Paragraph, level: int) -> Html:
    if block.look == "head":
        return tag(f"h{level + 1}", block.text)
    failed = block.look == "failed"
    lang = LANG[block.language] if block.language else None
    return tag("p", block.text, class_=block.look or None, role="alert" if failed else None, lang=lang)


def _facts(block: Facts, words: Words) -> Html:
    parts: list[Html] = []
    for item in block.items:
        lines = [tag("span", class_="open")] * item.lines if item.fill else [item.text]
        parts += [tag("dt", words.label(item.label)), tag("dd", *lines)]
    return tag("dl", *parts, class_="facts")


def _signed(block: Facts, words: Words) -> Html:
    lines = (tag("p", tag("span", words.label(item.label)), tag("span", class_="rule")) for item in block.items)
    return tag("div", *lines, class_="sign")


def _card(item: Card, main: bool) -> Html:
    return tag(
        "div",
        tag("p", item.label, class_="what"),
        tag("p", item.figure, " ", tag("span", item.unit), class_="figure"),
        tag("p", item.note, class_="note") if item.note else Html(),
        class_="total main" if main else "total",
    )


def _table(block: Table, words: Words, label: str) -> Html:
    """The columns a reader sees; empty rows are for a person to write in."""
    shown = [at for at, column in enumerate(block.columns) if not column.hidden]
    heads = [_head(block.columns[at], words) for at in shown]
    rows = [_cells(row, shown) for row in block.rows]
    rows += [[""] * len(shown)] * block.blank
    numeric = [index for index, at in enumerate(shown) if block.columns[at].number]
    look = " ".join(filter(None, (block.look, "tall" if block.tall or block.blank else "")))
    return table(block.caption, heads, rows, numeric, [_cells(row, shown) for row in block.foot], look, label)


def _cells(row: Row, shown: Sequence[int]) -> list[object]:
    return [_cell(row.cells[at], row.tone) for at in shown]


def _head(column: Column, words: Words) -> Html:
    """A heading that keeps its column from growing too narrow to read."""
    said = words.label(column.head)
    return tag("div", said, style=f"min-width: {_EM * column.width:.1f}em") if column.width else said


def _cell(cell: Cell, tone: str) -> Html:
    told = number(cell.value, cell.text) if isinstance(cell, Figure) else join(cell)
    return tag("span", told, class_=tone) if tone else told
