"""Records of a check of limits written for others: a workbook with summary, chart, records and findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._limits.record import Check, percent
from carbonstd._limits.rows import DERIVATION, FIELDS, SELDOM, all_findings, derived_rows, flat, rows_of
from carbonstd._limits.text import (
    TEXTS,
    indicator_label,
    level_name,
    level_order,
    level_text,
    statement,
)
from carbonstd._result.verdict import Judgement
from carbonstd._units import unit_words
from carbonstd._wording import GRADE_TEXT, SEVERITY_TEXT, judgement_text
from carbonstd._workbook.rows import write_rows
from carbonstd._workbook.style import Paper, Styles, bilingual, new_workbook, safe_text, text_width

_SHEETS: dict[str, Bilingual] = {
    "summary": {"zh": "汇总", "en": "Summary"},
    "records": {"zh": "逐项结果", "en": "Records"},
    "levels": {"zh": "逐级余量", "en": "Levels"},
    "derivation": {"zh": "推导", "en": "Derivation"},
    "findings": {"zh": "提示", "en": "Findings"},
}
_FINDING_HEADS: tuple[Bilingual, ...] = (
    {"zh": "级别", "en": "Severity"},
    {"zh": "代码", "en": "Code"},
    TEXTS["plant"],
    {"zh": "说明", "en": "Message"},
)
_COLOURS = ("#1E6B2B", "#56B4E9", "#E69F00", "#6A51A3", "#B3A100")  # levels, the strictest first
_NONE, _OPEN = "#A61B1B", "#B8BFC6"
_LABELS = dict.fromkeys(("#1E6B2B", "#6A51A3", _NONE), "#FFFFFF")  # figures on dark bars


def write_workbook(check: Check, path: Path, language: Language) -> None:
    """Write the workbook. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, date(2000, 1, 1), TEXTS["title"][language]) as book:
        _Writer(book, check, language).write()


