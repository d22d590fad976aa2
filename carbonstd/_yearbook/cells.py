"""What a cell of a yearbook's table says: a figure, nothing, or a name under numbering, signs and another language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from carbonstd._case.cells import number_in
from carbonstd._definitions.vocabulary import Vocabulary
from carbonstd._number import exact
from carbonstd._workbook.cells import UNCACHED, ErrorCell

NOTHING = frozenset({"", "-", "--", "—", "——", "–", "−", "…", "......", "...", "/", "·", "*"})
_NUMBERING = re.compile(
    r"[\s#*]*(?:其中:|#)?\s*(?:[一二三四五六七八九十]+[、.,]|\([一二三四五六七八九十\d]+\)|\d+[、.,)]?)?\s*"
)
_SIGNS = re.compile(r"\([-+—–−、,/\s及和或]*\)")
_LATIN = re.compile(r"[A-Za-z].*$", re.DOTALL)


class NotAFigure(ValueError):
    """A cell of figures that holds something else."""


def text_of(cell: Any) -> str:
    """The text of a cell at normal width; numbers and blanks have none."""
    return unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""


def figure(cell: Any) -> Fraction | None:
    """The figure in a cell, None where it says that there is none. Raises NotAFigure for text and for errors.

    >>> figure(" － "), figure("1,234.5"), figure("−8")
    (None, Fraction(2469, 2), Fraction(-8, 1))
    """
    if cell is None:
        return None
    if isinstance(cell, ErrorCell) or cell is UNCACHED or isinstance(cell, bool):
        raise NotAFigure(getattr(cell, "text", ""))
    if isinstance(cell, int | float):
        return exact(cell)
    text = text_of(cell).replace("−", "-")
    if re.sub(r"\s", "", text) in NOTHING:
        return None
    found = number_in(text)
    if found is None or found[1]:
        raise NotAFigure(text)
    return found[2]


def names_in(text: str) -> Iterator[str]:
    """What a label may be called: as it stands, its lines, its Chinese alone, what stands before and in brackets."""
    whole = re.sub(r"\s*\n\s*", "", text)
    yield from (text, whole, *text.split("\n"), _LATIN.sub("", text))
    yield from re.split(r"[()\[\]\n/]", whole if "(" in whole else text)


def bare(text: str) -> str:
    """A label without numbering, 其中 and signs.

    >>> [bare(text) for text in ("(三)外省(区、市)调入量", "#用作原料、材料", "6.本省调出量(-)")]
    ['外省(区、市)调入量', '用作原料、材料', '本省调出量']
    """
    left = _SIGNS.sub("", text).strip()
    while (match := _NUMBERING.match(left)) and match.end():
        left = left[match.end() :]
    return left.strip(" :")


def term_in(text: str, vocabulary: Vocabulary) -> str | None:
    """The term of a vocabulary that a label means."""
    for name in names_in(text):
        found = vocabulary.resolve(bare(name)) if bare(name) else None
        if found is not None:
            return found
    return None
