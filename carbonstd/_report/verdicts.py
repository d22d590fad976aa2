"""What a report says of limits: indicators against their levels, the conditions of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, number, tag
from carbonstd._paper.paper import Cell, Paragraph, Picture, Section, table
from carbonstd._result.charts import levels
from carbonstd._result.result import Result
from carbonstd._result.verdict import Grade, Judgement, LevelVerdict, Verdict
from carbonstd._units import unit_text
from carbonstd._wording import GRADE_TEXT

_LOOKS = {"met": "met", "not_met": "not-met", "not_stated": "open"}  # of conditions


def verdicts(result: Result, words: Words) -> Section | None:
    """Indicators against their limits, with the grade of each verdict."""
    if not result.verdicts:
        return None
    names = ("indicator", "value", "level", "limit", "distance", "judgement", "clause")
    rows = [row for verdict in result.verdicts for row in _verdict_rows(verdict, words)]
    heads = [words.texts(name) for name in names]
    made = table(words.both("verdict_caption"), heads, rows, numeric=(1, 3, 4), look="verdicts")
    drawn = [Picture(chart)] if (chart := levels(result)) else []
    return Section("verdicts", words.texts("verdicts"), (*drawn, made, Paragraph(words.both("verdict_note"), "note")))


def conditions(result: Result, words: Words) -> Section | None:
    """What a decision looked at, each condition with its clause."""
    if not result.conditions:
        return None
    named = names_of(result)
    heads = [words.texts(name) for name in ("condition", "judgement", "looked_at", "clause")]
    rows = [
        [
            words.label(item.check.label),
            tag("strong", item.said[words.language], class_=_LOOKS[item.state]),
            named.looked_at(item, words.language),
            item.check.clause,
        ]
        for item in result.conditions
    ]
    return Section("conditions", words.texts("conditions"), (table(words.both("condition_caption"), heads, rows),))


def joint(result: Result, words: Words, beside: Sequence[Result]) -> Section | None:
    """The other methods of the same workbook: their main figure and their verdicts."""
    rows: list[Sequence[Cell]] = []
    for other in beside:
        if other.method.id == result.method.id:
            continue
        head = join(other.method.document.number, " ", words.label(other.method.title))
        if not other.verdicts:
            rows.append((head, words.label(other.primary_line.label), str(other.primary), "", ""))
        for verdict in other.verdicts:
            for row in _verdict_rows(verdict, words):
                rows.append((head, row[0], row[1], join(row[2], " ", row[3]), row[5]))
    if not rows:
        return None
    heads = [words.texts(name) for name in ("document", "indicator", "value", "limit", "judgement")]
    return Section("joint", words.texts("joint"), (table(words.both("joint_caption"), heads, rows, numeric=(2,)),))


def _verdict_rows(verdict: Verdict, words: Words) -> Iterator[list[Cell]]:
    rule, unit = verdict.rule, unit_text(verdict.rule.unit, words.language)
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