class _Writer:
    def __init__(self, book: Any, check: Check, language: Language) -> None:
        self.book, self.check, self.language = book, check, language
        self.styles = Styles(book)
        self.titles = {name: bilingual(title, language, " ") for name, title in _SHEETS.items()}

    def write(self) -> None:
        pages = {name: self.book.add_worksheet(title) for name, title in self.titles.items()}
        self._summary(pages["summary"])
        flats = [flat(record, self.language, whole) for record, whole in rows_of(self.check)]
        fields = [
            field for field in FIELDS if not field.name.startswith(SELDOM) or any(row[field.name] for row in flats)
        ]
        rows = [[row[field.name] for field in fields] for row in flats]
        failed = [record.failed for record, _ in rows_of(self.check)]
        self._table(pages["records"], [field.head for field in fields], rows, failed)
        self._table(pages["levels"], *self._levels())
        derived = list(self._derived())
        self._table(pages["derivation"], list(DERIVATION.values()), derived, [False] * len(derived))
        self._findings(pages["findings"])
        pages["summary"].activate()

    def _summary(self, page: Any) -> None:
        """Counts by judgement, then by level for each indicator with a chart of them, then what it all is not."""
        check, language, styles = self.check, self.language, self.styles
        page.hide_gridlines(2)
        page.set_column(0, 0, 52)
        page.set_column(1, 12, 14)
        page.set_row(0, 28)
        page.write(0, 0, bilingual(TEXTS["title"], language, "  "), styles("title"))
        counted = TEXTS["counts"][language].format(plants=check.plants, records=len(check.records))
        supposed = f"  {TEXTS['supposed'][language]}: {check.what_if}" if check.what_if else ""
        page.write(1, 0, safe_text(counted + supposed), styles("note"))
        row = 3
        for (judgement, grade), count in self._judgements().items():
            page.write(row, 0, judgement_text(judgement, grade)[language], styles("label"))
            page.write(row, 1, GRADE_TEXT[grade][language], styles("result"))
            page.write_number(row, 2, count, styles("total"))
            row += 1
        row = self._by_level(page, row + 1)
        text = statement(check, language)
        page.merge_range(row, 0, row, 5, text, styles("wrapped", font_color="#7F7F7F"))
        page.set_row(row, 14 * max(2, -(-int(text_width(text)) // 130)) + 4)
        Paper.for_width(52 + 14 * 6).lay(page)

    def _judgements(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for judgement in Judgement:
            for record in self.check.records:
                if record.judgement is judgement:
                    key = (str(judgement), str(record.grade))
                    found[key] = found.get(key, 0) + 1
        return found

    def _by_level(self, page: Any, row: int) -> int:
        """The table of levels and its chart; the row below them."""
        check, language, styles = self.check, self.language, self.styles
        counts = check.by_level()
        if not counts:
            return row
        orders = [level_order(check, *key) for key in counts]
        names = dict.fromkeys(level for order in orders for level in order[:-2])
        series: list[str | None] = [*names, None, "undecided"]
        series = [level for level in series if any(found[level] for found in counts.values())]
        page.write(row, 0, bilingual(TEXTS["by_level"], language, "  "), styles("subtitle"))
        head = row + 1
        title = bilingual(TEXTS["standard"], language, " ") + "\n" + bilingual(TEXTS["indicator"], language, " ")
        page.write(head, 0, title, styles("header"))
        page.set_row(head, 30)
        for column, level in enumerate(series, 1):
            page.write(head, column, level_name(level, language), styles("header"))
        for line, ((standard, indicator), found) in enumerate(counts.items(), head + 1):
            label = f"{standard} {indicator_label(check, standard, indicator, language)}".strip()
            page.write(line, 0, safe_text(label), styles("result"))
            for column, level in enumerate(series, 1):
                page.write_number(line, column, found[level], styles("result"))
        last = head + len(counts)
        height = 130 + 34 * len(counts)
        shades = {level: _COLOURS[at % len(_COLOURS)] for at, level in enumerate(names)}
        shades |= {None: _NONE, "undecided": _OPEN}
        chart = self._chart(head, last, [shades[level] for level in series], height)
        page.insert_chart(last + 2, 0, chart, {"object_position": 2})
        return last + 3 + -(-height // 20)

    def _chart(self, head: int, last: int, shades: Sequence[str], height: int) -> Any:
        """A stacked bar for each indicator: how many plants reach which level."""
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        sheet = self.titles["summary"]
        for column, shade in enumerate(shades, 1):
            font = {"color": _LABELS.get(shade, "#1F2933"), "bold": True}
            chart.add_series(
                {
                    "name": [sheet, head, column],
                    "categories": [sheet, head + 1, 0, last, 0],
                    "values": [sheet, head + 1, column, last, column],
                    "fill": {"color": shade},
                    "gap": 60,
                    "data_labels": {"value": True, "num_format": "0;;;", "font": font},
                }
            )
        chart.set_title({"name": TEXTS["by_level"][self.language], "name_font": {"size": 12}})
        whole = {"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#DFE4E9"}}}
        most = max(sum(found.values()) for found in self.check.by_level().values())
        chart.set_x_axis({**whole, "min": 0, "max": most, **({"major_unit": 1} if most <= 12 else {})})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": height})
        return chart

    def _levels(self) -> tuple[list[Bilingual], list[list[Any]], list[bool]]:
        """A row for each level of each record."""
        names = (
            "plant", "period", "standard", "indicator", "value", "unit", "level", "limit",
            "printed", "distance", "percent", "judgement", "grade", "required",
        )  # fmt: skip
        rows: list[list[Any]] = []
        bad: list[bool] = []
        for record, _ in rows_of(self.check):
            rule = record.verdict.rule if record.verdict else None
            for item in record.levels:
                asked = record.verdict is not None and item.level == record.verdict.required and item.level
                rows.append(
                    [
                        record.plant,
                        record.period,
                        record.standard,
                        record.indicator.get(self.language, ""),
                        record.verdict.value if record.verdict else None,
                        unit_words(rule.unit.text, self.language) if rule else "",
                        level_text(record, item.level, self.language),
                        item.limit,
                        record.corrected(item),
                        item.distance,
                        percent(item),
                        record.verdict.said(item.judgement)[self.language] if record.verdict else "",
                        GRADE_TEXT[record.grade][self.language],
                        TEXTS["required"][self.language] if asked else "",
                    ]
                )
                bad.append(bool(asked) and record.failed)
        return [TEXTS[name] for name in names], rows, bad

    def _table(self, page: Any, heads: Sequence[Bilingual], rows: Sequence[Sequence[Any]], bad: Sequence[bool]) -> None:
        write_rows(page, self.styles, self.language, heads, rows, bad, TEXTS["judgement"])

    def _derived(self) -> Iterator[list[Any]]:
        """A row for each figure of each record, what stands below another one set in."""
        for record, _ in rows_of(self.check):
            about = [record.plant, record.period, record.standard, record.indicator.get(self.language, "")]
            yield from ([*about, *row.values()] for row in derived_rows(record, self.language))

    def _findings(self, page: Any) -> None:
        rows = [
            [SEVERITY_TEXT[str(item.severity)][self.language], item.code, plant, item.message(self.language)]
            for plant, item in all_findings(self.check)
        ]
        self._table(page, _FINDING_HEADS, rows, [False] * len(rows))
