"""An installation in the cells of the Commission's communication template."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

import carbonstd
from carbonstd._cbam.facts import _rest, facts
from carbonstd._cbam.map import Spot, template
from carbonstd._cbam.report import write as report
from carbonstd._cbam.template import write
from carbonstd._errors import CaseError

CASES = Path(__file__).parents[1] / "methods/products/cbam-installation/cases"
PLANT: dict[str, Any] = {
    "method": "cbam-installation@2023",
    "entity": {"name": {"zh": "示例", "en": "Example"}},
    "period": 2025,
    "as_of": "2025-12-31",
    "inputs": {
        "cbam_installation": [{"name_en": "Example Steel", "country": "CN", "street": "=1+1"}],
        "cbam_process": [
            {"process": "mill", "category": "iron_or_steel_products", "activity_level": 1000},
            {"process": "furnace", "category": "crude_steel", "activity_level": 900, "route": "Electric arc furnace"},
        ],
        "cbam_fuel": [
            # 20 x 1e4 m3 at 360 GJ: 7.2 TJ x 56.1 = 403.92 tCO2; 200 thousand m3 at 36 GJ
            {"stream": "gas", "process": "mill", "fuel": "natural_gas", "volume": 20, "volume_heating_value": 360},
        ],
        "cbam_carbon": [
            # 30 t x 0.8 x 3.664 = 87.936 in, 900 t x 0.002 x 3.664 = 6.5952 out
            {"stream": "coal", "process": "furnace", "direction": "in", "mass": 30, "carbon_content": 0.8},
            {"stream": "steel", "process": "furnace", "direction": "out", "mass": 900, "carbon_content": 0.002},
        ],
        "cbam_heat": [
            {"flow": "steam", "process": "mill", "direction": "in", "heat": 2, "emission_factor": 60},
        ],
        "cbam_waste_gas": [
            # 10 x 1e4 m3 at 80 GJ: 0.8 TJ, as natural gas 56.1 tCO2/TJ before the correction
            {"gas_flow": "gas", "process": "furnace", "direction": "out", "volume": 10, "heating_value": 80},
        ],
        "cbam_electricity": [
            {"supply_line": "grid", "process": "furnace", "direction": "in", "electricity": 500, "supply": "grid_other",
             "emission_factor": 0.6, "evidence": "invented"},
        ],
        "cbam_transfer": [{"process": "furnace", "user": "mill", "mass": 850}],
        "cbam_precursor": [
            {"precursor": "slab", "process": "mill", "category": "crude_steel", "mass": 200, "value_basis": "default",
             "direct": 2, "indirect": 0.3, "electricity": 0.5, "country": "TR", "evidence": "invented"},
        ],
        "cbam_good": [
            {"good": "plate", "process": "mill", "category": "iron_or_steel_products", "cn_code": "72085120",
             "mass": 1000, "scrap": 0.1, "manganese": 0.01},
            {"good": "bloom", "process": "furnace", "category": "crude_steel", "cn_code": "72071210", "mass": 50},
        ],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("cbam") / "template.xlsx"
    written = write(carbonstd.run(PLANT), path, "en")
    return load_workbook(path), written


def test_cells_are_those_of_the_template(book) -> None:
    """The rows of the edition of 13 December 2024: G1 in row 62, P1 in 83, D every 65 rows, E every 44."""
    pages, _ = book
    assert pages.sheetnames[1:] == [page.name for page in template().pages]
    held: dict[str, dict[str, object]] = {
        "A_InstData": {"I9": datetime(2025, 1, 1), "L9": datetime(2025, 12, 31), "I20": "Example Steel", "I26": "CN",
            "E62": "Iron or steel products", "E63": "Crude steel", "I63": "Electric arc furnace", "L84": "furnace",
            "E102": "Crude steel", "F102": "TR", "L102": "slab", "I21": "'=1+1"},
        "B_EmInst": {"D17": "Combustion", "F17": 200, "G17": "1000Nm3", "H17": 36, "J17": 56.1, "N17": None,
            "AU17": 403.92, "D18": "Mass balance", "F18": 30, "L18": 0.8, "AU18": 87.936, "F19": -900, "AU19": -6.5952},
        "C_Emissions&Energy": {"H16": 7.2, "L27": 485.2608, "M27": 300, "N27": 785.2608, "H32": 485.2608, "K32": 0},
        "D_Processes": {"G11": "mill", "L16": 1000, "L27": 1000, "L29": True, "L42": 0, "K50": True, "L50": False,
            "L54": 403.92, "L57": 2, "L58": 60, "G76": "furnace", "L81": 900, "L92": 50, "E97": "mill",
            "L97": 850, "L107": 0, "L119": 81.3408, "M126": 0.8, "M127": 56.1, "L130": 500, "L131": 0.6,
            "M115": True, "L132": "D.4(b)"},
        "E_PurchPrec": {"G14": "slab", "L17": 200, "E28": "mill", "L28": 200, "L29": 0, "L39": 0, "L49": 2,
            "M49": "Default", "L50": 0.5, "L51": 0.6, "L52": 0.3},
        "Summary_Products": {"D10": "mill", "F10": "72085120", "H10": "plate", "W10": 0.1, "R10": 0.01,
            "L10": "tCO2e/t", "F11": "72071210", "N11": "D.4(b)", "M10": 0.4113237595534572, "M11": 0},
        "Summary_Communication": {"G12": "Example Steel", "D26": "mill", "Q27": None, "AI15": 485.2608, "S26": 0.01},
    }  # fmt: skip
    for name, cells in held.items():
        for cell, value in cells.items():
            found = pages[name][cell].value
            assert found == (pytest.approx(value) if isinstance(value, float) else value), f"{name}!{cell}"


def test_share_of_default_values_is_that_of_the_commissions_file(book) -> None:
    """200 t of slab at a default of 2 t/t: 0.4 of 0.97246996; the Commission's file, filled alike, has 0.41132."""
    pages, _ = book
    assert pages["Summary_Products"]["M10"].value == pytest.approx(0.4 / 0.97246996)


