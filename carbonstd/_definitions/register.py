"""The register of standards: which documents exist, since when they bind, and what replaced them.

`factors/standards/*.yaml` hold one entry an edition. A look-up finds an entry by its number in the plain text and reads
that entry alone, so a run does not pay for the hundreds it does not ask for. Whether a document is also held, as a
method or a table, follows from their heads and is never written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from carbonstd._definitions.document import EVIDENCE, Period, folded
from carbonstd._definitions.schema import Bilingual, Fields, Problems
from carbonstd._definitions.search import spellings
from carbonstd._yaml import load_text, read_text

STATUSES = ("in_force", "superseded", "upcoming", "closed", "draft", "unknown")
KINDS = (
    "accounting", "allocation", "border_adjustment", "ccus", "emission_standard", "equipment", "guide", "label",
    "limit", "management", "organisation", "product_footprint", "project", "renewable", "sink", "verification",
)  # fmt: skip
LEVELS = ("enterprise", "equipment", "industry", "product", "project", "region")

_ENTRY = re.compile(r"(?m)^- number: *(.+?) *$")
_ALIASES = re.compile(r"(?m)^  aliases: *\[(.+)\] *$")
_KNOWN = re.compile(r"(?m)^known: *(\d{4}-\d{2}-\d{2})")
_EDITION = re.compile(r"(?i)(?:[-—–:：]V\d+)?[-—–:：]\s*\d{4}$|[-—–]V\d+$")
_ANNEX = re.compile(r"(?i)[\s,]*(附件?|附录|annex|volume)\s*[\dA-Z]*$")


@dataclass(frozen=True)
class Entry:
    """One edition of one document. Dates are as exact as was seen: a year, a month or a day; empty where unseen.

    `status` is that of the day `known`. `see` names documents of the same subject in another line, no succession.
    """

    number: str
    title: Bilingual
    kind: str
    level: str
    issued: str
    in_force: str
    until: str
    status: str
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    see: tuple[str, ...]
    aliases: tuple[str, ...]
    evidence: str
    source: Bilingual
    note: Bilingual
    known: date
    line: int

    def known_on(self, day: date) -> bool:
        """Whether it was issued by that day, as far as its date is known."""
        issued = Period.parse(self.issued)
        return issued is None or issued.start <= day

    def begun_on(self, day: date) -> bool | None:
        """Whether it bound on that day or earlier; None where the date that was seen does not tell."""
        start = Period.parse(self.in_force)
        if start is not None:
            return True if start.end <= day else False if day < start.start else None
        if not self.known_on(day):
            return False
        return True if self.status in ("in_force", "superseded") and self.known <= day else None


class _Place(NamedTuple):
    """Where an entry stands: its file, its first line, its text, and the day of which its file tells."""

    path: Path
    line: int
    text: str
    known: date

    @property
    def number(self) -> str:
        first = _ENTRY.match(self.text)
        return _unquoted(first[1]) if first else ""

    @property
    def aliases(self) -> list[str]:
        listed = _ALIASES.search(self.text)
        return [_unquoted(item) for item in listed[1].split(",")] if listed else []


@dataclass(eq=False)
class Register:
    """The entries below some folders; a later folder's entry stands for an earlier one of the same number."""

    roots: Sequence[Path]
    _entries: dict[str, Entry] = field(default_factory=dict)

    @cached_property
    def _places(self) -> dict[str, _Place]:
        places = (item for root in self.roots for path in sorted(root.glob("*.yaml")) for item in _places(path))
        return dict(places)

    @cached_property
    def _other_names(self) -> dict[str, list[str]]:
        """Aliases, and numbers without their edition; one name may lead to several entries."""
        names: dict[str, list[str]] = {}
        for key, place in self._places.items():
            for name in (*bare_numbers(place.number), *place.aliases):
                names.setdefault(folded(name), []).append(key)
        return names

    def key(self, number: str) -> str:
        """The folded number of the entry a document's number means: itself, an alias of one alone, or without annex."""
        name = folded(number)
        if name in self._places:
            return name
        named = [key for key in self._other_names.get(name, []) if name in map(folded, self._places[key].aliases)]
        if len(named) == 1:
            return named[0]
        without = _ANNEX.sub("", number.strip())
        return self.key(without) if without != number.strip() else ""

    def get(self, number: str) -> Entry | None:
        """The entry of a document. Raises DefinitionError where the entry is wrong."""
        key = self.key(number)
        return self._read(key) if key else None

    def of(self, numbers: str) -> list[Entry]:
        """The entries of the documents of a header, which may name several: `GB 19578-2014; GB 27999-2014`."""
        return [self._read(key) for key in self.keys(numbers)]

    def keys(self, numbers: str) -> list[str]:
        """Under what the entries of the documents of a header stand, without reading them."""
        found = (self.key(number) for number in re.split(r"[;；]", numbers) if number.strip())
        return [key for key in found if key]

    def find(self, name: str) -> list[Entry]:
        """The entries a typed name leads to: of that number, else of that alias or all editions, oldest first."""
        exact = self.get(name)
        if exact is not None:
            return [exact]
        found = [self._read(key) for key in dict.fromkeys(self._other_names.get(folded(name), ()))]
        return sorted(found, key=lambda item: (item.issued, item.number))

    def entries(self) -> list[Entry]:
        """Every entry, in the order of the files."""
        return [self._read(key) for key in self._places]

    def search(self, words: str = "", status: str = "") -> list[Entry]:
        """The entries whose number, names or titles hold every word, of that status where one is given."""
        parts = [{folded(spelling) for spelling in spellings(word)} for word in words.split()]
        return [
            entry
            for entry in self.entries()
            if (not status or entry.status == status)
            and all(any(spelling in folded(name) for name in _names(entry) for spelling in part) for part in parts)
        ]

    def chain(self, entry: Entry) -> list[Entry]:
        """Everything that replaced an entry, and what replaced that, nearest first."""
        found: dict[str, Entry] = {}
        waiting = list(entry.superseded_by)
        while waiting:
            successor = self.get(waiting.pop(0))
            if successor is not None and successor.number not in found and successor.number != entry.number:
                found[successor.number] = successor
                waiting += successor.superseded_by
        return list(found.values())

    def newer(self, entry: Entry, day: date) -> list[Entry]:
        """What bound on that day in an entry's place: the last of each line of successors that had begun."""
        begun = [item for item in self.chain(entry) if item.begun_on(day)]
        return [item for item in begun if not any(item.number in later.supersedes for later in begun)]

    def beside(self, number: str, day: date) -> list[Entry]:
        """The documents of the same subject in another line that bound on a day, the newest of each."""
        found = []
        for entry in self.of(number):
            for target in filter(None, map(self.get, entry.see)):
                bound = [item for item in (target, *self.chain(target)) if item.begun_on(day)]
                found += bound[-1:]
        return found

    def upcoming(self, entry: Entry, day: date) -> list[Entry]:
        """What was issued by that day to replace an entry, or what replaced it, and did not bind yet."""
        return [item for item in self.chain(entry) if item.known_on(day) and item.begun_on(day) is False]

    def excerpts(self, numbers: Iterable[str]) -> dict[str, str]:
        """The entries of documents that were replaced, and of what replaced them, as small files of their own."""
        found = [entry for number in numbers for entry in self.of(number) if entry.superseded_by]
        keys = dict.fromkeys(self.key(item.number) for entry in found for item in (entry, *self.chain(entry)))
        texts: dict[Path, str] = {}
        for place in (self._places[key] for key in keys):
            texts.setdefault(place.path, f"known: {place.known}\ndocuments:\n")
            texts[place.path] += place.text.rstrip() + "\n"
        return {f"{index}-{path.name}": text for index, (path, text) in enumerate(texts.items())}

    def _read(self, key: str) -> Entry:
        if key not in self._entries:
            place = self._places[key]
            data = load_text("\n" * (place.line - 1) + place.text, str(place.path))
            problems = Problems(str(place.path))
            self._entries[key] = read_entry(Fields(data[0], problems, place.line), place.known)
            problems.raise_any()
        return self._entries[key]


