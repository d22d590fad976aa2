"""Parts that carry totals and verdicts: what an include lays over them, drops and gives, and labels left out."""

from pathlib import Path

import pytest

import carbonstd
from carbonstd._definitions.library import Library

METHOD = """\
title: {zh: 例, en: Example}
document: {number: EXAMPLE-1, issued: 2024-01-01}
regime: equipment-efficiency
include:
  - part: equipment_performance
    clause: 表9
    with: {grades: {table: equipment/gb-19576, select: pinned, edition: "2019"}}
    sheets: {item: {columns: {performance: {label: {zh: 指标, en: Metric}}}}}
"""
OWN = """\
verdicts:
  performance: {indicator: performance_rated, limit: performance_limit, unit: "1", sense: at_least}
"""


def own_method(folder: Path, text: str) -> Library:
    path = folder / "methods/equipment/example/2024.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(METHOD + text, encoding="utf-8")
    return carbonstd.library(methods=[folder / "methods"])


def test_the_clause_and_labels_of_what_a_part_leaves_without(tmp_path: Path) -> None:
    overlay = "    verdicts: {performance: {required: '\"2\"'}}\n    totals: {performance_rated: {digits: 1}}\n"
    method = own_method(tmp_path, overlay).method("example")
    [verdict], [total] = method.verdicts, method.lines
    assert (verdict.clause, method.equations["performance_limit"].clause) == ("表9", "表9")
    assert verdict.label["en"] == total.label["en"] == method.equations["performance_rated"].label["en"] == "Metric"
    assert (str(getattr(verdict.required, "value", "")), total.digits, total.total) == ("2", 1, True)


def test_a_name_of_a_part_is_another_here_and_own_totals_stand_first(tmp_path: Path) -> None:
    text = """\
    rename: {performance_rated: rated}
    drop: [performance_limit]
equations:
  performance_limit: {label: {zh: 限值, en: Limit}, unit: "1", expression: select(grades).performance}
  half: {label: {zh: 半, en: Half}, sheet: item, unit: "1", expression: performance / 2}
totals:
  half: {gas: ""}
"""
    method = own_method(tmp_path, text).method("example")
    assert [line.id for line in method.lines] == ["half", "rated"]
    assert [line.equation for line in method.lines] == ["half", "rated"]
    assert str(getattr(method.verdicts[0].indicator, "name", "")) == "rated"
    assert method.equations["performance_limit"].clause == ""


def test_a_verdict_of_a_part_is_not_defined_again(tmp_path: Path) -> None:
    with pytest.raises(carbonstd.DefinitionError) as caught:
        own_method(tmp_path, OWN).method("example")
    assert [item.code for item in caught.value.findings] == ["method-defined-twice"]


def test_a_label_is_needed_where_nothing_gives_one(tmp_path: Path) -> None:
    text = OWN.replace("performance:", "floor:").replace("performance_rated", "item.performance")
    with pytest.raises(carbonstd.DefinitionError) as caught:
        own_method(tmp_path, text).method("example")
    assert [item.code for item in caught.value.findings] == ["schema-missing-field"]
