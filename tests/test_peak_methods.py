"""What the first page of the peak methods shows, and what it does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import carbonstd
from carbonstd._charts.as_svg import svg
from carbonstd._charts.chart import Curve, Curves
from carbonstd._report.report import report
from carbonstd._result.panel import filled_panels
from carbonstd._result.summary import summary
from carbonstd.models._series import gdp_step

REGIONS = Path(__file__).resolve().parent.parent / "methods/regions"


def shown(name: str) -> dict[str, set[str]]:
    """The labels of every figure in the panels of a case, by equation."""
    found: dict[str, set[str]] = {}
    for _, figures in filled_panels(carbonstd.run(REGIONS / name)):
        for item in figures:
            found.setdefault(item.equation.id, set()).add(" · ".join(item.labels))
    return found


def test_each_judgement_names_the_variants_that_make_it_and_no_other_is_shown() -> None:
    page = shown("carbon-peak/cases/example-variants.yaml")
    assert page["says_peaked"] == {"plain", "hamed_rao", "yue_wang"}
    assert page["says_plateau"] == {"hamed_rao_3", "yue_wang_1"}
    assert not {"says_rising", "says_too_short"} & set(page)
    assert len(page["co2_by_year"]) == 22


def test_a_year_has_one_state_of_decoupling() -> None:
    page = shown("carbon-peak/cases/decoupling-states.yaml")
    states = {name: years for name, years in page.items() if name.endswith(("decoupling", "coupling"))}
    assert len(states) == 8
    assert sorted(year for years in states.values() for year in years) == [str(year) for year in range(2001, 2011)]
    assert not any("coupling" in name for name in shown("carbon-peak/cases/plateau.yaml"))  # without GDP


def test_the_claim_of_a_report_is_held_against_the_test_in_words() -> None:
    result = carbonstd.run(REGIONS / "carbon-peak/cases/claim-differs.yaml")
    text = "\n".join(line.text for line in summary(result, "zh"))
    assert result.failed
    assert "拟采用的结论 = 已达峰" in text
    assert "不是达峰认定" in text


def test_a_pathway_is_told_apart_by_whether_it_peaks_within_the_scenario() -> None:
    page = shown("carbon-pathway/cases/example-scenarios.yaml")
    assert page["peak_by_scenario"] == {"基准 base · 2022", "低 low · 2020"}
    assert page["rising_to_the_end"] == {"高 high · 2021"}
    assert page["gap_by_scenario"] == {"基准 base · 2023", "低 low · 2021"}


def test_the_page_draws_a_series_by_year_with_a_line_for_each_of_its_labels() -> None:
    """2015 to 2019 are of another boundary: a line of five years each, and the figures in words."""
    page = report(carbonstd.run(REGIONS / "carbon-peak/cases/boundary-changes.yaml"), "en")
    assert page.count("<polyline") == 2
    assert "2013 140, 2014 140; " in page


def test_a_line_is_drawn_to_scale() -> None:
    """606 wide for three years, so 202 a year from 90; 250 high for 0 to 100 from 26 down."""
    label = {"zh": "甲", "en": "a"}
    drawn = svg(Curves("c", label, "t", (Curve(label, ((2020, 100.0), (2021, 50.0), (2023, 0.0))),)), "en")
    assert 'points="90,26 292,151 696,276"' in drawn


def test_gdp_that_moves_by_more_than_three_tenths_in_a_year_is_told() -> None:
    """100, 130 (+30 %), 91 (-30 %), 120 (+31.9 %), missing, 200: the fourth alone, in whatever order they stand."""
    years = np.array(["2023", "2020", "2021", "2022", "2024", "2025"], dtype=object)
    told = gdp_step(years, np.array([120, 100, 130, 91, np.nan, 200]), "gdp")["gdp-step"]
    assert told[0].tolist() == [True, False, False, False, False, False]
    assert gdp_step(years[1:4], np.array([100, 130, 91.0]), "gdp") == {}


@pytest.mark.parametrize(
    ("case", "codes", "place"),
    [
        ("sector-lmdi/cases/trap-no-energy.yaml", {"fuel-without-energy"}, "use[2].energy"),
        ("carbon-peak/cases/trap-zero.yaml", {"series-not-above-zero"}, "series[0].co2"),
        ("carbon-peak/cases/trap-gap.yaml", {"series-gap"}, "series[0].year"),
    ],
)
def test_what_is_wrong_is_told_once_and_where_it_stands(case: str, codes: set[str], place: str) -> None:
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.run(REGIONS / case)
    errors = [item for item in caught.value.findings if item.severity == "error"]
    assert {item.code for item in errors} == codes
    assert all(place in item.place for item in errors)