def read_entry(fields: Fields, known: date) -> Entry:
    """One entry, every fault added to the problems of its file."""
    entry = Entry(
        number=fields.text("number"),
        title=_title(fields),
        kind=fields.choice("kind", KINDS),
        level=fields.choice("level", LEVELS),
        issued=_day(fields, "issued"),
        in_force=_day(fields, "in_force"),
        until=_day(fields, "until"),
        status=fields.choice("status", STATUSES),
        supersedes=fields.texts("supersedes"),
        superseded_by=fields.texts("superseded_by"),
        see=fields.texts("see"),
        aliases=fields.texts("aliases"),
        evidence=fields.choice("evidence", EVIDENCE),
        source=fields.bilingual("source", {}),
        note=fields.bilingual("note", {}),
        known=known,
        line=fields.line,
    )
    if entry.evidence in ("official", "secondary") and not any(entry.source.values()):
        fields.problems.add("schema-missing-field", fields.line, field="source")
    fields.done()
    return entry


def bare_numbers(number: str) -> Iterator[str]:
    """A number without its edition.

    >>> list(bare_numbers("GB/T 32151.34-2024")), list(bare_numbers("CETS-AG-01.01-V04-2026"))
    (['GB/T 32151.34'], ['CETS-AG-01.01-V04', 'CETS-AG-01.01'])
    """
    yearless = re.sub(r"[-—–:：]\s*\d{4}$", "", number)
    bare = _EDITION.sub("", number)
    yield from dict.fromkeys(name for name in (yearless, bare) if name != number)


def _places(path: Path) -> Iterator[tuple[str, _Place]]:
    text = read_text(path)
    known = _KNOWN.search(text)
    day = date.fromisoformat(known[1]) if known else date.max
    starts = list(_ENTRY.finditer(text))
    line, before = 1, 0
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        line += text.count("\n", before, start.start())
        before = start.start()
        yield folded(_unquoted(start[1])), _Place(path, line, text[start.start() : end], day)


def _unquoted(text: str) -> str:
    return text.strip(" \"'")


def _title(fields: Fields) -> Bilingual:
    """Titles in one language or both; a title that was not seen is empty."""
    given = fields.mapping("title")
    inner = Fields(given, fields.problems, fields.at("title"))
    title = {"zh": inner.text("zh", ""), "en": inner.text("en", "")}
    inner.done()
    return title


def _day(fields: Fields, name: str) -> str:
    text = fields.text(name, "")
    if text and Period.parse(text) is None:
        expected = "2025, 2025-03, 2025-03-01"
        fields.problems.add("schema-type", fields.at(name), field=name, found=text, expected=expected)
    return text


def _names(entry: Entry) -> tuple[str, ...]:
    return (entry.number, *entry.aliases, *entry.title.values())
