"""Lint of tables: labels, sources, bands and conditions that meet or overlap, editions of one family."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

from carbonstd._catalogue.tidy import rows_of
from carbonstd._definitions.document import Document
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual, Fields, Problems
from carbonstd._definitions.table import Band, Cell, Match, Row, Table
from carbonstd._errors import CarbonstdError, CaseError, NotFoundError
from carbonstd._findings import Finding
from carbonstd._lint.figures import cells_of, lint_figures, lint_jumps
from carbonstd._number import shown
from carbonstd._yaml import Map, load_text, read_text

_OF_NOTHING = ("t/t", "kg/kg", "g/g", "m^3/m^3")  # of what per what?
_MUST_NAME_SOURCE = ("official", "secondary", "derived")
_DOCUMENT_NUMBER = re.compile(r"(?=.*\d)(?=.*[A-Za-z\u4e00-\u9fff]).{4,}")
_PROSE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")  # English, rather than a name or a unit


def lint_table(table: Table, library: Library) -> list[Finding]:
    """What is wrong with a table that reads."""
    return _TableLint(table, library).run()


def lint_editions(tables: Sequence[Table]) -> Iterator[Finding]:
    """Editions of one family should share keys and columns; each is compared with the one before."""
    families = defaultdict(list)
    for table in sorted(tables, key=lambda item: item.id):
        families[table.family].append(table)
    for editions in families.values():
        for older, newer in pairwise(editions):
            odd = {*older.keys, *older.columns} ^ {*newer.keys, *newer.columns}
            if odd:
                problems = Problems(newer.path)
                problems.add("editions-differ", 1, other=older.id, names=", ".join(sorted(odd)))
                yield from problems.findings
            yield from lint_jumps(older, newer)


def lint_document(problems: Problems, document: Document, errata: Sequence[Mapping[str, Bilingual]], head: Map) -> None:
    """The document's successor and the errata of a table or method."""
    successor = document.superseded_by
    if successor and (not _DOCUMENT_NUMBER.fullmatch(successor) or successor == document.number):
        written = head.get("document")
        at = written.lines["superseded_by"] if isinstance(written, Map) else 1
        problems.add("superseded-by", at, found=successor)
    places = getattr(head.get("errata"), "lines", [])
    for index, erratum in enumerate(errata):
        lint_texts(problems, ((places[index] if index < len(places) else 1, text) for text in erratum.values()))
        missing = [name for name in ("place", "printed") if not any(erratum.get(name, {}).values())]
        missing += [] if erratum.get("read_as") or erratum.get("plausible") else ["read_as"]
        if missing:
            at = places[index] if index < len(places) else 1
            problems.add("erratum-incomplete", at, missing=", ".join(missing))


def lint_regimes(problems: Problems, line: int, regimes: Sequence[str], library: Library) -> None:
    """Regimes are words of one vocabulary, so that a figure is found under the rules it is wanted for."""
    known = library.vocabulary("regimes")
    for regime in regimes:
        if regime not in known.terms:
            problems.add("regime-unknown", line, found=regime, suggestion=known.suggest(regime))


def lint_texts(problems: Problems, texts: Iterable[tuple[int, Bilingual]]) -> None:
    """Sources, notes and errata, with their lines, that a reader of Chinese is told in English."""
    for line, text in texts:
        if text and text["zh"] == text["en"] and _PROSE.search(text["en"]):
            problems.add("text-one-language", line, found=text["en"][:60])


def lint_label(problems: Problems, line: int, name: str, label: Bilingual) -> None:
    if not (label.get("zh", "").strip() and label.get("en", "").strip()):
        problems.add("label-empty", line, name=name)


def read_head(path: Path) -> Map:
    """The file above its rows, for the lines of its fields."""
    text = re.split(r"(?m)^rows:", read_text(path), maxsplit=1)[0]
    data = load_text(text, str(path))
    return data if isinstance(data, Map) else Map()


