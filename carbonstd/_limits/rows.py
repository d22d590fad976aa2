"""The records of a check of limits as rows, for workbook, CSV and page: one a record, one a figure, one a finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import by_severity
from carbonstd._findings import Finding, Language, Severity
from carbonstd._limits.record import Check, Record, percent
from carbonstd._limits.text import (
    TEXTS,
    level_text,
    reached_text,
    reasons,
    required_text,
    said,
    sense,
)
from carbonstd._result.verdict import Judgement
from carbonstd._wording import EVIDENCE_TEXT, GRADE_TEXT
from carbonstd._workbook.style import safe_text


@dataclass(frozen=True)
class Field:
    """A column of the records: the name programs read, its heading, and whether it holds numbers."""

    name: str
    head: Bilingual
    number: bool = False


FIELDS = (
    Field("plant", TEXTS["plant"]),
    Field("place", TEXTS["place"]),
    Field("standard", TEXTS["standard"]),
    Field("method", {"zh": "方法与版本", "en": "Method and edition"}),
    Field("period", TEXTS["period"]),
    Field("row", {"zh": "结果范围", "en": "Result of"}),
    Field("class", TEXTS["class"]),
    Field("indicator", TEXTS["indicator"]),
    Field("value", TEXTS["value"], True),
    Field("unit", TEXTS["unit"]),
    Field("required", TEXTS["required"]),
    Field("sense", {"zh": "方向", "en": "Sense"}),
    Field("limit", TEXTS["limit"], True),
    Field("printed", TEXTS["printed"], True),
    Field("distance", TEXTS["distance"], True),
    Field("percent", TEXTS["percent"], True),
    Field("reached", TEXTS["reached"]),
    Field("judgement", TEXTS["judgement"]),
    Field("grade", TEXTS["grade"]),
    Field("clause", TEXTS["clause"]),
    Field("next_standard", TEXTS["following"]),
    Field("next_reached", {"zh": "下一版本达到", "en": "Level by the next edition"}),
    Field("next_judgement", {"zh": "下一版本结论", "en": "Judgement by the next edition"}),
    Field("what_if_value", {"zh": "情景指标值", "en": "Value, what if"}, True),
    Field("what_if_required", {"zh": "情景须达到", "en": "Required, what if"}),
    Field("what_if_limit", {"zh": "情景限额", "en": "Limit, what if"}, True),
    Field("what_if_reached", {"zh": "情景达到", "en": "Level, what if"}),
    Field("what_if_judgement", {"zh": "情景结论", "en": "Judgement, what if"}),
    Field("own_reason", {"zh": "自行修正限额的依据", "en": "Reason for the plant's own limit"}),
    Field("findings", TEXTS["findings"]),
)


SELDOM = ("next_", "what_if_", "own_reason")  # columns that are left out of the workbook where they are blank
DERIVATION: dict[str, Bilingual] = {
    "plant": TEXTS["plant"],
    "period": TEXTS["period"],
    "standard": TEXTS["standard"],
    "indicator": TEXTS["indicator"],
    "of": {"zh": "推导的是", "en": "Derivation of"},
    "label": {"zh": "项目", "en": "Item"},
    "key": {"zh": "等级或行", "en": "Level or row"},
    "value": TEXTS["value"],
    "unit": TEXTS["unit"],
    "clause": TEXTS["clause"],
    "evidence": {"zh": "证据", "en": "Evidence"},
    "formula": {"zh": "公式", "en": "Formula"},
    "place": {"zh": "单元格", "en": "Cell"},
}


def rows_of(check: Check) -> Iterator[tuple[Record, Record | None]]:
    """Every record, and below it each edition it was made of, with the record they belong to."""
    for record in check.records:
        yield record, None
        yield from ((edition, record) for edition in record.editions)


def scope(record: Record, whole: Record | None, language: Language) -> str:
    """Whether a row is that of one edition, or of all editions that bound in the period; empty where one alone did."""
    if whole is not None:
        return TEXTS["one_edition"][language]
    return TEXTS["all_editions"][language] if record.editions else ""


def flat(record: Record, language: Language, whole: Record | None = None) -> dict[str, str | Fraction | None]:
    """A record, or one edition of it, as one row, its figures exact."""
    decisive, later, supposed = record.decisive, record.following, record.supposed
    rule = record.verdict.rule if record.verdict else None
    return {
        "plant": record.plant,
        "place": record.place,
        "standard": record.standard,
        "method": record.method,
        "period": record.period,
        "row": scope(record, whole, language),
        "class": record.category.get(language, ""),
        "indicator": record.indicator.get(language, ""),
        "value": record.verdict.value if record.verdict else None,
        "unit": rule.unit.text if rule else "",
        "required": required_text(record, language),
        "sense": sense(record) if rule else "",
        "limit": decisive.limit if decisive else None,
        "printed": record.corrected(decisive),
        "distance": decisive.distance if decisive else None,
        "percent": percent(decisive),
        "reached": reached_text(record, language),
        "judgement": said(record, language),
        "grade": GRADE_TEXT[record.grade][language],
        "clause": rule.clause if rule else "",
        "next_standard": later.standard if later else "",
        "next_reached": reached_text(later, language) if later else "",
        "next_judgement": said(later, language) if later else "",
        "what_if_value": supposed.verdict.value if supposed and supposed.verdict else None,
        "what_if_required": required_text(supposed, language) if supposed else "",
        "what_if_limit": supposed.decisive.limit if supposed and supposed.decisive else None,
        "what_if_reached": reached_text(supposed, language) if supposed else "",
        "what_if_judgement": said(supposed, language) if supposed else "",
        "own_reason": record.verdict.own_reason if record.verdict else "",
        "findings": " | ".join(_findings(record, language)),
    }


def _findings(record: Record, language: Language) -> list[str]:
    """Why nothing is decided; of what is decided, what to look at."""
    if record.judgement is Judgement.UNDECIDED:
        return reasons(record, language)
    loud = (item.message(language) for item in record.findings if item.severity is not Severity.NOTE)
    return list(dict.fromkeys(loud))


def derived_rows(record: Record, language: Language) -> Iterator[dict[str, Any]]:
    """The derivation of a record for a reader: what, level or row, value, unit, clause, evidence, formula, cell."""
    levels = {item.level for item in record.levels}
    for item in record.derivation:
        yield {
            "of": TEXTS[item.of][language],
            "label": "　" * item.depth + item.label[language],
            "key": level_text(record, item.key, language) if item.key in levels and item.key else item.key,
            "value": Fraction(f"{item.value:.12g}"),
            "unit": "" if item.unit == "1" else item.unit,
            "clause": " ".join(filter(None, (item.document, item.clause))),
            "evidence": EVIDENCE_TEXT[item.evidence][language] if item.evidence else "",
            "formula": item.formula,
            "place": item.place,
        }


def csv_text(check: Check, language: Language) -> str:
    """All records as CSV, with a pair of columns for each level that occurs."""
    levels = list(dict.fromkeys(item.level for record, _ in rows_of(check) for item in record.levels))
    extra = [(level, part) for level in levels for part in ("limit", "distance")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(field.name for field in FIELDS), *(f"{part}_{level or 'limit'}" for level, part in extra)])
    for record, whole in rows_of(check):
        row, held = flat(record, language, whole), {item.level: item for item in record.levels}
        cells = [getattr(held[level], part) if level in held else None for level, part in extra]
        writer.writerow([_plain(value) for value in (*row.values(), *cells)])
    return text.getvalue()


def all_findings(check: Check) -> list[tuple[str, Finding]]:
    """Every finding once with the plant it is about, errors first; those of the whole table have none."""
    found: dict[tuple[str, str, str], tuple[str, Finding]] = {}
    for plant, items in [("", check.findings), *((record.plant, record.findings) for record in check.records)]:
        for item in items:
            found.setdefault((plant, item.code, item.message("en")), (plant, item))
    order = by_severity(item for _, item in found.values())
    rank = {id(item): at for at, item in enumerate(order)}
    return sorted(found.values(), key=lambda pair: rank[id(pair[1])])


def _plain(value: str | Fraction | None) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, Fraction) else safe_text(value)
