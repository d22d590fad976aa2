"""The first sheet of a result workbook: what was computed, for whom, by which edition, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from carbonstd._definitions.line_words import bucket_text, category_text
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import OTHER_LANGUAGE, Language
from carbonstd._naming import names_of
from carbonstd._result.doubted import doubted
from carbonstd._result.line_value import LineValue
from carbonstd._result.panel import Across, Figure, across, filled_panels, label_of, unit_said
from carbonstd._result.statement import full_statement
from carbonstd._result_workbook.sheets import Writer, lines_of, result_format
from carbonstd._uncertainty.text import interval_text, level_text
from carbonstd._units import unit_text
from carbonstd._wording import GRADE_TEXT, NOT_REPORTED, SEVERITY_TEXT, STATUS_TEXT, paper_title
from carbonstd._workbook.style import BLUE, Paper, bilingual, safe_text, text_width

TEXTS: dict[str, Bilingual] = {
    "entity": {"zh": "核算主体", "en": "Entity"},
    "code": {"zh": "统一社会信用代码", "en": "Credit code"},
    "period": {"zh": "核算期", "en": "Period"},
    "as_of": {"zh": "截至日", "en": "As of"},
    "document": {"zh": "依据文件", "en": "Document"},
    "method": {"zh": "方法与版本", "en": "Method and edition"},
    "gases": {"zh": "气体与GWP", "en": "Gases and GWP"},
    "boundary": {"zh": "核算边界", "en": "Boundary"},
    "no_gwp": {"zh": "不涉及GWP换算", "en": "no GWP conversion"},
    "totals": {"zh": "总量", "en": "Totals"},
    "rests": {
        "zh": "数据依据（占主总量各加项绝对值的比例）",
        "en": "What it rests on (share of the main total's addends)",
    },
    "findings": {"zh": "提示条数", "en": "Findings"},
    "largest": {"zh": "最大的三项", "en": "Three largest lines"},
    "lines": {"zh": "报告项", "en": "Report lines"},
    "verdicts": {"zh": "判定", "en": "Verdicts"},
    "conditions": {"zh": "判定条件", "en": "Conditions"},
    "statement": {"zh": "说明", "en": "What this is"},
}
LINE_HEADS = (
    {"zh": "报告项", "en": "Line"},
    {"zh": "数值", "en": "Value"},
    {"zh": "单位", "en": "Unit"},
    {"zh": "计入总量", "en": "In total"},
    {"zh": "数据状态", "en": "Status"},
    {"zh": "归类", "en": "Bucket"},
    {"zh": "范围", "en": "Scope"},
    {"zh": "类别", "en": "Category"},
    {"zh": "ISO 14064-1", "en": "ISO 14064-1"},
    {"zh": "报告表", "en": "Table"},
    {"zh": "标识", "en": "Id"},
)
VERDICT_HEADS = (
    {"zh": "指标", "en": "Indicator"},
    {"zh": "数值", "en": "Value"},
    {"zh": "单位", "en": "Unit"},
    {"zh": "等级", "en": "Level"},
    {"zh": "限值", "en": "Limit"},
    {"zh": "差距", "en": "Distance"},
    {"zh": "判定", "en": "Judgement"},
    {"zh": "性质", "en": "Grade"},
    {"zh": "条款", "en": "Clause"},
)
_FIGURES = 4  # name, value, unit and what counts stand before the words of a line
WIDTHS = (48, 16, 11, 16, 12, 20, 12, 22, 13, 16, 26)
LAST = len(WIDTHS) - 1
_SHRUNK = 1.2  # how many times more than its width lets on a page may be shrunk to one
BESIDE = 6  # the column of what stands to the right of totals and shares


def write_summary(w: Writer, page: Any) -> None:
    """Write the sheet; totals and lines refer to the equations' cells."""
    _Summary(w, page).write()


