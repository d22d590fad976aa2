"""A result, its intervals and a verification in a notebook: HTML tables, and what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from carbonstd._definitions.schema import Bilingual, in_both, same
from carbonstd._errors import by_severity
from carbonstd._findings import Finding, Severity
from carbonstd._html import both, html_of, printed
from carbonstd._number import shown
from carbonstd._result.summary import figure_text
from carbonstd._uncertainty.text import DISTRIBUTION_TEXT, TEXTS, approach_2_text, interval_text, typed_text
from carbonstd._units import unit_text
from carbonstd._wording import GRADE_TEXT, SEVERITY_TEXT, STATUS_TEXT

_FINDINGS, _DIGITS = 12, 8
_SIGNS = {(False, 1): "", (False, -1): "− ", (True, 1): "备忘 memo: ", (True, -1): "备忘 memo: "}  # how lines count

_HEADS: dict[str, Bilingual] = {
    "line": {"zh": "报告项", "en": "Line"},
    "value": {"zh": "数值", "en": "Value"},
    "unit": {"zh": "单位", "en": "Unit"},
    "status": {"zh": "数据状态", "en": "Status"},
    "indicator": {"zh": "指标", "en": "Indicator"},
    "level": {"zh": "等级", "en": "Level"},
    "judgement": {"zh": "判定", "en": "Judgement"},
    "grade": {"zh": "判定性质", "en": "Grade"},
    "severity": {"zh": "级别", "en": "Severity"},
    "code": {"zh": "代码", "en": "Code"},
    "count": {"zh": "条数", "en": "Count"},
    "zh": same("例如"),
    "en": same("Such as"),
}
_OF_THE_COMMAND = re.compile(r"（--verbose [^）]*）| \(--verbose [^)]*\)")  # in Python `findings` lists all

if TYPE_CHECKING:
    from carbonstd._editions.diff import EditionDiff
    from carbonstd._layout import Line
    from carbonstd._result.result import Result
    from carbonstd._uncertainty.result import Interval, Uncertainty
    from carbonstd._verify.record import Verification


def result_html(result: Result) -> str:
    """Lines and totals, with intervals where there are any; verdicts; errors and warnings."""
    figures = result.intervals.figures if result.intervals else {}
    rows = [
        (
            f"{_SIGNS[item.line.memo, item.line.sign]}{both(item.line.label)}",
            figure_text(item, result),
            unit_text(result.method.equations[item.line.equation].unit),
            both(STATUS_TEXT[item.state]),
            *([_interval(figures[item.line.id].interval)] if figures else []),
        )
        for item in (*result.lines, *result.total_lines)
    ]
    title = f"{result.case.title('zh')} · {result.method.id} · {result.case.period}"
    heads = [*_heads("line", "value", "unit", "status"), *(["95 %"] if figures else [])]
    made = html_of(title, heads, rows, right=(1,))
    judged = [
        (
            both(verdict.rule.label),
            f"{shown(verdict.value, _DIGITS)} {unit_text(verdict.rule.unit)}".strip(),
            both(verdict.named(verdict.decisive.level)),
            both(verdict.said(verdict.judgement)),
            both(GRADE_TEXT[verdict.grade]),
        )
        for verdict in result.verdicts
    ]
    heads = _heads("indicator", "value", "level", "judgement", "grade")
    return made + (html_of("", heads, judged, right=(1,)) if judged else "") + _findings(result)


def _findings(result: Result) -> str:
    """Errors and warnings, the first of each code and how many there are of it; `findings` lists them all."""
    held: dict[str, list[Finding]] = {}
    for item in by_severity(result.findings):
        if item.severity is not Severity.NOTE:
            held.setdefault(item.code, []).append(item)
    rows = [
        (both(SEVERITY_TEXT[items[0].severity]), code, str(len(items)), items[0].message("zh"), items[0].message("en"))
        for code, items in list(held.items())[:_FINDINGS]
    ]
    return html_of("Result.findings", _heads("severity", "code", "count", "zh", "en"), rows, right=(2,)) if rows else ""


def verification_html(found: Verification) -> str:
    """The printed record, the language of the report first: it is laid out in columns already."""
    from carbonstd._verify.text import lines

    return _printed(lines(found, "zh"))


def editions_html(found: EditionDiff) -> str:
    """Totals, lines with their causes and the findings of each edition, as they are printed."""
    from carbonstd._editions.diff_text import lines

    return _printed(lines(found, "zh"))


def _printed(lines: Iterable[Line]) -> str:
    return printed("\n".join(_OF_THE_COMMAND.sub("", line.text) for line in lines))


def _heads(*names: str) -> list[str]:
    return [both(_HEADS[name]) for name in names]


def _interval(item: Interval | None) -> str:
    return both(in_both(lambda part: interval_text(item, part)))


def uncertainty_html(found: Uncertainty) -> str:
    """Intervals of all totals and lines, then the largest sources of the main total's variance."""
    rows = [
        (both(item.label), shown(item.value), item.unit, _interval(item.approach_1), _interval(item.approach_2))
        for item in found.figures.values()
    ]
    sources = [
        (
            f"{item.share:.1%}",
            both(item.input.name),
            typed_text(item.input),
            both(DISTRIBUTION_TEXT[item.input.distribution]),
            item.input.place,
        )
        for item in found.primary.contributors
    ]
    drawn = in_both(lambda part: approach_2_text(found, part)) if found.draws else TEXTS["drawn"]
    heads = map(both, (TEXTS["figure"], _HEADS["value"], _HEADS["unit"], TEXTS["one"], drawn))
    of_source = (TEXTS[name] for name in ("share_of_variance", "source", "half_width", "distribution", "place"))
    return html_of("95 %", [*heads], rows, right=(1,)) + html_of("", [*map(both, of_source)], sources)
