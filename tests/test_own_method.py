"""Which methods are a plant's own: both sides of each threshold, and industries without a text.

Thresholds are those printed: 环办气候函〔2026〕32号 一(一), 四 and annex 1 (26 000 tCO2e, about 10 000 tce);
环办气候函〔2025〕140号 一(一) (lists of 2024 to 2026), 二(八); 生态环境部令第19号 第八条;
重点用能单位节能管理办法 第二条 (10 000 and 5 000 tce). "达到" and "及以上" include the figure itself.
Annex 1 of 32号: the verified emissions of 2025 decide the list of 2027; which year's decide the lists before it was not
seen, so that a size is only a guess there.
"""

import json
from fractions import Fraction

import pytest

from carbonstd._definitions.library import Library
from carbonstd._errors import CaseError
from carbonstd._own_method.rule import Rule, Size, State, energy_users, own_methods, size
from carbonstd._own_method.unheld import unheld_industry, unheld_named
from tests.command_line import run

SHELF = Library()


LIST_2027 = "market 2027"


def told(industry: str, plant: Size) -> dict[str, dict[str, State]]:
    """What each rule says of each family of methods; the lists of the market with their years."""
    found = own_methods(SHELF.of_industry(industry), industry, plant, SHELF)
    return {item.header.family: {_name(rule): state for state, rule in item.told} for item in found}


def _name(rule: Rule) -> str:
    return f"{rule.obligation} {rule.years}" if rule.listed else rule.obligation


def of(emissions: str, year: int = 2025) -> Size:
    return Size(year, Fraction(emissions))


@pytest.mark.parametrize(
    ("industry", "method", "obligation", "reached"),
    [
        ("4411", "mee-power", LIST_2027, State.ASKED_IF),
        ("3110", "cets-ag-03.01", LIST_2027, State.ASKED_IF),
        ("3011", "cets-ag-02.01", LIST_2027, State.ASKED_IF),
        ("3216", "cets-ag-04.01", LIST_2027, State.ASKED_IF),
        ("3120", "cets-ag-03.01", "market_report", State.ASKED_IF),
        ("3130", "cets-ag-03.01", "market_report", State.ASKED_IF),
        ("3011", "cets-ag-02.01", "market_report", State.ASKED_IF),
        ("2614", "ndrc-chemical", "sector_report", State.ASKED_IF),
        ("2511", "ndrc-petrochemical", "sector_report", State.ASKED_IF),
        ("3041", "ndrc-flat-glass", "sector_report", State.ASKED_IF),
        ("3211", "ndrc-nonferrous", "sector_report", State.ASKED_IF),
        ("2212", "ndrc-paper", "sector_report", State.ASKED_IF),
        ("5611", "ndrc-aviation", "sector_report", State.ASKED_IF),
    ],
)
def test_both_sides_of_26000_tonnes(industry: str, method: str, obligation: str, reached: State) -> None:
    assert told(industry, of("26000"))[method][obligation] == reached
    assert told(industry, of("25999.99"))[method][obligation] == State.NOT_ASKED


@pytest.mark.parametrize(
    ("industry", "method", "year", "emissions", "obligation", "state"),
    [
        ("4411", "mee-power", 2023, "26000", "market 2021–2023", State.LIKELY),
        ("4411", "mee-power", 2023, "25999", "market 2021–2023", State.UNLIKELY),
        ("3011", "cets-ag-02.01", 2024, "26000", "market 2024–2026", State.LIKELY),
        ("3011", "cets-ag-02.01", 2024, "25999", "market 2024–2026", State.UNLIKELY),
        ("3120", "cets-ag-03.01", 2024, "26000", "market_report", State.ASKED_IF),
        ("3120", "ndrc-steel", 2023, "26000", "sector_report", State.ASKED_IF),
        ("3120", "ndrc-steel", 2023, "25999", "sector_report", State.NOT_ASKED),
        ("2614", "ndrc-chemical", 2022, "26000", "sector_report", State.ASKED_IF),
        ("2614", "ndrc-chemical", 2022, "25999", "sector_report", State.NOT_ASKED),
    ],
)
def test_earlier_years(industry: str, method: str, year: int, emissions: str, obligation: str, state: State) -> None:
    assert told(industry, of(emissions, year))[method][obligation] == state


def test_the_market_asks_nobody_else() -> None:
    """Steel and cement entered with the emissions of 2024; rolling, biomass power and chemicals did not."""
    assert told("3011", of("90000", 2023))["cets-ag-02.01"] == {}
    assert LIST_2027 not in told("3130", of("90000"))["cets-ag-03.01"]
    assert told("4417", of("90000"))["mee-power"] == {}
    assert all(LIST_2027 not in rules for rules in told("2614", of("90000")).values())