class _Summary:
    def __init__(self, w: Writer, page: Any) -> None:
        self.w, self.page, self.result = w, page, w.result
        self.row = self.top = self.first_line = 0

    def write(self) -> None:
        w, page = self.w, self.page
        for column, width in enumerate(WIDTHS):
            page.set_column(column, column, width)
        w.title(page, bilingual(paper_title("result", w.method.level, bool(w.method.gases)), w.language, "  "))
        self.row = 1
        self._head()
        self._totals()
        if self.result.lines:
            self._largest()
        self._rests_on()
        self._findings()
        if self.result.lines:
            self._lines()
        self._verdicts()
        self._conditions()
        self._panels()
        self._statement()
        high = self._chart()
        w.page(page)
        if Paper.for_width(sum(WIDTHS)).height * _SHRUNK >= 15 * self.row + high:
            page.fit_to_pages(1, 1)  # what is longer goes over several pages, as wide as the paper
        page.activate()

    def _text(self, name: str) -> str:
        return bilingual(TEXTS[name], self.w.language, " ")

    def _section(self, name: str, column: int = 0) -> None:
        """A heading; one in a column to the right starts beside what was written last."""
        self.row = self.row + 1 if not column else self.top
        self._titled(self._text(name), column)

    def _titled(self, text: str, column: int = 0) -> None:
        self.top = self.row
        self.page.write_string(self.row, column, safe_text(text), self.w.styles("subtitle"))
        self.row += 1

    def _head(self) -> None:
        case, method = self.result.case, self.result.method
        document = method.document
        dates = "; ".join(
            f"{word} {day}" for word, day in (("issued", document.issued), ("in force", document.in_force)) if day
        )
        name = case.entity.get("name", case.name)
        both = bilingual(name, self.w.language, "  ") if hasattr(name, "get") else str(name)
        pairs = [
            ("entity", both),
            ("code", str(case.entity.get("code", ""))),
            ("period", str(case.period)),
            ("as_of", str(case.as_of)),
            ("document", f"{document.number}  {bilingual(method.title, self.w.language, '  ')}  {dates}".strip()),
            ("method", method.id),
            ("gases", f"{', '.join(method.gases)}; {self._gwp()}" if method.gases else ""),
            ("boundary", method.boundary.get(self.w.language, "")),
        ]
        for key, text in pairs:
            if text:
                self.page.write_string(self.row, 0, self._text(key), self.w.styles("label"))
                form = self.w.styles("result", text_wrap=True, valign="vcenter", align="left")
                self.page.merge_range(self.row, 1, self.row, LAST, safe_text(text), form)
                self.page.set_row(self.row, 15 * -(-text_width(text) // (sum(WIDTHS[1:]) - 6)) + 3)
                self.row += 1

    def _gwp(self) -> str:
        segments = (item for items in self.result._run.segments.values() for item in items)
        tables = [item.table for item in segments if item.table.rows]
        used = [table.id for table in tables if table.id.startswith("gwp/")]
        return f"GWP {', '.join(used)}" if used else bilingual(TEXTS["no_gwp"], self.w.language, " ")

    def _totals(self) -> None:
        self._section("totals")
        for item in self.result.total_lines:
            primary = item.line.id == self.result.primary_line.id
            size = {"font_size": 18 if primary else 12, "bold": True, "valign": "vcenter"}
            label = bilingual(item.line.label, self.w.language)
            self.page.write_string(self.row, 0, label, self.w.styles("label"))
            form = self.w.styles("total", num_format=_format(item), align="right", **size)
            self.page.merge_range(self.row, 1, self.row, 2, "", form)
            self._reference(self.row, 1, item, form)
            unit = unit_text(self.result.method.equations[item.line.equation].unit, self.w.language)
            self.page.write_string(self.row, 3, unit, self.w.styles("total", **size, indent=1))
            self._interval(item)
            self.page.set_row(self.row, max(36, 15 * lines_of(label, WIDTHS[0]) + 3))
            self.row += 1
        for told in doubted(self.result):
            text = bilingual(told, self.w.language)
            form = self.w.styles("error", text_wrap=True, valign="vcenter")
            self.page.merge_range(self.row, 0, self.row, BESIDE - 1, safe_text(text), form)
            self.page.set_row(self.row, 15 * lines_of(text, sum(WIDTHS[:BESIDE])) + 3)
            self.row += 1

    def _interval(self, item: LineValue) -> None:
        """The 95 % interval of a total, beside it."""
        if self.result.intervals is None or not item.reported:
            return
        found = self.result.intervals
        text = interval_text(found.figures[item.line.id].interval, self.w.language)
        form = self.w.styles("total", bold=False, text_wrap=True, valign="vcenter", font_size=9)
        self.page.merge_range(self.row, 4, self.row, 5, f"{text} ({level_text(found, self.w.language)})", form)

    def _reference(self, row: int, column: int, item: LineValue, form: Any) -> None:
        if not item.reported:
            self.page.write_string(row, column, NOT_REPORTED, form)
            return
        text = self.w.layout.total(item.line.equation, self.page.name)
        self.page.write_formula(row, column, f"={text}", form, item.value)

    def _largest(self) -> None:
        """The three largest lines, to the right of the totals."""
        below = self.row
        self._section("largest", BESIDE)
        for item in (line for line in self.result.largest() if line.reported):
            label = bilingual(item.line.label, self.w.language)
            form = self.w.styles("result", text_wrap=True, valign="vcenter")
            self.page.merge_range(self.row, BESIDE, self.row, BESIDE + 2, label, form)
            self._reference(
                self.row, BESIDE + 3, item, self.w.styles("result", num_format=_format(item), valign="vcenter")
            )
            unit = unit_text(self.result.method.equations[item.line.equation].unit, self.w.language)
            self.page.write_string(self.row, BESIDE + 4, unit, self.w.styles("result", valign="vcenter", indent=1))
            self.row += 1
        self.row = max(below, self.row)

    def _rests_on(self) -> None:
        """The share of the main total by status of its addends."""
        self._section("rests")
        always = ("measured", "entered", "default", "assumed")
        shares = {name: share for name, share in self.result.shares.items() if share or name in always}
        for column, (name, share) in enumerate(shares.items()):
            look = "error" if name == "assumed" and share else "result"
            text = bilingual(STATUS_TEXT[name], self.w.language, " ")
            self._counted(column, text, share, self.w.styles(look, num_format="0.0%", align="center"))
        self.row += 2

    def _findings(self) -> None:
        self._section("findings", BESIDE)
        counts = Counter(str(item.severity) for item in self.result.findings)
        for column, (name, texts) in enumerate(SEVERITY_TEXT.items(), start=BESIDE):
            look = "error" if name == "error" and counts[name] else "result"
            self._counted(
                column, bilingual(texts, self.w.language, " "), counts[name], self.w.styles(look, align="center")
            )
        self.row += 2

    def _counted(self, column: int, text: str, value: float, form: Any) -> None:
        self.page.write_string(self.row, column, text, self.w.styles("header"))
        self.page.write_number(self.row + 1, column, value, form)
        self.page.set_row(self.row, 30)

    def _lines(self) -> None:
        self._section("lines")
        w, page = self.w, self.page
        page.set_row(self.row, 32)
        rest = [_named(item, w.language) for item in self.result.lines]
        filled = [place for place in range(len(rest[0])) if any(texts[place] for texts in rest)]
        heads = [*LINE_HEADS[:_FIGURES], *(LINE_HEADS[_FIGURES + place] for place in filled)]
        for column, head in enumerate(heads):
            page.write_string(self.row, column, bilingual(head, w.language), w.styles("header"))
        self.row += 1
        self.first_line = self.row
        for item, texts in zip(self.result.lines, rest, strict=True):
            self._line(item, [texts[place] for place in filled])
            self.row += 1

    def _line(self, item: LineValue, named: Sequence[str]) -> None:
        w, page, line, row = self.w, self.page, item.line, self.row
        page.write_string(row, 0, bilingual(line.label, w.language, " "), w.styles("result"))
        form = w.styles("result", num_format=_format(item), align="right")
        self._reference(row, 1, item, form)
        page.write_string(
            row, 2, unit_text(w.method.equations[line.equation].unit, w.language), w.styles("result", indent=1)
        )
        if line.memo:
            page.write_string(
                row, 3, "备忘 memo" if w.language == "zh" else "memo 备忘", w.styles("result", align="right")
            )
        elif not item.reported:
            page.write_string(row, 3, NOT_REPORTED, form)
        else:
            sign = "-" if line.sign < 0 else ""
            page.write_formula(row, 3, f"={sign}B{row + 1}", form, line.sign * item.value)
        for column, text in enumerate(named, start=_FIGURES):
            page.write_string(row, column, safe_text(text), w.styles("result", indent=1, text_wrap=True))
        high = max(-(-text_width(text) // (WIDTHS[column] - 1)) for column, text in enumerate(named, start=_FIGURES))
        if high > 1:
            page.set_row(row, 15 * high)

    def _verdicts(self) -> None:
        """Indicators against their limits, level by level; judged in fractions, so these are values."""
        if not self.result.verdicts:
            return
        w, page = self.w, self.page
        self._section("verdicts")
        page.set_row(self.row, 32)
        for column, head in enumerate(VERDICT_HEADS):
            page.write_string(self.row, column, bilingual(head, w.language), w.styles("header"))
        self.row += 1
        for verdict in self.result.verdicts:
            for item in verdict.levels:
                look = {"met": "good", "not_met": "error", "undecided": "error"}.get(str(item.judgement), "result")
                rule = verdict.rule
                w.row(page, self.row, 0, (bilingual(rule.label, w.language, " "), float(verdict.value)), "result")
                bound = ["—" if part is None else float(part) for part in (item.limit, item.distance)]
                level = verdict.named(item.level)[w.language]
                w.row(page, self.row, 2, (unit_text(rule.unit, w.language), level, *bound), "result", indent=1)
                w.row(page, self.row, 6, (verdict.said(item.judgement)[w.language],), look)
                w.row(page, self.row, 7, (GRADE_TEXT[verdict.grade][w.language], rule.clause), "result", indent=1)
                self.row += 1

    def _conditions(self) -> None:
        """What a decision looked at, in the order of the method."""
        if not self.result.conditions:
            return
        w, page, names = self.w, self.page, names_of(self.result)
        self._section("conditions")
        for item in self.result.conditions:
            look = {"met": "good", "not_met": "error"}.get(item.state, "result")
            w.row(page, self.row, 0, (bilingual(item.check.label, w.language, " "),), "result")
            w.row(page, self.row, 1, (item.said[w.language],), look)
            said = " · ".join(filter(None, (item.check.clause, names.looked_at(item, w.language))))
            page.write_string(self.row, 2, safe_text(said), w.styles("text"))
            self.row += 1

    def _panels(self) -> None:
        """What the method shows beside the totals, each figure where the equation stands."""
        w, page, names = self.w, self.page, names_of(self.result)
        for panel, figures in filled_panels(self.result):
            self.row += 1
            self._titled(bilingual(panel.title, w.language, " "))
            if panel.across:
                self._across(across(self.result, figures))
                continue
            for item in figures:
                page.write_string(self.row, 0, safe_text(item.named(names, w.language)), w.styles("result"))
                form = w.styles("result", num_format=result_format(np.array([item.value]), item.unit), align="right")
                text = w.layout.figure(item.equation.id, item.place, page.name)
                page.write_formula(self.row, 1, f"={text}", form, item.value)
                page.write_string(self.row, 2, unit_said(item.equation, w.language), w.styles("result", indent=1))
                self.row += 1

    def _across(self, held: Across) -> None:
        """A panel as one table, each figure where the equation stands."""
        w, page, names = self.w, self.page, names_of(self.result)
        units = [f" ({unit})" if (unit := unit_said(item, w.language)) else "" for item in held.equations]
        heads = [bilingual(head, w.language) for head in held.heads]
        heads += [
            bilingual(label_of(item), w.language) + unit for item, unit in zip(held.equations, units, strict=True)
        ]
        for column, head in enumerate(heads):
            page.write_string(self.row, column, safe_text(head), w.styles("header"))
        page.set_row(self.row, 75)
        self.row += 1
        forms = [self._column_format([figures[place] for _, figures in held.rows]) for place in range(len(units))]
        for labels, figures in held.rows:
            for column, label in enumerate(labels):
                page.write_string(self.row, column, safe_text(names.terms_in(label)[w.language]), w.styles("result"))
            for column, (item, form) in enumerate(zip(figures, forms, strict=True), len(labels)):
                if item is None:
                    page.write_string(self.row, column, NOT_REPORTED, form)
                    continue
                text = w.layout.figure(item.equation.id, item.place, page.name)
                page.write_formula(self.row, column, f"={text}", form, item.value)
            self.row += 1

    def _column_format(self, figures: Sequence[Figure | None]) -> Any:
        """One format for a column of a table, as its smallest figure needs it."""
        held = [abs(item.value) for item in figures if item and item.value]
        unit = next((item.unit for item in figures if item), "")
        return self.w.styles(
            "result", num_format=result_format(np.array([min(held, default=0.0)]), unit), align="right"
        )

    def _statement(self) -> None:
        w, page = self.w, self.page
        self._section("statement")
        for language in (w.language, OTHER_LANGUAGE[w.language]):
            text = full_statement(self.result, language)
            page.merge_range(self.row, 0, self.row, LAST, text, w.styles("wrapped"))
            page.set_row(self.row, 15 * lines_of(text, sum(WIDTHS)) + 3)
            self.row += 1

    def _chart(self) -> float:
        """Draw the lines as bars below all else; the height in points."""
        w, page, first, count = self.w, self.page, self.first_line, len(self.result.lines)
        if count < 2 or len({item.unit for item in self.result.lines}) != 1:
            return 0  # one bar compares nothing
        chart = w.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [page.name, first, 0, first + count - 1, 0],
                "values": [page.name, first, 3, first + count - 1, 3],
                "fill": {"color": BLUE},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "#,##0", "font": {"size": 9}},
            }
        )
        unit = self.result.lines[0].unit
        chart.set_title({"name": f"{self._text('lines')} ({unit})", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        labels = {"label_position": "low", "num_font": {"size": 9}, "interval_unit": 1}  # a label for every bar
        chart.set_y_axis({"reverse": True, **labels})
        chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
        pixels = 80 + 24 * count
        chart.set_size({"width": 1440, "height": pixels})
        page.insert_chart(self.row + 1, 0, chart, {"description": self._text("lines")})
        return pixels * 0.75


def _named(item: LineValue, language: Language) -> tuple[str, ...]:
    """What a line is told by, beside its figures; a column empty in all lines is left out."""
    line = item.line
    bucket, category = bucket_text(line.bucket)[language], category_text(line.category)[language]
    return STATUS_TEXT[item.state][language], bucket, line.scope, category, line.iso, line.table, line.id


def _format(item: LineValue) -> str:
    return result_format(np.array([item.value]), item.unit)
