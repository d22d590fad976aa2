"""What the figures of a system of processes rest on: each process by its own rows, each source of it by its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import calculate
from carbonstd._ledger.ledger import Status
from carbonstd._result.addends import Keyed
from carbonstd._result.result import Result
from carbonstd._result.status import _unless_netted, addends, statuses

LIBRARY = Library()
PRODUCTS = Path(__file__).resolve().parent.parent / "methods" / "products"


def result(path: Path) -> Result:
    case = read_case(path, LIBRARY)
    return calculate(case, LIBRARY.method(case.method, case.period, case.as_of), LIBRARY)


@pytest.fixture(scope="module")
def housing() -> Result:
    return result(PRODUCTS / "gbt-24067/cases/example-housing.yaml")


def test_a_footprint_is_shared_out_by_what_each_row_rests_on(housing: Result) -> None:
    """By the hand calculation of the case: ingot 103.138111888 by a supplier and scrapping 0.18 by the treater are
    entered; power 15.077303946 and road 0.4644 take factors of tables. Together 118.859815834.
    """
    assert housing.shares["entered"] == pytest.approx((103.138111888 + 0.18) / 118.859815834)
    assert housing.shares["default"] == pytest.approx((15.077303946 + 0.4644) / 118.859815834)
    assert housing.shares["measured"] == housing.shares["carried"] == 0


def test_a_quotient_by_one_figure_rests_on_the_same_shares(housing: Result) -> None:
    assert housing.wider_shares["footprint_per_mass"] == pytest.approx(housing.shares)


def test_a_stage_is_judged_by_its_own_processes(housing: Result) -> None:
    states = {item.line.id: item.state for item in housing.lines}
    assert states["stage_end_of_life"] == states["source_purchase"] == "entered"
    assert states["stage_distribution"] == states["source_electricity"] == "default"


def test_a_process_without_energy_of_its_own_is_judged_by_its_media_alone() -> None:
    """装配 meters the air it takes in and its coefficient; the other two processes take coefficients of tables."""
    path = PRODUCTS.parent / "energy/gbt-2589-primary/cases/media-loss-2008.yaml"
    found = result(path)
    processes = [labels[0] for labels in found.values("comprehensive_by_process")]
    states = [Status(int(item)).name for item in statuses(found._run, "comprehensive_by_process")]
    expected = {"空压站": "DEFAULT", "装配": "MEASURED", "喷涂": "DEFAULT"}
    assert dict(zip(processes, states, strict=True)) == expected


def test_a_process_of_cbam_is_judged_by_its_own_fuel(tmp_path: Path) -> None:
    """The loop with the fuel of B by defaults: A 500 t x 20 x 50 = 500 t entered, B 100 t x 48.0 x 56.1 = 269.28 t."""
    text = (PRODUCTS / "cbam-installation/cases/loop.yaml").read_text(encoding="utf-8").partition("expect:")[0]
    own = "mass: 100, net_calorific_value: 20, emission_factor: 50"
    assert text.count(own) == 1
    path = tmp_path / "loop.yaml"
    path.write_text(text.replace(own, "mass: 100"), encoding="utf-8")
    shares = addends(result(path)._run, "attributed_direct_total").shares()
    found = {status.name: share for status, share in shares.items() if share}
    assert found == pytest.approx({"ENTERED": 500 / 769.28, "DEFAULT": 269.28 / 769.28})


def test_addends_are_found_by_their_key() -> None:
    keyed = Keyed(np.array([1.0, 2.0, 3.0]), np.array([2, 4, 3], dtype=np.uint8), np.array([7, 5, 7]))
    assert keyed.at(np.array([7, 7, 6])).values.tolist() == [1, 3, 1, 3]
    assert keyed.worst(np.array([5, 6, 7])).tolist() == [4, 0, 3]


def test_a_yearly_figure_times_a_life_keeps_its_addends() -> None:
    """By the hand calculation of the case, a year: cooling 165 t and fans 44 t by the grid factor of an earlier year,
    heat 110 t by a factor entered (CO2's potential of 1 is no estimate), gas 43.2445548 t by tables; 362.2445548 t.
    Hot water is LPG by tables alone, greenery 5 t a year entered alone. Of the whole 25 492.44212996 t, with what is
    taken off (2834.7015 + 250 t) counted as the rest, entered are heat, elements 25 t, their carriage 1 t and greenery.
    """
    office = result(PRODUCTS / "gbt-51366/cases/example-office.yaml")
    year = 362.2445548
    shares = addends(office._run, "conditioning").shares()
    assert {status.name: share for status, share in shares.items() if share} == pytest.approx(
        {"CARRIED": (165 + 44) / year, "ENTERED": 110 / year, "DEFAULT": 43.2445548 / year}
    )
    assert addends(office._run, "conditioning").values.sum() == pytest.approx(50 * year)
    states = {item.line.id: item.state for item in office.lines}
    assert (states["hot_water"], states["greenery"]) == ("default", "entered")
    assert office.shares["entered"] == pytest.approx((5500 + 25 + 1 + 250) / (25492.44212996 + 2 * (2834.7015 + 250)))


def test_what_is_taken_off_a_factor_is_no_addend() -> None:
    """5 - 2 entered and default is one factor of 3, by default; 5 and 2 of one sign stay two addends."""
    status = np.array([2, 4], dtype=np.uint8)
    values, one = _unless_netted(np.array([5.0, -2.0]), status)
    assert (values.tolist(), one.tolist()) == ([3], [4])
    values, both = _unless_netted(np.array([-5.0, -2.0]), status)
    assert (values.tolist(), both.tolist()) == ([-5, -2], [2, 4])
