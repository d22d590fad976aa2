"""`calc --edition A --edition B`: one plant by two editions of its method, every difference with what makes it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._result.line_pairs import LinePair
from tests.command_line import ROOT, run, start_in, write

POWER = """
method: mee-power@2021
entity: {name: {zh: 示例发电, en: Example Power}}
period: 2021-05
as_of: 2023-03-31
assumptions: [{table: fuels/mee-power-coal, reason: a test, name: nobody}]
inputs:
  unit: [{unit: 1, unit_class: conventional_coal, product: condensing, rated_power: 600}]
  coal:
    - {unit: 1, fuel: bituminous_coal, month: 2021-05, consumption: 10000, consumption_state: in_furnace,
       ncv_source: not_measured, carbon_source: not_measured}
  production: [{unit: 1, month: 2021-05, gross_generation: 25000, auxiliary_power: 1250, running_hours: 700}]
"""
# 10000 t x 26.7 GJ/t x 0.03356 tC/GJ x 0.99 x 44/12 and the same x 0.03085
BY_2021, BY_2022 = 32526.6876, 29900.1285
COMPANY = ROOT / "methods/enterprises/gbt-32150/cases/full-company-2015.yaml"
EXAMPLE = ROOT / "methods/enterprises/gbt-32151.34/cases/example-plant.yaml"
ALLOWANCE = ROOT / "methods/enterprises/mee-power-allowance/cases/example-2024.yaml"

HOUSE = """
title: {{zh: 示例方法, en: House method}}
document: {{number: HOUSE-{year}, issued: {year}-01-01, in_force: {year}-01-01}}
regime: ndrc-guide
gases: [CO2, CH4]
boundary: {{zh: 全厂, en: the works}}
tables:
  gwp: {{table: gwp/{gwp}, select: pinned, edition: "{gwp_edition}", clause: a}}
constants:
  leak: {{value: {leak}, unit: "1", evidence: derived, label: {{zh: 泄漏率, en: Leak rate}}}}
sheets:
  acetylene:
    kind: guide_acetylene
    columns: {{use: , consumption: , purity: }}
equations:
  burnt: {{label: {{zh: 燃烧, en: Burnt}}, unit: tCO2, clause: a, evidence: derived, expression: {burnt}}}
  leaked:
    label: {{zh: 泄漏, en: Leaked}}
    unit: tCO2e
    clause: b
    evidence: derived
    expression: sum(acetylene.consumption) * leak * methane_share * gwp["CH4"].gwp100
  total:
    label: {{zh: 总量, en: Total}}
    unit: tCO2e
    clause: c
    evidence: derived
    expression: burnt * gwp["CO2"].gwp100 + leaked
lines:
  {burnt_id}: {{label: {{zh: 燃烧, en: Burnt}}, equation: burnt, bucket: 燃烧, scope: "1", category: process}}
  leaked: {{label: {{zh: 泄漏, en: Leaked}}, equation: leaked, bucket: 泄漏, scope: "1", category: fugitive, gas: CO2e}}
