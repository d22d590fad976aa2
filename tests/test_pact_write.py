"""A footprint handed on by PACT and taken in again: figures by hand, refusals, identifiers, both versions."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._errors import CaseError
from carbonstd._pact.read import read_footprints
from carbonstd._pact.supplier import supplied
from carbonstd._result.formats import CASE_FORMATS
from carbonstd._result.records import Record, records
from carbonstd._result.result import Result
from carbonstd._yaml import load_file
from tests.command_line import ROOT, run
from tests.footprints import V2, V3, changed, sent

CASE = ROOT / "methods/products/gbt-24067/cases/declared.yaml"


def case(**changes: Any) -> Any:
    """The shipped case with other cells: `product_unit_kind="functional"` changes one of the first row of a sheet."""
    data: Any = copy.deepcopy(dict(load_file(CASE)))
    data.pop("expect")
    for name, value in changes.items():
        sheet, _, column = name.partition("_")
        row = data["inputs"][f"footprint_{sheet}"][0]
        row[column] = value
    return data


def written(folder: Path, form: str, result: Result) -> Any:
    path = folder / f"{form}.json"
    CASE_FORMATS[form].write(result, path, "en")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def result() -> Result:
    return carbonstd.run(case())


@pytest.fixture(scope="module")
def shipped(result: Result, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("pact")
    return {form: written(folder, form, result) for form in ("pact-3.0", "pact-2.3")}


# Of 1 t to the gate, by the case: fossil 4 300 and 20 by air, land-use change 10, biogenic 16 of which 1 is not CO2,
# removed 60, so -45 stays in the product (15 - 60). Without uptake 4 320 + 10 + 1 = 4 331, with it 4 286; delivery 50
# stands apart.
# Primary: |4 030| x 0.5 + |256| + |50| of 4 336 = 2 321 / 4 336 = 53.5286 %.
FIGURES: dict[str, dict[str, Any]] = {
    "pact-3.0": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "pcfExcludingBiogenicUptake": "4.331",
        "pcfIncludingBiogenicUptake": "4.286",
        "fossilGhgEmissions": "4.32",
        "aircraftGhgEmissions": "0.02",
        "landUseChangeGhgEmissions": "0.01",
        "biogenicNonCO2Emissions": "0.001",
        "biogenicCO2Uptake": "-0.045",
        "biogenicCarbonContent": "0.0125",
        "fossilCarbonContent": "0",
        "outboundLogisticsGhgEmissions": "0.05",
        "packagingGhgEmissions": "0.005",
        "exemptedEmissionsPercent": "2",
        "geographyCountrySubdivision": "CN-AH",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067"],
    },
    "pact-2.3": {
        "declaredUnit": "kilogram",
        "unitaryProductAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "pCfExcludingBiogenic": "4.331",
        "pCfIncludingBiogenic": "4.286",
        "fossilGhgEmissions": "4.32",
        "aircraftGhgEmissions": "0.02",
        "dLucGhgEmissions": "0.01",
        "otherBiogenicGhgEmissions": "0.001",
        "biogenicCarbonWithdrawal": "-0.045",
        "characterizationFactors": "AR6",
        "exemptedEmissionsPercent": 2,
        "primaryDataShare": 53.528598,
        "crossSectoralStandardsUsed": ["ISO Standard 14067"],
    },
}


@pytest.mark.parametrize("form", FIGURES)
def test_figures_are_those_of_the_gate_for_one_declared_unit(shipped: dict[str, Any], form: str) -> None:
    pcf = shipped[form]["pcf"]
    assert {name: pcf[name] for name in FIGURES[form]} == FIGURES[form]


def test_what_is_declared_stands_in_the_document(shipped: dict[str, Any]) -> None:
    three, two = shipped["pact-3.0"], shipped["pact-2.3"]
    assert three["productIds"] == ["urn:pact:copper.example:product-id:W1", "urn:gtin:04012345123456"]
    assert three["created"] == "2026-04-15T00:00:00Z"
    assert "version" not in three
    assert (two["version"], "updated" in two, two["productCategoryCpc"]) == (0, False, "41513")
    assert three["pcf"]["verification"]["completedAt"] == "2026-04-10T00:00:00Z"
    assert two["pcf"]["assurance"]["assurance"] is True
    assert three["pcf"]["productOrSectorSpecificRules"] == [
        {"operator": "Other", "ruleNames": ["PCR 2025"], "otherOperatorName": "An Association"}
    ]
    assert "Distribution, not included: 0.05 kgCO2e" in two["comment"]


def test_what_is_left_out_divided_and_rated_is_told(tmp_path: Path) -> None:
    """Two flows left out, 1 and 0.5 %; wire and offcuts by mass, 500 t of 625; each process rated alike."""
    data = case(declaration_exempted_share=None)
    inputs = data["inputs"]
    inputs["footprint_exclusion"] = [
        {"process": "拉丝", "item": "oil", "footprint_share": "1 %", "reason": "small"},
        {"process": "拉丝", "item": "labels", "footprint_share": "0.5 %", "reason": "no data"},
    ]
    inputs["footprint_process"][1] |= {"allocation": "mass", "allocation_reason": "one metal"}
    inputs["footprint_output"].insert(2, {"process": "拉丝", "product": "边角料", "amount": "125 t"})
    rated = {"technology_score": 2, "geography_score": 3, "time_score": 1, "precision_score": 2}
    for row in inputs["footprint_process"]:
        row |= rated
    pcf = written(tmp_path, "pact-3.0", carbonstd.run(data))["pcf"]
    assert (pcf["exemptedEmissionsPercent"], pcf["exemptedEmissionsDescription"]) == (
        "1.5",
        "oil: small. labels: no data.",
    )
    assert pcf["allocationRulesDescription"] == "拉丝: by mass (one metal)."
    assert pcf["boundaryProcessesDescription"] == "Cradle to gate. Raw materials: 铜杆. Production: 拉丝."
    assert pcf["dqi"] == {"technologicalDQR": "2", "geographicalDQR": "3", "temporalDQR": "1"}
    # 4 320 x 500/625 = 3 456 for the tonne
    assert pcf["fossilGhgEmissions"] == "3.456"
    for flow in inputs["footprint_exclusion"]:
        flow.pop("footprint_share")
    with pytest.raises(CaseError) as caught:
        written(tmp_path, "pact-3.0", carbonstd.run(data))
    assert [item.code for item in caught.value.findings] == ["pact-declare"]


@pytest.mark.parametrize("form", FIGURES)
def test_a_written_document_is_read_without_a_finding_that_one_could_mend(
    tmp_path: Path, shipped: dict[str, Any], form: str
) -> None:
    found = read_footprints([sent(tmp_path, shipped[form])]).findings
    assert {item.code for item in found} <= {"pact-asked"}


def test_any_change_is_a_new_id_in_version_3_and_a_version_in_2(tmp_path: Path, shipped: dict[str, Any]) -> None:
    before = shipped["pact-3.0"]["id"]
    later = carbonstd.run(case(declaration_version=1, declaration_preceding_ids=before, declaration_packaging=6))
    three, two = written(tmp_path, "pact-3.0", later), written(tmp_path, "pact-2.3", later)
    assert three["id"] != before
    assert three["precedingPfIds"] == [before]
    assert two["id"] == shipped["pact-2.3"]["id"]
    assert (two["version"], two["updated"]) == (1, "2026-04-15T00:00:00Z")
    moved = carbonstd.run(case(declaration_geography="CN"))
    assert written(tmp_path, "pact-2.3", moved)["id"] != shipped["pact-2.3"]["id"]


def product(monkeypatch: pytest.MonkeyPatch, basis: str, demand: float, mass: float | None) -> None:
    """The product as if it were measured otherwise; one unit still comes to 4 320 kg of fossil CO2e at the gate."""

    def other(result: Result, sheet: str) -> list[Record]:
        found = records(result, sheet)
        if sheet != "footprint_product":
            return found
        cells = {**found[0].cells, "demand": demand, "product_mass": mass}
        return [replace(found[0], cells=cells, basis=basis)]

    monkeypatch.setattr("carbonstd._pact.facts.records", other)


UNITS = [
    # basis, demand, mass of all of it, form, unit, amount, mass and fossil emissions by unit
    ("volume", 1.0, None, "pact-2.3", "cubic meter", "1", None, "4320"),
    ("volume", 2.0, 1600.0, "pact-3.0", "cubic meter", "1", "800", "2160"),
    ("energy", 1000.0, None, "pact-3.0", "kilowatt hour", "1", "0", "4.32"),
    ("area", 4.0, 8.0, "pact-3.0", "square meter", "1", "2", "1080"),
    ("transport", 100.0, None, "pact-2.3", "ton kilometer", "1", "0", "43.2"),
    ("time", 10.0, None, "pact-3.0", "hour", "1", "0", "432"),
    ("count", 20.0, 80.0, "pact-3.0", "piece", "1", "4", "216"),
    ("count", 20.0, 80.0, "pact-2.3", "kilogram", "4", "1", "54"),  # 80 kg / 20 = 4 kg a piece; 4 320 / 80 = 54 a kg
]


@pytest.mark.parametrize(("basis", "demand", "mass", "form", "unit", "amount", "by_unit", "fossil"), UNITS)
def test_units_and_what_one_of_them_weighs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    result: Result,
    basis: str,
    demand: float,
    mass: float | None,
    form: str,
    unit: str,
    amount: str,
    by_unit: str | None,
    fossil: str,
) -> None:
    product(monkeypatch, basis, demand, mass)
    pcf = written(tmp_path, form, result)["pcf"]
    named = {
        "pact-3.0": ("declaredUnitOfMeasurement", "declaredUnitAmount"),
        "pact-2.3": ("declaredUnit", "unitaryProductAmount"),
    }
    assert [pcf[name] for name in named[form]] == [unit, amount]
    assert pcf.get("productMassPerDeclaredUnit") == by_unit
    assert pcf["fossilGhgEmissions"] == fossil


@pytest.mark.parametrize(
    ("basis", "form", "codes"),
    [
        ("length", "pact-3.0", ["pact-unit", "pact-mass"]),
        ("time", "pact-2.3", ["pact-unit"]),
        ("count", "pact-2.3", ["pact-mass"]),
        ("count", "pact-3.0", ["pact-mass"]),
        ("volume", "pact-3.0", ["pact-mass"]),
    ],
)
def test_a_unit_the_version_has_not_and_a_mass_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Result, basis: str, form: str, codes: list[str]
) -> None:
    product(monkeypatch, basis, 1.0, None)
    with pytest.raises(CaseError) as caught:
        written(tmp_path, form, result)
    assert [item.code for item in caught.value.findings] == codes


def test_what_the_format_has_no_place_for_is_refused_all_at_once(tmp_path: Path) -> None:
    wrong = {
        "product_unit_kind": "functional",
        "product_boundary": "cradle_to_grave",
        "product_gwp_set": "ar4",
        "product_fossil_carbon": None,
        "declaration_biogenic_other": None,
        "declaration_company_name": None,
        "declaration_product_ids": "W1",
        "declaration_geography": "安徽",
        "declaration_valid_until": "next year",
    }
    with pytest.raises(CaseError) as caught:
        written(tmp_path, "pact-3.0", carbonstd.run(case(**wrong)))
    assert [(item.code, item.place.rpartition(".")[2]) for item in caught.value.findings] == [
        ("pact-declare", "company_name"),
        ("pact-urn", "product_ids"),
        ("pact-place", "geography"),
        ("pact-day", "valid_until"),
        ("pact-boundary", "boundary"),
        ("pact-functional-unit", "unit_kind"),
        ("pact-gwp", "gwp_set"),
        ("pact-biogenic", "biogenic_other"),
        ("pact-declare", "fossil_carbon"),
    ]
    assert not list(tmp_path.iterdir())


def test_what_one_version_asks_for_is_asked(tmp_path: Path) -> None:
    blank = {
        "product_biogenic_carbon": None,
        "declaration_cpc": None,
        "declaration_packaging_included": None,
        "declaration_exempted_share": None,
        "declaration_biogenic_other": 17,
    }
    data = case(**blank)
    data["inputs"].pop("footprint_exclusion")
    result = carbonstd.run(data)
    asked = {}
    for form in FIGURES:
        with pytest.raises(CaseError) as caught:
            CASE_FORMATS[form].write(result, tmp_path / "a.json", "en")
        asked[form] = [(item.code, item.place.rpartition(".")[2]) for item in caught.value.findings]
    more = ("pact-biogenic-more", "biogenic_other")
    late = ("pact-declare", "exempted_share")
    early = [("pact-declare", "cpc"), ("pact-declare", "packaging_included")]
    assert asked["pact-3.0"] == [more, late]
    assert asked["pact-2.3"] == [*early, more, ("pact-declare", "biogenic_carbon"), late]


def refused(folder: Path, result: Result, form: str = "pact-3.0") -> list[str]:
    with pytest.raises(CaseError) as caught:
        CASE_FORMATS[form].write(result, folder / f"a{CASE_FORMATS[form].suffixes[0]}", "en")
    assert not list(folder.iterdir())
    return [item.code for item in caught.value.findings]


def bought(**cells: Any) -> Any:
    """The case with 500 t bought by a supplier's figure of 10 gCO2e/kg: 5 t as recorded, 0.002 x 5 000 = 10 kg."""
    data = case()
    supplier: dict[str, Any] = {
        "supplier_data": "S",
        "product": "grease",
        "fossil": "0.01 kgCO2e/kg",
        "boundary": "cradle_to_gate",
    }
    supplier |= {"reference_year": 2024, "source": "letter", "supplier_gwp_set": "ar6", "primary_data_share": "99 %"}
    unused = supplier | {"supplier_data": "unused", "supplier_gwp_set": "sar", "boundary": "cradle_to_gate"}
    data["inputs"]["footprint_supplier"] = [supplier | cells, unused]
    row = {"process": "拉丝", "item": "grease", "supplier_data": "S", "amount": "500 t", "data_source": "invoice"}
    data["inputs"]["footprint_purchase"] = [row]
    return data


