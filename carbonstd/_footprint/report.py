"""The report of a footprint study, in the order of its outline (`report.yaml`), as a document or a page.

What the case holds is set out section by section, what the user wrote stands beside it, and what a report must say and
this one does not is listed by name and clause at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from carbonstd._charts.chart import Bars
from carbonstd._definitions.line_words import bucket_text
from carbonstd._definitions.method import ReportLine
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CaseError, by_severity
from carbonstd._findings import OTHER_LANGUAGE, Finding, Language, Severity, finding
from carbonstd._footprint.cells import PRODUCT, YEAR, Cells
from carbonstd._footprint.items import Items
from carbonstd._layout import Line
from carbonstd._naming import failures, names_of
from carbonstd._number import shown
from carbonstd._paper.paper import Block, Column, Fact, Facts, Paragraph, Picture, Report, Row, Section, Table
from carbonstd._result.basis import cells_by_table
from carbonstd._result.charts import largest_bars
from carbonstd._result.formats import Written
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._result.statement import full_statement, statement
from carbonstd._result.summary import figure_text
from carbonstd._uncertainty.text import interval_text
from carbonstd._units import unit_text
from carbonstd._wording import EVIDENCE_TEXT, SEVERITY_TEXT, STATUS_TEXT


def write(result: Result, path: Path, language: Language) -> Written:
    """Write the report. Raises CaseError where the result is no footprint, or the file cannot be replaced."""
    report = _Writer(result, language)
    made = report.report()
    undrawn: list[Finding] = []
    if path.suffix.lower() == ".docx":
        from carbonstd._paper.word import write_word

        undrawn = write_word(made, path, language)
    else:
        from carbonstd._paper.page import write_page

        write_page(made, path, language)
    said = {"zh": f"已写入产品碳足迹报告：{path}", "en": f"footprint report written: {path}"}
    return Written((*failures(result), *report.items.lacking(), *undrawn), (Line(said[language]),))


class _Writer:
    def __init__(self, result: Result, language: Language) -> None:
        if PRODUCT not in result.method.sheets:
            raise CaseError(findings=[finding("no-footprint", result.method.id)])
        self.result, self.language = result, language
        self.cells = Cells(result, language)
        self.items = Items(self.cells)

    def report(self) -> Report:
        sections = [
            Section(name, item["heading"], tuple(self._blocks(item))) for name, item in _outline()["sections"].items()
        ]
        return Report(_outline()["title"], self.result.case, tuple(sections), upright=True)

    def _blocks(self, item: Mapping[str, Any]) -> Iterator[Block]:
        for name in item.get("own") or ():
            yield from getattr(self, f"_{name}")()
        for sheet, columns in (item.get("facts") or {}).items():
            facts = tuple(self.cells.facts(sheet, columns))
            if facts:
                yield Facts(facts)
        for sheet, columns in (item.get("rows") or {}).items():
            table = self.cells.rows(sheet, columns)
            if table is not None:
                yield table
        yield from self._lines(item.get("lines") or ())
        for name in item.get("figures") or ():
            yield from self._figures(name)
        for name in item.get("items") or ():
            yield from self._statement_of(name)

    def _statement_of(self, name: str) -> Iterator[Block]:
        """What the user wrote of an item, under its name; that nothing was where it is always the user's to write."""
        texts = self.items.written.get(name, [])
        if texts or self.items.always_written(name):
            yield Paragraph(self.items.label(name)[self.language], "head")
            yield from (Paragraph(text) for text in texts or [self._text("unwritten")])

    def _failed(self) -> Iterator[Block]:
        """First of all, where the result has errors: that it is not to be used, and why."""
        if self.result.failed:
            yield Paragraph(self._text("failed"), "head")
            yield self._severities(failures(self.result))

    def _head(self) -> Iterator[Block]:
        case, document = self.result.case, self.result.method.document
        titles = dict.fromkeys(filter(None, (case.title(self.language), case.title(OTHER_LANGUAGE[self.language]))))
        yield Facts(
            (
                Fact(_texts()["entity"], " ".join(titles)),
                Fact(_texts()["quantified_by"], f"{document.number} {self.result.method.title[self.language]}"),
                Fact(_texts()["period"], str(case.period)),
                Fact(_texts()["as_of"], str(case.as_of)),
            )
        )

    def _totals(self) -> Iterator[Block]:
        yield Facts(tuple(Fact(item.line.label, self._told(item)) for item in self.result.total_lines if item.reported))

    def _net(self) -> Iterator[Block]:
        """What biomass gave off less what it took up: beside the two that stand apart."""
        equation = self.result.method.equations.get("biogenic_net")
        value = self.result.value("biogenic_net").value if equation is not None else 0
        if equation is not None and value:
            yield Facts((Fact(equation.label, f"{shown(value, 6)} {unit_text(equation.unit, self.language)}"),))

    def _told(self, item: LineValue) -> str:
        unit = unit_text(self.result.method.equations[item.line.equation].unit, self.language)
        return f"{figure_text(item, self.result)} {unit}"

    def _shape(self) -> Iterator[Block]:
        """What the result is and is not, and whose shape this report has."""
        yield Paragraph(statement(self.result, self.language))
        yield Paragraph(self._text("shape"), "quiet")

    def _period(self) -> Iterator[Block]:
        yield Facts((Fact(_texts()["period"], str(self.result.case.period)),))

    def _status(self) -> Iterator[Block]:
        """The shares of the footprint by the status of the data."""
        shares = {name: share for name, share in self.result.shares.items() if share}
        comma = "，" if self.language == "zh" else ", "
        told = comma.join(f"{STATUS_TEXT[name][self.language]} {share:.1%}" for name, share in shares.items())
        yield Facts((Fact(_texts()["status"], told),))

    def _gwp(self) -> Iterator[Block]:
        """The set looked up; where none was, emissions came in as CO2 equivalent."""
        tables = tuple(self._tables_named(gwp=True))
        yield from tables or (Paragraph(self._text("no_gwp")),)

    def _tables(self) -> Iterator[Block]:
        yield from self._tables_named(gwp=False)

    def _tables_named(self, gwp: bool) -> Iterator[Block]:
        """The editions looked up and their evidence: those of GWP, or all others."""
        used = cells_by_table(self.result)
        tables = {one.table.id: one.table for items in self.result._run.segments.values() for one in items}
        rows = [
            Row((one.title[self.language], one.document.number, one.clause, self._grades(used[name])))
            for name, one in tables.items()
            if used.get(name) and name.startswith("gwp/") == gwp
        ]
        heads = [Column(_texts()[name], width) for name, width in zip(_TABLE, (30, 24, 12, 18), strict=True)]
        if rows:
            yield Table(tuple(heads), tuple(rows))

    def _grades(self, counts: Mapping[str, int]) -> str:
        return ", ".join(f"{text[self.language]} {counts[n]}" for n, text in EVIDENCE_TEXT.items() if counts.get(n))

    def _intervals(self) -> Iterator[Block]:
        total = self.result.primary_line
        found = (self.result.intervals or self.result.uncertainty()).figures[total.id].interval
        if found is None:
            yield Paragraph(self._text("no_intervals"), "quiet")
        else:
            yield Facts((Fact(total.label, interval_text(found, self.language)),))

    def _lines(self, buckets: Sequence[str]) -> Iterator[Block]:
        """The lines of some buckets, each with its share of the footprint; one bucket needs no name."""
        total = self.result.primary.value
        lines = [item for name in buckets for item in self.result.lines if item.line.bucket == name and item.reported]
        named = len(buckets) > 1
        columns = {"bucket": 16, "item": 30, "figure": 14, "unit": 12, "share": 10}
        heads = [Column(_texts()[name], width, name in ("figure", "share")) for name, width in columns.items()]
        rows = [Row((*self._named(item.line)[not named :], *self._shared(item, total))) for item in map(_signed, lines)]
        if rows:
            yield Table(tuple(heads[not named :]), tuple(rows))

    def _named(self, line: ReportLine) -> tuple[str, str]:
        return bucket_text(line.bucket)[self.language], line.label[self.language]

    def _shared(self, item: LineValue, total: float) -> tuple[str, str, str]:
        """A figure, its unit and its share: a calendar year has neither, a footprint divided otherwise is no part."""
        if item.unit == "a" and item.value >= YEAR:
            return f"{item.value:g}", "", ""
        unit = unit_text(self.result.method.equations[item.line.equation].unit, self.language)
        alike = item.unit == self.result.primary.unit and total and item.line.bucket != _ALTERNATIVES
        return figure_text(item, self.result), unit, f"{item.value / total:.1%}" if alike else ""

    def _figures(self, name: str) -> Iterator[Block]:
        """The values of an equation by their labels, largest first."""
        equation, total = self.result.method.equations.get(name), self.result.primary.value
        values = self.result.values(name) if equation is not None else {}
        names = names_of(self.result)
        rows = [
            Row(
                (
                    " · ".join(names.terms_in(label)[self.language] for label in labels),
                    shown(value, 6),
                    f"{value / total:.1%}" if total else "",
                )
            )
            for labels, value in sorted(values.items(), key=lambda pair: -abs(pair[1]))
            if labels and value == value
        ]
        if equation is not None and rows:
            heads = (Column(_texts()["item"], 40), *(Column(_texts()[n], 14, True) for n in ("figure", "share")))
            unit = unit_text(equation.unit, self.language)
            bars = largest_bars(self.result, equation, _BARS)
            if len(bars) > 1:
                yield Picture(Bars(f"bars-{name}", equation.label, unit, bars))
            yield Table(tuple(heads), tuple(rows), f"{equation.label[self.language]} {unit}")

    def _findings(self) -> Iterator[Block]:
        """Errors and warnings, but for what the contents checked and the statement tell by themselves."""
        named = names_of(self.result).findings(filter(_told_here, self.result.findings))
        told = [item for item in by_severity(named) if item.severity is not Severity.NOTE]
        if not told:
            yield Paragraph(self._text("no_findings"))
            return
        yield self._severities(told)

    def _severities(self, findings: Iterable[Finding]) -> Table:
        rows = [
            Row((SEVERITY_TEXT[str(item.severity)][self.language], item.message(self.language)), str(item.severity))
            for item in findings
        ]
        return Table((Column(_texts()["severity"], 8), Column(_texts()["finding"], 72)), tuple(rows))

    def _completeness(self) -> Iterator[Block]:
        """Every item a report has, its clause, and whether it is there."""
        rows = [
            Row(
                (self.items.label(name)[self.language], clause, self._text(state)),
                "error" if state == "lacking" else "",
            )
            for name, clause, state in self.items.states()
        ]
        heads = (Column(_texts()[n], width) for n, width in (("item", 34), ("clause", 22), ("state", 24)))
        yield Table(tuple(heads), tuple(rows))

    def _statement(self) -> Iterator[Block]:
        yield from (
            Paragraph(full_statement(self.result, one), language=one)
            for one in (self.language, OTHER_LANGUAGE[self.language])
        )

    def _text(self, name: str) -> str:
        return _texts()[name][self.language]


def _told_here(item: Finding) -> bool:
    """Whether a finding is told nowhere else: not an item unwritten, not an equation that nobody has seen."""
    return item.code != "recalled-equation" and not str(item.values.get("id", "")).startswith("report-")


def _signed(item: LineValue) -> LineValue:
    """A removal is a positive figure of the method and is taken off: beside emissions it stands with its sign."""
    return replace(item, value=-item.value) if item.line.id == _REMOVAL and item.value else item


_BARS = 10  # of a chart, beside that of the others
_REMOVAL, _ALTERNATIVES = "biogenic_removal", "分配敏感性"
_TABLE = ("table", "document", "clause", "evidence")


@cache
def _outline() -> dict[str, Any]:
    from carbonstd._yaml import load_file

    loaded: Any = load_file(Path(__file__).with_name("report.yaml"))
    return dict(loaded)


def _texts() -> Mapping[str, Bilingual]:
    texts: Mapping[str, Bilingual] = _outline()["texts"]
    return texts
