"""Tables: one edition of one published table, with units, document, clause and evidence for every cell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import EVIDENCE, Document, Edition, Period
from carbonstd._definitions.schema import REQUIRED, Bilingual, Fields, Problems
from carbonstd._definitions.vocabulary import Vocabulary, read_terms
from carbonstd._number import exact
from carbonstd._units import ONE, Unit
from carbonstd._yaml import Items, Map, load_file

STATES = ("dash", "unseen", "not_applicable")
_OF_A_ROW = ("when", "evidence", "source", "note", "footnote", "listed")  # of a row: no key or column is called so


@dataclass(frozen=True)
class Key:
    """What rows are looked up by: labels (of a vocabulary), or a number that falls into a band."""

    name: str
    label: Bilingual
    vocabulary: str = ""
    unit: Unit | None = None
    terms: Vocabulary | None = None  # labels that no other table shares


@dataclass(frozen=True)
class TableColumn:
    """A column: its unit (one for each basis where rows differ), its basis tag, the axis its cells run over."""

    name: str
    label: Bilingual
    units: Mapping[str, Unit]
    text: bool = False
    basis: str = ""
    axis: str = ""
    symbol: str = ""
    nested: bool = True  # who reaches a level reaches those after it; levels for different plants are not nested

    @property
    def unit(self) -> Unit:
        return next(iter(self.units.values()))


@dataclass(frozen=True)
class Cell:
    """A printed figure, or the reason why there is none. `value` is exact; `low` and `high` bound 95 %."""

    value: Fraction | None
    state: str = "number"
    evidence: str = ""
    source: Bilingual = field(default_factory=dict)
    text: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    note: Bilingual = field(default_factory=dict)
    line: int = 0
    clause: str = ""  # where it is another than that of its table

    @property
    def none(self) -> bool:
        """Whether the document says that there is no figure here: a dash is no level."""
        return self.state in ("dash", "not_applicable")


@dataclass(frozen=True)
class Band:
    """A band of a numeric key, open or closed as printed."""

    above: Fraction | None = None
    from_: Fraction | None = None
    below: Fraction | None = None
    up_to: Fraction | None = None

    def holds(self, value: Fraction) -> bool:
        return not (
            (self.above is not None and value <= self.above)
            or (self.from_ is not None and value < self.from_)
            or (self.below is not None and value >= self.below)
            or (self.up_to is not None and value > self.up_to)
        )

    @property
    def bounds(self) -> list[Fraction]:
        return [item for item in (self.above, self.from_, self.below, self.up_to) if item is not None]

    @property
    def exact(self) -> Fraction | None:
        """The one number it holds; None for a span."""
        return self.from_ if self.from_ is not None and self.from_ == self.up_to else None

    def __str__(self) -> str:
        if self.exact is not None:
            return f"{float(self.exact):g}"
        bounds = ((">", self.above), ("≥", self.from_), ("<", self.below), ("≤", self.up_to))
        return " ".join(f"{sign}{float(bound):g}" for sign, bound in bounds if bound is not None)


Match = str | tuple[str, ...] | Band


@dataclass(frozen=True)
class Row:
    match: Mapping[str, Match]
    cells: Mapping[str, Cell | Mapping[str, Cell]]
    line: int
    listed: bool = False
    note: Bilingual = field(default_factory=dict)

    def name(self) -> str:
        parts = [", ".join(item) if isinstance(item, tuple) else str(item) for item in self.match.values()]
        return " / ".join(parts) or "—"


@dataclass(frozen=True, eq=False)
class Table(Edition):
    """One edition of one table. `find` takes a value for each key; `numbers` gives a column as float64 (rows,)."""

    id: str
    path: str
    title: Bilingual
    document: Document
    clause: str
    keys: Mapping[str, Key]
    columns: Mapping[str, TableColumn]
    rows: tuple[Row, ...]
    data_period: Period | None = None
    published: date | None = None
    regimes: tuple[str, ...] = ()
    licence: Bilingual = field(default_factory=dict)
    note: Bilingual = field(default_factory=dict)
    errata: tuple[Mapping[str, Bilingual], ...] = ()
    overrides: str = ""
    exact: bool = False  # its cells hold by definition, as units do, and weaken nothing
    incomplete: Bilingual | None = None  # what belongs to its figures and nobody has seen, such as a correction
    # caches of these rows: a table made of another one by `replace` begins its own
    _found: dict[tuple[Any, ...], list[int]] = field(default_factory=dict, init=False)
    _labels: dict[str, list[str]] = field(default_factory=dict, init=False)
    _edges: dict[str, NDArray[np.float64]] = field(default_factory=dict, init=False)
    _numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict, init=False)
    _grids: dict[str, NDArray[np.float64]] = field(default_factory=dict, init=False)

    def find(self, values: tuple[Any, ...]) -> list[int]:
        """The rows that match a value for each key (label, or exact number in the key's unit); cached."""
        if values not in self._found:
            self._found[values] = [
                index for index, row in enumerate(self.rows) if not row.listed and self._matches(row, values)
            ]
        return self._found[values]

    def cell(self, row: int, column: str, label: str = "") -> Cell:
        cell = self.rows[row].cells.get(column, Cell(None, "absent"))
        return cell.get(label, Cell(None, "absent")) if isinstance(cell, Mapping) else cell

    def unit(self, row: int, column: str) -> Unit:
        """The unit of a cell; where the column has one for each basis, that of the basis the row states."""
        return self.stated_unit(row, column) or self.columns[column].unit

    def stated_unit(self, row: int, column: str) -> Unit | None:
        """The unit of a cell; None for text, and where the row does not say on which of several bases it is."""
        item = self.columns[column]
        if item.text or len(item.units) == 1:
            return None if item.text else item.unit
        stated = (self.cell(row, name).text for name, other in self.columns.items() if other.text)
        return next((item.units[text] for text in stated if text in item.units), None)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column as float64, NaN where there is no number. Shape (rows,); cached."""
        if column not in self._numbers:
            values = [self.cell(index, column).value for index in range(len(self.rows))]
            self._numbers[column] = np.array([np.nan if value is None else float(value) for value in values])
            self._numbers[column].flags.writeable = False
        return self._numbers[column]

    def grid(self, column: str) -> tuple[list[str], NDArray[np.float64]]:
        """An axis column as (labels, values (rows, labels)), NaN where there is no number; cached."""
        labels = self.labels(self.columns[column].axis)
        if column not in self._grids:
            cells = [[self.cell(row, column, label).value for label in labels] for row in range(len(self.rows))]
            self._grids[column] = np.array([[np.nan if item is None else float(item) for item in row] for row in cells])
            self._grids[column].flags.writeable = False
        return labels, self._grids[column]

    def texts(self, column: str) -> list[str]:
        return [self.cell(index, column).text for index in range(len(self.rows))]

    def labels(self, axis: str) -> list[str]:
        """The labels of an axis that cells run over (levels), in printed order; cached."""
        if axis not in self._labels:
            seen: dict[str, None] = {}
            for row in self.rows:
                for name, cell in row.cells.items():
                    if self.columns[name].axis == axis and isinstance(cell, Mapping):
                        seen.update(dict.fromkeys(cell))
            self._labels[axis] = list(seen)
        return list(self._labels[axis])

    def edges(self, key: str) -> NDArray[np.float64]:
        """Where the bands of a numeric key begin and end, each once; cached."""
        if key not in self._edges:
            bands = [row.match[key] for row in self.rows if key in row.match]
            held = {float(bound) for band in bands if isinstance(band, Band) for bound in band.bounds}
            self._edges[key] = np.array(sorted(held))
        return self._edges[key]

    def row_hash(self, row: int) -> str:
        """A hash of keys, values and units only: notes and sources may improve without changing it."""
        item = self.rows[row]
        cells: dict[str, Any] = {}
        for name, cell in sorted(item.cells.items()):
            parts = cell if isinstance(cell, Mapping) else {"": cell}
            cells[name] = {
                label: [part.state, str(part.value) if part.value is not None else part.text]
                for label, part in parts.items()
            }
        units = {name: [unit.text for unit in column.units.values()] for name, column in self.columns.items()}
        content = [{name: str(match) for name, match in sorted(item.match.items())}, cells, units]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256("".join(self.row_hash(row) for row in range(len(self.rows))).encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        from carbonstd._definitions.display import table_line

        return table_line(self)

    def _repr_html_(self) -> str:
        from carbonstd._definitions.display import table_html

        return table_html(self)

    def _matches(self, row: Row, values: tuple[Any, ...]) -> bool:
        for name, value in zip(self.keys, values, strict=True):
            wanted = row.match.get(name)
            if wanted is None:
                continue
            if isinstance(wanted, Band):
                if value is None or value != value or not wanted.holds(exact(value)):
                    return False
            elif value not in (wanted if isinstance(wanted, tuple) else (wanted,)):
                return False
        return True


def read_table(path: Path, table_id: str, own: bool = False) -> Table:
    """Read one table file. Raises DefinitionError with every fault of the file.

    In a user's `own` file nothing is graded better than `user`: nobody else has checked it.
    """
    problems = Problems(str(path))
    fields = Fields(load_file(path), problems)
    table = _TableReader(fields, problems, table_id, str(path), own).read()
    problems.raise_any()
    return table


class _TableReader:
    def __init__(self, fields: Fields, problems: Problems, table_id: str, path: str, own: bool) -> None:
        self.fields, self.problems, self.id, self.path, self.own = fields, problems, table_id, path, own

    def read(self) -> Table:
        fields = self.fields
        title = fields.bilingual("title")
        document = Document.read(Fields(fields.raw("document", Map()), self.problems, fields.at("document")))
        self.evidence = self._grade(fields, "")
        self.source = fields.bilingual("source", {})
        keys = {name: self._key(name, item) for name, item in fields.each("keys")}
        columns = {name: self._column(name, item) for name, item in fields.each("columns")}
        for section, names in (("keys", keys), ("columns", columns)):
            for name in names:
                if name in _OF_A_ROW:
                    line = fields.mapping(section).lines[name]
                    self.problems.add("table-reserved-name", line, name=name, expected=", ".join(_OF_A_ROW))
        period = fields.raw("data_period")
        data_period = Period.parse(period) if period is not None else None
        if period is not None and data_period is None:
            self.problems.add(
                "schema-type",
                fields.at("data_period"),
                field="data_period",
                found=str(period),
                expected="2023",
            )
        items = fields.items("rows", REQUIRED)
        rows = tuple(self._row(item, items.lines[index], keys, columns) for index, item in enumerate(items))
        self._unique(rows)
        table = Table(
            self.id, self.path, title, document, fields.text("clause", ""), keys, columns, rows, data_period,
            fields.day("published") or document.published, fields.texts("regimes"),
            fields.bilingual("licence", {}), fields.bilingual("note", {}), fields.records("errata"), fields.override(),
            fields.flag("exact"), fields.bilingual("incomplete", None) if "incomplete" in fields.data else None,
        )  # fmt: skip
        fields.texts("aliases")  # of the head, which a search asks
        fields.done()
        return table

    def _key(self, name: str, item: Fields) -> Key:
        unit = item.unit("unit") if "unit" in item.data else None
        label = item.bilingual("label", {"zh": name, "en": name})
        terms = read_terms(name, item, self.problems) if "terms" in item.data else None
        key = Key(name, label, item.text("vocabulary", ""), unit, terms)
        item.done()
        return key

    def _column(self, name: str, item: Fields) -> TableColumn:
        text = item.choice("type", ("number", "text"), "number") == "text"
        written = {} if text else item.raw("unit", REQUIRED)
        if isinstance(written, Map):
            units = {basis: item.as_unit(str(value), written.lines[basis]) for basis, value in written.items()}
        else:
            units = {"": item.as_unit(str(written), item.at("unit"))} if written else {}
        label = item.bilingual("label", {"zh": name, "en": name})
        column = TableColumn(
            name,
            label,
            units or {"": ONE},
            text,
            item.text("basis", ""),
            item.text("axis", ""),
            item.text("symbol", ""),
            item.flag("nested", True),
        )
        item.done()
        return column

    def _row(self, data: Any, line: int, keys: Mapping[str, Key], columns: Mapping[str, TableColumn]) -> Row:
        item = Fields(data, self.problems, line)
        evidence = self._grade(item, self.evidence)
        source = item.bilingual("source", {} if _weaker(evidence, self.evidence) else self.source)
        when = item.raw("when")
        conditions = Fields(when, self.problems, line) if when is not None else item
        match = {name: found for name, key in keys.items() if (found := self._match(name, key, conditions)) is not None}
        if when is not None:
            conditions.done()
        elif len(match) < len(keys) and not item.flag("listed"):
            for name in keys:
                if name not in match:
                    self.problems.add("schema-missing-field", line, field=name)
        cells: dict[str, Cell | Mapping[str, Cell]] = {}
        for name, column in columns.items():
            value = item.raw(name)
            if column.axis and isinstance(value, Map):
                cells[name] = {
                    str(label): self._cell(part, column, evidence, source, value.lines[label])
                    for label, part in value.items()
                }
            elif value is None:
                self.problems.add("table-absent-cell", item.at(name), column=name)
            else:
                cells[name] = self._cell(value, column, evidence, source, item.at(name))
        row = Row(match, cells, line, item.flag("listed"), item.bilingual("note", {}))
        item.text("footnote", "")
        item.done()
        if not evidence:
            self.problems.add("table-no-evidence", line)
        return row

    def _match(self, name: str, key: Key, item: Fields) -> Match | None:
        value = item.raw(name)
        if value is None:
            return None
        if isinstance(value, Map) and key.unit is not None:
            band = Fields(value, self.problems, item.at(name))
            limits = {
                bound: limit
                for bound in ("above", "from", "below", "up_to")
                if (limit := band.number(bound)) is not None
            }
            band.done()
            return Band(limits.get("above"), limits.get("from"), limits.get("below"), limits.get("up_to"))
        if isinstance(value, Map):
            self.problems.add("schema-type", item.at(name), field=name, found="band", expected="label")
            return None
        if key.unit is not None:
            number = item.number(name)
            return Band(from_=number, up_to=number)
        return tuple(str(part) for part in value) if isinstance(value, Items) else str(value)

    def _grade(self, item: Fields, inherited: str) -> str:
        grade = item.choice("evidence", EVIDENCE, inherited)
        return "user" if self.own and grade and grade != "recalled" else grade

    def _cell(self, value: Any, column: TableColumn, evidence: str, source: Bilingual, line: int) -> Cell:
        if column.text:
            return Cell(None, "text", evidence, source, str(value), line=line)
        extra: dict[str, Any] = {}
        if isinstance(value, Map):
            item = Fields(value, self.problems, line)
            own = self._grade(item, evidence)
            evidence, source = own, item.bilingual("source", {} if _weaker(own, evidence) else source)
            extra = {
                "low": item.number("low"),
                "high": item.number("high"),
                "note": item.bilingual("note", {}),
                "clause": item.text("clause", ""),
            }
            value = item.raw("value")
            item.done()
        if isinstance(value, bool) or value is None:
            self.problems.add("table-absent-cell", line, column=column.name)
            return Cell(None, "absent", line=line)
        if isinstance(value, str):
            if value not in STATES and not value.startswith("rule: "):
                self.problems.add(
                    "table-cell",
                    line,
                    column=column.name,
                    found=value,
                    expected=", ".join((*STATES, "rule: …")),
                )
            return Cell(None, value.split(":")[0], evidence, source, value.removeprefix("rule: "), line=line, **extra)
        if isinstance(value, Map | Items):
            self.problems.add("table-cell", line, column=column.name, found="…", expected="number")
            return Cell(None, "absent", line=line)
        return Cell(exact(value), "number", evidence, source, str(value), line=line, **extra)

    def _unique(self, rows: tuple[Row, ...]) -> None:
        seen: dict[str, int] = {}
        for row in rows:
            name = json.dumps({key: str(value) for key, value in row.match.items()}, sort_keys=True)
            if not row.listed and name in seen:
                self.problems.add("table-duplicate-row", row.line, row=row.name(), first=seen[name])
            seen.setdefault(name, row.line)


def _weaker(own: str, inherited: str) -> bool:
    """Whether a figure is graded as unseen within something that was seen: the source of the rest is not its own."""
    return own == EVIDENCE[-1] != inherited
