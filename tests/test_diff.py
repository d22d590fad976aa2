"""What `diff` tells of two editions: tables cell by cell, methods item by item."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import run, start_in, write

OLD = """\
title: {zh: 限额, en: Limits}
document: {number: Q/HSE 20-2020}
clause: 表1
evidence: user
keys:
  kind: {terms: {dry: {zh: 干法, en: dry}, wet: {zh: 湿法, en: wet}, shaft: {zh: 立窑, en: shaft}}}
columns:
  limit: {unit: kgce/t, axis: level}
rows:
  - {kind: dry, limit: {"1": 90, "2": 100}}
  - {kind: wet, limit: {"1": 100, "2": dash}}
"""
NEW = OLD.replace("2020", "2025").replace('"2": 100', '"2": 95').replace("kind: wet,", "kind: shaft,")


@pytest.fixture(autouse=True)
def _two_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    write("own/limits/house/2020.yaml", OLD)
    write("own/limits/house/2025.yaml", NEW)


def found(*arguments: str) -> list[dict[str, Any]]:
    return json.loads(run("diff", *arguments, "--json", "--factors", "own").stdout)["differences"]


def test_rows_added_removed_and_changed() -> None:
    rows = [item for item in found("limits/house", "2020", "2025") if item["section"] == "rows"]
    assert [(item["kind"], item["item"], item["field"], item["old"], item["new"]) for item in rows] == [
        ("changed", "kind=dry", "limit 2", "100", "95"),
        ("removed", "kind=wet", "", "", ""),
        ("added", "kind=shaft", "", "", ""),
    ]
    assert rows[0]["ratio"] == pytest.approx(0.95)
    assert rows[1]["label"] == {"zh": "湿法", "en": "wet"}


def test_rows_of_one_class_and_better_evidence_are_told() -> None:
    """Two listed rows may be found by the same label; a grade that rose is news."""
    listed = '  - {kind: shaft, limit: {"1": 1, "2": 2}, listed: true}\n'
    twice = OLD + listed + listed.replace('"2": 2', '"2": 4')
    write("own/limits/house/2020.yaml", twice)
    better = twice.replace('"2": 4', '"2": 5').replace('limit: {"1": 90', 'evidence: recalled, limit: {"1": 90')
    write("own/limits/house/2025.yaml", better)
    rows = [item for item in found("limits/house", "2020", "2025") if item["section"] == "rows"]
    assert [(item["item"], item["field"], item["old"], item["new"]) for item in rows] == [
        ("kind=dry", "limit 1: evidence", "user", "recalled"),
        ("kind=dry", "limit 2: evidence", "user", "recalled"),
        ("kind=shaft #2", "limit 2", "4", "5"),
    ]


def test_two_names_do_as_well() -> None:
    assert found("limits/house@2020", "limits/house@2025") == found("limits/house", "2020", "2025")
    assert found("limits/house@2020", "limits/house@2020") == []


def test_it_is_printed_in_both_languages() -> None:
    text = run("diff", "limits/house", "2020", "2025", "--factors", "own", "--lang", "zh").stdout
    assert "变化  kind=dry    干法  limit 2  100 → 95  -5.00%" in text
    assert "no difference" in run("diff", "limits/house@2020", "limits/house@2020", "--factors", "own").stdout


def test_a_method_by_its_document() -> None:
    """From reporting year 2026 purchased power is out of the total, and no oxidation factor is a default."""
    told = {(item["section"], item["item"], item["kind"]) for item in found("mee-power", "2022-12", "2026")}
    assert ("equations", "electricity_emissions", "removed") in told
    assert ("lines", "purchased_electricity", "removed") in told
    assert ("columns", "fuel.oxidation_factor", "changed") in told
    assert ("document", "", "changed") in told


def test_things_of_two_kinds_are_not_compared() -> None:
    assert run("diff", "mee-power@2026", "limits/house@2020", "--factors", "own").exit_code == 2
    assert run("diff", "limits/house", "2020", "2030", "--factors", "own").exit_code == 2


def test_notes_are_told_in_words() -> None:
    """They are texts in both languages; the fields of such a text are none of a reader's business."""
    told = run("diff", "mee-power", "2022-03", "2022-12").stdout
    assert "note" in told
    assert "zh: " not in told
