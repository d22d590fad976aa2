"""What a report in words is made of, whatever it is written as: sections of paragraphs, facts, tables and charts.

A text may be plain, or `Html` of the few inline elements that both writers know (`_paper.word_text`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from carbonstd._case.case import Case
from carbonstd._charts.chart import Chart
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._number import shown


@dataclass(frozen=True)
class Figure:
    """A number and how it is shown: with `decimals`, or as many as it needs; `share` as a change in per cent."""

    value: float
    decimals: int | None = None
    share: bool = False

    @property
    def text(self) -> str:
        if self.share:
            return f"{self.value:{'+' if self.value else ''}.{self._share_decimals}%}"
        return shown(self.value, 8) if self.decimals is None else f"{self.value:,.{self.decimals}f}"

    @property
    def number_format(self) -> str:
        if self.share:
            form = f"0.{'0' * self._share_decimals}%"
            return f"+{form};-{form};{form}"
        if "e" in self.text:
            return "0.###E+00"
        decimals = len(self.text.partition(".")[2])
        return "#,##0." + "0" * decimals if decimals else "#,##0"

    @property
    def _share_decimals(self) -> int:
        """Two; more where nothing would be seen of a small change otherwise."""
        percent = abs(100 * self.value)
        return 2 if not percent or percent >= 0.01 else min(1 - math.floor(math.log10(percent)), 6)


Cell = str | Figure


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` in characters, 0 as wide as what stands in it asks. `fill` is for a person,
    `hidden` for the program alone."""

    head: Bilingual
    width: int
    number: bool = False
    fill: bool = False
    hidden: bool = False
    options: tuple[str, ...] = ()  # what a person may choose


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    tone: str = ""  # as of a `Line`: error, warning, quiet or plain


@dataclass(frozen=True)
class Table:
    """A table; below its rows stand `blank` empty ones for a person's own entries. `tall` rows leave room to write."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    blank: int = 0
    tall: bool = False
    foot: tuple[Row, ...] = ()
    look: str = ""


def table(
    caption: str,
    heads: Sequence[Bilingual],
    rows: Iterable[Sequence[Cell]],
    numeric: Sequence[int] = (),
    foot: Iterable[Sequence[Cell]] = (),
    look: str = "",
) -> Table:
    """A table whose columns are as wide as what stands in them; `numeric` ones are set right."""
    columns = tuple(Column(head, 0, at in numeric) for at, head in enumerate(heads))
    body, below = (tuple(Row(tuple(cells)) for cells in part) for part in (rows, foot))
    return Table(columns, body, caption, foot=below, look=look)


@dataclass(frozen=True)
class Fact:
    """A label and what is said of it; `fill` leaves that to a person, in so many `lines`."""

    label: Bilingual
    text: str = ""
    fill: bool = False
    lines: int = 1


@dataclass(frozen=True)
class Facts:
    """Labels and what is said of them; the look `sign` is of lines to sign on."""

    items: tuple[Fact, ...]
    look: str = ""


@dataclass(frozen=True)
class Paragraph:
    text: str
    look: str = ""  # head, quiet, note, failed or plain
    language: Language | None = None  # where it is not the report's own


@dataclass(frozen=True)
class Listing:
    items: tuple[str, ...]
    ordered: bool = False
    look: str = ""


@dataclass(frozen=True)
class Card:
    """A figure that is read first: what it is, the figure, its unit, and what is said below it."""

    label: str
    figure: str
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Cards:
    """Figures that are read first, the first of them the main one."""

    items: tuple[Card, ...]


@dataclass(frozen=True)
class Picture:
    """A chart; its figures stand in a table beside it."""

    chart: Chart


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; sections within a section are its subsections. Look `wide`: paper across."""

    name: str
    heading: Bilingual
    blocks: tuple[Block, ...]
    look: str = ""


Block = Paragraph | Facts | Table | Listing | Cards | Picture | Section


@dataclass(frozen=True)
class Report:
    """A report of a case in sections; on upright paper or, for wide tables, across.

    `by` stands below the title: who it is of, then which method. `running` heads printed pages, left and right.
    """

    title: Bilingual
    case: Case
    sections: tuple[Section, ...]
    upright: bool = False
    by: tuple[str, ...] = ()
    running: tuple[str, str] | None = None
    contents: bool = False
