"""`carbonstd factor`: the factor that holds under each regime, why, and that nothing is guessed."""

import json
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd.cli import factor
from carbonstd.cli.options import library
from tests.command_line import run, start_in, write

DAY = ("--as-of", "2026-11-26")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    # the shipped tables are read once for all questions; a user's own folder is laid over them anew
    monkeypatch.setattr(factor, "library", lambda *own: library(*own) if any(own) else carbonstd.library())


def ask(*arguments: str, code: int = 0) -> dict[str, Any]:
    result = run("factor", *arguments, *(() if "--as-of" in arguments else DAY), "--json")
    assert result.exit_code == code, result.output
    data: dict[str, Any] = json.loads(result.stdout)
    return data


def electricity(region: str, year: int, regime: str, *more: str, supply: str = "grid", code: int = 0) -> dict[str, Any]:
    where = ("--region", region, "--year", str(year), "--regime", regime, "--supply", supply)
    return ask("electricity", *where, *more, code=code)


def codes(data: dict[str, Any]) -> list[str]:
    return [item["code"] for item in data["findings"]]


def figure(data: dict[str, Any]) -> tuple[str, str, str]:
    [item] = data["figures"]
    return item["text"], item["unit"], item["table"]


class TestZhejiang2023:
    """One manager, one meter, one year: each regime has its own answer."""

    @pytest.mark.parametrize(
        ("regime", "text", "unit", "table"),
        [  # 公告2025年第47号 tables 1 to 3; 公告2025年第3号
            ("gbt-32151", "0.5306", "tCO2/MWh", "electricity/mee-grid-average@data-2023"),
            ("ghgp-location", "0.4974", "tCO2/MWh", "electricity/mee-grid-average@data-2023"),
            ("ghgp-market", "0.4974", "tCO2/MWh", "electricity/mee-grid-average@data-2023"),
            ("provincial", "0.4974", "tCO2/MWh", "electricity/mee-grid-average@data-2023"),
            ("ndrc-guide", "0.5500", "tCO2/MWh", "electricity/mee-grid-average@data-2023"),
            ("product-footprint", "0.6205", "kgCO2e/kWh", "electricity/mee-footprint@data-2023"),
        ],
    )
    def test_value(self, regime: str, text: str, unit: str, table: str) -> None:
        data = electricity("浙江", 2023, regime)
        assert data["state"] == "value"
        assert figure(data) == (text, unit, table)
        assert data["rule"]["reason"]["zh"]
        assert data["rule"]["document"]
        assert data["documents"][0]["document"].startswith("公告")

    @pytest.mark.parametrize("regime", ["cets", "mee-report", "ccer", "cbam", "nonfossil-2026", "building"])
    def test_none_where_the_rule_has_no_figure(self, regime: str) -> None:
        data = electricity("浙江", 2023, regime, code=1)
        assert (data["state"], data["figures"]) == ("none", [])
        assert codes(data) == ["factor-none"]

    def test_what_else_exists_is_listed_and_is_not_the_answer(self) -> None:
        data = electricity("浙江", 2023, "gbt-32151")
        listed = {(item["table"], item["row"]): item["text"] for item in data["others"]}
        assert listed["electricity/mee-grid-average@data-2023", "zhejiang"] == "0.4974"
        assert listed["electricity/mee-grid-average@data-2023", "east_china_grid"] == "0.5500"
        assert listed["electricity/mee-grid-average@data-2022", "national"] == "0.5366"
        assert listed["electricity/mee-grid-other-calibers@data-2023", "excluding_traded_non_fossil"] == "0.6096"
        assert listed["electricity/mee-footprint@data-2024", "grid_average"] == "0.5777"
        assert listed["electricity/ndrc-grid-regional@data-2012", "east_china"] == "0.7035"
        assert ("electricity/mee-grid-average@data-2023", "national") not in listed
        assert not any("jiangsu" in row or "beijing" in row for _, row in listed)

    def test_a_rule_nobody_has_seen_is_said(self) -> None:
        assert codes(electricity("浙江", 2023, "ghgp-location")) == ["factor-rule-recalled"]

    def test_all_regimes_at_once(self) -> None:
        data = ask("electricity", "--region", "浙江", "--year", "2023")
        states = {item["question"]["regime"]: item["state"] for item in data["answers"]}
        assert states["gbt-32151"] == "value"
        assert states["cets"] == "none"
        text = run("factor", "electricity", "--region", "浙江", "--year", "2023", "--lang", "zh", *DAY).stdout
        assert "0.5306 tCO2/MWh 全国" in text
        assert "0.4974 tCO2/MWh 浙江" in text
        assert "mee-grid-average@data-2023  factor-rule-recalled" in text  # what to heed is said here too


