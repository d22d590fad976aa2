"""The rows of a record's tables: what each says of one figure, replacement, cross-check, change, entry or remark."""

from __future__ import annotations

from carbonstd._findings import Finding, Language
from carbonstd._paper.markup import told_from_file
from carbonstd._paper.paper import Cell, Row
from carbonstd._units import unit_words
from carbonstd._verify.columns import LIST
from carbonstd._verify.guide import Point
from carbonstd._verify.record import (
    Agreement,
    Change,
    Compared,
    CrossChecked,
    Looked,
    Nonconformity,
    Replaced,
    Verification,
)
from carbonstd._verify.words import (
    AGREEMENT_TEXT,
    FORM_TEXTS,
    LOOKED_TEXT,
    causes_text,
    figure,
    finding_text,
    list_clause,
    share,
    standing_text,
    text,
    tone,
    verified_figure,
    where_text,
)
from carbonstd._wording import SEVERITY_TEXT, clause_text


class Rows:
    """The rows of one verification, in one language. Each method makes one, in the order of its table's columns."""

    def __init__(self, verification: Verification, language: Language) -> None:
        self.verification, self.language = verification, language

    def compared(self, item: Compared) -> Row:
        total = self.total(item)
        cells = (causes_text(item, self.language), "", self._where(item.clause, item.place))
        return Row((*total.cells, *cells), total.tone)

    def total(self, item: Compared) -> Row:
        """What the tables of totals and of all figures say of one."""
        cells: tuple[Cell, ...] = (
            item.label[self.language],
            item.key,
            unit_words(item.unit, self.language),
            figure(item.reported, item.digits),
            figure(item.recomputed, item.digits),
            verified_figure(item, self.language),
            AGREEMENT_TEXT[item.agreement][self.language],
            share(item.relative),
        )
        return Row(cells, "error" if item.agreement in (Agreement.DIFFERS, Agreement.REPLACED) else "")

    def replaced(self, item: Replaced) -> Row:
        language = self.language
        return Row(
            (
                self._where(item.clause, item.place),
                item.sheet[language],
                item.column[language],
                item.labels,
                item.kind[language],
                figure(item.before),
                text("blank", language) if item.after is None else figure(item.after),
                unit_words(item.unit, self.language),
                item.reason,
                self._where("", item.by),
            )
        )

    def cross_checked(self, item: CrossChecked) -> Row:
        language = self.language
        return Row(
            (
                item.label[language],
                item.labels,
                item.source[language],
                item.document,
                figure(item.ours),
                figure(item.theirs),
                unit_words(item.unit, self.language),
                share(item.relative),
                item.explanation,
                self._where("", item.place),
            )
        )

    def change(self, item: Change) -> Row:
        return Row(
            (
                item.label[self.language],
                unit_words(item.unit, self.language),
                figure(item.before),
                figure(item.now),
                share(item.relative),
                FORM_TEXTS["yes"][self.language] if item.unusual else "",
                "",
            ),
            "warning" if item.unusual else "",
        )

    def entry(self, item: Nonconformity) -> Row:
        language = self.language
        cells = {
            "number": item.number,
            "category": item.category[language],
            "description": finding_text(item.finding, language),
            "parameter": item.parameter.get(language, ""),
            "cause": item.cause,
            "correction": item.correction,
            "conclusion": item.conclusion,
            "severity": SEVERITY_TEXT[str(item.severity)][language],
            "round": str(item.round),
            "standing": standing_text(item, language),
            "where": self._where(list_clause(item, self.verification, language), item.finding.place_text(language)),
            "key": item.key,
        }
        return Row(tuple(cells[name] for name in LIST), tone(item))

    def remark(self, item: Finding) -> Row:
        language = self.language
        where = self._where(item.clause, item.place_text(language))
        return Row((SEVERITY_TEXT[str(item.severity)][language], where, finding_text(item, language)), tone(item))

    def point(self, point: Point, looked: Looked, numbers: list[str]) -> Row:
        return Row(
            (
                clause_text(point.clause, self.language),
                FORM_TEXTS["yes"][self.language] if point.must else "",
                point.title[self.language],
                LOOKED_TEXT[looked][self.language],
                ", ".join(numbers),
                "",
            ),
            "warning" if looked is Looked.FOUND else "",
        )

    def _where(self, clause: str, place: str) -> str:
        """Clause and place in one cell; a place in a file is told from its name on."""
        return where_text(clause_text(clause, self.language), told_from_file(place, self.verification.case.path))
