"""The command line end to end: what each command prints and writes, and its exit codes."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.command_line import (
    DIESEL,
    DIESEL_TOTAL,
    EXAMPLE,
    EXAMPLE_TOTALS,
    FAMILY,
    GRID,
    HEAD,
    METHOD,
    ROOT,
    TWICE,
    own_grid_table,
    run,
    start_in,
    write,
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


class TestCalc:
    def test_example(self) -> None:
        result = run("calc", EXAMPLE, "-o", "result.json")
        assert result.exit_code == 0
        written = json.loads(Path("result.json").read_text(encoding="utf-8"))
        totals = {item["id"]: item["value"] for item in written["totals"]}
        assert totals == pytest.approx(EXAMPLE_TOTALS, abs=0.0101)

    def test_equations_nobody_has_seen_have_their_place(self) -> None:
        """Six of those that this target check rests on are graded recalled: a line of the page, and a list of JSON."""
        case = ROOT / "methods/energy/energy-target/cases/nothing-deducted.yaml"
        lines = run("calc", case).stdout.splitlines()
        (at,) = (number for number, line in enumerate(lines) if "recalled-equation" in line)
        assert lines[at + 1].startswith("    … 5 more alike: ")
        unseen = json.loads(run("calc", case, "--json").stdout)["unseen_equations"]
        assert [item["evidence"] for item in unseen].count("recalled") == 6
        assert {"id": "electricity_coefficient", "clause": "统计口径", "evidence": "recalled"}.items() <= next(
            item for item in unseen if item["id"] == "electricity_coefficient"
        ).items()

    def test_summary_says_what_the_first_lines_must_say(self) -> None:
        lines = run("calc", EXAMPLE).stdout.splitlines()
        text = "\n".join(lines)
        assert "Example Carbon Co., Ltd. 示例炭素股份有限公司 · 2025" in lines[0]
        assert METHOD in lines[1]
        assert lines[3].split()[:2] == ["179,058.66", "tCO2"]  # the primary total stands first
        assert "65,976.74" in text
        assert "113,081.91" in text
        assert "recalled or assumed 0.0%" in text
        largest = lines.index("Largest lines")
        assert [line.split()[0] for line in lines[largest + 1 : largest + 4]] == [
            "purchased_electricity",
            "fuel_combustion",
            "calcination",
        ]
        assert "electricity/mee-grid-average@data-2023" in text
        assert "(6) derived: ECi, EC; (7) derived: EBi, EB; (8) derived: EGi, EG" in text
        assert f"carbonstd trace {EXAMPLE} --of purchased_electricity" in text
        assert "no verification opinion, supervision finding, allowance decision or certification" in lines[-1]

    def test_chinese(self) -> None:
        text = run("calc", EXAMPLE, "--lang", "zh").stdout
        assert text.startswith("示例炭素股份有限公司 Example Carbon Co., Ltd. · 2025\n")
        assert "不构成核查意见、监察结论、配额决定或认证" in text
        assert "购入电力 Purchased electricity" in text

    def test_json_has_the_promised_shape_and_nothing_else_is_printed(self) -> None:
        result = run("calc", write("case.yaml", DIESEL), "--json")
        data = json.loads(result.stdout)
        assert result.exit_code == 0
        assert data["schema"] == 1
        assert set(data) >= {
            "schema", "engine", "case", "methods", "totals", "lines", "findings", "tables", "lock",
        }  # fmt: skip
        assert set(data["case"]) >= {"entity", "period", "as_of"}
        assert data["methods"] == [METHOD]
        assert all(set(item) >= {"id", "value", "unit", "gwp"} for item in data["totals"])
        for line in data["lines"]:
            assert set(line) >= {"id", "label", "value", "unit", "gas", "scope", "category", "status"}
        for item in data["findings"]:
            assert set(item) >= {"code", "severity", "place", "found", "expected", "remedy"}
        assert next(item["value"] for item in data["totals"] if item["id"] == "total") == pytest.approx(DIESEL_TOTAL)

    def test_a_failed_check_is_exit_1_and_the_output_is_written(self) -> None:
        result = run("calc", write("case.yaml", TWICE), "-o", "result.json")
        assert result.exit_code == 1
        assert "check-failed" in result.stdout
        assert Path("result.json").exists()

    @pytest.mark.parametrize(
        "command",
        [("calc", "case.yaml"), ("check", "limits", "case.yaml"), ("check", "equipment", "case.yaml")],
    )
    def test_a_second_output_is_refused(self, command: tuple[str, ...]) -> None:
        """It replaced the first in silence."""
        write("case.yaml", DIESEL)
        for option, first, second in (("-o", "a.xlsx", "b.json"), ("--report", "a.html", "b.html")):
            result = run(*command, option, first, option, second)
            assert result.exit_code == 2
            assert f"{option} takes one file, not {first}, {second}" in result.stderr
            assert not [name for name in (first, second) if Path(name).exists()]

    def test_unusable_input_is_exit_2_and_the_old_output_stays(self) -> None:
        broken = write("case.yaml", DIESEL.replace("consumption: 10", "consumption: ten"))
        old = write("out/result.json", "the old result")
        result = run("calc", broken, "-o", old)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "not-a-number" in result.stderr
        assert old.read_text() == "the old result"
        assert list(old.parent.iterdir()) == [old]

    def test_a_refused_run_is_json_too(self) -> None:
        broken = write("case.yaml", DIESEL.replace("consumption: 10", "consumption: ten"))
        for command in (("calc", broken), ("trace", broken, "--of", "total"), ("show", "no such thing")):
            result = run(*command, "--json")
            data = json.loads(result.stdout)
            assert (result.exit_code, set(data), data["schema"]) == (2, {"schema", "findings"}, 1)
            assert data["findings"][0]["severity"] == "error"

    def test_what_nobody_reported_is_no_zero(self) -> None:
        case = write("case.yaml", DIESEL)
        lines = run("calc", case).stdout.splitlines()
        listed = lines[lines.index("Not reported 未填报") :]
        assert listed[1].split() == ["calcination", "—", "Calcination", "原料煅烧"]
        assert next(line for line in lines if "purchased less exported" in line and "—" in line)
        data = {item["id"]: item["status"] for item in json.loads(run("calc", case, "--json").stdout)["lines"]}
        assert (data["fuel_combustion"], data["calcination"]) == ("default", "not_reported")

    def test_an_output_that_cannot_be_written_leaves_the_old_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old = write("out/result.json", "the old result")

        def full_disk(self: Path, target: Path) -> None:
            raise OSError(28, "No space left on device", str(target))

        monkeypatch.setattr(Path, "replace", full_disk)
        result = run("calc", write("case.yaml", DIESEL), "-o", old)
        assert result.exit_code == 2
        assert "No space left on device" in result.stderr
        assert old.read_text() == "the old result"
        assert list(old.parent.iterdir()) == [old]

    def test_as_of_chooses_what_was_published(self) -> None:
        # On 2025-06-30 the factor of 2022 was the newest: 0.5366 tCO2/MWh (公告2024年第33号), so 5.366 tCO2
        result = run("calc", write("case.yaml", GRID), "--json", "--as-of", "2025-06-30")
        data = json.loads(result.stdout)
        assert data["case"]["as_of"] == "2025-06-30"
        assert data["totals"][-1]["value"] == pytest.approx(5.366)

    def test_edition_by_flag(self) -> None:
        case = write("case.yaml", DIESEL.replace(METHOD, "GB/T 32151.34"))
        assert json.loads(run("calc", case, "--json", "--edition", "2024").stdout)["methods"] == [METHOD]

    def test_strict_takes_official_figures_only(self) -> None:
        result = run("calc", write("case.yaml", DIESEL), "--strict")
        assert result.exit_code == 2
        assert "strict-evidence" in result.stderr

    def test_own_table_by_flag_and_by_carbonstd_toml(self) -> None:
        own, case = own_grid_table("own", "0.6000"), write("case.yaml", GRID)
        by_flag = json.loads(run("calc", case, "--json", "--factors", own).stdout)
        write("carbonstd.toml", 'factors = ["own"]\n')
        by_file = json.loads(run("calc", case, "--json").stdout)
        for data in (by_flag, by_file):
            assert data["totals"][-1]["value"] == pytest.approx(6.0)  # 10 MWh x 0.6

    def test_next_step_repeats_the_run_options(self) -> None:
        own, case = own_grid_table("my own", "0.6000"), write("case.yaml", GRID)
        text = run("calc", case, "--factors", own, "--as-of", "2026-01-31").stdout
        folder = '"my own"' if os.name == "nt" else "'my own'"
        step = f"carbonstd trace case.yaml --as-of 2026-01-31 --factors {folder} --of purchased_electricity"
        assert step in text

    def test_lock_reproduces_a_result_after_the_tables_changed(self) -> None:
        case, own = write("case.yaml", GRID), own_grid_table("own", "0.6000")
        assert run("calc", case, "--factors", own, "-o", "first.json").exit_code == 0
        own_grid_table("own", "0.7000")
        again = run("calc", case, "--factors", own, "--lock", "first.json", "--json")
        assert json.loads(again.stdout)["totals"][-1]["value"] == pytest.approx(6.0)

    def test_own_method(self) -> None:
        shipped = (FAMILY / "2024.yaml").read_text(encoding="utf-8")
        write("mine/enterprises/works-rules/2025.yaml", shipped.replace("GB/T 32151.34-2024", "Works rules 2025"))
        case = write("case.yaml", DIESEL.replace(METHOD, "works-rules"))
        assert run("calc", case, "--methods", "mine", "-o", "first.json").exit_code == 0
        again = json.loads(run("calc", case, "--methods", "mine", "--lock", "first.json", "--json").stdout)
        assert again["methods"] == ["works-rules@2025"]
        assert again["totals"][-1]["value"] == pytest.approx(DIESEL_TOTAL)

    def test_verbose_lists_notes(self) -> None:
        case = write("case.yaml", DIESEL)
        assert "default-used  Fossil fuel combustion" not in run("calc", case).stdout
        assert "default-used  Fossil fuel combustion" in run("calc", case, "--verbose").stdout

    def test_a_period_is_not_ignored(self) -> None:
        for period in ("2020", "2o25"):
            result = run("calc", write("case.yaml", DIESEL), "--period", period, "-o", "a.json")
            assert result.exit_code == 2
            assert not Path("a.json").exists()

    def test_folder_of_csv(self) -> None:
        write("case/case.yaml", HEAD)
        write("case/fuel.csv", "source,fuel,consumption\n车队,柴油,10\n".encode("gbk"))
        data = json.loads(run("calc", "case", "--json").stdout)
        assert data["totals"][-1]["value"] == pytest.approx(DIESEL_TOTAL)


class TestList:
    def test_methods(self) -> None:
        assert METHOD in run("list", "methods").stdout

    def test_json(self) -> None:
        (item,) = (item for item in json.loads(run("list", "methods", "--json").stdout) if item["id"] == METHOD)
        assert item["document"] == "GB/T 32151.34-2024"
        assert item["level"] == "enterprises"
        assert item["in_force"] == "2025-03-01"
        assert item["title"]["zh"].startswith("温室气体排放核算与报告要求")
        assert item["regimes"] == ["gbt-32151"]

    @pytest.mark.parametrize("words", ["炭素", "carbon material", "32151.34", "GB/T 32151.34-2024"])
    def test_search(self, words: str) -> None:
        assert METHOD in [item["id"] for item in json.loads(run("list", "--search", words, "--json").stdout)]

    def test_methods_of_an_industry(self) -> None:
        found = run("list", "--industry", "C3091")  # 石墨及碳素制品制造
        assert METHOD in found.stdout
        assert "industries-assigned" in found.stderr
        assert "industry-unreadable" in run("list", "--industry", "炭素").stderr
        assert "C17 纺织业; C18 纺织服装、服饰业" in run("list", "--industry", "纺织").stderr

    def test_search_without_a_match(self) -> None:
        result = run("list", "tables", "--search", "没有这样的表")
        assert (result.exit_code, result.stdout) == (0, "")
        assert "nothing-listed" in result.stderr
        assert json.loads(run("list", "tables", "--search", "没有这样的表", "--json").stdout) == []

    def test_columns_line_up_where_characters_are_wide(self) -> None:
        from carbonstd._layout import columns

        assert columns([["炭素", "1"], ["coke", "20"]], right=[1]) == ["炭素   1", "coke  20"]
        assert columns([["焦", "t"], ["coke", "GJ"]], indent="  ") == ["  焦    t", "  coke  GJ"]


class TestShow:
    def test_method(self) -> None:
        text = run("show", "GB/T 32151.34").stdout
        assert "EC = Σ(ECi)" in text
        assert "(GC × WFC - (CC + UCC + DU) × WFCC) × 44/12" in text  # equation (6)
        assert "GB/T 32151.34-2024; issued 2024-08-23; in force 2025-03-01" in text
        assert "electricity/mee-grid-average" in text
        assert "read as: tC per unit of fuel" in text  # an erratum
        assert "heat_table_enthalpy" not in text.split("Equations", 1)[1].split("Constants", 1)[0].replace("(heat", "")

    @pytest.mark.parametrize("family", ["gbt-13234", "gbt-36713", "gb-17167"])
    def test_equations_without_a_number_are_told_of(self, family: str) -> None:
        count = len(json.loads(run("show", family, "--json").stdout)["equations"])
        told = f"none of the {count} has a number of the document's"
        assert told in run("show", family, "--lang", "en").stdout
        assert told not in run("show", family, "--lang", "en", "--expanded").stdout

    def test_expanded_shows_every_equation_and_where_it_is_defined(self) -> None:
        text = run("show", METHOD, "--expanded").stdout
        assert "steam_enthalpy(medium = medium" in text
        assert "shared/parts/heat.yaml:" in text
        assert "≤ 0.1" in text  # the limit of carbon_content

    def test_json(self) -> None:
        data = json.loads(run("show", METHOD, "--json").stdout)
        equations = {item["number"] for item in data["equations"]}
        assert {"(6)", "(7)", "(8)", "(16)"} <= equations
        assert {item["evidence"] for item in data["equations"] if item["number"] == "(6)"} == {"derived"}
        assert next(item for item in data["totals"] if item["primary"])["id"] == "total"

    def test_table(self) -> None:
        text = run("show", "fuels/gbt-32151.34").stdout
        (row,) = (line.split() for line in text.splitlines() if line.strip().startswith("diesel "))
        assert row[-5:-1] == ["42.652", "0.02020", "0.98", "secondary"]
        data = json.loads(run("show", "fuels/gbt-32151.34", "--json").stdout)
        diesel = next(row for row in data["rows"] if row["match"]["fuel"] == "diesel")
        assert diesel["cells"]["net_calorific_value"]["value"] == 42.652
        assert diesel["labels"]["fuel"]["zh"] == "柴油"

    def test_table_with_an_axis(self) -> None:
        text = run("show", "heat/gbt-32151.34-superheated-steam").stdout
        row = next(line.split() for line in text.splitlines() if line.startswith("  240 "))
        assert row[4] == "2920.5"  # 240 degC and 1 MPa in table C.5

    def test_vocabulary(self) -> None:
        assert "无烟煤" in run("show", "vocabulary/fuels").stdout
        terms = json.loads(run("show", "fuels", "--json").stdout)["terms"]
        assert {"key": "diesel", "zh": "柴油"}.items() <= {
            "key": terms[0]["key"],
            **next({"key": t["key"], "zh": t["label"]["zh"]} for t in terms if t["key"] == "diesel"),
        }.items()


class TestTrace:
    def test_text_reaches_clause_table_and_input(self) -> None:
        result = run("trace", write("case.yaml", DIESEL), "--of", "fuel_combustion")
        assert result.exit_code == 0
        for part in ("30.95909", "5.2.1", "fuels/gbt-32151.34@2024", "case.yaml:5"):
            assert part in result.stdout

    def test_json(self) -> None:
        data = json.loads(run("trace", write("case.yaml", DIESEL), "--of", "total", "--json").stdout)
        assert data["value"] == pytest.approx(DIESEL_TOTAL)

    def test_a_line_by_its_label_with_as_many_rows_as_asked_for(self) -> None:
        text = run("trace", EXAMPLE, "--of", "购入电力", "--rows", "3").stdout
        assert "24 more rows" in text  # 27 rows of electricity stand in the example
        assert "more rows" not in run("trace", EXAMPLE, "--of", "Purchased electricity", "--all").stdout

    def test_a_failed_check_is_exit_1(self) -> None:
        result = run("trace", write("case.yaml", TWICE), "--of", "total")
        assert result.exit_code == 1
        assert "check-failed" in result.stderr


class TestTest:
    EXPECTED = DIESEL + 'expect: {values: {total: "30.96 tCO2"}}\n'

    def test_passes(self) -> None:
        result = run("test", write("case.yaml", self.EXPECTED))
        assert result.exit_code == 0
        assert "1 cases: 1 passed, 0 failed" in result.stdout

    def test_a_folder_of_which_one_fails(self) -> None:
        write("cases/good.yaml", self.EXPECTED)
        write("cases/bad.yaml", self.EXPECTED.replace("30.96", "30.97"))
        write("cases/unreadable.yaml", self.EXPECTED.replace("period: 2025", "period: never"))
        write("cases/no-case.yaml", "title: something else\n")
        result = run("test", "cases")
        assert result.exit_code == 1
        assert "3 cases: 1 passed, 2 failed" in result.stdout
        assert "expected 30.97 tCO2" in result.stdout

    def test_a_case_that_expects_nothing_tests_nothing(self) -> None:
        assert run("test", write("case.yaml", DIESEL)).exit_code == 1

    @pytest.mark.parametrize(("absent", "code"), [("ledger-without-cost", 1), ("cost-not-in-ledger", 0)])
    def test_what_must_not_occur_may_name_its_check(self, absent: str, code: int) -> None:
        case = (ROOT / "methods/energy/energy-ledger/cases/cost-missing.yaml").read_text(encoding="utf-8")
        expected = f"expect:\n  values: {{cost_total: 7}}\n  absent: [{{code: check-failed, id: {absent}}}]\n"
        result = run("test", write("case.yaml", case.partition("expect:")[0] + expected))
        assert result.exit_code == code
        assert ("must not occur" in result.stdout) == bool(code)

    @pytest.mark.parametrize(
        ("expected", "told"),
        [
            (
                "findings: [stock-balance]",
                "field “findings” is “stock-balance”; expected: such as: {code: check-failed",
            ),
            ("findings: stock-balance", "such as: list"),
            ("findings: [{id: stock-balance}]", "field “code” is missing"),
            ("absent: [7]", "field “absent” is “7”"),
            ("finding: []", "did you mean “findings”?"),
            ("uncertainty: {nothing: {approach_1: 1 %}}", "nothing: expected an interval"),
        ],
    )
    def test_what_is_expected_in_another_shape_is_told_by_its_line(self, expected: str, told: str) -> None:
        result = run("test", write("case.yaml", DIESEL + f"expect:\n  {expected}\n"))
        assert result.exit_code == 1
        assert told in result.stdout
        assert not result.stderr

    def test_a_case_that_should_be_refused(self) -> None:
        refused = DIESEL.replace("10}", "ten}") + "expect: {refused: true}\n"
        assert run("test", write("case.yaml", refused)).exit_code == 0


class TestLint:
    def test_own_folder(self) -> None:
        own = own_grid_table("own", "0.6000")
        result = run("lint", own, "--factors", own)
        assert result.exit_code == 0, result.output
        assert "table rows by evidence:" in result.stdout

    def test_errors_name_file_and_line(self) -> None:
        own = own_grid_table("own", "a lot")
        result = run("lint", own, "--factors", own)
        assert result.exit_code == 1
        assert "data-2023.yaml:" in result.stdout


class TestTemplate:
    def test_an_empty_template_does_not_overwrite(self) -> None:
        assert run("template", METHOD, "-o", "in.xlsx").exit_code == 0
        before = Path("in.xlsx").read_bytes()
        assert run("template", METHOD, "-o", "in.xlsx").exit_code == 2
        assert Path("in.xlsx").read_bytes() == before

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_the_example_survives_the_workbook(self, lang: str) -> None:
        assert run("template", METHOD, "-o", "in.xlsx", "--example", "--lang", lang).exit_code == 0
        result = run("calc", "in.xlsx", "-o", "result.xlsx", "--json")
        assert result.exit_code == 0
        totals = {item["id"]: item["value"] for item in json.loads(result.stdout)["totals"]}
        assert totals == pytest.approx(EXAMPLE_TOTALS, abs=0.0101)
        again = run("calc", "in.xlsx", "--lock", "result.xlsx", "--json")
        assert {item["id"]: item["value"] for item in json.loads(again.stdout)["totals"]} == totals

    def test_broken_workbooks_are_refused(self) -> None:
        write("text.xlsx", "not a workbook")
        write("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        for name in ("text.xlsx", "old.xls"):
            result = run("calc", name)
            assert result.exit_code == 2
            assert "error" in result.stderr
            assert "internal-error" not in result.stderr


@pytest.mark.parametrize(("page", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_readme_shows_what_the_first_command_prints(page: str, language: str) -> None:
    """The path is the one `make.py example` gives; the README names the program by its place in .venv."""
    workbook = Path("methods") / "enterprises" / "gbt-32151.34" / "example.xlsx"
    write(str(workbook), (FAMILY / "example.xlsx").read_bytes())
    printed = run("calc", workbook, "-o", "example-result.xlsx", "--lang", language).stdout.strip().splitlines()
    readme = (ROOT / page).read_text(encoding="utf-8")
    shown = readme.split("```text\n", 1)[1].split("\n```", 1)[0].splitlines()
    assert [
        re.sub(r"\S*carbonstd(?:\.exe)? trace", "carbonstd trace", line).replace("\\", "/") for line in printed
    ] == [line.replace(".venv/bin/carbonstd", "carbonstd") for line in shown]
