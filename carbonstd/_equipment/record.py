"""What was found of an item of equipment: by the edition of its manufacture and by today's, and what others save."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Language
from carbonstd._limits.record import Record
from carbonstd._result.verdict import Grade, Judgement, LevelVerdict

UNDECIDED, BELOW = "undecided", "below"  # beside the grades themselves
_GRADES = (Grade.NONE, Grade.REFERENCE, Grade.FORMAL)


@dataclass(frozen=True)
class Graded:
    """One item by one edition: its verdicts, the grade they give together, and why there is none."""

    standard: str = ""
    method: str = ""
    title: Bilingual = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    combine: str = "all"
    rungs: tuple[str, ...] = ()  # of a ladder: its verdicts, the strictest first, each a level of its own
    findings: tuple[Finding, ...] = ()

    @property
    def decided(self) -> bool:
        return bool(self.records) and all(item.judgement is not Judgement.UNDECIDED for item in self.records)

    @property
    def order(self) -> list[str]:
        """The grades an item may be of, the best first; a floor that is one value stands last."""
        if self.rungs:
            return list(self.rungs)
        names = dict.fromkeys(level.level for item in self.records for level in _allowed(item))
        return sorted(names, key=lambda name: not name)

    @property
    def grade(self) -> str | None:
        """The grade reached; None below the lowest one, and where nothing is decided."""
        if self.rungs:
            return self._rung()
        if not self.decided or any(item.judgement is not Judgement.MET for item in self.records):
            return None
        places = [self.order.index(item.reached or "") for item in self._graded]
        return self.order[min(places) if self.combine == "either" else max(places)]

    @property
    def _graded(self) -> list[Record]:
        """The records that give the grade: a floor that is one value gives none beside others."""
        return [item for item in self.records if item.reached] or list(self.records)

    @property
    def chosen(self) -> list[Bilingual]:
        """Of several metrics any of which may give the grade, those by which it is as good as it is."""
        if self.combine != "either" or self.grade is None:
            return []
        found = [item.indicator for item in self._graded if item.reached == self.grade]
        return found if len(found) < len(self._graded) else []

    @property
    def unseen(self) -> list[str]:
        """Better grades than the one reached whose figures nobody has seen: the item may be of one of them."""
        if self.rungs or self.grade is None:
            return []
        open_ = {
            level.level for item in self._graded for level in item.levels if level.judgement is Judgement.UNDECIDED
        }
        return [level for level in self._above if level in open_]

    @property
    def better(self) -> list[str]:
        """The grades above its own that are printed for it, the best first; all of them below the minimum."""
        if not self.decided:
            return []
        return [grade for grade in self._above if self.rungs or grade in self.printed]

    @property
    def printed(self) -> set[str]:
        """The grades that have a figure for it; a floor that is one value has no name."""
        return {level.level for item in self.records for level in item.levels if level.limit is not None}

    @property
    def _above(self) -> list[str]:
        return list(self.order[: self.order.index(self.grade)] if self.grade else self.order)

    def _rung(self) -> str | None:
        """The strictest rung that is met with all below it."""
        met = {item.verdict.rule.id for item in self.records if item.verdict and item.judgement is Judgement.MET}
        held = [all(name in met for name in self.rungs[place:]) for place in range(len(self.rungs))]
        return self.rungs[held.index(True)] if self.decided and True in held else None

    @property
    def state(self) -> str:
        """The grade, `below` or `undecided`."""
        return (self.grade or BELOW) if self.decided else UNDECIDED

    @property
    def compared(self) -> str | None:
        """The state by figures nobody has seen, where they were accepted and alone keep the item from being graded."""
        seen = [
            replace(item, verdict=replace(item.verdict, grade=Grade.REFERENCE)) for item in self.records if item.verdict
        ]
        supposed = replace(self, records=tuple(seen))
        return supposed.state if not self.decided and len(seen) == len(self.records) and supposed.decided else None

    @property
    def standing(self) -> Grade:
        """How far the comparison may go: as far as the weakest of its verdicts."""
        return min((item.grade for item in self.records), key=_GRADES.index) if self.decided else Grade.NONE

    @property
    def category(self) -> Bilingual:
        return next((item.category for item in self.records if item.category), {})

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "standard": self.standard or None,
            "method": self.method or None,
            "title": dict(self.title),
            "class": dict(self.category),
            "state": self.state,
            "grade": self.grade,
            "compared": self.compared,
            "comparison": str(self.standing),
            "combine": self.combine,
            "chosen": [dict(label) for label in self.chosen],
            "unseen_grades": self.unseen,
            "verdicts": [item.verdict.as_dict() for item in self.records if item.verdict],
            "findings": [item.as_dict(language) for item in self.findings],
        }


def _allowed(record: Record) -> tuple[LevelVerdict, ...]:
    """The levels of a record down to the one that is required."""
    names = [item.level for item in record.levels]
    required = record.verdict.required if record.verdict else ""
    return record.levels[: names.index(required) + 1] if required in names else record.levels


@dataclass(frozen=True)
class Saving:
    """What an item of one grade in its place would save in a year.

    `amount` is in `unit`; `coal` in tce; `carbon` in tCO2 and `money` in yuan where a factor and a price are given.
    """

    grade: str
    amount: float
    unit: str
    coal: float
    carbon: float | None = None
    money: float | None = None

    def as_dict(self) -> dict[str, Any]:
        names = ("grade", "amount", "unit", "coal", "carbon", "money")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Input:
    """A figure of the list that a saving was reckoned from."""

    label: Bilingual
    value: float
    unit: str


@dataclass(frozen=True)
class Item:
    """One row of the list. `made` is its month or year of manufacture; the savings go from the best grade down.

    `unit` is that of the savings its method reckons; empty where it reckons none. The row stands for `count` pieces
    that are alike: the savings are of all of them, the inputs of one.
    """

    name: str
    place: str
    made: str
    then: Graded
    now: Graded
    savings: tuple[Saving, ...] = ()
    inputs: tuple[Input, ...] = ()
    unit: str = ""
    findings: tuple[Finding, ...] = ()  # of its saving, beside those of the two grades
    questions: tuple[Finding, ...] = ()  # for a person: entries of lists of obsolete equipment that its model is like
    count: int = 1
    level: str = ""  # that its grade of today comes to: advanced, saving, access, `below`; empty where none is said

    @property
    def told(self) -> list[Finding]:
        """What is told of it by either edition, of its saving, and what is asked of its model, each once."""
        told = (*self.then.findings, *self.now.findings, *self.findings, *self.questions)
        return list({(found.code, found.message("en")): found for found in told}.values())

    @property
    def failed(self) -> bool:
        """Whether it is below a minimum, or not graded by the edition of today."""
        return BELOW in (self.then.state, self.now.state) or self.now.state == UNDECIDED

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "name": self.name,
            "place": self.place,
            "made": self.made or None,
            "count": self.count,
            "at_manufacture": self.then.as_dict(language),
            "today": self.now.as_dict(language),
            "level": self.level or None,
            "savings": [item.as_dict() for item in self.savings],
            "inputs": [
                {"label": dict(item.label), "value": item.value, "unit": item.unit} for item in self.inputs
            ],
            "findings": [item.as_dict(language) for item in self.findings],
            "questions": [item.as_dict(language) for item in self.questions],
        }  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What a saved kWh comes to, each with its source: kgce; kgCO2 and yuan where they are given."""

    coal: float
    coal_source: str
    grid: float | None = None
    grid_source: Bilingual = field(default_factory=dict)  # none: as entered
    price: float | None = None

    def saving(self, grade: str, amount: float, unit: str) -> Saving:
        """A saving with what it comes to; one in standard coal is of fuels, for which no factor and price are given."""
        if unit != "kWh":
            return Saving(grade, amount, unit, amount)
        carbon = None if self.grid is None else amount * self.grid / 1000
        return Saving(
            grade, amount, unit, amount * self.coal / 1000, carbon, None if self.price is None else amount * self.price
        )