class _TableLint:
    def __init__(self, table: Table, library: Library) -> None:
        self.table, self.library = table, library
        self.problems = Problems(table.path)
        self.head = read_head(Path(table.path))
        self.graded = [row for row in table.rows if not row.listed]

    def run(self) -> list[Finding]:
        table = self.table
        lint_document(self.problems, table.document, table.errata, self.head)
        lint_label(self.problems, self._line("title"), table.id, table.title)
        lint_regimes(self.problems, self._line("regimes"), table.regimes, self.library)
        for section, labels in (("keys", table.keys), ("columns", table.columns)):
            for name, item in labels.items():
                lint_label(self.problems, self._line(section, name), name, item.label)
        if table.data_period and table.published and table.data_period.start > table.published:
            values = {"period": str(table.data_period), "published": str(table.published)}
            self.problems.add("data-period-future", self._line("data_period"), **values)
        self._labels()
        self._columns()
        self._overlaps()
        self._gaps()
        for row in table.rows:
            self._row(row)
        lint_texts(self.problems, self._texts())
        try:
            rows_of(table, self.library)
        except CaseError as error:
            self.problems.adopt(error, 1)
        except NotFoundError:
            pass  # a vocabulary that is not there was told with the key
        lint_figures(table, self.problems)
        return self.problems.findings

    def _texts(self) -> Iterator[tuple[int, Bilingual]]:
        yield from self._sources()
        yield self._line("note"), self.table.note
        yield self._line("licence"), self.table.licence
        for row in self.table.rows:
            yield row.line, row.note
            for held in row.cells.values():
                yield from ((part.line, part.note) for part in ([held] if isinstance(held, Cell) else held.values()))

    def _sources(self) -> Iterable[tuple[int, Bilingual]]:
        """Each source once, where the head or the first figure names it: rows and cells inherit theirs."""
        told = [(self._line("source"), Fields(self.head, Problems("")).bilingual("source", {}))]
        told += [
            (part.line, part.source)
            for row in self.table.rows
            for held in row.cells.values()
            for part in cells_of(held)
        ]
        return {source["en"]: (line, source) for line, source in reversed(told) if source}.values()

    def _line(self, *names: str) -> int:
        found: Any = self.head
        line: int = 1
        for name in names:
            if not isinstance(found, Map) or name not in found:
                break
            line, found = found.lines[name], found[name]
        return line

    def _labels(self) -> None:
        for name, key in self.table.keys.items():
            if key.terms is not None and key.vocabulary:
                self.problems.add("key-labelled-twice", self._line("keys", name), key=name, vocabulary=key.vocabulary)
            try:
                vocabulary = self.library.key_vocabulary(key)
            except CarbonstdError as error:
                self.problems.adopt(error, self._line("keys", name))
                continue
            if vocabulary is None:
                continue
            for row in self.table.rows:
                for label in _options(row.match.get(name)) or ():
                    if label not in vocabulary.terms:
                        values = {"label": label, "vocabulary": vocabulary.id}
                        self.problems.add(
                            "key-not-in-vocabulary", row.line, **values, suggestion=vocabulary.suggest(label)
                        )

    def _columns(self) -> None:
        """A mass per mass says of what; every row has the same levels."""
        for name, column in self.table.columns.items():
            line = self._line("columns", name)
            for written in column.units.values():
                if written.text in _OF_NOTHING:
                    self.problems.add("unit-of-nothing", line, column=name, unit=written.text)
            labels = set(self.table.labels(column.axis)) if column.axis else set()
            for row in self.table.rows:
                held = row.cells.get(name)
                if isinstance(held, Mapping) and set(held) != labels:
                    missing = ", ".join(sorted(labels - set(held)))
                    self.problems.add("levels-missing", row.line, row=row.name(), column=name, missing=missing)

    def _overlaps(self) -> None:
        """Rows are boxes over labels, points and bands. Only rows that share every label and point they all state can
        overlap.
        """
        stated = [name for name in self.table.keys if all(_points(row.match.get(name)) for row in self.graded)]
        buckets: dict[tuple[str | Fraction, ...], list[Row]] = defaultdict(list)
        for row in self.graded:
            for points in product(*(_points(row.match[name]) for name in stated)):
                buckets[points].append(row)
        seen = set()
        for rows in buckets.values():
            for index, row in enumerate(rows):
                for other in rows[:index]:
                    if (row.line, other.line) not in seen and self._overlap(row, other):
                        seen.add((row.line, other.line))
                        values = {"row": row.name(), "other": other.name(), "first": int(other.line)}
                        self.problems.add("rows-overlap", row.line, **values)

    def _overlap(self, row: Row, other: Row) -> bool:
        return all(
            name not in row.match or name not in other.match or _meet(row.match[name], other.match[name])
            for name in self.table.keys
        )

    def _gaps(self) -> None:
        """Along each numeric key, among rows that agree in every other key, the spans no row answers for."""
        for name, key in self.table.keys.items():
            if key.unit is None:
                continue
            lines: dict[str, list[tuple[Band, Row]]] = defaultdict(list)
            told: set[tuple[object, object]] = set()  # a gap is told once, however many lines have it
            for row in self.graded:
                band = row.match.get(name)
                if isinstance(band, Band) and band.exact is None:
                    others = {other: str(match) for other, match in sorted(row.match.items()) if other != name}
                    lines[str(others)].append((band, row))
            for bands in lines.values():
                bands.sort(key=lambda item: _low(item[0]))
                for (lower, _), (upper, row) in pairwise(bands):
                    high, low = _high(lower)[0], _low(upper)[0]
                    if _apart(lower, upper) and (high, low) not in told:
                        told.add((high, low))
                        values = {
                            "key": name,
                            "low": shown(high),
                            "high": f"{shown(low)} {key.unit.text}".removesuffix(" 1"),
                        }
                        self.problems.add("band-gap", row.line, **values)

    def _row(self, row: Row) -> None:
        if row.listed:
            self.problems.add("row-never-graded", row.line, row=row.name())
        cells = [(self.table.columns[name], cell) for name, item in row.cells.items() for cell in cells_of(item)]
        unsourced = {
            cell.evidence for _, cell in cells if cell.evidence in _MUST_NAME_SOURCE and not any(cell.source.values())
        }
        if unsourced:
            self.problems.add("source-missing", row.line, row=row.name(), evidence=", ".join(sorted(unsourced)))
        for column, cell in cells:
            if cell.value is None:
                continue
            low = cell.value if cell.low is None else cell.low
            high = cell.value if cell.high is None else cell.high
            if not low <= cell.value <= high:
                values = {"low": shown(low), "value": shown(cell.value), "high": shown(high)}
                self.problems.add("bounds-disordered", cell.line, column=column.name, **values)


