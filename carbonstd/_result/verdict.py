"""Verdicts: an indicator against a limit, level by level, in fractions.

212.5 kWh x 1.12 / 28 t is 8.5 and meets 8.5, though float64 says 8.500000000000002. Nothing is rounded first. A tie
meets. A dash is no level and is compared with nothing. An indicator that rests on a called model is a float: within
1e-9 of a limit it is `undecided`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from carbonstd._definitions.method import Method, VerdictRule
from carbonstd._definitions.schema import Bilingual, same
from carbonstd._engine.array import Array
from carbonstd._engine.run import Run
from carbonstd._findings import Finding, finding
from carbonstd._language import expression as ex
from carbonstd._language.compile import CompiledVerdict
from carbonstd._ledger.arithmetic import isnan
from carbonstd._number import percent_shown, shown
from carbonstd._result.evidence import unseen_labels
from carbonstd._wording import GRADE_TEXT, LEVEL_NAMES, LEVEL_TEXT, NOT_REPORTED, judgement_text

_FAR = 10  # no plant is ten times better than the strictest level or worse than the easiest: its unit is another
_NEAR = Fraction(1, 10**9)  # a float result of a model may be off by this much of the limit
_BOUND: dict[str, Bilingual] = {  # on which side of an indicator its limit must stay
    "at_most": {"zh": "不低于", "en": "at least"},
    "at_least": {"zh": "不高于", "en": "at most"},
}
_IRRATIONAL = Fraction(1, 10**40)  # roots and exponentials are taken to 50 digits: what is nearer is a tie


class Judgement(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NO_LEVEL = "no_level"
    UNDECIDED = "undecided"


class Grade(StrEnum):
    """How far a verdict may go (`_result.grade`)."""

    FORMAL = "formal"
    REFERENCE = "reference"
    NONE = "none"


@dataclass(frozen=True)
class LevelVerdict:
    """One level (empty where the limit is one value). `distance` is positive on the good side of the limit.

    Undecided without a limit is a level whose figure nobody has seen; no level is one that is printed as a dash.
    """

    level: str
    judgement: Judgement
    limit: Fraction | None = None
    distance: Fraction | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"level": self.level, "judgement": str(self.judgement)} | _both("limit", self.limit) | _both(
            "distance", self.distance
        )  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What an indicator reaches: levels in the order of the table, the level that must be met (if one is named)."""

    rule: VerdictRule
    value: Fraction
    levels: tuple[LevelVerdict, ...]
    required: str = ""
    grade: Grade = Grade.NONE
    own_reason: str = ""  # why the plant entered the limit that decides; empty where the standard's is taken
    replaced: Fraction | None = None  # the standard's limit that it stands for
    open_within: Fraction | None = None  # share of a limit within which a figure of a model decides nothing
    open_beyond: int | None = None  # so many times away from all its limits an indicator is a slip of the unit
    unseen: Bilingual = field(default_factory=dict)  # what its tables say nobody has seen of them
    fixed: bool = False  # the limit is a constant of the method, such as none of what is counted: nothing corrects it

    def said(self, judgement: Judgement) -> Bilingual:
        """A judgement in the words its grade allows, or those of a document that words it its own way."""
        given = self.grade is not Grade.NONE and judgement in (Judgement.MET, Judgement.NOT_MET)
        return self.rule.words[str(judgement)] if given and self.rule.words else judgement_text(judgement, self.grade)

    def named(self, level: str) -> Bilingual:
        """A level by its name, or what a limit of one value is called."""
        return self.rule.words["limit"] if self.rule.words and not level else level_named(level)

    @property
    def bounds(self) -> list[Fraction]:
        """The limits above zero, the least first."""
        return sorted(item.limit for item in self.levels if item.limit is not None and item.limit > 0)

    @property
    def far(self) -> bool:
        """Whether the indicator is so far from every limit that its unit is in doubt; nothing at all is no slip."""
        times, bounds = self.open_beyond, self.bounds
        if times is None or not bounds or self.value <= 0:
            return False
        return self.value * times < bounds[0] or self.value > times * bounds[-1]

    @property
    def reached(self) -> LevelVerdict | None:
        """The first level met; levels stand from the strictest on.

        Where the level that is required is not met, only it and easier levels count: corrections can move a stricter
        one beyond it.
        """
        levels = self.levels
        if self.required and self.judgement is Judgement.NOT_MET:
            levels = levels[levels.index(self.decisive) :]
        return next((item for item in levels if item.judgement is Judgement.MET), None)

    @property
    def passed_over(self) -> LevelVerdict | None:
        """A level that is not met though it is easier than the one reached: corrections moved their limits apart."""
        easier = self.levels[self.levels.index(self.reached) :] if self.reached else ()
        return next((item for item in easier if item.judgement is Judgement.NOT_MET), None)

    @property
    def decisive(self) -> LevelVerdict:
        """The level that decides: the required one, else the one reached, an open one, the last that has a limit."""
        if self.required:
            return next((item for item in self.levels if item.level == self.required), _no_level(self.required))
        open_ = (item for item in self.levels if item.judgement is Judgement.UNDECIDED)
        last = (item for item in reversed(self.levels) if item.judgement is Judgement.NOT_MET)
        return self.reached or next(open_, None) or next(last, None) or _no_level("")

    @property
    def judgement(self) -> Judgement:
        return self.decisive.judgement

    @property
    def failed(self) -> bool:
        missed = self.judgement is Judgement.NOT_MET and not self.rule.advisory
        return missed or self.judgement is Judgement.UNDECIDED

    def as_dict(self) -> dict[str, Any]:
        rule = self.rule
        return {
            "id": rule.id,
            "label": dict(rule.label),
            **_both("value", self.value),
            "unit": rule.unit.text,
            "sense": rule.sense,
            "judgement": str(self.judgement),
            "grade": str(self.grade),
            "reached": self.reached.level if self.reached else None,
            "required": self.required or None,
            "levels": [item.as_dict() for item in self.levels],
            "clause": rule.clause,
        }

    def findings(self) -> list[Finding]:
        """Why the verdict fails, for the result's findings."""
        groundless = self.grade is Grade.NONE and self.judgement is not Judgement.NO_LEVEL
        if not self.failed and not groundless:
            return self._own()
        if self.far:
            return [self._far()]
        rule, decisive = self.rule, self.decisive
        undecided = decisive.judgement is Judgement.UNDECIDED
        values = {
            "label": rule.label,
            "value": shown(self.value, 12),
            "unit": rule.unit.text,
            "level": self.named(decisive.level),
            "limit": shown(decisive.limit or Fraction(0), 12),
            "sense": "≤" if rule.sense == "at_most" else "≥",
            "grade": GRADE_TEXT[self.grade],
            "bound": _BOUND[rule.sense],
            "change": _change(decisive.limit, self.value),
            "unseen": {"zh": f"（{self.unseen['zh']}）", "en": f" ({self.unseen['en']})"} if self.unseen else same(""),
        }
        missed = "position-below" if rule.words else "limit-not-met"
        if undecided and decisive.limit is None:
            return [finding("limit-level-unseen", rule.id, rule.clause, **values)]
        values["words"] = self.said(decisive.judgement)
        untold = "position-not-given" if rule.words else "verdict-unfounded" if self.fixed else "verdict-not-given"
        code = "verdict-undecided" if undecided else untold if groundless else missed
        return [finding(code, rule.id, rule.clause, **values), *self._own()]

    def _far(self) -> Finding:
        figures = {"value": self.value, "lowest": self.bounds[0], "largest": self.bounds[-1]}
        values = {name: shown(figure, 12) for name, figure in figures.items()} | {"unit": self.rule.unit.text}
        return finding("indicator-far", self.rule.id, self.rule.clause, label=self.rule.label, **values)

    def _own(self) -> list[Finding]:
        """That the plant's own limit was taken, and what stands in the table; else levels that crossed."""
        if not self.own_reason:
            return list(self._crossed())
        values = {
            "level": self.named(self.required),
            "limit": shown(self.decisive.limit or Fraction(0), 12),
            "printed": shown(self.replaced or Fraction(0), 12),
            "unit": self.rule.unit.text,
            "reason": self.own_reason,
        }
        return [finding("limit-own", self.rule.id, self.rule.clause, **values)]

    def _crossed(self) -> Iterator[Finding]:
        """A level whose limit is wider than that of the next, which should be easier."""
        sign = 1 if self.rule.sense == "at_most" else -1
        held = [(item.level, item.limit) for item in self.levels if item.limit is not None]
        for (level, limit), (easier, wider) in pairwise(held):
            if sign * limit > sign * wider:
                values = {
                    "label": self.rule.label,
                    "level": self.named(level),
                    "limit": shown(limit, 12),
                    "easier": self.named(easier),
                    "wider": shown(wider, 12),
                    "unit": self.rule.unit.text,
                }
                yield finding("limit-levels-crossed", self.rule.id, self.rule.clause, **values)


