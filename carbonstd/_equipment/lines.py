"""A check of equipment as it is printed: a row for each item, kinds, reasons, savings, and what it all rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from carbonstd._alike import finding_line
from carbonstd._equipment.check import EquipmentCheck
from carbonstd._equipment.record import Item
from carbonstd._equipment.rows import kind_heads, kind_rows
from carbonstd._equipment.text import closing, grade_named, graded_text, named, saving_text, summary, text, total_text
from carbonstd._findings import Language, Severity
from carbonstd._layout import Line, columns
from carbonstd._wording import GRADE_TEXT, NOT_REPORTED

_OF_A_CODE = 3  # warnings of one code that are printed


def lines(check: EquipmentCheck, language: Language, verbose: bool = False) -> Iterator[Line]:
    """What is printed of a list."""
    yield Line(text("title", language), "strong")
    yield Line(summary(check, language))
    yield Line("")
    heads = [text(name, language) for name in ("name", "made", "then", "now", "standing", "saved")]
    rows = [heads, *(_row(item, language) for item in check.items)]
    yield from map(
        Line, columns(rows, indent="  "), ["head", *("error" if item.failed else "" for item in check.items)]
    )
    yield from _kinds(check, language)
    if check.below:
        yield from (Line(""), Line(f"{text('below_list', language)} {sum(item.count for item in check.below)}", "head"))
        yield from (Line(f"  {named(item)} · {item.now.category.get(language, '')}") for item in check.below)
    yield from _reasons(check, language, verbose)
    yield from _totals(check, language)
    yield from (finding_line(item, language) for item in check.findings)
    yield Line("")
    yield from (Line(part, "quiet") for part in closing(check, language))


def _kinds(check: EquipmentCheck, language: Language) -> Iterator[Line]:
    """How many items of each kind are of which grade; nothing where there is one kind alone."""
    if len(check.kinds()) < 2:
        return
    heads = kind_heads(check, language)
    rows = [[str(cell or "") for cell in row] for row in kind_rows(check, language)]
    yield from (Line(""), Line(text("kinds", language), "head"))
    yield from map(Line, columns([heads, *rows], right=list(range(2, len(heads))), indent="  "))


def _totals(check: EquipmentCheck, language: Language) -> Iterator[Line]:
    totals = check.totals()
    if any(total.items for total in totals):
        yield from (Line(""), Line(text("totals", language), "head"))
        yield from (Line(f"  {total_text(total, language)}") for total in totals)
        yield Line(f"  {text('alternatives', language)}", "quiet")


def _row(item: Item, language: Language) -> list[str]:
    best = item.savings[0] if item.savings else None
    saved = f"{grade_named(best.grade)[language]}: {saving_text(best, language)}" if best else NOT_REPORTED
    return [
        named(item),
        item.made or NOT_REPORTED,
        graded_text(item.then, language),
        graded_text(item.now, language),
        GRADE_TEXT[item.now.standing][language],
        saved,
    ]


def _reasons(check: EquipmentCheck, language: Language, verbose: bool) -> Iterator[Line]:
    """Why items are not graded, and the first warnings of each code; with `verbose` all."""
    told = [(item.name, found) for item in check.items for found in item.told]
    if told:
        yield from (Line(""), Line(text("reasons", language), "head"))
    shown_, left = Counter[str](), Counter[str]()
    for name, found in told:
        shown_[found.code] += 1
        if verbose or found.severity is Severity.ERROR or shown_[found.code] <= _OF_A_CODE:
            yield Line(f"  {name}: {found.message(language)}", str(found.severity))
        else:
            left[found.code] += 1
    yield from (Line(f"  … {text('more', language, count=count, code=code)}", "quiet") for code, count in left.items())
