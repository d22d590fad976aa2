"""Missing figures: which blank, look-up or dash a figure lacks, so that a user knows what to enter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Equation
from carbonstd._definitions.row_words import row_words
from carbonstd._engine.array import Array
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._findings import Finding, Severity, finding
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiled
from carbonstd._ledger.arithmetic import FALSE
from carbonstd._ledger.ledger import SheetData
from carbonstd._result.evidence import unseen_labels


class Missing:
    """Asks a run what it lacks."""

    def __init__(self, run: Run) -> None:
        self.run, self.program, self.method = run, run.program, run.program.method

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """The equations that each equation speaks of."""
        return {name: self._below(equation.nodes) for name, equation in self.method.equations.items()}

    def needed(self, sheet: str, column: str) -> NDArray[np.bool_]:
        """The rows in which a column is asked for at all."""
        rows = self.run.ledger[sheet].rows
        compiled = self.program.needed.get((sheet, column))
        if compiled is None:
            return np.broadcast_to(np.True_, rows)
        return np.asarray(self.run.by_row(compiled, sheet, "needed").data != FALSE)

    def value(self, data: SheetData, column: str, row: int) -> Finding:
        """Why a value is missing: nobody entered it, and no table row or no number answered for it."""
        spec, place = data.sheet.columns[column], data.place(column, row)
        for usage in self.run.usages.get(f"{data.sheet.id}.{column}", []):
            at = row if usage.frame.sheet == data.sheet.id else 0
            if not usage.frame.axes and (usage.counts is None or usage.counts[at]):
                return self._unanswered(usage, at, place, spec.label)
        return finding("missing-value", place, column=spec.label)

    def _unanswered(self, usage: Usage, row: int, place: str, label: Any) -> Finding:
        table = self.run.segments[usage.slot][int(usage.segment[row])].table
        if usage.row[row] < 0:
            keys = ", ".join(usage.keys)
            return finding("unmatched-key", place, column=label, keys=keys, table=table.id)
        cell = table.cell(int(usage.row[row]), usage.column)
        return finding(
            "cell-without-number",
            place,
            column=label,
            table=table.id,
            row=row_words(table, table.rows[int(usage.row[row])], self.run.library),
            state=cell.state,
            text=cell.text,
        )

    def figures(self) -> Iterator[Finding]:
        """Run every equation; trace a missing figure to the blanks it came from. Blanks nobody needs are fine."""
        reported: set[str] = set()
        used = {below for names in self.below.values() for below in names}
        spared = self._unasked() | self._unneeded()
        for name, equation in self.method.equations.items():
            if name in spared:
                continue
            array = self.run.equation(name)
            if self.program.equations[name].type.frame.sheet and name in used:
                continue
            bad = ~np.isfinite(array.data.astype(np.float64, copy=False))
            if bad.any():
                bad &= ~self._unseen(name, array)
            below = self.below[name]
            if not bad.any() or reported & set(below):
                reported.update([name] if bad.any() else [])
                continue
            reported.add(name)
            rows = (
                [name]
                if array.frame.sheet
                else [item for item in below if self.program.equations[item].type.frame.sheet]
            )
            found = [item for row_equation in rows for item in self._blank_rows(row_equation)]
            found = found or self._blank_rows(name)
            found += [item for place in (name, *rows) for item in self._without_row(place)]
            said = any(item.place == name and item.severity is Severity.ERROR for item in self.run.findings)
            said = said or any(
                sheet in {self.method.equations[row].sheet for row in rows} for sheet, _ in self.run.refused
            )
            if found or not (said or self._follows(name)):
                yield from found or [self._operand(equation, name)]

    def causes(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Without the look-ups that found no row because a called model gave no figure: it has said why."""
        return (item for item in findings if item.code != "no-row" or not self._follows(item.place))

    def _follows(self, name: str) -> bool:
        """Whether an equation rests on a called model that gave no figure and has said why."""
        return bool(self.run.failed) and not self.run.failed.isdisjoint(self._all_below((ex.Name(name),)))

    def _unseen(self, name: str, array: Array) -> NDArray[np.bool_]:
        """The values of an equation over one axis that rest on a figure nobody has seen: a verdict leaves them open."""
        if len(array.frame.axes) != 1 or array.keys is None or array.frame.sheet:
            return np.zeros(len(array.data), dtype=bool)
        below = self._all_below((ex.Name(name),)) | {name}
        labels = {item for what in below for item in unseen_labels(self.run, what)}
        own = (self.run.axes.named(array.frame.axes, int(key))[0] for key in array.keys)
        return np.array([label in labels for label in own], dtype=bool)

    def _unasked(self) -> set[str]:
        """Equations that serve only lines, totals or verdicts whose condition does not hold in this case."""
        program, asked, silent = self.program, set[str](), set[str]()
        rules: list[tuple[str, Compiled | None, tuple[ex.Node, ...]]] = [
            *((item.id, program.reported.get(item.id), (ex.Name(item.equation),)) for item in self.method.lines),
            *((item.id, program.verdicts[item.id].when, item.nodes) for item in self.method.verdicts),
        ]
        for name, condition, nodes in rules:
            holds = condition is None or self.run.evaluate(condition, "", f"when {name}").data[0] != FALSE
            (asked if holds else silent).update(self._all_below(nodes))
        return silent - asked

    def _unneeded(self) -> set[str]:
        """Single figures that serve others alone, each of which is known without them: `first(reported, computed)`."""
        spared: set[str] = set()
        while found := {
            name
            for name, users in self._serving.items()
            if name not in spared and all(user in spared or self._is_known(user) for user in users)
        }:
            spared |= found
        return spared

    def unneeded(self, lacking: Mapping[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.bool_]]:
        """The same in a run that many share: the entities for which each such figure is not needed.

        `lacking` tells of each figure that is not known for all for which entities it is not.
        """
        none = np.zeros(self.run.entities, dtype=bool)
        spared = dict.fromkeys(self._serving, none)
        while True:
            found = {
                name: np.logical_and.reduce(
                    [~none, *(~lacking[user] | spared.get(user, none) for user in users if user in lacking)]
                )
                for name, users in self._serving.items()
            }
            if all((found[name] == spared[name]).all() for name in found):
                return found
            spared = found

    @cached_property
    def _serving(self) -> dict[str, list[str]]:
        """The single figures that stand in no line and no verdict of their own, each with the equations that use it."""
        users: dict[str, list[str]] = {}
        for name, names in self.below.items():
            for below in names:
                users.setdefault(below, []).append(name)
        direct = {line.equation for line in self.method.lines}
        direct |= {below for rule in self.method.verdicts for below in self._below(rule.nodes)}
        return {
            name: of for name, of in users.items() if name not in direct and not self.run.equation(name).frame.labels
        }

    def _is_known(self, name: str) -> bool:
        return bool(np.isfinite(self.run.equation(name).data.astype(np.float64)).all())

    def _all_below(self, nodes: tuple[ex.Node, ...]) -> set[str]:
        """Every equation that trees rest on, through others too."""
        found, pending = set[str](), self._below(nodes)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self.below[name]
        return found

    def _operand(self, equation: Equation, place: str) -> Finding:
        symbol = equation.symbol or equation.id
        return finding("missing-operand", place, equation.clause, equation=equation.label, symbol=symbol)

    def _without_row(self, name: str) -> list[Finding]:
        """Rows of a sheet for which an equation's own look-up found no table row or no number."""
        findings = []
        for usage in self.run.usages.get(name, []):
            if usage.frame.sheet is None:
                continue
            data = self.run.ledger[usage.frame.sheet]
            for row, at in enumerate(usage.row):
                if usage.counts is not None and not usage.counts[row]:
                    continue
                table = self.run.segments[usage.slot][int(usage.segment[row])].table
                if not table.columns[usage.column].text and (at < 0 or table.cell(int(at), usage.column).value is None):
                    key = next((key for key in usage.keys if key in data.codes), next(iter(data.sheet.columns)))
                    place, label = data.place(key, row), table.columns[usage.column].label
                    found = self.run.labels_of(self.run.column(data.sheet.id, key))[row] if key in data.codes else key
                    absent = (
                        finding("no-row", place, keys=found, table=table.id) if found else self.value(data, key, row)
                    )
                    findings.append(absent if at < 0 else self._unanswered(usage, row, place, label))
        return findings

    def _below(self, nodes: tuple[ex.Node, ...]) -> list[str]:
        names = [name for tree in nodes for name in tree.names()]
        return [name for name in dict.fromkeys(names) if name in self.method.equations]

    def _blank_rows(self, name: str) -> list[Finding]:
        array, equation = self.run.equation(name), self.method.equations[name]
        sheet = array.frame.sheet or equation.sheet
        if not sheet:
            return []
        findings = []
        by_row = array.frame.sheet is not None
        rows = (
            np.flatnonzero(~np.isfinite(array.data.astype(np.float64)))
            if by_row
            else range(self.run.ledger[sheet].rows)
        )
        for row in rows:
            if (sheet, int(row)) in self.run.refused:
                continue  # a called model has said what is wrong with the row
            blanks = self._blanks(equation.nodes, sheet, int(row))
            findings += [self.value(self.run.ledger[sheet], column, int(row)) for column in blanks]
            if not blanks and by_row and not self.run.usages.get(name) and not self._follows(name):
                place = self.run.ledger[sheet].place(next(iter(self.run.ledger[sheet].sheet.columns)), int(row))
                findings.append(self._operand(equation, place))
        return findings

    def _blanks(self, nodes: tuple[ex.Node, ...], sheet: str, row: int) -> list[str]:
        """The columns of a row that are blank though an equation, or one it rests on, needs them."""
        data = self.run.ledger[sheet]
        pending, seen = list(nodes), dict[str, None]()
        while pending:
            for node in pending.pop(0).walk():
                if isinstance(node, ex.Name) and node.name not in seen:
                    seen[node.name] = None
                    if node.name in self.method.equations and self.method.equations[node.name].sheet == sheet:
                        pending += self.method.equations[node.name].nodes
        blank = [name for name in seen if name in data.numbers and np.isnan(data.numbers[name][row])]
        blank = [name for name in blank if self.needed(sheet, name)[row]]
        answered = [name for name in blank if data.sheet.columns[name].default is not None]
        unnamed = [
            name for name in seen if name in data.codes and data.codes[name][row] == self.run.axes.known(name, "")
        ]
        return answered or blank or unnamed
