"""Lint: every fault of tables, methods and vocabularies at once, each with its file and line.

`lint_paths` takes the whole library or folders: the shipped ones, a part of them, or a user's own, which are laid
over the shipped ones as `--factors` and `--methods` do. A broken file never hides the faults of another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from carbonstd._absent import absent
from carbonstd._definitions.document import Document
from carbonstd._definitions.header import APART, Head, Header, header_of, overrides
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.method_reader import read_method
from carbonstd._definitions.table import Table, read_table
from carbonstd._definitions.vocabulary import read_vocabulary
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._forms.compile import lint_form
from carbonstd._lint.evidence import EvidenceSummary, summarise
from carbonstd._lint.figures import COMPARED_SUBJECT, lint_apart
from carbonstd._lint.guides import lint_guide
from carbonstd._lint.handover import lint_handover, lint_ledger
from carbonstd._lint.methods import lint_method
from carbonstd._lint.register import lint_documents, lint_register
from carbonstd._lint.tables import lint_editions, lint_table
from carbonstd._yaml import load_file, read_text

_METHOD = re.compile(r"(?m)^(include|sheets|equations|totals):")


def lint_paths(paths: list[Path] | None, library: Library) -> list[Finding]:
    """Everything wrong or worth knowing in the files of `paths`, or in the whole library where None is given."""
    return examine(paths, library)[0]


def examine(
    paths: list[Path] | None, library: Library, progress: Callable[[int, int], None] = lambda done, every: None
) -> tuple[list[Finding], EvidenceSummary]:
    """The findings, and what the tables among `paths` rest on; what cannot be read is left out of the second."""
    missing = [path for path in paths or [] if not path.exists()]
    lint = _Lint(library, None if paths is None else [path for path in paths if path.exists()])
    findings = lint.run(progress)
    return [*map(absent, missing), *findings], summarise(lint.tables, lint.methods, lint.shelf)


@dataclass(frozen=True)
class _Root:
    """A folder of tables (`factors`) or of methods (`methods`); with `only`, one file of it."""

    path: Path
    kind: str
    user: bool = True
    only: Path | None = None

    def files(self) -> list[Path]:
        return [self.only] if self.only else sorted(self.path.rglob("*.yaml"))

    def editions(self) -> list[Path]:
        return [path for path in self.files() if _is_edition(path.relative_to(self.path).parts)]


class _Lint:
    def __init__(self, library: Library, paths: list[Path] | None) -> None:
        self.findings: list[Finding] = []
        self.tables: list[Table] = []
        self.methods: list[Method] = []
        self.library = library
        known = [_Root(library._root(kind), kind, user=False) for kind in ("factors", "methods")]
        known += [_Root(path, "factors") for path in library.factors]
        known += [_Root(path, "methods") for path in library.methods]
        self.known = known
        wanted = paths if paths is not None else [root.path for root in known]
        self.wanted = [path.resolve() for path in wanted]
        # Resolving each of thousands of shipped files took most of the time of linting one file of a user.
        self.away = [root.path for root in known if not any(_meet(root.path, path) for path in self.wanted)]
        inside = [path for path in self.wanted if any(_below(path, root.path) for root in known)]
        own = [root for path in wanted if path.resolve() not in inside for root in _roots(path)]
        self.roots = list({(root.path.resolve(), root.kind): root for root in reversed([*known, *own])}.values())[::-1]
        self.shelf = Library(
            tuple(root.path for root in self.roots if root.kind == "factors" and root.user),
            tuple(root.path for root in self.roots if root.kind == "methods" and root.user),
            library.package,
        )
        self.shelf.table_headers = self._headers("factors")
        self.shelf.method_headers = self._headers("methods")

    def run(self, progress: Callable[[int, int], None]) -> list[Finding]:
        chosen = [
            (path, root)
            for root in self.roots
            if root.path not in self.away
            for path in root.files()
            if self._chosen(path)
        ]
        for path, root in chosen:
            self._apart(path, root)
        if not chosen:
            self.findings += [finding("nothing-to-lint", str(path)) for path in self.wanted]
        self.tables = [table for header in self.chosen_headers("factors") if (table := self.table(header)) is not None]
        for table in self.tables:
            self.findings += lint_table(table, self.shelf)
            self.findings += lint_handover(table, self.shelf)
            self.findings += lint_ledger(table, self.shelf)
        self.findings += lint_editions(self.tables)
        self.findings += lint_apart(self.tables, self._compared())
        self.findings += lint_register([path for path, root in chosen if _registers(path, root)], self.shelf.register)
        heads = (*self.chosen_headers("factors"), *self.chosen_headers("methods"))
        self.findings += lint_documents((header for header in heads if not header.user), self.shelf.register)
        methods = self.chosen_headers("methods")
        for number, header in enumerate(methods):
            progress(number, len(methods))
            try:
                method = self.shelf.method(header.id)
                self.methods.append(method)
                self.findings += lint_method(method, self.shelf)
            except CarbonstdError as error:
                self.findings += error.findings
        return sorted(_once(self.findings), key=_order)

    def _compared(self) -> Iterator[Table]:
        """The tables whose figures those of the chosen ones are held against."""
        for name in self.shelf.table_headers:
            if name.startswith(f"{COMPARED_SUBJECT}/"):
                with suppress(CarbonstdError):  # told where that table is chosen
                    yield self.shelf.table(name)

    def _chosen(self, path: Path) -> bool:
        if any(root in path.parents for root in self.away):
            return False
        return any(_below(path, wanted) for wanted in self.wanted)

    def chosen_headers(self, kind: str) -> list[Header]:
        headers = self.shelf.table_headers if kind == "factors" else self.shelf.method_headers
        return [header for header in headers.values() if self._chosen(header.path)]

    def _headers(self, kind: str) -> dict[str, Header]:
        """As the library lists them, but a file that cannot be listed is a finding and left out."""
        found, roots = self._listed(kind)
        for root in roots:
            for path in root.editions() if root.kind == kind else ():
                try:
                    header = header_of(path, root.path, kind == "factors", root.user)
                    _ = header.head  # here, so that a fault in it is told and the file left out
                    if header.id in found and not overrides(path, header.id):
                        first = str(found[header.id].path)
                        self._add(path, [finding("override-undeclared", f"{path}:1", id=header.id, first=first)])
                        continue
                except CarbonstdError as error:
                    self._add(path, [*error.findings, *self._unlisted(path, root)])
                    continue
                found[header.id] = header
        return dict(sorted(found.items()))

    def _listed(self, kind: str) -> tuple[dict[str, Header], list[_Root]]:
        """What the library lists already, and the folders still to look through (all, where one file is broken)."""
        try:
            found = self.library.table_headers if kind == "factors" else self.library.method_headers
            for header in found.values():
                _ = header.head if self._chosen(header.path) else None
        except CarbonstdError:
            return {}, self.roots
        return dict(found), [root for root in self.roots if root not in self.known]

    def _unlisted(self, path: Path, root: _Root) -> list[Finding]:
        """The faults of a file whose head is already wrong: all of them are told at once."""
        parts = path.relative_to(root.path).with_suffix("").parts
        name, empty = f"{'/'.join(parts[:-1])}@{parts[-1]}", {"zh": "", "en": ""}
        header = Header(name, path, parts[0], given=Head(empty, Document("", empty)))
        try:
            if root.kind == "factors":
                read_table(path, name)
            else:
                read_method(path, header, self.shelf)
        except CarbonstdError as error:
            return error.findings
        return []

    def _add(self, path: Path, findings: Iterable[Finding]) -> None:
        if self._chosen(path):
            self.findings += findings

    def _apart(self, path: Path, root: _Root) -> None:
        """Files that are no edition: vocabularies, shared parts, and what lies where nobody reads it."""
        parts = path.relative_to(root.path).parts
        if "cases" in parts or _registers(path, root):
            return
        try:
            if parts[0] == "vocabulary":
                read_vocabulary(path)
            elif parts[:2] == ("shared", "verification"):
                self.findings += lint_guide(path, self.shelf)
            elif parts[:2] == ("shared", "forms"):
                self.findings += lint_form(path, f"{path.parent.name}@{path.stem}", self.shelf)
            elif parts[0] == "shared":
                load_file(path)
            elif not _is_edition(parts):
                self.findings.append(finding("definition-misplaced", f"{path}:1"))
        except CarbonstdError as error:
            self.findings += error.findings

    def table(self, header: Header) -> Table | None:
        try:
            return read_table(header.path, header.id)  # with the grades as written, in users' folders too
        except CarbonstdError as error:
            self.findings += error.findings
            return None


def _roots(path: Path) -> list[_Root]:
    """A user's folder: one that holds factors/ and methods/, or one of the two. A file stands three levels below it."""
    if path.is_file():
        above = path.resolve().parents
        return [_Root(above[min(2, len(above) - 1)], _kind([path]), only=path.resolve())]
    inner = [_Root(path / kind, kind) for kind in ("factors", "methods") if (path / kind).is_dir()]
    return inner or [_Root(path, _kind(path.rglob("*.yaml")))]


def _kind(files: Iterable[Path]) -> str:
    for path in files:
        with suppress(CarbonstdError):  # said when the file is read
            if "cases" not in path.parts and _METHOD.search(read_text(path)):
                return "methods"
    return "factors"


def _registers(path: Path, root: _Root) -> bool:
    """Whether a file is part of the register of standards."""
    return root.kind == "factors" and path.relative_to(root.path).parts[0] == "standards"


def _is_edition(parts: Sequence[str]) -> bool:
    return len(parts) >= 3 and not APART & set(parts)


def _below(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def _meet(one: Path, other: Path) -> bool:
    return _below(one, other) or _below(other, one)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once: a shared part is read by every method that includes it."""
    seen = set()
    for item in findings:
        key = (item.code, item.place, item.found())
        if key not in seen:
            seen.add(key)
            yield item


def _order(item: Finding) -> tuple[str, int]:
    place = re.match(r"(.*?):(\d+)(?: |$)", item.place)
    return (place[1], int(place[2])) if place else (item.place, 0)
