"""What writer and reader of a template agree on: hidden marks, the head of a case, months across, names of headings.

The first row of each sheet of ours is hidden and holds the mark, the template's version, the sheet's role, the method
and the sheet's id; the second, hidden too, holds the id of each column. Readers trust ids, then headings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Column, Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import LANGUAGES
from carbonstd._units import calorie_unnamed, is_unit
from carbonstd._workbook.style import units_line, units_text

MARK, VERSION = "carbonstd", 1
COVER, SHEET, ASSUMPTIONS, LISTS, RECORD = "cover", "sheet", "assumptions", "lists", "record"
TITLES: Mapping[str, Mapping[str, str]] = {
    COVER: {"zh": "封面", "en": "Cover"},
    ASSUMPTIONS: {"zh": "假设", "en": "Assumptions"},
    LISTS: {"zh": "词表", "en": "Lists"},
}
ALSO = "also"  # stands on the cover of a workbook for several methods
HEAD: Mapping[str, Mapping[str, str]] = {
    "method": {"zh": "核算方法", "en": "Method"},
    ALSO: {"zh": "同时适用的方法", "en": "Also by"},
    "entity.name.zh": {"zh": "企业名称（中文）", "en": "Entity (Chinese name)"},
    "entity.name.en": {"zh": "企业名称（英文）", "en": "Entity (English name)"},
    "entity.code": {"zh": "统一社会信用代码", "en": "Unified social credit code"},
    "entity.industry": {"zh": "行业代码", "en": "Industry code"},
    "period": {"zh": "核算期", "en": "Period"},
    "as_of": {"zh": "依据截止日期", "en": "As of"},
}
_HEAD_ALIASES: Mapping[str, tuple[str, ...]] = {
    "method": ("方法", "核算标准", "标准", "standard"),
    ALSO: ("另按方法", "also by"),
    "entity.name.zh": ("企业名称", "单位名称", "地区名称", "项目名称", "entity", "company", "region", "project"),
    "entity.name.en": ("英文名称",),
    "entity.code": ("信用代码", "credit code"),
    "entity.industry": ("行业", "industry"),
    "period": ("报告期", "核算年度", "报告年度", "年度", "reporting period", "year"),
    "as_of": ("截止日期", "as_of"),
}
_NAMED = {
    "regions": {"zh": "地区", "en": "Region"},
    "projects": {"zh": "项目", "en": "Project"},
}  # what is no enterprise


def heads_of(level: str) -> list[str]:
    """What the cover of a method of this level asks; a region has no credit code and no industry."""
    return [name for name in HEAD if level != "regions" or name not in ("entity.code", "entity.industry")]


def head_label(name: str, level: str) -> Bilingual:
    """The label of a field of the cover, by what the method is of."""
    label = HEAD[name]
    if level not in _NAMED or not name.startswith("entity.name"):
        return label
    named = _NAMED[level]
    return {"zh": label["zh"].replace("企业", named["zh"]), "en": label["en"].replace("Entity", named["en"])}


# Consent to a table whose source nobody has seen stands in the case, read like any other sheet.
CONSENT = Sheet(
    ASSUMPTIONS,
    ASSUMPTIONS,
    {"zh": "采纳未见来源文本的表", "en": "Consent to tables whose source was not seen"},
    {
        "table": Column("table", {"zh": "表", "en": "Table"}, kind="text", required=True),
        "reason": Column("reason", {"zh": "理由", "en": "Reason"}, kind="text", required=True),
        "name": Column("name", {"zh": "姓名", "en": "Name"}, kind="text", required=True),
    },
)
TOTAL_NAMES = {"zh": "合计", "en": "Total"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBERS = {
    name.casefold(): number for number, full in enumerate(_MONTHS, 1) for name in (full, full[:3], full[:4])
}


@dataclass(frozen=True)
class Target:
    """What a column of a workbook feeds: a column's value, unit or uncertainty, its value in a month, its total."""

    column: str
    role: str = "value"  # value, unit, uncertainty, month, total
    month: str = ""

    @property
    def id(self) -> str:
        """The id in the hidden row: `mass`, `mass_unit`, `mass@2025-03` or `mass@total`."""
        if self.role in ("unit", "uncertainty"):
            return f"{self.column}_{self.role}"
        return f"{self.column}@{self.month or 'total'}" if self.role in ("month", "total") else self.column


def targets(sheet: Sheet, months: list[str]) -> list[Target]:
    """The columns of a template's sheet: the method's, then for a wide column its months and their total."""
    across = [
        target
        for name in sheet.wide
        for target in (*(Target(name, "month", month) for month in months), Target(name, "total"))
    ]
    return [*(Target(name) for name in sheet.columns), *across]


def months_of(period: Period | None) -> list[str]:
    """The months across of a template: those of a known period (three years at most), else January to December."""
    months = period.months() if period else []
    return months if 0 < len(months) <= 36 else [f"{number:02d}" for number in range(1, 13)]


def month_heading(month: str) -> str:
    return month if len(month) > 2 else f"{int(month)}月 {_MONTHS[int(month) - 1][:3]}"


@lru_cache(maxsize=8192)  # the same few headings are asked for again and again
def folded(text: str) -> str:
    """A heading stripped of what people change: width, case, spaces, hyphens and the star of a required column."""
    return re.sub(r"[\s_*\-]+", "", unicodedata.normalize("NFKC", text)).casefold()


