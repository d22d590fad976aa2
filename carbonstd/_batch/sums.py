"""Sums over the entities of a batch: by method and total, in all and by the groups asked for.

A sum is exact until it is rounded once, so that it hangs neither on the order nor on the size of the chunks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, inf, isfinite
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from carbonstd._batch.outcome import SHARES
from carbonstd._errors import CaseError
from carbonstd._findings import finding, is_structural

STATES = ("done", "failed", "refused")
_COUNTED = (*STATES, "unaccounted")
Key = tuple[str, str, str, str]  # method, period, label that is summed by, group
_KEY = ("method", "period", "by", "group")
_SIZE = "size"
_TOTAL = ["id", "label_zh", "label_en", "unit", "gwp", "boundary", "adds_up"]
_TEXT, _NUMBER, _COUNT = pa.string(), pa.float64(), pa.int64()
SUMMARY = pa.schema(
    [
        ("method", _TEXT),
        ("period", _TEXT),  # figures of other periods are not added either
        ("by", _TEXT),  # the label that is summed by; empty for all entities
        ("group", _TEXT),
        *((name, _COUNT) for name in ("entities", *_COUNTED)),
        *((name, _TEXT) for name in ("id", "label_zh", "label_en")),
        ("sum", _NUMBER),  # none where figures do not add up, as intensities: they have their range alone
        ("lowest", _NUMBER),
        ("highest", _NUMBER),
        ("largest", _TEXT),  # the entity with the largest figure, and its share of the size of all
        ("share_largest", _NUMBER),
        ("unit", _TEXT),
        ("gwp", _TEXT),
        ("boundary", _TEXT),  # what the entities chose their totals to take in; other choices are not added
        ("counted", _COUNT),  # how many entities report this total
        *((f"share_{name}", _NUMBER) for name in SHARES),
    ]
)


@dataclass
class ExactSum:
    """Numbers that add up exactly to what was added."""

    parts: list[float] = field(default_factory=list)
    count: int = 0

    def add(self, values: Sequence[float]) -> None:
        """`fsum` rounds the exact sum once; what that leaves over is kept as well, until nothing is left over."""
        added, self.parts = [*self.parts, *values], []
        self.count += len(values)
        while rest := fsum([*added, *(-part for part in self.parts)]):
            self.parts.append(rest)
            if not isfinite(rest):
                break

    @property
    def value(self) -> float:
        return fsum(self.parts)


@dataclass
class Total:
    """One total over entities; `weights` the size of its figures, in all, and by status where it is the primary one;
    `largest` the size of the largest of them and whose it is."""

    value: ExactSum = field(default_factory=ExactSum)
    lowest: float = inf
    highest: float = -inf
    largest: tuple[float, str] = (0.0, "")
    weights: dict[str, ExactSum] = field(default_factory=lambda: {name: ExactSum() for name in (_SIZE, *SHARES)})

    def add(self, values: Sequence[float]) -> None:
        self.value.add(values)
        self.lowest, self.highest = min(self.lowest, *values), max(self.highest, *values)

    def row(self, adds_up: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"sum": self.value.value if adds_up else None, "counted": self.value.count}
        found |= {"lowest": self.lowest, "highest": self.highest}
        return found | (self.shares() if adds_up else {})

    def shares(self) -> dict[str, Any]:
        """Nothing of a size of nothing; statuses of the primary total alone."""
        size, (most, whose) = self.weights[_SIZE].value, self.largest
        if not size:
            return {}
        found = {name: self.weights[name].value / size for name in SHARES if self.weights[name].count}
        return {
            "largest": whose,
            "share_largest": most / size,
            **({f"share_{name}": found.get(name, 0.0) for name in SHARES} if found else {}),
        }


def _state(states: set[str]) -> str:
    """What an entity's methods came to: refused where none gave a figure, partly where some did, else the worst."""
    if "refused" in states:
        return "refused" if len(states) == 1 else "partly"
    return "failed" if "failed" in states else "done"


