"""What a result is and is not; what it rests on, in sentences. They stand on everything carbonstd writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from carbonstd import __version__
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._result.basis import equations_used, evidence_used, unseen_clauses
from carbonstd._wording import EVIDENCE_TEXT

if TYPE_CHECKING:
    from carbonstd._result.result import Result

_TEXTS: Mapping[str, Bilingual] = {
    "computed": {
        "zh": "由 carbonstd {version} 依据 {document} 和所列数据计算，供核算和自查使用；"
        "不构成核查意见、监察结论、配额决定或认证。",
        "en": "Computed by carbonstd {version} by {document} from the data listed; for accounting and self-check; "
        "no verification opinion, supervision finding, allowance decision or certification.",
    },
    "recomputed": {
        "zh": "由 carbonstd {version} 依据 {document} 和所列数据复算，与排放报告比对，并按 {guide} 的核查要点列出；"
        "供核查和自查使用。意见和签字由核查人员填写；不构成核查意见、监察结论、配额决定或认证。",
        "en": "Recomputed by carbonstd {version} by {document} from the data listed, compared with the report and set "
        "out by the points of {guide}; for verifiers and self-check. Opinion and signatures are the verifier's; this "
        "is no verification opinion, supervision finding, allowance decision or certification.",
    },
    "cells": {
        "zh": "查用表值 {count} 个：官方文本 {official}，转引（二手来源）{secondary}，未见来源 {recalled}{others}。",
        "en": "{count} table cells looked up: official {official}, transcribed (secondary) {secondary}, "
        "recalled {recalled}{others}.",
    },
    "no_cells": {"zh": "未查用表值。", "en": "No table cell was looked up."},
    "equations": {
        "zh": "公式 {count} 条：官方文本 {official}，转引（二手来源）{secondary}，未见来源 {recalled}{others}。",
        "en": "{count} equations: official {official}, transcribed (secondary) {secondary}, "
        "recalled {recalled}{others}.",
    },
    "unseen": {
        "zh": "未见原文的公式和条款：{clauses}。",
        "en": "Equations and clauses not seen in the text: {clauses}.",
    },
    "nothing": {"zh": "无", "en": "none"},
    "separator": {"zh": "、", "en": "; "},
    "not_region": {
        "zh": "按所列方法重新计算，不是统计部门公布的数据，不作为考核依据。",
        "en": "Recomputed by the method named: not the statistics bureau's figure and no basis for assessment.",
    },
    "not_peak": {
        "zh": "达峰与否是统计检验的结果，不是官方认定。",
        "en": "Whether a peak is reached is the result of a test and no official finding.",
    },
    "not_project": {
        "zh": "碳汇、CCUS 和减排量均为估算，未经登记，不得用于抵销。",
        "en": "Sinks, CCUS and reductions are estimated, not registered, and not for offsetting.",
    },
    "not_product": {
        "zh": "产品碳足迹未经核验，不得据以比较产品或声称碳中和。",
        "en": "The footprint is not verified; no comparison of products and no claim of neutrality may rest on it.",
    },
}


def statement(result: Result, language: Language) -> str:
    """By what a result was computed, and what it is not: for a page that gives the shares elsewhere."""
    return _joined([_computed(result, language), *_not_said(result.method, language)], language)


def full_statement(result: Result, language: Language) -> str:
    """The statement with the shares of evidence and the clauses that nobody has seen."""
    return _joined(
        [_computed(result, language), *_rests(result, language), *_not_said(result.method, language)], language
    )


def record_statement(method: Method, guide: str, result: Result | None, language: Language) -> str:
    """What a record of verification is and is not. Without a result there is nothing it rests on."""
    said = [_TEXTS["recomputed"][language].format(version=__version__, document=_document(method), guide=guide)]
    said += _rests(result, language) if result else []
    return _joined([*said, *_not_said(method, language)], language)


def evidence_sentences(result: Result, language: Language) -> list[str]:
    """The shares of official, transcribed and recalled among the table cells and equations used."""
    used, equations = evidence_used(result), equations_used(result)
    cells = _counted("cells", used, language) if used.total() else _TEXTS["no_cells"][language]
    return [cells, *([_counted("equations", equations, language)] if equations.total() else [])]


def disclaimers(method: Method) -> Iterator[str]:
    """What a result of this kind is not, as keys of its sentences."""
    if method.level == "regions" or method.regime == "provincial":
        yield "not_region"
    if any(equation.call.startswith("peak") for equation in method.equations.values()):
        yield "not_peak"
    if method.level == "projects" or method.regime == "ccer":
        yield "not_project"
    if method.level == "products" or method.regime == "product-footprint":
        yield "not_product"


def _computed(result: Result, language: Language) -> str:
    return _TEXTS["computed"][language].format(version=__version__, document=_document(result.method))


def _document(method: Method) -> str:
    number = method.document.number
    return number if "-" in number else f"{number} ({method.edition})"


def _rests(result: Result, language: Language) -> list[str]:
    """The shares of evidence, and the clauses not seen."""
    clauses = _TEXTS["separator"][language].join(unseen_clauses(result)) or _TEXTS["nothing"][language]
    return [*evidence_sentences(result, language), _TEXTS["unseen"][language].format(clauses=clauses)]


def _not_said(method: Method, language: Language) -> list[str]:
    return [_TEXTS[name][language] for name in disclaimers(method)]


def _counted(name: str, counts: Counter[str], language: Language) -> str:
    total, comma = counts.total(), "，" if language == "zh" else ", "
    shares = {grade: f"{counts[grade] / total:.0%}" for grade in EVIDENCE_TEXT}
    others = (
        f"{comma}{EVIDENCE_TEXT[grade][language]} {shares[grade]}" for grade in ("derived", "user") if counts[grade]
    )
    return _TEXTS[name][language].format(count=total, others="".join(others), **shares)


def _joined(sentences: list[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(sentences)
