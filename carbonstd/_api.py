"""The public functions: a method, a table, a case, and a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._case import case as _case
from carbonstd._case.case import Case
from carbonstd._definitions.header import as_they_stand
from carbonstd._definitions.library import Library, own_folder
from carbonstd._definitions.method import Method
from carbonstd._definitions.table import Table
from carbonstd._engine.calculate import Options
from carbonstd._joint.case import case_of
from carbonstd._joint.compare import calculate_joint
from carbonstd._result.lock import rerun
from carbonstd._result.result import Result

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from carbonstd._editions.diff import EditionDiff
    from carbonstd._verify.record import Verification

CHANGE = 0.2  # since last year, relative; chosen here, for no guide names a threshold


def library(factors: Iterable[str | Path] = (), methods: Iterable[str | Path] = ()) -> Library:
    """The shipped tables and methods, with users' folders laid over them (read again where a file of them has changed).

    Examples:
        >>> library().method_headers["gbt-32151.34@2024"].title["en"].split(" - ")[1]
        'Part 34: Carbon material production enterprise'
    """
    own = (
        tuple(own_folder(Path(path), "factors") for path in factors),
        tuple(own_folder(Path(path), "methods") for path in methods),
    )
    return _laid_over(own, tuple(map(as_they_stand, own))) if any(own) else _shipped()


def method(name: str) -> Method:
    """A method by `family@edition`, family, document number, Chinese or English title. Raises NotFoundError.

    Examples:
        >>> method("GB/T 32151.34").equations["purchased_electricity_row_emissions"].number
        '(12)'
    """
    return library().method(name)


def table(name: str) -> Table:
    """A table by `subject/family@edition` or family (its newest edition). Raises NotFoundError.

    Examples:
        >>> found = table("electricity/mee-grid-average@data-2023")
        >>> found.document.number, found.find(("national",))
        ('公告2025年第47号', [0])
    """
    return library().table(name)


def frame(name: str, *, cells: bool = False, units: bool = False, of: Library | None = None) -> pd.DataFrame:
    """A table as a DataFrame: a row for each row, or with `cells` for each cell with its own evidence and source.

    The units of columns stand in `attrs["units"]`, and with `units` in their headings too: `oxidation_factor`,
    `net_calorific_value [GJ/t]`.

    Examples:
        >>> found = frame("electricity/mee-grid-average@data-2023").set_index("region")
        >>> found.loc["national", "emission_factor"].item()
        0.5306
    """
    from carbonstd._catalogue.tidy import cells_of, rows_of
    from carbonstd._catalogue.unit_heads import headed

    shelf = of or library()
    found = shelf.table(name)
    made = (cells_of([found], shelf) if cells else rows_of(found, shelf)).frame()
    return headed(made) if units else made


def read_case(
    source: str | Path | Mapping[str, Any],
    of: Library | None = None,
    *,
    entity: str | int | None = None,
    method: str = "",
    period: str = "",
) -> Case:
    """A case from a workbook, a YAML file, a folder of CSV files, or a mapping. Raises CaseError.

    With `entity` one of many: `source` is then a folder of cases, or a ledger as `batch` reads it. `method` and
    `period` hold where the case names none.

    Examples:
        >>> rows = {"fuel": [{"fuel": "柴油", "consumption": "10 t"}]}
        >>> read_case({"method": "gbt-32151.34", "period": 2025, "inputs": rows}).period.end.isoformat()
        '2025-12-31'
    """
    stand_in = _case.StandIn((method,) if method else (), period)
    if entity is None:
        return _case.read_case(source, of or library(), stand_in)
    from carbonstd._batch.source import read_entity

    return read_entity(Path(str(source)), str(entity), of or library(), stand_in)


def read_yearbook(
    source: str | Path,
    method: str = "energy-balance-co2",
    *,
    period: str | int | None = None,
    as_of: date | None = None,
    of: Library | None = None,
) -> Case:
    """The energy balance in a yearbook's workbook as a case; `period` is its year where titles name none or several.

    `as_of` is the day the case is judged on, today where it is not said.

    The case lacks what no yearbook knows: `case.sheets["settings"]`, and parameters of fuels that have no default.
    Raises CaseError, with all findings.
    """
    from carbonstd._definitions.document import Period
    from carbonstd._yearbook.yearbook import read_yearbook as read

    shelf = of or library()
    span = None if period is None else Period.parse(str(period))
    return read(Path(source), shelf.method(method), shelf, span, as_of).case


def run(
    case: Case | str | Path | Mapping[str, Any],
    method: str | None = None,
    *,
    options: Options | None = None,
    of: Library | None = None,
    lock: Mapping[str, Any] | None = None,
) -> Result:
    """Run a case with its own method, with `method`, or again with the files of a `lock`.

    Raises CaseError, with all findings, for unusable input, and LockError for a lock that cannot be trusted.

    1000 MWh at a factor of 0.5 tCO2/MWh:

    Examples:
        >>> rows = {"electricity": [{"supply": "grid", "electricity": 1000, "emission_factor": 0.5}]}
        >>> result = run({"method": "gbt-32151.34", "period": 2025, "as_of": "2026-03-31", "inputs": rows})
        >>> str(result.primary), result.failed
        ('500 tCO2', False)
    """
    shelf = of or library()
    read = case if isinstance(case, Case) else _case.read_case(case, shelf)
    if lock is not None:
        return rerun(case_of(read, str(lock.get("method")), shelf), dict(lock))
    used = shelf.method(method or read.method, read.period, read.as_of)
    return calculate_joint(read, used, shelf, options)


def compare_editions(
    case: Case | str | Path | Mapping[str, Any],
    old: str,
    new: str,
    *,
    options: Options | None = None,
    of: Library | None = None,
) -> EditionDiff:
    """A case by two editions of a method (`mee-power@2021`, `mee-power@2022-12`), each with the tables of its time.

    Raises CaseError, with the findings of both, where both refuse it.
    """
    from carbonstd._editions import diff as _editions_diff

    shelf = of or library()
    read = case if isinstance(case, Case) else _case.read_case(case, shelf)
    first, second = (shelf.method(name, read.period, read.as_of).id for name in (old, new))
    chosen = options or Options()
    return _editions_diff.compare_editions(case_of(read, first, shelf, chosen), (first, second), shelf, chosen)


def verify(
    case: Case | str | Path | Mapping[str, Any],
    method: str | None = None,
    *,
    last_year: Case | str | Path | Mapping[str, Any] | None = None,
    plan: str | Path | None = None,
    change: float = CHANGE,
    materiality: float | None = None,
    options: Options | None = None,
    of: Library | None = None,
) -> Verification:
    """Recompute the report in a case (its sheets `reported`, `cross_checks`, `replacements`) and list what differs.

    `change` is the relative change since last year that counts as unusual, `materiality` a share of the total; both are
    fractions; `plan` is a filled data quality control plan. Raises CaseError for a case or plan that cannot be read, or
    a materiality where the guide knows none.
    """
    from carbonstd._plan.input import read_plan
    from carbonstd._verify.verify import Inquiry
    from carbonstd._verify.verify import verify as verified

    shelf = of or library()
    read, before = (
        item if item is None or isinstance(item, Case) else _case.read_case(item, shelf) for item in (case, last_year)
    )
    assert read is not None
    used = shelf.method(method or read.method, read.period, read.as_of)
    planned = read_plan(Path(plan), shelf) if plan is not None else None
    return verified(read, used, shelf, Inquiry(before, planned, change, materiality, options or Options()))


@lru_cache(maxsize=8)
def _laid_over(own: tuple[tuple[Path, ...], tuple[Path, ...]], files: object) -> Library:
    """Users' folders over what is shipped; one library, and what it has read, for all runs on the same files."""
    return Library(*own)


@cache
def _shipped() -> Library:
    return Library()
