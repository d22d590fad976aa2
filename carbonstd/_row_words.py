"""What a row of a table is found by, in words: for every print-out, report and file that names a row."""

from __future__ import annotations

from carbonstd._library import Library
from carbonstd._schema import Bilingual
from carbonstd._table import Band, Key, Match, Row, Table
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


def _part(key: Key, match: Match, library: Library, most: int | None) -> Bilingual:
    words = key_words(key, match, library)
    if isinstance(match, tuple) and most is not None and len(match) > most:
        first = key_words(key, match[:most], library)
        words = {"zh": f"{first['zh']}等{len(match)}项", "en": f"{first['en']} and {len(match) - most} more"}
    if library.key_vocabulary(key) is not None:
        return words
    return {language: f"{key.label[language]} {words[language]}" for language in ("zh", "en")}


def _unit(key: Key, band: Band) -> str:
    if key.unit is None or (key.unit.text == "a" and all(bound >= _CALENDAR for bound in band.bounds)):
        return ""
    return unit_text(key.unit)
