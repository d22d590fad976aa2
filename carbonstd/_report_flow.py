"""The flow picture of a result: what its method says flows from where to where, drawn as bands in inline SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from carbonstd._method import Flow
from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._report_charts import PALETTE, WIDTH, draw_rect, draw_svg, draw_text, tidy_at
from carbonstd._report_html import Html, Words, section, tag
from carbonstd._result import Result
from carbonstd._sankey import Band, Link, columns_of, forward, layout
from carbonstd._schema import Bilingual
from carbonstd._units import unit_text
from carbonstd._workbook_style import text_width

_BACK = "′"  # marks the twin of a node that a negative flow comes from or goes to
_SIZE, _GAP, _TOP, _NODE, _BESIDE = 280.0, 9.0, 14.0, 12.0, 5.0
_DIGITS = 5
_NOTHING = 1e-9  # of the largest flow: what floats leave of nothing
_TOKEN = re.compile(r"[⺀-\uffff][，。、；：）]*|[^\s⺀-\uffff]+\s*")  # a line breaks after a word or a CJK sign


@dataclass(frozen=True)
class _Type:
    """How a line of a label is set: its class, its height, and the pixels of one of `text_width`'s characters."""

    look: str
    height: float
    pixels: float


_FIRST, _OTHER = _Type("label over", 13.5, 5.8), _Type("other over", 11.0, 4.7)


def flow(result: Result, words: Words) -> Html:
    """The picture; nothing where the method tells of no flow, or nothing flows."""
    told = result.method.flow
    if told is None:
        return Html()
    labels, links = _links(result, told)
    if not links:
        return Html()
    unit = unit_text(result.method.equations[told.links[0].equation].unit)
    drawn = _drawn(links, labels, words, told, unit)
    caption = tag("figcaption", words.label(told.title), f" ({unit})")
    note = tag("p", words.label(told.note), class_="note") if told.note else Html()
    return section(words.both("flow"), tag("figure", caption, drawn, class_="flow"), note, name="flow")


def _links(result: Result, told: Flow) -> tuple[dict[str, Bilingual], list[Link]]:
    """The labels of all nodes and what flows between them: a link over an axis is one for each label."""
    names, labels = names_of(result), dict(told.nodes)
    links: list[Link] = []
    for item in told.links:
        for key, value in result.values(item.equation).items() if item.axis else [((), result.value(item.equation)[0])]:
            ends = {item.axis: f"{item.axis}.{key[0]}"} if item.axis else {}
            labels |= {node: names.terms_in(key[0]) for node in ends.values()}
            links.append(Link(ends.get(item.source, item.source), ends.get(item.target, item.target), value))
    least = _NOTHING * max((abs(link.value) for link in links), default=0.0)
    links = forward([link for link in links if abs(link.value) > least], _BACK)
    return labels, links


def _drawn(links: list[Link], labels: Mapping[str, Bilingual], words: Words, told: Flow, unit: str) -> Html:
    """Columns equally wide, so that a label, wrapped, keeps to its own; rooms so that it keeps off those below it."""
    columns = columns_of(links)
    step = WIDTH / (max(columns.values()) + 1)
    wide = step - _NODE - 2 * _BESIDE
    rooms = {node: _height(_lines(labels[node.removesuffix(_BACK)], "", wide, words)) for node in columns}
    made = layout(links, _SIZE, _GAP, rooms)
    colours = {node: f"c{at % PALETTE}" for at, node in enumerate(made.places)}
    bands = [_band(band, step, f"band {colours[band.source]}") for band in made.bands]
    nodes: list[Html] = []
    above: list[Html] = []  # no later node may cover a label
    for node, place in made.places.items():
        x, y = place.column * step, _TOP + place.top
        nodes.append(draw_rect(x, y, _NODE, max(place.height, 1.0), colours[node]))
        figure = f"{shown(place.value, _DIGITS)} {unit}"
        lines = _lines(labels[node.removesuffix(_BACK)], figure, wide, words)
        above += _label(lines, x + _NODE + _BESIDE, y + place.height / 2)
    said = "; ".join(_said(link, labels, words) for link in made.bands)
    return draw_svg(
        "flow", words.text_of(told.title), f"{said} ({unit})", made.height + 2 * _TOP, [*bands, *nodes, *above]
    )


def _band(band: Band, step: float, look: str) -> Html:
    """A band from the right side of its first node to the left side of its last, level where it passes a column."""
    x = [(band.column + at) * step for at in range(len(band.tops))]
    y = [_TOP + top for top in band.tops]
    there = "".join(_curves(x, y, 1))
    back = "".join(_curves(x[::-1], [top + band.height for top in y[::-1]], -1))
    start = f"M{tidy_at(x[0] + _NODE)} {tidy_at(y[0])}"
    return tag("path", d=f"{start}{there}L{tidy_at(x[-1])} {tidy_at(y[-1] + band.height)}{back}Z", class_=look)


def _curves(x: list[float], y: list[float], way: int) -> Iterator[str]:
    for at, ((x1, x2), (y1, y2)) in enumerate(zip(pairwise(x), pairwise(y), strict=True)):
        leave, reach = (x1 + _NODE, x2) if way > 0 else (x1, x2 + _NODE)
        middle = (leave + reach) / 2
        if at:
            yield f"H{tidy_at(leave)}"
        yield f"C{tidy_at(middle)} {tidy_at(y1)} {tidy_at(middle)} {tidy_at(y2)} {tidy_at(reach)} {tidy_at(y2)}"


def _lines(label: Bilingual, figure: str, wide: float, words: Words) -> list[tuple[str, _Type]]:
    """A label as it is set: its name, the figure, and its name in the other language where that differs."""
    first, second = label[words.language], label[words.other]
    lines = [(line, _FIRST) for line in (*_wrapped(first, wide / _FIRST.pixels), figure)]
    return lines + [(line, _OTHER) for line in _wrapped(second, wide / _OTHER.pixels) if first != second]


def _wrapped(text: str, width: float) -> list[str]:
    """A text in lines of so many characters; a word that is longer stands in a line of its own.

    >>> _wrapped("heating and air conditioning", 20), _wrapped("采暖（空调）", 9)
    (['heating and air', 'conditioning'], ['采暖（空', '调）'])
    """
    lines = [""]
    for token in _TOKEN.findall(text):
        if lines[-1] and text_width((lines[-1] + token).rstrip()) > width:
            lines.append("")
        lines[-1] += token
    return [line.rstrip() for line in lines]


def _height(lines: list[tuple[str, _Type]]) -> float:
    return sum(kind.height for _, kind in lines)


def _label(lines: list[tuple[str, _Type]], x: float, middle: float) -> Iterator[Html]:
    """The lines of a label, about the middle of its node."""
    y = middle - _height(lines) / 2
    for line, kind in lines:
        y += kind.height
        yield draw_text(x, y - kind.height / 4, line, kind.look, "start")


def _said(band: Band, labels: Mapping[str, Bilingual], words: Words) -> str:
    ends = (labels[node.removesuffix(_BACK)][words.language] for node in (band.source, band.target))
    return f"{' → '.join(ends)} {shown(band.value, _DIGITS)}"
