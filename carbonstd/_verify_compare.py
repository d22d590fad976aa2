"""The figures a report states beside the recomputed ones, to the digits that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from carbonstd._cells import month_of
from carbonstd._findings import Finding, finding
from carbonstd._number import exact, shown
from carbonstd._result import Result
from carbonstd._review_input import Reported
from carbonstd._schema import Bilingual
from carbonstd._verify_causes import Causes
from carbonstd._verify_record import Agreement, Compared

_HALF = Fraction(1, 2)
_JOIN = {"zh": "；", "en": "; "}


@dataclass(frozen=True)
class Comparison:
    """The figures compared, and what was found of them."""

    figures: tuple[Compared, ...]
    findings: tuple[Finding, ...]


def compare(reported: Sequence[Reported], result: Result, after: Result | None) -> Comparison:
    """Each reported figure beside the recomputed one, and the lines a report leaves out.

    `after` is the result after replacements; None where nothing was replaced.
    """
    return _Comparer(reported, result, after).compare()


def not_recomputed(reported: Sequence[Reported]) -> tuple[Compared, ...]:
    """The figures of a report whose case the method refuses."""
    return tuple(_bare(item, Agreement.NOT_COMPUTED) for item in reported)


class _Comparer:
    def __init__(self, reported: Sequence[Reported], result: Result, after: Result | None) -> None:
        self.reported, self.result, self.after = reported, result, after
        self.causes = Causes(result)
        self.findings: list[Finding] = []

    def compare(self) -> Comparison:
        figures = [self._figure(item) for item in self.reported]
        if self.reported:
            figures += self._left_out()
            self._sum_of_lines()
        else:
            self.findings.append(finding("reported-nothing", self.result.method.id))
        return Comparison(tuple(figures), tuple(self.findings))

    def _figure(self, item: Reported) -> Compared:
        figure = _bare(item, Agreement.AGREES)
        found = self._value(item, self.result)
        if found is None:
            self._report("reported-not-computed", item, labels=self._held(item))
            return _bare(item, Agreement.NOT_COMPUTED)
        after = self._value(item, self.after) if self.after else None
        agreement = _agreement(item, exact(found))
        causes: tuple[Bilingual, ...] = ()
        if agreement is Agreement.DIFFERS:
            causes = self.causes.of(item, found)
        if agreement is not Agreement.AGREES:
            self._differs(item, found, agreement, causes)
        return Compared(
            figure.item, figure.label, figure.key, figure.unit, figure.place, figure.reported, found, after,
            figure.digits, agreement, figure.clause, causes, figure.table,
        )  # fmt: skip

    def _value(self, item: Reported, result: Result | None) -> float | None:
        """The figure of a result for an item: a line's own value, or that of an equation at its labels."""
        if result is None:
            return None
        if item.line is not None and not item.key:
            line = next(held for held in (*result.lines, *result.total_lines) if held.line.id == item.id)
            return line.value if line.reported else None
        values = result.values(item.equation.id)
        months = {part: month_of(part, result.case.period) or part for part in item.key}
        matching = [value for labels, value in values.items() if {months[part] for part in item.key} <= set(labels)]
        return matching[0] if len(matching) == 1 else None

    def _held(self, item: Reported) -> str:
        return "; ".join(", ".join(labels) for labels in list(self.result.values(item.equation.id))[:20])

    def _differs(self, item: Reported, found: float, agreement: Agreement, causes: Sequence[Bilingual]) -> None:
        difference = float(item.value) - found
        code = "reported-differs" if agreement is Agreement.DIFFERS else "reported-rounding"
        relative = f"{difference / abs(found):+.4%}" if found else "—"
        why = {part: _JOIN[part].join(cause[part] for cause in causes) or "—" for part in ("zh", "en")}
        digits = max(6, len(shown(float(item.value), 15).replace(".", "").replace("-", "")))
        self._report(
            code, item, reported=shown(float(item.value), 15), recomputed=shown(found, digits),
            difference=shown(difference, 6), relative=relative, unit=item.equation.unit.text, causes=why,
        )  # fmt: skip

    def _left_out(self) -> list[Compared]:
        """Lines and totals with a figure that the report does not state."""
        stated = {item.id for item in self.reported}
        left = [
            line
            for line in (*self.result.lines, *self.result.total_lines)
            if line.line.id not in stated and line.reported and line.value and not line.line.memo
        ]
        for line in left:
            if not line.line.total or line.line is self.result.primary_line:
                values = {"label": line.line.label, "recomputed": line.printed, "unit": line.unit}
                self.findings.append(finding("reported-missing", line.line.id, line.line.table, **values))
        return [
            Compared(
                line.line.id, line.line.label, unit=line.unit, recomputed=line.value, digits=line.line.digits,
                agreement=Agreement.NOT_REPORTED, clause=line.line.table, table=line.line.table,
            )
            for line in left
        ]  # fmt: skip

    def _sum_of_lines(self) -> None:
        """The report's own lines must add up to its own total, whatever the recomputation says."""
        whole = {item.id: item for item in self.reported if item.line is not None and not item.key}
        total = whole.get(self.result.primary_line.id)
        lines = [line for line in self.result.lines if not line.line.memo and line.reported]
        if total is None or not lines or any(line.line.id not in whole for line in lines):
            return
        added = sum((line.line.sign * whole[line.line.id].value for line in lines), Fraction(0))
        slack = _HALF * sum((whole[line.line.id].step for line in lines), total.step)
        if abs(added - total.value) > slack:
            self._report(
                "reported-lines-do-not-sum", total, reported=shown(float(total.value), 15),
                sum=shown(float(added), 15), unit=total.equation.unit.text,
            )  # fmt: skip

    def _report(self, code: str, item: Reported, **values: object) -> None:
        clause = item.equation.clause + (f" {item.equation.number}" if item.equation.number else "")
        key = "; ".join(item.key)
        label = {part: text + (f" [{key}]" if key else "") for part, text in item.label.items()}
        self.findings.append(finding(code, item.place, clause, label=label, **values))


def _bare(item: Reported, agreement: Agreement) -> Compared:
    line, equation = item.line, item.equation
    return Compared(
        item.id, item.label, "; ".join(item.key), equation.unit.text, item.place, float(item.value),
        digits=_digits(item), agreement=agreement, clause=" ".join(filter(None, (equation.clause, equation.number))),
        table=line.table if line else "",
    )  # fmt: skip


def _digits(item: Reported) -> int:
    """The decimals of the report line, else those that were typed."""
    if item.line is not None and item.line.digits is not None:
        return item.line.digits
    return max(0, len(str(item.step.denominator)) - 1)


def _agreement(item: Reported, found: Fraction) -> Agreement:
    """Half of a digit that the document prints, else typed, agrees; one whole, or a coarser report, is rounding."""
    printed = Fraction(1, 10**item.line.digits) if item.line and item.line.digits is not None else item.step
    difference = abs(item.value - found)
    if difference <= _HALF * printed:
        return Agreement.AGREES
    if difference <= max(printed, _HALF * item.step):
        return Agreement.ROUNDING
    return Agreement.DIFFERS
