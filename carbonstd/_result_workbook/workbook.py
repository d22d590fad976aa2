"""The result workbook: a summary to print, the calculation as live formulas with values, findings, and the lock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from carbonstd._errors import by_severity
from carbonstd._findings import OTHER_LANGUAGE, Finding, Language, first_of_each
from carbonstd._naming import names_of
from carbonstd._result.result import Result
from carbonstd._result_workbook.factors import write_factors
from carbonstd._result_workbook.layout import Layout
from carbonstd._result_workbook.lock import write_lock
from carbonstd._result_workbook.rows import RowSheet
from carbonstd._result_workbook.sheets import Writer, write_equations, write_keys, write_working
from carbonstd._result_workbook.summary import write_summary
from carbonstd._result_workbook.uncertainty import write_uncertainty
from carbonstd._wording import SEVERITY_TEXT
from carbonstd._workbook.stream import streamed_sheet
from carbonstd._workbook.style import Styles, bilingual, new_workbook, safe_text, text_width

FINDING_HEADS = (
    {"zh": "级别", "en": "Severity"},
    {"zh": "代码", "en": "Code"},
    {"zh": "位置", "en": "Place"},
    {"zh": "发现", "en": "Found"},
    {"zh": "应为", "en": "Expected"},
    {"zh": "处理", "en": "Remedy"},
    {"zh": "条款", "en": "Clause"},
)

_LISTED = 1000  # findings of one code
_MORE = {"zh": "另有 {count} 条同类提示，--json 列出全部", "en": "{count} more of this code; --json lists all"}


def write_result(result: Result, path: Path, language: Language) -> None:
    """Write the workbook of a result. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, result.case.as_of) as book:
        book.set_calc_mode("auto")
        layout = Layout(result, language)
        writer = Writer(book, layout, Styles(book))
        pages = {name: _page(book, layout, name, title) for name, title in _titles(layout).items()}
        for sheet in layout.grids:
            RowSheet(writer, sheet, pages[sheet]).write()
        if layout.blocks:
            write_keys(writer, pages["keys"])
        if any(result._run.working.values()):
            write_working(writer, pages["working"])
        write_equations(writer, pages["equations"])
        write_factors(writer, pages["factors"])
        if result.intervals:
            write_uncertainty(writer, pages["uncertainty"], result.intervals)
        _findings(writer, pages["findings"])
        write_summary(writer, pages["summary"])
        write_lock(book, result.lock, layout)


def _page(book: Any, layout: Layout, name: str, title: str) -> Any:
    grid = layout.grids.get(name)
    return book.add_worksheet(title) if grid is None or grid.live else streamed_sheet(book, title)


def _titles(layout: Layout) -> dict[str, str]:
    """Sheets in the order of their tabs."""
    titles = {"summary": layout.titles["summary"], **{name: grid.title for name, grid in layout.grids.items()}}
    if layout.blocks:
        titles["keys"] = layout.titles["keys"]
    if any(layout.run.working.values()):
        titles["working"] = layout.titles["working"]
    last = ("equations", "factors", *(["uncertainty"] if layout.result.intervals else []), "findings")
    return {**titles, **{name: layout.titles[name] for name in last}}


def _findings(w: Writer, page: Any) -> None:
    """The findings, worst first and at most a thousand of a code; the right-hand column has the other language."""
    other = OTHER_LANGUAGE[w.language]
    w.title(page, "提示 Findings" if w.language == "zh" else "Findings 提示")
    heads = [bilingual(head, w.language) for head in FINDING_HEADS] + ["English" if other == "en" else "中文"]
    widths = (11, 20, 30, 44, 32, 40, 16, 70)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        page.write_string(2, column, head, w.styles("header"))
        page.set_column(column, column, width)
    page.set_row(2, 32)
    kept, left = first_of_each(by_severity(w.result.findings), _LISTED)
    for row, item in enumerate(names_of(w.result).findings(kept), start=3):
        cells = _finding_cells(item, w.language, other)
        look = "error" if str(item.severity) == "error" else "result"
        page.write_string(row, 0, SEVERITY_TEXT[str(item.severity)][w.language], w.styles(look, valign="top"))
        for column, text in enumerate(cells, start=1):
            page.write_string(row, column, safe_text(text), w.styles("result", text_wrap=True, valign="top"))
        lines = max(-(-text_width(text) // (width - 1)) for text, width in zip(cells, widths[1:], strict=True))
        page.set_row(row, 14 * max(lines, 1) + 4)
    for row, (code, count) in enumerate(left.items(), start=3 + len(kept)):
        page.write_string(row, 1, code, w.styles("result"))
        page.write_string(row, 3, _MORE[w.language].format(count=count), w.styles("result", text_wrap=True))
    w.page(page, (2, 2), (3, 0), sum(widths))


def _finding_cells(item: Finding, language: Language, other: Language) -> list[str]:
    own = [item.found(language), item.expected(language), item.remedy(language)]
    said = item.message(other).removeprefix(f"{item.place_text(other)}: ")
    return [item.code, item.place_text(language), *own, item.clause, said]
