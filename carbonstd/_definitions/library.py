"""The library: where tables, methods and vocabularies lie, and how a typed name leads to one of them.

Ids are paths: `factors/<subject>/<family>/<edition>.yaml` is the table `<subject>/<family>@<edition>`;
`methods/<level>/<family>/<edition>.yaml` is the method `<family>@<edition>`. Files are read when asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._definitions.document import DATED, Period, folded
from carbonstd._definitions.header import Header, editions_below, header_of, overrides, places_below, stamp
from carbonstd._definitions.register import Entry, Register
from carbonstd._definitions.register_words import KINDS, registered
from carbonstd._definitions.schema import Bilingual, parse_date
from carbonstd._definitions.search import near_words, spellings, wordings
from carbonstd._definitions.table import Key, Table, read_table
from carbonstd._definitions.vocabulary import Vocabulary, merged, read_vocabulary
from carbonstd._errors import DefinitionError, NotFoundError
from carbonstd._findings import Finding, finding
from carbonstd._industry import industry_code, meets, named_industries
from carbonstd._near import suggest
from carbonstd._yaml import load_file, read_text

if TYPE_CHECKING:
    from carbonstd._definitions.method import Method

_INDUSTRY = re.compile(r"[A-T]?(\d{2,4})")  # a code of GB/T 4754


@dataclass(eq=False)
class Library:
    """The shipped tables and methods, and the user's folders laid over them."""

    factors: tuple[Path, ...] = ()
    methods: tuple[Path, ...] = ()
    package: Path | None = None
    _tables: dict[str, Table] = field(default_factory=dict)
    _vocabularies: dict[str, Vocabulary] = field(default_factory=dict)
    _editions: dict[tuple[int, str], list[Header]] = field(default_factory=dict)
    _read: dict[str, Method] = field(default_factory=dict)
    _kind_titles: dict[str, Bilingual] = field(default_factory=dict)
    # by `_result.lock`
    locked: dict[tuple[str, ...], tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)

    @cached_property
    def table_headers(self) -> dict[str, Header]:
        return self._headers("factors", self.factors, subject_in_id=True)

    @cached_property
    def method_headers(self) -> dict[str, Header]:
        return self._headers("methods", self.methods, subject_in_id=False)

    @cached_property
    def register(self) -> Register:
        own = [root / "standards" for root in self.factors if (root / "standards").is_dir()]
        shipped = self._root("factors") / "standards"
        if self.package is None and not own:
            return _shipped_register(shipped, tuple(map(stamp, sorted(shipped.glob("*.yaml")))))
        return Register([shipped, *own])

    def table(self, name: str) -> Table:
        """A table by id `subject/family@edition`, or its newest edition by family. Raises NotFoundError."""
        header = self.find(name, self.table_headers)
        if header.id not in self._tables:
            if self.package is None and not header.user:
                self._tables[header.id] = _shipped_table(header.path, header.id, stamp(header.path))
            else:
                self._tables[header.id] = read_table(header.path, header.id, header.user)
        return self._tables[header.id]

    def method(self, name: str, period: Period | None = None, as_of: date | None = None) -> Method:
        """A method by `family@edition`, family, document number or title. Raises NotFoundError.

        Where no edition is given it is the one in force at the end of `period` as known on `as_of`, else the newest.
        """
        from carbonstd._definitions.method_reader import read_method

        header = self.find(name, self.method_headers, period, as_of)
        if header.id not in self._read:
            self._read[header.id] = read_method(header.path, header, self)
        return self._read[header.id]

    def editions(self, family: str, headers: dict[str, Header]) -> list[Header]:
        """The editions of a family, oldest first."""
        key = (id(headers), family)
        if headers is not self.table_headers and headers is not self.method_headers:
            return _sorted(headers, family)  # a choice of them, made by who asks
        if key not in self._editions:
            self._editions[key] = _sorted(headers, family)
        return list(self._editions[key])

    def vocabulary(self, name: str) -> Vocabulary:
        """A vocabulary by name, or the labels of a key of a family of tables: `limits/gb-21342#oven`."""
        if name not in self._vocabularies:
            family, _, key = name.partition("#")
            self._vocabularies[name] = self._labels(family, key) if key else self._terms(self.vocabulary_path(name))
        return self._vocabularies[name]

    def _terms(self, path: Path) -> Vocabulary:
        shipped = self.package is None and path.is_relative_to(self._root("factors"))
        return _shipped_vocabulary(path, stamp(path)) if shipped else read_vocabulary(path)

    def _labels(self, family: str, key: str) -> Vocabulary:
        """The labels of a key in all editions of a family; where editions differ, the newest says what is meant."""
        editions = reversed(self.editions(family, self.table_headers))
        keys = (self.table(header.id).keys.get(key) for header in editions)
        found = [terms for item in keys if item is not None and (terms := self.key_vocabulary(item)) is not None]
        if not found:
            raise NotFoundError(findings=[finding("not-found", name=f"{family}#{key}", kind=_WORDS, suggestion="")])
        return merged(f"{family}#{key}", found)

    def vocabulary_files(self, name: str) -> list[Path]:
        """The files a vocabulary is read from."""
        family, _, key = name.partition("#")
        if not key:
            return [self.vocabulary_path(name)]
        return [header.path for header in self.editions(family, self.table_headers)]

    def key_vocabulary(self, key: Key) -> Vocabulary | None:
        """The labels of a key: its own terms, else those of the vocabulary it names; None for a number or free text."""
        return key.terms or (self.vocabulary(key.vocabulary) if key.vocabulary else None)

    def vocabulary_path(self, name: str) -> Path:
        return self._file(
            (*self.factors, self._root("factors")),
            f"vocabulary/{name}.yaml",
            _WORDS,
        )

    def shared(self, folder: str, name: str) -> Path:
        """A sheet kind or part below `methods/shared/`."""
        roots = (*self.methods, self._root("methods"))
        return self._file(roots, f"shared/{folder}/{name}.yaml", {"zh": "共享部件", "en": "shared part"})

    def kinds(self) -> set[str]:
        """The names of all sheet kinds."""
        roots = (*self.methods, self._root("methods"))
        return {path.stem for root in roots for path in (root / "shared" / "kinds").glob("*.yaml")}

    def kind_title(self, name: str) -> Bilingual:
        """What the file of a sheet kind calls it; read once, for every sheet of an unknown name asks all kinds."""
        if name not in self._kind_titles:
            title = load_file(self.shared("kinds", name)).get("title")
            self._kind_titles[name] = title if isinstance(title, Mapping) else {}
        return self._kind_titles[name]

    def find(
        self, name: str, headers: dict[str, Header], period: Period | None = None, as_of: date | None = None
    ) -> Header:
        """The header meant by a typed name; the newest edition, or that of `period`, where none is given.

        The full number of a document means that edition, though a newer one may be held. Raises NotFoundError.
        """
        if name in headers:
            return headers[name]
        wanted, _, edition = name.strip().partition("@")
        found = [item for item in self._meant(wanted, headers) if not edition or item.edition == edition]
        if len({header.family for header in found}) > 1:
            dated = DATED.search(wanted) is not None  # the number of one edition
            listed = ", ".join(sorted({header.id if dated or edition else header.family for header in found}))
            raise NotFoundError(findings=[finding("ambiguous-name", name=name, found=listed)])
        if not found:
            raise NotFoundError(findings=registered(name, self, headers) or [self._unknown(name, wanted, headers)])
        return found[-1] if edition or period is None else _in_force(found, period, as_of or date.max)

    def _meant(self, wanted: str, headers: dict[str, Header]) -> list[Header]:
        """The editions a name may mean: those of a family, of the document of that number, or of any so called."""
        if held := self.editions(wanted, headers):
            return held
        typed = folded(wanted)
        dated = headers.values() if DATED.search(wanted) else ()
        exact = {item.id for item in dated if folded(item.document.number) == typed}
        families = {item.family for item in headers.values() if (item.id in exact if exact else typed in item.names)}
        if not families:
            exact, families = self._meant_by_number(wanted, headers)
        found = [item for family in sorted(families) for item in self.editions(family, headers)]
        return [item for item in found if not exact or item.id in exact]

    def _meant_by_number(self, number: str, headers: dict[str, Header]) -> tuple[set[str], set[str]]:
        """The ids and families that hold a document of the register; of a number without edition the families alone."""
        held = [item for entry in self.register.find(number) for item in self.held(entry) if item.id in headers]
        return {item.id for item in held if self.register.key(number)}, {item.family for item in held}

    def _unknown(self, name: str, wanted: str, headers: dict[str, Header]) -> Finding:
        begun = [header.id for header in self.editions(wanted, headers)]  # of a family that has no such edition
        begun = begun or sorted({header.family for header in headers.values() if header.family.startswith(wanted)})
        typed = folded(wanted)
        begun = begun or self.called(wanted, headers)
        if not begun:
            close = suggest(typed, (known for item in headers.values() for known in item.names))
            begun = sorted({item.family for item in headers.values() if close in item.names})
            begun = [family for family in begun if "/" not in family] or begun  # a method rather than its tables
        return finding("not-found", name=name, kind=KINDS["both"], suggestion=", ".join(begun[:8]))

    def called(self, text: str, headers: dict[str, Header]) -> list[str]:
        """The families with a name or title that holds a text."""
        typed = folded(text)
        found = (item for item in headers.values() if len(typed) > 1 and any(typed in known for known in item.names))
        return sorted({item.family for item in found})

    def held(self, entry: Entry) -> list[Header]:
        """What of a registered document is held: its methods, then its tables."""
        return self._holders.get(folded(entry.number), [])

    @cached_property
    def _holders(self) -> dict[str, list[Header]]:
        """Methods and tables by the registered documents they come from; found in the plain text, heads stay unread."""
        holders: dict[str, list[Header]] = {}
        for header in (*self.method_headers.values(), *self.table_headers.values()):
            found = _NUMBER.search(read_text(header.path))
            for key in self.register.keys(next(filter(None, found.groups()), "")) if found else ():
                holders.setdefault(key, []).append(header)
        return holders

    def search(self, words: str, headers: dict[str, Header]) -> list[Header]:
        """Headers whose id, number or titles hold every word (Chinese or English); else what is for an industry
        of such a name; else files that speak of them.

        Where there is none, the words without their endings: a 水泥厂 is looked for as 水泥.
        """
        for parts in wordings(words):
            named = self._within(named_industries(" ".join(parts)), headers)
            if found := self._named(parts, headers) or named or self._mentioning(parts, headers):
                return found
        code = _INDUSTRY.fullmatch(words.strip().upper())
        return self._within([code[1]] if code else [], headers)

    @staticmethod
    def _within(codes: Sequence[str], headers: Mapping[str, Header]) -> list[Header]:
        return [item for item in headers.values() if any(meets(code, item.industries) for code in codes)]

    def near_words(self, words: str, texts: Iterable[str]) -> list[str]:
        """What may have been meant by words that find nothing in some titles, nor in the vocabularies."""
        names = (
            name
            for held in map(self.vocabulary, self.vocabularies())
            for term in held.terms.values()
            for name in term.known
        )
        return near_words(words, (*texts, *names))

    @staticmethod
    def _named(words: Sequence[str], headers: Mapping[str, Header]) -> list[Header]:
        parts = [{folded(spelling) for spelling in spellings(word)} for word in words]
        return [
            item
            for item in headers.values()
            if all(any(spelling in name for name in item.names for spelling in part) for part in parts)
        ]

    def of_industry(self, code: str) -> list[Header]:
        """Methods for an industry by its code or name in GB/T 4754-2017, such as C3011, 30 or 纺织业.

        Raises NotFoundError.

        A class of four digits finds what is written for its group; a group finds what is written for its classes.
        """
        sought = industry_code(code)
        return [item for item in self.method_headers.values() if meets(sought, item.industries)]

    def _mentioning(self, words: Sequence[str], headers: dict[str, Header]) -> list[Header]:
        """Definitions whose text holds each word, or the key that a vocabulary has for it."""
        sought = [
            {name for spelling in spellings(word) for name in (spelling, *self._keys_of(spelling))} for word in words
        ]
        found = []
        for header in headers.values():
            text = read_text(header.path)
            if all(
                any(re.search(rf"(?<![a-z_]){re.escape(name)}(?![a-z_])", text) for name in names) for names in sought
            ):
                found.append(header)
        return found

    def _keys_of(self, word: str) -> set[str]:
        """What the vocabularies call a word."""
        resolved = (self.vocabulary(name).resolve(word) for name in self.vocabularies())
        return {key for key in resolved if key}

    def vocabularies(self) -> list[str]:
        """The names of all vocabularies."""
        roots = (*self.factors, self._root("factors"))
        return sorted({path.stem for root in roots for path in (root / "vocabulary").glob("*.yaml")})

    def _root(self, folder: str) -> Path:
        return self.package / folder if self.package else Path(str(resources.files(f"carbonstd.{folder}")))

    def _file(self, roots: Sequence[Path], name: str, kind: Bilingual) -> Path:
        for root in roots:
            with suppress(OSError):  # a name too long for a file
                if (root / name).is_file():
                    return root / name
        folder, sought = Path(name).parent, Path(name).stem
        there: set[str] = set()
        with suppress(OSError):
            there = {path.stem for root in roots for path in (root / folder).glob("*.yaml")}
        raise NotFoundError(
            findings=[finding("not-found", name=name, kind=kind, suggestion=suggest(sought, sorted(there)))]
        )

    def _headers(self, folder: str, roots: Sequence[Path], subject_in_id: bool) -> dict[str, Header]:
        base = self._root(folder)
        places = _shipped_places(base, subject_in_id) if self.package is None else places_below(base, subject_in_id)
        found = {place[0]: Header(*place) for place in places}
        for root in roots:
            for header in (header_of(path, root, subject_in_id, user=True) for path in editions_below(root)):
                if header.id in found and not overrides(header.path, header.id):
                    values = {"id": header.id, "first": str(found[header.id].path)}
                    raise DefinitionError(findings=[finding("override-undeclared", str(header.path), **values)])
                found[header.id] = header
        return dict(sorted(found.items()))


