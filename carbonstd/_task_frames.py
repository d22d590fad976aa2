"""A check of limits, two editions and a verification as DataFrames; a check in a notebook."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonstd._editions.diff import EditionDiff
from carbonstd._editions.diff_text import cause_text
from carbonstd._findings import Language
from carbonstd._html import html_of
from carbonstd._limits.record import Check
from carbonstd._limits.rows import SELDOM, flat, rows_of
from carbonstd._limits.text import TEXTS
from carbonstd._number import shown
from carbonstd._result.line_value import LineValue
from carbonstd._verify.record import Agreement, Verification
from carbonstd._verify.words import AGREEMENT_TEXT

if TYPE_CHECKING:
    import pandas as pd

_LIMITS = ("plant", "standard", "indicator", "value", "unit", "required", "limit", "percent", "reached", "judgement")
_AGREEING = (Agreement.AGREES, Agreement.ROUNDING)


def check_frame(check: Check, language: Language) -> pd.DataFrame:
    """A row a record, below it one for each edition where several bound; seldom filled columns only where they are."""
    import pandas as pd

    rows = [flat(record, language, whole) for record, whole in rows_of(check)]
    plain = [{name: float(cell) if isinstance(cell, Fraction) else cell for name, cell in row.items()} for row in rows]
    made = pd.DataFrame(plain)
    seldom = [
        name for name in map(str, made) if name.startswith(SELDOM) and not made[name].replace("", None).notna().any()
    ]
    return made.drop(columns=seldom)


def check_html(check: Check) -> str:
    """Every comparison, worst first."""
    rows = [[_cell(flat(record, "zh", whole)[name]) for name in _LIMITS] for record, whole in rows_of(check)]
    heads = [" ".join(TEXTS[name].values()) for name in _LIMITS]
    return html_of(TEXTS["counts"]["zh"].format(plants=check.plants, records=len(check.records)), heads, rows)


def editions_frame(found: EditionDiff, language: Language) -> pd.DataFrame:
    """A row a line, then a row a total; what one edition does not report has no figure."""
    import pandas as pd

    rows = [
        {
            "id": pair.shown.line.id,
            "label": pair.shown.line.label[language],
            "total": pair.shown.line.total,
            "old": _figure(pair.old),
            "new": _figure(pair.new),
            "difference": pair.difference,
            "unit": pair.shown.unit,
            "causes": "; ".join(cause_text(cause, language) for cause in pair.causes),
        }
        for pair in (*found.lines, *found.totals)
    ]
    return pd.DataFrame(rows, columns=["id", "label", "total", "old", "new", "difference", "unit", "causes"])


def verification_frame(found: Verification, language: Language) -> pd.DataFrame:
    """A row a figure compared."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "item": item.item,
                "label": item.label[language],
                "key": item.key,
                "reported": item.reported,
                "recomputed": item.recomputed,
                "verified": item.verified,
                "unit": item.unit,
                "agreement": AGREEMENT_TEXT[item.agreement][language],
                "agrees": item.agreement in _AGREEING,
                "causes": "; ".join(cause[language] for cause in item.causes),
                "place": item.place,
            }
            for item in found.compared
        ]
    )


def _figure(item: LineValue | None) -> float | None:
    return item.value if item and item.reported else None


def _cell(value: Any) -> str:
    return "" if value is None else shown(value, 6) if isinstance(value, Fraction) else str(value)
