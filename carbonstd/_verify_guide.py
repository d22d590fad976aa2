"""Verification guides: the points a verifier looks at, which findings speak to each, how a figure is replaced.

A guide is a YAML file below `methods/shared/verification/`; the first whose families hold the method verifies it.
"""

from __future__ import annotations

from dataclasses import dataclass

from carbonstd._document import Document
from carbonstd._schema import Bilingual


@dataclass(frozen=True)
class Point:
    """A point of the guide. `codes` are the checks of methods and the codes of findings that speak to it.

    `must`: the guide obliges every verification to look at it. `person`: what is computed is only a part of it, so
    finding nothing says nothing.
    """

    id: str
    title: Bilingual
    clause: str
    category: str
    must: bool = False
    person: bool = False
    codes: tuple[str, ...] = ()
    note: Bilingual | None = None


@dataclass(frozen=True)
class Guide:
    """A verification guide. `categories` are those of its list of nonconformities, in its own order."""

    id: str
    title: Bilingual
    document: Document
    families: tuple[str, ...]
    categories: dict[str, Bilingual]
    points: tuple[Point, ...]
    materiality: bool  # whether a threshold of materiality may be used at all
    activity: dict[str, str]  # sheet.column of activity data -> clause of its replacement
    production: dict[str, str]  # sheet.column of production data, replaced downwards
    evidence: str = "secondary"
    documents: tuple[Bilingual, ...] = ()  # supporting documents it lists
