"""The plants of the simulated country, sector by sector: clean ledgers as frames, in the pattern of the shipped cases.

A simulation, not data: every spread is invented; numbers of entities, which `country` holds, say where they come from.
Sheets are called by their kinds, so that those of different methods are never one file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import carbonstd

STEEL = Path(__file__).resolve().parent.parent / "methods/enterprises/cets-ag-03.01/cases/full-plant.yaml"
CO2 = 44 / 12
MONTHS = 12
Sheets = dict[str, pd.DataFrame]
Numbers = NDArray[Any]


@dataclass(frozen=True)
class Sector:
    """`methods` begin with the accounting; `main` is where dirt falls: sheet, amount, heating value, share."""

    name: str
    methods: tuple[str, ...]
    main: tuple[str, str, str, str]
    make: Callable[[Plants], Sheets]


class Plants:
    """The entities of a sector by their places in the country, and the dice they are drawn with."""

    def __init__(self, places: Numbers, grids: Numbers, year: int, dice: np.random.Generator) -> None:
        self.places, self.grids, self.dice = places, grids, dice
        self.months = np.array([f"{year}-{month:02d}" for month in range(1, MONTHS + 1)])
        self.days = np.array([pd.Period(month).days_in_month for month in self.months], dtype=float)

    def lines(self, least: int, shares: Sequence[float]) -> tuple[Numbers, Numbers]:
        """Of each unit or line its entity and its number within it: as many as `shares` say, from `least` on."""
        counts = least + self.dice.choice(len(shares), len(self.places), p=shares)
        return np.repeat(self.places, counts), np.concatenate([np.arange(1, count + 1) for count in counts])

    def around(self, value: Any, spread: float, *shape: int) -> Numbers:
        """Figures around a value, lognormal: a spread of 0.1 is ten per cent."""
        return np.asarray(value) * np.exp(self.dice.normal(0, spread, shape or np.shape(value)))

    def monthly(self, entity: Numbers, **columns: Any) -> pd.DataFrame:
        """A row a line and month: of one dimension by line, of two by line and month."""
        shape = (len(entity), MONTHS)
        across = {"entity": entity, "month": self.months[None, :], **columns}
        return pd.DataFrame({name: _spread(cells, shape) for name, cells in across.items()})


def _spread(cells: Any, shape: tuple[int, int]) -> Numbers:
    array = np.asarray(cells)
    return np.broadcast_to(array[:, None] if array.ndim == 1 else array, shape).ravel()


def rows(entity: Numbers, **columns: Any) -> pd.DataFrame:
    """A row a line."""
    return pd.DataFrame({"entity": entity, **columns})


def numbered(pattern: str, numbers: Numbers) -> Numbers:
    return np.array([pattern.format(number) for number in numbers])


def season(depth: float, peak: int) -> Numbers:
    """How much more or less than its mean a month has, with its top in month `peak`."""
    return 1 + depth * np.cos((np.arange(1, MONTHS + 1) - peak) * 2 * np.pi / MONTHS)[None, :]


# Power: units that burn coal, lignite or gas, half of them with heat

RATINGS = np.array([1000, 660, 350, 300, 135, 50, 25])
COALS = ("bituminous_coal", "middlings", "anthracite", "lignite")
HEATING_VALUES = np.array([21.0, 16.5, 22.5, 14.5])
CARBON_DRY = np.array([0.600, 0.480, 0.640, 0.460])
MOISTURES = np.array([0.11, 0.12, 0.09, 0.28])
GAS_HEAT, GAS_CARBON = 389.31, 0.01532


def power(plants: Plants) -> Sheets:
    dice = plants.dice
    entity, number = plants.lines(1, (0.24, 0.46, 0.15, 0.15))
    unit, count = numbered("{}号机组", number), len(entity)
    rating = dice.choice(RATINGS, count, p=(0.06, 0.18, 0.22, 0.22, 0.12, 0.12, 0.08)).astype(float)
    gas = np.repeat(dice.random(len(plants.places)) < 0.05, np.unique(entity, return_counts=True)[1])
    cfb = ~gas & (rating <= 350) & (dice.random(count) < 0.35)
    heated = dice.random(count) < 0.5
    hours = np.round(plants.days * 24 * dice.uniform(0.72, 0.99, (count, MONTHS)))
    generation = np.round(rating[:, None] * hours * np.clip(plants.around(0.62, 0.09, count, MONTHS), 0.3, 0.98), 2)
    supplied = np.round(generation * heated[:, None] * plants.around(1.1, 0.3, count)[:, None] * season(0.8, 1), 2)
    efficiency = np.where(gas, 0.50, np.interp(rating, RATINGS[::-1], [0.33, 0.35, 0.37, 0.39, 0.40, 0.42, 0.44]))
    needed = generation * 3.6 / plants.around(efficiency, 0.01)[:, None] + supplied / 0.86
    plant = _Power(plants, entity, unit, needed)
    coal, samples, coal_co2 = plant.coal(~gas)
    oil, fuel_co2 = plant.gas_and_oil(gas)
    standard_coal = np.where(heated[:, None], np.round(needed / 29.3076, 1), np.nan)
    if_heated = np.where(heated, 1.0, np.nan)
    auxiliary = np.round(generation * plants.around(0.055, 0.15, count)[:, None], 2)
    emissions = (coal_co2 + fuel_co2).sum(axis=1)
    yearly, old = generation.sum(axis=1), dice.random(count) < 0.99
    before = np.round(plants.around(emissions, 0.05), 2)
    return {
        "power_unit": rows(
            entity,
            unit=unit,
            unit_class=np.where(gas, "gas", np.where(cfb, "unconventional_coal", "conventional_coal")),
            product=np.where(heated, "chp", "condensing"),
            rated_power=rating,
        ),
        "coal_combustion": coal,
        "coal_heat_sample": samples,
        "fuel_combustion": oil,
        "heat_supply": pd.concat(
            plants.monthly(
                entity[heated],
                unit=unit[heated],
                stream=stream,
                mode="metered",
                heat=np.round(supplied[heated] * share, 2),
                data_source="meter",
            )
            for stream, share in (("一号汽网", 0.5), ("二号汽网", 0.3), ("采暖", 0.2))
        ),
        "power_production": plants.monthly(
            entity,
            unit=unit,
            gross_generation=generation,
            running_hours=hours,
            auxiliary_power=auxiliary,
            heat_ratio_way=np.where(heated, "standard_coal", np.array(None)),
            standard_coal=standard_coal,
            boiler_efficiency=0.92 * if_heated,
            pipe_efficiency=0.99 * if_heated,
            exchanger_efficiency=0.97 * if_heated,
        ),
        "electricity": pd.concat(
            plants.monthly(
                entity,
                unit=unit,
                source=source,
                electricity=np.round(plants.around(rating * 0.2, 0.5)[:, None] * season(0.3, 5), 2),
                emission_factor=0.5366,
                data_source="invoice",
            )
            for source in ("电网", "启备变")
        ),
        "allowance_machine": rows(
            entity,
            unit=unit,
            machine=numbered("{}#", number),
            main_fuel=np.where(gas, "natural_gas", "coal"),
            plant_kind=np.where(gas, "gas_turbine", np.where(cfb, "cfb", "boiler")),
            rated_power=rating,
            unconventional_share=np.where(gas | cfb, np.nan, 0.0),
            other_fuel_share=np.where(gas, 0.0, np.nan),
            biomass_share=0.0,
            by_product_share=0.0,
            status=np.where(old, "operating", "new"),
        ),
        "allowance_unit": rows(
            entity,
            unit=unit,
            verified_emissions=np.round(emissions, 2),
            heat_supplied=np.round(supplied.sum(axis=1), 2),
            gross_generation=np.round(yearly, 2),
            load_factor=np.round(yearly / (rating * hours.sum(axis=1)), 6),
            running_hours=hours.sum(axis=1),
        ),
        "allowance_base_year": rows(entity[old], unit=unit[old], base_emissions=before[old]),
        "limit_object": _coal_rate(plants, entity, unit, rating, gas | (number > 1), efficiency),
    }


def _coal_rate(
    plants: Plants, entity: Numbers, unit: Numbers, rating: Numbers, without: Numbers, efficiency: Numbers
) -> pd.DataFrame:
    """The net coal rate of the first unit of each plant that burns coal: one verdict a plant."""
    kept = ~without
    names = ["ultra_supercritical", "supercritical", "supercritical", "subcritical", "ultra_high_pressure"]
    classes = ["mw_1000", "mw_600", "mw_300", "mw_300", "mw_200_and_below"]
    at = np.searchsorted([-1000, -660, -350, -300, -135], -rating[kept], side="right") - 1
    rate = 122.9 / plants.around(efficiency[kept] * 1.05, 0.02) / 0.945
    return rows(
        entity[kept],
        name=unit[kept],
        status="existing",
        pressure=np.take(names, at),
        capacity_class=np.take(classes, at),
        reported_net_coal_rate=np.round(rate, 1),
    )


@dataclass(frozen=True)
class _Power:
    """What the units of the power plants burn to give the heat they need by month."""

    plants: Plants
    entity: Numbers
    unit: Numbers
    needed: Numbers

    def coal(self, burning: Numbers) -> tuple[pd.DataFrame, pd.DataFrame, Numbers]:
        """Rows of coal and, where it is sampled, lots of it, and by unit and month the CO2."""
        plants, dice = self.plants, self.plants.dice
        emissions = np.zeros_like(self.needed)
        kinds = 1 + dice.choice(4, len(self.entity), p=(0.2, 0.3, 0.3, 0.2))
        sampled = burning & (dice.random(len(self.entity)) < 0.5)
        frames, lots = [], []
        for place, fuel in enumerate(COALS):
            own = burning & (kinds > place)
            shape = (int(own.sum()), MONTHS)
            value = np.round(plants.around(HEATING_VALUES[place], 0.04, *shape), 3)
            share = 0.94 / kinds[own][:, None]  # the rest is what the oil of ignition and errors of weighing give
            tonnes = np.round(self.needed[own] * (share + 0.06 * (place == 0)) / value)
            carbon = np.round(plants.around(CARBON_DRY[place], 0.02, *shape), 4)
            moisture = np.round(plants.around(MOISTURES[place], 0.06, *shape), 3)
            lots.append(self._lots(own, sampled, fuel, tonnes, value))
            frames.append(
                plants.monthly(
                    self.entity[own],
                    unit=self.unit[own],
                    fuel=fuel,
                    consumption=tonnes,
                    consumption_state="in_furnace",
                    net_calorific_value=np.where(sampled[own][:, None], np.nan, value),
                    ncv_state="in_furnace",
                    ncv_source="own_test",
                    element_carbon=carbon,
                    carbon_basis="dry",
                    carbon_state="in_furnace",
                    carbon_source="commissioned_test",
                    carbon_report=numbered("CNAS-模拟-{}", self.entity[own]),
                    total_moisture=moisture,
                    data_source="meter",
                )
            )
            emissions[own] += tonnes * carbon * (1 - moisture) * 0.99 * CO2
        return pd.concat(frames), pd.concat(lots), emissions

    def _lots(self, own: Numbers, sampled: Numbers, fuel: str, tonnes: Numbers, value: Numbers) -> pd.DataFrame:
        """Four lots a month that add up to its tonnes, all of the month's heating value."""
        both = sampled[own]
        quarter = np.floor(tonnes[both] / 4)
        masses = [quarter, quarter, quarter, tonnes[both] - 3 * quarter]
        return pd.concat(
            self.plants.monthly(
                self.entity[own][both],
                unit=self.unit[own][both],
                fuel=fuel,
                sample=f"第{lot}批",
                mass=mass,
                net_calorific_value=value[both],
            )
            for lot, mass in enumerate(masses, 1)
        )

    def gas_and_oil(self, gas: Numbers) -> tuple[pd.DataFrame, Numbers]:
        """Diesel of every unit for ignition, natural gas of gas units, and the CO2 of both."""
        plants, shape = self.plants, (len(self.entity), MONTHS)
        tonnes = np.round(plants.around(12, 0.6, *shape), 2)
        volume = np.round(self.needed[gas] / GAS_HEAT, 2)
        emissions = tonnes * 42.652 * 0.0202 * 0.98 * CO2
        emissions[gas] += volume * GAS_HEAT * GAS_CARBON * 0.99 * CO2
        diesel = plants.monthly(self.entity, unit=self.unit, fuel="diesel", consumption=tonnes, data_source="invoice")
        burnt = plants.monthly(
            self.entity[gas], unit=self.unit[gas], fuel="natural_gas", consumption=volume, data_source="meter"
        )
        return pd.concat([diesel, burnt]), emissions