class Sums:
    """What a batch adds up to, part after part. `by` are labels of entities to sum by, each for itself."""

    def __init__(self, by: Iterable[str] = ()) -> None:
        self.by = ("", *dict.fromkeys(by))
        self.states: Counter[str] = Counter()  # entities, by what their methods came to
        self.runs: dict[Key, Counter[str]] = {}
        self.totals: dict[Key, dict[tuple[Any, ...], Total]] = {}
        self.labels: set[str] = set()
        self._seen: set[tuple[str, str]] = set()

    def add(self, entities: pa.Table, totals: pa.Table) -> None:
        """Add a part. Raises CaseError where it has figures that were added before."""
        states: dict[str, set[str]] = {}
        runs: dict[tuple[str, str], tuple[dict[str, Any], list[Key]]] = {}
        for row in entities.to_pylist():
            groups = dict(row["groups"] or ())
            keys = [(row["method"], row["period"], label, groups.get(label) or "") for label in self.by]
            self._once(row)
            runs[row["entity"], row["method"]] = row, keys
            states.setdefault(row["entity"], set()).add(row["state"])
            self.labels.update(groups)
            for key in keys:
                counts = self.runs.setdefault(key, Counter())
                counts[row["state"]] += 1
                counts["unaccounted"] += bool(row["unaccounted"])
        self.states.update(map(_state, states.values()))
        self._add(runs, totals)

    def _once(self, row: Mapping[str, Any]) -> None:
        run = row["entity"], row["method"]
        if row["state"] == "refused":  # of no sum
            return
        if run in self._seen:
            raise CaseError(findings=[finding("batch-counted-twice", run[0], method=run[1])])
        self._seen.add(run)

    def _add(self, runs: Mapping[tuple[str, str], tuple[dict[str, Any], list[Key]]], totals: pa.Table) -> None:
        """Add the figures of a part, gathered first: an exact sum of many numbers costs little more than one of few."""
        found: dict[tuple[Key, tuple[Any, ...]], dict[str, list[float]]] = {}
        largest: dict[tuple[Key, tuple[Any, ...]], tuple[float, str]] = {}
        for row in totals.to_pylist():
            if (value := row["value"]) is None:
                continue
            run, keys = runs[row["entity"], row["method"]]
            figures = {"": value, _SIZE: abs(value)}
            if row["primary"]:  # the shares of an entity are those of its primary total
                figures |= {name: abs(value) * share for name in SHARES if (share := run[f"share_{name}"])}
            total = tuple(row[name] for name in _TOTAL)
            for key in keys:
                held = found.setdefault((key, total), {})
                largest[key, total] = max(largest.get((key, total), (0.0, "")), (abs(value), row["entity"]))
                for name, figure in figures.items():
                    held.setdefault(name, []).append(figure)
        for (key, total), numbers in found.items():
            held_total = self.totals.setdefault(key, {}).setdefault(total, Total())
            held_total.add(numbers.pop(""))
            held_total.largest = max(held_total.largest, largest[key, total])
            for name, values in numbers.items():
                held_total.weights[name].add(values)

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each total of each method, in all and by group; one without a total where none was reached."""
        order = {label: index for index, label in enumerate(self.by)}
        methods = {key: index for index, key in enumerate(dict.fromkeys(key[:2] for key in self.runs))}
        for key in sorted(self.runs, key=lambda key: (order[key[2]], methods[key[:2]], key[3])):
            states = self.runs[key]
            head = dict(zip(_KEY, key, strict=True))
            counts = {"entities": sum(states[state] for state in STATES), **{name: states[name] for name in _COUNTED}}
            for total, held in self.totals.get(key, {(None,) * len(_TOTAL): None}).items():
                named = dict(zip(_TOTAL, total, strict=True))
                adds_up = named.pop("adds_up")
                yield {**head, **counts, **named, **(held.row(adds_up) if held else {})}

    def table(self) -> pa.Table:
        return pa.Table.from_pylist(list(self.rows()), SUMMARY)


def indirect_in(lines: pa.Table) -> list[str]:
    """The methods of lines of purchased energy or of scope 3, which may be direct emissions of another entity."""
    held = pc.and_(pc.is_in(lines["scope"], pa.array(["2", "3"])), pc.not_equal(lines["value"], 0))
    return list(lines["method"].filter(held).unique().to_pylist())


@dataclass
class Kind:
    """Findings of one code: how many, of how many entities, and the first."""

    severity: str
    code: str
    first: dict[str, Any]
    count: int = 0
    entities: int = 0


class Tally:
    """The findings of a batch by code."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str], Kind] = {}

    def add(self, findings: pa.Table) -> None:
        last: dict[tuple[str, str], str] = {}  # the findings of an entity stand together
        columns = (findings[name].to_pylist() for name in ("severity", "code", "entity"))
        for place, (severity, code, entity) in enumerate(zip(*columns, strict=True)):
            key = severity, code
            if key not in self.kinds:
                self.kinds[key] = Kind(severity, code, findings.slice(place, 1).to_pylist()[0])
            self.kinds[key].count += 1
            self.kinds[key].entities += last.get(key) != entity
            last[key] = entity

    def frequent(self, count: int) -> list[Kind]:
        """The most frequent, errors first and of these what refuses whole files, for the others may come of it."""
        rank = ("error", "warning", "note")

        def weight(kind: Kind) -> tuple[int, bool, int, str]:
            return rank.index(kind.severity), not is_structural(kind.code), -kind.count, kind.code

        return sorted(self.kinds.values(), key=weight)[:count]
