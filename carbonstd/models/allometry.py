"""Carbon of single trees by power models of their parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def tree_carbon(
    species: Labels,
    diameter: Floats,
    height: Floats,
    model_species: Labels,
    part: Labels,
    coefficient: Floats,
    diameter_exponent: Floats,
    height_exponent: Floats,
    root_ratio: Floats,
    carbon_fraction: Floats,
) -> Outcome:
    """The carbon of one tree of each row: the sum of a D^b H^c (1 + R) CF over the models of its species.

    Args:
        species, diameter, height: (trees,) label, cm and m; a height is needed only where its exponent is not 0.
        model_species, part: (models,) labels; each part of a species counts once.
        coefficient, diameter_exponent, height_exponent, root_ratio, carbon_fraction: (models,) a, b, c, R and CF, where
            the mass is in kg of dry matter and a blank R adds nothing.

    Returns:
        kgC (trees,), `working` the dry mass in kg; NaN and a finding where a species has no model.
    """
    diameter, height = np.broadcast_arrays(diameter.astype(np.float64), height.astype(np.float64))
    mass, carbon = np.zeros(len(species)), np.zeros(len(species))
    known = np.isin(species.astype(str), model_species.astype(str))
    roots = np.where(np.isnan(root_ratio), 0.0, root_ratio)
    once = {pair: row for row, pair in enumerate(zip(model_species, part, strict=True))}  # one model may come repeated
    for (name, _), index in once.items():
        own = species == name
        tall = height[own] ** height_exponent[index] if height_exponent[index] else 1.0
        part = coefficient[index] * diameter[own] ** diameter_exponent[index] * tall * (1 + roots[index])
        mass[own] += part
        carbon[own] += part * carbon_fraction[index]
    findings = {} if known.all() else {"tree-without-model": (~known, {"species": species})}
    return Outcome(np.where(known, carbon, np.nan), {"mass": np.where(known, mass, np.nan)}, findings)


MODELS: tuple[Model, ...] = (
    Model(
        name="tree_carbon",
        function=tree_carbon,
        arguments={
            "species": "label",
            "diameter": "cm",
            "height": "m",
            "model_species": "label",
            "part": "label",
            "coefficient": "1",
            "diameter_exponent": "1",
            "height_exponent": "1",
            "root_ratio": "1",
            "carbon_fraction": "tC/t",
        },
        unit="kgC",
        source="power models of single trees, as GB/T 43648-2024 and the LY/T series are recalled to have them",
        together=True,
    ),
)
