"""Findings for a reader: labels instead of ids, cells instead of sheet names, words that fit."""

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._definitions.line_words import tag_words
from carbonstd._findings import Finding, finding
from carbonstd._naming import Names, named, names_of
from carbonstd._units import unit
from tests.command_line import EXAMPLE, FAMILY, METHOD, run, start_in, write

TAG = {name: re.compile(rf'{name}: *("[^"]*"|[^,}}]*)') for name in ("bucket", "category")}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(carbonstd.method(METHOD), carbonstd.library())


def test_a_unit_is_told_in_words_that_can_be_typed(names: Names) -> None:
    told = names.finding(finding("not-a-number", "x", found="ten", unit="1e4 CNY"))
    assert (told.expected("zh"), told.expected("en")) == ("数字，单位 万元", "a number in 1e4 CNY")
    assert unit("万元").factor_to(unit("1e4 CNY")) == 1


@pytest.mark.parametrize("tag", ["bucket", "category"])
def test_every_tag_of_a_line_has_a_name_in_both_languages(tag: str) -> None:
    """The tags as the files of methods and parts write them, on lines that have a label or stand in a bucket."""
    found = set[str]()
    for path in (Path(carbonstd.__file__).parents[1] / "methods").rglob("*.yaml"):
        if "cases" not in path.parts:
            lines = path.read_text(encoding="utf-8").splitlines()
            found.update(item.strip(' "') for line in lines if "bucket:" in line for item in TAG[tag].findall(line))
    assert len(found) > 40
    words = tag_words(tag)
    assert found <= words.keys()
    assert all(re.search("[一-鿿]", name["zh"]) or name["zh"] == name["en"] for name in words.values())
    assert not any(re.search("[一-鿿]", name["en"]) for name in words.values())


def test_terms_columns_and_sheets_stand_by_their_labels(names: Names) -> None:
    # the labels are those of factors/vocabulary and of the sheets in methods/shared/kinds
    lacking = finding(
        "months-incomplete", "fuel", label={"zh": "燃料", "en": "Fuel"}, count=1, sources="车 / diesel (2025-01)"
    )
    shown = names.finding(lacking)
    assert "车 / 柴油 (2025-01)" in shown.message("zh")
    assert shown.message("zh").startswith("化石燃料燃烧: ")
    assert (shown.place, shown.code) == ("fuel", "months-incomplete")  # programs see no difference
    column = names.finding(finding("default-used", "fuel.oxidation_factor", column="", count=1, rows=1, source=""))
    assert column.place_text("zh") == "化石燃料燃烧 · 碳氧化率"
    assert names.finding(finding("recalled-equation", "calcination_emissions", symbol="EC", label="")).place_text(
        "zh"
    ) == "原料煅烧排放量"  # fmt: skip


def test_one_id_has_the_label_of_its_own_sheet(names: Names) -> None:
    """`emission_factor` is the factor of carbonates on one sheet and of electricity on another."""
    failed = finding("check-failed", "x!A1", id="zero-factor", message="", values="emission_factor = 0, supply = grid")
    assert "电力排放因子 = 0, 电力类别 = 电网电力" in names.finding(failed).found("zh")


def test_a_word_inside_a_name_stays(names: Names) -> None:
    sources = "diesel-2 / diesel (2025-01)"
    shown = names.finding(finding("months-incomplete", "fuel", label="", count=1, sources=sources))
    assert "diesel-2 / 柴油" in shown.found("zh")


def test_a_blank_reason_is_not_answered_with_zero(names: Names) -> None:
    reason = {"zh": "理由", "en": "Reason"}
    assert names.finding(finding("missing-value", "假设!B6", column=reason)).remedy("zh") == "请填写"
    amount = carbonstd.method(METHOD).sheets["fuel"].columns["consumption"].label
    assert "0" in names.finding(finding("missing-value", "燃料!D6", column=amount)).remedy("zh")


def test_nothing_is_asked_or_bracketed_that_is_not_there() -> None:
    assert finding("unknown-column", sheet="fuel", column="x", suggestion="").expected("zh") == ""
    assert finding("above-maximum", column="x", found="2", limit="1", unit="1").expected("zh") == "不大于 1"
    assert finding("check-failed", message={"zh": "不符", "en": "wrong"}, values="").found("zh") == "不符"


def test_a_default_is_placed_on_the_cells_it_filled() -> None:
    """Rows 18 to 22 of the example's fuel sheet leave the net calorific value, column F, blank."""
    result = carbonstd.run(FAMILY / "example.xlsx")
    shown = [
        item.place_text("zh") for item in names_of(result).findings(result.findings) if item.code == "default-used"
    ]
    page = openpyxl.load_workbook(FAMILY / "example.xlsx")["化石燃料燃烧"]
    blank = [row for row in range(6, 40) if page.cell(row, 1).value and page.cell(row, 6).value is None]
    used = [row for row in blank if page.cell(row, 5).value is None and page.cell(row, 8).value is None]
    assert f"化石燃料燃烧!F{used[0]}:F{used[-1]}" in shown


@pytest.mark.parametrize("name", ["购入电力", "Purchased electricity", "purchased_electricity"])
def test_a_line_answers_to_its_label(name: str) -> None:
    line, equation = named(carbonstd.method(METHOD), name)
    assert line is not None
    assert (line.id, equation is not None) == ("purchased_electricity", True)


def test_part_of_a_label_is_enough_where_only_one_line_has_it() -> None:
    assert named(carbonstd.method(METHOD), "煅烧")[0] is not None
    assert named(carbonstd.method(METHOD), "电力") == (None, None)  # bought or sold?


def test_severities_are_words_of_the_language() -> None:
    broken = write("case.yaml", EXAMPLE.read_text(encoding="utf-8").replace("fuel: diesel", "fuel: 烟媒"))
    assert run("calc", broken, "--lang", "zh").stderr.startswith("错误 unknown-label: ")
    assert run("calc", broken, "--lang", "en").stderr.startswith("error unknown-label: ")


def test_errors_come_first() -> None:
    def made(code: str) -> Finding:
        return finding(code, sheet="", column="", suggestion="", table="", reason="", name="")

    values: dict[str, Any] = {"findings": [made("assumption"), made("unknown-column")]}
    assert str(carbonstd.CaseError(**values)).splitlines()[0].startswith("error unknown-column")


def test_methods_and_tables_show_themselves_in_a_line_and_as_html() -> None:
    method, table = carbonstd.method(METHOD), carbonstd.table("fuels/gbt-32151.34")
    assert repr(method).startswith("<Method gbt-32151.34@2024 GB/T 32151.34-2024: ")
    assert repr(table).startswith("<Table fuels/gbt-32151.34@2024 GB/T 32151.34-2024: 26 rows by fuel; ")
    assert max(len(repr(method)), len(repr(table))) < 160
    html = table._repr_html_()
    # table C.1, diesel: 42.652 GJ/t, 0.02020 tC/GJ, 98 %
    assert "<td>diesel</td><td>mass</td><td>42.652</td><td>0.02020</td><td>0.98</td>" in html
    assert "<td>(16)</td><td>ET</td>" in method._repr_html_()
    steam = carbonstd.table("heat/gbt-32151.34-superheated-steam")._repr_html_()
    assert "<td>240</td>" in steam