class TestYears:
    def test_a_year_that_is_not_published_is_a_warning(self) -> None:
        data = electricity("浙江", 2024, "gbt-32151")
        assert figure(data)[0] == "0.5306"
        assert codes(data) == ["factor-year-unpublished"]
        assert "2021, 2022, 2023" in data["findings"][0]["expected"]

    def test_where_the_year_itself_is_asked_for_there_is_none(self) -> None:
        assert codes(electricity("浙江", 2024, "provincial", code=1)) == ["no-edition"]

    def test_only_what_was_known_on_the_day(self) -> None:
        """On 30 June 2024 the newest was 2021: 0.5568 (公告2024年第12号); nothing later is listed either."""
        data = electricity("national", 2023, "gbt-32151", "--as-of", "2024-06-30")
        assert figure(data)[0] == "0.5568"
        assert codes(data) == ["factor-year-unpublished"]
        assert not any("data-2022" in item["table"] for item in data["others"] if "mee-grid" in item["table"])

    def test_an_edition_that_a_rule_names_must_have_been_known(self) -> None:
        """Table C.3 of GB/T 32151.34-2024 was issued on 23 August 2024."""
        data = ask("heat", "--year", "2023", "--regime", "gbt-32151", "--as-of", "2024-06-30", code=1)
        assert codes(data) == ["issued-after-as-of"]

    def test_no_figure_of_a_later_year(self) -> None:
        assert electricity("national", 2019, "gbt-32151", code=1)["state"] == "none"

    @pytest.mark.parametrize(("year", "text"), [(2021, "0.5810"), (2022, "0.5703")])
    def test_reports_take_the_factor_of_their_notice(self, year: int, text: str) -> None:
        """环办气候函〔2022〕111号 and 环办气候函〔2023〕43号, not the averages of these years."""
        assert figure(electricity("浙江", year, "cets"))[0] == text

    def test_from_2026_purchased_electricity_is_no_item_of_the_market(self) -> None:
        data = electricity("浙江", 2026, "cets", code=1)
        assert data["rule"]["document"] == "CETS-AG-01.01-V04-2026"
        assert data["rule"]["evidence"] == "official"

    def test_the_guides_of_2013_take_the_grid_of_six(self) -> None:
        assert figure(electricity("四川", 2012, "ndrc-guide"))[0] == "0.5257"  # Central China, with Sichuan
        assert figure(electricity("四川", 2023, "ndrc-guide"))[0] == "0.2472"  # the Southwest grid


class TestPlaces:
    def test_tibet_has_no_value_and_none_stands_in(self) -> None:
        data = electricity("西藏", 2023, "ghgp-location", code=1)
        assert codes(data) == ["factor-row-missing"]
        assert figure(electricity("西藏", 2023, "gbt-32151"))[0] == "0.5306"  # this regime takes the national average

    def test_inner_mongolia_lies_on_two_grids(self) -> None:
        data = electricity("内蒙古", 2023, "ndrc-guide", code=1)
        assert codes(data) == ["factor-grid-several"]
        assert figure(electricity("东北", 2023, "ndrc-guide"))[0] == "0.5122"

    def test_a_place_is_asked_for(self) -> None:
        data = ask("electricity", "--year", "2023", "--regime", "ghgp-location", code=1)
        assert codes(data) == ["factor-place-needed"]

    def test_a_pilot_is_for_its_own_city(self) -> None:
        assert codes(electricity("浙江", 2023, "pilot-beijing", code=1)) == ["factor-row-missing"]


