"""Which figures nothing verifies, since the input below them fails a check of the document."""

from __future__ import annotations

from carbonstd._editions.causes import Below
from carbonstd._findings import Severity
from carbonstd._result.result import Result


class Unsettled:
    """The equations of a result that rest on what an error check found wrong: their figures follow the error."""

    def __init__(self, result: Result) -> None:
        self.below = Below(result)
        failed = {
            item.values["id"]
            for item in result.findings
            if item.code == "check-failed" and item.severity is Severity.ERROR
        }
        checks = (check for check in result.method.checks if check.id in failed)
        self.wrong = {column for check in checks for column in self.below.read_by(check.condition, check.sheet)}

    def __contains__(self, equation: str) -> bool:
        return bool(self.wrong) and not self.wrong.isdisjoint(self.below.of(equation).columns)
