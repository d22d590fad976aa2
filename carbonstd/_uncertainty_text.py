"""The uncertainty of a result, as text: intervals, what they come from, and what has none."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._findings import Language, Severity
from carbonstd._layout import columns
from carbonstd._summary import Line
from carbonstd._uncertainty import Figure, Interval, Uncertainty

_SHOWN = 5
_TEXTS = {
    "head": {"zh": "不确定度（95 %）", "en": "Uncertainty (95 %)"},
    "figure": {"zh": "结果", "en": "figure"},
    "one": {"zh": "方法 1（误差传播）", "en": "approach 1 (error propagation)"},
    "two": {
        "zh": "方法 2（蒙特卡洛 {draws} 次，种子 {seed}）",
        "en": "approach 2 (Monte Carlo, {draws} draws, seed {seed})",
    },
    "none": {"zh": "无区间", "en": "no interval"},
    "sources": {"zh": "“{total}”方差的主要来源", "en": "Largest sources of the variance of {total}"},
    "shared": {"zh": "各行共用", "en": "shared by its rows"},
    "exact": {
        "zh": "未给不确定度的输入（按准确值计）及“{total}”随其变化的份额",
        "en": "Inputs without an uncertainty (taken as exact) and the share of {total} that moves with them",
    },
    "more": {"zh": "另有 {count} 项", "en": "{count} more"},
    "cells": {"zh": "{count} 格", "en": "{count} cells"},
}


def lines(found: Uncertainty, language: Language) -> Iterator[Line]:
    """The printed uncertainty, line by line."""
    yield Line("")
    yield Line(_text("head", language), "head")
    rows = [["", _text("figure", language), "", _text("one", language)]]
    if found.draws:
        rows[0].append(_text("two", language, draws=f"{found.draws:,}", seed=found.seed))
    rows += [_row(item, found, language) for item in found.figures.values() if item.value or item.approach_1]
    for text, item in zip(columns(rows, right=[1], indent="  "), ["", *rows[1:]], strict=True):
        yield Line(text, "quiet" if not item else "strong" if item[0] == found.primary.id else "")
    yield from _sources(found.primary, language)
    yield from _exact(found.primary, language)
    for said in found.findings:
        tone = "warning" if said.severity is Severity.WARNING else ""
        yield Line(f"  {said.code}  {said.message(language)}", tone)


def _row(item: Figure, found: Uncertainty, language: Language) -> list[str]:
    cells = [item.id, f"{item.value:,.6g}", item.unit, _interval(item.approach_1, language)]
    return [*cells, _interval(item.approach_2, language)] if found.draws else cells


def _interval(item: Interval | None, language: Language) -> str:
    if item is None:
        return _text("none", language)
    relative = f"±{item.relative:.1%} " if item.relative is not None else ""
    return f"{relative}[{item.low:,.6g}, {item.high:,.6g}]"


def _sources(item: Figure, language: Language) -> Iterator[Line]:
    if not item.contributors:
        return
    yield Line(_text("sources", language, total=item.label[language]), "head")
    rows = [
        [
            f"{source.share:.1%}",
            source.input.name[language],
            f"±{source.input.relative:.1%}",
            _text("shared", language) if source.input.shared else "",
            source.input.place,
        ]
        for source in item.contributors[:_SHOWN]
    ]
    yield from (Line(text) for text in columns(rows, right=[0], indent="  "))


def _exact(item: Figure, language: Language) -> Iterator[Line]:
    if not item.without:
        return
    yield Line(_text("exact", language, total=item.label[language]), "head")
    rows = [
        [f"{bare.share:.1%}", bare.name[language], _text("cells", language, count=bare.count) if bare.count > 1 else ""]
        for bare in item.without[: 2 * _SHOWN]
    ]
    yield from (Line(text) for text in columns(rows, right=[0], indent="  "))
    if len(item.without) > len(rows):
        yield Line(f"  … {_text('more', language, count=len(item.without) - len(rows))}", "quiet")


def _text(name: str, language: Language, **values: object) -> str:
    return _TEXTS[name][language].format_map(values)
