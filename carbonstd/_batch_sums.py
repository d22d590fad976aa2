"""Sums over the entities of a batch: by method and total, in all and by the groups asked for.

A sum is exact until it is rounded once, so that it hangs neither on the order nor on the size of the chunks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum, inf, isinf
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from carbonstd._batch_outcome import SHARES

if TYPE_CHECKING:
    import pandas as pd

STATES = ("done", "failed", "refused")
Key = tuple[str, str, str, str]  # method, period, label that is summed by, group
_KEY = ("method", "period", "by", "group")
_TOTAL = ["id", "label_zh", "label_en", "unit", "gwp", "adds_up"]
_TEXT, _NUMBER, _COUNT = pa.string(), pa.float64(), pa.int64()
SUMMARY = pa.schema(
    [
        ("method", _TEXT),
        ("period", _TEXT),  # figures of other periods are not added either
        ("by", _TEXT),  # the label that is summed by; empty for all entities
        ("group", _TEXT),
        *((name, _COUNT) for name in ("entities", *STATES)),
        *((name, _TEXT) for name in ("id", "label_zh", "label_en")),
        ("sum", _NUMBER),  # none where figures do not add up, as intensities: they have their range alone
        ("lowest", _NUMBER),
        ("highest", _NUMBER),
        ("unit", _TEXT),
        ("gwp", _TEXT),
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
            if isinf(rest):
                break

    @property
    def value(self) -> float:
        return fsum(self.parts)


@dataclass
class Total:
    """One total over entities; `weights` the size of its figures by status, where it is the primary one."""

    value: ExactSum = field(default_factory=ExactSum)
    lowest: float = inf
    highest: float = -inf
    size: ExactSum = field(default_factory=ExactSum)
    weights: dict[str, ExactSum] = field(default_factory=lambda: {name: ExactSum() for name in SHARES})

    def add(self, values: Sequence[float]) -> None:
        self.value.add(values)
        self.lowest, self.highest = min(self.lowest, *values), max(self.highest, *values)

    def row(self, adds_up: bool) -> dict[str, float | None]:
        found = {"sum": self.value.value if adds_up else None, "counted": self.value.count}
        found |= {"lowest": self.lowest, "highest": self.highest}
        return found | (self.shares() if adds_up else {})

    def shares(self) -> dict[str, float | None]:
        size = self.size.value
        return {f"share_{name}": held.value / size if size else None for name, held in self.weights.items()}


class Sums:
    """What a batch adds up to, part after part. `by` are labels of entities to sum by, each for itself."""

    def __init__(self, by: Iterable[str] = ()) -> None:
        self.by = ("", *dict.fromkeys(by))
        self.states: Counter[str] = Counter()  # entities, by the worst of their methods
        self.runs: dict[Key, Counter[str]] = {}
        self.totals: dict[Key, dict[tuple[Any, ...], Total]] = {}
        self.labels: set[str] = set()

    def add(self, entities: pa.Table, totals: pa.Table) -> None:
        groups = [dict(item or ()) for item in entities["groups"].to_pylist()]
        runs = entities.drop_columns(["groups"]).to_pandas()
        figures = totals.to_pandas()
        figures = figures[figures["value"].notna()]
        worst = runs["state"].map(STATES.index).groupby(runs["entity"], sort=False).max()
        self.states.update(STATES[index] for index in worst)
        self.labels.update(label for group in groups for label in group)
        for label in self.by:
            runs["group"] = [group.get(label) or "" for group in groups]
            counted = Counter(zip(*(runs[name] for name in ("method", "period", "group", "state")), strict=True))
            for (method, period, group, state), count in counted.items():
                self.runs.setdefault((method, period, label, group), Counter())[state] += count
            self._add(label, runs, figures)

    def _add(self, label: str, runs: pd.DataFrame, figures: pd.DataFrame) -> None:
        shares = [f"share_{name}" for name in SHARES]
        whose = runs[["entity", "method", "period", "group", *shares]].drop_duplicates(["entity", "method"])
        merged = figures.merge(whose, on=["entity", "method"])
        keys = ["method", "period", "group", *_TOTAL]
        for (method, period, group, *total), rows in merged.groupby(keys, sort=False, dropna=False):
            reached = self.totals.setdefault((str(method), str(period), label, str(group)), {})
            held = reached.setdefault(tuple(map(_plain, total)), Total())
            held.add(rows["value"].tolist())
            whole = rows[rows["primary"]]  # the shares of an entity are those of its primary total
            size = whole["value"].abs()
            held.size.add(size.tolist())
            for name in SHARES:
                held.weights[name].add((size * whole[f"share_{name}"]).tolist())

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each total of each method, in all and by group; one without a total where none was reached."""
        order = {label: index for index, label in enumerate(self.by)}
        methods = {key[:2]: index for index, key in enumerate(self.runs)}
        for key in sorted(self.runs, key=lambda key: (order[key[2]], methods[key[:2]], key[3])):
            states = self.runs[key]
            head = dict(zip(_KEY, key, strict=True))
            counts = {"entities": states.total(), **{state: states[state] for state in STATES}}
            for total, held in self.totals.get(key, {(None,) * len(_TOTAL): None}).items():
                named = dict(zip(_TOTAL, total, strict=True))
                adds_up = named.pop("adds_up")
                yield {**head, **counts, **named, **(held.row(adds_up) if held else {})}

    def table(self) -> pa.Table:
        return pa.Table.from_pylist(list(self.rows()), SUMMARY)


def _plain(value: Any) -> Any:
    """A label of pandas as plain data: a missing one is None."""
    return None if value is None or value != value else value


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
        frame = findings.select(["entity", "severity", "code"]).to_pandas()
        for (severity, code), rows in frame.groupby(["severity", "code"], sort=False):
            kind = self.kinds.get((severity, code))
            if kind is None:
                first = findings.slice(int(rows.index[0]), 1).to_pylist()[0]
                kind = self.kinds[severity, code] = Kind(severity, code, first)
            kind.count += len(rows)
            kind.entities += rows["entity"].nunique()

    def frequent(self, count: int) -> list[Kind]:
        """The most frequent, errors first."""
        rank = ("error", "warning", "note")
        return sorted(self.kinds.values(), key=lambda kind: (rank.index(kind.severity), -kind.count, kind.code))[:count]
