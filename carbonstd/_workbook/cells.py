"""The cells of a workbook: one pass over each sheet gives value, formula, error, merge and hidden rows together.

openpyxl gives either formulas or cached values and trusts what a file says about its own size; a million formatted
blank rows take it a minute. Here a blank cell costs nothing and every limit holds while reading.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from sys import intern
from typing import Any

from carbonstd._case.cells import ShownMonth, ShownPerCent
from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._workbook.archive import Archive
from carbonstd._workbook.plain import Plain, unreferenced

MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_SHEETS, MAX_MERGED = 200_000, 500, 2_000_000, 200, 100_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE, _MONTH, _PER_CENT, _PER_CENT_FORMATS = "date", "month", "per cent", (9, 10)
_MONTH_FORMATS = (17, 27, 36, 50, 52, 57)  # mmm-yy, and year and month in the formats of China
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
Range = tuple[int, int, int, int]
# A cell, a row and a shared text as nearly every program writes them (`_workbook.plain`).
_CELL = (
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?:/>|>'
    r'(?:(<f(?: t="\w+")?(?: ca="1")?(?: ref="[^"<>&]*")?(?: si="[0-9]+")?)(?:/>|>([^<>]*)</f>))?'
    r'(?:<v>([^<>]+)</v>|<is><t(?: xml:space="preserve")?>([^<>]*)</t></is>)?</c>)'
)
_CELLS = re.compile(_CELL)
_UNCAUGHT = re.sub(r"\((?!\?)", "(?:", _CELL)
_GIVEN = r'((?: [A-Za-z][A-Za-z0-9:]*="[^"<>&]*")*+)'
_ROW = re.compile(rf'\s*<row r="([0-9]{{1,7}})"{_GIVEN}(?:/>|>((?:{_UNCAUGHT})*+)</row>)')
_ATTRIBUTE = re.compile(r'([A-Za-z0-9:]+)="([^"]*)"')
_SHARED_TEXT = re.compile(r'\s*<si><t(?: xml:space="preserve")?>([^<>]*)</t></si>')


@dataclass(frozen=True)
class ErrorCell:
    """A cell that shows an error such as #REF!, or a number no spreadsheet can hold."""

    text: str


class Uncached:
    """A formula whose value was never calculated."""


UNCACHED = Uncached()


@dataclass
class Grid:
    """A sheet as it stands: filled cells by row and column (counted from 1), formulas, merged ranges, hidden rows."""

    title: str
    hidden: bool = False
    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)

    def cell(self, row: int, column: int) -> Any:
        return self.rows.get(row, {}).get(column)

    def place(self, row: int, column: int) -> str:
        return f"{self.title}!{letters(column)}{row}"


