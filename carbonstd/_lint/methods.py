"""Lint of methods: printed forms that agree, names that mean one thing and are used, lines that make up totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, ReportLine
from carbonstd._definitions.schema import Problems
from carbonstd._definitions.table import Table
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding
from carbonstd._forms.forms import form_of, trees_of
from carbonstd._language import expression as ex
from carbonstd._language.compile import Program, compile_method
from carbonstd._lint.printed import Unresolved, compare
from carbonstd._lint.tables import lint_document, lint_label, lint_regimes, lint_texts
from carbonstd._number import shown
from carbonstd._template.lasting import contradictory
from carbonstd._yaml import Items, Map, load_file


def lint_method(method: Method, library: Library) -> list[Finding]:
    """What is wrong with a method that reads; what does not compile is reported and the rest still looked at."""
    return _MethodLint(method, library).run()


class _MethodLint:
    def __init__(self, method: Method, library: Library) -> None:
        self.method, self.library = method, library
        self.problems = Problems(method.path)
        self.head: Map = load_file(Path(method.path))
        self.names = _Names(method, _tables(method, library), self._in_forms())

    def run(self) -> list[Finding]:
        lint_document(self.problems, self.method.document, self.method.errata, self.head)
        self._labels()
        self._symbols()
        self._standing()
        self._equations()
        self._unused()
        self._checks()
        self._cases()
        try:
            program = compile_method(self.method, self.library)
            for slot in self.method.slots.values():
                for name in slot.tables[1:]:  # every table that may be chosen fits the expressions
                    compile_method(self.method, self.library, {slot.name: self.library.table(name)})
        except CarbonstdError as error:
            return self.problems.findings + error.findings
        self._printed(program)
        self._lines(program)
        return self.problems.findings

    def _at(self, fallback: int, *names: str) -> int:
        """Where the method file itself states a field, in a section or an include; else where a part does."""
        includes = self.head.get("include")
        for place in (self.head, *(includes if isinstance(includes, Items) else ())):
            found, line = place, fallback
            for name in names:
                if not isinstance(found, Map) or name not in found:
                    break
                line, found = found.lines[name], found[name]
            else:
                return line
        return fallback

    def _labels(self) -> None:
        method = self.method
        lint_label(self.problems, self._at(1, "title"), method.id, method.title)
        lint_regimes(self.problems, self._at(1, "regime"), [method.regime], self.library)
        for constant in method.constants.values():
            lint_label(self.problems, self._at(1, "constants", constant.name), constant.name, constant.label)
        for sheet in method.sheets.values():
            lint_label(self.problems, self._at(sheet.line, "sheets", sheet.id), sheet.id, sheet.label)
            for column in sheet.columns.values():
                at = self._at(column.line, "sheets", sheet.id, "columns", column.name)
                lint_label(self.problems, at, column.name, column.label)
        for equation in method.equations.values():
            at = self._at(equation.line, "equations", equation.id, "label")
            lint_label(self.problems, at, equation.id, equation.label)
        noted = [(self._at(item.line, "equations", item.id, "note"), item.note) for item in method.equations.values()]
        noted += [(self._at(1, "constants", item.name), item.note) for item in method.constants.values()]
        noted += [(item.line, item.note) for item in method.plan.values()]
        lint_texts(self.problems, noted)
        for check in method.checks:
            lint_label(self.problems, self._at(check.line, "checks", check.id, "message"), check.id, check.message)
        for line in method.lines:
            lint_label(self.problems, line.line, line.id, line.label)
        for rule in method.verdicts:
            lint_label(self.problems, rule.line, rule.id, rule.label)

    def _standing(self) -> None:
        for sheet in self.method.sheets.values():
            for column in contradictory(sheet):
                at = self._at(column.line, "sheets", sheet.id, "columns", column.name)
                self.problems.add("standing-passing", at, column=sheet.label_of(column.name))

    def _symbols(self) -> None:
        """Within one sheet a symbol means one thing; what stands on no sheet shares one space."""
        seen: dict[tuple[str, str], str] = {}
        columns = [
            (sheet.id, column.symbol, column.name, self._at(column.line, "sheets", sheet.id, "columns", column.name))
            for sheet in self.method.sheets.values()
            for column in sheet.columns.values()
        ]
        equations = [
            (equation.sheet, equation.symbol, equation.id, self._at(equation.line, "equations", equation.id, "symbol"))
            for equation in self.method.equations.values()
        ]
        for sheet, symbol, name, line in columns + equations:
            first = seen.setdefault((sheet, symbol), name)
            if symbol and first != name:
                self.problems.add("symbol-twice", line, symbol=symbol, sheet=sheet or "—", first=first, second=name)

    def _equations(self) -> None:
        for equation in self.method.equations.values():
            if not equation.clause:
                line = self._at(equation.line, "equations", equation.id)
                self.problems.add("equation-without-clause", line, name=equation.id)
            if equation.evidence == "recalled":
                values = {"symbol": equation.symbol or equation.id, "label": equation.label}
                line = self._at(equation.line, "equations", equation.id, "evidence")
                self.problems.add("recalled-equation", line, **values)

    def _in_forms(self) -> list[tuple[str, ex.Node]]:
        """What the document's own forms print; a faulty form is told of where forms are linted."""
        try:
            form = form_of(self.method.id, self.library)
        except CarbonstdError:
            return []
        return list(trees_of(form)) if form else []

    def _unused(self) -> None:
        method, names = self.method, self.names
        reported = {line.equation for line in method.lines}
        reported |= {name for panel in method.panels for name in panel.equations}
        if method.flow is not None:
            reported |= {link.equation for link in method.flow.links}
        for equation in method.equations.values():
            of_part = "/shared/parts/" in str(getattr(equation.line, "path", ""))  # a part offers more than all need
            if equation.id not in names.used and equation.id not in reported and not of_part:
                line = self._at(equation.line, "equations", equation.id)
                self.problems.add("unused-equation", line, name=equation.id)
        for constant in method.constants:
            if constant not in names.used:
                self.problems.add("unused-constant", self._at(1, "constants", constant), name=constant)
        bound = {method.slots[name].line for name in names.slots if name in method.slots}
        for slot in method.slots.values():  # a part's slot stands on the line of the table it was given
            if slot.line not in bound:
                self.problems.add("unused-slot", slot.line, name=slot.name)
        for sheet in method.sheets.values():
            for column in sheet.columns.values():
                told = column.kind == "number" or (column.vocabulary and column.name != sheet.source_column)
                if told and not names.uses(sheet.id, column.name):
                    line = self._at(column.line, "sheets", sheet.id, "columns", column.name)
                    self.problems.add("unused-column", line, sheet=sheet.id, name=column.name)

    def _checks(self) -> None:
        counts = Counter(check.id for check in self.method.checks)
        for check in self.method.checks:
            if counts[check.id] > 1:
                self.problems.add("method-defined-twice", check.line, name=check.id)

    def _cases(self) -> None:
        for path in sorted(Path(self.method.path).parent.glob("cases/*.yaml")):
            try:
                case = load_file(path)
                header = self.library.find(str(case.get("method", "")), self.library.method_headers)
            except (CarbonstdError, AttributeError):
                continue  # `test` says what is wrong with a case
            if header.id == self.method.id and case.get("expect"):
                return
        self.problems.add("no-case", 1, method=self.method.id)

    def _printed(self, program: Program) -> None:
        tables = _tables(self.method, self.library)
        for equation in self.method.equations.values():
            if not equation.as_printed:
                continue
            symbol, line = (
                equation.symbol or equation.id,
                self._at(equation.line, "equations", equation.id, "as_printed"),
            )
            try:
                apart = compare(program, equation, tables)
            except Unresolved as error:
                self.problems.add("printed-unresolved", line, symbol=str(error))
                continue
            if apart is not None:
                values = {"printed": shown(apart.printed, 9), "computed": shown(apart.computed, 9)}
                self.problems.add("printed-disagrees", line, symbol=symbol, **values, unit=equation.unit.text)

    def _lines(self, program: Program) -> None:
        """The primary total taken apart: each term is a report line with that sign, and no line is left over."""
        lines = {line.equation: line for line in self.method.lines if not line.total and not line.memo}
        if not lines or not self.method.totals:
            return
        signs = {line.equation: _terms(program, line.equation, lines) for line in self.method.totals}
        primary = self.method.primary
        for name in signs[primary.equation]:
            if name not in lines:
                self.problems.add("total-without-line", primary.line, total=primary.id, name=name)
        for name, line in lines.items():
            if not any(terms.get(name) == line.sign for terms in signs.values()):
                self.problems.add("line-outside-totals", line.line, name=line.id)


