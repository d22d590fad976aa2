"""Building an explanation: an equation, what it rests on, and the rows it sums, each with the values it read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Equation, Method
from carbonstd._definitions.schema import Bilingual, same
from carbonstd._engine.evaluate import evaluate, over
from carbonstd._engine.run import Run
from carbonstd._errors import NotFoundError
from carbonstd._findings import Language, finding
from carbonstd._language import expression as ex
from carbonstd._language.formula import Speech, printed, spoken
from carbonstd._ledger.arithmetic import FALSE
from carbonstd._naming import Names, named, near_named
from carbonstd._result.evidence import row_status
from carbonstd._result.result import Result
from carbonstd._result.status import status_of
from carbonstd._trace.explanation import Contribution, Contributions, Explanation, Operand, Step, worth_saying
from carbonstd._trace.origin import Origin, Source, defaults, leaves, quiet
from carbonstd._trace.trace import STATUS_NAMES, decoded, key_texts, labelled, row_label, units_of

Floats = NDArray[np.float64]
_ADDED: Bilingual = {"zh": "求和项", "en": "addends"}
_AXES = {"level": "等级", "basis": "计量方式"}  # that no column is called
_AVERAGED: Bilingual = {"zh": "求平均的各行", "en": "rows averaged"}


def explain(result: Result, name: str) -> Explanation:
    """The explanation of a line, total or equation, by id, symbol or label. Raises NotFoundError."""
    method = result.method
    line, equation = named(method, name)
    if equation is None:
        kind = {"zh": "报告行", "en": "line"}
        raise NotFoundError(findings=[finding("not-found", name=name, kind=kind, suggestion=near_named(method, name))])
    step = _Builder(result).step(equation)
    names = {item.id: item.label for item in method.equations.values()}
    label = line.label if line else equation.label
    reported = all(item.reported for item in (*result.lines, *result.total_lines) if item.line is line)
    return Explanation(name, label, method.id, method.document.number, step, names, reported)


def symbol_of(run: Run, name: str, sheet: str) -> str:
    """The document's symbol of a name seen from a sheet; the name itself where it has none."""
    method = run.program.method
    if sheet and name in method.sheets[sheet].columns:
        return method.sheets[sheet].columns[name].symbol or name
    if name in method.equations:
        return method.equations[name].symbol or name
    return method.constants[name].symbol or name if name in method.constants else name


def formula_of(run: Run, equation: Equation, language: Language = "en") -> str:
    """The right-hand side with the document's symbols; a called model by name and arguments."""
    compiled = run.program.equations[equation.id]
    if compiled.node is not None:
        return formula_text(run, compiled.node, equation.sheet, language)
    nodes = (compiled.arguments or {}).values()
    return f"{equation.call}({', '.join(formula_text(run, node, equation.sheet, language) for node in nodes)})"


def formula_text(run: Run, node: ex.Node, sheet: str, language: Language) -> str:
    """A tree seen from a sheet: with the document's symbols, and in Chinese in words where it has none."""
    if language == "zh":
        return spoken(node, _speech(run, sheet))
    return printed(node, lambda name: symbol_of(run, name, sheet))


def _speech(run: Run, sheet: str) -> Speech:
    method = run.program.method
    tables = [segments[-1].table for segments in run.segments.values()]
    keys = [key.terms.terms for table in tables for key in table.keys.values() if key.terms is not None]
    own_terms = {text: term.zh for terms in keys for text, term in terms.items()}

    def name(text: str) -> str:
        symbol = symbol_of(run, text, sheet)
        if symbol != text:
            return symbol
        own = method.sheets[sheet].columns.get(text) if sheet else None
        axes = (item.columns[text] for item in method.sheets.values() if text in item.columns)
        held = own or method.equations.get(text) or method.constants.get(text) or next(axes, None)
        return held.label["zh"] if held else _AXES.get(text, text)

    def member(of: str, column: str) -> str:
        found = method.sheets[of].columns.get(column)
        return (found.symbol or found.label["zh"]) if found else name(column)

    def cell(slot: str, column: str) -> str:
        found = run.segments[slot][-1].table.columns.get(column)
        return found.label["zh"] if found else column

    return Speech(
        name,
        member,
        cell,
        lambda text: own_terms.get(text) or _names(method, run.library).terms_in(text)["zh"],
    )


