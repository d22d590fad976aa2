"""The figures a report states beside the recomputed ones, to the digits that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from carbonstd._case.cells import month_of
from carbonstd._definitions.method import Equation
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, finding
from carbonstd._number import exact, shown
from carbonstd._result.result import Result
from carbonstd._verify.causes import Causes
from carbonstd._verify.record import Agreement, Compared
from carbonstd._verify.review_input import Reported
from carbonstd._verify.unsettled import Unsettled

_HALF = Fraction(1, 2)
_JOIN = {"zh": "；", "en": "; "}
_NONE: Bilingual = {"zh": "未找到", "en": "none found"}


@dataclass(frozen=True)
class Comparison:
    """The figures compared, and what was found of them."""

    figures: tuple[Compared, ...]
    findings: tuple[Finding, ...]


def compare(reported: Sequence[Reported], result: Result, after: Result | None, whole: bool) -> Comparison:
    """Each reported figure beside the recomputed one, and the lines a report leaves out.

    `after` is the result after replacements; None where nothing was replaced. Where `whole` is False an entry of the
    verifier could not be read: it may be any line that seems to be left out, so none is said to be.
    """
    return _Comparer(reported, result, after).compare(whole)


def not_recomputed(reported: Sequence[Reported]) -> tuple[Compared, ...]:
    """The figures of a report whose case the method refuses."""
    return tuple(_bare(item, Agreement.NOT_COMPUTED) for item in reported)


class _Comparer:
    def __init__(self, reported: Sequence[Reported], result: Result, after: Result | None) -> None:
        self.reported, self.result, self.after = reported, result, after
        self.causes = Causes(result)
        self.unsettled = Unsettled(after or result)
        self.findings: list[Finding] = []

    def compare(self, whole: bool) -> Comparison:
        figures = [self._figure(item) for item in self.reported]
        if self.reported:
            figures += self._left_out() if whole else []
            self._sum_of_lines()
        return Comparison(tuple(figures), tuple(self.findings))

    def _figure(self, item: Reported) -> Compared:
        found = self._value(item, self.result)
        if found is None:
            self._report("reported-not-computed", item, labels=self._parts(item))
            return _bare(item, Agreement.NOT_COMPUTED)
        after = self._value(item, self.after)
        own = _agreement(item, exact(found))
        agreement = own if after is None else _agreement(item, exact(after))
        causes: tuple[Bilingual, ...] = ()
        if agreement is Agreement.DIFFERS and own is not Agreement.DIFFERS:
            agreement = Agreement.REPLACED  # told by the entry of the replacement
        elif agreement is not Agreement.AGREES:
            causes = self.causes.of(item, found) if agreement is Agreement.DIFFERS else ()
            self._differs(item, found, after, agreement, causes)
        settled = self._settled(item.equation)
        return replace(_bare(item, agreement), recomputed=found, replaced=after, causes=causes, settled=settled)

    def _settled(self, equation: Equation) -> bool:
        return equation.id not in self.unsettled

    def _value(self, item: Reported, result: Result | None) -> float | None:
        """The figure of a result for an item: a line's own value, or that of an equation at its labels."""
        if result is None:
            return None
        if item.line is not None and not item.key:
            line = next(held for held in (*result.lines, *result.total_lines) if held.line.id == item.id)
            return line.value if line.reported else None
        wanted, values = self._labels(item, result), result.values(item.equation.id)
        matching = [value for labels, value in values.items() if wanted <= set(labels)]
        return matching[0] if len(matching) == 1 else None

    @staticmethod
    def _labels(item: Reported, result: Result) -> set[str]:
        return {month_of(part, result.case.period) or part for part in item.key}

    def _parts(self, item: Reported) -> str:
        """What could be meant: equations that have a figure for these labels, else the labels the equation has."""
        wanted = self._labels(item, self.result)
        equations = self.result.method.equations.values()
        alike = [other for other in equations if other.unit.text == item.equation.unit.text and not other.sheet]
        keys = {other.id: [set(key) for key in self.result.values(other.id)] for other in alike if wanted}
        found = [name for name, held in keys.items() if wanted in held]
        own = (", ".join(labels) for labels in list(self.result.values(item.equation.id))[:20])
        return ", ".join(found[:6]) or "; ".join(filter(None, own)) or "—"

    def _differs(
        self, item: Reported, found: float, after: float | None, agreement: Agreement, causes: Sequence[Bilingual]
    ) -> None:
        verified = found if after is None else after
        difference = float(item.value) - verified
        code = "reported-differs" if agreement is Agreement.DIFFERS else "reported-rounding"
        digits = max(6, len(shown(float(item.value), 15).replace(".", "").replace("-", "")))
        recomputed = shown(found, digits)
        self._report(
            code, item, kind="" if self._settled(item.equation) else "unsettled",
            reported=shown(float(item.value), 15), difference=shown(difference, 6),
            relative=f"{difference / abs(verified):+.4%}" if verified else "—", unit=item.equation.unit.text,
            recomputed=recomputed if after in (None, found) else f"{recomputed} → {shown(verified, digits)}",
            causes={part: _JOIN[part].join(cause[part] for cause in causes) or _NONE[part] for part in ("zh", "en")},
        )  # fmt: skip

    def _left_out(self) -> list[Compared]:
        """Lines and totals with a figure that the report does not state."""
        stated = {item.id for item in self.reported if not item.key}
        after = {line.line.id: line for line in (*self.after.lines, *self.after.total_lines)} if self.after else {}
        left = [
            line
            for line in (*self.result.lines, *self.result.total_lines)
            if line.line.id not in stated and line.reported and line.value and not line.line.memo
        ]
        for line in left:
            if not line.line.total or line.line is self.result.primary_line:
                equation = self.result.method.equations[line.line.equation]
                values = {"label": line.line.label, "recomputed": line.printed, "unit": line.unit}
                values |= {"about": line.line.id}
                self.findings.append(finding("reported-missing", line.line.id, equation.clause, **values))
        return [
            Compared(
                line.line.id, line.line.label, unit=line.unit, recomputed=line.value,
                replaced=after[line.line.id].value if line.line.id in after else None, digits=line.line.digits,
                agreement=Agreement.NOT_REPORTED, clause=line.line.table, table=line.line.table,
                settled=self._settled(self.result.method.equations[line.line.equation]),
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
        about = "|".join((item.id, *item.key))  # the same figure in the next round, wherever it stands then
        self.findings.append(finding(code, item.place, clause, label=label, about=about, **values))


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
