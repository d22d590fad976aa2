"""A table and a printed text as HTML, as a notebook shows them."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Mapping, Sequence

_FONTS = "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', NSimSun, monospace"  # a Chinese sign as wide as two letters


def html_of(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = ()) -> str:
    """The table under its title; columns of figures are set right. A notebook takes no style sheet from us."""
    sides = ["right" if at in right else "left" for at in range(len(heads))]
    head = "".join(_cell("th", name, side) for name, side in zip(heads, sides, strict=True))
    body = "".join(
        "<tr>" + "".join(_cell("td", cell, side) for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><caption>{html.escape(title)}</caption><tr>{head}</tr>{body}</table>"


def both(texts: Mapping[str, str]) -> str:
    """A text in both languages, once where they are the same: a notebook does not know its reader's."""
    return " ".join(dict.fromkeys((texts["zh"], texts["en"])))


def _cell(name: str, text: str, side: str) -> str:
    look = f' style="text-align: {side}"' if side == "right" else ""
    return f"<{name}{look}>{html.escape(text)}</{name}>"


def printed(text: str) -> str:
    """Text laid out in columns; notebooks do not set every `pre` in a font of one width."""
    return f'<pre style="font-family: {_FONTS}; overflow-x: auto">{html.escape(text)}</pre>'
