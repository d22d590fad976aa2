"""Findings in a reader's words: sheets, columns and terms by their labels, ranges of cells instead of sheet ids.

A finding is made where only ids are at hand, and its `place` and `code` stay as they are for programs. Before a person
reads it, `Names` gives each id its label where it has one.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._errors import NotFoundError
from carbonstd._findings import Finding, Language, Severity, finding
from carbonstd._language.shape import BASIS
from carbonstd._near import near
from carbonstd._units import unit_words
from carbonstd._wording import BASIS_TEXT, STATE_TEXT

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library
    from carbonstd._definitions.method import Column, Equation, Method, ReportLine
    from carbonstd._ledger.ledger import SheetData
    from carbonstd._result.conditions import Condition
    from carbonstd._result.result import Result

_TERMS = frozenset(("sources", "values", "keys", "row", "where", "label", "bases"))  # values in which terms stand
_IDS = frozenset(("values", "keys", "where", "column"))  # values in which ids of columns and equations stand
_BASIS = {"zh": "计量方式", "en": "basis"}  # by which a row is measured: not always a column
_NEAR = 3  # lines that a name may mean
_WORD = re.compile(r"(?<![\w.@/-])[A-Za-z]\w*(?![\w.@/-])")


_OF_VERDICTS = (
    "indicator-far",
    "limit-level-unseen",
    "limit-levels-crossed",
    "limit-not-met",
    "limit-own",
    "limits-indicator-zero",
    "limits-level-dash",
    "limits-levels-not-nested",
    "limits-wider-level-missed",
    "missing-operand",
    "no-such-level",
    "own-limit-other-class",
    "own-limit-without-level",
    "own-limit-without-reason",
    "position-below",
    "position-not-given",
    "verdict-not-given",
    "verdict-undecided",
    "verdict-unfounded",
)


class Names:
    """The labels of a method and its vocabularies; with a ledger also the cells its sheets were read from."""

    def __init__(
        self,
        method: Method | None = None,
        library: Library | None = None,
        ledger: Mapping[str, SheetData] | None = None,
    ) -> None:
        self.method, self.ledger = method, ledger or {}
        self.labels = _Labels() if method is None or library is None else _labels(method, library)
        self.terms, self.ids, self.slots = self.labels.terms, self.labels.ids, self.labels.slots

    def findings(self, items: Iterable[Finding]) -> list[Finding]:
        return [self.finding(item) for item in items]

    def finding(self, item: Finding) -> Finding:
        """The same finding with labels in its values and its place in words."""
        own = self._columns_at(item)
        values = {name: self._value(name, value, own) for name, value in item.values.items()}
        if self._is_text(values.get("column")):
            values.setdefault("kind", "text")
        known = {part: self.terms_in(text)[part] for part, text in item.where.items()}
        return replace(item, values=values, where=known or self._judged(item) or self._where(item.place))

    def looked_at(self, condition: Condition, language: Language) -> str:
        """What a condition looked at, in words."""
        sheet = condition.check.sheet
        held = self.method.sheets[sheet].columns if self.method is not None and sheet in self.method.sheets else {}
        found = self._value("values", condition.values, {name: column.label for name, column in held.items()})
        return str(found[language] if isinstance(found, Mapping) else found)

    def terms_in(self, text: str) -> Bilingual:
        """A text, such as the key of a row, with its terms by their labels."""
        found = _replaced(text, self.terms)
        return found if isinstance(found, dict) else {"zh": text, "en": text}

    def _columns_at(self, item: Finding) -> dict[str, Bilingual]:
        """The columns of the sheet a finding is about: one id may have another label on each sheet."""
        if self.method is None:
            return {}
        check = next((check for check in self.method.checks if check.id == item.values.get("id")), None)
        return self.labels.columns.get(check.sheet if check else item.place.partition(".")[0], {})

    def _value(self, name: str, value: Any, own: dict[str, Bilingual]) -> Any:
        if name == "state":
            return STATE_TEXT.get(str(value), value)
        if not isinstance(value, str):
            return value
        if name == "unit":
            return in_both(lambda language: unit_words(value, language))
        if name == "sheet" and self.method is not None and value in self.method.sheets:
            return self.method.sheets[value].label
        known = [*((own, self.ids) if name in _IDS else ()), *((self.terms,) if name in _TERMS else ())]
        return _replaced(value, ChainMap(*known), self.terms) if known else value

    def _is_text(self, label: Any) -> bool:
        """Whether a label is that of a column of words: nobody enters 0 for a name or a reason."""
        return isinstance(label, Mapping) and _pair(label) in _words(self.method)

    def _where(self, place: str) -> Bilingual:
        """A sheet, a column of one, an equation or a table slot by its label; empty where the place says enough."""
        if self.method is None:
            return {}
        sheet, _, column = place.partition(".")
        if sheet in self.method.sheets and (not column or column in self.method.sheets[sheet].columns):
            cells = self._cells(sheet, column)
            labels = [self.method.sheets[sheet].label, *self._label(self.method.sheets[sheet].columns.get(column))]
            return {language: cells or " · ".join(label[language] for label in labels) for language in ("zh", "en")}
        first, _, rest = place.partition(" ")
        if rest and first in self.method.sheets:
            said = _BASIS if rest == BASIS else self.terms_in(rest)
            return {
                language: f"{label} {said[language]}" for language, label in self.method.sheets[first].label.items()
            }
        equation = self.method.equations.get(place)
        return equation.label if equation else self.slots.get(place, {})

    def _judged(self, item: Finding) -> Bilingual:
        """What a finding about a verdict is about: its id may also be that of a sheet."""
        rules = {rule.id: rule.label for rule in self.method.verdicts} if self.method else {}
        return rules.get(item.place, {}) if item.code in _OF_VERDICTS else {}

    def _label(self, column: Column | None) -> list[Bilingual]:
        return [] if column is None else [column.label]

    def _cells(self, sheet: str, column: str) -> str:
        """The cells of a workbook that were read for a column (by default the first): `燃料!G6:G17`."""
        data = self.ledger.get(sheet)
        if data is None or not data.rows:
            return ""
        filled = data.filled.get(column)
        rows = range(data.rows) if filled is None else filled.nonzero()[0].tolist() or [0]
        name = column or next(iter(data.sheet.columns))
        (page, mark, first), (other, _, last) = (data.place(name, row).rpartition("!") for row in (rows[0], rows[-1]))
        if not mark or page != other:
            return ""
        return f"{page}!{first}" if first == last else f"{page}!{first}:{last}"


@dataclass(frozen=True)
class _Labels:
    """What the terms, ids and slots of a method, and the columns of each of its sheets, are called."""

    terms: dict[str, Bilingual] = field(default_factory=lambda: dict(BASIS_TEXT))
    ids: dict[str, Bilingual] = field(default_factory=dict)
    slots: dict[str, Bilingual] = field(default_factory=dict)
    columns: dict[str, dict[str, Bilingual]] = field(default_factory=dict)


@lru_cache(maxsize=32)
def _labels(method: Method, library: Library) -> _Labels:
    """Found once for the many cases of a method."""
    found = _Labels()
    columns = [column for sheet in method.sheets.values() for column in sheet.columns.values()]
    for vocabulary in dict.fromkeys(column.vocabulary for column in columns if column.vocabulary):
        for key, term in library.vocabulary(vocabulary).terms.items():
            found.terms.setdefault(key, term.names)
    for column in columns:
        if all(other.label == column.label for other in columns if other.name == column.name):
            found.ids[column.name] = column.label
    found.ids.update((constant.name, constant.label) for constant in method.constants.values())
    found.ids.update((equation.id, equation.label) for equation in method.equations.values())
    for slot in method.slots.values():
        with suppress(NotFoundError):  # a lock holds the chosen table alone
            found.slots[slot.name] = library.find(slot.table, library.table_headers).title
    for sheet in method.sheets.values():
        found.columns[sheet.id] = {column.name: column.label for column in sheet.columns.values()}
    return found


@lru_cache(maxsize=32)
def _words(method: Method | None) -> frozenset[tuple[Any, ...]]:
    """The labels that are those of columns of words alone."""
    from carbonstd._workbook.layout import CONSENT

    sheets = [CONSENT, *(method.sheets.values() if method else ())]
    columns = [column for sheet in sheets for column in sheet.columns.values()]
    numbers = {_pair(column.label) for column in columns if column.kind == "number"}
    return frozenset(_pair(column.label) for column in columns) - numbers


def _pair(label: Bilingual) -> tuple[Any, ...]:
    return label.get("zh"), label.get("en")


def names_of(result: Result) -> Names:
    """The names a finding of this result may hold."""
    run = result._run
    return Names(result.method, run.library, run.ledger)


def failures(result: Result) -> list[Finding]:
    """Its error-level findings, named for a reader."""
    return names_of(result).findings(item for item in result.findings if item.severity is Severity.ERROR)


def refused(result: Result) -> list[Finding]:
    """Why a result is not handed to others as a figure: its errors, and that they are the reason; empty where none."""
    if not result.failed:
        return []
    return [*failures(result), finding("export-failed", result.case.path, method=result.method.id)]


def named(method: Method, name: str) -> tuple[ReportLine | None, Equation | None]:
    """The report line, if any, and the equation meant by an id, a symbol, a label, or part of the label of one line."""
    wanted = name.strip().casefold()

    def labelled(label: Bilingual) -> bool:
        return wanted in (text.casefold() for text in label.values())

    line = next((item for item in method.lines if item.id == name), None)
    equation = next((item for item in method.equations.values() if name in (item.id, item.symbol)), None)
    if line is None and equation is None:
        line = next((item for item in method.lines if labelled(item.label)), None)
        equation = next((item for item in method.equations.values() if labelled(item.label)), None)
    if line is None and equation is None and wanted:
        near = [item for item in method.lines if any(wanted in text.casefold() for text in item.label.values())]
        line = near[0] if len(near) == 1 else None
    return line, method.equations[line.equation] if line else equation


def near_named(method: Method, name: str) -> Bilingual:
    """The lines and equations that a name which is none may mean: those whose labels hold it, else the nearest."""
    items: list[ReportLine | Equation] = [*method.lines, *method.equations.values()]
    names = ((text, item) for item in reversed(items) for text in (item.id, _symbol(item), *item.label.values()))
    known = {text.casefold(): item for text, item in names}
    wanted = name.strip().casefold()
    held = [item for item in items if wanted and any(wanted in text.casefold() for text in item.label.values())]
    meant = {item.id: item for item in held[:_NEAR] or [known[text] for text in near(wanted, filter(None, known))]}
    return {part: ", ".join(f"{key} {item.label[part]}" for key, item in meant.items()) for part in ("zh", "en")}


def _symbol(item: ReportLine | Equation) -> str:
    return getattr(item, "symbol", "")


def _replaced(text: str, known: Mapping[str, Bilingual], values: Mapping[str, Bilingual] | None = None) -> Any:
    """Text in which whole words that are known stand by their label, in both languages where that changes it.

    What stands behind `name = ` is a value: one of `values` first, for a term may be called like a column.
    """
    if not any(word in known for word in _WORD.findall(text)):
        return text

    def label(match: re.Match[str], language: str) -> str:
        valued = values if values and match[0] in values and text[: match.start()].endswith("= ") else known
        return valued[match[0]][language] if match[0] in valued else match[0]

    def said(language: str) -> str:
        return _WORD.sub(lambda match: label(match, language), text)

    return {"zh": said("zh"), "en": said("en")}
