"""Lines and columns of text for a terminal, where a Chinese character is two places wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """A line of text and how it is said: `strong`, `head`, `error`, `warning`, `quiet` or plain."""

    text: str
    tone: str = ""


def width(text: str) -> int:
    """How many places `text` takes on a terminal.

    >>> width("CO2"), width("排放"), width("１")
    (3, 4, 2)
    """
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def pad(text: str, places: int, right: bool = False) -> str:
    """`text` filled with blanks to `places`; `right` puts the blanks before it."""
    blanks = " " * max(places - width(text), 0)
    return blanks + text if right else text + blanks


# Where a line may break: at blanks and between Chinese characters, never before what closes or after what opens.
_PARTS = re.compile(r"\s+|[“‘（《「【]*(?:[\u3000-\uffef]|[^\s\u3000-\uffef“‘]+)[，。；：、！？）》」】”’…]*|.")


def wrapped(text: str, places: int) -> list[str]:
    """Text in lines of at most `places`, broken at blanks and between Chinese characters.

    >>> wrapped("limit of 表2 修正系数", 10)
    ['limit of', '表2 修正系', '数']
    """
    lines, line = [], ""
    for part in _PARTS.findall(text):
        if width(line + part.rstrip()) > places and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += part if line or not part.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = (), indent: str = "") -> list[str]:
    """Rows of equal length as lines with aligned columns; `right` names the columns of figures. Empty columns go."""
    if not rows:
        return []
    widths = [max(width(row[index]) for row in rows) for index in range(len(rows[0]))]
    shown = [index for index, places in enumerate(widths) if places]
    return [
        indent + "  ".join(pad(row[index], widths[index], index in right) for index in shown).rstrip() for row in rows
    ]
