"""What a check of limits found: a record for each indicator of each plant, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonstd import __version__
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Language
from carbonstd._limits.derivation import Derived
from carbonstd._result.verdict import Grade, Judgement, LevelVerdict, Verdict, exact_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BESIDE = ("following", "supposed")


@dataclass(frozen=True)
class Record:
    """What one indicator of one plant reaches. Without a verdict it is undecided, and its findings say why.

    `editions` are the answers of each edition where they decide together; `following` is that of the next edition.
    `derivation` is filled where it is asked for.
    """

    plant: str
    place: str
    period: str = ""
    standard: str = ""
    method: str = ""
    title: Bilingual = field(default_factory=dict)
    category: Bilingual = field(default_factory=dict)
    printed: Mapping[str, Fraction] = field(default_factory=dict)  # limits of the table by level, before corrections
    verdict: Verdict | None = None
    open: bool = False  # undecided although the edition gave a verdict
    findings: tuple[Finding, ...] = ()
    editions: tuple[Record, ...] = ()
    following: Record | None = None
    supposed: Record | None = None  # what the plant would reach if what is supposed of it held
    derivation: tuple[Derived, ...] = ()
    case_path: str = ""
    inferred: tuple[str, ...] = ()  # tables looked up whose figures were derived and not seen in the text
    traced: str = ""  # what `carbonstd trace` follows to the derivation of the limit

    @property
    def judgement(self) -> Judgement:
        """Undecided too where the limit or a correction was never seen, or the level that is required has no limit."""
        if self.verdict is None or self.open or self.dash:
            return Judgement.UNDECIDED
        groundless = self.verdict.grade is Grade.NONE and self.verdict.judgement is not Judgement.NO_LEVEL
        return Judgement.UNDECIDED if groundless else self.verdict.judgement

    @property
    def beside(self) -> dict[str, Record]:
        """Answers to other questions than that of the record: by the next edition, and by what is supposed."""
        return {name: item for name in BESIDE if (item := getattr(self, name)) is not None}

    @property
    def compared(self) -> bool:
        """Whether a figure stands beside a limit: also where no judgement is given, for what either rests on."""
        decided = self.judgement is not Judgement.UNDECIDED
        return decided or (self.decisive is not None and self.decisive.limit is not None)

    @property
    def dash(self) -> bool:
        """Whether the standard gives no value for the level that is required."""
        return bool(self.verdict and self.verdict.required and self.verdict.judgement is Judgement.NO_LEVEL)

    @property
    def grade(self) -> Grade:
        """That of the verdict; what is not judged has none."""
        if self.verdict is None or self.judgement is Judgement.UNDECIDED:
            return Grade.NONE
        return self.verdict.grade

    @property
    def failed(self) -> bool:
        """Whether a limit that binds is not met, or nothing is decided."""
        advisory = self.verdict is not None and self.verdict.rule.advisory
        return self.judgement is Judgement.UNDECIDED or (self.judgement is Judgement.NOT_MET and not advisory)

    @property
    def levels(self) -> tuple[LevelVerdict, ...]:
        return self.verdict.levels if self.verdict and not self.open else ()

    @property
    def reached(self) -> str | None:
        """The level reached; None where none is, or nothing is decided."""
        if self.verdict is None or self.judgement is Judgement.UNDECIDED or self.verdict.reached is None:
            return None
        return self.verdict.reached.level

    @property
    def rank(self) -> int | None:
        """How many levels stricter than the required one is reached (below 0: easier); None where none is.

        So levels of editions with other names and numbers of levels compare: a single limit is met, or not.
        """
        order = [item.level for item in self.levels]
        if self.reached is None or self.verdict is None:
            return None
        required = self.verdict.required
        return (order.index(required) if required in order else len(order) - 1) - order.index(self.reached)

    @property
    def indicator(self) -> Bilingual:
        return self.verdict.rule.label if self.verdict else {}

    @property
    def decisive(self) -> LevelVerdict | None:
        return self.verdict.decisive if self.verdict and not self.open else None

    def corrected(self, level: LevelVerdict | None) -> Fraction | None:
        """The limit of a level as the table prints it, where corrections moved it; else None."""
        found = self.printed.get(level.level) if level else None
        return found if level and found is not None and found != level.limit else None

    def as_dict(self, language: Any = "en") -> dict[str, Any]:
        held = self.verdict.as_dict() if self.verdict else {}
        levels = [
            item.as_dict()
            | {"percent": _float(percent(item)), "percent_exact": _exact(percent(item))}
            | {"printed": _float(self.printed.get(item.level)), "corrected": self.corrected(item) is not None}
            for item in self.levels
        ]
        nested = [item.as_dict(language) for item in self.editions]
        return {
            "plant": self.plant,
            "place": self.place,
            "standard": self.standard or None,
            "method": self.method or None,
            "title": dict(self.title),
            "period": self.period or None,
            "class": dict(self.category),
            "indicator": held.get("id"),
            "label": held.get("label", {}),
            "value": held.get("value"),
            "value_exact": held.get("value_exact"),
            "unit": held.get("unit"),
            "sense": held.get("sense"),
            "judgement": str(self.judgement),
            "grade": str(self.grade),
            "reached": self.reached,
            "required": held.get("required"),
            "levels": levels,
            "clause": held.get("clause"),
            "findings": [item.as_dict(language) for item in self.findings],
            "editions": nested,
            "next": self.following.as_dict(language) if self.following else None,
            "what_if": self.supposed.as_dict(language) if self.supposed else None,
            "own_limit_reason": self.verdict.own_reason or None if self.verdict else None,
            "derivation": [item.as_dict() for item in self.derivation],
        }


@dataclass(frozen=True)
class Check:
    """All records, worst first; what holds for the whole table; and what the verdicts rest on."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    evidence: Counter[str]
    unseen: tuple[str, ...]
    what_if: str = ""  # what is supposed, as typed

    @property
    def failed(self) -> bool:
        return any(item.failed for item in self.records)

    @property
    def beside(self) -> list[str]:
        """The answers that some record has beside its own."""
        return [name for name in BESIDE if any(getattr(item, name) for item in self.records)]

    @property
    def plants(self) -> int:
        return len({item.place for item in self.records})

    def frame(self, language: Language = "en") -> pd.DataFrame:
        """The records as a DataFrame, worst first: a row an indicator of a plant, figures as floats."""
        from carbonstd._task_frames import check_frame

        return check_frame(self, language)

    def plot(self, language: Language = "en", ax: Axes | None = None) -> Axes:
        """How many plants reach which level, by standard and indicator, drawn with matplotlib."""
        from carbonstd._charts.as_plot import draw
        from carbonstd._limits.report import levels_chart

        return draw(levels_chart(self), language, ax)

    def __repr__(self) -> str:
        counted = ", ".join(f"{judgement} {count}" for judgement, count in self.by_judgement().items())
        return f"<Check {self.plants} plants, {len(self.records)} comparisons: {counted}>"

    def _repr_html_(self) -> str:
        from carbonstd._task_frames import check_html

        return check_html(self)

    def by_judgement(self) -> Counter[Judgement]:
        return Counter(item.judgement for item in self.records)

    def by_level(self) -> dict[tuple[str, str], Counter[str | None]]:
        """How many plants reach which level, for each standard and indicator; `undecided` where nothing is decided."""
        found: dict[tuple[str, str], Counter[str | None]] = {}
        for item in self.records:
            if item.verdict is not None or item.standard:
                group = found.setdefault((item.standard, item.verdict.rule.id if item.verdict else ""), Counter())
                group["undecided" if item.judgement is Judgement.UNDECIDED else item.reached] += 1
        return found

    def as_dict(self, language: Any = "en") -> dict[str, Any]:
        return {
            "schema": 1,
            "engine": __version__,
            "plants": self.plants,
            "what_if": self.what_if or None,
            "counts": {
                "judgement": {str(name): count for name, count in self.by_judgement().items()},
                "level": [
                    {"standard": standard, "indicator": indicator or None, "reached": _none(counts)}
                    for (standard, indicator), counts in self.by_level().items()
                ],
            },
            "records": [item.as_dict(language) for item in self.records],
            "findings": [item.as_dict(language) for item in self.findings],
            "evidence": dict(self.evidence),
            "unseen": list(self.unseen),
        }


def percent(level: LevelVerdict | None) -> Fraction | None:
    """The distance to a level in per cent of its limit; None where there is no limit, or it is zero."""
    if level is None or level.distance is None or not level.limit:
        return None
    return level.distance * 100 / abs(level.limit)


def _none(counts: Counter[str | None]) -> dict[str, int]:
    return {"none" if level is None else level or "limit": count for level, count in counts.items()}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
