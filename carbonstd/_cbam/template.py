"""A calculated installation in the sheets and cells of the communication template, as a workbook of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._cbam.facts import Facts, facts
from carbonstd._cbam.map import Page, Spot, Template, template
from carbonstd._errors import CaseError, by_severity
from carbonstd._findings import Finding, Severity, finding
from carbonstd._layout import Line
from carbonstd._naming import names_of
from carbonstd._result.formats import Written
from carbonstd._workbook.style import Paper, Styles, line_count, new_workbook, safe_text

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result.result import Result

METHOD = "cbam-installation"
_NOTICE = "carbonstd"
_WIDTHS = {0: 2, 1: 2, 2: 5, 3: 22, 4: 26}  # by column from 0
_WIDE, _NARROW, _LINE = 20, 3, 14
_PERCENT = "0.00####%"
_HEADS = 4  # so many labels in a row head a table


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
    return Written((*told(result), *_findings(result, form, empty)), (Line(form.written[language].format(path=path)),))


def told(result: Result) -> list[Finding]:
    """The errors, then the warnings of the calculation, in a reader's words: a file must not lose them."""
    named = names_of(result).findings(item for item in result.findings if item.severity is not Severity.NOTE)
    return by_severity(named)


def marks(result: Result, form: Template, language: Language) -> Iterator[tuple[str, str]]:
    """What marks a file of a case with errors or warnings, each line with its look."""
    for severity, head in ((Severity.ERROR, form.failed), (Severity.WARNING, form.warned)):
        found = [item for item in told(result) if item.severity is severity]
        if found:
            yield head[language], "subtitle"
        yield from ((item.message(language), "wrapped") for item in found)


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


def _cells(page: Page, filled: Facts) -> Iterator[tuple[Spot, str, bool, Any]]:
    """Every cell that is to be filled: where, its name, whether it is asked of this record, and its value or None."""
    for cell, name in page.fields.items():
        yield Spot.of(cell), name, True, filled.fields.get(name)
    for block in page.blocks:
        for number, record in enumerate(filled.records[block.of]):
            for spot, name in block.placed(number):
                yield spot, name, name in record, record.get(name)


def _empty(form: Template, filled: Facts) -> Iterator[str]:
    """What is asked and has no value, by sheet and label, with its cells."""
    for page in form.pages:
        labels = {(spot.row, spot.number): text for spot, text in _labels(page, filled)}
        found: dict[str, list[str]] = {}
        for spot, _, asked, value in _cells(page, filled):
            if asked and value is None:
                found.setdefault(_label_of(spot, labels), []).append(str(spot))
        yield from (f"{page.name}: {label} ({', '.join(cells)})" for label, cells in found.items())


def _label_of(spot: Spot, labels: Mapping[tuple[int, int], str]) -> str:
    """The label of a cell: the longest before it in its row, else the nearest above it."""
    before = [text for (row, number), text in labels.items() if row == spot.row and number < spot.number]
    above = {row: text for (row, number), text in labels.items() if row < spot.row and number == spot.number}
    return max(before, key=len) if before else above[max(above)] if above else str(spot)


def _write_page(sheet: Any, styles: Styles, page: Page, filled: Facts) -> None:
    """A sheet. What stands alone in its row runs over the cells beside it, and what heads a table is wrapped."""
    labels = list(_labels(page, filled))
    cells = list(_cells(page, filled))
    sheet.hide_gridlines(2)
    used = sorted({spot.number for spot, _ in labels} | {spot.number for spot, *_ in cells})
    widths = [_WIDTHS.get(number, _WIDE) for number in range(used[-1] + 1)]
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width if number in used or number < used[0] else _NARROW)
    Paper.for_width(sum(widths)).lay(sheet)
    in_row = Counter(spot.row for spot, _ in labels)
    heads = {row for row, count in in_row.items() if count >= _HEADS}
    for row in heads:
        lines = (line_count(text, widths[spot.number]) for spot, text in labels if spot.row == row)
        sheet.set_row(row - 1, _LINE * max(lines))
    for spot, text in labels:
        look = "title" if spot.column == "B" else "header" if spot.row in heads else "text"
        sheet.write_string(str(spot), safe_text(text), styles(look))
    for spot, name, _, value in cells:
        put(sheet, (spot.row - 1, spot.number), value, styles, _PERCENT if name in template().percent else "General")


def _labels(page: Page, filled: Facts) -> Iterator[tuple[Spot, str]]:
    yield from ((Spot.of(cell), text) for cell, text in page.labels.items())
    for block in page.blocks:
        for number in range(len(filled.records[block.of])):
            for cell, text in block.labels.items():
                yield Spot.of(cell).below(block.step * number), text


def put(sheet: Any, at: tuple[int, int], value: Any, styles: Styles, form: str = "General") -> None:
    """Write a value at a row and column from 0; what is missing stands as a cell to fill."""
    if value is None:
        sheet.write_blank(*at, None, styles("input"))
    elif isinstance(value, str):
        sheet.write_string(*at, safe_text(value), styles("result", text_wrap=True))
    elif isinstance(value, bool):
        sheet.write_boolean(*at, value, styles("result"))
    elif isinstance(value, int | float):
        sheet.write_number(*at, value, styles("result", num_format=form))
    else:
        sheet.write_datetime(*at, value, styles.day("result"))


def _notice(sheet: Any, styles: Styles, form: Template, result: Result, empty: list[str], language: Language) -> None:
    """The first sheet: what this file is, whose the labels are, and what is left empty."""
    sheet.set_column("A:A", 120)
    Paper.for_width(120).lay(sheet)
    lines = [(form.title[language], "title")]
    lines += [(said[language].format(edition=form.edition), "wrapped") for said in form.notice]
    lines.append((f"{result.method.id} · {result.method.document.number} · {result.case.period}", "wrapped"))
    lines.append((form.source[language], "wrapped"))
    lines += marks(result, form, language)
    lines.append((form.empty[language], "subtitle"))
    lines += [(item, "wrapped") for item in empty]
    for row, (text, look) in enumerate(lines):
        sheet.write_string(row, 0, safe_text(text), styles(look))
