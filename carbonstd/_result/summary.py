"""The first page of a result, as text: totals, what they rest on, findings, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from carbonstd._alike import lines as finding_lines
from carbonstd._definitions.method import Panel
from carbonstd._definitions.schema import worded
from carbonstd._errors import by_severity
from carbonstd._findings import OTHER_LANGUAGE, Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._naming import Names, names_of
from carbonstd._number import shown
from carbonstd._result.basis import evidence_used, unseen_equations
from carbonstd._result.doubted import doubted
from carbonstd._result.line_value import LineValue
from carbonstd._result.panel import Across, across, filled_panels, unit_said
from carbonstd._result.result import Result
from carbonstd._result.statement import statement
from carbonstd._uncertainty.text import interval_text
from carbonstd._uncertainty.text import lines as uncertainty_lines
from carbonstd._units import unit_words
from carbonstd._wording import EVIDENCE_TEXT, GRADE_TEXT, NOT_REPORTED, STATUS_TEXT

_ALWAYS = ("measured", "entered", "default", "assumed")  # shares worth saying even where they are nothing
_TONES = {"error": "error", "warning": "warning", "note": ""}
_TEXTS = {
    "rests": {"zh": "数据状态", "en": "Rests on"},
    "weakest": {
        "zh": "各加项按其相乘各量中最低的数据状态计",
        "en": "an item counts by the weakest value multiplied into it",
    },
    "assumed": {"zh": "未见来源或假定", "en": "recalled or assumed"},
    "evidence": {"zh": "表值证据", "en": "Table cells"},
    "cells": {"zh": "查用 {count} 个：", "en": "{count} looked up: "},
    "largest": {"zh": "最大的报告项", "en": "Largest lines"},
    "tables": {"zh": "所用表及版本", "en": "Tables"},
    "verdicts": {"zh": "与限值或等级的比较", "en": "Indicators against limits"},
    "conditions": {"zh": "判定条件", "en": "Conditions"},
    "unseen": {"zh": "未见原文的公式", "en": "Equations not seen in the text"},
    "errors": {"zh": "错误", "en": "Errors"},
    "warnings": {"zh": "警告", "en": "Warnings"},
    "notes": {"zh": "提示", "en": "Notes"},
    "none": {"zh": "无", "en": "none"},
    "next": {"zh": "下一步", "en": "Next"},
}
_text = partial(worded, _TEXTS)


def summary(
    result: Result, language: Language, next_steps: Sequence[str] = (), verbose: bool = False
) -> Iterator[Line]:
    """The printed summary of a result, line by line."""
    yield from _heading(result, language)
    yield from _totals(result, language)
    yield from _verdicts(result, language)
    yield from _conditions(result, language)
    yield from _panels(result, language)
    yield Line("")
    yield from basis_lines(result, language)
    yield from _largest(result, language)
    yield from _not_reported(result, language)
    yield from uncertainty_lines(result, language)
    yield from _tables(result, language)
    yield from _unseen(result, language)
    yield from _findings(result, language, verbose)
    if next_steps:
        yield Line("")
        yield Line(_text("next", language), "head")
        yield from (Line(f"  {step}") for step in next_steps)
    yield Line("")
    yield Line(statement(result, language), "quiet")


def _heading(result: Result, language: Language) -> Iterator[Line]:
    case, method = result.case, result.method
    entity = " ".join(
        dict.fromkeys(name for name in (case.title(language), case.title(OTHER_LANGUAGE[language])) if name)
    )
    yield Line(" · ".join(part for part in (entity, str(case.period)) if part), "strong")
    yield Line(f"{method.document.number} {method.title[language]} ({method.id})")


def _totals(result: Result, language: Language) -> Iterator[Line]:
    items = sorted(result.total_lines, key=lambda item: item.line.id != result.primary_line.id)
    rows = [
        [
            figure_text(item, result),
            unit_words(item.unit, language),
            interval_text(result.intervals.figures[item.line.id].interval, language) if result.intervals else "",
            item.line.label[language],
            item.line.label[OTHER_LANGUAGE[language]],
        ]
        for item in items
    ]
    yield Line("")
    for item, text in zip(items, columns(rows, right=[0], indent="  "), strict=True):
        yield Line(text, "strong" if item is items[0] else "")
    yield from (Line(f"  ! {told[language]}", "warning") for told in doubted(result))


def _verdicts(result: Result, language: Language) -> Iterator[Line]:
    """What each indicator reaches at the level that decides, in the words its grade allows."""
    rows, tones = [], []
    for verdict in result.verdicts:
        rule, decisive = verdict.rule, verdict.decisive
        sense = "≤" if rule.sense == "at_most" else "≥"
        rows.append(
            [
                rule.label[language],
                f"{shown(verdict.value, 8)} {unit_words(rule.unit.text, language)}",
                verdict.named(decisive.level)[language],
                f"{sense} {shown(decisive.limit, 8)}" if decisive.limit is not None else NOT_REPORTED,
                verdict.said(decisive.judgement)[language],
                GRADE_TEXT[verdict.grade][language],
            ]
        )
        tones.append("error" if verdict.failed else "")
    if rows:
        yield Line("")
        yield Line(_text("verdicts", language), "head")
        yield from map(Line, columns(rows, indent="  "), tones)


def _conditions(result: Result, language: Language) -> Iterator[Line]:
    """What a decision looked at, whether or not it holds."""
    names = names_of(result)
    rows = [
        [item.said[language], item.check.label[language], item.check.clause, names.looked_at(item, language)]
        for item in result.conditions
    ]
    tones = ["" if item.state == "met" else _TONES[item.check.severity] for item in result.conditions]
    if rows:
        yield Line("")
        yield Line(_text("conditions", language), "head")
        yield from map(Line, columns(rows, indent="  "), tones)


def _panels(result: Result, language: Language) -> Iterator[Line]:
    """What the method shows beside the totals: statistics of a fit, savings of other kinds."""
    names = names_of(result)
    for panel, figures in filled_panels(result):
        if panel.across:
            yield from _across(panel, across(result, figures), names, language)
            continue
        rows = [  # an equation is named once; further values of it by their labels
            [
                item.text,
                unit_said(item.equation, language),
                item.named(names, language),
                item.equation.label[OTHER_LANGUAGE[language]],
            ]
            if item.first
            else [item.text, unit_said(item.equation, language), item.labelled(names, language), ""]
            for item in figures
        ]
        yield Line("")
        yield Line(" ".join(panel.title[part] for part in (language, OTHER_LANGUAGE[language])), "head")
        yield from (Line(text) for text in columns(rows, right=[0], indent="  "))


def _across(panel: Panel, held: Across, names: Names, language: Language) -> Iterator[Line]:
    """A panel as one table, its columns headed by symbol, else by label, and by unit."""
    blank = [""] * len(held.heads)
    rows = [
        [*(head[language] for head in held.heads), *(item.symbol or item.label[language] for item in held.equations)],
        [*blank, *(unit_said(item, language) for item in held.equations)],
    ]
    for labels, figures in held.rows:
        said = [names.terms_in(label)[language] for label in labels]
        rows.append([*said, *(item.text if item else NOT_REPORTED for item in figures)])
    yield Line("")
    yield Line(" ".join(panel.title[part] for part in (language, OTHER_LANGUAGE[language])), "head")
    yield from map(Line, columns(rows, right=range(len(blank), len(rows[0])), indent="  "))


def basis_lines(result: Result, language: Language) -> Iterator[Line]:
    """The shares of the total by status, and of the table cells by evidence."""
    labels = {item.line.id: item.line.label[language] for item in result.total_lines}
    used = evidence_used(result)
    cells = ", ".join(
        f"{label[language]} {used[grade] / used.total():.0%}" for grade, label in EVIDENCE_TEXT.items() if used[grade]
    )
    count = _text("cells", language, count=used.total()) if cells else _text("none", language)
    rows = [
        [_text("rests", language), f"{_shares(result.shares, language)} ({_text('weakest', language)})"],
        *(["", f"{labels[name]}: {_shares(of, language)}"] for name, of in result.wider_shares.items()),
        [_text("evidence", language), count + cells],
    ]
    yield from (Line(text) for text in columns(rows))


def _shares(shares: Mapping[str, float], language: Language) -> str:
    names = {**STATUS_TEXT, "assumed": _TEXTS["assumed"]}
    return ", ".join(
        f"{names[status][language]} {share:.1%}" for status, share in shares.items() if share or status in _ALWAYS
    )


def _largest(result: Result, language: Language) -> Iterator[Line]:
    total = abs(result.primary.value)
    rows = [
        [
            item.line.id,
            figure_text(item, result),
            unit_words(item.unit, language),
            f"{item.line.sign * item.value / total:.1%}" if total else "",
            STATUS_TEXT[item.status.name.lower()][language],
            f"{item.line.label[language]} {item.line.label[OTHER_LANGUAGE[language]]}",
        ]
        for item in result.largest()
        if item.value
    ]
    if rows:
        yield Line("")
        yield Line(_text("largest", language), "head")
        yield from (Line(text) for text in columns(rows, right=[1, 3], indent="  "))


def _not_reported(result: Result, language: Language) -> Iterator[Line]:
    """The lines whose sheets hold no row: no figure, and none of their own to be taken for zero."""
    rows = [
        [
            item.line.id,
            NOT_REPORTED,
            f"{item.line.label[language]} {item.line.label[OTHER_LANGUAGE[language]]}",
        ]
        for item in result.lines
        if not item.reported
    ]
    if rows:
        other = STATUS_TEXT["not_reported"][OTHER_LANGUAGE[language]]
        yield Line("")
        yield Line(f"{STATUS_TEXT['not_reported'][language].capitalize()} {other}", "head")
        yield from (Line(text) for text in columns(rows, indent="  "))


def _tables(result: Result, language: Language) -> Iterator[Line]:
    slots = result.method.slots
    rows: dict[str, list[str]] = {}
    for slot, segments in result._run.segments.items():
        for segment in segments:
            table = segment.table
            if not table.rows:
                continue  # an optional slot that no edition answers for
            part = "" if len(segments) == 1 else f"{segment.start}..{segment.end}"
            clause = table.clause or slots[slot].clause
            rows[table.id] = [table.id, table.document.number, clause, table.title[language], part]
    if rows:
        yield Line("")
        yield Line(_text("tables", language), "head")
        yield from (Line(text) for text in columns(list(rows.values()), indent="  "))


def _unseen(result: Result, language: Language) -> Iterator[Line]:
    named: dict[str, list[str]] = {}
    for item in unseen_equations(result):
        key = f"{item.number} {EVIDENCE_TEXT[item.evidence][language]}".strip()
        named.setdefault(key, []).append(item.symbol or item.id)
    if named:
        listed = "; ".join(f"{key}: {', '.join(symbols)}" for key, symbols in named.items())
        yield Line("")
        yield Line(_text("unseen", language), "head")
        yield Line(f"  {listed}", "warning")


def _findings(result: Result, language: Language, verbose: bool) -> Iterator[Line]:
    """Findings by severity; only those that are shown are put in a reader's words."""
    findings, names = by_severity(result.findings), names_of(result)
    errors = [item for item in findings if item.severity is Severity.ERROR]
    warnings = [item for item in findings if item.severity is Severity.WARNING]
    notes = [item for item in findings if item.severity is Severity.NOTE]
    yield Line("")
    yield Line(f"{_text('errors', language)} {len(errors)}", "error" if errors else "head")
    yield from finding_lines(errors, language, verbose, names)
    yield Line(f"{_text('warnings', language)} {len(warnings)}", "warning" if warnings else "head")
    yield from finding_lines(warnings, language, verbose, names)
    counted = ", ".join(f"{code} {count}" for code, count in Counter(item.code for item in notes).items())
    yield Line(f"{_text('notes', language)} {len(notes)}{': ' + counted if counted else ''}", "head")
    if verbose:
        yield from finding_lines(notes, language, verbose, names)


def figure_text(item: LineValue, result: Result) -> str:
    """A dash where nothing was reported; else as the document prints it.

    Where it says nothing: six digits of the largest figure in its unit, and two decimals at least.
    """
    if not item.reported:
        return NOT_REPORTED
    return item.printed if item.line.digits is not None else f"{item.value:,.{decimals_of(item, result)}f}"


def decimals_of(item: LineValue, result: Result) -> int:
    """The decimals that `figure_text` shows of a line."""
    if item.line.digits is not None:
        return max(item.line.digits, 0)
    alike = (other for other in (*result.total_lines, *result.lines) if other.unit == item.unit and other.reported)
    largest = max((abs(other.value) for other in alike), default=0.0)
    return max(6 - len(str(int(largest))), 2)
