"""The summary of products of the communication template: a row a good of a calculated installation."""

from __future__ import annotations

from collections.abc import Mapping

from carbonstd._cbam_sheets import Record, Sheets

# the template has a column each for what one column of the case says of different goods
_SCRAP = {"aluminium_products": "aluminium_scrap", "unwrought_aluminium": "aluminium_scrap"}
_STRENGTH = {"ammonia": "ammonia", "nitric_acid": "nitric_acid", "urea": "urea"}
_SAME = (
    "reducing_agent", "mill", "manganese", "chromium", "nickel", "other_alloys", "carbon", "other_materials",
    "pre_consumer_scrap", "clinker_factor", "nitrogen", "ammonium_nitrogen", "nitrate_nitrogen", "urea_nitrogen",
    "other_nitrogen",
)  # fmt: skip


def products(sheets: Sheets, supplies: Mapping[str, str | None]) -> list[Record]:
    """The goods, with specific embedded emissions; `supplies` is the source of the electricity factor by process."""
    rows = sheets.rows("cbam_good", "good_direct_row", "good_indirect_row", "good_electricity_row")
    defaults = any(row["value_basis"] == "default" for row in sheets.rows("cbam_precursor"))
    return [_product(row, number, supplies.get(row["process"]), defaults) for number, row in enumerate(rows, 1)]


def _product(row: Record, number: int, supply: str | None, defaults: bool) -> Record:
    electricity, indirect = row["good_electricity_row"], row["good_indirect_row"]
    aluminium = _SCRAP.get(row["category"])
    return {
        "number": number,
        "process": row["process"],
        "category": row["category_label"],
        "code": row["cn_code"],
        "name": row["good"],
        "direct": row["good_direct_row"],
        "indirect": indirect,
        "total": row["good_direct_row"] + indirect,
        "see_unit": "tCO2e/MWh" if row["category"] == "electricity" else "tCO2e/t",
        "default_share": None if defaults else 0.0,
        "electricity_source": supply,
        "electricity": electricity,
        "electricity_factor": indirect / electricity if electricity else None,
        aluminium or "steel_scrap": row["scrap"],
        "non_aluminium" if aluminium else "other_materials": row["other_materials"],
        **({_STRENGTH[row["category"]]: row["concentration"]} if row["category"] in _STRENGTH else {}),
        **{name: row[name] for name in _SAME if not (aluminium and name == "other_materials")},
    }
