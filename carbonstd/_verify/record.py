"""What a verification of a report found: figures compared, replaced and changed, the list of what does not conform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from carbonstd import __version__
from carbonstd._case.case import Case
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Language, Severity, has_errors
from carbonstd._number import exact

if TYPE_CHECKING:
    import pandas as pd

    from carbonstd._definitions.method import Method
    from carbonstd._result.result import Result
    from carbonstd._verify.guide import Guide, Point


class Agreement(StrEnum):
    """How a reported figure stands to the verified one: recomputed and, where figures were replaced, after that."""

    AGREES = "agrees"  # within half of the last digit
    ROUNDING = "rounding"  # within one of the last digit: rounded otherwise
    REPLACED = "replaced"  # the report agrees with its own data, and those were replaced
    DIFFERS = "differs"
    NOT_REPORTED = "not_reported"  # computed, and the report does not state it
    NOT_COMPUTED = "not_computed"  # stated, and the method has nothing of the kind or refuses the case


class Standing(StrEnum):
    """Where an entry of the list stands in its rounds: by recomputation, never by the judgement of a person."""

    NEW = "new"
    OPEN = "open"  # found in an earlier round and found again
    GONE = "gone"  # found in an earlier round and no longer
    UNLOOKED = "unlooked"  # found in an earlier round and not looked for, since its input is absent


class Looked(StrEnum):
    """What the program can say of a point of the verification guide."""

    FOUND = "found"  # something that does not conform or wants a person's eye
    NOTHING_FOUND = "nothing_found"  # all that is computed of this point was, and nothing was found
    PERSON = "person"  # documents, interviews and visits: for the verifier


@dataclass(frozen=True)
class Compared:
    """One figure of the report beside the recomputed one and the one after replacements, all in `unit`."""

    item: str  # the id of a report line, a total or an equation
    label: Bilingual
    key: str = ""  # unit, month or other labels, where the figure is one of several
    unit: str = ""
    place: str = ""
    reported: float | None = None
    recomputed: float | None = None
    replaced: float | None = None  # after conservative replacements; None where nothing was replaced
    digits: int | None = None  # decimals that are compared and shown; None where neither document nor report says
    agreement: Agreement = Agreement.AGREES
    clause: str = ""
    causes: tuple[Bilingual, ...] = ()  # why they may differ
    table: str = ""  # the document's own table in which it stands
    settled: bool = True  # False where its input fails a check, or the case cannot be recomputed with replacements

    @property
    def verified(self) -> float | None:
        """The figure after recomputation and replacements; None where that is not settled."""
        if not self.settled:
            return None
        return self.recomputed if self.replaced is None else self.replaced

    @property
    def moved(self) -> bool:
        """Whether the verified figure differs from the reported one by more than half of the last digit shown."""
        return self._differs(self.verified)

    @property
    def own(self) -> bool:
        """Whether the recomputed figure, before any replacement, differs from the reported one by so much."""
        return self._differs(self.recomputed)

    def _differs(self, figure: float | None) -> bool:
        if self.reported is None or figure is None or not isfinite(figure):
            return False
        half = Fraction(0) if self.digits is None else Fraction(1, 2 * 10**self.digits)
        return abs(exact(figure) - exact(self.reported)) > half

    @property
    def relative(self) -> float | None:
        """Verified less reported, as a share of the reported figure; None where they agree or that cannot be said."""
        if self.reported is None or self.verified is None or not self.reported or not self.moved:
            return None
        return (self.verified - self.reported) / abs(self.reported)


@dataclass(frozen=True)
class Replaced:
    """One cell of activity or production data that was replaced by a more conservative figure."""

    sheet: Bilingual
    column: Bilingual
    labels: str
    kind: Bilingual
    before: float | None
    after: float | None  # None: blank, so that the method's default is taken
    unit: str
    reason: str
    place: str  # the cell replaced
    clause: str = ""
    by: str = ""  # the cell that asks for it
    column_id: str = ""  # sheet.column
    row: int = 0


@dataclass(frozen=True)
class Change:
    """A figure this year and last year. `unusual` where it moved by more than the threshold."""

    item: str
    label: Bilingual
    unit: str
    before: float | None
    now: float | None
    relative: float | None
    unusual: bool
    total: bool = False


@dataclass(frozen=True)
class CrossChecked:
    """An activity figure beside one from another source."""

    label: Bilingual
    labels: str
    source: Bilingual
    document: str
    ours: float | None
    theirs: float | None
    unit: str
    place: str
    explanation: str = ""
    key: str = ""  # tells it again in the next round

    @property
    def relative(self) -> float | None:
        if self.ours is None or self.theirs is None or not self.theirs:
            return None
        return (self.ours - self.theirs) / abs(self.theirs)


@dataclass(frozen=True)
class Nonconformity:
    """An entry of the list (不符合项清单), with what enterprise and verifier wrote of it in an earlier round.

    `key` tells the same entry again in the next round. `category` is one of the guide's.
    """

    number: str
    finding: Finding  # in a reader's words
    key: str
    category: Bilingual
    parameter: Bilingual = field(default_factory=dict)
    points: tuple[str, ...] = ()  # ids of the guide's points it belongs to
    round: int = 1  # in which it was first found
    standing: Standing = Standing.NEW
    cause: str = ""  # 受核查方原因分析
    correction: str = ""  # 受核查方采取的纠正措施
    conclusion: str = ""  # 核查结论, always a person's
    concluded: str = ""  # that of the round before, where this round asks for a new one

    @property
    def severity(self) -> Severity:
        return self.finding.severity

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "number": self.number,
            "round": self.round,
            "standing": str(self.standing),
            "category": self.category[language],
            "parameter": self.parameter.get(language, ""),
            "points": list(self.points),
            **self.finding.as_dict(language),
            "cause": self.cause,
            "correction": self.correction,
            "conclusion": self.conclusion,
            "concluded": self.concluded,
        }


@dataclass(frozen=True)
class Verification:
    """A report verified. `result` is None where the method refuses the case; `replaced` is that after replacements."""

    case: Case
    method: Method
    guide: Guide
    round: int
    result: Result | None = None
    replaced: Result | None = None
    compared: tuple[Compared, ...] = ()
    replacements: tuple[Replaced, ...] = ()
    cross_checks: tuple[CrossChecked, ...] = ()
    changes: tuple[Change, ...] = ()
    change_threshold: float = 0.2
    last_year: str = ""  # its period, where a case of it was given
    nonconformities: tuple[Nonconformity, ...] = ()
    remarks: tuple[Finding, ...] = ()  # about the verification itself: the verifier's own entries, the guide, last year
    materiality: float | None = None
    planned: bool = False  # whether it was held against its data quality control plan

    def __post_init__(self) -> None:
        if self.replacement_refused:
            unsettled = tuple(replace(item, settled=False) for item in self.compared)
            object.__setattr__(self, "compared", unsettled)

    def __repr__(self) -> str:
        told = f"{len(self.compared)} figures compared, {len(self.open)} nonconformities"
        return f"<Verification {self.method.id} {self.case.title('en')} {self.case.period}: {told}>"

    def _repr_html_(self) -> str:
        from carbonstd._result.display import verification_html

        return verification_html(self)

    @property
    def replacement_refused(self) -> bool:
        """Whether figures were to be replaced and the method refuses the case with them: no figure is verified then."""
        return bool(self.replacements) and self.replaced is None

    @property
    def looked(self) -> Mapping[str, Looked]:
        """What the program can say of each point of the guide."""
        found = {point for item in self.open for point in item.points}
        return {point.id: self._looked(point, found) for point in self.guide.points}

    @property
    def open(self) -> tuple[Nonconformity, ...]:
        """What was found in this round, and what is still to be looked for."""
        return tuple(item for item in self.nonconformities if item.standing is not Standing.GONE)

    @property
    def failed(self) -> bool:
        """Whether an error stands in the list of this round or among the remarks, or nothing was recomputed."""
        found = (*(item.finding for item in self.open), *self.remarks)
        return self.result is None or has_errors(found)

    @property
    def total(self) -> Compared | None:
        """The primary total among the figures compared; None where it is not one of them."""
        primary = self.result.primary_line.id if self.result else self.method.primary.id
        return next((item for item in self.compared if item.item == primary and not item.key), None)

    @property
    def misstatement(self) -> float | None:
        """Reported less verified total, as a share of the verified one: 0 where they agree to the last digit shown.

        None where either is not known.
        """
        total = self.total
        if total is None or total.reported is None or not total.verified:
            return None
        if not total.moved:
            return 0.0
        return (total.reported - total.verified) / abs(total.verified)

    @property
    def material(self) -> bool | None:
        """Whether the misstatement of the total exceeds the materiality given; None where there is none of either."""
        if self.materiality is None or self.misstatement is None:
            return None
        return abs(self.misstatement) > self.materiality

    def frame(self, language: Language = "en") -> pd.DataFrame:
        """The figures of the report beside the recomputed and the verified ones, and what may have made the slip."""
        from carbonstd._task_frames import verification_frame

        return verification_frame(self, language)

    def _looked(self, point: Point, found: set[str]) -> Looked:
        if point.id in found:
            return Looked.FOUND
        computed = self.result is not None and bool(point.codes) and not point.person
        return Looked.NOTHING_FOUND if computed else Looked.PERSON

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The verification as plain data; the shape of `--json`."""
        return {
            "schema": 1,
            "engine": __version__,
            "case": {
                "entity": dict(self.case.entity), "period": str(self.case.period), "as_of": str(self.case.as_of)
            },
            "method": self.method.id,
            "guide": {"id": self.guide.id, "number": self.guide.document.number},
            "round": self.round,
            "misstatement": self.misstatement,
            "materiality": self.materiality,
            "material": self.material,
            "replacement_refused": self.replacement_refused,
            "compared": [
                {
                    "item": item.item,
                    "label": item.label[language],
                    "key": item.key,
                    "unit": item.unit,
                    "place": item.place,
                    "reported": item.reported,
                    "recomputed": item.recomputed,
                    "replaced": item.replaced,
                    "verified": item.verified,
                    "settled": item.settled,
                    "relative": item.relative,
                    "agreement": str(item.agreement),
                    "clause": item.clause,
                    "causes": [cause[language] for cause in item.causes],
                }
                for item in self.compared
            ],
            "replacements": [
                {
                    "sheet": item.sheet[language],
                    "column": item.column[language],
                    "labels": item.labels,
                    "kind": item.kind[language],
                    "before": item.before,
                    "after": item.after,
                    "unit": item.unit,
                    "reason": item.reason,
                    "place": item.place,
                    "clause": item.clause,
                }
                for item in self.replacements
            ],
            "cross_checks": [
                {
                    "label": item.label[language],
                    "labels": item.labels,
                    "source": item.source[language],
                    "document": item.document,
                    "ours": item.ours,
                    "theirs": item.theirs,
                    "unit": item.unit,
                    "relative": item.relative,
                    "explanation": item.explanation,
                    "place": item.place,
                }
                for item in self.cross_checks
            ],
            "changes": [
                {
                    "item": item.item,
                    "label": item.label[language],
                    "unit": item.unit,
                    "before": item.before,
                    "now": item.now,
                    "relative": item.relative,
                    "unusual": item.unusual,
                }
                for item in self.changes
            ],
            "remarks": [item.as_dict(language) for item in self.remarks],
            "nonconformities": [item.as_dict(language) for item in self.nonconformities],
            "points": [
                {"id": point.id, "title": point.title[language], "clause": point.clause, "must": point.must,
                 "looked": str(self.looked[point.id])}
                for point in self.guide.points
            ],
        }  # fmt: skip