def rules(industry: str, family: str, year: int) -> list[Rule]:
    found = own_methods(SHELF.of_industry(industry), industry, of("30000", year), SHELF)
    return [rule for item in found if item.header.family == family for _, rule in item.told]


def test_year_of_the_emissions_and_year_of_the_list() -> None:
    """Emissions of 2025: the list of 2025 asks by 140号 (decided by another year), that of 2027 by 32号."""
    lists = {rule.years: (rule.document, rule.decided_by) for rule in rules("3011", "cets-ag-02.01", 2025)}
    assert lists["2024–2026"] == ("环办气候函〔2025〕140号", None)
    assert lists["2027"] == ("环办气候函〔2026〕32号", 2025)
    assert told("4411", of("90000", 2027))["mee-power"] == {LIST_2027: State.LIKELY}  # those of 2025 decided it
    assert told("4411", of("90000", 2026))["mee-power"] == {"market 2025–2026": State.LIKELY}


def test_clinker_other_than_portland_has_no_allowance_of_2025() -> None:
    """二(八) of 140号 leaves it off the lists up to 2026; annex 1 of 32号 takes it in from 2027."""
    (allowance,) = rules("3011", "mee-industry-allowance", 2025)
    assert allowance.document == "环办气候函〔2025〕140号"
    assert "Portland cement clinker is made" in (allowance.condition or {})["en"]
    taken = [rule for rule in rules("3011", "cets-ag-02.01", 2025) if rule.years == "2027"]
    assert "Portland or other" in (taken[0].condition or {})["en"]


@pytest.mark.parametrize("industry", ["3011", "3120", "3216", "4411"])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_no_notice_names_an_allowance_plan(industry: str, year: int) -> None:
    """Annex 3 of 32号 lists guides of accounting and verification alone."""
    for family in ("mee-industry-allowance", "mee-power-allowance"):
        assert {rule.named for rule in rules(industry, family, year)} <= {"inferred"}


def test_annex_3_names_the_power_guide_of_december_2022() -> None:
    """环办气候函〔2022〕485号, which the report of 2025 takes; not its successor of 2026."""
    naming = {rule.years for rule in rules("4411", "mee-power", 2025) if rule.named == "document"}
    assert naming == {"2025"}
    assert SHELF.method("mee-power@2022-12").document.number == "环办气候函〔2022〕485号"
    for year in (2026, 2027):
        assert {rule.named for rule in rules("4411", "mee-power", year)} == {"inferred"}


def test_captive_plants_on_their_own_secondary_energy() -> None:
    """Annex 1 一, second sentence: they go to the list of steel, cement or aluminium."""
    (rule,) = (rule for rule in rules("4412", "mee-power", 2025) if rule.years == "2027")
    assert "secondary energy" in (rule.condition or {})["en"]


def test_a_group_of_industries_is_only_conditional() -> None:
    from dataclasses import replace

    (rule,) = (rule for rule in rules("4411", "mee-power", 2025) if rule.years == "2027")
    firm = replace(rule, condition=None)
    assert firm.state(of("26000"), "4411") == State.ASKED
    assert firm.state(of("26000"), "441") == State.ASKED_IF


def test_energy_alone_is_a_guess() -> None:
    above, below = Size(2025, energy=Fraction(10000)), Size(2025, energy=Fraction(9999))
    assert told("2614", above)["ndrc-chemical"]["sector_report"] == State.LIKELY
    assert told("2614", below)["ndrc-chemical"]["sector_report"] == State.UNLIKELY
    assert told("4411", above)["mee-power"][LIST_2027] == State.OPEN
    for industry, method in (("3120", "cets-ag-03.01"), ("3011", "cets-ag-02.01")):  # 四(三) prints no energy
        assert told(industry, above)[method]["market_report"] == State.OPEN
    both = Size(2025, Fraction(25999), Fraction(10000))
    assert told("2614", both)["ndrc-chemical"]["sector_report"] == State.NOT_ASKED


def test_what_is_asked_comes_first() -> None:
    reached = [item.header.id for item in own_methods(SHELF.of_industry("3011"), "3011", of("26000"), SHELF)]
    assert reached[:2] == ["cets-ag-02.01@2024", "mee-industry-allowance@2025"]
    below = [item.header.family for item in own_methods(SHELF.of_industry("3011"), "3011", of("25999"), SHELF)]
    assert below[-2:] == ["cets-ag-02.01", "mee-industry-allowance"]  # both unlikely, the rest has no threshold


@pytest.mark.parametrize(
    ("energy", "reached"),
    [("10000", [True, True]), ("9999.9", [False, True]), ("5000", [False, True]), ("4999.9", [False, False])],
)
def test_both_sides_of_key_energy_users(energy: str, reached: list[bool]) -> None:
    assert [user.reached for user in energy_users(Size(2025, energy=Fraction(energy)), SHELF)] == reached


