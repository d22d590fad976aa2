"""Sources of a sheet that may be one: their names are a slip apart, and the months of one are those the other lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import month_spans
from carbonstd._findings import Finding, finding
from carbonstd._ledger.axes import Axes, first_rows
from carbonstd._ledger.ledger import SheetData
from carbonstd._ledger.month_rows import source_labels
from carbonstd._near import slip

MOST = 300  # sources compared; of more that lack months nobody would read the names


def split_sources(data: SheetData, axes: Axes, months: Sequence[str]) -> Iterator[Finding]:
    """Of sources without activity in some months several may be one, called in several ways. Its numbers are read."""
    names = source_labels(data.sheet)
    if data.complete and not _idle(data).any():
        return
    found = _activity(data, names, axes, months)
    if found is None:
        return
    short = np.flatnonzero(found.short)
    short = short[np.argsort(first_rows(found.source, len(found.keys))[short])][:MOST]  # in the order of their rows
    sources, held = [axes.named(names, int(found.keys[place])) for place in short], found.held[short]
    columns = [data.sheet.columns[name] for name in names]
    typed = [place for place, column in enumerate(columns) if not column.vocabulary]  # of a list each is another
    for split in splits(sources, held, typed):
        named = [(sources[place][split.label], _spans(held[place], months)) for place in split.sources]
        told = {
            "zh": "、".join(f"“{name}”（{spans}）" for name, spans in named),
            "en": ", ".join(f"“{name}” ({spans})" for name, spans in named),
        }
        yield finding("source-split", data.sheet.id, column=columns[split.label].label, names=told)


def _spans(held: NDArray[np.bool_], months: Sequence[str]) -> str:
    return month_spans([month for month, there in zip(months, held, strict=True) if there])


def rows_of_short(data: SheetData, names: Sequence[str], axes: Axes, months: Sequence[str]) -> NDArray[np.bool_]:
    """The rows of sources without activity in some months, told apart by these labels. Shape (rows,)."""
    rows, found = np.zeros(data.rows, dtype=bool), _activity(data, names, axes, months)
    if found is not None:
        rows[found.rows] = found.short[found.source]
    return rows


class _Activity(NamedTuple):
    """Rows with activity, the source of each, the sources, and the months each has, of shape (sources, months)."""

    rows: NDArray[np.bool_]
    source: NDArray[np.int64]
    keys: NDArray[np.int64]
    held: NDArray[np.bool_]

    @property
    def short(self) -> NDArray[np.bool_]:
        """Sources with some of the months and not all."""
        return np.logical_and(self.held.any(axis=1), ~self.held.all(axis=1))


def _activity(data: SheetData, names: Sequence[str], axes: Axes, months: Sequence[str]) -> _Activity | None:
    if "month" not in data.codes or not names:
        return None
    rows = ~_idle(data)
    for name in (*names, "month"):
        rows &= data.codes[name] >= 0
    if not rows.any():
        return None
    source, keys = axes.occurring(names, [data.codes[name][rows] for name in names])
    held = np.zeros((len(keys), axes.size("month") + 1), dtype=bool)  # the last column: a month never met
    held[source, data.codes["month"][rows]] = True
    return _Activity(rows, source, keys, held[:, [axes.known("month", month) for month in months]])


def _idle(data: SheetData) -> NDArray[np.bool_]:
    """Rows whose quantities are 0, as a month without activity is typed. Shape (rows,)."""
    zero, other = np.zeros(data.rows, dtype=bool), np.zeros(data.rows, dtype=bool)
    for name, values in data.numbers.items():
        if not data.sheet.columns[name].unit.ratio:
            zero |= values == 0
            other |= (values != 0) & ~np.isnan(values)
    return zero & ~other


class Split(NamedTuple):
    """Sources by their places, and the place of the label in which they differ."""

    sources: tuple[int, ...]
    label: int


def splits(sources: Sequence[Sequence[str]], held: NDArray[np.bool_], typed: Sequence[int]) -> Iterator[Split]:
    """Sources that may be one typed in several ways, all other labels being equal.

    `held` says which months each has, of shape (sources, months); `typed` are the places of labels that no list bounds.
    """
    for at in typed:
        alike = defaultdict[tuple[str, ...], list[int]](list)
        for place, labels in enumerate(sources):
            alike[(*labels[:at], *labels[at + 1 :])].append(place)
        for places in alike.values():
            for group in _groups(places, [sources[place][at] for place in places], held):
                if (held[group].sum(axis=0) == 1).all():
                    yield Split(tuple(group), at)


def _groups(places: Sequence[int], names: Sequence[str], held: NDArray[np.bool_]) -> list[list[int]]:
    """Several that hang together: a name is a slip away from another one, and no month is in both."""
    months = [int.from_bytes(np.packbits(held[place]).tobytes()) for place in places]
    of = {place: [place] for place in places}
    for one, other in combinations(range(len(places)), 2):
        first, second = of[places[one]], of[places[other]]
        if first is not second and not months[one] & months[other] and slip(names[one], names[other]):
            first += second
            of.update(dict.fromkeys(second, first))
    return [sorted(group) for place, group in of.items() if len(group) > 1 and group[0] == place]
