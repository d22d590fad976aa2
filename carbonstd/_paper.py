"""What a report in words is made of, whatever it is written as: sections of paragraphs, facts and tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

from carbonstd._case import Case
from carbonstd._number import shown
from carbonstd._schema import Bilingual


@dataclass(frozen=True)
class Figure:
    """A number and how it is shown: with `decimals`, or as many as it needs; `share` as a change in per cent."""

    value: float
    decimals: int | None = None
    share: bool = False

    @property
    def text(self) -> str:
        if self.share:
            return f"{self.value:+.{self._share_decimals}%}"
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
    """A column of a table; `width` in characters. `fill` is for a person, `hidden` for the program alone."""

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


@dataclass(frozen=True)
class Fact:
    """A label and what is said of it; `fill` leaves that to a person, in so many `lines`."""

    label: Bilingual
    text: str = ""
    fill: bool = False
    lines: int = 1


@dataclass(frozen=True)
class Facts:
    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Paragraph:
    text: str
    look: str = ""  # head, quiet or plain


Block = Paragraph | Facts | Table


@dataclass(frozen=True)
class Section:
    name: str
    heading: Bilingual
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A report of a case in sections; on upright paper or, for wide tables, across."""

    title: Bilingual
    case: Case
    sections: tuple[Section, ...]
    upright: bool = False