def test_embedded_emissions_of_goods_stand_in_both_summaries(book) -> None:
    """Furnace: 81.3408 - 0.8 x 56.1 x 0.667 = 51.40584 of 900 t: 0.0571176; mill: (403.92 + 120 + 400)/1000, and 0.85
    of it.

    Direct 0.92392 + 0.85 x 0.0571176 = 0.97246996; indirect 0.06 + 0.85 x 300/900 = 0.343333.
    """
    pages, _ = book
    for page, row in (("Summary_Products", 10), ("Summary_Communication", 26)):
        direct, indirect, total = (pages[page][f"{column}{row}"].value for column in "IJK")
        assert direct == pytest.approx(0.92392 + 0.85 * 51.40584 / 900, rel=1e-9)
        assert indirect == pytest.approx(0.06 + 0.85 / 3, rel=1e-9)
        assert total == pytest.approx(direct + indirect, rel=1e-12)


def test_the_notice_names_edition_licence_and_empty_fields(book) -> None:
    pages, written = book
    said = [row[0].value for row in pages["carbonstd"].iter_rows()]
    text = "\n".join(str(item) for item in said)
    assert "2024-12-13" in text
    assert "CC BY 4.0" in text
    assert "not the Commission's file" in text
    assert "A_InstData: City: (I25)" in said
    assert [item.code for item in written.findings if item.severity == "note"] == ["cbam-template-empty"]


def test_another_method_is_refused(tmp_path) -> None:
    case: Any = SimpleNamespace(method=SimpleNamespace(family="cbam-certificates", id="cbam-certificates@2026"))
    with pytest.raises(CaseError) as refused:
        write(case, tmp_path / "x.xlsx", "zh")
    assert [item.code for item in refused.value.findings] == ["cbam-template-method"]
    assert not (tmp_path / "x.xlsx").exists()


def test_more_processes_than_the_template_has_are_refused(tmp_path) -> None:
    rows = [{"process": f"P{i}", "category": "hydrogen", "activity_level": 1} for i in range(11)]
    goods = [
        {"good": f"g{i}", "process": f"P{i}", "category": "hydrogen", "cn_code": "28041000", "mass": 1}
        for i in range(11)
    ]
    fuel = [{"stream": f"s{i}", "process": f"P{i}", "fuel": "natural_gas", "mass": 1} for i in range(11)]
    inputs = {
        "cbam_installation": [{"name_en": "x", "country": "CN"}],
        "cbam_process": rows,
        "cbam_good": goods,
        "cbam_fuel": fuel,
    }
    with pytest.raises(CaseError) as refused:
        write(carbonstd.run({**PLANT, "inputs": inputs}), tmp_path / "x.xlsx", "en")
    assert [item.code for item in refused.value.findings] == ["cbam-template-full"]


