"""The operator's emissions report of the definitive period as a list of items, for its own form was not seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._cbam.facts import Facts, facts
from carbonstd._cbam.map import template
from carbonstd._cbam.template import METHOD, marks, put, told
from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._layout import Line
from carbonstd._result.formats import Written
from carbonstd._workbook.style import Paper, Styles, new_workbook, safe_text
from carbonstd._yaml import load_file

if TYPE_CHECKING:
    from carbonstd._cbam.sheets import Record
    from carbonstd._findings import Language
    from carbonstd._result.result import Result

_ITEMS = Path(__file__).with_name("report.yaml")
_COLUMNS, _WIDTH = 9, 20


def write(result: Result, path: Path, language: Language) -> Written:
    """Write the list as a workbook. Raises CaseError where the case is no installation of the definitive period."""
    if result.method.family != METHOD or result.method.document.until is not None:
        raise CaseError(findings=[finding("cbam-report-method", result.method.id, method=result.method.id)])
    items, filled = load_file(_ITEMS), facts(result)
    with new_workbook(path, result.case.as_of, str(items["title"][language])) as book:
        page, styles = book.add_worksheet("carbonstd"), Styles(book)
        page.set_column(0, _COLUMNS - 1, _WIDTH)
        Paper.for_width(_COLUMNS * _WIDTH).lay(page)
        page.write_string(0, 0, str(items["title"][language]), styles("title"))
        row = 1
        notice = [(str(said[language]), "wrapped") for said in items["notice"]]
        name = (f"{result.method.id} · {result.case.period}", "wrapped")
        for text, look in (*marks(result, template(), language), *notice, name):
            page.merge_range(row, 0, row, _COLUMNS - 1, safe_text(text), styles(look))
            page.set_row(row, 42 if len(text) > _COLUMNS * _WIDTH // 2 else 15)
            row += 1
        for section in items["sections"]:
            row = _section(page, styles, section, _records(filled, str(section["of"])), row + 1, language)
    said = {"path": path}
    note = finding("cbam-report-list", result.method.id)
    return Written((*told(result), note), (Line(str(items["written"][language]).format(**said)),))


def _records(filled: Facts, name: str) -> list[Record]:
    return [filled.fields] if name == "fields" else list(filled.records[name])


def _section(page: Any, styles: Styles, section: Any, records: list[Record], row: int, language: Language) -> int:
    """A section: its title with the article, a line of headings, a line a record. The row after it."""
    page.write_string(row, 0, f"{section['title'][language]} · {section['article']}", styles("subtitle"))
    columns = section["columns"]
    for number, label in enumerate(columns.values()):
        page.write_string(row + 1, number, str(label[language]), styles("header"))
    page.set_row(row + 1, 28)
    for line, record in enumerate(records, row + 2):
        for number, name in enumerate(columns):
            put(page, (line, number), record.get(str(name)), styles)
    return row + 2 + len(records)
