"""Opening a workbook file safely: what kind of file it is, how large it may be, and its XML parts without entities.

Everything that comes from outside is bounded before it is unpacked. XML goes through expat with document types refused,
so no entity is ever expanded and nothing outside the file is ever read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._watch import tell
from carbonstd._workbook.plain import Plain, feed

MAX_FILE, MAX_UNPACKED, MAX_RATIO, MAX_PARTS, MAX_TAGS = 100_000_000, 250_000_000, 200, 2_000, 500_000
_SMALL = 20_000_000  # below this a high ratio is only a tidy table
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Archive:
    """The parts of an opened workbook. `findings` are notes made while opening."""

    def __init__(self, path: Path, pack: zipfile.ZipFile) -> None:
        self.path, self.pack = path, pack
        self.names = set(pack.namelist())
        self.findings: list[Finding] = []
        self._read, self._size = 0, sum(item.file_size for item in pack.infolist() if item.filename.endswith(".xml"))

    def parse(self, name: str, start: Start, end: End, text: Text, plain: Plain | None = None) -> None:
        """Send the elements of a part to the handlers, local names only; those of the usual form go to `plain`.

        Raises CaseError for a broken part.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        began = -1

        def started(tag: str, attributes: dict[str, str]) -> None:
            nonlocal began
            began = parser.CurrentByteIndex
            start(tag.rpartition(":")[2], attributes)

        def ended(tag: str) -> None:
            nonlocal began
            began = -1
            end(tag.rpartition(":")[2])

        parser.StartDoctypeDeclHandler = lambda *_: self._refuse("workbook-entities", part=name)
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
        try:
            with self.pack.open(name) as packed:
                part = _Watched(packed, self._told)
                if plain is None:
                    parser.ParseFile(part)
                else:
                    feed(parser, part, plain, lambda: began)
        except expat.ExpatError as error:
            self._refuse("workbook-damaged", detail=f"{name}: {error}")
        except _BROKEN as error:
            self._refuse("workbook-damaged", detail=f"{name}: {error}")

    def _told(self, count: int) -> None:
        """Tell whoever watches how much of the workbook is read."""
        self._read += count
        tell(self._read, self._size)

    def first_tags(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """All elements of a small part, in order, as (local name, attributes)."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            found.append((tag, attributes))
            if len(found) > MAX_TAGS:
                self._refuse("workbook-too-large", **_excess(f"> {MAX_TAGS:,} elements in {name}", f"{MAX_TAGS:,}"))

        self.parse(name, start, lambda tag: None, lambda text: None)
        return found

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: id -> (kind, part)."""
        part = PurePosixPath(name)
        relations = str(part.parent / "_rels" / f"{part.name}.rels")
        if relations not in self.names:
            return {}
        return {
            item.get("Id", ""): (item.get("Type", "").rpartition("/")[2], _joined(part.parent, item.get("Target", "")))
            for tag, item in self.first_tags(relations)
            if tag == "Relationship" and item.get("TargetMode") != "External"
        }

    def _refuse(self, code: str, **values: str) -> None:
        raise CaseError(findings=[finding(code, self.path.name, **values)])


class _Watched:
    """A part whose bytes are counted as they are read."""

    def __init__(self, part: IO[bytes], told: Callable[[int], None]) -> None:
        self._part, self._told = part, told

    def read(self, count: int = -1, /) -> bytes:
        found = self._part.read(count)
        self._told(len(found))
        return found


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The parts of a workbook, once the file is known to be one and to be safe. Raises CaseError in one clear line."""
    try:
        code, values = _kind(path)
    except OSError as error:
        code, values = "workbook-unreadable", {"detail": error.strerror or str(error)}
    if code:
        raise CaseError(findings=[finding(code, path.name, **values)])
    try:
        pack = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise CaseError(findings=[finding("workbook-damaged", path.name, detail=str(error))]) from None
    with pack:
        archive = Archive(path, pack)
        problems = _problems(archive)
        if problems:
            raise CaseError(findings=problems)
        yield archive


def _kind(path: Path) -> tuple[str, dict[str, str]]:
    """The code of what is wrong with the file as a whole, told from its name, size and first bytes."""
    if path.name.startswith("~$"):
        return "workbook-lock-file", {"name": path.name[2:]}
    size = path.stat().st_size
    if size > MAX_FILE:
        return "workbook-too-large", _excess(f"{size:,} B", f"{MAX_FILE:,} B")
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith(_OLE):
            encrypted = "EncryptedPackage".encode("utf-16-le") in head + file.read()
            return ("workbook-encrypted" if encrypted else "workbook-legacy"), {}
    return ("", {}) if head.startswith(_ZIP) else ("workbook-not", {"suffix": path.suffix or "—"})


def _excess(found: str, limit: str) -> dict[str, str]:
    return {"found": found, "limit": limit}


def _problems(archive: Archive) -> list[Finding]:
    """All that keeps the parts from being read, found in the directory of the archive before anything is unpacked."""
    path, items = archive.path, archive.pack.infolist()
    unpacked, packed = sum(item.file_size for item in items), sum(item.compress_size for item in items)
    if len(items) > MAX_PARTS:
        return [finding("workbook-too-large", path.name, **_excess(f"{len(items):,} parts", f"{MAX_PARTS:,} parts"))]
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > MAX_RATIO * max(packed, 1)):
        limit = f"{MAX_UNPACKED:,} B, {MAX_RATIO}:1"
        return [finding("workbook-bomb", path.name, **_excess(f"{unpacked:,} B / {packed:,} B", limit))]
    if any(item.flag_bits & 1 for item in items):
        return [finding("workbook-encrypted", path.name)]
    if len(archive.names) < len(items):
        return [finding("workbook-damaged", path.name, detail="duplicate parts")]
    if "[Content_Types].xml" not in archive.names or not any(name.endswith("workbook.xml") for name in archive.names):
        return [finding("workbook-not-xlsx", path.name)]
    found = [finding("workbook-entities", path.name, part=item.filename) for item in items if _doctype(archive, item)]
    if any(name.startswith("xl/externalLinks/") for name in archive.names):
        found.append(finding("workbook-external-links", path.name))
    if any(name.endswith("vbaProject.bin") for name in archive.names):
        archive.findings.append(finding("workbook-macros", path.name))
    return found


def _doctype(archive: Archive, item: zipfile.ZipInfo) -> bool:
    """Whether an XML part declares a document type near its top; the parts we parse are guarded throughout."""
    if not item.filename.endswith((".xml", ".rels", ".vml")):
        return False
    try:
        with archive.pack.open(item) as part:
            head = part.read(8192)
    except _BROKEN:
        return False  # a broken part speaks when it is parsed; one that nobody parses does no harm
    return any(mark in head for mark in _DOCTYPES)


def _joined(folder: PurePosixPath, target: str) -> str:
    """The part a relation's target means, `..` and leading slashes resolved."""
    parts: list[str] = []
    for piece in (PurePosixPath("/") / folder / target).parts[1:]:
        if piece == "..":
            parts = parts[:-1]
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)
