"""A form filled from a result: each cell the sum of its rows by block and month, the year from the unrounded rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from carbonstd import _expression as ex
from carbonstd._arithmetic import FALSE
from carbonstd._document import month_spans
from carbonstd._errors import DefinitionError
from carbonstd._evaluate import Array, evaluate, over
from carbonstd._findings import Finding, finding
from carbonstd._forms import Form, FormPart, FormRow, FormTable
from carbonstd._forms_compile import Filling, compile_form
from carbonstd._forms_filled import BY_HAND, INAPPLICABLE, MISSING, Cell, FilledForm, FilledTable, Line, State
from carbonstd._number import round_gbt_8170, round_half_up
from carbonstd._result import Result
from carbonstd._schema import Bilingual
from carbonstd._trace import decoded, labelled
from carbonstd._units import Unit, unit_text
from carbonstd._within import Within

_WHAT = "report form"  # what look-ups are recorded under while a form is filled
_NONE: Bilingual = {"zh": "", "en": ""}
_COMMA: Bilingual = {"zh": "、", "en": ", "}
YEAR: Bilingual = {"zh": "全年", "en": "Year"}
_ROUNDING: Bilingual = {
    "zh": "全年按未修约的各月数值计算；以下各行各月修约值之和与全年不等，系修约所致：",
    "en": "The year is computed from unrounded months; printed months that add up otherwise differ by rounding:",
}
_APART: Bilingual = {"zh": "{about} 各月之和 {sum}，全年 {year}", "en": "{about}: months {sum}, year {year}"}
_HEADS: Mapping[str, Bilingual] = {
    "code": {"zh": "数据编码", "en": "Code"},
    "label": {"zh": "信息项", "en": "Item"},
    "unit": {"zh": "单位", "en": "Unit"},
    "filled": {"zh": "填报内容", "en": "Entry"},
}
_AFTER_AXES = ("code", "label", "unit")
Key = tuple[str, ...]


def fill_form(form: Form, result: Result) -> FilledForm:
    """The form of a result. Raises DefinitionError where the form does not fit the method."""
    return _Filler(form, result).filled()


@dataclass
class _Sums:
    """What the rows of one cell add up to; `counted` tells whether any row counts, `texts` the labels met."""

    number: float = 0.0
    divisor: float = 0.0
    counted: bool = False
    texts: dict[str, Bilingual] = field(default_factory=dict)


class _Filler:
    def __init__(self, form: Form, result: Result) -> None:
        self.form, self.result, self.run = form, result, result._run
        tables = {slot: segments[-1].table for slot, segments in self.run.segments.items()}
        self.fillings, faults = compile_form(form, result.method, self.run.library, tables)
        if faults:
            raise DefinitionError(findings=faults)
        self.months = tuple(result.case.period.months())
        self.findings: list[Finding] = []
        self._sums: dict[int, dict[tuple[Key, str], _Sums]] = {}  # by the identity of the row

    def filled(self) -> FilledForm:
        form = self.form
        tables = tuple(self._table(table) for table in form.tables)
        self.run.usages.pop(_WHAT, None)
        about = (form.title, form.document, same(form.clause), form.evidence, form.source, form.missing)
        return FilledForm(*about, self.result, tables, tuple(self.findings))

    def _table(self, table: FormTable) -> FilledTable:
        axes = tuple(dict.fromkeys(axis for part in table.parts for axis in part.by))
        blocks = [block for part in table.parts for block in self._blocks(table, part)]
        if table.together:
            order = {block.first: rank for rank, block in reversed(list(enumerate(blocks)))}
            blocks.sort(key=lambda block: order[block.first])
        lines: list[Line] = []
        apart: list[Bilingual] = []
        notes = [table.note] if table.note else []
        for block in blocks:
            filled = list(block.lines(axes))
            lines += [line for _, line in filled]
            apart += self._judge(table, block, filled)
        notes += [joined([_ROUNDING, joined(apart, {"zh": "；", "en": "; "})], same(" "))] if apart else []
        heads = (*(self._axis_label(axis, table) for axis in axes), *(_HEADS[name] for name in _AFTER_AXES))
        months, last = (self.months, YEAR) if table.months else ((), _HEADS["filled"])
        about = (table.id, table.title, table.clause, heads, months, last, table.tails)
        return FilledTable(*about, tuple(lines), tuple(notes)).without_blanks()

    def _blocks(self, table: FormTable, part: FormPart) -> Iterator[_Block]:
        """A block for each combination of labels that occurs on the part's sheet; one where it runs over none."""
        if not part.by:
            yield _Block(self, table, part, ())
            return
        data = self.run.ledger[part.sheet]
        columns = [decoded(self.run, axis, data.codes[axis]) for axis in part.by]
        keys = [tuple(map(str, key)) for key in dict.fromkeys(zip(*columns, strict=True))]
        firsts = list(dict.fromkeys(key[0] for key in keys))
        for key in sorted(keys, key=lambda key: firsts.index(key[0])):
            yield _Block(self, table, part, key)

    def _axis_label(self, axis: str, table: FormTable) -> Bilingual:
        """What the parts of a table call an axis: coal and fuel may share a column."""
        sheets = [self.result.method.sheets[part.sheet] for part in table.parts if axis in part.by]
        labels = {sheet.columns[axis].label["zh"]: sheet.columns[axis].label for sheet in sheets}
        return joined(labels.values(), {"zh": "/", "en": " / "})

    def _judge(self, table: FormTable, block: _Block, filled: Sequence[tuple[FormRow, Line]]) -> Iterator[Bilingual]:
        """Months without data are a finding of the block; a year that is not the sum of what is printed gets a note."""
        absent: dict[str, list[Bilingual]] = {}
        for row, line in filled:
            if row.sum is None or not line.months:
                continue
            gone = [month for month, cell in zip(self.months, line.months, strict=True) if cell is MISSING]
            if gone:
                name = same(row.code) if row.code else row.label
                absent.setdefault("" if len(gone) == len(self.months) else month_spans(gone), []).append(name)
            yield from self._rounding(row, line, table.clause, block)
        for months, labels in absent.items():
            code = "form-month-missing" if months else "form-without-months"
            values = {"months": months, "block": block.name, "rows": joined(labels), "rule": self.form.missing}
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

    def rounded(self, value: float, row: FormRow) -> Cell:
        if not math.isfinite(value):
            return MISSING
        if row.digits is None:
            return Cell(State.GIVEN, exact=value)
        way = round_half_up if self.form.rounding == "half_up" else round_gbt_8170
        return Cell(State.GIVEN, way(value, row.digits), value)

    def head(self, name: str) -> Cell:
        case = self.result.case
        value = str(case.period) if name == "period" else case.entity.get(name, "")
        text = value if isinstance(value, Mapping) else {"zh": str(value), "en": str(value)}
        return Cell(State.GIVEN, text=text) if any(text.values()) else BY_HAND

    def sums(self, row: FormRow, part: FormPart) -> dict[tuple[Key, str], _Sums]:
        """The sums of a row by block and month, and by block alone (month empty) for the year."""
        if id(row) not in self._sums:
            self._sums[id(row)] = self._added(self.fillings[id(row)], part)
        return self._sums[id(row)]

    def _added(self, filling: Filling, part: FormPart) -> dict[tuple[Key, str], _Sums]:
        within = Within(self.run, part.sheet, _WHAT)
        trees = {"number": filling.sum, "divisor": filling.over, "where": filling.where, "text": filling.text}
        held = {name: evaluate(tree, within) for name, tree in trees.items() if tree is not None}
        aligned, model = over(within, *held.values())
        count = len(next(iter(self._codes(model, ("month", *part.by)).values()), model.data))
        values = {name: np.broadcast_to(data, (count,)) for name, data in zip(held, aligned, strict=True)}
        labels = {axis: decoded(self.run, axis, codes) for axis, codes in self._codes(model, part.by).items()}
        months = self._codes(model, ("month",)).get("month")
        names = decoded(self.run, "month", months) if months is not None else np.full(count, "", dtype=object)
        found: dict[tuple[Key, str], _Sums] = {}
        for at in range(count):
            key = tuple(str(labels[axis][at]) for axis in part.by)
            for month in dict.fromkeys(("", str(names[at]))):
                sums = found.setdefault((key, month), _Sums())
                if "where" not in values or values["where"][at] != FALSE:
                    sums.counted = True
                    sums.number += float(values["number"][at]) if "number" in values else 0.0
                    sums.divisor += float(values["divisor"][at]) if "divisor" in values else 0.0
                    if "text" in values and values["text"][at] >= 0:
                        self._meet(sums, held["text"], int(values["text"][at]))
        return found

    def _meet(self, sums: _Sums, array: Array, code: int) -> None:
        axis = str(array.labels)
        text = str(self.run.axes.labels[axis][code])
        sums.texts.setdefault(text, labelled(self.run, axis, text))

    def _codes(self, model: Array, axes: Sequence[str]) -> dict[str, np.ndarray]:
        """The codes of each of the axes that an array has."""
        frame = model.frame
        if frame.sheet:
            held = self.run.ledger[frame.sheet].codes
            return {axis: held[axis] for axis in axes if axis in held}
        if not frame.axes or model.keys is None:
            return {}
        codes = self.run.axes.unravel(frame.axes, model.keys)
        return {axis: codes[axis] for axis in axes if axis in codes}

    def year(self, tree: ex.Node, by: Key, key: Key) -> float | None:
        """The figure of an equation of the year for one block; None where it has nothing to do with that block."""
        array = evaluate(tree, Within(self.run, "", _WHAT))
        if array.frame.scalar or array.keys is None:
            return float(array.data[0])
        for at, code in enumerate(array.keys):
            labels = dict(zip(array.frame.axes, self.run.axes.named(array.frame.axes, int(code)), strict=True))
            if tuple(labels[axis] for axis in by) == key:
                return float(array.data[at])
        return None