def test_a_result_with_an_error_is_not_handed_on(tmp_path: Path) -> None:
    result = carbonstd.run(bought(boundary="gate_to_gate"))
    for form in ("pact-3.0", "pact-2.3", "openlca"):
        assert refused(tmp_path, result, form) == ["check-failed", "export-failed"]
    page = tmp_path / "r.html"
    told = CASE_FORMATS["footprint-report"].write(result, page, "en")
    assert "check-failed" in {item.code for item in told.findings}
    text = page.read_text(encoding="utf-8")
    assert text.index("not to be used or handed on") < text.index("Quantified by")
    assert "-60.00" in text
    assert "-44 kgCO2e" in text  # net: 16 - 60


def test_supplier_data_is_a_source_with_its_own_gwp_set(tmp_path: Path) -> None:
    """4 320 + 10 of fossil. All primary, it is no secondary source."""
    pcf = written(tmp_path, "pact-3.0", carbonstd.run(bought(supplier_gwp_set="ar4")))["pcf"]
    assert pcf["fossilGhgEmissions"] == "4.33"
    assert "bought by a process of production count as raw materials" in pcf["boundaryProcessesDescription"]
    assert pcf["ipccCharacterizationFactors"] == ["AR6", "AR4"]
    assert pcf["secondaryEmissionFactorSources"] == [{"name": "Supplier data: S", "version": "2024"}]
    primary = carbonstd.run(bought(primary_data_share="100 %", supplier_gwp_set="ar4"))
    two = written(tmp_path, "pact-2.3", primary)
    assert "secondaryEmissionFactorSources" not in two["pcf"]
    assert "by other GWP sets is in it: AR4." in two["comment"]


