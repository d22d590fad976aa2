"""Dirt of the kinds that ledgers really have, one kind an entity, and what each must end in.

`same`: read as it was meant; `told`: done, with a finding; `refused`: no figure, and a finding that says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

SAME, TOLD, REFUSED = "same", "told", "refused"
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
CHINESE = {"bituminous_coal": "烟煤", "anthracite": "无烟煤", "lignite": "褐煤", "diesel": " 柴油 "}


@dataclass(frozen=True)
class Main:
    """The rows of one entity in the sheet dirt falls on, and the columns it falls on."""

    rows: pd.DataFrame
    amount: str
    heating_value: str
    share: str

    @property
    def first(self) -> int:
        """The first row of a fuel that is weighed and has an amount."""
        weighed = ~self.rows["fuel"].str.endswith("gas") & self.rows[self.amount].notna()
        return int(np.flatnonzero(weighed)[0])

    def cell(self, column: str) -> Any:
        return self.rows[column].iloc[self.first]

    def put(self, column: str, cell: Any) -> pd.DataFrame:
        cells = list(self.rows[column])
        cells[self.first] = cell
        return self.rows.assign(**{column: pd.Series(cells, self.rows.index, dtype=object)})


Spoil = Callable[[Main], pd.DataFrame]


@dataclass(frozen=True)
class Kind:
    """`often` multiplies the rate asked for. Without `spoil` the kind falls on the entity and not on its main sheet."""

    name: str
    often: float
    outcome: str
    spoil: Spoil | None = None
    needs_share: bool = False


def _amount(text: Callable[[float], Any]) -> Spoil:
    return lambda main: main.put(main.amount, text(float(main.cell(main.amount))))


def _fuel(text: Callable[[str], str]) -> Spoil:
    return lambda main: main.put("fuel", text(str(main.cell("fuel"))))


def _without_month(main: Main) -> pd.DataFrame:
    kept: pd.DataFrame = main.rows.loc[main.rows["month"] != main.rows["month"].max()]
    return kept


def _doubled(main: Main) -> pd.DataFrame:
    return pd.concat([main.rows, main.rows.iloc[[main.first]]])


KINDS = (
    Kind("kilotonnes", 1.0, SAME, _amount(lambda cell: f"{cell / 1000:.10g} kt")),
    Kind("ten thousand tonnes", 1.0, SAME, _amount(lambda cell: f"{cell / 10000:.10g} 万吨")),
    Kind("full-width digits", 1.0, SAME, _amount(lambda cell: f"{cell:.10g}".translate(WIDE))),
    Kind("thousands separators", 1.0, SAME, _amount(lambda cell: f"{cell:,.2f}")),
    Kind("alias of a fuel", 1.0, SAME, _fuel(lambda fuel: CHINESE.get(fuel, fuel))),
    Kind("month without rows", 0.5, TOLD, _without_month),
    Kind("row twice", 0.3, REFUSED, _doubled),
    Kind("required cell blank", 0.3, REFUSED, _amount(lambda cell: None)),
    Kind("fuel misspelt", 0.3, REFUSED, _fuel(lambda fuel: fuel[:-2] + fuel[-1])),
    Kind("label unknown", 0.2, REFUSED, _fuel(lambda fuel: "神秘燃料")),
    Kind("amount negative", 0.2, REFUSED, _amount(lambda cell: -cell)),
    Kind("number unreadable", 0.2, REFUSED, _amount(lambda cell: "约1200，见附件")),
    Kind("per cent for a share", 0.2, REFUSED, lambda main: main.put(main.share, 98.0), needs_share=True),
    Kind("heating value in kJ/kg", 0.2, REFUSED, lambda main: main.put(main.heating_value, 20908.0)),
    Kind("no period", 0.1, REFUSED),
    Kind("in no sheet", 0.1, REFUSED),
    Kind("not in the list of entities", 0.1, REFUSED),
)


def drawn(able: Sequence[bool], shared: Sequence[bool], rate: float, dice: np.random.Generator) -> dict[int, Kind]:
    """Which entity gets which dirt: of each kind at least one, so that a small country has them all.

    `able` are entities with rows in their main sheet, `shared` those that have a share there.
    """
    order = dice.permutation(np.flatnonzero(able)).tolist()
    found: dict[int, Kind] = {}
    for kind in KINDS if rate else ():
        for _ in range(max(1, round(len(able) * rate * kind.often))):
            place = next((item for item in order if shared[item] or not kind.needs_share), None)
            if place is None:
                raise ValueError(f"no entity is left for “{kind.name}”: more entities, or less dirt than {rate:g}")
            order.remove(place)
            found[place] = kind
    return found
