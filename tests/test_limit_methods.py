"""What limit methods ask of the engine: class columns from a table's keys, and indicators judged only where given."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._definitions.library import Library
from carbonstd._result.evidence import cells_of

KIND = """
title: Object
columns:
  name: {label: Name, kind: label}
"""
LIMITS = """
title: {zh: 限额, en: Limits}
document: {number: "LIMIT-EDITION"}
clause: "4"
evidence: user
keys:
  oven: {label: {zh: 炉型, en: oven}, terms: {top: {zh: 顶装, en: top}, stamp: {zh: 捣固, en: stamp}}}
  capacity: {label: {zh: 规模, en: capacity}, unit: t/d}
columns:
  energy: {unit: kgce/t, axis: level}
rows:
  - {when: {oven: top, capacity: {up_to: 100}}, energy: {"1": 10, "2": 12, "3": 14}}
  - {when: {oven: top, capacity: {above: 100}}, energy: {"1": 8, "2": dash, "3": 12}}
  - {when: {oven: stamp}, energy: {"1": 9, "2": 11, "3": 13}}
"""
METHOD = """
title: Limits
document: {number: LIMIT-2025, in_force: 2025-01-01}
regime: energy-limit
tables: {limits: {table: limits/limit, select: pinned, edition: "2025"}}
constants: {bound: {value: 5, unit: kWh/t, evidence: user}}
sheets:
  object:
    kind: object
    single: true
    keys: limits
    columns: {name: , energy: {label: Energy, unit: kgce/t}, electricity: {label: Electricity, unit: kWh/t}}
equations:
  used: {label: Energy, sheet: object, unit: kgce/t, expression: energy}
  power: {label: Power, sheet: object, unit: kWh/t, expression: electricity}
  bound_energy: {label: Limit, unit: kgce/t, expression: select(limits).energy}
totals:
  used: {label: Energy, gas: "", primary: true, when: not missing(energy)}
  power: {label: Power, gas: "", when: not missing(electricity)}
verdicts:
  energy: {label: Energy, indicator: used, limit: bound_energy, unit: kgce/t, sense: at_most, when: not missing(energy)}
  power: {label: Power, indicator: power, limit: bound, unit: kWh/t, sense: at_most, when: not missing(electricity)}
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    older = LIMITS.replace("EDITION", "2020").replace("stamp: {zh: 捣固, en: stamp}", "pit: {zh: 坑式, en: pit}")
    files = {
        "methods/shared/kinds/object": KIND,
        "methods/limits/limit/2025": METHOD,
        "factors/limits/limit/2025": LIMITS.replace("EDITION", "2025"),
        "factors/limits/limit/2020": older.replace("oven: stamp", "oven: pit"),
    }
    return shelf_of(tmp_path, files)


def shelf_of(folder: Path, files: Mapping[str, str]) -> Library:
    """The shipped library with these files, by their paths without suffix, laid over it."""
    for name, content in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return Library((folder / "factors",), (folder / "methods",))


def run(library: Library, **plant: Any) -> carbonstd.Result:
    case = {"method": "limit@2025", "period": "2025", "inputs": {"object": [{"name": "a", **plant}]}}
    return carbonstd.run(case, of=library)


def test_a_key_of_the_limit_table_is_a_column(library: Library) -> None:
    columns = library.method("limit").sheets["object"].columns
    assert list(columns) == ["oven", "capacity", "name", "energy", "electricity"]
    assert columns["oven"].vocabulary == "limits/limit#oven"
    assert columns["capacity"].unit.text == "t/d"
    assert columns["oven"].label["zh"] == "炉型"


def test_the_labels_of_all_editions_are_understood(library: Library) -> None:
    """A label of 2020 is known, though no row of 2025 has it; a Chinese name does as well as the key."""
    assert list(library.vocabulary("limits/limit#oven").terms) == ["top", "stamp", "pit"]
    assert run(library, oven="捣固", energy=13).verdicts[0].levels[2].judgement == "met"
    with pytest.raises(carbonstd.CaseError) as caught:
        run(library, oven="坑式", energy=13)
    assert "no-row" in {item.code for item in caught.value.findings}


