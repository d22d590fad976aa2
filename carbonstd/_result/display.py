"""A result, its intervals, a verification and a batch in a notebook: HTML tables, and what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import by_severity
from carbonstd._findings import Finding, Severity
from carbonstd._html import html_of, printed
from carbonstd._number import shown
from carbonstd._result.summary import figure_text
from carbonstd._uncertainty.text import interval_text, typed_text
from carbonstd._units import unit_text
from carbonstd._wording import GRADE_TEXT, SEVERITY_TEXT, STATUS_TEXT

_FINDINGS, _ROWS, _DIGITS = 12, 60, 8
_SIGNS = {(False, 1): "", (False, -1): "− ", (True, 1): "备忘 memo: ", (True, -1): "备忘 memo: "}  # how lines count

if TYPE_CHECKING:
    from carbonstd._batch.result import BatchResult
    from carbonstd._editions.diff import EditionDiff
    from carbonstd._layout import Line
    from carbonstd._result.result import Result
    from carbonstd._uncertainty.result import Uncertainty
    from carbonstd._verify.record import Verification


def result_html(result: Result) -> str:
    """Lines and totals, with intervals where there are any; verdicts; errors and warnings."""
    figures = result.intervals.figures if result.intervals else {}
    rows = [
        (
            f"{_SIGNS[item.line.memo, item.line.sign]}{_both(item.line.label)}",
            figure_text(item, result),
            unit_text(result.method.equations[item.line.equation].unit),
            _both(STATUS_TEXT[item.state]),
            *([interval_text(figures[item.line.id].interval, "en")] if figures else []),
        )
        for item in (*result.lines, *result.total_lines)
    ]
    title = f"{result.case.title('zh')} · {result.method.id} · {result.case.period}"
    made = html_of(title, ("line", "value", "unit", "status", *(["95 %"] if figures else [])), rows, right=(1,))
    judged = [
        (
            _both(verdict.rule.label),
            f"{shown(verdict.value, _DIGITS)} {unit_text(verdict.rule.unit)}".strip(),
            _both(verdict.named(verdict.decisive.level)),
            _both(verdict.said(verdict.judgement)),
            _both(GRADE_TEXT[verdict.grade]),
        )
        for verdict in result.verdicts
    ]
    heads = ("indicator", "value", "level", "judgement", "grade")
    return made + (html_of("", heads, judged, right=(1,)) if judged else "") + _findings(result)


def _findings(result: Result) -> str:
    """Errors and warnings, the first of each code and how many there are of it; `findings` lists them all."""
    held: dict[str, list[Finding]] = {}
    for item in by_severity(result.findings):
        if item.severity is not Severity.NOTE:
            held.setdefault(item.code, []).append(item)
    rows = [
        (_both(SEVERITY_TEXT[items[0].severity]), code, str(len(items)), items[0].message("zh"), items[0].message("en"))
        for code, items in list(held.items())[:_FINDINGS]
    ]
    heads = ("severity", "code", "count", "例如", "such as")
    return html_of("Result.findings", heads, rows, right=(2,)) if rows else ""


def _both(texts: Bilingual) -> str:
    return " ".join(dict.fromkeys((texts["zh"], texts["en"])))


def verification_html(found: Verification) -> str:
    """The printed record, the language of the report first: it is laid out in columns already."""
    from carbonstd._verify.text import lines

    return _printed(lines(found, "zh"))


def editions_html(found: EditionDiff) -> str:
    """Totals, lines with their causes and the findings of each edition, as they are printed."""
    from carbonstd._editions.diff_text import lines

    return _printed(lines(found, "zh"))


def _printed(lines: Iterable[Line]) -> str:
    return printed("\n".join(line.text for line in lines))


def batch_html(found: BatchResult) -> str:
    """The sums by method and total."""
    heads = list(dict.fromkeys(name for row in found.rows for name, cell in row.items() if cell is not None))
    rows = [[_cell(row.get(name)) for name in heads] for row in found.rows[:_ROWS]]
    states = ", ".join(f"{name} {count:,}" for name, count in found.states.items() if count)
    figures = [at for at, name in enumerate(heads) if any(isinstance(row.get(name), int | float) for row in found.rows)]
    return html_of(f"{found.entities:,} entities: {states}", heads, rows, figures)


def _cell(held: object) -> str:
    return "" if held is None else f"{held:,.10g}" if isinstance(held, int | float) else str(held)


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
