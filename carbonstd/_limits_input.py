"""Plants to be judged against limits: one case, a folder of cases, or a table with one row a plant or line.

Nothing is judged here. What cannot be read stays as a subject with the finding that says why, so that one bad file or
row never ends the run; only where nothing at all can be read is an error raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._case import Case, RawSheet, _from_csv, read_case
from carbonstd._case_names import suggest_column
from carbonstd._cells import as_text, blank
from carbonstd._errors import CarbonstdError, CaseError, NotFoundError
from carbonstd._findings import Finding, finding
from carbonstd._library import Header, Library
from carbonstd._method import Method, Sheet
from carbonstd._workbook import _fields, _mark
from carbonstd._workbook_archive import open_archive
from carbonstd._workbook_cells import UNCACHED, ErrorCell, Grid, read_grids
from carbonstd._workbook_layout import Headings, folded

KIND, LEVEL = "limit_object", "limits"
HEADS: Mapping[str, tuple[str, ...]] = {  # what a table of plants has beside the columns of its standards
    "name": (
        "name", "名称", "企业", "企业名称", "单位名称", "工厂", "企业、装置或产品",
        "plant", "company", "entity", "line", "Plant, line or product",
    ),
    "standard": ("standard", "标准", "标准号", "限额标准", "核算标准", "核算方法", "方法", "method"),
    "period": ("period", "核算期", "报告期", "年度", "核算年度", "报告年度", "年份", "year", "reporting period"),
}  # fmt: skip
_HEAD_OF = {folded(name): head for head, names in HEADS.items() for name in names}
_SEARCHED = 15  # the headings of a table stand in its first rows
_CASES = (".xlsx", ".xlsm", ".yaml", ".yml")


@dataclass
class Subject:
    """One plant, line or product: a case, or a row of a table with its cells under the headings as typed."""

    place: str
    name: str = ""
    standard: str = ""
    period: str = ""
    case: Case | None = None
    cells: Mapping[str, Any] = field(default_factory=dict)
    cell_place: Callable[[str, int], str] = lambda column, row: column
    findings: list[Finding] = field(default_factory=list)

    @property
    def named(self) -> str:
        """Its name, else where it stands."""
        return self.name or self.place

    def as_case(self, method: Method, period: Any, as_of: date) -> tuple[Case, list[str]]:
        """The case of a row under `method`, and the headings with a figure that the method does not ask for."""
        from carbonstd._case_names import resolve

        sheet = object_sheet(method)
        headings = Headings(sheet)
        taken, left = dict[str, list[Any]](), list[str]()
        for heading, cell in self.cells.items():
            head = head_of(heading)
            if headings.find(heading) is not None:
                taken[heading] = [cell]
            elif head == "name" and "name" in sheet.columns:
                taken["name"] = [cell]
            elif head is None and not blank(cell):
                left.append(heading)
        name = {"zh": self.name, "en": self.name}
        raw = RawSheet(taken, self.cell_place)
        return Case(method.id, period, as_of, {"name": name}, {sheet.id: raw}, path=self.place), left, resolve  # type: ignore[return-value]


def limit_headers(library: Library) -> dict[str, Header]:
    """The methods that are limit standards."""
    return {name: header for name, header in library.method_headers.items() if header.level == LEVEL}
