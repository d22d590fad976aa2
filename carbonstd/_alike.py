"""Findings alike, told once: of one code about one thing, with the places of all; JSON and workbooks list each.

The same check by month would fill a page and bury what else there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from carbonstd._findings import Finding, Language, Severity, joined_places
from carbonstd._layout import Line
from carbonstd._naming import Names
from carbonstd._result.evidence import UNSEEN

_ABOUT = ("id", "table", "column", "sheet")  # values that say what a finding is about, closest first
_OF_A_CODE = {Severity.ERROR: 100, Severity.WARNING: 3, Severity.NOTE: 3}  # entries of one code, or of one check
_PLACES = 6
_LOOKED_AT = 60  # of those alike; more places than that are not read
_TEXTS = {
    "alike": {"zh": "同类另有 {count} 条", "en": "{count} more alike"},
    "more": {"zh": "另有 {count} 条 {code}", "en": "{count} more of {code}"},
    "verbose": {"zh": "（--verbose 全部列出）", "en": " (--verbose lists all)"},
}


@dataclass(frozen=True)
class Alike:
    """The first finding of one code about one thing, and the others."""

    first: Finding
    others: tuple[Finding, ...] = ()

    @property
    def count(self) -> int:
        return 1 + len(self.others)

    def named(self, names: Names) -> Alike:
        """In a reader's words, as far as they are read."""
        first, *others = names.findings([self.first, *self.others[:_LOOKED_AT]])
        return replace(self, first=first, others=(*others, *self.others[_LOOKED_AT:]))

    def told(self, language: Language) -> str:
        """How many others there are, and where; empty where there is none."""
        if not self.others:
            return ""
        read = self.others[:_LOOKED_AT]
        places = joined_places(item.place_text(language) for item in read).split(", ")
        return others_told(len(self.others), [*places, *(["…"] if len(read) < len(self.others) else [])], language)


def alike(findings: Iterable[Finding]) -> list[Alike]:
    """Findings folded, in the order of the first of each. An error stands for itself: each is to be mended."""
    held: dict[tuple[str, ...], list[Finding]] = {}
    for number, item in enumerate(findings):
        about = (str(number),) if item.severity is Severity.ERROR else _about(item)
        held.setdefault((item.code, str(item.severity), *about), []).append(item)
    return [Alike(first, tuple(others)) for first, *others in held.values()]


def _about(item: Finding) -> tuple[str, ...]:
    """What a finding is about, and on which sheet; what nobody has seen of one table or document is one thing."""
    if item.code in UNSEEN:
        return (str(item.values.get("table", "")),)
    what = next((item.values[name] for name in _ABOUT if name in item.values), item.values)
    return str(what), item.place.rpartition("!")[0]


def folded(findings: Iterable[Finding]) -> tuple[list[Alike], Counter[str]]:
    """Findings alike, no more of one code than a person reads; and how many of which codes are left out."""
    counts, left, kept = Counter[tuple[str, ...]](), Counter[str](), list[Alike]()
    for item in alike(findings):
        kind = item.first.code, str(item.first.values.get("id", ""))
        counts[kind] += 1
        if counts[kind] > _OF_A_CODE[item.first.severity]:
            left[item.first.code] += item.count
        else:
            kept.append(item)
    return kept, left


def lines(findings: Iterable[Finding], language: Language, verbose: bool, names: Names | None = None) -> Iterator[Line]:
    """Findings printed, folded unless `verbose`, and no more of one code than a person reads."""
    kept, left = ([*map(Alike, findings)], Counter[str]()) if verbose else folded(findings)
    for item in kept:
        named = item.named(names) if names else item
        yield finding_line(named.first, language)
        if others := named.told(language):
            yield folded_line(others, language)
    for more in left_out(left, language):
        yield Line(f"  … {more}{_TEXTS['verbose'][language]}", "quiet")


def left_out(left: Mapping[str, int], language: Language) -> Iterator[str]:
    for code, count in left.items():
        yield _TEXTS["more"][language].format(count=count, code=code)


def others_told(count: int, places: Sequence[str], language: Language) -> str:
    """How many others are alike, and where the first of them are."""
    said = ", ".join([*places[:_PLACES], *(["…"] if len(places) > _PLACES else [])])
    mark = "：" if language == "zh" else ": "
    return mark.join(filter(None, (_TEXTS["alike"][language].format(count=count), said)))


def folded_line(told: str, language: Language) -> Line:
    """What is told of others in their stead."""
    return Line(f"    … {told}{_TEXTS['verbose'][language]}", "quiet")


def finding_line(item: Finding, language: Language, indent: str = "  ") -> Line:
    tone = "" if item.severity is Severity.NOTE else str(item.severity)
    return Line(f"{indent}{item.code}  {item.message(language)}", tone)
