"""Filled forms as a workbook: a cover that says what they are, a sheet for each table, and the findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import by_severity
from carbonstd._findings import OTHER_LANGUAGE, Language
from carbonstd._forms.filled import Cell, FilledForm, FilledTable, Line, State
from carbonstd._result.statement import statement
from carbonstd._wording import EVIDENCE_TEXT, SEVERITY_TEXT
from carbonstd._workbook.style import (
    PALE_INK,
    Paper,
    Styles,
    bilingual,
    new_workbook,
    safe_text,
    sheet_title,
    text_width,
)

_TEXTS: Mapping[str, Bilingual] = {
    "cover": {"zh": "封面", "en": "Cover"},
    "findings": {"zh": "提示", "en": "Findings"},
    "entity": {"zh": "报告主体", "en": "Entity"},
    "period": {"zh": "报告期", "en": "Period"},
    "document": {"zh": "依据文件", "en": "Document"},
    "method": {"zh": "核算方法", "en": "Method"},
    "evidence": {"zh": "表格证据", "en": "Evidence of the forms"},
    "source": {"zh": "表格出处", "en": "Source of the forms"},
    "missing": {"zh": "缺失数据", "en": "Missing data"},
    "marks": {"zh": "符号", "en": "Marks"},
    "legend": {
        "zh": "“—” 没有数据（不按零计）；“/” 不适用或没有数值；黄色单元格由企业填写。",
        "en": "“—” no data (not zero); “/” does not apply or has no figure; yellow cells are filled in by hand.",
    },
    "rounding": {"zh": "修约", "en": "Rounding"},
    "rounded": {
        "zh": "各单元格分别修约；末列（全年或报告期合计）按未修约的各月数值计算，不是各月修约值之和。",
        "en": "Each cell is rounded for itself; the last column comes from unrounded months, not from printed ones.",
    },
    "tables": {"zh": "表格", "en": "Tables"},
    "statement": {"zh": "说明", "en": "What this is"},
    "empty": {"zh": "算例中没有本表的数据。", "en": "The case holds no data of this table."},
    "severity": {"zh": "级别", "en": "Severity"},
    "code": {"zh": "代码", "en": "Code"},
    "found": {"zh": "内容", "en": "Finding"},
}  # fmt: skip
_MONTH_WIDTH, _TAIL_WIDTH, _TALL = 12, 14, 15
_WIDEST_LEAD, _WIDEST_TAIL = 40, 30
_COVER = (30, 110)


def write_forms(form: FilledForm, path: Path, language: Language) -> None:
    """Write the workbook. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, form.result.case.as_of, form.title[language]) as book:
        _Writer(book, form, language).write()


