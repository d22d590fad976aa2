"""What a PACT document says in words of a result: boundary, allocation, sources, what is left out, and the comment.

Written in English, the language of the format; names stand as they were typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carbonstd._number import shown
from carbonstd._pact.fields import Version
from carbonstd._result.basis import factor_tables
from carbonstd._result.records import Record, records
from carbonstd._result.result import Result
from carbonstd._result.statement import full_statement

_STAGES = {"raw_material": "raw materials", "production": "production"}
_REPORTS = {"ar5": "AR5", "ar6": "AR6"}
_PLACED = "placed_raw_material"  # by rows that have a stage of their own
_ALL = 100  # per cent
_STANDARD, _STANDARD_BEFORE_3, _BIOGENIC_METHOD = "ISO14067", "ISO Standard 14067", "ISO"


def texts_of(result: Result, product: Record, declaration: Record) -> dict[str, Any]:
    """Texts and lists of a document, by meaning."""
    report = _REPORTS.get(product.text("gwp_set"))
    share, why = _left_out(result, declaration)
    return {
        "boundary": _boundary(result),
        "allocation": _allocation(result),
        "gwp_sets": list(dict.fromkeys([report, *_sets_of_suppliers(result)])),
        "gwp_set": report,
        "standards": [_STANDARD],
        "standards_used": [_STANDARD_BEFORE_3],
        "biogenic_method": _BIOGENIC_METHOD,
        "rules": _rules(product, declaration),
        "exempted": share,
        "exempted_why": why,
        "sources": _sources(result) or None,
        "uncertainty": _uncertainty(result),
    }


def comment(result: Result, version: Version, facts: Mapping[str, Any], declaration: Record) -> str:
    """What a reader has to know: how it was computed, what it is not, and what the version has no field for."""
    told = [
        declaration.text("comment"),
        full_statement(result, "en"),
        "A verification is declared by the company, not by this program." if facts.get("verifier") else "",
        "Uptake is biogenic carbon leaving the gate in the product: removals less biogenic CO2 emitted on the way."
        if facts["uptake"]
        else "",
        "Land management is netted within a process, not between processes." if facts["land_management"] else "",
    ]
    if version.id == "2.3":
        if len(facts["gwp_sets"]) > 1:
            told.append(f"Supplier data by other GWP sets is in it: {', '.join(facts['gwp_sets'][1:])}.")
        told.append(
            "Figures are for one unit of declaredUnit. pCfExcludingBiogenic is fossil, direct land-use change and "
            "biogenic emissions other than CO2; pCfIncludingBiogenic adds land management and the withdrawal."
        )
        if facts.get("outbound"):
            told.append(f"Distribution, not included: {shown(float(facts['outbound']), 6)} kgCO2e per declared unit.")
        if facts["amount"] != 1:
            told.append("A product counted in pieces: unitaryProductAmount is the mass of one in kilogram.")
    elif facts.get("uncertainty"):
        told.append(f"Uncertainty: {facts['uncertainty']}")
    return " ".join(filter(None, told))


def _boundary(result: Result) -> str:
    processes = records(result, "footprint_process")
    named = {
        name: "; ".join(item.text("process") for item in processes if item.text("stage") == stage)
        for stage, name in _STAGES.items()
    }
    told = [f"{name.capitalize()}: {items}." for name, items in named.items() if items]
    if _PLACED in result.method.equations and any(result.values(_PLACED).values()):
        told.append("Materials bought by a process of production count as raw materials, unless entered otherwise.")
    return " ".join(["Cradle to gate.", *told])


def _allocation(result: Result) -> str | None:
    """Each process with several products, how it is divided and why."""
    told = []
    for item in records(result, "footprint_process"):
        way = item.text("allocation")
        if way and way != "none":
            reason = item.text("allocation_reason")
            told.append(f"{item.text('process')}: by {way.replace('_', ' ')}{f' ({reason})' if reason else ''}.")
    return " ".join(told) or None


def _left_out(result: Result, declaration: Record) -> tuple[float | None, str]:
    """Per cent of the footprint left out, and the reasons; the user's own figure goes before the sum of the flows."""
    flows = records(result, "footprint_exclusion")
    shares = [share for item in flows if (share := item.number("footprint_share")) is not None]
    typed = declaration.number("exempted_share")
    share = typed if typed is not None else sum(shares) if shares and len(shares) == len(flows) else None
    return share, " ".join(f"{item.text('item')}: {item.text('reason')}." for item in flows)


def _rules(product: Record, declaration: Record) -> list[dict[str, Any]] | None:
    name, operator = product.text("product_rule"), declaration.text("rule_operator")
    if not name:
        return None
    rule: dict[str, Any] = {"operator": "Other", "ruleNames": [name]}
    return [rule | ({"otherOperatorName": operator} if operator else {})]


def _sources(result: Result) -> list[dict[str, str]]:
    """Every table a factor was taken from, by title and edition, and suppliers' data that rest on such tables."""
    found = []
    for header in factor_tables(result):
        title = f"{header.document.number} {header.title['en']}".strip()
        found.append({"name": title, "version": header.id.rpartition("@")[2]})
    return [*found, *({"name": name, "version": year} for name, year in _secondary_suppliers(result))]


def _used_suppliers(result: Result) -> list[Record]:
    """The supplier data that something was bought by."""
    bought = {item.text("supplier_data") for item in records(result, "footprint_purchase")}
    return [item for item in records(result, "footprint_supplier") if item.text("supplier_data") in bought]


def _sets_of_suppliers(result: Result) -> list[str]:
    """GWP sets of supplier data, in the format's words; a set it has no word for is its own name."""
    sets = (item.text("supplier_gwp_set") for item in _used_suppliers(result))
    return [name.upper() for name in sets if name.startswith("ar")]


def _secondary_suppliers(result: Result) -> list[tuple[str, str]]:
    """Supplier data that is not all primary: it too rests on factors of others. With its year."""
    found = []
    for item in _used_suppliers(result):
        year = item.number("reference_year")
        if (item.number("primary_data_share") or 0) < _ALL:
            found.append((f"Supplier data: {item.text('supplier_data')}", f"{year:.0f}" if year else "not stated"))
    return found


def _uncertainty(result: Result) -> str | None:
    """The 95 % interval of the whole footprint, where the run has one."""
    interval = result.intervals.primary.interval if result.intervals else None
    if interval is None or interval.relative is None:
        return None
    return f"95 % interval of the whole footprint: plus or minus {shown(100 * interval.relative, 3)} %."
