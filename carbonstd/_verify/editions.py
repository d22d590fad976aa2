"""Whether the total of a report is that of another edition, or of another line of documents, than the report names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._editions.run import run_edition
from carbonstd._engine.calculate import Options
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._result.result import Result
from carbonstd._verify.review_input import Reported


def other_editions(reported: Sequence[Reported], result: Result, options: Options) -> Iterator[Finding]:
    """The editions that give just the total reported, where that of the report does not."""
    total = next((item for item in reported if item.id == result.primary_line.id and not item.key), None)
    if total is None or _gives(result, total):
        return
    others = (_by(name, result, options) for name in _rivals(result))
    giving = [other for other in others if other is not None and _gives(other, total)]
    if giving:
        editions = ", ".join(f"{other.method.id} ({other.method.document.number})" for other in giving)
        yield finding("reported-other-edition", total.place, editions=editions, used=result.method.id)


def _rivals(result: Result) -> list[str]:
    """Other editions of the method, then methods of other lines for the same industries."""
    method, library = result.method, result._run.library
    headers = library.method_headers
    own = [item.id for item in library.editions(method.family, headers) if item.id != method.id]
    codes = set(method.industries)
    others = (item for item in headers.values() if item.family != method.family)
    return [*own, *(item.id for item in others if codes & set(item.industries))]


def _by(name: str, result: Result, options: Options) -> Result | None:
    """The case by another edition; None where it refuses the case."""
    try:
        return run_edition(result.case, name, result._run.library, options).result
    except CarbonstdError:
        return None


def _gives(result: Result, total: Reported) -> bool:
    """Whether the total of a result is the one reported, to one of its last digit."""
    alike = result.primary.unit == total.equation.unit.text
    return alike and abs(float(total.value) - result.primary.value) <= float(total.step)