class TestZero:
    """A zero stands only where its clause was seen, and names the evidence it asks for."""

    def test_green_certificate(self) -> None:
        data = electricity("浙江", 2025, "gbt-32151", supply="green_certificate")
        assert data["state"] == "zero"
        assert data["figures"][0]["value"] == 0
        assert data["rule"]["clause"] == "5.2.6.1、附录D.1.1、D.2"
        for word in ("证书编号", "生产年月", "核销", "同期用电量", "只用一次"):
            assert word in data["rule"]["needs"]["zh"]

    @pytest.mark.parametrize("supply", ["green_power_trade", "nuclear_trade", "own_generation"])
    def test_other_proven_supplies(self, supply: str) -> None:
        assert electricity("浙江", 2025, "gbt-32151", supply=supply)["state"] == "zero"

    @pytest.mark.parametrize(
        "supply", ["contract", "residual_mix", "allocated_share", "own_fossil_generation", "direct_line"]
    )
    def test_what_proves_nothing(self, supply: str) -> None:
        assert electricity("浙江", 2025, "gbt-32151", supply=supply, code=1)["state"] == "none"

    def test_not_before_the_clause_was_in_force(self) -> None:
        assert electricity("浙江", 2024, "gbt-32151", supply="绿证", code=1)["state"] == "none"

    @pytest.mark.parametrize(
        ("regime", "supply"), [("mee-report", "own_generation"), ("ghgp-market", "green_certificate")]
    )
    def test_a_recalled_clause_gives_no_zero(self, regime: str, supply: str) -> None:
        data = electricity("浙江", 2025, regime, supply=supply, code=1)
        assert codes(data) == ["factor-zero-unseen"]
        assert data["figures"] == []
        assert data["rule"]["needs"]["zh"]

    @pytest.mark.parametrize("regime", ["cets", "ndrc-guide", "product-footprint", "mee-report"])
    def test_a_certificate_is_not_zero_everywhere(self, regime: str) -> None:
        assert electricity("浙江", 2025, regime, supply="绿证", code=1)["state"] == "none"

    def test_location_based_does_not_look_at_certificates(self) -> None:
        assert figure(electricity("浙江", 2023, "ghgp-location", supply="绿证"))[0] == "0.4974"

    def test_no_residual_mix_is_published(self) -> None:
        data = electricity("浙江", 2023, "ghgp-market", supply="residual_mix", code=1)
        assert "替代值（非官方剩余组合）" in data["rule"]["reason"]["zh"]
        assert "0.6096" in {item["text"] for item in data["others"]}

    @pytest.mark.parametrize(
        ("region", "regime", "year", "state"),
        [  # 沪环气候〔2023〕89号, from reports of 2022; 京环发〔2024〕8号, of 2023 only
            ("上海", "pilot-shanghai", 2021, "none"),
            ("上海", "pilot-shanghai", 2022, "zero"),
            ("上海", "pilot-shanghai", 2026, "none"),
            ("北京", "pilot-beijing", 2022, "none"),
            ("北京", "pilot-beijing", 2023, "zero"),
            ("北京", "pilot-beijing", 2024, "none"),
        ],
    )
    def test_pilots_by_the_years_of_their_notices(self, region: str, regime: str, year: int, state: str) -> None:
        data = electricity(region, year, regime, supply="green_power_trade", code=int(state == "none"))
        assert data["state"] == state

    def test_nothing_recalled_is_ever_an_answer(self) -> None:
        data = electricity("北京", 2023, "pilot-beijing", code=1)
        assert codes(data) == ["factor-recalled"]
        assert [item["text"] for item in data["withheld"]] == ["0.604"]


