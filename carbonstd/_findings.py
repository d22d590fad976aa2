"""Findings: what is wrong or worth knowing, in Chinese and English, with a code that never changes.

The texts stand in `messages.yaml`; a finding carries its code, where it was found and the values to fill in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, reduce
from pathlib import Path
from typing import Any, Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
OTHER_LANGUAGE: dict[Language, Language] = {"zh": "en", "en": "zh"}


class Severity(StrEnum):
    """`error` refuses or fails, `warning` wants a person's eye, `note` is a choice made visible."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_EXPECTED: dict[Language, str] = {"zh": "应为：", "en": "expected: "}  # else it reads as one more thing found
_ASKED = ("是否指", "did you mean")  # a question says itself that it is one
_PLAIN = (str, int, float)  # by far the most values of findings


class PlaceOf(str):
    """A place of one entity of a run that many share; `entity` is its position among them."""

    entity: int

    def __new__(cls, place: str, entity: int) -> PlaceOf:
        made = super().__new__(cls, place)
        made.entity = entity
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlaceOf) and self.entity == other.entity and str.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((str.__hash__(self), self.entity))

    @property
    def alone(self) -> str:
        """The place as the run of that entity alone tells it."""
        return str.__str__(self)


@dataclass(frozen=True)
class Finding:
    """One finding.

    `place` is sheet!cell, a row or file:line. `values` fill the catalogue's texts; a value may be a
    {zh, en} mapping. `clause` names the document's clause the finding rests on, where there is one. `where` is the
    place in a reader's words, for places that are ids.
    """

    code: str
    place: str = ""
    clause: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def structural(self) -> bool:
        """Whether it says that a whole file is not what was asked for, so that all else may come of it."""
        return is_structural(self.code)

    def place_text(self, language: Language = "en") -> str:
        """The place for a reader: its words where it has any."""
        return self.where.get(language) or self.place

    def found(self, language: Language = "en") -> str:
        return self._text("found", language, self._said(language))

    def expected(self, language: Language = "en") -> str:
        return self._text("expected", language, self._said(language))

    def remedy(self, language: Language = "en") -> str:
        return self._text("remedy", language, self._said(language))

    def beside_total(self, language: Language = "en") -> str:
        """What must be read beside a total that rests on it; empty where nothing need be."""
        return self._text("beside_total", language, {})

    def says(self, language: Language = "en") -> str:
        """What was found, what was expected, how to mend it, and the clause; without the place."""
        join, values = "；" if language == "zh" else "; ", self._said(language)
        parts = [self._text(part, language, values) for part in ("found", "expected", "remedy")]
        if parts[1] and not parts[1].startswith(_ASKED):
            parts[1] = _EXPECTED[language] + parts[1]
        clause = f" [{self.clause}]" if self.clause else ""
        return f"{join.join(part for part in parts if part)}{clause}"

    def message(self, language: Language = "en") -> str:
        """The finding as one line: place, what was found, what was expected, how to mend it."""
        place = f"{self.place_text(language)}: " if self.place else ""
        return f"{place}{self.says(language)}"

    def as_dict(self, language: Language = "en") -> dict[str, str]:
        return {
            "code": self.code,
            "severity": str(self.severity),
            "place": self.place,
            "clause": self.clause,
            "found": self.found(language),
            "expected": self.expected(language),
            "remedy": self.remedy(language),
        }

    def _said(self, language: Language) -> dict[str, Any]:
        """The values as the texts take them."""
        values = {name: _in(value, language) for name, value in self.values.items()}
        if values.get("unit") == "1":
            values["unit"] = ""  # a pure number
        return values

    def _text(self, part: str, language: Language, values: Mapping[str, Any]) -> str:
        entry = catalogue()[self.code]
        texts = entry.get(f"{part}_{self.values.get('kind')}") or entry.get(part, {})
        template: str = texts.get(language, "")
        if "{suggestion}" in template and not values.get("suggestion"):
            return ""  # nothing is near enough to be meant
        return template.format_map(values).replace("（）", "").replace(" ()", "").strip()

    def __str__(self) -> str:
        return f"{self.severity} {self.code} {self.message()}"


