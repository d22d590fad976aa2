"""A form filled from a result: each cell the sum of its rows by block and month, the year from the unrounded rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from carbonstd._definitions.document import month_spans
from carbonstd._definitions.schema import Bilingual, joined, same
from carbonstd._errors import DefinitionError
from carbonstd._findings import Finding, finding
from carbonstd._forms.compile import compile_form
from carbonstd._forms.filled import (
    BY_HAND,
    INAPPLICABLE,
    MISSING,
    Cell,
    FilledForm,
    FilledTable,
    Line,
    State,
    number_cell,
)
from carbonstd._forms.forms import GAS_UNIT, Form, FormPart, FormRow, FormTable
from carbonstd._forms.sums import Key, RowSums, merged
from carbonstd._language import expression as ex
from carbonstd._number import round_gbt_8170, round_half_up
from carbonstd._result.result import Result
from carbonstd._trace.trace import labelled
from carbonstd._units import Unit, unit_text

_NONE: Bilingual = {"zh": "", "en": ""}
YEAR: Bilingual = {"zh": "全年", "en": "Year"}
_PERIOD: Bilingual = {"zh": "报告期合计", "en": "Period"}
_ROUNDING: Bilingual = {
    "zh": "末列按未修约的各月数值计算；以下各行各月修约值之和与末列不等，系修约所致：",
    "en": "The last column is computed from unrounded months; printed months that add up otherwise differ by rounding:",
}
_APART: Bilingual = {"zh": "{about} 各月之和 {sum}，末列 {year}", "en": "{about}: months {sum}, last column {year}"}
_HEADS: Mapping[str, Bilingual] = {
    "group": {"zh": "类别", "en": "Group"},
    "code": {"zh": "数据编码", "en": "Code"},
    "label": {"zh": "信息项", "en": "Item"},
    "unit": {"zh": "单位", "en": "Unit"},
    "filled": {"zh": "填报内容", "en": "Entry"},
}
_AFTER_AXES, _ACROSS = ("code", "label", "unit"), ("unit",)


def fill_form(form: Form, result: Result) -> FilledForm:
    """The form of a result. Raises DefinitionError where the form does not fit the method."""
    return _Filler(form, result).filled()


class _Filler:
    def __init__(self, form: Form, result: Result) -> None:
        self.form, self.result, self.run = form, result, result._run
        tables = {slot: segments[-1].table for slot, segments in self.run.segments.items()}
        self.fillings, faults = compile_form(form, result.method, self.run.library, tables)
        if faults:
            raise DefinitionError(findings=faults)
        self.months = tuple(result.case.period.months())
        self.findings: list[Finding] = []
        self.sums = RowSums(self.run, self.fillings, self.months)

    def filled(self) -> FilledForm:
        form = self.form
        tables = tuple(self._table(table) for table in form.tables)
        self.sums.close()
        about = (form.title, form.document, same(form.clause), form.evidence, form.source, form.missing)
        return FilledForm(*about, self.result, tables, tuple(self.findings))

    def _table(self, table: FormTable) -> FilledTable:
        axes = tuple(dict.fromkeys(axis for part in table.parts for axis in part.by))
        blocks = [
            _Block(self, table, part, key, held) for part in table.parts for key, held in self.sums.keys(part).items()
        ]
        if table.together:
            order = {block.first: rank for rank, block in reversed(list(enumerate(blocks)))}
            blocks.sort(key=lambda block: order[block.first])
        lines: list[Line] = []
        apart: list[Bilingual] = []
        notes = [table.note] if table.note else []
        for block in blocks:
            if table.across:
                lines.append(block.across(axes))
                continue
            filled = list(block.lines(axes))
            lines += [line for _, line in filled]
            apart += self._judge(table, block, filled)
        notes += [joined([_ROUNDING, joined(apart, {"zh": "；", "en": "; "})], same(" "))] if apart else []
        labels = [self._axis_label(axis, table) for axis in axes]
        heads = (_HEADS["group"], *labels, *(_HEADS[name] for name in (_ACROSS if table.across else _AFTER_AXES)))
        months, last = (self.months, whole(self.months)) if table.months else ((), _HEADS["filled"])
        if table.cumulative:
            last = _PERIOD
        columns = tuple(
            joined([*([same(row.code)] if row.code else []), row.label], same(" ")) for row in table.parts[0].rows
        )
        tails = columns if table.across else table.tails
        about = (table.id, table.title, table.clause, heads, months, {} if table.across else last, tails)
        return FilledTable(*about, tuple(lines), tuple(notes), len(axes) + 1).without_blanks()

    def _axis_label(self, axis: str, table: FormTable) -> Bilingual:
        """What the parts of a table call an axis: coal and fuel may share a column."""
        sheets = [self.result.method.sheets[part.sheet] for part in table.parts if axis in part.by]
        labels = {sheet.columns[axis].label["zh"]: sheet.columns[axis].label for sheet in sheets}
        return joined(labels.values(), {"zh": "/", "en": " / "})

    def _judge(self, table: FormTable, block: _Block, filled: Sequence[tuple[FormRow, Line]]) -> Iterator[Bilingual]:
        """Months without data are a finding of the block; a year that is not the sum of what is printed gets a note."""
        absent: dict[tuple[str, str], list[Bilingual]] = {}
        for row, line in filled:
            if row.sum is None or not line.months:
                continue
            gone = [month for month, cell in zip(self.months, line.months, strict=True) if cell is MISSING]
            if gone:
                undated = len(gone) == len(self.months) and line.year is not MISSING
                code = "form-without-months" if undated else "form-month-missing"
                name = same(row.code) if row.code else row.label
                absent.setdefault((code, month_spans(gone)), []).append(name)
            if not (table.cumulative or row.stock):  # these months do not add up to the year
                yield from self._rounding(row, line, table.clause, block)
        rule = table.missing or self.form.missing
        for (code, months), labels in absent.items():
            values = {"months": months, "block": block.name, "rows": joined(labels), "rule": rule}
            self.findings.append(finding(code, table.clause, **values))

    def _rounding(self, row: FormRow, line: Line, clause: str, block: _Block) -> Iterator[Bilingual]:
        """A note where the printed months and the year differ by rounding; by more than that is a finding."""
        printed = [cell.number for cell in line.months if cell.number is not None]
        if row.over is not None or line.year.number is None or row.digits is None or not printed:
            return
        apart, half = abs(sum(printed) - line.year.number), Decimal(5).scaleb(-row.digits - 1)
        about = joined([block.name, row.label], same(" "))
        values = {"sum": f"{sum(printed):,}", "year": f"{line.year.number:,}"}
        if apart > half * (len(printed) + 1):
            self.findings.append(finding("form-year-apart", clause, rows=about, **values))
        elif apart:
            yield {key: _APART[key].format(about=about[key].strip(), **values) for key in ("zh", "en")}

    def reported(self, year: ex.Node) -> bool:
        """Whether the result reports any of the equations of a year: what nobody reported is no zero."""
        below = set(year.names()) & self.result.method.equations.keys()
        return not below or any(map(self.result.rests_on_rows, below))

    def rounded(self, value: float, row: FormRow) -> Cell:
        return number_cell(value, row.digits, round_half_up if self.form.rounding == "half_up" else round_gbt_8170)

    def head(self, name: str) -> Cell:
        case = self.result.case
        value = str(case.period) if name == "period" else case.entity.get(name, "")
        text = value if isinstance(value, Mapping) else {"zh": str(value), "en": str(value)}
        return Cell(State.GIVEN, text=text) if any(text.values()) else BY_HAND


class _Block:
    """The rows of a part for one combination of labels; `held` unless other sheets alone list it."""

    def __init__(self, filler: _Filler, table: FormTable, part: FormPart, key: Key, held: bool) -> None:
        self.filler, self.table, self.part, self.key, self.held = filler, table, part, key, held
        self.labels = {axis: labelled(filler.run, axis, text) for axis, text in zip(part.by, key, strict=False)}
        self.first = key[:1]

    @property
    def name(self) -> Bilingual:
        return joined(self.labels.values(), {"zh": " / ", "en": " / "})

    def lines(self, axes: Sequence[str]) -> Iterator[tuple[FormRow, Line]]:
        """The lines of the block; `axes` are what the table tells its blocks apart by."""
        tails = (BY_HAND,) * len(self.table.tails)
        for row in self.part.rows:
            leads = (*self._leads(axes), same(row.code), row.label, same(self._unit_text(row)))
            yield row, Line(leads, self._months(row), self._year(row), tails)

    def across(self, axes: Sequence[str]) -> Line:
        """The block as one line; its unit that of its first row that has one; a line of equations has one or none."""
        units = list(filter(None, map(self._unit_text, self.part.rows)))
        unit = units[0] if units and (self.part.sheet or len(set(units)) == 1) else ""
        return Line((*self._leads(axes), same(unit)), (), INAPPLICABLE, tuple(map(self._year, self.part.rows)))

    def _leads(self, axes: Sequence[str]) -> tuple[Bilingual, ...]:
        return (self.part.group or _NONE, *(self.labels.get(axis, _NONE) for axis in axes))

    def _unit_text(self, row: FormRow) -> str:
        return row.unit_text or unit_text(self._unit(row)).replace(GAS_UNIT, self.filler.form.gas_unit)

    def lacking(self, row: FormRow) -> set[str]:
        return self.filler.sums.lacking(row, self.part, self.key)

    def _unit(self, row: FormRow) -> Unit:
        """The unit of a row, which may hang on the basis its rows are measured on."""
        basis = self.key[-1]
        return row.units[basis] if basis in row.units else next(iter(row.units.values()))

    def _months(self, row: FormRow) -> tuple[Cell, ...]:
        if not self.table.months:
            return ()
        if row.by_hand:
            return (BY_HAND,) * len(self.filler.months)
        if row.sum is None and row.text is None:
            return (INAPPLICABLE,) * len(self.filler.months)
        gone, months = self.lacking(row), self.filler.months
        spans = [self._span(row, months[: at + 1]) for at in range(len(months))]
        return tuple(MISSING if gone & set(span) else self._cell(row, span) for span in spans)

    def _span(self, row: FormRow, months: Sequence[str]) -> Sequence[str]:
        """The months whose rows the cell of the last of them adds up; an opening stock is that of the beginning."""
        if not self.table.cumulative or row.stock == "closing":
            return months[-1:]
        return ("",) if row.stock == "opening" else months

    def _year(self, row: FormRow) -> Cell:
        if row.head:
            return self.filler.head(row.head)
        if self.key[0] in row.printed:
            return Cell(State.GIVEN, text=same(row.printed[self.key[0]]))
        if row.by_hand:
            return BY_HAND
        if row.none:
            return INAPPLICABLE
        filling = self.filler.fillings[id(row)]
        if row.over is not None and self.lacking(row):
            return MISSING  # a quotient of unequal months
        if filling.year is not None:
            value = self.filler.sums.year(filling.year, self.part.by, self.key)
            if value is None:
                return BY_HAND if row.optional else INAPPLICABLE
            if not self.filler.reported(filling.year):
                return BY_HAND if row.optional else MISSING
            return self.filler.rounded(value, row)
        if row.text is not None and self.table.months:
            return INAPPLICABLE
        cell = self._cell(row, ("",))
        return BY_HAND if cell is MISSING and not self.table.months else cell

    def _cell(self, row: FormRow, months: Sequence[str]) -> Cell:
        """No row at all: missing, or nothing of the kind where the block has none in any month."""
        filling = self.filler.fillings[id(row)]
        if not self.held and (filling.sheet == self.part.sheet or row.over is not None):
            return BY_HAND if row.optional else MISSING
        sums = self.filler.sums.of(row, self.part)
        held = [sums[self.key, month] for month in months if (self.key, month) in sums]
        found = merged(held)
        if not held and row.optional:
            return BY_HAND
        if found is None or len(held) < len(months):
            return MISSING if (self.key, "") in sums else INAPPLICABLE
        if not found.counted:
            return BY_HAND if row.optional else INAPPLICABLE
        if row.text is not None:
            return Cell(State.GIVEN, text=joined(found.texts.values())) if found.texts else MISSING
        if row.over is not None and found.divisor == 0:
            return INAPPLICABLE
        value = found.number / (found.divisor if row.over is not None else 1.0)
        return self.filler.rounded(value * filling.factor(self.key[-1]), row)


def whole(months: Sequence[str]) -> Bilingual:
    """The head of the column behind the months: the year where they are all of one, else the period."""
    return YEAR if len(months) == 12 and months[0].endswith("-01") else _PERIOD
