"""The equations of a method: drawn, with number, clause and evidence, and what each of their symbols means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from carbonstd._catalogue.describe import Data, symbols
from carbonstd._definitions.method import Column, Equation, Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Table
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from carbonstd._paper.markup import Html, join, tag
from carbonstd._result.panel import axis_label
from carbonstd._wording import notation_text
from carbonstd.models import registry

from .layout import WORDS, Site, bilingual, evidence, joined, link, names, table, told_unit, word, words
from .mathml import call, equation

_CLASS = {
    "zh": "表中按判定对象的性质选出的一行（见数据表的适用条件）",
    "en": "the row of the table picked by what is judged, as its conditions say",
}
_WHERE = {"zh": "其中", "en": "where"}
_UNITS = (
    "各量带单位计算，单位之间自动换算：文件写出的换算系数（如×24×10⁻⁹）不出现在下列算式中。",
    "Quantities are computed with their units, which convert: conversion factors that a document prints (× 24 × 10⁻⁹) "
    "do not stand in the equations below.",
)
_EACH_ROW = {"zh": "逐行：", "en": "each row of "}


def equation_blocks(method: Method, data: Data, site: Site, page: str) -> Iterator[Html]:
    """Each equation as a block with an anchor of its own, `eq-<id>`."""
    yield tag("p", words(*_UNITS), class_="note")
    looked_up = _looked_up(data, site)
    for _, group in groupby(data["equations"], key=lambda told: _told_apart(method.equations[told["id"]])):
        first, *others = group
        yield (_family([first, *others], method, looked_up, page) if others else _one(first, method, looked_up, page))


def _one(told: Data, method: Method, looked_up: Mapping[str, Table], page: str) -> Html:
    item = method.equations[told["id"]]
    return tag(
        "div",
        tag("p", *_head(told, item, method, page), class_="equation-head"),
        _drawn(item, method, looked_up),
        _meanings(item, method, looked_up, page),
        _details(told),
        id=f"eq-{item.id}",
        class_=f"equation-block {item.evidence}",
    )


def _told_apart(item: Equation) -> tuple[object, ...]:
    """What tells equations apart that do not stand in one block: calls of a model differ there in a word alone."""
    if not item.call:
        return (item.id,)
    common = (f"{name} = {printed(node)}" for name, node in item.arguments.items() if not isinstance(node, ex.Text))
    return item.call, item.sheet, item.evidence, *common


def _family(group: Sequence[Data], method: Method, looked_up: Mapping[str, Table], page: str) -> Html:
    """Equations that ask one model the same but for a word: its formula and its arguments once, then a row each."""
    items = [method.equations[told["id"]] for told in group]
    first, formula = items[0], registry()[items[0].call].formula
    asked = [name for name, node in first.arguments.items() if isinstance(node, ex.Text)]
    common = {name: node for name, node in first.arguments.items() if name not in asked}
    rows = [
        [
            tag("span", f"{told['number']} {item.symbol}".strip() or item.id, id=f"eq-{item.id}"),
            join(WORDS.label(item.label), " [", tag("span", told_unit(item.unit), class_="unit"), "]"),
            *(tag("code", getattr(item.arguments.get(name), "value", "")) for name in asked),
            item.clause,
            WORDS.label(told["note"]),
            tag("code", f"{told['id']} · methods/{told['file']}:{told['line']}"),
        ]
        for told, item in zip(group, items, strict=True)
    ]
    heads = [words("符号", "symbol"), words("公式", "equation"), *asked, bilingual(_CLAUSE), word("note"), "YAML"]
    symbol = symbols(method, first.sheet)
    return tag(
        "div",
        tag("p", formula, class_="equation") if formula else join(),
        call("", first.call, common, symbol, lambda node: _label(node, first, method, looked_up).get("zh", "")),
        _meanings(first, method, looked_up, page),
        tag("p", evidence(first.evidence), class_="equation-head"),
        table("", heads, rows),
        class_=f"equation-block {first.evidence}",
    )


def _head(told: Data, item: Equation, method: Method, page: str) -> Iterator[object]:
    yield tag("strong", f"{told['number']} " if told["number"] else "", WORDS.label(item.label))
    yield join(" [", tag("span", told_unit(item.unit), class_="unit"), "] ")
    if item.sheet:
        sheet = method.sheets[item.sheet]
        yield join(
            tag("span", bilingual(_EACH_ROW), link(bilingual(sheet.label), page, page, f"sheet-{sheet.id}")), " "
        )
    if item.clause:
        yield tag("span", f"{bilingual(_CLAUSE)} {item.clause} ", class_="clause")
    yield evidence(item.evidence)


_CLAUSE = {"zh": "条款", "en": "clause"}


def _drawn(item: Equation, method: Method, looked_up: Mapping[str, Table]) -> Html:
    def label(node: ex.Node) -> str:
        return _label(node, item, method, looked_up).get("zh", "")

    symbol, left = symbols(method, item.sheet), item.symbol or item.id
    if item.expression is not None:
        return equation(left, item.expression, symbol, label)
    return call(left, item.call, item.arguments, symbol, label)


def _looked_up(data: Data, site: Site) -> Mapping[str, Table]:
    """The table of each slot, of several editions the newest: what its columns are called is alike in all."""
    editions = {slot["slot"]: slot["editions"] for slot in data["tables"]}
    return {slot: site.library.table(found[-1]["id"]) for slot, found in editions.items() if found}


def _meanings(item: Equation, method: Method, looked_up: Mapping[str, Table], page: str) -> Html:
    """What the symbols of an equation stand for, each with a link to where it is defined."""
    found = dict.fromkeys(
        meaning
        for node in item.nodes
        for part in node.walk()
        for meaning in _meaning(part, item, method, looked_up, page)
    )
    return tag("p", bilingual(_WHERE), "： ", joined(found, "； "), class_="where") if found else join()


def _label(node: ex.Node, item: Equation, method: Method, looked_up: Mapping[str, Table]) -> Bilingual:
    """What is meant by a name, a figure of another sheet or one of a table; nothing where that has no label."""
    match node:
        case ex.Name(name) if column := _column_of(name, item, method):
            return column.label
        case ex.Name(name) if name in method.equations:
            return method.equations[name].label
        case ex.Name(name) if name in method.constants:
            return method.constants[name].label
        case ex.Name(name) if name in looked_up:
            return looked_up[name].title
        case ex.Name(name) if (label := axis_label(method, name))["zh"] != name:
            return label
        case ex.Member(sheet, name) if sheet in method.sheets and name in method.sheets[sheet].columns:
            return method.sheets[sheet].columns[name].label
        case ex.Lookup(slot) if slot in looked_up and node.column in looked_up[slot].columns:
            return looked_up[slot].columns[node.column].label
    return {}


def _column_of(name: str, item: Equation, method: Method) -> Column | None:
    """The column a name stands for: of the equation's own sheet, or of a form, which has one row."""
    own = [method.sheets[item.sheet]] if item.sheet else []
    forms = (sheet for sheet in method.sheets.values() if sheet.single)
    return next((sheet.columns[name] for sheet in (*own, *forms) if name in sheet.columns), None)


