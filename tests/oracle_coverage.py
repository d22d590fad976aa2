"""What of a method the oracle has recomputed: every equation with a figure, every branch, default and look-up.

Written cases are taken, each time the one that speaks of most of what is left, until nothing is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from carbonstd._definitions.method import Method
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from tests.oracle import Oracle

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Coverage:
    """What is still to be touched in the editions of a family.

    Each equation needs a figure in each edition. A branch, default or look-up that several editions print alike needs
    to be touched in one of them.
    """

    def __init__(self, methods: Sequence[Method]) -> None:
        self.figures = {(method.id, name) for method in methods for name in method.equations}
        self.names: dict[tuple[str, int, str], str] = {}  # what a node is called
        self.lookups: dict[tuple[str, int, str], str] = {}
        for method in methods:
            for what, home, tree in _trees(method):
                for node in _evaluated(tree):
                    key = (method.id, id(node), home)
                    self.names[key] = f"{what}: {printed(node)}"
                    if isinstance(node, ex.Lookup):
                        self.lookups[key] = f"{what}: {printed(node)} finds no cell"
        self.texts = {*self.names.values(), *self.lookups.values()}

    def add(self, oracle: Oracle, figures: set[str]) -> None:
        """Take off what an oracle evaluated, and the equations for which it found a figure."""
        method = oracle.method.id
        self.figures -= {(method, name) for name in figures}
        self.texts -= {self.names.get((method, *key), "") for key in oracle.touched}
        self.texts -= {self.lookups.get((method, *key), "") for key in oracle.answered}

    @property
    def left(self) -> list[str]:
        return sorted({f"{method} {name}: no figure" for method, name in self.figures} | self.texts)


def _trees(method: Method) -> Iterator[tuple[str, str, ex.Node]]:
    """Every tree the oracle evaluates: what it belongs to, the sheet it stands on, and itself."""
    for equation in method.equations.values():
        for node in equation.nodes:
            if not (equation.call and isinstance(node, ex.Name) and node.name in method.slots):
                yield f"equation {equation.id}", equation.sheet, node
    for sheet in method.sheets.values():
        if sheet.basis is not None and len(sheet.bases) > 1:
            yield f"sheet {sheet.id}", sheet.id, sheet.basis
        for column in sheet.columns.values():
            if column.default is not None and column.name != sheet.source_column:  # no figure rests on the source
                yield f"column {sheet.id}.{column.name}", sheet.id, column.default
                if column.needed is not None and column.kind == "number":
                    yield f"column {sheet.id}.{column.name} needed", sheet.id, column.needed


def _evaluated(node: ex.Node) -> Iterator[ex.Node]:
    yield node
    for child in node.children():
        if not isinstance(child, ex.Options) and not (_counts(node) and isinstance(child, ex.Literal)):
            yield from _evaluated(child)


def _counts(node: ex.Node) -> bool:
    """`1 if mass >= 0 else 0` and `1 if missing(mass) else 1` count rows: one of their numbers may never be taken."""
    match node:
        case ex.Choice(ex.Compare(">=", ex.Name(), ex.Literal(low)), ex.Literal(), ex.Literal()):
            return low == 0
        case ex.Choice(_, ex.Literal(), ex.Literal()):
            return node.then == node.otherwise
    return False


class Shelf:
    """The computed cases of some methods, and the words each is written in.

    `first` names cases (family/name) that are known to bring something: a list out of date costs time and nothing else.
    """

    def __init__(self, paths: Sequence[Path], methods: Collection[str], first: Sequence[str] = ()) -> None:
        self.first = first
        self.words: dict[Path, set[str]] = {}
        for path in paths:
            case = yaml.load(path.read_text(encoding="utf-8"), _LOADER) or {}
            if case.get("method") in methods and not (case.get("expect") or {}).get("refused"):
                self.words[path] = set(_words(case["inputs"]))

    def take(self, left: Sequence[str]) -> Path | None:
        """The case, taken off the shelf, that has the most of the words with which something left is written."""
        if not self.words:
            return None
        known_first = next((path for path in self.words if case_name(path) in self.first), None)
        if known_first is not None:
            del self.words[known_first]
            return known_first
        known = set().union(*self.words.values())
        wanted = [words for name in left if (words := known & set(re.findall(r"\w+", name)))]
        weights = {
            path: sum((len(words & here) / len(words)) ** 4 for words in wanted) / math.sqrt(len(here))
            for path, here in self.words.items()
        }
        best = max(self.words, key=lambda path: (weights[path], path.name))
        del self.words[best]
        return best


def case_name(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}"


def _words(inputs: Mapping[str, Any]) -> Iterator[str]:
    """The names of sheets and columns of a case, and its labels."""
    for sheet, rows in inputs.items():
        yield sheet
        for row in rows if isinstance(rows, list) else [rows]:
            yield from row
            yield from (cell for cell in row.values() if isinstance(cell, str))
