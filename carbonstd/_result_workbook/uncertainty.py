"""The sheet of a result workbook with the intervals, what they come from, and what has none: values of the run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from carbonstd._definitions.schema import Bilingual
from carbonstd._naming import names_of
from carbonstd._result_workbook.layout import FIXED_SHEETS
from carbonstd._result_workbook.sheets import Writer, result_format
from carbonstd._uncertainty.result import Figure, Interval, Uncertainty
from carbonstd._uncertainty.text import DISTRIBUTION_TEXT, TEXTS, approach_2_text, said
from carbonstd._workbook.style import bilingual

_WIDTHS = (64, 18, 14, 16, 16, 12, 16, 16, 12)
_SHARE = "0.0%"
_LIVE: Bilingual = {
    "zh": "本表为运行时的数值，不随修改重算；请修改输入后重新运行。",
    "en": "Values of the run, not live: change an input and run again.",
}
_LOW: Bilingual = {"zh": "下限", "en": "Low"}
_HIGH: Bilingual = {"zh": "上限", "en": "High"}
_RELATIVE: Bilingual = {"zh": "± 相对", "en": "± relative"}
_VALUE: Bilingual = {"zh": "数值", "en": "Value"}
_UNIT: Bilingual = {"zh": "单位", "en": "Unit"}


def write_uncertainty(w: Writer, page: Any, found: Uncertainty) -> None:
    """Write the sheet: intervals of all totals and lines, then what those of the main total come from."""
    _Page(w, page, found).write()


class _Page:
    def __init__(self, w: Writer, page: Any, found: Uncertainty) -> None:
        self.w, self.page, self.found, self.row = w, page, found, 3

    def write(self) -> None:
        w, page = self.w, self.page
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        title = f"{bilingual(FIXED_SHEETS['uncertainty'], w.language, ' ')} ({said('level', w.language)})"
        w.title(page, title, f"{_LIVE[w.language]} {said('note', w.language)}")
        self._intervals()
        primary = self.found.primary
        self._sources(primary)
        self._inputs(primary)
        self._without(primary)
        self._findings()
        w.page(page, width=sum(_WIDTHS))

    def _head(self, heads: list[Bilingual]) -> None:
        for column, head in enumerate(heads):
            self.page.write_string(self.row, column, bilingual(head, self.w.language), self.w.styles("header"))
        self.page.set_row(self.row, 32)
        self.row += 1

    def _section(self, text: str) -> None:
        self.row += 1
        self.page.write_string(self.row, 0, text, self.w.styles("subtitle"))
        self.row += 1

    def _line(self, cells: list[tuple[Any, str]]) -> None:
        """Cells with their number formats; an infinite share shows nothing."""
        for column, (cell, form) in enumerate(cells):
            if isinstance(cell, float) and not math.isfinite(cell):
                cell = ""
            extra = {"num_format": form} if form else {"indent": 1 if column else 0}
            self.w.row(self.page, self.row, column, (cell,), "result", **extra)
        self.row += 1

    def _intervals(self) -> None:
        form = self.w.styles("header")
        self.page.merge_range(self.row, 3, self.row, 5, said("one", self.w.language), form)
        if self.found.draws:
            self.page.merge_range(self.row, 6, self.row, 8, approach_2_text(self.found, self.w.language), form)
        self.row += 1
        bounds = [_LOW, _HIGH, _RELATIVE]
        self._head([TEXTS["figure"], _VALUE, _UNIT, *bounds, *(bounds if self.found.draws else [])])
        for item in self.found.figures.values():
            cells = [(item.label[self.w.language], ""), _amount(item.value), (item.unit, "")]
            cells += self._bounds(item.approach_1)
            self._line(cells + (self._bounds(item.approach_2) if self.found.draws else []))

    def _bounds(self, item: Interval | None) -> list[tuple[Any, str]]:
        if item is None:
            return [(said("none", self.w.language), ""), ("", ""), ("", "")]
        relative = math.nan if item.relative is None else item.relative
        return [_amount(item.low), _amount(item.high), (relative, _SHARE)]

    def _sources(self, item: Figure) -> None:
        if not item.sources:
            return
        self._section(said("sources", self.w.language, total=item.label[self.w.language]))
        self._head([TEXTS["source"], TEXTS["share_of_variance"], TEXTS["count"], TEXTS["half_width"]])
        for one in item.sources:
            name = one.name[self.w.language]
            self._line([(name, ""), (one.share, _SHARE), (one.count, "0"), (one.relative, _SHARE)])

    def _inputs(self, item: Figure) -> None:
        if not item.contributors:
            return
        self._section(said("largest_cells", self.w.language))
        names = ("share_of_variance", "half_width", "distribution")
        self._head([TEXTS["source"], *(TEXTS[name] for name in names), _VALUE, _UNIT, TEXTS["place"]])
        for one in item.contributors:
            given, language = one.input, self.w.language
            cells = [(given.name[language], ""), (one.share, _SHARE), (given.relative, _SHARE)]
            cells += [(DISTRIBUTION_TEXT[given.distribution][language], ""), _amount(given.value), (given.unit, "")]
            self._line([*cells, (given.place, "")])

    def _without(self, item: Figure) -> None:
        if not item.without:
            return
        self._section(said("exact", self.w.language, total=item.label[self.w.language]))
        self._head([TEXTS["source"], TEXTS["share_that_moves"], TEXTS["count"]])
        for one in item.without:
            self._line([(one.name[self.w.language], ""), (one.share, _SHARE), (one.count, "0")])

    def _findings(self) -> None:
        found = names_of(self.w.result).findings(self.found.findings)
        self.row += 1
        for item in found:
            self.page.write_string(self.row, 0, item.message(self.w.language), self.w.styles("note"))
            self.row += 1


def _amount(value: float) -> tuple[float, str]:
    return value, result_format(np.array([value]))
