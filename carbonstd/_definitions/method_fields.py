"""Expressions in the fields of a method file, under the names of the method that includes them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from carbonstd._definitions.schema import Fields
from carbonstd._errors import CarbonstdError
from carbonstd._language import expression as ex


def optional(item: Fields, name: str, names: Mapping[str, str] | None) -> ex.Node | None:
    """The expression in a field; None where there is none."""
    text = item.text(name, "")
    return parsed(item, text, item.at(name), names) if text else None


def parsed(item: Fields, text: str, line: int, names: Mapping[str, str] | None = None) -> ex.Node:
    """An expression as written on a line; what is wrong with it stands among the problems of the file."""
    try:
        node = ex.parse(text)
    except CarbonstdError as error:
        item.problems.adopt(error, line)
        return ex.Literal(Fraction(0))
    return ex.substitute(node, dict(names)) if names else node
