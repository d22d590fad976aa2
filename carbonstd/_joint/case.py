"""The case that one method of a joint workbook runs on: its sheets, the rows of its object, what the ledger hands it.

What is typed stands. A sheet without rows, or with one row that lacks the figures, is filled from the energy ledger of
another method of the workbook, and each filling is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import as_text, blank
from carbonstd._case.review_sheets import REVIEW
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Sheet
from carbonstd._definitions.schema import Bilingual, joined, same
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CaseError
from carbonstd._findings import LANGUAGES, Finding, finding, has_errors
from carbonstd._handover.compare import differences
from carbonstd._handover.rows import HandedRows, hand_rows, row_links
from carbonstd._joint.figures import asked_of, fill_figures
from carbonstd._joint.joint import Joint, join, methods_of, object_of
from carbonstd._joint.rows import rows_of_object, with_rows
from carbonstd._ledger.ledger import find_sheet
from carbonstd._result.result import Result


def case_of(case: Case, method: str, library: Library, options: Options | None = None) -> Case:
    """The case as one of its methods (by id, in any edition) reads it; a case of one method alone as it is.

    Raises CaseError where rows of a shared sheet belong to nothing that is judged, where the ledger that would fill a
    sheet is refused or leaves the figure open.
    """
    if not case.also:
        return case
    part = part_of(case, method, library, options)
    if part is None:  # a method that the workbook is not for reads what it can find
        return replace(case, also=())
    return part.case()


def part_of(case: Case, method: str, library: Library, options: Options | None = None) -> Part | None:
    """What one of the methods of a joint workbook reads of it; none for a method that it is not for."""
    joint = _joint((case.method, *case.also), library, case.period, case.as_of)
    own = next((item for item in joint.methods if item.family == method.partition("@")[0]), None)
    return Part(case, own, joint, library, options or Options()) if own is not None else None


@lru_cache(maxsize=32)
def _joint(names: tuple[str, ...], library: Library, period: Period, as_of: date) -> Joint:
    """The methods on one workbook: many entities name the same."""
    return join(methods_of(names, library, period, as_of))


class Part:
    def __init__(self, case: Case, method: Method, joint: Joint, library: Library, options: Options) -> None:
        self.whole, self.method, self.joint, self.library, self.options = case, method, joint, library, options
        self.findings: list[Finding] = []
        self.alone = sum(object_of(item) is not None for item in joint.methods) == 1

    def case(self) -> Case:
        sheets = dict(self.typed())
        for source in self._others():
            self._hand(source, sheets)
            self.findings += self._figures(source, sheets)
        if has_errors(self.findings):
            raise CaseError(findings=self.findings)
        findings = [*self.whole.findings, *self.findings]
        return replace(self.whole, method=self.method.id, also=(), sheets=sheets, findings=findings)

    def typed_whole(self) -> dict[str, tuple[RawSheet, RawSheet]] | None:
        """Each sheet in the workbook and with the method's own columns; none where rows are told apart or handed on."""
        sheets = {name: (raw, raw) for name, raw in self.whole.sheets.items() if name in REVIEW}
        for sheet in self.method.sheets.values():
            if any(row_links(self.method, sheet, source, self.library) for source in self._others()):
                return None
        for sheet, shared, raw in self._found():
            if self._own_rows(raw, sheet) is not raw:
                return None
            sheets[sheet.id] = (raw, self._own_columns(raw, sheet, shared))
        return sheets

    def asked(self) -> Iterator[tuple[str, str]]:
        """The sheets and columns whose blanks other methods of the workbook fill with figures."""
        for source in self._others():
            yield from asked_of(source, self.method, self.library)

    def _others(self) -> list[Method]:
        return [source for source in self.joint.methods if source is not self.method]

    def typed(self) -> Iterator[tuple[str, RawSheet]]:
        """What is typed for this method, under its own names; a verifier's sheets are for every method."""
        yield from ((name, raw) for name, raw in self.whole.sheets.items() if name in REVIEW)
        for sheet, shared, raw in self._found():
            yield sheet.id, self._own_columns(self._own_rows(raw, sheet), sheet, shared)

    def _found(self) -> Iterator[tuple[Sheet, Sheet, RawSheet]]:
        """The sheets of this method that the workbook has, as the method and as the workbook has them."""
        for sheet in self.method.sheets.values():
            shared = self.joint.whole.sheets[self.joint.homes[self.method.id][sheet.id]]
            raw = find_sheet(self.whole, self.joint.whole, shared)
            if raw is not None:
                yield sheet, shared, raw

    def _own_rows(self, raw: RawSheet, sheet: Sheet) -> RawSheet:
        """Of the rows that judged objects share those of this one."""
        judged = object_of(self.method)
        if judged is None or sheet.single:
            return raw
        name = self._object(self.method)
        objects = list(filter(None, map(self._object, self.joint.methods)))
        kept, findings = rows_of_object(raw, sheet, name, objects, self.alone)
        self.findings += findings
        return kept

    def _object(self, method: Method) -> str:
        """The name of what a method judges; empty where it judges nothing or has no name yet."""
        judged = object_of(method)
        if judged is None:
            return ""
        raw = find_sheet(self.whole, self.joint.whole, self.joint.whole.sheets[self.joint.homes[method.id][judged.id]])
        return as_text(raw.columns["name"][0]) if raw is not None and raw.columns.get("name") else ""

    def _own_columns(self, raw: RawSheet, sheet: Sheet, shared: Sheet) -> RawSheet:
        """Without the columns that only other methods ask for; a column nobody knows stays, to be told."""
        others = [name for name in shared.columns if name not in sheet.columns]
        foreign = {f"{name}{ending}" for name in others for ending in ("", "_unit", "_uncertainty")}
        return RawSheet({name: cells for name, cells in raw.columns.items() if name not in foreign}, raw.place)

    def _figures(self, source: Method, sheets: dict[str, RawSheet]) -> Iterator[Finding]:
        """What another method computes and this one asks for, such as emissions for an allowance."""

        def case() -> Case:
            return case_of(self.whole, source.id, self.library, self.options)

        return fill_figures(sheets, self.method, source, case, self.library, self.options)

    # What the ledger of another method hands on

    def _hand(self, source: Method, sheets: dict[str, RawSheet]) -> None:
        asked = {
            sheet.id: sets
            for sheet in self.method.sheets.values()
            if (sets := row_links(self.method, sheet, source, self.library)) and self._may_fill(sheet, sheets)
        }
        if not asked:
            return
        case = case_of(self.whole, source.id, self.library, self.options)
        result = calculate(case, source, self.library, self.options)
        for name, sets in asked.items():
            sheet = self.method.sheets[name]
            self._fill(sheet, hand_rows(sets, sheet, result, self.library), result, sheets)

    def _fill(self, sheet: Sheet, handed: HandedRows, result: Result, sheets: dict[str, RawSheet]) -> None:
        """Rows of the ledger for one sheet; where figures are typed they stand, and what differs is told."""
        typed = sheets.get(sheet.id, RawSheet({}, lambda column, row: column))
        source = result.method
        numbers = [name for name in handed.columns if name in sheet.columns and sheet.columns[name].kind == "number"]
        if any(not blank(cell) for name in numbers for cell in typed.columns.get(name, ())):
            if differing := list(differences(typed, handed, sheet, self.library)):
                told = joined(differing, same("; "))
                self.findings.append(finding("handed-differs", sheet.id, method=source.id, found=told))
            return
        self.findings += self._open(sheet, handed)
        if not handed.places:
            return
        filled, findings = with_rows(typed, handed, sheet, self.library)
        self.findings += findings
        if lacking := _lacking(sheet, filled):
            self.findings.append(
                finding("handed-row-needed", sheet.id, columns=_labels(sheet, lacking), method=source.id)
            )
            return
        lock = str(result.lock["hash"])[:12]
        values = {
            "method": source.id,
            "rows": filled.rows,
            "lock": lock,
            "columns": self._filled(sheet, handed, numbers),
        }
        self.findings.append(finding("handed-over", sheet.id, **values))
        if object_of(self.method) is not None:
            self.findings.append(finding("handed-boundary", sheet.id, boundary=self.method.boundary, method=source.id))
        sheets[sheet.id] = filled

    def _may_fill(self, sheet: Sheet, sheets: dict[str, RawSheet]) -> bool:
        """Whether the ledger may stand for a sheet: of several objects judged each needs rows of its own."""
        if object_of(self.method) is None:
            return True
        if not self.alone and not (sheet.id in sheets and sheets[sheet.id].rows):
            self.findings.append(finding("joint-several-judged", sheet.id))
        return self._takes_enterprise(sheets)

    def _takes_enterprise(self, sheets: dict[str, RawSheet]) -> bool:
        """Whether the enterprise's ledger may stand for what is judged: the only object, no total of its own typed."""
        judged = object_of(self.method)
        if judged is None:
            return True
        raw = sheets.get(judged.id)
        totals = [name for name in judged.columns if name.endswith("_total") or name.startswith("reported_")]
        known = raw is not None and any(not blank(cell) for name in totals for cell in raw.columns.get(name, ()))
        return self.alone and not known

    def _open(self, sheet: Sheet, handed: HandedRows) -> Iterator[Finding]:
        """What of the ledger the sheet has no term for, and what the ledger leaves open."""
        for label, place in handed.strange.values():
            yield finding("handed-left-out", place, label=label, sheet=sheet.label)
        for label, column, place, because in handed.unknown:
            yield finding("handed-unknown", place, label=label, column=sheet.label_of(column), because=because)

    def _filled(self, sheet: Sheet, handed: HandedRows, numbers: Sequence[str]) -> Bilingual:
        """The columns of figures, and the terms that were put in for all rows of a set."""
        told = [_labels(sheet, numbers)]
        for name, terms in handed.terms.items():
            words = [self._term(sheet, name, term) for term in terms]
            label = sheet.columns[name].label
            told.append({part: f"{label[part]} = {'/'.join(word[part] for word in words)}" for part in LANGUAGES})
        return joined(told, same("; "))

    def _term(self, sheet: Sheet, column: str, term: str) -> Bilingual:
        vocabulary = self.library.vocabulary(sheet.columns[column].vocabulary)
        return {part: vocabulary.label(term, part) for part in LANGUAGES}


def _labels(sheet: Sheet, names: Sequence[str]) -> Bilingual:
    return joined((sheet.columns[name].label for name in names), same(", "))


def _lacking(sheet: Sheet, raw: RawSheet) -> list[str]:
    """Required labels that some row has not."""
    return [
        name
        for name, column in sheet.columns.items()
        if column.kind != "number" and column.required and column.needed is None
        if any(map(blank, raw.columns.get(name, [None] * raw.rows)))
    ]
