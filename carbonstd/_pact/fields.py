"""The fields of a PACT product footprint by version, as data (`pact-2.3.yaml`, `pact-3.0.yaml`).

Derived from the PACT Technical Specifications, (c) World Business Council for Sustainable Development; see NOTICE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from carbonstd._yaml import load_file

SEPARATOR = "."


@dataclass(frozen=True)
class Field:
    """One field: where it stands, what it is, and what it means in both versions."""

    path: str
    type: str
    required: bool = False
    many: bool = False  # a set: one at least, none twice
    list: bool = False
    least: int = 0
    sign: str = ""
    choices: tuple[str, ...] = ()
    form: str = ""
    rule: str = ""
    means: str = ""
    low: int | None = None
    high: int | None = None

    @property
    def parent(self) -> str:
        return self.path.rpartition(SEPARATOR)[0]

    @property
    def name(self) -> str:
        return self.path.rpartition(SEPARATOR)[2]


@dataclass(frozen=True)
class Version:
    """A version of the format: its number, the number written into a document, and its fields by path."""

    id: str
    spec: str
    fields: Mapping[str, Field]

    @property
    def paths(self) -> dict[str, str]:
        """Where that stands which has a meaning in both versions."""
        return {field.means: field.path for field in self.fields.values() if field.means}

    def children(self, path: str) -> list[Field]:
        """The fields of the object at a path, `""` being the footprint."""
        return [field for field in self.fields.values() if field.parent == path]


@cache
def version(name: str) -> Version:
    """Version `2.3` or `3.0`."""
    data = _load(f"pact-{name}.yaml")
    return Version(name, data["spec"], {item["path"]: _field(item) for item in data["fields"]})


def version_of(spec: Any) -> Version | None:
    """The version a document that names `spec` is read by; None where it is none that is known."""
    major = str(spec).partition(".")[0] if isinstance(spec, str) else ""
    held = shared()["versions"].get(major)
    return version(held) if held else None


@cache
def shared() -> Mapping[str, Any]:
    """Units, regions and shapes of texts."""
    data: Mapping[str, Any] = _load("pact.yaml")
    return data


def shaped(text: str, form: str) -> bool:
    """Whether a text has a form: a shape or one of the regions."""
    if form == "region":
        return text in shared()["regions"]
    return re.fullmatch(shared()["forms"][form]["shape"], text, re.ASCII) is not None


def example_of(form: str) -> str:
    return "Eastern Asia" if form == "region" else str(shared()["forms"][form]["example"])


def _load(name: str) -> Any:
    return load_file(Path(__file__).with_name(name))


def _field(item: Mapping[str, Any]) -> Field:
    words = {"from": "low", "to": "high"}
    known = {words.get(name, name): value for name, value in item.items()}
    return Field(**{**known, "choices": tuple(known.get("choices", ()))})
