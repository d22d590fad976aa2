"""Verification guides: the points a verifier looks at, which findings speak to each, how a figure is replaced.

A guide is a YAML file in `methods/shared/verification/`. That whose families hold the method verifies it, else the
one without families.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._definitions.document import EVIDENCE, Document, Period
from carbonstd._definitions.schema import REQUIRED, Bilingual, Fields, Problems
from carbonstd._yaml import load_file

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library
    from carbonstd._definitions.method import Method


@dataclass(frozen=True)
class Point:
    """A point of the guide. `codes` are checks of methods and codes of findings that speak to it, `columns` figures.

    `must`: the guide obliges every verification to look at it. `person`: what is computed is only a part of it, so
    finding nothing says nothing; that is so unless `whole:` says why all of it is computed.
    """

    id: str
    title: Bilingual
    clause: str
    category: str
    must: bool = False
    person: bool = False
    codes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    note: Bilingual | None = None

    def speaks(self, names: tuple[str, ...], column: str = "") -> bool:
        """Whether a finding of these names, about this column, belongs to the point."""
        named = any(fnmatchcase(name, code) for name in names for code in self.codes)
        return named or (bool(column) and column in self.columns)


@dataclass(frozen=True)
class Rule:
    """How meters that are out of order are answered for: which columns, by which clause."""

    columns: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Guide:
    """A verification guide. `categories` are those of its list of nonconformities, in its own order."""

    id: str
    title: Bilingual
    document: Document
    families: tuple[str, ...]
    since: str  # the first reporting year it is for; empty where it names none
    categories: Mapping[str, Bilingual]
    points: tuple[Point, ...]
    materiality: bool  # whether a threshold of materiality may be used at all
    activity: Rule  # replaced upwards
    production: Rule  # replaced downwards
    evidence: str
    documents: tuple[Bilingual, ...] = ()  # supporting documents it lists


def guide_for(method: Method, library: Library) -> Guide:
    """The guide that verifies a method. Raises DefinitionError where a guide cannot be read."""
    guides = [read_guide(path) for path in guide_files(library)]
    general = next(guide for guide in guides if not guide.families)
    return next((guide for guide in guides if method.family in guide.families), general)


def in_time(guide: Guide, period: Period) -> Guide:
    """The guide for a period. Before its first year its rules stand with its number, so that nobody takes them for
    those of that year, which were not seen."""
    if not guide.since or str(period.end.year) >= guide.since:
        return guide
    activity, production = (
        replace(rule, clause=f"{guide.document.number} {rule.clause}") for rule in (guide.activity, guide.production)
    )
    return replace(guide, activity=activity, production=production)


def guide_files(library: Library) -> list[Path]:
    """The guides of the library, in the order of their names."""
    return sorted(library.shared("verification", "mee-2021-130").parent.glob("*.yaml"))


def read_guide(path: Path) -> Guide:
    """Read a guide. Raises DefinitionError with every fault, by file and line."""
    problems = Problems(str(path))
    fields = Fields(load_file(path), problems)
    document = Document.read(Fields(fields.raw("document", REQUIRED), problems))
    fields.bilingual("source")
    named = Fields(fields.mapping("categories"), problems)
    categories = {name: named.bilingual(name) for name in named.data}
    guide = Guide(
        path.stem,
        fields.bilingual("title"),
        document,
        fields.texts("families"),
        fields.text("since", ""),
        categories,
        tuple(_point(name, item, categories) for name, item in fields.each("points")),
        fields.flag("materiality"),
        _rule(fields, "activity"),
        _rule(fields, "production"),
        fields.choice("evidence", EVIDENCE),
        tuple({part: str(item.get(part, "")) for part in ("zh", "en")} for item in fields.mappings("documents")),
    )
    fields.done()
    problems.raise_any()
    return guide


def _point(name: str, fields: Fields, categories: Mapping[str, Bilingual]) -> Point:
    point = Point(
        name,
        fields.bilingual("title"),
        fields.text("clause"),
        fields.choice("category", categories),
        fields.flag("must"),
        not fields.text("whole", ""),
        fields.texts("codes"),
        fields.texts("columns"),
        fields.bilingual("note") if "note" in fields.data else None,
    )
    fields.done()
    return point


def _rule(fields: Fields, name: str) -> Rule:
    rule = Fields(fields.mapping(name), fields.problems)
    return Rule(rule.texts("columns"), rule.text("clause", ""))
