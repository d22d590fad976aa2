"""Ids, typed names, search in two languages, and users' folders laid over what is shipped."""

import os
from pathlib import Path

import pytest

import carbonstd
from carbonstd import CarbonstdError, DefinitionError, NotFoundError
from carbonstd._definitions.header import stamp
from carbonstd._definitions.library import Library, _shipped_table
from carbonstd._findings import finding

CARBON = "gbt-32151.34@2024"
HEAD = """\
title: {zh: 自有燃料, en: House fuels}
document: {number: Q/HSE 12-2025}
"""
ROWS = """\
evidence: user
source: laboratory report 2025-17
keys:
  fuel: {vocabulary: fuels}
columns:
  basis: {type: text}
  net_calorific_value: {unit: {mass: GJ/t, volume: GJ/1e4 m^3}, basis: lower}
  carbon_content: {unit: tC/GJ}
  oxidation_factor: {unit: "1"}
rows:
  - {fuel: anthracite, basis: mass, net_calorific_value: 24.5, carbon_content: 0.0268, oxidation_factor: 0.94}
"""
CASE = {
    "method": CARBON,
    "period": "2025",
    "as_of": "2026-03-31",
    "inputs": {"fuel": [{"fuel": "anthracite", "consumption": 100}]},
}


def lay(root: Path, name: str, text: str) -> Path:
    path = root / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root


def codes(error: pytest.ExceptionInfo[CarbonstdError]) -> list[str]:
    return [item.code for item in error.value.findings]


@pytest.mark.parametrize(
    "typed",
    [
        "gbt-32151.34",
        "gbt-32151.34@2024",
        "GB/T 32151.34",
        "GB/T 32151.34-2024",
        "GB/T32151.34—2024",
        "gb/t 32151.34@2024",
        "GBT 32151.34",
        "炭素材料",
        "石墨电极",
        "carbon material",
        "Carbon Material",
        "温室气体排放核算与报告要求 第34部分：炭素材料生产企业",
        " gbt-32151.34 ",
    ],
)
def test_a_method_is_found_by_what_people_type(typed: str) -> None:
    assert carbonstd.method(typed).id == CARBON


@pytest.mark.parametrize("typed", ["fuels/gbt-32151.34", "fuels/gbt-32151.34@2024"])
def test_a_table_is_found_by_its_path(typed: str) -> None:
    assert carbonstd.table(typed).id == "fuels/gbt-32151.34@2024"


def test_a_family_alone_is_its_newest_edition() -> None:
    assert carbonstd.table("electricity/mee-grid-average").id == "electricity/mee-grid-average@data-2023"
    assert carbonstd.table("electricity/mee-grid-average@data-2021").id == "electricity/mee-grid-average@data-2021"


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        carbonstd.method("gbt-32152.34")
    (found,) = caught.value.findings
    assert "gbt-32151.34" in found.expected("en")
    assert "gbt-32151.34" in found.expected("zh")


@pytest.mark.parametrize("typed", ["gbt-32151.34@2031", "", "@2024", "../gbt-32151.34", "炭"])
def test_what_is_no_name_is_not_found(typed: str) -> None:
    with pytest.raises(NotFoundError):
        carbonstd.method(typed)


@pytest.mark.parametrize("words", ["炭素", "32151.34", "carbon material", "material CARBON", "电极", "第34部分"])
def test_search_in_both_languages(words: str) -> None:
    shelf = carbonstd.library()
    assert CARBON in [header.id for header in shelf.search(words, shelf.method_headers)]


def test_search_takes_all_words() -> None:
    shelf = carbonstd.library()
    found = {header.id for header in shelf.search("电力 2023", shelf.table_headers)}
    assert "electricity/mee-grid-average@data-2023" in found
    assert "electricity/mee-grid-average@data-2021" not in found
    assert shelf.search("炭素 水泥", shelf.method_headers) == []


