"""One plant by two editions of a limit, printed: the steps between them, and the clause that moved the level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._limits.diff import STEPS, Comparison, Move, PlantDiff
from carbonstd._limits.record import Record
from carbonstd._limits.text import TEXTS, computed, level_text, percent_text, reached_text, said, sense, value_text
from carbonstd._number import shown
from carbonstd._result.verdict import Judgement, LevelVerdict
from carbonstd._wording import GRADE_TEXT, NOT_REPORTED

_TEXTS: dict[str, Bilingual] = {
    "step": {"zh": "步骤", "en": "Step"},
    "decides": {"zh": "起作用的条款", "en": "What moved it"},
    "left": {"zh": "另有 {count} 行属于其他标准，未比较。", "en": "{count} rows are of another standard and left out."},
    "same": {"zh": "两版等级和结论相同", "en": "level and judgement are the same by both editions"},
    "apart": {
        "zh": "两版的指标或单位不能对应，分列如下",
        "en": "the indicators or units of the two editions do not correspond; each stands for itself",
    },
    "alone": {
        "zh": "只有一版有这项指标的限额",
        "en": "only one of the two editions has a limit of this indicator",
    },
    "refused": {
        "zh": "只有一版给出比较，另一版没有给出的原因见下",
        "en": "only one of the two editions compares; why the other does not stands below",
    },
    "open": {
        "zh": "至少一版不作判定：只列余量，不比较等级",
        "en": "no judgement by at least one edition: margins only",
    },
}
_HEADS = ("value", "required", "limit", "percent", "reached", "judgement", "clause")


def lines(found: Sequence[PlantDiff], left: int, language: Language) -> Iterator[Line]:
    """Every plant; how many rows are of another standard; by what it was computed, and what it is not."""
    for item in found:
        yield from _plant(item, language)
    if left:
        yield Line(_TEXTS["left"][language].format(count=left), "quiet")
    records = [record for item in found for one in item.comparisons for record in (one.old, one.new) if record]
    if records:
        yield Line(computed((record.standard for record in records), language), "quiet")


def _plant(found: PlantDiff, language: Language) -> Iterator[Line]:
    """A table of steps for each indicator of a plant, then what its editions had to say."""
    yield Line(found.plant, "strong")
    for item in found.comparisons:
        yield Line("")
        yield from _comparison(item, language, any(told.severity is Severity.ERROR for told in found.findings))
    for told in found.findings:
        yield Line(
            f"  {told.code}  {told.message(language)}", "error" if told.severity is Severity.ERROR else "warning"
        )
    yield Line("")


def _comparison(item: Comparison, language: Language, refused: bool) -> Iterator[Line]:
    """The steps of one indicator; where there are none, why: an edition was `refused`, or has no such limit."""
    documents = [f"{record.standard} ({record.method})" for record in (item.old, item.new) if record]
    yield Line(f"{item.indicator[language]} · {item.period} · {' → '.join(documents)}", "head")
    heads = [_TEXTS["step"][language], *(TEXTS[name][language] for name in _HEADS)]
    if not item.moves:
        why = "apart" if item.old and item.new else "refused" if refused else "alone"
        yield Line(f"  {_TEXTS[why][language]}", "warning")
        held = [record for record in (item.old, item.new) if record]
        rows = [[record.standard, *_cells(record, language), _clause(record)] for record in held]
        yield from map(Line, columns([heads, *rows], right=[1, 3, 4], indent="  "))
        return
    rows = [[_step(move, language), *_cells(move.record, language, move.edition), move.clause] for move in item.moves]
    tones = ["head", *("strong" if move.moved else "" for move in item.moves)]
    yield from map(Line, columns([heads, *rows], right=[1, 3, 4], indent="  "), tones)
    for move in item.moves:
        if move.figures:
            told = ", ".join(
                f"{figure.label[language]} {shown(figure.value, 8)}{_unit(figure.unit)} [{figure.clause}]"
                for figure in move.figures
            )
            yield Line(f"    {STEPS[move.step][language]}: {told}", "quiet")
    yield Line(f"  {_answer(item, language)}")


def _answer(item: Comparison, language: Language) -> str:
    """Which step moved the level, and by which clause; where nothing is judged, which one moved the margin past 0."""
    pairs = list(pairwise(item.moves))
    if any(move.record.judgement is Judgement.UNDECIDED for move in item.moves):
        told = [
            f"{percent_text(_decisive(last.record))} → {percent_text(_decisive(move.record))}, {_by(move, language)}"
            for last, move in pairs
            if _beyond(last.record) is not _beyond(move.record)
        ]
        return "; ".join([_TEXTS["open"][language], *told])
    told = [
        f"{_by(move, language)}: {percent_text(_decisive(last.record))} → {percent_text(_decisive(move.record))}"
        for last, move in pairs
        if move.moved
    ]
    ends = [_stands(item.moves[at].record, language) for at in (0, -1)]
    told = [" → ".join(ends), *told] if told else []
    return f"{_TEXTS['decides'][language]}: {'; '.join(told)}" if told else _TEXTS["same"][language]


def _by(move: Move, language: Language) -> str:
    return f"{STEPS[move.step][language]} [{move.clause or NOT_REPORTED}]"


def _decisive(record: Record) -> LevelVerdict | None:
    return record.verdict.decisive if record.verdict else None


def _beyond(record: Record) -> bool | None:
    """Whether the indicator lies beyond the limit that decides; None where there is none."""
    decisive = _decisive(record)
    return None if decisive is None or decisive.distance is None else decisive.distance < 0


def _stands(record: Record, language: Language) -> str:
    return f"{reached_text(record, language)} {said(record, language)}"


def _step(move: Move, language: Language) -> str:
    """A step; the first and the last with the number of their edition."""
    return STEPS[move.step][language] + (f" ({move.record.standard})" if move.edition else "")


def _cells(record: Record, language: Language, judged: bool = True) -> list[str]:
    """Indicator, level, limit and margin; level reached and judgement where it is an edition that judges."""
    decisive = _decisive(record)
    limit = NOT_REPORTED if decisive is None or decisive.limit is None else shown(decisive.limit, 8)
    open_ = record.judgement is Judgement.UNDECIDED
    judgement = said(record, language) if open_ else f"{said(record, language)} {GRADE_TEXT[record.grade][language]}"
    return [
        value_text(record, language),
        level_text(record, decisive.level, language) if decisive else NOT_REPORTED,
        f"{sense(record)} {limit}",
        percent_text(decisive),
        *([reached_text(record, language), judgement] if judged else ["", ""]),
    ]


def _clause(record: Record) -> str:
    return record.verdict.rule.clause if record.verdict else ""


def _unit(text: str) -> str:
    return "" if text == "1" else f" {text}"