# Cement: clinker lines that stand still in winter

SUBSTITUTES = {"carbide_slag": 0.48, "phosphogypsum": 0.245, "steel_slag": 0.215, "zinc_slag": 0.135, "red_mud": 0.055}
SUPPLIERS = 12


def cement(plants: Plants) -> Sheets:
    entity, number = plants.lines(1, (0.55, 0.35, 0.10))
    line, count = numbered("{}号线", number), len(entity)
    clinker = np.round(plants.around(4000, 0.4, count)[:, None] * plants.days * 0.62 * season(0.5, 7))
    process, waste = clinker * 0.535, []
    for material, deduction in SUBSTITUTES.items():
        tonnes = np.round(clinker * plants.around(0.012, 0.5, count)[:, None])
        process -= tonnes * deduction
        waste.append(plants.monthly(entity, line=line, material=material, consumption=tonnes, data_source="meter"))
    coal, burnt, heat = [], np.zeros_like(clinker), np.zeros_like(clinker)
    for supplier in range(1, SUPPLIERS + 1):
        value = np.round(plants.around(22, 0.05, count, MONTHS), 3)
        tonnes = np.round(clinker * plants.around(3.05, 0.05, count)[:, None] / SUPPLIERS / value)
        heat += tonnes * value
        burnt += tonnes * value * 0.02618 * 0.99 * CO2
        coal.append(
            plants.monthly(
                entity,
                source=f"供方{supplier}",
                line=line,
                equipment="cement_kiln",
                fuel="bituminous_coal",
                consumption=tonnes,
                net_calorific_value=value,
                oxidation_factor=np.nan,
                data_source="own_laboratory",
            )
        )
    tyres = np.round(clinker * plants.around(0.004, 0.6, count)[:, None])
    first = number == 1
    yearly = clinker[first].sum(axis=1)
    return {
        "clinker_line_fuel": pd.concat(coal),
        "clinker_line_output": plants.monthly(
            entity, line=line, clinker="portland", output=clinker, data_source="meter"
        ),
        "clinker_line_substitute": pd.concat(waste),
        "clinker_line_alternative_fuel": plants.monthly(
            entity, line=line, fuel="waste_tyres", consumption=tyres, net_calorific_value=31.0, data_source="meter"
        ),
        "fuel_combustion": _vehicles(plants),
        "guide_electricity": _power_bought(plants, 9000),
        "guide_heat": plants.monthly(
            plants.places, source="热电厂", flow="purchased", carrier="steam", heat=_amounts(plants, 120, 0.6)
        ),
        "allowance_line": rows(
            entity,
            line=line,
            industry="cement",
            status="operating",
            verified_emissions=np.round((burnt + process).sum(axis=1), 2),
        ),
        "limit_object": rows(
            entity[first],
            name=line[first],
            status="existing",
            altitude=np.round(plants.around(250, 0.8, len(yearly))).clip(0, 1400),
            output=yearly,
            coal_total=np.round(heat[first].sum(axis=1) / 29.3076, 1),
            electricity_total=np.round(yearly * plants.around(55, 0.08, len(yearly))),
        ),
    }