@pytest.mark.parametrize(("words", "method"), [("食品厂", "ndrc-food@2015"), ("化工企业", "ndrc-chemical@2013")])
def test_search_for_a_maker_finds_the_industry(words: str, method: str) -> None:
    shelf = carbonstd.library()
    assert method in [header.id for header in shelf.search(words, shelf.method_headers)]


@pytest.mark.parametrize(
    ("code", "methods"),
    [
        ("3218", {"ndrc-nonferrous"}),  # 硅冶炼
        ("c1353", {"ndrc-food"}),  # a class, of the division 农副食品加工业
        ("D442", {"gbt-32151.2", "ndrc-grid"}),  # 电力供应
        ("304", {"gbt-32151.7", "ndrc-flat-glass"}),  # a group, by its class 3041 平板玻璃制造
        ("01", set()),
    ],
)
def test_methods_by_the_code_of_an_industry(code: str, methods: set[str]) -> None:
    """Names of the classes: GB/T 4754-2017."""
    assert {header.family for header in carbonstd.library().of_industry(code)} == methods


@pytest.mark.parametrize("code", ["C", "", "水泥", "30111", "3"])
def test_what_is_no_code_of_an_industry(code: str) -> None:
    with pytest.raises(NotFoundError):
        carbonstd.library().of_industry(code)


def test_editions_come_oldest_first() -> None:
    shelf = carbonstd.library()
    found = [header.edition for header in shelf.editions("electricity/mee-grid-average", shelf.table_headers)]
    assert found == ["data-2021", "data-2022", "data-2023"]


def test_ids_are_paths() -> None:
    shelf = carbonstd.library()
    for header in shelf.table_headers.values():
        assert header.path.as_posix().endswith(f"factors/{header.id.replace('@', '/')}.yaml")
    for header in shelf.method_headers.values():
        assert header.path.as_posix().endswith(f"methods/{header.level}/{header.id.replace('@', '/')}.yaml")


# Users' folders


def test_a_users_table_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    shelf = Library(factors=(lay(tmp_path, "fuels/house/2025", HEAD + ROWS),))
    assert shelf.table("fuels/house").cell(0, "net_calorific_value").evidence == "user"
    assert shelf.table_headers["fuels/house@2025"].user
    assert not shelf.table_headers["fuels/gbt-32151.34@2024"].user
    assert shelf.table("fuels/gbt-32151.34").id == "fuels/gbt-32151.34@2024"


def test_an_override_takes_its_id_and_a_reason(tmp_path: Path) -> None:
    """100 t x 24.5 GJ/t x 0.0268 tC/GJ x 0.94 x 44/12 = 226.30813 tCO2; the shipped 26.7 and 0.0274 give 252.15124."""
    text = f"{HEAD}overrides: fuels/gbt-32151.34@2024\nreason: laboratory means of 2025\n{ROWS}"
    shelf = Library(factors=(lay(tmp_path, "fuels/gbt-32151.34/2024", text),))
    mine = carbonstd.run(CASE, of=shelf)
    assert mine.value("fuel_emissions").value == pytest.approx(226.308133333, rel=1e-9)
    assert carbonstd.run(CASE).value("fuel_emissions").value == pytest.approx(252.15124, rel=1e-9)


def test_an_undeclared_override_is_refused(tmp_path: Path) -> None:
    shelf = Library(factors=(lay(tmp_path, "fuels/gbt-32151.34/2024", HEAD + ROWS),))
    with pytest.raises(DefinitionError) as caught:
        shelf.table("fuels/gbt-32151.34")
    assert codes(caught) == ["override-undeclared"]
    assert caught.value.findings[0].place.endswith("2024.yaml")


def test_an_override_of_something_else_is_refused(tmp_path: Path) -> None:
    text = f"{HEAD}overrides: fuels/gbt-32151.35@2024\nreason: a slip\n{ROWS}"
    shelf = Library(factors=(lay(tmp_path, "fuels/gbt-32151.34/2024", text),))
    with pytest.raises(DefinitionError) as caught:
        shelf.table("fuels/gbt-32151.34")
    assert codes(caught) == ["override-undeclared"]


