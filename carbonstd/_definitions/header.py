"""The head of a definition file: what a table or method is called, and of which document, before its rows are read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from carbonstd._definitions.document import Document, Edition, Period, folded
from carbonstd._definitions.schema import Bilingual, Fields, Problems, parse_date
from carbonstd._yaml import Map, load_text, read_text

APART = {"vocabulary", "standards", "kinds", "parts", "cases", "shared"}


@dataclass(frozen=True)
class Head:
    """What stands above the rows or equations of a definition file."""

    title: Bilingual
    document: Document
    regimes: tuple[str, ...] = ()
    data_period: Period | None = None
    published: date | None = None
    aliases: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()  # codes of GB/T 4754-2017, of two to four digits


@dataclass(frozen=True)
class Header(Edition):
    """A table or method before its rows or equations are read; its head is read when something of it is asked for."""

    id: str
    path: Path
    level: str
    user: bool = False
    given: Head | None = None

    @cached_property
    def head(self) -> Head:
        return self.given or _head(self.path, stamp(self.path))

    @property
    def title(self) -> Bilingual:
        return self.head.title

    @property
    def document(self) -> Document:
        return self.head.document

    @property
    def regimes(self) -> tuple[str, ...]:
        return self.head.regimes

    @property
    def data_period(self) -> Period | None:
        return self.head.data_period

    @property
    def published(self) -> date | None:
        return self.head.published

    @property
    def aliases(self) -> tuple[str, ...]:
        return self.head.aliases

    @property
    def industries(self) -> tuple[str, ...]:
        return self.head.industries

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything it is found by, folded."""
        number = self.document.number
        bare = number.rsplit("-", 1)[0] if re.search(r"-\d{4}$", number) else number
        names = (self.id, self.family, self.family.split("/")[-1], number, bare, *self.title.values(), *self.aliases)
        return frozenset(folded(name) for name in names if name)


def header_of(path: Path, root: Path, subject_in_id: bool, user: bool = False) -> Header:
    """The header of a file, by its place; a user's file is read at once, so that its faults are told."""
    return Header(*_place(path, root, subject_in_id), user, read_head(path) if user else None)


def _place(path: Path, root: Path, subject_in_id: bool) -> tuple[str, Path, str]:
    """What the place of a file tells of it: its id, and its level or subject."""
    parts = path.relative_to(root).with_suffix("").parts
    name = "/".join(parts[:-1]) if subject_in_id else parts[-2]
    return f"{name}@{parts[-1]}", path, parts[0]


def places_below(root: Path, subject_in_id: bool) -> tuple[tuple[str, Path, str], ...]:
    """Id, file and level of every definition below a folder."""
    return tuple(_place(path, root, subject_in_id) for path in editions_below(root))


def stamp(path: Path) -> tuple[int, int]:
    """A file as it stands: what was read of it is shared until this changes, for someone may be working on it."""
    with suppress(OSError):  # who reads it says so
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return 0, 0


def as_they_stand(roots: Iterable[Path]) -> tuple[object, ...]:
    """The files below folders, told apart from those of any other moment: a clock of files ticks but every 4 ms."""
    walked = (item for root in roots for item in os.walk(root, followlinks=True))
    paths = sorted(Path(folder) / name for folder, _, names in walked for name in names if name.endswith(".yaml"))
    return tuple((path, stamp(path), _content(path)) for path in paths)


def _content(path: Path) -> bytes:
    with suppress(OSError):  # who reads it says so
        return path.read_bytes() if path.is_file() else b""
    return b""


@lru_cache(maxsize=4096)  # the files of locks too, each in a folder of its own
def _head(path: Path, stamp: tuple[int, int]) -> Head:
    return read_head(path)


def read_head(path: Path) -> Head:
    """Read the head of a definition file: everything above its rows, sheets or equations. Raises DefinitionError."""
    text = read_text(path)
    head = re.split(r"(?m)^(?:rows|sheets|columns|keys|include|tables|constants|equations):", text, maxsplit=1)[0]
    problems = Problems(str(path))
    fields = Fields(load_text(head, str(path)), problems)
    document = Document.read(Fields(fields.raw("document", Map()), problems))
    period = fields.raw("data_period")
    found = Head(
        fields.bilingual("title"),
        document,
        fields.texts("regimes") or fields.texts("regime"),
        Period.parse(period) if period is not None else None,
        parse_date(fields.text("published", "")) or document.published,
        fields.texts("aliases"),
        fields.texts("industries"),
    )
    problems.raise_any()
    return found


def editions_below(root: Path) -> Iterator[Path]:
    """The files of tables or methods below a folder; vocabularies, parts and cases are none."""
    for path in sorted(root.rglob("*.yaml")):
        parts = path.relative_to(root).parts
        if len(parts) >= 3 and not APART & set(parts):
            yield path


def overrides(path: Path, table_id: str) -> bool:
    """Whether a user's file says that it is to stand for a shipped one."""
    text = path.read_text(encoding="utf-8-sig")
    return re.search(rf"(?m)^overrides:\s*[\"']?{re.escape(table_id)}\b", text) is not None
