"""Text in a Word document: the inline markup that pages know, set as runs in one font for both scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from carbonstd._paper.markup import Html
from carbonstd._workbook.style import FONT, GREEN, PALE_INK, RED

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
_LEFT_OUT = frozenset(("alt", "heard"))  # the other language; a caption that only says the heading again
_BEFORE = {"id": "\n", "clause": "\n", "aside": "  "}  # what stands beside or below on a page
_COLOURS = {"id": PALE_INK, "clause": PALE_INK, "grade": PALE_INK, "met": GREEN, "not-met": RED}
_SMALLER = 1.0  # points


@dataclass(frozen=True)
class Run:
    text: str
    bold: bool = False
    small: bool = False
    colour: str = ""


def runs(text: str) -> list[Run]:
    """A text as runs: of `Html` what its elements say, without the second language."""
    if not isinstance(text, Html):
        return [Run(clean(text))]
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.runs


def plain(text: str) -> str:
    return "".join(run.text for run in runs(text)).strip()


def clean(text: str) -> str:
    """Text without the characters that no XML can hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def write(paragraph: Any, text: str, size: float = 0.0, bold: bool = False, colour: str = "") -> None:
    """Add a text to a paragraph; without a size it has that of the paragraph's style."""
    from docx.shared import Pt, RGBColor

    for item in runs(text):
        run = paragraph.add_run(item.text)
        run.font.bold = bold or item.bold or None
        if size:
            run.font.size = Pt(size - _SMALLER * item.small)
        if said := colour or item.colour:
            run.font.color.rgb = RGBColor.from_string(said.lstrip("#"))


def flatten(paragraph: Any) -> None:
    """An empty paragraph that the format asks for and no reader should see: one point high."""
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(0), Pt(1)
    paragraph.add_run().font.size = Pt(1)


def set_font(style: Any, colour: str) -> None:
    """One font for both scripts; a style's theme fonts would otherwise win over it."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))


class _Reader(HTMLParser):
    """The runs of markup; every element is closed, for `_paper.markup` writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._open: list[tuple[str, frozenset[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
            return
        looks = frozenset((dict(attrs).get("class") or "").split())
        self._open.append((tag, looks))
        for look in looks & _BEFORE.keys():
            self.handle_data(_BEFORE[look])

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        names = {name for name, _ in self._open}
        looks = {look for _, held in self._open for look in held}
        if not looks & _LEFT_OUT:
            colour = next((_COLOURS[look] for look in looks if look in _COLOURS), "")
            self.runs.append(Run(clean(data), "strong" in names, "id" in looks, colour))