def test_an_override_without_a_reason_is_refused(tmp_path: Path) -> None:
    text = f"{HEAD}overrides: fuels/gbt-32151.34@2024\n{ROWS}"
    shelf = Library(factors=(lay(tmp_path, "fuels/gbt-32151.34/2024", text),))
    with pytest.raises(DefinitionError) as caught:
        shelf.table("fuels/gbt-32151.34")
    assert codes(caught) == ["override-without-reason"]


def test_a_method_may_be_overridden_too(tmp_path: Path) -> None:
    shipped = carbonstd.library().method_headers[CARBON].path.read_text(encoding="utf-8")
    text = shipped.replace("regime: gbt", f"overrides: {CARBON}\nreason: a house copy\nregime: gbt")
    text = text.replace("{value: 0.35, unit: tCH4/t", "{value: 0.30, unit: tCH4/t")
    shelf = Library(methods=(lay(tmp_path, "enterprises/gbt-32151.34/2024", text),))
    assert float(shelf.method(CARBON).constants["default_volatile_to_methane"].value) == 0.30
    assert shelf.method_headers[CARBON].user
    with pytest.raises(DefinitionError) as caught:
        _ = Library(methods=(lay(tmp_path, "enterprises/gbt-32151.34/2024", shipped),)).method_headers
    assert codes(caught) == ["override-undeclared"]


def test_a_users_vocabulary_and_kind_come_first(tmp_path: Path) -> None:
    factors, methods = tmp_path / "factors", tmp_path / "methods"
    lay(factors, "vocabulary/kilns", "title: 窑\nterms:\n  dry: {zh: 干法窑, en: dry kiln}\n")
    lay(methods, "shared/kinds/kilns", "title: 窑\ncolumns: {}\n")
    shelf = Library((factors,), (methods,))
    assert shelf.vocabulary("kilns").resolve("干法窑") == "dry"
    assert shelf.vocabulary("fuels").resolve("焦炭") == "coke"
    assert shelf.shared("kinds", "kilns").is_relative_to(methods)
    assert not shelf.shared("kinds", "electricity").is_relative_to(methods)
    with pytest.raises(NotFoundError):
        shelf.vocabulary("no-such-list")


def test_two_users_folders_need_the_declaration_between_them(tmp_path: Path) -> None:
    first = lay(tmp_path / "a", "fuels/house/2025", HEAD + ROWS)
    second = lay(tmp_path / "b", "fuels/house/2025", HEAD + ROWS)
    with pytest.raises(DefinitionError) as caught:
        _ = Library((first, second)).table_headers
    assert codes(caught) == ["override-undeclared"]


def test_two_methods_of_one_id_in_a_users_folder_need_the_declaration_too(tmp_path: Path) -> None:
    """The id of a method names no level: the file of the last folder would count and nobody know."""
    for level in ("a", "b"):
        lay(tmp_path, f"{level}/x-own/2024", HEAD)
    with pytest.raises(DefinitionError) as caught:
        _ = Library(methods=(tmp_path,)).method_headers
    assert codes(caught) == ["override-undeclared"]
    assert caught.value.findings[0].values["first"].endswith("a/x-own/2024.yaml")


def test_a_file_that_was_changed_is_read_again(tmp_path: Path) -> None:
    """What is shipped is shared by all libraries of a process; someone may be at work on it."""
    path = lay(tmp_path, "fuels/house/2025", HEAD + ROWS) / "fuels/house/2025.yaml"
    before = _shipped_table(path, "fuels/house@2025", stamp(path))
    assert before is _shipped_table(path, "fuels/house@2025", stamp(path))
    path.write_text((HEAD + ROWS).replace("24.5", "124.5"), encoding="utf-8")
    assert _shipped_table(path, "fuels/house@2025", stamp(path)).hash != before.hash