def test_every_name_of_the_map_is_a_fact_or_a_field_known_to_be_left_out() -> None:
    """A misspelt name in the map would leave a cell empty for ever."""
    held = facts(carbonstd.run(PLANT))
    known = {
        "fuel_cbam", "fuel_electricity", "fuel_other", "biomass_emissions", "data_quality", "default_reason",
        "quality_assurance", "other_use", "factor_source", "hours", "flow", "calcined",
        "price_instrument", "price_due", "rebate", "rebate_amount", "non_aluminium", "aluminium_scrap", "ammonia",
        "nitric_acid", "urea", "conversion", "included", "clinker_factor", "nitrogen",
        "ammonium_nitrogen", "nitrate_nitrogen", "urea_nitrogen", "other_nitrogen", "carbon", "pre_consumer_scrap",
        "steel_scrap",
    }  # fmt: skip
    for page in template().pages:
        assert set(page.fields.values()) <= set(held.fields) | known
        for block in page.blocks:
            names = {name for record in held.records[block.of] for name in record}
            listed = {name for name in block.cells.values() if not name.rpartition("_")[2].isdigit()}
            assert not names or listed <= names | known, (page.name, block.of, listed - names - known)


def test_an_emissions_report_is_a_list_of_our_own_and_says_so(tmp_path) -> None:
    path = tmp_path / "report.xlsx"
    inputs = {**PLANT["inputs"], "cbam_precursor": []}
    case = {**PLANT, "method": "cbam-installation@2025", "period": 2026, "as_of": "2027-01-31", "inputs": inputs}
    written = report(carbonstd.run(case), path, "en")
    assert written.findings[-1].code == "cbam-report-list"
    rows = [[cell.value for cell in row] for row in load_workbook(path)["carbonstd"].iter_rows()]
    assert any("Annex IV was not seen" in str(row[0]) for row in rows)
    goods = next(number for number, row in enumerate(rows) if row[:2] == ["Good", "CN code"])
    assert rows[goods + 1][:3] == ["plate", "72085120", "mill"]
    assert rows[goods + 1][3] == pytest.approx(0.52392 + 0.85 * 51.40584 / 900)
    with pytest.raises(CaseError) as refused:
        report(carbonstd.run(PLANT), path, "en")
    assert [item.code for item in refused.value.findings] == ["cbam-report-method"]


def test_an_emissions_report_can_be_recomputed(tmp_path) -> None:
    """By hand: 0.8 TJ of gas x 56.1 x 0.667 = 29.93496 leave the furnace, 81.3408 - 29.93496 = 51.40584.

    A tonne of steel 51.40584 / 900 = 0.0571176; of 850 t and 200 t of slab at 2: 48.54996 + 400 into the mill, and
    indirect 850 x 300 / 900 + 200 x 0.3 = 343.33333.
    """
    path = tmp_path / "report.xlsx"
    case = {**PLANT, "method": "cbam-installation@2025", "period": 2026, "as_of": "2027-01-31"}
    report(carbonstd.run(case), path, "en")
    rows = [[cell.value for cell in row] for row in load_workbook(path)["carbonstd"].iter_rows()]
    held = [row for row in rows if row[0] in ("mill", "furnace")]
    own = ["mill", "furnace", "Own", 850, pytest.approx(51.40584 / 900), pytest.approx(1 / 3)]
    assert own in [row[:6] for row in held]
    gas = pytest.approx([403.92, 120, 0, 0, 0, 0])
    assert [row for row in held if row[0] == "mill" and row[1:7] == gas and row[8] == pytest.approx(523.92)]
    out = pytest.approx([81.3408, 0, 0, 0, 29.93496, 0])
    assert [row for row in held if row[0] == "furnace" and row[1:7] == out and row[8] == pytest.approx(51.40584)]
    mill = pytest.approx([1000, 523.92, 448.54996, 0.97246996, 0, 343.333333, 0.343333333])
    assert [row for row in held if row[0] == "mill" and row[1:8] == mill]


