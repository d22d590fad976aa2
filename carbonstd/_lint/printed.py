"""Does `as_printed` agree with the expression? Both are run on the same plain numbers, each in its own units.

The document's formula works on bare numbers and carries scale factors (x 24, x 10^-6); the method's is a quantity
equation whose conversions the checker puts in. A slip in a unit makes the two differ. Every sheet has one row here,
so that sums are their single addend; what depends on labels or on blanks is tried in each reading.
"""

from __future__ import annotations

import ast
import math
import operator
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Equation, Method
from carbonstd._definitions.table import Table
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate
from carbonstd._language import expression as ex
from carbonstd._language.compile import Program
from carbonstd._language.shape import SCALAR, Frame
from carbonstd._ledger.arithmetic import NAN
from carbonstd._ledger.axes import Axes

_DRAWS = 8
_TOLERANCE = 1e-9
_FIRST = np.zeros(1, dtype=np.int64)
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "∑": "Σ", "（": "(", "）": ")",
                        "[": "(", "]": ")", "{": "(", "}": ")", "，": ","})  # fmt: skip
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "sum": lambda value: value,
    "mean": lambda value: value,
    "min": min,
    "max": max,
    "abs": abs,
    "floor": math.floor,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
}


class Unresolved(Exception):
    """A part of `as_printed` that names nothing or is no arithmetic."""


@dataclass(frozen=True)
class Meaning:
    """What a printed symbol stands for."""

    kind: str  # column, equation, constant, table
    name: str
    home: str = ""  # the sheet of a column, the slot of a table's column


@dataclass(frozen=True)
class Disagreement:
    printed: float
    computed: float


def compare(program: Program, equation: Equation, tables: Mapping[str, Table]) -> Disagreement | None:
    """None where some reading of the expression agrees with `as_printed` on every draw. Raises Unresolved."""
    meanings = symbols(program.method, equation, tables)
    tree, used = _read(equation.as_printed, meanings)
    worst = Disagreement(NAN, NAN)
    for label, blank in _readings(program, equation):
        pairs = [
            _draw(equation, tree, used, _Numbers(program, tables, frozenset(used.values()), label, blank, seed))
            for seed in range(_DRAWS)
        ]
        finite = [pair for pair in pairs if all(map(math.isfinite, pair))]
        apart = next((pair for pair in finite if not math.isclose(*pair, rel_tol=_TOLERANCE)), None)
        if finite and apart is None:
            return None
        worst = Disagreement(*apart) if apart and math.isnan(worst.printed) else worst
    return worst


def symbols(method: Method, equation: Equation, tables: Mapping[str, Table]) -> dict[str, Meaning]:
    """What each symbol (or id) means where `equation` stands: nearest first; one that is shared far away is dropped."""
    own: list[tuple[str, Meaning]] = []
    near: list[tuple[str, Meaning]] = []
    far: list[tuple[str, Meaning]] = []
    for sheet in method.sheets.values():
        found = own if sheet.id == equation.sheet else far
        for column in sheet.columns.values():
            if column.kind == "number":
                meaning = Meaning("column", column.name, sheet.id)
                found += [(column.symbol, meaning), (column.name, meaning)]
    for item in method.equations.values():
        found = own if item.sheet == equation.sheet else far if item.sheet else near
        found += [(name, Meaning("equation", item.id)) for name in (item.symbol, item.id) if item.id != equation.id]
    for constant in method.constants.values():
        near += [(name, Meaning("constant", constant.name)) for name in (constant.symbol, constant.name)]
    for slot, table in tables.items():
        far += [(column.symbol, Meaning("table", column.name, slot)) for column in table.columns.values()]
    result: dict[str, Meaning] = {}
    for level in (own, near, far):
        choices: dict[str, set[Meaning]] = {}
        for name, meaning in level:
            if name:
                choices.setdefault(_folded(name), set()).add(meaning)
        result = {**{name: items.pop() for name, items in choices.items() if len(items) == 1}, **result}
    return result


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_SIGNS)


def _read(text: str, meanings: Mapping[str, Meaning]) -> tuple[ast.expr, dict[str, Meaning]]:
    """The printed formula as a Python tree in which every symbol is a placeholder."""
    text = re.sub(r"(⁻?[⁰¹²³⁴-⁹]+)", lambda match: f"**({match[1].translate(_RAISED)})", text)
    text = unicodedata.normalize("NFC", text).translate(_SIGNS).replace("^", "**")
    used: dict[str, Meaning] = {}

    def placeholder(match: re.Match[str]) -> str:
        name = f"symbol_{len(used)}"
        used[name] = meanings[match[0]]
        return name

    if meanings:
        names = "|".join(re.escape(name) for name in sorted(meanings, key=len, reverse=True))
        text = re.sub(rf"(?<![^\WΣ])(?:{names})(?!\w)", placeholder, text)
    text = re.sub(r"Σ\s*(symbol_\d+)", r"sum(\1)", text)
    text = re.sub(r"Σ\s*\(", "sum(", text)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unresolved(_restored(text, used)) from None
    for node in ast.walk(tree):
        _known(node, used)
    return tree, used


def _restored(text: str, used: Mapping[str, Meaning]) -> str:
    return re.sub(r"symbol_\d+", lambda match: used[match[0]].name if match[0] in used else match[0], text)


