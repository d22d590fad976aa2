"""The sheet of a batch's workbook that shows its main totals: the largest entities and the groups, as rows and bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbonstd._batch.largest import Row, Tables, bars_of, main_totals
from carbonstd._batch.words import CHARTS
from carbonstd._charts.chart import Bars, titled
from carbonstd._findings import Language
from carbonstd._workbook.style import BLUE, Paper, Styles, bilingual, safe_text

_LABEL, _FIGURE, _CHART = 28, 18, 110  # widths in characters: an entity, its figure, what a chart covers
_LEAST = 15  # rows a chart takes
_PIXELS = 20  # of a row


def write_charts(book: Any, styles: Styles, rows: Sequence[Row], tables: Tables, language: Language) -> None:
    """A block for each main total by entity and by each label; no sheet where nothing is to compare."""
    found = [bars for at, total in enumerate(main_totals(rows)) for bars in bars_of(rows, total, tables, at)]
    blocks = [bars for bars in found if len(bars.bars) > 1]
    if not blocks:
        return
    page = book.add_worksheet(bilingual(CHARTS, language, " "))
    page.set_column(0, 0, _LABEL)
    page.set_column(1, 1, _FIGURE)
    row = 0
    for bars in blocks:
        row = _block(book, page, styles, bars, row, language)
    Paper.for_width(_LABEL + _FIGURE + _CHART).lay(page, 0)


def _block(book: Any, page: Any, styles: Styles, bars: Bars, top: int, language: Language) -> int:
    """Title, rows and chart; the row where the next block begins. The others are a row, and no bar of the chart."""
    page.write_string(top, 0, safe_text(titled(bars, language)), styles("subtitle"))
    rows = (*bars.bars, *filter(None, [bars.rest]))
    for at, bar in enumerate(rows, top + 1):
        page.write_string(at, 0, safe_text(bar.label[language]), styles("text"))
        page.write_number(at, 1, bar.value, styles("result", num_format="#,##0.00"))
    count = max(len(rows), _LEAST)
    chart, last = book.add_chart({"type": "bar"}), top + len(bars.bars)
    chart.add_series(
        {
            "categories": [page.name, top + 1, 0, last, 0],
            "values": [page.name, top + 1, 1, last, 1],
            "fill": {"color": BLUE},
            "gap": 40,
        }
    )
    chart.set_title({"none": True})  # it stands above
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low", "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_size({"width": 800, "height": _PIXELS * count})
    page.insert_chart(top + 1, 2, chart, {"x_offset": 16, "description": titled(bars, language)})
    return top + count + 3
