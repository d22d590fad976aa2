"""What a result rests on: the evidence of the table cells and equations it used, and what nobody has seen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from carbonstd._definitions.method import Equation, Method
from carbonstd._language import expression as ex
from carbonstd._result.evidence import looked_up

if TYPE_CHECKING:
    from carbonstd._definitions.header import Header
    from carbonstd._engine.run import Run
    from carbonstd._result.result import Result


def cells_by_table(result: Result, whole: bool = False) -> dict[str, Counter[str]]:
    """How many different cells of each evidence grade equations and defaults looked up, by table edition.

    Which cells a called model read inside a table is not known: they are not counted, or all with `whole`.
    """
    run = result._run
    found: dict[str, dict[tuple[object, ...], str]] = {}
    for what in _rested_on(run):
        for table, place, cell in looked_up(run, what, whole):
            found.setdefault(table.id, {})[place] = cell.evidence
    return {table: Counter(grades.values()) for table, grades in found.items()}


def _rested_on(run: Run) -> list[str]:
    """What looked cells up; a check compares with a figure, and no result rests on it."""
    return [what for what in run.usages if not what.startswith("check ")]


def sources(result: Result) -> dict[tuple[str, str], list[str]]:
    """Where the cells looked up were seen, in Chinese and English, each with the table editions it stands for."""
    run, found = result._run, dict[tuple[str, str], dict[str, None]]()
    for what in _rested_on(run):
        for table, _, cell in looked_up(run, what):
            if cell.source:
                found.setdefault((cell.source["zh"], cell.source["en"]), {})[table.id] = None
    return {source: list(tables) for source, tables in found.items()}


def evidence_used(result: Result) -> Counter[str]:
    """How many different table cells of each evidence grade the equations and defaults looked up."""
    return sum(cells_by_table(result).values(), Counter())


def read_by_models(method: Method) -> set[str]:
    """The table slots that are handed to called models as a whole."""
    return {slot for equation in method.equations.values() for slot in handed_over(method, equation)}


def handed_over(method: Method, equation: Equation) -> list[str]:
    """The table slots that a called equation hands to its model."""
    nodes = equation.arguments.values()
    return [node.name for node in nodes if isinstance(node, ex.Name) and node.name in method.slots]


def used_equations(result: Result) -> list[Equation]:
    """The equations with a value other than zero."""
    return [item for item in result.method.equations.values() if result._run.equation(item.id).data.any()]


def equations_used(result: Result) -> Counter[str]:
    """How many equations with a value other than zero there are of each evidence grade."""
    return Counter(item.evidence for item in used_equations(result))


def cited_by(method: Method, name: str) -> str:
    """Number and clause of an equation; of one that has none and only passes another on (a sum of rows), of that."""
    item = method.equations[name]
    while not (item.number or item.clause):
        below = {part for node in item.nodes for part in node.names() if part in method.equations}
        if len(below) != 1:
            return ""
        item = method.equations[below.pop()]
    return " ".join(filter(None, (item.number, item.clause)))


def unseen_equations(result: Result) -> list[Equation]:
    """The equations of this result that nobody has seen in the text of the document: rebuilt or recalled."""
    return [item for item in used_equations(result) if item.evidence in ("derived", "recalled")]


def unseen_clauses(result: Result) -> list[str]:
    """Number and clause of what nobody has seen in the text, each once."""
    parts = (" ".join(filter(None, (item.number, item.clause))) for item in unseen_equations(result))
    return list(dict.fromkeys(filter(None, parts)))


_NOT_FACTORS = (
    "gwp/",
    "uncertainty/",
    "decisions/",
    "products/pef-data-quality",
    "products/footprint-cut-off",
    "products/iso-14083",
)
_READ_ANYWAY = {"electricity/": "footprint_electricity"}  # the grid's mean is looked up also where nothing is bought


def factor_tables(result: Result) -> list[Header]:
    """The tables of factors that figures of a footprint were taken from, in the order of their use."""
    headers, ledger = result._run.library.table_headers, result._run.ledger
    idle = tuple(name for name, sheet in _READ_ANYWAY.items() if sheet not in ledger or not ledger[sheet].rows)
    used = (str(table) for table in dict.fromkeys(result.operands["table"]))
    return [headers[name] for name in used if name in headers and not name.startswith((*_NOT_FACTORS, *idle))]
