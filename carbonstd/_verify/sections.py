"""What a record of verification says, section by section, for whatever form it is written in.

The sections are those the power guide's report has (conclusion in four parts, results, list of nonconformities,
supporting documents), with what a program can add. Opinion, reasons, corrections and signatures are left to persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from carbonstd._errors import by_severity
from carbonstd._findings import Language
from carbonstd._paper.paper import Block, Column, Fact, Facts, Paragraph, Report, Row, Section, Table
from carbonstd._verify.columns import (
    CHANGES,
    COMPARED,
    CONCLUSIONS,
    CROSS,
    DOCUMENTS,
    HEAD,
    LIST,
    POINTS,
    REMARKS,
    REPLACED,
    ROLES,
    SIGNED,
    TOTALS,
)
from carbonstd._verify.record import Agreement, Looked, Verification
from carbonstd._verify.rows import Rows
from carbonstd._verify.words import (
    AGREEMENT_TEXT,
    FORM_TEXTS,
    TEXTS,
    agreement_text,
    document_text,
    guide_text,
    list_text,
    looked_text,
    misstatement_text,
    severities,
    statement,
    text,
    unsettled_text,
)
from carbonstd._wording import EVIDENCE_TEXT, SEVERITY_TEXT

_BLANK_ROWS = 5  # of the list and of the documents, for entries of a person's own


def record(verification: Verification, language: Language) -> Report:
    """The record as a report, to be written as a document or a page."""
    return Report(TEXTS["title"], verification.case, sections(verification, language))


def sections(verification: Verification, language: Language) -> tuple[Section, ...]:
    """The sections of a record, in their order."""
    made = _Sections(verification, language)
    return (
        Section("summary", FORM_TEXTS["summary"], tuple(made.summary())),
        Section("results", FORM_TEXTS["results"], tuple(made.results())),
        Section("replaced", FORM_TEXTS["replaced"], tuple(made.replaced())),
        Section("cross_checks", TEXTS["cross_checks"], tuple(made.cross_checks())),
        Section("changes", TEXTS["changes"], tuple(made.changes())),
        Section("list", TEXTS["list"], tuple(made.nonconformities())),
        Section("remarks", TEXTS["remarks"], tuple(made.remarks())),
        Section("points", TEXTS["points"], tuple(made.points())),
        Section("documents", FORM_TEXTS["documents"], tuple(made.documents())),
    )


class _Sections:
    def __init__(self, verification: Verification, language: Language) -> None:
        self.verification, self.language = verification, language
        self.rows = Rows(verification, language)

    def summary(self) -> Iterator[Block]:
        """Whose report, by what, what was found in figures; the conclusion's four parts; signatures."""
        verification, language, guide = self.verification, self.language, self.verification.guide
        evidence = EVIDENCE_TEXT[guide.evidence][language]
        yield Facts(
            (
                *self._head(),
                Fact(FORM_TEXTS["as_of"], str(verification.case.as_of)),
                Fact(TEXTS["guide"], f"{guide_text(verification, language)} · {evidence}"),
                Fact(FORM_TEXTS["body"], fill=True),
                Fact(FORM_TEXTS["before"], fill=True),
                Fact(FORM_TEXTS["after"], fill=True),
            )
        )
        yield Paragraph(statement(verification, language))
        yield Facts(tuple(self._counts()))
        yield self._title("conformity")
        yield Facts((Fact(FORM_TEXTS["opinion"], fill=True, lines=3),))
        yield self._title("confirmed")
        yield from self._unsettled()
        ids = {line.id for line in verification.method.totals}
        yield from self._table(
            TOTALS, map(self.rows.total, (item for item in verification.compared if item.item in ids))
        )
        yield self._title("fluctuation")
        yield from self._changes(unusual=True)
        yield Facts((Fact(FORM_TEXTS["reason"], fill=True, lines=2),))
        yield self._title("uncovered")
        yield Facts(tuple(self._uncovered()))
        yield self._title("signed")
        roles = (Row((role[language], "", "", "")) for role in ROLES)
        yield Table(SIGNED, tuple(roles), tall=True)

    def results(self) -> Iterator[Block]:
        """A table for each of the document's own; what stands in none comes last."""
        yield from self._unsettled()
        tables: dict[str, list[Row]] = {}
        for item in sorted(self.verification.compared, key=lambda item: not item.table):
            tables.setdefault(item.table, []).append(self.rows.compared(item))
        if not tables:
            yield self._none()
        other = self._text("other") if len(tables) > 1 else ""
        for name, rows in tables.items():
            yield Table(COMPARED, tuple(rows), name or other)

    def replaced(self) -> Iterator[Block]:
        yield from self._table(REPLACED, map(self.rows.replaced, self.verification.replacements))

    def cross_checks(self) -> Iterator[Block]:
        yield from self._table(CROSS, map(self.rows.cross_checked, self.verification.cross_checks))

    def changes(self) -> Iterator[Block]:
        yield from self._changes(unusual=False)

    def nonconformities(self) -> Iterator[Block]:
        """The list in the guide's form, and with it what it is told by in the next round."""
        yield Facts(tuple(self._head()))
        entries = tuple(map(self.rows.entry, self.verification.nonconformities))
        yield Table(self._list_columns(), entries, blank=_BLANK_ROWS, tall=True)

    def remarks(self) -> Iterator[Block]:
        """What the verifier has to know or mend: the enterprise answers none of it."""
        yield from self._table(REMARKS, map(self.rows.remark, by_severity(self.verification.remarks)))

    def points(self) -> Iterator[Block]:
        looked = self.verification.looked
        numbers: dict[str, list[str]] = {}
        for item in self.verification.open:
            for point in item.points:
                numbers.setdefault(point, []).append(item.number)
        points = self.verification.guide.points
        rows = (self.rows.point(point, looked[point.id], numbers.get(point.id, [])) for point in points)
        yield from self._table(POINTS, rows)

    def documents(self) -> Iterator[Block]:
        listed = enumerate(self.verification.guide.documents, 1)
        rows = (Row((str(at), name[self.language], "", "", "")) for at, name in listed)
        yield Table(DOCUMENTS, tuple(rows), blank=_BLANK_ROWS)

    def _head(self) -> Iterator[Fact]:
        case = self.verification.case
        yield Fact(HEAD["entity"], case.title(self.language))
        yield Fact(HEAD["code"], str(case.entity.get("code", "")))
        yield Fact(HEAD["period"], str(case.period))
        yield Fact(HEAD["method"], document_text(self.verification, self.language))
        yield Fact(HEAD["round"], str(self.verification.round))

    def _counts(self) -> Iterator[Fact]:
        verification, language = self.verification, self.language
        refused = verification.result is None
        yield Fact(
            TEXTS["misstatement"], text("refused", language) if refused else misstatement_text(verification, language)
        )
        yield Fact(TEXTS["compared"], agreement_text(verification, language))
        yield Fact(TEXTS["replacements"], str(len(verification.replacements)))
        yield Fact(TEXTS["list"], list_text(verification, language))
        yield Fact(TEXTS["remarks"], severities(verification.remarks, language))
        yield Fact(TEXTS["points"], looked_text(verification, language))

    def _uncovered(self) -> Iterator[Fact]:
        """The points and figures that nothing here speaks of, then what a person has to say."""
        verification, language = self.verification, self.language
        join = "；" if language == "zh" else "; "
        points = [point for point in verification.guide.points if verification.looked[point.id] is Looked.PERSON]
        titles = join.join(f"{point.clause} {point.title[language]}".strip() for point in points)
        yield Fact(FORM_TEXTS["left"], titles or text("none", language))
        items = [item for item in verification.compared if item.agreement is Agreement.NOT_COMPUTED]
        figures = join.join(dict.fromkeys(f"{item.label[language]} {item.key}".strip() for item in items))
        yield Fact(AGREEMENT_TEXT[Agreement.NOT_COMPUTED], figures or text("none", language))
        yield Fact(FORM_TEXTS["described"], fill=True, lines=2)

    def _changes(self, unusual: bool) -> Iterator[Block]:
        """Changes against last year: all, or totals and what moved more than the threshold."""
        verification, language = self.verification, self.language
        if not verification.last_year:
            yield Paragraph(self._text("not_given"))
            return
        threshold = f"{100 * verification.change_threshold:.4g} %"
        period = verification.last_year
        yield Paragraph(FORM_TEXTS["last_year"][language].format(period=period, threshold=threshold))
        shown = [item for item in verification.changes if item.total or item.unusual or not unusual]
        rows = map(self.rows.change, shown)
        if unusual:  # the reason stands below the table
            yield from self._table(CHANGES[:-1], (replace(row, cells=row.cells[:-1]) for row in rows))
        else:
            yield from self._table(CHANGES, rows)

    def _unsettled(self) -> Iterator[Block]:
        if told := unsettled_text(self.verification, self.language):
            yield Paragraph(told)

    def _list_columns(self) -> tuple[Column, ...]:
        """The list's columns, with what may be chosen in those a person fills in."""
        language = self.language
        choices = {
            "category": tuple(category[language] for category in self.verification.guide.categories.values()),
            "conclusion": tuple(item[language] for item in CONCLUSIONS),
            "severity": tuple(item[language] for item in SEVERITY_TEXT.values()),
        }
        return tuple(
            Column(item.head, item.width, fill=item.fill, hidden=item.hidden, options=choices.get(name, ()))
            for name, item in LIST.items()
        )

    def _table(self, columns: tuple[Column, ...], rows: Iterable[Row]) -> Iterator[Block]:
        """A table, or a sentence where it would be empty."""
        held = tuple(rows)
        yield Table(columns, held) if held else self._none()

    def _none(self) -> Paragraph:
        return Paragraph(self._text("none_of"))

    def _title(self, name: str) -> Paragraph:
        return Paragraph(self._text(name), "head")

    def _text(self, name: str) -> str:
        return FORM_TEXTS[name][self.language]
