"""What analyses show in charts. Their figures are in the unit of the series they were given, which they do not know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from carbonstd._charts.chart import Bar, Curve, Curves, Waterfall
from carbonstd._definitions.schema import Bilingual, same
from carbonstd._number import shown
from carbonstd.analysis._words import WORDS, said

if TYPE_CHECKING:
    from carbonstd.analysis.lmdi import Decomposition
    from carbonstd.analysis.pathway import Gap, Pathway

_DIGITS = 6
_TEXTS: dict[str, Bilingual] = {
    "lmdi": {"zh": "LMDI 分解", "en": "LMDI decomposition"},
    "pathway": {"zh": "排放路径", "en": "Pathway of emissions"},
    "gap": {"zh": "排放、碳汇、CCUS 与余量", "en": "Emissions, sinks, CCUS and what remains"},
}


def decomposition_chart(found: Decomposition) -> Waterfall:
    """From the first year to the last by what each factor added."""
    first, last = (
        Bar(same(str(year)), float(total), shown(float(total), _DIGITS))
        for year, total in ((found.spans[0][0], found.totals[0]), (found.spans[-1][1], found.totals[-1]))
    )
    steps = tuple(Bar(said(name), effect, f"{effect:+,.{_DIGITS}g}") for name, effect in found.effect.items())
    return Waterfall("lmdi", _TEXTS["lmdi"], "", first, steps, last)


def pathway_chart(found: Pathway) -> Curves:
    return _by_year("pathway", found.years, emissions=found.emissions, low=found.low, high=found.high)


def gap_chart(found: Gap) -> Curves:
    named = {"emissions": found.emissions, "sinks": found.sinks, "ccus": found.ccus, "remaining": found.remaining}
    return _by_year("gap", found.years, **named)


def _by_year(name: str, years: Iterable[int], **series: Iterable[float]) -> Curves:
    held = tuple(years)
    curves = (Curve(WORDS[key], tuple(zip(held, map(float, values), strict=True))) for key, values in series.items())
    return Curves(name, _TEXTS[name], "", tuple(curves))
