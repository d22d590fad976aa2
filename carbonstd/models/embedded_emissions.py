"""Embedded emissions of goods whose processes use each other's goods: all processes of an installation at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]


def embedded_emissions(
    process: NDArray[Any],
    activity_level: Floats,
    specific: Floats,
    user: NDArray[Any],
    supplier: NDArray[Any],
    mass: Floats,
) -> Outcome:
    """Specific embedded emissions of each process: AL SEE = AL e + M SEE, with M the amounts used of each other.

    Args:
        process, activity_level, specific: (processes,) what each makes in t, and what one unit of it carries
            without the goods of other processes here, in tCO2e/t; repeated processes add up.
        user, supplier, mass: (transfers,) t of the supplier's good that the user takes; repeated pairs add up.

    Returns:
        tCO2e/t (processes,), `labels` the processes in the order of the rows; `working`: activity level and own
        emissions. All NaN where no solution is positive, or a figure is missing, or something makes nothing.

    Source: Implementing Regulation (EU) 2023/1773, Annex III, section G, equations 57 to 61; solved as
    (I - M)^-1 e by the communication template of the Commission.
    """
    names = list(dict.fromkeys(str(label) for label in process))
    place = {name: row for row, name in enumerate(names)}
    of_process, of_user, of_supplier = (_places(labels, place) for labels in (process, user, supplier))
    findings: dict[str, Any] = {}
    strangers = (of_user < 0) | (of_supplier < 0)
    if strangers.any():
        findings["embedded-process-unknown"] = (strangers, {"process": user, "supplier": supplier}, "user")
        return Outcome(np.full(len(names), np.nan), {}, findings, names)
    made, own, used = np.zeros(len(names)), np.zeros(len(names)), np.zeros((len(names), len(names)))
    np.add.at(made, of_process, activity_level)
    np.add.at(own, of_process, activity_level * specific)
    np.add.at(used, (of_user, of_supplier), mass)
    answer = _solve(made, used, own)
    if answer is None:
        findings["embedded-loop-open"] = (np.ones(len(process), dtype=bool), {"processes": len(names)})
        answer = np.full(len(names), np.nan)
    working = {"process": np.array(names, dtype=object), "activity_level": made, "own": own}
    return Outcome(answer, working, findings, names)


def _solve(made: Floats, used: Floats, own: Floats) -> Floats | None:
    """(AL - M)^-1 E, or None where the loops use up what they make, so that no sum of ever earlier rounds exists."""
    if not all(np.isfinite(figures).all() for figures in (made, used, own)) or not made.all():
        return np.full(len(made), np.nan)
    if np.abs(np.linalg.eigvals(used / made[:, None])).max(initial=0) >= 1:
        return None
    return np.asarray(np.linalg.solve(np.diag(made) - used, own), dtype=np.float64)


def _places(labels: NDArray[Any], place: dict[str, int]) -> NDArray[np.intp]:
    """The row of each label among the processes, -1 where there is none."""
    return np.array([place.get(str(label), -1) for label in labels], dtype=np.intp)


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
    source="(EU) 2023/1773, Annex III, G, equations 57 to 61",
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
)
