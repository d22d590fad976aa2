"""What a report says of its data: activity data and factors, each with where it comes from and its status.

Rows that differ by nothing but the month stand as one: a quantity is their sum, a factor the range of its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import month_spans
from carbonstd._definitions.method import Column, Equation
from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._ledger.ledger import SheetData, Status
from carbonstd._naming import Names, names_of
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, number, tag
from carbonstd._paper.paper import Block, Cell, Paragraph, Section, table
from carbonstd._result.basis import handed_over
from carbonstd._result.quantities import alike, amount, telling
from carbonstd._result.result import Result
from carbonstd._trace.explanation import working_text, worth_saying
from carbonstd._trace.origin import Source, answered, constant_source
from carbonstd._trace.trace import decoded, units_of, used_constants
from carbonstd._units import unit, unit_text
from carbonstd._wording import EVIDENCE_TEXT, STATUS_TEXT

_MOST = 60  # rows of one table; the result workbook has all
_DIGITS = 8
_PLAIN = re.compile(r"[^/()*{}]+")  # a unit that is no product
_ANSWERS = ("是", "否")


@dataclass(frozen=True)
class _Group:
    """Rows of a sheet alike but for their month."""

    name: str
    rows: NDArray[np.int64]


def activity(result: Result, words: Words) -> Section | None:
    """Quantities as they were entered, a table a sheet."""
    reader = _Reader(result, words)
    heads = ("item", "datum", "value", "unit", "rows_summed", "status", "found_by")
    found = [(data, list(reader.quantities(data))) for data in result._run.ledger.values()]
    blocks = [block for data, rows in found if rows for block in reader.tables(data.sheet.label, heads, rows, (2, 4))]
    if not blocks:
        return None
    note = Paragraph(words.both("activity_note"), "note")
    return Section("activity", words.texts("activity"), (*blocks, note))


def factors(result: Result, words: Words) -> Section | None:
    """Factors and other ratios as they were used, a table a sheet, then the constants of the method."""
    reader = _Reader(result, words)
    heads = ("item", "factor", "value", "unit", "status", "where_from")
    found = [(data, list(reader.ratios(data))) for data in result._run.ledger.values()]
    blocks: list[Block] = []
    for data, rows in found:
        blocks += reader.tables(data.sheet.label, heads, rows, (2,)) if rows else []
        blocks += reader.by_models(data)
    constants = list(reader.constants())
    if constants:
        names = ("factor", "value", "unit", "where_from")
        blocks += reader.tables(words.texts("constants"), names, constants, (1,))
    return Section("factors", words.texts("factors"), tuple(blocks)) if blocks else None


class _Reader:
    def __init__(self, result: Result, words: Words) -> None:
        self.result, self.words, self.run = result, words, result._run
        self.names: Names = names_of(result)

    def tables(
        self,
        label: Bilingual,
        heads: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        numeric: Sequence[int],
        look: str = "data",
    ) -> Iterator[Block]:
        made = [self.words.texts(name) for name in heads]
        yield table(self.words.label(label), made, rows[:_MOST], numeric, look=look)
        if len(rows) > _MOST:
            yield Paragraph(self.words.both("rows_more", count=len(rows) - _MOST), "note")

    def quantities(self, data: SheetData) -> Iterator[list[Cell]]:
        for column in self._columns(data, ratio=False):
            units = units_of(self.run, data, column)
            for group in self._groups(data):
                values = data.numbers[column.name][group.rows]
                held = group.rows[~np.isnan(values)]
                if len(held):
                    total = amount(self.run, data, column, group.rows)
                    yield [
                        group.name or "—",
                        self.words.label(column.label),
                        _range(data.numbers[column.name][held], column) if total is None else _figure(total, column),
                        self._unit(str(units[held[0]])),
                        str(len(held)),
                        self._statuses(data, column, held),
                        self._found_by(data, column, held),
                    ]

    def ratios(self, data: SheetData) -> Iterator[list[Cell]]:
        for column in self._columns(data, ratio=True):
            units = units_of(self.run, data, column)
            found = answered(self.run, data.sheet.id, column.name)
            for group in self._groups(data):
                values = data.numbers[column.name]
                held = group.rows[~np.isnan(values[group.rows])]
                if len(held):
                    yield [
                        group.name or "—",
                        self.words.label(column.label),
                        join(_range(values[held], column), self._mean(data, column, held, units)),
                        self._unit(str(units[held[0]])),
                        self._statuses(data, column, held),
                        self._where_from(data, column, held, found.codes, found.sources),
                    ]

    def by_models(self, data: SheetData) -> Iterator[Block]:
        """The ratios that called models looked up for the rows of a sheet, a table each."""
        heads = ("item", "month", "value", "unit", "working", "where_from")
        for item in self.result.method.equations.values():
            if item.sheet == data.sheet.id and "/" in item.unit.text and self.run.working.get(item.id):
                rows = list(self._looked_up(item, data))
                yield from self.tables(self._by_model(item.label), heads, rows, (2,), "looked-up") if rows else ()

    def _by_model(self, label: Bilingual) -> Bilingual:
        return in_both(lambda part: self.words.text_in(part, "by_model_caption", label=label[part]))

    def _looked_up(self, item: Equation, data: SheetData) -> Iterator[list[Cell]]:
        """What a model gave, with the ends it went between and its tables; months that are alike stand as one."""
        values = self.run.equation(item.id).data
        working = {name: column for name, column in self.run.working[item.id].items() if len(column) == data.rows}
        if len(values) != data.rows:
            return  # a model that answers by label
        slots = handed_over(self.result.method, item)
        tables = [segment.table for slot in slots for segment in self.run.segments[slot]]
        cited = dict.fromkeys(" ".join(filter(None, (one.document.number, one.clause))) for one in tables)
        for group in self._groups(data):
            alike: dict[tuple[float, str], list[int]] = {}
            for row in map(int, group.rows[~np.isnan(values[group.rows])]):
                said = ((name, column[row]) for name, column in working.items() if worth_saying(column[row]))
                alike.setdefault((float(values[row]), working_text(said, self.words.language)), []).append(row)
            for (value, said_of_it), rows in alike.items():
                months = decoded(self.run, "month", data.codes["month"][rows]) if "month" in data.codes else ()
                yield [
                    group.name or "—",
                    month_spans(sorted({str(month) for month in months if month})) or "—",
                    number(value, shown(value, _DIGITS)),
                    self._unit(item.unit.text),
                    said_of_it,
                    "; ".join(cited),
                ]

    def _mean(self, data: SheetData, column: Column, rows: NDArray[np.int64], units: NDArray[Any]) -> Html:
        """The mean of a factor that differs, by the quantity it is a ratio to: where the sheet has one such alone."""
        values, per = data.numbers[column.name][rows], str(units[rows[0]]).partition("/")[2]
        if values.min() == values.max() or not _PLAIN.fullmatch(per):
            return Html()
        alike = [
            other
            for other in self._columns(data, ratio=False)
            if unit(str(units_of(self.run, data, other)[rows[0]])).dimension == unit(per).dimension
        ]
        weights = data.numbers[alike[0].name][rows] if len(alike) == 1 else np.zeros(1)
        if not (weights >= 0).all() or not weights.any():  # a blank one tells nothing
            return Html()
        mean = float(np.average(values, weights=weights))
        told = self.words.text("weighted", quantity=alike[0].label[self.words.language], value=shown(mean, _DIGITS))
        return tag("span", told, class_="clause")

    def constants(self) -> Iterator[list[Cell]]:
        for item in used_constants(self.run):
            value = float(item.value)
            told = self._cited(constant_source(self.run, item))
            label = join(self.words.label(item.label), f" {item.symbol}" if item.symbol else "")
            yield [label, number(value, shown(value, _DIGITS)), self._unit(item.unit.text), told]

    def _columns(self, data: SheetData, ratio: bool) -> Iterator[Column]:
        """The columns of numbers that hold anything; those of a ratio, or the others."""
        for name, values in data.numbers.items():
            column = data.sheet.columns[name]
            if column.unit.ratio == ratio and not np.isnan(values).all():
                yield column

    def _groups(self, data: SheetData) -> list[_Group]:
        """Rows told apart by their labels, but for the month and how a figure was found, and by their basis."""
        names = [name for name in telling(data.sheet) if name in data.codes]
        groups = alike(self.run, data, names, by_basis=True)
        return [_Group(self._told(data, names, labels), rows) for labels, rows in groups]

    def _told(self, data: SheetData, names: Sequence[str], labels: Sequence[str]) -> str:
        return " · ".join(
            self._said(data.sheet.columns[name], str(text)) for name, text in zip(names, labels, strict=True) if text
        )

    def _said(self, column: Column, label: str) -> str:
        """A label in words; a bare answer with what it answers."""
        term = self.names.terms_in(label)
        told = term[self.words.language]
        return (
            self.words.text("answer", what=column.label[self.words.language], told=told)
            if term["zh"] in _ANSWERS
            else told
        )

    def _statuses(self, data: SheetData, column: Column, rows: NDArray[np.int64]) -> str:
        held = (Status(int(code)).name.lower() for code in np.unique(data.status[column.name][rows]))
        return self._joined(STATUS_TEXT[name][self.words.language] for name in held)

    def _found_by(self, data: SheetData, column: Column, rows: NDArray[np.int64]) -> str:
        """How the figures were found, as the case says."""
        name = data.sheet.found_by(column.name)
        if not name or name not in data.codes:
            return ""
        texts = dict.fromkeys(map(str, decoded(self.run, name, data.codes[name][rows])))
        return self._joined(self.names.terms_in(text)[self.words.language] for text in texts if text)

    def _where_from(
        self,
        data: SheetData,
        column: Column,
        rows: NDArray[np.int64],
        codes: NDArray[np.int32],
        sources: Sequence[Source],
    ) -> str:
        """Document, clause and evidence of what answered for a default; else how the case says it was found."""
        cited = dict.fromkeys(self._cited(sources[code]) for code in np.unique(codes[rows]) if code >= 0)
        own = self._found_by(data, column, rows[codes[rows] < 0])
        return join(*_between(filter(None, (*cited, own)), "; "))

    def _cited(self, source: Source) -> Html:
        graded = EVIDENCE_TEXT[source.evidence][self.words.language] if source.evidence in EVIDENCE_TEXT else ""
        said = " ".join(filter(None, (source.document, source.clause)))
        return join(said, f" ({graded})" if graded else "", tag("code", source.table, class_="id"))

    def _unit(self, text: str) -> str:
        return unit_text(unit(text.replace("{gas}", "")), self.words.language)

    def _joined(self, texts: Iterator[str]) -> str:
        return ("、" if self.words.language == "zh" else ", ").join(texts)


def _range(values: NDArray[np.float64], column: Column) -> Html:
    """One value, or the least and the largest of several."""
    low, high = float(values.min()), float(values.max())
    return _figure(low, column) if low == high else join(_figure(low, column), "–", _figure(high, column))


def _figure(value: float, column: Column) -> Html:
    """A value as it is shown; the year 2021 has no comma."""
    text = shown(value, _DIGITS)
    return number(value, text.replace(",", "") if column.unit.text == "a" else text)


def _between(parts: Iterator[str], sign: str) -> Iterator[str]:
    for at, part in enumerate(parts):
        yield from (sign, part) if at else (part,)
