"""The derivation of a verdict, row by row: the indicator and what it is made of, the limit and each correction of it.

Each row names its clause and its evidence, and a figure that was read the cell it stands in, so that a record of a
table of thousands can be followed without running it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._language import expression as ex
from carbonstd._result.result import Result
from carbonstd._result.verdict import Verdict
from carbonstd._trace.explanation import Operand, Step

INDICATOR, LIMIT = "indicator", "limit"


@dataclass(frozen=True)
class Derived:
    """One figure of a derivation: an equation of the standard, or a cell that it read.

    `of` is what it belongs to, indicator or limit, `depth` how far below it stands; `key` is its level or row.
    """

    of: str
    depth: int
    id: str
    label: Bilingual
    key: str
    value: float
    unit: str
    clause: str
    evidence: str
    formula: str = ""  # of an equation; a figure that was read has none
    place: str = ""
    document: str = ""

    def as_dict(self) -> dict[str, Any]:
        names = ("of", "depth", "id", "key", "value", "unit", "clause", "evidence", "formula", "place", "document")
        return {"label": dict(self.label)} | {name: getattr(self, name) for name in names}


def derivation(result: Result, verdict: Verdict) -> tuple[Derived, ...]:
    """How the indicator and the limit of a verdict came about, the indicator first."""
    order = [item.level for item in verdict.levels]
    found: dict[tuple[object, ...], Derived] = {}
    for of, node in ((INDICATOR, verdict.rule.indicator), (LIMIT, verdict.rule.limit)):
        if isinstance(node, ex.Name) and node.name in result.method.equations:
            for item in _rows(of, result.explain(node.name).step, 0, order):
                if item.value == item.value:  # what nobody gave is no figure
                    found.setdefault((of, item.depth, item.id, item.key, item.value, item.place), item)
    return (*found.values(), *_own(result, verdict))


def _own(result: Result, verdict: Verdict) -> Iterator[Derived]:
    """The limit that the plant entered and that decides, with its cell and its reason."""
    node, limit = verdict.rule.own_limit, verdict.decisive.limit
    if not verdict.own_reason or not isinstance(node, ex.Name) or limit is None:
        return
    for data in result._run.ledger.values():
        if (column := data.sheet.columns.get(node.name)) is not None:
            about = (verdict.rule.unit.text, verdict.own_reason, "user", "", data.place(node.name, 0))
            yield Derived(LIMIT, 0, node.name, column.label, verdict.required, float(limit), *about)


def _rows(of: str, step: Step, depth: int, order: Sequence[str]) -> Iterator[Derived]:
    """A step, what it read, and the steps below; what an indicator did not use is left out."""
    if step.repeated or (of == INDICATOR and not _used(step)):
        return
    about = (step.unit, step.clause, step.evidence, step.formula)
    yield Derived(of, depth, step.id, step.label, "", step.value, *about)
    for row in sorted(step.rows, key=lambda row: order.index(row.key) if row.key in order else -1):
        label = step.label if row.key in order else _joined(step.label, row.label)
        yield Derived(of, depth, step.id, label, row.key, row.value, *about)
        yield from (_read(of, item, depth + 1, row.key) for item in row.operands)
    yield from (_read(of, item, depth + 1) for item in step.operands)
    for child in step.steps:
        yield from _rows(of, child, depth + 1, order)


def _joined(label: Bilingual, row: Bilingual) -> Bilingual:
    return {language: f"{text} {row.get(language, '')}".strip() for language, text in label.items()}


def _used(step: Step) -> bool:
    """Whether a step has a figure that rests on something read: a ledger that nobody filled sums to nothing."""
    read = [*step.operands, *(item for row in step.rows for item in row.operands)]
    return any(item.value == item.value for item in read) or any(map(_used, step.steps))


def _read(of: str, item: Operand, depth: int, key: str = "") -> Derived:
    name, _, level = item.name.partition("[")
    level = level.rstrip("]")
    label = {language: text.removesuffix(f" {level}") for language, text in item.label.items()}
    clause = item.clause or item.default_clause
    line = item.place.rpartition(":")[2]
    place = item.place if not item.table or item.place.startswith(item.table) else f"{item.table}:{line}"
    return Derived(
        of, depth, name, label, level or key, item.value, item.unit, clause, item.evidence, "", place, item.document
    )  # fmt: skip
