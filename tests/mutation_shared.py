"""What several families share, a part or a table: its mutant is one mutant, and the cases of any of them prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._yaml import load_file

# Fields of an included thing that a method may set without making it another thing.
_SAID = {
    "label",
    "symbol",
    "clause",
    "default_clause",
    "number",
    "as_printed",
    "evidence",
    "note",
    "help",
    "source_column",
}


class Shared:
    """The parts and tables of each method file, and the families that use each."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.users: dict[str, set[str]] = defaultdict(set)
        self.owners: dict[str, dict[str, str]] = {}
        for header in library.method_headers.values():
            data = load_file(header.path)
            self.owners[header.id] = dict(self._groups(data))
            parts = {f"part {include['part']}" for include in data.get("include", ())}
            for owner in parts | set(_tables(data)):
                self.users[owner].add(header.family)

    def name(self, method: Method, group: str) -> str:
        """The group of mutants as all families that share it call it; else with the name of its own family."""
        if group.startswith("table "):
            return group if self.families(group) else f"{method.family} {group}"
        owner = self.owners[method.id].get(group, "")
        return f"{owner} {group}" if self.families(owner) else f"{method.family} {group}"

    def families(self, name: str) -> list[str]:
        """The families that share what a mutant or group of this name changes; none where it is of one family."""
        words = name.split(" ")
        owner = " ".join(words[:2]).rstrip(":").partition("@")[0]
        users = self.users.get(owner, set())
        return sorted(users) if len(users) > 1 else []

    def _groups(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The groups of mutants of a method file that are those of a part, unchanged, and the part."""
        for include in data.get("include", ()):
            owner = f"part {include['part']}"
            part = load_file(self.library.shared("parts", include["part"]))
            names, places = include.get("rename", {}), include.get("rename_sheets", {})
            equations, sheets = include.get("equations", {}), include.get("sheets", {})
            for name in part.get("constants", ()):
                yield f"constant {name}", owner
            for name in part.get("equations", ()):
                if name not in include.get("replace", {}) and _same(equations.get(names.get(name, name))):
                    yield f"equation {names.get(name, name)}", owner
            for name in part.get("checks", ()):
                yield f"check {names.get(name, name)}", owner
            for name, sheet in part.get("sheets", {}).items():
                place = places.get(name, name)
                over = sheets.get(place) or {}
                if "basis" not in over:
                    yield f"sheet {place}", owner
                columns = over.get("columns") or {}
                for column in sheet.get("columns", ()):
                    if _same(columns.get(column)):
                        yield f"column {place}.{column}", owner


def _same(over: Mapping[str, Any] | None) -> bool:
    return not over or set(over) <= _SAID


def _tables(data: Mapping[str, Any]) -> Iterator[str]:
    """The tables a method file names, whatever their editions."""
    slots = list(data.get("tables", {}).values())
    slots += [slot for include in data.get("include", ()) for slot in include.get("with", {}).values()]
    for slot in slots:
        if isinstance(slot, Mapping):
            for name in (slot.get("table"), *slot.get("tables", {}).values()):
                if name:
                    yield f"table {str(name).partition('@')[0]}"
