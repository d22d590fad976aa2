"""Where the nodes and bands of a flow picture stand: columns by the longest way, bands as thick as what flows,
nodes as far apart as their labels need.

Written here because no library that is kept up draws one without a browser or a plotting stack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

TWIN = "′"  # marks the twin of a node that a negative flow comes from or goes to
_PASSING = "\0"  # marks a place a band passes on its way over a column


@dataclass(frozen=True)
class Link:
    """What flows from one node to another, in the unit of the picture; not negative."""

    source: str
    target: str
    value: float


@dataclass(frozen=True)
class Place:
    """A node as drawn: its column from the left, its top and height, and what flows through it."""

    column: int
    top: float
    height: float
    value: float


@dataclass(frozen=True)
class Band:
    """A band of one link: the columns it touches and its top at each; `height` is the same all the way."""

    source: str
    target: str
    column: int
    tops: tuple[float, ...]
    height: float
    value: float


@dataclass(frozen=True)
class Layout:
    places: Mapping[str, Place]
    bands: tuple[Band, ...]
    columns: int
    height: float


def forward(links: Sequence[Link], twin: str = TWIN) -> list[Link]:
    """Links without those of nothing; a negative one runs back, to a twin of the node it was to come from.

    A node between others keeps what it has: it is given the flow by a twin of the other end.

    >>> forward([Link("coal", "storage", 5.0), Link("storage", "difference", -2.0)])[1]
    Link(source='difference′', target='storage', value=2.0)
    """
    inner = {link.target for link in links} & {link.source for link in links}
    made = [link for link in links if link.value > 0]
    for link in links:
        if link.value < 0:
            if link.source in inner:
                made.append(Link(link.target + twin, link.source, -link.value))
            if link.target in inner:
                made.append(Link(link.target, link.source + twin, -link.value))
    return made


def layout(links: Sequence[Link], size: float, gap: float, rooms: Mapping[str, float] | None = None) -> Layout:
    """Places and bands of links that run forward: the fullest column is `size` high without its gaps.

    A node stands in the middle of its room, which is as high as it is, or more where `rooms` says so.
    Raises ValueError where the links form a ring, which has no left and right.
    """
    column = columns_of(links)
    steps = [_steps(index, link, column) for index, link in enumerate(links)]
    into, out_of = _flows(links, steps)
    value = {node: max(sum(into[node].values()), sum(out_of[node].values())) for node in {*into, *out_of}}
    column |= {node: column[way[0]] + at for way in steps for at, node in enumerate(way)}
    members: dict[int, list[str]] = defaultdict(list)
    for node in dict.fromkeys(node for way in steps for node in way):
        members[column[node]].append(node)
    scale = size / max(sum(value[node] for node in held) for held in members.values())
    tall = {node: value[node] * scale for node in value}
    room = {node: max(tall[node], (rooms or {}).get(node, 0.0)) for node in value}
    height = max(sum(room[node] for node in held) + gap * (len(held) - 1) for held in members.values())
    tops = _tops(members, tall, room, into, gap, height)
    return Layout(
        {node: Place(column[node], tops[node], tall[node], value[node]) for node in tops if _shown(node)},
        tuple(_bands(links, steps, column, tops, scale)),
        max(members) + 1,
        height,
    )


def columns_of(links: Sequence[Link]) -> dict[str, int]:
    """The column of each node: one right of the last that flows into it."""
    column = dict.fromkeys((node for link in links for node in (link.source, link.target)), 0)
    for _ in range(len(column) + 1):
        moved = False
        for link in links:
            if column[link.target] <= column[link.source]:
                column[link.target], moved = column[link.source] + 1, True
        if not moved:
            return column
    raise ValueError("the flows form a ring")


def _steps(index: int, link: Link, column: Mapping[str, int]) -> list[str]:
    """The nodes a band touches: its ends and a passing place in each column between."""
    between = range(column[link.source] + 1, column[link.target])
    return [link.source, *(f"{_PASSING}{index}.{at}" for at in between), link.target]


def _shown(node: str) -> bool:
    return not node.startswith(_PASSING)


def _flows(links: Sequence[Link], steps: Sequence[Sequence[str]]) -> tuple[dict[str, dict[str, float]], ...]:
    into: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    out_of: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for link, way in zip(links, steps, strict=True):
        for source, target in pairwise(way):
            into[target][source] += link.value
            out_of[source][target] += link.value
    return into, out_of


def _tops(
    members: Mapping[int, Sequence[str]],
    tall: Mapping[str, float],
    room: Mapping[str, float],
    into: Mapping[str, Mapping[str, float]],
    gap: float,
    height: float,
) -> dict[str, float]:
    """The top of each node: columns from the left, each node as high as what flows into it comes from."""
    tops: dict[str, float] = {}

    def middle(node: str) -> float:
        sources = into.get(node, {})
        weight = sum(sources.values())
        if not weight:
            return 0.0
        return sum((tops[one] + tall[one] / 2) * flow for one, flow in sources.items()) / weight

    for at in sorted(members):
        held = sorted(members[at], key=middle)
        top = (height - sum(room[node] for node in held) - gap * (len(held) - 1)) / 2
        for node in held:
            tops[node] = top + (room[node] - tall[node]) / 2
            top += room[node] + gap
    return tops


def _bands(
    links: Sequence[Link],
    steps: Sequence[Sequence[str]],
    column: Mapping[str, int],
    tops: Mapping[str, float],
    scale: float,
) -> list[Band]:
    """Bands leave and enter a node in the order of where they come from and go to."""
    order = range(len(links))
    starts, ends = dict(tops), dict(tops)
    start, end = {}, {}
    for index in sorted(order, key=lambda index: tops[steps[index][1]]):
        node = steps[index][0]
        start[index], starts[node] = starts[node], starts[node] + links[index].value * scale
    for index in sorted(order, key=lambda index: tops[steps[index][-2]]):
        node = steps[index][-1]
        end[index], ends[node] = ends[node], ends[node] + links[index].value * scale
    return [
        Band(
            link.source,
            link.target,
            column[link.source],
            (start[index], *(tops[node] for node in steps[index][1:-1]), end[index]),
            link.value * scale,
            link.value,
        )
        for index, link in enumerate(links)
    ]