def _vehicles(plants: Plants) -> pd.DataFrame:
    fuels = {"diesel": 60, "gasoline": 4}
    return pd.concat(
        plants.monthly(
            plants.places, source="车辆", fuel=fuel, consumption=_amounts(plants, size, 0.5), data_source="invoice"
        )
        for fuel, size in fuels.items()
    )


def _power_bought(plants: Plants, size: float, **grid: Numbers) -> pd.DataFrame:
    amounts = _amounts(plants, size, 0.5)
    bought = {"source": "电网", "flow": "purchased", "electricity": amounts, "data_source": "invoice"}
    return plants.monthly(plants.places, **bought, **grid)


def _amounts(plants: Plants, size: float, spread: float) -> Numbers:
    """An amount by entity and month: works of different sizes, months that differ less."""
    count = len(plants.places)
    return np.round(plants.around(size, spread, count)[:, None] * plants.around(1, 0.08, count, MONTHS), 2)


# Steel: the integrated works of the shipped case, larger and smaller

GROWING = ("consumption", "purchase", "sold", "market_power_use", "output", "quantity", "electricity", "generation",
           "heat_supplied", "heat", "mass", "dry_quantity")  # fmt: skip
STEEL_KINDS = {
    "fuel": "steel_fuel",
    "material": "steel_material",
    "product": "steel_product",
    "procedure_fuel": "steel_procedure_fuel",
    "procedure_output": "steel_procedure_output",
    "power_fuel": "steel_power_fuel",
    "power_output": "steel_power_output",
    "procedure_electricity": "steel_procedure_electricity",
    "procedure_heat": "steel_procedure_heat",
    "dry_fuel": "steel_dry_fuel",
}
STEEL_MONTH = 327327.3628  # tCO2 of a month of the case, worked by hand there


