"""Product systems: which part of its recorded run each unit process owes to the functional unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from carbonstd.models import Model, Outcome
from carbonstd.models._system import Floats, ProductSystem
from carbonstd.models._system_findings import endless, findings_of, idle


def product_activity(**lists: Any) -> Outcome:
    """The part of each process's recorded run that a demand calls for.

    A process with several products is divided by shares into processes of one product each; their inputs and emissions
    are its own times the share. Its activity is what all of them together come to.

    Args:
        lists: those of a `ProductSystem`, by name.

    Returns:
        activity (processes,), `labels` the processes; `working`: runs called for directly and through other processes.
        All NaN where a figure is missing or there is no answer, never the nearest one. Findings name the cells.

    Source: R. Heijungs and S. Suh, The Computational Structure of Life Cycle Assessment (2002), ch. 2 and 3.
    """
    system = ProductSystem(**lists)
    findings = findings_of(system)
    nothing = Outcome(np.full(len(system.names), np.nan), {}, findings, system.names)
    if not system.complete:
        return nothing
    activity = system.technosphere.solve(system.wanted)
    if activity is None:
        findings |= endless(system)
        return nothing
    names = np.array(system.names, dtype=object)
    working = {"process": names, "direct": system.wanted, "through_others": activity - system.wanted}
    return Outcome(activity, working, findings | idle(system, activity), system.names)


def activity_slopes(weights: Floats, **lists: Any) -> Mapping[str, Floats]:
    """Derivatives of the sum of weights x activity by each figure, by one solve backwards.

    With v = (1 - needs)^-T weights, a unit of runs wanted of process i adds v_i; every figure only adds such runs.
    """
    system = ProductSystem(**lists)
    activity = system.technosphere.solve(system.wanted)
    if activity is None:
        return {}
    worth = system.technosphere.backwards(weights)[system.made_by]
    runs = activity[system.used_by]
    wanted = np.broadcast_to(system.demand, system.demand_from.shape)
    called = np.bincount(system.input_from, weights=system.input_amount * runs, minlength=len(worth)) + np.bincount(
        system.demand_from, weights=wanted, minlength=len(worth)
    )  # a sum and no addition in place: without rows numpy counts in whole numbers
    each = worth * system.rate
    return {
        "output_amount": -each * called / system.output_amount,
        "output_share": worth * called / system.output_amount,
        "input_amount": each[system.input_from] * runs,
        "demand": each[system.demand_from],
    }


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