class TestHeatAndFuel:
    @pytest.mark.parametrize(("year", "power", "heat"), [(2020, "0.788", "0.11"), (2021, "0.42", "0.06")])
    def test_shanghai_changed_both_in_2022(self, year: int, power: str, heat: str) -> None:
        """沪环气〔2022〕34号: 7.88 to 4.2 t per 1e4 kWh, 0.11 to 0.06 t/GJ."""
        assert figure(electricity("上海", year, "pilot-shanghai"))[0] == power
        assert figure(ask("heat", "--year", str(year), "--regime", "pilot-shanghai"))[0] == heat

    def test_heat(self) -> None:
        assert figure(ask("heat", "--year", "2025", "--regime", "gbt-32151")) == (
            "0.11", "tCO2/GJ", "heat/gbt-32151.34@2024",
        )  # fmt: skip
        assert ask("heat", "--year", "2025", "--regime", "product-footprint", code=1)["state"] == "none"

    def test_fuel(self) -> None:
        """GB/T 32151.34-2024 table C.1: 19.57 GJ/t x 0.02610 tC/GJ x 0.93 x 44/12 = 1.74175 tCO2/t."""
        data = ask("fuel", "烟煤", "--year", "2025", "--regime", "GB/T 32151")
        found = {item["column"]: (item["value"], item["unit"]) for item in data["figures"]}
        assert found["net_calorific_value"] == (19.57, "GJ/t")
        assert found["carbon_content"] == (0.0261, "tC/GJ")
        assert found["oxidation_factor"] == (0.93, "1")
        assert found["emission_factor"] == (pytest.approx(1.7417496, rel=1e-6), "tCO2/t")
        assert any(item["table"].startswith("fuels/") for item in data["others"])

    def test_a_gas_is_by_volume(self) -> None:
        data = ask("fuel", "天然气", "--year", "2024", "--regime", "cets", "--sector", "power")
        found = {item["column"]: (item["text"], item["unit"]) for item in data["figures"]}
        assert found["net_calorific_value"] == ("389.310", "GJ/1e4 m^3")

    def test_an_edition_that_changes_inside_the_year_gives_both(self) -> None:
        data = ask("fuel", "烟煤", "--year", "2022", "--regime", "cets", "--sector", "发电", code=1)  # all recalled
        assert {item["span"] for item in data["withheld"]} == {"2022-01..2022-03", "2022-04..2022-12"}
        assert "edition-changes" in codes(data)

    def test_the_document_bound_later(self) -> None:
        assert "factor-before-document" in codes(ask("fuel", "柴油", "--year", "2023", "--regime", "gbt-32151"))

    def test_a_market_whose_guides_differ_asks_for_the_sector(self) -> None:
        """0.02618 tC/GJ stands in table A.1 of the steel guide; it gives no oxidation for the whole enterprise."""
        assert ask("fuel", "烟煤", "--year", "2025", "--regime", "cets", code=1)["state"] == "none"
        steel = ask("fuel", "烟煤", "--year", "2025", "--regime", "cets", "--sector", "钢铁")
        found = {item["column"]: item["text"] for item in steel["figures"]}
        assert found["carbon_content"] == "0.02618"
        assert "emission_factor" not in found

    def test_a_range_is_no_figure(self) -> None:
        data = ask("fuel", "天然气", "--year", "2025", "--regime", "energy-limit", code=1)
        assert set(codes(data)) == {"factor-without-number"}


class TestCommand:
    def test_page(self) -> None:
        text = run("factor", "electricity", "--region", "浙江", "--year", "2023", "--regime", "国标", *DAY).stdout
        lines = text.splitlines()
        assert lines[0].startswith("Zhejiang · 2023 · national standards GB/T 32150 and 32151 · grid electricity")
        assert lines[1].startswith("0.5306 tCO2/MWh  China")
        assert "What else exists (not the answer here)" in text
        assert "公告2025年第47号  附件 表1至表3  2025-12-31 published" in text

    def test_a_page_without_a_factor_says_so_first(self) -> None:
        result = run("factor", "electricity", "--region", "浙江", "--year", "2023", "--regime", "cets", "--lang", "zh")
        assert result.exit_code == 1
        assert result.stdout.splitlines()[1] == "不给因子"

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            (("electricity", "--year", "2023", "--regime", "gbt-3215"), "gbt-32151"),
            (("electricity", "--year", "2023", "--region", "浙江市"), "zhejiang"),
            (("fuel", "烟媒", "--year", "2023"), "bituminous_coal"),
        ],
    )
    def test_an_unknown_word_is_refused_with_what_was_meant(self, arguments: tuple[str, ...], word: str) -> None:
        result = run("factor", *arguments)
        assert result.exit_code == 2
        assert "factor-word-unknown" in result.stderr
        assert word in result.stderr

    def test_a_bad_day(self) -> None:
        result = run("factor", "heat", "--year", "2023", "--as-of", "yesterday")
        assert result.exit_code == 2
        assert "date-unreadable" in result.stderr

    def test_the_year_is_asked_for(self) -> None:
        assert run("factor", "electricity").exit_code == 2

    def test_a_user_s_own_table_answers(self) -> None:
        shipped = "electricity/mee-grid-average/data-2024.yaml"
        own = (
            "title: {zh: 自有, en: own}\ndocument: {number: Q/HSE 1-2026, issued: 2026-06-01}\npublished: 2026-06-01\n"
            "data_period: 2024\nevidence: official\nsource: a test\nkeys:\n  region: {vocabulary: provinces}\n"
            "columns:\n  emission_factor: {unit: tCO2/MWh}\nrows:\n  - {region: national, emission_factor: 0.5}\n"
        )
        write(f"own/{shipped}", own)
        data = electricity("national", 2024, "gbt-32151", "--factors", "own")
        assert figure(data)[0] == "0.5"
        assert data["figures"][0]["evidence"] == "user"
