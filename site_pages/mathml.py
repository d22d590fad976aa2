"""Equations as MathML, made from the tree that is computed: browsers draw it, screen readers read it.

Symbols are the document's, where it has any; names without one stand as they are written in the method. A figure of a
table is its column with slot and key below: `net_calorific_value` of `fuels, fuel`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from carbonstd import _expression as ex
from carbonstd._formula import RANK, number_text, printed
from carbonstd._report_html import Html, tag

_SUM = RANK["+"] + 0.5  # a product of a sum needs brackets, a sum of sums does not
_LOOSE, _ATOM = 0, RANK["atom"]
_LONGEST = 80  # characters on a line, of an equation as text
_OPERATORS = {"+": "+", "-": "−", "*": "×", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "in": "∈", "not in": "∉"}
_WORDS = {"and": "且 and", "or": "或 or", "not": "非 not", "missing": "缺失 missing", "otherwise": "其他 otherwise"}
_BRACKETS = {"abs": ("|", "|"), "floor": ("⌊", "⌋")}
_INDEXED = re.compile(r"([^\W\d_]+)_?(\d+)$")

Symbol = Callable[[str], str]


def equation(left: str, node: ex.Node, symbol: Symbol) -> Html:
    """`left = node`, drawn on a line of its own."""
    text, writer = f"{left} = {printed(node, symbol)}", _Writer(symbol)
    lines = list(writer.sums(node)) if len(text) > _LONGEST else []
    if len(lines) < 2:
        return _block(text, _symbol(left), _operator("="), writer.node(node))
    heads = [_row(_symbol(left), _operator("=")), *[_row()] * (len(lines) - 1)]
    cells = (tag("mtr", tag("mtd", head), tag("mtd", line)) for head, line in zip(heads, lines, strict=True))
    return _block(text, tag("mtable", *cells, displaystyle="true"))


def call(left: str, model: str, arguments: Mapping[str, ex.Node], symbol: Symbol) -> Html:
    """`left = model(...)`, an argument a line."""
    writer = _Writer(symbol)
    lines = [_row(_words(name), _operator("="), writer.node(node)) for name, node in arguments.items()]
    text = f"{left} = {model}({', '.join(f'{name} = {printed(node, symbol)}' for name, node in arguments.items())})"
    return _block(text, _symbol(left), _operator("="), _words(model), _lines(lines))


class _Writer:
    def __init__(self, symbol: Symbol) -> None:
        self.symbol = symbol

    def sums(self, node: ex.Node) -> Iterator[Html]:
        """The addends of a long sum, as many on a line as fit; browsers do not break what is drawn."""
        parts: list[object] = []
        length = 0
        for sign, addend in _addends(node):
            size = len(printed(addend, self.symbol))
            if parts and length + size > _LONGEST:
                yield _row(*parts)
                parts, length = [], 0
            parts += [_operator(_OPERATORS[sign])] if sign else []
            parts.append(self.node(addend, RANK["+"] + (sign == "-")))
            length += size
        yield _row(*parts)

    def node(self, node: ex.Node, rank: float = _LOOSE) -> Html:
        """A node, in brackets where what stands around it binds closer."""
        markup, own = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return _fenced(markup) if own < rank else Html(markup)

    def _literal(self, node: ex.Literal) -> tuple[Html, float]:
        return tag("mn", number_text(node.value)), _ATOM

    def _text(self, node: ex.Text) -> tuple[Html, float]:
        return _words(f"“{node.value}”"), _ATOM

    def _options(self, node: ex.Options) -> tuple[Html, float]:
        return _fenced(self._list(node.items), "{", "}"), _ATOM

    def _name(self, node: ex.Name) -> tuple[Html, float]:
        symbol = self.symbol(node.name)
        return (_symbol(symbol) if symbol != node.name else _words(symbol)), _ATOM

    def _member(self, node: ex.Member) -> tuple[Html, float]:
        return tag("msub", _words(node.column), _words(node.sheet)), _ATOM

    def _ratio(self, node: ex.Ratio) -> tuple[Html, float]:
        return tag("mfrac", tag("mn", node.numerator), tag("mn", node.denominator)), RANK["/"]

    def _negative(self, node: ex.Negative) -> tuple[Html, float]:
        return _row(_operator("−"), self.node(node.operand, RANK["negative"])), RANK["negative"]

    def _binary(self, node: ex.Binary) -> tuple[Html, float]:
        rank = RANK[node.operator]
        if node.operator == "/":
            return tag("mfrac", _row(self.node(node.left)), _row(self.node(node.right))), rank
        if node.operator == "**":
            return tag("msup", _row(self.node(node.left, rank + 1)), _row(self.node(node.right))), rank
        right = self.node(node.right, rank + (node.operator == "-"))
        return _row(self.node(node.left, rank), _operator(_OPERATORS[node.operator]), right), rank

    def _compare(self, node: ex.Compare) -> tuple[Html, float]:
        sign = _operator(_OPERATORS.get(node.operator, node.operator))
        return _row(self.node(node.left, 5), sign, self.node(node.right, 5)), RANK["compare"]

    def _logic(self, node: ex.Logic) -> tuple[Html, float]:
        rank, sign = RANK[node.operator], _words(f"\N{NO-BREAK SPACE}{_WORDS[node.operator]}\N{NO-BREAK SPACE}")
        parts = [self.node(item, rank) for item in node.operands]
        if node.operator == "not":
            return _row(sign, *parts), rank
        return _row(*[item for part in parts for item in (sign, part)][1:]), rank

    def _choice(self, node: ex.Choice) -> tuple[Html, float]:
        lines = []
        rest: ex.Node = node
        while isinstance(rest, ex.Choice):
            lines.append(_row(self.node(rest.then), _words("， "), self.node(rest.condition)))
            rest = rest.otherwise
        lines.append(_row(self.node(rest), _words(f"， {_WORDS['otherwise']}")))
        return _lines(lines), _ATOM

    def _call(self, node: ex.Call) -> tuple[Html, float]:
        first = node.arguments[0]
        if node.function == "sqrt":
            return tag("msqrt", self.node(first)), _ATOM
        if node.function == "exp":
            return tag("msup", tag("mi", "e"), _row(self.node(first))), RANK["**"]
        if node.function in _BRACKETS:
            return _fenced(self.node(first), *_BRACKETS[node.function]), _ATOM
        name = _words(_WORDS.get(node.function, node.function))
        return _row(name, _fenced(self._list(node.arguments))), _ATOM

    def _reduce(self, node: ex.Reduce) -> tuple[Html, float]:
        if node.weight is not None:
            weighted = ex.Binary("*", node.weight, node.operand)
            parts = [_row(self._sign("∑", node), self.node(item, RANK["*"])) for item in (weighted, node.weight)]
            made, rank = tag("mfrac", *parts), float(RANK["/"])
        elif node.function == "mean":
            made, rank = _row(self._sign("mean", node), _fenced(self.node(node.operand))), _ATOM
        else:
            made, rank = _row(self._sign("∑", node), self.node(node.operand, RANK["*"])), _SUM
        if not node.by:
            return made, rank
        return tag("msub", _fenced(made), _words(", ".join(node.by))), _ATOM

    def _lookup(self, node: ex.Lookup) -> tuple[Html, float]:
        keys = [self.node(key) for key in node.keys] if node.keys is not None else [_words("class")]
        below = _row(*[item for part in (_words(node.table), *keys) for item in (_operator(","), part)][1:])
        return tag("msub", _words(node.column), below), _ATOM

    def _scale(self, node: ex.Scale) -> tuple[Html, float]:
        return self.node(node.operand), _ATOM  # a conversion is never written in a quantity equation

    def _sign(self, sign: str, node: ex.Reduce) -> Html:
        """The sign of a sum over rows; below it the condition that picks them."""
        drawn = tag("mo", sign) if sign == "∑" else _words(sign)
        return drawn if node.where is None else tag("munder", drawn, _row(self.node(node.where)))

    def _list(self, nodes: tuple[ex.Node, ...]) -> Html:
        return _row(*[item for node in nodes for item in (_operator(","), self.node(node))][1:])


def _addends(node: ex.Node) -> Iterator[tuple[str, ex.Node]]:
    """What a sum adds and subtracts, each with the sign before it; the first has none."""
    if isinstance(node, ex.Binary) and node.operator in "+-":
        yield from _addends(node.left)
        yield node.operator, node.right
    else:
        yield "", node


def _block(text: str, *parts: Html) -> Html:
    return tag("math", _row(*parts), display="block", alttext=text)


def _symbol(text: str) -> Html:
    """A symbol; digits at its end are set below the line, as documents print them."""
    indexed = _INDEXED.fullmatch(text)
    return tag("msub", tag("mi", indexed[1]), tag("mn", indexed[2])) if indexed else tag("mi", text)


def _words(text: str) -> Html:
    return tag("mtext", text)


def _operator(text: str) -> Html:
    return tag("mo", text)


def _row(*parts: object) -> Html:
    return tag("mrow", *parts)


def _fenced(inner: object, left: str = "(", right: str = ")") -> Html:
    return _row(tag("mo", left, fence="true"), inner, tag("mo", right, fence="true"))


def _lines(lines: list[Html]) -> Html:
    """Lines one below the other; the style sheet draws their brackets, for few machines have a font that stretches."""
    return tag("mtable", *(tag("mtr", tag("mtd", line)) for line in lines), displaystyle="true", class_="lines")
