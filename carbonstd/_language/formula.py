"""One tree, three prints: the formula a reader sees, the same in Chinese words, the live formula of a workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from carbonstd._language import expression as ex

RANK = {
    "or": 1,
    "and": 2,
    "not": 3,
    "compare": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "negative": 7,
    "**": 8,
    "atom": 9,
}
_FUNCTIONS = {"first": "依次取", "min": "取小", "max": "取大", "clip": "限于", "floor": "取整"}
_PRINTED_OPERATORS = {"*": " × ", "/": " / ", "+": " + ", "-": " - ", "**": "^"}


def printed(node: ex.Node, symbol: Callable[[str], str] = lambda name: name) -> str:
    """The formula as text, with `symbol` giving the document's symbol for a name."""
    return _Printer(symbol).text(node)


@dataclass(frozen=True)
class Speech:
    """What things are called: a name, the column of a sheet (by its id) or of a table (by its slot), a term."""

    name: Callable[[str], str]
    member: Callable[[str, str], str]
    cell: Callable[[str, str], str]
    term: Callable[[str], str]


def spoken(node: ex.Node, speech: Speech) -> str:
    """The formula as text in Chinese words."""
    return _Spoken(speech).text(node)


def live(node: ex.Node, reference: Callable[[ex.Node], str]) -> str:
    """The formula as a spreadsheet formula without the leading `=`.

    `reference` returns the cell or sub-formula that stands for a name, member, look-up or reduction.
    """
    return _Live(reference).text(node)


class _Printer:
    def __init__(self, symbol: Callable[[str], str]) -> None:
        self.symbol = symbol

    def text(self, node: ex.Node, rank: int = 0) -> str:
        text, own = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return f"({text})" if own < rank else str(text)

    def _literal(self, node: ex.Literal) -> tuple[str, int]:
        return number_text(node.value), RANK["atom"]

    def _text(self, node: ex.Text) -> tuple[str, int]:
        return f"“{node.value}”", RANK["atom"]

    def _options(self, node: ex.Options) -> tuple[str, int]:
        return f"({', '.join(self.text(item) for item in node.items)})", RANK["atom"]

    def _name(self, node: ex.Name) -> tuple[str, int]:
        return self.symbol(node.name), RANK["atom"]

    def _member(self, node: ex.Member) -> tuple[str, int]:
        return f"{node.sheet}.{node.column}", RANK["atom"]

    def _ratio(self, node: ex.Ratio) -> tuple[str, int]:
        return f"{node.numerator}/{node.denominator}", RANK["*"]

    def _negative(self, node: ex.Negative) -> tuple[str, int]:
        return f"-{self.text(node.operand, RANK['negative'])}", RANK["negative"]

    def _binary(self, node: ex.Binary) -> tuple[str, int]:
        rank = RANK[node.operator]
        right_rank = (
            rank + 1 if node.operator in "-/" or (isinstance(node.right, ex.Ratio) and node.operator == "/") else rank
        )
        left = self.text(node.left, rank + (node.operator == "**"))
        return f"{left}{_PRINTED_OPERATORS[node.operator]}{self.text(node.right, right_rank)}", rank

    def _compare(self, node: ex.Compare) -> tuple[str, int]:
        operator = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}.get(node.operator, node.operator)
        return f"{self.text(node.left, 5)} {operator} {self.text(node.right, 5)}", RANK["compare"]

    def _logic(self, node: ex.Logic) -> tuple[str, int]:
        rank = RANK[node.operator]
        if node.operator == "not":
            return f"not {self.text(node.operands[0], rank)}", rank
        return f" {node.operator} ".join(self.text(item, rank) for item in node.operands), rank

    def _choice(self, node: ex.Choice) -> tuple[str, int]:
        return (
            f"{self.text(node.then, 1)} if {self.text(node.condition, 1)} else {self.text(node.otherwise)}",
            0,
        )

    def _call(self, node: ex.Call) -> tuple[str, int]:
        return f"{node.function}({', '.join(self.text(item) for item in node.arguments)})", RANK["atom"]

    def _reduce(self, node: ex.Reduce) -> tuple[str, int]:
        name = "Σ" if node.function == "sum" else "mean"
        by = f"[{', '.join(node.by)}]" if node.by else ""
        extra = f" | {self.text(node.where)}" if node.where is not None else ""
        extra += f"; weight {self.text(node.weight)}" if node.weight is not None else ""
        return f"{name}{by}({self.text(node.operand)}{extra})", RANK["atom"]

    def _lookup(self, node: ex.Lookup) -> tuple[str, int]:
        keys = ", ".join(self.text(key) for key in node.keys) if node.keys is not None else "class"
        return f"{node.table}[{keys}].{node.column}", RANK["atom"]

    def _scale(self, node: ex.Scale) -> tuple[str, int]:
        text, rank = getattr(self, f"_{type(node.operand).__name__.lower()}")(node.operand)
        return text, rank  # a conversion is never written in a quantity equation


