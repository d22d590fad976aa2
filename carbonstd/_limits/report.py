"""The page of a check of limits: how many reach which level, every plant on a gauge of its levels, and findings.

One self-contained HTML page; nothing is fetched and nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from carbonstd._charts.as_svg import svg
from carbonstd._charts.chart import Gauges, Part, Stack, Stacks
from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._findings import LANGUAGES, Language, Severity
from carbonstd._limits.record import Check, Record
from carbonstd._limits.rows import DERIVATION, all_findings, derived_rows
from carbonstd._limits.text import (
    TEXTS,
    beside_text,
    indicator_label,
    level_name,
    level_order,
    percent_text,
    reached_text,
    reasons,
    required_text,
    said,
    sense,
    statement,
    value_text,
)
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, section, table, tag
from carbonstd._paper.page_file import page, write_page
from carbonstd._result.charts import verdict_gauge
from carbonstd._result.verdict import Judgement
from carbonstd._wording import GRADE_TEXT, SEVERITY_TEXT

_STYLE = """
.gauge { margin: 14px 0 6px; break-inside: avoid; } .gauge p { margin: 0; }
.gauge .what { font-weight: 600; }
#records tbody th { min-width: 8em; } #records td:nth-child(2), #records td:nth-child(n + 10) { min-width: 7em; }
"""
_OVERVIEW: Bilingual = {"zh": "总览", "en": "Overview"}
_GAUGES: Bilingual = {"zh": "各指标与各级限额", "en": "Indicators against their levels"}
_SHADES: Bilingual = {
    "zh": "粗线是须达到的限值；蓝色各段达到它，越浅越严；橙色达到较低等级，红褐色各级均未达到",
    "en": "the thick line is the limit that is required; blue zones meet it, the palest is the strictest level; orange "
    "meets an easier level alone, red-brown none",
}
_UNDECIDED: Bilingual = TEXTS["reasons"]


def write_report(check: Check, path: Path, language: Language) -> None:
    """Write the page. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    write_page(report(check, language), path)


def report(check: Check, language: Language) -> str:
    """The page as text: the same for the same check."""
    words = Words(language)
    counted = TEXTS["counts"][language].format(plants=check.plants, records=len(check.records))
    supposed = [tag("p", f"{TEXTS['supposed'][language]}: {check.what_if}", class_="by")] if check.what_if else []
    top = tag("header", tag("h1", words.label(TEXTS["title"])), tag("p", counted, class_="by"), *supposed)
    main = tag(
        "main",
        top,
        section(words.label(_OVERVIEW), svg(levels_chart(check), language), name="overview"),
        section(words.label(_GAUGES), *_gauges(check, words), name="gauges"),
        *_records(check, words),
        *_undecided(check, words),
        *_derivation(check, words),
        *_findings(check, words),
        tag("p", statement(check, language), class_="note"),
    )
    return page(TEXTS["title"][language], main, _STYLE, language)


def levels_chart(check: Check) -> Stacks:
    """A stacked bar for each indicator of each standard: how many reach which level."""
    stacks = []
    for (standard, indicator), found in check.by_level().items():
        order = level_order(check, standard, indicator)
        parts = tuple(
            Part(in_both(partial(level_name, level)), _colour(at, level), found[level])
            for at, level in enumerate(order)
            if found[level]
        )
        label = in_both(partial(indicator_label, check, standard, indicator))
        stacks.append(Stack(dict.fromkeys(LANGUAGES, standard), label, parts))
    return Stacks("levels-chart", TEXTS["by_level"], tuple(stacks))


def _colour(place: int, level: str | None) -> str:
    return "lnone" if level is None else "lopen" if level == "undecided" else f"l{place % 5}"


def _gauges(check: Check, words: Words) -> Iterator[Html]:
    yield tag("p", words.label(_SHADES), class_="note")
    for index, record in enumerate(check.records):
        if record.judgement is not Judgement.UNDECIDED:
            yield _gauge(f"gauge-{index}", record, words)


