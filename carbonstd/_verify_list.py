"""From the findings of a verification to its list: what belongs there, under which category and points of the guide."""

from __future__ import annotations

from collections.abc import Iterable

from carbonstd._errors import by_severity
from carbonstd._findings import Finding, Severity
from carbonstd._method import Method
from carbonstd._schema import Bilingual
from carbonstd._verify_guide import Guide, Point
from carbonstd._verify_record import Nonconformity

# How far carbonstd itself may be trusted is no fault of the report.
_OF_THE_PROGRAM = frozenset(
    ("assumption", "issued-after-as-of", "newer-edition-upcoming", "recalled-allowed", "recalled-equation")
)


def entries(findings: Iterable[Finding], guide: Guide, method: Method) -> tuple[Nonconformity, ...]:
    """Every error and warning, and the notes that the guide has a point for; errors first, numbered."""
    once = {(item.code, item.place, item.message("en")): item for item in findings}
    pairs = [(item, _points(item, guide)) for item in by_severity(once.values())]
    kept = [(item, points) for item, points in pairs if _belongs(item, points)]
    return tuple(_entry(number, item, points, guide, method) for number, (item, points) in enumerate(kept, 1))


def _belongs(item: Finding, points: tuple[Point, ...]) -> bool:
    return item.code not in _OF_THE_PROGRAM and (item.severity is not Severity.NOTE or bool(points))


def _points(item: Finding, guide: Guide) -> tuple[Point, ...]:
    return tuple(point for point in guide.points if point.speaks(_names(item), _column(item)))


def _entry(number: int, item: Finding, points: tuple[Point, ...], guide: Guide, method: Method) -> Nonconformity:
    category = points[0].category if points else "data"
    ids = tuple(point.id for point in points)
    key = "|".join((*_names(item), item.place))  # what was found and where: its figures may move between rounds
    return Nonconformity(f"NC-{number:03d}", item, key, guide.categories[category], _parameter(item, method), ids)


def _names(item: Finding) -> tuple[str, ...]:
    """What a point may call a finding: its code, and the check it comes from."""
    return (item.code, str(item.values["id"])) if item.code == "check-failed" else (item.code,)


def _column(item: Finding) -> str:
    """The `sheet.column` a finding is about, where it says so."""
    return str(item.values.get("of") or item.place)


def _parameter(item: Finding, method: Method) -> Bilingual:
    """What the figure is called."""
    sheet, _, column = _column(item).partition(".")
    if sheet in method.sheets and column in method.sheets[sheet].columns:
        return method.sheets[sheet].columns[column].label
    for value in (item.values.get("label"), item.values.get("column")):
        if isinstance(value, dict) and {"zh", "en"} <= value.keys():
            return value
    return {}