def own_folder(path: Path, kind: str) -> Path:
    """A user's folder of `factors` or `methods`: itself, or the one of that name in it.

    Raises NotFoundError where nothing below it is read: a folder one level off would change no result, and say nothing.
    """
    folder = path / kind if (path / kind).is_dir() else path
    apart = any((folder / name).is_dir() for name in ("vocabulary", "standards", "shared"))
    if not apart and next(editions_below(folder), None) is None:
        raise NotFoundError(findings=[finding("folder-without-definitions", str(path), kind=kind)])
    return folder


# What is shipped changes with a release only: every library of a process shares what was read of it.

_shipped_places = cache(places_below)


@cache
def _shipped_table(path: Path, table_id: str, stamp: tuple[int, int]) -> Table:
    return read_table(path, table_id)


@cache
def _shipped_vocabulary(path: Path, stamp: tuple[int, int]) -> Vocabulary:
    return read_vocabulary(path)


@cache
def _shipped_register(folder: Path, stamps: tuple[tuple[int, int], ...]) -> Register:
    return Register([folder])


def _in_force(editions: Sequence[Header], period: Period, as_of: date) -> Header:
    """The edition in force at the end of a period; the first where none was yet, the newest where none is dated.

    What was issued after `as_of` is left out, unless all was.
    """
    known = [item for item in editions if item.document.known_on(as_of)] or editions
    dated = [(item.document.in_force, item) for item in known if item.document.in_force]
    begun = [item for item in dated if item[0] <= period.end]
    if begun:
        return max(begun, key=lambda item: item[0])[1]
    return min(dated, key=lambda item: item[0])[1] if dated else editions[-1]


_WORDS = {"zh": "词表", "en": "vocabulary"}
_EARLY = parse_date("1900-01-01")
# `document: {number: GB 1-2025, ...}`, or `number: ...` on a line of its own
_NUMBER = re.compile(
    r"""(?m)^document: *\{number: *(?:"([^"]*)"|'([^']*)'|([^,}\n]*))|^ +number: *(?:"([^"]*)"|'([^']*)'|([^\n#]*))"""
)


def _sorted(headers: Mapping[str, Header], family: str) -> list[Header]:
    found = [header for header in headers.values() if header.family == family]
    return sorted(found, key=lambda item: (item.published or item.document.in_force or _EARLY, item.edition))
