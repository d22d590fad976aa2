"""Which methods are a plant's own: what documents ask of its industry, its size and a year.

The rules are data (`factors/decisions/obligation`): a row names industries by code, years, a threshold and families of
methods. A threshold binds from its figure on. The energy figure a notice prints beside its emissions is only about the
same, and a list is decided by the emissions of another year than its own, so either gives no more than a likely answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fnmatch import fnmatch
from fractions import Fraction

from carbonstd._case.cells import number_in
from carbonstd._definitions.document import Period
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Band, Row, Table
from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._industry import covers, meets
from carbonstd._units import Unit, convertible, unit

_RULES, _ENERGY_USERS = "decisions/obligation", "control/key-energy-users"
EMISSIONS: tuple[Unit, ...] = (unit("tCO2e/a"), unit("tCO2/a"), unit("t/a"))  # all meant as tCO2e
ENERGY: tuple[Unit, ...] = (unit("tce/a"),)
_IN_WORDS: dict[str, Bilingual] = {
    "--emissions": {"zh": "吨二氧化碳当量（t、tCO2、tCO2e）", "en": "tonnes of CO2 equivalent (t, tCO2, tCO2e)"},
    "--energy": {"zh": "吨标准煤（tce）", "en": "tonnes of coal equivalent (tce)"},
}


class State(StrEnum):
    """What a rule says of a plant, the firmest first."""

    ASKED = "asked"  # threshold reached, and nothing else is asked
    ASKED_IF = "asked_if"  # threshold reached; the rule has a condition that code and size do not tell
    LIKELY = "likely"  # by energy, or by emissions of another year than those that decide
    OPEN = "open"  # the quantity its threshold is about was not given
    FREE = "free"  # it has no threshold
    UNLIKELY = "unlikely"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Size:
    """A plant's size in a year: emissions in tCO2e and energy in tce; None where not given."""

    year: int
    emissions: Fraction | None = None
    energy: Fraction | None = None


@dataclass(frozen=True)
class Rule:
    """A row of the decisions: thresholds in tCO2e and tce a year, None where it has none."""

    obligation: str
    label: Bilingual
    industries: tuple[str, ...]
    years: str
    methods: tuple[str, ...]
    named: str  # `document` or `inferred`: what says that these methods are meant
    listed: bool  # it asks those on a list, which emissions of `decided_by` decide (None: unseen); else the size itself
    decided_by: int | None
    emissions: Fraction | None
    counted: str  # `direct` or `total`
    energy: Fraction | None
    condition: Bilingual | None
    document: str
    clause: str
    evidence: str
    source: Bilingual

    def state(self, size: Size, industry: str) -> State:
        """What it says of a plant; a group of industries is no answer for a class of it."""
        if self.emissions is None:
            return State.FREE
        if size.emissions is not None:
            reached = size.emissions >= self.emissions
            if self.listed and self.decided_by != size.year:
                return State.LIKELY if reached else State.UNLIKELY
            if not reached:
                return State.NOT_ASKED
            whole = not self.industries or covers(industry, self.industries)
            return State.ASKED if whole and self.condition is None else State.ASKED_IF
        if size.energy is None or self.energy is None:
            return State.OPEN
        return State.LIKELY if size.energy >= self.energy else State.UNLIKELY


@dataclass(frozen=True)
class Own:
    """A family of methods, by the edition of the year, and what each rule says of it, the firmest first."""

    header: Header
    told: tuple[tuple[State, Rule], ...]

    @property
    def state(self) -> State | None:
        """The firmest of what is said of it; None where no document was seen that asks for it in that year."""
        return self.told[0][0] if self.told else None


@dataclass(frozen=True)
class EnergyUser:
    """A level of key energy users and whether the plant reaches it."""

    label: Bilingual
    energy: Fraction
    reached: bool
    document: str
    clause: str
    evidence: str


