"""A document's report forms as data: tables of rows, each filled by an expression among the names of a method.

`methods/shared/forms/<family>/<edition>.yaml` describes the forms of the method `<family>@<edition>`. A table has
parts; a part has rows and a block of them for each combination of the labels it runs over (`by: [unit, fuel]`). What a
row adds up is said once (`sum:`, and `over:` for a mean): its cells are that sum by month, and the year is the sum over
the year, so that no rounded month ever enters it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual, Fields, Problems
from carbonstd._errors import CarbonstdError, NotFoundError
from carbonstd._language import expression as ex
from carbonstd._units import ONE, Unit
from carbonstd._yaml import Items, Map, load_file

GAS_UNIT = "10⁴ m³"  # as this package prints it, for gas at the standard state
HEADS = ("name", "code", "industry", "period")  # of the head of a case
ROUNDINGS = ("half_even", "half_up")  # GB/T 8170; 四舍五入
STOCKS = ("opening", "closing")  # a stock is that of the first or of the last month; stocks are never added


@dataclass(frozen=True)
class FormRow:
    """A row: what its cells are the sum of, what that is divided by, and which rows of the ledger count.

    `year` stands in where the year is another equation than the months; a row that has `year` alone has no months.
    `needs` names sheets, with the labels they are looked at by: a month that one of them leaves out is missing in the
    row, and a quotient then has no year. `optional`: what the case does not hold is filled in by hand.
    `text` prints labels of the ledger, `head` something of the head of the case, `printed` what the document prints
    itself, by the first label of the block. A row that is none of these is filled in by hand. `units` has one unit, or
    one for each basis that rows may be measured on; `unit_text` is printed in its stead. `stock`: of several months the
    first or the last counts. `none`: the document has no such cell.
    """

    label: Bilingual
    code: str
    units: Mapping[str, Unit]
    digits: int | None
    sum: ex.Node | None
    over: ex.Node | None
    where: ex.Node | None
    year: ex.Node | None
    text: ex.Node | None
    head: str
    stock: str
    printed: Mapping[str, str]
    unit_text: str
    needs: Mapping[str, tuple[str, ...]]
    optional: bool
    none: bool
    line: int

    @property
    def by_hand(self) -> bool:
        return not (self.sum or self.year or self.text or self.head or self.printed or self.none)


@dataclass(frozen=True)
class FormPart:
    """Rows that are printed once for each combination of the labels `by` that occurs on `sheet` where `where` holds.

    The sheets `listed` name blocks too: one that `sheet` has nothing of is printed with what is missing. `group` is
    printed before the labels.
    """

    group: Bilingual
    rows: tuple[FormRow, ...]
    sheet: str
    by: tuple[str, ...]
    listed: tuple[str, ...]
    where: ex.Node | None
    line: int

    @property
    def by_basis(self) -> bool:
        """Whether units hang on the basis of the rows, so that there is a block for each."""
        return any(len(row.units) > 1 for row in self.rows)


@dataclass(frozen=True)
class FormTable:
    """A printed table: by month with the year, or (`months: false`) one column to fill. `tails` are filled by hand.

    `together`: the blocks of all parts whose first label is the same (those of one unit) stand together. `cumulative`:
    a month's cells are those from the beginning of the period. `across`: a block is one line, and its rows are columns,
    headed as those of the first part.
    """

    id: str
    title: Bilingual
    clause: str
    months: bool
    together: bool
    cumulative: bool
    across: bool
    parts: tuple[FormPart, ...]
    tails: tuple[Bilingual, ...]
    missing: Bilingual
    note: Bilingual


@dataclass(frozen=True)
class Form:
    """The report forms of one document. `missing` says what the document asks where a month has no data.

    A table whose data follow another rule has its own. `gas_unit` is what the document prints for 10⁴ m³ of gas.
    """

    title: Bilingual
    document: str
    clause: str
    evidence: str
    source: Bilingual
    rounding: str
    missing: Bilingual
    gas_unit: str
    tables: tuple[FormTable, ...]
    path: str


def form_of(method: str, library: Library) -> Form | None:
    """The form of a method `family@edition`; None where its own form is not held. Raises DefinitionError."""
    try:
        path = library.shared("forms", method.replace("@", "/"))
    except NotFoundError:
        return None
    return read_form(path)


def trees_of(form: Form) -> Iterator[tuple[str, ex.Node]]:
    """Every expression that fills a form, and the sheet it is seen from."""
    for part in (part for table in form.tables for part in table.parts):
        for row in part.rows:
            trees = (part.where, row.sum, row.over, row.where, row.year, row.text)
            yield from ((part.sheet, tree) for tree in trees if tree is not None)


def read_form(path: Path) -> Form:
    """Read a form. Raises DefinitionError with every fault of the file."""
    problems = Problems(str(path))
    return _Reader(Fields(load_file(path), problems), problems).form()


class _Reader:
    def __init__(self, fields: Fields, problems: Problems) -> None:
        self.fields, self.problems = fields, problems

    def form(self) -> Form:
        fields = self.fields
        form = Form(
            fields.bilingual("title"),
            fields.text("document"),
            fields.text("clause"),
            fields.choice("evidence", EVIDENCE),
            fields.bilingual("source"),
            fields.choice("rounding", ROUNDINGS, "half_even"),
            fields.bilingual("missing"),
            fields.text("gas_unit", GAS_UNIT),
            tuple(self._table(name, table) for name, table in fields.each("tables")),
            self.problems.path,
        )
        fields.done()
        self.problems.raise_any()
        return form

    def _table(self, name: str, fields: Fields) -> FormTable:
        table = FormTable(
            name,
            fields.bilingual("title"),
            fields.text("clause"),
            fields.flag("months", True),
            fields.flag("together"),
            fields.flag("cumulative"),
            fields.flag("across"),
            tuple(self._part(part) for part in self._each(fields, "parts")),
            tuple(item.bilingual("label") for item in self._each(fields, "tails")),
            fields.bilingual("missing", {}),
            fields.bilingual("note", {}),
        )
        fields.done()
        widths = {len(part.rows) for part in table.parts}
        if table.across and (table.months or table.tails or len(widths) > 1):
            self.problems.add("form-across", fields.line, table=name)
        return table

    def _part(self, fields: Fields) -> FormPart:
        part = FormPart(
            fields.bilingual("group", {}),
            tuple(self._row(row) for row in self._each(fields, "rows")),
            fields.text("sheet", ""),
            fields.texts("by"),
            fields.texts("listed"),
            self._tree(fields, "where"),
            fields.line,
        )
        fields.done()
        return part

    def _row(self, fields: Fields) -> FormRow:
        digits = fields.number("digits")
        row = FormRow(
            fields.bilingual("label"),
            fields.text("code", ""),
            self._units(fields),
            None if digits is None else int(digits),
            self._tree(fields, "sum"),
            self._tree(fields, "over"),
            self._tree(fields, "where"),
            self._tree(fields, "year"),
            self._tree(fields, "text"),
            fields.choice("head", HEADS, ""),
            fields.choice("stock", STOCKS, ""),
            {name: str(text) for name, text in fields.mapping("printed").items()},
            fields.text("unit_text", ""),
            self._needs(fields),
            fields.flag("optional"),
            fields.flag("none"),
            fields.line,
        )
        fields.done()
        return row

    def _units(self, fields: Fields) -> Mapping[str, Unit]:
        given = fields.raw("unit")
        if not isinstance(given, Map):
            return {"": ONE if given is None else fields.as_unit(str(given), fields.at("unit"))}
        return {basis: fields.as_unit(str(text), given.lines[basis]) for basis, text in sorted(given.items())}

    def _needs(self, fields: Fields) -> Mapping[str, tuple[str, ...]]:
        held = Fields(fields.mapping("needs"), self.problems, fields.at("needs"))
        return {sheet: held.texts(sheet) for sheet in held.data}

    def _tree(self, fields: Fields, name: str) -> ex.Node | None:
        text = fields.text(name, "")
        try:
            return ex.parse(text) if text else None
        except CarbonstdError as error:
            self.problems.adopt(error, fields.at(name))
            return None

    def _each(self, fields: Fields, name: str) -> list[Fields]:
        items: Items = fields.items(name)
        return [Fields(item, self.problems, items.lines[index]) for index, item in enumerate(items)]
