"""PACT footprints of suppliers as rows of supplier data, each figure with the field it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from carbonstd._case.case import Case, RawSheet, RowPlace
from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Method, Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding, has_errors
from carbonstd._pact.fields import shared
from carbonstd._pact.footprint import Footprint
from carbonstd._pact.read import Read
from carbonstd._pact.write import decimal_text

KIND = "footprint_supplier"
_UNMEASURED = ("megabit second",)  # no basis of amounts here
_FIGURES: Mapping[str, tuple[tuple[str, int], ...]] = {  # what adds up to a column, with its sign
    "fossil": (("fossil", 1), ("aircraft", -1)),
    "biogenic_emission": (("biogenic_other", 1),),
    "biogenic_removal": (("uptake", -1),),
    "land_use_change": (("land_use_change", 1),),
    "land_use": (("land_emission", 1), ("land_removal", 1), ("land_management", 1)),
    "aircraft": (("aircraft", 1),),
    "indirect_land_use_change": (("indirect_land_use_change", 1),),
}
_PER_CENT = {"primary_data_share": "primary_share", "exempted_share": "exempted"}
_SCORES = {"technology_score": "dqr_technology", "geography_score": "dqr_geography", "time_score": "dqr_time"}
_SCORES_IN = "3.0"  # 1 to 5 as on the sheet; the scale of 2.3 ends at 3
_REPORTS = {"AR5": "ar5", "AR6": "ar6", "AR4": "ar4", "AR2": "sar"}
_VALID = 3  # years after the reference period, where nothing else is said
_MOMENT = timedelta(microseconds=1)


@dataclass
class Supplied:
    """A case with supplier data in it, the origin of each cell (row, column), and what is to be told."""

    case: Case
    sheet: str
    origins: dict[tuple[str, int, str], Bilingual] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0


def supplier_sheet(method: Method) -> Sheet | None:
    """The sheet of a method that takes supplier data."""
    return next((sheet for sheet in method.sheets.values() if sheet.kind == KIND), None)


def supplied(read: Read, method: Method, base: Case | None = None, period: Period | None = None) -> Supplied:
    """Footprints as rows of a case, after those that `base` has. Raises CaseError where a method takes none.

    Without a base the case's period is the one asked for, else the latest year of the footprints.
    """
    sheet = supplier_sheet(method)
    if sheet is None:
        raise CaseError(findings=[finding("pact-no-sheet", method.id)])
    case = base or Case(method.id, period or _latest(read), date.today())
    held = case.sheets.get(sheet.id) or case.sheets.get(KIND) or RawSheet({}, RowPlace(KIND))
    found = Supplied(case, sheet.id, findings=list(read.findings), rows=len(read.footprints))
    rows: list[dict[str, Any]] = []
    taken = {str(name) for name in held.columns.get("supplier_data", ())}
    for number, footprint in enumerate(read.footprints, held.rows):
        made = _Row(footprint, taken)
        rows.append({name: value for name, value in made.cells().items() if name in sheet.columns})
        found.findings += made.findings
        found.origins |= {(sheet.id, number, name): made.origin(name) for name in rows[-1]}
    if has_errors(found.findings):
        raise CaseError(findings=found.findings)
    names = dict.fromkeys([*held.columns, *(name for row in rows for name in row)])
    before = {name: list(held.columns.get(name, [None] * held.rows)) for name in names}
    columns = {name: [*cells, *(row.get(name) for row in rows)] for name, cells in before.items()}
    case.sheets.pop(KIND, None)
    case.sheets[sheet.id] = RawSheet(columns, RowPlace(KIND))
    return found


class _Row:
    """One footprint as a row: figures by one unit of what it declares."""

    def __init__(self, footprint: Footprint, taken: set[str]) -> None:
        self.footprint, self.taken = footprint, taken
        self.findings: list[Finding] = []
        self.paths: dict[str, str] = {}

    def cells(self) -> dict[str, Any]:
        sent, unit = self.footprint, self.footprint.text("unit")
        if unit in _UNMEASURED:
            self._find("pact-unit-in", "unit", found=unit)
        self._beside()
        end = sent.instant("period_end")
        cells = {
            "supplier_data": self._name(end),
            "product": sent.text("product_name"),
            "company": sent.text("company_name"),
            **self._figures(unit),
            "boundary": "cradle_to_gate",
            "reference_year": (end - _MOMENT).year if end else None,
            "valid_until": self._valid_until(end),
            "geography": next(filter(None, map(sent.text, ("subdivision", "country", "region"))), "global"),
            "supplier_gwp_set": self._gwp(),
            "standards": ", ".join(sent.get("standards") or sent.get("standards_used") or []),
            "product_rule": "; ".join(name for rule in sent.get("rules") or [] for name in rule["ruleNames"]),
            **{column: self._plain(means) for column, means in _PER_CENT.items()},
            **(self._scores() if sent.version.id == _SCORES_IN else {}),
            "verification": self._verification(),
            "source": f"PACT {sent.text('spec')} {sent.text('id')}, {sent.text('created')[:10]}",
        }
        return {name: value for name, value in cells.items() if value not in (None, "")}

    def origin(self, column: str) -> Bilingual:
        """What a cell's comment says: file, JSON path and, for a figure, what was sent."""
        told = self.paths.get(column, self.footprint.place)
        return {"zh": f"来自 {told}", "en": f"from {told}"}

    def _find(self, code: str, means: str, **values: Any) -> None:
        self.findings.append(finding(code, self.footprint.place_of(means), **values))

    def _name(self, end: datetime | None) -> str:
        """A name to refer to: product, company, year; with a part of the id where that is taken."""
        sent = self.footprint
        year = str((end - _MOMENT).year) if end else ""
        name = " ".join(filter(None, (sent.text("product_name"), sent.text("company_name"), year)))
        name = name if name not in self.taken else f"{name} {sent.text('id')[:8]}"
        self.taken.add(name)
        return name

    def _amount(self) -> Fraction:
        """How many units the figures are for: in 3.0 all that is declared, in 2.3 one."""
        amount = self.footprint.number("amount") or Fraction(1)
        if self.footprint.version.id == "3.0":
            return amount
        if amount != 1:
            self._find("pact-amount", "amount", found=decimal_text(amount))
        return Fraction(1)

    def _figures(self, unit: str) -> dict[str, str]:
        amount, found = self._amount(), {}
        per = f"kgCO2e/{_by(shared()['units'][unit])}"
        for column, parts in _FIGURES.items():
            held = [(means, sign) for means, sign in parts if self.footprint.number(means) is not None]
            if not held or held == [("aircraft", -1)]:
                continue
            total = sum((sign * (self.footprint.number(means) or 0) for means, sign in held), Fraction(0))
            if column == "fossil" and total < 0:
                self._find("pact-aircraft", "aircraft")
            found[column] = f"{decimal_text(total / amount)} {per}"
            fields = (f"{self.footprint.version.paths[means]} = {self.footprint.get(means)}" for means, _ in held)
            self.paths[column] = f"{self.footprint.place}: {', '.join(fields)}"
        return found

    def _plain(self, means: str) -> str | None:
        value = self.footprint.number(means)
        return None if value is None else decimal_text(value)

    def _scores(self) -> dict[str, str | None]:
        return {column: self._plain(means) for column, means in _SCORES.items()}

    def _valid_until(self, end: datetime | None) -> str | None:
        """The month of the last day; three years after the period where the sender says nothing."""
        until = self.footprint.instant("valid_until")
        last, years = (until, 0) if until is not None else (end, _VALID)
        return f"{(last - _MOMENT).year + years}-{last - _MOMENT:%m}" if last is not None else None

    def _gwp(self) -> str | None:
        """The one set the figures were made with; of several, or one unknown here, nothing."""
        sets = self.footprint.get("gwp_sets") or []
        known = _REPORTS.get(sets[0]) if len(sets) == 1 else None
        if known is None:
            self._find("pact-gwp-in", "gwp_sets", found=", ".join(sets))
        return known

    def _verification(self) -> str:
        if self.footprint.get("verified") is False:
            return ""
        parts = (self.footprint.text(means) for means in ("verifier", "verified_by_standard", "verified_level"))
        return ", ".join(filter(None, parts))

    def _beside(self) -> None:
        """What a footprint may hold and a row has no place for."""
        for means in ("capture", "capture_removal", "outbound"):
            value = self.footprint.number(means)
            if value:
                self._find("pact-left-out", means, found=decimal_text(value))


def _latest(read: Read) -> Period:
    """The latest year that a footprint ends in."""
    ends = [end - _MOMENT for item in read.footprints if (end := item.instant("period_end")) is not None]
    year = max((end.year for end in ends), default=date.today().year)
    return Period(date(year, 1, 1), date(year, 12, 31))


def _by(unit: str) -> str:
    return f"({unit})" if "*" in unit else unit
