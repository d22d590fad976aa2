"""Drawing inline SVG: shapes in pixels, a chart that names itself and says its figures, a legend as a list."""

from __future__ import annotations

from collections.abc import Sequence

from carbonstd._paper.markup import Html, scrolled, tag
from carbonstd._workbook.style import text_width

WIDTH = 720


def legend(items: Sequence[tuple[str, str]]) -> Html:
    """Colours and what they stand for."""

    def swatch(colour: str) -> Html:
        box = rect(0, 0, 12, 12, colour)
        return tag("svg", box, width=12, height=12, viewBox="0 0 12 12", aria_hidden="true", class_="swatch")

    return tag("ul", *(tag("li", swatch(colour), label) for colour, label in items), class_="legend")


def drawing(name: str, title: str, words: str, height: float, parts: Sequence[Html]) -> Html:
    """A drawing with its title and its figures in words."""
    box = f"0 0 {WIDTH} {height:g}"
    heading = tag("title", title, id=f"{name}-name"), tag("desc", words, id=f"{name}-words")
    drawn = tag(
        "svg", *heading, *parts, viewBox=box, role="img", aria_labelledby=f"{name}-name {name}-words", class_="chart"
    )
    return scrolled(drawn, "scroll drawing", title)


def rect(x: float, y: float, width: float, height: float, colour: str) -> Html:
    return tag("rect", x=tidy(x), y=tidy(y), width=tidy(width), height=tidy(height), class_=colour)


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> Html:
    return tag("line", x1=tidy(x1), y1=tidy(y1), x2=tidy(x2), y2=tidy(y2), class_=look)


def text(x: float, y: float, said: str, look: str, anchor: str, lang: str | None = None) -> Html:
    """A text by its base line; `lang` where it is not in the page's language."""
    return tag("text", said, x=tidy(x), y=tidy(y), class_=look, text_anchor=anchor, lang=lang)


def tidy(value: float) -> str:
    """A coordinate to a hundredth of a pixel.

    >>> tidy(12.5), tidy(100.0)
    ('12.5', '100')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def fitted(said: str, width: float) -> str:
    """A text no wider than so many characters; the whole of it stands in the table beside the chart."""
    if text_width(said) <= width:
        return said
    while said and text_width(said) > width - 1:
        said = said[:-1]
    return said.rstrip() + "…"