def _options(match: Match | None) -> tuple[str, ...] | None:
    return (match,) if isinstance(match, str) else match if isinstance(match, tuple) else None


def _points(match: Match | None) -> tuple[str | Fraction, ...]:
    """The labels of a key, or the number that it is; none of a band or where it is left out."""
    if isinstance(match, Band):
        return () if match.exact is None else (match.exact,)
    return _options(match) or ()


def _meet(left: Match, right: Match) -> bool:
    if isinstance(left, Band) and isinstance(right, Band):
        low, high = max(_low(left), _low(right)), min(_high(left), _high(right))
        return low[0] < high[0] or (low[0] == high[0] and low[1] == 0 and high[1] == 0)
    return bool(set(_options(left) or ()) & set(_options(right) or ()))


def _low(band: Band) -> tuple[float | Fraction, int]:
    """Where a band begins; the second figure is 1 where the end itself is left out."""
    if band.above is not None:
        return band.above, 1
    return (band.from_, 0) if band.from_ is not None else (float("-inf"), 1)


def _high(band: Band) -> tuple[float | Fraction, int]:
    """Where a band ends; the second figure is -1 where the end itself is left out."""
    if band.below is not None:
        return band.below, -1
    return (band.up_to, 0) if band.up_to is not None else (float("inf"), -1)


def _apart(lower: Band, upper: Band) -> bool:
    """Whether some number lies between two bands: they touch where either takes the common end."""
    high, low = _high(lower), _low(upper)
    return high[0] < low[0] or (high[0] == low[0] and high[1] == -1 and low[1] == 1)
