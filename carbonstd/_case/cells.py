"""Cells as they were typed: what is blank, what a text says, which month is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import Period
from carbonstd._units import is_unit, split_quantity

_NUMBER = re.compile(r"[-+]?(?=[.0-9])([0-9]{1,3}((,[0-9]{3})+|( [0-9]{3})+)|[0-9]+)?(\.[0-9]+)?$")
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]{1,2}$")
_LONGEST = 60  # characters of a number: ten thousand digits would take long to read
_PLAIN = {float, int, np.float64}  # and nothing made of them, such as a truth value or a number shown in per cent
_DIGITS = 15
_MOST = 10**_DIGITS  # below, a whole number is a float64 of 15 digits
_MULTIPLES = {"万": 10**4, "亿": 10**8}
_NO_VALUE = ("<NA>", "NaT")  # as pandas writes it
_TOTAL = re.compile(r".*[合总小共累]计(total)?|(grand|sub)?total")  # what a row of sums is called
_STOPPED = ("停产", "停机", "停用", "停运", "检修", "未使用", "未生产")
_PLACEHOLDERS = {
    "",
    "-",
    "--",
    "—",
    "——",
    "–",
    "/",
    "\\",
    "*",
    ".",
    "0",
    "无",
    "暂无",
    "空",
    "none",
    "nil",
    "na",
    "n/a",
    "null",
    "tbd",
    "待补",
    "待定",
}


def blank(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell or cell.isspace() or cell in _NO_VALUE
    return cell is None or (isinstance(cell, float) and cell != cell) or str(cell) in _NO_VALUE


def as_text(cell: Any) -> str:
    """What a cell says; 1.0, as a DataFrame gives a column of numbers with gaps, says 1."""
    if blank(cell):
        return ""
    whole = isinstance(cell, float) and cell.is_integer()
    return unicodedata.normalize("NFKC", str(int(cell) if whole else cell)).strip()


def blank_text(cell: Any) -> bool:
    """Whether a text cell says nothing: blank, or filled with a dash, a slash, `无`, `n/a` or 0.

    >>> [blank_text(cell) for cell in (None, " ", "—", "无", "N/A", 0, "绿证 GEC-2025-01")]
    [True, True, True, True, True, True, False]
    """
    return re.sub(r"\s", "", as_text(cell)).casefold() in _PLACEHOLDERS


def no_figure(cell: Any) -> bool:
    """Whether a cell of a number says that there is none: a placeholder, or that nothing ran.

    >>> [no_figure(cell) for cell in ("/", "无", "停产", "约100")]
    [True, True, True, False]
    """
    return blank_text(cell) or as_text(cell) in _STOPPED


def folded_number(text: str) -> str:
    """The number of a certificate without what people type differently: case, width, blanks, hyphens, dots, slashes.

    Between two digits a mark stays, for 1-12 is not 11-2.

    >>> folded_number("gec-0001"), folded_number("GEC 0001"), folded_number("ＧＥＣ—０００１")
    ('gec0001', 'gec0001', 'gec0001')
    >>> folded_number("GEC-1/12")
    'gec1-12'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    marks = r"[\s\-_./‐‑‒–—−]+"
    return re.sub(marks, "", re.sub(rf"(?<=\d){marks}(?=\d)", "\0", plain)).replace("\0", "-")


