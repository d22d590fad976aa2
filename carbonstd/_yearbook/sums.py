"""A balance held against itself: signs that contradict a line, sums that do not add up, the difference recomputed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Table
from carbonstd._findings import Finding, finding
from carbonstd._number import shown

LAYOUT, DIRECTIONS = "statistics/energy-balance-layout", "statistics/energy-balance-directions"
_DIFFERENCE, _MOST_DIGITS = "balance_difference", 6
_BURNING, _MADE = ("thermal_power", "heating"), ("electricity", "heat")


@dataclass(frozen=True)
class Figure:
    """A figure of a balance in the printed unit, with the cell it stands in; `turned` where its sign was changed."""

    value: Fraction
    place: str
    turned: bool = False


Balance = dict[tuple[str, str], Figure]  # by line and energy


class Layout:
    """How lines add up, and the words for lines and energies."""

    def __init__(self, library: Library) -> None:
        self.table: Table = library.table(LAYOUT)
        self._directions: Table = library.table(DIRECTIONS)
        self.lines = {str(row.match["line"]): index for index, row in enumerate(self.table.rows)}
        self._lines, self._energies = library.vocabulary("balance_lines"), library.vocabulary("balance_columns")

    def part_of(self, line: str) -> str:
        return self.table.cell(self.lines[line], "part_of").text

    def number(self, line: str, column: str) -> Fraction | None:
        """The factor of a line; None where it is a sum of others."""
        return self.table.cell(self.lines[line], column).value

    def sign(self, line: str, energy: str) -> Fraction | None:
        """The sign of a figure: that of its line, or on a line of inputs and outputs that of the energy; else 0."""
        of_line = self.number(line, "sign")
        rows = self._directions.find((line, energy)) if of_line == 0 else []
        return self._directions.cell(rows[0], "sign").value if rows else of_line

    def is_open(self, line: str, energy: str) -> bool:
        """Whether an energy may be put into this conversion or come out of it."""
        return self.sign(line, energy) == 0 and bool(self._directions.find((line, energy)))

    def is_sum(self, line: str) -> bool:
        return self.number(line, "balance") is None

    def says(self, line: str) -> Bilingual:
        return self._lines.terms[line].names

    def energy(self, energy: str) -> Bilingual:
        return self._energies.terms[energy].names


def signed(balance: Balance, layout: Layout) -> tuple[Balance, list[Finding]]:
    """The balance with the signs of its lines and energies. What is printed without its minus is turned and told."""
    result, findings = dict(balance), []
    turned: dict[str, list[tuple[str, str]]] = defaultdict(list)  # by line, energy and place
    for (line, energy), item in balance.items():
        sign = layout.sign(line, energy)
        if not sign or item.value * sign >= 0 or (line in _BURNING and energy in _MADE):
            continue
        if sign > 0:
            values = {"line": layout.says(line), "energy": layout.energy(energy), "found": shown(item.value)}
            findings.append(finding("yearbook-sign", item.place, **values))
            continue
        turned[line].append((energy, item.place))
        result[line, energy] = Figure(-item.value, item.place, turned=True)
    for line, cells in turned.items():
        first = layout.energy(cells[0][0])
        findings.append(
            finding("yearbook-sign-turned", cells[0][1], line=layout.says(line), energy=first, count=len(cells))
        )
    if any(layout.part_of(line) == "conversion" for line in turned):
        findings += undecided(balance, layout)
    return result, findings


def undecided(balance: Balance, layout: Layout) -> Iterator[Finding]:
    """Of a yearbook that prints inputs without minus, the positive figures that may be input or output."""
    for (line, energy), item in balance.items():
        if item.value > 0 and layout.is_open(line, energy):
            values = {"line": layout.says(line), "energy": layout.energy(energy), "found": shown(item.value)}
            yield finding("yearbook-sign-open", item.place, **values)


def parents(lines: Sequence[str], layout: Layout) -> dict[str, str]:
    """The sum each line is added to: the nearest above it that it is part of, else the section it stands in."""
    found: dict[str, str] = {}
    section = ""
    for index, line in enumerate(lines):
        above = lines[:index]
        parent = layout.part_of(line)
        while parent and parent not in above:
            parent = layout.part_of(parent)
        if parent or layout.part_of(line):
            found[line] = parent or section
        if layout.is_sum(line) and not layout.part_of(line):
            section = line
    return found


def added_up(balance: Balance, lines: Sequence[str], layout: Layout) -> Iterator[Finding]:
    """Sums that their lines do not add up to, and sums with a figure whose lines have none."""
    above = parents(lines, layout)
    for energy in dict.fromkeys(energy for _, energy in balance):
        digits = _digits(balance, energy)
        for line in lines:
            total = balance.get((line, energy))
            parts = [
                balance[part, energy] for part, parent in above.items() if parent == line and (part, energy) in balance
            ]
            if total is None or line == "transport_losses" or not (parts or layout.is_sum(line)):
                continue
            values = {"line": layout.says(line), "energy": layout.energy(energy), "found": shown(total.value)}
            if not parts:
                if total.value and line != "total_consumption":
                    yield finding("yearbook-parts-missing", total.place, **values)
                continue
            apart = _apart(total.value, sum((part.value for part in parts), Fraction(0)), len(parts), digits)
            if apart:
                yield finding("yearbook-sum", total.place, **values, **apart)


def closed(balance: Balance, layout: Layout) -> Iterator[Finding]:
    """Differences that are printed and are not what the lines leave."""
    for (line, energy), item in balance.items():
        if line != _DIFFERENCE:
            continue
        terms = [
            figure.value * factor
            for (name, of), figure in leaves(balance, layout).items()
            if of == energy and name != _DIFFERENCE and (factor := layout.number(name, "balance"))
        ]
        apart = _apart(item.value, sum(terms, Fraction(0)), len(terms), _digits(balance, energy))
        if apart:
            values = {"energy": layout.energy(energy), "found": shown(item.value)}
            yield finding("yearbook-difference", item.place, **values, **apart)


def leaves(balance: Balance, layout: Layout) -> Balance:
    """The figures that are no sums of others; households as a whole only where their parts are not printed."""
    parts = {(layout.part_of(line), energy) for line, energy in balance}
    return {key: item for key, item in balance.items() if not layout.is_sum(key[0]) and key not in parts}


def _digits(balance: Balance, energy: str) -> int:
    """The decimals that a column is printed with."""
    values = [item.value for (_, of), item in balance.items() if of == energy]
    return next(
        (digits for digits in range(_MOST_DIGITS) if all((10**digits * v).denominator == 1 for v in values)),
        _MOST_DIGITS,
    )


def _apart(printed: Fraction, expected: Fraction, parts: int, digits: int) -> dict[str, str]:
    """What to tell of a printed figure that its parts do not give; nothing within what their rounding may leave."""
    gap, allowed = abs(printed - expected), Fraction(parts + 1, 2 * 10**digits)
    if gap <= allowed:
        return {}
    return {"expected": shown(expected), "gap": shown(gap), "allowed": shown(allowed)}
