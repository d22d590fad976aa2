"""One answer of several editions that bound in a period: theirs where they agree, else none, with each shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from carbonstd._definitions.header import Header
from carbonstd._findings import Finding, finding
from carbonstd._limits.reasons import each_once
from carbonstd._limits.record import Record
from carbonstd._result.verdict import Grade, Judgement

_GRADES = (Grade.NONE, Grade.REFERENCE, Grade.FORMAL)


@dataclass(frozen=True)
class Outcome:
    """One edition run on one plant."""

    header: Header
    records: tuple[Record, ...]


def together(outcomes: Sequence[Outcome], base: Record) -> Iterator[Record]:
    """One answer of several editions: theirs where they agree, else none."""
    told = [{record.verdict.rule.id: record for record in item.records if record.verdict} for item in outcomes]
    refused = [record for item in outcomes for record in item.records if record.verdict is None]
    editions = ", ".join(item.header.document.number for item in outcomes)
    names = dict.fromkeys(name for records in told for name in records)
    changes = finding("limits-editions-differ", base.method, editions=editions, period=base.period)
    if not names:
        yield replace(
            refused[-1], findings=(changes, *each_once(item for record in refused for item in record.findings))
        )
    for name in names:
        found = tuple(records[name] for records in told if name in records)
        answers = {(record.rank, record.judgement) for record in found}
        decided = all(record.judgement is not Judgement.UNDECIDED for record in found)
        if decided and len(found) == len(outcomes) and len(answers) == 1:
            note = finding("limits-editions-agree", base.method, editions=editions, period=base.period)
            yield replace(_of_lowest_grade(found), findings=(*found[-1].findings, note), editions=found)
        else:
            extra = tuple(item for item in refused if item.method not in {record.method for record in found})
            yield replace(found[-1], open=True, findings=(changes,), editions=(*found, *extra))


def opened(record: Record, findings: tuple[Finding, ...]) -> Record:
    """A record that its edition alone cannot decide."""
    shown = (record,) if record.verdict else ()
    return replace(record, open=True, findings=(*findings, *record.findings), editions=shown)


def _of_lowest_grade(found: tuple[Record, ...]) -> Record:
    """The last of some records that agree, with the lowest grade of them: an answer is as good as all it rests on."""
    last = found[-1]
    assert last.verdict is not None
    lowest = min((item.grade for item in found), key=_GRADES.index)
    return replace(last, verdict=replace(last.verdict, grade=lowest))
