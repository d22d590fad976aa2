"""Seconds against rows, both logarithmic, a curve a tool."""

from __future__ import annotations

from pathlib import Path

from benchmarks.lines import BARE, EQUATIONS, TRACED, WHOLE
from benchmarks.measure import ROOT, Section

PICTURE = ROOT / "docs" / "images" / "benchmarks.svg"

OURS = {WHOLE: "solid", TRACED: "dashed", EQUATIONS: "dotted"}


def draw(section: Section, picture: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "carbonstd", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for name, seconds in section.lines.items():
        if name != BARE and seconds:
            points = [int(rows) for rows in seconds], list(seconds.values())
            own = (
                {"color": "darkgreen", "linewidth": 2.5, "linestyle": OURS[name]} if name in OURS else {"linewidth": 1}
            )
            axes.loglog(*points, label=name, marker="o", markersize=3, **own)
    axes.set(xlabel="rows", ylabel="seconds")
    axes.grid(which="major", linewidth=0.3)
    figure.legend(loc="outside right upper", frameon=False)
    picture.parent.mkdir(exist_ok=True)
    figure.savefig(picture, metadata={"Date": None})
    pyplot.close(figure)
