"""The totals of a batch as bars: the entities with the largest figures, and the groups that were summed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from carbonstd._batch.words import LABELS
from carbonstd._charts.chart import Bar, Bars, largest
from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._findings import LANGUAGES
from carbonstd._number import shown
from carbonstd._paper.markup import Words

_MOST = 20  # bars, beside that of the others
_DIGITS = 6
_CHOSEN = ("id", "unit", "gwp", "boundary")  # of a total, beside its method and period: others are not added
_SAME = ("method", "period", *_CHOSEN)
Row = Mapping[str, Any]
Tables = Callable[[str], Iterable[pa.Table]]  # those of a batch by name


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


def bars_of(rows: Sequence[Row], total: Row, tables: Tables, number: int = 0) -> Iterator[Bars]:
    """A total by entity, then by each label it was summed by."""
    yield by_entity(rows, total, tables, f"entities-{number}")
    for by in dict.fromkeys(row["by"] for row in rows if row["by"]):
        if (made := by_group(rows, total, by, f"{by}-{number}")) is not None:
            yield made


def by_entity(rows: Sequence[Row], total: Row, tables: Tables, name: str = "entities") -> Bars:
    """The entities with the largest figures; what the others come to where figures add up."""
    several = len({row["period"] for row in rows if row["method"] == total["method"]}) > 1
    own = _of_period(total, tables("entities")) if several else None
    top: list[tuple[str, float]] = []
    for table in tables("totals"):
        held = _where(table, total, ("method", *_CHOSEN))
        held = held.filter(pc.is_valid(held["value"]))
        held = held if own is None else held.filter(pc.is_in(held["entity"], own))
        pairs = zip(held["entity"].to_pylist(), held["value"].to_pylist(), strict=True)
        top = sorted([*top, *pairs], key=lambda pair: -abs(pair[1]))[:_MOST]
    names = _names([entity for entity, _ in top], total["method"], tables("entities"))
    alone = sum(not row["by"] and all(row[part] == total[part] for part in _SAME) for row in rows) == 1
    bars = [Bar(dict.fromkeys(LANGUAGES, names[entity]), value, shown(value, _DIGITS)) for entity, value in top]
    count, rest = (total["counted"] or 0) - len(top), None
    if count > 0 and alone and total["sum"] is not None:
        rest = _others(total["sum"] - sum(value for _, value in top), count)
    return Bars(name, _titled(total, Words.texts("by_entity")), total["unit"] or "", tuple(bars), rest)


def by_group(rows: Sequence[Row], total: Row, by: str, name: str = "groups") -> Bars | None:
    """The sums of the groups of a label, the largest first; None where figures do not add up."""
    held = [row for row in rows if row["by"] == by and all(row[part] == total[part] for part in _SAME)]
    held = sorted((row for row in held if row["sum"] is not None), key=lambda row: -abs(row["sum"]))
    if not held:
        return None
    kept, others = largest(held, lambda row: abs(row["sum"]), _MOST)
    bars = tuple(Bar(_group(row["group"]), row["sum"], shown(row["sum"], _DIGITS)) for row in kept)
    rest = _others(sum(row["sum"] for row in others), len(others)) if others else None
    title = _titled(total, LABELS.get(by, dict.fromkeys(LANGUAGES, by)))
    return Bars(name, title, total["unit"] or "", bars, rest)


def _names(entities: Sequence[str], method: str, tables: Iterable[pa.Table]) -> Mapping[str, str]:
    """What enterprises are called by the name on their covers; beside it by their own where several have that name."""
    found = {entity: entity for entity in entities}
    for table in tables:
        held = table.filter(
            pc.and_(pc.is_in(table["entity"], pa.array(entities, pa.string())), pc.equal(table["method"], method))
        )
        pairs = zip(held["entity"].to_pylist(), held["name"].to_pylist(), strict=True)
        found |= {entity: name for entity, name in pairs if name}
    often = Counter(found.values())
    return {entity: name if often[name] == 1 else f"{name} ({entity})" for entity, name in found.items()}


def _of_period(total: Row, entities: Iterable[pa.Table]) -> pa.Array:
    """The entities of the method and period of a total: figures carry no period. One refused has no figures."""
    found: list[str] = []
    for table in entities:
        held = _where(table, total, ("method", "period"))
        lock = held["lock"].cast(pa.string()).fill_null("")  # a workbook has states in words
        found += held["entity"].filter(pc.not_equal(lock, "")).to_pylist()
    return pa.array(found, pa.string())


def _where(table: pa.Table, total: Row, names: Iterable[str]) -> pa.Table:
    """The rows of a table that have the texts of a total; a workbook has a blank cell for an empty text."""
    for name in names:
        table = table.filter(pc.equal(table[name].cast(pa.string()).fill_null(""), total[name] or ""))
    return table


def _group(name: str) -> Bilingual:
    return dict.fromkeys(LANGUAGES, name) if name else Words.texts("no_group")


def _others(value: float, count: int) -> Bar:
    return Bar(Words.texts("others_of", count=count), value, shown(value, _DIGITS))


def _titled(total: Row, by: Bilingual) -> Bilingual:
    """What the total is, of which method and period, and by what its bars are."""
    return in_both(lambda part: f"{total[f'label_{part}']} · {by[part]} ({total['method']}, {total['period']})")
