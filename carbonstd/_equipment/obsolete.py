"""Whether a model or a boiler is like one of a list of obsolete equipment: a question for a person, never a verdict.

A list names models and series with conditions of make, size and year that no list of equipment holds, and only an
extract of the lists is held. So what is like an entry is asked, and what is like none is not thereby cleared. Boilers
are named by kind and size alone.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method
from carbonstd._definitions.row_words import row_words
from carbonstd._findings import Finding, finding
from carbonstd._ledger.axes import Axes
from carbonstd._ledger.reader import LedgerReader
from carbonstd._limits.input import Subject, object_sheet
from carbonstd._number import shown

LISTS = ("equipment/industry-catalogue-obsolete", "equipment/miit-obsolete")
_SIZE_COLUMNS = ("evaporation", "thermal_power")
_SIZES = "equipment/industry-catalogue-obsolete-boilers"


def questions(model: str, standard: str, place: str, library: Library) -> Iterator[Finding]:
    """An entry to look up for each that the model is like, of the equipment that `standard` is about."""
    for name in LISTS if model else ():
        table = library.table(name)
        for row in range(len(table.rows)):
            of, series = table.cell(row, "standard").text, table.cell(row, "series").text
            about = not standard or re.match(rf"{re.escape(of)}\b", standard) is not None
            if about and any(_like(model, item) for item in series.split(",")):
                yield finding(
                    "equipment-obsolete-question",
                    place,
                    model=model,
                    document=table.document.title or table.document.number,
                    entry=row_words(table, table.rows[row], library),
                    condition=table.cell(row, "condition").text,
                )


def questions_of_size(subject: Subject, method: str, as_of: date, library: Library) -> Iterator[Finding]:
    """An entry to look up for each that names the kind and size of an item, whose class `method` is about.

    A size that is blank or cannot be read falls in none.
    """
    family, table = method.partition("@")[0], library.table(_SIZES)
    for row in range(len(table.rows)):
        methods = [name.strip() for name in table.cell(row, "methods").text.split(",")]
        if not family or family not in methods:
            continue
        for column, size in _sizes(subject, library.method(methods[0]), as_of, library):
            bound = table.cell(row, column.name).value
            if bound is not None and size <= bound:
                yield finding(
                    "equipment-obsolete-size",
                    subject.place,
                    label=column.label,
                    size=f"{shown(size, 6)} {column.unit.text}",
                    document=table.document.title or table.document.number,
                    entry=row_words(table, table.rows[row], library),
                )


def _sizes(subject: Subject, method: Method, as_of: date, library: Library) -> Iterator[tuple[Column, float]]:
    """The sizes of an item as read by a method that asks for them; that of its own class may not."""
    case = subject.case or subject.as_case(method, Period(as_of, as_of), as_of, library)[0]
    reader = LedgerReader(case, method, library, Axes())
    data = reader.labels()[object_sheet(method).id]
    reader.numbers(data)
    for name in _SIZE_COLUMNS:
        if data.rows == 1 and math.isfinite(data.numbers[name][0]):
            yield data.sheet.columns[name], float(data.numbers[name][0])


def _like(model: str, series: str) -> bool:
    """Whether a model is a series, or begins as one of it does.

    A digit straight after the letters of a series makes another one (YB, YB2), two are a frame size (YB160).

    >>> _like("YB-160M-4", "YB"), _like("yb160M-4", "YB"), _like("YB2-160M-4", "YB"), _like("YBK-160", "YB")
    (True, True, False, False)
    >>> _like("S9-M-630/10", "S9"), _like("S95-630", "S9"), _like("L-10/8", "L-10/8"), _like("L-10/80", "L-10/8")
    (True, False, True, False)
    """
    text, series = _plain(model), _plain(series)
    if not series or not text.startswith(series):
        return False
    rest = text[len(series) :]
    same = r"(\D|$)" if series[-1].isdigit() else r"([^0-9A-Z]|\d\d|$)"
    return re.match(same, rest) is not None


def _plain(text: str) -> str:
    """A model without what people change: width, case, blanks and the kind of dash."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return re.sub(r"[‐‑–—−]", "-", plain).strip("-")
