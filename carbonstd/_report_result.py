"""The first page of a report: head, totals, what they rest on, the largest lines, facts, and verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from carbonstd._chart_svg import svg
from carbonstd._document import Document
from carbonstd._method import Panel
from carbonstd._naming import Names, names_of
from carbonstd._number import shown
from carbonstd._panel import Across, Figure, across, filled_panels, label_of, unit_said
from carbonstd._report_html import Html, Words, join, number, section, table, tag
from carbonstd._report_lines import figure, share_text
from carbonstd._result import LineValue, Result
from carbonstd._result_charts import panel_curves, unit_of
from carbonstd._result_charts import shares as shares_chart
from carbonstd._schema import Bilingual
from carbonstd._uncertainty_text import interval_text, level_text
from carbonstd._units import unit_text
from carbonstd._verdict import Grade, Judgement, LevelVerdict, Verdict
from carbonstd._wording import GRADE_TEXT, NOT_REPORTED, STATUS_TEXT, paper_title

_LOOKS = {"met": "met", "not_met": "not-met", "not_stated": "open"}  # of conditions
_MANY = 5  # totals of a document that stand three in a row


def head(result: Result, words: Words) -> Html:
    """Who, which method: the title of the report."""
    title = words.label(paper_title("report", result.method.level, bool(result.method.gases)))
    document = f"{result.method.document.number} "
    return tag(
        "header",
        tag("h1", title),
        tag("p", words.label(_entity(result)), class_="entity"),
        tag("p", document, words.label(result.method.title), class_="by"),
    )


def facts(result: Result, words: Words) -> Html:
    """Boundary, period, document with number, method with edition."""
    case, method = result.case, result.method
    rows: list[tuple[Html, object]] = [(words.both("entity"), tag("strong", words.label(_entity(result))))]
    for key, value in case.entity.items():
        if key != "name" and value not in (None, "") and not isinstance(value, list | tuple):
            known = key in ("code", "industry", "region", "address", "contact")
            shown_value = words.label(value) if isinstance(value, Mapping) else str(value)
            rows.append((words.both(str(key)) if known else join(str(key)), shown_value))
    period: object = str(case.period)
    if not case.period.whole_years:
        period = join(case.period, " (", words.both("part_year"), ")")
    rows += [(words.both("period"), period), (words.both("as_of"), str(case.as_of))]
    rows.append((words.both("document"), document_of(method.document, method.title, words)))
    rows.append((words.both("method"), tag("code", method.id)))
    if method.gases:
        gwp = _gwp(result) or words.both("no_gwp")
        rows.append((words.both("gases"), join(", ".join(method.gases), "; ", gwp)))
    if method.boundary:
        rows.append((words.both("boundary"), tag("span", words.label(method.boundary), class_="long")))
    pairs = (join(tag("dt", name), tag("dd", value)) for name, value in rows)
    return section(words.both("facts"), tag("dl", *pairs, class_="facts"), name="facts")


def document_of(document: Document, title: Bilingual, words: Words) -> Html:
    """Number, title and the dates that matter."""
    said = [words.text(name, day=day) for name in ("issued", "in_force") if (day := getattr(document, name))]
    if document.superseded_by:
        said.append(words.text("superseded", number=document.superseded_by))
    dates = tag("span", " (", ", ".join(said), ")") if said else Html()
    return join(tag("strong", document.number, class_="number"), " ", words.label(title), dates)


def totals(result: Result, words: Words) -> Html:
    """Every total of the document, the main one first and largest; errors are said here already."""
    items = sorted(result.total_lines, key=lambda item: item.line.id != result.primary_line.id)
    cards = [
        tag(
            "div",
            tag("p", words.label(item.line.label), class_="what"),
            tag("p", figure(item, result), " ", tag("span", unit_of(result, item)), class_="figure"),
            _interval(item, result, words),
            class_="total main" if item is items[0] else "total",
        )
        for item in items
    ]
    count = Counter(str(item.severity) for item in result.findings)
    failed = tag("p", words.both("failed", count=count["error"]), class_="failed", role="alert")
    counts = words.both("counts", errors=count["error"], warnings=count["warning"], notes=count["note"])
    below = failed if count["error"] else Html()
    return section(
        words.both("totals"),
        tag("div", *cards, class_="totals many" if len(cards) > _MANY else "totals"),
        below,
        tag("p", counts, class_="note"),
        name="totals",
    )


def shares(result: Result, words: Words) -> Html:
    """How much of the main total was measured, entered, taken by default, carried over or assumed."""
    note = tag("p", words.both("shares_note"), class_="note")
    return section(words.both("shares"), svg(shares_chart(result), words.language), note, name="shares")


def largest(result: Result, words: Words) -> Html:
    items = [item for item in result.largest() if item.value]
    if not items:
        return Html()
    rows = [
        tag(
            "li",
            words.label(item.line.label),
            tag(
                "span",
                figure(item, result),
                f" {unit_of(result, item)}",
                share_text(item, result, " · "),
                f" · {STATUS_TEXT[item.state][words.language]}",
                class_="aside",
            ),
        )
        for item in items
    ]
    return section(words.both("largest"), tag("ol", *rows, class_="largest"), name="largest")


def verdicts(result: Result, words: Words) -> Html:
    """Indicators against their limits, with the grade of each verdict."""
    if not result.verdicts:
        return Html()
    heads = [words.both(name) for name in ("indicator", "value", "level", "limit", "distance", "judgement", "clause")]
    rows = [row for verdict in result.verdicts for row in _verdict_rows(verdict, words)]
    made = table(words.both("verdict_caption"), heads, rows, numeric=(1, 3, 4), look="verdicts")
    return section(words.both("verdicts"), made, tag("p", words.both("verdict_note"), class_="note"), name="verdicts")


def conditions(result: Result, words: Words) -> Html:
    """What a decision looked at, each condition with its clause."""
    if not result.conditions:
        return Html()
    names = names_of(result)
    heads = [words.both(name) for name in ("condition", "judgement", "looked_at", "clause")]
    rows = [
        [
            words.label(item.check.label),
            tag("strong", item.said[words.language], class_=_LOOKS[item.state]),
            names.looked_at(item, words.language),
            item.check.clause,
        ]
        for item in result.conditions
    ]
    return section(words.both("conditions"), table(words.both("condition_caption"), heads, rows), name="conditions")


def panels(result: Result, words: Words) -> Html:
    """What the method shows beside the totals, a table each."""
    names = names_of(result)
    return join(
        *(
            _across(panel, across(result, figures), names, words)
            if panel.across
            else _panel(panel, figures, result, words)
            for panel, figures in filled_panels(result)
        )
    )


def _across(panel: Panel, held: Across, names: Names, words: Words) -> Html:
    """A panel as one table, its columns headed by label and unit."""
    units = [f" ({unit})" if (unit := unit_said(item)) else "" for item in held.equations]
    heads = [
        *map(words.label, held.heads),
        *(join(words.label(label_of(item)), unit) for item, unit in zip(held.equations, units, strict=True)),
    ]
    rows = [
        [
            *(names.terms_in(label)[words.language] for label in labels),
            *(number(item.value, item.text) if item else NOT_REPORTED for item in figures),
        ]
        for labels, figures in held.rows
    ]
    title = words.label(panel.title)
    made = table(title, heads, rows, numeric=range(len(held.heads), len(heads)))
    return section(title, made, name=f"panel-{panel.id}")


def _panel(panel: Panel, figures: Sequence[Figure], result: Result, words: Words) -> Html:
    names = names_of(result)
    heads = [words.both(name) for name in ("line", "of_label", "value", "unit")]
    rows = [
        [words.label(item.label), item.labelled(names, words.language), number(item.value, item.text), item.unit]
        for item in figures
    ]
    title = words.label(panel.title)
    chart = panel_curves(panel, figures, result)
    drawn = svg(chart, words.language) if chart else Html()
    return section(title, drawn, table(title, heads, rows, numeric=(2,)), name=f"panel-{panel.id}")


def _interval(item: LineValue, result: Result, words: Words) -> Html:
    if result.intervals is None or not item.reported:
        return Html()
    text = interval_text(result.intervals.figures[item.line.id].interval, words.language)
    return tag("p", text, f" ({level_text(result.intervals, words.language)})", class_="note")


def _entity(result: Result) -> Bilingual:
    name = result.case.entity.get("name") or result.case.name or {}
    return name if isinstance(name, Mapping) else {"zh": str(name), "en": str(name)}


def _gwp(result: Result) -> str:
    used = [item.table for items in result._run.segments.values() for item in items]
    return ", ".join(f"{item.document.number} ({item.id})" for item in used if item.id.startswith("gwp/"))


def _verdict_rows(verdict: Verdict, words: Words) -> Iterator[list[object]]:
    rule, unit = verdict.rule, unit_text(verdict.rule.unit)
    for level in verdict.levels:
        named = verdict.named(level.level)[words.language]
        if verdict.required and level.level == verdict.required:
            named = f"{named} ({words.text('required')})"
        sense = "≤ " if rule.sense == "at_most" else "≥ "
        bounds = ["—" if part is None else float(part) for part in (level.limit, level.distance)]
        limit, distance = (part if isinstance(part, str) else number(part, shown(part, 8)) for part in bounds)
        yield [
            words.label(rule.label),
            join(number(float(verdict.value), shown(verdict.value, 8)), f" {unit}"),
            named,
            join(sense, limit) if level.limit is not None else limit,
            distance,
            _judgement(level, verdict, words),
            rule.clause,
        ]


def _judgement(level: LevelVerdict, verdict: Verdict, words: Words) -> Html:
    text = verdict.said(level.judgement)[words.language]
    if text == GRADE_TEXT[Grade.NONE][words.language]:
        return tag("span", text, class_="open")
    look = str(level.judgement).replace("_", "-")
    ranked = tag("span", GRADE_TEXT[verdict.grade][words.language], class_="grade")
    return join(tag("strong", text, class_=look), " ", "" if level.judgement is Judgement.NO_LEVEL else ranked)
