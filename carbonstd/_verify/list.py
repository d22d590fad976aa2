"""From the findings of a verification to its list: what belongs there, under which category and points of the guide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.run import Run
from carbonstd._errors import by_severity
from carbonstd._findings import Finding, Severity
from carbonstd._ledger.ledger import SheetData
from carbonstd._verify.guide import Guide, Point
from carbonstd._verify.record import Nonconformity

SHEET_ABSENT = "review-sheet-absent"
_MOST_ROWS = 20_000  # of a sheet: beyond, a row is told by its cell
# How far carbonstd itself may be trusted is no fault of the report, nor are the verifier's own sheets.
_OF_THE_PROGRAM = frozenset(
    (
        "assumption",
        "issued-after-as-of",
        "newer-edition-upcoming",
        "recalled-allowed",
        "recalled-equation",
        SHEET_ABSENT,
    )
)


def entries(findings: Iterable[Finding], guide: Guide, method: Method, run: Run | None) -> tuple[Nonconformity, ...]:
    """Every error and warning, and the notes that the guide has a point for; errors first, numbered."""
    once = {(item.code, item.place, item.message("en")): item for item in findings}
    pairs = [(item, _points(item, guide)) for item in by_severity(once.values())]
    kept = [(item, points) for item, points in pairs if _belongs(item, points)]
    rows = _Rows(run)
    return tuple(
        Nonconformity(
            f"NC-{number:03d}", item, rows.identity(item), _category(points, guide),
            _parameter(item, method), tuple(point.id for point in points),
        )
        for number, (item, points) in enumerate(kept, 1)
    )  # fmt: skip


def _belongs(item: Finding, points: tuple[Point, ...]) -> bool:
    return item.code not in _OF_THE_PROGRAM and (item.severity is not Severity.NOTE or bool(points))


def _points(item: Finding, guide: Guide) -> tuple[Point, ...]:
    return tuple(point for point in guide.points if point.speaks(_names(item), _column(item)))


def _category(points: tuple[Point, ...], guide: Guide) -> Bilingual:
    return guide.categories[points[0].category if points else "data"]


class _Rows:
    """What tells a finding again in another round: what it is about, not its figures nor the cell it stands in."""

    def __init__(self, run: Run | None) -> None:
        self.labels = dict(self._named(run)) if run else {}

    @staticmethod
    def _named(run: Run) -> Iterator[tuple[str, str]]:
        for data in run.ledger.values():
            for row in range(min(data.rows, _MOST_ROWS)):
                labels = _labels(run, data, row)
                yield from ((data.place(name, row), f"{data.sheet.id}.{name}|{labels}") for name in data.sheet.columns)

    def identity(self, item: Finding) -> str:
        about = item.values.get("about") or self.labels.get(item.place) or item.place
        return "|".join((*_names(item), str(about)))


def _labels(run: Run, data: SheetData, row: int) -> str:
    """The labels of a row, which stay though rows are moved."""
    found = ((run.axes.labels.get(name, []), int(codes[row])) for name, codes in data.codes.items())
    return ";".join(str(labels[code]) for labels, code in found if code >= 0)


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
