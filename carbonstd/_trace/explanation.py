"""An explanation: a tree of steps from a figure down to what was typed, as data, text and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, overload

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._html import printed
from carbonstd._number import shown
from carbonstd._units import unit_words
from carbonstd._wording import EVIDENCE_TEXT, NOT_REPORTED, STATUS_TEXT
from carbonstd.models import working_words

_WORDS: dict[str, Bilingual] = {
    "rows": {"zh": "行，按大小排列：", "en": "rows, largest first:"},
    "left": {"zh": "……其余 {count} 行，合计 {value} {unit}", "en": "... {count} more rows, {value} {unit} together"},
    "above": {"zh": "（见上）", "en": "(see above)"},
    "model": {"zh": "模型", "en": "model"},
    "working": {"zh": "过程", "en": "working"},
    "by_row": {"zh": "（逐行数值见上）", "en": "(its values stand in the rows above)"},
    "blank": {"zh": "（工作表留空）", "en": "(its sheets are blank)"},
    "each": {"zh": "（逐项数值见下，不相加）", "en": "(its values stand below and are not added)"},
    "listed": {"zh": "……其余 {count} 行", "en": "... {count} more rows"},
    "source": {"zh": "来源", "en": "source of"},
    "taken": {"zh": "按 {clause} 取用", "en": "taken by {clause}"},
}


@dataclass(frozen=True)
class Operand:
    """A value read: an input cell, a table cell or a constant. `table` is its edition, `place` where it stands.

    `document` and `clause` are those of the table (or of the method's own words); `default_clause` is the clause by
    which the method takes a default from there. `origin` says for a reader which row and column, or whose figure it is.
    """

    symbol: str
    name: str
    label: Bilingual
    value: float
    unit: str
    status: str
    place: str = ""
    table: str = ""
    table_row: str = ""
    table_column: str = ""
    document: str = ""
    clause: str = ""
    default_clause: str = ""
    evidence: str = ""
    source: Bilingual = field(default_factory=dict)
    origin: Bilingual = field(default_factory=dict)


@dataclass(frozen=True)
class Contribution:
    """One row of an equation: what it gave, what it read, and a called model's working for it.

    `key` joins the labels of the row as they are stored; `label` says them for a reader.
    """

    key: str
    value: float
    unit: str
    share: float
    status: str
    intermediate: tuple[tuple[str, float, str], ...] = ()
    operands: tuple[Operand, ...] = ()
    working: tuple[tuple[str, Any], ...] = ()
    label: Bilingual = field(default_factory=dict)


class Contributions(Sequence[Contribution]):
    """The rows of an equation, largest first; each is put together when asked for."""

    def __init__(self, count: int = 0, make: Callable[[int], Contribution] | None = None) -> None:
        self._count, self._make = count, make

    @overload
    def __getitem__(self, index: int) -> Contribution: ...
    @overload
    def __getitem__(self, index: slice) -> list[Contribution]: ...
    def __getitem__(self, index: int | slice) -> Contribution | list[Contribution]:
        if isinstance(index, slice):
            return [self[item] for item in range(*index.indices(self._count))]
        if not -self._count <= index < self._count or self._make is None:
            raise IndexError(index)
        return self._make(index % self._count)

    def __len__(self) -> int:
        return self._count


@dataclass(frozen=True)
class Step:
    """An equation of the method with its value. `repeated` marks one explained further up.

    The value is NaN where the rows of the equation stand further up, or do not add up (a ratio in each month, means).
    `blank` where no sheet below it has a row: its value of 0 is that of a sum of nothing, and nothing was reported.
    """

    id: str
    label: Bilingual
    symbol: str
    number: str
    clause: str
    evidence: str
    formula: str
    formula_in_chinese: str
    value: float
    unit: str
    status: str
    note: Bilingual = field(default_factory=dict)
    model: str = ""
    repeated: bool = False
    operands: tuple[Operand, ...] = ()
    rows: Contributions = field(default_factory=Contributions)
    steps: tuple[Step, ...] = ()
    blank: bool = False

    def walk(self) -> list[Step]:
        return [self, *(step for child in self.steps for step in child.walk())]

    def as_dict(self, rows: int | None = None) -> dict[str, Any]:
        names = ("id", "symbol", "number", "clause", "evidence", "formula", "unit", "status", "model")
        return {
            **{name: getattr(self, name) for name in names},
            "value": None if self.blank or self.value != self.value else self.value,
            "blank": self.blank,
            "label": dict(self.label),
            "note": dict(self.note),
            "operands": [_plain(item) for item in self.operands],
            "row_count": len(self.rows),
            "rows": [_plain(item) for item in self.rows[:rows]],
            "steps": [step.as_dict(rows) for step in self.steps],
        }


@dataclass(frozen=True)
class Explanation:
    """Why a figure is what it is. `text()` shows it, `as_dict()` gives it as data with all rows."""

    name: str
    label: Bilingual
    method: str
    document: str
    step: Step
    names: Mapping[str, Bilingual] = field(default_factory=dict)  # labels of what has no symbol
    reported: bool = True

    @property
    def value(self) -> float:
        return self.step.value

    @property
    def unit(self) -> str:
        return self.step.unit

    def headline(self, language: Language) -> str:
        """The value and its unit in words; a dash where nothing was reported."""
        if not self.reported:
            return f"{NOT_REPORTED} {STATUS_TEXT['not_reported'][language]}"
        if self.step.blank:
            return f"{NOT_REPORTED} {_WORDS['blank'][language]}"
        if self.value != self.value:
            return f"{_unit(self.unit, language)} {_WORDS['each'][language]}".strip()
        return f"{shown(self.value, 10)} {unit_words(self.unit, language)}"

    def as_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data; `rows` limits the rows listed of each equation."""
        return {
            "name": self.name,
            "label": dict(self.label),
            "method": self.method,
            "document": self.document,
            "value": None if self.step.blank or self.value != self.value else self.value,
            "unit": self.unit,
            "step": self.step.as_dict(rows),
        }

    @property
    def sources(self) -> dict[str, Bilingual]:
        """Where each table used, as far as the rows listed first show it, was seen."""
        operands = [item for step in self.step.walk() for item in step.operands]
        operands += [item for step in self.step.walk() for row in step.rows[:50] for item in row.operands]
        return {item.table: item.source for item in operands if item.table and item.source}

    def text(self, language: Language = "en", rows: int | None = 10) -> str:
        """As indented text, with up to `rows` rows of each equation; all of them for None."""
        head = f"{self.label[language]}: {self.headline(language)}  [{self.document}, {self.method}]"
        lines = [head, *_Text(self, language, rows).step(self.step, 1)]
        lines += [f"{_WORDS['source'][language]} {table}: {source[language]}" for table, source in self.sources.items()]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Explanation {self.method} {self.name}: {self.headline('en')}>"

    def _repr_html_(self) -> str:
        return printed(self.text("zh"))


class _Text:
    def __init__(self, of: Explanation, language: Language, rows: int | None) -> None:
        self.of, self.language, self.rows = of, language, rows

    def word(self, name: str) -> str:
        return _WORDS[name][self.language]

    def step(self, step: Step, depth: int) -> list[str]:
        pad = "  " * depth
        name = step.symbol or step.id
        where = ", ".join(filter(None, (step.clause, EVIDENCE_TEXT[step.evidence][self.language], step.id)))
        number = f"{step.number} " if step.number else ""
        formula = step.formula_in_chinese if self.language == "zh" else step.formula
        what = f"{self.word('model')} {step.model}" if step.model else formula
        about = f"{step.label[self.language]}  [{where}]"
        if step.blank:
            return [f"{pad}{number}{name} = {what}", f"{pad}  = {NOT_REPORTED}  {about} {self.word('blank')}"]
        if step.value != step.value:
            where = "each" if len(step.rows) else "by_row"
            lines = [
                f"{pad}{number}{name} = {what} {unit_words(step.unit, self.language)}",
                f"{pad}  {about} {self.word(where)}",
            ]
        else:
            lines = [f"{pad}{number}{name} = {what}", f"{pad}  = {self.quantity(step.value, step.unit)}  {about}"]
            if step.repeated:
                return [f"{pad}{number}{name} = {self.quantity(step.value, step.unit)} {self.word('above')}"]
        lines += [f"{pad}  {self.operand(item)}" for item in step.operands]
        lines += self.contributions(step, depth + 1)
        for child in step.steps:
            lines += self.step(child, depth + 1)
        return lines

    def contributions(self, step: Step, depth: int) -> list[str]:
        pad, count = "  " * depth, len(step.rows)
        if not count:
            return []
        lines = [f"{pad}{count} {self.word('rows')}"]
        listed = step.rows[: self.rows]
        for row in listed:
            status = STATUS_TEXT[row.status][self.language]
            key = row.label.get(self.language) or row.key or "—"
            about = f"{row.share:.1%}, {status}" if step.value == step.value else status
            lines.append(f"{pad}- {key}: {self.quantity(row.value, row.unit)} ({about})")
            lines += [
                f"{pad}    {self.name(name)} = {self.quantity(value, unit)}" for name, value, unit in row.intermediate
            ]
            lines += [f"{pad}    {self.operand(item)}" for item in row.operands]
            if row.working:
                lines.append(f"{pad}    {self.word('working')}: {working_text(row.working, self.language)}")
        if count > len(listed):
            rest = step.value - sum(row.value for row in listed)
            word = self.word("left" if rest == rest else "listed")
            lines.append(
                pad
                + word.format(
                    count=count - len(listed), value=shown(rest, 10), unit=unit_words(step.unit, self.language)
                )
            )
        return lines

    def operand(self, item: Operand) -> str:
        status = STATUS_TEXT[item.status][self.language]
        name = item.symbol or item.label.get(self.language) or item.name
        parts = [f"{name} {self.quantity(item.value, item.unit)}", status]
        origin = item.origin.get(self.language, "")
        if item.table:
            cited = f"{item.document} {item.clause}".strip()
            parts += [f"{item.table} {origin or item.table_row}".strip(), cited]
            taken = f"{self.of.document} {item.default_clause}" if item.default_clause else ""
            parts += [self.word("taken").format(clause=taken)] if taken and taken != cited else []
            parts += [EVIDENCE_TEXT[item.evidence][self.language]]
        else:
            parts += [origin or item.source.get(self.language, "")]
        return " · ".join(filter(None, [*parts, item.place]))

    def quantity(self, value: float, unit: str) -> str:
        return f"{shown(value, 10)} {_unit(unit, self.language)}".strip()

    def name(self, name: str) -> str:
        """A symbol, or the label of what has none."""
        return self.of.names.get(name, {}).get(self.language) or name


def worth_saying(value: Any) -> bool:
    """Whether a value of a model's working is there at all."""
    return bool(value == value) and value not in ("", None)


def working_text(working: Iterable[tuple[str, Any]], language: Language) -> str:
    """What a called model went through for a row, in words where its columns have them."""
    stop, words = {"zh": "；", "en": "; "}[language], working_words()
    return stop.join(f"{words.get(name, {}).get(language, name)} {_short(value)}" for name, value in working)


def _unit(unit: str, language: Language) -> str:
    return "" if unit == "1" else unit_words(unit, language)


def _short(value: Any) -> str:
    return shown(float(value), 8) if isinstance(value, int | float) or hasattr(value, "dtype") else str(value)


def _plain(item: Operand | Contribution) -> dict[str, Any]:
    """As plain data; what nobody gave is None, for JSON has no NaN."""
    data = {name: _finite(value) for name, value in asdict(item).items()}
    if isinstance(item, Contribution):
        data["working"] = {name: _finite(value) for name, value in item.working}
    return data


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and plain != plain else plain
