"""What a row of a table is found by, in words: for every print-out, report and file that names a row."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Band, Key, Match, Row, Table
from carbonstd._number import shown
from carbonstd._units import unit_text

_MOST_LABELS = 3  # a row that stands for more is told by the first of them
_CALENDAR = 1000  # years from here on are a date, not a duration


def row_words(table: Table, row: Row, library: Library, whole: bool = False) -> Bilingual:
    """The keys of a row: terms by their labels; a number, a band or a code by the label of its key, value and unit.

    Many labels of one key are told by the first of them, in a file of data by all (`whole`).
    """
    most = None if whole else _MOST_LABELS
    parts = [_part(table.keys[name], match, library, most) for name, match in row.match.items()]
    return {language: " / ".join(part[language] for part in parts) for language in ("zh", "en")}


def key_words(key: Key, match: Match, library: Library) -> Bilingual:
    """One key of a row, every label of it; a number or band with its unit."""
    if isinstance(match, Band):
        text = f"{match} {_unit(key, match)}".rstrip()
        return {"zh": text, "en": text}
    vocabulary, labels = library.key_vocabulary(key), match if isinstance(match, tuple) else (match,)
    return {
        language: mark.join(vocabulary.label(label, language) if vocabulary else label for label in labels)
        for language, mark in (("zh", "、"), ("en", ", "))
    }


def asked_words(table: Table, values: Sequence[object], library: Library) -> Bilingual:
    """What a row was looked for by: a value for each key of a table, those that are missing left out."""
    asked = zip(table.keys.values(), values, strict=True)
    parts = [_asked(key, value, library) for key, value in asked if value and value == value]  # NaN is no value
    return {language: mark.join(part[language] for part in parts) for language, mark in (("zh", "、"), ("en", ", "))}


def _asked(key: Key, value: Any, library: Library) -> Bilingual:
    """A key and the value it was asked with; a term of a vocabulary says enough alone."""
    if isinstance(value, str):
        words = key_words(key, value, library)
        return words if library.key_vocabulary(key) else _with_label(key, words)
    exact = Band(from_=Fraction(value), up_to=Fraction(value))
    unit = _unit(key, exact)
    text = f"{shown(value)} {unit}".rstrip() if unit else f"{float(value):g}"
    return _with_label(key, {"zh": text, "en": text})


def _with_label(key: Key, words: Bilingual) -> Bilingual:
    return {language: f"{key.label[language]} {words[language]}" for language in ("zh", "en")}


def _part(key: Key, match: Match, library: Library, most: int | None) -> Bilingual:
    words = key_words(key, match, library)
    if isinstance(match, tuple) and most is not None and len(match) > most:
        first = key_words(key, match[:most], library)
        words = {"zh": f"{first['zh']}等{len(match)}项", "en": f"{first['en']} and {len(match) - most} more"}
    if library.key_vocabulary(key) is not None:
        return words
    return _with_label(key, words)


def _unit(key: Key, band: Band) -> str:
    if key.unit is None or (key.unit.text == "a" and all(bound >= _CALENDAR for bound in band.bounds)):
        return ""
    return unit_text(key.unit)
