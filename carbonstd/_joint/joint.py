"""Several methods that read one workbook: their sheets together, each stream typed once.

Sheets of one kind are one sheet with the columns of all. A sheet of one record, such as what a limit judges, is each
method's own. Rows that a limit shares with others say which of the plants or products judged they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet

PART = Column(
    "process",
    {"zh": "工序或产品", "en": "Process or product"},
    kind="label",
    help={
        "zh": "与判定对象的名称相同的行计入该对象；只有一个判定对象时可不填",
        "en": "rows count for the object judged that has this name; may stay blank where only one is judged",
    },
)
TELLING = (PART.name, "product")  # the columns by which a shared row says what it belongs to
OBJECT = "limit_object"  # the kind of the sheet that names what a limit judges
_SEPARATORS = re.compile(r"\s*[,，、;；]\s*")


@dataclass(frozen=True)
class Joint:
    """The methods, the first leading. `whole` is the first with the sheets of all; `homes` has by method and sheet
    the id of the sheet in the workbook."""

    methods: tuple[Method, ...]
    whole: Method
    homes: Mapping[str, Mapping[str, str]]


def names_in(text: str) -> list[str]:
    """Methods typed one after the other: `gbt-17166, gb-21342`."""
    return [name for name in _SEPARATORS.split(text.strip()) if name]


def read_as(names: Sequence[str], library: Library, period: Period | None, as_of: date | None = None) -> Method:
    """The method whose sheets a workbook of these methods has. Raises NotFoundError."""
    return join(methods_of(names, library, period, as_of)).whole


def methods_of(
    names: Sequence[str], library: Library, period: Period | None, as_of: date | None = None
) -> list[Method]:
    """The methods of a workbook in the editions of its period. Raises NotFoundError."""
    return [library.method(name, period, as_of) for name in names]


def join(methods: Sequence[Method]) -> Joint:
    """Methods on one workbook; of one method, that method as it is."""
    if len(methods) == 1:
        return Joint((methods[0],), methods[0], {methods[0].id: {name: name for name in methods[0].sheets}})
    sheets: dict[str, Sheet] = {}
    homes: dict[str, dict[str, str]] = {}
    for method in methods:
        homes[method.id] = {}
        for sheet in method.sheets.values():
            home = _home(sheet, sheets, set(homes[method.id].values())) or _free(sheet, method, sheets)
            homes[method.id][sheet.id] = home
            sheets[home] = _together(sheets[home], sheet) if home in sheets else _own(sheet, home, method)
    for home in _to_be_told_apart(methods, homes, sheets):
        sheets[home] = replace(sheets[home], columns={PART.name: PART, **sheets[home].columns})
    return Joint(tuple(methods), replace(methods[0], sheets=sheets), homes)


def object_of(method: Method) -> Sheet | None:
    """The sheet that names the plant, line or product a limit judges."""
    return next((sheet for sheet in method.sheets.values() if sheet.kind == OBJECT), None)


def _home(sheet: Sheet, sheets: Mapping[str, Sheet], taken: set[str]) -> str:
    """The sheet that is there already and holds the same records; empty where there is none."""
    for home, other in sheets.items():
        alike = not sheet.single or sheet.columns.keys() == other.columns.keys()
        if home not in taken and other.kind == sheet.kind and other.single == sheet.single and alike:
            return home
    return ""


def _free(sheet: Sheet, method: Method, sheets: Mapping[str, Sheet]) -> str:
    return f"{sheet.id}@{method.family}" if sheet.id in sheets else sheet.id


def _own(sheet: Sheet, home: str, method: Method) -> Sheet:
    """A sheet under the id it has in the workbook; what several methods may have each names its document."""
    if home == sheet.id and sheet.kind != OBJECT:
        return sheet
    label = {part: f"{text} {method.document.number}" for part, text in sheet.label.items()}
    return replace(sheet, id=home, label=label)


def _together(first: Sheet, second: Sheet) -> Sheet:
    """One sheet with the columns of both; what either method needs is needed."""
    columns = {**second.columns, **first.columns}
    ordered = dict.fromkeys((*first.columns, *second.columns))
    needed = {name for sheet in (first, second) for name, column in sheet.columns.items() if column.required}
    merged = {name: replace(columns[name], required=name in needed) for name in ordered}
    return replace(first, columns=merged, required=first.required or second.required)


def _to_be_told_apart(
    methods: Sequence[Method], homes: Mapping[str, Mapping[str, str]], sheets: Mapping[str, Sheet]
) -> list[str]:
    """Sheets of many rows that several judged objects share, and that have no column to say whose a row is."""
    judging = [set(homes[method.id].values()) for method in methods if object_of(method)]
    return [
        home
        for home, sheet in sheets.items()
        if not sheet.single and sum(home in found for found in judging) > 1 and not set(TELLING) & sheet.columns.keys()
    ]