class _Spoken(_Printer):
    """`若 … 则 …，否则 …` and names for what Python and the ids of a method would say."""

    def __init__(self, speech: Speech) -> None:
        super().__init__(speech.name)
        self.speech = speech

    def _text(self, node: ex.Text) -> tuple[str, int]:
        return f"“{self.speech.term(node.value)}”", RANK["atom"]

    def _options(self, node: ex.Options) -> tuple[str, int]:
        return f"（{'、'.join(self.text(item) for item in node.items)}）", RANK["atom"]

    def _member(self, node: ex.Member) -> tuple[str, int]:
        return self.speech.member(node.sheet, node.column), RANK["atom"]

    def _compare(self, node: ex.Compare) -> tuple[str, int]:
        operator = {"in": "属于", "not in": "不属于"}.get(node.operator)
        if operator is None:
            return super()._compare(node)
        return f"{self.text(node.left, 5)} {operator}{self.text(node.right, 5)}", RANK["compare"]

    def _logic(self, node: ex.Logic) -> tuple[str, int]:
        rank = RANK[node.operator]
        if node.operator == "not":
            return f"非 {self.text(node.operands[0], rank)}", rank
        return f" {'且' if node.operator == 'and' else '或'} ".join(
            self.text(item, rank) for item in node.operands
        ), rank

    def _choice(self, node: ex.Choice) -> tuple[str, int]:
        then, otherwise = self.text(node.then, 1), self.text(node.otherwise)
        return f"若 {self.text(node.condition, 1)} 则 {then}，否则 {otherwise}", 0

    def _call(self, node: ex.Call) -> tuple[str, int]:
        if node.function == "missing":
            return f"{self.text(node.arguments[0], RANK['atom'])} 空缺", RANK["compare"]
        name = _FUNCTIONS.get(node.function, node.function)
        return f"{name}({', '.join(self.text(item) for item in node.arguments)})", RANK["atom"]

    def _reduce(self, node: ex.Reduce) -> tuple[str, int]:
        name = "Σ" if node.function == "sum" else "平均"
        by = f"[按{'、'.join(map(self.speech.name, node.by))}]" if node.by else ""
        extra = f" | {self.text(node.where)}" if node.where is not None else ""
        extra += f"; 权重 {self.text(node.weight)}" if node.weight is not None else ""
        return f"{name}{by}({self.text(node.operand)}{extra})", RANK["atom"]

    def _lookup(self, node: ex.Lookup) -> tuple[str, int]:
        keys = "，".join(self.text(key) for key in node.keys) if node.keys is not None else "所属类别"
        return f"{self.speech.cell(node.table, node.column)}[{keys}]", RANK["atom"]


class _Live(_Printer):
    def __init__(self, reference: Callable[[ex.Node], str]) -> None:
        super().__init__(lambda name: name)
        self.reference = reference

    def _name(self, node: ex.Name) -> tuple[str, int]:
        return self.reference(node), RANK["atom"]

    def _member(self, node: ex.Member) -> tuple[str, int]:
        return self.reference(node), RANK["atom"]

    def _lookup(self, node: ex.Lookup) -> tuple[str, int]:
        return self.reference(node), RANK["atom"]

    def _reduce(self, node: ex.Reduce) -> tuple[str, int]:
        return self.reference(node), RANK["atom"]

    def _text(self, node: ex.Text) -> tuple[str, int]:
        return '"' + node.value.replace('"', '""') + '"', RANK["atom"]

    def _binary(self, node: ex.Binary) -> tuple[str, int]:
        rank = RANK[node.operator]
        right = self.text(node.right, rank + 1 if node.operator in "-/" else rank)
        left = self.text(node.left, rank + (node.operator == "**"))
        return f"{left}{'^' if node.operator == '**' else node.operator}{right}", rank

    def _negative(self, node: ex.Negative) -> tuple[str, int]:
        return f"(-{self.text(node.operand, RANK['atom'])})", RANK["atom"]  # a spreadsheet binds -x^2 as (-x)^2

    def _compare(self, node: ex.Compare) -> tuple[str, int]:
        if isinstance(node.right, ex.Options):
            left = self.text(node.left, 5)
            parts = ",".join(f"{left}={self.text(item, 5)}" for item in node.right.items)
            return (f"OR({parts})" if node.operator == "in" else f"NOT(OR({parts}))"), RANK["atom"]
        operator = {"==": "=", "!=": "<>"}.get(node.operator, node.operator)
        return f"{self.text(node.left, 5)}{operator}{self.text(node.right, 5)}", RANK["compare"]

    def _logic(self, node: ex.Logic) -> tuple[str, int]:
        return f"{node.operator.upper()}({','.join(self.text(item) for item in node.operands)})", RANK["atom"]

    def _choice(self, node: ex.Choice) -> tuple[str, int]:
        return f"IF({self.text(node.condition)},{self.text(node.then)},{self.text(node.otherwise)})", RANK["atom"]

    def _call(self, node: ex.Call) -> tuple[str, int]:
        arguments = [self.text(item) for item in node.arguments]
        if node.function == "clip":
            value, low, high = arguments
            return f"MAX({low},MIN({high},{value}))", RANK["atom"]
        if node.function == "missing":
            return f'({arguments[0]}="")', RANK["atom"]
        if node.function == "first":
            *given, last = arguments
            for value in reversed(given):
                last = f'IF({value}="",{last},{value})'
            return last, RANK["atom"]
        if node.function == "floor":
            return f"INT({arguments[0]})", RANK["atom"]
        return f"{node.function.upper()}({','.join(arguments)})", RANK["atom"]

    def _scale(self, node: ex.Scale) -> tuple[str, int]:
        operand = self.text(node.operand, RANK["*"])
        if node.factor.numerator == 1:
            return f"{operand}/{node.factor.denominator}", RANK["/"]
        below = f"/{node.factor.denominator}" if node.factor.denominator != 1 else ""
        return f"{operand}*{node.factor.numerator}{below}", RANK["/"]


def number_text(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    text = repr(float(value))
    return text if Fraction(text) == value else f"({value.numerator}/{value.denominator})"