def size(emissions: str | None, energy: str | None, year: int | None, library: Library) -> Size:
    """What is typed as `30000 tCO2e` (or t, tCO2, 万吨) and `12000 tce`. Raises CaseError with every slip.

    Without a year it is the newest whose emissions are known to decide a list.
    """
    typed = (("--emissions", emissions, EMISSIONS), ("--energy", energy, ENERGY))
    read = {option: _quantity(text, targets) for option, text, targets in typed if text is not None}
    slips = [
        finding("size-unreadable", option, found=text, unit=_IN_WORDS[option])
        for option, text, _ in typed
        if option in read and read[option] is None
    ]
    if slips:
        raise CaseError(findings=slips)
    table = library.table(_RULES)
    deciding = (table.cell(row, "decided_by").value for row in range(len(table.rows)))
    newest = max(value for value in deciding if value is not None)
    return Size(year or int(newest), read.get("--emissions"), read.get("--energy"))


def _quantity(text: str, targets: Sequence[Unit]) -> Fraction | None:
    """A quantity of a year, typed with or without saying so, in a unit that one of `targets` takes."""
    read = number_in(text)
    if read is None or read[2] < 0 or not read[1]:
        return None
    typed = (f"{read[1]}/a", read[1])
    factors = (convertible(name, target) for target in targets for name in typed)
    factor = next((factor for factor in factors if factor is not None), None)
    return None if factor is None else read[2] * factor


def own_methods(headers: Sequence[Header], industry: str, plant: Size, library: Library) -> list[Own]:
    """The families among `headers`, those a plant is asked for first. `industry` is a code of two to four digits."""
    rules = [rule for rule in _rules(library.table(_RULES), plant.year) if _concerns(rule, industry)]
    period = Period(date(plant.year, 1, 1), date(plant.year, 12, 31))
    found = []
    for family in dict.fromkeys(header.family for header in headers):
        named = (rule for rule in rules if any(fnmatch(family, pattern) for pattern in rule.methods))
        told = sorted(((rule.state(plant, industry), rule) for rule in named), key=lambda item: _rank(item[0]))
        found.append(Own(library.find(family, library.method_headers, period), tuple(told)))
    return sorted(found, key=lambda item: _rank(item.state))


def energy_users(plant: Size, library: Library) -> list[EnergyUser]:
    """The levels of key energy users, whatever the industry; none where no energy is given."""
    table = library.table(_ENERGY_USERS)
    terms = library.key_vocabulary(table.keys["user"])
    found = []
    for index, row in enumerate(table.rows):
        cell = table.cell(index, "energy_from")
        if plant.energy is None or cell.value is None or terms is None:
            continue
        term = terms.terms[str(row.match["user"])]
        label, reached = term.names, plant.energy >= cell.value
        found.append(EnergyUser(label, cell.value, reached, table.document.number, table.clause, cell.evidence))
    return found


def _rank(state: State | None) -> int:
    return len(State) if state is None else list(State).index(state)


def _concerns(rule: Rule, industry: str) -> bool:
    return not rule.industries or meets(industry, rule.industries)


def _rules(table: Table, year: int) -> Iterator[Rule]:
    terms = table.keys["obligation"].terms
    for index, row in enumerate(table.rows):
        decided = table.cell(index, "decided_by")
        decided_by = None if decided.value is None else int(decided.value)
        if terms is None or not (_in_year(row, year) or decided_by == year):
            continue
        text = {name: table.cell(index, name).text for name, column in table.columns.items() if column.text}
        term = terms.terms[str(row.match["obligation"])]
        codes = row.match.get("industry", ())
        none = text["condition_zh"] == "none"
        figure = table.cell(index, "emissions")
        yield Rule(
            term.key, term.names, codes if isinstance(codes, tuple) else (str(codes),),
            _years(row), tuple(text["methods"].split()), text["named"], not decided.none, decided_by,
            figure.value, text["counted"], table.cell(index, "energy").value,
            None if none else {"zh": text["condition_zh"], "en": text["condition_en"]},
            text["document"], text["clause"], figure.evidence, figure.source,
        )  # fmt: skip


def _years(row: Row) -> str:
    """Its years as a reader writes them: 2024–2026, 2027 or ≥2025."""
    span = row.match.get("year")
    if not isinstance(span, Band) or span.from_ is None or span.below is None:
        return str(span or "")
    first, last = int(span.from_), int(span.below) - 1
    return str(first) if first == last else f"{first}–{last}"


def _in_year(row: Row, year: int) -> bool:
    span = row.match.get("year")
    return span is None or (not isinstance(span, str | tuple) and span.holds(Fraction(year)))
