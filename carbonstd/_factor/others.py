"""What else exists for a place or fuel beside the factor that holds: other calibers, years, families, regimes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from carbonstd._definitions.library import Library
from carbonstd._definitions.table import Row, Table
from carbonstd._factor.factor import NATIONAL, SUBJECTS, Answer, grids
from carbonstd._factor.figure import Figure, figure, plain_cells

_ONE_OF_MANY = {"item": "grid_average"}  # of a table of many items, the one that stands for electricity as such


def others(answer: Answer, library: Library) -> list[Figure]:
    """The figures known on the day asked for that are not the answer, by table; recalled ones among them."""
    question = answer.question
    given = {(item.table, item.row, item.column) for item in (*answer.figures, *answer.withheld)}
    found = []
    for header in library.table_headers.values():
        if header.level != SUBJECTS[question.subject] or not header.document.known_on(question.as_of):
            continue
        if header.published and header.published > question.as_of:
            continue
        table = library.table(header.id)
        for row in table.rows:
            if row.listed or not _concerns(row, table, answer, library):
                continue
            cells = [(column, cell) for column, cell in plain_cells(table, row) if cell.value is not None]
            shown = [figure(table, row, column, cell, library) for column, cell in cells]
            found += [item for item in shown if _is_factor(item, answer)]
    return [item for item in found if (item.table, item.row, item.column) not in given]


def by_family(figures: Sequence[Figure]) -> list[list[Figure]]:
    """Figures of one family and row together, oldest edition first."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for item in sorted(figures, key=lambda item: (year_of(item), item.table)):
        groups.setdefault((item.family, item.row), []).append(item)
    return list(groups.values())


def year_of(item: Figure) -> int:
    """The year of the data, else that of the edition, as far as the names tell; 0 where none does."""
    years = re.findall(r"\d{4}", item.data_period or item.edition)
    return int(years[-1]) if years else 0


def _is_factor(item: Figure, answer: Answer) -> bool:
    """Coal rates are no factors of emissions; what a fuel table holds is shown whole."""
    return answer.question.subject == "fuel" or "CO2" in item.unit


def _concerns(row: Row, table: Table, answer: Answer, library: Library) -> bool:
    question = answer.question
    for name, match in row.match.items():
        labels = {match} if isinstance(match, str) else set(match) if isinstance(match, tuple) else None
        if labels is None:
            continue
        if name in ("region", "grid"):
            wanted = {NATIONAL, question.place, *grids(name, question.place, library)}
        elif name in ("fuel", "energy"):
            wanted = {question.fuel}
        elif name in _ONE_OF_MANY and question.regime != "product-footprint":
            wanted = {_ONE_OF_MANY[name]}
        else:
            continue
        if not labels & wanted:
            return False
    if question.subject == "fuel":
        return any(name in row.match for name in ("fuel", "energy"))
    return True
