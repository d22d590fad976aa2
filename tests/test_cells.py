"""Cells as people type them: numbers in their many forms, and texts that say nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonstd._case.cells import blank_text, folded_number, number_in, several_numbers
from carbonstd._definitions.document import Period
from carbonstd._units import calorie_unnamed, convertible, split_quantity, unit


@pytest.mark.parametrize(
    ("text", "digits", "suffix", "value"),
    [
        ("86000", "86000", "", 86_000),
        ("86,000", "86000", "", 86_000),
        ("86 000", "86000", "", 86_000),
        ("1 000 t", "1000", "t", 1_000),
        ("1\u00a0000", "1000", "", 1_000),
        ("1\u202f234\u202f567.5 kg", "1234567.5", "kg", Fraction(2_469_135, 2)),
        ("８６，０００", "86000", "", 86_000),
        ("−5", "-5", "", -5),
        ("1e5", "1e5", "", 100_000),
        ("8600万", "86000000", "", 86_000_000),
        ("0.5万", "5000", "", 5_000),
        ("1.2亿", "120000000", "", 120_000_000),
        ("8600万 kWh", "86000000", "kWh", 86_000_000),
        ("8600 万kWh", "8600", "万kWh", 8_600),
        ("1.5万吨", "1.5", "万吨", Fraction(3, 2)),
        ("2.5亿kWh", "2.5", "亿kWh", Fraction(5, 2)),
        ("100 m³", "100", "m3", 100),
        ("5500 kcal/kg", "5500", "kcal/kg", 5_500),
        ("10 1e4 kWh", "10", "1e4 kWh", 10),
        ("85%", "85", "%", 85),
    ],
)
def test_numbers_as_people_type_them(text: str, digits: str, suffix: str, value: object) -> None:
    assert number_in(text) == (digits, suffix, value)


@pytest.mark.parametrize(
    "text",
    [
        "10²", "10² t", "10 ²", "①", "½", "5½", "1 00", "1 0000", "1000 000", "1,00", "1.234,5", "1 000,5",
        "约100", "100-200", "", "t", "--", "١٢", "1e999999999", "9" * 61,
    ],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert number_in(text) is None


@given(st.integers(-(10**15), 10**15), st.sampled_from(["", "t", "万kWh", "GJ/t"]), st.sampled_from([",", " "]))
def test_groups_of_three_read_like_the_bare_number(number: int, suffix: str, separator: str) -> None:
    grouped = f"{number:,}".replace(",", separator)
    assert number_in(f"{grouped} {suffix}") == (str(number), suffix, Fraction(number))
    assert split_quantity(f"{grouped} {suffix}") == (grouped, suffix)


@pytest.mark.parametrize(
    "cell", [None, "", " ", "-", "--", "—", "——", "／", "/", "无", "暂无", "N/A", "n/a", "NA", 0, 0.0, "0"]
)
def test_a_text_that_says_nothing_is_blank(cell: object) -> None:
    assert blank_text(cell)


@pytest.mark.parametrize("cell", ["绿证 GEC-2025-01", "无锡供电公司结算单", "合同/2025-01", "1", 2025])
def test_a_text_that_says_something_is_not(cell: object) -> None:
    assert not blank_text(cell)


@pytest.mark.parametrize(
    ("typed", "target", "factor"),
    [
        ("亿kWh", "MWh", 100_000),
        ("亿千瓦时", "MWh", 100_000),
        ("亿m3", "1e4 m^3", 10_000),
        ("升", "1e4 m^3", Fraction(1, 10_000_000)),
        ("升", "t", None),
        ("kcal/kg", "GJ/t", None),
        ("kcal_IT/kg", "GJ/t", Fraction("4.1868") / 1000),
        ("kcal_20/kg", "GJ/t", Fraction("4.1816") / 1000),
    ],
)
def test_units_usual_in_china(typed: str, target: str, factor: Fraction | None) -> None:
    assert convertible(typed, unit(target)) == factor


@pytest.mark.parametrize("text", ["kcal/kg", "kcal", "Kcal/kg", "大卡/千克", "千卡/kg", "cal"])
def test_a_bare_calorie_is_told_from_other_units(text: str) -> None:
    assert calorie_unnamed(text)


@pytest.mark.parametrize("text", ["kcal_IT/kg", "kcal_20", "kJ/kg", "scale", "吨"])
def test_a_named_calorie_and_other_units_are_not(text: str) -> None:
    assert not calorie_unnamed(text)


@pytest.mark.parametrize("text", ["2025年度", "2025 年度", "2025年", "2025"])
def test_a_year_of_account(text: str) -> None:
    assert str(Period.parse(text)) == "2025"


@pytest.mark.parametrize("text", ["年度", "2025-03年度", "25年度"])
def test_no_year_of_account(text: str) -> None:
    assert Period.parse(text) is None


@pytest.mark.parametrize("text", ["GEC-0001", "gec-0001", "GEC 0001", "ＧＥＣ－０００１", "GEC0001", " GEC—0001 "])
def test_one_certificate_however_it_is_typed(text: str) -> None:
    assert folded_number(text) == "gec0001"
    assert not several_numbers(text)


@pytest.mark.parametrize("text", ["GEC-1 至 GEC-9", "1～9", "1-to-9", "1 TO 9", "1,2", "1、2", "1；2", "1到9", "1..9"])
def test_a_range_or_a_list_of_certificates(text: str) -> None:
    assert several_numbers(text)