class _Writer:
    def __init__(self, book: Any, form: FilledForm, language: Language) -> None:
        self.book, self.form, self.language = book, form, language
        self.styles = Styles(book)
        self.taken: set[str] = set()

    def write(self) -> None:
        cover = self._page(self._text("cover"))
        for table in self.form.tables:
            self._table(self._page(f"{table.clause} {table.title[self.language]}"), table)
        self._findings(self._page(self._text("findings")))
        self._cover(cover)
        cover.activate()

    def _page(self, title: str) -> Any:
        page = self.book.add_worksheet(sheet_title(title, self.taken))
        page.hide_gridlines(2)
        return page

    def _text(self, name: str) -> str:
        return bilingual(_TEXTS[name], self.language, " ")

    def _cover(self, page: Any) -> None:
        form, case, styles = self.form, self.form.result.case, self.styles
        for column, width in enumerate(_COVER):
            page.set_column(column, column, width)
        page.write_string(0, 0, bilingual(form.title, self.language, "  "), styles("title"))
        page.set_row(0, 28)
        document = f"{form.document} {form.clause[self.language]}"
        rows = [
            ("entity", f"{case.title(self.language)}  {case.entity.get('code', '')}".strip()),
            ("period", str(case.period)),
            ("document", document),
            ("method", f"{form.result.method.id} {form.result.method.title[self.language]}"),
            ("evidence", EVIDENCE_TEXT[form.evidence][self.language] if form.evidence else ""),
            ("source", form.source[self.language]),
            ("missing", form.missing[self.language]),
            ("marks", _TEXTS["legend"][self.language]),
            ("rounding", _TEXTS["rounded"][self.language]),
            ("tables", "\n".join(f"{table.clause} {table.title[self.language]}" for table in form.tables)),
            ("statement", statement(form.result, self.language)),
        ]
        for row, (name, text) in enumerate(((name, text) for name, text in rows if text), start=2):
            page.write_string(row, 0, self._text(name), styles("label"))
            page.write_string(row, 1, safe_text(text), styles("result", text_wrap=True, valign="vcenter"))
            page.set_row(row, max(20, _needed(text, _COVER[1]) * _TALL + 4))
        Paper.for_width(sum(_COVER)).lay(page)

    def _table(self, page: Any, table: FilledTable) -> None:
        styles = self.styles
        title = f"{table.clause} {bilingual(table.title, self.language, '  ')}"
        page.write_string(0, 0, title, styles("title"))
        page.write_string(
            1, 0, f"{self.form.result.case.title(self.language)}  {self.form.result.case.period}", styles("note")
        )
        page.set_row(0, 28)
        heads = [bilingual(head, self.language) for head in table.leads]
        one_year = len({month[:4] for month in table.months}) == 1
        heads += [_month_head(month, one_year, self.language) for month in table.months]
        heads += [bilingual(head, self.language) for head in (table.last, *table.tails) if head]
        for column, head in enumerate(heads):
            page.write_string(3, column, head, styles("header"))
        widths = self._widths(table)
        tall = max(_needed(head, width) for head, width in zip(heads, widths, strict=True))
        page.set_row(3, tall * _TALL + 4)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        row = self._body(page, table, widths)
        for note in ([] if table.lines else [_TEXTS["empty"]]) + list(table.notes):
            row = self._note(page, row, note[self.language], widths)
        page.freeze_panes(4, len(table.leads))
        page.repeat_rows(3)
        Paper.for_width(sum(widths)).lay(page, len(table.leads))

    def _body(self, page: Any, table: FilledTable, widths: Sequence[float]) -> int:
        """The lines of a table; what is the same as above is pale. The row below them."""
        above: tuple[Bilingual, ...] = ()
        for row, line in enumerate(table.lines, start=4):
            for column, text in enumerate(line.leads):
                again = column < table.axes and above[: column + 1] == line.leads[: column + 1]
                look = {"font_color": PALE_INK} if again else {}
                style = self.styles("result", text_wrap=True, valign="vcenter", **look)
                page.write_string(row, column, safe_text(text[self.language]), style)
            for column, cell in enumerate(table.cells(line), start=len(line.leads)):
                self._cell(page, row, column, cell, bool(line.months) and column == len(line.leads) + len(line.months))
            page.set_row(row, max(18, self._height(table, line, widths)))
            above = line.leads
        return 4 + len(table.lines)

    def _cell(self, page: Any, row: int, column: int, cell: Cell, year: bool) -> None:
        if cell.state is State.BY_HAND:
            page.write_blank(row, column, None, self.styles("input"))
        elif cell.exact is not None and cell.state is State.GIVEN:
            digits = max(0, -int(cell.number.as_tuple().exponent)) if cell.number is not None else None
            pattern = "#,##0.######" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
            look = self.styles("total" if year else "result", num_format=pattern, valign="vcenter")
            page.write_number(row, column, float(cell.exact if cell.number is None else cell.number), look)
        else:
            way = {"align": "center"} if cell.state is not State.GIVEN else {"text_wrap": True}
            style = self.styles("result", valign="vcenter", **way)
            page.write_string(row, column, safe_text(cell.printed(self.language)), style)

    def _widths(self, table: FilledTable) -> list[float]:
        """Wide enough for what is printed; texts wrap where they would be wider than a column may be."""
        language, lines = self.language, table.lines
        leads = [
            self._fitting([bilingual(head, language), *(line.leads[at][language] for line in lines)], 6, _WIDEST_LEAD)
            for at, head in enumerate(table.leads)
        ]
        numbers = [cell.printed(language) for line in lines for cell in line.months if cell.exact is not None]
        months = [self._fitting(numbers, _MONTH_WIDTH, _WIDEST_LEAD)] * len(table.months)
        last = self._fitting([line.year.printed(language) for line in lines], _MONTH_WIDTH + 2, _WIDEST_LEAD)
        tails = [
            self._fitting([line.tails[at].printed(language) for line in lines], _TAIL_WIDTH, _WIDEST_TAIL)
            for at in range(len(table.tails))
        ]
        years = [last if table.months else _WIDEST_LEAD] if table.last else []
        return [*leads, *months, *years, *tails]

    def _fitting(self, texts: Sequence[str], least: float, most: float) -> float:
        return min(max([least, *(text_width(text) + 1.5 for text in texts)]), most)

    def _height(self, table: FilledTable, line: Line, widths: Sequence[float]) -> float:
        texts = [text[self.language] for text in line.leads]
        texts += [cell.printed(self.language) if cell.text else "" for cell in table.cells(line)]
        return max(_needed(text, width) for text, width in zip(texts, widths, strict=True)) * _TALL + 3

    def _note(self, page: Any, row: int, text: str, widths: Sequence[float]) -> int:
        style = self.styles("wrapped", font_color=PALE_INK)
        if len(widths) > 1:
            page.merge_range(row, 0, row, len(widths) - 1, safe_text(text), style)
        else:
            page.write_string(row, 0, safe_text(text), style)
        page.set_row(row, _needed(text, sum(widths)) * _TALL + 4)
        return row + 1

    def _findings(self, page: Any) -> None:
        """All findings, worst first, in both languages."""
        other, widths = OTHER_LANGUAGE[self.language], (16, 24, 88, 88)
        page.write_string(0, 0, self._text("findings"), self.styles("title"))
        heads = [*(self._text(name) for name in ("severity", "code", "found")), "English" if other == "en" else "中文"]
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            page.write_string(2, column, head, self.styles("header"))
            page.set_column(column, column, width)
        for row, item in enumerate(by_severity(self.form.all_findings()), start=3):
            severity = SEVERITY_TEXT[str(item.severity)][self.language]
            cells = [severity, item.code, item.message(self.language), item.message(other)]
            for column, text in enumerate(cells):
                page.write_string(row, column, safe_text(text), self.styles("result", text_wrap=True, valign="top"))
            page.set_row(row, max(_needed(text, width) for text, width in zip(cells, widths, strict=True)) * _TALL + 3)
        page.freeze_panes(3, 0)
        page.repeat_rows(2)
        Paper.for_width(sum(widths)).lay(page)


def _month_head(month: str, whole_year: bool, language: Language) -> str:
    """`2023-01` as 1月 where all months are of one year."""
    year, number = month.split("-")
    if language == "en":
        return month
    return f"{int(number)}月" if whole_year else f"{year}年{int(number)}月"


def _needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width."""
    return sum(max(1, -(-int(text_width(line)) // max(int(width) - 1, 1))) for line in text.split("\n"))