def test_a_users_folders_are_read_again_only_where_something_changed(tmp_path: Path) -> None:
    """Even within one tick of the clock, and with as many letters."""
    path = lay(tmp_path, "fuels/house/2025", HEAD + ROWS) / "fuels/house/2025.yaml"
    times = path.stat()
    before = carbonstd.library([tmp_path])
    assert carbonstd.library([tmp_path]) is before
    path.write_text((HEAD + ROWS).replace("24.5", "42.5"), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = carbonstd.library([tmp_path])
    assert 42.5 in after.table("fuels/house").numbers("net_calorific_value")
    lay(tmp_path, "fuels/house/2026", HEAD + ROWS)
    assert "fuels/house@2026" in carbonstd.library([tmp_path]).table_headers


# Reading is lazy


def test_listing_reads_no_rows_and_no_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a list must not read what stands below the head")

    monkeypatch.setattr("carbonstd._definitions.library.read_table", refuse)
    monkeypatch.setattr("carbonstd._definitions.method_reader.read_method", refuse)
    shelf = Library()
    assert shelf.search("炭素", shelf.method_headers)
    assert shelf.search("carbon", shelf.table_headers)


def test_a_run_reads_only_the_tables_it_names() -> None:
    shelf = Library()
    carbonstd.run(CASE, of=shelf)
    read = set(shelf._tables)
    assert "fuels/gbt-32151.34@2024" in read
    assert "electricity/mee-grid-average@data-2023" in read
    assert not {name for name in read if name.startswith(("gwp/", "electricity/mee-grid-other"))}
    assert "electricity/mee-grid-average@data-2021" not in read


def test_a_table_is_read_once() -> None:
    shelf = Library()
    assert shelf.table("fuels/gbt-32151.34") is shelf.table("fuels/gbt-32151.34@2024")


def test_a_users_folder_may_be_the_one_above(tmp_path: Path) -> None:
    lay(tmp_path / "factors", "fuels/house/2025", HEAD + ROWS)
    for folder in (tmp_path, tmp_path / "factors"):
        assert carbonstd.library([folder]).table("fuels/house").id == "fuels/house@2025"


def test_a_users_folder_in_which_nothing_is_read_is_refused(tmp_path: Path) -> None:
    """One level off, and a run would take the shipped figures without a word."""
    lay(tmp_path / "factors", "fuels/house/2025", HEAD + ROWS)
    with pytest.raises(carbonstd.NotFoundError) as caught:
        carbonstd.library([tmp_path / "factors" / "fuels"])
    assert [item.code for item in caught.value.findings] == ["folder-without-definitions"]


def test_a_suggestion_is_never_a_bound_of_other_figures() -> None:
    colours = carbonstd.library().vocabulary("equipment/gb-30255-downlight#colour_temperature")
    assert colours.suggest("3000K") == {}
    assert colours.suggest("3500 K以上")["zh"] == "≥3500 K (from_3500)"


def test_a_name_that_a_short_list_has_not_is_answered_with_the_list() -> None:
    library = Library()
    near = library.vocabulary("balance_practices").near("指南2030")
    names = "CEADs做法、省级清单指南（2011年试行）、省级清单指南（2025年版）"
    assert finding("unknown-label", found="指南2030", **near).expected("zh") == f"可填：{names}"
    many = library.vocabulary("fuels").near("dieselx")  # of a long list only what is near
    assert finding("unknown-label", found="dieselx", **many).expected("en").startswith("did you mean: ")


def test_methods_are_found_by_the_name_of_an_industry() -> None:
    """造纸和纸制品业 is division 22 of GB/T 4754-2017; 化学纤维制造业, 28, stands in no title."""
    library = carbonstd.library()
    assert library.of_industry("造纸和纸制品业") == library.of_industry("造纸") == library.of_industry("22")
    assert library.search("化学纤维制造业", library.method_headers) == library.of_industry("28") != []