def finding(code: str, place: str = "", clause: str = "", /, **values: Any) -> Finding:
    """Make a finding; its severity is the catalogue's unless given as `severity=`."""
    severity = Severity(values.pop("severity", None) or catalogue()[code]["severity"])
    return Finding(code, place, clause, values, severity)


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """The catalogue of codes: severity and the texts found / expected / remedy in zh and en.

    `structure: true` marks what is told of a whole file or moves the whole result; it is read first.
    `expected_text` and `remedy_text` stand in where a value `kind` says that words, not a number, are meant.
    """
    from carbonstd._yaml import load_file

    loaded: dict[str, dict[str, Any]] = load_file(Path(__file__).with_name("messages.yaml"))
    return loaded


def is_structural(code: str) -> bool:
    return bool(catalogue().get(code, {}).get("structure"))


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """The first of those that find the same at one place; two checks that speak in the same words are two."""
    items = list(findings)
    spots = [(item.code, str(item.values.get("id", "")), item.place) for item in items]
    several = {spot for spot, count in Counter(spots).items() if count > 1}  # alone, no text need be made to compare
    seen: dict[tuple[str, ...], Finding] = {}
    for item, spot in zip(items, spots, strict=True):
        seen.setdefault((*spot, item.found("en")) if spot in several else spot, item)
    return list(seen.values())


def first_of_each(findings: Iterable[Finding], most: int) -> tuple[list[Finding], dict[str, int]]:
    """At most so many findings of a code, in their order, and how many of which codes are left out."""
    counts: Counter[str] = Counter()
    kept = []
    for item in findings:
        counts[item.code] += 1
        if counts[item.code] <= most:
            kept.append(item)
    return kept, {code: count - most for code, count in counts.items() if count > most}


def joined_places(places: Iterable[str]) -> str:
    """Places in one line, neighbours in a column or a row as a range and a sheet named once: 燃料!E6:E8, H9:K9."""
    runs: list[tuple[str, _Cell, _Cell]] = []
    others: list[str] = []
    for place in dict.fromkeys(filter(None, places)):
        found = re.fullmatch(r"(.+!)([A-Z]+)(\d+)", place)
        if found is None:
            others.append(place)
            continue
        sheet, cell = found[1], _Cell(found[2], int(found[3]))
        if runs and runs[-1][0] == sheet and cell.goes_on(*runs[-1][1:]):
            runs[-1] = (sheet, runs[-1][1], cell)
        else:
            runs.append((sheet, cell, cell))
    texts = [str(first) + (f":{last}" if last != first else "") for _, first, last in runs]
    sheets = [sheet if not at or sheet != runs[at - 1][0] else "" for at, (sheet, *_) in enumerate(runs)]
    return ", ".join([*map("".join, zip(sheets, texts, strict=True)), *others])


class _Cell(NamedTuple):
    column: str
    row: int

    def goes_on(self, first: _Cell, last: _Cell) -> bool:
        """Whether it is the next of a run of cells down a column or along a row."""
        down = first.column == self.column == last.column and self.row == last.row + 1
        return down or (first.row == self.row == last.row and self._number == last._number + 1)

    @property
    def _number(self) -> int:
        return reduce(lambda number, letter: number * 26 + ord(letter) - 64, self.column, 0)

    def __str__(self) -> str:
        return f"{self.column}{self.row}"


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(item.severity is Severity.ERROR for item in findings)


def _in(value: Any, language: Language) -> Any:
    if type(value) not in _PLAIN and isinstance(value, Mapping) and ("zh" in value or "en" in value):
        return value.get(language) or value.get("en") or value.get("zh")
    return value
