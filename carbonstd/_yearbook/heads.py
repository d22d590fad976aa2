"""The heads of a yearbook's table: which energy a column holds, in which unit, of which caliber; year and region.

Heads of two or three rows, merged across columns, are read from top to bottom; the last that names an energy holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from carbonstd._definitions.vocabulary import Vocabulary
from carbonstd._findings import Finding, finding
from carbonstd._units import convertible, is_unit, unit, unit_text
from carbonstd._workbook.cells import Grid
from carbonstd._yearbook.blocks import Block
from carbonstd._yearbook.cells import NotAFigure, bare, figure, names_in, term_in, text_of

COLUMNS = "balance_columns"
TOTALS = ("coal_total", "oil_total", "other_energy")
_STANDARD = ("标准量", "当量值", "等价值", "标准煤")
_TABLE_UNIT = re.compile(r"(?:计量)?单位\s*:?|unit\s*:", re.IGNORECASE)
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年(?!鉴)")
_BARE_YEAR = re.compile(r"(?:^|(?<!\d)[\s(—–-]+)((?:19|20)\d{2})\s*\)?$")  # the last word, and no part of a number
_YEARBOOK = re.compile("年鉴|yearbook", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """A column of figures: its energy, and how many printed units of the balance one of its own is."""

    column: int
    energy: str
    factor: Fraction
    unit: str


@dataclass
class Heads:
    """The columns in physical units, and those in standard coal, by energy."""

    physical: list[Head]
    standard: list[str]


def read_heads(block: Block, columns: Vocabulary, units: dict[str, str]) -> tuple[Heads, list[Finding]]:
    """The columns of a block; `units` are the printed units of the energies. Findings for what cannot be read."""
    heads = Heads([], [])
    findings: list[Finding] = []
    shared = table_unit(block)
    for column in block.columns:
        texts = list(_texts(block.grid, block.heads, column))
        energy = next((found for text in reversed(texts) if (found := _energy(text, columns))), None)
        if energy is None:
            findings += _nameless(block, column, texts, columns)
            continue
        spelled = next((found for text in reversed(texts) if (found := _unit(text))), shared)
        if energy in TOTALS:
            continue
        if _standard(spelled, texts, shared):
            heads.standard.append(energy)
        elif not (factor := convertible(spelled, unit(units[energy])) if spelled else None):
            place = block.grid.place(block.heads.stop - 1, column)
            findings.append(
                finding(
                    "yearbook-unit",
                    place,
                    energy=columns.terms[energy].names,
                    found=spelled or "—",
                    expected=unit_text(unit(units[energy])),
                )
            )
        else:
            heads.physical.append(Head(column, energy, factor, spelled))
    return heads, findings


def table_unit(block: Block) -> str:
    """The unit that is said once for the whole table."""
    for row in block.heads:
        for cell in block.grid.rows.get(row, {}).values():
            text = text_of(cell)
            if match := _TABLE_UNIT.search(text):
                return next((name for name in map(_unit, (text[match.end() :],)) if name), "")
    return ""


def titles_of(block: Block) -> list[str]:
    """The texts above a table that are no heads of columns: its title, the name of the sheet first."""
    texts = (text_of(cell) for row in block.heads for cell in block.grid.rows.get(row, {}).values())
    return [block.grid.title, *(text for text in texts if text)]


def years_in(texts: list[str]) -> list[str]:
    """The years that texts name, each once; the year of a yearbook is no year of a table.

    >>> years_in(["2021年能源平衡表", "能源平衡表（实物量）—2022", "统计年鉴 2023", "表6-2024"])
    ['2021', '2022']
    """
    found: list[str] = []
    for text in texts:
        found += _YEAR.findall(text)
        if not _YEARBOOK.search(text):
            found += _BARE_YEAR.findall(text)
    return list(dict.fromkeys(found))


def _texts(grid: Grid, rows: range, column: int) -> Iterator[str]:
    """The texts above a column from top to bottom, merged ones where they cover it."""
    for row in rows:
        anchor = next(
            (
                (top, left)
                for top, left, bottom, right in grid.merged
                if top <= row <= bottom and left <= column <= right
            ),
            (row, column),
        )
        text = text_of(grid.cell(*anchor))
        if text and not _TABLE_UNIT.search(text):
            yield text


def _energy(text: str, columns: Vocabulary) -> str | None:
    return term_in(text, columns)


def _unit(text: str) -> str:
    """The unit a text says, alone or in brackets."""
    for name in names_in(text):
        spelled = re.sub(r"\s", "", name)
        if spelled and is_unit(spelled):
            return spelled
    return ""


def _standard(spelled: str, texts: list[str], shared: str) -> bool:
    """Whether a column is in standard coal, by its unit or by the words of its heads."""
    if spelled and convertible(spelled, unit("tce")):
        return True
    return bool(spelled == shared or not spelled) and any(word in text for text in texts for word in _STANDARD)


def _nameless(block: Block, column: int, texts: list[str], columns: Vocabulary) -> Iterator[Finding]:
    """A column with figures whose head names no energy."""
    for row in block.lines:
        try:
            filled = figure(block.grid.cell(row, column)) is not None
        except NotAFigure:
            filled = False
        if filled:
            shown = texts[-1] if texts else ""
            names = [text for text in reversed(texts) if not _unit(text)]
            suggestion = next((near for text in names if (near := columns.suggest(bare(text)))), {})
            place = block.grid.place(max(block.heads.stop - 1, 1), column)
            yield finding(
                "yearbook-column-unknown", place, found=names[0] if names else shown or "—", suggestion=suggestion
            )
            return
