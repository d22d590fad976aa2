"""Records of a check of limits as text: one plant with every level, or a table of plants with the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from carbonstd import __version__
from carbonstd._alike import finding_line, folded_line, others_told
from carbonstd._alike import lines as finding_lines
from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._findings import Finding, Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._limits.record import Check, Record, percent
from carbonstd._number import percent_shown, shown
from carbonstd._result.verdict import Judgement, LevelVerdict, level_named
from carbonstd._units import unit_words
from carbonstd._wording import EVIDENCE_TEXT, GRADE_TEXT, NOT_REPORTED, judgement_text

_OF_A_CODE = 3  # warnings of one code that are printed of a table of plants
_WHOLE = 40  # comparisons of a table that is printed whole
_FEW = 10  # plants that are undecided and told one by one
_OF_A_KIND = {True: 100, False: 3}  # else those that failed, and of one level that did not
_ALWAYS = ("limits-edition-not-held", "newer-edition", "newer-edition-in-force")  # an edition beyond its end

TEXTS: dict[str, Bilingual] = {
    "title": {"zh": "限额、限值比较", "en": "Against limits"},
    "plant": {"zh": "企业、装置或产品", "en": "Plant, line or product"},
    "place": {"zh": "位置", "en": "Place"},
    "standard": {"zh": "标准", "en": "Standard"},
    "period": {"zh": "核算期", "en": "Period"},
    "class": {"zh": "类别", "en": "Class"},
    "indicator": {"zh": "指标", "en": "Indicator"},
    "value": {"zh": "指标值", "en": "Value"},
    "unit": {"zh": "单位", "en": "Unit"},
    "level": {"zh": "等级", "en": "Level"},
    "limit": {"zh": "修正后限额", "en": "Corrected limit"},
    "moved": {"zh": "已修正，表列 {limit}", "en": "corrected; {limit} in the table"},
    "printed": {"zh": "表列限额（有修正时）", "en": "Limit in the table, where it was corrected"},
    "distance": {"zh": "余量", "en": "Margin"},
    "percent": {"zh": "余量（占限额）", "en": "Margin, % of the limit"},
    "reached": {"zh": "达到等级", "en": "Level reached"},
    "required": {"zh": "须达到", "en": "Required"},
    "judgement": {"zh": "结论", "en": "Judgement"},
    "grade": {"zh": "判定级别", "en": "Grade"},
    "clause": {"zh": "条款", "en": "Clause"},
    "findings": {"zh": "提示", "en": "Findings"},
    "following": {"zh": "下一版本", "en": "Next edition"},
    "supposed": {"zh": "情景", "en": "What if"},
    "none": {"zh": "均未达到", "en": "none"},
    "undecided": {"zh": "不作判定", "en": "undecided"},
    "reasons": {"zh": "不作判定的原因", "en": "Undecided, and why"},
    "by_level": {"zh": "达到各等级的数量", "en": "How many reach each level"},
    "counts": {
        "zh": "{plants} 个企业、装置或产品，{records} 项比较",
        "en": "{plants} plants, lines or products, {records} comparisons",
    },
    "one_edition": {"zh": "其中一个版本", "en": "one edition"},
    "all_editions": {"zh": "全期", "en": "whole period"},
    "by_edition": {"zh": "各版本的结果", "en": "By edition"},
    "next": {"zh": "推导过程", "en": "Derivation"},
    "more": {
        "zh": "另有 {count} 条 {code}（--verbose 全部列出）",
        "en": "{count} more of {code} (--verbose lists all)",
    },
    "rows": {"zh": "等级相同的另有 {count} 项", "en": "{count} more comparisons of the same levels"},
    "notes": {"zh": "另有提示 {count} 条", "en": "{count} notes more"},
    "computed": {
        "zh": "由 carbonstd {version} 依据{by}所列数据计算，供核算和自查使用；"
        "不构成核查意见、监察结论、配额决定或认证。",
        "en": "Computed by carbonstd {version}{by} from the data listed; for accounting and self-check; "
        "no verification opinion, supervision finding, allowance decision or certification.",
    },
    "by": {"zh": " {documents} 和", "en": " by {documents}"},
    "cells": {"zh": "查用表值 {count} 个：{shares}。", "en": "{count} table cells looked up: {shares}."},
    "unseen": {
        "zh": "未见原文的公式和条款：{clauses}。",
        "en": "Equations and clauses not seen in the text: {clauses}.",
    },
}
text = partial(worded, TEXTS)


def lines(check: Check, language: Language, traces: Sequence[str] = (), verbose: bool = False) -> Iterator[Line]:
    """What is printed: every level of one plant, or a row for each record of several."""
    if check.what_if:
        yield Line(f"{text('supposed', language)}: {check.what_if}", "quiet")
    if check.plants == 1:
        yield from _one(check, language, verbose)
    else:
        yield from _several(check, language, verbose)
    yield from (finding_line(item, language) for item in check.findings)
    if traces:
        yield from (Line(""), Line(text("next", language), "head"))
        yield from (Line(f"  {step}") for step in traces)
    yield from (Line(""), Line(statement(check, language), "quiet"))


def computed(standards: Iterable[str], language: Language) -> str:
    """By what it was computed; without a standard, from the data alone."""
    used = ("、" if language == "zh" else ", ").join(dict.fromkeys(standards))
    by = text("by", language, documents=used) if used else ""
    return text("computed", language, version=__version__, by=by)


def statement(check: Check, language: Language) -> str:
    """By what the verdicts were computed, what they rest on, and what they are not."""
    records = (item for record in check.records for item in (record, *record.editions, *record.beside.values()))
    said = [computed((item.standard for item in records if item.verdict is not None), language)]
    total = check.evidence.total()
    if total:
        comma = "，" if language == "zh" else ", "
        shares = comma.join(
            f"{label[language]} {check.evidence[grade] / total:.0%}"
            for grade, label in EVIDENCE_TEXT.items()
            if check.evidence[grade] or grade in ("official", "secondary", "recalled")
        )
        said.append(text("cells", language, count=total, shares=shares))
    if check.unseen:
        said.append(text("unseen", language, clauses=("、" if language == "zh" else "; ").join(check.unseen)))
    return ("" if language == "zh" else " ").join(said)


def level_text(record: Record, level: str, language: Language) -> str:
    """A level of a record by its name: `level 2`, `advanced`, or the limit where there is one alone."""
    return (record.verdict.named(level) if record.verdict else level_named(level))[language]


def reached_text(record: Record, language: Language) -> str:
    """The level reached, that none is, or that nothing is decided."""
    if record.judgement is Judgement.UNDECIDED:
        return text("undecided", language)
    if record.verdict and record.verdict.rule.words:
        return said(record, language)
    if record.reached is not None:
        return level_text(record, record.reached, language)
    open_ = any(item.judgement is Judgement.UNDECIDED for item in record.levels)  # beside a limit of the plant's own
    return NOT_REPORTED if open_ else text("none", language)


def said(record: Record, language: Language) -> str:
    """The judgement of a record in the words its grade allows."""
    if record.verdict is None or record.judgement is Judgement.UNDECIDED:
        return judgement_text(str(record.judgement), str(record.grade))[language]
    return record.verdict.said(record.judgement)[language]


def value_text(record: Record, language: Language) -> str:
    if record.verdict is None:
        return NOT_REPORTED
    return f"{shown(record.verdict.value, 8)} {unit_words(record.verdict.rule.unit.text, language)}"


def sense(record: Record) -> str:
    return "≥" if record.verdict and record.verdict.rule.sense == "at_least" else "≤"


def percent_text(level: LevelVerdict | None) -> str:
    """A distance in per cent, with its sign; three significant digits, for a near miss is no tie."""
    found = percent(level)
    if found is None:
        return NOT_REPORTED
    return percent_shown(found) if found else "0 %"


def reasons(record: Record, language: Language) -> list[str]:
    """Why a record is undecided: its errors, or, where there is none, what its verdict says."""
    errors = [item for item in record.findings if item.severity is Severity.ERROR]
    ended = [item for item in record.findings if item.severity is Severity.WARNING and item.code in _ALWAYS]
    return [item.message(language) for item in (*errors, *ended)]


def _one(check: Check, language: Language, verbose: bool) -> Iterator[Line]:
    first = check.records[0]
    yield Line(" · ".join(filter(None, (first.plant, first.period))), "strong")
    for record in check.records:
        yield from _record(record, language)
    findings = list(dict.fromkeys(_key(item) for record in check.records for item in record.findings))
    held = {_key(item): item for record in check.records for item in record.findings}
    loud = [held[key] for key in findings if verbose or held[key].severity is not Severity.NOTE]
    if loud:
        yield from (Line(""), Line(text("findings", language), "head"))
    yield from finding_lines(loud, language, verbose)
    if len(loud) < len(findings):
        yield Line(f"  … {text('notes', language, count=len(findings) - len(loud))} (--verbose)", "quiet")


def _record(record: Record, language: Language) -> Iterator[Line]:
    head = [part for part in (record.standard, record.title.get(language, ""), record.method) if part]
    yield Line("")
    yield Line(" ".join(head[:2]) + (f" ({record.method})" if record.method else ""))
    if record.verdict:
        clause = f" [{record.verdict.rule.clause}]" if record.verdict.rule.clause else ""
        category = f" · {record.category[language]}" if record.category.get(language) else ""
        yield Line(f"{record.indicator[language]}: {value_text(record, language)}{category}{clause}", "head")
    yield from map(Line, columns(_level_rows(record, language), right=[1, 2, 3], indent="  "))
    tone = "error" if record.failed else ""
    required = record.verdict.required if record.verdict else ""
    parts = [said(record, language)]
    if record.judgement is not Judgement.UNDECIDED:
        asked = f"（{text('required', language)} {level_text(record, required, language)}）" if required else ""
        parts = [said(record, language) + (asked if language == "zh" else asked.replace("（", " (").replace("）", ")"))]
        worded = record.verdict is not None and record.verdict.rule.words  # the judgement says the position itself
        parts += [] if worded else [f"{text('reached', language)}: {reached_text(record, language)}"]
        parts += [GRADE_TEXT[record.grade][language]]
    yield Line("  " + " · ".join(parts), tone)
    for item in record.editions:
        yield Line(f"  {_answer(item, language)}")
    yield from (Line(f"  {told}") for told in _beside(record, language))


def _answer(record: Record, language: Language) -> str:
    """What one edition gives, in a line."""
    if record.verdict is None:
        return " · ".join([record.standard, said(record, language), *reasons(record, language)[:2]])
    decisive = record.verdict.decisive
    open_ = record.judgement is Judgement.UNDECIDED
    parts = [
        record.standard,
        *([] if open_ else [f"{text('reached', language)}: {reached_text(record, language)}"]),
        said(record, language),
        f"{level_text(record, decisive.level, language)} {sense(record)} {_figure(decisive.limit)}",
        percent_text(decisive),
        *([] if open_ else [GRADE_TEXT[record.grade][language]]),
    ]
    return " · ".join(parts)


def _level_rows(record: Record, language: Language) -> list[list[str]]:
    rows: list[list[str]] = []
    if record.verdict is None:
        return rows
    for item in record.levels:
        required = record.verdict.required == item.level and item.level
        rows.append(
            [
                level_text(record, item.level, language),
                f"{sense(record)} {_figure(item.limit)}" if item.limit is not None else NOT_REPORTED,
                _signed(item),
                percent_text(item),
                record.verdict.said(item.judgement)[language],
                text("required", language) if required else "",
            ]
        )
    return rows


def _several(check: Check, language: Language, verbose: bool) -> Iterator[Line]:
    yield Line(text("title", language), "strong")
    counted = Counter(said(item, language) for item in check.records)
    words = [f"{name} {count}" for name, count in counted.items()]
    total = text("counts", language, plants=check.plants, records=len(check.records))
    yield Line(f"{total}: {', '.join(words)}")
    heads = ("plant", "period", "standard", "indicator", "value", "required", "limit", "percent", "reached")
    decided = [item for item in check.records if item.judgement is not Judgement.UNDECIDED]
    compared = [item for item in check.records if item.compared]
    rows = [[text(name, language) for name in (*heads, "judgement", "grade")]]
    rows[0] += [text(name, language) for name in check.beside]
    listed = compared if verbose else _first_of_each(compared)
    rows += [_row(item, language, check.beside) for item in listed]
    if listed:
        yield Line("")
        tones = ["head", *("error" if item.failed else "" for item in listed)]
        yield from map(Line, columns(rows, right=[4, 6, 7], indent="  "), tones)
    if len(listed) < len(compared):
        yield folded_line(text("rows", language, count=len(compared) - len(listed)), language)
    yield from _levels(check, language)
    yield from _warnings(decided, language, verbose)
    open_ = [item for item in check.records if item.judgement is Judgement.UNDECIDED]
    if open_:
        yield from (Line(""), Line(f"{text('reasons', language)} {len(open_)}", "error"))
    yield from _undecided(open_, language, verbose)


def _first_of_each(records: Sequence[Record]) -> list[Record]:
    """Of a long table what failed, and the first of each level: the worst stand first."""
    if len(records) <= _WHOLE:
        return list(records)
    counts, kept = Counter[tuple[str | bool | None, ...]](), []
    for item in records:
        kind = item.standard, item.indicator["en"], item.period, item.reached, str(item.judgement), item.failed
        counts[kind] += 1
        if counts[kind] <= _OF_A_KIND[item.failed]:
            kept.append(item)
    return kept


def _undecided(records: Sequence[Record], language: Language, verbose: bool) -> Iterator[Line]:
    """Why records are undecided; those of one reason are told once, with the places of the others."""
    alike: dict[tuple[str, ...], list[Record]] = {}
    each = verbose or len(records) <= _FEW
    for number, item in enumerate(records):
        why = (line.text.replace(item.place, "") for line in _why(item, language))
        own = (str(number),) if each else (item.period, item.standard, item.indicator.get(language, ""), *why)
        alike.setdefault(own, []).append(item)
    for first, *others in alike.values():
        label = " · ".join(filter(None, (first.plant, first.period, first.standard, first.indicator.get(language, ""))))
        yield Line(f"  {label} ({first.place})")
        yield from _why(first, language)
        if others:
            yield folded_line(others_told(len(others), [item.place for item in others], language), language)


def _why(record: Record, language: Language) -> Iterator[Line]:
    yield from (Line(f"    {reason}", "error") for reason in reasons(record, language))
    yield from (Line(f"    {_answer(edition, language)}") for edition in record.editions)
    yield from (Line(f"    {told}") for told in _beside(record, language))


def _warnings(records: Sequence[Record], language: Language, verbose: bool) -> Iterator[Line]:
    """What a person should look at though the plant was judged: the first of each code, all with `verbose`."""
    least = Severity.NOTE if verbose else Severity.WARNING
    found: dict[str, dict[tuple[str, str], None]] = {}
    for record in records:
        for item in record.findings:
            if item.severity is not Severity.NOTE or least is Severity.NOTE:
                found.setdefault(item.code, {})[(record.plant, item.message(language))] = None
    if found:
        yield from (Line(""), Line(text("findings", language), "head"))
    for code, told in found.items():
        shown_ = list(told)[: None if verbose or code in _ALWAYS else _OF_A_CODE]
        yield from (Line(f"  {code}  {plant}: {message}", "warning") for plant, message in shown_)
        if len(told) > len(shown_):
            yield Line(f"  … {text('more', language, count=len(told) - len(shown_), code=code)}", "quiet")


def _beside(record: Record, language: Language) -> list[str]:
    """The answers to other questions, in a line each."""
    colon = "：" if language == "zh" else ": "
    found = []
    for name, item in record.beside.items():
        moved = item.verdict and record.verdict and item.verdict.value != record.verdict.value
        value = f"{value_text(item, language)} · " if moved else ""
        found.append(f"{text(name, language)}{colon}{value}{_answer(item, language)}")
    return found


def beside_text(record: Record, name: str, language: Language) -> str:
    """What another answer of a record comes to: by which standard, level reached, judgement at that required."""
    other = record.beside.get(name)
    if other is None:
        return NOT_REPORTED
    if other.judgement is Judgement.UNDECIDED:
        return f"{other.standard} {said(other, language)}"
    decisive = level_text(other, other.decisive.level if other.decisive else "", language)
    return f"{other.standard} {reached_text(other, language)} ({decisive} {said(other, language)})"


def required_text(record: Record, language: Language) -> str:
    """The level that is required; nothing where the document obliges nobody."""
    decisive = record.decisive
    if decisive is None:
        return ""
    advisory = record.verdict is not None and record.verdict.rule.advisory
    return NOT_REPORTED if advisory else level_text(record, decisive.level, language)


def _row(record: Record, language: Language, beside: Sequence[str]) -> list[str]:
    assert record.verdict is not None
    decisive = record.verdict.decisive
    row = [
        record.plant,
        record.period,
        record.standard,
        record.indicator[language],
        value_text(record, language),
        required_text(record, language),
        f"{sense(record)} {_figure(decisive.limit)}",
        percent_text(decisive),
        reached_text(record, language),
        said(record, language),
        GRADE_TEXT[record.grade][language],
    ]
    return row + [beside_text(record, name, language) for name in beside]


def _levels(check: Check, language: Language) -> Iterator[Line]:
    rows = []
    for (standard, indicator), counts in check.by_level().items():
        label = indicator_label(check, standard, indicator, language)
        order = level_order(check, standard, indicator)
        words = _words_of(check, standard, indicator)
        named = {"": words["met"], None: words["not_met"]} if words else {}
        told = [
            f"{named[level][language] if level in named else level_name(level, language)} {counts[level]}"
            for level in order
            if counts[level]
        ]
        rows.append([standard, label, ", ".join(told)])
    if rows:
        yield from (Line(""), Line(text("by_level", language), "head"))
        yield from map(Line, columns(rows, indent="  "))


def indicator_label(check: Check, standard: str, indicator: str, language: Language) -> str:
    found = (item for item in check.records if item.standard == standard and item.verdict)
    return next((item.indicator[language] for item in found if item.verdict and item.verdict.rule.id == indicator), "")


def level_order(check: Check, standard: str, indicator: str) -> list[str | None]:
    """The levels of a standard from the strictest on, then none of them, then undecided."""
    alike = [item for item in check.records if item.standard == standard and item.verdict]
    held = [
        level.level for item in alike if item.verdict and item.verdict.rule.id == indicator for level in item.levels
    ]
    return [*dict.fromkeys(held), None, "undecided"]


def level_name(level: str | None, language: Language) -> str:
    """A level as `Check.by_level` counts it."""
    if level is None or level == "undecided":
        return text(level or "none", language)
    return level_named(level)[language]


def _words_of(check: Check, standard: str, indicator: str) -> Mapping[str, Bilingual]:
    """How an indicator of a standard words its judgements; empty where as any limit."""
    rules = (item.verdict.rule for item in check.records if item.standard == standard and item.verdict)
    return next((rule.words for rule in rules if rule.id == indicator), {})


def _key(item: Finding) -> tuple[str, str, str]:
    return item.code, item.place, item.message("en")


def _figure(value: object) -> str:
    return NOT_REPORTED if value is None else shown(value, 8)  # type: ignore[arg-type]


def _signed(level: LevelVerdict) -> str:
    if level.distance is None:
        return NOT_REPORTED
    return f"+{shown(level.distance, 8)}" if level.distance > 0 else shown(level.distance, 8)
