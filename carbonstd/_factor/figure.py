"""One cell of a table as an answer shows it: its row in words, its unit, its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from carbonstd._definitions.library import Library
from carbonstd._definitions.row_words import row_words
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Cell, Row, Table, TableColumn
from carbonstd._number import shown
from carbonstd._units import unit

_PER_FUEL = ("net_calorific_value", "carbon_content", "oxidation_factor")
_PER_QUANTITY = ("tCO2/t", "tCO2/1e4 m^3")


@dataclass(frozen=True)
class Figure:
    """One cell of one edition. `value` is exact, and None where the cell holds no number."""

    table: str
    row: str
    label: Bilingual
    column: str
    column_label: Bilingual
    value: Fraction | None
    text: str
    unit: str
    state: str
    evidence: str
    source: Bilingual
    data_period: str = ""
    span: str = ""  # the part of the year it holds for, where the edition changes inside it

    @property
    def family(self) -> str:
        return self.table.split("@")[0]

    @property
    def edition(self) -> str:
        return self.table.split("@")[1]

    @property
    def usable(self) -> bool:
        return self.value is not None and self.evidence != "recalled"


def figure(table: Table, row: Row, column: TableColumn, cell: Cell, library: Library, span: str = "") -> Figure:
    """A cell as an answer shows it."""
    period = str(table.data_period) if table.data_period else ""
    unit_text = "" if column.text else table.unit(table.rows.index(row), column.name).text
    return Figure(
        table.id, row.name(), row_words(table, row, library), column.name, dict(column.label), cell.value, cell.text,
        unit_text, cell.state, cell.evidence, cell.source, period, span,
    )  # fmt: skip


def plain_cells(table: Table, row: Row) -> list[tuple[TableColumn, Cell]]:
    """The cells of a row that are no text and run over no axis."""
    cells = [(table.columns[name], cell) for name, cell in row.cells.items()]
    return [(column, cell) for column, cell in cells if isinstance(cell, Cell) and not column.text]


def per_fuel(table: Table, row: Row, library: Library, span: str) -> list[Figure]:
    """Carbon dioxide of a quantity of fuel, from its three printed parameters: derived here, printed nowhere."""
    index = table.rows.index(row)
    cells = [row.cells.get(name) for name in _PER_FUEL]
    numbers = [cell for cell in cells if isinstance(cell, Cell) and cell.value is not None]
    units = [table.stated_unit(index, name) for name in _PER_FUEL if name in table.columns]
    if len(numbers) < len(_PER_FUEL) or None in units or any(cell.evidence == "recalled" for cell in numbers):
        return []
    product, whole = Fraction(44, 12), unit("tCO2/tC")
    for cell, written in zip(numbers, units, strict=True):
        product, whole = product * (cell.value or 0), whole * (written or whole)
    wanted = next((unit(text) for text in _PER_QUANTITY if unit(text).dimension == whole.dimension), None)
    if wanted is None:
        return []
    value = product * whole.factor_to(wanted)
    label = {"zh": "单位燃料排放（三者之积×44/12）", "en": "emissions per quantity (their product x 44/12)"}
    return [
        Figure(
            table.id, row.name(), row_words(table, row, library), "emission_factor", label, value, shown(value),
            wanted.text, "number", "derived", {}, str(table.data_period or ""), span,
        )
    ]  # fmt: skip
