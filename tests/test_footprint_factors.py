"""A user's own table of background factors answers a purchase, and what it says of itself is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonstd._api import run
from carbonstd._definitions.library import Library
from carbonstd._errors import CaseError, DefinitionError
from carbonstd._result.result import Result

ROOT = Path(__file__).resolve().parent.parent
TABLE = """
title: {zh: 本公司因子, en: Our factors}
document:
  number: 本公司因子（做法）
  title: {zh: 本公司因子, en: Our factors}
overrides: products/own-products@user
reason: 本公司购买的数据库，许可限本公司使用
regimes: [product-footprint]
evidence: user
source: 购买的数据库，2024年版
keys:
  product:
    label: {zh: 产品, en: product}
    terms:
      zinc: {zh: 锌锭, en: zinc ingot, aliases: [电解锌]}
      box:  {zh: 纸箱, en: box}
columns:
  basis: {type: text, label: {zh: 计量方式, en: basis of quantity}}
  emission_factor:
    unit: {mass: kgCO2e/kg, volume: kgCO2e/m^3, energy: kgCO2e/kWh, count: kgCO2e/piece, area: kgCO2e/m^2,
      length: kgCO2e/m, transport: kgCO2e/(t*km), time: kgCO2e/h}
    label: {zh: 碳足迹因子, en: footprint factor}
  boundary: {type: text, label: {zh: 边界, en: boundary}}
  reference_year: {unit: a, label: {zh: 数据年, en: reference year}}
  geography: {type: text, label: {zh: 地理范围, en: geography}}
rows:
  - {product: zinc, basis: mass, emission_factor: 3.5, boundary: cradle_to_gate, reference_year: 2024, geography: 中国}
  - {product: box, basis: count, emission_factor: 0.8, boundary: combustion, reference_year: 2024, geography: 中国}
"""
CASE = """
method: gbt-24067@2024
entity: {name: 示例制品有限公司}
period: 2025
as_of: 2026-03-31
inputs:
  footprint_product:
    - {product: 甲, unit_kind: declared, demand: 1 t, boundary: cradle_to_gate, gwp_set: ar6}
  footprint_process:
    - {process: 生产, stage: production}
  footprint_output:
    - {process: 生产, product: 甲, amount: 10 t}
  footprint_purchase:
    - {process: 生产, item: 锌, own_product: 电解锌, amount: 2 t}
    - {process: 生产, item: 箱, own_product: 纸箱, amount: BOXES}
"""


def calculated(folder: Path, boxes: str = "100 piece") -> Result:
    table = folder / "factors/products/own-products/user.yaml"
    table.parent.mkdir(parents=True)
    table.write_text(TABLE, encoding="utf-8")
    case = folder / "case.yaml"
    case.write_text(CASE.replace("BOXES", boxes), encoding="utf-8")
    return run(case, of=Library((folder / "factors",)))


def test_an_own_table_answers_a_purchase(tmp_path: Path) -> None:
    result = calculated(tmp_path)
    assert result.value("footprint").value == pytest.approx((2000 * 3.5 + 100 * 0.8) / 10)
    for category in ("biogenic_emission", "biogenic_removal", "land_use_change", "land_use", "aircraft"):
        assert result.value(f"purchase_{category}[生产]").value == 0  # an own table tells none apart
    told = {str(item.values["id"]): str(item.place) for item in result.findings if item.code == "check-failed"}
    assert "purchase-own-table" in told
    assert "[1]" in told["purchase-own-boundary"]  # of the boxes alone, and an error of the result
    assert result.failed


def test_an_amount_of_another_basis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        calculated(tmp_path, boxes="100 kg")


def test_it_says_that_it_stands_in_for_the_shipped_one(tmp_path: Path) -> None:
    table = tmp_path / "factors/products/own-products/user.yaml"
    table.parent.mkdir(parents=True)
    table.write_text(TABLE.replace("overrides: products/own-products@user\n", ""), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        Library((tmp_path / "factors",)).table("products/own-products@user")
    assert caught.value.findings[0].code == "override-undeclared"


def test_supplier_data_from_before_the_period_are_told_once_with_the_age_of_the_oldest() -> None:
    """Rows of 2015, 2024, 2024 and 2025 in a study of 2025: three before it, the oldest by 2025 - 2015 = 10 years."""
    result = run(ROOT / "methods/products/gbt-24067/cases/supplier-told.yaml")
    told = [item for item in result.findings if item.code == "data-earlier"]
    assert [(item.values["found"], item.values["years"], item.values["count"]) for item in told] == [("2015", "10", 3)]
    assert str(told[0].place).endswith("footprint_supplier[0].reference_year")
