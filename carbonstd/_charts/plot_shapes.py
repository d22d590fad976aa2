"""Shapes in pixels (`_charts.shapes`) plotted by matplotlib into axes without scales."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from carbonstd._charts.colours import BOUND, COLOURS, INK, PALE_INK
from carbonstd._charts.shapes import TYPES, Box, Drawing, Ribbon, Stroke, Told
from carbonstd._charts.svg import WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

_ALIGN = {"start": "left", "middle": "center", "end": "right"}


def plot_shapes(drawing: Drawing, ax: Axes) -> None:
    """The drawing as large as the axes let it be; texts keep their size to the rest."""
    from matplotlib.patches import PathPatch, Rectangle

    ax.set_xlim(0, WIDTH)
    ax.set_ylim(drawing.height, 0)
    ax.set_axis_off()
    points = _width(ax) * 72 / WIDTH  # of a pixel
    for order, item in enumerate(drawing.shapes):
        match item:
            case Box():
                ax.add_patch(
                    Rectangle((item.x, item.y), item.width, item.height, color=COLOURS[item.colour], lw=0, zorder=order)
                )
            case Stroke():
                wide = 2 if item.thick else 1
                ax.plot([item.x] * 2, [item.top, item.bottom], color=BOUND, linewidth=wide, zorder=order)
            case Ribbon():
                colour = COLOURS[item.colour]
                ax.add_patch(PathPatch(_outline(item), facecolor=colour, alpha=0.42, linewidth=0, zorder=order))
            case Told():
                _tell(item, points, order, ax)


def _width(ax: Axes) -> float:
    """Inches from side to side; axes that are alone in a constrained figure come to fill it when it is drawn."""
    figure = ax.figure
    whole = figure.bbox.width / figure.dpi
    return whole if len(figure.axes) == 1 and figure.get_layout_engine() else ax.get_position().width * whole


def _tell(item: Told, points: float, order: int, ax: Axes) -> None:
    from matplotlib.patheffects import withStroke

    kind = TYPES[item.look]
    ax.text(
        item.x, item.y, item.text, ha=_ALIGN[item.anchor], va="baseline", zorder=order,
        fontsize=kind.size * points, fontweight="bold" if kind.bold else "normal",
        color=PALE_INK if kind.pale else INK,
        path_effects=[withStroke(linewidth=2, foreground="white")] if kind.over else None,
    )  # fmt: skip


def _outline(band: Ribbon) -> Path:
    from matplotlib.path import Path

    upper = list(zip(band.x, band.tops, strict=True))
    lower = [((right, left), top + band.height) for (left, right), top in reversed(upper)]
    points = [(band.x[0][1], band.tops[0])]
    codes = [Path.MOVETO]
    for side in (upper, lower):
        for at, ((before, y1), (after, y2)) in enumerate(pairwise(side)):
            leave, reach = before[1], after[0]
            if at:
                points.append((leave, y1))
                codes.append(Path.LINETO)
            middle = (leave + reach) / 2
            points += [(middle, y1), (middle, y2), (reach, y2)]
            codes += [Path.CURVE4] * 3
        if side is upper:
            points.append((band.x[-1][0], band.tops[-1] + band.height))
            codes.append(Path.LINETO)
    return Path([*points, points[0]], [*codes, Path.CLOSEPOLY])
