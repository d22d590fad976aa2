"""How large the terms of an equation are, where they may cancel."""

from __future__ import annotations

from typing import Any

from carbonstd._language import expression as ex
from tests.oracle import Oracle
from tests.oracle_places import Place


class Sizes(Oracle):
    """The same equations with every difference taken as a sum."""

    def _negative(self, node: ex.Negative, place: Place) -> Any:
        return self.value(node.operand, place)

    def _binary(self, node: ex.Binary, place: Place) -> Any:
        return super()._binary(ex.Binary("+", node.left, node.right) if node.operator == "-" else node, place)
