"""Named calculations that no single equation can say, called by a method with `call:`.

A model is a pure function of arrays. It declares the unit of each argument and of its result, so the engine
checks dimensions and converts; it returns its value, its `working` (named columns for the trace and the workbook)
and masks of rows that deserve a finding. It never raises for data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class TableView(Protocol):
    """What a model sees of a table: figures in the units the table states, one entry or line a row."""

    def numeric_key(self, name: str) -> NDArray[np.float64]:
        """A key that is a single number in each row. Shape (rows,)."""

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column, NaN where no number is printed. Shape (rows,)."""

    def grid(self, column: str) -> tuple[list[str], NDArray[np.float64]]:
        """A column whose cells run over an axis: the labels of the axis and the figures (rows, labels)."""


@dataclass(frozen=True)
class Outcome:
    """What a model returns.

    `value` has the shape the model promises (one entry a row, or one a label of its result axis). `working` holds
    named columns of the same length. `findings` maps a finding code to the rows (boolean mask) it is about, or to
    (mask, {name: array or value}) where the finding's text needs values of the row; a third item names the argument
    whose rows the mask is of, where that is not the first, so that the cell can be told.
    """

    value: NDArray[np.float64]
    working: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    findings: Mapping[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Model:
    """A registered model.

    `arguments` gives the unit of each argument ("label" for a label array, "table" for a table slot, "quantity" for
    bare numbers in the units of their rows' bases). `axis` is empty for a model that answers row by row, or names the
    axis its result runs over (`labels` of the outcome). Where rows are answered `together`, each answer hangs on all
    of them. `slopes(weights, **arguments)` gives the derivatives of the weighted sum of the answers by each argument,
    where the model knows them; else they are taken by differences. A model that `apportions` tells only how much of
    recorded figures counts: what its answer multiplies keeps its own data status. `words` says in zh and en what the
    columns of its working are called; `formula` is the one it rests on, as text, where there is one.
    """

    name: str
    function: Callable[..., Outcome]
    arguments: Mapping[str, str]
    unit: str
    source: str
    axis: str = ""
    optional: tuple[str, ...] = ()
    together: bool = False
    slopes: Callable[..., Mapping[str, NDArray[np.float64]]] | None = None
    apportions: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formula: str = ""

    @property
    def by_row(self) -> bool:
        """Whether each answer hangs on the arguments of its own row alone."""
        return not self.axis and not self.together


def registry() -> Mapping[str, Model]:
    """All models by name."""
    from carbonstd.models import (
        allometry,
        decay,
        decomposition,
        decoupling,
        embedded_emissions,
        pathway,
        peak,
        product_system,
        regression,
        savings,
        steam,
        trend,
    )

    modules = (
        steam,
        decay,
        product_system,
        regression,
        savings,
        allometry,
        decomposition,
        trend,
        peak,
        decoupling,
        embedded_emissions,
        pathway,
    )
    return {item.name: item for module in modules for item in module.MODELS}


@cache
def working_words() -> Mapping[str, Mapping[str, str]]:
    """What the columns of the models' working are called."""
    return {name: words for model in registry().values() for name, words in model.words.items()}
