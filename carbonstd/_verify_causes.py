"""Why a reported figure may differ from the recomputed one: slips that leave a known ratio or a known difference.

They are hints for a person, each said only where the figures agree with it to four digits of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import islice

from carbonstd._editions_causes import Below
from carbonstd._method import Equation
from carbonstd._result import Result
from carbonstd._review_input import Reported
from carbonstd._schema import Bilingual
from carbonstd._table import Table

_NEAR = 1e-4
_TOLD = 3
_SLIPS: tuple[tuple[Fraction, Bilingual], ...] = (
    (Fraction(1000), {"zh": "千倍关系：单位（kg 与 t，kWh 与 MWh）", "en": "a factor of 1000: kg and t, kWh and MWh"}),
    (Fraction(10000), {"zh": "万倍关系：单位（万吨、万立方米）", "en": "a factor of 10 000: units in ten thousands"}),
    (Fraction(100), {"zh": "百倍关系：百分数与小数", "en": "a factor of 100: per cent and fraction"}),
    (Fraction(10), {"zh": "十倍关系：小数点", "en": "a factor of 10: the decimal point"}),
    (Fraction(44, 12), {"zh": "相差 44/12：碳与二氧化碳", "en": "a factor of 44/12: carbon and carbon dioxide"}),
    (Fraction(18, 5), {"zh": "相差 3.6：MWh 与 GJ", "en": "a factor of 3.6: MWh and GJ"}),
    (Fraction("4.1868"), {"zh": "相差 4.1868：卡与焦", "en": "a factor of 4.1868: calories and joules"}),
    (Fraction("29.3076"), {"zh": "相差 29.3076：标准煤与 GJ", "en": "a factor of 29.3076: coal equivalent and GJ"}),
)  # fmt: skip
_SIGN: Bilingual = {"zh": "正负号相反", "en": "the sign is the other way round"}
_GWP: Bilingual = {"zh": "与改用“{label}”的增温潜势一致", "en": "it is what the potentials of “{label}” would give"}
_OTHER: Bilingual = {"zh": "等于另一项：{label}", "en": "it is the figure of another item: {label}"}
_DOUBLE: Bilingual = {
    "zh": "差额等于“{label}”，可能重复计入",
    "en": "the difference is “{label}”, which may be counted twice",
}
_LEFT: Bilingual = {"zh": "差额等于“{label}”，可能漏计", "en": "the difference is “{label}”, which may be left out"}


class Causes:
    """Looks for what could make a reported figure differ from those of a result."""

    def __init__(self, result: Result) -> None:
        self.result = result

    def of(self, item: Reported, recomputed: float) -> tuple[Bilingual, ...]:
        """The likeliest, at most three."""
        return tuple(islice(self._found(float(item.value), recomputed, item), _TOLD))

    def _found(self, reported: float, recomputed: float, item: Reported) -> Iterator[Bilingual]:
        if not recomputed or not reported:
            return
        ratio = reported / recomputed
        if abs(ratio + 1) < _NEAR:
            yield _SIGN
        for slip, text in _SLIPS:
            if any(abs(ratio / float(factor) - 1) < _NEAR for factor in (slip, 1 / slip)):
                yield text
        yield from self._potentials(item, ratio)
        difference = reported - recomputed
        for label, value in self._lines:
            if label != item.label and _same(value, reported):
                yield _filled(_OTHER, label)
            if label != item.label and _same(value, abs(difference)):
                yield _filled(_DOUBLE if difference > 0 else _LEFT, label)
        yield from self._parts(item, difference)

    def _potentials(self, item: Reported, ratio: float) -> Iterator[Bilingual]:
        """Another set of warming potentials for the gas of the line."""
        gas = item.line.gas if item.line else ""
        used = {held.table.id for segments in self.result._run.segments.values() for held in segments}
        library = self.result._run.library
        tables = {name: library.table(name) for name in library.table_headers if name.startswith("gwp/ipcc-")}
        potentials = {name: _potential(table, gas) for name, table in tables.items()}
        for own in used & potentials.keys():
            for name, value in potentials.items():
                before = potentials[own]
                if value and before and value != before and abs(ratio / float(value / before) - 1) < _NEAR:
                    yield _filled(_GWP, tables[name].title)

    def _parts(self, item: Reported, difference: float) -> Iterator[Bilingual]:
        """A single row, month or unit below the figure that is as large as the difference."""
        lines = {label["en"] for label, _ in self._lines}
        for name in self._below.of(item.equation.id).equations:
            equation = self.result.method.equations[name]
            if equation.unit.text != item.equation.unit.text or equation.label["en"] in lines:
                continue
            for labels, value in self.result.values(name).items():
                if labels and _same(value, abs(difference)):
                    where = self._place(equation, labels)
                    part = {key: f"{text} [{where}]" for key, text in equation.label.items()}
                    yield _filled(_DOUBLE if difference > 0 else _LEFT, part)

    def _place(self, equation: Equation, labels: tuple[str, ...]) -> str:
        """The labels of a figure, or the cell of its row."""
        data = self.result._run.ledger.get(equation.sheet)
        by_row = data is not None and self.result._run.equation(equation.id).frame.sheet == equation.sheet
        return data.place(next(iter(data.sheet.columns)), int(labels[0]) - 1) if data and by_row else ", ".join(labels)

    @cached_property
    def _below(self) -> Below:
        return Below(self.result)

    @cached_property
    def _lines(self) -> list[tuple[Bilingual, float]]:
        held = (*self.result.lines, *self.result.total_lines)
        return [(line.line.label, line.value) for line in held if line.reported and line.value]


def _potential(table: Table, gas: str) -> Fraction | None:
    rows = table.find((gas,)) if gas else []
    return table.cell(rows[0], "gwp100").value if len(rows) == 1 else None


def _same(value: float, other: float) -> bool:
    return abs(value) > 0 and abs(value - other) <= _NEAR * abs(value)


def _filled(text: Bilingual, label: Bilingual) -> Bilingual:
    return {part: text[part].format(label=label[part]) for part in ("zh", "en")}