@lru_cache(maxsize=8)
def _names(method: Method, library: Library) -> Names:
    return Names(method, library)


@lru_cache(maxsize=32)
def _summed(method: Method) -> frozenset[str]:
    """The equations whose values the method itself adds."""
    trees = (tree for equation in method.equations.values() for tree in equation.nodes)
    sums = (node for tree in trees for node in tree.walk() if isinstance(node, ex.Reduce) and node.function == "sum")
    return frozenset(node.operand.name for node in sums if isinstance(node.operand, ex.Name))


def adds_up(method: Method, equation: Equation) -> bool:
    """Whether the values of an equation may be added: a ratio or a rate is not, unless the method does so."""
    ratio = "/" in equation.unit.text or equation.unit.text in ("1", "%")
    return not equation.apart and (not ratio or equation.id in _summed(method))


def _is_mean(trees: Sequence[ex.Node]) -> bool:
    """Whether the values of an equation are means: those of several labels are not added."""
    tops = [tree.operand if isinstance(tree, ex.Scale) else tree for tree in trees]
    return any(isinstance(top, ex.Reduce) and top.function == "mean" for top in tops)


class _Builder:
    def __init__(self, result: Result) -> None:
        self.result, self.run, self.method = result, result._run, result.method
        self.seen: set[str] = set()
        self._keys: dict[str, NDArray[Any]] = {}

    def step(self, equation: Equation, within: str = "") -> Step:
        """The step of an equation; one by row of the sheet explained `within` has its values in the rows there."""
        run, array = self.run, self.run.equation(equation.id)
        values = array.data.astype(np.float64)
        statuses = np.broadcast_to(status_of(run, equation.id).data, values.shape)
        repeated = equation.id in self.seen
        self.seen.add(equation.id)
        rows, shown_above = Contributions(), bool(within) and array.frame.sheet == within
        if shown_above:
            values, repeated = np.array([np.nan]), True
        elif array.frame.sheet and not run.ledger[array.frame.sheet].sheet.single:
            rows = _Rows(self, equation, values, statuses).contributions()
        elif array.frame.axes:
            rows = self._by_axes(equation, values, statuses)
        total = float(np.nansum(values)) if len(rows) else float(values.sum())
        added = adds_up(self.method, equation) and (
            equation.id in _summed(self.method) or not _is_mean(self.nodes(equation))
        )
        return Step(
            equation.id,
            equation.label,
            equation.symbol,
            equation.number,
            equation.clause,
            equation.evidence,
            formula_of(run, equation),
            formula_of(run, equation, "zh"),
            total if len(values) == 1 or added else np.nan,
            equation.unit.text,
            _status(statuses.max(initial=0)),
            equation.note,
            equation.call,
            repeated,
            () if repeated else tuple(self._scalar_operands(equation)),
            Contributions() if repeated else rows,
            () if repeated and not shown_above else tuple(self._beneath(equation, array.frame.sheet or "")),
            blank=(not total or total != total) and not self.result.holds_rows(equation.id),
        )

    def _beneath(self, equation: Equation, sheet: str) -> Iterator[Step]:
        """Sums the equation makes itself, then the equations it rests on."""
        yield from self._sums(equation)
        for item in self._below(equation):
            yield self.step(item, sheet)

    def nodes(self, equation: Equation) -> list[ex.Node]:
        compiled = self.run.program.equations[equation.id]
        return [compiled.node] if compiled.node is not None else list((compiled.arguments or {}).values())

    def _below(self, equation: Equation) -> Iterator[Equation]:
        names = [name for tree in self.nodes(equation) for name in tree.names()]
        for name in dict.fromkeys(names):
            own = bool(equation.sheet) and name in self.method.sheets[equation.sheet].columns
            if name in self.method.equations and not own:
                yield self.method.equations[name]

    def _scalar_operands(self, equation: Equation) -> Iterator[Operand]:
        """What an equation that is not row by row reads itself."""
        sheet = equation.sheet
        if sheet and not self.method.sheets[sheet].single:
            return
        for tree in self.nodes(equation):
            for origin in leaves(self.run, tree, sheet):
                yield from self.origin_operand(origin, int(np.argmax(origin.mask)))  # where its branch was taken
            for node in tree.walk():
                if isinstance(node, ex.Name) and node.name not in self.method.equations:
                    for data in self.run.ledger.values():
                        if data.sheet.single and node.name in data.numbers and data.rows:
                            yield self.column_operand(data.sheet.id, node.name, 0)

    def origin_operand(self, origin: Origin, row: int) -> Iterator[Operand]:
        source = origin.source(self.run, row)
        at = row if len(origin.mask) > 1 else 0
        if source is None or not origin.mask[at]:
            return
        if origin.constant is not None:
            constant = origin.constant
            unit = constant.unit.text
            yield _from_source(source, {}, constant.symbol, constant.name, constant.label, float(constant.value), unit)
        elif (found := origin.cell(self.run, row)) and origin.usage is not None:
            table, index = found
            column, held = table.columns[origin.usage.column], table.rows[index].cells[origin.usage.column]
            statuses = row_status(self.run, origin.usage)  # carried or recalled, like the line it goes into
            status = STATUS_NAMES[int(statuses[row if len(statuses) > 1 else 0]) or 4]
            for level, cell in held.items() if isinstance(held, Mapping) else [("", held)]:
                if cell.value is not None:
                    yield _from_source(
                        source,
                        origin.label(self.run, row),
                        column.symbol,
                        f"{column.name}[{level}]" if level else column.name,
                        {language: f"{text} {level}".strip() for language, text in column.label.items()},
                        float(cell.value),
                        table.unit(index, column.name).text,
                        str(status),
                    )

    def column_operand(self, sheet: str, name: str, row: int) -> Operand:
        data = self.run.ledger[sheet]
        column, status = data.sheet.columns[name], str(STATUS_NAMES[data.status[name][row]])
        value, unit = float(data.numbers[name][row]), str(units_of(self.run, data, column)[row])
        place, found = data.place(name, row), self._source(sheet, name, row)
        if found is not None:
            clause = column.default_clause
            return _from_source(*found, column.symbol, name, column.label, value, unit, status, clause, place)
        given = data.sheet.found_by(name)
        source = str(decoded(self.run, given, data.codes[given][row : row + 1])[0]) if given else ""
        whose = labelled(self.run, given, source) if source else {}
        return Operand(
            column.symbol,
            name,
            column.label,
            value,
            unit,
            status,
            place,
            evidence="user",
            source=same(source) if source else {},
            origin=whose,
        )

    def _source(self, sheet: str, name: str, row: int) -> tuple[Source, Bilingual] | None:
        """What answered for a default, and its label; None for what was entered."""
        filled = self.run.ledger[sheet].filled.get(name)
        if filled is None or not filled[row]:
            return None
        for origin in self._defaults(sheet, name):
            if origin.mask[row] and (found := origin.source(self.run, row)):
                return found, origin.label(self.run, row)
        method, clause = self.method, self.method.sheets[sheet].columns[name].default_clause
        return Source(method.id, "", "", "secondary", {}, method.document.number, clause, ""), {}

    def _defaults(self, sheet: str, name: str) -> list[Origin]:
        return self._cache.setdefault((sheet, name), defaults(self.run, sheet, name))

    @cached_property
    def _cache(self) -> dict[tuple[str, str], list[Origin]]:
        return {}

    def keys(self, sheet: str) -> NDArray[Any]:
        if sheet not in self._keys:
            self._keys[sheet] = key_texts(self.run, self.run.ledger[sheet])
        return self._keys[sheet]

    def _by_axes(self, equation: Equation, values: Floats, statuses: NDArray[np.uint8]) -> Contributions:
        array, working = self.run.equation(equation.id), self.run.working.get(equation.id, {})
        assert array.keys is not None
        codes = self.run.axes.unravel(array.frame.axes, array.keys)
        axes = array.frame.axes
        labels = [[str(text) for text in decoded(self.run, axis, codes[axis])] for axis in axes]
        order = np.argsort(-np.abs(np.nan_to_num(values)), kind="stable")

        def make(index: int) -> Contribution:
            at = int(order[index])
            key = " / ".join(parts[at] for parts in labels)
            said = [labelled(self.run, axis, parts[at]) for axis, parts in zip(axes, labels, strict=True)]
            label = {language: " / ".join(part[language] for part in said) for language in ("zh", "en")}
            own = tuple((name, column[at]) for name, column in working.items() if len(column) == len(values))
            return Contribution(
                key,
                float(values[at]),
                equation.unit.text,
                _share(values, at),
                _status(statuses[at]),
                working=own,
                label=label,
            )

        return Contributions(len(values), make)

    def _sums(self, equation: Equation) -> Iterator[Step]:
        """Sums and means over rows that no equation computes: each is a step with its own rows."""
        node = self.run.program.equations[equation.id].node
        factor, top = (float(node.factor), node.operand) if isinstance(node, ex.Scale) else (1.0, node)
        for part in node.walk() if node is not None else ():
            if isinstance(part, ex.Reduce) and not (isinstance(part.operand, ex.Name) and part.where is None):
                whole = part is top
                step = self._summed(equation, part, factor if whole else 1.0, equation.unit.text if whole else "")
                if step is not None:
                    yield step

    def _summed(self, equation: Equation, node: ex.Reduce, factor: float, unit: str) -> Step | None:
        within = quiet(self.run, equation.sheet)
        data, model = over(within, *(evaluate(item, within) for item in (node.operand, node.where) if item is not None))
        if model.frame.sheet is None:
            return None
        sheet, count = model.frame.sheet, len(model.data)  # a condition on labels is of the rows that hold them
        values = np.broadcast_to(data[0].astype(np.float64) * factor, count)
        kept = np.broadcast_to(data[1] != FALSE if node.where is not None else True, count)
        names = [item.column for item in node.operand.walk() if isinstance(item, ex.Member)]
        names += [name for tree in (node.operand, node.weight) if tree is not None for name in tree.names()]
        names = [name for name in dict.fromkeys(names) if name in self.run.ledger[sheet].numbers]
        statuses = np.zeros(len(values), dtype=np.uint8)
        for name in names:
            statuses = np.maximum(statuses, self.run.ledger[sheet].status[name])
        values = np.where(kept, values, 0.0)
        rows = _Rows(self, equation, values, statuses, _Addends(node.operand, sheet, names, unit, np.flatnonzero(kept)))
        mean = node.function == "mean"
        return Step(
            f"{equation.id} {'mean' if mean else 'Σ'}",
            _AVERAGED if mean else _ADDED,
            "mean" if mean else "Σ",
            equation.number,
            equation.clause,
            equation.evidence,
            formula_text(self.run, node, equation.sheet, "en"),
            formula_text(self.run, node, equation.sheet, "zh"),
            np.nan if mean else float(values.sum()),  # the mean itself is told by the equation
            unit,
            _status(statuses.max(initial=0)),
            rows=rows.contributions(),
            blank=not self.run.ledger[sheet].rows,
        )


