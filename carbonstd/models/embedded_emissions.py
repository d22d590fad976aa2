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
    """Specific embedded emissions of each process: SEE = e + M SEE, with M the amounts used for one unit of good.

    Args:
        process, activity_level, specific: (processes,) what each makes in t, and what one unit of it carries
            without the goods of other processes here, in tCO2e/t.
        user, supplier, mass: (transfers,) t of the supplier's good that the user takes; repeated pairs add up.

    Returns:
        tCO2e/t (processes,), `labels` the processes in the order of the rows. All NaN where no solution is
        positive; a figure that is missing leaves every answer missing.

    Source: Implementing Regulation (EU) 2023/1773, Annex III, section G, equations 57 to 61; solved as
    (I - M)^-1 e by the communication template of the Commission.
    """
    names = [str(label) for label in process]
    place = {name: row for row, name in enumerate(names)}
    of_user, of_supplier = _places(user, place), _places(supplier, place)
    findings: dict[str, Any] = {}
    strangers = (of_user < 0) | (of_supplier < 0)
    if strangers.any():
        findings["embedded-process-unknown"] = (strangers, {"process": user, "supplier": supplier}, "user")
        return Outcome(np.full(len(names), np.nan), {}, findings, names)
    used = np.zeros((len(names), len(names)))
    np.add.at(used, (of_user, of_supplier), mass)
    shares = used / activity_level[:, None]
    answer = _solve(shares, specific)
    if answer is None:
        findings["embedded-loop-open"] = (np.ones(len(names), dtype=bool), {"processes": len(names)})
        answer = np.full(len(names), np.nan)
    return Outcome(answer, {"process": np.array(names, dtype=object), "specific": specific}, findings, names)


def _solve(shares: Floats, specific: Floats) -> Floats | None:
    """(I - M)^-1 e, or None where the loops use up what they make, so that no sum of ever earlier rounds exists."""
    if not (np.isfinite(shares).all() and np.isfinite(specific).all()):
        return np.full(len(specific), np.nan)
    if np.abs(np.linalg.eigvals(shares)).max(initial=0) >= 1:
        return None
    answer: Floats = np.linalg.solve(np.eye(len(specific)) - shares, specific)
    return answer


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
