"""The figures of a sheet that called models read: what a model answers is a value and does not follow a change."""

from __future__ import annotations

from carbonstd._definitions.method import Method
from carbonstd._language import expression as ex


def read_by_models(method: Method, sheet: str) -> list[str]:
    """The columns of numbers of a sheet that called models take, themselves or through equations."""
    pending = [(node, item.sheet) for item in method.equations.values() for node in item.arguments.values()]
    seen: set[str] = set()
    found: set[tuple[str, str]] = set()
    while pending:
        tree, home = pending.pop()
        for node in tree.walk():
            if isinstance(node, ex.Member):
                found.add((node.sheet, node.column))
            elif isinstance(node, ex.Name) and home and node.name in method.sheets[home].columns:
                found.add((home, node.name))
            elif isinstance(node, ex.Name) and node.name in method.equations and node.name not in seen:
                seen.add(node.name)
                equation = method.equations[node.name]
                pending += [(part, equation.sheet) for part in equation.nodes]
            elif isinstance(node, ex.Name):
                found.update((item.id, node.name) for item in method.sheets.values() if item.single)
    columns = method.sheets[sheet].columns.values()
    return [column.name for column in columns if column.kind == "number" and (sheet, column.name) in found]
