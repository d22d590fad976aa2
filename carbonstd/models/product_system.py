"""Product systems whose processes feed each other: how much each must run, and what it then emits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


def product_system(
    process: NDArray[Any],
    product: NDArray[Any],
    amount: Floats | float,
    demand_product: NDArray[Any],
    demand: Floats | float,
    emission_process: NDArray[Any],
    emissions: Floats | float,
) -> Outcome:
    """Emissions of each process for a final demand: solve A s = f, then e x s.

    Three lists, each of its own length; a row with an empty label is skipped, repeated rows add up.

    Args:
        process, product, amount: (rows,) an output (positive) or input (negative) of one run of a process.
            All amounts of a product share one unit of its own, so the numbers are bare.
        demand_product, demand: (demands,) the final demand in the product's unit.
        emission_process, emissions: (emitters,) tCO2e of one run.

    Returns:
        tCO2e (processes,), `labels` the processes in the order of the rows; `working`: scaling factor
        and tCO2e of one run. All NaN where there is no unique solution; NaN for a process whose emissions
        are not stated.

    Source: R. Heijungs and S. Suh, The Computational Structure of Life Cycle Assessment (2002), ch. 2:
    s = A^-1 f, g = B s; it is the arithmetic of ISO 14067:2018, 6.4 where unit processes form a loop.
    """
    process, product = _labels(process), _labels(product)
    demand_product, emission_process = _labels(demand_product), _labels(emission_process)
    names, of_process = _codes(process, emission_process)
    goods, of_product = _codes(product, demand_product)
    rows = len(process)
    matrix = _sums((len(goods), len(names)), (of_product[:rows], of_process[:rows]), amount)
    wanted = _sums((len(goods),), (of_product[rows:],), demand)
    each = _sums((len(names),), (of_process[rows:],), emissions)
    stated = np.bincount(of_process[rows:][of_process[rows:] >= 0], minlength=len(names)) > 0
    each = np.where(stated, each, np.nan)
    scaling = _solve(matrix, wanted)
    findings: dict[str, Any] = {}
    if scaling is None:
        scaling = np.full(len(names), np.nan)
        counts = {"processes": len(names), "products": len(goods)}
        findings["product-system-singular"] = (np.ones(rows, dtype=bool), counts)
    findings |= _row_findings(process, of_process[:rows], scaling, stated)
    working = {"process": np.array(names, dtype=object), "scaling": scaling, "emissions": each}
    return Outcome(scaling * each, working, findings, names)


def _row_findings(process: NDArray[Any], codes: Indices, scaling: Floats, stated: Mask) -> dict[str, Any]:
    """Rows of processes that would run backwards, and of processes whose emissions nobody stated."""
    findings: dict[str, Any] = {}
    named = codes >= 0
    backwards = named & (scaling < 0)[codes] if len(scaling) else named
    silent = named & ~stated[codes] if len(stated) else named
    if backwards.any():
        findings["product-system-negative"] = (backwards, {"process": process, "scaling": scaling[codes]})
    if silent.any():
        findings["product-system-emissions-missing"] = (silent, {"process": process})
    return findings


def _solve(matrix: Floats, wanted: Floats) -> Floats | None:
    """The one solution of A s = f, or None. Rows and columns are levelled: units must not decide the rank.

    A figure that is missing (NaN) leaves every answer missing, which is not the same as having no solution.
    """
    count = len(wanted)
    if matrix.shape != (count, count) or not count:
        return None
    if not (np.isfinite(matrix).all() and np.isfinite(wanted).all()):
        return np.full(count, np.nan)
    down = _largest(matrix, axis=1)
    across = _largest(matrix / down[:, None], axis=0)
    levelled = matrix / down[:, None] / across
    if np.linalg.matrix_rank(levelled) < count:
        return None
    solution: Floats = np.linalg.solve(levelled, wanted / down) / across
    return solution


def _largest(matrix: Floats, axis: int) -> Floats:
    largest: Floats = np.abs(matrix).max(axis=axis)
    return np.where(largest > 0, largest, 1.0)


def _sums(shape: tuple[int, ...], places: tuple[Indices, ...], values: Floats | float) -> Floats:
    """An array of `shape` with the values added at their places; a place of -1 is skipped."""
    total = np.zeros(shape)
    kept = np.logical_and.reduce([place >= 0 for place in places])
    spread = np.broadcast_to(np.asarray(values, dtype=np.float64), kept.shape)
    np.add.at(total, tuple(place[kept] for place in places), spread[kept])
    return total


def _labels(labels: NDArray[Any]) -> NDArray[Any]:
    texts = ["" if label is None else str(label).strip() for label in np.atleast_1d(labels)]
    return np.array(texts, dtype=object)


def _codes(*groups: NDArray[Any]) -> tuple[list[str], Indices]:
    """The names of all groups in order of appearance, and the code of each label, -1 where it is empty."""
    together = np.concatenate(groups)
    names = list(dict.fromkeys(str(label) for label in together if label))
    code = {name: place for place, name in enumerate(names)}
    return names, np.array([code.get(label, -1) for label in together], dtype=np.intp)


MODELS: tuple[Model, ...] = (
    Model(
        name="product_system",
        function=product_system,
        arguments={
            "process": "label",
            "product": "label",
            "amount": "1",
            "demand_product": "label",
            "demand": "1",
            "emission_process": "label",
            "emissions": "tCO2e",
        },
        unit="tCO2e",
        source="Heijungs & Suh (2002), ch. 2; ISO 14067:2018, 6.4",
        axis="process",
    ),
)