def _terms(program: Program, equation: str, lines: Mapping[str, ReportLine]) -> dict[str, int]:
    """The signed equations a total is the sum of, down to report lines or to what is no plain sum."""
    terms: dict[str, int] = {}

    def add(node: ex.Node | None, sign: int, inside: str) -> None:
        if isinstance(node, ex.Binary) and node.operator in "+-":
            add(node.left, sign, inside)
            add(node.right, sign if node.operator == "+" else -sign, inside)
        elif isinstance(node, ex.Negative):
            add(node.operand, -sign, inside)
        elif (parts := ex.weighed(node)) is not None:
            add(parts[0], sign, inside)
        elif isinstance(node, ex.Scale) or (isinstance(node, ex.Reduce) and node.function == "sum" and not node.where):
            add(node.operand, sign, inside)
        elif isinstance(node, ex.Name) and node.name in lines:
            terms[node.name] = sign
        elif isinstance(node, ex.Name) and node.name in program.equations:
            add(program.equations[node.name].node, sign, node.name)
        else:
            terms[inside] = sign

    if equation in lines:
        return {equation: 1}
    add(program.equations[equation].node, 1, equation)
    return terms


class _Names:
    """Every name the expressions of a method mention: anywhere (`used`), by sheet, and table slots."""

    def __init__(self, method: Method, tables: Mapping[str, Table], in_forms: Iterable[tuple[str, ex.Node]]) -> None:
        self.method, self.tables = method, tables
        self.used: set[str] = {slot.by for slot in method.slots.values()}  # a label that chooses a table is used
        self.slots: set[str] = set()
        self._by_sheet: set[tuple[str, str]] = set()
        for sheet, node in (*self._trees(), *in_forms):
            for part in node.walk():
                self._note(sheet, part)

    def uses(self, sheet: str, column: str) -> bool:
        single = self.method.sheets[sheet].single
        return (sheet, column) in self._by_sheet or (single and column in self.used)

    def _trees(self) -> Iterator[tuple[str, ex.Node]]:
        method = self.method
        for sheet in method.sheets.values():
            columns = [tree for column in sheet.columns.values() for tree in (column.needed, column.default)]
            for tree in (sheet.basis, *columns):
                if tree is not None:
                    yield sheet.id, tree
        for equation in method.equations.values():
            trees = (*equation.nodes, *([equation.needed] if equation.needed is not None else []))
            yield from ((equation.sheet, tree) for tree in trees)
        for check in method.checks:
            yield check.sheet, check.condition
        yield from (("", line.when) for line in method.lines if line.when is not None)
        for rule in method.verdicts:
            asked = (rule.required, rule.when, rule.own_limit, rule.own_reason)
            yield from (("", tree) for tree in (*rule.nodes, *filter(None, asked)))

    def _note(self, sheet: str, node: ex.Node) -> None:
        if isinstance(node, ex.Name):
            self.used.add(node.name)
            self._by_sheet.add((sheet, node.name))
            self.slots.add(node.name)  # a called model is given a slot by its bare name
        elif isinstance(node, ex.Member):
            self._by_sheet.add((node.sheet, node.column))
        elif isinstance(node, ex.Lookup):
            self.slots.add(node.table)
            if node.keys is None and node.table in self.tables:  # select() asks the class from the columns of its keys
                self.used.update(self.tables[node.table].keys)
        elif isinstance(node, ex.Reduce):
            self._by_sheet |= {(name, axis) for axis in node.by for name in (sheet, *self.method.sheets)}


def _tables(method: Method, library: Library) -> dict[str, Table]:
    return {slot.name: library.table(slot.tables[0]) for slot in method.slots.values()}
