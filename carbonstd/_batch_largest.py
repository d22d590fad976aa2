"""The totals of a batch as bars: the entities with the largest figures, and the groups that were summed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from carbonstd._batch_words import LABELS
from carbonstd._chart import Bar, Bars, largest
from carbonstd._findings import LANGUAGES
from carbonstd._number import shown
from carbonstd._report_html import Words
from carbonstd._schema import Bilingual, in_both

_MOST = 20  # bars, beside that of the others
_DIGITS = 6
Row = Mapping[str, Any]


def main_totals(rows: Sequence[Row]) -> list[Row]:
    """Of the rows of a summary those over all entities of the primary total of each method and period."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        if not row["by"] and row["id"]:
            key = row["method"], row["period"]
            if key not in found or (_primary(row) and not _primary(found[key])):
                found[key] = row
    return list(found.values())


def _primary(row: Row) -> bool:
    return row.get("share_measured") is not None  # the sums of the primary total alone have shares by status


def bars_of(rows: Sequence[Row], total: Row, totals: Iterable[pa.Table], number: int = 0) -> Iterator[Bars]:
    """A total by entity, then by each label it was summed by."""
    yield by_entity(rows, total, totals, f"entities-{number}")
    for by in dict.fromkeys(row["by"] for row in rows if row["by"]):
        if (made := by_group(rows, total, by, f"{by}-{number}")) is not None:
            yield made


def by_entity(rows: Sequence[Row], total: Row, totals: Iterable[pa.Table], name: str = "entities") -> Bars:
    """The entities with the largest figures; the others in one bar where figures add up.

    Figures carry no period: those of a method run for several are not parted, and the others then have no sum.
    """
    top: list[tuple[str, float]] = []
    for table in totals:
        held = table.filter(pc.and_(pc.equal(table["method"], total["method"]), pc.equal(table["id"], total["id"])))
        chosen = held["boundary"].cast(pa.string()).fill_null("")  # a workbook has a blank cell for an empty text
        held = held.filter(pc.and_(pc.is_valid(held["value"]), pc.equal(chosen, total["boundary"] or "")))
        pairs = zip(held["entity"].to_pylist(), held["value"].to_pylist(), strict=True)
        top = sorted([*top, *pairs], key=lambda pair: -abs(pair[1]))[:_MOST]
    alone = sum(row["method"] == total["method"] and row["id"] == total["id"] and not row["by"] for row in rows) == 1
    bars = [Bar(dict.fromkeys(LANGUAGES, entity), value, shown(value, _DIGITS)) for entity, value in top]
    if (count := (total["counted"] or 0) - len(top)) > 0 and alone and total["sum"] is not None:
        bars.append(_others(total["sum"] - sum(value for _, value in top), count))
    return Bars(name, _titled(total, Words.texts("by_entity")), total["unit"] or "", tuple(bars))


def by_group(rows: Sequence[Row], total: Row, by: str, name: str = "groups") -> Bars | None:
    """The sums of the groups of a label, the largest first; None where figures do not add up."""
    same = ("method", "period", "id", "unit", "gwp", "boundary")
    held = [row for row in rows if row["by"] == by and all(row[part] == total[part] for part in same)]
    held = sorted((row for row in held if row["sum"] is not None), key=lambda row: -abs(row["sum"]))
    if not held:
        return None
    kept, rest = largest(held, lambda row: abs(row["sum"]), _MOST)
    bars = [Bar(_group(row["group"]), row["sum"], shown(row["sum"], _DIGITS)) for row in kept]
    if rest:
        bars.append(_others(sum(row["sum"] for row in rest), len(rest)))
    return Bars(name, _titled(total, LABELS.get(by, dict.fromkeys(LANGUAGES, by))), total["unit"] or "", tuple(bars))


def _group(name: str) -> Bilingual:
    return dict.fromkeys(LANGUAGES, name) if name else Words.texts("no_group")


def _others(value: float, count: int) -> Bar:
    return Bar(Words.texts("others_of", count=count), value, shown(value, _DIGITS))


def _titled(total: Row, by: Bilingual) -> Bilingual:
    """What the total is, of which method and period, and by what its bars are."""
    return in_both(lambda part: f"{total[f'label_{part}']} · {by[part]} ({total['method']}, {total['period']})")
