"""The looks of every workbook we write: fonts, fills, number formats, headings, safe text, writing to a temporary file.

A template and a result workbook should look like one product, so both take their formats from `Styles`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from carbonstd._definitions.method import Column
from carbonstd._findings import Language
from carbonstd._output import replacing
from carbonstd._units import unit_text

# A workbook names one font: Windows and macOS have YaHei, elsewhere the system's CJK font (Noto Sans CJK SC) stands in.
FONT = "Microsoft YaHei"
INK, PALE_INK, BLUE, PALE_BLUE = "#1F2933", "#7F7F7F", "#1F4E78", "#DCE6F1"
YELLOW, GREY, RED, GREEN, LINE = "#FFFBE0", "#F2F2F2", "#C00000", "#2E7D32", "#BFBFBF"
AMBER = "#8A4B00"
NUMBER, TYPED, DAY = "#,##0.00", "General", "yyyy-mm-dd"
_A4, _A3 = 9, 8
_LEAST_SCALE = 0.6  # ten points print as six
_BOXED = {"border": 1, "text_wrap": True, "valign": "vcenter"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": BLUE},
    "subtitle": {"bold": True, "font_size": 12, "font_color": BLUE},
    "text": {"valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "note": {"font_color": PALE_INK, "valign": "top"},
    "identifier": {"font_color": PALE_INK, "font_size": 8},
    "header": {**_BOXED, "bold": True, "bg_color": PALE_BLUE, "font_color": BLUE, "align": "center"},
    "header_required": {**_BOXED, "bold": True, "bg_color": BLUE, "font_color": "#FFFFFF", "align": "center"},
    "label": {**_BOXED, "bold": True, "bg_color": PALE_BLUE, "font_color": BLUE},
    "input": {"bg_color": YELLOW, "border": 1},
    "default": {"bg_color": GREY, "border": 1, "italic": True, "font_color": PALE_INK},
    "result": {"border": 1},
    "total": {"border": 1, "bold": True, "bg_color": PALE_BLUE},
    "error": {"border": 1, "font_color": RED, "bold": True},
    "good": {"border": 1, "font_color": GREEN, "bold": True},
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """Landscape paper, fitted to the width of a sheet: A4, A3 where that prints too small, then two A3 across."""

    size: int
    across: int
    scale: float
    height: float  # points that fit below one another, as the sheet measures them

    @classmethod
    def for_width(cls, characters: float) -> Paper:
        """`characters` is the sum of the column widths."""
        papers = ((_A4, 149, 523, 1), (_A3, 216, 769, 1), (_A3, 216, 769, 2))
        fitting = (item for item in papers if item[1] * item[3] >= _LEAST_SCALE * characters)
        size, wide, high, across = next(fitting, papers[-1])
        scale = min(1.0, across * wide / max(characters, 1))
        return cls(size, across, scale, high / scale)

    def lay(self, page: Any, keys: int = 0) -> None:
        """Set up a page. Where it goes over two sheets of paper, the first `keys` columns stand on both."""
        page.set_landscape()
        page.set_paper(self.size)
        page.set_margins(0.4, 0.4, 0.5, 0.5)
        page.fit_to_pages(self.across, 0)
        if self.across > 1:
            page.print_across()
            if keys:
                page.repeat_columns(0, keys - 1)


class Styles:
    """The formats of one workbook, made once each: `styles("input", num_format=NUMBER)`."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def __call__(self, look: str, **extra: Any) -> Any:
        """The format of a look (`title`, `header`, `input`, `default`, `result` ...), with extra properties."""
        key = (look, *sorted(extra.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": 10, "font_color": INK, "border_color": LINE}
            self._made[key] = self.book.add_format({**base, **_LOOKS[look], **extra})
        return self._made[key]

    def number(self, look: str = "result") -> Any:
        """A computed figure with two decimals; what was typed (`input`, `default`) shows every digit."""
        return self(look, num_format=TYPED if look in ("input", "default") else NUMBER)

    def day(self, look: str = "input") -> Any:
        return self(look, num_format=DAY, align="left")

    def plain(self, look: str = "input") -> Any:
        """Cells kept as text: `2025-03` typed here does not turn into a date."""
        return self(look, num_format="@")


@contextmanager
def new_workbook(path: Path, created: date, title: str = "") -> Iterator[Any]:
    """An XlsxWriter workbook that takes its place at `path` only when all went well.

    `created` is stored as the date of making, so that one case always gives the same bytes. Raises CaseError
    where the folder cannot be written or the old file is open elsewhere; the old file is then untouched.
    """
    import xlsxwriter  # here, because reading needs the texts of this module and not the writer
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": DAY}
    with replacing(path, ".xlsx") as made, TemporaryDirectory(ignore_cleanup_errors=True) as rows:
        options["tmpdir"] = rows  # rows of streamed sheets, gone with it also where writing fails
        book = xlsxwriter.Workbook(made, options)
        book.formats[0].set_font_name(FONT)
        book.formats[0].set_font_size(10)
        moment = datetime(created.year, created.month, created.day)
        book.set_properties({"title": title, "author": "carbonstd", "created": moment})
        yield book
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from None


def safe_text(text: str) -> str:
    """Text that no spreadsheet runs: what starts like a formula gets an apostrophe, which reading takes off again."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def typed_text(text: str) -> str:
    """The text that `safe_text` made safe."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def sheet_title(label: str, taken: set[str]) -> str:
    """A title Excel accepts (31 characters, none of []:*?/\\), not taken yet; it is added to `taken`."""
    if len(label) > 31:
        label = re.sub(r"\s*[(（][^()（）]*[)）]", "", label)
    if len(label) > 31 and " " in label[:31]:
        label = label[:31].rsplit(" ", 1)[0]
    base = re.sub(r"[\[\]:*?/\\]", "·", label).strip("' ")[:31] or "-"
    title, number = base, 2
    while title.casefold() in taken:
        title, number = f"{base[:27]} ({number})", number + 1
    taken.add(title.casefold())
    return title


def bilingual(texts: Mapping[str, str], language: Language, join: str = "\n") -> str:
    """Both languages, the chosen one first; once where they are the same."""
    first, second = texts.get(language, ""), texts.get("en" if language == "zh" else "zh", "")
    return join.join(dict.fromkeys(text for text in (first, second) if text))


def units_text(column: Column, language: Language) -> str:
    return " | ".join(dict.fromkeys(filter(None, (unit_text(unit, language) for unit in column.units.values()))))


def units_line(column: Column, language: Language) -> str:
    """The last line of a heading: symbol and units."""
    return " · ".join(filter(None, (column.symbol, units_text(column, language) if column.kind == "number" else "")))


def heading(column: Column, language: Language) -> str:
    """A column's heading: both names, then symbol and units, `*` where the column is required."""
    star = " *" if column.required and column.needed is None else ""
    names = bilingual(column.label, language)
    first, _, rest = names.partition("\n")
    return "\n".join(filter(None, (first + star, rest, units_line(column, language))))


def text_width(text: str) -> float:
    """How wide the longest line of a text is, in the characters Excel measures columns by (a CJK one counts two)."""
    return max(
        (sum(2.1 if unicodedata.east_asian_width(c) in "WF" else 1.1 for c in line) for line in text.split("\n")),
        default=0,
    )


def line_count(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width."""
    return sum(max(1, -(-int(text_width(line)) // int(width - 1))) for line in text.split("\n"))
