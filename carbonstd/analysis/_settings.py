"""Settings of an analysis held against what they may be: a name that is known, a share, a figure within its bounds."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Any

import numpy as np

from carbonstd._errors import CaseError
from carbonstd._findings import finding


def one_of(name: str, value: Any, allowed: Iterable[str]) -> None:
    """Raises CaseError where a setting is none of its names."""
    names = list(allowed)
    _hold(value in names, name, value, ", ".join(names))


def share(name: str, value: Any) -> None:
    """Raises CaseError where a setting is not above 0 and below 1."""
    _hold(isinstance(value, int | float | np.number) and 0 < value < 1, name, value, f"0 < {name} < 1")


def whole(name: str, value: Any, *, least: int) -> None:
    """Raises CaseError where a setting is no whole number or below its least."""
    _hold(isinstance(value, int | np.integer) and value >= least, name, value, f"{least}, {least + 1}, …")


def above_zero(name: str, value: Any) -> None:
    """Raises CaseError where a setting is no finite number above zero."""
    _hold(isinstance(value, int | float | np.number) and 0 < value < inf, name, value, f"0 < {name} < inf")


def _hold(good: Any, name: str, value: Any, allowed: str) -> None:
    if not good:
        raise CaseError(findings=[finding("analysis-setting", name=name, value=str(value), allowed=allowed)])
