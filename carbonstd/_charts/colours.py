"""The colours of charts by name, told apart by the colour-blind too; pages have them as classes, plots as they are.

A colour is never the only sign: series are numbered, levels and flows named where they stand.
"""

from __future__ import annotations

from collections.abc import Mapping

PALETTE = 10  # colours c0..c9 of series; what does not fit is gathered as cx
_SERIES: Mapping[str, str] = {
    "c0": "#1f4e78", "c1": "#e69f00", "c2": "#009e73", "c3": "#b8458f", "c4": "#56b4e9",
    "c5": "#c34a00", "c6": "#6a51a3", "c7": "#b3a100", "c8": "#7f5539", "c9": "#f39ab5", "cx": "#8b959e",
}  # fmt: skip
COLOURS: Mapping[str, str] = {
    **_SERIES,
    # what is subtracted; what grew and what shrank
    "less": "#009e73", "rise": "#c34a00", "fall": "#1f7a8c",
    # of the levels and grades, the strictest first; none reached; nothing decided
    "l0": "#1e6b2b", "l1": "#56b4e9", "l2": "#e69f00", "l3": "#6a51a3", "l4": "#b3a100",
    "lnone": "#a61b1b", "lopen": "#b8bfc6",
    # of the zones of a gauge, each darker than the one before, so that they part in grey too: the levels from the
    # strictest on, a level below the one required, none; where nothing is decided. The mark, and one that fails
    "z0": "#e3eef8", "z1": "#cfe1f1", "z2": "#b6d0e8", "z3": "#9cbfde", "z4": "#86aed3",
    "zless": "#e3a154", "znone": "#c9735c", "zopen": "#e9ecef", "mark": "#1f2933", "mark-bad": "#a61b1b",
    # of statuses
    "s-measured": "#1b5e3b", "s-entered": "#2f7f9e", "s-derived": "#a9bccd",
    "s-default": "#f2c14e", "s-carried": "#ee9a4d", "s-assumed": "#a61b1b",
}  # fmt: skip
INK, PALE_INK, AXIS, GRID, BOUND = "#1f2933", "#59636e", "#6b7680", "#dfe4e9", "#1f4e78"
PALE = frozenset(("c1", "c4", "c7", "c9", "cx", "l1", "l2", "l4", "lopen", "s-derived", "s-default", "s-carried"))
_DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 3), (9, 3, 2, 3))  # of curves, so that colour is not alone


def dashes(number: int) -> tuple[int, ...]:
    """How the curve of a number is dashed: strokes and gaps in pixels, none for a whole line."""
    return _DASHES[number % len(_DASHES)]


def on(colour: str) -> str:
    """The class of figures on a colour: dark ones on what is pale."""
    return "inside dark" if colour in PALE else "inside"


def colour_rules() -> str:
    """The colours as rules of a style sheet."""
    fills = "".join(f".{name} {{ fill: {colour}; }}\n" for name, colour in COLOURS.items())
    strokes = "".join(
        f".k{at} {{ stroke: {COLOURS[f'c{at}']}; stroke-dasharray: {' '.join(map(str, dashes(at))) or 'none'}; }}\n"
        for at in range(PALETTE)
    )
    return fills + strokes
