"""Names of sheets and columns: ids, labels and aliases lead to one sheet in every form a case may have."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._case.names import suggest_column, suggest_sheet
from tests.test_workbook import HEAD, POWER, POWER_ROWS, POWER_TOTAL, book, refusal

METHOD = "gbt-32151.34@2024"
CASE: dict[str, Any] = {"method": METHOD, "period": 2025, "as_of": "2026-03-31"}
# 10 t of diesel by table C.1: 10 x 42.652 x 0.0202 x 0.98 x 44/12
DIESEL = 10 * 42.652 * 0.0202 * 0.98 * 44 / 12
TITLES = ["fuel", "Fuel", "化石燃料燃烧", "Fossil fuel combustion", "fuel_combustion", " 化石 燃料燃烧 "]
HEADINGS = [
    ["source", "fuel", "month", "consumption"],
    ["排放源或设施", "燃料品种", "月份", "消耗量"],
    ["Source or facility", "Fuel", "Month", "Consumption"],
    ["排放源或设施", "燃料品种 *", "月份/Month", "消耗量 (t)"],
]
ROW: list[Any] = ["叉车", "柴油", "2025-01", 10]


def total(source: Any) -> float:
    return carbonstd.run(source).primary.value


def codes(source: Any) -> dict[str, str]:
    """The codes of the errors a case is refused for, each with its place."""
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.run(source)
    return {item.code: item.place for item in caught.value.findings if item.severity == "error"}


def mapping(title: str, headings: Sequence[str], *rows: Sequence[Any]) -> dict[str, Any]:
    return {**CASE, "inputs": {title: [dict(zip(headings, row, strict=True)) for row in rows]}}


def folder(path: Path, sheets: Mapping[str, str], encoding: str = "utf-8") -> Path:
    path.mkdir(exist_ok=True)
    (path / "case.yaml").write_text(f"method: {METHOD}\nperiod: 2025\nas_of: 2026-03-31\n", encoding="utf-8")
    for name, text in sheets.items():
        (path / f"{name}.csv").write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("title", TITLES)
def test_a_sheet_has_the_same_names_in_every_form(tmp_path: Path, title: str) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([ROW], columns=HEADINGS[0])
    text = ",".join(HEADINGS[0]) + "\n" + ",".join(map(str, ROW)) + "\n"
    case = tmp_path / "case.yaml"
    row = ", ".join(f"{name}: {value}" for name, value in zip(HEADINGS[0], ROW, strict=True))
    case.write_text(f'method: {METHOD}\nperiod: 2025\nas_of: 2026-03-31\ninputs: {{"{title}": [{{{row}}}]}}\n', "utf-8")
    assert total(mapping(title, HEADINGS[0], ROW)) == pytest.approx(DIESEL, rel=1e-12)
    assert total({**CASE, "inputs": {title: frame}}) == pytest.approx(DIESEL, rel=1e-12)
    assert total(folder(tmp_path / "csv", {title: text})) == pytest.approx(DIESEL, rel=1e-12)
    assert total(book(tmp_path / "a.xlsx", {title: [HEADINGS[0], ROW]})) == pytest.approx(DIESEL, rel=1e-12)
    assert total(case) == pytest.approx(DIESEL, rel=1e-12)


@pytest.mark.parametrize("headings", HEADINGS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_column_has_the_same_names_in_every_form(tmp_path: Path, headings: list[str], encoding: str) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([ROW], columns=headings)
    text = ",".join(headings) + "\n" + ",".join(map(str, ROW)) + "\n"
    assert total(mapping("化石燃料燃烧", headings, ROW)) == pytest.approx(DIESEL, rel=1e-12)
    assert total({**CASE, "inputs": {"化石燃料燃烧": frame}}) == pytest.approx(DIESEL, rel=1e-12)
    assert total(folder(tmp_path / "csv", {"化石燃料燃烧": text}, encoding)) == pytest.approx(DIESEL, rel=1e-12)


def test_a_heading_may_name_another_unit(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    headings = ["排放源或设施", "燃料品种", "月份", "消耗量（kg）"]
    frame = pandas.DataFrame([[*ROW[:3], 10_000], ["铲车", "柴油", "2025-01", 10_000]], columns=headings)
    rows: list[list[Any]] = [[*ROW[:3], 10_000], ["铲车", "柴油", "2025-01", "10 t"]]
    assert total({**CASE, "inputs": {"fuel": frame}}) == pytest.approx(2 * DIESEL, rel=1e-12)
    assert total(mapping("fuel", headings, *rows)) == pytest.approx(2 * DIESEL, rel=1e-12)
    text = ",".join(headings) + "\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n"
    read = carbonstd.read_case(folder(tmp_path / "csv", {"fuel": text}))
    assert total(read) == pytest.approx(2 * DIESEL, rel=1e-12)
    assert [(item.code, item.place) for item in read.findings] == [("heading-unit", "fuel.csv:2 消耗量（kg）")]


@pytest.mark.parametrize(
    ("heading", "code"),
    [("低位发热量（kcal/kg）", "calorie-unnamed"), ("低位发热量（kcal_IT/t）", ""), ("低位发热量（m）", "wrong-unit")],
)
def test_a_heading_of_another_dimension_is_refused(tmp_path: Path, heading: str, code: str) -> None:
    headings = [*HEADINGS[1], heading]
    case = mapping("fuel", headings, [*ROW, 10_000_000])
    if not code:
        assert total(case) == pytest.approx(DIESEL / 42.652 * 41.868, rel=1e-12)
        return
    assert codes(case) == {code: f"fuel[0].{heading}"}
    assert refusal(book(tmp_path / "a.xlsx", {"fuel": [headings, [*ROW, 10_000]]})) == {code: "fuel!E1"}


def test_places_keep_the_name_that_was_typed(tmp_path: Path) -> None:
    bad = [*ROW[:3], "约10"]
    text = ",".join(HEADINGS[1]) + "\n" + ",".join(map(str, bad)) + "\n"
    assert codes(folder(tmp_path / "csv", {"fuel": text}))["not-a-number"] == "fuel.csv:2 消耗量"
    assert codes(mapping("化石燃料燃烧", HEADINGS[1], bad))["not-a-number"] == "化石燃料燃烧[0].消耗量"


def test_months_across_in_a_table_are_unfolded_and_their_total_checked(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    headings = ["排放源或设施", "燃料品种", "1月", "2月", "合计"]
    right, wrong = ["叉车", "柴油", 4, 6, 10], ["叉车", "柴油", 4, 6, 11]
    frame = pandas.DataFrame([right], columns=headings)
    case = carbonstd.read_case({**CASE, "inputs": {"fuel": frame}})
    assert total(case) == pytest.approx(DIESEL, rel=1e-12)
    assert case.sheets["fuel"].columns["month"] == ["2025-01", "2025-02"]
    assert case.sheets["fuel"].place("consumption", 1) == "fuel[0].2月"
    text = "\n".join(",".join(map(str, row)) for row in (headings, right)) + "\n"
    assert total(folder(tmp_path / "csv", {"fuel": text})) == pytest.approx(DIESEL, rel=1e-12)
    assert codes(mapping("fuel", headings, wrong)) == {"wide-total": "fuel!E2"}


def test_two_names_of_one_column() -> None:
    rows = [{"source": "叉车", "fuel": "柴油", "消耗量": 4}, {"source": "铲车", "燃料品种": "柴油", "consumption": 6}]
    assert total({**CASE, "inputs": {"fuel": rows}}) == pytest.approx(DIESEL, rel=1e-12)
    rows[0]["consumption"] = 5
    assert codes({**CASE, "inputs": {"fuel": rows}}) == {"header-twice": "fuel[0].consumption"}


def test_two_names_of_one_sheet() -> None:
    case = mapping("fuel", HEADINGS[0], ROW)
    case["inputs"]["化石燃料燃烧"] = case["inputs"]["fuel"]
    assert codes(case) == {"sheet-twice": "化石燃料燃烧"}


@pytest.mark.parametrize("title", ["fule", "化石燃料", "sheet1"])
def test_an_unknown_sheet_is_refused_in_every_form(tmp_path: Path, title: str) -> None:
    text = ",".join(HEADINGS[0]) + "\n" + ",".join(map(str, ROW)) + "\n"
    assert "sheet-unknown" in codes(mapping(title, HEADINGS[0], ROW))
    assert "sheet-unknown" in codes(folder(tmp_path / "csv", {title: text}))


def test_suggestions_are_in_the_language_that_was_typed() -> None:
    method = carbonstd.method(METHOD)
    assert suggest_sheet("fule", method) == "fuel"
    assert suggest_sheet("化石燃料燃绕", method) == "化石燃料燃烧"
    assert suggest_column("电力排放因于", method.sheets["electricity"]) == "电力排放因子"
    assert suggest_column("consumtion", method.sheets["fuel"]) == "consumption"
    assert suggest_sheet("备忘", method) == ""


# A page of a workbook that lost its name


def test_a_renamed_page_is_read_by_its_headings(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"燃料2025": [HEADINGS[1], ROW]})
    result = carbonstd.run(path)
    assert result.primary.value == pytest.approx(DIESEL, rel=1e-12)
    assert {item.code: item.place for item in result.findings}["sheet-by-headings"] == "燃料2025"


def test_a_page_that_fits_two_sheets_is_refused(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xlsx", {"电力2025": [POWER, *POWER_ROWS]})) == {"sheet-unclear": "电力2025"}


def test_a_copy_beside_its_sheet_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"fuel": [HEADINGS[1], ROW], "燃料备份": [HEADINGS[1], ROW]})
    assert refusal(path) == {"sheet-unclear": "燃料备份"}


def test_a_page_of_notes_or_without_rows_is_no_data(tmp_path: Path) -> None:
    notes = [["填表说明"], ["月份", "按自然月"], ["电量", "以结算单为准"]]
    path = book(tmp_path / "a.xlsx", {"购入电力": [POWER, *POWER_ROWS], "说明": notes, "空表": [POWER]}, HEAD)
    assert total(path) == POWER_TOTAL


# Frames and things that are no case


def test_a_frame_alone_is_no_case() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([ROW], columns=HEADINGS[0])
    for source in (frame, None, 12, [frame]):
        assert codes(source) == {"schema-type": "case"}


def test_a_frame_with_two_columns_of_one_name_is_refused() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[*ROW, 10]], columns=[*HEADINGS[0], "consumption"])
    assert codes({**CASE, "inputs": {"fuel": frame}}) == {"header-twice": "fuel[].consumption"}


def test_a_result_of_renamed_columns_pickles() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["叉车", "柴油", 4, 6]], columns=["排放源或设施", "燃料品种", "1月", "2月"])
    for case in (mapping("化石燃料燃烧", HEADINGS[1], ROW), {**CASE, "inputs": {"化石燃料燃烧": frame}}):
        again = pickle.loads(pickle.dumps(carbonstd.run(case)))
        assert again.primary.value == pytest.approx(DIESEL, rel=1e-12)


# The vocabulary and the check of the shared part name the same fuels


def test_every_biomass_fuel_is_refused_among_the_fossil_ones() -> None:
    text = (Path(__file__).resolve().parent.parent / "factors/vocabulary/fuels.yaml").read_text("utf-8")
    below = text.split("# biomass, biofuels and waste")[1].splitlines()
    fuels = {line.split(":")[0].strip() for line in below if line.strip()}
    for fuel in sorted(fuels - {"methanol", "municipal_waste_fossil", "industrial_waste"}):
        row = ["炉", fuel, "2025-01", "10 t"]
        with pytest.raises(carbonstd.CaseError) as caught:
            carbonstd.run(mapping("fuel", HEADINGS[0], row))
        assert "fuel-biogenic" in {item.values.get("id") for item in caught.value.findings}, fuel