def unfilled(value: Any) -> bool:
    """Whether a cell holds nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def letters(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_grids(archive: Archive) -> Iterator[Grid]:
    """The worksheets in their order. Raises CaseError where a part is broken or a limit is passed."""
    top = next((part for kind, part in archive.targets("").values() if kind == "officeDocument"), "xl/workbook.xml")
    if top not in archive.names:
        raise CaseError(findings=[finding("workbook-not-xlsx", archive.path.name)])
    parts = archive.targets(top)
    by_kind = {kind: part for kind, part in parts.values() if part in archive.names}
    tags = archive.first_tags(top)
    sheets = [attributes for tag, attributes in tags if tag == "sheet"]
    if len(sheets) > MAX_SHEETS:
        raise _too_large(archive, f"{len(sheets)} sheets", f"{MAX_SHEETS} sheets")
    epoch_1904 = any(tag == "workbookPr" and item.get("date1904") in ("1", "true") for tag, item in tags)
    texts = _Texts(archive, by_kind["sharedStrings"]).texts if "sharedStrings" in by_kind else []
    shown = _shown_as(archive, by_kind["styles"]) if "styles" in by_kind else {}
    titles = [sheet.get("name", "") for sheet in sheets]
    if len(set(titles)) < len(titles):
        raise CaseError(findings=[finding("workbook-damaged", archive.path.name, detail="two sheets of one name")])
    left = MAX_CELLS
    for sheet in sheets:
        relation = next((value for name, value in sheet.items() if name.rpartition(":")[2] == "id"), "")
        kind, part = parts.get(relation, ("", ""))
        if kind != "worksheet":
            continue  # a chart sheet has no cells
        if part not in archive.names:
            raise CaseError(findings=[finding("workbook-damaged", archive.path.name, detail=part or relation)])
        grid = Grid(sheet.get("name", ""), sheet.get("state", "visible") != "visible")
        reader = _Sheet(archive, grid, texts, shown, epoch_1904, left)
        plain = Plain(re.compile(rb"<sheetData>"), _ROW, b"</row>", reader.plain_row)
        archive.parse(part, reader.start, reader.end, reader.text, plain)
        left = reader.left
        yield grid


def _too_large(archive: Archive, found: str, limit: str, place: str = "") -> CaseError:
    return CaseError(findings=[finding("workbook-too-large", place or archive.path.name, found=found, limit=limit)])


class _Texts:
    """The shared texts of a workbook; the reading aids of Japanese phonetics are no part of a text."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._archive = archive
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._open = self._aside = False
        plain = Plain(re.compile(rb"<sst [^<>]*[^/<>]>"), _SHARED_TEXT, b"</si>", self._plain)
        archive.parse(part, self._start, self._end, self._text, plain)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._aside = True
        elif tag == "t":
            self._open = not self._aside

    def _end(self, tag: str) -> None:
        if tag == "t":
            self._open = False
        elif tag == "rPh":
            self._aside = False
        elif tag == "si":
            self._keep("".join(self._pieces))

    def _plain(self, match: re.Match[str]) -> bool:
        self._keep(unreferenced(match[1]))
        return True

    def _keep(self, text: str) -> None:
        self.texts.append(_unescaped(text))
        if len(self.texts) > MAX_CELLS:
            raise _too_large(self._archive, f"> {MAX_CELLS:,} texts", f"{MAX_CELLS:,} texts")

    def _text(self, text: str) -> None:
        if self._open:
            self._pieces.append(text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _shown_as(archive: Archive, part: str) -> dict[str, str]:
    """The style numbers whose number format shows a date, a month, or a number in per cent."""
    formats = {**dict.fromkeys(_DATE_FORMATS, _DATE), **dict.fromkeys(_PER_CENT_FORMATS, _PER_CENT)}
    formats |= dict.fromkeys(_MONTH_FORMATS, _MONTH)
    styles: dict[str, str] = {}
    inside, index = False, 0
    for tag, item in archive.first_tags(part):
        if tag == "numFmt" and item.get("numFmtId", "").isdigit():
            code = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.|\*.", "", item.get("formatCode", ""))
            dated = re.search(r"[ymdhs]", code, re.I) and "general" not in code.lower()
            kind = _DATE if re.search(r"[dhs]", code, re.I) else _MONTH
            formats[int(item["numFmtId"])] = kind if dated else _PER_CENT if "%" in code else ""
        elif tag in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            number = item.get("numFmtId", "0")
            if number.isdigit() and formats.get(int(number)):
                styles[str(index)] = formats[int(number)]
            index += 1
    return styles


class _Sheet:
    """Handlers that fill a grid from the elements of a worksheet part."""

    def __init__(
        self, archive: Archive, grid: Grid, texts: list[str], shown: dict[str, str], epoch_1904: bool, left: int
    ) -> None:
        self.archive, self.grid, self.texts, self.shown, self.left = archive, grid, texts, shown, left
        self.epoch = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
        self.row = self.column = 0
        self.columns: dict[str, int] = {}
        self.used: set[int] = set()
        self.kind = self.style = ""
        self.value: list[str] | None = None  # the pieces of <v> or inline <t>, None where there is no such element
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.aside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._at(attributes.get("r"))
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.value = self.formula = None
        elif tag in ("v", "t"):
            if not self.aside:
                self.value = self.value or []
                self.into = self.value
        elif tag == "f":
            self.formula = self.into = []
        elif tag == "row":
            number = attributes.get("r", "")
            self.row, self.column = int(number) if number.isdigit() else self.row + 1, 0
            if attributes.get("hidden") in ("1", "true"):
                self.grid.hidden_rows.add(self.row)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "rPh":
            self.aside = True

    def end(self, tag: str) -> None:
        if tag in ("v", "t", "f"):
            self.into = None
        elif tag == "rPh":
            self.aside = False
        elif tag == "c" and (self.value is not None or self.formula is not None):
            self._keep("".join(self.value or ()), "".join(self.formula) if self.formula is not None else None)

    def text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def plain_row(self, match: re.Match[str]) -> bool:
        """A row in the usual form; one with an attribute twice, or cells of another row, is left to the parser."""
        number, hidden = match[1], _hidden(match[2])
        if hidden is None:
            return False
        cells: dict[int, Any] = {}
        formulas: dict[tuple[int, int], str] = {}
        for name, row, style, kind, formula, formula_text, typed, inline in _CELLS.findall(match[3] or ""):
            if row != number:
                return False
            if not typed and not inline and not formula:
                continue
            self.kind, self.style = kind or "n", style or "0"
            value = self._value(unreferenced(typed or inline), bool(formula))
            if value is not None:
                column = self.columns.get(name) or self._named(name)
                cells[column] = value
                if formula:
                    formulas[int(number), column] = unreferenced(formula_text)
        self.row = int(number)
        if hidden:
            self.grid.hidden_rows.add(self.row)
        self.grid.formulas.update(formulas)
        if cells:
            self.grid.rows.setdefault(self.row, {}).update(cells)
            self._count(cells)
        return True

    def _at(self, reference: str | None) -> None:
        match = _REFERENCE.match(reference) if reference else None
        if match is None:
            self.column += 1
            return
        self.row, self.column = int(match[2]), self._named(match[1])

    def _named(self, name: str) -> int:
        if name not in self.columns:
            self.columns[name] = _column_number(name)
        return self.columns[name]

    def _keep(self, text: str, formula: str | None) -> None:
        value = self._value(text, formula is not None)
        if value is None:
            return
        self.grid.rows.setdefault(self.row, {})[self.column] = value
        if formula is not None:
            self.grid.formulas[self.row, self.column] = formula
        self._count((self.column,))

    def _count(self, columns: Collection[int]) -> None:
        """Hold the limits after cells of a row were kept."""
        self.used.update(columns)
        self.left -= len(columns)
        if len(self.grid.rows) > MAX_ROWS:
            raise self._passed("rows", MAX_ROWS)
        if len(self.used) > MAX_COLUMNS:
            raise self._passed("columns", MAX_COLUMNS)
        if self.left < 0:
            raise self._passed("cells", MAX_CELLS)

    def _passed(self, what: str, limit: int) -> CaseError:
        return _too_large(self.archive, f"> {limit:,} {what}", f"{limit:,} {what}", self.grid.title)

    def _value(self, text: str, computed: bool) -> Any:
        if not text:
            return UNCACHED if computed and self.kind != "str" else None
        if self.kind == "s":
            index = int(text) if text.isdigit() else -1
            return self.texts[index] or None if 0 <= index < len(self.texts) else ErrorCell(text)
        if self.kind in ("str", "inlineStr"):
            return intern(_unescaped(text))  # one label may stand in a hundred thousand rows
        if self.kind == "e":
            return ErrorCell(text)
        if self.kind == "b":
            return text.strip() in ("1", "true")
        if self.kind == "d":
            return text
        return self._number(text.strip()) if text.strip() else None

    def _number(self, text: str) -> Any:
        if not _NUMBER.match(text) or not math.isfinite(float(text)):
            return ErrorCell(text[:20])
        number = int(text) if text.isdigit() and len(text) < 16 else float(text)
        shown = self.shown.get(self.style)
        if shown in (_DATE, _MONTH) and 0 < number < 2_958_466:
            moment = self.epoch + timedelta(days=number)
            first = shown == _MONTH and moment.day == 1
            return ShownMonth(moment.year, moment.month, 1) if first else _day(moment)
        return ShownPerCent(number) if shown == _PER_CENT else number

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _REFERENCE.match(first), _REFERENCE.match(last)
        if len(self.grid.merged) >= MAX_MERGED:
            raise _too_large(self.archive, f"> {MAX_MERGED:,} merges", f"{MAX_MERGED:,} merges", self.grid.title)
        if start and end:
            self.grid.merged.append((int(start[2]), _column_number(start[1]), int(end[2]), _column_number(end[1])))


@lru_cache(maxsize=1000)
def _hidden(attributes: str) -> bool | None:
    """Whether a row is hidden, by its attributes after `r`; None where one stands twice, which is no XML."""
    given = _ATTRIBUTE.findall(attributes)
    names = {"r", *(name for name, _ in given)}
    return ("hidden", "1") in given or ("hidden", "true") in given if len(names) > len(given) else None


def _day(moment: datetime) -> date | datetime:
    return moment.date() if moment.hour == moment.minute == moment.second == 0 else moment


def _column_number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number
