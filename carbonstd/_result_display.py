"""A result and its intervals in a notebook: HTML tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonstd._html import html_of
from carbonstd._number import shown
from carbonstd._uncertainty_text import interval_text, typed_text
from carbonstd._wording import NOT_REPORTED

if TYPE_CHECKING:
    from carbonstd._result import Result
    from carbonstd._uncertainty_result import Uncertainty


def result_html(result: Result) -> str:
    """Lines and totals, with intervals where there are any; then the verdicts."""
    figures = result.intervals.figures if result.intervals else {}
    rows = [
        (
            f"{item.line.label['zh']} {item.line.label['en']}",
            item.printed if item.reported else NOT_REPORTED,
            item.unit,
            item.status.name.lower() if item.reported else "not reported",
            *([interval_text(figures[item.line.id].interval, "en")] if figures else []),
        )
        for item in (*result.lines, *result.total_lines)
    ]
    title = f"{result.case.title('zh')} · {result.method.id} · {result.case.period}"
    made = html_of(title, ("line", "value", "unit", "status", *(["95 %"] if figures else [])), rows)
    judged = [
        (
            f"{verdict.rule.label['zh']} {verdict.rule.label['en']}",
            verdict.decisive.level,
            " ".join(dict.fromkeys(verdict.said(verdict.judgement).values())),
            verdict.grade,
        )
        for verdict in result.verdicts
    ]
    return made + (html_of("", ("indicator", "level", "judgement", "grade"), judged) if judged else "")


def uncertainty_html(found: Uncertainty) -> str:
    """Intervals of all totals and lines, then the largest sources of the main total's variance."""
    rows = [
        (
            item.id,
            shown(item.value),
            item.unit,
            *(interval_text(one, "en") for one in (item.approach_1, item.approach_2)),
        )
        for item in found.figures.values()
    ]
    sources = [
        (
            f"{item.share:.1%}",
            item.input.name["en"],
            typed_text(item.input),
            item.input.distribution,
            item.input.place,
        )
        for item in found.primary.contributors
    ]
    made = html_of("95 %", ("figure", "value", "unit", "approach 1", "approach 2"), rows)
    return made + html_of("", ("share of variance", "input", "half-width", "distribution", "place"), sources)