@dataclass(frozen=True)
class _Addends:
    """What a sum adds up: the operand, its sheet, the columns it reads, its unit, and the rows it takes."""

    operand: ex.Node
    sheet: str
    columns: list[str]
    unit: str
    rows: NDArray[np.intp]


class _Rows:
    """The contributions of a row equation."""

    def __init__(
        self,
        builder: _Builder,
        equation: Equation,
        values: Floats,
        statuses: NDArray[np.uint8],
        addends: _Addends | None = None,
    ) -> None:
        self.builder, self.equation, self.values, self.statuses = builder, equation, values, statuses
        self.run, self.sheet = builder.run, addends.sheet if addends else equation.sheet
        self.equations = [] if addends else self._closure()
        self.columns = addends.columns if addends else self._columns()
        self.unit = addends.unit if addends else equation.unit.text
        self.rows = addends.rows if addends else np.arange(len(values))
        trees = [addends.operand] if addends else [tree for item in self.equations for tree in builder.nodes(item)]
        scope = equation.sheet if addends else self.sheet
        self.origins = [origin for tree in trees for origin in leaves(self.run, tree, scope)]

    def contributions(self) -> Contributions:
        order = self.rows[np.argsort(-np.abs(np.nan_to_num(self.values[self.rows])), kind="stable")]
        keys = self.builder.keys(self.sheet)
        return Contributions(len(order), lambda index: self._row(int(order[index]), str(keys[order[index]])))

    def _row(self, row: int, key: str) -> Contribution:
        data = self.run.ledger[self.sheet]
        operands = [
            self.builder.column_operand(self.sheet, name, row)
            for name in self.columns
            if not np.isnan(data.numbers[name][row])
        ]
        operands += [item for origin in self.origins for item in self.builder.origin_operand(origin, row)]
        steps = tuple(
            (item.symbol or item.id, float(value), item.unit.text)
            for item in self.equations[1:]
            if not np.isnan(value := self.run.equation(item.id).data[row])
        )
        working = tuple(
            (name, column[row])
            for item in self.equations
            for name, column in self.run.working.get(item.id, {}).items()
            if len(column) == len(self.values) and worth_saying(column[row])
        )
        return Contribution(
            key,
            float(self.values[row]),
            self.unit,
            _share(self.values, row),
            _status(self.statuses[row]),
            steps,
            tuple(operands),
            working,
            row_label(self.run, data, row),
        )

    def _closure(self) -> list[Equation]:
        """This equation and those of the same sheet it rests on."""
        found, pending = {self.equation.id: self.equation}, [self.equation]
        while pending:
            for below in self.builder._below(pending.pop(0)):
                by_row = self.run.equation(below.id).frame.sheet == self.sheet  # and no sum by labels
                if by_row and below.id not in found:
                    found[below.id] = below
                    pending.append(below)
        return list(found.values())

    def _columns(self) -> list[str]:
        names = [
            node.name
            for item in self.equations
            for tree in self.builder.nodes(item)
            for node in tree.walk()
            if isinstance(node, ex.Name)
        ]
        wanted = set(names)
        return [name for name in self.run.ledger[self.sheet].numbers if name in wanted]


def _from_source(
    source: Source,
    origin: Bilingual,
    symbol: str,
    name: str,
    label: Any,
    value: float,
    unit: str,
    status: str = "default",
    clause: str = "",
    place: str = "",
) -> Operand:
    return Operand(
        symbol,
        name,
        label,
        value,
        unit,
        status,
        place or source.place,
        source.table,
        source.row,
        source.column,
        source.document,
        source.clause,
        clause,
        source.evidence,
        source.source,
        origin,
    )


def _share(values: Floats, row: int) -> float:
    total = float(np.nansum(np.abs(values)))
    return abs(float(values[row])) / total if total else 0.0


def _status(code: np.uint8) -> str:
    return str(STATUS_NAMES[int(code) or 3])  # nothing but table figures and constants: derived
