"""The flow picture: places and bands by hand, and what the page of a balance draws of it."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

import carbonstd
from carbonstd._charts.sankey import Link, forward, layout
from carbonstd._report.report import report
from carbonstd._result.charts import flow
from carbonstd._workbook.style import text_width

WORKS = Path(__file__).parents[1] / "methods/energy/gbt-28751/cases/example-works.yaml"


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


def test_a_node_stands_in_the_middle_of_its_room_and_rooms_keep_apart() -> None:
    """Rooms 30, 98 and 30 with two gaps are 178; a bar of 1 stands 14.5 down its room of 30."""
    made = layout(
        [Link("a", "hub", 1), Link("b", "hub", 98), Link("c", "hub", 1)], 100, 10, {"a": 30, "c": 30, "b": 20}
    )
    assert made.height == 178
    assert [made.places[node].top for node in "abc"] == [14.5, 40, 162.5]
    assert [made.places[node].height for node in "abc"] == [1, 98, 1]


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
    assert drawn.group().count("<path") == 28  # every flow of the case that is not nothing


def test_an_audit_draws_the_flow_of_its_ledger() -> None:
    """510 x 1e4 m3 of gas of 355 GJ bought, 29.3076 GJ/tce; what enters storage is passed on or sold."""
    chart = flow(carbonstd.run(WORKS.parents[2] / "gbt-17166/cases/example-plant.yaml", "gbt-17166"))
    assert chart is not None
    found = {(link.source, link.target): link.value for link in chart.links}
    assert found["energy.natural_gas", "storage"] == pytest.approx(510 * 355 / 29.3076)
    into = sum(value for (_, target), value in found.items() if target == "storage")
    assert found["storage", "distribution"] + found["storage", "resold"] == pytest.approx(into)


def boxes(page: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every line of text in the picture, by the widths of its characters."""
    drawn = re.search(r'<svg[^>]*aria-labelledby="flow-name.*?</svg>', page, re.S)
    assert drawn
    size = {"label over": (5.8, 9.5), "other over": (4.7, 7.5)}
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" class="(\w+ over)"[^>]*>([^<]*)<', drawn.group())
    return [
        (float(x), float(y) - size[look][1], float(x) + text_width(text) * size[look][0], float(y) + 2)
        for x, y, look, text in found
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", ["example-works", "opposite-differences", "made-and-laid-up", "sold-where-it-leaves"])
def test_labels_do_not_overlap_and_stay_in_the_picture(case: str, language: carbonstd.Language) -> None:
    found = boxes(report(carbonstd.run(WORKS.with_name(f"{case}.yaml")), language))
    assert len(found) > 20
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(found, 2)]
    assert all(apart)
    assert max(box[2] for box in found) <= 720


def test_differences_of_opposite_sign_are_both_drawn() -> None:
    page = report(carbonstd.run(WORKS.with_name("opposite-differences.yaml")), "en")
    assert "Purchase and storage → Difference: storage 21.857" in page
    assert "Difference: storage → Purchase and storage 22.071" in page


def test_a_method_without_flows_has_no_picture() -> None:
    case = WORKS.parents[2] / "energy-ledger/cases/ledger-zero.yaml"
    assert 'id="flow"' not in report(carbonstd.run(case), "en")
