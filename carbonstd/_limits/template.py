"""An empty table of plants to fill: one sheet a standard, its class columns and indicators, drop-downs for labels."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._definitions.document import Period
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method
from carbonstd._definitions.schema import Bilingual, joined, same
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._findings import Language, finding
from carbonstd._limits.editions import LEVEL, headers_of
from carbonstd._limits.input import object_sheet
from carbonstd._limits.text import TEXTS
from carbonstd._template.texts import column_help
from carbonstd._workbook.cells import letters
from carbonstd._workbook.style import (
    Paper,
    Styles,
    heading,
    new_workbook,
    safe_text,
    sheet_title,
    text_width,
)

_ROWS, _HEAD, _FIRST = 1_000, 2, 3  # rows with drop-downs; the rows, from 0, of the headings and the first plant
_DRAWN = 25
_APPROVED: Bilingual = {"zh": "型式批准日期", "en": "Date of type approval"}  # of what one day decides
_LISTS: Bilingual = {"zh": "词表", "en": "Lists"}
_HINT: Bilingual = {
    "zh": "每行一个企业、装置或产品；空白不等于零；带 * 的必填。数字可带单位。",
    "en": "One row a plant, line or product; a blank is not zero; * is required. A number may carry its unit.",
}


@dataclass(frozen=True)
class Words:
    """Of which folder of methods a table is, and what it is called: by default of limits."""

    level: str = LEVEL
    title: Bilingual = field(default_factory=lambda: TEXTS["title"])
    hint: Bilingual = field(default_factory=lambda: _HINT)
    period: Bilingual = field(default_factory=lambda: TEXTS["period"])
    beside: tuple[Column, ...] = ()  # columns after those of each standard
    all_editions: bool = False  # whether a list also asks what earlier editions of its standard need


def write_plants(
    names: Sequence[str],
    library: Library,
    path: Path,
    language: Language,
    period: str | None = None,
    words: Words | None = None,
) -> None:
    """Write the empty table for the edition of each standard in a period, by default the newest.

    Raises NotFoundError, CaseError.
    """
    of = Period.parse(period) if period else None
    if period and of is None:
        raise CaseError(findings=[finding("case-period", "--period", found=period)])
    words = words or Words()
    headers = headers_of(library, words.level)
    found, unknown = list[Method](), []
    for name in names:
        try:
            meant = _meant(name, library, headers)
            found.append(library.method(library.find(meant, headers, of, date.max if of else None).id))
        except NotFoundError as error:
            unknown += error.findings
    if unknown:
        raise NotFoundError(findings=unknown)
    if not found:
        raise CaseError(findings=[finding("limits-no-standard", "--template")])
    with new_workbook(path, date(2000, 1, 1), words.title[language]) as book:
        _Writer(book, library, language, words).write(found)


def _meant(name: str, library: Library, headers: dict[str, Header]) -> str:
    """The name, or the one standard whose title holds it. Raises NotFoundError naming those there are."""
    with suppress(NotFoundError):
        library.find(name, headers)
        return name
    families = library.called(name, headers)
    if len(families) > 1:
        newest = (library.editions(family, headers)[-1] for family in families)
        told = joined(joined([same(item.family), item.title], same(" ")) for item in newest)
        raise NotFoundError(findings=[finding("ambiguous-name", name=name, found=told)])
    return families[0] if families else name


class _Writer:
    def __init__(self, book: Any, library: Library, language: Language, words: Words) -> None:
        self.book, self.library, self.language, self.words = book, library, language, words
        self.styles = Styles(book)
        self.taken: set[str] = set()

    def write(self, methods: Sequence[Method]) -> None:
        pages = [
            (method, self.book.add_worksheet(sheet_title(method.title[self.language], self.taken)))
            for method in methods
        ]
        lists = self.book.add_worksheet(sheet_title(_LISTS[self.language], self.taken))
        sources = self._lists(lists, methods)
        for method, page in pages:
            self._sheet(page, method, sources)

    def _lists(self, page: Any, methods: Sequence[Method]) -> dict[str, str]:
        """The terms of every drop-down on a hidden sheet; where each stands."""
        page.hide()
        columns = [column for method in methods for column in self._columns(method).values()]
        sources: dict[str, str] = {}
        for index, name in enumerate(dict.fromkeys(item.vocabulary for item in columns if item.vocabulary)):
            terms = [term.label(self.language) for term in self.library.vocabulary(name).terms.values()]
            page.write_column(0, index, [safe_text(term) for term in terms])
            letter = letters(index + 1)
            sources[name] = f"='{page.get_name()}'!${letter}$1:${letter}${len(terms)}"
        return sources

    def _columns(self, method: Method) -> dict[str, Column]:
        """What is asked of a plant; what earlier editions alone need stands last and is not required."""
        columns = dict(object_sheet(method).columns)
        if self.words.all_editions:
            editions = self.library.editions(method.family, self.library.method_headers)
            others = (self.library.method(header.id) for header in reversed(editions))
            for column in (column for other in others for column in object_sheet(other).columns.values()):
                columns.setdefault(column.name, replace(column, required=False))
        return columns

    def _sheet(self, page: Any, method: Method, sources: dict[str, str]) -> None:
        styles, language = self.styles, self.language
        page.hide_gridlines(2)
        page.write(0, 0, TEXTS["standard"][language], styles("label"))
        page.write(0, 1, method.family, styles("default", num_format="@"))
        page.write(0, 2, f"{method.document.number}  {method.title[language]}", styles("subtitle"))
        page.write(1, 0, self.words.hint[language], styles("note"))
        page.set_row(_HEAD, 88)
        columns = self._columns(method)
        name = columns.pop("name", None)
        first = [] if name is None else [name]
        label = _APPROVED if method.period == "edition" else self.words.period
        period = Column("period", label, kind="text", required=True)
        across = sum(
            self._column(page, index, column, sources)
            for index, column in enumerate([*first, period, *columns.values(), *self.words.beside])
        )
        page.freeze_panes(_FIRST, 1)
        page.repeat_rows(_HEAD)
        Paper.for_width(across).lay(page, 1)

    def _column(self, page: Any, index: int, column: Column, sources: dict[str, str]) -> float:
        """A column's heading, drop-down and empty cells; its width."""
        text = heading(column, self.language)
        page.write(
            _HEAD,
            index,
            text,
            self.styles("header_required" if column.required and column.needed is None else "header"),
        )
        note = {"x_scale": 2.2, "y_scale": 1.6, "author": "carbonstd"}
        page.write_comment(_HEAD, index, column_help(column, self.language), note)
        if column.vocabulary:
            rule = {"validate": "list", "source": sources[column.vocabulary], "error_type": "warning"}
            page.data_validation(_FIRST, index, _FIRST + _ROWS - 1, index, {**rule, "error_title": "carbonstd"})
        terms = self.library.vocabulary(column.vocabulary).terms.values() if column.vocabulary else ()
        longest = max((text_width(term.label(self.language)) for term in terms), default=0.0)
        width = min(max(24.0 if column.name == "name" else 13.0, longest + 3, text_width(text) * 0.6), 34.0)
        look = self.styles.number("input") if column.kind == "number" else self.styles.plain()
        for row in range(_FIRST, _FIRST + _DRAWN):
            page.write_blank(row, index, None, look)
        page.set_column(index, index, width)
        return width
