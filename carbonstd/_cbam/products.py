"""The summary of products of the communication template: a row a good of a calculated installation."""

from __future__ import annotations

from collections.abc import Mapping

from carbonstd._cbam.map import template
from carbonstd._cbam.sheets import Record, Sheets

_ALLOYS = ("manganese", "chromium", "nickel", "other_alloys")
_IRON = ("reducing_agent", *_ALLOYS)
_ALUMINIUM = ("aluminium_scrap", "non_aluminium", "pre_consumer_scrap")
# What the template asks of a category: the parameters of cbam/goods-categories under the names of the map.
_ASKED: Mapping[str, tuple[str, ...]] = {
    "cement": ("clinker_factor",),
    "calcined_clay": ("calcined",),
    "iron_or_steel_products": (*_IRON, "mill", "other_materials"),
    "crude_steel": (*_IRON, "steel_scrap", "pre_consumer_scrap"),
    "direct_reduced_iron": _IRON,
    "pig_iron": _IRON,
    "ferro_alloys": ("manganese", "chromium", "nickel", "carbon"),
    "ammonia": ("ammonia",),
    "nitric_acid": ("nitric_acid",),
    "urea": ("urea", "nitrogen"),
    "mixed_fertilisers": ("ammonium_nitrogen", "nitrate_nitrogen", "urea_nitrogen", "other_nitrogen"),
    "aluminium_products": _ALUMINIUM,
    "unwrought_aluminium": _ALUMINIUM,
}
# One column of the case stands in several of the template, each for other goods.
_COLUMNS = {
    "steel_scrap": "scrap", "aluminium_scrap": "scrap", "non_aluminium": "other_materials",
    "ammonia": "concentration", "nitric_acid": "concentration", "urea": "concentration",
}  # fmt: skip
_OTHERS = (
    *_IRON, "mill", "carbon", "steel_scrap", "other_materials", "pre_consumer_scrap", "clinker_factor", "nitrogen",
    "ammonium_nitrogen", "nitrate_nitrogen", "urea_nitrogen", "other_nitrogen",
)  # fmt: skip
_PRICE = ("price_instrument", "price_due", "rebate", "rebate_amount")  # a carbon price paid: the method holds none


def products(sheets: Sheets, supplies: Mapping[str, str | None]) -> list[Record]:
    """The goods, with specific embedded emissions; `supplies` is the source of the electricity factor by process."""
    rows = sheets.rows("cbam_good", "good_direct_row", "good_indirect_row", "good_electricity_row", "good_counted_row")
    shares = _default_shares(sheets)
    return [_product(row, number, supplies, shares) for number, row in enumerate(rows, 1)]


def _default_shares(sheets: Sheets) -> dict[str, float | None]:
    """By process the share of direct embedded emissions that rests on default values, through all processes."""
    whole, parts = sheets.by_label("see_direct"), sheets.by_label("see_default")
    return {name: parts[name] / value if value else None for name, value in whole.items()}


def _product(
    row: Record, number: int, supplies: Mapping[str, str | None], shares: Mapping[str, float | None]
) -> Record:
    electricity, indirect = row["good_electricity_row"], row["good_indirect_row"]
    return {
        "number": number,
        "process": row["process"],
        "category": row["category_label"],
        "code": row["cn_code"],
        "name": row["good"],
        "direct": row["good_direct_row"],
        "indirect": indirect,
        "total": row["good_direct_row"] + indirect,
        "counted": row["good_counted_row"],
        "see_unit": "tCO2e/MWh" if row["category"] == "electricity" else "tCO2e/t",
        "default_share": shares[row["process"]],
        "electricity_source": supplies.get(row["process"]),
        "electricity": electricity,
        "electricity_factor": indirect / electricity if electricity else None,
        **_parameters(row),
        **dict.fromkeys(_PRICE),
    }


def _parameters(row: Record) -> Record:
    """What the template asks of this category, blank or not, and what else was filled in."""
    asked = _ASKED.get(row["category"], ())
    others = () if asked is _ALUMINIUM else _OTHERS
    found = {name: row.get(_COLUMNS.get(name, name)) for name in dict.fromkeys((*asked, *others))}
    if agent := found.get("reducing_agent"):
        found["reducing_agent"] = template().reducing_agents.get(agent.strip().lower(), agent)
    return {name: value for name, value in found.items() if value is not None or name in asked}
