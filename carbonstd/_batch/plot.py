"""The plot of a batch, for `BatchResult.plot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from carbonstd._batch.largest import by_entity, by_group, main_totals
from carbonstd._batch.read import read_frame
from carbonstd._batch.result import BatchResult
from carbonstd._charts.as_plot import draw
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CarbonstdError, NotFoundError
from carbonstd._findings import Language, finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS = ("entity", "name", "method", "period", "lock", "id", "value", "unit", "gwp", "boundary")


def plot(found: BatchResult, by: str, method: str, period: str, language: Language, ax: Axes | None) -> Axes:
    """Draw a total by entity or by group. Raises NotFoundError for what there is not, CarbonstdError."""
    totals = main_totals(found.rows)
    labels = list(dict.fromkeys(row["by"] for row in found.rows if row["by"]))
    _known(by, labels)
    _known(method, [name for row in totals for name in (row["method"], row["method"].partition("@")[0])])
    own = [row for row in totals if not method or method in (row["method"], row["method"].partition("@")[0])]
    if not own:
        raise _nothing(found, {"zh": "没有合计", "en": "no totals"})
    _known(period, [row["period"] for row in own])
    total = max((row for row in own if period in ("", row["period"])), key=lambda row: row["counted"] or 0)
    periods = sorted({row["period"] for row in own if row["method"] == total["method"]})
    if not period and len(periods) > 1:  # figures of several periods do not stand beside one another
        raise CarbonstdError(findings=[finding("plot-period", str(found.out), periods=", ".join(periods))])
    chart = by_group(found.rows, total, by) if by else by_entity(found.rows, total, lambda name: [_table(found, name)])
    if chart is None or not chart.bars:
        raise _nothing(found, {"zh": "不可相加", "en": "figures that do not add up"})
    return draw(chart, language, ax)


def _table(found: BatchResult, name: str) -> pa.Table:
    """The columns of a table of a batch that its bars are made of."""
    frame = read_frame(found.out, name)
    return pa.Table.from_pandas(frame[[part for part in _COLUMNS if part in frame]], preserve_index=False)


def _nothing(found: BatchResult, why: Bilingual) -> CarbonstdError:
    return CarbonstdError(findings=[finding("plot-nothing", str(found.out), why=why)])


def _known(name: str, names: list[str]) -> None:
    if name and name not in names:
        raise NotFoundError(findings=[finding("plot-unknown", name=name, names=", ".join(dict.fromkeys(names)))])
