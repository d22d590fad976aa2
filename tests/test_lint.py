"""The linter on small definitions, each broken in one place: the slip is named, with its file and line.

The three base files below are sound. A slip is a piece of text put in place of another; the finding must stand on
the line where the slip was made (or on the line that holds `at`).
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import carbonstd
from carbonstd._definitions.library import Library
from carbonstd._findings import Finding, Severity, catalogue
from carbonstd._lint.lint import examine, lint_paths

PACKAGE = Path(carbonstd.__file__).parent

SOURCE = "source: {zh: 化验报告2025-17, en: laboratory report 2025-17}"
FUELS = """\
title: {zh: 自有燃料, en: House fuels}
document: {number: Q/HSE 12-2025, issued: 2025-01-15, in_force: 2025-02-01}
clause: 表1
evidence: secondary
source: {zh: 化验报告2025-17, en: laboratory report 2025-17}
data_period: 2024
errata:
  - {place: coke, printed: "284.35", read_as: "28.435"}
keys:
  fuel: {vocabulary: fuels, label: {zh: 燃料, en: fuel}}
columns:
  basis: {type: text}
  net_calorific_value: {unit: {mass: GJ/t, volume: GJ/1e4 m^3}, basis: lower}
  carbon_content: {unit: tC/GJ}
  oxidation_factor: {unit: "1"}
rows:
  - {fuel: coke, basis: mass, net_calorific_value: 28.435, carbon_content: 0.0295, oxidation_factor: 0.93}
  - {fuel: natural_gas, basis: volume, net_calorific_value: 389.31, carbon_content: 0.0153,
     oxidation_factor: {value: 0.99, low: 0.98, high: 1}}
  - {fuel: hydrogen, basis: mass, net_calorific_value: 120, carbon_content: 0, oxidation_factor: dash}
"""

LIMITS = """\
title: {zh: 能耗限额, en: Energy limits}
document: {number: Q/HSE 20-2025}
clause: 表2
evidence: user
keys:
  process: {}
  capacity: {unit: t/d}
columns:
  limit: {unit: kWh/t}
rows:
  - {when: {process: dry, capacity: {up_to: 2000}}, limit: 60}
  - {when: {process: dry, capacity: {above: 2000, below: 4000}}, limit: 57}
  - {when: {process: dry, capacity: {from: 4000}}, limit: 55}
  - {when: {process: [wet, semi_wet]}, limit: 80}
"""

METHOD = """\
title: {zh: 自定方法, en: House method}
document: {number: Q/HSE 30-2025, issued: 2025-01-15}
regime: gbt-32151
gases: [CO2]
tables:
  fuels: {table: fuels/gbt-32151.34, select: pinned, edition: "2024", clause: 表C.1}
constants:
  grid_factor: {value: 0.5, unit: tCO2/MWh, symbol: EFe, clause: "6.2"}
sheets:
  fuel:
    kind: fuel_combustion
    basis: fuels[fuel].basis
    columns:
      fuel:
      month:
      consumption: {symbol: FC, required: true}
      net_calorific_value: {symbol: NCV, default: "fuels[fuel].net_calorific_value"}
      carbon_content: {symbol: CC, default: "fuels[fuel].carbon_content"}
      oxidation_factor: {symbol: OF, default: "fuels[fuel].oxidation_factor"}
      data_source:
  power:
    kind: electricity
    columns:
      source:
      electricity: {symbol: ADe}
