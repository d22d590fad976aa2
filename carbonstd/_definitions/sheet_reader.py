"""The sheets of a method file: columns of their kind as the method uses them, and those that classes are told by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonstd._definitions.method import KINDS, SUMS, Column, Sheet, Slot, Validity
from carbonstd._definitions.method_fields import optional
from carbonstd._definitions.schema import REQUIRED, Fields, Problems
from carbonstd._definitions.table import Key
from carbonstd._errors import CarbonstdError
from carbonstd._units import ONE, Unit
from carbonstd._yaml import Map

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library


class SheetReader:
    """Reads the sheets of one method; `shared` reads the file of a sheet's kind."""

    def __init__(
        self, problems: Problems, library: Library, slots: Mapping[str, Slot], shared: Callable[[str, str], Any]
    ) -> None:
        self.problems, self.library, self.slots, self.shared = problems, library, slots, shared

    def read(self, name: str, data: Map, names: Mapping[str, str] | None = None) -> Sheet | None:
        """A sheet as the method defines it over its kind; None where the kind is not to be had."""
        item = Fields(data, self.problems)
        kind = item.text("kind")
        try:
            base = self.shared("kinds", kind)
        except CarbonstdError as error:
            self.problems.adopt(error, item.line)
            return None
        fields = Fields(base, self.problems)
        label = item.bilingual("label", fields.bilingual("title"))
        canonical, own = fields.mapping("columns"), self._keys(item).merged(item.mapping("columns"))
        columns = {}
        for column, over in own.items():
            merged = canonical[column].merged(over) if column in canonical and isinstance(over, Map) else over
            if over is None and column in canonical:
                merged = canonical[column]
            columns[column] = self._column(column, Fields(merged, self.problems, own.lines[column]), names or {})
        sheet = Sheet(
            id=name,
            kind=kind,
            label=label,
            columns=columns,
            basis=optional(item, "basis", names),
            single=item.flag("single"),
            required=item.flag("required"),
            every_month=item.flag("every_month"),
            source_column="data_source" if "data_source" in columns else "",
            note=item.bilingual("note", {}),
            standing=_said(item if "standing" in item.data else fields),
            line=item.line,
        )
        item.done()
        if len({tuple(c.units) for c in columns.values() if c.by_basis}) > 1:
            self.problems.add("method-bases", item.line, sheet=name)
        return sheet

    def _keys(self, item: Fields) -> Map:
        """A column for each key of the tables in `keys:`, so that a class is told by the plant's own properties."""
        columns = Map(line=item.line)
        for slot in item.texts("keys"):
            if slot not in self.slots:
                self.problems.add("method-slot-unbound", item.at("keys"), slot=slot)
                continue
            held = self.slots[slot]
            for table in held.tables:
                for key in self._table_keys(table, item.at("keys")):
                    columns.setdefault(key.name, self._key_column(key, table, item.at("keys")))
                    columns.lines.setdefault(key.name, item.at("keys"))
        return columns

    def _table_keys(self, name: str, line: int) -> list[Key]:
        try:
            return list(self.library.table(name).keys.values())
        except CarbonstdError as error:
            self.problems.adopt(error, line)
            return []

    def _key_column(self, key: Key, table: str, line: int) -> Map:
        named = f"{table.partition('@')[0]}#{key.name}" if key.terms else key.vocabulary
        written: dict[str, Any] = {"label": Map(key.label, line)}
        if key.unit is not None:
            written["unit"] = key.unit.text
        else:
            written |= {"kind": "label"} | ({"vocabulary": named} if named else {})
        return Map(written, line)

    @staticmethod
    def _maxima(item: Fields, units: Mapping[str, Unit]) -> dict[str, Fraction]:
        """The bound of a column: one figure, or one for each basis that has any."""
        if not isinstance(written := item.raw("max", None), Map):
            found = item.number("max")
            return {} if found is None else dict.fromkeys(units, found)
        bounds = Fields(written, item.problems, item.at("max"))
        found_by_basis = {basis: bounds.number(basis) for basis in units}
        bounds.done()
        return {basis: bound for basis, bound in found_by_basis.items() if bound is not None}

    def _column(self, name: str, item: Fields, names: Mapping[str, str]) -> Column:
        kind = item.choice("kind", KINDS, "number")
        written = item.raw("unit", REQUIRED if kind == "number" else None)
        if isinstance(written, Map):
            units = {basis: item.as_unit(str(text), written.lines[basis]) for basis, text in sorted(written.items())}
        else:
            units = {"": item.as_unit(str(written), item.at("unit"))} if written is not None else {"": ONE}
        unbounded = item.data.get("min") == "none"
        minimum = item.raw("min") if unbounded else item.number("min", 0)
        column = Column(
            name=name,
            label=item.bilingual("label"),
            kind=kind,
            symbol=item.text("symbol", ""),
            units=units,
            basis=item.text("basis", ""),
            vocabulary=item.text("vocabulary", ""),
            required=item.flag("required"),
            needed=optional(item, "needed", names),
            default=optional(item, "default", names),
            default_clause=item.text("default_clause", ""),
            minimum=None if unbounded else minimum,
            maxima=self._maxima(item, units),
            wide=item.flag("wide"),
            help=item.bilingual("help", {}),
            aliases=item.texts("aliases"),
            identifier=item.flag("identifier"),
            certificate=item.flag("certificate"),
            not_after_period=item.flag("not_after_period"),
            validity=_validity(item),
            found_by=item.text("found_by", ""),
            below_one=item.flag("below_one"),
            within_period=item.flag("within_period"),
            expires=item.flag("expires"),
            dated=item.flag("dated"),
            summed=item.choice("sum", SUMS, ""),
            standing=_said(item),
            line=item.line,
        )
        item.done()
        return column


def _said(item: Fields) -> bool | None:
    return item.flag("standing") if "standing" in item.data else None


def _validity(item: Fields) -> Validity | None:
    if "validity" not in item.data:
        return None
    fields = Fields(item.raw("validity"), item.problems, item.at("validity"))
    months, until = fields.number("months", REQUIRED), fields.text("at_least_until")
    fields.done()
    return Validity(int(months or 0), until)
