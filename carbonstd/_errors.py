"""The exceptions of carbonstd, one small tree.

    CarbonstdError
    ├── DefinitionError      a table, method or vocabulary file is wrong (findings name file and line)
    ├── ExpressionError      an expression cannot be read or its units do not fit
    ├── UnitError            a unit is unknown or does not convert (also a ValueError)
    ├── NotFoundError        no such method, table, line or edition (also a LookupError)
    ├── CaseError            the input cannot be used (findings name sheet and cell)
    └── LockError            a lock is incomplete or altered

Findings about data are not exceptions: they travel in the result. An exception means nothing was computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carbonstd._findings import Finding


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, errors first and of these what refuses a whole file; others keep their order."""
    return sorted(findings, key=lambda item: (("error", "warning", "note").index(item.severity), not item.structural))


class CarbonstdError(Exception):
    """Base of every error raised by carbonstd. `findings` lists all that is wrong, not only the first."""

    def __init__(self, message: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)

    def __str__(self) -> str:
        lines = [self.args[0]] if self.args and self.args[0] else []
        lines += [str(item) for item in by_severity(self.findings)]
        return "\n".join(lines)


class DefinitionError(CarbonstdError):
    """A table, method or vocabulary file is wrong."""


class ExpressionError(CarbonstdError):
    """An expression cannot be read, or its units do not fit."""


class UnitError(CarbonstdError, ValueError):
    """A unit is unknown, or one unit does not convert into another."""


class NotFoundError(CarbonstdError, LookupError):
    """A name leads to nothing; the message suggests what was meant."""


class CaseError(CarbonstdError):
    """The input cannot be used; nothing was computed."""


class LockError(CarbonstdError):
    """A lock is incomplete, altered, or belongs to another case."""