def test_quantities_as_typed() -> None:
    assert size("3 万tCO2e", "12 000 tce", None, SHELF) == Size(2025, Fraction(30000), Fraction(12000))
    assert size("30 ktCO2e", None, 2024, SHELF).emissions == 30000
    for typed in ("40000 t", "4万吨", "40000tCO2", "40000 tCO2e/a", "4 万吨/年", "40 kt"):
        assert size(typed, None, None, SHELF).emissions == 40000, typed
    for typed in ("30000", "-1 tCO2e", "30000 tce", "30000 GJ", "many"):
        with pytest.raises(CaseError, match="size-unreadable"):
            size(typed, None, None, SHELF)


def test_every_rule_names_methods_and_documents_that_exist() -> None:
    from fnmatch import fnmatch

    families = {header.family for header in SHELF.method_headers.values()}
    table = SHELF.table("decisions/obligation")
    for index, row in enumerate(table.rows):
        for pattern in table.cell(index, "methods").text.split():
            assert any(fnmatch(family, pattern) for family in families), (row.name(), pattern)
        document = table.cell(index, "document").text
        if row.match["obligation"] not in ("national_standard", "local"):  # which name whole series
            assert SHELF.register.find(document), document
        assert table.cell(index, "named").text in ("document", "inferred")
        assert table.cell(index, "counted").text in ("direct", "total")


def test_every_industry_without_text_names_what_exists() -> None:
    for name in ("石灰", "航运", "铁合金", "工业硅", "纺织", "水泥制品", "烧结砖", "木材"):
        item = unheld_named(name, SHELF)
        assert item is not None, name
        assert item.headers(SHELF)
        for number in filter(None, item.registered.split(", ")):
            (entry,) = SHELF.register.find(number)
            assert SHELF.held(entry) == [], number
    assert unheld_named("水泥", SHELF) is None
    assert unheld_industry("3012", SHELF).key == "lime"
    assert unheld_industry("8610", SHELF).key == "other"


class TestListing:
    def test_without_a_size_nothing_changes_but_a_hint(self) -> None:
        found = run("list", "--industry", "C3011")
        assert "own-method-hint" in found.stderr
        assert "cets-ag-02.01@2024" in found.stdout
        assert isinstance(json.loads(run("list", "--industry", "C3011", "--json").stdout), list)

    def test_the_answer_names_clause_condition_and_evidence(self) -> None:
        out = run("list", "--industry", "C3120", "--emissions", "30000 tCO2e", "--lang", "zh").stdout
        assert "环办气候函〔2026〕32号 一(一)、附件1二、附件3 · 官方文本" in out
        assert "条件：高炉—转炉长流程" in out
        assert "符合条件即适用" in out

    def test_below_the_threshold(self) -> None:
        out = run("list", "--industry", "4411", "--emissions", "25999.99 t", "--lang", "zh").stdout
        assert "2025年排放 25,999.99 tCO2e" in out
        assert "全国碳市场重点排放单位（列入名录）: 未达门槛，不要求" in out
        assert "名录由2025年度的排放决定" in out
        assert "名录由哪一年度的排放决定未见" in out

    def test_what_cannot_be_read_is_told_in_words(self) -> None:
        told = run("list", "--industry", "4411", "--emissions", "5 GJ", "--lang", "zh").stderr
        assert "吨二氧化碳当量（t、tCO2、tCO2e）" in told
        assert "mass" not in told

    def test_json(self) -> None:
        out = json.loads(run("list", "--industry", "2614", "--energy", "12000 tce", "--json").stdout)
        first = out["methods"][0]
        assert (first["id"], first["state"]) == ("ndrc-chemical@2013", "likely")
        assert (first["rules"][0]["listed"], first["rules"][0]["decided_by"]) == (False, None)
        assert first["rules"][0]["methods_named_by"] == "inferred"
        assert [user["reached"] for user in out["key_energy_user"]] == [True, True]

    def test_lime_has_no_text(self) -> None:
        for arguments in (("--search", "石灰厂"), ("--industry", "3012")):
            assert "industry-without-text" in run("list", *arguments).stderr
        out = run("list", "--industry", "3012", "--emissions", "30000 tCO2e").stdout
        assert "gbt-32150@" in out
        assert "ndrc-other@" in out

    def test_sizes_need_an_industry(self) -> None:
        assert run("list", "--emissions", "30000 tCO2e").exit_code == 2
        assert run("list", "--industry", "3011", "--year", "2024").exit_code == 2
        assert run("list", "--industry", "3011", "--emissions", "viel").exit_code == 2
