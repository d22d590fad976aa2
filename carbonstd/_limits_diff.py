"""One plant by two editions of a limit: which clause moved its level.

From the old edition to the new one in steps, each the last with one thing changed: the indicator as the new edition
computes it; the old corrections taken off; the limits of the new table; the corrections of the new edition. The step
where level or judgement changes is the one that moved it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from carbonstd._errors import CarbonstdError, NotFoundError
from carbonstd._findings import Finding, Language
from carbonstd._library import Library
from carbonstd._limits import Question, judge_edition
from carbonstd._limits_derivation import INDICATOR, LIMIT, Derived
from carbonstd._limits_editions import limit_headers
from carbonstd._limits_input import Subject
from carbonstd._limits_reasons import each_once
from carbonstd._limits_record import Record
from carbonstd._schema import Bilingual
from carbonstd._verdict import judged_at

STEPS: dict[str, Bilingual] = {
    "old": {"zh": "旧版", "en": "old edition"},
    "indicator": {"zh": "指标按新版计算", "en": "indicator of the new edition"},
    "uncorrected": {"zh": "去掉旧版修正", "en": "corrections of the old edition off"},
    "table": {"zh": "限额改用新版表列值", "en": "limits of the new table"},
    "new": {"zh": "新版修正后", "en": "corrections of the new edition"},
}


@dataclass(frozen=True)
class Move:
    """One step: the plant as it stands after it, by which clause, and whether level or judgement changed there."""

    step: str
    record: Record
    clause: str
    moved: bool
    figures: tuple[Derived, ...] = ()  # the corrections of the step, with their values

    def as_dict(self, language: Language) -> dict[str, Any]:
        record = self.record.as_dict(language)
        names = ("value", "value_exact", "unit", "reached", "judgement", "grade", "levels", "required")
        figures = [item.as_dict() for item in self.figures]
        return {"step": self.step, "clause": self.clause, "moved": self.moved, "corrections": figures} | {
            name: record[name] for name in names
        }


@dataclass(frozen=True)
class Comparison:
    """One indicator of a plant by two editions; without moves where one of them gives none, or units do not fit."""

    period: str
    indicator: Bilingual
    old: Record | None
    new: Record | None
    moves: tuple[Move, ...] = ()

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "period": self.period,
            "indicator": dict(self.indicator),
            "old": self.old.as_dict(language) if self.old else None,
            "new": self.new.as_dict(language) if self.new else None,
            "moves": [move.as_dict(language) for move in self.moves],
        }


@dataclass(frozen=True)
class PlantDiff:
    """One plant by two editions: a comparison for each indicator, and why an edition refused it."""

    plant: str
    place: str
    comparisons: tuple[Comparison, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether every indicator was taken from one edition to the other."""
        return bool(self.comparisons) and all(item.moves for item in self.comparisons)

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "plant": self.plant,
            "place": self.place,
            "indicators": [item.as_dict(language) for item in self.comparisons],
            "findings": [item.as_dict(language) for item in self.findings],
        }


def compare_plants(
    subjects: Sequence[Subject], editions: tuple[str, str], library: Library, question: Question
) -> list[PlantDiff]:
    """Every plant by two editions. Raises NotFoundError where an edition is not held as a limit."""
    headers = limit_headers(library)
    for name in editions:
        try:
            library.find(name, headers)
        except NotFoundError as error:
            if all(item.code != "ambiguous-name" for item in error.findings):
                raise  # several methods of one number are told apart by each plant
    return [_compare(subject, editions, library, question) for subject in subjects]


def _compare(subject: Subject, editions: tuple[str, str], library: Library, question: Question) -> PlantDiff:
    """Every indicator of a plant by two editions. Nothing about the plant raises: its findings say what is wrong."""
    asked = replace(question, derived=True)
    name = subject.name or subject.place
    try:
        before, after = (judge_edition(subject, edition, library, asked) for edition in editions)
    except CarbonstdError as error:
        return PlantDiff(name, subject.place, findings=tuple(error.findings))
    refused = [item for record in (*before, *after) if record.verdict is None for item in record.findings]
    return PlantDiff(name, subject.place, tuple(_paired(before, after)), tuple(each_once(refused)))


