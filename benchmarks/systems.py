"""A product system of many processes: sparse as carbonstd solves it, dense as numpy would."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_INPUTS = 5  # of each process
_NEEDS = 0.8  # what a process takes of others by one of its own: below 1, so that every loop leaves something over


def system(processes: int, seed: int = 1) -> dict[str, Any]:
    """The arguments of the model for a random productive system: each process takes a few products of others."""
    generator = np.random.default_rng(seed)
    names = np.array([f"p{number}" for number in range(processes)], dtype=object)
    by = np.repeat(np.arange(processes), _INPUTS)
    taken = generator.integers(0, processes, len(by))
    mass = np.full(processes, "mass", dtype=object)
    return {
        "process": names,
        "output_process": names,
        "output_product": names,
        "output_amount": np.ones(processes),
        "output_basis": mass,
        "output_share": np.ones(processes),
        "input_process": names[by],
        "input_product": names[taken],
        "input_amount": generator.uniform(0, _NEEDS / _INPUTS, len(by)),
        "input_basis": np.repeat(mass, _INPUTS),
        "demand_product": names[:1],
        "demand": np.ones(1),
        "demand_basis": mass[:1],
    }


def by_model(arguments: dict[str, Any]) -> Floats:
    from carbonstd.models.product_system import product_activity

    return product_activity(**arguments).value


def by_dense(arguments: dict[str, Any]) -> Floats:
    """The technosphere matrix in full, nothing checked."""
    names = {name: place for place, name in enumerate(arguments["process"])}
    matrix = np.eye(len(names))
    rows = [names[name] for name in arguments["input_product"]]
    columns = [names[name] for name in arguments["input_process"]]
    np.subtract.at(matrix, (rows, columns), arguments["input_amount"])
    wanted = np.zeros(len(names))
    wanted[0] = 1
    return np.asarray(np.linalg.solve(matrix, wanted), dtype=np.float64)
