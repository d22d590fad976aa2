"""The data sets of an openLCA export: units, flows, processes and the system, each as its JSON-LD.

What a process buys and burns is in its emissions, one elementary flow a category, in kg of carbon dioxide equivalents.
Ids follow from company and name, so that a newer export takes the place of an older one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from carbonstd._openlca.system import CATEGORIES, Amount, Process, System, system_of
from carbonstd._result.result import Result
from carbonstd._result.statement import full_statement
from carbonstd._yaml import load_file

Entity = dict[str, Any]
_NAMESPACE = uuid.UUID("0d6c3a1e-52f4-5a0b-8a6f-7d1f4a0f9c35")  # of this program's data sets
_VERSION = "01.00.000"
_REMOVAL, _CREDIT = "biogenic_removal", "credit"
_FLOWS = {
    "fossil": "fossil", "biogenic_emission": "biogenic", "biogenic_removal": "biogenic, removed",
    "land_use_change": "direct land-use change", "aircraft": "aircraft", "land_use": "land use",
    "indirect_land_use_change": "indirect land-use change", "credit": "displaced by co-products",
}  # fmt: skip
_ECONOMIC, _PHYSICAL = "ECONOMIC_ALLOCATION", "PHYSICAL_ALLOCATION"


@cache
def _quantities() -> Mapping[str, Any]:
    held: Mapping[str, Any] = load_file(Path(__file__).with_name("openlca.yaml"))
    return held


class Maker:
    """Makes the data sets of one result. Raises CaseError where it has no product system."""

    def __init__(self, result: Result) -> None:
        self.result, self.system = result, system_of(result)
        self.owner = str(result.case.entity.get("code") or result.case.title("zh"))
        self.ids = {name: self._uuid("process", name) for name in (item.name for item in self.system.processes)}
        self.bases = {out.product: out.basis for item in self.system.processes for out in item.outputs}

    def entities(self) -> Iterator[Entity]:
        used = {*self.bases.values(), "mass"}
        for basis in sorted(used):
            yield from self._quantity(basis)
        for product, basis in self.bases.items():
            yield self._flow(self._product_id(product), product, "PRODUCT_FLOW", basis, "carbonstd")
        for category in (*CATEGORIES, _CREDIT):
            name = f"CO2 equivalents, {_FLOWS[category]}"
            yield self._flow(_elementary_id(category), name, "ELEMENTARY_FLOW", "mass", "carbonstd/CO2e by category")
        for process in self.system.processes:
            yield self._process(process)
        yield self._product_system(self.system)

    def _uuid(self, kind: str, name: str) -> str:
        return str(uuid.uuid5(_NAMESPACE, f"{kind}\n{self.owner}\n{name}"))

    def _product_id(self, product: str) -> str:
        return self._uuid("product", product)

    def _root(self, kind: str, name: str, known: str, category: str = "") -> Entity:
        made = {"@type": kind, "@id": known, "name": name, "version": _VERSION, "lastChange": self._changed()}
        return made | ({"category": category} if category else {})

    def _changed(self) -> str:
        return f"{self.result.case.as_of.isoformat()}T00:00:00Z"

    def _quantity(self, basis: str) -> Iterator[Entity]:
        """A unit group and its flow property, by openLCA's own ids."""
        held = _quantities()[basis]
        group, quantity = held["unit_group"], held["flow_property"]
        units = [
            {
                "@type": "Unit",
                "@id": unit["id"],
                "name": unit["name"],
                "isRefUnit": not number,
                "conversionFactor": float(unit["factor"]),
            }
            for number, unit in enumerate(held["units"])
        ]
        property_of = {"defaultFlowProperty": _ref("FlowProperty", quantity["id"], quantity["name"])}
        yield self._root("UnitGroup", group["name"], group["id"]) | property_of | {"units": units}
        kind = {"flowPropertyType": "PHYSICAL_QUANTITY", "unitGroup": _ref("UnitGroup", group["id"], group["name"])}
        yield self._root("FlowProperty", quantity["name"], quantity["id"]) | kind

    def _flow(self, known: str, name: str, kind: str, basis: str, category: str) -> Entity:
        factor = {
            "@type": "FlowPropertyFactor",
            "isRefFlowProperty": True,
            "conversionFactor": 1.0,
            "flowProperty": _property(basis),
        }
        return self._root("Flow", name, known, category) | {"flowType": kind, "flowProperties": [factor]}

    def _process(self, process: Process) -> Entity:
        exchanges = [*self._made(process), *self._taken(process), *self._emitted(process)]
        for number, exchange in enumerate(exchanges, 1):
            exchange["internalId"] = number
        made = self._root("Process", process.name, self.ids[process.name], f"carbonstd/{process.stage}") | {
            "processType": "UNIT_PROCESS",
            "lastInternalId": len(exchanges),
            "exchanges": exchanges,
            "processDocumentation": self._documentation(process),
        }
        return made | (self._allocation(process) if len(process.outputs) > 1 else {})

    def _made(self, process: Process) -> Iterator[Entity]:
        """The reference comes first: the product that is wanted, else the first that answers for a part of the run."""
        wanted = self.system.demand.product
        order = sorted(process.outputs, key=lambda out: (out.product != wanted, out.share == 0))
        for number, out in enumerate(order):
            yield self._exchange(out, is_input=False) | {"isQuantitativeReference": not number}

    def _taken(self, process: Process) -> Iterator[Entity]:
        for item in process.inputs:
            maker = self.system.maker(item.product)
            yield self._exchange(item, is_input=True) | {"defaultProvider": self._process_ref(maker)}

    def _emitted(self, process: Process) -> Iterator[Entity]:
        figures = {**process.emitted, **({_CREDIT: process.credit} if process.credit else {})}
        for category, value in figures.items():
            flow = _ref("Flow", _elementary_id(category), f"CO2 equivalents, {_FLOWS[category]}")
            yield _exchange(flow, value, "mass", category in (_REMOVAL, _CREDIT))

    def _exchange(self, item: Amount, is_input: bool) -> Entity:
        return _exchange(_ref("Flow", self._product_id(item.product), item.product), item.amount, item.basis, is_input)

    def _allocation(self, process: Process) -> Entity:
        """Shares by product. A process that is expanded gives its main product all, and the credit is an exchange."""
        kind = _ECONOMIC if process.allocation == "value" else _PHYSICAL
        factors = [
            {
                "@type": "AllocationFactor",
                "allocationType": kind,
                "product": _ref("Flow", self._product_id(out.product), out.product),
                "value": out.share,
            }
            for out in process.outputs
        ]
        return {"defaultAllocationMethod": kind, "allocationFactors": factors}

    def _documentation(self, process: Process) -> Entity:
        period = self.result.case.period
        way = process.allocation.replace("_", " ") if len(process.outputs) > 1 else ""
        told = {
            "validFrom": period.start.isoformat(),
            "validUntil": period.end.isoformat(),
            "creationDate": self._changed(),
            "timeDescription": str(period),
            "inventoryMethodDescription": f"Allocation: {way}. {process.reason}".strip() if way else "",
            "useAdvice": full_statement(self.result, "en"),
        }
        return {"@type": "ProcessDocumentation"} | {name: text for name, text in told.items() if text}

    def _process_ref(self, process: Process) -> Entity:
        return _ref("Process", self.ids[process.name], process.name)

    def _product_system(self, system: System) -> Entity:
        demand, reference = system.demand, system.maker(system.demand.product)
        links = [link for process in system.processes for link in self._links(process)]
        known = self._uuid("system", demand.product)
        return self._root("ProductSystem", demand.product, known, "carbonstd") | {
            "description": full_statement(self.result, "en"),
            "refProcess": self._process_ref(reference),
            "refExchange": {"@type": "ExchangeRef", "internalId": 1},
            "targetAmount": demand.amount,
            "targetFlowProperty": _property(demand.basis),
            "targetUnit": _unit(demand.basis),
            "processes": [self._process_ref(process) for process in system.processes],
            "processLinks": links,
        }

    def _links(self, process: Process) -> Iterator[Entity]:
        """Inputs follow the outputs among the exchanges of a process."""
        for number, item in enumerate(process.inputs, len(process.outputs) + 1):
            yield {
                "@type": "ProcessLink",
                "process": self._process_ref(process),
                "provider": self._process_ref(self.system.maker(item.product)),
                "flow": _ref("Flow", self._product_id(item.product), item.product),
                "exchange": {"@type": "ExchangeRef", "internalId": number},
            }


def _elementary_id(category: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"elementary\n{category}"))


def _ref(kind: str, known: str, name: str) -> Entity:
    return {"@type": kind, "@id": known, "name": name}


def _property(basis: str) -> Entity:
    quantity = _quantities()[basis]["flow_property"]
    return _ref("FlowProperty", quantity["id"], quantity["name"])


def _unit(basis: str) -> Entity:
    """The unit in which amounts of a basis are here: the last one listed."""
    unit = _quantities()[basis]["units"][-1]
    return _ref("Unit", unit["id"], unit["name"])


def _exchange(flow: Entity, amount: float, basis: str, is_input: bool) -> Entity:
    return {
        "@type": "Exchange",
        "flow": flow,
        "flowProperty": _property(basis),
        "unit": _unit(basis),
        "amount": amount,
        "isInput": is_input,
        "isAvoidedProduct": False,
        "isQuantitativeReference": False,
    }