def head_field(cell: object) -> str | None:
    """The field of the case's head that a cell names, by id, label or alias; `entity.anything` names itself."""
    if not isinstance(cell, str):
        return None
    if re.fullmatch(r"entity\.(?!name$)[a-z_]+", cell):
        return cell
    return _HEAD_NAMES.get(folded(cell)) or _HEAD_NAMES.get(folded(cell.partition("\n")[0]))


_HEAD_NAMES = {
    folded(name): field
    for field in HEAD
    for labels in (head_label(field, level) for level in ("", *_NAMED))
    for name in (
        field,
        labels["zh"],
        labels["en"],
        labels["zh"] + labels["en"],
        labels["en"] + labels["zh"],
        *_HEAD_ALIASES[field],
    )
}


class Headings:
    """Reads the headings of one sheet: `find` says what a heading means, `unit_of` which unit it names."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.names: dict[str, Target | None] = {}
        for column in sheet.columns.values():
            for name in _names(column):
                self._add(name, Target(column.name))
                if column.kind == "number":
                    self._add(f"{name}单位", Target(column.name, "unit"))
                    self._add(f"{name}unit", Target(column.name, "unit"))
                    self._add(f"{name}不确定度", Target(column.name, "uncertainty"))
                    self._add(f"{name}uncertainty", Target(column.name, "uncertainty"))

    def _add(self, name: str, target: Target) -> None:
        """A name that two columns share leads to neither."""
        key = folded(name)
        self.names[key] = target if self.names.get(key, target) == target else None

    def by_id(self, text: str) -> Target | None:
        """The column an id of the hidden row means."""
        name, _, month = text.partition("@")
        if month and name in self.sheet.wide:
            return Target(name, "total") if month == "total" else Target(name, "month", month)
        if text in self.sheet.columns:
            return Target(text)
        base, _, role = text.rpartition("_")
        return Target(base, role) if role in ("unit", "uncertainty") and base in self.sheet.columns else None

    def find(self, cell: object) -> Target | None:
        """The column a heading means: its label in either language, both, or an alias, with or without a unit."""
        if isinstance(cell, date):
            return self._across("", f"{cell.year}-{cell.month:02d}")
        text = str(cell)
        found = self.by_id(text.strip()) or self._named(text)
        if found is not None:
            return found
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        for line in lines:
            month = _month(line)
            if month or folded(line) in _TOTALS:
                return self._across(text, month)
        pieces = [piece for line in lines for piece in ([line] if self._named(line) else line.split("/"))]
        known = [target for piece in pieces if (target := self._named(piece)) is not None]
        return known[0] if known and all(target == known[0] for target in known) else None

    def _named(self, text: str) -> Target | None:
        for name in (text, *(bare for bare, _ in _with_unit(text))):
            if self.names.get(folded(name)) is not None:
                return self.names[folded(name)]
        return None

    def _across(self, text: str, month: str) -> Target | None:
        """A heading that is a month or a total belongs to the wide column it names, or to the sheet's only one."""
        named = {target.column for line in text.split("\n") if (target := self._named(line)) is not None}
        wide = [name for name in self.sheet.wide if name in named] or list(self.sheet.wide)
        if len(wide) != 1:
            return None
        return Target(wide[0], "month", month) if month else Target(wide[0], "total")

    def unit_of(self, cell: object, column: Column) -> str:
        """The unit a heading names where it is another than the template's own line of units."""
        if not isinstance(cell, str) or column.kind != "number":
            return ""
        own = {told(column, language) for told in (units_line, units_text) for language in LANGUAGES}
        if own & set(cell.split("\n")):
            return ""
        below = [line.rsplit(" · ", 1)[-1].strip() for line in cell.split("\n")[1:]]
        found = [name for _, name in _with_unit(cell)] or [text for text in below if is_unit(text)]
        return found[0] if found and (column.by_basis or found[0] != column.unit.text) else ""


def _names(column: Column) -> Iterator[str]:
    zh, en = column.label.get("zh", ""), column.label.get("en", "")
    yield from filter(None, (column.name, zh, en, *column.aliases))
    if zh and en:
        yield from (zh + en, en + zh)


def _with_unit(text: str) -> Iterator[tuple[str, str]]:
    """A heading that ends in a unit - `mass (kg)`, `数量，吨` - as name and unit."""
    for pattern in (r"(.+?)\s*[(（\[]([^()（）\[\]]+)[)）\]]\s*\*?\s*$", r"(.+?)\s*[,，]\s*([^,，]+)$"):
        match = re.match(pattern, text, re.S)
        if match and (is_unit(match[2].strip()) or calorie_unnamed(match[2])):
            yield match[1], match[2].strip()


def _month(text: str) -> str:
    """The month a heading names: `2025-03` or `03`; empty where it names none."""
    text = unicodedata.normalize("NFKC", text).strip()
    full = re.match(r"(\d{4})\s*[-/年.]\s*(\d{1,2})月?$", text)
    bare = re.match(r"(\d{1,2})月(\s*[A-Za-z]{3,9})?$", text)
    if full or bare:
        number = int(full[2] if full else bare[1] if bare else 0)
        return (f"{full[1]}-" if full else "") + f"{number:02d}" if 1 <= number <= 12 else ""
    named = _MONTH_NUMBERS.get(text.casefold().removesuffix("."))
    return f"{named:02d}" if named else ""


_TOTALS = {folded(name) for name in ("合计", "总计", "全年", "Total", "合计 Total", "Total 合计")}
