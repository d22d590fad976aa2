"""The lists of a product system, as a model is given them and as codes that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models._technosphere import Indices, Technosphere

Floats = NDArray[np.float64]
Labels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class ProductSystem:
    """What runs of unit processes make and take, and what is wanted of them. A label that leads nowhere is code -1.

    process: (processes,) each unit process once.
    output_...: (outputs,) what a run makes, in the unit of its basis, and which share of the run it answers for.
    input_...: (inputs,) what a run takes of the products of this system; repeated rows add up.
    demand_...: (demands,) the reference flows of the functional or declared unit.
    """

    process: Labels
    output_process: Labels
    output_product: Labels
    output_amount: Floats
    output_basis: Labels
    output_share: Floats
    input_process: Labels
    input_product: Labels
    input_amount: Floats
    input_basis: Labels
    demand_product: Labels
    demand: Floats
    demand_basis: Labels

    @cached_property
    def names(self) -> list[str]:
        """The unit processes, each once."""
        return list(dict.fromkeys(str(name) for name in self.process))

    @cached_property
    def products(self) -> list[str]:
        """The product of each output."""
        return [str(product) for product in self.output_product]

    @cached_property
    def made_by(self) -> Indices:
        """The process of each output. (outputs,)"""
        return codes(self.output_process, self.names)

    @cached_property
    def used_by(self) -> Indices:
        """The process of each input. (inputs,)"""
        return codes(self.input_process, self.names)

    @cached_property
    def input_from(self) -> Indices:
        """The output that each input uses. (inputs,)"""
        return codes(self.input_product, self.products)

    @cached_property
    def demand_from(self) -> Indices:
        """The output that each demand wants. (demands,)"""
        return codes(self.demand_product, self.products)

    @cached_property
    def rate(self) -> Floats:
        """The part of its process's run that one unit of an output answers for: share / amount. (outputs,)"""
        if len(set(self.products)) < len(self.products):  # made twice: which is used, nobody can say
            return np.full(len(self.products), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.output_share / self.output_amount, dtype=np.float64)

    @property
    def complete(self) -> bool:
        """Whether every label leads somewhere and every figure is there."""
        found = (self.made_by, self.used_by, self.input_from, self.demand_from)
        figures = (self.rate, self.input_amount, self.demand)
        return all((item >= 0).all() for item in found) and all(np.isfinite(item).all() for item in figures)

    @cached_property
    def technosphere(self) -> Technosphere:
        """The needs of a complete system."""
        values = self.input_amount * self.rate[self.input_from]
        return Technosphere(len(self.names), self.made_by[self.input_from], self.used_by, values)

    @cached_property
    def wanted(self) -> Floats:
        """The runs that the demands call for directly. (processes,)"""
        at, runs = self.made_by[self.demand_from], self.demand * self.rate[self.demand_from]
        return np.bincount(at, weights=runs, minlength=len(self.names)).astype(np.float64)


def codes(labels: Labels, names: list[str]) -> Indices:
    """The place of each label among names, -1 where it is none."""
    place = {name: at for at, name in enumerate(names)}
    return np.array([place.get(str(label), -1) for label in labels], dtype=np.intp)
