"""Columns of a list of equipment that no standard asks for: the model of an item, and how many of it a row stands for.

They are taken off before an item is graded, so that neither can change its grade.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from carbonstd._case.cells import as_text, blank, number_in
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, finding
from carbonstd._limits.input import Subject
from carbonstd._workbook.layout import folded

MODEL: Bilingual = {"zh": "型号", "en": "Model"}
COUNT: Bilingual = {"zh": "台数", "en": "Count"}
_MODELS = {folded(name) for name in (*MODEL.values(), "规格型号", "设备型号", "产品型号")}
_COUNTS = {folded(name) for name in (*COUNT.values(), "数量", "设备台数", "设备数量", "Quantity", "Number of units")}
_NO_VALUE: Bilingual = {"zh": "没有结果的公式", "en": "a formula without a value"}


def without_model(subject: Subject) -> tuple[Subject, str]:
    """An item without its column of models, and the model that stands there."""
    left, cells = _apart(subject, _MODELS)
    models = [as_text(cell) for cell in cells.values() if not blank(cell)]
    return left, models[0] if models else ""


def without_count(subject: Subject) -> tuple[Subject, int, list[Finding]]:
    """An item without its column of counts, how many it stands for, and what is wrong with that.

    A blank is one; so is what is no positive whole number, which is told by its cell.
    """
    left, cells = _apart(subject, _COUNTS)
    typed = {heading: cell for heading, cell in cells.items() if heading in subject.broken or not blank(cell)}
    counts = {heading: None if heading in subject.broken else _whole(cell) for heading, cell in typed.items()}
    wrong = {heading: _found(subject, heading) for heading, count in counts.items() if count is None}
    if not wrong and len(set(counts.values())) > 1:
        wrong = {next(iter(counts)): ", ".join(str(count) for count in counts.values())}
    told = [
        finding("equipment-count-unread", subject.cell_place(heading, 0), found=found)
        for heading, found in wrong.items()
    ]
    return left, 1 if told else next((count for count in counts.values() if count), 1), told


def _apart(subject: Subject, names: Collection[str]) -> tuple[Subject, dict[str, Any]]:
    """An item without the columns of some names, and their cells."""
    cells = {heading: cell for heading, cell in subject.cells.items() if _is(heading, names)}
    left = {heading: cell for heading, cell in subject.cells.items() if heading not in cells}
    return replace(subject, cells=left), cells


def _is(heading: object, names: Collection[str]) -> bool:
    """Whether a heading is one of some names, in either language or both, whatever stands in its brackets.

    >>> [_is(heading, {"台数"}) for heading in ("台数", "台（套）数", "台数/台", "台数 *\\nCount", "总台数")]
    [True, True, True, True, False]
    """
    return any(re.sub(r"\(.*?\)|/.*", "", folded(part)) in names for part in str(heading).split("\n"))


def _whole(cell: Any) -> int | None:
    """A positive whole number; None of anything else.

    >>> [_whole(cell) for cell in (12, 12.0, "１２", "1,200", 0, -3, 2.5, "12台", "约12", True)]
    [12, 12, 12, 1200, None, None, None, None, None, None]
    """
    read = number_in(as_text(cell))
    if read is None or read[1] or read[2] <= 0 or read[2].denominator != 1:
        return None
    return int(read[2])


def _found(subject: Subject, heading: str) -> Bilingual | str:
    """What a cell of counts shows."""
    if heading in subject.broken:
        return str(subject.broken[heading].values["found"]) or _NO_VALUE
    return as_text(subject.cells[heading])
