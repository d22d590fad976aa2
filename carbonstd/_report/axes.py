"""What a result says of each unit, product, kind of energy or category: equations over one axis, as tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from carbonstd._definitions.method import Equation
from carbonstd._definitions.schema import Bilingual
from carbonstd._naming import Names, names_of
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, number
from carbonstd._paper.paper import Cell, Section, Table, table
from carbonstd._result.panel import axis_label
from carbonstd._result.result import Result
from carbonstd._units import unit_text

_ACROSS = 6  # labels side by side
_MOST = 24  # labels of an axis: more are rows of the ledger rather than parts of a works

_Values = Mapping[str, float]


def by_axis(result: Result, words: Words) -> Section | None:
    """A table for each axis but the month; nothing where no equation runs over one."""
    found: dict[str, list[tuple[Equation, _Values]]] = {}
    for equation in result.method.equations.values():
        axes = result._run.equation(equation.id).frame.axes
        if len(axes) == 1 and axes != ("month",) and (values := _values(result, equation)):
            found.setdefault(axes[0], []).append((equation, values))
    names = names_of(result)
    parts = [
        made
        for axis, held in found.items()
        for made in _tables(axis_label(result.method, axis), axis, held, names, words)
    ]
    return Section("by-axis", words.texts("by_axis"), tuple(parts)) if parts else None


def _values(result: Result, equation: Equation) -> _Values:
    """The figures of an equation by label. A bare number without a symbol counts rows or tells a kind: it has none."""
    array = result._run.equation(equation.id)
    helper = equation.unit.text == "1" and not equation.symbol
    if array.labels is not None or array.truth or helper or not array.data.any():
        return {}
    return {key[0]: value for key, value in result.values(equation.id).items()}


def _tables(
    named: Bilingual, axis: str, held: Sequence[tuple[Equation, _Values]], names: Names, words: Words
) -> Iterator[Table]:
    labels = list(dict.fromkeys(label for _, values in held for label in values))
    if len(labels) > _MOST:
        return
    caption = words.label({key: words.text_in(key, "by_axis_caption", axis=named[key]) for key in ("zh", "en")})
    for start in range(0, len(labels), _ACROSS):
        part = labels[start : start + _ACROSS]
        heads = [words.texts("line"), words.texts("unit"), *(names.terms_in(label) for label in part)]
        rows = [_row(equation, values, part, axis, words) for equation, values in held if any(map(values.get, part))]
        if rows:
            yield table(caption, heads, rows, range(2, len(heads)), look="by-axis")


def _row(equation: Equation, values: _Values, labels: Sequence[str], axis: str, words: Words) -> list[Cell]:
    symbol = f" {equation.symbol}" if equation.symbol else ""
    name = join(words.label(equation.label), symbol)
    unit = unit_text(equation.unit, words.language).replace(f"{{{axis}}}", "")  # the gas of a column needs no marker
    return [name, unit, *(_figure(values.get(label, math.nan)) for label in labels)]


def _figure(value: float) -> Html:
    return number(value, shown(value)) if math.isfinite(value) else Html("—")
