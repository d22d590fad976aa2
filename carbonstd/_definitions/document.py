"""The document a table or method comes from, and periods of time."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from carbonstd._definitions.schema import Bilingual, Fields

DATED = re.compile(r"((?<!\d)(19|20)\d{2}|号)$")  # a number that means one edition; not GB 20052
_MARKS = re.compile(r"[\s/_:()\[\]〔〕【】《》—–‐-]+")
EVIDENCE = ("official", "secondary", "derived", "user", "recalled")


class Edition:
    """What has an id `family@edition`: a table, a method, the head of either."""

    id: str

    @property
    def family(self) -> str:
        return self.id.split("@")[0]

    @property
    def edition(self) -> str:
        return self.id.split("@")[1]


@dataclass(frozen=True)
class Document:
    """A standard, guide or notice. `in_force` is when it binds, not when its figures hold."""

    number: str
    title: Bilingual
    issued: date | None = None
    in_force: date | None = None
    until: date | None = None
    superseded_by: str = ""
    url: str = ""

    @classmethod
    def read(cls, fields: Fields) -> Document:
        document = cls(
            fields.text("number"),
            fields.bilingual("title", None),
            fields.day("issued"),
            fields.day("in_force"),
            fields.day("until"),
            fields.text("superseded_by", ""),
            fields.text("url", ""),
        )
        fields.done()
        return document

    def known_on(self, day: date) -> bool:
        """Whether it was issued by that day; one without a date of issue always was."""
        return self.issued is None or self.issued <= day

    def covers(self, period: Period) -> bool:
        """Whether every day of a period lies in the days the document is for."""
        return (self.in_force or period.start) <= period.start and period.end <= (self.until or period.end)

    @property
    def published(self) -> date | None:
        return self.issued or self.in_force


def folded(text: str) -> str:
    """A number or title as it is compared: width, case, blanks, dashes, slashes, colons and brackets do not matter.

    >>> folded("GB/T32151.34—2024") == folded("gbt 32151.34-2024"), folded("环办气候函[2022]485号")
    (True, '环办气候函2022485号')
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def month_spans(months: Sequence[str]) -> str:
    """Months written short, neighbours joined.

    >>> month_spans(["2025-01", "2025-02", "2025-04"])
    '2025-01..2025-02, 2025-04'
    """
    spans: list[list[str]] = []
    for month in months:
        year, number = map(int, month.split("-"))
        before = f"{year - (number == 1)}-{(number - 2) % 12 + 1:02d}"
        if spans and spans[-1][-1] == before:
            spans[-1].append(month)
        else:
            spans.append([month])
    return ", ".join(span[0] if len(span) == 1 else f"{span[0]}..{span[-1]}" for span in spans)


@dataclass(frozen=True)
class Period:
    """A span of days, both ends counted."""

    start: date
    end: date

    @classmethod
    def parse(cls, value: Any) -> Period | None:
        """`2025`, `2025-03`, `2025-01..2025-06` or `2025-01-26..2025-02-25`; None for anything else."""
        text = re.sub(r"^(\d{4})\s*年度$", r"\1", str(value).strip())
        if ".." in text:
            first, last = (cls.parse(part) for part in text.split("..", 1))
            return cls(first.start, last.end) if first and last and first.start <= last.end else None
        match = re.fullmatch(r"(\d{4})(?:[-年/.](\d{1,2}))?(?:[-月/.](\d{1,2}))?[年月日]?", text)
        if not match:
            return None
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        try:
            if day:
                return cls(date(year, month or 1, day), date(year, month or 1, day))
            last_month = month or 12
            return cls(date(year, month or 1, 1), date(year, last_month, calendar.monthrange(year, last_month)[1]))
        except ValueError:
            return None

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    @property
    def whole_years(self) -> bool:
        return (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)

    @property
    def one_year(self) -> bool:
        """Whether this is one calendar year."""
        return self.whole_years and self.start.year == self.end.year

    @property
    def whole_months(self) -> bool:
        return self.start.day == 1 and self.end.day == calendar.monthrange(self.end.year, self.end.month)[1]

    def months(self) -> list[str]:
        """The months touched, as `2025-01`."""
        first, last = self.start.year * 12 + self.start.month - 1, self.end.year * 12 + self.end.month - 1
        return [f"{index // 12}-{index % 12 + 1:02d}" for index in range(first, last + 1)]

    def __str__(self) -> str:
        if self.start == self.end:
            return str(self.start)
        if self.one_year:
            return str(self.start.year)
        if self.whole_months:
            months = self.months()
            return months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"
        return f"{self.start}..{self.end}"