def steel(plants: Plants) -> Sheets:
    case = carbonstd.read_case(STEEL)
    count = len(plants.places)
    scale = np.round(plants.around(0.9, 0.8, count)[:, None] * plants.around(season(0.06, 5), 0.03, count, MONTHS), 4)
    sheets = {
        kind: _scaled(plants, pd.DataFrame(case.sheets[sheet].columns), scale) for sheet, kind in STEEL_KINDS.items()
    }
    return sheets | {
        "allowance_line": rows(
            plants.places,
            line="全厂",
            industry="steel",
            status="operating",
            verified_emissions=np.round(STEEL_MONTH * scale.sum(axis=1), 2),
        ),
        "limit_object": rows(
            plants.places,
            name="1号高炉",
            status="existing",
            process="blast_furnace",
            rare_earth_share=0.0,
            v_ti_share=0.0,
            laterite_share=0.0,
            feed_grade=np.round(plants.around(57.5, 0.02, count), 1),
            reported_energy=np.round(plants.around(395, 0.06, count), 1),
        ),
    }


def _scaled(plants: Plants, pattern: pd.DataFrame, scale: Numbers) -> pd.DataFrame:
    """Each stream of a month of the case in every month of every works, its amounts scaled alike so that they fit."""
    streams = pattern[pattern["month"] == pattern["month"].iloc[0]].drop(columns="month")
    return pd.concat(
        plants.monthly(
            plants.places,
            **{
                str(name): np.round(float(cell) * scale, 4) if name in GROWING and not pd.isna(cell) else _plain(cell)
                for name, cell in stream.items()
            },
        )
        for _, stream in streams.iterrows()
    )


