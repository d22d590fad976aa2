"""The uncertainty of a result as data: intervals, the inputs they come from, and the inputs that have none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Language
from carbonstd._uncertainty.input import Z95, Input

GENERATOR = "numpy PCG64"


@dataclass(frozen=True)
class Interval:
    """A 95 % interval. `relative` is half its width over the size of the value; None where the value is 0."""

    low: float
    high: float
    value: float
    mean: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    @property
    def relative(self) -> float | None:
        return self.half_width / abs(self.value) if self.value else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "half_width": self.half_width,
            "relative": self.relative,
            "mean": self.mean,
        }


@dataclass(frozen=True)
class Contributor:
    """An uncertain input and its share of the variance."""

    input: Input
    sensitivity: float
    share: float

    def as_dict(self, language: Language) -> dict[str, Any]:
        item = self.input
        return {
            "name": item.name[language],
            "place": item.place,
            "value": item.value,
            "unit": item.unit,
            "below": item.below,
            "above": item.above,
            "relative": item.relative if math.isfinite(item.relative) else None,
            "distribution": item.distribution,
            "shared": item.shared,
            "sensitivity": self.sensitivity,
            "share": self.share,
        }


@dataclass(frozen=True)
class Source:
    """Where variance comes from: a table cell or constant, or all uncertain cells of a column (`count` of them).

    `relative` is the largest half-width among them as a share of its value.
    """

    name: Bilingual
    place: str
    count: int
    relative: float
    shared: bool
    share: float

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "name": self.name[language],
            "place": self.place,
            "count": self.count,
            "relative": self.relative if math.isfinite(self.relative) else None,
            "shared": self.shared,
            "share": self.share,
        }


@dataclass(frozen=True)
class Bare:
    """Inputs that count as exact because nobody gave a half-width: a table cell, a constant, or cells of a column.

    `share` is the share of the result that moves with them: 1 % more of each gives `share` x 1 % more.
    """

    name: Bilingual
    place: str
    count: int
    share: float

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {"name": self.name[language], "place": self.place, "count": self.count, "share": self.share}


@dataclass(frozen=True)
class Figure:
    """A total or line with its intervals; None where no input has a half-width, or nothing was drawn.

    `sources` tell where the variance comes from, column by column; `contributors` are the largest single inputs.
    """

    id: str
    label: Bilingual
    value: float
    unit: str
    approach_1: Interval | None
    approach_2: Interval | None
    sources: tuple[Source, ...]
    contributors: tuple[Contributor, ...]
    without: tuple[Bare, ...]

    @property
    def interval(self) -> Interval | None:
        """The interval to show where there is room for one: that of the draws, if anything was drawn."""
        return self.approach_2 or self.approach_1

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label[language],
            "value": self.value,
            "unit": self.unit,
            "approach_1": self.approach_1.as_dict() if self.approach_1 else None,
            "approach_2": self.approach_2.as_dict() if self.approach_2 else None,
            "sources": [item.as_dict(language) for item in self.sources],
            "contributors": [item.as_dict(language) for item in self.contributors],
            "without_interval": [item.as_dict(language) for item in self.without],
        }


@dataclass(frozen=True)
class Uncertainty:
    """The uncertainty of a result. `figures` maps ids of totals and lines; the same seed gives the same draws."""

    figures: Mapping[str, Figure]
    primary: Figure
    draws: int
    seed: int | None
    findings: list[Finding] = field(default_factory=list)

    def as_dict(self, language: Language = "en") -> dict[str, Any]:
        return {
            "level": 0.95,
            "coverage_factor": Z95,
            "primary": self.primary.id,
            "draws": self.draws,
            "seed": self.seed,
            "generator": GENERATOR if self.draws else None,
            "figures": [item.as_dict(language) for item in self.figures.values()],
            "findings": [item.as_dict(language) for item in self.findings],
        }

    def __repr__(self) -> str:
        held = self.primary.interval
        ends = f"{held.low:,.10g} to {held.high:,.10g} {self.primary.unit}" if held else "no interval"
        return f"<Uncertainty {self.primary.id}: {ends}>"

    def _repr_html_(self) -> str:
        from carbonstd._result.display import uncertainty_html

        return uncertainty_html(self)
