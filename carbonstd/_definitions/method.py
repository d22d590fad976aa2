"""Methods: one edition of one standard's calculation - sheets, equations, checks, report lines.

A method is a YAML file. It may `include` shared parts, `with:` its own tables, and give each included equation its
own clause, number and evidence. Parts include nothing; methods never inherit from methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonstd._definitions.document import Document, Edition
from carbonstd._definitions.schema import Bilingual
from carbonstd._language import expression as ex
from carbonstd._plan.requirements import Requirement
from carbonstd._units import ONE, Unit

SELECTIONS = ("pinned", "in_force", "data_period_equals", "latest_published_by", "frozen_on", "chosen")
SENSES = ("at_most", "at_least")
COMBINATIONS = ("all", "either", "ladder")
KINDS = ("number", "label", "month", "text")
SUMS = ("all", "first", "last", "none")


@dataclass(frozen=True)
class Validity:
    """For how many months a certificate is good, its month of generation included, and until when every one is."""

    months: int
    at_least_until: str

    def last(self, generated: str) -> str:
        """The last month in which a certificate of a month (2024-03) is good."""
        year, month = map(int, generated.split("-"))
        years, at = divmod(month - 1 + self.months - 1, 12)
        return max(f"{year + years:04d}-{at + 1:02d}", self.at_least_until)


@dataclass(frozen=True)
class Column:
    """A column of activity data. `units` has one unit, or one for each basis that rows may be measured on.

    `needed` tells in which rows the column is asked for at all: only there is it required or filled by its default.
    `identifier` marks the number of one document or instrument: nobody expects it in every month. `certificate` marks
    one that is claimed once: spellings that differ in case, blanks or hyphens are one number. A month that is
    `not_after_period` may lie before the period, which is said; `validity` is how long a certificate of that month is
    good for. A year that is `within_period` may not lie outside the period. A month in which what a row states
    `expires` may lie anywhere; before the period it is told. A `dated` year before the period is told with its age.
    `found_by` names the label column that tells how this figure was found, where it is not the sheet's `data_source`.
    `summed` tells how rows of several months make one figure (all, first, last, none) where the unit does not.
    What is `standing` is true from year to year, such as a capacity, and kept next year; None leaves it to the sheet.
    `below_one` marks per cent that are usually below one, such as the class of a meter.
    """

    name: str
    label: Bilingual
    kind: str = "number"
    symbol: str = ""
    units: Mapping[str, Unit] = field(default_factory=lambda: {"": ONE})
    basis: str = ""
    vocabulary: str = ""
    required: bool = False
    needed: ex.Node | None = None
    default: ex.Node | None = None
    default_clause: str = ""
    minimum: Fraction | None = Fraction(0)
    maxima: Mapping[str, Fraction] = field(default_factory=dict)  # by basis, as the units
    wide: bool = False
    help: Bilingual = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    identifier: bool = False
    certificate: bool = False
    not_after_period: bool = False
    validity: Validity | None = None
    found_by: str = ""
    below_one: bool = False
    within_period: bool = False
    expires: bool = False
    dated: bool = False
    summed: str = ""
    standing: bool | None = None
    line: int = 0

    @property
    def tells(self) -> bool:
        """Whether it tells rows apart, or is a choice: a name, or a word of a vocabulary."""
        return self.kind == "label" or bool(self.vocabulary)

    @property
    def unit(self) -> Unit:
        return next(iter(self.units.values()))

    @property
    def by_basis(self) -> bool:
        return len(self.units) > 1

    @property
    def maximum(self) -> Fraction | None:
        """What no row may exceed, whatever its basis; None where some basis has no bound."""
        return max(self.maxima.values()) if self.maxima.keys() == self.units.keys() else None


@dataclass(frozen=True)
class Sheet:
    """A sheet of a ledger. `basis` says on which basis a row is measured; `single` marks a one-record form.

    `standing` says so of its columns that do not say themselves.
    """

    id: str
    kind: str
    label: Bilingual
    columns: Mapping[str, Column]
    basis: ex.Node | None = None
    single: bool = False
    required: bool = False
    every_month: bool = False  # without one month of the period nothing is computed
    source_column: str = ""  # the label column that tells how the figures of a row were found
    note: Bilingual = field(default_factory=dict)
    standing: bool | None = None
    line: int = 0

    def found_by(self, column: str) -> str:
        """The label column that tells how a figure was found; empty where there is none."""
        own = self.columns[column].found_by
        return own if own in self.columns else self.source_column

    @property
    def must_be_filled(self) -> bool:
        """Whether a case without it is refused: it is required, or is a form with something required in it."""
        return self.required or (self.single and any(column.required for column in self.columns.values()))

    def label_of(self, column: str) -> Bilingual:
        """The sheet and one of its columns in words."""
        return {part: f"{self.label[part]} · {self.columns[column].label[part]}" for part in ("zh", "en")}

    @property
    def bases(self) -> tuple[str, ...]:
        return next((tuple(column.units) for column in self.columns.values() if column.by_basis), ("",))

    @property
    def axes(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if column.kind in ("label", "month"))

    @property
    def has_figures(self) -> bool:
        return any(column.kind == "number" for column in self.columns.values())

    @property
    def monthly(self) -> bool:
        """Whether its rows may each have their month."""
        return not self.single and any(column.name == "month" for column in self.columns.values())

    @property
    def wide(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if column.wide)


@dataclass(frozen=True)
class Slot:
    """A table a method uses, and how its edition is chosen.

    `chosen`: by the label that the case gives in the column `by` of a single-record sheet; `choices` are its tables.
    `optional`: where no edition answers for the period there is no default, and a case that needs none still runs.
    """

    name: str
    table: str
    select: str
    edition: str = ""
    on: Any = None
    clause: str = ""
    line: int = 0
    by: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it may take, as typed names."""
        return tuple(self.choices.values()) or (f"{self.table}@{self.edition}" if self.edition else self.table,)


