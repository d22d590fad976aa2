"""One plant by two editions of a limit: which clause moved its level.

From the old edition to the new one in steps, each the last with one thing changed: the indicator as the new edition
computes it; the old corrections taken off; the limits of the new table; the corrections of the new edition. The step
where level or judgement changes is the one that moved it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from carbonstd._definitions.document import Period
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CarbonstdError, CaseError, NotFoundError
from carbonstd._findings import Finding, Language, Severity, finding
from carbonstd._limits.derivation import INDICATOR, LIMIT, Derived
from carbonstd._limits.editions import Editions, headers_of
from carbonstd._limits.input import Subject
from carbonstd._limits.judging import Question, judge_edition
from carbonstd._limits.reasons import each_once
from carbonstd._limits.record import Record
from carbonstd._result.verdict import judged_at

_MARGINS = ("level", "limit", "limit_exact", "distance", "distance_exact", "percent", "percent_exact")
STEPS: dict[str, Bilingual] = {
    "old": {"zh": "旧版", "en": "old edition"},
    "indicator": {"zh": "指标按新版计算", "en": "indicator of the new edition"},
    "uncorrected": {"zh": "去掉旧版修正", "en": "corrections of the old edition off"},
    "table": {"zh": "限额改用新版表列值", "en": "limits of the new table"},
    "new": {"zh": "新版修正后", "en": "corrections of the new edition"},
}


@dataclass(frozen=True)
class Move:
    """One step: the plant as it stands after it, by which clause, and whether level or judgement changed there.

    Only the first and the last are editions; what stands between is no limit of any, and has margins alone.
    """

    step: str
    record: Record
    clause: str
    moved: bool
    figures: tuple[Derived, ...] = ()  # the corrections of the step, with their values

    @property
    def edition(self) -> bool:
        return self.step in ("old", "new")

    def as_dict(self, language: Language) -> dict[str, Any]:
        record = self.record.as_dict(language)
        names = ["value", "value_exact", "unit", "required", "levels"]
        names += ["reached", "judgement", "grade"] if self.edition else []
        found = {name: record[name] for name in names}
        if not self.edition:
            found["levels"] = [{key: item[key] for key in _MARGINS} for item in record["levels"]]
        figures = [item.as_dict() for item in self.figures]
        return {"step": self.step, "clause": self.clause, "moved": self.moved, "corrections": figures} | found


@dataclass(frozen=True)
class Comparison:
    """One indicator of a plant by two editions; without moves where one of them gives none, or they do not compare."""

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
    """One plant by two editions: a comparison for each indicator, and what each edition had to say."""

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
) -> tuple[list[PlantDiff], int]:
    """Every plant of the standard by two editions, and how many rows are of another standard.

    Raises NotFoundError where an edition is not held as a limit, CaseError where no plant is of the standard.
    """
    headers = headers_of(library)
    stems: set[str] = set()
    for name in editions:
        try:
            stems.add(_stem(library.find(name, headers)))
        except NotFoundError as error:
            if all(item.code != "ambiguous-name" for item in error.findings):
                raise
            wanted = name.partition("@")[0]  # several methods of one number are told apart by each plant
            stems |= {_stem(item) for item in headers.values() if item.family.startswith(wanted)}
    known = Editions(library, headers)
    own = [subject for subject in subjects if _is_of(subject, stems, known)]
    if not own:
        raise CaseError(findings=[finding("diff-no-plant", subjects[0].place, editions=" / ".join(editions))])
    return [_compare(subject, editions, library, question) for subject in own], len(subjects) - len(own)


def _stem(header: Header) -> str:
    """The number of a document without its year."""
    return header.document.number.rpartition("-")[0]


def _is_of(subject: Subject, stems: set[str], known: Editions) -> bool:
    """Whether a plant names a standard of that number, or none."""
    typed = subject.standard or (subject.case.method if subject.case else "")
    if not typed:
        return True
    period = subject.case.period if subject.case else Period.parse(subject.period)
    if period is None:
        return True  # what is wrong with it is told
    try:
        return _stem(known.find(typed, period, date.max, subject.cells)) in stems
    except NotFoundError:
        return True


def _compare(subject: Subject, editions: tuple[str, str], library: Library, question: Question) -> PlantDiff:
    """Every indicator of a plant by two editions. Nothing about the plant raises: its findings say what is wrong."""
    asked = replace(question, derived=True)
    name = subject.name or subject.place
    try:
        before, after = (judge_edition(subject, edition, library, asked) for edition in editions)
    except CarbonstdError as error:
        return PlantDiff(name, subject.place, findings=tuple(error.findings))
    loud = [item for record in (*before, *after) for item in record.findings if item.severity is not Severity.NOTE]
    return PlantDiff(name, subject.place, tuple(_paired(before, after)), tuple(each_once(loud)))


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
    """The steps that change something, from the old edition to the new one; none where their figures do not compare."""
    assert old.verdict is not None
    assert new.verdict is not None
    was, now = old.verdict, new.verdict
    apart = was.rule.sense != now.rule.sense or was.rule.unit.dimension != now.rule.unit.dimension
    if apart or now.rule.since > old.method.partition("@")[2]:
        return
    value = now.value * now.rule.unit.factor_to(was.rule.unit)
    recomputed = replace(old, verdict=judged_at(was, value))
    states = {"old": old, "indicator": recomputed}
    if old.printed and new.printed:
        states |= {"uncorrected": _uncorrected(recomputed), "table": _uncorrected(new)}
    states["new"] = new
    whole = _clauses(_of_limit(new, 0)) or now.rule.clause
    clauses = {
        "old": was.rule.clause,
        "indicator": _clauses([item for item in new.derivation if (item.of, item.depth) == (INDICATOR, 0)]),
        "uncorrected": _clauses(_corrections(old)) or _clauses(_of_limit(old, 0)),
        "table": _clauses(_printed(new)) or whole,
        "new": (_clauses(_corrections(new)) if new.printed and old.printed else "") or whole,
    }
    last: Record | None = None
    for step, record in states.items():
        if last is not None and step != "new" and _figures(record) == _figures(last):
            continue
        figures = _corrections(new if step == "new" else old) if step in ("old", "new", "uncorrected") else []
        moved = last is not None and (record.rank, record.judgement) != (last.rank, last.judgement)
        same = last is not None and _figures(record) == _figures(last)
        yield Move(step, record, "" if same else clauses[step], moved, tuple(figures))
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


def _of_limit(record: Record, depth: int) -> list[Derived]:
    """What stands so far below the limit, for the level that decides."""
    decisive = record.verdict.decisive.level if record.verdict else ""
    found = [item for item in record.derivation if (item.of, item.depth) == (LIMIT, depth)]
    return [item for item in found if item.key in ("", decisive)]


def _corrections(record: Record) -> list[Derived]:
    """What moves the limit beside its own figure: equations and cells of tables, neither 0 nor a factor of 1."""
    own = {(item.place, item.id) for item in _printed(record)}
    return [
        item
        for item in _of_limit(record, 1)
        if item.value and (item.value, item.unit) != (1, "1")
        if item.formula or (item.place.startswith("limits/") and (item.place, item.id) not in own)
    ]


def _printed(record: Record) -> list[Derived]:
    """The cells of the table of limits; empty where more than one of them went into a limit."""
    held = {level: float(limit) for level, limit in record.printed.items()}
    found = [item for item in record.derivation if (item.of, item.depth, item.formula) == (LIMIT, 1, "")]
    return [item for item in found if item.key in held and item.value == held[item.key]]


def _clauses(figures: Sequence[Derived]) -> str:
    return "、".join(dict.fromkeys(filter(None, (item.clause for item in figures))))
