"""Why a reported figure may differ from the recomputed one: slips that leave a known ratio or a known difference.

They are hints for a person, each said only where the figures agree with it to four digits of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import islice, permutations

import numpy as np

from carbonstd._definitions.method import Equation
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Table
from carbonstd._editions.causes import Below
from carbonstd._number import shown
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._verify.review_input import Reported

_NEAR = 1e-4  # of the difference
_ROUNDINGS = 5  # last digits that figures rounded before they were added may come to
_TOLD = 3
_GASES = {  # whose potentials differ between the reports, and what methods call them together
    "CH4": "", "N2O": "", "SF6": "", "NF3": "", "CF4": "PFCs", "C2F6": "PFCs", "HFC-23": "HFCs",
}  # fmt: skip
_SLIPS: tuple[tuple[Fraction, Bilingual], ...] = (
    (Fraction(1000), {"zh": "千倍关系：单位（kg 与 t，GJ 与 TJ 等）", "en": "a factor of 1000: kg and t, GJ and TJ"}),
    (Fraction(10000), {"zh": "万倍关系：单位（万吨、万立方米）", "en": "a factor of 10 000: units in ten thousands"}),
    (Fraction(100), {"zh": "百倍关系：百分数与小数", "en": "a factor of 100: per cent and fraction"}),
    (Fraction(10), {"zh": "十倍关系：小数点", "en": "a factor of 10: the decimal point"}),
    (Fraction(44, 12), {"zh": "相差 44/12：碳与二氧化碳", "en": "a factor of 44/12: carbon and carbon dioxide"}),
    (Fraction(18, 5), {"zh": "相差 3.6：MWh 与 GJ", "en": "a factor of 3.6: MWh and GJ"}),
    (Fraction("4.1868"), {"zh": "相差 4.1868：卡与焦", "en": "a factor of 4.1868: calories and joules"}),
    (Fraction("29.3076"), {"zh": "相差 29.3076：标准煤与 GJ", "en": "a factor of 29.3076: coal equivalent and GJ"}),
)  # fmt: skip
_SIGN: Bilingual = {"zh": "正负号相反", "en": "the sign is the other way round"}
_LINE_SIGN: Bilingual = {
    "zh": "差额为“{label}”的两倍，加减号可能相反",
    "en": "the difference is twice “{label}”, whose sign may be the other way round",
}
_GWP: Bilingual = {
    "zh": "与把{gas}的增温潜势由{used}改为{other}一致",
    "en": "it is what a potential of {other} instead of {used} for {gas} would give",
}
_NO_GWP: Bilingual = {"zh": "未乘{gas}的增温潜势 {used}", "en": "the potential of {gas}, {used}, is left out"}
_FACTOR: Bilingual = {"zh": "漏乘“{label}”{value}", "en": "“{label}”, {value}, is left out"}
_TWICE: Bilingual = {"zh": "重复乘了“{label}”{value}", "en": "“{label}”, {value}, is multiplied twice"}
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
        ratio, difference = reported / recomputed, reported - recomputed
        if abs(ratio + 1) < _NEAR:
            yield _SIGN
        for slip, text in _SLIPS:
            if _is(ratio, float(slip)) or _is(ratio, float(1 / slip)):
                yield text
        yield from self._factors(item, ratio)
        yield from self._potentials(ratio)
        yield from self._lines_below(item, reported, difference)
        yield from self._parts(item, difference)

    def _factors(self, item: Reported, ratio: float) -> Iterator[Bilingual]:
        """A pure number that is one for all rows below the figure, left out or used twice."""
        for sheet, column in self._below.of(item.equation.id).columns:
            data = self.result._run.ledger[sheet]
            if column not in data.numbers or data.sheet.columns[column].unit.text != "1":
                continue
            values = np.unique(data.numbers[column][~np.isnan(data.numbers[column])])
            if len(values) == 1 and values[0] not in (0, 1):
                for text, expected in ((_FACTOR, 1 / values[0]), (_TWICE, values[0])):
                    if _is(ratio, float(expected)):
                        yield _filled(text, data.sheet.columns[column].label, value=shown(float(values[0])))

    def _potentials(self, ratio: float) -> Iterator[Bilingual]:
        """Another set of warming potentials, or none."""
        for gas, values in self._sets.items():
            for used, other in permutations(dict.fromkeys(values), 2):
                if _is(ratio, float(other / used)):
                    yield _filled(_GWP, {"zh": gas, "en": gas}, gas=gas, used=_text(used), other=_text(other))
                    return
            for used in values:
                if _is(ratio, float(1 / used)):
                    yield _filled(_NO_GWP, {"zh": gas, "en": gas}, gas=gas, used=_text(used))
                    return

    def _lines_below(self, item: Reported, reported: float, difference: float) -> Iterator[Bilingual]:
        """Another line instead of this one; one too many, left out, with the wrong sign, or with another potential."""
        slack = _ROUNDINGS * _step(item)
        for line in self._lines:
            if line.line.label == item.label:
                continue
            if _same(line.value, reported, _step(item)):
                yield _filled(_OTHER, line.line.label)
            added = difference * line.line.sign
            if _same(line.value, abs(difference), slack):
                yield _filled(_DOUBLE if added > 0 else _LEFT, line.line.label)
            if _same(2 * line.value, abs(difference), slack):
                yield _filled(_LINE_SIGN, line.line.label)
            if line.value and not line.line.total:
                for text in self._potentials(1 + added / line.value):
                    yield {part: f"{line.line.label[part]}：{text[part]}" for part in ("zh", "en")}

    def _parts(self, item: Reported, difference: float) -> Iterator[Bilingual]:
        """A single row, month or unit below the figure that is as large as the difference."""
        known, slack = {line.line.label["en"] for line in self._lines}, _ROUNDINGS * _step(item)
        for name in self._below.of(item.equation.id).equations:
            equation = self.result.method.equations[name]
            if equation.unit.text != item.equation.unit.text or equation.label["en"] in known:
                continue
            found = [
                labels
                for labels, value in self.result.values(name).items()
                if labels and _same(value, abs(difference), slack)
            ]
            if found:
                where = self._place(equation, found[0]) if len(found) == 1 else f"× {len(found)}"
                part = {key: f"{text} [{where}]" for key, text in equation.label.items()}
                yield _filled(_DOUBLE if difference * self._sign(name) > 0 else _LEFT, part)

    def _sign(self, equation: str) -> int:
        """Whether what an equation gives is subtracted: that of the line it belongs to."""
        for line in self._lines:
            if not line.line.total and equation in self._below.of(line.line.equation).equations:
                return line.line.sign
        return 1

    def _place(self, equation: Equation, labels: tuple[str, ...]) -> str:
        """The labels of a figure, or the cell of its row."""
        data = self.result._run.ledger.get(equation.sheet)
        by_row = data is not None and self.result._run.equation(equation.id).frame.sheet == equation.sheet
        return data.place(next(iter(data.sheet.columns)), int(labels[0]) - 1) if data and by_row else ", ".join(labels)

    @cached_property
    def _below(self) -> Below:
        return Below(self.result)

    @cached_property
    def _lines(self) -> list[LineValue]:
        return [line for line in (*self.result.lines, *self.result.total_lines) if line.reported and line.value]

    @cached_property
    def _sets(self) -> dict[str, list[Fraction]]:
        """The potentials that the assessment reports give each gas of the method."""
        library = self.result._run.library
        tables = [library.table(name) for name in library.table_headers if name.startswith("gwp/ipcc-")]
        own = self.result.method.gases
        found = {
            gas: [_potential(table, gas) for table in tables]
            for gas, kind in _GASES.items()
            if gas in own or kind in own
        }
        return {gas: [value for value in values if value] for gas, values in found.items()}


def _is(ratio: float, expected: float) -> bool:
    """Whether a ratio is the one expected, the closer the nearer that is to one: else it would explain anything."""
    return abs(ratio / expected - 1) <= _NEAR * min(1.0, abs(expected - 1))


def _same(value: float, other: float, slack: float) -> bool:
    """Whether two figures are one, as far as they are printed."""
    return value != 0 and abs(abs(value) - other) <= min(_NEAR * abs(value), slack)


def _step(item: Reported) -> float:
    """One of the last digit the document prints, else typed; no finer than a workbook's figures are."""
    digits = item.line.digits if item.line else None
    printed = float(item.step) if digits is None else max(float(item.step), 10.0**-digits)
    return max(printed, 1e-9 * abs(float(item.value)))


def _potential(table: Table, gas: str) -> Fraction | None:
    rows = table.find((gas,))
    return table.cell(rows[0], "gwp100").value if len(rows) == 1 else None


def _text(value: Fraction) -> str:
    return f"{float(value):g}"


def _filled(text: Bilingual, label: Bilingual, **values: str) -> Bilingual:
    return {part: text[part].format(label=label[part], **values) for part in ("zh", "en")}
