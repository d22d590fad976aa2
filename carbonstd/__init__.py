"""China's carbon-peak and carbon-neutrality standards as data that runs.

    >>> import carbonstd
    >>> method = carbonstd.method("GB/T 32151.34")
    >>> method.id
    'gbt-32151.34@2024'
    >>> carbonstd.table("fuels/gbt-32151.34").cell(0, "net_calorific_value").text
    '26.7'

`read_case` reads a workbook, a YAML file, a folder of CSV files or a mapping whose sheets may be DataFrames; `run`
gives a `Result` with totals, lines, findings, operands and the lock, and `Result.explain` follows any line down to
clauses, table cells and input cells. Errors derive from `CarbonstdError`; findings about data are never exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from carbonstd._api import compare_editions, frame, library, method, read_case, read_yearbook, run, table, verify
    from carbonstd._batch.batch import batch
    from carbonstd._batch.result import BatchResult
    from carbonstd._case.case import Case
    from carbonstd._definitions.library import Library
    from carbonstd._definitions.method import Method
    from carbonstd._definitions.table import Table
    from carbonstd._engine.calculate import Options
    from carbonstd._errors import (
        CarbonstdError,
        CaseError,
        DefinitionError,
        ExpressionError,
        LockError,
        NotFoundError,
        UnitError,
    )
    from carbonstd._findings import Finding, Severity
    from carbonstd._result.line_value import Quantity
    from carbonstd._result.result import Result
    from carbonstd._tasks import check_limits, example, export, template, with_footprints

_HOMES = {
    "_api": ("compare_editions", "frame", "library", "method", "read_case", "read_yearbook", "run", "table", "verify"),
    "_batch.batch": ("batch",),
    "_batch.result": ("BatchResult",),
    "_engine.calculate": ("Options",),
    "_case.case": ("Case",),
    "_errors": (
        "CarbonstdError",
        "CaseError",
        "DefinitionError",
        "ExpressionError",
        "LockError",
        "NotFoundError",
        "UnitError",
    ),
    "_findings": ("Finding", "Severity"),
    "_definitions.library": ("Library",),
    "_result.line_value": ("Quantity",),
    "_definitions.method": ("Method",),
    "_result.result": ("Result",),
    "_definitions.table": ("Table",),
    "_tasks": ("check_limits", "example", "export", "template", "with_footprints"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BatchResult",
    "CarbonstdError",
    "Case",
    "CaseError",
    "DefinitionError",
    "ExpressionError",
    "Finding",
    "Library",
    "LockError",
    "Method",
    "NotFoundError",
    "Options",
    "Quantity",
    "Result",
    "Severity",
    "Table",
    "UnitError",
    "batch",
    "check_limits",
    "compare_editions",
    "example",
    "export",
    "frame",
    "library",
    "method",
    "read_case",
    "read_yearbook",
    "run",
    "table",
    "template",
    "verify",
    "with_footprints",
]


def __getattr__(name: str) -> Any:
    """Names are imported when first used: importing carbonstd alone stays cheap."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'carbonstd' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"carbonstd.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    """What completion offers: the public names, imported or not."""
    return sorted({*globals(), *__all__})
