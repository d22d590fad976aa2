"""A footprint and its declaration as the facts of a PACT document, or what stands in the way of one.

Figures are those of cradle to gate, for one declared unit: distribution stands apart, and a total that goes on to use
and end of life is refused. Uptake is the biogenic carbon that leaves the gate in the product: removals less the
biogenic carbon dioxide that was emitted on the way, which neither total counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from carbonstd._findings import Finding, finding
from carbonstd._number import shown
from carbonstd._pact.declared import Declared
from carbonstd._pact.fields import Version
from carbonstd._pact.texts import comment, texts_of
from carbonstd._pact.write import rounded
from carbonstd._result.records import Record, records
from carbonstd._result.result import Result

_UNITS = {
    "mass": "kilogram", "volume": "cubic meter", "energy": "kilowatt hour", "transport": "ton kilometer",
    "area": "square meter", "count": "piece", "time": "hour",
}  # fmt: skip
_WITHOUT_MASS = ("energy", "transport", "time")
_CATEGORIES = ("fossil", "biogenic_emission", "biogenic_removal", "land_use_change", "aircraft")
_EXCLUDING = ("fossil", "land_use_change", "biogenic_other")
_LAND = ("land_emission", "land_removal")
_GATE = ("raw_material", "production")
_BEYOND = ("use", "end_of_life")
_REPORTS = {"ar5": "AR5", "ar6": "AR6"}
_RATINGS = {"dqr_technology": "technology", "dqr_geography": "geographical", "dqr_time": "temporal"}
_PRODUCT, _DECLARATION, _PROCESS = "footprint_product", "footprint_declaration", "footprint_process"


def facts_of(result: Result, version: Version) -> tuple[dict[str, Any], list[Finding]]:
    """The facts of a document in one version, and every reason why there can be none."""
    held = {sheet: records(result, sheet) for sheet in (_PRODUCT, _DECLARATION)}
    if not held[_PRODUCT]:
        return {}, [finding("pact-no-footprint", result.method.id)]
    if not held[_DECLARATION]:
        return {}, [finding("pact-no-declaration", _DECLARATION)]
    return _Maker(result, version, held[_PRODUCT][0], held[_DECLARATION][0]).make()


@dataclass
class _Maker:
    result: Result
    version: Version
    product: Record
    declaration: Record
    findings: list[Finding] = field(default_factory=list)

    def make(self) -> tuple[dict[str, Any], list[Finding]]:
        declared = Declared(self.declaration, self.version)
        facts = declared.facts(self.result.case.as_of)
        self._judged()
        name, amount, per = self._unit()
        facts |= {"unit": name, "amount": amount, **{means: value / per for means, value in self._figures().items()}}
        facts |= self._totals(facts) | self._carbon(per) | self._mass(per) | self._quality()
        self._packaging(facts, per)
        facts |= texts_of(self.result, self.product, self.declaration)
        if facts["exempted"] is None:
            self.findings.append(declared.missing("exempted_share"))
        elif facts["exempted"] and not facts["exempted_why"]:
            self.findings.append(finding("pact-exempted-why", self.declaration.places["exempted_share"]))
        period = self.result.case.period
        facts |= {"period_start": period.start, "period_end": period.end + timedelta(days=1)}
        facts["comment"] = comment(self.result, self.version, facts, self.declaration)
        return facts, [*declared.findings, *self.findings]

    def _refuse(self, code: str, column: str, **values: Any) -> None:
        self.findings.append(finding(code, self.product.places.get(column, _PRODUCT), **values))

    def _judged(self) -> None:
        """What the format has no place for."""
        boundary = self.product.text("boundary")
        if boundary != "cradle_to_gate":
            self._refuse("pact-boundary", "boundary", found=boundary)
        if self.product.text("unit_kind") != "declared":
            self._refuse("pact-functional-unit", "unit_kind")
        if self.product.text("gwp_set") not in _REPORTS:
            self._refuse("pact-gwp", "gwp_set", found=self.product.text("gwp_set") or "—")
        if self._value("expansion_credit"):
            self._refuse("pact-credit", "product")
        beyond = [stage for stage in _BEYOND if self._value(f"stage_{stage}")]
        if beyond and boundary == "cradle_to_gate":
            self._refuse("pact-beyond-gate", "boundary", stages=", ".join(beyond))

    def _unit(self) -> tuple[str, Fraction, Fraction]:
        """The declared unit by its name in PACT, its amount, and how many of it one unit of the result is.

        2.3 knows no piece: it is declared by the kilogram, and the amount is the mass of one piece.
        """
        per, name = Fraction(self.product.number("demand") or 1), _UNITS.get(self.product.basis, "")
        mass = self.product.number("product_mass")
        if name in self.version.fields[self.version.paths["unit"]].choices:
            return name, Fraction(1), per
        if self.product.basis == "count" and mass:
            return "kilogram", Fraction(mass) / per, Fraction(mass)
        if self.product.basis == "count":
            self._refuse("pact-mass", "product_mass", version=self.version.id)
        else:
            self._refuse("pact-unit", "demand", found=self.product.basis, version=self.version.id)
        return "", Fraction(1), Fraction(1)

    def _figures(self) -> dict[str, Fraction]:
        """kgCO2e of one unit of the result, by meaning, to the gate."""
        found = {category: self._to_gate(category) for category in _CATEGORIES}
        other = self.declaration.number("biogenic_other")
        if found["biogenic_emission"] and other is None:
            self.findings.append(finding("pact-biogenic", self.declaration.places["biogenic_other"]))
        carbon = self.product.number("biogenic_carbon")
        if carbon and not (found["biogenic_emission"] or found["biogenic_removal"]):
            self._refuse("pact-biomass", "biogenic_carbon")
        rest = Fraction(other or 0)
        if rest > found["biogenic_emission"] * Fraction(1001, 1000):
            self.findings.append(finding("pact-biogenic-more", self.declaration.places["biogenic_other"]))
        uptake = found["biogenic_emission"] - rest - found["biogenic_removal"]
        if uptake > 0:
            self._refuse("pact-biogenic-balance", "biogenic_carbon")
        land = list(self._by_process("land_use"))
        return {
            "fossil": found["fossil"] + found["aircraft"],
            "aircraft": found["aircraft"],
            "land_use_change": found["land_use_change"],
            "land_emission": sum((value for value in land if value > 0), Fraction(0)),
            "land_removal": sum((value for value in land if value < 0), Fraction(0)),
            "land_management": sum(land, Fraction(0)),
            "indirect_land_use_change": self._to_gate("indirect_land_use_change"),
            "biogenic_other": rest,
            "uptake": uptake,
            "outbound": Fraction(self._value("stage_distribution")),
        }

    def _to_gate(self, category: str) -> Fraction:
        """One category of all processes to the gate: the stage of a row only tells these two stages apart."""
        return sum(self._by_process(category), Fraction(0))

    def _by_process(self, category: str) -> Iterator[Fraction]:
        """What each process of raw materials and production comes to in one category."""
        stages = {item.text("process"): item.text("stage") for item in records(self.result, _PROCESS)}
        activity = self.result.values("activity")
        runs = self.result.values(f"run_{category}")
        yield from (Fraction(runs[key] * activity[key]) for key in runs if stages.get(key[0]) in _GATE)

    def _totals(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Totals of the figures as they are written, so that a reader who adds them up finds the same.

        3.0 counts land management in both; the lower one of 2.3 is without biogenic CO2 and never negative.
        """
        land = sum((rounded(facts[means]) for means in _LAND), Fraction(0))
        excluding = sum((rounded(facts[means]) for means in _EXCLUDING), Fraction(0))
        including = excluding + land + rounded(facts["uptake"])
        return {"excluding": excluding + (land if self.version.id == "3.0" else 0), "including": including}

    def _carbon(self, per: Fraction) -> dict[str, Any]:
        """kgC in one declared unit; 2.3 asks for both, 3.0 for the fossil one."""
        found: dict[str, Any] = {}
        for column in ("fossil_carbon", "biogenic_carbon"):
            value = self.product.number(column)
            if value is not None:
                found[column] = Fraction(value) / per
            elif self.version.fields[self.version.paths[column]].required:
                self._refuse("pact-declare", column, version=self.version.id)
        return found

    def _packaging(self, facts: dict[str, Any], per: Fraction) -> None:
        """The part that is packaging, which cannot be more than all that is emitted."""
        if facts["packaging"] is None:
            return
        facts["packaging"] = Fraction(facts["packaging"]) / per
        emitted = sum((facts[means] for means in (*_EXCLUDING, "land_emission")), Fraction(0))
        if facts["packaging"] > emitted * Fraction(1001, 1000):
            place, told = self.declaration.places["packaging"], (facts["packaging"], emitted)
            packed, whole = (shown(float(value * per), 6) for value in told)
            self.findings.append(finding("pact-packaging", place, found=packed, expected=whole))

    def _mass(self, per: Fraction) -> dict[str, Any]:
        """kg in one declared unit; nothing that is an energy, a transport or a time has a mass."""
        value = self.product.number("product_mass")
        if self.product.basis in _WITHOUT_MASS:
            mass = Fraction(0)
        elif self.product.basis == "mass":
            mass = Fraction(1)
        elif value is not None:
            mass = Fraction(value) / per
        else:
            if self.version.id == "3.0":
                self._refuse("pact-mass", "product_mass", version=self.version.id)
            return {}
        return {"mass": mass, "mass_of_one": mass}

    def _quality(self) -> dict[str, Any]:
        """The share of primary data, and ratings where processes were rated; the scale of 2.3 is another."""
        found: dict[str, Any] = {}
        if self._value("primary_given"):
            found["primary_share"] = self._value("primary_share_total")
        if self._value("scored") and self.version.id == "3.0":
            found |= {means: self._value(equation) for means, equation in _RATINGS.items()}
        return found

    def _value(self, equation: str) -> float:
        """An equation's one value; 0 where the method has no such equation."""
        return self.result.value(equation).value if equation in self.result.method.equations else 0.0