def _gauge(name: str, record: Record, words: Words) -> Html:
    """Where an indicator stands among its levels, under its plant and judgement."""
    assert record.verdict is not None
    language = words.language
    verdict_text = f"{said(record, language)} · {GRADE_TEXT[record.grade][language]}"
    head = tag(
        "p",
        tag("span", f"{record.plant} · {record.indicator[language]}", class_="what"),
        f" · {record.standard} · {record.period} · ",
        tag("span", verdict_text, class_="bad-text" if record.failed else "good-text"),
    )
    title = in_both(lambda part: f"{record.plant} {record.indicator[part]}")
    gauge = replace(verdict_gauge(record.verdict), failed=record.failed)
    return tag("div", head, svg(Gauges(name, title, (gauge,)), language), class_="gauge")


def _records(check: Check, words: Words) -> Iterator[Html]:
    language = words.language
    compared = [item for item in check.records if item.compared]
    if not compared:
        return
    names = ["plant", "standard", "class", "indicator", "value", "required", "percent", "reached", "judgement"]
    names += check.beside
    rows = []
    for item in compared:
        decisive = item.decisive
        limit = "" if decisive is None or decisive.limit is None else f" {sense(item)} {shown(decisive.limit, 8)}"
        printed = item.corrected(decisive)
        moved = "" if printed is None else TEXTS["moved"][language].format(limit=shown(printed, 8))
        clause = item.verdict.rule.clause if item.verdict else ""
        cells: list[object] = [
            item.plant,
            join(f"{item.standard} · {item.period}", tag("span", clause, class_="clause")),
            item.category.get(language, ""),
            words.label(item.indicator),
            value_text(item, language),
            join(
                (required_text(item, language)) + limit,
                tag("span", moved, class_="clause"),
            ),
            percent_text(decisive),
            reached_text(item, language),
            join(
                tag("strong", said(item, language), class_="not-met" if item.failed else "met"),
                " ",
                tag("span", GRADE_TEXT[item.grade][language], class_="grade"),
            ),
        ]
        rows.append(cells + [beside_text(item, name, language) for name in check.beside])
    heads = [words.label(TEXTS[name]) for name in names]
    made = table(words.label(TEXTS["title"]), heads, rows, numeric=(4, 6))
    yield section(words.label(TEXTS["judgement"]), made, name="records", look="wide")


def _derivation(check: Check, words: Words) -> Iterator[Html]:
    """Of one plant, how each indicator and limit came about; for a table of plants the workbook has it."""
    names = ("of", "label", "key", "value", "unit", "clause", "evidence", "place")
    if check.plants != 1 or not any(item.derivation for item in check.records):
        return
    heads = [words.label(DERIVATION[name]) for name in names]
    parts: list[Html] = []
    for item in check.records:
        found = [row | {"value": shown(row["value"], 8)} for row in derived_rows(item, words.language)]
        if found:
            title = " · ".join((item.standard, item.indicator[words.language]))
            rows = [[row[name] for name in names] for row in found]
            parts += [tag("h3", title), table(title, heads, rows, numeric=(3,))]
    yield section(words.label(TEXTS["next"]), *parts, name="derivation")


def _undecided(check: Check, words: Words) -> Iterator[Html]:
    found = [item for item in check.records if item.judgement is Judgement.UNDECIDED]
    if not found:
        return
    heads = [words.label(TEXTS[name]) for name in ("plant", "standard", "period", "findings", "by_edition")]
    rows = [
        [
            item.plant,
            item.standard,
            item.period,
            join(*(tag("p", reason) for reason in reasons(item, words.language))),
            join(*(tag("p", _edition(edition, words.language)) for edition in item.editions)),
        ]
        for item in found
    ]
    yield section(words.label(_UNDECIDED), table(words.label(_UNDECIDED), heads, rows), name="undecided")


def _edition(record: Record, language: Language) -> str:
    return f"{record.standard}: {reached_text(record, language)}, {said(record, language)}"


def _findings(check: Check, words: Words) -> Iterator[Html]:
    found = [(plant, item) for plant, item in all_findings(check) if item.severity is not Severity.NOTE]
    if found:
        rows = [
            [SEVERITY_TEXT[str(item.severity)][words.language], item.code, plant, item.message(words.language)]
            for plant, item in found
        ]
        heads = [{"zh": "级别", "en": "Severity"}, {"zh": "代码", "en": "Code"}, TEXTS["plant"], TEXTS["findings"]]
        made = table(words.label(TEXTS["findings"]), [words.label(head) for head in heads], rows)
        yield section(words.label(TEXTS["findings"]), made, name="findings")
