"""Product systems: which part of its recorded run each unit process owes to the functional unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome
from carbonstd.models._technosphere import Indices, Technosphere

Floats = NDArray[np.float64]
Labels = NDArray[Any]
Mask = NDArray[np.bool_]

_ROUNDING = 1e-6  # shares typed to six digits may miss one by this much


@dataclass(frozen=True)
class _System:
    """The lists of a product system as codes; a label that leads nowhere is -1.

    `rate` is the part of its process's run that one unit of an output answers for: share / amount.
    """

    names: list[str]
    made_by: Indices  # (outputs,) the process of each output
    used_by: Indices  # (inputs,) the process of each input
    input_from: Indices  # (inputs,) the output that is used
    demand_from: Indices  # (demands,) the output that is wanted
    rate: Floats

    def technosphere(self, amount: Floats) -> Technosphere:
        rows, values = self.made_by[self.input_from], amount * self.rate[self.input_from]
        return Technosphere(len(self.names), rows, self.used_by, values)

    def wanted(self, demand: Floats) -> Floats:
        at, runs = self.made_by[self.demand_from], demand * self.rate[self.demand_from]
        return np.bincount(at, weights=runs, minlength=len(self.names)).astype(np.float64)


def product_activity(
    process: Labels,
    output_process: Labels,
    output_product: Labels,
    output_amount: Floats,
    output_basis: Labels,
    output_share: Floats,
    input_process: Labels,
    input_product: Labels,
    input_amount: Floats,
    input_basis: Labels,
    demand_product: Labels,
    demand: Floats,
    demand_basis: Labels,
) -> Outcome:
    """The part of each process's recorded run that a demand calls for.

    A process with several products is divided by shares into processes of one product each; their inputs and emissions
    are its own times the share. Its activity is what all of them together come to.

    Args:
        process: (processes,) each unit process once.
        output_...: (outputs,) what a run makes, in the unit of its basis, and which share of the run it answers for.
        input_...: (inputs,) what a run takes of the products of this system; repeated rows add up.
        demand_...: (demands,) the reference flows of the functional or declared unit.

    Returns:
        activity (processes,), `labels` the processes; `working`: runs called for directly and through other processes.
        All NaN where a figure is missing or there is no answer, never the nearest one. Findings name the cells.

    Source: R. Heijungs and S. Suh, The Computational Structure of Life Cycle Assessment (2002), ch. 2 and 3.
    """
    names = list(dict.fromkeys(str(name) for name in process))
    findings = {
        **_strangers(process, output_process, input_process, output_product),
        **_amounts(process, output_process, output_amount, output_share),
        **_links(output_process, output_product, input_process, input_product, demand_product),
        **_bases(output_product, output_basis, input_product, input_basis, demand_product, demand_basis),
        **_overdrawn(output_product, output_amount, input_product, input_amount),
    }
    nothing = Outcome(np.full(len(names), np.nan), {}, findings, names)
    system = _system(
        names, output_process, output_product, output_amount, output_share, input_process, input_product, demand_product
    )
    found = (system.made_by, system.used_by, system.input_from, system.demand_from)
    figures = (system.rate, input_amount, demand)
    if any((codes < 0).any() for codes in found) or not all(np.isfinite(item).all() for item in figures):
        return nothing
    technosphere, wanted = system.technosphere(input_amount), system.wanted(demand)
    activity = technosphere.solve(wanted)
    if activity is None:
        findings |= _endless(technosphere, system, process, input_process)
        return nothing
    if (idle := activity == 0).any():
        findings["product-system-idle"] = (idle[_codes(process, names)], {"process": process}, "process")
    working = {"process": _labels(names), "direct": wanted, "through_others": activity - wanted}
    return Outcome(activity, working, findings, names)


def activity_slopes(
    weights: Floats,
    process: Labels,
    output_process: Labels,
    output_product: Labels,
    output_amount: Floats,
    output_basis: Labels,
    output_share: Floats,
    input_process: Labels,
    input_product: Labels,
    input_amount: Floats,
    input_basis: Labels,
    demand_product: Labels,
    demand: Floats,
    demand_basis: Labels,
) -> Mapping[str, Floats]:
    """Derivatives of the sum of weights x activity by each figure, by one solve backwards.

    With v = (1 - needs)^-T weights, a unit of runs wanted of process i adds v_i; every figure only adds such runs.
    """
    names = list(dict.fromkeys(str(name) for name in process))
    system = _system(
        names, output_process, output_product, output_amount, output_share, input_process, input_product, demand_product
    )
    technosphere = system.technosphere(input_amount)
    activity = technosphere.solve(system.wanted(demand))
    if activity is None:
        return {}
    worth = technosphere.backwards(weights)[system.made_by]
    runs = activity[system.used_by]
    wanted = np.broadcast_to(demand, system.demand_from.shape)
    called = np.bincount(system.input_from, weights=input_amount * runs, minlength=len(worth)) + np.bincount(
        system.demand_from, weights=wanted, minlength=len(worth)
    )  # a sum and no addition in place: without rows numpy counts in whole numbers
    each = worth * system.rate
    return {
        "output_amount": -each * called / output_amount,
        "output_share": worth * called / output_amount,
        "input_amount": each[system.input_from] * runs,
        "demand": each[system.demand_from],
    }


def _system(
    names: list[str],
    output_process: Labels,
    output_product: Labels,
    output_amount: Floats,
    output_share: Floats,
    input_process: Labels,
    input_product: Labels,
    demand_product: Labels,
) -> _System:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.asarray(output_share / output_amount, dtype=np.float64)
    products = [str(product) for product in output_product]
    if len(set(products)) < len(products):  # made twice: which is used, nobody can say
        rate = np.full(len(rate), np.nan)
    return _System(
        names,
        _codes(output_process, names),
        _codes(input_process, names),
        _codes(input_product, products),
        _codes(demand_product, products),
        rate,
    )


def _strangers(
    process: Labels, output_process: Labels, input_process: Labels, output_product: Labels
) -> dict[str, Any]:
    """Processes listed twice, rows of processes that are not listed, products that two rows make."""
    findings: dict[str, Any] = {}
    twice, makes = _repeated(process), _repeated(output_product)
    if twice.any():
        findings["product-system-process-twice"] = (twice, {"process": process}, "process")
    known = {str(name) for name in process}
    for side, labels in (("output_process", output_process), ("input_process", input_process)):
        stray = np.array([str(label) not in known for label in labels], dtype=bool)
        if stray.any():
            code = (
                "product-system-process-unknown" if side == "output_process" else "product-system-input-process-unknown"
            )
            findings[code] = (stray, {"process": labels, "known": ", ".join(known)}, side)
    if makes.any():
        by: dict[str, list[str]] = {str(product): [] for product in output_product}
        for product, maker in zip(output_product, output_process, strict=True):
            by[str(product)].append(str(maker))
        makers = _labels([", ".join(by[str(product)]) for product in output_product])
        values = {"product": output_product, "processes": makers}
        findings["product-system-made-twice"] = (makes, values, "output_product")
    return findings


def _amounts(process: Labels, output_process: Labels, amount: Floats, share: Floats) -> dict[str, Any]:
    """Outputs of nothing, and shares of a process that do not add up to one."""
    findings: dict[str, Any] = {}
    empty = amount <= 0
    if empty.any():
        findings["product-system-output-zero"] = (empty, {"process": output_process}, "output_amount")
    names = list(dict.fromkeys(str(name) for name in output_process))
    codes = _codes(output_process, names)
    sums = np.bincount(codes, weights=share, minlength=len(names))[codes] if len(codes) else share
    off = np.abs(sums - 1) > _ROUNDING
    if off.any():
        values = {"process": output_process, "sum": sums}
        findings["product-system-shares"] = (off, values, "output_product")
    return findings


def _links(
    output_process: Labels, output_product: Labels, input_process: Labels, input_product: Labels, demand_product: Labels
) -> dict[str, Any]:
    """Inputs and demands of products that nobody makes."""
    findings: dict[str, Any] = {}
    products = list(dict.fromkeys(str(product) for product in output_product))
    lists: tuple[tuple[str, Labels, str, dict[str, Labels]], ...] = (
        ("product-system-unlinked", input_product, "input_product", {"process": input_process}),
        ("product-system-demand-unmade", demand_product, "demand_product", {}),
    )
    for code, labels, about, others in lists:
        unmade = _codes(labels, products) < 0
        if unmade.any():
            values = {"product": labels, "known": ", ".join(products), **others}
            findings[code] = (unmade, values, about)
    return findings


def _bases(
    output_product: Labels,
    output_basis: Labels,
    input_product: Labels,
    input_basis: Labels,
    demand_product: Labels,
    demand_basis: Labels,
) -> dict[str, Any]:
    """Products that are used or wanted by another measure than they are made by."""
    findings: dict[str, Any] = {}
    made = dict(zip(map(str, output_product), map(str, output_basis), strict=True))
    lists = (
        ("product-system-basis", input_product, input_basis, "input_amount"),
        ("product-system-demand-basis", demand_product, demand_basis, "demand"),
    )
    for code, product, basis, about in lists:
        expected = [made.get(str(item), str(own)) for item, own in zip(product, basis, strict=True)]
        other = np.array([str(own) != wanted for own, wanted in zip(basis, expected, strict=True)], dtype=bool)
        if other.any():
            findings[code] = (other, {"product": product, "label": basis, "bases": _labels(expected)}, about)
    return findings


def _overdrawn(
    output_product: Labels, output_amount: Floats, input_product: Labels, input_amount: Floats
) -> dict[str, Any]:
    """Inputs that together take more of a product than was made: there may be a stock, or a slip."""
    products = [str(product) for product in output_product]
    codes = _codes(input_product, products)
    known = codes >= 0
    used = np.bincount(codes[known], weights=input_amount[known], minlength=len(products))
    over = np.zeros(len(codes), dtype=bool)
    over[known] = (used > output_amount * (1 + _ROUNDING))[codes[known]]
    if not over.any():
        return {}
    values = {"product": input_product, "used": used[codes], "made": output_amount[codes]}
    return {"product-system-overdrawn": (over, values, "input_amount")}


def _endless(technosphere: Technosphere, system: _System, process: Labels, input_process: Labels) -> dict[str, Any]:
    """The inputs inside loops that leave nothing over."""
    findings: dict[str, Any] = {}
    for loop in technosphere.endless_loops():
        inside = np.zeros(len(system.names), dtype=bool)
        inside[loop.members] = True
        mask = inside[system.used_by] & inside[system.made_by[system.input_from]]
        values = {"processes": ", ".join(system.names[at] for at in loop.members), "radius": loop.radius}
        code = "product-system-singular" if loop.radius < 1 + 1e-9 else "product-system-unproductive"
        findings[code] = (mask | findings[code][0] if code in findings else mask, values, "input_amount")
    return findings


def _repeated(labels: Labels) -> Mask:
    texts = [str(label) for label in labels]
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return np.array([counts[text] > 1 for text in texts], dtype=bool)


def _labels(items: list[str]) -> Labels:
    return np.array(items, dtype=object)


def _codes(labels: Labels, names: list[str]) -> Indices:
    """The place of each label among names, -1 where it is none."""
    place = {name: at for at, name in enumerate(names)}
    return np.array([place.get(str(label), -1) for label in labels], dtype=np.intp)


_ARGUMENTS = {
    "process": "label",
    "output_process": "label",
    "output_product": "label",
    "output_amount": "quantity",
    "output_basis": "label",
    "output_share": "1",
    "input_process": "label",
    "input_product": "label",
    "input_amount": "quantity",
    "input_basis": "label",
    "demand_product": "label",
    "demand": "quantity",
    "demand_basis": "label",
}

MODELS: tuple[Model, ...] = (
    Model(
        name="product_activity",
        function=product_activity,
        arguments=_ARGUMENTS,
        unit="1",
        source="Heijungs & Suh (2002), ch. 2 and 3; ISO 14067:2018, 6.4",
        axis="process",
        slopes=activity_slopes,
        apportions=True,
    ),
)