equations:
  fuel_row:
    label: {zh: 燃料（逐行）, en: "Fuel, by row"}
    sheet: fuel
    unit: tCO2
    symbol: Ei
    clause: "6.1"
    expression: consumption * net_calorific_value * carbon_content * oxidation_factor * 44/12
    as_printed: FC × NCV × CC × OF × 44/12
  fuel_emissions:
    label: {zh: 燃料排放, en: Emissions of fuel}
    unit: tCO2
    symbol: E燃烧
    clause: "6.1"
    expression: sum(fuel_row)
    as_printed: ΣEi
  power_emissions:
    label: {zh: 电力排放, en: Emissions of power}
    unit: kgCO2
    symbol: E电
    clause: "6.2"
    expression: sum(power.electricity) * grid_factor
    as_printed: Σ(ADe · EFe) × 10^3
  total_emissions:
    label: {zh: 总排放, en: Total emissions}
    unit: tCO2
    symbol: E
    clause: "6"
    expression: fuel_emissions + power_emissions
    as_printed: E燃烧 + E电 ÷ 1000
checks:
  some-fuel:
    sheet: fuel
    condition: consumption > 0
    message: {zh: 燃料为零, en: no fuel}
lines:
  fuel: {label: {zh: 燃料, en: Fuel}, equation: fuel_emissions, scope: "1"}
  power: {label: {zh: 电力, en: Power}, equation: power_emissions, scope: "2"}
totals:
  total: {label: {zh: 总量, en: Total}, equation: total_emissions, primary: true}
"""

CASE = """\
name: 两吨无烟煤
method: house@2025
period: 2025
inputs:
  fuel:
    - {fuel: anthracite, consumption: 2}
expect:
  values: {fuel_emissions: "5.04 tCO2"}