def test_names_stand_as_the_template_asks_and_scrap_is_no_precursor() -> None:
    """China and Türkiye by their two letters, coke in the list's words; scrap charged leaves no block of its own."""
    bought = PLANT["inputs"]["cbam_precursor"][0]
    scrap = {"precursor": "scrap", "process": "furnace", "category": "crude_steel", "mass": 100, "value_basis": "scrap"}
    plate, bloom = PLANT["inputs"]["cbam_good"]
    inputs = {
        **PLANT["inputs"],
        "cbam_installation": [{"name_en": "x", "country": "中国"}],
        "cbam_precursor": [{**bought, "country": "土耳其"}, {**scrap, "evidence": "invented"}],
        "cbam_good": [{**plate, "reducing_agent": "Coke"}, {**bloom, "reducing_agent": "hydrogen plasma"}],
    }
    held = facts(carbonstd.run({**PLANT, "inputs": inputs}))
    assert held.fields["country"] == "CN"
    assert [(item["name"], item["country"]) for item in held.records["precursors"]] == [("slab", "TR")]
    assert [item["reducing_agent"] for item in held.records["products"]] == ["Coal or coke", "hydrogen plasma"]


def test_what_floating_point_leaves_is_no_emission() -> None:
    """0.3 - 0.1 - 0.2 leaves 5.6e-17 of nothing; 485.2608 of which 484 were found otherwise leave 1.2608."""
    assert _rest(0.3, 0.1, 0.2) == 0
    assert _rest(485.2608, 484) == pytest.approx(1.2608)
    assert _rest(0, 5e-11) == -5e-11


def test_a_cell_is_named_as_excel_names_it() -> None:
    assert str(Spot.of("AU17").below(3)) == "AU20"
    assert (Spot.of("A1").number, Spot.of("Z1").number, Spot.of("AA1").number) == (0, 25, 26)


def test_a_fuel_by_carbon_content_leaves_the_fuel_balance_empty(tmp_path) -> None:
    """Its heating value is not asked: the energy of all fuels is then not known, and no file holds a NaN."""
    path = tmp_path / "x.xlsx"
    result = carbonstd.run(carbonstd.read_case(CASES / "fertilisers.yaml"))
    write(result, path, "en")
    report(result, path, "en")
    assert facts(result).fields["fuel_energy"] is None


def test_a_file_of_a_case_with_an_error_says_so(tmp_path) -> None:
    path = tmp_path / "x.xlsx"
    inputs = {**PLANT["inputs"], "cbam_installation": [{"name_en": "x", "country": "CN", "direct_emissions": 9000}]}
    result = carbonstd.run({**PLANT, "inputs": inputs})
    assert result.failed
    write(result, path, "en")
    said = [str(row[0].value) for row in load_workbook(path)["carbonstd"].iter_rows()]
    assert "The calculated case holds errors: do not use this file before they are mended" in said


def test_a_check_names_all_it_compared() -> None:
    """The streams make 485.2608 of 9,000 entered; of 900 t made nothing is sold or used; 200 t of slab make 1,000 t."""
    plate, _ = PLANT["inputs"]["cbam_good"]
    plant = {"name_en": "x", "country": "CN", "direct_emissions": 9000}
    inputs = {**PLANT["inputs"], "cbam_installation": [plant], "cbam_good": [plate], "cbam_transfer": []}
    result = carbonstd.run({**PLANT, "inputs": inputs})
    said = [item.values["values"] for item in result.findings if item.code == "check-failed"]
    assert any(text.startswith("direct_emissions = 9,000, installation_direct = 485.26") for text in said)
    assert "placed = 0, activity = 900" in said
    assert "category = iron_or_steel_products, included = —, charged = 200, activity_level = 1,000" in said
    assert "category = crude_steel, included = —, charged = 0, activity_level = 900" in said


@pytest.mark.parametrize("form", [write, report])
def test_a_transfer_forgotten_stands_on_the_first_sheet_and_on_screen(form, tmp_path) -> None:
    """Of 900 t of steel 50 are sold and none is used: the mill's embedded emissions lack 850 t of steel. No error."""
    path = tmp_path / "x.xlsx"
    grid = {**PLANT["inputs"]["cbam_electricity"][0], "supply": "grid_commission"}
    inputs = {**PLANT["inputs"], "cbam_transfer": [], "cbam_electricity": [grid]}
    case = {**PLANT, "method": "cbam-installation@2025", "period": 2026, "as_of": "2027-01-31", "inputs": inputs}
    result = carbonstd.run(case)
    written = form(result, path, "en")
    assert not result.failed
    said = [str(row[0].value) for row in load_workbook(path)["carbonstd"].iter_rows()]
    assert "Warnings of the calculation: check each before this file is used" in said
    assert not any(text.startswith("The calculated case holds errors") for text in said)
    for wanted in ("Sold and used = 50, ", "Precursors made inside (joint process) = —"):
        assert any(wanted in text for text in said)
        assert any(wanted in item.message("en") for item in written.findings)
