"""A check of equipment written for others: a workbook with summary, items and savings; the empty list to fill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column
from carbonstd._definitions.schema import Bilingual
from carbonstd._equipment.beside import COUNT, MODEL
from carbonstd._equipment.check import EquipmentCheck
from carbonstd._equipment.grading import LEVEL
from carbonstd._equipment.rows import ITEM, SAVING, TOTAL, item_row, kind_heads, kind_rows, saving_rows, total_rows
from carbonstd._equipment.text import TEXTS, closing, summary, text
from carbonstd._findings import Language
from carbonstd._limits.template import Words, write_plants
from carbonstd._workbook.rows import write_rows
from carbonstd._workbook.style import Paper, Styles, bilingual, line_count, new_workbook, safe_text

_SHEETS: dict[str, Bilingual] = {
    "summary": {"zh": "汇总", "en": "Summary"},
    "items": {"zh": "逐台结果", "en": "Items"},
    "savings": {"zh": "节约量", "en": "Savings"},
}
_WIDTHS = (46, 20, 12, 12, 12, 12, 14, 14, 14)  # of the summary
_HINT: Bilingual = {
    "zh": "每行一台设备；空白不等于零；带 * 的必填。出厂写年月（2019-05）。"
    "负载率、小时、年用电量只用于节约量，不填不算。型号只用于提示须由人核对的淘汰目录条目。"
    "台数为同样设备的台数，空白为 1；其余各列都按单台填写，节约量乘以台数。",
    "en": "One row an item; a blank is not zero; * is required. Manufactured: year and month (2019-05). Load, hours "
    "and yearly energy serve the saving only. The model only tells which entries of obsolete lists a person looks up. "
    "Count: how many alike, a blank is 1; all other columns are of one piece, the saving is times the count.",
}
_BESIDE = (Column("model", MODEL, kind="text"), Column("count", COUNT))
WORDS = Words(LEVEL, TEXTS["title"], _HINT, {"zh": "出厂年月", "en": "Manufactured"}, _BESIDE, all_editions=True)


def write_list(names: Sequence[str], library: Library, path: Path, language: Language) -> None:
    """Write the empty list for some standards. Raises NotFoundError, CaseError."""
    write_plants(names, library, path, language, words=WORDS)


def write_workbook(check: EquipmentCheck, path: Path, language: Language) -> None:
    """Write the workbook. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, date(2000, 1, 1), TEXTS["title"][language]) as book:
        styles = Styles(book)
        pages = {name: book.add_worksheet(bilingual(title, language, " ")) for name, title in _SHEETS.items()}
        _Summary(pages["summary"], styles, language).write(check)
        rows = [[item_row(item, language, "\n")[name] for name in ITEM] for item in check.items]
        failed = [item.failed for item in check.items]
        write_rows(pages["items"], styles, language, _heads(ITEM), rows, failed, TEXTS["now"])
        savings = [[row[name] for name in SAVING] for row in saving_rows(check, language)]
        write_rows(pages["savings"], styles, language, _heads(SAVING), savings, [False] * len(savings), TEXTS["now"])
        pages["summary"].activate()


def _heads(names: Sequence[str]) -> list[Bilingual]:
    return [TEXTS[name] for name in names]


class _Summary:
    """The first sheet: counts and savings by kind, what is told of the list, and what it all assumes and is not."""

    def __init__(self, page: Any, styles: Styles, language: Language) -> None:
        self.page, self.styles, self.language = page, styles, language
        self.row = 0

    def write(self, check: EquipmentCheck) -> None:
        language = self.language
        self.page.hide_gridlines(2)
        heads = kind_heads(check, language)
        widths = [*_WIDTHS, *[_WIDTHS[-1]] * (len(heads) - len(_WIDTHS))]
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)
        self.page.write(0, 0, bilingual(TEXTS["title"], language, "  "), self.styles("title"))
        self.row = 1
        self._texts([summary(check, language)])
        self._table("kinds", heads, kind_rows(check, language), 1)
        totals = total_rows(check, language)
        if totals:
            rows = [[row[name] for name in TOTAL] for row in totals]
            self._table("totals", [text(name, language) for name in TOTAL], rows, len(check.totals()))
            self._texts([text("alternatives", language)])
        self._texts([found.message(language) for found in check.findings])
        self._texts(closing(check, language))
        Paper.for_width(sum(widths)).lay(self.page)

    def _table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], sums: int) -> None:
        """A table with its title; the last `sums` rows are those of all kinds."""
        self.page.write(self.row, 0, bilingual(TEXTS[title], self.language, "  "), self.styles("subtitle"))
        for column, head in enumerate(heads):
            self.page.write(self.row + 1, column, head, self.styles("header"))
        for line, row in enumerate(rows):
            look = "total" if line >= len(rows) - sums else "result"
            for column, value in enumerate(row):
                self._cell(self.row + 2 + line, column, value, look)
        self.row += len(rows) + 3

    def _cell(self, row: int, column: int, value: Any, look: str) -> None:
        if isinstance(value, Fraction):
            self.page.write_number(row, column, float(value), self.styles(look, num_format="#,##0.######"))
        elif isinstance(value, int) and value:
            self.page.write_number(row, column, value, self.styles(look))
        else:
            self.page.write(row, column, safe_text(value or ""), self.styles(look))

    def _texts(self, texts: Sequence[str]) -> None:
        """Paragraphs across the sheet, and a blank row below them."""
        look, wide = self.styles("wrapped"), sum(_WIDTHS)
        for line in texts:
            self.page.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, safe_text(line), look)
            self.page.set_row(self.row, 15 * line_count(line, wide))
            self.row += 1
        self.row += bool(texts)
