"""What a saved kWh comes to: standard coal by GB/T 2589, the grid factor entered or decided for a place, a price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._equipment.record import Terms
from carbonstd._errors import CaseError
from carbonstd._factor.factor import NATIONAL, Question, answer, words
from carbonstd._factor.figure import Figure
from carbonstd._findings import Severity, finding
from carbonstd._units import convertible, unit

_COAL, _ROW, _COLUMN = "energy/gbt-2589", "electricity", "coal_equivalent"
_GRID = "kgCO2/kWh"
_SOURCES: dict[str, Bilingual] = {
    "own": {"zh": "{table} {row}，体系：{regime}", "en": "{table}, {row}, under {regime}"},
    "other": {
        "zh": "{table} {row}，体系：{regime}；该体系取“{row}”的因子，未用“{place}”的，换体系用 --regime",
        "en": "{table}, {row}, under {regime}: these rules take {row}, not {place}; --regime names others",
    },
}


@dataclass(frozen=True)
class Grid:
    """Where a grid factor is looked up: a key of `provinces`, the accounting year, the regime whose rule decides."""

    year: int
    regime: str
    place: str = NATIONAL


def terms(library: Library, as_of: date, grid: Grid | float | None = None, price: float | None = None) -> Terms:
    """What savings are valued by; `grid` in kgCO2/kWh or where to look it up, `price` in yuan/kWh.

    Raises CaseError where no factor is decided for the place, year and regime.
    """
    table = library.table(_COAL)
    row = next(index for index, item in enumerate(table.rows) if item.match["energy"] == _ROW)
    coal = float(table.cell(row, _COLUMN).value or 0)
    source = f"{table.document.number} {table.clause}"
    if isinstance(grid, Grid):
        factor, named = _decided(library, as_of, grid)
        return Terms(coal, source, factor, named, price)
    return Terms(coal, source, grid, price=price)


def _decided(library: Library, as_of: date, grid: Grid) -> tuple[float, Bilingual]:
    """The factor of a place and year in kgCO2/kWh, and its table, row and regime. Raises CaseError."""
    question = Question("electricity", grid.year, grid.regime, as_of, grid.place)
    found = answer(question, library)
    figure = found.figures[0] if len(found.figures) == 1 else None
    factor = None if figure is None else convertible(figure.unit, unit(_GRID))
    if figure is None or figure.value is None or factor is None:
        errors = [item for item in found.findings if item.severity is Severity.ERROR]
        told = {"place": grid.place, "year": str(grid.year), "regime": grid.regime}
        raise CaseError(findings=errors or [finding("equipment-no-grid-factor", "--region", **told)])
    return float(Fraction(figure.value) * factor), _source(question, figure, library)


def _source(question: Question, figure: Figure, library: Library) -> Bilingual:
    """Table, row and regime; where the regime takes the factor of another place than was typed, that it does."""
    asked, part = words(question, library), "other" if figure.row != question.place else "own"
    return in_both(
        lambda language: _SOURCES[part][language].format(
            table=figure.table, row=figure.label[language], place=asked["subject"][language],
            regime=asked["regime"][language],
        )
    )  # fmt: skip
