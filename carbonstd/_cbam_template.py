"""A calculated installation in the sheets and cells of the communication template, as a workbook of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._case_formats import Written
from carbonstd._cbam_facts import Facts, facts
from carbonstd._cbam_map import Page, Spot, Template, template
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._layout import Line
from carbonstd._workbook_style import Styles, bilingual, new_workbook, safe_text

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result import Result

METHOD = "cbam-installation"
_NOTICE = "carbonstd"
_WIDTHS = {"A": 3, "B": 12, "C": 6, "D": 16, "E": 30}
_WIDE = 15


def write(result: Result, path: Path, language: Language) -> Written:
    """Write the workbook. Raises CaseError for another method, and where the template has too few places."""
    if result.method.family != METHOD:
        raise CaseError(findings=[finding("cbam-template-method", result.method.id, method=result.method.id)])
    form, filled = template(), facts(result)
    if too_many := list(_too_many(form, filled)):
        raise CaseError(findings=too_many)
    empty = list(_empty(form, filled))
    with new_workbook(path, result.case.as_of, form.title[language]) as book:
        styles = Styles(book)
        notice = book.add_worksheet(_NOTICE)
        _notice(notice, styles, form, result, empty, language)
        for page in form.pages:
            _write_page(book.add_worksheet(page.name), styles, page, filled)
    return Written(tuple(_findings(result, form, empty)), (Line(form.written[language].format(path=path)),))


def _findings(result: Result, form: Template, empty: list[str]) -> Iterator[Finding]:
    if result.method.document.until is None:
        yield finding("cbam-template-transitional", result.method.id, edition=form.edition)
    if empty:
        yield finding("cbam-template-empty", result.method.id, count=len(empty))


def _too_many(form: Template, filled: Facts) -> Iterator[Finding]:
    places = {block.of: block.count for page in form.pages for block in page.blocks}
    for name, limit in places.items():
        if (count := len(filled.records[name])) > limit:
            yield finding("cbam-template-full", name, sheet=name, count=count, limit=limit)


def _cells(page: Page, filled: Facts) -> Iterator[tuple[Spot, str, Any]]:
    """Every cell that is to be filled: where, what it is called, and its value or None."""
    for cell, name in page.fields.items():
        yield Spot.of(cell), name, filled.fields.get(name)
    for block in page.blocks:
        for number, record in enumerate(filled.records[block.of]):
            for spot, name in block.placed(number):
                yield spot, name, record.get(name)


def _empty(form: Template, filled: Facts) -> Iterator[str]:
    """The sheet and cell of what has no value. A place of a list that is shorter, such as a second route, is none."""
    for page in form.pages:
        for spot, name, value in _cells(page, filled):
            if value is None and not name.rpartition("_")[2].isdigit():
                yield f"{page.name}!{spot} {name.replace('_', ' ')}"


def _write_page(sheet: Any, styles: Styles, page: Page, filled: Facts) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column("A:BB", _WIDE)
    for column, width in _WIDTHS.items():
        sheet.set_column(f"{column}:{column}", width)
    for cell, text in _labels(page, filled):
        sheet.write_string(cell, safe_text(text), styles("wrapped" if len(text) > _WIDE else "label"))
    for spot, _, value in _cells(page, filled):
        _put(sheet, str(spot), value, styles)


def _labels(page: Page, filled: Facts) -> Iterator[tuple[str, str]]:
    yield from page.labels.items()
    for block in page.blocks:
        for number in range(len(filled.records[block.of])):
            for cell, text in block.labels.items():
                yield str(Spot.of(cell).below(block.step * number)), text


def _put(sheet: Any, cell: str, value: Any, styles: Styles) -> None:
    if value is None:
        sheet.write_blank(cell, None, styles("input"))
    elif isinstance(value, str):
        sheet.write_string(cell, safe_text(value), styles("result", text_wrap=True))
    elif isinstance(value, int | float):
        sheet.write_number(cell, value, styles("result", num_format="General"))
    else:
        sheet.write_datetime(cell, value, styles.day("result"))


def _notice(sheet: Any, styles: Styles, form: Template, result: Result, empty: list[str], language: Language) -> None:
    """The first sheet: what this file is, whose the labels are, and what is left empty."""
    sheet.set_column("A:A", 110)
    lines = [(bilingual(form.title, language), "title")]
    lines += [(bilingual(said, language).format(edition=form.edition), "wrapped") for said in form.notice]
    lines.append((f"{result.method.id} · {result.method.document.number} · {result.case.period}", "wrapped"))
    lines.append((form.source, "note"))
    lines.append((bilingual(form.empty, language), "subtitle"))
    lines += [(item, "text") for item in empty]
    for row, (text, look) in enumerate(lines):
        sheet.write_string(row, 0, safe_text(text), styles(look))
