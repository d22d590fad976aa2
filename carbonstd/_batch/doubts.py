"""What a person should look at before the sums of a batch are used.

An entity that stands there twice, one that outweighs all others, entities of another period than the one asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from carbonstd._batch.outcome import SCHEMAS, finding_row
from carbonstd._batch.sums import STATES
from carbonstd._definitions.document import Period
from carbonstd._findings import Finding, finding

_FEW = 5  # entities of which any may well be the largest by far
_HALF, _MANY_TIMES = 0.5, 20  # of the sum; the mean of the others


class Doubts:
    """Looks at the entities of a batch, part after part. `period` is the one typed for all."""

    def __init__(self, period: str = "") -> None:
        self.period = str(Period.parse(period) or "")  # as entities tell theirs
        self._first: dict[tuple[str, str, str], str] = {}  # the entity that was the first of its code, or name
        self._twice: list[Finding] = []
        self._others: dict[str, tuple[str, int]] = {}  # by period: the first entity, and how many

    def add(self, entities: pa.Table) -> None:
        for row in entities.select(["entity", "method", "name", "period", "state", "groups"]).to_pylist():
            if row["period"] and row["period"] != self.period:
                first, count = self._others.get(row["period"], (row["entity"], 0))
                self._others[row["period"]] = first, count + 1
            who = dict(row["groups"] or ()).get("code") or row["name"]
            if who and row["state"] != STATES[-1]:
                first = self._first.setdefault((row["method"], row["period"], who), row["entity"])
                if first != row["entity"]:
                    told = {"method": row["method"], "period": row["period"]}
                    self._twice.append(finding("entity-alike", row["entity"], other=first, who=who, **told))

    def findings(self, summary: Iterable[Mapping[str, Any]]) -> list[Finding]:
        others = self._others if self.period else {}
        return [
            *self._twice,
            *(item for row in summary if not row["by"] for item in _outweighs(row)),
            *(
                finding("batch-period-other", "--period", asked=self.period, found=found, entity=first, count=count)
                for found, (first, count) in others.items()
            ),
        ]


def told_of_all(findings: Iterable[Finding]) -> pa.Table:
    """What is told of a batch as rows: of the entity that is the place, where a method says so, else of none."""
    rows = []
    for item in findings:
        method = str(item.values.get("method", ""))
        rows.append(finding_row(item, {"entity": item.place if method else "", "method": method}))
    return pa.Table.from_pylist(rows, SCHEMAS["findings"])


def _outweighs(row: Mapping[str, Any]) -> Iterator[Finding]:
    """Told of the primary total alone: of its parts, such as a fuel that one plant burns, it says nothing."""
    if row["share_default"] is None or row["counted"] < _FEW:
        return
    share = row["share_largest"]
    if share > _HALF and share * (row["counted"] - 1) > _MANY_TIMES * (1 - share):
        label = {language: row[f"label_{language}"] for language in ("zh", "en")}
        told = {"method": row["method"], "period": row["period"], "count": row["counted"]}
        yield finding("entity-outweighs", row["largest"], label=label, share=f"{share:.1%}", **told)
