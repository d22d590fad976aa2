"""What is told of the levels of one record: a dash that is required, levels that are not nested, no consumption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from carbonstd._findings import Finding, finding
from carbonstd._limits.record import Record
from carbonstd._result.verdict import Judgement, Verdict, level_named


def with_level_notes(record: Record) -> Record:
    """A record with what its levels need told: a dash that is required, levels that are not nested, no consumption."""
    verdict = record.verdict
    if verdict is None:
        return record
    told = [*_nested(record, verdict), *_without_consumption(verdict)]
    return replace(record, findings=(*record.findings, *told))


def _nested(record: Record, verdict: Verdict) -> Iterator[Finding]:
    """A dash that is required; a stricter level met beside one that is not."""
    rule = verdict.rule
    strictest = next((item for item in verdict.levels if item.judgement is Judgement.MET), None)
    if record.dash:
        named = level_named(verdict.required)
        yield finding("limits-level-dash", rule.id, rule.clause, required=named, level=named)
    elif strictest is not None:
        if verdict.judgement is Judgement.NOT_MET and verdict.required:
            values = {"required": level_named(verdict.required), "level": level_named(strictest.level)}
            if strictest is not verdict.reached:
                yield finding("limits-levels-not-nested", rule.id, rule.clause, **values)
        elif (missed := verdict.passed_over) is not None:
            values = {"level": level_named(strictest.level), "missed": level_named(missed.level)}
            yield finding("limits-wider-level-missed", rule.id, rule.clause, **values)


def _without_consumption(verdict: Verdict) -> Iterator[Finding]:
    """An indicator of nothing meets every limit above zero."""
    bounds = [item.limit for item in verdict.levels if item.limit is not None]
    if verdict.value == 0 and verdict.rule.sense == "at_most" and bounds and min(bounds) > 0:
        yield finding("limits-indicator-zero", verdict.rule.id, verdict.rule.clause, label=verdict.rule.label)
