"""The chapters of a report as data (`outline.yaml`): whose order they follow, and whether that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual

_OWN = "own"  # this package's order, where no other is known
_DIGITS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Chapter:
    title: Bilingual
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """The chapters of one family of documents; `evidence` is `own` where the order is this package's."""

    name: str
    note: Bilingual
    evidence: str
    chinese: bool
    chapters: tuple[Chapter, ...]

    @property
    def own(self) -> bool:
        return self.evidence == _OWN

    def heading(self, number: int, title: Bilingual) -> Bilingual:
        """The title of a chapter with its number.

        >>> Outline("", {}, "own", True, ()).heading(2, {"zh": "排放", "en": "Emissions"})
        {'zh': '二、排放', 'en': '2 Emissions'}
        """
        zh = f"{_DIGITS[number - 1]}、{title['zh']}" if self.chinese else f"{number} {title['zh']}"
        return {"zh": zh, "en": f"{number} {title['en']}"}


def outline_of(method: Method) -> Outline:
    """The outline of a method's document: named by its family, else by its regime, else this package's own."""
    return _outlines().get(method.family) or _outlines().get(method.regime) or _outlines()[_OWN]


def added() -> tuple[Chapter, ...]:
    """The chapters that follow those of any outline."""
    return tuple(map(_chapter, _file()["added"]))


def around() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The blocks before all chapters, and those after them."""
    return tuple(_file()["front"]), tuple(_file()["back"])


@cache
def _outlines() -> Mapping[str, Outline]:
    """Outlines by the families and regimes they are for."""
    found = {}
    for name, item in _file()["outlines"].items():
        chapters = tuple(map(_chapter, item["chapters"]))
        made = Outline(name, item["note"], item["evidence"], item["numbers"] == "chinese", chapters)
        for key in item.get("of") or [name]:
            found[key] = made
    return found


def _chapter(item: Mapping[str, Any]) -> Chapter:
    return Chapter(item["title"], tuple(item["blocks"]))


@cache
def _file() -> dict[str, Any]:
    from carbonstd._yaml import load_file

    loaded: Any = load_file(Path(__file__).with_name("outline.yaml"))
    return dict(loaded)
