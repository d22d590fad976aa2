"""One PACT product footprint as it was sent, its fields found by what they mean in any version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from carbonstd._pact.check import decimal, instant
from carbonstd._pact.fields import SEPARATOR, Version


@dataclass(frozen=True)
class Footprint:
    """A document, the version it is read by, and its place in a file (`a.json $.data[0]`)."""

    document: Mapping[str, Any]
    version: Version
    place: str

    def get(self, means: str) -> Any:
        """What was sent, None where it was not or the version has no such field."""
        path = self.version.paths.get(means)
        return None if path is None else self.at(path)

    def at(self, path: str) -> Any:
        value: Any = self.document
        for name in path.split(SEPARATOR):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def place_of(self, means: str) -> str:
        return f"{self.place}.{self.version.paths[means]}"

    def number(self, means: str) -> Fraction | None:
        """A figure, whether the version writes it as a number or as a decimal in a text."""
        value = self.get(means)
        if isinstance(value, bool) or value is None:
            return None
        number = decimal(value) if isinstance(value, str) else value
        return None if number is None else Fraction(number)

    def text(self, means: str) -> str:
        value = self.get(means)
        return value if isinstance(value, str) else ""

    def instant(self, means: str) -> datetime | None:
        return instant(self.get(means))

    @property
    def name(self) -> str:
        """What a person knows it by."""
        return self.text("product_name") or self.text("id")
