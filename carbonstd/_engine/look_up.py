"""Look-ups: the row of a table for every combination of keys, in the edition that holds there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import Period
from carbonstd._definitions.table import Table
from carbonstd._engine.array import Array
from carbonstd._engine.usage import Usage
from carbonstd._engine.within import key_text
from carbonstd._findings import finding
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from carbonstd._language.shape import ENTITY, SCALAR, Frame
from carbonstd._ledger.arithmetic import NAN

if TYPE_CHECKING:
    from carbonstd._engine.run import Run


@dataclass
class FoundRows:
    """Rows found before by label, and for one column of labels; copies of a run share them."""

    of_labels: dict[tuple[str, int, str], NDArray[np.int64]] = field(default_factory=dict)
    of_columns: dict[tuple[str, int, str, int], tuple[NDArray[np.int64], NDArray[Any]]] = field(default_factory=dict)


def look_up(run: Run, node: ex.Lookup, keys: Sequence[Array], what: str, rows_of: str = "") -> Array:
    """Find a row for every combination of keys. NaN (or label -1) where no row or no number answers.

    `rows_of` names the sheet whose rows ask, each in its month, though the keys are the same for all.
    """
    if rows_of and run.entities:
        keys = [_at_rows(run, key, rows_of) for key in keys]
    wide = max(keys, key=lambda key: (key.frame.sheet is not None, len(key.frame.axes), len(key.data)), default=None)
    asked = len(wide.data) if wide is not None else 1
    frame, at, count = _frame(run, wide, asked, rows_of)
    which = _editions(run, node.table, frame, count)
    rows = _rows(run, node.table, which, keys, asked, count)
    names = tuple(printed(key) for key in node.keys or ())
    run.usages.setdefault(what, []).append(Usage(node.table, node.column, frame, which, rows, names, at=at))
    tables = [segment.table for segment in run.segments[node.table]]
    column, everywhere = tables[0].columns[node.column], wide is not None and wide.everywhere
    if column.axis:
        return _along(run, node, which, rows, column.axis)
    if column.text:
        name = f"{tables[0].family}.{node.column}"
        codes = [np.append(run.axes.encode(name, table.texts(node.column)), -1) for table in tables]
        return Array(_read(codes, which, rows), frame, at, -1, name, everywhere)
    numbers = [_numbers(table, node.column, run.exact) for table in tables]
    return Array(_read(numbers, which, rows), frame, at, everywhere=everywhere)


def _at_rows(run: Run, key: Array, sheet: str) -> Array:
    """A key of each entity at the rows of a sheet."""
    return (
        replace(key, data=key.data[run.ledger[sheet].codes[ENTITY]], frame=Frame(sheet))
        if key.keys is not None
        else key
    )


def _frame(run: Run, wide: Array | None, asked: int, rows_of: str) -> tuple[Frame, NDArray[np.int64] | None, int]:
    """Over what a look-up runs: the frame, its keys and how many values it has."""
    if rows_of:
        return Frame(rows_of), None, run.ledger[rows_of].rows
    if wide is None or wide.frame.scalar:
        return (*run.entity_frame, run.entities) if run.entities else (SCALAR, None, asked)
    return wide.frame, wide.keys if wide.frame.axes else None, asked


def _read(values: Sequence[NDArray[Any]], which: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[Any]:
    """What stands in the rows found, of the values of each edition; the last of them where no row was."""
    if len(values) == 1:
        return np.asarray(values[0][rows])
    result = np.full(len(rows), values[0][-1], dtype=values[0].dtype)
    for index, held in enumerate(values):
        here = which == index
        result[here] = held[rows[here]]
    return result


def _numbers(table: Table, column: str, exact: bool) -> NDArray[Any]:
    """A column of a table, and NaN behind it."""
    if not exact:
        return np.append(table.numbers(column), NAN)
    cells = [table.cell(row, column).value for row in range(len(table.rows))]
    return np.array([*(NAN if value is None else value for value in cells), NAN], dtype=object)


def _along(run: Run, node: ex.Lookup, which: NDArray[np.int64], rows: NDArray[np.int64], axis: str) -> Array:
    """What the rows found hold along an axis: one row for all, or one for each entity."""
    places = list(zip(which.tolist(), rows.tolist(), strict=True))
    tables = [segment.table for segment in run.segments[node.table]]
    along = {(at, row): _over_axis(run, tables[at], row, node.column, axis) for at, row in set(places)}
    found = [along[place] for place in places]
    return _side_by_side(run, found, axis) if run.entities else found[0]


def _over_axis(run: Run, table: Table, row: int, column: str, axis: str) -> Array:
    """The cells of a row along an axis. A dash is no level: it stands at no key, so nothing is compared with it."""
    labels = table.labels(axis)
    cells = {label: table.cell(row, column, label) if row >= 0 else None for label in labels}
    held = {label: cell.value if cell else None for label, cell in cells.items() if not (cell and cell.none)}
    codes = np.array([run.axes.code(axis, label) for label in held], dtype=np.int64)
    order = np.argsort(codes)
    data = np.array([NAN if value is None else value for value in held.values()], dtype=object)
    return Array((data if run.exact else data.astype(np.float64))[order], Frame(axes=(axis,)), codes[order])


def _side_by_side(run: Run, arrays: Sequence[Array], axis: str) -> Array:
    """What each entity has along an axis, as one array."""
    codes = [array.keys for array in arrays if array.keys is not None]
    entities = np.repeat(np.arange(run.entities), [len(item) for item in codes])
    keys = run.axes.ravel((ENTITY, axis), [entities, np.concatenate(codes)])
    return replace(
        arrays[0],
        data=np.concatenate([array.data for array in arrays]),
        frame=Frame(axes=(ENTITY, axis)),
        keys=keys,
    )


def _rows(
    run: Run, slot: str, which: NDArray[np.int64], keys: Sequence[Array], asked: int, count: int
) -> NDArray[np.int64]:
    """The table row that answers each row of the frame, in the edition that holds for it."""
    segments = run.segments[slot]
    if len(segments) == 1:
        return np.broadcast_to(_find(run, slot, 0, segments[0].table, keys, asked), (count,))
    rows = np.full(count, -1, dtype=np.int64)
    for index in np.unique(which):
        found = _find(run, slot, int(index), segments[int(index)].table, keys, asked)
        rows = np.where(which == index, np.broadcast_to(found, (count,)), rows)
    return rows


def _editions(run: Run, slot: str, frame: Frame, count: int) -> NDArray[np.int64]:
    """Which edition holds in each row of the frame, by its month."""
    segments = run.segments[slot]
    if len(segments) == 1:
        return np.broadcast_to(np.int64(0), (count,))
    if frame.sheet is None or "month" not in run.ledger[frame.sheet].codes:
        edition_untold(run, slot)
        return np.full(count, len(segments) - 1, dtype=np.int64)
    codes = run.ledger[frame.sheet].codes["month"]
    months = [Period.parse(month) for month in [*run.axes.labels.get("month", []), ""]]  # the last for code -1
    if any(months[int(code)] is None for code in np.unique(codes)):
        edition_untold(run, slot)
    starts = [month.start if month else segments[-1].start for month in months]
    table = [max((i for i, item in enumerate(segments) if item.start <= start), default=0) for start in starts]
    return np.array(table, dtype=np.int64)[codes]


def edition_untold(run: Run, slot: str) -> None:
    """Say that no month tells which of several editions is meant."""
    held = ", ".join(item.table.id for item in run.segments[slot])
    run.findings.append(finding("edition-needs-months", slot, held=held))


def _find(run: Run, slot: str, index: int, table: Table, keys: Sequence[Array], count: int) -> NDArray[np.int64]:
    if not keys:
        return np.zeros(count, dtype=np.int64)
    if len(keys) == 1 and keys[0].labels:
        return _by_label(run, slot, index, table, keys[0])
    columns = [np.broadcast_to(np.asarray(run.plain(key), dtype=object), (count,)) for key in keys]
    cache: dict[tuple[Any, ...], int] = {}
    found = np.full(count, -1, dtype=np.int64)
    for row, values in enumerate(zip(*columns, strict=True)):
        if values not in cache:
            cache[values] = _row(run, table, values)
        found[row] = cache[values]
    return found


def _by_label(run: Run, slot: str, index: int, table: Table, key: Array) -> NDArray[np.int64]:
    """The row for each label; several columns are looked up by the same label column, and their rows found once."""
    assert key.labels
    place = (slot, index, key.labels, id(key.data))
    rows, kept = run.found.of_columns.get(place, (key.data, None))
    if kept is not key.data:  # an id is of one array as long as that is kept, but another's in another process
        rows = np.append(_label_map(run, slot, index, table, key.labels), -1)[key.data]
        run.found.of_columns[place] = rows, key.data
    return rows


def _label_map(run: Run, slot: str, index: int, table: Table, labels: str) -> NDArray[np.int64]:
    known = run.axes.labels.get(labels, [])
    cached = run.found.of_labels.get((slot, index, labels))
    if cached is None or len(cached) != len(known):
        cached = np.array([_row(run, table, (label,)) for label in known], dtype=np.int64)
        run.found.of_labels[slot, index, labels] = cached
    return cached


def _row(run: Run, table: Table, values: tuple[Any, ...]) -> int:
    """The one row for a value of each key, -1 where there is none; two rows are a finding.

    A value may be missing where the row leaves that key out.
    """
    hits = table.find(tuple(None if value != value else value for value in values))
    if len(hits) > 1:
        text = ", ".join(map(key_text, values))
        run.findings.append(finding("ambiguous-row", table.id, keys=text, count=len(hits)))
    return hits[0] if len(hits) == 1 else -1
