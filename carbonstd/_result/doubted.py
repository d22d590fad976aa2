"""What must be read beside a total: a figure it takes in is most likely wrong, or a sheet of it is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._findings import Finding, Severity, joined_places
from carbonstd._naming import names_of
from carbonstd._result.result import Result


def doubted(result: Result) -> list[Bilingual]:
    """A sentence for each such kind of finding, with the places of all of it."""
    kinds = defaultdict[str, list[Finding]](list)
    told = (item for item in result.findings if item.severity is Severity.WARNING and item.beside_total())
    for item in names_of(result).findings(told):
        kinds[item.code].append(item)
    return [_said(items) for items in kinds.values()]


def _said(items: Iterable[Finding]) -> Bilingual:
    first, *_ = held = list(items)
    return in_both(
        lambda language: (
            first.beside_total(language)
            + ("：" if language == "zh" else ": ")
            + joined_places(item.place_text(language) for item in held)
        )
    )
