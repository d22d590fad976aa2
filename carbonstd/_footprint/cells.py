"""What the sheets of a footprint's case say, in a reader's words: terms by their labels, amounts with their unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from carbonstd._definitions.method import Column
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._ledger.ledger import SheetData
from carbonstd._number import shown
from carbonstd._paper.paper import Column as Head
from carbonstd._paper.paper import Fact, Row, Table
from carbonstd._result.result import Result
from carbonstd._trace.trace import decoded, units_of
from carbonstd._units import ONE, unit, unit_text

_NARROW, _WIDE, _DIGITS = 10, 30, 6
_WIDE_FROM = 0x2E80
_OF_GAS = "{gas}"  # of which gas is told by the cell beside it
YEAR = 1000  # a figure in years from here on is a calendar year
_PER = {"electricity_row": "electricity"}
_FACTOR: Bilingual = {"zh": "采用的因子", "en": "Factor used"}
PRODUCT, STATEMENTS = "footprint_product", "footprint_statement"


class Cells:
    """The filled sheets of a result, read for a report in one language."""

    def __init__(self, result: Result, language: Language) -> None:
        self.result, self.language = result, language

    def statements(self) -> dict[str, list[str]]:
        """What the user wrote, by item."""
        data = self.sheet(STATEMENTS)
        found: dict[str, list[str]] = {}
        if data is not None:
            run = self.result._run
            items, texts = (decoded(run, name, data.codes[name]) for name in ("item", "text"))
            for item, text in zip(items, texts, strict=True):
                found.setdefault(str(item), []).append(str(text))
        return found

    def sheet(self, name: str) -> SheetData | None:
        """A sheet that the method has and the case has rows of."""
        data = self.result._run.ledger.get(name)
        return data if data is not None and data.rows else None

    def facts(self, sheet: str, columns: Sequence[str]) -> Iterator[Fact]:
        """The filled cells of a form."""
        data = self.sheet(sheet)
        if data is not None:
            for column in self._columns(data, columns):
                yield Fact(column.label, self._texts(data, column)[0])

    def rows(self, sheet: str, names: Sequence[str]) -> Table | None:
        """The rows of a sheet: the columns and equations named that hold anything; all columns where none is named.

        None where only the names of the rows would stand there.
        """
        data = self.sheet(sheet)
        if data is None:
            return None
        heads, cells = [], []
        for column in self._columns(data, names or tuple(data.sheet.columns)):
            texts = self._texts(data, column)
            heads.append(Head(column.label, _width(texts), column.kind == "number"))
            cells.append(texts)
        for name in names:
            equation = self.result.method.equations.get(name)
            if equation is not None and name not in data.sheet.columns and equation.sheet == sheet:
                values = self.result._run.equation(name).data
                texts = [_amount(float(value), equation.unit.text, self.language) for value in values]
                heads.append(Head(equation.label, _width(texts), number=True))
                cells.append(texts)
                base = data.sheet.columns.get(_PER.get(name, ""))
                if base is not None:  # what one unit of the column came to
                    text = f"{equation.unit.text}/{base.unit.text}"
                    pairs = zip(values, data.numbers[base.name], strict=True)
                    texts = [
                        _amount(float(value / amount), text, self.language) if amount else "" for value, amount in pairs
                    ]
                    heads.append(Head(_FACTOR, _width(texts), number=True))
                    cells.append(texts)
        if len(heads) < 2:
            return None
        rows = tuple(Row(tuple(texts)) for texts in zip(*cells, strict=True))
        return Table(tuple(heads), rows, data.sheet.label[self.language])

    def _columns(self, data: SheetData, names: Sequence[str]) -> Iterator[Column]:
        for name in names:
            column = data.sheet.columns.get(name)
            if column is not None and any(self._texts(data, column)):
                yield column

    def _texts(self, data: SheetData, column: Column) -> list[str]:
        run: Any = self.result._run
        if column.kind == "number":
            pairs = zip(data.numbers[column.name], units_of(run, data, column), strict=True)
            return [_amount(float(value), str(text), self.language) for value, text in pairs]
        texts = map(str, decoded(run, column.name, data.codes[column.name]))
        if not column.vocabulary:
            return list(texts)
        vocabulary = run.library.vocabulary(column.vocabulary)
        return [vocabulary.label(text, self.language) if text else "" for text in texts]


def _width(texts: Sequence[str]) -> int:
    """As wide as the longest cell, within reason; a Chinese character is two wide."""
    longest = max(sum(1 + (ord(sign) > _WIDE_FROM) for sign in text) for text in texts)
    return min(max(longest, _NARROW), _WIDE)


def _amount(value: float, text: str, language: Language) -> str:
    if np.isnan(value):
        return ""
    named = unit(text.replace(_OF_GAS, ""))
    if text == "a" and value >= YEAR:
        return f"{value:g}"
    return shown(value, _DIGITS) if named == ONE else f"{shown(value, _DIGITS)} {unit_text(named, language)}"
