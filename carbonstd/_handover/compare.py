"""Figures typed beside a ledger that tells them too: which energies differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbonstd._case.case import RawSheet
from carbonstd._case.cells import as_text, blank
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import LANGUAGES
from carbonstd._handover.rows import HandedRows
from carbonstd._number import exact, shown

_AGREED = Fraction(5, 1000)  # as a limit's energy entered beside its rows; chosen here
_APART = ("month", "data_source")  # labels by which a year's figure is not told apart
_DIFFERS: Bilingual = {
    "zh": "{label}：所填 {typed}，台账 {handed}",
    "en": "{label}: {typed} typed, {handed} in the ledger",
}


def differences(typed: RawSheet, handed: HandedRows, sheet: Sheet, library: Library) -> Iterator[Bilingual]:
    """What the ledger has and the sheet has not, or has otherwise; figures typed with a unit are not compared."""
    figure = next(name for name in handed.columns if name in sheet.columns and sheet.columns[name].kind == "number")
    keys = [
        name
        for name in handed.columns
        if name in sheet.columns and sheet.columns[name].kind == "label" and name not in _APART
    ]
    own, other = (_sums(raw, keys, figure, sheet, library) for raw in (typed.columns, handed.columns))
    for group, known in other.items():
        entered = own.get(group, Fraction(0))
        if known is None or entered is None or abs(entered - known) <= _AGREED * abs(known):
            continue
        values = {"typed": shown(entered, 6), "handed": shown(known, 6)}
        yield {
            part: _DIFFERS[part].format(label=_words(group, keys, sheet, library, part), **values) for part in LANGUAGES
        }


def _sums(
    columns: Any, keys: Sequence[str], figure: str, sheet: Sheet, library: Library
) -> dict[tuple[str, ...], Fraction | None]:
    """The figure by its labels; none where a cell is blank or text."""
    cells = columns.get(figure, ())
    found: dict[tuple[str, ...], Fraction | None] = defaultdict(Fraction)
    for row, cell in enumerate(cells):
        group = tuple(_label(columns.get(name, ()), row, sheet.columns[name].vocabulary, library) for name in keys)
        held = found[group]
        plain = isinstance(cell, int | float | Decimal | Fraction) and not isinstance(cell, bool)
        found[group] = held + exact(cell) if plain and held is not None else None
    return found


def _label(cells: Sequence[Any], row: int, vocabulary: str, library: Library) -> str:
    text = "" if row >= len(cells) or blank(cells[row]) else as_text(cells[row])
    return (library.vocabulary(vocabulary).resolve(text) or text) if vocabulary and text else text


def _words(group: Sequence[str], keys: Sequence[str], sheet: Sheet, library: Library, part: str) -> str:
    names = [
        library.vocabulary(sheet.columns[key].vocabulary).label(label, part) if sheet.columns[key].vocabulary else label
        for key, label in zip(keys, group, strict=True)
    ]
    return " / ".join(filter(None, names)) or sheet.label[part]
