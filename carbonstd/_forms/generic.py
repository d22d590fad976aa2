"""Report forms where a document's own are not held: what the common chapters of the enterprise guides ask for.

Three tables, made from the method itself: emissions by report line, activity data, emission factors and coefficients
with their sources. They are titled as ours and not as the document's.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from carbonstd._definitions.document import month_spans
from carbonstd._definitions.library import Library
from carbonstd._definitions.line_words import bucket_text
from carbonstd._definitions.method import Column
from carbonstd._definitions.schema import Bilingual, joined, same
from carbonstd._errors import CaseError
from carbonstd._findings import LANGUAGES, Finding, finding
from carbonstd._forms.fill import fill_form, whole
from carbonstd._forms.filled import INAPPLICABLE, MISSING, Cell, FilledForm, FilledTable, Line, State, number_cell
from carbonstd._forms.forms import form_of
from carbonstd._ledger.ledger import SheetData
from carbonstd._number import round_gbt_8170
from carbonstd._report.months import by_month
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._trace.trace import decoded, labelled
from carbonstd._units import unit_text
from carbonstd._wording import EVIDENCE_TEXT, STATUS_TEXT

_MOST_CELLS = 40  # of one table read by equations: steam tables are named and not printed
_TEXTS: Mapping[str, Bilingual] = {
    "title": {
        "zh": "温室气体排放报告表（本软件通用格式）",
        "en": "Greenhouse gas report (a common form of this package)",
    },
    "clause": {"zh": "通用格式", "en": "common form"},
    "source": {
        "zh": "按各行业指南报告的通用结构（排放量、活动水平数据、排放因子和计算系数）编制；"
        "未见该文件自己的表格，不能代替。",
        "en": "made after the common structure of the guides' reports (emissions, activity data, factors); the "
        "document's own form was not seen and is not replaced.",
    },
    "emissions": {"zh": "排放量汇总", "en": "Emissions"},
    "activity": {"zh": "活动水平数据", "en": "Activity data"},
    "factors": {"zh": "排放因子和计算系数", "en": "Emission factors and coefficients"},
    "line": {"zh": "报告项", "en": "Line"},
    "bucket": {"zh": "归类", "en": "Bucket"},
    "gas": {"zh": "气体", "en": "Gas"},
    "unit": {"zh": "单位", "en": "Unit"},
    "sheet": {"zh": "数据表", "en": "Sheet"},
    "of": {"zh": "来源、品种", "en": "Source, kind"},
    "item": {"zh": "参数", "en": "Item"},
    "status": {"zh": "数据状态", "en": "Status"},
    "origin": {"zh": "依据", "en": "From"},
    "evidence": {"zh": "证据", "en": "Evidence"},
    "ours": {
        "zh": "本表为本软件通用格式，不是该文件自己的表。",
        "en": "A common form of this package, not the document's own.",
    },
    "memo": {"zh": "附：", "en": "Memo: "},
    "signed": {
        "zh": "抵减总量的项目（外供、输出等）印为负数；“附”项不计入总量。",
        "en": "What is taken off the total (supplied, sold) is printed negative; memo items are not in the total.",
    },
    "years": {
        "zh": "末列只对按月相加的数量和各月相同的数值给出；其余为“/”。",
        "en": "The last column is given for what adds up by month and for figures the same in all months; else “/”.",
    },
    "tables": {
        "zh": "公式查用的数表未逐值列出：{tables}。",
        "en": "Tables read by equations whose cells are not listed: {tables}.",
    },
    "rest": {
        "zh": "{label}：{value} {unit} 没有月份，只计入全年。",
        "en": "{label}: {value} {unit} have no month and count in the year alone.",
    },
}  # fmt: skip


def report_forms(result: Result) -> FilledForm:
    """The forms of a result: those of its document, else the common form. Raises CaseError where a method has none."""
    method = result.method
    form = form_of(method.id, result._run.library) or form_of(method.id, Library())  # a lock holds no forms
    if form is None and method.level != "enterprises":
        raise CaseError(findings=[finding("form-level", method=method.id)])
    return fill_form(form, result) if form else fill_generic(result)


def fill_generic(result: Result) -> FilledForm:
    """The common form of a result of any accounting method."""
    emissions, missing = _emissions(result)
    inputs = _Inputs(result)
    document = result.method.document.number or result.method.id
    return FilledForm(
        title=_TEXTS["title"],
        document=document,
        clause=_TEXTS["clause"],
        evidence="",
        source=_TEXTS["source"],
        missing=same(""),
        result=result,
        tables=(emissions, inputs.table("activity", "2"), inputs.table("factors", "3")),
        findings=(finding("form-not-held", method=result.method.id), *missing),
    )


def _emissions(result: Result) -> tuple[FilledTable, list[Finding]]:
    """The report lines and totals, those inside the total by month where the data have months."""
    found = {line.item.line.id: (table.months, line) for table in by_month(result) for line in table.lines}
    months = next((held for held, _ in found.values()), ())
    lines, findings, notes = [], [], []
    memo = [item for item in result.lines if item.line.memo]
    for item in (*(item for item in result.lines if not item.line.memo), *result.total_lines, *memo):
        cells = (INAPPLICABLE,) * len(months)
        if item.line.id in found and item.reported and any(found[item.line.id][1].held):
            _, by = found[item.line.id]
            cells = tuple(_rounded(v, item) if held else MISSING for v, held in zip(by.values, by.held, strict=True))
            gone = [month for month, held in zip(months, by.held, strict=True) if not held]
            if gone:
                block = {"zh": "", "en": _TEXTS["emissions"]["en"]}  # the place names it in Chinese
                values = {"block": block, "months": month_spans(gone), "rows": item.line.label, "rule": same("")}
                findings.append(finding("form-month-missing", _TEXTS["emissions"]["zh"], **values))
            if by.rest:
                value = _rounded(by.rest, item).printed("zh")
                notes.append(_said("rest", label=item.line.label, value=value, unit=item.unit))
        label = joined([_TEXTS["memo"], item.line.label], same("")) if item.line.memo else item.line.label
        leads = (label, bucket_text(item.line.bucket), same(item.line.gas), same(_unit(item.unit)))
        year = _rounded(item.line.sign * item.value, item) if item.reported else INAPPLICABLE
        lines.append(Line(leads, cells, year))
    notes += [_TEXTS["signed"]] if any(item.line.sign < 0 for item in result.lines) else []
    heads = tuple(_TEXTS[name] for name in ("line", "bucket", "gas", "unit"))
    about = ("1", _TEXTS["emissions"], _clause("1"), heads, months, whole(months), ())
    table = FilledTable(*about, tuple(lines), (_TEXTS["ours"], *notes), axes=2)
    return table, findings


def _clause(number: str) -> str:
    return f"通用表{number}"  # not 附表: that is what the documents call their own


def _rounded(value: float, item: LineValue) -> Cell:
    return number_cell(value, item.line.digits, round_gbt_8170)


def _unit(text: str) -> str:
    return "" if text == "1" else text


def _said(name: str, /, **values: Any) -> Bilingual:
    inside = {key: {k: v[key] if isinstance(v, Mapping) else v for k, v in values.items()} for key in ("zh", "en")}
    return {key: _TEXTS[name][key].format(**inside[key]) for key in ("zh", "en")}


@dataclass
class _Series:
    """One column of a sheet for one source: its figures by month (empty: none), and where they come from."""

    leads: tuple[Bilingual, ...]
    adds_up: bool
    months: dict[str, list[float]] = field(default_factory=dict)
    status: dict[str, None] = field(default_factory=dict)
    origin: dict[str, None] = field(default_factory=dict)
    evidence: dict[str, None] = field(default_factory=dict)

    def line(self, months: Sequence[str]) -> Line:
        # a column without any month has no monthly figures; a month left out of others is missing
        dated = any(self.months.get(month) for month in months)
        cells = tuple(self._cell(self.months.get(month, []), MISSING if dated else INAPPLICABLE) for month in months)
        every = [value for values in self.months.values() for value in values]
        tails = (
            Cell(State.GIVEN, text=joined(STATUS_TEXT[name] for name in self.status)),
            Cell(State.GIVEN, text=same("、".join(self.origin))),
            Cell(State.GIVEN, text=joined(EVIDENCE_TEXT[name] for name in self.evidence)),
        )
        return Line(self.leads, cells, self._cell(every, INAPPLICABLE), tails)

    def _cell(self, values: Sequence[float], absent: Cell) -> Cell:
        if not values:
            return absent
        if self.adds_up:
            return Cell(State.GIVEN, exact=sum(values))
        return Cell(State.GIVEN, exact=values[0]) if len(set(values)) == 1 else INAPPLICABLE


class _Inputs:
    """What the case entered and what filled its blanks, by sheet, source and month."""

    def __init__(self, result: Result) -> None:
        self.result, self.run = result, result._run
        self.months = tuple(result.case.period.months())
        self.operands = result.operands

    def table(self, name: str, number: str) -> FilledTable:
        factors = name == "factors"
        series = [item for item, is_factor in self._series() if is_factor == factors]
        lines, notes = [item.line(self.months) for item in series], [_TEXTS["years"]]
        if factors:
            read, unlisted = self._read()
            lines += read
            notes += [_said("tables", tables="、".join(unlisted))] if unlisted else []
        heads = tuple(_TEXTS[key] for key in ("sheet", "of", "item", "unit"))
        tails = tuple(_TEXTS[key] for key in ("status", "origin", "evidence"))
        months = self.months if any(cell is not INAPPLICABLE for line in lines for cell in line.months) else ()
        lines = lines if months else [Line(line.leads, (), line.year, line.tails) for line in lines]
        about = (number, _TEXTS[name], _clause(number), heads, months, whole(self.months), tails)
        return FilledTable(*about, tuple(lines), (_TEXTS["ours"], *notes), axes=2)

    def _series(self) -> Iterator[tuple[_Series, bool]]:
        """The columns of each sheet by source, and whether they are factors: shares and what is per another unit."""
        for sheet, rows in self.operands[self.operands["sheet"] != ""].groupby("sheet", sort=False):
            data = self.run.ledger[str(sheet)]
            names = self._names(data)
            months = decoded(self.run, "month", data.codes["month"]) if "month" in data.codes else None
            found: dict[Hashable, tuple[_Series, bool]] = {}
            for row in rows.to_dict("records"):
                at, column = int(row["row"]) - 1, data.sheet.columns[str(row["column"])]
                key = (names[at]["zh"], column.name, row["unit"])
                if key not in found:
                    unit = _of(column, str(row["unit"]))
                    told: Bilingual = {language: unit_text(unit, language) for language in LANGUAGES}
                    leads = (data.sheet.label, names[at], column.label, told)
                    found[key] = _Series(leads, column.wide), _is_factor(str(row["unit"]))
                month = str(months[at]) if months is not None else ""
                _note(found[key][0], row, month)
            yield from found.values()

    def _names(self, data: SheetData) -> list[Bilingual]:
        """What tells the rows of a sheet apart besides the month."""
        axes = [axis for axis in data.sheet.axes if axis not in ("month", data.sheet.source_column)]
        columns = [decoded(self.run, axis, data.codes[axis]) for axis in axes]
        seen: dict[tuple[str, ...], Bilingual] = {}
        names = []
        for key in zip(*columns, strict=True) if columns else [()] * data.rows:
            if key not in seen:
                labels = [labelled(self.run, axis, str(text)) for axis, text in zip(axes, key, strict=True) if text]
                seen[key] = joined(labels, same(" / "))
            names.append(seen[key])
        return names

    def _read(self) -> tuple[list[Line], list[str]]:
        """The table cells and constants that equations read themselves; long tables by name alone."""
        rows = self.operands[self.operands["sheet"] == ""]
        counts = rows["table"].value_counts()
        unlisted = [str(name) for name, count in counts.items() if count > _MOST_CELLS]
        lines = []
        for row in rows[~rows["table"].isin(unlisted)].to_dict("records"):
            texts = ("", str(row["key"]), str(row["label"]), _unit(str(row["unit"])))
            series = _Series(tuple(map(same, texts)), adds_up=False)
            _note(series, row, "")
            lines.append(series.line(self.months))
        return lines, unlisted


def _note(series: _Series, row: Mapping[Hashable, Any], month: str) -> None:
    series.months.setdefault(month, []).append(float(row["value"]))
    series.status.setdefault(str(row["status"]))
    series.evidence.setdefault(str(row["evidence"]))
    cited = " ".join(filter(None, (str(row["document"]), str(row["default_clause"] or row["clause"]))))
    if origin := cited or str(row["table"]):
        series.origin.setdefault(origin)


def _of(column: Column, unit: str) -> Any:
    return next(item for item in column.units.values() if item.text == unit)


def _is_factor(unit: str) -> bool:
    return "/" in unit or unit in ("1", "%", "degC", "MPa")