@dataclass(frozen=True)
class Constant:
    """A number the document prints, with its unit, clause and evidence. `low` and `high` bound 95 %."""

    name: str
    value: Fraction
    unit: Unit
    text: str
    symbol: str = ""
    label: Bilingual = field(default_factory=dict)
    clause: str = ""
    evidence: str = "secondary"
    note: Bilingual = field(default_factory=dict)
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Equation:
    """One equation: an `expression`, or a called model with `arguments`. `number` is the document's, e.g. (6).

    `needed` tells in which rows a called model's answer is used; its findings elsewhere are dropped. The values of one
    that stands `apart` are never added to one another, though they are of one unit. It is reported only where each of
    `reported_with` is, and where one of `told_without` is not that is told (the sectors of an inventory).
    """

    id: str
    label: Bilingual
    unit: Unit
    expression: ex.Node | None = None
    sheet: str = ""
    call: str = ""
    arguments: Mapping[str, ex.Node] = field(default_factory=dict)
    needed: ex.Node | None = None
    symbol: str = ""
    clause: str = ""
    number: str = ""
    as_printed: str = ""
    evidence: str = "secondary"
    note: Bilingual = field(default_factory=dict)
    numeric: bool = False
    apart: bool = False
    reported_with: tuple[str, ...] = ()
    told_without: tuple[str, ...] = ()
    line: int = 0

    @property
    def nodes(self) -> tuple[ex.Node, ...]:
        return (self.expression,) if self.expression is not None else tuple(self.arguments.values())


@dataclass(frozen=True)
class Check:
    """A condition that must hold, on each row of `sheet` or on the whole case.

    Where it fails and `refuses`, nothing is computed; otherwise the failure is a finding of the result. One with a
    `label` is a condition of a decision, and is listed as well where it holds (`_result.conditions`).
    """

    id: str
    condition: ex.Node
    message: Bilingual
    severity: str = "error"
    refuses: bool = False
    sheet: str = ""
    clause: str = ""
    line: int = 0
    label: Bilingual = field(default_factory=dict)


@dataclass(frozen=True)
class ReportLine:
    """A line of the report: an equation with the document's bucket, GHG scope and ISO 14064-1 category.

    `sign` is -1 for what is subtracted; a `memo` line (biogenic, avoided, stored) stays outside totals. Where `when`
    does not hold the line is not reported (an intensity per heat where no heat was supplied).
    """

    id: str
    label: Bilingual
    equation: str
    bucket: str = ""
    gas: str = "CO2"
    scope: str = ""
    category: str = ""
    iso: str = ""
    sign: int = 1
    memo: bool = False
    total: bool = False
    primary: bool = False
    digits: int | None = None
    table: str = ""
    when: ex.Node | None = None
    line: int = 0


