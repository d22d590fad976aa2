"""The equations of a method: drawn, with number, clause and evidence, and what each of their symbols means."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd import _expression as ex
from carbonstd._describe import Data, symbols
from carbonstd._method import Equation, Method
from carbonstd._report_html import Html, join, tag

from .layout import WORDS, bilingual, evidence, joined, link, names, word, words
from .mathml import call, equation

_WHERE = {"zh": "其中", "en": "where"}
_EACH_ROW = {"zh": "逐行：", "en": "each row of "}


def equation_blocks(method: Method, data: Data, page: str) -> Iterator[Html]:
    """Each equation as a block with an anchor of its own, `eq-<id>`."""
    for told in data["equations"]:
        item = method.equations[told["id"]]
        yield tag(
            "div",
            tag("p", *_head(told, item, method, page), class_="equation-head"),
            tag("div", _drawn(item, method), class_="equation", tabindex="0"),
            _meanings(item, method, page),
            _details(told),
            id=f"eq-{item.id}",
            class_=f"equation-block {item.evidence}",
        )


def _head(told: Data, item: Equation, method: Method, page: str) -> Iterator[object]:
    yield tag("strong", f"{told['number']} " if told["number"] else "", WORDS.label(item.label))
    yield join(" [", tag("span", item.unit.text, class_="unit"), "] ")
    if item.sheet:
        sheet = method.sheets[item.sheet]
        yield join(
            tag("span", bilingual(_EACH_ROW), link(bilingual(sheet.label), page, page, f"sheet-{sheet.id}")), " "
        )
    if item.clause:
        yield tag("span", f"{bilingual(_CLAUSE)} {item.clause} ", class_="clause")
    yield evidence(item.evidence)


_CLAUSE = {"zh": "条款", "en": "clause"}


def _drawn(item: Equation, method: Method) -> Html:
    symbol, left = symbols(method, item.sheet), item.symbol or item.id
    if item.expression is not None:
        return equation(left, item.expression, symbol)
    return call(left, item.call, item.arguments, symbol)


def _meanings(item: Equation, method: Method, page: str) -> Html:
    """What the symbols of an equation stand for, each with a link to where it is defined."""
    found = dict.fromkeys(
        meaning
        for node in item.nodes
        for part in node.walk()
        for meaning in [_meaning(part, item, method, page)]
        if meaning
    )
    return tag("p", bilingual(_WHERE), "： ", joined(found, "； "), class_="where") if found else join()


def _meaning(node: ex.Node, item: Equation, method: Method, page: str) -> Html | None:
    match node:
        case ex.Name(name) if item.sheet and name in method.sheets[item.sheet].columns:
            return _column(name, item.sheet, method, page)
        case ex.Name(name) if name in method.equations:
            other = method.equations[name]
            return join(link(other.symbol or name, page, page, f"eq-{name}"), " ", bilingual(other.label))
        case ex.Name(name) if name in method.constants:
            constant = method.constants[name]
            told = f" {bilingual(constant.label)} = {constant.text} {constant.unit.text}"
            return join(link(constant.symbol or name, page, page, "constants"), told)
        case ex.Member(sheet, column) if sheet in method.sheets and column in method.sheets[sheet].columns:
            return _column(column, sheet, method, page)
        case ex.Lookup(slot) if slot in method.slots:
            return join(link(slot, page, page, "tables"), f" {method.slots[slot].table}")
    return None


def _column(name: str, sheet: str, method: Method, page: str) -> Html:
    column = method.sheets[sheet].columns[name]
    unit = f" [{' | '.join(item.text for item in column.units.values())}]" if column.kind == "number" else ""
    return join(link(column.symbol or name, page, page, f"sheet-{sheet}"), f" {bilingual(column.label)}{unit}")


def _details(told: Data) -> Html:
    """The document's own notation, the note, the equation as it is written in the method, and where."""
    rows = [
        ("printed", names([told["as_printed"]]) if told["as_printed"] else ""),
        ("note", told["note"]),
        ("expression", names([told["expression"] or told["formula"]])),
    ]
    lines = [tag("div", tag("dt", word(name)), tag("dd", fact)) for name, fact in rows if fact]
    where = tag(
        "div", tag("dt", "YAML"), tag("dd", tag("code", f"{told['id']} · methods/{told['file']}:{told['line']}"))
    )
    summary = words("原文与写法", "as printed and as written")
    return tag("details", tag("summary", summary), tag("dl", *lines, where, class_="facts"))
