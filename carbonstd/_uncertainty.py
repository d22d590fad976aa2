"""Uncertainty of a result: the 95 % interval of each total and line, and what it comes from.

Approach 1 propagates errors: U^2 = sum of (dy/dx U_x)^2 over all inputs (GUM 5.1.2; for products and sums it is IPCC
2006 vol. 1 ch. 3, equations 3.1 and 3.2). Derivatives are collected by input first, so a factor that stands in many
rows counts once, fully correlated. Approach 2 draws every input and runs the same trees (IPCC's Monte Carlo).

An input without a half-width counts as exact; each is listed with the share of the result that moves with it. A result
none of whose inputs has one gets no interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonstd._findings import Finding, Language, finding
from carbonstd._schema import Bilingual
from carbonstd._uncertainty_draws import Drawn, Simulation
from carbonstd._uncertainty_gradient import Derivatives, Floats, Gradient, Place
from carbonstd._uncertainty_inputs import Z95, Cells, Input, Inputs, SharedKey, read_inputs, shared_input, used_cells

if TYPE_CHECKING:
    from carbonstd._result import LineValue, Result

GENERATOR = "numpy PCG64"
_LISTED = 10
_LARGE = 0.30  # IPCC 2006 vol. 1 ch. 3: approach 1 is for standard deviations below 30 % of the mean; stricter here
_CLAUSE = "IPCC 2006 vol. 1 ch. 3"
_OFF_CENTRE = 0.05
_DRAWN_CELLS = 500  # cells drawn one by one; of more, the smaller ones are drawn together
_FAILED = 0.001  # draws without a figure that deserve a warning


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
    """A total or line with its intervals; None where no input has a half-width, or nothing was drawn."""

    id: str
    label: Bilingual
    value: float
    unit: str
    total: bool
    approach_1: Interval | None
    approach_2: Interval | None
    contributors: tuple[Contributor, ...]
    without: tuple[Bare, ...]

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label[language],
            "value": self.value,
            "unit": self.unit,
            "approach_1": self.approach_1.as_dict() if self.approach_1 else None,
            "approach_2": self.approach_2.as_dict() if self.approach_2 else None,
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
            "primary": self.primary.id,
            "draws": self.draws,
            "seed": self.seed,
            "generator": GENERATOR if self.draws else None,
            "figures": [item.as_dict(language) for item in self.figures.values()],
            "findings": [item.as_dict(language) for item in self.findings],
        }


def uncertainty(result: Result, draws: int = 0, seed: int = 0) -> Uncertainty:
    """The uncertainty of every total and line of a result; approach 2 with `draws` above 0. Raises CaseError."""
    return _Analysis(result).run(draws, seed)


class _Analysis:
    def __init__(self, result: Result) -> None:
        self.result, self._run = result, result._run
        self.inputs = read_inputs(self._run)
        self.derivatives = Derivatives(self._run)
        self.lines: list[LineValue] = [*result.total_lines, *result.lines]
        by_equation = {item.line.equation: self.derivatives.of(item.line.equation) for item in self.lines}
        self.gradients = [by_equation[item.line.equation] for item in self.lines]

    def run(self, draws: int, seed: int) -> Uncertainty:
        parts = [_Parts(self.inputs, gradient) for gradient in self.gradients]
        drawn, findings = self._draw(parts, draws, seed) if draws else ([None] * len(parts), [])
        figures = {
            item.line.id: self._figure(item, part, approach_2)
            for item, part, approach_2 in zip(self.lines, parts, drawn, strict=True)
        }
        primary = figures[self.result.method.primary.id]
        findings = [*self._warnings(parts), *findings]
        return Uncertainty(figures, primary, draws, seed if draws else None, findings)

    def _figure(self, item: LineValue, part: _Parts, approach_2: Interval | None) -> Figure:
        half = math.sqrt(part.square)
        approach_1 = Interval(item.value - half, item.value + half, item.value, item.value) if part.square else None
        contributors, without = tuple(part.largest(_LISTED)), tuple(part.bare(item.value))
        is_total = item.line.total
        return Figure(
            item.line.id,
            item.line.label,
            item.value,
            item.unit,
            is_total,
            approach_1,
            approach_2,
            contributors,
            without,
        )

    # Approach 2

    def _draw(self, parts: Sequence[_Parts], draws: int, seed: int) -> tuple[list[Interval | None], list[Finding]]:
        generator = np.random.default_rng(seed)
        used = used_cells(self._run)
        shared = [key for key, item in self.inputs.shared.items() if item.half_width and key in used]
        chosen = self._chosen(parts)
        numbers = {key: number for number, key in enumerate(shared)}
        columns = {place: np.full(len(rows), -1, dtype=np.int64) for place, rows in chosen.items()}
        items = [self.inputs.shared[key] for key in shared]
        for place, rows in chosen.items():
            at = np.flatnonzero(rows)
            columns[place][at] = np.arange(len(items), len(items) + len(at))
            items += [self.inputs.cell(place, int(row)) for row in at]
        values = np.empty((draws + 1, len(items)))
        for number, item in enumerate(items):
            values[0, number] = item.value
            values[1:, number] = item.draw(draws, generator)
        simulation = Simulation(self._run, Drawn(numbers, columns))
        totals = simulation.totals([item.line.equation for item in self.lines], values)[1:]
        totals = totals + self._together(parts, chosen, draws, generator)
        intervals, failed = [], 0
        for line, part, column in zip(self.lines, parts, totals.T, strict=True):
            good = column[np.isfinite(column)]
            failed = max(failed, len(column) - len(good))
            low, high = np.quantile(good, [0.025, 0.975]) if len(good) else (math.nan, math.nan)
            usable = bool(part.square or np.ptp(good) > 0) if len(good) else False
            mean = float(good.mean()) if usable else math.nan
            intervals.append(Interval(float(low), float(high), line.value, mean) if usable else None)
        findings = [finding("uncertainty-draws-failed", count=failed, draws=draws)] if failed > _FAILED * draws else []
        return intervals, [*findings, *self._off_centre(items)]

    def _chosen(self, parts: Sequence[_Parts]) -> dict[Place, np.ndarray[Any, np.dtype[np.bool_]]]:
        """The cells drawn one by one: all, or those with the largest shares of some figure's variance.

        All means also those without a share: a product with an uncertain zero has no derivative there, but a spread.
        """
        given = {place: np.nan_to_num(cells.half_width) > 0 for place, cells in self.inputs.columns.items()}
        if sum(int(rows.sum()) for rows in given.values()) <= _DRAWN_CELLS:
            return given
        weights: dict[Place, Floats] = {}
        for part in parts:
            for place, squares in part.columns.items():
                share = squares / part.square if part.square else squares
                weights[place] = np.maximum(weights[place], share) if place in weights else share
        everything = np.concatenate([*weights.values(), np.zeros(_DRAWN_CELLS)])
        least = np.partition(everything, -_DRAWN_CELLS)[-_DRAWN_CELLS]
        return {place: (share > 0) & (share >= least) for place, share in weights.items()}

    def _together(
        self, parts: Sequence[_Parts], chosen: Mapping[Place, Any], draws: int, generator: np.random.Generator
    ) -> Floats:
        """The joint effect of all other cells: many small independent errors add up to a normal one.

        Its variances and covariances between figures are those of approach 1.
        """
        covariance = np.zeros((len(parts), len(parts)))
        for place, rows in chosen.items():
            cells = self.inputs.columns[place]
            deviation = np.where(rows | np.isnan(cells.below), 0.0, (cells.below + cells.above) / 2 / Z95)
            if deviation.any():
                none = np.zeros(len(deviation))
                effects = np.stack([part.gradient.columns.get(place, none) * deviation for part in parts])
                covariance += effects @ effects.T
        if not covariance.any():
            return np.zeros((draws, len(parts)))
        sizes, vectors = np.linalg.eigh(covariance)
        return np.asarray(
            generator.standard_normal((draws, len(parts))) @ (vectors * np.sqrt(np.maximum(sizes, 0.0))).T
        )

    # Findings

    def _warnings(self, parts: Sequence[_Parts]) -> Iterator[Finding]:
        if not any(part.square for part in parts):
            yield finding("uncertainty-none", self.result.method.id)
            return
        for name in sorted(self.derivatives.skipped):
            yield finding("uncertainty-model-large", name)
        for key, item in self.inputs.shared.items():
            if item.relative > _LARGE and any(part.squares.get(key) for part in parts):
                yield finding(
                    "uncertainty-large", item.place, _CLAUSE, name=item.name, count=1, relative=_percent(item.relative)
                )
        for place, cells in self.inputs.columns.items():
            with np.errstate(divide="ignore", invalid="ignore"):
                relative = cells.half_width / np.abs(cells.values)
            counted = np.zeros(len(relative), dtype=bool)
            for part in parts:
                counted |= part.columns.get(place, np.zeros(len(relative))) > 0
            large = np.flatnonzero(counted & (relative > _LARGE))
            if len(large):
                first = self.inputs.cell(place, int(large[np.argmax(relative[large])]))
                values = {"name": first.name, "count": len(large), "relative": _percent(first.relative)}
                yield finding("uncertainty-large", first.place, _CLAUSE, **values)

    def _off_centre(self, items: Sequence[Input]) -> Iterator[Finding]:
        for item in items:
            if item.value and abs(item.median / item.value - 1) > _OFF_CENTRE:
                values = {"name": item.name, "median": f"{item.median:.4g}", "value": f"{item.value:.4g}"}
                yield finding("uncertainty-median", item.place, **values, unit=item.unit)


class _Parts:
    """What each input adds to the square of a figure's half-width."""

    def __init__(self, inputs: Inputs, gradient: Gradient) -> None:
        self.inputs, self.gradient, self.run = inputs, gradient, inputs.run
        slopes: list[tuple[SharedKey, float]] = [*gradient.cells.items(), *gradient.constants.items()]
        self.slopes = dict(slopes)
        self.squares = {
            key: (slope * inputs.shared[key].half_width) ** 2
            for key, slope in self.slopes.items()
            if key in inputs.shared
        }
        self.columns = {
            place: np.nan_to_num((slopes * inputs.columns[place].half_width) ** 2)
            for place, slopes in gradient.columns.items()
            if place in inputs.columns
        }
        self.square = sum(self.squares.values()) + sum(float(item.sum()) for item in self.columns.values())

    def largest(self, count: int) -> list[Contributor]:
        if not self.square:
            return []
        found = [
            Contributor(self.inputs.shared[key], self.slopes[key], square / self.square)
            for key, square in self.squares.items()
            if square
        ]
        for place, squares in self.columns.items():
            top = np.argsort(-squares, kind="stable")[:count]
            found += [
                Contributor(
                    self.inputs.cell(place, int(row)),
                    float(self.gradient.columns[place][row]),
                    float(squares[row] / self.square),
                )
                for row in top
                if squares[row]
            ]
        return sorted(found, key=lambda item: -item.share)[:count]

    def bare(self, value: float) -> list[Bare]:
        """The inputs without a half-width, by the share of the figure that moves with them."""
        found = [*self._bare_shared(value), *self._bare_columns(value)]
        return sorted((item for item in found if item.share > 0), key=lambda item: -item.share)

    def _bare_shared(self, value: float) -> Iterator[Bare]:
        for key, slope in self.slopes.items():
            if self.squares.get(key):
                continue
            item = shared_input(self.run, key)
            yield Bare(item.name, item.place, 1, _share(slope * item.value, value))

    def _bare_columns(self, value: float) -> Iterator[Bare]:
        for place, slopes in self.gradient.columns.items():
            data = self.run.ledger[place[0]]
            if place[1] not in data.numbers:
                continue
            cells: Cells | None = self.inputs.columns.get(place)
            effect = slopes * np.nan_to_num(data.numbers[place[1]])
            effect = effect if cells is None else np.where(np.isnan(cells.below), effect, 0.0)
            rows = np.flatnonzero(effect)
            if len(rows):
                column = data.sheet.columns[place[1]]
                name = {
                    language: f"{column.label.get(language, '')} · {data.sheet.label.get(language, '')}"
                    for language in ("zh", "en")
                }
                where = data.place(place[1], int(rows[0])) if len(rows) == 1 else f"{place[0]}.{place[1]}"
                yield Bare(name, where, len(rows), _share(float(np.abs(effect).sum()), value))


def _share(effect: float, value: float) -> float:
    return abs(effect / value) if value else 0.0


def _percent(share: float) -> str:
    return f"{share:.0%}" if math.isfinite(share) else "∞"
