"""Lint of the register: each entry for itself, and both sides of every succession."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from carbonstd._definitions.document import Period, folded
from carbonstd._definitions.header import Header
from carbonstd._definitions.register import Entry, Register, read_entry
from carbonstd._definitions.schema import Fields, Problems, parse_date
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._lint.tables import lint_texts
from carbonstd._yaml import Items, load_file


def lint_register(paths: list[Path], register: Register) -> list[Finding]:
    """Every fault of some files of the register; `register` holds these files and all others."""
    findings: list[Finding] = []
    entries: dict[str, list[Entry]] = {}
    for path in paths:
        problems = Problems(str(path))
        try:
            entries[str(path)] = list(_entries(path, problems))
        except CarbonstdError as error:
            findings += error.findings
        findings += problems.findings
    if findings:
        return findings  # a succession is judged where all can be read
    findings += _duplicates(entries)
    for path_name, found in entries.items():
        problems = Problems(path_name)
        lint_texts(problems, ((entry.line, text) for entry in found for text in (entry.source, entry.note)))
        findings += problems.findings
        for entry in found:
            place = f"{path_name}:{int(entry.line)}"
            findings += [*_names(entry, place, register), *_successions(entry, place, register)]
            findings += [*_order(entry, place), *_status(entry, place, register)]
    return findings


def lint_documents(headers: Iterable[Header], register: Register) -> Iterator[Finding]:
    """Heads of tables and methods that tell of their document what the register tells otherwise."""
    for header in headers:
        document, place = header.document, f"{header.path}:1"
        for entry in register.of(document.number):
            issued, successor = Period.parse(entry.issued), document.superseded_by
            if issued and document.issued and not issued.start <= document.issued <= issued.end:
                values = {"field": "issued", "found": str(document.issued), "registered": entry.issued}
                yield finding("register-disagrees", place, number=entry.number, **values)
            told = bool(entry.superseded_by) or not entry.see  # one that names another line names no successor
            if successor and told and register.key(successor) not in map(register.key, entry.superseded_by):
                values = {"field": "superseded_by", "found": successor, "registered": ", ".join(entry.superseded_by)}
                yield finding("register-disagrees", place, number=entry.number, **values)


def _entries(path: Path, problems: Problems) -> Iterator[Entry]:
    """The entries of a file, read as a whole: what a look-up by number would pass over is a fault."""
    head = Fields(load_file(path), problems)
    head.bilingual("title")
    known = parse_date(head.text("known", "")) or date.max
    if known == date.max:
        problems.add("schema-missing-field", head.at("known"), field="known")
    items = head.items("documents")
    head.done()
    for item, line in zip(items, items.lines if isinstance(items, Items) else [], strict=True):
        yield read_entry(Fields(item, problems, line), known)


def _duplicates(entries: dict[str, list[Entry]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for path, found in entries.items():
        for entry in found:
            place = f"{path}:{int(entry.line)}"
            if folded(entry.number) in first:
                yield finding("register-duplicate", place, number=entry.number, first=first[folded(entry.number)])
            first.setdefault(folded(entry.number), place)


def _names(entry: Entry, place: str, register: Register) -> Iterator[Finding]:
    """A look-up finds what is written as the register is: the number first in its line, aliases in one line."""
    for field, name in [("number", entry.number), *(("aliases", alias) for alias in entry.aliases)]:
        if entry.number not in {item.number for item in register.find(name)}:
            yield finding("register-dangling", place, field=field, number=name)


def _successions(entry: Entry, place: str, register: Register) -> Iterator[Finding]:
    for name, other_name in (("supersedes", "superseded_by"), ("superseded_by", "supersedes"), ("see", "")):
        for number in getattr(entry, name):
            other = register.get(number)
            if other is None or other.number != number:
                yield finding("register-dangling", place, field=name, number=number)
            elif other_name and entry.number not in getattr(other, other_name):
                yield finding("register-one-sided", place, field=other_name, number=number)
            elif name == "superseded_by":
                yield from _later(entry, other, place)
    later = register.chain(entry)
    if any(entry.number in item.superseded_by for item in later):
        yield finding("register-cycle", place, numbers=", ".join(item.number for item in (entry, *later)))


def _later(entry: Entry, successor: Entry, place: str) -> Iterator[Finding]:
    """A successor is not issued before what it replaced, nor does it bind before."""
    for name in ("issued", "in_force"):
        first, second = Period.parse(getattr(entry, name)), Period.parse(getattr(successor, name))
        if first and second and first.start > second.end:
            pair = {"first": f"{entry.number} {name}", "second": f"{successor.number} {name}"}
            yield finding("register-dates", place, **pair)


def _order(entry: Entry, place: str) -> Iterator[Finding]:
    days = [(name, Period.parse(getattr(entry, name))) for name in ("issued", "in_force", "until")]
    known = [(name, span) for name, span in days if span]
    for (first, earlier), (second, later) in pairwise(known):
        if earlier.start > later.end:
            yield finding("register-dates", place, first=first, second=second)


def _status(entry: Entry, place: str, register: Register) -> Iterator[Finding]:
    """A status that dates or successors contradict."""
    start = Period.parse(entry.in_force)
    begun = start is not None and start.start <= entry.known
    newer = register.newer(entry, entry.known)
    reasons = {
        "in_force": [
            (bool(start) and not begun, {"zh": "尚未实施", "en": "it does not bind yet"}),
            (bool(newer), {"zh": "代替它的版本已实施", "en": "what replaced it is in force"}),
        ],
        "upcoming": [(begun, {"zh": "已经实施", "en": "it binds already"})],
        "superseded": [(not entry.superseded_by, {"zh": "没有写明被何者代替", "en": "it does not say by what"})],
    }
    for wrong, reason in reasons.get(entry.status, []):
        if wrong:
            yield finding("register-status", place, status=entry.status, reason=reason)