"""

FILES = {
    "fuels": "factors/fuels/house/2025.yaml",
    "limits": "factors/limits/house/2025.yaml",
    "method": "methods/enterprises/house/2025.yaml",
}
BASES = {"fuels": FUELS, "limits": LIMITS, "method": METHOD}


def write(root: Path, **texts: str) -> None:
    for name, text in {**BASES, **texts}.items():
        path = root / FILES[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    case = root / "methods/enterprises/house/cases/two-tonnes.yaml"
    case.parent.mkdir(parents=True, exist_ok=True)
    case.write_text(CASE, encoding="utf-8")


def codes(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(item.code, item.place.split(" ")[0]) for item in findings}


@dataclass(frozen=True)
class Slip:
    file: str
    old: str
    new: str
    code: str
    at: str = ""  # text of the line the finding stands on, where it is not the line of the slip

    def line(self, text: str) -> int:
        return text[: text.index(self.at or self.new)].count("\n") + 1


SLIPS = [
    # files that do not read
    Slip("fuels", "clause: 表1", "clause: [", "yaml-syntax", "source:"),
    Slip("fuels", "28.435, carbon", "2.8e1, carbon", "yaml-lookalike"),
    Slip("fuels", "evidence: secondary", "evidence: secondary\nevidence: user", "yaml-duplicate-key", "evidence: user"),
    Slip("fuels", "clause: 表1", "claus: 表1", "schema-unknown-field"),
    Slip("fuels", "evidence: secondary\n", "\n", "table-no-evidence", "fuel: coke"),
    Slip("fuels", "evidence: secondary", "evidence: rumour", "schema-choice"),
    Slip("fuels", "carbon_content: 0.0295", "carbon_content: null", "table-absent-cell"),
    Slip("fuels", "oxidation_factor: dash", "oxidation_factor: none", "table-cell"),
    Slip("fuels", "carbon_content: {unit: tC/GJ}", "carbon_content: {unit: tC/GX}", "unit-unknown"),
    Slip("fuels", "low: 0.98", "low: about 0.98", "schema-type"),
    Slip("fuels", "data_period: 2024", "data_period: last year", "schema-type"),
    Slip("fuels", "fuel: hydrogen", "fuel: coke", "table-duplicate-row", "net_calorific_value: 120"),
    Slip("limits", "up_to: 2000", "up_to: two thousand", "schema-type"),
    # tables that read
    Slip("fuels", f"{SOURCE}\n", "\n", "source-missing", "fuel: coke"),
    Slip("fuels", "fuel: hydrogen", "fuel: hydrogenium", "key-not-in-vocabulary"),
    Slip("fuels", "vocabulary: fuels", "vocabulary: fules", "not-found"),
    Slip("fuels", "net_calorific_value: 28.435", "net_calorific_value: 284.35", "implausible-value"),
    Slip("fuels", "net_calorific_value: 389.31", "net_calorific_value: 3.8931", "implausible-value"),
    Slip("fuels", "carbon_content: 0.0153", "carbon_content: 15.3", "implausible-value"),
    Slip("fuels", "oxidation_factor: 0.93", "oxidation_factor: 93", "implausible-value"),
    Slip("fuels", "28.435, carbon_content: 0.0295", "50, carbon_content: 0.03", "implausible-value"),
    Slip("fuels", "  basis: {type: text}", "  source: {type: text}", "table-reserved-name"),
    Slip("fuels", "basis: volume,", "basis: vol,", "basis-not-stated"),
    Slip("fuels", "  carbon_content: {unit: tC/GJ}", "  carbon_content: {unit: t/t}", "unit-of-nothing"),
    Slip(
        "fuels",
        "fuel: {vocabulary: fuels,",
        "fuel: {vocabulary: fuels, terms: {coke: {zh: 焦, en: coke}},",
        "key-labelled-twice",
    ),
    Slip("fuels", "low: 0.98", "low: 0.995", "bounds-disordered"),
    Slip("fuels", "Q/HSE 12-2025, ", "Q/HSE 12-2025, superseded_by: next, ", "superseded-by"),
    Slip("fuels", "Q/HSE 12-2025, ", "Q/HSE 12-2025, superseded_by: Q/HSE 12-2025, ", "superseded-by"),
    Slip("fuels", ', read_as: "28.435"', "", "erratum-incomplete", 'printed: "284.35"'),
    Slip("fuels", "clause: 表1", "clause: 表1\nnote: Gas volumes at 0 degC.", "text-one-language", "note: Gas"),
    Slip("fuels", SOURCE, "source: laboratory report", "text-one-language"),
    Slip("fuels", "hydrogen, basis", "hydrogen, source: report of coke, basis", "text-one-language"),
    Slip("fuels", "data_period: 2024", "data_period: 2042", "data-period-future"),
    Slip("fuels", "{zh: 自有燃料, en: House fuels}", '{zh: 自有燃料, en: ""}', "label-empty"),
    Slip("fuels", "label: {zh: 燃料, en: fuel}", 'label: {zh: "", en: fuel}', "label-empty"),
    Slip(
        "fuels",
        "clause: 表1",
        "clause: 表1\noverrides: fuels/gbt-32151.34@2024",
        "override-without-reason",
        "overrides:",
    ),
    Slip("limits", "above: 2000", "from: 2000", "rows-overlap"),
    Slip("limits", "above: 2000", "above: 1000", "rows-overlap"),
    Slip("limits", "[wet, semi_wet]", "[wet, dry]", "rows-overlap"),
    Slip("limits", "from: 4000", "above: 4000", "band-gap"),
    Slip("limits", "up_to: 2000", "up_to: 1500", "band-gap", "above: 2000"),
    Slip("limits", "when: {process: [wet, semi_wet]}", "listed: true", "row-never-graded"),
    # methods that do not read or compile
    Slip("method", "kind: electricity", "kind: electricty", "not-found", "kind: electricty"),
    Slip("method", "equation: power_emissions, ", "equation: power, ", "method-unknown-equation"),
    Slip("method", "value: 0.5, ", "value: half, ", "schema-type"),
    Slip("method", "(fuel_row)", "(fuel_rows)", "expression-unknown-name", "en: Emissions of fuel"),
    Slip("method", "oxidation_factor * 44/12", "oxidation_factor", "unit-mismatch", "燃料（逐行）"),
    Slip("method", "consumption > 0", "consumption + 1", "unit-mismatch", "    sheet: fuel\n    condition"),
    Slip(
        "method", "fuel_emissions + power_emissions", "total_emissions + 0", "expression-cycle", "en: Total emissions"
    ),
    # printed forms
    Slip("method", "Σ(ADe · EFe) × 10^3", "Σ(ADe · EFe)", "printed-disagrees"),
    Slip("method", "FC × NCV × CC × OF × 44/12", "FC × NCV × CC × OF × 12/44", "printed-disagrees"),
    Slip("method", "E燃烧 + E电 ÷ 1000", "E燃烧 + E电", "printed-disagrees"),
    Slip("method", "FC × NCV × CC × OF × 44/12", "FC × NCV × CX × OF × 44/12", "printed-unresolved"),
    Slip("method", "as_printed: ΣEi", "as_printed: ΣEi +", "printed-unresolved"),
    # names and lines
    Slip("method", "symbol: NCV", "symbol: FC", "symbol-twice", "net_calorific_value: {"),
    Slip("method", "symbol: NCV", "dated: true, standing: true", "standing-passing", "net_calorific_value: {"),
    Slip("method", "symbol: E\n", "symbol: E电\n", "symbol-twice", 'symbol: E电\n    clause: "6"'),
    Slip("method", '    clause: "6.2"\n', "", "equation-without-clause", "  power_emissions:"),
    Slip(
        "method",
        '    clause: "6"\n',
        '    clause: "6"\n    evidence: recalled\n',
        "recalled-equation",
        "evidence: recalled",
    ),
    Slip(
        "method",
        "sum(fuel_row)",
        "sum(fuel.consumption * fuel.net_calorific_value * fuel.carbon_content) * 44/12",
        "unused-equation",
        "  fuel_row:",
    ),
    Slip(
        "method",
        "tables:\n",
        'tables:\n  heat: {table: heat/gbt-32151.34, select: pinned, edition: "2024"}\n',
        "unused-slot",
        "  heat: {",
    ),
    Slip("method", "constants:\n", "constants:\n  spare: {value: 1, unit: t}\n", "unused-constant", "  spare: {"),
    Slip(
        "method",
        "      source:\n",
        "      source:\n      emission_factor: {symbol: EF}\n",
        "unused-column",
        "emission_factor: {symbol",
    ),
    Slip(
        "method",
        '  power: {label: {zh: 电力, en: Power}, equation: power_emissions, scope: "2"}\n',
        "",
        "total-without-line",
        "  total: {",
    ),
    Slip("method", 'scope: "2"}', 'scope: "2", subtracted: true}', "line-outside-totals"),
    Slip("method", "{zh: 燃料排放, en: Emissions of fuel}", '{zh: "", en: Emissions of fuel}', "label-empty"),
    Slip("method", "{zh: 燃料为零, en: no fuel}", '{zh: " ", en: no fuel}', "label-empty"),
]


def test_the_base_files_are_sound(tmp_path: Path) -> None:
    write(tmp_path)
    assert lint_paths([tmp_path], carbonstd.library()) == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.code}-{slip.new[:24].strip()}")
def test_a_slip_is_named_with_its_line(slip: Slip, tmp_path: Path) -> None:
    base = BASES[slip.file]
    assert base.count(slip.old) >= 1, "the slip must be made somewhere"
    text = base.replace(slip.old, slip.new, 1)
    write(tmp_path, **{slip.file: text})
    found = lint_paths([tmp_path], carbonstd.library())
    assert (slip.code, f"{tmp_path / FILES[slip.file]}:{slip.line(text)}") in codes(found), [
        str(item) for item in found
    ]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """A file whose head is wrong still tells the faults of its rows, and hides no other file."""
    broken = FUELS.replace("title: {zh: 自有燃料, en: House fuels}\n", "").replace("fuel: coke", "fuel: 3x, junk: 1")
    write(tmp_path, fuels=broken, limits=LIMITS.replace("above: 2000", "above: 1000"))
    found = {item.code for item in lint_paths([tmp_path], carbonstd.library())}
    assert {"schema-missing-field", "schema-unknown-field", "rows-overlap"} <= found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("T * 24 * 10**-9 *", "T * 10**-9 *"),
        ("BGd * HM * EF3 * 10**-6", "BGd * HM * EF3 * 10**-3"),
        ("* K1 * 44/16", "* K1 * 44/12"),
        ("- BP * BPFC - BWT", "- BP * BPFC + BWT"),
        ("as_printed: EGe + EGd - ESe - ESd", "as_printed: EGe + EGd - ESe + ESd"),
        ("as_printed: CAL * I * EF1 * TR", "as_printed: CAL * I * EF1"),
    ],
)
def test_a_wrong_printed_form_of_the_shipped_method_shows(old: str, new: str, tmp_path: Path) -> None:
    shipped = (PACKAGE.parent / "methods/enterprises/gbt-32151.34/2024.yaml").read_text(encoding="utf-8")
    assert old in shipped
    path = tmp_path / "enterprises/copy/2024.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(shipped.replace(old, new), encoding="utf-8")
    found = {item.place for item in lint_paths([tmp_path], carbonstd.library()) if item.code == "printed-disagrees"}
    assert found == {f"{path}:{shipped[: shipped.index(old)].count(chr(10)) + 1}"}


def test_a_unit_slip_shows(tmp_path: Path) -> None:
    """Declared in g, the tar content passes the dimension check; the printed 10^-9 (mg) tells."""
    shipped = (PACKAGE.parent / "methods/enterprises/gbt-32151.34/2024.yaml").read_text(encoding="utf-8")
    path = tmp_path / "enterprises/copy/2024.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(shipped.replace("{symbol: QVar}", "{symbol: QVar, unit: g/m^3}"), encoding="utf-8")
    assert "printed-disagrees" in {item.code for item in lint_paths([tmp_path], carbonstd.library())}


# Folders


def test_one_file_one_folder_or_a_whole_user_folder(tmp_path: Path) -> None:
    write(tmp_path, limits=LIMITS.replace("above: 2000", "above: 1000"), fuels=FUELS.replace("0.0153", "15.3"))
    shelf = carbonstd.library()

    def found(*paths: Path) -> set[str]:
        return {item.code for item in lint_paths(list(paths), shelf)}

    assert found(tmp_path / "factors") == found(tmp_path) == {"rows-overlap", "implausible-value", "figure-apart"}
    assert found(tmp_path / FILES["limits"]) == {"rows-overlap"}
    assert found(tmp_path / "methods") == set()
    assert found(tmp_path / "nothing") == {"file-not-found"}
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "empty") == {"nothing-to-lint"}


def test_the_whole_has_no_errors_or_warnings_but_those_of_folders_laid_over_it(tmp_path: Path) -> None:
    """What is shipped has none; one run for both, for it takes long."""
    write(tmp_path, limits=LIMITS.replace("above: 2000", "above: 1000"))
    shelf = Library((tmp_path / "factors",), (tmp_path / "methods",))
    found = [item for item in lint_paths(None, shelf) if item.severity is not Severity.NOTE]
    found = [item for item in found if item.code != "recalled-equation"]  # an honest grade, not a fault
    own = [item for item in found if item.place.startswith(str(tmp_path))]
    assert {item.code for item in own} == {"rows-overlap"}
    assert [str(item) for item in found if item not in own] == []
    assert {item.code for item in lint_paths([tmp_path], shelf)} == {"rows-overlap"}


LEVELS = """\
title: {zh: 等级, en: Levels}
document: {number: Q/HSE 30-2025}
clause: 表1
evidence: user
keys:
  fuel: {vocabulary: fuels}
