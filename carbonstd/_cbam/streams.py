"""Sheet B of the communication template: source streams, potlines and measuring points of a calculated installation."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._cbam.sheets import Record, Sheets

_PFC = {"slope": "Slope method", "overvoltage": "Overvoltage method"}
_SIGNS = {"in": 1, "out": -1}
_PER_KILO = 10  # 1000 Nm3 in 10^4 m3


def streams(sheets: Sheets) -> list[Record]:
    """Fuels, materials of methods A and B, and mass balances, whose outputs are negative."""
    found = [*_fuels(sheets), *_materials(sheets), *_balances(sheets)]
    return [{"number": number, **item} for number, item in enumerate(found, 1)]


def _fuels(sheets: Sheets) -> Iterator[Record]:
    for row in sheets.rows("cbam_fuel", "fuel_row"):
        by_mass = row["volume"] is None
        yield {
            "method": "Combustion",
            "name": row["stream"],
            "activity": row["mass"] if by_mass else row["volume"] * _PER_KILO,
            "activity_unit": "t" if by_mass else "1000Nm3",
            "calorific_value": row["net_calorific_value"] if by_mass else row["volume_heating_value"] / _PER_KILO,
            "calorific_unit": "GJ/t" if by_mass else "GJ/1000Nm3",
            "emission_factor": row["emission_factor"] if row["carbon_content"] is None else None,
            "factor_unit": "tCO2/TJ" if row["carbon_content"] is None else None,
            "carbon_content": row["carbon_content"],
            "carbon_unit": None if row["carbon_content"] is None else "tC/t",
            "oxidation": _percent(row["oxidation_factor"]),
            "biomass": _percent(row["biomass_fraction"]),
            "emissions": row["fuel_row"],
        }


def _materials(sheets: Sheets) -> Iterator[Record]:
    for row in sheets.rows("cbam_material", "material_row"):
        yield {
            "method": "Process Emissions",
            "name": row["stream"],
            "activity": row["mass"],
            "activity_unit": "t",
            "emission_factor": row["emission_factor"],
            "factor_unit": "tCO2/t",
            "conversion": _percent(row["conversion_factor"]),
            "biomass": _percent(row["biomass_fraction"]),
            "emissions": row["material_row"],
        }


def _balances(sheets: Sheets) -> Iterator[Record]:
    for row in sheets.rows("cbam_carbon", "carbon_row"):
        sign, by_mass = _SIGNS[row["direction"]], row["volume"] is None
        content = row["carbon_content"] if by_mass else row["volume_carbon_content"]
        yield {
            "method": "Mass balance",
            "name": row["stream"],
            "activity": sign * (row["mass"] if by_mass else row["volume"] * _PER_KILO),
            "activity_unit": "t" if by_mass else "1000Nm3",
            "carbon_content": content if by_mass else content / _PER_KILO,
            "carbon_unit": "tC/t" if by_mass else "tC/1000Nm3",
            "biomass": _percent(row["biomass_fraction"]),
            "emissions": row["carbon_row"],
        }


def potlines(sheets: Sheets) -> list[Record]:
    """Potlines of primary aluminium."""
    return [
        {
            "number": number,
            "method": _PFC[row["pfc_method"]],
            "technology": row["cell_label"],
            "production": row["production"],
            "frequency": row["frequency"],
            "duration": row["duration"],
            "slope": row["slope"],
            "overvoltage": row["overvoltage"],
            "efficiency": row["current_efficiency"],
            "coefficient": row["overvoltage_coefficient"],
            "share": row["share"],
            "cf4": row["cf4_row"],
            "emissions": row["cf4_row"] * sheets.gwp("CF4") + row["c2f6_row"] * sheets.gwp("C2F6"),
        }
        for number, row in enumerate(sheets.rows("cbam_pfc", "cf4_row", "c2f6_row"), 1)
    ]


def measured(sheets: Sheets) -> list[Record]:
    """Measuring points: the template asks hours and an hourly flow, where a case holds the flow of the period."""
    return [
        {
            "number": number,
            "name": row["point"],
            "gas": row["gas"],
            "biomass": _percent(row["biomass_fraction"]),
            "concentration": row["concentration"],
            "hours": None,
            "flow": None,
            "emissions": row["measured_row"] / 1000 * sheets.gwp(row["gas"]),
        }
        for number, row in enumerate(sheets.rows("cbam_measured", "measured_row"), 1)
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
