"""A solved product system as what openLCA needs of it: processes with what they make, take and emit by run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._result.records import Record, records
from carbonstd._result.result import Result

CATEGORIES = (
    "fossil", "biogenic_emission", "biogenic_removal", "land_use_change", "aircraft", "land_use",
    "indirect_land_use_change",
)  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """An amount of a product, in the unit of its basis."""

    product: str
    amount: float
    basis: str
    share: float = 1.0  # of the run that an output answers for


@dataclass(frozen=True)
class Process:
    """A run as recorded. `emitted` are kgCO2e by category; `credit` is what co-products displace, kgCO2e."""

    name: str
    stage: str
    allocation: str
    reason: str
    outputs: tuple[Amount, ...]
    inputs: tuple[Amount, ...]
    emitted: Mapping[str, float]
    credit: float


@dataclass(frozen=True)
class System:
    """The processes that the demand calls for."""

    demand: Amount
    processes: tuple[Process, ...]

    def maker(self, product: str) -> Process:
        return next(item for item in self.processes if any(out.product == product for out in item.outputs))


def system_of(result: Result) -> System:
    """The system of a result, without processes the demand does not call for. Raises CaseError where there is none."""
    demanded = records(result, "footprint_product")
    if not demanded or "activity" not in result.method.equations:
        raise CaseError(findings=[finding("openlca-no-system", result.method.id)])
    activity = {process: value for (process,), value in result.values("activity").items()}
    shares = list(result.values("output_share").values())
    outputs = _by_process(records(result, "footprint_output"), shares)
    called = {row.text("product") for row in records(result, "footprint_output") if activity.get(row.text("process"))}
    taken = [
        row for row in records(result, "footprint_input") if row.text("product") in called and row.number("amount")
    ]
    inputs = _by_process(taken)
    credits = _credits(result)
    emitted = {category: _runs(result, category) for category in CATEGORIES}
    processes = tuple(
        Process(
            name,
            item.text("stage"),
            item.text("allocation"),
            item.text("allocation_reason"),
            tuple(outputs.get(name, ())),
            tuple(inputs.get(name, ())),
            {category: values[name] for category, values in emitted.items() if values.get(name)},
            credits.get(name, 0.0),
        )
        for item in records(result, "footprint_process")
        if activity.get(name := item.text("process"))
    )
    product = demanded[0]
    return System(Amount(product.text("product"), product.number("demand") or 0.0, product.basis), processes)


def _by_process(rows: list[Record], shares: list[float] | None = None) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    for index, row in enumerate(rows):
        share = shares[index] if shares else 1.0
        amount = Amount(row.text("product"), row.number("amount") or 0.0, row.basis, share)
        found.setdefault(row.text("process"), []).append(amount)
    return found


def _runs(result: Result, category: str) -> dict[str, float]:
    """kgCO2e of each whole run, in one category."""
    return {process: value for (process,), value in result.values(f"run_{category}").items()}


def _credits(result: Result) -> dict[str, float]:
    """kgCO2e that the co-products of each run displace, where its process is expanded."""
    expanded = {
        row.text("process") for row in records(result, "footprint_process") if row.text("allocation") == "expansion"
    }
    found: dict[str, float] = {}
    for row in records(result, "footprint_output"):
        name, factor = row.text("process"), row.number("credit_factor")
        if name in expanded and factor is not None:
            found[name] = found.get(name, 0.0) + factor * (row.number("amount") or 0.0)
    return found
