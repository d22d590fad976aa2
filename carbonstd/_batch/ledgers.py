"""The ledgers of many entities: a head for each, and each sheet once, with the rows of all behind one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import blank
from carbonstd._findings import Finding


class Labels(Sequence[Any]):
    """A column as codes of its different cells; -1 is a blank. A slice has the cells of its rows alone."""

    def __init__(self, codes: NDArray[np.int64], categories: list[Any]) -> None:
        self.codes, self.categories = codes, categories

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice | np.ndarray):
            code = self.codes[index]
            return None if code < 0 else self.categories[code]
        codes = self.codes[index].tolist()
        held = sorted(set(codes) - {-1})  # of a few rows in a tenth of the time that numpy takes
        place = {-1: -1} | {code: number for number, code in enumerate(held)}
        own = np.fromiter(map(place.__getitem__, codes), dtype=np.int64, count=len(codes))
        return Labels(own, [self.categories[code] for code in held])


def vacant(cells: Any) -> bool:
    """Whether a column holds nothing at all."""
    if isinstance(cells, Labels):
        return bool((cells.codes < 0).all())
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
        return bool(np.isnan(cells).all())
    return all(map(blank, cells))


def part(cells: Any, start: int, end: int) -> Any:
    """Some rows of a column; a mixed column that has but numbers there is a column of numbers."""
    held = cells[start:end]
    if isinstance(held, np.ndarray) and held.dtype == object and all(type(cell) is float for cell in held):
        return held.astype(np.float64)
    return held


@dataclass(frozen=True)
class Head:
    """An entity: its key, the case without sheets (None where it could not be read, which `findings` say).

    `groups` are labels to sum by, such as its province; `said` holds name, methods, period and day of an entity whose
    case could not be made, so that it is missed where it belongs.
    """

    entity: str
    case: Case | None
    groups: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """What the entity is called."""
        return {self.case.title("zh"), self.case.title("en")} if self.case else {self.said.get("name", "")}


@dataclass
class Ledgers:
    """`owners[sheet]` holds the place in `heads` of the entity each row belongs to, ascending."""

    heads: list[Head]
    sheets: dict[str, RawSheet]
    owners: dict[str, NDArray[np.int64]]

    def as_of(self, day: date | None) -> Ledgers:
        """All with the data of one day, where one was typed for all."""
        if day is None:
            return self
        return replace(
            self, heads=[replace(head, case=head.case and replace(head.case, as_of=day)) for head in self.heads]
        )

    def case(self, index: int) -> Case:
        """The case of one entity, its rows as slices of the sheets; a column that is blank in them is another's."""
        case = self.heads[index].case
        assert case is not None
        return replace(case, sheets=dict(self._sheets(index)), findings=[*case.findings])

    def of(self, places: Sequence[int]) -> tuple[dict[str, RawSheet], dict[str, NDArray[np.int64]]]:
        """The rows of some entities, and which of `places` (ascending) each is of."""
        number = np.full(len(self.heads), -1, dtype=np.int64)
        number[places] = np.arange(len(places))
        sheets, owners = {}, {}
        for name, raw in self.sheets.items():
            of = number[self.owners[name]]
            rows = np.flatnonzero(of >= 0)
            if len(rows):
                columns = {column: _taken(cells, rows) for column, cells in raw.columns.items()}
                filled = {column: cells for column, cells in columns.items() if not vacant(cells)}
                sheets[name], owners[name] = RawSheet(filled or columns, _Chosen(raw.place, rows)), of[rows]
        return sheets, owners

    def _sheets(self, index: int) -> Iterable[tuple[str, RawSheet]]:
        for name, raw in self.sheets.items():
            start, end = np.searchsorted(self.owners[name], [index, index + 1])
            if end > start:
                columns = {column: part(cells, int(start), int(end)) for column, cells in raw.columns.items()}
                filled = {column: cells for column, cells in columns.items() if not vacant(cells)}
                yield name, RawSheet(filled or columns, _Offset(raw.place, int(start)))


def _taken(cells: Any, rows: NDArray[np.int64]) -> Any:
    return [cells[row] for row in rows.tolist()] if isinstance(cells, list | tuple) else cells[rows]


@dataclass(frozen=True)
class _Chosen:
    """The places of some rows of a sheet."""

    place: Callable[[str, int], str]
    rows: NDArray[np.int64]

    def __call__(self, column: str, row: int) -> str:
        return self.place(column, int(self.rows[row]))


@dataclass(frozen=True)
class _Offset:
    """The places of a slice. A class and not a closure: results pickle."""

    place: Callable[[str, int], str]
    start: int

    def __call__(self, column: str, row: int) -> str:
        return self.place(column, self.start + row)


def together(heads: Sequence[Head]) -> Ledgers:
    """The ledgers of entities whose cases hold their own sheets, as workbooks do."""
    names = dict.fromkeys(name for head in heads if head.case for name in head.case.sheets)
    sheets, owners = {}, {}
    for name in names:
        held = [(index, raw) for index, head in enumerate(heads) if head.case and (raw := head.case.sheets.get(name))]
        sizes = [raw.rows for _, raw in held]
        columns = dict.fromkeys(column for _, raw in held for column in raw.columns)
        cells: dict[str, list[Any]] = {
            column: [cell for _, raw in held for cell in raw.columns.get(column, [None] * raw.rows)]
            for column in columns
        }
        starts = np.concatenate(([0], np.cumsum(sizes)))
        sheets[name] = RawSheet(cells, _Joined(tuple(raw.place for _, raw in held), tuple(map(int, starts))))
        owners[name] = np.repeat(np.array([index for index, _ in held], dtype=np.int64), sizes)
    bare = [replace(head, case=replace(head.case, sheets={})) if head.case else head for head in heads]
    return Ledgers(bare, sheets, owners)


@dataclass(frozen=True)
class _Joined:
    """The places of sheets behind one another."""

    places: tuple[Callable[[str, int], str], ...]
    starts: tuple[int, ...]

    def __call__(self, column: str, row: int) -> str:
        at = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.places[at](column, row - self.starts[at]) if at < len(self.places) else ""