def _known(node: ast.AST, used: Mapping[str, Meaning]) -> None:
    """Refuse every node that is not arithmetic on placeholders and numbers."""
    if isinstance(node, ast.Name) and node.id not in used and node.id not in _FUNCTIONS:
        raise Unresolved(node.id)
    allowed = (ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.USub, ast.Call, *_OPERATORS)
    number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    if not (number or isinstance(node, allowed)):
        raise Unresolved(ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__)
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS):
        raise Unresolved(_restored(ast.unparse(node), used))


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    try:
        if isinstance(node, ast.Constant):
            return float(node.value)  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.UnaryOp):
            return -_value(node.operand, values)
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return float(_FUNCTIONS[node.func.id](*(_value(item, values) for item in node.args)))
    except (ArithmeticError, TypeError, ValueError, KeyError, RecursionError):  # such as the root of a negative number
        return NAN


def _readings(program: Program, equation: Equation) -> Iterator[tuple[str, bool]]:
    """The labels rows may hold, and whether what the printed form does not mention is blank."""
    trees = [tree for item in program.method.equations.values() for tree in item.nodes]
    nodes = [node for tree in trees for node in tree.walk()]
    labels = [node.value for node in nodes if isinstance(node, ex.Text)]
    labels += [
        str(node.right.value) for node in nodes if isinstance(node, ex.Compare) and isinstance(node.right, ex.Literal)
    ]
    for label in dict.fromkeys(["", *labels]):
        yield label, False
        yield label, True


def _draw(equation: Equation, tree: ast.expr, used: Mapping[str, Meaning], numbers: _Numbers) -> tuple[float, float]:
    """The printed and the computed value on one set of random numbers."""
    computed = numbers.equation(equation.id)
    printed = _value(tree, {name: numbers.number(meaning) for name, meaning in used.items()})
    return printed, float(computed.data[0])


@dataclass
class _Numbers:
    """One row a sheet, filled with positive random numbers; equations the printed form names are inputs too."""

    program: Program
    tables: Mapping[str, Table]
    named: frozenset[Meaning]
    label: str
    blank: bool
    seed: int
    axes: Axes = field(default_factory=Axes)

    def number(self, meaning: Meaning) -> float:
        if meaning.kind == "constant":
            return float(self.program.method.constants[meaning.name].value)
        return random.Random(f"{meaning} {self.seed}").uniform(0.2, 5)

    def column(self, sheet: str, name: str) -> Array:
        column, single = self.program.method.sheets[sheet].columns[name], self.program.method.sheets[sheet].single
        frame = SCALAR if single else Frame(sheet)
        if column.kind != "number":
            return Array(np.array([self.axes.code(name, self.label)]), frame, labels=name)
        meaning = Meaning("column", name, sheet)
        absent = self.blank and meaning not in self.named
        return Array(np.array([NAN if absent else self.number(meaning)]), frame)

    def equation(self, name: str) -> Array:
        compiled, equation = self.program.equations[name], self.program.method.equations[name]
        frame, meaning = compiled.type.frame, Meaning("equation", name)
        if compiled.node is None or meaning in self.named:
            value = np.array([self.number(meaning)])
        else:
            value = evaluate(compiled.node, _Within(self, equation.sheet, self.axes)).data.astype(float)
        return Array(value, frame, _FIRST if frame.axes else None)

    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array:
        wide = max(keys, key=lambda key: (key.frame.sheet is not None, len(key.frame.axes)), default=Array(_FIRST))
        column = self.tables[node.table].columns[node.column]
        if column.text:
            code = np.array([self.axes.code(f"{node.table}.{node.column}", self.label)])
            return Array(code, wide.frame, wide.keys, -1, f"{node.table}.{node.column}")
        value = np.array([self.number(Meaning("table", node.column, node.table))])
        return Array(value, Frame(axes=(column.axis,)), _FIRST) if column.axis else Array(value, wide.frame, wide.keys)


@dataclass
class _Within:
    """The numbers as seen from one sheet: what `_engine.evaluate` asks of an environment."""

    numbers: _Numbers
    sheet: str
    axes: Axes
    exact: bool = False
    entities: int = 0

    def name(self, name: str) -> Array:
        method = self.numbers.program.method
        if self.sheet and name in method.sheets[self.sheet].columns:
            return self.numbers.column(self.sheet, name)
        if name in method.equations:
            return self.numbers.equation(name)
        if name in method.constants:
            return Array(np.array([float(method.constants[name].value)]))
        single = next((sheet for sheet in method.sheets.values() if sheet.single and name in sheet.columns), None)
        if single is not None:
            return self.numbers.column(single.id, name)
        code = np.array([self.axes.code(name, self.numbers.label)])
        return Array(code, Frame(axes=(name,)), _FIRST, -1, name)

    def member(self, sheet: str, column: str) -> Array:
        return self.numbers.column(sheet, column)

    def codes(self, sheet: str, axis: str) -> NDArray[np.int64]:
        return np.array([self.axes.code(axis, self.numbers.label)])

    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array:
        return self.numbers.lookup(node, keys)

    def report(self, code: str, node: ex.Node, at: Array, /, **values: str) -> None:
        """Data are random: a division by zero is no finding here."""

    def tie(self, node: ex.Compare | ex.Call, at: Array) -> Array | None:
        """Nor is a tie."""
        return None

    def only(self, rows: Array) -> AbstractContextManager[None]:
        return nullcontext()
