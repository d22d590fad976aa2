"""Uncertainty of a result: the 95 % interval of each total and line, and what it comes from.

Approach 1 propagates errors: U^2 = sum of (dy/dx U_x)^2 over all inputs (GUM 5.1.2; for products and sums it is IPCC
2006 vol. 1 ch. 3, equations 3.1 and 3.2). Derivatives are collected by input first, so a factor that stands in many
rows counts once, fully correlated. Cells of a sheet are independent of each other, two months of one meter too.
Approach 2 draws every input and runs the same trees (IPCC's Monte Carlo).

An input without a half-width counts as exact; each is listed with the share of the result that moves with it. A result
none of whose inputs has one gets no interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, finding
from carbonstd._uncertainty.draws import Drawn, Simulation
from carbonstd._uncertainty.gradient import Derivatives, Gradient
from carbonstd._uncertainty.input import Input
from carbonstd._uncertainty.inputs import Cells, Inputs, SharedKey, read_inputs, used_cells
from carbonstd._uncertainty.places import Floats, Place
from carbonstd._uncertainty.result import Bare, Contributor, Figure, Interval, Source, Uncertainty

if TYPE_CHECKING:
    from carbonstd._result.line_value import LineValue
    from carbonstd._result.result import Result

_LISTED = 10
_LARGE = 0.30  # IPCC 2006 vol. 1 ch. 3: approach 1 is for standard deviations below 30 % of the mean; stricter here
_CLAUSE = "IPCC 2006 vol. 1 ch. 3"
_OFF_CENTRE = 0.05
_DRAWN_CELLS = 500  # cells drawn one by one; of more, the smaller ones are drawn together
_FAILED = 0.001  # draws without a figure that deserve a warning


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
        primary = figures[self.result.primary_line.id]
        findings = [*self._warnings(parts), *findings]
        return Uncertainty(figures, primary, draws, seed if draws else None, findings)

    def _figure(self, item: LineValue, part: _Parts, approach_2: Interval | None) -> Figure:
        half = math.sqrt(part.square)
        approach_1 = Interval(item.value - half, item.value + half, item.value, item.value) if part.square else None
        listed = tuple(part.sources()), tuple(part.largest(_LISTED)), tuple(part.bare(item.value))
        return Figure(item.line.id, item.line.label, item.value, item.unit, approach_1, approach_2, *listed)

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
            deviation = np.where(rows | np.isnan(cells.below), 0.0, cells.deviation)
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

    def sources(self) -> list[Source]:
        """What the variance comes from, largest first: table cells and constants one by one, cells by their column."""
        if not self.square:
            return []
        found = [
            Source(item.name, item.place, 1, item.relative, True, square / self.square)
            for key, square in self.squares.items()
            if square and (item := self.inputs.shared[key])
        ]
        found += [self._source(place, squares) for place, squares in self.columns.items() if squares.any()]
        return sorted(found, key=lambda item: -item.share)

    def _source(self, place: Place, squares: Floats) -> Source:
        rows, share = np.flatnonzero(squares), float(squares.sum() / self.square)
        if len(rows) == 1:
            cell = self.inputs.cell(place, int(rows[0]))
            return Source(cell.name, cell.place, 1, cell.relative, False, share)
        held = self.inputs.columns[place]
        with np.errstate(divide="ignore"):
            relative = float(np.max(held.half_width[rows] / np.abs(held.values[rows])))
        return Source(self._column_name(place), f"{place[0]}.{place[1]}", len(rows), relative, False, share)

    def _column_name(self, place: Place) -> Bilingual:
        sheet = self.run.ledger[place[0]].sheet
        labels = (sheet.columns[place[1]].label, sheet.label)
        return {language: " · ".join(label.get(language, "") for label in labels) for language in ("zh", "en")}

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
            item = self.inputs.one(key)
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
                name = self._column_name(place)
                where = data.place(place[1], int(rows[0])) if len(rows) == 1 else f"{place[0]}.{place[1]}"
                yield Bare(name, where, len(rows), _share(float(np.abs(effect).sum()), value))


def _share(effect: float, value: float) -> float:
    return abs(effect / value) if value else 0.0


def _percent(share: float) -> str:
    return f"{share:.0%}" if math.isfinite(share) else "∞"
