"""What a report says first of a result: totals and what they rest on; then whose it is, its boundary and its method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

from carbonstd._definitions.document import Document
from carbonstd._definitions.line_words import bucket_text
from carbonstd._definitions.schema import Bilingual
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, tag
from carbonstd._paper.paper import Card, Cards, Fact, Facts, Listing, Paragraph, Picture, Section, table
from carbonstd._report.lines import figure, share_text
from carbonstd._result.charts import shares as shares_chart
from carbonstd._result.charts import unit_of
from carbonstd._result.doubted import doubted
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._result.verdict import Judgement, Verdict
from carbonstd._uncertainty.text import interval_text, level_text
from carbonstd._units import unit_text
from carbonstd._wording import GRADE_TEXT, STATUS_TEXT

_OF_ENTITY = ("code", "industry", "region", "address", "contact")  # what `report.yaml` has a name for


def entity_name(result: Result) -> Bilingual:
    name = result.case.entity.get("name") or result.case.name or {}
    return name if isinstance(name, Mapping) else {"zh": str(name), "en": str(name)}


def totals(result: Result, words: Words) -> Section:
    """Every total of the document, the main one first and largest; errors are said here already."""
    items = sorted(result.total_lines, key=lambda item: item.line.id != result.primary_line.id)
    cards = [
        Card(
            words.label(item.line.label),
            figure(item, result),
            unit_of(result, item, words.language),
            _interval(item, result, words),
        )
        for item in items
    ]
    cards += [_verdict(item, words) for item in result.verdicts]
    doubts = [Paragraph(words.label(told), "failed") for told in doubted(result)]
    count = Counter(str(item.severity) for item in result.findings)
    failed = [Paragraph(words.both("failed", count=count["error"]), "failed")] if count["error"] else []
    counts = words.both("counts", errors=count["error"], warnings=count["warning"], notes=count["note"])
    return Section("totals", words.texts("totals"), (Cards(tuple(cards)), *doubts, *failed, Paragraph(counts, "note")))


def shares(result: Result, words: Words) -> Section:
    """How much of the main total was measured, entered, taken by default, carried over or assumed."""
    note = Paragraph(words.both("shares_note"), "note")
    return Section("shares", words.texts("shares"), (Picture(shares_chart(result)), note))


def largest(result: Result, words: Words) -> Section | None:
    items = [item for item in result.largest() if item.value]
    if not items:
        return None
    rows = [
        join(
            words.label(item.line.label),
            tag(
                "span",
                figure(item, result),
                f" {unit_of(result, item, words.language)}",
                share_text(item, result, " · "),
                f" · {STATUS_TEXT[item.state][words.language]}",
                class_="aside",
            ),
        )
        for item in items
    ]
    return Section("largest", words.texts("largest"), (Listing(tuple(rows), ordered=True, look="largest"),))


def entity(result: Result, words: Words) -> Section:
    """Who reports, and for which period."""
    case = result.case
    items = [Fact(words.texts("entity"), tag("strong", words.label(entity_name(result))))]
    for key, value in case.entity.items():
        if key != "name" and value not in (None, "") and not isinstance(value, list | tuple):
            named = words.texts(key) if key in _OF_ENTITY else {"zh": str(key), "en": str(key)}
            items.append(Fact(named, words.label(value) if isinstance(value, Mapping) else str(value)))
    period = str(case.period)
    if not case.period.whole_years:
        period = join(period, " (", words.both("part_year"), ")")
    items += [Fact(words.texts("period"), period), Fact(words.texts("as_of"), str(case.as_of))]
    return Section("facts", words.texts("facts"), (Facts(tuple(items)),))


def boundary(result: Result, words: Words) -> Section | None:
    """What the account takes in, as the document and as choices of the case say."""
    said = result.method.boundary
    items = [Fact(words.texts("boundary"), words.label(said))] if said else []
    items += [Fact(words.texts("chosen"), result.boundary)] if result.boundary else []
    return Section("boundary", words.texts("boundary"), (Facts(tuple(items)),)) if items else None


def sources(result: Result, words: Words) -> Section | None:
    """The sources the document knows, and whether this case reports them."""
    if not result.lines:
        return None
    names = ("line", "gas", "scope", "iso", "bucket", "status")
    cells = [
        {
            "line": words.label(item.line.label),
            "gas": item.line.gas,
            "scope": item.line.scope,
            "iso": item.line.iso,
            "bucket": bucket_text(item.line.bucket)[words.language],
            "status": words.text("reported") if item.reported else STATUS_TEXT["not_reported"][words.language],
        }
        for item in result.lines
    ]
    kept = [name for name in names if any(row[name] for row in cells)]
    heads = [words.texts(name) for name in kept]
    made = table(words.both("sources_caption"), heads, [[row[name] for name in kept] for row in cells])
    return Section("sources", words.texts("sources"), (made,))


def method(result: Result, words: Words) -> Section:
    """The document with its number and dates, the method with its edition, the gases."""
    used = result.method
    items = [
        Fact(words.texts("document"), document_of(used.document, used.title, words)),
        Fact(words.texts("method"), tag("code", used.id)),
    ]
    if used.gases:
        gwp = _gwp(result) or words.both("no_gwp")
        items.append(Fact(words.texts("gases"), join(", ".join(used.gases), "; ", gwp)))
    return Section("method", words.texts("method"), (Facts(tuple(items)),))


def document_of(document: Document, title: Bilingual, words: Words) -> Html:
    """Number, title and the dates that matter."""
    return join(tag("strong", document.number, class_="number"), " ", words.label(title), *_dates(document, words))


def _dates(document: Document, words: Words) -> Iterator[Html]:
    said = [words.text(name, day=day) for name in ("issued", "in_force") if (day := getattr(document, name))]
    if document.superseded_by:
        said.append(words.text("superseded", number=document.superseded_by))
    if said:
        yield tag("span", " (", ", ".join(said), ")")


def _verdict(verdict: Verdict, words: Words) -> Card:
    """Which level an indicator reaches, or which it misses, with its limit and the margin."""
    met = verdict.judgement is Judgement.MET
    item = (verdict.reached if met else None) or verdict.decisive
    level, said = verdict.named(item.level)[words.language], verdict.said(item.judgement)[words.language]

    def measured(value: Fraction) -> str:
        return f"{shown(value, 8)} {unit_text(verdict.rule.unit, words.language)}".strip()

    note = measured(verdict.value)
    if item.limit is not None and item.distance is not None:
        bounds = {"level": level, "limit": measured(item.limit), "distance": measured(item.distance)}
        note = words.text("card_limit", value=note, sense="≤" if verdict.rule.sense == "at_most" else "≥", **bounds)
    ruled = GRADE_TEXT[verdict.grade][words.language]
    judged = words.text("card_verdict", judgement=said, level=level) if said != ruled else said
    return Card(words.label(verdict.rule.label), judged, "", note if said == ruled else f"{note} ({ruled})")


def _interval(item: LineValue, result: Result, words: Words) -> str:
    if result.intervals is None or not item.reported:
        return ""
    text = interval_text(result.intervals.figures[item.line.id].interval, words.language)
    return f"{text} ({level_text(result.intervals, words.language)})"


def _gwp(result: Result) -> str:
    used = [item.table for items in result._run.segments.values() for item in items]
    return ", ".join(f"{item.document.number} ({item.id})" for item in used if item.id.startswith("gwp/"))