columns:
  limit: {unit: kgce/t, axis: level}
  basis: {type: text}
  net_calorific_value: {unit: {mass: GJ/t, volume: GJ/1e4 m^3}}
  carbon_content: {unit: tC/GJ}
  emission_factor: {unit: {mass: tCO2/t, volume: tCO2/1e4 m^3}}
rows:
  - {fuel: coke, limit: {"1": -30, "2": -28, "3": dash}, basis: mass, net_calorific_value: 30, carbon_content: 0.03,
     emission_factor: 3.3}
  - {fuel: diesel, limit: {"1": 10, "2": 12, "3": 12}, basis: mass, net_calorific_value: 40, carbon_content: 0.02,
     emission_factor: 2.93}
  - {fuel: anthracite, limit: {"1": 10, "2": 12, "3": 14}, basis: mass, net_calorific_value: 20, carbon_content: 0.03,
     emission_factor: 2.2}
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"1": -30, "2": -28', '"1": -28, "2": -30', "levels-disordered"),  # -28 is worse than -30
        ("emission_factor: 3.3", "emission_factor: 1.9", "factor-product"),  # not 30 x 0.03 x 44/12
        (
            "carbon_content: 0.02,\n     emission_factor: 2.93",
            "carbon_content: 0.0232,\n     emission_factor: 3.4",
            "figure-apart",
        ),
        ('"1": 10, "2": 12, "3": 14', '"1": 10, "2": 12, "3": 33', "edition-jump"),
        ('"1": 10, "2": 12, "3": 14', '"1": 10, "2": 12', "levels-missing"),
    ],
)
def test_figures_that_are_out_of_line(old: str, new: str, code: str, tmp_path: Path) -> None:
    """Coke 30 x 0.03 x 44/12 = 3.3; the shipped tables print 0.0202 tC/GJ for diesel; 14 before and 33 now."""

    def found(text: str) -> set[str]:
        path = tmp_path / "factors/limits/levels"
        path.mkdir(parents=True, exist_ok=True)
        (path / "2020.yaml").write_text(LEVELS, encoding="utf-8")
        (path / "2025.yaml").write_text(text, encoding="utf-8")
        return {item.code for item in lint_paths([tmp_path], Library())}

    assert found(LEVELS) == set()
    assert found(LEVELS.replace(old, new)) == {code}


