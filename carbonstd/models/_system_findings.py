"""What keeps a product system from having an answer, or speaks against the one it has."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models._system import Labels, ProductSystem, codes

Mask = NDArray[np.bool_]
Findings = dict[str, Any]

_ROUNDING = 1e-6  # shares typed to six digits may miss one by this much


def findings_of(system: ProductSystem) -> Findings:
    """What can be told before anything is solved, by rows of the lists."""
    return {
        **_strangers(system),
        **_amounts(system),
        **_links(system),
        **_bases(system),
        **_overdrawn(system),
    }


def endless(system: ProductSystem) -> Findings:
    """The inputs inside loops that leave nothing over."""
    findings: Findings = {}
    for loop in system.technosphere.endless_loops():
        inside = np.zeros(len(system.names), dtype=bool)
        inside[loop.members] = True
        mask = inside[system.used_by] & inside[system.made_by[system.input_from]]
        values = {"processes": ", ".join(system.names[at] for at in loop.members), "radius": loop.radius}
        code = "product-system-singular" if loop.radius < 1 + 1e-9 else "product-system-unproductive"
        findings[code] = (mask | findings[code][0] if code in findings else mask, values, "input_amount")
    return findings


def idle(system: ProductSystem, activity: NDArray[np.float64]) -> Findings:
    """The processes that nothing calls for."""
    if not (still := activity == 0).any():
        return {}
    return {"product-system-idle": (still[codes(system.process, system.names)], {"process": system.process}, "process")}


def _strangers(system: ProductSystem) -> Findings:
    """Processes listed twice, rows of processes that are not listed, products that two rows make."""
    findings: Findings = {}
    if (twice := _repeated(system.process)).any():
        findings["product-system-process-twice"] = (twice, {"process": system.process}, "process")
    sides = (
        ("product-system-process-unknown", "output_process", system.output_process),
        ("product-system-input-process-unknown", "input_process", system.input_process),
    )
    for code, side, labels in sides:
        if (stray := codes(labels, system.names) < 0).any():
            findings[code] = (stray, {"process": labels, "known": ", ".join(system.names)}, side)
    if (makes := _repeated(system.output_product)).any():
        by: dict[str, list[str]] = {product: [] for product in system.products}
        for product, maker in zip(system.products, system.output_process, strict=True):
            by[product].append(str(maker))
        makers = _labels([", ".join(by[product]) for product in system.products])
        values = {"product": system.output_product, "processes": makers}
        findings["product-system-made-twice"] = (makes, values, "output_product")
    return findings


def _amounts(system: ProductSystem) -> Findings:
    """Outputs of nothing, and shares of a process that do not add up to one."""
    findings: Findings = {}
    if (empty := system.output_amount <= 0).any():
        findings["product-system-output-zero"] = (empty, {"process": system.output_process}, "output_amount")
    makers = list(dict.fromkeys(str(name) for name in system.output_process))
    at = codes(system.output_process, makers)
    sums = np.bincount(at, weights=system.output_share, minlength=len(makers))[at] if len(at) else system.output_share
    if (off := np.abs(sums - 1) > _ROUNDING).any():
        values = {"process": system.output_process, "sum": sums}
        findings["product-system-shares"] = (off, values, "output_product")
    return findings


def _links(system: ProductSystem) -> Findings:
    """Inputs and demands of products that nobody makes."""
    findings: Findings = {}
    known = ", ".join(dict.fromkeys(system.products))
    if (unmade := system.input_from < 0).any():
        values = {"product": system.input_product, "known": known, "process": system.input_process}
        findings["product-system-unlinked"] = (unmade, values, "input_product")
    if (unmade := system.demand_from < 0).any():
        values = {"product": system.demand_product, "known": known}
        findings["product-system-demand-unmade"] = (unmade, values, "demand_product")
    return findings


def _bases(system: ProductSystem) -> Findings:
    """Products that are used or wanted by another measure than they are made by."""
    findings: Findings = {}
    made = dict(zip(system.products, map(str, system.output_basis), strict=True))
    lists = (
        ("product-system-basis", system.input_product, system.input_basis, "input_amount"),
        ("product-system-demand-basis", system.demand_product, system.demand_basis, "demand"),
    )
    for code, product, basis, about in lists:
        expected = [made.get(str(item), str(own)) for item, own in zip(product, basis, strict=True)]
        other = np.array([str(own) != wanted for own, wanted in zip(basis, expected, strict=True)], dtype=bool)
        if other.any():
            findings[code] = (other, {"product": product, "label": basis, "bases": _labels(expected)}, about)
    return findings


def _overdrawn(system: ProductSystem) -> Findings:
    """Inputs that together take more of a product than was made: there may be a stock, or a slip."""
    at, known = system.input_from, system.input_from >= 0
    used = np.bincount(at[known], weights=system.input_amount[known], minlength=len(system.products))
    over = np.zeros(len(at), dtype=bool)
    over[known] = (used > system.output_amount * (1 + _ROUNDING))[at[known]]
    if not over.any():
        return {}
    values = {"product": system.input_product, "used": used[at], "made": system.output_amount[at]}
    return {"product-system-overdrawn": (over, values, "input_amount")}


def _repeated(labels: Labels) -> Mask:
    texts = [str(label) for label in labels]
    counts = Counter(texts)
    return np.array([counts[text] > 1 for text in texts], dtype=bool)


def _labels(items: list[str]) -> Labels:
    return np.array(items, dtype=object)
