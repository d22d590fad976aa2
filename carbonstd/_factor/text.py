"""The factor that holds, as lines of text and as plain data: the figure, why it is this one, and what else exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import by_severity
from carbonstd._factor.factor import Answer, words
from carbonstd._factor.figure import Figure
from carbonstd._factor.others import by_family, year_of
from carbonstd._findings import Language
from carbonstd._layout import Line, columns
from carbonstd._wording import EVIDENCE_TEXT, SEVERITY_TEXT

_SHOWN = 3  # editions of a family that one line names
_TEXTS: dict[str, Bilingual] = {
    "as_of": {"zh": "截至", "en": "as of"},
    "none": {"zh": "不给因子", "en": "no factor is given"},
    "zero": {"zh": "按条款计为零，须有下列证明", "en": "zero by the clause, with the evidence named below"},
    "reason": {"zh": "理由", "en": "why"},
    "rule": {"zh": "规则", "en": "rule"},
    "needs": {"zh": "证明", "en": "evidence"},
    "edition": {"zh": "版本", "en": "edition"},
    "table": {"zh": "数据表", "en": "table"},
    "document": {"zh": "文件", "en": "document"},
    "published": {"zh": "公布", "en": "published"},
    "source": {"zh": "出处", "en": "seen in"},
    "others": {"zh": "另有数值（不是这里的答案）", "en": "What else exists (not the answer here)"},
    "recalled": {"zh": "* 未见来源，只供辨认", "en": "* nobody has seen the source: to be recognised only"},
    "all_regimes": {
        "zh": "同一问题在各体系下的答案（--regime 查看一个体系的依据）",
        "en": "The same question under every regime (--regime shows one with its reason)",
    },
    "latest_published_by": {
        "zh": "截至该日已公布、数据年不晚于核算年的最新一版",
        "en": "the newest published by that day whose data year is not after the year",
    },
    "data_period_equals": {"zh": "数据年等于核算年的一版", "en": "the one whose data year is the year itself"},
    "in_force": {"zh": "核算年有效的一版", "en": "the one in force in the year"},
    "pinned": {"zh": "规则指定的一版", "en": "the one the rule names"},
}


def factor_lines(answer: Answer, others: Sequence[Figure], library: Library, language: Language) -> Iterator[Line]:
    """An answer for a reader: what was asked, the figure, the reason, findings, and what else exists."""
    yield Line(_head(answer, library, language), "head")
    if answer.state == "none":
        yield Line(_text("none", language), "error")
    for item in answer.figures:
        yield Line(_figure(item, answer, language), "strong")
    yield from (Line(text) for text in columns(_reasons(answer, language), indent="  "))
    for found in answer.findings:
        tone = str(found.severity) if str(found.severity) != "note" else "quiet"
        yield Line(f"{SEVERITY_TEXT[found.severity][language]} {found.code}: {found.message(language)}", tone)
    yield from _others([*answer.withheld, *others], answer, library, language)


def overview_lines(answers: Sequence[Answer], library: Library, language: Language) -> Iterator[Line]:
    """The same question under every regime, one line each."""
    question = answers[0].question
    names = words(question, library)
    parts = [names["subject"][language], str(question.year), names.get("supply", {}).get(language, "")]
    parts.append(f"{_text('as_of', language)} {question.as_of}")
    yield Line(" · ".join(part for part in parts if part), "head")
    yield Line(_text("all_regimes", language), "quiet")
    rows = []
    for item in answers:
        label = words(item.question, library)["regime"][language]
        figures = " | ".join(_short(one, item, language) for one in item.figures[:_SHOWN])
        tables = ", ".join(dict.fromkeys(one.table for one in item.figures if item.state == "value"))
        heed = ", ".join(dict.fromkeys(found.code for found in item.findings))
        told = f"{tables}  {heed}".strip() if tables else _why(item, language)
        rows.append([item.question.regime, label, figures or "—", told])
    yield from (Line(text) for text in columns(rows))


def describe_factor(answer: Answer, others: Sequence[Figure], library: Library, language: Language) -> dict[str, Any]:
    """An answer as plain data: what `--json` prints."""
    question, rule = answer.question, answer.rule
    return {
        "question": {
            "subject": question.subject, "region": question.place if question.subject == "electricity" else None,
            "fuel": question.fuel or None, "year": question.year, "regime": question.regime,
            "supply": question.supply if question.subject == "electricity" else None, "as_of": str(question.as_of),
        },
        "state": answer.state,
        "figures": [_plain(item) for item in answer.figures],
        "rule": rule and {
            "table": rule.table, "row": rule.row, "edition": rule.edition, "document": rule.document,
            "clause": rule.clause, "reason": dict(rule.reason), "needs": dict(rule.needs), "evidence": rule.evidence,
            "source": dict(rule.source),
        },
        "documents": [
            {
                "table": table.id, "title": dict(table.title), "document": table.document.number,
                "clause": table.clause, "published": str(table.published) if table.published else None,
                "data_period": str(table.data_period) if table.data_period else None, "note": dict(table.note),
            }
            for table in answer.tables
        ],
        "findings": [item.as_dict(language) for item in answer.findings],
        "withheld": [_plain(item) for item in answer.withheld],
        "others": [_plain(item) for item in others],
    }  # fmt: skip


def _plain(item: Figure) -> dict[str, Any]:
    return {
        "table": item.table, "row": item.row, "label": dict(item.label), "column": item.column,
        "value": None if item.value is None else float(item.value), "text": item.text, "unit": item.unit,
        "state": item.state, "evidence": item.evidence, "source": dict(item.source),
        "data_period": item.data_period or None, "span": item.span or None,
    }  # fmt: skip


def _short(item: Figure, answer: Answer, language: Language) -> str:
    return _number(item) if answer.state == "zero" else f"{_number(item)} {item.label[language]}"


def _why(answer: Answer, language: Language) -> str:
    """Why there is no figure, or a zero: the reason of the rule, or what kept it from its figure."""
    if answer.rule and (answer.rule.table == "none" or not answer.findings):
        return answer.rule.reason[language]
    return by_severity(answer.findings)[0].found(language)


def _head(answer: Answer, library: Library, language: Language) -> str:
    question, names = answer.question, words(answer.question, library)
    parts = [names["subject"][language], str(question.year), names["regime"][language]]
    parts += [names["supply"][language]] if "supply" in names else []
    return " · ".join([*parts, f"{_text('as_of', language)} {question.as_of}"])


def _figure(item: Figure, answer: Answer, language: Language) -> str:
    evidence = EVIDENCE_TEXT[item.evidence][language]
    if answer.state == "zero":
        return f"{item.text} {item.unit}  {_text('zero', language)} · {evidence}"
    parts = [item.span, item.label[language], item.column_label[language], item.table, evidence]
    return f"{_number(item)}  {' · '.join(part for part in parts if part)}"


def _reasons(answer: Answer, language: Language) -> list[list[str]]:
    rule = answer.rule
    if rule is None:
        return []
    clause = "  ".join(part for part in (rule.document, rule.clause, EVIDENCE_TEXT[rule.evidence][language]) if part)
    rows = [["reason", rule.reason[language]], ["rule", clause], ["needs", rule.needs[language]]]
    if rule.table != "none":
        rows.append(["edition", f"{rule.table}: {_TEXTS.get(rule.edition, _TEXTS['pinned'])[language]}"])
    for table in answer.tables:
        day = f"{table.published} {_text('published', language)}" if table.published else ""
        rows.append(["table", f"{table.id}  {table.title[language]}"])
        rows.append(["document", "  ".join(part for part in (table.document.number, table.clause, day) if part)])
    sources = dict.fromkeys(item.source.get(language, "") for item in answer.figures if answer.state == "value")
    rows += [["source", source] for source in sources]
    return [[_text(name, language), told] for name, told in rows if told]


def _others(figures: Sequence[Figure], answer: Answer, library: Library, language: Language) -> Iterator[Line]:
    """One line a family and row: its newest editions, or where it has several columns all of the newest edition."""
    own = answer.rule.table if answer.rule else ""
    groups = sorted(by_family(figures), key=lambda group: (group[0].family != own, -year_of(group[-1])))
    rows = []
    for group in groups:
        last = group[-1]
        several = len({item.column for item in group}) > 1
        if several:
            newest = [item for item in group if item.table == last.table]
            told = [f"{item.column_label[language]} {_number(item)}{_mark(item)}" for item in newest]
            values, unit = f"{_when(last)}: {' · '.join(told)}", ""
        else:
            cut = ["…"] if len(group) > _SHOWN else []
            values = " · ".join([*cut, *(f"{_when(item)} {item.text}{_mark(item)}" for item in group[-_SHOWN:])])
            unit = last.unit
        label = last.label[language] if several else f"{last.label[language]} {last.column_label[language]}"
        header = library.table_headers.get(last.table)
        rows.append([last.family, label.strip(), unit, ", ".join(header.regimes) if header else "", values])
    if not rows:
        return
    yield Line("")
    yield Line(_text("others", language), "head")
    yield from (Line(text) for text in columns(rows, indent="  "))
    if any(item.evidence == "recalled" for item in figures):
        yield Line(f"  {_text('recalled', language)}", "quiet")


def _number(item: Figure) -> str:
    return item.text if item.unit == "1" else f"{item.text} {item.unit}"


def _when(item: Figure) -> str:
    return item.data_period or item.edition


def _mark(item: Figure) -> str:
    return "*" if item.evidence == "recalled" else ""


def _text(name: str, language: Language) -> str:
    return _TEXTS[name][language]
