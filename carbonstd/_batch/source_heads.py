"""The heads of entities: from the table `entities`, a row each, and from columns of the ledger that say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from carbonstd._batch.cells import cells_of
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head
from carbonstd._batch.source_base import is_roster
from carbonstd._batch.source_csv import CELLS
from carbonstd._batch.source_names import Rows
from carbonstd._case.case import Case, StandIn, make_case
from carbonstd._case.cells import as_text, blank, day_of, day_or_month
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._joint.joint import names_in
from carbonstd._workbook.layout import folded, head_field
from carbonstd._yaml import Items

SAID = ("method", "also", "period", "as_of")  # columns of a ledger that say the head of a case
_NAMES = {folded(name): "entity.name.zh" for name in ("name", "名称", "企业名称", "单位名称")}
_NAME = "entity.name."
Said = Mapping[str, Sequence[tuple[Any, str]]]  # of one entity, by field: what was said and where


def heads_of(keys: Sequence[str], sheets: Mapping[str, Rows], job: Job, listed: bool) -> list[Head]:
    """The heads of the entities of a chunk; `listed` says that each should have a row in the list of entities."""
    rows: dict[int, list[tuple[Mapping[str, Any], str]]] = defaultdict(list)
    said: dict[int, dict[str, list[tuple[Any, str]]]] = defaultdict(lambda: defaultdict(list))
    first: dict[int, str] = {}
    wrong: dict[int, list[Finding]] = defaultdict(list)
    for title, held in sheets.items():
        if is_roster(title):
            for row, (owner, cells) in enumerate(zip(held.owners.tolist(), held.table.to_pylist(), strict=True)):
                rows[owner].append((cells, held.place("", row)))
        else:
            _said(held, said)
        for row in np.flatnonzero(np.diff(held.owners, prepend=-1)).tolist():
            owner = int(held.owners[row])
            first.setdefault(owner, held.place("", row))
            if not title:
                wrong[owner].append(finding("row-without-sheet", held.place("", row)))
        for row, found in _broken(held):
            wrong[int(held.owners[row])].append(found)
    heads = Heads(job, listed)
    return [
        heads.head(key, rows[index], said[index], first.get(index, ""), wrong[index]) for index, key in enumerate(keys)
    ]


def _said(held: Rows, said: Mapping[int, Mapping[str, list[tuple[Any, str]]]]) -> None:
    """What the columns of a ledger say of the head of each entity, each different cell once."""
    for name in SAID:
        if name in held.table.column_names:
            cells = cells_of(held.table[name], set())
            pairs = held.owners * (len(cells.categories) + 1) + cells.codes + 1
            for row in np.sort(np.unique(pairs, return_index=True)[1]).tolist():
                said[int(held.owners[row])][name].append((cells[row], held.place(name, row)))


def _broken(held: Rows) -> Iterator[tuple[int, Finding]]:
    """Rows of a CSV with more or fewer cells than its header: which cell is which nobody can say."""
    if CELLS in held.table.column_names:
        for row, told in enumerate(held.table[CELLS].to_pylist()):
            if told is not None:
                found, expected = told.split("/")
                yield row, finding("csv-row-length", held.place("", row), found=found, expected=expected)


class Heads:
    """Makes the heads of a chunk. What many entities share - method, period, day - is read once."""

    def __init__(self, job: Job, roster: bool) -> None:
        self.stand_in, self.roster = job.stand_in, roster
        self.known: dict[tuple[str, ...], Case | CaseError] = {}

    def head(
        self, key: str, rows: Sequence[tuple[Mapping[str, Any], str]], said: Said, first: str, wrong: Sequence[Finding]
    ) -> Head:
        """The head of one entity: its rows in `entities`, each with its place, and what the ledger says.

        `first` is the place of its first row of all, `wrong` what is wrong with its rows.
        """
        place = rows[0][1] if rows else first
        findings = [*wrong]
        if not key:
            findings.append(finding("entity-blank", place))
        elif len(rows) > 1:
            findings.append(finding("entity-twice", place, entity=key, places=", ".join(item for _, item in rows)))
        elif self.roster and not rows:
            findings.append(finding("entity-unlisted", place, entity=key))
        fields = _read(rows[0][0] if rows else {})
        groups = {label: value for name, value in fields.items() if (label := _label(name))}
        differing = self._complete(fields, said)
        if key and (rows or not self.roster):  # of others no head is to be had
            findings += differing
            try:
                case = self._case(fields, place)
            except CaseError as error:
                findings += [replace(item, place=place) for item in error.findings]
        if findings:
            return Head(key, None, groups, tuple(findings), self._told(fields))
        names = {part: fields.get(f"{_NAME}{part}") or fields.get(f"{_NAME}zh") or key for part in ("zh", "en")}
        entity = {"name": names} | {
            name.removeprefix("entity."): value
            for name, value in fields.items()
            if name.startswith("entity.") and not name.startswith(_NAME)
        }
        return Head(key, replace(case, entity=entity, findings=[], path=place), groups)

    def _told(self, fields: Mapping[str, str]) -> dict[str, str]:
        """What is known of an entity that is refused."""
        name = fields.get(f"{_NAME}zh") or fields.get(f"{_NAME}en", "")
        return {"period": self.stand_in.period, "name": name, **{part: fields[part] for part in SAID if part in fields}}

    @staticmethod
    def _complete(fields: dict[str, str], said: Said) -> list[Finding]:
        """Take what the ledger says of the head; where it says two things none is right."""
        findings = []
        for name, cells in said.items():
            texts = {_text(name, cell): place for cell, place in cells if not blank(cell)}
            if name in fields:
                texts.setdefault(fields[name], "entities")
            if len(texts) > 1:
                told = ", ".join(f"{text} ({place})" for text, place in texts.items())
                findings.append(finding("entity-head-differs", next(iter(texts.values())), field=name, found=told))
            elif texts:
                fields[name] = next(iter(texts))
        return findings

    def _case(self, fields: Mapping[str, str], place: str) -> Case:
        key = tuple(fields.get(name, "") for name in SAID)
        if key not in self.known:
            self.known[key] = _made(key, place, self.stand_in)
        found = self.known[key]
        if isinstance(found, CaseError):
            raise found
        return found


def _made(key: tuple[str, ...], place: str, stand_in: StandIn) -> Case | CaseError:
    head: dict[str, Any] = {name: text for name, text in zip(SAID, key, strict=True) if text}
    if "also" in head:
        head["also"] = Items(names_in(head["also"]))
    try:
        return make_case(head, {}, place, stand_in)
    except CaseError as error:
        return error


@cache
def _field(typed: str) -> str:
    """The field of a head that a column of `entities` is; any other column is a label to sum by."""
    return typed if typed in SAID else _NAMES.get(folded(typed)) or head_field(typed) or typed


def labels_in(columns: Iterable[str]) -> set[str]:
    """The labels to sum by among the columns of the list of entities."""
    return {label for name in columns if (label := _label(_field(name)))}


def _label(field: str) -> str:
    """The label that a field of the list is; empty for what is the head of the case."""
    return "" if field in SAID or field.startswith(_NAME) else field.removeprefix("entity.")


def _read(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of `entities` by the fields of a head."""
    fields = dict[str, str]()
    for typed, cell in row.items():
        if not blank(cell):
            fields.setdefault(_field(typed), _text(_field(typed), cell))
    return fields


def _text(name: str, cell: Any) -> str:
    if isinstance(cell, list | tuple):
        return ", ".join(map(as_text, cell))
    if name == "as_of" and (day := day_of(cell)):
        return day.isoformat()
    return day_or_month(cell) if name == "period" and hasattr(cell, "isoformat") else as_text(cell)