totals:
  total: {{label: {{zh: 总量, en: Total}}, equation: total, gas: CO2e, primary: true}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    start_in(tmp_path, monkeypatch)
    return tmp_path


def compared(case: Path, old: str, new: str, *more: str | Path) -> dict[str, Any]:
    data = json.loads(run("calc", case, "--edition", old, "--edition", new, "--json", *more).stdout)
    assert isinstance(data, dict)
    return data


def pair(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The pair of a line or total, by its id in the newer edition or else in the older."""
    [found] = [item for item in (*data["lines"], *data["totals"]) if (item["new"] or item["old"])["id"] == name]
    return dict(found)


def causes(data: dict[str, Any], name: str) -> list[tuple[str, str, str]]:
    return [(item["kind"], item["old"], item["new"]) for item in pair(data, name)["causes"]]


# Power: the default of coal that was not measured


def test_the_default_carbon_of_coal_by_two_power_editions() -> None:
    data = compared(write("power.yaml", POWER), "2021", "2022-12")
    fuel = pair(data, "fuel_combustion")
    assert fuel["old"]["value"] == pytest.approx(BY_2021)
    assert fuel["new"]["value"] == pytest.approx(BY_2022)
    assert fuel["difference"] == fuel["effect"] == pytest.approx(BY_2022 - BY_2021)
    assert causes(data, "fuel_combustion") == [
        ("table", "fuels/mee-power-coal@2021", "fuels/mee-power-coal@2022-12"),
        ("default", "0.03356 tC/GJ", "0.03085 tC/GJ"),
    ]
    assert data["new"]["tables_on"] == "2023-01-01"
    assert data["old"]["tables_on"] is None


def test_a_total_that_one_edition_lacks_is_no_difference() -> None:
    data = compared(write("power.yaml", POWER), "2021", "2022-12")
    supplied = pair(data, "supplied")  # the edition of December 2022 has no supplied electricity
    assert supplied["old"]["value"] == pytest.approx(25000 - 1250)
    assert supplied["new"] is None
    assert supplied["difference"] is None
    assert [kind for kind, *_ in causes(data, "supplied")] == ["absent"]
    assert pair(data, "generation")["same"]


def test_in_the_editions_own_time_the_period_chooses_the_tables() -> None:
    case = write("power.yaml", POWER.replace("2021-05", "2022-05").replace("mee-power@2021", "mee-power@2022-03"))
    data = compared(case, "2022-03", "2021")
    assert data["old"]["tables_on"] is None  # May 2022 is its time
    assert data["new"]["tables_on"] == "2021-03-29"  # the first day of the guide of 2021
    assert pair(data, "fuel_combustion")["old"]["value"] == pytest.approx(BY_2022)
    assert pair(data, "fuel_combustion")["new"]["value"] == pytest.approx(BY_2021)


def test_an_edition_that_refuses_shows_why_and_the_other_runs() -> None:
    case = write("power.yaml", POWER)  # V04-2026 has no default oxidation factor
    result = run("calc", case, "--edition", "2021", "--edition", "2026")
    assert result.exit_code == 1
    assert "this edition refuses the case" in result.stdout
    assert "missing-value" in result.stdout
    assert "32,526.69" in result.stdout
    data = compared(case, "2021", "2026")
    assert (data["old"]["refused"], data["new"]["refused"]) == (False, True)
    assert "missing-value" in {item["code"] for item in data["new"]["findings"]}
    assert data["lines"] == data["totals"] == []


def test_where_both_refuse_nothing_is_printed_but_why() -> None:
    result = run(
        "calc",
        write("power.yaml", POWER.replace("consumption: 10000, ", "")),
        "--edition",
        "2021",
        "--edition",
        "2022-12",
    )
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "missing-value" in result.stderr


def test_the_page_in_both_languages() -> None:
    case = write("power.yaml", POWER)
    english = run("calc", case, "--edition", "2021", "--edition", "2022-12")
    assert english.exit_code == 0
    assert "Only by mee-power@2021" in english.stdout
    assert "Carbon content per unit of heat: 0.03356 tC/GJ → 0.03085 tC/GJ (1 rows)" in english.stdout
    assert "-2,626.56" in english.stdout
    chinese = run("calc", case, "--edition", "2021", "--edition", "2022-12", "--lang", "zh").stdout
    assert "缺省值不同: 燃煤燃烧 · 单位热值含碳量: 0.03356 tC/GJ → 0.03085 tC/GJ (1 行)" in chinese
    assert "对总量的影响" in chinese


# The general guidelines: other equations, and lines that one edition counts and the other does not


def test_effects_of_the_lines_add_up_to_the_difference_of_the_total() -> None:
    """Of the cases beside the methods: 21 400.67 by the edition of 2015 and 15 776.42 by that of 2025."""
    data = compared(COMPANY, "2015", "2025")
    total = pair(data, "total")
    assert total["old"]["value"] == pytest.approx(21400.67, abs=0.01)
    assert sum(item["effect"] for item in data["lines"]) == pytest.approx(total["difference"])


def test_a_line_that_only_the_newer_edition_counts() -> None:
    data = compared(COMPANY, "2015", "2025")
    stock = pair(data, "gas_stock")  # refrigerants: apart in 2015, in the total in 2025
    assert stock["same"]
    assert stock["effect"] == pytest.approx(stock["new"]["value"])
    assert causes(data, "gas_stock") == [("counted", "0", "+")]


def test_an_equation_that_changed_is_told_with_both_forms() -> None:
    data = compared(COMPANY, "2015", "2025")
    [(kind, old, new), *_] = causes(data, "purchased_electricity")
    assert kind == "equation"
    assert "grid_purchased + direct_line_quantity" in old
    assert "nonfossil" in new


def test_each_plan_takes_the_benchmarks_of_its_own_year() -> None:
    """Published for conventional coal above 300 MW: 0.7950 tCO2/MWh for 2023 and 0.7910 for 2024."""
    data = compared(ALLOWANCE, "2023", "2024")
    reasons = pair(data, "electricity_allowance")["causes"]
    tables = [(item["old"], item["new"]) for item in reasons if item["kind"] == "table"]
    benchmarks = "benchmarks/mee-power-allowance-2024-1"
    assert tables == [(f"{benchmarks}@2023", f"{benchmarks}@2024")]
    assert ("0.795 tCO2/MWh", "0.791 tCO2/MWh") in {(item["old"], item["new"]) for item in reasons}
    assert "newer-edition" in {item["code"] for item in data["old"]["findings"]}


# A method of the user's own, with every kind of difference


def house(**changes: str) -> Path:
    """Two editions of a method, and a case: 10 t of 90 % acetylene."""
    old = {"year": "2015", "gwp": "ipcc-sar", "gwp_edition": "1995", "leak": "0.01", "burnt_id": "burnt"}
    old |= {"burnt": "sum(acetylene.consumption * acetylene.purity) * carbon * 44/12"}
    new = {**old, "year": "2020", "gwp": "ipcc-ar5", "gwp_edition": "2013", **changes}
    more = "\n  carbon: {value: 0.9, unit: tC/t, evidence: derived, label: {zh: 碳, en: Carbon}}"
    more += "\n  methane_share: {value: 1, unit: tCH4/t, evidence: derived, label: {zh: 甲烷, en: Methane}}\nsheets:"
    for values in (old, new):
        text = HOUSE.format(**values).replace("\nsheets:", more, 1)
        write(f"own/enterprises/house/{values['year']}.yaml", text)
    rows = "inputs: {acetylene: [{use: shop, consumption: 10, purity: 0.9}]}\n"
    return write("house.yaml", f"method: house@2015\nperiod: 2021\nas_of: 2022-03-31\n{rows}")


def test_both_figures_have_the_decimals_of_the_finer_one() -> None:
    """31.8 (29.7 + 2.1) rounds to 32 by the old edition, that of 32.5 (29.7 + 2.8) prints four: +0.7 is of no 32."""
    case, old = house(), Path("own/enterprises/house/2015.yaml")
    old.write_text(old.read_text(encoding="utf-8").replace("primary: true", "primary: true, digits: 0"), "utf-8")
    shown = run("calc", case, "--edition", "2015", "--edition", "2020", "--methods", "own").stdout
    assert next(line.split()[:4] for line in shown.splitlines() if line.startswith("  total ")) == [
        "total", "31.8000", "32.5000", "+0.7"
    ]  # fmt: skip


def test_a_warming_potential() -> None:
    """10 t x 0.01 x 21 = 2.1 by the second report, x 28 = 2.8 by the fifth; burnt 10 x 0.9 x 0.9 x 44/12 = 29.7."""
    data = compared(house(), "2015", "2020", "--methods", "own")
    leaked = pair(data, "leaked")
    assert (leaked["old"]["value"], leaked["new"]["value"]) == (pytest.approx(2.1), pytest.approx(2.8))
    assert ("gwp", "21 kgCO2e/kgCH4", "28 kgCO2e/kgCH4") in causes(data, "leaked")
    assert pair(data, "burnt")["same"]
    assert pair(data, "total")["difference"] == pytest.approx(0.7)


def test_a_constant() -> None:
    """10 t x 0.02 x 28 = 5.6."""
    data = compared(house(leak="0.02"), "2015", "2020", "--methods", "own")
    assert pair(data, "leaked")["new"]["value"] == pytest.approx(5.6)
    assert ("constant", "0.01 1", "0.02 1") in causes(data, "leaked")


def test_lines_of_other_ids_are_matched_by_bucket() -> None:
    """The new edition leaves purity out: 10 x 0.9 x 44/12 = 33."""
    case = house(burnt_id="combustion", burnt="sum(acetylene.consumption) * carbon * 44/12")
    data = compared(case, "2015", "2020", "--methods", "own")
    found = pair(data, "combustion")
    assert (found["matched"], found["old"]["id"]) == ("bucket", "burnt")
    assert found["difference"] == pytest.approx(33 - 29.7)
    assert [kind for kind, *_ in causes(data, "combustion")] == ["equation", "column"]
    text = run("calc", case, "--edition", "2015", "--edition", "2020", "--methods", "own").stdout
    assert "matched by bucket with burnt" in text
    assert "column used by one edition only: A:" in text


# The command line


def test_the_comparison_is_written_as_json_only() -> None:
    case = write("power.yaml", POWER)
    two = ("calc", case, "--edition", "2021", "--edition", "2022-12")
    assert run(*two, "-o", "both.json").exit_code == 0
    assert json.loads(Path("both.json").read_text(encoding="utf-8"))["new"]["method"] == "mee-power@2022-12"
    for options in (("-o", "both.xlsx"), ("--report", "both.html"), ("--uncertainty",), ("--lock", "both.json")):
        refused = run(*two, *options)
        assert refused.exit_code == 2
        assert "two editions" in refused.stderr
    assert not Path("both.xlsx").exists()


def test_three_editions_and_editions_that_are_not_held() -> None:
    case = write("power.yaml", POWER)
    assert run("calc", case, "--edition", "2021", "--edition", "2022-03", "--edition", "2026").exit_code == 2
    assert run("calc", case, "--edition", "2021", "--edition", "2030").exit_code == 2
    assert run("trace", case, "--edition", "2021", "--edition", "2026", "--of", "total").exit_code == 2


def test_another_method_for_the_same_data() -> None:
    two = ("--edition", "2015", "--edition", "2025", "--method", "gbt-32150")
    case = ROOT / "methods/enterprises/ghg-protocol/cases/whole-company.yaml"
    data = json.loads(run("calc", case, *two, "--json").stdout)
    assert (data["old"]["method"], data["new"]["method"]) == ("gbt-32150@2015", "gbt-32150@2025")


def test_a_line_in_another_unit_of_its_kind_changes_nothing_of_the_total() -> None:
    """12.5 t by one edition and 0.0125 kt by the other: no difference, and nothing is added to that of the total."""
    item = carbonstd.run(EXAMPLE).lines[0]
    new = replace(item, value=12.5, unit="tCO2")
    pair = LinePair(replace(item, value=0.0125, unit="ktCO2"), new, "id")
    assert (pair.difference, pair.effect, pair.same) == (0.0, 0.0, True)