def test_land_management_by_process_and_version(tmp_path: Path) -> None:
    """3 t emitted, 6 kg of the tonne, and 3 ha x 10 tC x 44/12 / 20 a = 5.5 t taken up by another process, 11 kg:
    -5 kg, in 3.0 in both totals, in 2.3 in the including one."""
    data = case()
    emitted = {"process": "铜杆", "category": "land_use", "emissions": "3 tCO2e"}
    data["inputs"]["footprint_emission"].append(emitted)
    gained: dict[str, Any] = {
        "process": "拉丝",
        "item": "wood",
        "category": "land_use",
        "area": "3 ha",
        "source": "survey",
    }
    gained |= {"carbon_before": "0 tC/ha", "carbon_after": "10 tC/ha"}
    gained |= {"occupied_years": 1, "changed": 2020, "assessed": 2025}
    data["inputs"]["footprint_land"] = [gained]
    result = carbonstd.run(data)
    three, two = (written(tmp_path, form, result)["pcf"] for form in ("pact-3.0", "pact-2.3"))
    assert three["landManagementBiogenicCO2Emissions"] == "0.006"
    assert three["landManagementBiogenicCO2Removals"] == "-0.011"
    assert (three["pcfExcludingBiogenicUptake"], three["pcfIncludingBiogenicUptake"]) == ("4.326", "4.281")
    assert two["landManagementGhgEmissions"] == "-0.005"
    assert (two["pCfExcludingBiogenic"], two["pCfIncludingBiogenic"]) == ("4.331", "4.281")


