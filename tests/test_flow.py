"""The flow picture: places and bands by hand, and what the page of a balance draws of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import carbonstd
from carbonstd._report import report
from carbonstd._sankey import Link, forward, layout

WORKS = Path(__file__).parents[1] / "methods/energy/gbt-28751/cases/works.yaml"


def test_columns_follow_the_longest_way_and_bands_are_as_thick_as_what_flows() -> None:
    """60 + 40 into a hub, 30 by a detour: at 1 px a unit the hub is 100 high, the detour in the middle column."""
    links = [Link("a", "hub", 60), Link("b", "hub", 40), Link("hub", "mill", 30), Link("mill", "end", 30)]
    made = layout([*links, Link("hub", "end", 70)], size=100, gap=10)
    assert {node: place.column for node, place in made.places.items()} == {
        "a": 0,
        "b": 0,
        "hub": 1,
        "mill": 2,
        "end": 3,
    }
    assert (made.places["hub"].height, made.places["end"].value, made.height) == (100, 100, 110)
    assert (made.places["a"].top, made.places["b"].top, made.places["hub"].top) == (0, 70, 5)
    assert [band.height for band in made.bands] == [60, 40, 30, 30, 70]
    assert len(made.bands[-1].tops) == 3  # it passes the column of the mill


def test_what_flows_backwards_comes_from_a_twin() -> None:
    """Of the store, 2 too much came from nowhere, 1 of heat was laid by, and 3 came back from the mill."""
    links = [Link("coal", "store", 5), Link("store", "difference", -2), Link("heat", "store", -1)]
    links += [Link("store", "mill", -3), Link("mill", "end", 4), Link("nothing", "store", 0)]
    assert forward(links, "*") == [
        Link("coal", "store", 5),
        Link("mill", "end", 4),
        Link("difference*", "store", 2),
        Link("store", "heat*", 1),
        Link("mill*", "store", 3),
        Link("mill", "store*", 3),
    ]


def test_a_ring_has_no_left_and_right() -> None:
    with pytest.raises(ValueError, match="ring"):
        layout([Link("a", "b", 1), Link("b", "a", 1)], size=100, gap=10)


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "原煤 → 购入贮存 707;"), ("en", "raw coal → Purchase and storage 707;")]
)
def test_the_page_draws_the_balance_in_both_languages(language: carbonstd.Language, said: str) -> None:
    page = report(carbonstd.run(WORKS), language)
    drawn = re.search(r'<section id="flow".*?</section>', page, re.S)
    assert drawn
    assert said in drawn.group()
    assert all(label in drawn.group() for label in ("有效能量", "Effective", "Lost in conversion"))
    assert drawn.group().count("<path") == 27  # every flow of the case that is not nothing


def test_a_method_without_flows_has_no_picture() -> None:
    case = WORKS.parents[2] / "energy-ledger/cases/ledger-zero.yaml"
    assert 'id="flow"' not in report(carbonstd.run(case), "en")
