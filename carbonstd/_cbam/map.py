"""Which cell of the communication template holds what, read from `template.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from carbonstd._definitions.schema import Bilingual
from carbonstd._yaml import load_file

_MAP = Path(__file__).with_name("template.yaml")


class Spot(NamedTuple):
    """A cell as Excel names it: column letters and a row from 1."""

    column: str
    row: int

    @classmethod
    def of(cls, name: str, row: int = 0) -> Spot:
        """`L16`, or a column alone in a row given."""
        letters = name.rstrip("0123456789")
        return cls(letters, int(name[len(letters) :] or row))

    def below(self, rows: int) -> Spot:
        return Spot(self.column, self.row + rows)

    @property
    def number(self) -> int:
        """The column, from 0."""
        number = 0
        for letter in self.column:
            number = 26 * number + ord(letter) - ord("A") + 1
        return number - 1

    def __str__(self) -> str:
        return f"{self.column}{self.row}"


@dataclass(frozen=True)
class Block:
    """Cells that repeat for each record: the n-th stands `step` rows below the first, `count` of them at most."""

    of: str
    first: int
    step: int
    count: int
    labels: Mapping[str, str]
    cells: Mapping[str, str]

    def placed(self, number: int) -> Iterator[tuple[Spot, str]]:
        """The cells of a record, numbered from 0, and the name of what stands in each."""
        for cell, name in self.cells.items():
            yield Spot.of(cell, self.first).below(self.step * number), name


@dataclass(frozen=True)
class Page:
    """A sheet: its labels, the cells of the installation, and its blocks."""

    name: str
    labels: Mapping[str, str]
    fields: Mapping[str, str]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Template:
    """The edition described, what a reader is told, how shares, supplies and reducing agents stand, and the sheets."""

    edition: str
    source: Bilingual
    title: Bilingual
    notice: tuple[Bilingual, ...]
    empty: Bilingual
    failed: Bilingual
    warned: Bilingual
    percent: frozenset[str]
    supplies: Mapping[str, str]
    reducing_agents: Mapping[str, str]
    written: Bilingual
    pages: tuple[Page, ...]


@cache
def template() -> Template:
    """The template as the file describes it."""
    written = load_file(_MAP)
    pages = tuple(_page(name, page) for name, page in written["sheets"].items())
    notice = tuple(map(_texts, written["notice"]))
    names = ("source", "title", "empty", "failed", "warned", "written")
    source, title, empty, failed, warned, done = (_texts(written[name]) for name in names)
    percent = frozenset(map(str, written["percent"]))
    supplies, agents = _texts(written["supplies"]), _texts(written["reducing_agents"])
    texts = (title, notice, empty, failed, warned, percent, supplies, agents, done)
    return Template(str(written["edition"]), source, *texts, pages)


def _page(name: str, page: Mapping[str, Any]) -> Page:
    blocks = tuple(_block(item) for item in page.get("records", ()))
    return Page(name, _texts(page.get("labels", {})), _texts(page.get("fields", {})), blocks)


def _block(item: Mapping[str, Any]) -> Block:
    first, step, count = (int(item[key]) for key in ("first", "step", "count"))
    return Block(str(item["of"]), first, step, count, _texts(item.get("labels", {})), _texts(item["cells"]))


def _texts(items: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in items.items()}
