"""The entities of a chunk that share a method, a period and a day, run as one (`_engine.stack`).

A few of each such run are run alone as well (`_batch.sample`): should one differ, all are run alone, and it is
said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from carbonstd._batch.job import Job
from carbonstd._batch.joint import Owners, Sheets, own_sheets
from carbonstd._batch.ledgers import Head, Ledgers
from carbonstd._batch.outcome import Rows, finding_row, rows_of
from carbonstd._batch.sample import Places, kinds, sample
from carbonstd._case.case import Case
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._engine.evaluate import NotTogether
from carbonstd._engine.stack import Apart, stacked
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding, has_errors
from carbonstd._joint.compare import contradicted, may_contradict
from carbonstd._joint.joint import read_as
from carbonstd._ledger.ledger import names_of as sheet_names
from carbonstd._naming import names_of

Alone = Callable[[int, str], Rows]  # what an entity comes to by a method when it is run by itself


@dataclass(frozen=True)
class _Group:
    """Entities (places in the heads, ascending) with the cases to run by a method, named as it was typed."""

    name: str
    method: Method
    places: list[int]
    cases: list[Case]


def run_stacks(ledgers: Ledgers, job: Job, library: Library, alone: Alone) -> dict[tuple[int, str], Rows]:
    """What entities came to that could share a run, by place and method; the others are left to be run alone."""
    done: dict[tuple[int, str], Rows] = {}
    held = kinds(ledgers)
    for group in _groups(ledgers, job, library):
        try:
            found = dict(_run(group, ledgers, job, library))
        except (NotTogether, CarbonstdError):  # each is run alone and tells what is wrong with it
            continue
        except MemoryError:
            raise
        except Exception as error:  # a fault of this program, which must not stop the others nor be hidden
            place, what = group.places[0], f"{type(error).__name__}: {error}"
            failed = finding("stack-failed", ledgers.heads[place].entity, count=len(group.places), error=what)
            done[place, group.name] = _told(failed, alone(place, group.name), group)
            continue
        told = _compared(found, group, ledgers.heads, sample(list(found), ledgers, held), alone)
        done |= {(place, group.name): rows for place, rows in (told or found).items()}
    return done


def _groups(ledgers: Ledgers, job: Job, library: Library) -> Iterator[_Group]:
    heads = ledgers.heads
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, head in enumerate(heads):
        case = head.case
        if case is not None and not has_errors(case.findings) and not _lacks_sheet(case):
            beside = (case.method, *case.also) if case.also else ()
            for name in job.methods or (case.method, *case.also):
                key = (name, case.period, case.as_of, case.assumptions, beside)
                places.setdefault(key, []).append(place)
    for (name, period, as_of, *_), found in places.items():
        if len(found) > 1:
            cases = [case for place in found if (case := heads[place].case)]
            try:
                group = _Group(name, job.method(name, period, as_of, library), found, cases)
                alike = _called_alike(group, ledgers, library)
            except CarbonstdError:
                continue
            yield from (part for part in alike if len(part.places) > 1)


def _lacks_sheet(case: Case) -> bool:
    """Whether a sheet was deleted from its workbook: which method refuses that, a run of its own tells."""
    return any(item.code == "sheet-absent" and item.values["of"] for item in case.findings)


def _called_alike(group: _Group, ledgers: Ledgers, library: Library) -> list[_Group]:
    """The entities of a group by what they call their sheets: a run finds each sheet under one name for all."""
    case, methods = group.cases[0], [group.method]
    if case.also:
        methods.append(read_as((case.method, *case.also), library, case.period, case.as_of))
    choices = np.zeros(len(ledgers.heads), dtype=np.int64)
    for method in methods:
        for sheet in method.sheets.values():
            names = [name for name in sheet_names(method, sheet) if name in ledgers.sheets]
            if len(names) > 1:
                by_kind = np.zeros(len(choices), dtype=bool)
                by_kind[ledgers.owners[names[1]]] = True
                by_kind[ledgers.owners[names[0]]] = False
                choices = np.unique(2 * choices + by_kind, return_inverse=True)[1]
    places = np.array(group.places)
    return [_part(group, places[choices[places] == choice]) for choice in np.unique(choices[places])]


def _run(group: _Group, ledgers: Ledgers, job: Job, library: Library) -> Iterator[tuple[int, Rows]]:
    read, sheets, owners = _read(group, ledgers, library)
    beside = may_contradict(group.cases[0], group.method, library)
    try:
        for number, result in stacked(read.cases, sheets, owners, group.method, library, job.options):
            if result is not None:
                place = read.places[number]
                if beside:
                    result = result.with_findings(contradicted(ledgers.case(place), result, library))
                yield place, rows_of(ledgers.heads[place], result, names_of(result).findings(result.findings))
    except Apart as apart:
        for choice in np.unique(apart.choices):
            yield from _run(_part(group, np.array(read.places)[apart.choices == choice]), ledgers, job, library)


def _part(group: _Group, places: Places) -> _Group:
    cases = dict(zip(group.places, group.cases, strict=True))
    return replace(group, places=places.tolist(), cases=[cases[place] for place in places.tolist()])


def _read(group: _Group, ledgers: Ledgers, library: Library) -> tuple[_Group, Sheets, Owners]:
    """What the method reads; beside others of the same workbook, of the entities that ask those for nothing."""
    sheets, owners = ledgers.of(group.places)
    if not group.cases[0].also:
        return group, sheets, owners
    case = replace(group.cases[0], sheets=sheets)
    own, whose, asking = own_sheets(case, owners, group.method.id, library, len(group.places))
    if asking.any():
        kept = np.flatnonzero(~asking).tolist()
        if not kept:
            raise NotTogether("each asks another method for figures")
        left = replace(group, places=[group.places[item] for item in kept], cases=[group.cases[item] for item in kept])
        return _read(left, ledgers, library)
    alone = [replace(case, method=group.method.id, also=()) for case in group.cases]
    return replace(group, cases=alone), own, whose


def _compared(
    found: dict[int, Rows], group: _Group, heads: Sequence[Head], chosen: Sequence[int], alone: Alone
) -> dict[int, Rows]:
    """Nothing where those chosen to be run alone as well came to the same; else what they all come to alone."""
    for place in chosen:
        rows = alone(place, group.name)
        if not same(found[place], rows):
            told = finding("stack-differs", heads[place].entity, count=len(found))
            others = {other: alone(other, group.name) for other in found if other != place}
            return {place: _told(told, rows, group), **others}
    return {}


def _told(item: Finding, rows: Rows, group: _Group) -> Rows:
    """What an entity came to, with a finding beside its own; its place is the entity."""
    rows["findings"].append(finding_row(item, {"entity": item.place, "method": group.method.id}))
    return rows


def same(one: Rows, other: Rows) -> bool:
    """Whether two runs of an entity tell the same in the same order."""
    return one.keys() == other.keys() and all(
        len(one[name]) == len(other[name]) and all(map(_alike, one[name], other[name])) for name in one
    )


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """To the last bit: both were run here, and each adds up as it does alone."""
    return all(value == other[name] or (value != value and other[name] != other[name]) for name, value in one.items())
