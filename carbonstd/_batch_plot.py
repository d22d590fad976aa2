"""The plot of a batch, for `BatchResult.plot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from carbonstd._batch_largest import by_entity, by_group, main_totals
from carbonstd._batch_result import BatchResult
from carbonstd._chart_plot import draw
from carbonstd._errors import CarbonstdError, NotFoundError
from carbonstd._findings import Language, finding
from carbonstd._schema import Bilingual

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot(found: BatchResult, by: str, method: str, language: Language, ax: Axes | None) -> Axes:
    """Draw a total by entity or by group. Raises NotFoundError for a label or method there is not, CarbonstdError."""
    totals = main_totals(found.rows)
    labels = list(dict.fromkeys(row["by"] for row in found.rows if row["by"]))
    _known(by, labels)
    _known(method, [name for row in totals for name in (row["method"], row["method"].partition("@")[0])])
    own = [row for row in totals if not method or method in (row["method"], row["method"].partition("@")[0])]
    if not own:
        raise _nothing(found, {"zh": "没有合计", "en": "no totals"})
    total = max(own, key=lambda row: row["counted"] or 0)
    if by:
        chart = by_group(found.rows, total, by)
    else:
        held = found.totals[["entity", "method", "id", "value", "boundary"]]
        chart = by_entity(found.rows, total, [pa.Table.from_pandas(held, preserve_index=False)])
    if chart is None or not chart.bars:
        raise _nothing(found, {"zh": "不可相加", "en": "figures that do not add up"})
    return draw(chart, language, ax)


def _nothing(found: BatchResult, why: Bilingual) -> CarbonstdError:
    return CarbonstdError(findings=[finding("plot-nothing", str(found.out), why=why)])


def _known(name: str, names: list[str]) -> None:
    if name and name not in names:
        raise NotFoundError(findings=[finding("plot-unknown", name=name, names=", ".join(dict.fromkeys(names)))])