def judge(rule: VerdictRule, run: Run) -> Verdict | Finding:
    """Judge an indicator in fractions; a finding where a figure is missing."""
    exactly = run.exactly()
    compiled = run.program.verdicts[rule.id]
    for node in (compiled.indicator, compiled.limit):
        run.evaluate_node(node, rule.id)  # its look-ups are judged for evidence like any other
    indicator = exactly.evaluate_node(compiled.indicator, rule.id)
    limit = exactly.evaluate_node(compiled.limit, rule.id)
    held = _limits(limit, exactly)
    below = (rule.id, *equations_below(run.program.method, rule.nodes))
    unseen = {label for what in below for label in unseen_labels(exactly, what)} if compiled.axis else set()
    if not indicator.known or any(bound is None and label not in unseen for label, bound in held.items()):
        run.findings += exactly.findings
        return finding("missing-operand", rule.id, rule.clause, equation=rule.label, symbol=rule.id)
    open_within = _NEAR if _rests_on_model(run.program.method, rule) else None
    value = Fraction(indicator.data[0])
    order = dict.fromkeys([*_labels(rule, exactly, compiled.axis), *held]) if compiled.axis else held
    levels = tuple(
        LevelVerdict(label, Judgement.UNDECIDED)
        if label in held and held[label] is None
        else _level(rule, value, label, held.get(label), open_within)
        for label in order
    )
    required = ""
    if compiled.required is not None:
        required = exactly.labels_of(exactly.evaluate_node(compiled.required, rule.id))[0]
        if required and required not in order:
            listed = ", ".join(order) or "—"
            return finding("no-such-level", rule.id, rule.clause, label=rule.label, level=required, held=listed)
    fixed = isinstance(rule.limit, ex.Name) and rule.limit.name in run.program.method.constants
    beyond = _FAR if run.program.method.level == "limits" else None
    verdict = Verdict(rule, value, levels, required, open_within=open_within, open_beyond=beyond, fixed=fixed)
    if compiled.own_limit is None:
        return _open_where_far(verdict)
    own = _with_own_limit(verdict, compiled, exactly)
    return _open_where_far(own) if isinstance(own, Verdict) else own


