"""A verification in words: what all forms of its record say alike, and what is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite

from carbonstd._findings import Finding, Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._schema import Bilingual
from carbonstd._statement import record_statement
from carbonstd._verify_form import Figure
from carbonstd._verify_record import Agreement, Compared, Looked, Nonconformity, Standing, Verification
from carbonstd._wording import NOT_REPORTED, SEVERITY_TEXT

_FIRST = 12  # of each kind that are printed without `verbose`

AGREEMENT_TEXT: dict[Agreement, Bilingual] = {
    Agreement.AGREES: {"zh": "一致", "en": "agrees"},
    Agreement.ROUNDING: {"zh": "一致（修约差）", "en": "agrees but for rounding"},
    Agreement.DIFFERS: {"zh": "不一致", "en": "differs"},
    Agreement.NOT_REPORTED: {"zh": "报告未列", "en": "not in the report"},
    Agreement.NOT_COMPUTED: {"zh": "未复算", "en": "not recomputed"},
}
STANDING_TEXT: dict[Standing, Bilingual] = {
    Standing.NEW: {"zh": "本轮新增", "en": "new in this round"},
    Standing.OPEN: {"zh": "仍然存在", "en": "still there"},
    Standing.GONE: {"zh": "本轮未再发现", "en": "no longer found"},
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
    "materiality": {"zh": "重要性水平", "en": "Materiality"},
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
    "points": {"zh": "核查要点", "en": "Points of the guide"},
    "refused": {"zh": "未能复算：见清单中的错误", "en": "not recomputed: see the errors in the list"},
    "more": {"zh": "另有 {count} 项（--verbose 全部列出）", "en": "{count} more (--verbose lists all)"},
    "none": {"zh": "无", "en": "none"},
    "blank": {"zh": "空白", "en": "blank"},
    "next": {"zh": "下一步", "en": "Next"},
}  # fmt: skip


def lines(
    verification: Verification, language: Language, steps: Sequence[str] = (), verbose: bool = False
) -> Iterator[Line]:
    """What is printed of a verification; `steps` are the commands that follow."""
    most = None if verbose else _FIRST
    yield from _heading(verification, language)
    yield from _compared(verification, language, most)
    yield from _replacements(verification, language, most)
    yield from _unusual(verification, language, most)
    yield from _list(verification, language, most)
    yield from (Line(""), Line(f"{text('points', language)}: {looked_text(verification, language)}"))
    if steps:
        yield from (Line(""), Line(text("next", language), "head"))
        yield from (Line(f"  {step}") for step in steps)
    yield from (Line(""), Line(statement(verification, language), "quiet"))


def text(name: str, language: Language, **values: object) -> str:
    return TEXTS[name][language].format_map(values)


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
    counted = Counter(item.agreement for item in verification.compared)
    return _counted({word[language]: counted[agreement] for agreement, word in AGREEMENT_TEXT.items()}, language)


def severity_text(verification: Verification, language: Language) -> str:
    """How many entries of the list are errors, warnings and notes, and how many were no longer found."""
    counted = Counter(item.severity for item in verification.open)
    words = {SEVERITY_TEXT[str(severity)][language]: counted[severity] for severity in Severity}
    gone = len(verification.nonconformities) - len(verification.open)
    told = [f"{word} {count}" for word, count in words.items()]
    told += [f"{STANDING_TEXT[Standing.GONE][language]} {gone}"] if gone else []
    return _comma(language).join(told)


def looked_text(verification: Verification, language: Language) -> str:
    """How many points of the guide show something, show nothing, and are left to the verifier."""
    counted = Counter(verification.looked.values())
    return _counted({word[language]: counted[looked] for looked, word in LOOKED_TEXT.items()}, language)


def misstatement_text(verification: Verification, language: Language) -> str:
    """The misstatement of the total, beside the materiality where one was given."""
    found, level = verification.misstatement, verification.materiality
    if found is None:
        return NOT_REPORTED
    parts = [text("over" if found > 0 else "under", language, share=Figure(abs(found), share=True).text[1:])]
    if not found:
        parts = ["0"]
    if level is not None:
        parts.append(text("above" if verification.material else "within", language, level=f"{100 * level:.4g} %"))
    return _comma(language).join(parts)


def finding_text(item: Finding, language: Language) -> str:
    """What was found, what was expected and how to mend it; the clause stands elsewhere."""
    return replace(item, clause="").says(language)


def figure(value: float | None, decimals: int | None = None) -> Figure | str:
    """A figure of a record; a dash where there is none."""
    return NOT_REPORTED if value is None or not isfinite(value) else Figure(value, decimals)


def share(value: float | None) -> Figure | str:
    return NOT_REPORTED if value is None else Figure(value, share=True)


def tone(item: Nonconformity) -> str:
    """How an entry of the list is said: what is no longer found is quiet."""
    if item.standing is Standing.GONE:
        return "quiet"
    return {Severity.ERROR: "error", Severity.WARNING: "warning"}.get(item.severity, "")


def decimals(item: Compared) -> int | None:
    """The decimals a compared figure is shown with: those of the report, where it states one."""
    return None if item.reported is None else item.digits


def _heading(verification: Verification, language: Language) -> Iterator[Line]:
    case = verification.case
    yield Line(" · ".join(filter(None, (case.title(language), str(case.period), text("title", language)))), "strong")
    yield Line(document_text(verification, language))
    round_ = f"{text('round', language)} {verification.round}"
    yield Line(f"{text('guide', language)}: {guide_text(verification, language)} · {round_}")
    yield Line("")
    total = verification.total
    if verification.result is None:
        yield Line(text("refused", language), "error")
    if total is not None:
        rows = [
            [text("reported", language), _text(figure(total.reported, decimals(total))), total.unit],
            [text("verified", language), _text(figure(total.verified, decimals(total))), total.unit],
            [text("misstatement", language), misstatement_text(verification, language), ""],
        ]
        yield Line(f"{text('total', language)}: {total.label[language]}", "head")
        yield from map(Line, columns(rows[:2], right=[1], indent="  "))
        yield Line(f"  {rows[2][0]}: {rows[2][1]}", "error" if verification.material else "")
    yield Line(f"{text('compared', language)}: {agreement_text(verification, language)}")
    failed = any(item.severity is Severity.ERROR for item in verification.open)
    yield Line(f"{text('list', language)}: {severity_text(verification, language)}", "error" if failed else "")


def _compared(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    alike = (Agreement.AGREES, Agreement.ROUNDING)
    found = [item for item in verification.compared if item.agreement not in alike]
    heads = ("item", "key", "reported", "recomputed", "verified", "unit", "relative", "agreement")
    rows = [
        [
            item.label[language],
            item.key,
            *(_text(figure(value, decimals(item))) for value in (item.reported, item.recomputed, item.verified)),
            item.unit,
            _text(share(item.relative)),
            AGREEMENT_TEXT[item.agreement][language],
        ]
        for item in found[:most]
    ]
    tones = ["error" if item.agreement is Agreement.DIFFERS else "" for item in found[:most]]
    yield from _table("differing", heads, rows, tones, len(found), (2, 3, 4, 6), language)


def _replacements(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    found = verification.replacements
    rows = [
        [
            item.place,
            f"{item.sheet[language]} {item.column[language]}",
            item.labels,
            _text(figure(item.before)),
            "→",
            text("blank", language) if item.after is None else _text(figure(item.after)),
            item.unit,
            item.clause,
        ]
        for item in found[:most]
    ]
    yield from _table("replacements", (), rows, [""] * len(rows), len(found), (3, 5), language)


def _unusual(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    found = [item for item in verification.changes if item.unusual]
    rows = [
        [
            item.label[language],
            _text(figure(item.before)),
            "→",
            _text(figure(item.now)),
            item.unit,
            _text(share(item.relative)),
        ]
        for item in found[:most]
    ]
    threshold = f"{100 * verification.change_threshold:.4g} %"
    yield from _table("unusual", (), rows, ["warning"] * len(rows), len(found), (1, 3, 5), language, threshold)


def _list(verification: Verification, language: Language, most: int | None) -> Iterator[Line]:
    found = verification.nonconformities
    if found:
        yield from (Line(""), Line(f"{text('list', language)} {len(found)}", "head"))
    for item in found[:most]:
        clause = f"[{item.finding.clause}]" if item.finding.clause else ""
        head = (
            item.number,
            SEVERITY_TEXT[str(item.severity)][language],
            item.category[language],
            STANDING_TEXT[item.standing][language],
            item.finding.place_text(language),
            clause,
        )
        yield Line("  " + "  ".join(filter(None, head)), tone(item))
        yield Line(f"      {finding_text(item.finding, language)}", "quiet" if tone(item) == "quiet" else "")
    yield from _rest(len(found), most, language)


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[list[str]],
    tones: Sequence[str],
    count: int,
    right: Sequence[int],
    language: Language,
    threshold: str = "",
) -> Iterator[Line]:
    """A heading with the number of rows there are, those that are shown, and how many are not."""
    if not rows:
        return
    yield from (Line(""), Line(f"{text(name, language, threshold=threshold)} {count}", "head"))
    top = [[text(head, language) for head in heads]] if heads else []
    yield from map(Line, columns([*top, *rows], right=right, indent="  "), [*("head" for _ in top), *tones])
    yield from _rest(count, len(rows), language)


def _rest(count: int, most: int | None, language: Language) -> Iterator[Line]:
    if most is not None and count > most:
        yield Line(f"  … {text('more', language, count=count - most)}", "quiet")


def _counted(counts: dict[str, int], language: Language) -> str:
    total = sum(counts.values())
    told = [f"{word} {count}" for word, count in counts.items() if count]
    return f"{total}（{'，'.join(told)}）" if language == "zh" else f"{total} ({', '.join(told)})"


def _comma(language: Language) -> str:
    return "，" if language == "zh" else ", "


def _text(cell: Figure | str) -> str:
    return cell if isinstance(cell, str) else cell.text