@dataclass(frozen=True)
class VerdictRule:
    """What an indicator is judged by: a limit, one value or one for each label of an axis (levels).

    `sense` says on which side of the limit the indicator must stay. `required` gives the level that must be met; where
    it is absent, some level must be. `own_limit` is what the plant itself entered for the limit of that level, where a
    correction was never seen, and `own_reason` why.
    """

    id: str
    label: Bilingual
    indicator: ex.Node
    limit: ex.Node
    unit: Unit
    sense: str = "at_most"
    required: ex.Node | None = None
    when: ex.Node | None = None  # it is judged only where this holds
    advisory: bool = False  # a document that obliges nobody: missing it is no failure
    since: str = ""  # the edition since which the indicator is computed as now: earlier figures are another thing
    words: Mapping[str, Bilingual] = field(default_factory=dict)  # limit, met, not_met: where it words them its own way
    own_limit: ex.Node | None = None
    own_reason: ex.Node | None = None
    clause: str = ""
    line: int = 0

    @property
    def nodes(self) -> tuple[ex.Node, ...]:
        return (self.indicator, self.limit)


@dataclass(frozen=True)
class Panel:
    """What stands on the first page beside the totals: values of equations by their labels, never added.

    `chart` are those of them, of one unit, that the page draws by year; `stacked` where they add up. Of each only the
    `largest` are shown, where that is said, by size whatever their sign; `of` is what they are told as shares of. One
    that stands `across` is a table: a row for each label of its first equation, a column for each equation.
    """

    id: str
    title: Bilingual
    equations: tuple[str, ...]
    line: int = 0
    chart: tuple[str, ...] = ()
    largest: int = 0
    of: str = ""
    across: bool = False
    stacked: bool = False


@dataclass(frozen=True)
class FlowLink:
    """What flows from one node to another: an equation. Over `axis` it is a link for each label, which is one end."""

    source: str
    target: str
    equation: str
    axis: str = ""
    line: int = 0


@dataclass(frozen=True)
class Flow:
    """A picture of what flows through an enterprise, in one unit; the report draws it."""

    title: Bilingual
    note: Bilingual
    nodes: Mapping[str, Bilingual]
    links: tuple[FlowLink, ...]


@dataclass(frozen=True, eq=False)
class Method(Edition):
    """One edition of one standard's calculation, parts included."""

    id: str
    path: str
    title: Bilingual
    document: Document
    level: str
    regime: str
    gases: tuple[str, ...]
    boundary: Bilingual
    slots: Mapping[str, Slot]
    constants: Mapping[str, Constant]
    sheets: Mapping[str, Sheet]
    equations: Mapping[str, Equation]
    checks: tuple[Check, ...]
    lines: tuple[ReportLine, ...]
    verdicts: tuple[VerdictRule, ...] = ()
    combine: str = "all"  # how several verdicts make one grade: the worst, the best above the required, or one a rung
    errata: tuple[Mapping[str, Bilingual], ...] = ()
    notes: tuple[Bilingual, ...] = ()
    aliases: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()  # codes of GB/T 4754-2017, of two to four digits
    period: str = ""  # `year`, `months` (of one year), `edition` (none begins inside it), or the only period
    until_refuses: bool = False  # whether a period beyond the last day of the document is refused
    within_document: bool = False  # whether a period that lies outside the document's days, or in part, is refused
    plan: Mapping[str, Requirement] = field(default_factory=dict)  # by parameter, `sheet.column`
    flow: Flow | None = None
    panels: tuple[Panel, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def totals(self) -> tuple[ReportLine, ...]:
        return tuple(line for line in self.lines if line.total)

    @property
    def primary(self) -> ReportLine:
        return next((line for line in self.totals if line.primary), self.totals[-1])

    def __repr__(self) -> str:
        from carbonstd._definitions.display import method_line

        return method_line(self)

    def _repr_html_(self) -> str:
        from carbonstd._definitions.display import method_html

        return method_html(self)
