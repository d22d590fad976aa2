"""What the public API does around a run: limits of a DataFrame, templates, handing on; and frames of what it gives.

Clinker, GB 16780-2021 table 2: electricity 61 kWh/t at level 3, coal 109 kgce/t.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

import carbonstd
from carbonstd import CarbonstdError

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "carbonstd"
CLINKER = {"standard": "水泥熟料", "status": "现有", "altitude": 100}


def test_every_public_name_is_found_where_type_checkers_find_it() -> None:
    assert all(getattr(carbonstd, name) is not None for name in carbonstd.__all__)
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    [checked] = [item.body for item in tree.body if isinstance(item, ast.If)]
    imported = {part.module: {name.name for name in part.names} for part in checked if isinstance(part, ast.ImportFrom)}
    assert imported == {f"carbonstd.{home}": set(names) for home, names in carbonstd._HOMES.items()}
    assert set().union(*imported.values()) == set(carbonstd.__all__)


def test_every_file_that_a_module_reads_lies_beside_it() -> None:
    beside = re.compile(r'Path\(__file__\)\.with_name\("([^"]+)"\)')
    asked = [
        path.with_name(name)
        for path in PACKAGE.rglob("*.py")
        for name in beside.findall(path.read_text(encoding="utf-8"))
    ]
    assert asked
    assert all(path.is_file() for path in asked)


def test_plants_of_a_frame_are_judged_and_gaps_are_blank() -> None:
    plants = pd.DataFrame(
        [
            {"name": "A", **CLINKER, "reported_electricity": 61.0, "reported_coal": None},
            {"name": "B", **CLINKER, "reported_electricity": 62.0, "reported_coal": 109},
        ]
    )
    check = carbonstd.check_limits(plants, period=2025)
    found = {
        (row["plant"], row["indicator"]): [row["value"], row["limit"], row["distance"]]
        for row in check.frame().to_dict("records")
    }
    electricity, coal = "Comprehensive electricity per unit clinker", "Comprehensive coal per unit clinker"
    assert found["A", electricity] == [61, 61, 0]
    assert found["B", electricity] == [62, 61, -1]
    assert found["B", coal] == [109, 109, 0]
    assert ("A", coal) not in found  # a gap is no figure
    assert check.records[0].place == "[1]"  # the worst first, rows counted from 0


def test_the_row_of_a_judged_indicator_tells_its_warnings() -> None:
    """109.87 + 0.1229 x 61 = 117.3669: 118 is 0.54 % off and warned of, 117.9 is 0.45 % off."""
    given = {**CLINKER, "reported_electricity": 61, "reported_coal": 109.87}
    plants = [{"name": name, **given, "reported_energy": energy} for name, energy in (("A", 118), ("B", 117.9))]
    rows = carbonstd.check_limits(plants, period=2025).frame("zh").to_dict("records")
    told = {row["plant"]: row["findings"] for row in rows}
    assert "综合能耗与煤耗和电耗之和相差超过0.5 %" in told["A"]
    assert told["B"] == ""


def test_the_same_plants_from_a_file(tmp_path: Path) -> None:
    plants = pd.DataFrame([{"name": "A", **CLINKER, "reported_coal": 110}])
    plants.to_csv(tmp_path / "plants.csv", index=False)
    of_file, of_frame = (
        carbonstd.check_limits(item, period=2025).frame() for item in (tmp_path / "plants.csv", plants)
    )
    pd.testing.assert_frame_equal(of_file.drop(columns="place"), of_frame.drop(columns="place"))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda path: carbonstd.check_limits([]), "limits-nothing-to-read"),
        (lambda path: carbonstd.template("gbt-32151.34", path / "a.xlsx", period="last year"), "case-period"),
        (lambda path: carbonstd.example("gbt-32151.34@1999"), "document-not-held"),
        (lambda path: carbonstd.export(coke(), path / "a.json", "pact-3"), "not-found"),
        (lambda path: carbonstd.export(coke(), path / "a.txt", "pact-3.0"), "output-suffix"),
        (lambda path: carbonstd.with_footprints(coke().case, path / "none.json"), "file-not-found"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, call, code: str) -> None:
    with pytest.raises(CarbonstdError) as caught:
        call(tmp_path)
    assert [item.code for item in caught.value.findings] == [code]
    assert not list(tmp_path.iterdir())


def coke() -> carbonstd.Result:
    """10 t x 0.02 tC/t x 1 x 44/12, equation (2)."""
    return carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/cases/eq-02-fuel-by-mass.yaml")


def test_a_template_filled_with_a_case_gives_its_result(tmp_path: Path) -> None:
    carbonstd.template(coke().case, tmp_path / "in.xlsx")
    assert carbonstd.run(tmp_path / "in.xlsx").value("fuel_emissions").value == pytest.approx(10 * 0.02 * 44 / 12)


def test_a_case_keeps_its_own_sheets_when_footprints_are_added(tmp_path: Path) -> None:
    wire = carbonstd.run(ROOT / "methods/products/gbt-24067/cases/declared.yaml")
    carbonstd.export(wire, tmp_path / "wire.json", "pact-3.0")
    housing = carbonstd.example("gbt-24067")
    before = housing.sheets["footprint_supplier"].rows
    case, _ = carbonstd.with_footprints(housing, tmp_path / "wire.json")
    assert (case.sheets["footprint_supplier"].rows, housing.sheets["footprint_supplier"].rows) == (before + 1, before)


def test_nothing_prints_kilobytes() -> None:
    case = carbonstd.read_case(ROOT / "methods/enterprises/mee-power/cases/nothing-measured-2022.yaml")
    shown = [
        carbonstd.compare_editions(case, "mee-power@2021", "mee-power@2022-03"),
        coke().explain("fuel_combustion"),
        coke().uncertainty(),
        carbonstd.check_limits([{"name": "A", **CLINKER, "reported_coal": 110}], period=2025),
    ]
    assert [len(repr(item)) < 200 for item in shown] == [True] * len(shown)


def test_editions_as_a_frame() -> None:
    """130 000 t x 26.7 GJ/t x 0.99 x 44/12 by a carbon content of 0.03356 and 0.03085 tC/GJ."""
    case = carbonstd.read_case(ROOT / "methods/enterprises/mee-power/cases/nothing-measured-2022.yaml")
    found = carbonstd.compare_editions(case, "mee-power@2021", "mee-power@2022-03").frame()
    by_hand = 130_000 * 26.7 * 0.99 * 44 / 12
    row = next(row for row in found.to_dict("records") if row["id"] == "fuel_combustion")
    assert row["old"] == pytest.approx(by_hand * 0.03356)
    assert row["difference"] == pytest.approx(by_hand * (0.03085 - 0.03356))
    assert row["unit"] == "tCO2"
    assert "0.03356" in row["causes"]
