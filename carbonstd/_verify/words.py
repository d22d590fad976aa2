"""The words of a verification that all forms of its record share: labels, counts and figures as they are said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from math import isfinite

from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._findings import Finding, Language, Severity
from carbonstd._paper.paper import Figure
from carbonstd._result.statement import record_statement
from carbonstd._verify.record import Agreement, Compared, Looked, Nonconformity, Standing, Verification
from carbonstd._wording import NOT_REPORTED, SEVERITY_TEXT, clause_text

AGREEMENT_TEXT: dict[Agreement, Bilingual] = {
    Agreement.AGREES: {"zh": "一致", "en": "agrees"},
    Agreement.ROUNDING: {"zh": "一致（修约差）", "en": "agrees but for rounding"},
    Agreement.REPLACED: {"zh": "不一致", "en": "differs"},  # why, the causes say
    Agreement.DIFFERS: {"zh": "不一致", "en": "differs"},
    Agreement.NOT_REPORTED: {"zh": "报告未列", "en": "not in the report"},
    Agreement.NOT_COMPUTED: {"zh": "未复算", "en": "not recomputed"},
}
STANDING_TEXT: dict[Standing, Bilingual] = {
    Standing.NEW: {"zh": "本轮新增", "en": "new in this round"},
    Standing.OPEN: {"zh": "仍然存在", "en": "still there"},
    Standing.GONE: {"zh": "本轮未再发现", "en": "no longer found"},
    Standing.UNLOOKED: {"zh": "本轮未查", "en": "not looked at in this round"},
}
LOOKED_TEXT: dict[Looked, Bilingual] = {
    Looked.FOUND: {"zh": "有待处理事项", "en": "something found"},
    Looked.NOTHING_FOUND: {"zh": "可计算部分未发现问题", "en": "nothing found in what is computed"},
    Looked.PERSON: {"zh": "由核查人员核查", "en": "for the verifier"},
}
TEXTS: dict[str, Bilingual] = {
    "title": {"zh": "复核比对记录", "en": "Record of recomputation and comparison"},
    "guide": {"zh": "核查指南", "en": "Verification guide"},
    "round": {"zh": "轮次", "en": "Round"},
    "total": {"zh": "排放总量", "en": "Total"},
    "item": {"zh": "数据项", "en": "Item"},
    "key": {"zh": "机组、月份等", "en": "Plant unit, month"},
    "unit": {"zh": "单位", "en": "Unit"},
    "reported": {"zh": "排放报告（核查前）", "en": "Reported"},
    "recomputed": {"zh": "复算值", "en": "Recomputed"},
    "verified": {"zh": "核查后", "en": "Verified"},
    "agreement": {"zh": "是否一致", "en": "Agreement"},
    "relative": {"zh": "变化幅度", "en": "Change"},
    "misstatement": {"zh": "错报", "en": "Misstatement"},
    "over": {"zh": "多报 {share}", "en": "overstated by {share}"},
    "under": {"zh": "少报 {share}", "en": "understated by {share}"},
    "above": {"zh": "超过给定的 {level}", "en": "above the {level} given"},
    "within": {"zh": "未超过给定的 {level}", "en": "within the {level} given"},
    "compared": {"zh": "数据比对", "en": "Figures compared"},
    "differing": {"zh": "不一致或未比对的数据", "en": "Figures that differ or were not compared"},
    "replacements": {"zh": "保守性替换", "en": "Conservative replacements"},
    "cross_checks": {"zh": "交叉核对", "en": "Cross-checks"},
    "changes": {"zh": "与上年比较", "en": "Against last year"},
    "unusual": {"zh": "变化超过 {threshold} 的数据", "en": "Changes of more than {threshold}"},
    "list": {"zh": "不符合项清单", "en": "List of nonconformities"},
    "remarks": {"zh": "核查说明和录入问题", "en": "Remarks and entries to mend"},
    "points": {"zh": "核查要点", "en": "Points of the guide"},
    "refused": {"zh": "未能复算：见清单中的错误", "en": "not recomputed: see the errors in the list"},
    "replacement_refused": {
        "zh": "替换后的数据未能复算，核查后数值和错报未定：见清单中的错误",
        "en": "the replaced data could not be recomputed, so no figure is verified: see the errors in the list",
    },
    "uncorrected": {
        "zh": "有数据错误未更正（见清单），所涉数据的核查后数值未定：更正数据，或在“核查替换”中填入核查值，再行核查",
        "en": "the figures that rest on errors of the data in the list are not verified: "
        "correct the data, or enter the verifier's values among the replacements, and verify again",
    },
    "undetermined": {"zh": "未定", "en": "not determined"},
    "of_guide": {"zh": "核查指南 {clause}", "en": "guide {clause}"},
    "concluded": {"zh": "{standing}；上轮结论：{conclusion}", "en": "{standing}; last round: {conclusion}"},
    "more": {"zh": "另有 {count} 项（--verbose 全部列出）", "en": "{count} more (--verbose lists all)"},
    "none": {"zh": "无", "en": "none"},
    "blank": {"zh": "空白", "en": "blank"},
    "next": {"zh": "下一步", "en": "Next"},
}  # fmt: skip
text = partial(worded, TEXTS)
FORM_TEXTS: dict[str, Bilingual] = {
    "summary": {"zh": "汇总", "en": "Summary"},
    "results": {"zh": "核查结果数据表", "en": "Table of results"},
    "replaced": {"zh": "替换", "en": "Replacements"},
    "documents": {"zh": "支持性文件清单", "en": "Supporting documents"},
    "as_of": {"zh": "截至日", "en": "As of"},
    "body": {"zh": "核查技术服务机构", "en": "Verification body"},
    "before": {"zh": "排放报告（核查前）版本、日期", "en": "Report before verification: version, date"},
    "after": {"zh": "排放报告（核查后）版本、日期", "en": "Report after verification: version, date"},
    "conformity": {
        "zh": "1. 排放报告与核算指南、数据质量控制方案的符合性",
        "en": "1. The report against the accounting guide and the quality control plan",
    },
    "confirmed": {"zh": "2. 排放量确认", "en": "2. Emissions"},
    "fluctuation": {"zh": "3. 与上年度相比的异常波动及原因", "en": "3. Unusual changes against last year"},
    "uncovered": {
        "zh": "4. 未覆盖或需要特别说明的问题",
        "en": "4. What was not covered or needs saying",
    },
    "opinion": {"zh": "核查意见（核查人员填写）", "en": "Opinion, by the verifier"},
    "reason": {"zh": "原因说明（核查人员填写）", "en": "Reasons, by the verifier"},
    "described": {"zh": "问题描述（核查人员填写）", "en": "Description, by the verifier"},
    "signed": {"zh": "签字", "en": "Signatures"},
    "left": {"zh": "由核查人员核查的要点", "en": "Points left to the verifier"},
    "yes": {"zh": "是", "en": "yes"},
    "other": {"zh": "其他", "en": "Other"},
    "not_given": {"zh": "未提供上年数据，未比较。", "en": "No data of last year were given: not compared."},
    "last_year": {"zh": "上年：{period}；阈值：{threshold}。", "en": "Last year: {period}; threshold: {threshold}."},
    "none_of": {"zh": "本轮没有此项内容。", "en": "There is nothing of this kind in this round."},
}  # fmt: skip


def statement(verification: Verification, language: Language) -> str:
    """By what the report was recomputed and compared, what that rests on, and what it is not."""
    number = verification.guide.document.number
    return record_statement(verification.method, number, verification.result, language)


def document_text(verification: Verification, language: Language) -> str:
    method = verification.method
    return f"{method.document.number} {method.title[language]} ({method.id})"


def guide_text(verification: Verification, language: Language) -> str:
    return f"{verification.guide.document.number} {verification.guide.title[language]}"


def agreement_text(verification: Verification, language: Language) -> str:
    """How many figures stand how: `12 in all, 10 agrees, 2 differs`."""
    counted = Counter(AGREEMENT_TEXT[item.agreement][language] for item in verification.compared)
    return _counted({word[language]: counted[word[language]] for word in AGREEMENT_TEXT.values()}, language)


def list_text(verification: Verification, language: Language) -> str:
    """How many entries of the list are errors, warnings and notes, how many of them were not looked at in this round,
    and how many were no longer found."""
    counted = Counter(item.standing for item in verification.nonconformities)
    told = [severities(verification.open, language)]
    shown = (Standing.UNLOOKED, Standing.GONE)
    told += [f"{STANDING_TEXT[standing][language]} {counted[standing]}" for standing in shown if counted[standing]]
    return _comma(language).join(told)


def severities(items: Iterable[Finding | Nonconformity], language: Language) -> str:
    """How many are errors, warnings and notes."""
    counted = Counter(item.severity for item in items)
    words = {SEVERITY_TEXT[str(severity)][language]: counted[severity] for severity in Severity}
    return _comma(language).join(f"{word} {count}" for word, count in words.items())


def looked_text(verification: Verification, language: Language) -> str:
    """How many points of the guide show something, show nothing, and are left to the verifier."""
    counted = Counter(verification.looked.values())
    return _counted({word[language]: counted[looked] for looked, word in LOOKED_TEXT.items()}, language)


def misstatement_text(verification: Verification, language: Language) -> str:
    """The misstatement of the total, beside the materiality where one was given.

    One too small to be shown is told as the total's agreement is.
    """
    found, total, level = verification.misstatement, verification.total, verification.materiality
    if found is None or total is None:
        return NOT_REPORTED if total is None or total.settled else text("undetermined", language)
    size = share(abs(found))
    if isinstance(size, Figure):
        parts = [text("over" if found > 0 else "under", language, share=size.text[1:])]
    else:
        parts = [AGREEMENT_TEXT[total.agreement][language]]
    if level is not None:
        parts.append(text("above" if verification.material else "within", language, level=f"{100 * level:.4g} %"))
    return _comma(language).join(parts)


def finding_text(item: Finding, language: Language) -> str:
    """What was found, what was expected and how to mend it; the clause stands elsewhere."""
    return replace(item, clause="").says(language)


def list_clause(item: Nonconformity, verification: Verification, language: Language) -> str:
    """The clause of what was found; where the finding has none, that of its first point of the guide."""
    if item.finding.clause or not item.points:
        return clause_text(item.finding.clause, language)
    clause = clause_text(
        next(point.clause for point in verification.guide.points if point.id == item.points[0]), language
    )
    return text("of_guide", language, clause=clause) if clause else ""


def where_text(clause: str, place: str) -> str:
    """Clause and place below one another, the clause in brackets."""
    return "\n".join(filter(None, (f"[{clause}]" if clause else "", place)))


def where_parts(said: str) -> tuple[str, str]:
    """The clause and place that `where_text` joined."""
    match = re.fullmatch(r"(?:\[([^\]]*)\])?\s*(.*)", said, re.DOTALL)
    assert match is not None  # it takes any text
    return match[1] or "", match[2]


def standing_text(item: Nonconformity, language: Language) -> str:
    """Where an entry stands, with the conclusion of the round before where a new one is asked for."""
    standing = STANDING_TEXT[item.standing][language]
    if not item.concluded:
        return standing
    return text("concluded", language, standing=standing, conclusion=item.concluded)


def causes_text(item: Compared, language: Language) -> str:
    """Why the figure may differ: the slips that fit, or that its data were replaced."""
    replaced = [TEXTS["replacements"]] if item.agreement is Agreement.REPLACED else []
    return ("；" if language == "zh" else "; ").join(cause[language] for cause in (*replaced, *item.causes))


def unsettled_text(verification: Verification, language: Language) -> str:
    """Why figures are not verified; empty where all are."""
    if verification.replacement_refused:
        return text("replacement_refused", language)
    return "" if all(item.settled for item in verification.compared) else text("uncorrected", language)


def verified_figure(item: Compared, language: Language) -> Figure | str:
    """The figure after verification, or that it is not determined."""
    return figure(item.verified, item.digits) if item.settled else text("undetermined", language)


def figure(value: float | None, decimals: int | None = None) -> Figure | str:
    """A figure of a record; a dash where there is none."""
    return NOT_REPORTED if value is None or not isfinite(value) else Figure(value, decimals)


def share(value: float | None) -> Figure | str:
    """A change; a dash where there is none, or none that its decimals would show."""
    shown = None if value is None else Figure(value, share=True)
    return shown if shown is not None and any(digit in "123456789" for digit in shown.text) else NOT_REPORTED


def tone(item: Nonconformity | Finding) -> str:
    """How an entry of the list or a remark is said: what is no longer found is quiet."""
    if isinstance(item, Nonconformity) and item.standing is Standing.GONE:
        return "quiet"
    return {Severity.ERROR: "error", Severity.WARNING: "warning"}.get(item.severity, "")


def _counted(counts: dict[str, int], language: Language) -> str:
    total = sum(counts.values())
    told = [f"{word} {count}" for word, count in counts.items() if count]
    if not told:
        return str(total)
    return f"{total}（{'，'.join(told)}）" if language == "zh" else f"{total} ({', '.join(told)})"


def _comma(language: Language) -> str:
    return "，" if language == "zh" else ", "
