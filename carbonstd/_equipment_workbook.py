"""A check of equipment written for others: a workbook with summary, items and savings; CSV; the empty list to fill."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonstd._equipment import LEVEL
from carbonstd._equipment_record import EquipmentCheck, Item, Saving
from carbonstd._equipment_text import (
    TEXTS,
    closing,
    grade_named,
    inputs_text,
    saving_text,
    state_text,
    summary,
    text,
)
from carbonstd._findings import Language
from carbonstd._library import Library
from carbonstd._limits_template import Words, write_plants
from carbonstd._schema import Bilingual
from carbonstd._wording import GRADE_TEXT
from carbonstd._workbook_rows import write_rows
from carbonstd._workbook_style import Paper, Styles, bilingual, new_workbook, safe_text, text_width

_SHEETS: dict[str, Bilingual] = {
    "summary": {"zh": "汇总", "en": "Summary"},
    "items": {"zh": "逐台结果", "en": "Items"},
    "savings": {"zh": "节约量", "en": "Savings"},
}
_ITEM = ("name", "place", "made", "class", "then_standard", "then", "now_standard", "now", "standing", "reasons")
_SAVING = ("name", "place", "made", "now", "replaced", "saved", "unit", "coal", "carbon", "money", "inputs")
_HINT: Bilingual = {
    "zh": "每行一台设备；空白不等于零；带 * 的必填。出厂写年月（2019-05）。"
    "负载率、小时、年用电量只用于节约量，不填不算。",
    "en": "One row an item; a blank is not zero; * is required. Manufactured: year and month (2019-05). Load, hours "
    "and yearly energy serve the saving only.",
}
WORDS = Words(LEVEL, TEXTS["title"], _HINT, {"zh": "出厂年月", "en": "Manufactured"})


def write_list(names: Sequence[str], library: Library, path: Path, language: Language) -> None:
    """Write the empty list for some standards. Raises NotFoundError, CaseError."""
    write_plants(names, library, path, language, words=WORDS)


def item_row(item: Item, language: Language) -> dict[str, Any]:
    """An item in a row."""
    return {
        "name": item.name,
        "place": item.place,
        "made": item.made,
        "class": item.now.category.get(language, ""),
        "then_standard": item.then.standard,
        "then": state_text(item.then.state, language),
        "now_standard": item.now.standard,
        "now": state_text(item.now.state, language),
        "standing": GRADE_TEXT[item.now.standing][language],
        "reasons": " | ".join(found.message(language) for found in item.told),
    }


def saving_rows(check: EquipmentCheck, language: Language) -> Iterator[dict[str, Any]]:
    """A row for each item and each grade that would save something."""
    for item in check.items:
        for saving in item.savings:
            yield {
                "name": item.name,
                "place": item.place,
                "made": item.made,
                "now": state_text(item.now.state, language),
                "replaced": grade_named(saving.grade)[language],
                **_figures(saving),
                "inputs": inputs_text(item, language),
            }


def _figures(saving: Saving) -> dict[str, Any]:
    figures = {"saved": saving.amount, "unit": saving.unit, "coal": saving.coal}
    figures |= {"carbon": saving.carbon, "money": saving.money}
    return {name: Fraction(f"{value:.12g}") if isinstance(value, float) else value for name, value in figures.items()}


def csv_text(check: EquipmentCheck, language: Language) -> str:
    """Every item in a row, with the saving by each grade that occurs, in kWh (or tce of fuel), tce, tCO2 and yuan."""
    grades = sorted({saving.grade for item in check.items for saving in item.savings})
    parts = ("amount", "unit", "coal", "carbon", "money")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*_ITEM, *(f"{part}_{grade}" for grade in grades for part in parts)])
    for item in check.items:
        held = {saving.grade: saving for saving in item.savings}
        cells = [getattr(held.get(grade), part, None) for grade in grades for part in parts]
        row = [safe_text(str(value)) for value in item_row(item, language).values()]
        writer.writerow([*row, *("" if cell is None else cell for cell in cells)])
    return written.getvalue()


def write_workbook(check: EquipmentCheck, path: Path, language: Language) -> None:
    """Write the workbook. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, date(2000, 1, 1), TEXTS["title"][language]) as book:
        styles = Styles(book)
        pages = {name: book.add_worksheet(bilingual(title, language, " ")) for name, title in _SHEETS.items()}
        _summary(pages["summary"], check, styles, language)
        rows = [[item_row(item, language)[name] for name in _ITEM] for item in check.items]
        failed = [item.failed for item in check.items]
        write_rows(pages["items"], styles, language, _heads(_ITEM), rows, failed, TEXTS["now"])
        savings = [[row[name] for name in _SAVING] for row in saving_rows(check, language)]
        write_rows(pages["savings"], styles, language, _heads(_SAVING), savings, [False] * len(savings), TEXTS["now"])
        pages["summary"].activate()


def _heads(names: Sequence[str]) -> list[Bilingual]:
    return [TEXTS[name] for name in names]


def _summary(page: Any, check: EquipmentCheck, styles: Styles, language: Language) -> None:
    """Counts, what all items would save by each grade, what that assumes, and what it all is not."""
    page.hide_gridlines(2)
    page.set_column(0, 0, 110)
    page.write(0, 0, bilingual(TEXTS["title"], language, "  "), styles("title"))
    told = [summary(check, language)]
    for count, saving in check.totals().values():
        label = text("total", language, count=count, grade=grade_named(saving.grade)[language])
        told.append(f"{text('totals', language)} · {label}: {saving_text(saving, language)}")
    told += [found.message(language) for found in check.findings]
    for row, line in enumerate([*told, "", *closing(check, language)], 2):
        page.write(row, 0, safe_text(line), styles("wrapped"))
        page.set_row(row, 15 * max(1, -(-int(text_width(line)) // 105)))
    Paper.for_width(110).lay(page)
