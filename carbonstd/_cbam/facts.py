"""What a calculated installation says in the fields of the communication template, named as in `template.yaml`.

A field nobody filled and no equation gives is None: it stays empty and is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonstd._cbam.attribution import attribution, charges
from carbonstd._cbam.map import template
from carbonstd._cbam.products import products
from carbonstd._cbam.sheets import Record, Sheets
from carbonstd._cbam.streams import measured, potlines, streams

if TYPE_CHECKING:
    from carbonstd._result.result import Result

_ROUNDING = 1e-12  # as a part of the whole
_SOURCES = {"actual": "Measured", "default": "Default"}


class Facts(NamedTuple):
    """`fields` of the installation, and `records` by what they are of."""

    fields: Record
    records: dict[str, Sequence[Record]]


def facts(result: Result) -> Facts:
    """The fields and records of an installation. Figures are unrounded, in the units the template prints."""
    sheets = Sheets(result)
    processes = _processes(sheets)
    return Facts(
        {**_installation(result, sheets), **_balance(sheets)},
        {
            "goods": _categories(sheets.rows("cbam_process")),
            "processes": processes,
            "attribution": attribution(sheets),
            "charges": list(charges(sheets)),
            "precursors": _precursors(sheets, [item["name"] for item in processes]),
            "streams": streams(sheets),
            "potlines": potlines(sheets),
            "measured": measured(sheets),
            "products": products(sheets, {item["name"]: item["electricity_source"] for item in processes}),
        },
    )


def _installation(result: Result, sheets: Sheets) -> Record:
    period = result.case.period
    held = next(iter(sheets.rows("cbam_installation")), {})
    return {
        **held,
        "country": sheets.country(held.get("country")),
        "period_start": period.start,
        "period_end": period.end,
    }


def _balance(sheets: Sheets) -> Record:
    """Sheet C: emissions by gas and by the way they were found."""
    direct, indirect = sheets.total("installation_direct"), sheets.total("attributed_indirect_total")
    pfc = sheets.total("pfc_total")
    at_stacks = measured(sheets)
    laughing = sum(item["emissions"] for item in at_stacks if item["gas"] == "N2O")
    calculated = sum(item["emissions"] for item in streams(sheets))
    instruments = sum(item["emissions"] for item in at_stacks)
    return {
        "fuel_energy": _whole(row["fuel_heat_row"] for row in sheets.rows("cbam_fuel", "fuel_heat_row")),
        "carbon_dioxide": direct - pfc - laughing,
        "nitrous_oxide": laughing,
        "pfc": pfc,
        "direct": direct,
        "indirect": indirect,
        "total": direct + indirect,
        "calculated": calculated,
        "measured": instruments,
        "otherwise": _rest(direct, calculated, pfc, instruments),
    }


def _categories(rows: Iterable[Record]) -> list[Record]:
    """The goods categories of the processes, each with its routes."""
    routes: dict[str, list[str]] = {}
    for row in rows:
        found = routes.setdefault(row["category_label"], [])
        if row["route"] and row["route"] not in found:
            found.append(row["route"])
    return [
        {"id": f"G{number}", "category": category, **{f"route_{i}": route for i, route in enumerate(found, 1)}}
        for number, (category, found) in enumerate(routes.items(), 1)
    ]


def _processes(sheets: Sheets) -> list[Record]:
    rows = sheets.rows("cbam_process")
    names = [row["process"] for row in rows]
    return [_process(sheets, row, number, names) for number, row in enumerate(rows, 1)]


def _process(sheets: Sheets, row: Record, number: int, names: Sequence[str]) -> Record:
    """A block of sheet D."""
    name = row["process"]
    made, sold = row["activity_level"], sheets.by_label("sold").get(name, 0.0)  # both in functional units
    others = [other for other in names if other != name]
    used = [_sum(sheets.rows("cbam_transfer"), "mass", process=name, user=other) for other in others]
    return {
        "id": f"P{number}",
        "title": f"Production process {number}:",
        "name": name,
        "category": row["category_label"],
        **({"included": row["included"]} if row["included"] else {}),
        "route": row["route"],
        "unit": "MWh" if row["category"] == "electricity" else "t",
        "amount": made,
        "market": sold,
        "market_share": sold / made if made else None,
        "market_only": sold == made,
        "other_use": row["other_use"],
        "control": made - sold - sum(used) - (row["other_use"] or 0),
        **{f"user_{i}": other for i, other in enumerate(others, 1)},
        **{f"used_{i}": amount for i, amount in enumerate(used, 1)},
        "indirect": row["category"] != "electricity",  # the template's own rule, of the transitional period
        "direct": sheets.by_label("direct_of_process").get(name),
        **_energy(sheets, name),
    }


def _energy(sheets: Sheets, name: str) -> Record:
    """Heat, waste gases and electricity of a process: amounts, and the factor each comes to."""
    heat = sheets.rows("cbam_heat", "heat_row")
    gases = [
        {**row, "energy": row["volume"] * row["heating_value"] / 1000}
        for row in sheets.rows("cbam_waste_gas", "gas_row")
    ]
    power = sheets.rows("cbam_electricity", "electricity_row")
    supplies = {row["supply"] for row in power if row["process"] == name and row["direction"] == "in"}
    found: dict[str, Any] = {
        "heat": any(row["process"] == name for row in heat),
        "waste_gas": any(row["process"] == name for row in gases),
        "electricity_source": template().supplies[min(supplies)] if len(supplies) == 1 else "Mix" if supplies else None,
    }
    for field, rows, amount, emitted in (
        ("heat", heat, "heat", "heat_row"),
        ("gas", gases, "energy", "gas_row"),
        ("electricity", power, "electricity", "electricity_row"),
    ):
        for direction in ("in", "out"):
            total = _sum(rows, amount, process=name, direction=direction)
            key = field if field == "electricity" and direction == "in" else f"{field}_{direction}"
            found[key] = total or None
            emissions = _sum(rows, emitted, process=name, direction=direction)
            found[f"{key}_factor"] = emissions / total if total else None
    return found


def _precursors(sheets: Sheets, processes: Sequence[str]) -> list[Record]:
    """The blocks of sheet E: a precursor bought, with all its rows. Scrap counts zero and is none."""
    groups: dict[str, list[Record]] = {}
    for row in sheets.rows("cbam_precursor"):
        if row["value_basis"] != "scrap":
            named = {**row, "country": sheets.country(row["country"])}
            groups.setdefault(row["precursor"], []).append(named)
    return [_precursor(name, rows, number, processes) for number, (name, rows) in enumerate(groups.items(), 1)]


def _precursor(name: str, rows: Sequence[Record], number: int, processes: Sequence[str]) -> Record:
    first = rows[0]
    bases = {row["value_basis"] for row in rows}
    amount = sum(row["mass"] for row in rows)
    electricity, indirect = _weighted(rows, "electricity"), _weighted(rows, "indirect")
    source = _SOURCES.get(min(bases)) if len(bases) == 1 else None
    return {
        "id": f"PP{number}",
        "title": f"Purchased precursor {number}:",
        "name": name,
        "category": first["category_label"],
        "country": first["country"],
        "route": first["route"],
        "unit": "t",
        "amount": amount,
        **{f"user_{i}": process for i, process in enumerate(processes, 1)},
        **{f"used_{i}": _sum(rows, "mass", process=process) for i, process in enumerate(processes, 1)},
        "control": amount - sum(_sum(rows, "mass", process=process) for process in processes),
        "see_unit": "tCO2e/t",
        "electricity_unit": "MWh/t",
        "factor_unit": "tCO2e/MWh",
        "direct": _weighted(rows, "direct"),
        "source": source,
        "electricity": electricity,
        "electricity_source": source if electricity is not None else None,
        "electricity_factor": indirect / electricity if indirect is not None and electricity else None,
        "indirect": indirect,
        "default_reason": None,
    }


def _weighted(rows: Sequence[Record], column: str) -> float | None:
    """The mean weighted by mass; None where a row leaves it blank."""
    if any(row[column] is None for row in rows):
        return None
    mass: float = sum(row["mass"] for row in rows)
    weighed: float = sum(row["mass"] * row[column] for row in rows)
    return weighed / mass if mass else None


def _rest(whole: float, *parts: float) -> float:
    """What the parts leave; nothing where only the rounding of floating point is left."""
    left = whole - sum(parts)
    return left if abs(left) > _ROUNDING * abs(whole) else 0.0


def _whole(values: Iterable[float | None]) -> float | None:
    """The sum; None where a part is not known, for a sum of the rest would pass for the whole."""
    found = list(values)
    return None if None in found else sum(value for value in found if value is not None)


def _sum(rows: Iterable[Record], column: str, **where: str) -> float:
    """The sum of a column over the rows that have these labels."""
    return float(sum(row[column] or 0 for row in rows if all(row[key] == label for key, label in where.items())))