def test_a_file_nobody_reads_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "factors/house.yaml").write_text(FUELS, encoding="utf-8")
    found = lint_paths([tmp_path], carbonstd.library())
    assert codes(found) == {("definition-misplaced", f"{tmp_path / 'factors/house.yaml'}:1")}


def test_an_undeclared_override_is_told(tmp_path: Path) -> None:
    path = tmp_path / "factors/fuels/gbt-32151.34/2024.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(FUELS, encoding="utf-8")
    assert ("override-undeclared", f"{path}:1") in codes(lint_paths([tmp_path], carbonstd.library()))


def test_a_broken_vocabulary_is_told(tmp_path: Path) -> None:
    path = tmp_path / "factors/vocabulary/kilns.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("title: 窑\nterms:\n  dry: {zh: 干法窑, en: dry}\n  wet: {zh: 干法窑, en: wet}\n", encoding="utf-8")
    assert ("vocabulary-name-twice", f"{path}:4") in codes(lint_paths([tmp_path], carbonstd.library()))


def test_a_method_without_a_case_that_expects_something_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    case = tmp_path / "methods/enterprises/house/cases/two-tonnes.yaml"
    case.write_text(CASE.split("expect:")[0], encoding="utf-8")
    assert {item.code for item in lint_paths([tmp_path], carbonstd.library())} == {"no-case"}