def test_what_is_left_out_has_a_reason_and_packaging_is_a_part(tmp_path: Path) -> None:
    """4 331 kg are emitted to the gate."""
    silent = case()
    silent["inputs"].pop("footprint_exclusion")
    assert refused(tmp_path, carbonstd.run(silent)) == ["pact-exempted-why"]
    assert refused(tmp_path, carbonstd.run(case(declaration_packaging=4340))) == ["pact-packaging"]
    written(tmp_path, "pact-3.0", carbonstd.run(case(declaration_packaging=4330)))


@pytest.mark.parametrize(("carbon", "told"), [(12.9, False), (13, True)])
def test_the_carbon_of_a_product_was_taken_up(tmp_path: Path, carbon: float, told: bool) -> None:
    """45 kg were; 12.9 kgC are 47.3 kg and 13 kgC 47.67, of which 95 % are 44.94 and 45.28."""
    result = carbonstd.run(case(product_biogenic_carbon=carbon))
    found = CASE_FORMATS["pact-3.0"].write(result, tmp_path / "a.json", "en").findings
    assert ("pact-carbon" in {item.code for item in found}) == told


def test_biomass_needs_its_flows_apart_and_balanced(tmp_path: Path) -> None:
    fossil_alone = case(declaration_biogenic_other=None)
    rows = fossil_alone["inputs"]["footprint_emission"]
    fossil_alone["inputs"]["footprint_emission"] = [row for row in rows if not row["category"].startswith("biogenic")]
    emitted_alone = case()
    emitted_alone["inputs"]["footprint_emission"].pop(5)
    for data, code in ((fossil_alone, "pact-biomass"), (emitted_alone, "pact-biogenic-balance")):
        with pytest.raises(CaseError) as caught:
            written(tmp_path, "pact-3.0", carbonstd.run(data))
        assert {item.code for item in caught.value.findings} == {code}


