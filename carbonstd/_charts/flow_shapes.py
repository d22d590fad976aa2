"""A flow picture (Sankey) as shapes: nodes, bands between them, labels that keep off one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carbonstd._charts.chart import Flow
from carbonstd._charts.colours import PALETTE
from carbonstd._charts.sankey import Band, columns_of, layout
from carbonstd._charts.shapes import Box, Drawing, Ribbon, Told
from carbonstd._charts.svg import WIDTH
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import OTHER_LANGUAGE, Language
from carbonstd._number import shown
from carbonstd._workbook.style import text_width

_SIZE, _GAP, _TOP, _NODE, _BESIDE = 280.0, 9.0, 14.0, 12.0, 5.0
_DIGITS = 5
_TOKEN = re.compile(r"[⺀-\uffff][，。、；：）]*|[^\s⺀-\uffff]+\s*")  # a line breaks after a word or a CJK sign
_HEIGHT = {"label over": 13.5, "other over": 11.0}  # of a line
_PIXELS = {"label over": 5.8, "other over": 4.7}  # of one of `text_width`'s characters
_Line = tuple[str, str]  # a text and its look


def flow_drawing(chart: Flow, language: Language) -> Drawing:
    """Columns equally wide, so that a label, wrapped, keeps to its own; rooms so that it keeps off those below it."""
    columns = columns_of(chart.links)
    step = WIDTH / (max(columns.values()) + 1)
    wide = step - _NODE - 2 * _BESIDE
    rooms = {node: _height(_lines(chart.label(node), "", wide, language)) for node in columns}
    made = layout(chart.links, _SIZE, _GAP, rooms)
    colours = {node: f"c{at % PALETTE}" for at, node in enumerate(made.places)}
    bands = [_band(band, step, colours[band.source]) for band in made.bands]
    nodes: list[Box] = []
    above: list[Told] = []  # no later node may cover a label
    for node, place in made.places.items():
        x, y = place.column * step, _TOP + place.top
        nodes.append(Box(x, y, _NODE, max(place.height, 1.0), colours[node]))
        lines = _lines(chart.label(node), f"{shown(place.value, _DIGITS)} {chart.unit}", wide, language)
        above += _label(lines, x + _NODE + _BESIDE, y + place.height / 2)
    return Drawing(made.height + 2 * _TOP, (*bands, *nodes, *above))


def _band(band: Band, step: float, colour: str) -> Ribbon:
    lefts = [(band.column + at) * step for at in range(len(band.tops))]
    spans = tuple((left, left + _NODE) for left in lefts)
    return Ribbon(spans, tuple(_TOP + top for top in band.tops), band.height, colour)


def _lines(label: Bilingual, figure: str, wide: float, language: Language) -> list[_Line]:
    """A label as it is set: its name, the figure, and its name in the other language where that differs."""
    first, second = label[language], label[OTHER_LANGUAGE[language]]
    lines = [(line, "label over") for line in (*_wrapped(first, wide / _PIXELS["label over"]), figure)]
    other = _wrapped(second, wide / _PIXELS["other over"]) if first != second else []
    return lines + [(line, "other over") for line in other]


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


def _height(lines: list[_Line]) -> float:
    return sum(_HEIGHT[look] for _, look in lines)


def _label(lines: list[_Line], x: float, middle: float) -> Iterator[Told]:
    """The lines of a label, about the middle of its node."""
    y = middle - _height(lines) / 2
    for line, look in lines:
        y += _HEIGHT[look]
        yield Told(x, y - _HEIGHT[look] / 4, line, look, foreign=look == "other over")
