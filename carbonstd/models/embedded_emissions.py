"""Embedded emissions of goods whose processes use each other's goods: all processes of an installation at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome
from carbonstd.models._technosphere import Technosphere

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def embedded_emissions(
    process: Labels, activity_level: Floats, specific: Floats, user: Labels, supplier: Labels, mass: Floats
) -> Outcome:
    """Specific embedded emissions of each process: AL SEE = AL e + M SEE, with M the amounts used of each other.

    Args:
        process, activity_level, specific: (processes,) what each makes in t, and what one unit of it carries
            without the goods of other processes here, in tCO2e/t; repeated processes add up.
        user, supplier, mass: (transfers,) t of the supplier's good that the user takes; repeated pairs add up.

    Returns:
        tCO2e/t (processes,), `labels` the processes in the order of the rows; `working`: activity level and own
        emissions. All NaN where a loop leaves nothing over, or a figure is missing, or something makes nothing.

    Source: Implementing Regulation (EU) 2023/1773, Annex III, section G, equations 57 to 61; solved as
    (I - M)^-1 e by the communication template of the Commission.
    """
    names, place = _listed(process)
    of_process, of_user, of_supplier = (_places(labels, place) for labels in (process, user, supplier))
    strangers = (of_user < 0) | (of_supplier < 0)
    if strangers.any():
        unknown = (strangers, {"process": user, "supplier": supplier}, "user")
        return Outcome(np.full(len(names), np.nan), {}, {"embedded-process-unknown": unknown}, names)
    made, own = np.zeros(len(names)), np.zeros(len(names))
    np.add.at(made, of_process, activity_level)
    np.add.at(own, of_process, activity_level * specific)
    working = {"process": np.array(names, dtype=object), "activity_level": made, "own": own}
    if not all(np.isfinite(figures).all() for figures in (made, own, mass)) or not made.all():
        return Outcome(np.full(len(names), np.nan), working, {}, names)
    # A process calls for its own goods' embedded emissions by what a tonne of them takes of each other's.
    processes = Technosphere(len(names), of_user, of_supplier, mass / made[of_user])
    answer = processes.solve(own / made)
    if answer is not None:
        return Outcome(answer + 0.0, working, {}, names)  # no minus zero
    loops = [loop.members for loop in processes.endless_loops()]
    endless = np.isin(of_process, np.concatenate(loops) if loops else np.arange(len(names)))
    findings = {"embedded-loop-open": (endless, {"process": process})}
    return Outcome(np.full(len(names), np.nan), working, findings, names)


def embedded_taken(process: Labels, user: Labels, mass: Floats) -> Outcome:
    """What each process takes of the goods of processes here.

    Args:
        process: (processes,) their names.
        user, mass: (transfers,) who takes how many t; a user that is no process listed is left to the equation that
            cannot do without it.

    Returns:
        t (processes,), `labels` the processes in the order of the rows.
    """
    names, place = _listed(process)
    of_user = _places(user, place)
    known = of_user >= 0
    taken = np.zeros(len(names))
    np.add.at(taken, of_user[known], mass[known])
    return Outcome(taken, labels=names)


def _listed(process: Labels) -> tuple[list[str], dict[str, int]]:
    names = list(dict.fromkeys(str(label) for label in process))
    return names, {name: row for row, name in enumerate(names)}


def _places(labels: Labels, place: dict[str, int]) -> NDArray[np.intp]:
    """The row of each label among the processes, -1 where there is none."""
    return np.array([place.get(str(label), -1) for label in labels], dtype=np.intp)


_SOURCE = "(EU) 2023/1773, Annex III, G, equations 57 to 61"
_EMISSIONS = Model(
    name="embedded_emissions",
    function=embedded_emissions,
    arguments={
        "process": "label",
        "activity_level": "t",
        "specific": "tCO2e/t",
        "user": "label",
        "supplier": "label",
        "mass": "t",
    },
    unit="tCO2e/t",
    source=_SOURCE,
    axis="process",
)
MODELS: tuple[Model, ...] = (
    _EMISSIONS,
    replace(
        _EMISSIONS,
        name="embedded_electricity",
        arguments={**_EMISSIONS.arguments, "specific": "MWh/t"},
        unit="MWh/t",
    ),
    Model(
        name="embedded_taken",
        function=embedded_taken,
        arguments={"process": "label", "user": "label", "mass": "t"},
        unit="t",
        source=_SOURCE,
        axis="process",
    ),
)