class _Block:
    """The rows of a part for one combination of labels."""

    def __init__(self, filler: _Filler, table: FormTable, part: FormPart, key: Key) -> None:
        self.filler, self.table, self.part, self.key = filler, table, part, key
        self.labels = {axis: labelled(filler.run, axis, text) for axis, text in zip(part.by, key, strict=True)}
        self.first = key[:1]

    @property
    def name(self) -> Bilingual:
        return joined(self.labels.values(), {"zh": " / ", "en": " / "})

    def lines(self, axes: Sequence[str]) -> Iterator[tuple[FormRow, Line]]:
        """The lines of the block; `axes` are what the table tells its blocks apart by."""
        tails = (BY_HAND,) * len(self.table.tails)
        for row in self.part.rows:
            unit = unit_text(self._unit(row))
            leads = (*(self.labels.get(axis, _NONE) for axis in axes), same(row.code), row.label, same(unit))
            yield row, Line(leads, self._months(row), self._year(row), tails)

    def _unit(self, row: FormRow) -> Unit:
        """The unit of a row, which may hang on the basis its rows are measured on."""
        data = self.filler.run.ledger.get(self.part.sheet)
        if len(row.units) == 1 or data is None or data.basis is None:
            return next(iter(row.units.values()))
        columns = [decoded(self.filler.run, axis, data.codes[axis]) for axis in self.part.by]
        at = next(at for at, key in enumerate(zip(*columns, strict=True)) if key == self.key)
        return row.units[data.sheet.bases[int(data.basis[at])]]

    def _months(self, row: FormRow) -> tuple[Cell, ...]:
        if not self.table.months:
            return ()
        if row.by_hand:
            return (BY_HAND,) * len(self.filler.months)
        if row.sum is None and row.text is None:
            return (INAPPLICABLE,) * len(self.filler.months)
        return tuple(self._cell(row, month) for month in self.filler.months)

    def _year(self, row: FormRow) -> Cell:
        if row.head:
            return self.filler.head(row.head)
        if row.by_hand:
            return BY_HAND
        filling = self.filler.fillings[id(row)]
        if filling.year is not None:
            value = self.filler.year(filling.year, self.part.by, self.key)
            return INAPPLICABLE if value is None else self.filler.rounded(value, row)
        if row.text is not None and self.table.months:
            return INAPPLICABLE
        cell = self._cell(row, "")
        return BY_HAND if cell is MISSING and not self.table.months else cell

    def _cell(self, row: FormRow, month: str) -> Cell:
        """No row at all: missing, or nothing of the kind where the block has none in any month."""
        sums = self.filler.sums(row, self.part)
        found = sums.get((self.key, month))
        if found is None:
            return MISSING if (self.key, "") in sums else INAPPLICABLE
        if not found.counted:
            return INAPPLICABLE
        if row.text is not None:
            return Cell(State.GIVEN, text=joined(found.texts.values())) if found.texts else MISSING
        if row.over is not None and found.divisor == 0:
            return INAPPLICABLE
        value = found.number / (found.divisor if row.over is not None else 1.0)
        return self.filler.rounded(value * self.filler.fillings[id(row)].factor, row)


def joined(texts: Iterable[Bilingual], by: Bilingual = _COMMA) -> Bilingual:
    held = list(texts)
    return {key: by[key].join(text[key] for text in held) for key in ("zh", "en")}


def same(text: str) -> Bilingual:
    return {"zh": text, "en": text}