def _plain(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, str) else float(cell)


# Aluminium: potlines, casting, a power plant of one's own beside them

ANODE = (1 - 0.1518) * (1 - 0.02 - 0.004) * CO2  # tCO2 of a tonne of anode


def aluminium(plants: Plants) -> Sheets:
    entity, number = plants.lines(1, (0.5, 0.35, 0.15))
    line, count = numbered("{}系列", number), len(entity)
    metal = np.round(plants.around(22000, 0.4, count)[:, None] * plants.around(1, 0.02, count, MONTHS))
    anode = np.round(metal * plants.around(0.5, 0.02, count)[:, None])
    cells = np.round(metal * plants.around(13.2, 0.015, count)[:, None])
    yearly = pd.Series(metal.sum(axis=1)).groupby(entity).sum().to_numpy()
    power = pd.Series(cells.sum(axis=1)).groupby(entity).sum().to_numpy() * 1000  # kWh
    return {
        "cets_electrolysis": plants.monthly(
            entity, line=line, production=metal, anode_consumption=anode, electricity=cells, data_source="meter"
        ),
        "fuel_combustion": _furnaces(plants),
        "guide_carbonate": plants.monthly(
            plants.places, use="烟气净化", carbonate="Na2CO3", consumption=_amounts(plants, 170, 0.5), purity=0.99
        ),
        "cets_other_facility": plants.monthly(
            plants.places, facility="自备电厂", emissions=_amounts(plants, 250000, 0.6)
        ),
        "cets_net_purchase": plants.monthly(plants.places, electricity=_amounts(plants, 100000, 0.6), heat=np.nan),
        "allowance_line": rows(
            entity,
            line=line,
            industry="aluminium",
            status="operating",
            anode_emissions=np.round((anode * ANODE).sum(axis=1), 2),
            cf4_mass=np.round(metal.sum(axis=1) * 0.02, 2),
            c2f6_mass=np.round(metal.sum(axis=1) * 0.0011, 3),
        ),
        "limit_object": rows(
            plants.places,
            name="电解铝",
            status="existing",
            output=np.round(yearly * 0.98),
            liquid_output=yearly,
            liquid_electricity_total=power,
            liquid_comprehensive_electricity_total=np.round(power * 1.02),
            ingot_comprehensive_electricity_total=np.round(power * 1.025),
            comprehensive_energy_total=np.round(power * 1.03 * 0.0001229),
        ),
    }