def _paired(before: Sequence[Record], after: Sequence[Record]) -> Iterator[Comparison]:
    """Indicators of both editions: those of one id, then those whose ids end alike (`comparable_coal` and `coal`)."""
    olds, news = (_by_indicator(records) for records in (before, after))
    pairs = {name: name for name in olds if name in news}
    ends = {_end(name): name for name in news if name not in pairs}
    pairs |= {name: ends.pop(_end(name)) for name in olds if name not in pairs and _end(name) in ends}
    for name, old in olds.items():
        yield _compared(old, news[pairs[name]] if name in pairs else None)
    yield from (_compared(None, new) for name, new in news.items() if name not in pairs.values())


def _compared(old: Record | None, new: Record | None) -> Comparison:
    shown = new or old
    assert shown is not None
    moves = tuple(_moves(old, new)) if old and new else ()
    return Comparison(shown.period, shown.indicator, old, new, moves)


def _end(name: str) -> str:
    return name.rpartition("_")[2]


def _by_indicator(records: Sequence[Record]) -> dict[str, Record]:
    return {record.verdict.rule.id: record for record in records if record.verdict}


def _moves(old: Record, new: Record) -> Iterator[Move]:
    """The steps that change something, from the old edition to the new one."""
    assert old.verdict is not None
    assert new.verdict is not None
    was, now = old.verdict, new.verdict
    if was.rule.sense != now.rule.sense or was.rule.unit.dimension != now.rule.unit.dimension:
        return
    value = now.value * now.rule.unit.factor_to(was.rule.unit)
    states = {
        "old": old,
        "indicator": replace(old, verdict=judged_at(was, value)),
        "uncorrected": _uncorrected(replace(old, verdict=judged_at(was, value))),
        "table": _uncorrected(new),
        "new": new,
    }
    clauses = {
        "old": was.rule.clause,
        "indicator": _clauses(_computed(new, INDICATOR)),
        "uncorrected": _clauses(_corrections(old)),
        "table": _clauses(_printed(new)),
        "new": _clauses(_corrections(new)),
    }
    last: Record | None = None
    for step, record in states.items():
        if last is not None and _figures(record) == _figures(last):
            continue
        figures = _corrections(new if step == "new" else old) if step in ("old", "new", "uncorrected") else []
        moved = last is not None and (record.rank, record.judgement) != (last.rank, last.judgement)
        yield Move(step, record, clauses[step], moved, tuple(figures))
        last = record


def _uncorrected(record: Record) -> Record:
    """A record against the limits as its table prints them."""
    assert record.verdict is not None
    levels = [replace(item, limit=record.printed.get(item.level, item.limit)) for item in record.verdict.levels]
    bare = replace(record.verdict, levels=tuple(levels))
    return replace(record, verdict=judged_at(bare, bare.value))


def _figures(record: Record) -> tuple[Fraction, str, tuple[tuple[str, Fraction | None], ...]]:
    """What a step may change: indicator and limits."""
    assert record.verdict is not None
    verdict = record.verdict
    return verdict.value, verdict.rule.unit.text, tuple((item.level, item.limit) for item in verdict.levels)


def _computed(record: Record, of: str) -> list[Derived]:
    return [item for item in record.derivation if item.of == of and item.formula and item.depth == 0]


def _corrections(record: Record) -> list[Derived]:
    """What the limit rests on beside its own table: equations and cells of other tables, those that are not zero."""
    own = {item.place for item in _printed(record)}
    decisive = record.verdict.decisive.level if record.verdict else ""
    return [
        item
        for item in record.derivation
        if (item.of, item.depth) == (LIMIT, 1)
        and item.value
        and item.key in ("", decisive)
        and (item.formula or (item.place.startswith("limits/") and item.place not in own))
    ]


def _printed(record: Record) -> list[Derived]:
    """The cells of the table of limits."""
    cells = [item for item in record.derivation if (item.of, item.depth, item.formula) == (LIMIT, 1, "")]
    held = {level: float(limit) for level, limit in record.printed.items()}
    return [item for item in cells if item.key in held and item.value == held[item.key]] or cells[:1]


def _clauses(figures: Sequence[Derived]) -> str:
    return "、".join(dict.fromkeys(filter(None, (item.clause for item in figures))))
