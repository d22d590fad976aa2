"""One case by two editions of a method, printed: totals, lines with what makes them differ, findings of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from carbonstd._alike import lines as finding_lines
from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._editions.causes import USED, Cause
from carbonstd._editions.diff import EditionDiff, findings_apart
from carbonstd._editions.run import Side
from carbonstd._errors import by_severity
from carbonstd._findings import OTHER_LANGUAGE, Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._result.line_pairs import LinePair
from carbonstd._result.line_value import LineValue
from carbonstd._result.statement import statement
from carbonstd._result.summary import figure_text
from carbonstd._wording import NOT_REPORTED

_TEXTS: dict[str, Bilingual] = {
    "totals": {"zh": "合计", "en": "Totals"},
    "lines": {"zh": "报告行", "en": "Report lines"},
    "difference": {"zh": "差值", "en": "Difference"},
    "effect": {"zh": "对总量的影响", "en": "Effect on the total"},
    "same": {"zh": "相同", "en": "same"},
    "refused": {"zh": "该版本不接受本算例，未计算", "en": "this edition refuses the case; nothing was computed"},
    "alone": {"zh": "另一版本的结果", "en": "What the other edition gives"},
    "tables_on": {
        "zh": "核算期不在该版本有效期内：按施行日取用的表采用其 {day} 有效的版本",
        "en": "the period is not of this edition's time: tables that go by force are those of {day}",
    },
    "both": {"zh": "两版共有的提示", "en": "Findings of both"},
    "only": {"zh": "仅 {method}", "en": "Only by {method}"},
    "none": {"zh": "无", "en": "none"},
    "rows": {"zh": "{count} 行", "en": "{count} rows"},
    "by_bucket": {"zh": "按类别与 {line} 对应", "en": "matched by bucket with {line}"},
    "notes": {"zh": "另有提示 {count} 条（--verbose 列出）", "en": "{count} notes (--verbose lists them)"},
}
_text = partial(worded, _TEXTS)
CAUSES: dict[str, Bilingual] = {
    "absent": {"zh": "仅一版有此行", "en": "line in one edition only"},
    "not_reported": {"zh": "仅一版报告此行", "en": "reported by one edition only"},
    "unit": {"zh": "单位不同，不相减", "en": "units of two kinds, not subtracted"},
    "equation": {"zh": "公式不同", "en": "equation"},
    "table": {"zh": "表的版本不同", "en": "table edition"},
    "default": {"zh": "缺省值不同", "en": "default"},
    "input": {"zh": "台账数值的取用不同", "en": "figure of the ledger"},
    "cell": {"zh": "表列值不同", "en": "table cell"},
    "gwp": {"zh": "GWP不同", "en": "GWP"},
    "column": {"zh": "仅一版使用该列", "en": "column used by one edition only"},
    "cells": {"zh": "仅一版查用该表的单元格", "en": "cells read by one edition only"},
    "counted": {
        "zh": "计入总量的方式不同（+ 计入，- 扣除，0 不计）",
        "en": "counted in the total otherwise (+ added, - subtracted, 0 outside)",
    },
    "constant": {"zh": "常数不同", "en": "constant"},
    "unknown": {"zh": "未能归因，请分别追溯（trace）", "en": "no cause was found; trace it by each edition"},
}


def lines(found: EditionDiff, language: Language, verbose: bool = False) -> Iterator[Line]:
    """The comparison, line by line."""
    names = (found.case.title(language), found.case.title(OTHER_LANGUAGE[language]), str(found.case.period))
    yield Line(" · ".join(dict.fromkeys(filter(None, names))), "strong")
    for letter, side in (("A", found.old), ("B", found.new)):
        yield from _side(letter, side, language)
    for title, pairs in (("totals", found.totals), ("lines", found.lines)):
        if pairs:
            yield Line("")
            yield from _pairs(title, pairs, found, language)
    for side in (found.old, found.new):
        if side.result is not None and not found.lines and not found.totals:
            yield from _alone(side, language)
    yield from _findings(found, language, verbose)
    for side in (found.old, found.new):
        if side.result is not None:
            yield Line("")
            yield Line(statement(side.result, language), "quiet")


def _side(letter: str, side: Side, language: Language) -> Iterator[Line]:
    yield Line(f"{letter}  {side.method.document.number} {side.method.title[language]} ({side.method.id})")
    if side.tables_on:
        yield Line(f"   {_text('tables_on', language, day=str(side.tables_on))}", "warning")
    if side.result is None:
        yield Line(f"   {_text('refused', language)}", "error")


def _pairs(title: str, pairs: Sequence[LinePair], found: EditionDiff, language: Language) -> Iterator[Line]:
    """A table of figures, below each difference its causes; a total names those that no line names."""
    total = title == "totals"
    told = [cause for pair in found.lines for cause in pair.causes] if total else []
    head = ["", "A", "B", _text("difference", language), "" if total else _text("effect", language), "", ""]
    rows = [_row(pair, found, language) for pair in pairs]
    texts = columns([head, *rows], right=[1, 2, 3, 4], indent="  ")
    yield Line(_text(title, language), "head")
    yield Line(texts[0], "head")
    for pair, text in zip(pairs, texts[1:], strict=True):
        yield Line(text, "" if pair.same and not pair.causes else "strong")
        if pair.matched == "bucket" and pair.old:
            yield Line(f"      {_text('by_bucket', language, line=pair.old.line.id)}")
        yield from (Line(f"      {cause_text(cause, language)}") for cause in pair.causes if cause not in told)
        told += pair.causes if total else ()


def _row(pair: LinePair, found: EditionDiff, language: Language) -> list[str]:
    line = pair.shown.line
    difference = _text("same", language) if pair.same else _signed(pair.difference)
    effect = "" if line.total or not pair.effect else _signed(pair.effect)
    label = " ".join(dict.fromkeys((line.label[language], line.label[OTHER_LANGUAGE[language]])))
    figures = _figures(pair, found, difference)
    return [line.id, *figures, difference, effect, pair.shown.unit, label]


def _figures(pair: LinePair, found: EditionDiff, difference: str) -> list[str]:
    """Both figures with the decimals of the finest, so that they and their difference agree to a reader."""
    items = (pair.old, pair.new)
    texts = [_figure(item, side) for item, side in zip(items, (found.old, found.new), strict=True)]
    finest = max(map(_decimals, (*texts, difference)))
    return [
        f"{item.value:,.{finest}f}" if item and item.reported and _decimals(text) < finest else text
        for item, text in zip(items, texts, strict=True)
    ]


def _decimals(text: str) -> int:
    decimals = text.partition(".")[2]
    return len(decimals) if decimals.isdigit() else 0


def _figure(item: LineValue | None, side: Side) -> str:
    assert side.result is not None
    return figure_text(item, side.result) if item else NOT_REPORTED


def _signed(value: float | None) -> str:
    """A difference; a small one with four digits of its own, so that it is not 0.00."""
    if value is None:
        return NOT_REPORTED
    return f"{value:+,.2f}" if abs(value) >= 1 else f"{value:+.4g}"


def cause_text(cause: Cause, language: Language) -> str:
    head = CAUSES[cause.kind][language]
    if cause.kind in ("absent", "not_reported", "unit", "counted"):
        return f"{head}: {cause.old} → {cause.new}"
    if cause.kind == "unknown":
        return head
    if cause.kind in ("column", "cells"):
        which = "A" if cause.old == USED else "B"
        return f"{head}: {which}: {cause.what[language]} ({_text('rows', language, count=str(cause.rows))})"
    rows = f" ({_text('rows', language, count=str(cause.rows))})" if cause.rows else ""
    return f"{head}: {cause.what[language]}: {cause.old} → {cause.new}{rows}"


def _alone(side: Side, language: Language) -> Iterator[Line]:
    """Totals and lines of the one edition that ran."""
    assert side.result is not None
    held = [*side.result.total_lines, *side.result.lines]
    rows = [[item.line.id, figure_text(item, side.result), item.unit, item.line.label[language]] for item in held]
    yield Line("")
    yield Line(f"{_text('alone', language)} ({side.method.id})", "head")
    yield from map(Line, columns(rows, right=[1], indent="  "))


def _findings(found: EditionDiff, language: Language, verbose: bool) -> Iterator[Line]:
    old, new, both = findings_apart(found)
    only = [
        (_text("only", language, method=side.method.id), held) for side, held in ((found.old, old), (found.new, new))
    ]
    for title, held in (*only, (_text("both", language), both)):
        told = by_severity(item for item in held if verbose or item.severity is not Severity.NOTE)
        yield Line("")
        yield Line(f"{title}: {len(told) or _text('none', language)}", "head")
        yield from finding_lines(told, language, verbose)
        if len(told) < len(held):
            yield Line(f"  {_text('notes', language, count=str(len(held) - len(told)))}", "quiet")
