"""Limits of products: a list of car models by the day of approval, and what a method refuses beyond its document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

import carbonstd
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._limits.input import read_subjects
from carbonstd._limits.judging import Question, check_limits
from carbonstd._limits.record import Record
from tests.test_limit_methods import KIND, LIMITS, METHOD, shelf_of

LINE = "vehicles/gb-19578-line@2021"
MODELS = """车型,标准,型式批准日期,燃料,变速器,座椅排数,试验工况,整车整备质量,燃料消耗量
甲,GB 19578,2021-06-30,汽油,自动,2,NEDC,1205,6.8
乙,GB 19578,2021-07-01,汽油,自动,2,WLTC,1205,8.1
丙,GB 19578,2025-12-31,柴油,手动,3,WLTC,1500,9.5
丁,GB 19578,2026-01-01,汽油,自动,2,WLTC,1500,7.0
戊,GB 19578-2021,2026-03,汽油,自动,2,WLTC,1500,7.0
己,GB 19578,2019-05,汽油,手动,2,NEDC,1431,7.0
"""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    path = tmp_path_factory.mktemp("cars") / "cars.csv"
    path.write_text(MODELS, encoding="utf-8")
    shelf = carbonstd.library()
    found = check_limits(read_subjects(path, shelf), shelf, Question(as_of=date(2026, 11, 1), allowed=(LINE,)))
    assert found.failed
    return {item.plant: item for item in found.records}


def test_the_day_of_approval_picks_the_edition(records: dict[str, Record]) -> None:
    picked = {name: item.method for name, item in records.items() if item.verdict}
    assert picked == {"甲": "gb-19578@2014", "乙": "gb-19578@2021", "丙": "gb-19578@2021"}
    assert str(records["甲"].judgement) == "met"
    assert str(records["甲"].grade) == "reference"
    assert str(records["丙"].judgement) == "undecided"  # the lines are recalled: compared, never judged
    assert records["乙"].levels[0].limit == Fraction("8.178")


@pytest.mark.parametrize("name", ["丁", "戊"])
def test_an_approval_after_the_last_edition_is_refused(records: dict[str, Record], name: str) -> None:
    """Also where its user names the edition that had ended: 7.0 L/100 km stands beside no limit of 2021."""
    item = records[name]
    assert item.verdict is None
    assert not item.levels
    assert [told.code for told in item.findings] == ["edition-ended"]
    assert "GB 19578-2024" in item.findings[0].message("zh")


def test_recalled_steps_are_one_finding(records: dict[str, Record]) -> None:
    assert [told.code for told in records["己"].findings if told.severity == "error"] == ["limits-recalled"]


def test_an_approval_after_an_edition_stays_refused_on_another_day(tmp_path: Path) -> None:
    """Asked for 2020, 丁 of 2026 and 乙 of 2021-07-01 stay refused by the edition of 2014; 甲 is judged."""
    path = tmp_path / "cars.csv"
    path.write_text(MODELS.replace("WLTC", "NEDC"), encoding="utf-8")
    shelf = carbonstd.library()
    found = check_limits(read_subjects(path, shelf), shelf, Question(period="2020-01-01", as_of=date(2026, 11, 1)))
    asked = {item.plant: item for item in found.records}
    for name in ("乙", "丁"):
        assert asked[name].verdict is None
        assert [told.code for told in asked[name].findings] == ["edition-ended"]
    assert str(asked["甲"].judgement) == "met"


def test_what_is_compared_stands_in_the_table_without_a_judgement(records: dict[str, Record]) -> None:
    assert records["丙"].compared  # by accepted recalled figures: value, limit and margin, undecided
    assert not records["丁"].compared


def test_a_station_that_nothing_binds_says_why(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "抽采泵站或排放口,标准,核算期,气体,排空的甲烷纯量,煤矿性质\n甲,GB 21522,2026,风排瓦斯,2,新建\n",
        encoding="utf-8",
    )
    shelf = carbonstd.library()
    (item,) = check_limits(read_subjects(path, shelf), shelf, Question(as_of=date(2027, 1, 1))).records
    assert item.verdict is None
    assert [told.code for told in item.findings if told.severity == "error"] == ["check-failed"]


def test_a_date_cell_keeps_its_day_and_a_shown_month_its_month(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["车型", "标准", "型式批准日期"])
    for row, form in enumerate(("yyyy-mm-dd", "mmm-yy", "mmm-yy", 'yyyy"年"m"月"d"日"'), start=2):
        day = date(2020, 3, 2) if row == 4 else date(2026, 1, 1)
        book.active.append([f"车{row}", "GB 19578", day])
        book.active.cell(row, 3).number_format = form
    path = tmp_path / "cars.xlsx"
    book.save(path)
    periods = [item.period for item in read_subjects(path, carbonstd.library())]
    assert periods == ["2026-01-01", "2026-01", "2020-03-02", "2026-01-01"]


# The field of a method


def shelf_with(tmp_path: Path, document: str, field: str = "until_refuses: true\n") -> Library:
    files = {
        "methods/shared/kinds/object": KIND,
        "methods/limits/limit/2025": METHOD.replace("in_force: 2025-01-01}\n", f"{document}}}\n{field}"),
        "factors/limits/limit/2025": LIMITS.replace("EDITION", "2025"),
    }
    return shelf_of(tmp_path, files)


def plant(period: str) -> dict[str, object]:
    rows = [{"name": "a", "oven": "stamp", "energy": 9}]
    return {"method": "limit@2025", "period": period, "inputs": {"object": rows}}


@pytest.mark.parametrize(("field", "refused"), [("until_refuses: true\n", True), ("", False)])
def test_what_lies_beyond_the_document_is_refused_where_the_method_says_so(
    tmp_path: Path, field: str, refused: bool
) -> None:
    shelf = shelf_with(tmp_path, "in_force: 2025-01-01, until: 2025-12-31", field)
    assert carbonstd.run(plant("2025-12-31"), of=shelf).verdicts
    if not refused:
        assert carbonstd.run(plant("2026-01-01"), of=shelf).verdicts
        return
    for period in ("2026-01-01", "2025-12..2026-01"):
        with pytest.raises(carbonstd.CaseError) as caught:
            carbonstd.run(plant(period), of=shelf)
        errors = [item.code for item in caught.value.findings if item.severity == "error"]
        assert errors == ["edition-ended"]


def test_a_method_that_refuses_needs_its_last_day(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, "in_force: 2025-01-01")
    with pytest.raises(carbonstd.CarbonstdError) as caught:
        shelf.method("limit")
    assert [item.code for item in caught.value.findings] == ["schema-missing-field"]


# What the methods of products found in the engine


def test_an_emptied_table_keeps_its_look_ups_apart() -> None:
    """A table emptied because no edition answers gave its empty look-ups to the full one."""
    table = carbonstd.library().table("products/mee-hfc-quota@2024")
    empty = replace(table, rows=())
    assert empty.find(("production",)) == []
    assert table.find(("production",)) == [0]


def test_a_day_is_printed_as_a_day() -> None:
    assert str(Period(date(2026, 1, 1), date(2026, 1, 1))) == "2026-01-01"
    assert Period.parse("2026-01-01") == Period(date(2026, 1, 1), date(2026, 1, 1))
