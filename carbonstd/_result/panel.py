"""Panels: figures that stand on the first page beside the totals, each by its labels and never added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonstd._definitions.method import Equation, Method, Panel
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._number import shown
from carbonstd._units import ONE, unit_text

if TYPE_CHECKING:
    from carbonstd._naming import Names
    from carbonstd._result.result import Result

_DIGITS = 6
_OF_NO_COLUMN: dict[str, Bilingual] = {  # axes of tables and of called models
    "level": {"zh": "等级", "en": "Level"},
    "gas": {"zh": "气体", "en": "Gas"},
    "span": {"zh": "起止年份", "en": "Span of years"},
    "maximum_year": {"zh": "最大值年份", "en": "Year of the maximum"},
    "scenario_maximum": {"zh": "情景和最大值年份", "en": "Scenario and year of the maximum"},
    "driver": {"zh": "影响因素", "en": "Driver"},
}
_WORD = re.compile(r"[^\W\u3000-\uffef]+")  # a symbol stands among Chinese characters without blanks


def unit_said(equation: Equation, language: Language = "en") -> str:
    """The unit for a reader; nothing for a bare number."""
    return "" if equation.unit == ONE else unit_text(equation.unit, language)


def label_of(equation: Equation) -> Bilingual:
    """The equation with its symbol, unless that is a word of its label (CUSUM)."""
    label, symbol = equation.label, equation.symbol
    said = "" if symbol in _WORD.findall(f"{label['en']} {label['zh']}") else symbol
    return {part: f"{text} {said}".strip() for part, text in label.items()}


@dataclass(frozen=True)
class Figure:
    """One value of an equation: `labels` are those of its axes, `place` its position among the equation's values.

    `share` is its part of what the panel tells shares of. An equation's `first` figure names it.
    """

    equation: Equation
    labels: tuple[str, ...]
    value: float
    place: int
    first: bool = True
    share: float | None = None

    @property
    def unit(self) -> str:
        return unit_said(self.equation)

    @property
    def text(self) -> str:
        return shown(self.value, _DIGITS)

    @property
    def label(self) -> Bilingual:
        return label_of(self.equation)

    def labelled(self, names: Names, language: Language) -> str:
        """The labels in words, with the share."""
        words = " · ".join(names.terms_in(label)[language] for label in self.labels if label)
        return words if self.share is None else f"{words} ({self.share:.1%})".strip()

    def named(self, names: Names, language: Language) -> str:
        """The equation and the labels."""
        return " · ".join(filter(None, (self.label[language], self.labelled(names, language))))

    def as_dict(self) -> dict[str, Any]:
        equation = self.equation
        return {
            "id": equation.id,
            "label": dict(equation.label),
            "labels": list(self.labels),
            "value": self.value,
            "unit": equation.unit.text,
        } | ({} if self.share is None else {"share": self.share})


@dataclass(frozen=True)
class Across:
    """A panel as one table: `heads` of the labels, the equations of the columns, and for each row labels and figures.

    An equation that does not run over every axis of the first says the same in several rows.
    """

    heads: list[Bilingual]
    equations: list[Equation]
    rows: list[tuple[tuple[str, ...], list[Figure | None]]]


def across(result: Result, figures: Sequence[Figure]) -> Across:
    """The table of a panel whose equations run over the axes of the first, or some of them."""
    equations = {item.equation.id: item.equation for item in figures}
    axes = {name: result._run.equation(name).frame.axes for name in equations}
    first = figures[0].equation
    held = {(item.equation.id, item.labels): item for item in figures}
    along = axes[first.id]
    places = {name: [along.index(axis) for axis in of] for name, of in axes.items()}
    columns = [*(result.method.sheets[first.sheet].columns if first.sheet else ()), *along]  # as a reader filled them
    order = sorted(range(len(along)), key=lambda place: columns.index(along[place]))
    rows = [
        (
            tuple(item.labels[place] for place in order),
            [held.get((name, tuple(item.labels[place] for place in at))) for name, at in places.items()],
        )
        for item in figures
        if item.equation is first
    ]
    heads = [axis_label(result.method, along[place]) for place in order]
    return Across(heads, list(equations.values()), rows)


def axis_label(method: Method, axis: str) -> Bilingual:
    """The label of an axis: that of the column it comes from; some are known to tables and models alone."""
    columns = (sheet.columns[axis] for sheet in method.sheets.values() if axis in sheet.columns)
    column = next(columns, None)
    return column.label if column else _OF_NO_COLUMN.get(axis) or {"zh": axis, "en": axis}


def filled_panels(result: Result) -> list[tuple[Panel, list[Figure]]]:
    """The panels of a result that hold a figure, in the method's order."""
    found = [(panel, list(_figures(result, panel))) for panel in result.method.panels]
    return [(panel, figures) for panel, figures in found if figures]


def _figures(result: Result, panel: Panel) -> Iterator[Figure]:
    """The figures of a panel; an equation none of whose sheets holds a row has none, as a line is not reported."""
    whole = next(iter(result.values(panel.of).values()), 0.0) if panel.of else 0.0
    for name in panel.equations:
        if result.rests_on_rows(name):
            held = [(place, *item) for place, item in enumerate(result.values(name).items())]
            if panel.largest:
                held = sorted((item for item in held if item[2]), key=lambda item: -abs(item[2]))[: panel.largest]
            for rank, (place, labels, value) in enumerate(held):
                share = value / whole if whole else None
                yield Figure(result.method.equations[name], labels, value, place, not rank, share)
