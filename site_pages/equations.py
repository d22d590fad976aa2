"""The equations of a method: drawn, with number, clause and evidence, and what each of their symbols means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from carbonstd import _expression as ex
from carbonstd._describe import Data, symbols
from carbonstd._method import Equation, Method
from carbonstd._panel import axis_label
from carbonstd._report_html import Html, join, tag
from carbonstd._table import Table
from carbonstd._wording import notation_text

from .layout import WORDS, Site, bilingual, evidence, joined, link, names, word, words
from .mathml import call, equation

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
    for told in data["equations"]:
        item = method.equations[told["id"]]
        yield tag(
            "div",
            tag("p", *_head(told, item, method, page), class_="equation-head"),
            tag("div", _drawn(item, method), class_="equation", tabindex="0"),
            _meanings(item, method, looked_up, page),
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


def _meaning(
    node: ex.Node, item: Equation, method: Method, looked_up: Mapping[str, Table], page: str
) -> Iterator[Html]:
    match node:
        case ex.Name(name) if item.sheet and name in method.sheets[item.sheet].columns:
            yield _column(name, item.sheet, method, page)
        case ex.Name(name) if name in method.equations:
            other = method.equations[name]
            yield join(link(other.symbol or name, page, page, f"eq-{name}"), " ", bilingual(other.label))
        case ex.Name(name) if name in method.constants:
            constant = method.constants[name]
            told = f" {bilingual(constant.label)} = {constant.text} {constant.unit.text}"
            yield join(link(constant.symbol or name, page, page, "constants"), told)
        case ex.Name(name):
            forms = [one.id for one in method.sheets.values() if one.single and name in one.columns]
            if forms:
                yield _column(name, forms[0], method, page)
            elif (label := axis_label(method, name))["zh"] != name:
                yield join(tag("code", name), f" {bilingual(label)}")
        case ex.Member(sheet, column) if sheet in method.sheets and column in method.sheets[sheet].columns:
            yield _column(column, sheet, method, page)
        case ex.Lookup(slot) if slot in method.slots:
            yield join(link(slot, page, page, "tables"), f" {method.slots[slot].table}")
            if slot in looked_up and node.column in looked_up[slot].columns:
                read = looked_up[slot].columns[node.column]
                unit = "" if read.text else f" [{read.unit.text}]"
                yield join(tag("code", read.symbol or read.name), f" {bilingual(read.label)}{unit}")


def _column(name: str, sheet: str, method: Method, page: str) -> Html:
    column = method.sheets[sheet].columns[name]
    unit = f" [{' | '.join(item.text for item in column.units.values())}]" if column.kind == "number" else ""
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
