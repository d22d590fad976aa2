"""Shapes in pixels, for drawings that have no axes (gauges, flows): made once, then written as SVG or plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Stroke:
    """An upright line, thick or thin."""

    x: float
    top: float
    bottom: float
    thick: bool = False


@dataclass(frozen=True)
class Told:
    """A text in one of the looks of `TYPES`, by its base line; `foreign` where it is in the other language."""

    x: float
    y: float
    text: str
    look: str
    anchor: Anchor = "start"
    foreign: bool = False


@dataclass(frozen=True)
class Ribbon:
    """A band of one height, level over each of the spans `x` and bent between them; `tops` are its tops there."""

    x: tuple[tuple[float, float], ...]
    tops: tuple[float, ...]
    height: float
    colour: str


Shape = Box | Stroke | Told | Ribbon


@dataclass(frozen=True)
class Type:
    """How a text is set: its size in pixels, whether it is bold, pale, and kept off what is below it."""

    size: float
    bold: bool = False
    pale: bool = False
    over: bool = False


TYPES = {
    "label": Type(12),
    "label strong": Type(12, bold=True),
    "other": Type(9.5, pale=True),
    "tick": Type(10),
    "net": Type(10, bold=True),
    "label over": Type(12, over=True),
    "other over": Type(9.5, pale=True, over=True),
}


@dataclass(frozen=True)
class Drawing:
    """Shapes, the later over the earlier, on a sheet so high and as wide as all drawings."""

    height: float
    shapes: tuple[Shape, ...]
