"""Equations as MathML, made from the tree that is computed: browsers draw it, screen readers read it.

Symbols are the document's, where it has any; a name without one stands as it is written in the method, over what it is
called. A figure of a table is its column with slot and key below: `net_calorific_value` of `fuels, fuel`.

Browsers do not break lines inside `math`: a long equation is several, one after the other, between which they do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from carbonstd._language import expression as ex
from carbonstd._language.formula import RANK, number_text, printed
from carbonstd._paper.markup import Html, join, tag

_SUM = RANK["+"] + 0.5  # a product of a sum needs brackets, a sum of sums does not
_LOOSE, _ATOM = 0, RANK["atom"]
_WHOLE, _FRACTION = 30, 60  # characters that stay together: of any part, of either side of a fraction
_OPERATORS = {"+": "+", "-": "−", "*": "×", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "in": "∈", "not in": "∉"}
_WORDS = {
    "and": "且 and",
    "or": "或 or",
    "not": "非 not",
    "missing": "缺失 missing",
    "otherwise": "其他 otherwise",
    "first": "依次取 first",
    "mean": "平均 mean",
    "class": "类别 class",
}
_BRACKETS = {"abs": ("|", "|"), "floor": ("⌊", "⌋")}
_INDEXED = re.compile(r"([^\W\d_]+)_?(\d+)$")

Symbol = Callable[[str], str]
Label = Callable[[ex.Node], str]


class Box(Html):
    """Markup that is no part of a `math`: lines below each other."""


def unlabelled(_: ex.Node) -> str:
    """The label of nothing."""
    return ""


def equation(left: str, node: ex.Node, symbol: Symbol, label: Label = unlabelled) -> Html:
    """`left = node`, drawn on lines of its own."""
    parts = _led(_row(_symbol(left), _operator("=")), _Writer(symbol, label).parts(node))
    return _block(f"{left} = {printed(node, symbol)}", parts)


def call(left: str, model: str, arguments: Mapping[str, ex.Node], symbol: Symbol, label: Label = unlabelled) -> Html:
    """`left = model(...)`, an argument a line; the call alone where nothing stands to its left."""
    writer = _Writer(symbol, label)
    lines = [_led(_row(_words(_spoken(name)), _operator("=")), writer.parts(node)) for name, node in arguments.items()]
    text = f"{model}({', '.join(f'{name} = {printed(node, symbol)}' for name, node in arguments.items())})"
    named = [_symbol(left), _operator("=")] if left else []
    return _block(f"{left} = {text}" if left else text, [_row(*named, _words(_spoken(model))), _box(lines)])


class _Writer:
    def __init__(self, symbol: Symbol, label: Label) -> None:
        self.symbol, self.label = symbol, label

    def parts(self, node: ex.Node, rank: float = _LOOSE) -> list[Html]:
        """A node in parts between which a line may be broken, in brackets where what stands around it binds closer."""
        split = getattr(self, f"_{type(node).__name__.lower()}_parts", None)
        if split is None or (len(printed(node, self.symbol)) <= _WHOLE and not isinstance(node, ex.Choice)):
            return [self.node(node, rank)]
        parts, own = split(node)
        return _enclosed(parts) if own < rank else list(parts)

    def _binary_parts(self, node: ex.Binary) -> tuple[list[Html], float]:
        rank, sign = RANK[node.operator], _OPERATORS.get(node.operator, node.operator)
        sides = (len(printed(side, self.symbol)) for side in (node.left, node.right))
        if node.operator == "**" or (node.operator == "/" and max(sides) <= _FRACTION):
            return [self.node(node)], rank
        right = self.parts(node.right, rank + (node.operator in "-/"))
        return [*self.parts(node.left, rank), *_led(_infix(sign), right)], rank

    def _compare_parts(self, node: ex.Compare) -> tuple[list[Html], float]:
        sign = _infix(_OPERATORS.get(node.operator, node.operator))
        return [*self.parts(node.left, 5), *_led(sign, self.parts(node.right, 5))], RANK["compare"]

    def _logic_parts(self, node: ex.Logic) -> tuple[list[Html], float]:
        rank, sign = RANK[node.operator], _conjunction(node.operator)
        first, *rest = (self.parts(item, rank) for item in node.operands)
        if node.operator == "not":
            return _led(sign, first), rank
        return [*first, *(part for item in rest for part in _led(sign, item))], rank

    def _choice_parts(self, node: ex.Choice) -> tuple[list[Html], float]:
        lines = [
            [*_closed(self.parts(then), _words("，")), *(self.parts(when) if when else [_words(_WORDS["otherwise"])])]
            for then, when in _branches(node)
        ]
        return [_box(lines)], _ATOM

    def _call_parts(self, node: ex.Call) -> tuple[list[Html], float]:
        if node.function in ("sqrt", "exp", *_BRACKETS):
            return [self.node(node)], _ATOM
        name = _words(_WORDS.get(node.function, node.function))
        return _led(name, _enclosed(_listed(map(self.parts, node.arguments)))), _ATOM

    def _reduce_parts(self, node: ex.Reduce) -> tuple[list[Html], float]:
        if node.weight is not None or node.function == "mean":
            return [self.node(node)], _ATOM
        if node.where is None or len(printed(node.where, self.symbol)) <= _WHOLE:
            made, rank = _led(self._sign("∑", node), self.parts(node.operand, RANK["*"])), _SUM
        else:
            where = _led(_infix("|"), self.parts(node.where))
            made, rank = _led(_operator("∑"), _enclosed([*self.parts(node.operand), *where])), float(_ATOM)
        return (_enclosed(made, below=", ".join(node.by)), _ATOM) if node.by else (made, rank)

    def _options_parts(self, node: ex.Options) -> tuple[list[Html], float]:
        return _enclosed(_listed(map(self.parts, node.items)), "{", "}"), _ATOM

    def _scale_parts(self, node: ex.Scale) -> tuple[list[Html], float]:
        return self.parts(node.operand), _ATOM

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
        return (_symbol(symbol) if symbol != node.name else self._named(_words(symbol), node)), _ATOM

    def _member(self, node: ex.Member) -> tuple[Html, float]:
        return self._named(tag("msub", _words(node.column), _words(node.sheet)), node), _ATOM

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
        rank, sign = RANK[node.operator], _conjunction(node.operator)
        parts = [self.node(item, rank) for item in node.operands]
        if node.operator == "not":
            return _row(sign, *parts), rank
        return _row(*[item for part in parts for item in (sign, part)][1:]), rank

    def _choice(self, node: ex.Choice) -> tuple[Html, float]:
        lines = (
            _row(self.node(then), _words("， "), self.node(when) if when else _words(_WORDS["otherwise"]))
            for then, when in _branches(node)
        )
        rows = (tag("mtr", tag("mtd", line)) for line in lines)
        return tag("mtable", *rows, displaystyle="true", class_="lines"), _ATOM

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
            made, rank = _row(self._sign(_WORDS["mean"], node), _fenced(self.node(node.operand))), _ATOM
        else:
            made, rank = _row(self._sign("∑", node), self.node(node.operand, RANK["*"])), _SUM
        if not node.by:
            return made, rank
        return tag("msub", _fenced(made), _words(", ".join(node.by))), _ATOM

    def _lookup(self, node: ex.Lookup) -> tuple[Html, float]:
        keys = [self._small(key) for key in node.keys] if node.keys is not None else [_words(_WORDS["class"])]
        *before, last = _words(node.table), *keys
        parts = [*(_row(part, _operator(",")) for part in before), last]
        tall = any(isinstance(key, ex.Choice) for key in node.keys or ())  # side by side they would leave the paper
        below = tag("mtable", *(tag("mtr", tag("mtd", part)) for part in parts)) if tall else _row(*parts)
        return self._named(tag("msub", _words(node.column), below), node), _ATOM

    def _scale(self, node: ex.Scale) -> tuple[Html, float]:
        return self.node(node.operand), _ATOM  # a conversion is never written in a quantity equation

    def _sign(self, sign: str, node: ex.Reduce) -> Html:
        """The sign of a sum over rows; below it the condition that picks them."""
        drawn = tag("mo", sign) if sign == "∑" else _words(sign)
        return drawn if node.where is None else tag("munder", drawn, _row(self._small(node.where)))

    def _named(self, drawn: Html, node: ex.Node) -> Html:
        """What has no symbol, over what it is called."""
        label = self.label(node)
        return tag("munder", drawn, tag("mtext", label, class_="called")) if label else drawn

    def _small(self, node: ex.Node) -> Html:
        """A node below another, where no label could be read."""
        return _Writer(self.symbol, unlabelled).node(node)

    def _list(self, nodes: tuple[ex.Node, ...]) -> Html:
        return _row(*[item for node in nodes for item in (_operator(","), self.node(node))][1:])


def _branches(node: ex.Choice) -> Iterator[tuple[ex.Node, ex.Node | None]]:
    """Each value of a choice with its condition; the last has none."""
    rest: ex.Node = node
    while isinstance(rest, ex.Choice):
        yield rest.then, rest.condition
        rest = rest.otherwise
    yield rest, None


def _led(sign: Html, parts: list[Html]) -> list[Html]:
    """Parts with a sign before the first."""
    first, *rest = parts
    return [sign, *parts] if isinstance(first, Box) else [_row(sign, first), *rest]


def _closed(parts: list[Html], sign: Html) -> list[Html]:
    """Parts with a sign after the last."""
    *rest, last = parts
    return [*parts, sign] if isinstance(last, Box) else [*rest, _row(last, sign)]


def _listed(items: Iterable[list[Html]]) -> list[Html]:
    """Items with a comma after each but the last."""
    *before, last = items
    return [*(part for item in before for part in _closed(item, _infix(","))), *last]


def _enclosed(parts: list[Html], left: str = "(", right: str = ")", below: str = "") -> list[Html]:
    """Parts in brackets; what stands below them stands below the last."""
    if len(parts) == 1 and not isinstance(parts[0], Box):
        fenced = _fenced(parts[0], left, right)
        return [tag("msub", fenced, _words(below)) if below else fenced]
    start, end = (tag("mo", sign, stretchy="false") for sign in (left, right))
    return _closed(_led(start, parts), tag("msub", end, _words(below)) if below else end)


def _drawn(parts: Iterable[Html]) -> Html:
    return join(*(part if isinstance(part, Box) else tag("math", part, displaystyle="true") for part in parts))


def _block(text: str, parts: list[Html]) -> Html:
    return tag("div", _drawn(parts), class_="equation", role="math", aria_label=text, tabindex="0")


def _box(lines: Iterable[list[Html]]) -> Box:
    """Lines one below the other; the style sheet draws their brackets, for few machines have a font that stretches."""
    return Box(tag("span", *(tag("span", _drawn(line), class_="line") for line in lines), class_="lines"))


def _symbol(text: str) -> Html:
    """A symbol; digits at its end are set below the line, as documents print them."""
    indexed = _INDEXED.fullmatch(text)
    return tag("msub", tag("mi", indexed[1]), tag("mn", indexed[2])) if indexed else tag("mi", text)


def _words(text: str) -> Html:
    return tag("mtext", text)


def _spoken(name: str) -> str:
    """The name of a model or of its argument as words."""
    return name.replace("_", " ")


def _conjunction(operator: str) -> Html:
    return _words(f"\N{NO-BREAK SPACE}{_WORDS[operator]}\N{NO-BREAK SPACE}")


def _operator(text: str) -> Html:
    return tag("mo", text)


def _infix(text: str) -> Html:
    """A sign between two sides, though it is the first of its part."""
    return tag("mo", text, form="infix")


def _row(*parts: object) -> Html:
    return tag("mrow", *parts)


def _fenced(inner: object, left: str = "(", right: str = ")") -> Html:
    return _row(tag("mo", left, fence="true"), inner, tag("mo", right, fence="true"))
