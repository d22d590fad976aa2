"""Which methods are a plant's own: both sides of each threshold, and industries without a text.

Thresholds are those printed: 环办气候函〔2026〕32号 一(一), 四 and annex 1 (26 000 tCO2e, about 10 000 tce);
环办气候函〔2025〕140号 一(一), 二(八); 生态环境部令第19号 第八条; 重点用能单位节能管理办法 第二条 (10 000 and
5 000 tce). "达到" and "及以上" include the figure itself.
"""

import json
from fractions import Fraction

import pytest

from carbonstd._errors import CaseError
from carbonstd._library import Library
from carbonstd._own_method import Size, State, energy_users, own_methods, size
from carbonstd._unheld import unheld_industry, unheld_named
from tests.command_line import run

SHELF = Library()


def told(industry: str, plant: Size) -> dict[str, dict[str, State]]:
    """What each rule says of each family of methods."""
    found = own_methods(SHELF.of_industry(industry), industry, plant, SHELF)
    return {item.header.family: {rule.obligation: state for state, rule in item.told} for item in found}


def of(emissions: str, year: int = 2025) -> Size:
    return Size(year, Fraction(emissions))


@pytest.mark.parametrize(
    ("industry", "method", "obligation", "reached"),
    [
        ("4411", "mee-power", "market", State.ASKED),
        ("4412", "mee-power-allowance", "market", State.ASKED),
        ("3110", "cets-ag-03.01", "market", State.ASKED_IF),
        ("3120", "mee-industry-allowance", "market", State.ASKED_IF),
        ("3011", "cets-ag-02.01", "market", State.ASKED_IF),
        ("3216", "cets-ag-04.01", "market", State.ASKED_IF),
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
        ("4411", "mee-power", 2023, "26000", "market", State.ASKED_IF),
        ("4411", "mee-power", 2023, "25999", "market", State.NOT_ASKED),
        ("3011", "cets-ag-02.01", 2024, "26000", "market", State.ASKED_IF),
        ("3011", "cets-ag-02.01", 2024, "25999", "market", State.NOT_ASKED),
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
    assert "market" not in told("3130", of("90000"))["cets-ag-03.01"]
    assert told("4417", of("90000"))["mee-power"] == {}
    assert all("market" not in rules for rules in told("2614", of("90000")).values())


def test_a_group_of_industries_is_only_conditional() -> None:
    assert told("441", of("26000"))["mee-power"]["market"] == State.ASKED_IF


def test_energy_alone_is_a_guess() -> None:
    above, below = Size(2025, energy=Fraction(10000)), Size(2025, energy=Fraction(9999))
    assert told("2614", above)["ndrc-chemical"]["sector_report"] == State.LIKELY
    assert told("2614", below)["ndrc-chemical"]["sector_report"] == State.UNLIKELY
    assert told("4411", above)["mee-power"]["market"] == State.OPEN
    both = Size(2025, Fraction(25999), Fraction(10000))
    assert told("2614", both)["ndrc-chemical"]["sector_report"] == State.NOT_ASKED


def test_what_is_asked_comes_first() -> None:
    reached = [item.header.id for item in own_methods(SHELF.of_industry("3011"), "3011", of("26000"), SHELF)]
    assert reached[:2] == ["cets-ag-02.01@2024", "mee-industry-allowance@2025"]
    below = [item.header.family for item in own_methods(SHELF.of_industry("3011"), "3011", of("25999"), SHELF)]
    assert below[-2:] == ["cets-ag-02.01", "mee-industry-allowance"]


@pytest.mark.parametrize(
    ("energy", "reached"),
    [("10000", [True, True]), ("9999.9", [False, True]), ("5000", [False, True]), ("4999.9", [False, False])],
)
def test_both_sides_of_key_energy_users(energy: str, reached: list[bool]) -> None:
    assert [user.reached for user in energy_users(Size(2025, energy=Fraction(energy)), SHELF)] == reached


def test_quantities_as_typed() -> None:
    assert size("3 万tCO2e", "12 000 tce", None, SHELF) == Size(2025, Fraction(30000), Fraction(12000))
    assert size("30 ktCO2e", None, 2024, SHELF).emissions == 30000
    for typed in ("30000", "-1 tCO2e", "30000 t", "many"):
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
        out = run("list", "--industry", "4411", "--emissions", "25000 tCO2e", "--lang", "zh").stdout
        assert "全国碳市场重点排放单位: 未达门槛，不要求" in out

    def test_json(self) -> None:
        out = json.loads(run("list", "--industry", "2614", "--energy", "12000 tce", "--json").stdout)
        first = out["methods"][0]
        assert (first["id"], first["state"]) == ("ndrc-chemical@2013", "likely")
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