def test_a_case_without_declaration_has_none(tmp_path: Path) -> None:
    blank = case()
    del blank["inputs"]["footprint_declaration"]
    with pytest.raises(CaseError) as caught:
        written(tmp_path, "pact-3.0", carbonstd.run(blank))
    assert [item.code for item in caught.value.findings] == ["pact-no-declaration"]


def rows(folder: Path, *documents: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of supplier data that these documents give, and the codes of what is told of them."""
    paths = [sent(folder, document, f"{number}.json") for number, document in enumerate(documents)]
    found = supplied(read_footprints(paths), carbonstd.method("gbt-24067@2024"))
    columns = found.case.sheets[found.sheet].columns
    return (
        [{name: cells[row] for name, cells in columns.items()} for row in range(len(documents))],
        [item.code for item in found.findings],
    )


# 2 kg: 8 of fossil, 1 of it by air, so 3.5 and 0.5 a kg; the sheet takes a removal as a positive figure.
ROW = {
    "supplier_data": "Rod 8 Rod Works 2025",
    "product": "Rod 8",
    "company": "Rod Works",
    "fossil": "3.5 kgCO2e/kg",
    "aircraft": "0.5 kgCO2e/kg",
    "biogenic_emission": "0.1 kgCO2e/kg",
    "biogenic_removal": "0.11 kgCO2e/kg",
    "land_use_change": "0.2 kgCO2e/kg",
    "boundary": "cradle_to_gate",
    "reference_year": 2025,
    "valid_until": "2028-12",
    "geography": "CN",
    "supplier_gwp_set": "ar6",
    "standards": "ISO14067",
    "primary_data_share": "60",
    "technology_score": "1.5",
    "geography_score": "2",
    "time_score": "3",
    "exempted_share": "1.5",
    "verification": "A Verifier, ISO 14064-3",
    "source": "PACT 3.0.0 3fa85f64-5717-4562-b3fc-2c963f66afa6, 2026-02-01",
}
FIGURES_OF_A_ROW = ("fossil", "aircraft", "biogenic_emission", "biogenic_removal", "land_use_change")


def test_a_supplied_footprint_is_a_row_by_one_unit(tmp_path: Path) -> None:
    [row], told = rows(tmp_path, V3)
    assert {name: value for name, value in row.items() if value is not None} == ROW
    assert told == []


def test_version_2_is_the_same_row_but_for_its_own_scale_of_quality(tmp_path: Path) -> None:
    first, second = rows(tmp_path, V3, V2)[0]
    assert {name: second[name] for name in FIGURES_OF_A_ROW} == {name: ROW[name] for name in FIGURES_OF_A_ROW}
    assert (second["time_score"], second["land_use"]) == (None, "0 kgCO2e/kg")
    assert second["supplier_data"] == f"{first['supplier_data']} 7c9e6679"


IN_UNITS = [("liter", "kgCO2e/L"), ("megajoule", "kgCO2e/MJ"), ("ton kilometer", "kgCO2e/(t*km)"), ("hour", "kgCO2e/h")]


@pytest.mark.parametrize(("unit", "by"), [*IN_UNITS, ("piece", "kgCO2e/piece"), ("square meter", "kgCO2e/m^2")])
def test_units_are_taken_in_as_they_were_declared(tmp_path: Path, unit: str, by: str) -> None:
    [row], _ = rows(tmp_path, changed(V3, "pcf.declaredUnitOfMeasurement", unit))
    assert row["fossil"] == f"3.5 {by}"


TOLD = [
    (changed(V2, "pcf.unitaryProductAmount", "80"), "pact-amount"),
    (changed(V3, "pcf.ipccCharacterizationFactors", ["AR5", "AR6"]), "pact-gwp-in"),
    (changed(V3, "pcf.outboundLogisticsGhgEmissions", "0.3"), "pact-left-out"),
]


@pytest.mark.parametrize(("document", "code"), TOLD)
def test_what_a_row_cannot_hold_is_told(tmp_path: Path, document: Any, code: str) -> None:
    assert rows(tmp_path, document)[1] == [code]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("pcf.declaredUnitOfMeasurement", "megabit second", "pact-unit-in"),
        ("pcf.aircraftGhgEmissions", "8.1", "pact-aircraft"),
    ],
)
def test_what_cannot_be_a_row_is_refused(tmp_path: Path, path: str, value: str, code: str) -> None:
    with pytest.raises(CaseError) as caught:
        rows(tmp_path, changed(V3, path, value))
    assert [item.code for item in caught.value.findings] == [code]


def test_from_a_workbook_to_a_footprint_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped case is exported in both versions, and both come back as rows of another case with their origins."""
    monkeypatch.chdir(tmp_path)
    for form, name in (("pact-3.0", "a.json"), ("pact-2.3", "b.json")):
        made = run("export", CASE, "--as", form, "-o", name, "--lang", "zh")
        assert made.exit_code == 0, made.output
        assert "WBCSD" in made.output
    taken = ("--from", CASE, "--from", "a.json", "--from", "b.json", "--uncertainty")
    made = run("template", "gbt-24067", *taken, "-o", "in.xlsx", "--lang", "en")
    assert made.exit_code == 0, made.output
    page = openpyxl.load_workbook("in.xlsx")["Supplier data"]
    assert "fossil_uncertainty" in [cell.value for cell in page[2]]
    held = [cell for row in page.iter_rows() for cell in row if cell.value == "4.3 kgCO2e/kg"]
    told = [str(cell.comment.text) for cell in held if cell.comment]
    assert [text.split(": ")[0] for text in told] == ["from a.json $", "from b.json $"]
    assert "pcf.fossilGhgEmissions = 4.32, pcf.aircraftGhgEmissions = 0.02" in told[0]
    assert run("calc", "in.xlsx", "--lang", "en").exit_code == 0


def test_template_takes_one_case_of_the_method_and_footprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    good = sent(tmp_path, V3)
    other = ROOT / "methods/enterprises/gbt-32151.34/cases/example-plant.yaml"
    for sources, code in (
        ((CASE, CASE, good), "pact-two-cases"),
        ((other, good), "pact-other-method"),
    ):
        asked = [word for source in sources for word in ("--from", str(source))]
        refused = run("template", "gbt-24067", *asked, "-o", "in.xlsx", "--lang", "en")
        assert (refused.exit_code, code in refused.output) == (2, True), refused.output
    refused = run("template", "gbt-32151.34", "--from", good, "-o", "in.xlsx", "--lang", "en")
    assert (refused.exit_code, "pact-no-sheet" in refused.output) == (2, True)
    assert run("template", "gbt-24067", "--from", CASE, "--from", CASE, "-o", "in.xlsx").exit_code == 2
    assert not Path("in.xlsx").exists()
