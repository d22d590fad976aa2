"""What the rows of a form add up to, by block and month, before anything is rounded or printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate, over
from carbonstd._engine.run import Run
from carbonstd._engine.within import Within
from carbonstd._forms.compile import Fillings
from carbonstd._forms.forms import FormPart, FormRow
from carbonstd._language import expression as ex
from carbonstd._ledger.arithmetic import FALSE
from carbonstd._trace.trace import decoded, labelled

_WHAT = "report form"  # what look-ups are recorded under while a form is filled
Key = tuple[str, ...]  # the labels of a block, then its basis (empty where no unit of the part hangs on one)


@dataclass
class Sum:
    """What the rows of one cell add up to; `counted` tells whether any row counts, `texts` the labels met."""

    number: float = 0.0
    divisor: float = 0.0
    counted: bool = False
    texts: dict[str, Bilingual] = field(default_factory=dict)


def merged(sums: Sequence[Sum]) -> Sum | None:
    """What several months of one block add up to; None where no row is of any of them."""
    if len(sums) < 2:
        return sums[0] if sums else None
    texts = {label: text for item in sums for label, text in item.texts.items()}
    number, divisor = sum(item.number for item in sums), sum(item.divisor for item in sums)
    return Sum(number, divisor, any(item.counted for item in sums), texts)


class RowSums:
    """The sums of the rows of one form in one run."""

    def __init__(self, run: Run, fillings: Fillings, months: Sequence[str]) -> None:
        self.run, self.fillings, self.months = run, fillings, months
        self._held: dict[int, dict[tuple[Key, str], Sum]] = {}  # by the identity of the row

    def close(self) -> None:
        """Forget what was looked up meanwhile: it is no part of the result."""
        self.run.usages.pop(_WHAT, None)

    def keys(self, part: FormPart) -> dict[Key, bool]:
        """The blocks of a part, those of one first label together, and whether its own sheet has rows of each."""
        within, where = Within(self.run, part.sheet, _WHAT), self.fillings[id(part)].where
        if not part.by:
            return {("",): True} if where is None or evaluate(where, within).data[0] != FALSE else {}
        own = list(zip(*self._labels(part.sheet, part.by), self._bases(part), strict=True))
        if where is not None:
            (held, _), _ = over(within, evaluate(where, within), within.name(part.by[0]))
            rows = np.broadcast_to(held, (len(own),))
            own = [key for key, holds in zip(own, rows, strict=True) if holds != FALSE]
        listed = [(*key, "") for sheet in part.listed for key in zip(*self._labels(sheet, part.by), strict=True)]
        found = dict.fromkeys([*listed, *own])
        firsts = list(dict.fromkeys(key[0] for key in found))
        return {key: key in set(own) for key in sorted(found, key=lambda key: firsts.index(key[0]))}

    def of(self, row: FormRow, part: FormPart) -> Mapping[tuple[Key, str], Sum]:
        """The sums of a row by block and month, and by block alone (month empty) for the year."""
        if id(row) not in self._held:
            self._held[id(row)] = self._added(row, part)
        return self._held[id(row)]

    def year(self, tree: ex.Node, by: Sequence[str], key: Key) -> float | None:
        """The figure of an equation of the year for one block; None where it has nothing to do with that block."""
        array = evaluate(tree, Within(self.run, "", _WHAT))
        if array.frame.scalar or array.keys is None:
            return float(array.data[0])
        for at, code in enumerate(array.keys):
            labels = dict(zip(array.frame.axes, self.run.axes.named(array.frame.axes, int(code)), strict=True))
            if tuple(labels[axis] for axis in by) == key[: len(by)]:
                return float(array.data[at])
        return None

    def lacking(self, row: FormRow, part: FormPart, key: Key) -> set[str]:
        """Months in which data that a row needs are left out, though the same source has them in other months."""
        block = dict(zip(part.by, key, strict=False))
        sources = [
            (axes, zip(*self._labels(sheet, ("month", *axes)), strict=True)) for sheet, axes in row.needs.items()
        ]
        gone: set[str] = set()
        for axes, rows in [*sources, *self._addends(row, part)]:
            dated: dict[Key, set[str]] = {}
            for month, *labels in rows:
                if month and all(block.get(axis, label) == label for axis, label in zip(axes, labels, strict=True)):
                    dated.setdefault(tuple(labels), set()).add(month)
            for months in dated.values():
                gone |= set(self.months) - months
        return gone

    def _addends(self, row: FormRow, part: FormPart) -> Iterator[tuple[Sequence[str], Iterable[Sequence[str]]]]:
        """What a total over units or procedures adds up, month and labels: it is none where one of them is missing."""
        tree = self.fillings[id(row)].sum
        if tree is None or row.over is not None:
            return
        array = evaluate(tree, Within(self.run, part.sheet, _WHAT))
        axes = array.frame.axes
        if array.frame.sheet is None and array.keys is not None and "month" in axes:
            others = [axis for axis in axes if axis != "month"]
            named = (dict(zip(axes, self.run.axes.named(axes, int(code)), strict=True)) for code in array.keys)
            yield others, ([str(labels[axis]) for axis in ("month", *others)] for labels in named)

    def _labels(self, sheet: str, axes: Sequence[str]) -> list[list[str]]:
        codes = self.run.ledger[sheet].codes
        return [[str(text) for text in decoded(self.run, axis, codes[axis])] for axis in axes]

    def _bases(self, part: FormPart) -> list[str]:
        """The basis of each row of a part's sheet: what is counted by mass and by volume has no common sum."""
        data = self.run.ledger[part.sheet]
        if not part.by_basis or data.basis is None:
            return [""] * data.rows
        return [data.sheet.bases[int(at)] for at in data.basis]

    def _added(self, row: FormRow, part: FormPart) -> dict[tuple[Key, str], Sum]:
        filling, within = self.fillings[id(row)], Within(self.run, part.sheet, _WHAT)
        trees = {"number": filling.sum, "divisor": filling.over, "where": filling.where, "text": filling.text}
        held = {name: evaluate(tree, within) for name, tree in trees.items() if tree is not None}
        aligned, model = over(within, *held.values())
        count = len(next(iter(self._codes(model, ("month", *part.by)).values()), model.data))
        values = {name: np.broadcast_to(data, (count,)) for name, data in zip(held, aligned, strict=True)}
        labels = {axis: decoded(self.run, axis, codes) for axis, codes in self._codes(model, part.by).items()}
        bases = self._bases(part) if part.by_basis else [""] * count
        months = self._codes(model, ("month",)).get("month")
        names = decoded(self.run, "month", months) if months is not None else np.full(count, "", dtype=object)
        found: dict[tuple[Key, str], Sum] = {}
        for at in range(count):
            key = (*(str(labels[axis][at]) for axis in part.by), bases[at])
            for month in dict.fromkeys(("", str(names[at]))):
                sums = found.setdefault((key, month), Sum())
                if "where" not in values or values["where"][at] != FALSE:
                    sums.counted = True
                    sums.number += float(values["number"][at]) if "number" in values else 0.0
                    sums.divisor += float(values["divisor"][at]) if "divisor" in values else 0.0
                    if "text" in values and values["text"][at] >= 0:
                        self._meet(sums, held["text"], int(values["text"][at]))
        return _of_one_month(found, row.stock) if row.stock else found

    def _meet(self, sums: Sum, array: Array, code: int) -> None:
        axis = str(array.labels)
        text = str(self.run.axes.labels[axis][code])
        sums.texts.setdefault(text, labelled(self.run, axis, text))

    def _codes(self, model: Array, axes: Sequence[str]) -> dict[str, np.ndarray]:
        """The codes of each of the axes that an array has."""
        frame = model.frame
        if frame.sheet:
            held = self.run.ledger[frame.sheet].codes
            return {axis: held[axis] for axis in axes if axis in held}
        if not frame.axes or model.keys is None:
            return {}
        codes = self.run.axes.unravel(frame.axes, model.keys)
        return {axis: codes[axis] for axis in axes if axis in codes}


def _of_one_month(found: Mapping[tuple[Key, str], Sum], stock: str) -> dict[tuple[Key, str], Sum]:
    """The period's stock of each block is that of its first or last month, where its rows have months."""
    dated: dict[Key, list[str]] = {}
    for key, month in found:
        dated.setdefault(key, []).extend([month] if month else [])
    ends = {key: (min if stock == "opening" else max)(months) for key, months in dated.items() if months}
    return {**found, **{(key, ""): found[key, month] for key, month in ends.items()}}
