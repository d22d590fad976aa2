"""What a report says a result rests on: evidence by table, how far a verdict may go, what the result is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from carbonstd import _expression as ex
from carbonstd._document import Period
from carbonstd._evidence import cells_of, used_rows
from carbonstd._method import Method
from carbonstd._result import Result
from carbonstd._run import Run
from carbonstd._summary import unseen_equations
from carbonstd._verdict import Judgement, Verdict, _below

FORMAL, REFERENCE, NONE = "formal", "reference", "none"


def cells_by_table(result: Result) -> dict[str, Counter[str]]:
    """How many different cells of each evidence grade equations and defaults looked up, by table edition.

    Cells read inside a called model are not counted (`read_by_models`).
    """
    found: dict[str, dict[tuple[object, ...], str]] = {}
    for what in result._run.usages:
        for table, place, grade in _cells(result._run, what):
            found.setdefault(table, {})[place] = grade
    return {table: Counter(grades.values()) for table, grades in found.items()}


def read_by_models(method: Method) -> set[str]:
    """The table slots that are handed to called models as a whole."""
    nodes = (node for equation in method.equations.values() for node in equation.arguments.values())
    return {node.name for node in nodes if isinstance(node, ex.Name) and node.name in method.slots}


def equations_used(result: Result) -> Counter[str]:
    """How many equations with a value other than zero there are of each evidence grade."""
    run, equations = result._run, result.method.equations.values()
    return Counter(item.evidence for item in equations if run.equation(item.id).data.any())


def unseen_clauses(result: Result) -> list[str]:
    """Number and clause of what nobody has seen in the text, each once."""
    parts = (" ".join(filter(None, (item.number, item.clause))) for item in unseen_equations(result))
    return list(dict.fromkeys(filter(None, parts)))


def grade(result: Result, verdict: Verdict) -> str:
    """How far a verdict may go.

    `formal` (正式比对) only where limit, class, correction and equations are all official and whole years are judged;
    `none` (不作判定) where it is open or anything is recalled; else `reference` (参考判定).
    """
    run, method = result._run, result.method
    below = _below(method, verdict.rule)
    trees = [*verdict.rule.nodes, *(node for name in below for node in method.equations[name].nodes)]
    trees += [
        compiled.node
        for (sheet, column), compiled in run.program.defaults.items()
        if compiled.node is not None and run.ledger[sheet].filled.get(column, np.zeros(1, dtype=bool)).any()
    ]
    names = {node.name for tree in trees for node in tree.walk() if isinstance(node, ex.Name)}
    whats = {verdict.rule.id, *below, *(what for what in run.usages if what.partition(".")[2])}  # and all defaults
    grades = {method.equations[name].evidence for name in below}
    grades |= {constant.evidence for name, constant in method.constants.items() if name in names}
    grades |= {item for one in (run, run.exactly()) for what in whats for _, _, item in _cells(one, what)}
    if "recalled" in grades or verdict.judgement is Judgement.UNDECIDED:
        return NONE
    return FORMAL if grades <= {"official"} and whole_years(result.case.period) else REFERENCE


def whole_years(period: Period) -> bool:
    start, end = period.start, period.end
    return (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)


def disclaimers(method: Method) -> Iterator[str]:
    """The texts of `report.yaml` that say what a result of this kind is not."""
    if method.level == "regions" or method.regime == "provincial":
        yield "not_region"
    if method.level == "projects" or method.regime == "ccer":
        yield "not_project"
    if method.level == "products" or method.regime == "product-footprint":
        yield "not_product"


def _cells(run: Run, what: str) -> Iterator[tuple[str, tuple[object, ...], str]]:
    """Table, place and grade of the cells a name looked up."""
    for usage in run.usages.get(what, ()):
        for table, row in used_rows(run, what, usage):
            if not table.columns[usage.column].text:
                for index, cell in enumerate(cells_of(table, row, usage.column)):
                    yield table.id, (row, usage.column, index), cell.evidence