def _meaning(
    node: ex.Node, item: Equation, method: Method, looked_up: Mapping[str, Table], page: str
) -> Iterator[Html]:
    label = bilingual(_label(node, item, method, looked_up))
    match node:
        case ex.Name(name) if item.sheet and name in method.sheets[item.sheet].columns:
            yield _column(name, item.sheet, method, page)
        case ex.Name(name) if name in method.equations:
            yield join(link(method.equations[name].symbol or name, page, page, f"eq-{name}"), f" {label}")
        case ex.Name(name) if name in method.constants:
            constant = method.constants[name]
            told = f" {label} = {constant.text} {told_unit(constant.unit)}"
            yield join(link(constant.symbol or name, page, page, "constants"), told)
        case ex.Name(name):
            forms = [one.id for one in method.sheets.values() if one.single and name in one.columns]
            if forms:
                yield _column(name, forms[0], method, page)
            elif name in method.slots:
                yield join(link(name, page, page, "tables"), f" {label} {method.slots[name].table}")
            elif label:
                yield join(tag("code", name), f" {label}")
        case ex.Member(sheet, column) if sheet in method.sheets and column in method.sheets[sheet].columns:
            yield _column(column, sheet, method, page)
        case ex.Lookup(slot) if slot in method.slots:
            yield join(link(slot, page, page, "tables"), f" {method.slots[slot].table}")
            if node.keys is None:
                yield join(tag("code", "class"), f" {bilingual(_CLASS)}")
            if slot in looked_up and node.column in looked_up[slot].columns:
                read = looked_up[slot].columns[node.column]
                unit = "" if read.text else f" [{told_unit(read.unit)}]"
                yield join(tag("code", read.name), f" {read.symbol}" if read.symbol else "", f" {label}{unit}")


def _column(name: str, sheet: str, method: Method, page: str) -> Html:
    column = method.sheets[sheet].columns[name]
    unit = f" [{' | '.join(map(told_unit, column.units.values()))}]" if column.kind == "number" else ""
    return join(link(column.symbol or name, page, page, f"sheet-{sheet}"), f" {bilingual(column.label)}{unit}")


def _details(told: Data) -> Html:
    """The document's own notation, the note, the equation as it is written in the method, and where."""
    rows = [
        (WORDS.label(notation_text(told["evidence"])), names([told["as_printed"]]) if told["as_printed"] else ""),
        (word("note"), WORDS.label(told["note"])),
        (word("expression"), names([told["expression"] or told["formula"]])),
    ]
    lines = [tag("div", tag("dt", name), tag("dd", fact)) for name, fact in rows if fact]
    where = tag(
        "div", tag("dt", "YAML"), tag("dd", tag("code", f"{told['id']} · methods/{told['file']}:{told['line']}"))
    )
    summary = words("写法与出处", "notation and place")
    return tag("details", tag("summary", summary), tag("dl", *lines, where, class_="facts"))
