"""A check of equipment as rows, for workbook, CSV, page and print: one an item, one a saving, one a kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from carbonstd._equipment.check import EquipmentCheck, Kind, Total
from carbonstd._equipment.record import Item, Saving
from carbonstd._equipment.text import grade_named, inputs_text, level_text, state_text, text, told_state
from carbonstd._findings import Language
from carbonstd._wording import GRADE_TEXT
from carbonstd._workbook.style import safe_text

ITEM = (
    "name", "place", "made", "count", "kind", "class", "then_standard", "then", "now_standard", "now", "level",
    "standing", "reasons",
)  # fmt: skip
SAVING = ("name", "place", "made", "count", "now", "replaced", "saved", "unit", "coal", "carbon", "money", "inputs")
TOTAL = ("kind", "replaced", "summed", "without", "saved", "unit", "coal", "carbon", "money")
_FIGURES = {"saved": 6, "coal": 4, "carbon": 4, "money": 6}  # with the digits that an estimate is shown by


def item_row(item: Item, language: Language, mark: str = " | ") -> dict[str, Any]:
    """An item in a row; `mark` stands between its reasons."""
    return {
        "name": item.name,
        "place": item.place,
        "made": item.made,
        "count": item.count,
        "kind": item.now.title.get(language, ""),
        "class": item.now.category.get(language, ""),
        "then_standard": item.then.standard,
        "then": told_state(item.then, language),
        "now_standard": item.now.standard,
        "now": told_state(item.now, language),
        "level": level_text(item.level, language),
        "standing": GRADE_TEXT[item.now.standing][language],
        "reasons": mark.join(found.message(language) for found in item.told),
    }


def saving_rows(check: EquipmentCheck, language: Language) -> Iterator[dict[str, Any]]:
    """A row for each item and each grade that would save something."""
    for item in check.items:
        for saving in item.savings:
            yield {
                "name": item.name,
                "place": item.place,
                "made": item.made,
                "count": item.count,
                "now": state_text(item.now.state, language),
                "replaced": grade_named(saving.grade)[language],
                "unit": saving.unit,
                **_figures(saving),
                "inputs": inputs_text(item, language),
            }


def csv_text(check: EquipmentCheck, language: Language) -> str:
    """Every item in a row, with the saving by each grade that occurs, in kWh (or tce of fuel), tce, tCO2 and yuan."""
    grades = sorted({saving.grade for item in check.items for saving in item.savings})
    parts = ("amount", "unit", "coal", "carbon", "money")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*ITEM, *(f"{part}_{grade}" for grade in grades for part in parts)])
    for item in check.items:
        held = {saving.grade: saving for saving in item.savings}
        cells = [getattr(held.get(grade), part, None) for grade in grades for part in parts]
        row = [safe_text(str(value)) for value in item_row(item, language).values()]
        writer.writerow([*row, *("" if cell is None else cell for cell in cells)])
    return written.getvalue()


def kind_name(kind: Kind, language: Language) -> str:
    return kind.title.get(language) or text("no_method", language)


def kind_heads(check: EquipmentCheck, language: Language) -> list[str]:
    """Kind and standard, how many rows (where they differ) and pieces there are, then how many pieces of each grade."""
    rows = ("rows",) * check.differ
    heads = [text(name, language) for name in ("kind", "now_standard", *rows, "count")]
    return [*heads, *(state_text(state, language) for state in check.states)]


def kind_rows(check: EquipmentCheck, language: Language) -> list[list[str | int]]:
    """How many pieces of each kind are of which grade today, and of all of them."""
    rows: list[list[str | int]] = []
    for kind in check.kinds():
        counts = kind.counts()
        held = [counts[state] for state in check.states]
        rows.append([kind_name(kind, language), kind.standard, *_sizes(check, kind), *held])
    whole = check.counts()
    return [*rows, [text("all", language), "", *_sizes(check, check), *(whole[state] for state in check.states)]]


def _sizes(check: EquipmentCheck, part: EquipmentCheck | Kind) -> list[int]:
    return [*[len(part.items)] * check.differ, part.pieces]


def total_rows(check: EquipmentCheck, language: Language) -> list[dict[str, Any]]:
    """What the items of each kind would save by each grade, then all of them; the last rows are those of all."""
    rows = [_total(total, kind_name(kind, language), language) for kind in check.kinds() for total in kind.totals()]
    return [*rows, *(_total(total, text("all", language), language) for total in check.totals())]


def _total(total: Total, kind: str, language: Language) -> dict[str, Any]:
    return {
        "kind": kind,
        "replaced": grade_named(total.grade)[language],
        "summed": total.items,
        "without": total.without,
        "unit": total.unit,
        **(_figures(total.saving) if total.saving else dict.fromkeys(_FIGURES)),
    }


def _figures(saving: Saving) -> dict[str, Fraction | None]:
    values = (saving.amount, saving.coal, saving.carbon, saving.money)
    return {
        name: None if value is None else Fraction(f"{value:.{digits}g}")
        for (name, digits), value in zip(_FIGURES.items(), values, strict=True)
    }
