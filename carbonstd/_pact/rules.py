"""What PACT specifications and methodology ask of a footprint beyond its format: warnings, for format alone refuses.

The published examples themselves break some of these rules. Derived from the PACT Technical Specifications, (c) World
Business Council for Sustainable Development; see NOTICE.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

from carbonstd._findings import Finding, finding
from carbonstd._number import shown
from carbonstd._pact.footprint import Footprint

_CO2_OF_CARBON = Fraction(44, 12)
_STATED = Fraction(95, 100)  # a content is stated to two digits or so
_LARGEST_EXEMPTED = 5  # per cent, the methodology's bound; the format has none since 3.0
_PERCENT = ("exempted", "primary_share")
_RATINGS = ("dqr_technology", "dqr_geography", "dqr_time")
_WORST_RATING = {"2.3": 3, "3.0": 5}
_YEARS_VALID = 3
_BIOGENIC = ("biogenic_carbon", "uptake", "land_use_change", "biogenic_other", "land_emission", "land_removal")
_EXCLUDING = (
    "fossil", "land_use_change", "land_emission", "land_removal", "capture_removal", "capture", "biogenic_other",
)  # fmt: skip
_OF_CAPTURE = ("capture", "capture_removal", "capture_origin")
_ZERO = Fraction(0)


def judge(footprint: Footprint) -> list[Finding]:
    """Warnings about a footprint whose format is right."""
    rules = (_asked_for, _sums, _uptake, _contradictions, _percents, _ratings, _times, _status, _operators)
    return [found for rule in rules for found in rule(footprint)]


def _asked_for(footprint: Footprint) -> Iterator[Finding]:
    """Fields the methodology asks for and the format does not."""
    biogenic = any(footprint.number(means) for means in _BIOGENIC)
    end = footprint.instant("period_end")
    recent = end is not None and _utc(end) > datetime(2025, 1, 1, tzinfo=UTC)
    told = {"shall", "should"} | ({"bio"} if biogenic else set()) | ({"from_2025"} if recent else set())
    left = [
        field
        for field in footprint.version.fields.values()
        if field.rule in told and field.path.count(".") < 2 and footprint.at(field.path) is None
    ]
    if left:
        names = ", ".join(field.name for field in left)
        yield finding("pact-asked", footprint.place, version=footprint.version.id, fields=names)
    if footprint.version.id == "2.3" and not recent and not {"primary_share", "dqr_time"} & _held(footprint):
        yield finding("pact-asked", footprint.place, version="2.3", fields="primaryDataShare / dqi")


def _held(footprint: Footprint) -> set[str]:
    return {means for means in footprint.version.paths if footprint.get(means) is not None}


def _sums(footprint: Footprint) -> Iterator[Finding]:
    """3.0 says how its two totals add up; 2.3 does not."""
    if footprint.version.id == "3.0":
        yield from _sum(footprint, "excluding", _EXCLUDING)
        yield from _sum(footprint, "including", ("excluding", "uptake"))


def _sum(footprint: Footprint, total: str, parts: tuple[str, ...]) -> Iterator[Finding]:
    found = footprint.number(total) or _ZERO
    expected = sum((footprint.number(means) or _ZERO for means in parts), _ZERO)
    rounding = sum(_half_unit(footprint.text(means), footprint.text(total)) for means in (total, *parts))
    if abs(found - expected) > rounding:
        place = footprint.place_of(total)
        yield finding("pact-sum", place, found=shown(found, 10), expected=shown(expected, 10))


def _half_unit(text: str, total: str) -> Fraction:
    """What rounding may hide in a figure: half a unit of its last decimal, and nothing in one that is 0 or absent.

    A whole number hides no more than the total does: 8 is seldom 8.4.
    """
    decimals = (text.partition(".")[2] or total.partition(".")[2]) if text.strip("+-0.") else None
    return _ZERO if decimals is None else Fraction(1, 2 * 10 ** len(decimals))


def _uptake(footprint: Footprint) -> Iterator[Finding]:
    """Uptake is the carbon of biomass in the product, as carbon dioxide."""
    uptake, carbon = footprint.number("uptake"), footprint.number("biogenic_carbon")
    if uptake is None or carbon is None:
        return
    most = carbon * _CO2_OF_CARBON
    if -uptake > most * Fraction(101, 100):
        place = footprint.place_of("uptake")
        yield finding("pact-uptake", place, found=shown(uptake, 10), expected=shown(-most, 10))
    if -uptake < most * _STATED:
        place = footprint.place_of("biogenic_carbon")
        yield finding("pact-carbon", place, found=shown(carbon, 10), expected=shown(-uptake / _CO2_OF_CARBON, 10))


def _contradictions(footprint: Footprint) -> Iterator[Finding]:
    """What is said to be left out and is there."""
    for switch, parts in (("packaging_included", ("packaging",)), ("capture_included", _OF_CAPTURE)):
        if footprint.get(switch) is not False:
            continue
        for means in parts:
            if footprint.get(means) is not None:
                other = footprint.version.paths[switch]
                yield finding("pact-contradiction", footprint.place_of(means), other=other)


def _percents(footprint: Footprint) -> Iterator[Finding]:
    for means in _PERCENT:
        value = footprint.number(means)
        if value is not None and not 0 <= value <= 100:
            yield finding("pact-percent", footprint.place_of(means), found=shown(value))
    exempted = footprint.number("exempted")
    if exempted is not None and _LARGEST_EXEMPTED < exempted <= 100:
        place = footprint.place_of("exempted")
        yield finding("pact-exempted", place, found=shown(exempted), limit=_LARGEST_EXEMPTED)


def _ratings(footprint: Footprint) -> Iterator[Finding]:
    worst = _WORST_RATING[footprint.version.id]
    for means in _RATINGS:
        value = footprint.number(means)
        if value is not None and not 1 <= value <= worst:
            yield finding("pact-rating", footprint.place_of(means), found=shown(value), worst=worst)


def _times(footprint: Footprint) -> Iterator[Finding]:
    """Periods run forwards, and a footprint is valid from the end of its period, for three years at most."""
    start, end = footprint.instant("period_start"), footprint.instant("period_end")
    since, until = footprint.instant("valid_from"), footprint.instant("valid_until")
    pairs = (("period_end", start, end), ("valid_until", since, until), ("valid_from", end, since))
    for means, earlier, later in pairs:
        early_enough = earlier is None or later is None or _utc(earlier) <= _utc(later)
        if not early_enough:
            yield finding("pact-times", footprint.place_of(means), found=footprint.text(means))
    if end is not None and until is not None and _utc(until) > _years_after(_utc(end)):
        place = footprint.place_of("valid_until")
        yield finding("pact-validity", place, found=footprint.text("valid_until"), years=_YEARS_VALID)


def _status(footprint: Footprint) -> Iterator[Finding]:
    if footprint.text("status") == "Deprecated":
        yield finding("pact-deprecated", footprint.place_of("status"))


def _operators(footprint: Footprint) -> Iterator[Finding]:
    for index, rule in enumerate(footprint.get("rules") or []):
        if rule["operator"] == "Other" and not rule.get("otherOperatorName"):
            yield finding("pact-operator", f"{footprint.place_of('rules')}[{index}]")


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _years_after(moment: datetime) -> datetime:
    """The day three years on (the first of March for a 29th of February), and of no year there is not."""
    year = min(moment.year + _YEARS_VALID, datetime.max.year)
    try:
        return moment.replace(year=year)
    except ValueError:
        return moment.replace(year=year, month=3, day=1)
