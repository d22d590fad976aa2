"""What an accounting case handed to an allowance method, and what is left to fill in, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._handover.handover import Handover
from carbonstd._layout import Line, columns
from carbonstd._number import shown
from carbonstd._result.summary import basis_lines
from carbonstd._units import unit_text

_TEXTS: dict[str, Bilingual] = {
    "head": {"zh": "由 {source} 填入 {target}（锁 {lock}）", "en": "{target} filled from {source} (lock {lock})"},
    "basis": {"zh": "所依核算结果", "en": "The accounting behind it"},
    "left": {"zh": "仍须填写", "en": "Left to fill in"},
    "sheet": {"zh": "整张表（适用时）", "en": "the whole sheet, where it applies"},
}


def handover_lines(found: Handover, language: Language) -> Iterator[Line]:
    """Each figure with its row and the expression it came from; what they rest on; what the accounting cannot know."""
    lock = found.origins[0].lock if found.origins else "—"
    values = {"source": found.source.method.id, "target": found.method.id, "lock": lock}
    yield Line(_TEXTS["head"][language].format(**values), "head")
    rows = []
    for item in found.origins:
        sheet = found.method.sheets[item.sheet]
        column = sheet.columns[item.column]
        first = next(iter(sheet.columns))
        label = str(found.case.sheets[item.sheet].columns[first][item.row])
        told = f"{shown(item.value, 10)} {unit_text(column.unit, language)}".strip()
        rows.append([sheet.label[language], label, column.label[language], told, item.figure])
    yield from (Line(text) for text in columns(rows, right=[3], indent="  "))
    yield Line(_TEXTS["basis"][language], "head")
    yield from (Line(f"  {line.text}") for line in basis_lines(found.source, language))
    yield Line(_TEXTS["left"][language], "head")
    for sheet, blanks in found.left:
        names = ", ".join(column.label[language] for column in blanks) or _TEXTS["sheet"][language]
        yield Line(f"  {sheet.label[language]}: {names}")