def sums_up(text: str) -> bool:
    """Whether a label is what a row of sums is called, whatever stands behind it in brackets or after a colon.

    >>> [sums_up(text) for text in ("合 计：", "小计（台）", "全厂合计", "Sub-total", "合计 Total", "总计量表")]
    [True, True, True, True, True, False]
    """
    plain = re.sub(r"[\s_*\-]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return bool(_TOTAL.fullmatch(re.sub(r"(\(.*\))?:?$", "", plain)))


def several_numbers(text: str) -> bool:
    """Whether the number of a certificate looks like a range or a list of them.

    >>> [several_numbers(text) for text in ("GEC-0001 至 0400", "A1~A9", "A1-to-A9", "A1、A2", "A1，A2", "GEC-0001")]
    [True, True, True, True, True, False]
    """
    return bool(re.search(r"[至到~,、;]|\.\.|\bto\b|--|——", unicodedata.normalize("NFKC", text), re.IGNORECASE))


class ShownPerCent(float):
    """A number that its cell shows in per cent: the 0.3 of a cell that reads 30 %."""


class ShownMonth(date):
    """The first day of a month in a cell that shows no day: what Excel makes of a typed 2025-03."""


def day_or_month(cell: date) -> str:
    """A date as a period: the month where the cell shows no day, else the day.

    >>> day_or_month(ShownMonth(2025, 3, 1)), day_or_month(date(2025, 3, 1)), day_or_month(datetime(2025, 3, 2, 8))
    ('2025-03', '2025-03-01', '2025-03-02')
    """
    return f"{cell:%Y-%m}" if isinstance(cell, ShownMonth) else f"{cell:%Y-%m-%d}"


def number_in(text: str) -> tuple[str, str, Fraction] | None:
    """A typed number as (plain digits, unit or "", exact value); None where the text is no number.

    Accepted: full-width digits, groups of three by commas or spaces, exponents, 万 and 亿 after the number. Raised
    digits are no part of a number (10² is not 102), and groups of another length are refused.

    >>> number_in("８６ ０００ t"), number_in("8600万"), number_in("2.5 亿kWh")
    (('86000', 't', Fraction(86000, 1)), ('86000000', '', Fraction(86000000, 1)), ('2.5', '亿kWh', Fraction(5, 2)))
    >>> number_in("10²"), number_in("1,00"), number_in("约100")
    (None, None, None)
    """
    typed = "".join(_narrow(letter) for letter in text).strip()
    digits, suffix = split_quantity(typed)
    if not digits or len(digits) > _LONGEST or not (_NUMBER.match(digits) or _SCIENTIFIC.match(digits)):
        return None
    plain, raised, suffix = re.sub("[ ,]", "", digits), suffix[:1], unicodedata.normalize("NFKC", suffix)
    if suffix and (suffix[0].isdigit() or suffix[0] in ",.+-") and not (raised.isascii() and is_unit(suffix)):
        return None  # a raised digit, or more digits than the number takes; `1e4 kWh` is a unit
    times, rest = _MULTIPLES.get(suffix[:1], 1), suffix[1:].strip()
    if times > 1 and not is_unit(suffix) and (not rest or is_unit(rest)):
        value = Fraction(plain) * times
        return (str(value) if value.denominator == 1 else str(float(value))), rest, value
    return plain, suffix, Fraction(plain)


def plain_numbers(cells: Sequence[Any]) -> NDArray[np.float64]:
    """The cells that are numbers, to the 15 digits they mean; NaN where a cell is blank or anything else.

    >>> plain_numbers([0.1 + 0.2, 86000, Decimal("0.37"), None, "8600", True, 10**15])
    array([3.0e-01, 8.6e+04, 3.7e-01,     nan,     nan,     nan,     nan])
    """
    values = np.fromiter(map(_plain, cells), dtype=np.float64, count=len(cells)) + 0.0  # there is no minus zero
    return np.where(np.isfinite(values), values, np.nan)


def _plain(cell: Any) -> float:
    if type(cell) in _PLAIN and -_MOST < cell < _MOST:
        return float(f"{cell:.15g}")
    if type(cell) is Decimal and len(text := str(cell)) <= _DIGITS and "E" not in text:
        return float(text)
    return float("nan")


def _narrow(letter: str) -> str:
    """A full-width letter, an odd blank or a minus sign as ASCII has it; raised digits stay as they are."""
    if letter in "−﹣":
        return "-"
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    return unicodedata.normalize("NFKC", letter) if kind in ("<wide>", "<narrow>", "<noBreak>", "<compat>") else letter


def month_of(cell: Any, period: Period, bare: bool = True) -> str | None:
    """`2025-01`, a date, `2025年1月` or, where `bare` months are taken for those of the case's year, `1` and `1月`."""
    if isinstance(cell, date | datetime):
        return f"{cell.year}-{cell.month:02d}"
    text = as_text(cell).removesuffix(".0")
    alone = re.fullmatch(r"(\d{1,2})月?", text)
    if alone and bare and period.start.year == period.end.year:
        return f"{period.start.year}-{int(alone[1]):02d}" if 1 <= int(alone[1]) <= 12 else None
    if re.fullmatch(r"\d{4}", text):
        return None
    found = Period.parse(text.replace(" 00:00:00", ""))
    return found.months()[0] if found and len(found.months()) == 1 else None


def day_of(cell: Any) -> date | None:
    """A date as typed: a date of the workbook, `2026-03-31`, `2026/3/31` or `2026年3月31日`.

    >>> day_of("2026年3月31日"), day_of("2026.02.30")
    (datetime.date(2026, 3, 31), None)
    """
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", as_text(cell))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


class BlankColumn(Sequence[None]):
    """A column that the sheet does not have: blank in every row, and not one cell to read."""

    dtype = np.dtype(np.float64)
    categories: Sequence[str] = []

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.codes = np.broadcast_to(np.int64(-1), rows)

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, index: Any) -> Any:
        return None

    def to_numpy(self, dtype: Any, na_value: float) -> NDArray[np.float64]:
        return np.broadcast_to(np.asarray(na_value, dtype=dtype), self.rows)


def distinct(cells: Sequence[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """The different cells of a label column, and which of them (-1: the last) each row holds.

    Categories need no reading.
    """
    codes = getattr(cells, "codes", None)
    if codes is not None:
        categories = cells.categories  # type: ignore[attr-defined]
        listed = categories if isinstance(categories, list) else categories.tolist()  # which pandas does in one go
        return [*listed, None], np.asarray(codes, dtype=np.int64)
    if _texts(cells):
        places, different = cells.factorize()  # type: ignore[attr-defined]
        return [*different, None], np.asarray(places, dtype=np.int64)
    known: dict[Any, int] = {None: 0}
    keys = (cell if isinstance(cell, str) else _key(cell) for cell in cells)
    places = np.fromiter((known.setdefault(key, len(known)) for key in keys), dtype=np.int64, count=len(cells))
    return list(known), places


def alike(cells: Sequence[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """The different cells of a column of any kind, and which of them (-1: the last) each row holds."""
    if _texts(cells):
        return distinct(cells)
    known: dict[tuple[type, Any], int] = {}  # True, 1 and 1.0 are different things to type
    keys = ((type(cell), cell if cell.__hash__ else str(cell)) for cell in cells)  # a list typed into YAML has no hash
    places = [known.setdefault(key, len(known)) for key in keys]
    return [cell for _, cell in known], np.array(places, dtype=np.int64)


def _texts(cells: Sequence[Any]) -> bool:
    """Whether they are the texts of a DataFrame, which tells them apart faster than we do."""
    return getattr(getattr(cells, "dtype", None), "name", "") in ("str", "string")


def _key(cell: Any) -> Any:
    """What a cell is told apart by: itself if it is a number or a date, else its text."""
    if blank(cell):
        return None
    return cell if isinstance(cell, int | date) else as_text(cell) if isinstance(cell, float) else str(cell)
