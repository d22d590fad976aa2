"""How the embedded emissions of each production process come about: what an emissions report is recomputed from."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._cbam.sheets import Record, Sheets

_TERMS = (
    "direct_of_process", "heat_imported", "gas_imported", "heat_exported", "gas_exported", "power_produced",
    "attributed_direct", "power_consumed", "attributed_indirect",
)  # fmt: skip
_COUNTED = ("actual", "default")  # scrap and precursors of the Union count zero


def attribution(sheets: Sheets) -> list[Record]:
    """By process what is added to its direct emissions and taken off, and what that comes to, in tCO2e."""
    sums = {name: sheets.by_label(name) for name in _TERMS}
    specific = {name: sheets.by_label(name) for name in ("see_direct", "see_indirect")}
    shares = sheets.by_label("hydrogen_share")
    taken = list(charges(sheets))
    found: list[Record] = []
    for row in sheets.rows("cbam_process"):
        name = row["process"]
        own = [item for item in taken if item["process"] == name]
        found.append(
            {
                "name": name,
                "amount": row["activity_level"],
                **{key: of.get(name, 0.0) for key, of in sums.items()},
                "hydrogen_share": shares.get(name),
                "charged_direct": sum(item["mass"] * item["direct"] for item in own),
                "charged_indirect": sum(item["mass"] * item["indirect"] for item in own),
                **{key: of.get(name) for key, of in specific.items()},
            }
        )
    return found


def charges(sheets: Sheets) -> Iterator[Record]:
    """The precursors of each process, of the installation and bought, with what a tonne of each counts."""
    direct, indirect = sheets.by_label("see_direct"), sheets.by_label("see_indirect")
    for row in sheets.rows("cbam_transfer"):
        supplier = row["process"]
        yield {
            "process": row["user"],
            "precursor": supplier,
            "source": "Own",
            "mass": row["mass"],
            "direct": direct[supplier],
            "indirect": indirect[supplier],
        }
    for row in sheets.rows("cbam_precursor"):
        counts = row["value_basis"] in _COUNTED
        yield {
            "process": row["process"],
            "precursor": row["precursor"],
            "source": row["value_basis_label"],
            "mass": row["mass"],
            "direct": row["direct"] if counts else 0.0,
            "indirect": row["indirect"] if counts else 0.0,
        }
