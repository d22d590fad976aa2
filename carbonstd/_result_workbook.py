"""The result workbook: a summary to print, the calculation as live formulas with values, findings, and the lock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from carbonstd._errors import LockError
from carbonstd._findings import OTHER_LANGUAGE, Finding, Language, finding
from carbonstd._lock import check_lock
from carbonstd._result import Result
from carbonstd._result_factors import write_factors
from carbonstd._result_layout import Layout
from carbonstd._result_rows import RowSheet
from carbonstd._result_sheets import Writer, write_equations, write_keys, write_working
from carbonstd._result_summary import SEVERITY_TEXT, write_summary
from carbonstd._workbook_style import Styles, bilingual, new_workbook, safe_text, text_width

LOCK_SHEET, LOCK_MARK, LOCK_CHUNK = "carbonstd-lock", "carbonstd lock", 30_000
FINDING_HEADS = (
    {"zh": "级别", "en": "Severity"},
    {"zh": "代码", "en": "Code"},
    {"zh": "位置", "en": "Place"},
    {"zh": "发现", "en": "Found"},
    {"zh": "应为", "en": "Expected"},
    {"zh": "处理", "en": "Remedy"},
    {"zh": "条款", "en": "Clause"},
)


def write_result(result: Result, path: Path, language: Language) -> None:
    """Write the workbook of a result. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, result.case.as_of) as book:
        book.set_calc_mode("auto")
        layout = Layout(result, language)
        writer = Writer(book, layout, Styles(book))
        pages = {name: book.add_worksheet(title) for name, title in _titles(layout).items()}
        for sheet in layout.grids:
            RowSheet(writer, sheet, pages[sheet]).write()
        if layout.blocks:
            write_keys(writer, pages["keys"])
        if any(result._run.working.values()):
            write_working(writer, pages["working"])
        write_equations(writer, pages["equations"])
        write_factors(writer, pages["factors"])
        _findings(writer, pages["findings"])
        write_summary(writer, pages["summary"])
        _lock(book, result.lock)


def read_lock_from_workbook(path: Path) -> dict[str, Any]:
    """The lock a result workbook carries, checked. Raises LockError where there is none or it was altered."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        if LOCK_SHEET not in book.sheetnames:
            raise LockError(findings=[finding("lock-incomplete", str(path))])
        rows = [str(row[0] or "") for row in book[LOCK_SHEET].iter_rows(max_col=1, values_only=True)]
    finally:
        book.close()
    try:
        if rows[:1] != [LOCK_MARK]:
            raise ValueError(LOCK_MARK)
        lock = json.loads("".join(rows[1:]))
    except ValueError:
        raise LockError(findings=[finding("lock-altered", str(path))]) from None
    return check_lock(lock)


def _titles(layout: Layout) -> dict[str, str]:
    """Sheets in the order of their tabs."""
    titles = {"summary": layout.titles["summary"], **{name: grid.title for name, grid in layout.grids.items()}}
    if layout.blocks:
        titles["keys"] = layout.titles["keys"]
    if any(layout.run.working.values()):
        titles["working"] = layout.titles["working"]
    return {**titles, **{name: layout.titles[name] for name in ("equations", "factors", "findings")}}


def _findings(w: Writer, page: Any) -> None:
    """All findings, worst first; the right-hand column says each in the other language."""
    other = OTHER_LANGUAGE[w.language]
    w.title(page, "提示 Findings" if w.language == "zh" else "Findings 提示")
    heads = [bilingual(head, w.language) for head in FINDING_HEADS] + ["English" if other == "en" else "中文"]
    widths = (11, 20, 30, 44, 32, 40, 16, 70)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        page.write_string(2, column, head, w.styles("header"))
        page.set_column(column, column, width)
    page.set_row(2, 32)
    order = ["error", "warning", "note"]
    for row, item in enumerate(sorted(w.result.findings, key=lambda found: order.index(str(found.severity))), start=3):
        cells = _finding_cells(item, w.language, other)
        look = "error" if str(item.severity) == "error" else "result"
        page.write_string(row, 0, SEVERITY_TEXT[str(item.severity)][w.language], w.styles(look, valign="top"))
        for column, text in enumerate(cells, start=1):
            page.write_string(row, column, safe_text(text), w.styles("result", text_wrap=True, valign="top"))
        lines = max(-(-text_width(text) // (width - 1)) for text, width in zip(cells, widths[1:], strict=True))
        page.set_row(row, 14 * max(lines, 1) + 4)
    w.page(page, (2, 2), (3, 0))


def _finding_cells(item: Finding, language: Language, other: Language) -> list[str]:
    own = [item.found(language), item.expected(language), item.remedy(language)]
    return [item.code, item.place, *own, item.clause, item.message(other).removeprefix(f"{item.place}: ")]


def _lock(book: Any, lock: dict[str, Any]) -> None:
    """The lock as JSON, in pieces a cell can hold, on a hidden sheet."""
    page = book.add_worksheet(LOCK_SHEET)
    page.hide()
    text = json.dumps(lock, ensure_ascii=True, sort_keys=True)
    page.write_string(0, 0, LOCK_MARK)
    for index in range(0, len(text), LOCK_CHUNK):
        page.write_string(1 + index // LOCK_CHUNK, 0, text[index : index + LOCK_CHUNK])
