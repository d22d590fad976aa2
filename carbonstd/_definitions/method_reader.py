"""Reading a method file with the parts and sheet kinds it includes; every fault is a finding with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._definitions.document import EVIDENCE, Document, Period
from carbonstd._definitions.method import (
    COMBINATIONS,
    SELECTIONS,
    SENSES,
    Check,
    Constant,
    Equation,
    Flow,
    FlowLink,
    Method,
    Panel,
    ReportLine,
    Sheet,
    Slot,
    VerdictRule,
)
from carbonstd._definitions.method_fields import optional, parsed
from carbonstd._definitions.schema import REQUIRED, Bilingual, Fields, Problems
from carbonstd._definitions.sheet_reader import SheetReader
from carbonstd._errors import CarbonstdError
from carbonstd._industry import is_industry
from carbonstd._language import expression as ex
from carbonstd._plan.requirements import placed, read_requirements
from carbonstd._yaml import Map, load_file

if TYPE_CHECKING:
    from carbonstd._definitions.header import Header
    from carbonstd._definitions.library import Library

_LEFT_TO_INCLUDE = {"equations": ("clause", "evidence"), "verdicts": ("clause",)}  # fields a part may leave out


def read_method(path: Path, header: Header, library: Library) -> Method:
    """Read a method file and the parts it includes. Raises DefinitionError with every fault, by file and line."""
    problems = Problems(str(path))
    fields = Fields(load_file(path), problems)
    method = _Reader(fields, problems, header, library).read()
    problems.raise_any()
    return method


class _Reader:
    def __init__(self, fields: Fields, problems: Problems, header: Header, library: Library) -> None:
        self.fields, self.problems, self.header, self.library = fields, problems, header, library
        self.slots: dict[str, Slot] = {}
        self.constants: dict[str, Constant] = {}
        self.sheets: dict[str, Sheet] = {}
        self.equations: dict[str, Equation] = {}
        self.checks: list[Check] = []
        self.lines: list[ReportLine] = []
        self.totals: list[ReportLine] = []
        self.notes: list[Bilingual] = []
        self.verdicts: list[VerdictRule] = []
        self.panels: dict[str, Panel] = {}
        self.flow: Flow | None = None
        self.plan = Map()
        self.files: list[Path] = [header.path]
        self.sheet_reader = SheetReader(problems, library, self.slots, self._shared)

    def read(self) -> Method:
        fields = self.fields
        title, document = (
            fields.bilingual("title"),
            Document.read(Fields(fields.raw("document", REQUIRED), self.problems)),
        )
        regime, gases = fields.text("regime"), fields.texts("gases")
        boundary = fields.bilingual("boundary", {})
        fields.texts("regimes")
        period = fields.text("period", "")
        if period not in ("", "year", "months", "edition") and Period.parse(period) is None:
            values = {"field": "period", "found": period, "expected": "year, months, edition, 2019..2020"}
            self.problems.add("schema-type", fields.at("period"), **values)
        until_refuses = fields.flag("until_refuses")
        if until_refuses and document.until is None:
            self.problems.add("schema-missing-field", fields.at("until_refuses"), field="document.until")
        within_document = fields.flag("within_document")
        self._slots(fields)
        self._constants(fields)
        includes = fields.items("include")
        for index, item in enumerate(includes):
            self._include(Fields(item, self.problems, includes.lines[index]))
        for name, item in fields.each("sheets"):
            self._add_sheet(name, item.data)
        for name, item in fields.each("equations"):
            self._add_equation(name, item)
        for name, item in fields.each("checks"):
            self.checks.append(self._check(name, item))
        self._panels(fields)
        self._add_plan(fields.mapping("plan"))
        plan = read_requirements(self.plan, self.sheets, self.problems)
        lines = [*(self._line(name, item) for name, item in fields.each("lines")), *self.lines]
        self.totals[:0] = [self._total(name, item) for name, item in fields.each("totals")]
        self._once([*lines, *self.totals])
        self._equations_exist([*lines, *self.totals])
        if not self.totals:
            self.problems.add("schema-missing-field", fields.line, field="totals")
        self.verdicts += [self._verdict(name, item) for name, item in fields.each("verdicts")]
        combine = fields.choice("combine", COMBINATIONS, "all")
        self._flow(fields)
        errata = fields.records("errata")
        notes = (*_notes(fields), *self.notes)
        aliases = fields.texts("aliases")
        industries = self._industries(fields)
        fields.override()
        fields.done()
        return Method(
            id=self.header.id,
            path=self.header.path.as_posix(),
            title=title,
            document=document,
            level=self.header.level,
            regime=regime,
            gases=gases,
            boundary=boundary,
            slots=self.slots,
            constants=self.constants,
            sheets=self.sheets,
            equations=self.equations,
            checks=tuple(self.checks),
            lines=(*lines, *self.totals),
            verdicts=tuple(self.verdicts),
            combine=combine,
            errata=errata,
            notes=notes,
            aliases=aliases,
            industries=industries,
            period=period,
            until_refuses=until_refuses,
            within_document=within_document,
            plan=plan,
            flow=self.flow,
            panels=tuple(self.panels.values()),
            files=tuple(dict.fromkeys(self.files)),
        )

    def _once(self, lines: Sequence[ReportLine]) -> None:
        """A part may have the line that a method gives as its own."""
        counts = Counter(line.id for line in lines)
        for line in lines:
            if counts[line.id] > 1:
                self.problems.add("method-defined-twice", line.line, name=line.id)

    def _shared(self, folder: str, name: str) -> Any:
        path = self.library.shared(folder, name)
        self.files.append(path)
        return load_file(path)

    def _industries(self, fields: Fields) -> tuple[str, ...]:
        codes = fields.texts("industries")
        for code in codes:
            if not is_industry(code):
                values = {"found": code, "expected": "06, 301, 3011", "suggestion": ""}
                self.problems.add("schema-choice", fields.line, field="industries", **values)
        return codes

    def _slots(self, fields: Fields) -> None:
        for name, item in fields.each("tables"):
            self.slots[name] = self._slot(name, item)

    def _slot(self, name: str, item: Fields) -> Slot:
        select = item.choice("select", SELECTIONS)
        edition = item.text("edition", REQUIRED if select == "pinned" else "")
        on = item.day("on", REQUIRED if select == "frozen_on" else None)
        chosen = select == "chosen"
        by = item.text("by", REQUIRED if chosen else "")
        choices = {label: str(table) for label, table in item.mapping("tables", REQUIRED if chosen else None).items()}
        table = next(iter(choices.values()), "") if chosen else item.text("table")
        optional = item.flag("optional")
        if optional and select not in ("data_period_equals", "latest_published_by", "frozen_on"):
            expected = "data_period_equals, latest_published_by, frozen_on"
            values = {"found": select, "expected": expected, "suggestion": ""}
            self.problems.add("schema-choice", item.line, field="optional", **values)
        slot = Slot(name, table, select, edition, on, item.text("clause", ""), item.line, by, choices, optional)
        item.done()
        return slot

    def _constants(self, fields: Fields) -> None:
        for name, item in fields.each("constants"):
            value = item.number("value", REQUIRED)
            self.constants[name] = Constant(
                name=name,
                value=value or Fraction(0),
                unit=item.unit("unit"),
                text=str(item.raw("value", "")),
                symbol=item.text("symbol", ""),
                label=item.bilingual("label", {"zh": name, "en": name}),
                clause=item.text("clause", ""),
                evidence=item.choice("evidence", EVIDENCE, "secondary"),
                note=item.bilingual("note", {}),
                low=item.number("low"),
                high=item.number("high"),
            )
            item.done()

    def _include(self, include: Fields) -> None:
        name = include.text("part")
        try:
            part = Fields(self._shared("parts", name), self.problems)
        except CarbonstdError as error:
            self.problems.adopt(error, include.line)
            return
        part.bilingual("title")
        names = {str(old): str(new) for old, new in include.mapping("rename").items()}
        places = {str(old): str(new) for old, new in include.mapping("rename_sheets").items()}
        dropped = set(include.texts("drop"))
        self._bind(part, include)
        self._constants(part)
        for sheet_id, item in part.each("sheets"):
            over = include.mapping("sheets").get(places.get(sheet_id, sheet_id))
            self._add_sheet(
                places.get(sheet_id, sheet_id),
                item.data.merged(over) if isinstance(over, Map) else item.data,
                names,
            )
        for equation_id, item in self._of_part(part, include, "equations", names):
            self._add_equation(equation_id, item, names, places)
        self.lines += [self._line(name, item, names) for name, item in self._of_part(part, include, "lines", names)]
        self.totals += [self._total(name, item, names) for name, item in self._of_part(part, include, "totals", names)]
        self.notes += _notes(part)
        for rule_id, item in self._of_part(part, include, "verdicts", names):
            self.verdicts.append(self._verdict(rule_id, item, names))
        for check_id, item in part.each("checks"):
            if check_id not in dropped:
                check = self._check(names.get(check_id, check_id), item)
                self.checks.append(
                    replace(
                        check,
                        condition=ex.substitute(check.condition, names),
                        sheet=places.get(check.sheet, check.sheet),
                    )
                )
        self._panels(part, names, dropped)
        self._flow(part)
        self._add_plan(placed(part.mapping("plan"), places).merged(include.mapping("plan")))
        part.done()
        include.done()

    def _of_part(
        self, part: Fields, include: Fields, section: str, names: Mapping[str, str]
    ) -> Iterator[tuple[str, Fields]]:
        """What a part defines of one kind, under its name here: dropped, replaced or overlaid as the include says.

        What has no clause (or, an equation, no evidence) of its own takes that of the include.
        """
        dropped, replaced, own = set(include.texts("drop")), include.mapping("replace"), include.mapping(section)
        texts = {field: include.text(field, "") for field in _LEFT_TO_INCLUDE.get(section, ())}
        given = {field: text for field, text in texts.items() if text}
        for name, item in part.each(section):
            if name in dropped:
                continue
            renamed = names.get(name, name)
            data = replaced.get(name, item.data)
            data = data.merged(own[renamed]) if isinstance(own.get(renamed), Map) else data
            data = Map(given, data.line).merged(data) if given else data
            yield renamed, Fields(data, self.problems, item.line)

    def _panels(self, fields: Fields, names: Mapping[str, str] | None = None, dropped: Collection[str] = ()) -> None:
        """What stands beside the totals; a part's equations under the method's own names, without those left out."""
        for name, item in fields.each("panels"):
            held = [equation for equation in item.texts("equations") if equation not in dropped]
            equations = tuple((names or {}).get(equation, equation) for equation in held)
            if name in self.panels:
                self.problems.add("method-defined-twice", item.line, name=name)
            chart = tuple((names or {}).get(equation, equation) for equation in item.texts("chart"))
            for equation in {*chart} - {*equations}:
                self.problems.add("method-unknown-equation", item.at("chart"), name=equation)
            largest, of = int(item.number("largest", 0) or 0), item.text("of", "")
            looks = item.flag("across"), item.flag("stacked")
            shown = (item.line, chart, largest, (names or {}).get(of, of), *looks)
            self.panels[name] = Panel(name, item.bilingual("title"), equations, *shown)
            item.done()

    def _equations_exist(self, lines: Iterable[ReportLine]) -> None:
        """What names an equation names one there is; a part may speak of those of the method that includes it."""
        named = [(line.equation, line.line) for line in lines]
        for panel in self.panels.values():
            named += [(equation, panel.line) for equation in (*panel.equations, *filter(None, [panel.of]))]
        for item in self.equations.values():
            named += [(other, item.line) for other in (*item.reported_with, *item.told_without)]
        for equation, line in named:
            if equation not in self.equations:
                self.problems.add("method-unknown-equation", line, name=equation)

    def _add_plan(self, plan: Map) -> None:
        """What is asked of parameters; it is read when every sheet is known, for a part may speak of another's."""
        for name in plan:
            if name in self.plan:
                self.problems.add("method-defined-twice", plan.lines[name], name=name)
        self.plan = self.plan.merged(plan)

    def _bind(self, part: Fields, include: Fields) -> None:
        """Give the part's table slots the tables of `with:`; a part that lacks one cannot run."""
        given = include.mapping("with")
        for slot in part.texts("tables"):
            value = given.get(slot)
            if isinstance(value, str) and value in self.slots:
                self.slots[slot] = replace(self.slots[value], name=slot)
            elif isinstance(value, Map):
                self.slots[slot] = self._slot(slot, Fields(value, self.problems, given.lines[slot]))
            else:
                self.problems.add("method-slot-unbound", include.line, slot=slot)
        for name in given:
            if name not in part.texts("tables"):
                self.problems.add("schema-unknown-field", given.lines[name], field=name, suggestion="")

    def _add_sheet(self, name: str, data: Map, names: Mapping[str, str] | None = None) -> None:
        if name in self.sheets:
            self.problems.add("method-defined-twice", data.line, name=name)
        elif sheet := self.sheet_reader.read(name, data, names):
            self.sheets[name] = sheet

    def _add_equation(
        self,
        name: str,
        item: Fields,
        names: Mapping[str, str] | None = None,
        places: Mapping[str, str] | None = None,
    ) -> None:
        if name in self.equations:
            self.problems.add("method-defined-twice", item.line, name=name)
        expression, call = optional(item, "expression", names), item.text("call", "")
        if (expression is not None) == bool(call):
            self.problems.add("method-expression-or-call", item.line, name=name)
        arguments, sheet = item.mapping("args"), item.text("sheet", "")
        sheet = (places or {}).get(sheet, sheet)
        self.equations[name] = Equation(
            id=name,
            label=item.bilingual("label", self._column_label(sheet, expression)),
            unit=item.unit("unit"),
            expression=expression,
            sheet=sheet,
            call=call,
            arguments={key: parsed(item, str(text), arguments.lines[key], names) for key, text in arguments.items()},
            needed=optional(item, "needed", names),
            symbol=item.text("symbol", ""),
            clause=item.text("clause", ""),
            number=item.text("number", ""),
            as_printed=item.text("as_printed", ""),
            evidence=item.choice("evidence", EVIDENCE, "secondary"),
            note=item.bilingual("note", {}),
            numeric=item.flag("numeric"),
            apart=item.flag("apart"),
            reported_with=tuple((names or {}).get(other, other) for other in item.texts("reported_with")),
            told_without=tuple((names or {}).get(other, other) for other in item.texts("told_without")),
            line=item.line,
        )
        item.done()

    def _column_label(self, sheet: str, node: ex.Node | None) -> Any:
        """The label of the column that an equation only reads, where it gives none of its own."""
        columns = self.sheets[sheet].columns if sheet in self.sheets else {}
        column = columns.get(node.name) if isinstance(node, ex.Name) else None
        return column.label if column else REQUIRED

    def _check(self, name: str, item: Fields) -> Check:
        check = Check(
            id=name,
            condition=parsed(item, item.text("condition"), item.at("condition")),
            message=item.bilingual("message"),
            severity=item.choice("severity", ("error", "warning", "note"), "error"),
            refuses=item.flag("refuses"),
            sheet=item.text("sheet", ""),
            clause=item.text("clause", ""),
            line=item.line,
            label=item.bilingual("label", {}),
        )
        item.done()
        return check

    def _verdict(self, name: str, item: Fields, names: Mapping[str, str] | None = None) -> VerdictRule:
        if name in {rule.id for rule in self.verdicts}:
            self.problems.add("method-defined-twice", item.line, name=name)
        indicator = parsed(item, item.text("indicator"), item.at("indicator"), names)
        rule = VerdictRule(
            id=name,
            label=item.bilingual("label", self._label(indicator)),
            indicator=indicator,
            limit=parsed(item, item.text("limit"), item.at("limit"), names),
            unit=item.unit("unit"),
            sense=item.choice("sense", SENSES),
            required=optional(item, "required", names),
            when=optional(item, "when", names),
            advisory=item.flag("advisory"),
            since=item.text("since", ""),
            words=self._words(item),
            own_limit=optional(item, "own_limit", names),
            own_reason=optional(item, "own_reason", names),
            clause=item.text("clause", ""),
            line=item.line,
        )
        item.done()
        if (rule.own_limit is None) != (rule.own_reason is None):
            self.problems.add("method-own-limit", item.line, name=name)
        return rule

    def _label(self, node: ex.Node) -> Any:
        """The label of the equation that a line or verdict is of, where it gives none of its own."""
        equation = self.equations.get(node.name) if isinstance(node, ex.Name) else None
        return equation.label if equation else REQUIRED

    def _words(self, item: Fields) -> dict[str, Bilingual]:
        """How a verdict words its limit and its judgements; all three or none."""
        mapping = item.mapping("words")
        if not mapping:
            return {}
        fields = Fields(mapping, self.problems, mapping.line)
        words = {name: fields.bilingual(name) for name in ("limit", "met", "not_met")}
        fields.done()
        return words

    def _flow(self, fields: Fields) -> None:
        """The picture of flows, where the method or a part of it has one."""
        mapping = fields.mapping("flow")
        if not mapping:
            return
        item = Fields(mapping, self.problems, mapping.line)
        nodes = item.mapping("nodes")
        named = Fields(nodes, self.problems, nodes.line)
        items = item.items("links")
        links = tuple(self._flow_link(Fields(one, self.problems, items.lines[at])) for at, one in enumerate(items))
        labels = {name: named.bilingual(name) for name in nodes}
        self.flow = Flow(item.bilingual("title"), item.bilingual("note", {}), labels, links)
        item.done()
        for link in links:
            for name in {link.source, link.target} - {*nodes, link.axis}:
                self.problems.add("flow-node-unknown", link.line, name=name)

    def _flow_link(self, item: Fields) -> FlowLink:
        link = FlowLink(item.text("from"), item.text("to"), item.text("value"), item.text("over", ""), item.line)
        item.done()
        if link.equation not in self.equations:
            self.problems.add("method-unknown-equation", item.line, name=link.equation)
        return link

    def _total(self, name: str, item: Fields, names: Mapping[str, str] | None = None) -> ReportLine:
        return replace(self._line(name, item, names), total=True)

    def _line(self, name: str, item: Fields, names: Mapping[str, str] | None = None) -> ReportLine:
        digits, equation = item.number("digits"), item.text("equation", name)
        equation = (names or {}).get(equation, equation)
        line = ReportLine(
            id=name,
            label=item.bilingual("label", self._label(ex.Name(equation))),
            equation=equation,
            bucket=item.text("bucket", ""),
            gas=item.text("gas", "CO2"),
            scope=item.text("scope", ""),
            category=item.text("category", ""),
            iso=item.text("iso", ""),
            sign=-1 if item.flag("subtracted") else 1,
            memo=item.flag("memo"),
            primary=item.flag("primary"),
            digits=None if digits is None else int(digits),
            table=item.text("table", ""),
            when=optional(item, "when", names),
            line=item.line,
        )
        item.done()
        return line


def _notes(fields: Fields) -> Iterator[Bilingual]:
    for item in fields.mappings("notes"):
        yield {part: str(item.get(part, "")) for part in ("zh", "en")}