def _furnaces(plants: Plants) -> pd.DataFrame:
    """Fuels of the casting and other furnaces, all figures typed, for that guide has no defaults for them."""
    fuels = [("natural_gas", 389.31, 0.01532, 0.99, 120), ("diesel", 42.652, 0.0202, 0.98, 25)]
    return pd.concat(
        plants.monthly(
            plants.places,
            source=f"{shop}车间",
            fuel=fuel,
            consumption=_amounts(plants, size, 0.5),
            net_calorific_value=value,
            carbon_content=carbon,
            oxidation_factor=oxidised,
            data_source="supplier",
        )
        for shop in ("熔铸", "焙烧", "辅助")
        for fuel, value, carbon, oxidised, size in fuels
    )


# Other industries: fuels, power and heat, by the guide of each

OTHER_FUELS = {
    "bituminous_coal": (900.0, 21.0),
    "natural_gas": (40.0, np.nan),
    "diesel": (15.0, np.nan),
    "fuel_oil": (60.0, np.nan),
}


def other(plants: Plants) -> Sheets:
    count = len(plants.places)
    fuels = pd.concat(
        plants.monthly(
            plants.places,
            source=f"{shop}车间",
            fuel=fuel,
            consumption=_amounts(plants, size, 0.8),
            net_calorific_value=np.round(plants.around(value, 0.05, count, MONTHS), 3),
            oxidation_factor=np.nan,
            data_source="meter",
        )
        for shop in ("一", "二", "三", "四", "五", "六")
        for fuel, (size, value) in OTHER_FUELS.items()
    )
    return {
        "fuel_combustion": fuels,
        "guide_electricity": _power_bought(plants, 4000, grid=plants.grids),
        "guide_heat": plants.monthly(
            plants.places, source="热电厂", flow="purchased", carrier="steam", heat=_amounts(plants, 3000, 0.8)
        ),
    }
