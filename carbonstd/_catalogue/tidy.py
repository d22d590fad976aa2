"""A table as plain columns: one record a row, or one a cell, for those who use the figures without our code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.library import Library
from carbonstd._definitions.row_words import key_words, row_words
from carbonstd._definitions.schema import Bilingual, both
from carbonstd._definitions.table import Band, Cell, Key, Match, Row, Table, TableColumn
from carbonstd._errors import CaseError
from carbonstd._findings import finding

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, str | Decimal | None]
_BOUNDS = {
    "from": ("from_", {"zh": "（含）起", "en": "from"}),
    "above": ("above", {"zh": "大于", "en": "above"}),
    "below": ("below", {"zh": "小于", "en": "below"}),
    "up_to": ("up_to", {"zh": "（含）至", "en": "up to"}),
}
_TRAILING: dict[str, Bilingual] = {
    "listed": {"zh": "仅列出，不取用", "en": "listed only, never used"},
    "evidence": {"zh": "证据等级（该行最弱者）", "en": "evidence (the weakest of the row)"},
    "source": {"zh": "来源", "en": "source"},
    "note": {"zh": "备注", "en": "note"},
}
CELL_FIELDS: dict[str, Bilingual] = {
    "table": {"zh": "表", "en": "table"},
    "row": {"zh": "行号", "en": "row, from 1"},
    "keys": {"zh": "键", "en": "keys of the row"},
    "keys_zh": {"zh": "键（中文）", "en": "keys in Chinese"},
    "column": {"zh": "列", "en": "column"},
    "label": {"zh": "等级", "en": "label of the axis, such as the level"},
    "value": {"zh": "数值", "en": "value as printed"},
    "unit": {"zh": "单位", "en": "unit"},
    "basis": {"zh": "基准", "en": "basis"},
    "text": {"zh": "文字", "en": "text"},
    "state": {"zh": "状态", "en": "number, text, dash, unseen, not_applicable or rule"},
    "low": {"zh": "下限", "en": "lower bound, 95 %"},
    "high": {"zh": "上限", "en": "upper bound, 95 %"},
    "listed": {"zh": "仅列出，不取用", "en": "listed only, never used"},
    "evidence": {"zh": "证据等级", "en": "evidence"},
    "source": {"zh": "来源", "en": "source"},
    "note": {"zh": "备注", "en": "note"},
}
CELL_NUMBERS = ("row", "value", "low", "high")


@dataclass(frozen=True)
class Field:
    """A column of the records: what it is called, what it holds and in which unit."""

    name: str
    label: Bilingual
    number: bool = False
    unit: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Records:
    """Fields, and a record for each row: texts, exact decimals, or None where there is none."""

    fields: tuple[Field, ...]
    rows: tuple[Record, ...]

    def frame(self) -> pd.DataFrame:
        """Numbers as float64, NaN where there is none; the units stand in `attrs["units"]`."""
        import pandas as pd

        columns = {field.name: [row.get(field.name) for row in self.rows] for field in self.fields}
        frame = pd.DataFrame(columns, dtype=object)
        numbers = {field.name: "float64" for field in self.fields if field.number}
        frame = frame.astype(numbers)
        frame.attrs["units"] = {field.name: field.unit for field in self.fields if field.unit}
        return frame


def rows_of(table: Table, library: Library) -> Records:
    """One record a row: keys with their names, a field for each column (and label of its axis), evidence, source.

    A numeric key is one field where all rows state one number, else a field for each kind of bound that occurs. What
    stands in place of a figure (a dash, unseen, a rule) is in the field `<column>_state`, which exists only where
    something does; limits of uncertainty are in `<column>_low` and `<column>_high`.
    """
    keys = [_Key(key, library) if key.unit is None else _NumberKey(key, table) for key in table.keys.values()]
    columns = [_Column(table, column, label) for column in table.columns.values() for label in _labels(table, column)]
    fields = [field for part in (*keys, *columns) for field in part.fields()]
    fields += [Field(name, label) for name, label in _TRAILING.items()]
    twice = [name for name, count in Counter(field.name for field in fields).items() if count > 1]
    if twice:
        raise CaseError(findings=[finding("field-twice", table.path, names=", ".join(twice))])
    records = []
    for index, row in enumerate(table.rows):
        record: Record = {}
        for part in keys:
            record |= part.record(row)
        for column in columns:
            record |= column.record(index)
        records.append(record | _trailing(row))
    return Records(tuple(fields), tuple(records))


def cells_of(tables: Iterable[Table], library: Library) -> Records:
    """One record a cell, each with its own evidence and source, of any number of tables."""
    fields = tuple(Field(name, label, name in CELL_NUMBERS) for name, label in CELL_FIELDS.items())
    return Records(fields, tuple(record for table in tables for record in _cell_records(table, library)))


def _cell_records(table: Table, library: Library) -> Iterator[Record]:
    labels = [_Key(key, library) for key in table.keys.values()]
    for index, row in enumerate(table.rows):
        keys = "; ".join(f"{part.key.name}={part.text(row)}" for part in labels if part.key.name in row.match)
        keys_zh = row_words(table, row, library, whole=True)["zh"]
        for name, column in table.columns.items():
            for label in _labels(table, column):
                cell = table.cell(index, name, label)
                if cell.state == "absent":
                    continue
                yield {
                    "table": table.id, "row": Decimal(index + 1), "keys": keys, "keys_zh": keys_zh, "column": name,
                    "label": label, "value": _number(cell), "unit": "" if column.text else table.unit(index, name).text,
                    "basis": column.basis, "text": cell.text if cell.value is None else "", "state": cell.state,
                    "low": _decimal(cell.low), "high": _decimal(cell.high), "listed": "yes" if row.listed else "",
                    "evidence": cell.evidence, "source": both(cell.source, " / "),
                    "note": " | ".join(filter(None, (both(cell.note, " / "), both(row.note, " / ")))),
                }  # fmt: skip


class _Key:
    """A key in words: the label or band, and its names where a vocabulary has them."""

    def __init__(self, key: Key, library: Library) -> None:
        self.key, self.library, self.vocabulary = key, library, library.key_vocabulary(key)

    def fields(self) -> Iterator[Field]:
        yield Field(self.key.name, self.key.label)
        for language in ("zh", "en") if self.vocabulary else ():
            yield Field(f"{self.key.name}_{language}", self.key.label)

    def record(self, row: Row) -> Record:
        name = self.key.name
        match = row.match.get(name, "")
        labels = match if isinstance(match, tuple) else (match,)
        words = [key_words(self.key, label, self.library) for label in labels]
        names = {
            f"{name}_{language}": "; ".join(item[language] for item in words)  # label by label, as the labels stand
            for language in ("zh", "en")
            if self.vocabulary
        }
        return {name: self.text(row), **names}

    def text(self, row: Row) -> str:
        """As it stands in the table: labels as they are, a band with its unit."""
        match = row.match.get(self.key.name, "")
        if isinstance(match, Band):
            unit = self.key.unit.text if self.key.unit is not None else ""
            return " ".join(filter(None, (str(match), unit if unit != "1" else "")))
        return "; ".join(match if isinstance(match, tuple) else (match,))


class _NumberKey:
    """A numeric key: one number, or the bounds that occur."""

    def __init__(self, key: Key, table: Table) -> None:
        self.key = key
        bands = [row.match[key.name] for row in table.rows if key.name in row.match]
        self.exact = all(isinstance(band, Band) and band.exact is not None for band in bands)
        self.bounds = [
            bound for bound, (attribute, _) in _BOUNDS.items() if any(_bound(band, attribute) for band in bands)
        ]

    def fields(self) -> Iterator[Field]:
        unit = self.key.unit.text if self.key.unit is not None else ""
        if self.exact:
            yield Field(self.key.name, self.key.label, True, unit)
            return
        for bound in self.bounds:
            words = _BOUNDS[bound][1]
            label = {"zh": f"{self.key.label['zh']}{words['zh']}", "en": f"{self.key.label['en']}, {words['en']}"}
            yield Field(f"{self.key.name}_{bound}", label, True, unit)

    def record(self, row: Row) -> Record:
        match = row.match.get(self.key.name)
        if self.exact:
            return {self.key.name: _decimal(match.exact) if isinstance(match, Band) else None}
        return {f"{self.key.name}_{bound}": _bound(match, _BOUNDS[bound][0]) for bound in self.bounds}


class _Column:
    """A column of the table, or one label of a column with an axis."""

    def __init__(self, table: Table, column: TableColumn, label: str) -> None:
        self.table, self.column, self.label = table, column, label
        self.name = f"{column.name}_{label}" if label else column.name
        cells = [self._cell(index) for index in range(len(table.rows))]
        self.bounded = any(cell.low is not None or cell.high is not None for cell in cells)
        self.stated = any(cell.state not in ("number", "text", "absent") for cell in cells)

    def fields(self) -> Iterator[Field]:
        column, label = self.column, self.column.label
        if self.label:
            label = {"zh": f"{label['zh']} {self.label}", "en": f"{label['en']}, {self.label}"}
        units = "" if column.text else " | ".join(unit.text for unit in column.units.values())
        yield Field(self.name, label, not column.text, units, column.basis)
        if len(column.units) > 1:
            yield Field(f"{self.name}_unit", {"zh": f"{label['zh']}单位", "en": f"unit of {label['en']}"})
        for bound, zh in (("low", "下限"), ("high", "上限")) if self.bounded else ():
            yield Field(f"{self.name}_{bound}", {"zh": label["zh"] + zh, "en": f"{label['en']}, {bound}"}, True, units)
        if self.stated:
            yield Field(f"{self.name}_state", {"zh": f"{label['zh']}无值原因", "en": f"why no {label['en']}"})

    def record(self, index: int) -> Record:
        cell, name = self._cell(index), self.name
        record: Record = {name: cell.text if self.column.text else _number(cell)}
        if len(self.column.units) > 1:
            record[f"{name}_unit"] = self.table.unit(index, self.column.name).text
        if self.bounded:
            record |= {f"{name}_low": _decimal(cell.low), f"{name}_high": _decimal(cell.high)}
        if self.stated:
            said = f"rule: {cell.text}" if cell.state == "rule" else cell.state
            record[f"{name}_state"] = "" if cell.state in ("number", "absent") else said
        return record

    def _cell(self, index: int) -> Cell:
        return self.table.cell(index, self.column.name, self.label)


def _labels(table: Table, column: TableColumn) -> list[str]:
    return table.labels(column.axis) if column.axis else [""]


def _trailing(row: Row) -> Record:
    cells = [cell for item in row.cells.values() for cell in (item.values() if isinstance(item, Mapping) else [item])]
    grades = [cell.evidence for cell in cells if cell.evidence]
    sources = dict.fromkeys(both(cell.source, " / ") for cell in cells if cell.source)
    notes = dict.fromkeys(both(text, " / ") for text in (row.note, *(cell.note for cell in cells)) if text)
    return {
        "listed": "yes" if row.listed else "",
        "evidence": max(grades, key=EVIDENCE.index, default=""),
        "source": " | ".join(sources),
        "note": " | ".join(notes),
    }


def _number(cell: Cell) -> Decimal | None:
    """A figure with the digits it was printed with."""
    return Decimal(cell.text) if cell.value is not None else None


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def _bound(match: Match | None, attribute: str) -> Decimal | None:
    return _decimal(getattr(match, attribute)) if isinstance(match, Band) else None