@pytest.mark.parametrize(("capacity", "limits"), [(100, [10, 12, 14]), ("100.1", [8, None, 12])])
def test_the_class_follows_from_the_plant(library: Library, capacity: Any, limits: list[int | None]) -> None:
    verdict = run(library, oven="top", capacity=capacity, energy=13).verdicts[0]
    assert [level.limit for level in verdict.levels] == limits


def test_only_what_was_given_is_judged(library: Library) -> None:
    both = run(library, oven="stamp", energy=12, electricity=5)
    assert [item.rule.id for item in both.verdicts] == ["energy", "power"]
    one = run(library, oven="stamp", electricity=6)
    assert [(item.rule.id, str(item.judgement)) for item in one.verdicts] == [("power", "not_met")]
    assert one.primary_line.id == "power"
    assert json.loads(json.dumps(one.as_dict("en"), allow_nan=False))["totals"][0]["id"]
    one.to_excel(Path(library.methods[0]) / "result.xlsx", "zh")


def test_a_result_runs_again_with_its_lock(library: Library) -> None:
    result = run(library, oven="捣固", energy=12)
    again = carbonstd.run(result.case, lock=result.lock)
    assert again.totals == result.totals
    assert any(name.startswith("factors/limits/limit/2020") for name in result.lock["files"])


def test_a_label_is_asked_for_only_where_it_is_needed(library: Library) -> None:
    """The name of a plant above 10 kgce/t must be told; blanks elsewhere are fine."""
    path = Path(library.methods[0]) / "limits/limit/2025.yaml"
    asked = "columns: {name: {required: true, needed: energy > base},"
    text = METHOD.replace("constants: {", "constants: {base: {value: 10, unit: kgce/t, evidence: user}, ")
    path.write_text(text.replace("columns: {name: ,", asked), encoding="utf-8")
    shelf = Library(library.factors, library.methods)
    plant = {"oven": "stamp"}
    frugal = {"method": "limit@2025", "period": "2025", "inputs": {"object": [{**plant, "energy": 9}]}}
    assert carbonstd.run(frugal, of=shelf).verdicts
    wasteful = {"method": "limit@2025", "period": "2025", "inputs": {"object": [{**plant, "energy": 11}]}}
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.run(wasteful, of=shelf)
    assert [item.code for item in caught.value.findings if item.severity == "error"] == ["missing-value"]


# The page for verifiers


def limit_methods(shelf: Library, products: bool) -> list[str]:
    """The limits of products, or those of energy; told by the text, for reading all methods takes seconds."""
    held = [item for item in shelf.method_headers.values() if item.level == "limits"]
    of_products = "\nregime: product-emission\n"
    return sorted(item.id for item in held if (of_products in item.path.read_text(encoding="utf-8")) == products)


def test_the_page_of_products_lists_every_method() -> None:
    """docs/product-limits.md has each method of products in its table."""
    page = (Path(__file__).resolve().parent.parent / "docs/product-limits.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z][\w.-]*@[\w-]+)`", page))
    assert sorted(listed) == limit_methods(Library(), products=True)


def groundless(method: str, shelf: Library) -> bool:
    """Whether a limit table of the method lacks a text, or holds cells that nobody has seen."""
    slots = shelf.method(method).slots.values()
    tables = [shelf.table(f"{slot.table}@{slot.edition}") for slot in slots if slot.table.startswith("limits/")]
    cells = (
        cell
        for table in tables
        for row in range(len(table.rows))
        for name in table.columns
        for cell in cells_of(table, row, name)
    )
    return any(table.incomplete for table in tables) or any(cell.evidence == "recalled" for cell in cells)


def test_the_page_lists_every_method_where_it_belongs() -> None:
    """docs/limits.md has each method of energy limits once, and those that give no verdict apart."""
    shelf = Library()
    held = limit_methods(shelf, products=False)
    page = (Path(__file__).resolve().parent.parent / "docs/limits.md").read_text(encoding="utf-8")
    rows = page.split("\n## Verdicts for reference", 1)[1]
    listed = re.findall(r"`([a-z][\w-]*@[\w-]+)`", rows)
    assert sorted(listed) == held
    apart = re.findall(r"`([a-z][\w-]*@[\w-]+)`", rows.split("\n## No verdict", 1)[1])
    assert sorted(apart) == [name for name in held if groundless(name, shelf)]
