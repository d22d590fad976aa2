"""The uncertainty of a result, as text: intervals, what they come from, and what has none.

The words stand here for all that shows intervals: the printed page, the report and the result workbook.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._findings import Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._naming import names_of
from carbonstd._number import shown

if TYPE_CHECKING:
    from carbonstd._result.result import Result
    from carbonstd._uncertainty.input import Input
    from carbonstd._uncertainty.result import Figure, Interval, Source, Uncertainty

_SHOWN = 5
_ALIKE = 0.1  # sides that differ by less are printed as one half-width
_LEAST = 0.0005  # what one decimal of a percentage still shows
TEXTS: Mapping[str, Bilingual] = {
    "uncertainty": {"zh": "不确定度", "en": "Uncertainty"},
    "level": {"zh": "95 %，k = 1.96", "en": "95 %, k = 1.96"},
    "drawn": {"zh": "95 %，方法 2", "en": "95 %, approach 2"},
    "figure": {"zh": "结果", "en": "Figure"},
    "interval": {"zh": "95 % 区间", "en": "95 % interval"},
    "one": {"zh": "方法 1（误差传播）", "en": "Approach 1 (error propagation)"},
    "two": {
        "zh": "方法 2（蒙特卡洛 {draws} 次，种子 {seed}）",
        "en": "Approach 2 (Monte Carlo, {draws} draws, seed {seed})",
    },
    "none": {"zh": "无区间", "en": "no interval"},
    "largest_cells": {"zh": "最大的单个输入", "en": "Largest single inputs"},
    "sources": {"zh": "“{total}”方差的主要来源", "en": "Largest sources of the variance of “{total}”"},
    "source": {"zh": "输入", "en": "Input"},
    "share_of_variance": {"zh": "方差占比", "en": "Share of variance"},
    "half_width": {"zh": "半宽", "en": "Half-width"},
    "distribution": {"zh": "分布", "en": "Distribution"},
    "place": {"zh": "位置", "en": "Place"},
    "shared": {"zh": "各行共用", "en": "shared by its rows"},
    "exact": {
        "zh": "未给不确定度的输入（按准确值计）及“{total}”随其变化的份额（进出相减的量可超过 100 %）",
        "en": "Inputs without an uncertainty (taken as exact) and the share of “{total}” that moves with them "
        "(above 100 % where an inflow and an outflow are subtracted)",
    },
    "share_that_moves": {"zh": "随其变化的份额", "en": "Share that moves"},
    "count": {"zh": "格数", "en": "Cells"},
    "more": {"zh": "另有 {count} 项", "en": "{count} more"},
    "cells": {"zh": "{count} 格", "en": "{count} cells"},
    "note": {
        "zh": "查自同一表值或常数的各行误差完全相关；逐格填写的半宽相互独立（同一仪表的各月也是）。"
        "两侧不等时方法 1 取较大一侧。",
        "en": "Rows that share a table cell or constant share its error; half-widths typed cell by cell are "
        "independent, for the months of one meter too. Where the sides differ, approach 1 takes the larger.",
    },
}
said = partial(worded, TEXTS)
DISTRIBUTION_TEXT: Mapping[str, Bilingual] = {
    "normal": {"zh": "正态", "en": "normal"},
    "lognormal": {"zh": "对数正态（按上下限）", "en": "lognormal by its limits"},
    "lognormal-mean": {"zh": "对数正态（按均值）", "en": "lognormal by its mean"},
    "split": {"zh": "两侧半正态", "en": "two half normals"},
    "uniform": {"zh": "均匀", "en": "uniform"},
    "triangular": {"zh": "三角", "en": "triangular"},
}


def percent(share: float) -> str:
    """A half-width as a share, with one decimal; of a very small one a digit that is not zero.

    >>> percent(0.0314), percent(0.0000014)
    ('3.1%', '0.0001%')
    """
    return f"{share:.1%}" if share >= _LEAST or not share else f"{100 * share:.1g}%"


def interval_text(item: Interval | None, language: Language) -> str:
    """`±3.1% [29.98, 31.94]`, `-2.0%/+0.4% [...]` where the sides differ; without the share where the value is zero."""
    if item is None:
        return said("none", language)
    below, above = item.value - item.low, item.high - item.value
    if item.relative is None:
        relative = ""
    elif abs(below - above) > _ALIKE * (below + above):
        relative = f"-{percent(below / abs(item.value))}/+{percent(above / abs(item.value))} "
    else:
        relative = f"±{percent(item.relative)} "
    return f"{relative}[{shown(item.low)}, {shown(item.high)}]"


def half_width_text(source: Source, language: Language) -> str:
    """`±5.0%`, and of how many cells that is the largest; nothing of a zero, whose half-width is no share of it."""
    largest = percent(source.relative) if math.isfinite(source.relative) else ""
    if source.count == 1:
        return f"±{largest}" if largest else ""
    return " · ".join(filter(None, (largest and f"≤ {largest}", said("cells", language, count=source.count))))


def typed_text(given: Input) -> str:
    """The half-width of one input: as a share, or in its unit where the value is zero."""
    if math.isfinite(given.relative):
        return f"±{percent(given.relative)}"
    return f"±{shown(given.half_width)} {given.unit}"


def level_text(found: Uncertainty, language: Language) -> str:
    """What stands beside an interval alone: its level, and the factor or the approach it comes from."""
    return said("drawn" if found.draws else "level", language)


def approach_2_text(found: Uncertainty, language: Language) -> str:
    return said("two", language, draws=f"{found.draws:,}", seed=found.seed)


def lines(result: Result, language: Language) -> Iterator[Line]:
    """The printed uncertainty, line by line; nothing where the result has no intervals."""
    found = result.intervals
    if found is None:
        return
    yield Line("")
    yield Line(f"{said('uncertainty', language)} ({said('level', language)})", "head")
    rows = [["", said("figure", language), "", said("one", language)]]
    if found.draws:
        rows[0].append(approach_2_text(found, language))
    rows += [_row(item, found, language) for item in found.figures.values() if item.value or item.approach_1]
    for text, row in zip(columns(rows, right=[1], indent="  "), rows, strict=True):
        yield Line(text, "quiet" if row is rows[0] else "strong" if row[0] == found.primary.id else "")
    yield Line(f"  {said('note', language)}", "quiet")
    yield from _sources(found.primary, language)
    yield from _exact(found.primary, language)
    for item in names_of(result).findings(found.findings):
        tone = "warning" if item.severity is Severity.WARNING else ""
        yield Line(f"  {item.code}  {item.message(language)}", tone)


def _row(item: Figure, found: Uncertainty, language: Language) -> list[str]:
    cells = [item.id, shown(item.value), item.unit, interval_text(item.approach_1, language)]
    return [*cells, interval_text(item.approach_2, language)] if found.draws else cells


def _sources(item: Figure, language: Language) -> Iterator[Line]:
    if not item.sources:
        return
    yield Line(said("sources", language, total=item.label[language]), "head")
    rows = [
        [
            f"{source.share:.1%}",
            source.name[language],
            half_width_text(source, language),
            said("shared", language) if source.shared else source.place,
        ]
        for source in item.sources[:_SHOWN]
    ]
    yield from (Line(text) for text in columns(rows, right=[0], indent="  "))


def _exact(item: Figure, language: Language) -> Iterator[Line]:
    if not item.without:
        return
    yield Line(said("exact", language, total=item.label[language]), "head")
    rows = [
        [f"{bare.share:.1%}", bare.name[language], said("cells", language, count=bare.count) if bare.count > 1 else ""]
        for bare in item.without[: 2 * _SHOWN]
    ]
    yield from (Line(text) for text in columns(rows, right=[0], indent="  "))
    if len(item.without) > len(rows):
        yield Line(f"  … {said('more', language, count=len(item.without) - len(rows))}", "quiet")
