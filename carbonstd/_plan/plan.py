"""The data quality control plan of a method: its items, which follow from the method, and a plan as it was filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._findings import Finding
from carbonstd._language import expression as ex
from carbonstd._plan.requirements import FREQUENCIES as _ORDER
from carbonstd._plan.requirements import Requirement

WAYS, FREQUENCIES = "plan_ways", "plan_frequencies"  # vocabularies
# Kinds of sheets that hold the readings and bills behind a quantity, which is a parameter of a sheet of its own.
_RECORDS = frozenset(("energy_meters", "energy_invoices"))


@dataclass(frozen=True)
class Item:
    """A parameter of the plan: a column of numbers of one sheet. `tables` are those its default is looked up in."""

    sheet: Sheet
    column: Column
    requirement: Requirement | None = None
    tables: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.sheet.id}.{self.column.name}"

    @property
    def has_default(self) -> bool:
        """Whether a default stands in where it is not found; else it must be."""
        return self.column.default is not None

    @property
    def source_column(self) -> str:
        """The column in which a case says how it was found; empty where there is none."""
        return self.sheet.found_by(self.column.name)

    @property
    def sources(self) -> str:
        """The vocabulary of that column: how the parameter may be found."""
        return self.sheet.columns[self.source_column].vocabulary if self.source_column else ""

    @property
    def frequency(self) -> str:
        """How often it is found at least, a term of `plan_frequencies`: as asked, else as the sheet is reported."""
        asked = self.requirement.frequency if self.requirement else ""
        return asked or ("month" if self.sheet.monthly else "")


def plan_items(method: Method) -> tuple[Item, ...]:
    """Every parameter of a method's plan, in the order of its sheets."""
    return tuple(
        Item(sheet, column, method.plan.get(f"{sheet.id}.{column.name}"), _tables(column.default, method))
        for sheet in method.sheets.values()
        if sheet.kind not in _RECORDS
        for column in sheet.columns.values()
        if column.kind == "number"
    )


def _tables(default: ex.Node | None, method: Method) -> tuple[str, ...]:
    looked_up = (node for node in default.walk() if isinstance(node, ex.Lookup)) if default is not None else ()
    return tuple(dict.fromkeys(table for node in looked_up for table in method.slots[node.table].tables))


@dataclass(frozen=True)
class Version:
    """An entry of the plan's record of revisions."""

    number: str
    day: date | None
    place: str


@dataclass(frozen=True)
class Planned:
    """A row of a filled plan: how one parameter is found, for all of it or for a `scope` such as one fuel.

    `cells` holds what was typed by field, drop-downs as the key of their term; `places` the cell of each field.
    """

    item: Item
    cells: Mapping[str, str]
    places: Mapping[str, str]

    @property
    def scope(self) -> str:
        return self.cells.get("scope", "")

    @property
    def way(self) -> str:
        """How it is found, a term of `plan_ways`; empty where the plan leaves it blank."""
        return self.cells.get("way", "")

    @property
    def source(self) -> str:
        return self.cells.get("source", "")

    @property
    def frequency(self) -> str:
        """How often it is recorded, else measured: a term of `plan_frequencies`."""
        return self.cells.get("recording") or self.cells.get("frequency", "")

    def too_seldom(self) -> str:
        """The field whose frequency is below the one asked; empty where none is, or none is asked.

        Records may add up to a month what is measured more often.
        """
        asked = self.item.requirement.frequency if self.item.requirement else ""
        if asked and self.way != "default":
            for name, least in (("frequency", asked), ("recording", max(asked, "month", key=_ORDER.index))):
                if (planned := self.cells.get(name)) and _ORDER.index(planned) > _ORDER.index(least):
                    return name
        return ""


@dataclass(frozen=True)
class Plan:
    """A data quality control plan as it was filled. `findings` are notes and warnings made while reading."""

    method: Method
    rows: tuple[Planned, ...]
    versions: tuple[Version, ...] = ()
    entity: Mapping[str, str] = field(default_factory=dict)
    place: str = ""  # the sheet that names method and entity
    findings: tuple[Finding, ...] = ()
