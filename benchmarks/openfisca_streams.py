"""The same fuel rows in OpenFisca: a little country whose streams (a fuel of a site) burn by month.

`python openfisca_streams.py ROWS.npz`, a program of its own, run in an environment that has openfisca-core
and not carbonstd: `peers.by_openfisca` speaks to it. It says that the rows are read, then answers every line on its
standard input with the total. Each answer calculates the emissions of all months anew, in OpenFisca's float32.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

STREAM = build_entity(key="stream", plural="streams", label="A fuel of a site", is_person=True)
SITE = build_entity(key="site", plural="sites", label="A site", roles=[{"key": "stream", "plural": "streams"}])
RATIO = 44 / 12


class consumption(Variable):
    value_type, entity, definition_period = float, STREAM, DateUnit.MONTH


class measured_heating_value(Variable):
    value_type, entity, definition_period = float, STREAM, DateUnit.MONTH
    default_value = np.nan


class emissions(Variable):
    value_type, entity, definition_period = float, STREAM, DateUnit.MONTH

    def formula(stream: Any, period: Any, parameters: Any) -> Any:
        table, fuel = parameters(period).fuels, stream("fuel", period)
        measured = stream("measured_heating_value", period)
        heating_value = np.where(np.isnan(measured), table.net_calorific_value[fuel], measured)
        carbon = table.carbon_content[fuel] * table.oxidation_factor[fuel]
        return stream("consumption", period) * heating_value * carbon * RATIO


class site_emissions(Variable):
    value_type, entity, definition_period = float, SITE, DateUnit.MONTH

    def formula(site: Any, period: Any) -> Any:
        return site.sum(site.members("emissions", period))


def country(given: Any) -> TaxBenefitSystem:
    """The variables, and the fuel table as parameters: one by column and fuel."""
    names = [str(name) for name in given["fuels"]]
    fuels = Enum("Fuel", {name: name for name in names})
    kind = {"value_type": Enum, "possible_values": fuels, "default_value": fuels[names[0]], "entity": STREAM}
    fuel = type("fuel", (Variable,), {**kind, "definition_period": DateUnit.ETERNITY})
    system = TaxBenefitSystem([STREAM, SITE])
    system.add_variables(fuel, consumption, measured_heating_value, emissions, site_emissions)
    columns = ("net_calorific_value", "carbon_content", "oxidation_factor")
    data = {
        column: {
            name: {"values": {"2024-01-01": float(value)}} for name, value in zip(names, given[column], strict=True)
        }
        for column in columns
    }
    system.parameters = ParameterNode("", data={"fuels": data})
    return system


def simulation(given: Any) -> Simulation:
    """Every stream of every site, its figures by month; a month without a row has no consumption."""
    streams, stream = np.unique(
        given["source"].astype(np.int64) * len(given["fuels"]) + given["fuel"], return_inverse=True
    )
    site, fuel = np.divmod(streams, len(given["fuels"]))
    system, builder = country(given), SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("stream", np.arange(len(streams)))
    sites = builder.declare_entity("site", np.unique(site))
    builder.join_with_persons(sites, site, roles=np.full(len(streams), "stream"))
    made = builder.build(system)
    made.set_input("fuel", "2025", fuel)
    for code, month in enumerate(given["months"]):
        rows = given["month"] == code
        for name, column, blank in (
            ("consumption", "consumption", 0.0),
            ("measured_heating_value", "own_net_calorific_value", np.nan),
        ):
            values = np.full(len(streams), blank)
            values[stream[rows]] = given[column][rows]
            made.set_input(name, str(month), values)
    return made


def total(made: Simulation, months: Any) -> float:
    for name in ("emissions", "site_emissions"):
        made.delete_arrays(name)
    return sum(float(made.calculate("site_emissions", str(month)).sum(dtype=np.float64)) for month in months)


def main(path: str) -> None:
    given = dict(np.load(path))
    made = simulation(given)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(total(made, given["months"]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