def test_editions_of_one_family_with_other_columns_are_noted(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "factors/limits/house/2026.yaml"
    path.write_text(LIMITS.replace("limit:", "ceiling:"), encoding="utf-8")
    (found,) = lint_paths([tmp_path], carbonstd.library())
    assert (found.code, found.severity, found.place) == ("editions-differ", Severity.NOTE, f"{path}:1")
    assert "ceiling, limit" in found.found()


def test_rows_count_by_their_weakest_cell(tmp_path: Path) -> None:
    mixed = FUELS.replace("oxidation_factor: 0.93", "oxidation_factor: {value: 0.93, evidence: recalled}")
    method = METHOD.replace("fuels/gbt-32151.34", "fuels/house").replace('edition: "2024"', 'edition: "2025"')
    write(tmp_path, fuels=mixed, method=method)
    _, evidence = examine([tmp_path], carbonstd.library())  # three fuels, one recalled; four limits, graded user
    assert evidence.rows == {"official": 0, "secondary": 2, "derived": 0, "user": 4, "recalled": 1}
    assert evidence.recalled == {"house@2025": {"fuels/house@2025": 1}}  # the method that would need it
    assert evidence.unlocated == 0


@pytest.mark.parametrize("source", ["unlocated: a form of 2015", "a page (unlocated)"])
def test_a_source_nobody_can_find_again_is_counted(source: str, tmp_path: Path) -> None:
    write(tmp_path, fuels=FUELS.replace(SOURCE, f'source: "{source}"'))
    assert examine([tmp_path], carbonstd.library())[1].unlocated == 3


# Hostile definitions

JUNK: list[Any] = [None, "junk", [], {}, -1, True, ["junk"], {"junk": "junk"}, "1 / 0", "x" * 5000]


def spoilt(data: Any) -> Iterator[Any]:
    """The definition with each of its values in turn replaced by each piece of junk."""

    def places(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            yield (*path, key)
            yield from places(value, (*path, key))

    for index, path in enumerate(places(data, ())):
        for junk in JUNK[index % 3 :: 3]:
            result = copy.deepcopy(data)
            node = result
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = junk
            yield result


@pytest.mark.parametrize("name", FILES)
def test_no_junk_ends_in_a_traceback(name: str, tmp_path: Path) -> None:
    """All spoilt copies lie in one folder: none of them may keep the others from being read."""
    for index, data in enumerate(spoilt(yaml.safe_load(BASES[name]))):
        path = tmp_path / FILES[name].replace("house", f"house-{index}")
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    found = lint_paths([tmp_path], carbonstd.library())
    assert len({item.place.split(":")[0] for item in found}) > index / 2
    for item in found:
        assert item.message("zh")
        assert item.message("en")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- 1\n", b"title: &a [*a]\n", b"a: b: c\n"])
def test_what_is_no_definition_is_told(content: bytes, tmp_path: Path) -> None:
    for folder in ("factors", "methods"):
        path = tmp_path / folder / "fuels/odd/2025.yaml"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    found = [item for item in lint_paths([tmp_path], carbonstd.library()) if item.severity is Severity.ERROR]
    assert {Path(item.place.split(":")[0]).parts[-4] for item in found} == {"factors", "methods"}


# The catalogue


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def given_codes(path: Path) -> Iterator[str]:
    """Codes handed to what makes findings: finding(code, ...), problems.add(code, ...) and the like."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        adds = name == "add" and (getattr(owner, "attr", "") or getattr(owner, "id", "")) == "problems"
        if adds or name in ("finding", "_error", "_report", "report"):
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


SOURCES = sorted([*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "cli").rglob("*.py")])


def test_every_code_that_is_used_stands_in_the_catalogue() -> None:
    used = {(code, path.name) for path in SOURCES for code in given_codes(path)}
    assert not {(code, name) for code, name in used if code not in catalogue()}


def test_every_code_of_the_catalogue_is_used() -> None:
    used = {text for path in SOURCES for text in strings(path)}
    assert not set(catalogue()) - used


def test_every_text_of_the_catalogue_is_in_both_languages() -> None:
    for code, entry in catalogue().items():
        assert entry["severity"] in list(Severity), code
        assert entry.get("structure", True) is True, code
        for part in set(entry) - {"severity", "structure"}:
            assert set(entry[part]) == {"zh", "en"}, (code, part)
            assert entry[part]["zh"], (code, part)
            assert entry[part]["en"], (code, part)