def _open_where_far(verdict: Verdict) -> Verdict:
    """A verdict with every limit left open where the indicator is too far from all of them."""
    if not verdict.far:
        return verdict
    levels = (item if item.limit is None else replace(item, judgement=Judgement.UNDECIDED) for item in verdict.levels)
    return replace(verdict, levels=tuple(levels))


def _with_own_limit(verdict: Verdict, compiled: CompiledVerdict, exactly: Run) -> Verdict | Finding:
    """A verdict by the limit the plant entered, if it did: the level it stands for decides, any other stays open.

    A finding where it comes without its reason, or for a level that the standard has not.
    """
    assert compiled.own_limit is not None
    assert compiled.own_reason is not None
    rule = verdict.rule
    own = exactly.evaluate_node(compiled.own_limit, rule.id)
    if not own.known:
        return verdict
    reason = exactly.labels_of(exactly.evaluate_node(compiled.own_reason, rule.id))[0]
    if not reason:
        return finding("own-limit-without-reason", rule.id, rule.clause, label=rule.label)
    if verdict.decisive.limit is None:
        return finding("own-limit-without-level", rule.id, rule.clause, level=level_named(verdict.required))
    limit = Fraction(own.data[0])
    levels = tuple(
        _level(rule, verdict.value, item.level, limit, verdict.open_within)
        if item.level == verdict.required
        else replace(item, judgement=Judgement.UNDECIDED if item.limit is not None else item.judgement)
        for item in verdict.levels
    )
    return replace(verdict, levels=levels, own_reason=reason, replaced=verdict.decisive.limit)


