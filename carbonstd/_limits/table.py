"""What is told of a whole table of plants: headings nobody asks for, rows that stand twice, what was typed over them.

And what each plant would reach under a supposition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from carbonstd._case.names import suggest_column
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Severity, finding
from carbonstd._limits.input import Subject, head_of, object_sheet
from carbonstd._limits.record import Record
from carbonstd._workbook.layout import Headings

_WORDS: dict[str, Bilingual] = {
    "period": {"zh": "核算期", "en": "period"},
    "standard": {"zh": "标准", "en": "standard"},
}
_OF_SUPPOSED = ("limits-what-if-unused", "saving-exceeds", "own-limit-other-class")


def unknown_columns(subjects: Sequence[Subject], methods: Iterable[Method]) -> list[Finding]:
    """Each heading that none of the standards of a table knows, once."""
    sheets = [object_sheet(method) for method in methods]
    if not sheets:
        return []
    headings = [Headings(sheet) for sheet in sheets]
    places: dict[str, str] = {}
    for subject in (item for item in subjects if item.case is None):
        for heading in subject.cells:
            if head_of(heading) is None and not any(item.find(heading) for item in headings):
                places.setdefault(heading, subject.cell_place(heading, 0))
    near = {name: next(filter(None, (suggest_column(name, sheet) for sheet in sheets)), "") for name in places}
    return [
        finding("limits-column-unknown", place, column=" ".join(name.split()), suggestion=near[name])
        for name, place in places.items()
    ]


def overridden(subjects: Sequence[Subject], period: str, standard: str) -> Iterator[Finding]:
    """How many plants name another period or standard than was typed for all."""
    own = [
        ("period", period, [item.period or (str(item.case.period) if item.case else "") for item in subjects]),
        ("standard", standard, [item.standard or (item.case.method if item.case else "") for item in subjects]),
    ]
    for what, typed, named in own:
        count = sum(1 for name in named if typed and name and name != typed)
        if count:
            yield finding("limits-overridden", count=count, what=_WORDS[what], typed=typed)


def named_twice(records: Sequence[Record]) -> Iterator[Finding]:
    """Plants of one name, period, standard and indicator at several places."""
    places: dict[tuple[str, ...], dict[str, None]] = {}
    for record in records:
        if record.verdict is not None:
            key = (record.plant, record.period, record.method, record.verdict.rule.id, str(record.category))
            places.setdefault(key, {})[record.place] = None
    names = {key[0]: found for key, found in places.items() if len(found) > 1}
    for name, found in names.items():
        yield finding("limits-name-twice", name=name, places=", ".join(found))


def with_supposed(records: Sequence[Record], supposed: Sequence[Record]) -> Iterator[Record]:
    """Records with what each plant would reach, matched by place, method and indicator; else by place alone."""
    by_indicator = {(item.place, item.period, item.verdict.rule.id): item for item in supposed if item.verdict}
    refused = {(item.place, item.period): item for item in supposed if not item.verdict}
    for record in records:
        name = record.verdict.rule.id if record.verdict else ""
        found = by_indicator.get((record.place, record.period, name)) or refused.get((record.place, record.period))
        told = [item for item in found.findings if item.code in _OF_SUPPOSED] if found else []
        if found is None and record.verdict is not None:
            told = [finding("limits-what-if-none", name, indicator=record.indicator)]
        yield replace(record, supposed=found, findings=(*record.findings, *told))


def what_if_slips(records: Sequence[Record]) -> list[Finding]:
    """What is wrong with a supposition itself, each once: no plant is answered by it."""
    told = (item for record in records for item in record.findings if item.place.startswith("--what-if"))
    return list({item.message("en"): item for item in told if item.severity is Severity.ERROR}.values())
