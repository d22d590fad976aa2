"""Product systems: activities, what keeps a system from having an answer, derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from carbonstd._uncertainty.slopes import one_by_one
from carbonstd.models.product_system import activity_slopes, product_activity

NAN = float("nan")


def labels(*names: str) -> NDArray[Any]:
    return np.array(names, dtype=object)


def two_processes(coal: float = 0.4, power: float = 0.05, demand: float = 1000, **others: Any) -> dict[str, Any]:
    """A run of the plant makes 1 MWh from coal, a run of the mine 1 t with power."""
    return {
        "process": labels("plant", "mine"),
        "output_process": labels("plant", "mine"),
        "output_product": labels("power", "coal"),
        "output_amount": np.array([1.0, 1.0]),
        "output_basis": labels("energy", "mass"),
        "output_share": np.ones(2),
        "input_process": labels("plant", "mine"),
        "input_product": labels("coal", "power"),
        "input_amount": np.array([coal, power]),
        "input_basis": labels("mass", "energy"),
        "demand_product": labels("power"),
        "demand": np.array([float(demand)]),
        "demand_basis": labels("energy"),
        **others,
    }


def test_two_processes_that_feed_each_other() -> None:
    """power: p - 0.05 c = 1000; coal: c = 0.4 p; so 0.98 p = 1000: p = 1020.40816, c = 408.16327."""
    outcome = product_activity(**two_processes())
    assert outcome.labels == ["plant", "mine"]
    assert outcome.value == pytest.approx([1020.408163, 408.163265])
    assert outcome.working["direct"] == pytest.approx([1000, 0])
    assert outcome.working["through_others"] == pytest.approx([20.408163, 408.163265])
    assert not outcome.findings


def test_co_products_share_a_run() -> None:
    """A run makes 4 of a and 2 of b, shares 0.75 and 0.25, and takes 3 of c; 2 of a and 1 of b are wanted.

    Run for a: 0.75 / 4 x 2 = 0.375; for b: 0.25 / 2 x 1 = 0.125; together half a run and 1.5 of c.
    """
    outcome = product_activity(
        process=labels("joint", "other"),
        output_process=labels("joint", "joint", "other"),
        output_product=labels("a", "b", "c"),
        output_amount=np.array([4.0, 2.0, 1.0]),
        output_basis=labels("mass", "mass", "count"),
        output_share=np.array([0.75, 0.25, 1.0]),
        input_process=labels("joint"),
        input_product=labels("c"),
        input_amount=np.array([3.0]),
        input_basis=labels("count"),
        demand_product=labels("a", "b"),
        demand=np.array([2.0, 1.0]),
        demand_basis=labels("mass", "mass"),
    )
    assert outcome.value == pytest.approx([0.5, 1.5])


def test_what_a_process_takes_of_its_own_product() -> None:
    """A tenth of the power made is used in the plant: 1 / (1 - 0.1)."""
    arguments = two_processes(
        input_process=labels("plant", "plant"),
        input_product=labels("power", "coal"),
        input_basis=labels("energy", "mass"),
    )
    outcome = product_activity(**{**arguments, "input_amount": np.array([0.1, 0.4])})
    assert outcome.value == pytest.approx([1111.111111, 444.444444])


def test_units_do_not_decide_whether_there_is_a_solution() -> None:
    """Power in kWh and a mine run of 1e9 g: the same loop."""
    amounts = {"output_amount": np.array([1e3, 1e9]), "input_amount": np.array([0.4e6, 0.05e6])}
    outcome = product_activity(**{**two_processes(demand=1e6), **amounts})
    assert outcome.value == pytest.approx([1020.408163, 0.408163265])


@pytest.mark.parametrize(
    ("coal", "power", "code", "radius"),
    [
        (20, 0.05, "product-system-singular", 1.0),
        (0.4, 10, "product-system-unproductive", 2.0),  # the root of 0.4 x 10
    ],
)
def test_a_loop_that_leaves_nothing_over(coal: float, power: float, code: str, radius: float) -> None:
    outcome = product_activity(**two_processes(coal, power))
    assert np.isnan(outcome.value).all()
    mask, values, about = outcome.findings[code]
    assert mask.tolist() == [True, True]
    assert values["radius"] == pytest.approx(radius)
    assert values["processes"] == "plant, mine"
    assert about == "input_amount"


def test_a_loop_just_below_one_has_an_answer() -> None:
    """1 / (1 - 0.999): a thousand runs for each."""
    outcome = product_activity(**two_processes(19.98, 0.05, 1))
    assert outcome.value[0] == pytest.approx(1000)


@pytest.mark.parametrize(
    ("others", "code", "rows"),
    [
        ({"input_product": labels("coal", "heat")}, "product-system-unlinked", [False, True]),
        ({"demand_product": labels("steam")}, "product-system-demand-unmade", [True]),
        ({"output_product": labels("power", "power")}, "product-system-made-twice", [True, True]),
        ({"process": labels("plant", "plant")}, "product-system-process-twice", [True, True]),
        ({"output_process": labels("plant", "quarry")}, "product-system-process-unknown", [False, True]),
        ({"input_process": labels("quarry", "mine")}, "product-system-input-process-unknown", [True, False]),
        ({"output_amount": np.array([0.0, 1.0])}, "product-system-output-zero", [True, False]),
        ({"output_share": np.array([1.0, 0.9])}, "product-system-shares", [False, True]),
        ({"input_basis": labels("volume", "energy")}, "product-system-basis", [True, False]),
        ({"demand_basis": labels("mass")}, "product-system-demand-basis", [True]),
    ],
)
def test_what_is_wrong_with_a_system_is_told_by_row(others: dict[str, Any], code: str, rows: list[bool]) -> None:
    assert product_activity(**two_processes(**others)).findings[code][0].tolist() == rows


def test_all_that_is_wrong_is_told_at_once() -> None:
    outcome = product_activity(
        **two_processes(input_product=labels("coal", "heat"), demand_product=labels("steam"), demand_basis=labels(""))
    )
    assert np.isnan(outcome.value).all()
    assert {"product-system-unlinked", "product-system-demand-unmade"} <= set(outcome.findings)


def test_a_run_recorded_very_small_is_no_endless_loop() -> None:
    """A plant recorded by the kWh under a mine that takes 2e12 kWh for a tonne: its run is wanted 2e12 times."""
    outcome = product_activity(
        **two_processes(
            input_process=labels("mine"),
            input_product=labels("power"),
            input_amount=np.array([2e12]),
            input_basis=labels("energy"),
            demand_product=labels("coal"),
            demand=1.0,
            demand_basis=labels("mass"),
        )
    )
    assert outcome.value == pytest.approx([2e12, 1])


def test_what_is_taken_in_beyond_what_was_made_is_told_by_product() -> None:
    """0.7 and 0.4 of the 1 made is too much, 0.6 and 0.4 is not."""
    for second, told in ((0.7, True), (0.6, False)):
        outcome = product_activity(
            **two_processes(
                input_process=labels("mine", "plant"),
                input_product=labels("power", "power"),
                input_amount=np.array([0.4, second]),
                input_basis=labels("energy", "energy"),
            )
        )
        assert ("product-system-overdrawn" in outcome.findings) is told


def test_a_process_that_nobody_needs_does_not_run() -> None:
    outcome = product_activity(**two_processes(input_process=labels("mine", "mine")))
    assert outcome.value == pytest.approx([1000, 0])
    assert outcome.findings["product-system-idle"][0].tolist() == [False, True]


def test_a_missing_amount_is_missing_not_singular() -> None:
    outcome = product_activity(**two_processes(NAN))
    assert np.isnan(outcome.value).all()
    assert not outcome.findings


def test_slopes_of_a_product_system_are_its_differences() -> None:
    """The derivatives by one solve backwards are those found by moving each figure."""
    arguments, weights = two_processes(output_share=np.array([0.8, 1.0])), np.array([900.0, 50.0])
    slopes = activity_slopes(weights, **arguments)
    for name, found in slopes.items():
        expected = one_by_one(product_activity, arguments, name, arguments[name], weights)
        assert found == pytest.approx(expected, rel=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_a_productive_system_makes_what_it_uses_and_what_is_wanted(seed: int) -> None:
    """Random systems of up to a dozen processes: output less input of each product is the demand."""
    generator = np.random.default_rng(seed)
    count = int(generator.integers(1, 13))
    needs = generator.random((count, count)) * (generator.random((count, count)) < 0.4) * 0.9 / count
    made = generator.uniform(0.1, 100, count)
    to, by = needs.nonzero()
    names = labels(*(f"p{at}" for at in range(count)))
    mass = labels(*["mass"] * max(count, len(to)))
    outcome = product_activity(
        process=names,
        output_process=names,
        output_product=names,
        output_amount=made,
        output_basis=mass[:count],
        output_share=np.ones(count),
        input_process=names[by],
        input_product=names[to],
        input_amount=needs[to, by] * made[to],
        input_basis=mass[: len(to)],
        demand_product=names[:1],
        demand=np.array([7.0]),
        demand_basis=mass[:1],
    )
    net = made * outcome.value - (needs * made[:, None]) @ outcome.value
    assert net == pytest.approx([7.0, *[0.0] * (count - 1)], abs=1e-9)
    assert (outcome.value >= 0).all()


def ring(processes: int, needs: float) -> dict[str, Any]:
    """Each process takes of the one before it, the first of the last; one of the last is wanted."""
    names = labels(*(f"p{at}" for at in range(processes)))
    mass = labels(*["mass"] * processes)
    return {
        "process": names,
        "output_process": names,
        "output_product": names,
        "output_amount": np.ones(processes),
        "output_basis": mass,
        "output_share": np.ones(processes),
        "input_process": names,
        "input_product": np.roll(names, 1),
        "input_amount": np.full(processes, needs),
        "input_basis": mass,
        "demand_product": names[-1:],
        "demand": np.ones(1),
        "demand_basis": mass[:1],
    }


def test_thousands_of_processes_are_solved_step_by_step() -> None:
    """A ring of 2 000, 0.9 of each of the one before: 0.9^k runs k steps back, and 0.9^2000 is nothing."""
    arguments = ring(2000, 0.9)
    outcome = product_activity(**arguments)
    assert outcome.value[::-1][:50] == pytest.approx(0.9 ** np.arange(50), rel=1e-12)
    slopes = activity_slopes(np.ones(2000), **arguments)
    assert slopes["demand"] == pytest.approx([10])  # all runs together, 1 / (1 - 0.9)


@pytest.mark.parametrize(("needs", "code"), [(1.0, "product-system-singular"), (1.01, "product-system-unproductive")])
def test_a_long_ring_without_anything_left(needs: float, code: str) -> None:
    outcome = product_activity(**ring(1500, needs))
    assert np.isnan(outcome.value).all()
    assert outcome.findings[code][0].all()
    assert outcome.findings[code][1]["radius"] == pytest.approx(needs)