def judged_at(verdict: Verdict, value: Fraction) -> Verdict:
    """A verdict with another value of its indicator; beside a limit of the plant's own every other level stays open."""
    levels = []
    for item in verdict.levels:
        level = _level(verdict.rule, value, item.level, item.limit, verdict.open_within)
        beside = verdict.own_reason and item.level != verdict.required and item.limit is not None
        unseen = item.limit is None and item.judgement is Judgement.UNDECIDED
        levels.append(replace(level, judgement=Judgement.UNDECIDED) if beside or unseen else level)
    return _open_where_far(replace(verdict, value=value, levels=tuple(levels)))


def exact_text(value: Fraction) -> str:
    """A fraction as it is; what is irrational, in 50 digits."""
    if value.denominator < 10**40:
        return str(value)
    with localcontext() as context:
        context.prec = 50
        return str(Decimal(value.numerator) / Decimal(value.denominator))


def _level(
    rule: VerdictRule, value: Fraction, label: str, limit: Fraction | None, open_within: Fraction | None
) -> LevelVerdict:
    if limit is None:
        return _no_level(label)
    distance = limit - value if rule.sense == "at_most" else value - limit
    scale = max(abs(limit), abs(value))
    if open_within is not None and abs(distance) <= open_within * scale:
        return LevelVerdict(label, Judgement.UNDECIDED, limit, distance)
    met = distance >= 0 or -distance <= _IRRATIONAL * scale
    return LevelVerdict(label, Judgement.MET if met else Judgement.NOT_MET, limit, distance)


def _no_level(label: str) -> LevelVerdict:
    return LevelVerdict(label, Judgement.NO_LEVEL)


def _limits(limit: Array, run: Run) -> dict[str, Fraction | None]:
    """The limit of each level; None where a figure is missing."""
    pairs = zip(limit.data, isnan(limit.data), strict=True)
    figures = [None if missing else Fraction(value) for value, missing in pairs]
    if limit.keys is None:
        return {"": figures[0]}
    names = [run.axes.named(limit.frame.axes, int(key))[0] for key in limit.keys]
    return dict(zip(names, figures, strict=True))


def _labels(rule: VerdictRule, run: Run, axis: str) -> Iterator[str]:
    """The levels of the tables that the limit was read from, in printed order, those with a dash among them."""
    for what in (rule.id, *equations_below(run.program.method, rule.nodes)):
        for usage in run.usages.get(what, []):
            if not len(usage.segment):
                continue  # asked by the rows of a sheet that has none
            table = run.segments[usage.slot][int(usage.segment[0])].table
            if table.columns[usage.column].axis == axis:
                yield from table.labels(axis)


def _rests_on_model(method: Method, rule: VerdictRule) -> bool:
    return any(method.equations[name].call for name in equations_below(method, rule.nodes))


def equations_below(method: Method, nodes: Sequence[ex.Node]) -> list[str]:
    """Every equation that some trees rest on, such as indicator and limit of a verdict."""
    found: dict[str, None] = {}
    pending = list(nodes)
    while pending:
        for name in pending.pop().names():
            if name in method.equations and name not in found:
                found[name] = None
                pending += method.equations[name].nodes
    return list(found)


def _both(name: str, value: Fraction | None) -> dict[str, Any]:
    if value is None:
        return {name: None, f"{name}_exact": None}
    return {name: float(value), f"{name}_exact": exact_text(value)}


def _change(limit: Fraction | None, value: Fraction) -> str:
    """By how much a limit must move to lie at an indicator, with its sign, in per cent."""
    return percent_shown((value - limit) * 100 / abs(limit)) if limit else NOT_REPORTED


def level_named(level: str) -> Bilingual:
    """A level by its name: `level 2`, `advanced`, or the limit where there is one alone.

    >>> level_named("2")["zh"], level_named("advanced")["zh"], level_named("")["en"]
    ('2级', '先进值', 'limit')
    """
    if not level:
        return LEVEL_TEXT
    return LEVEL_NAMES.get(level) or {"zh": f"{level}级", "en": f"level {level}"}
