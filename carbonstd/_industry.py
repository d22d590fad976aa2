"""Codes of GB/T 4754-2017 (`industries.txt`): how one is typed, which there are, which of them mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from carbonstd._errors import NotFoundError
from carbonstd._findings import Finding, finding

_CODE = re.compile(r"\d{2,4}")  # a division, a group or a class
_SECTION = "ABCDEFGHIJKLMNOPQRST"  # letters that may stand before the digits


def is_industry(code: str) -> bool:
    """Whether a text is a code of two to four digits, as definitions name industries."""
    return _CODE.fullmatch(code) is not None


def industry_code(typed: str) -> str:
    """The digits of a code as users type it, or of the one division they name. Raises NotFoundError.

    >>> industry_code("C3011"), industry_code(" 30 "), industry_code("造纸")
    ('3011', '30', '22')
    """
    named = named_industries(typed)
    if len(named) == 1:
        return named[0]
    if named:
        names = "; ".join(f"{industries()[code]} {_names()[code]}" for code in named)
        raise NotFoundError(findings=[finding("industry-unreadable", found=typed, kind="several", names=names)])
    wrong = industry_fault(typed)
    if wrong is not None:
        raise NotFoundError(findings=[wrong])
    return typed.strip().upper().lstrip(_SECTION)


def industry_fault(typed: str, place: str = "") -> Finding | None:
    """What is wrong with a code as users type it: it reads as none, there is none such, or its letter is another's."""
    text = typed.strip().upper()
    section, code = (text[:1], text[1:]) if text[:1] in _SECTION else ("", text)
    if not is_industry(code):
        return finding("industry-unreadable", place, found=typed)
    known = industries()
    if code in known and known[code].startswith(section):
        return None
    return finding("industry-unknown", place, found=typed, suggestion=", ".join(_near(section, code)))


def _near(section: str, code: str) -> list[str]:
    """Codes that may be meant: that under its own letter, those of its group, its division or its section."""
    known = industries()
    if code in known:
        return [known[code]]
    beside = [item for item in known if len(item) == len(code) > 2 and item[:-1] == code[:-1]]
    beside = beside or [item for item in known if len(item) == 3 and item[:2] == code[:2]]
    divisions = [item for item in known if len(item) == 2 and known[item].startswith(section)]
    return [known[item] for item in beside] or [f"{known[divisions[0]]}-{known[divisions[-1]]}"]


@cache
def industries() -> Mapping[str, str]:
    """Every code of two to four digits, with the letter of its section before it."""
    codes = {}
    for section, division, _, *groups in _divisions():
        codes[division] = section + division
        for group, _, last in (item.partition(":") for item in groups):
            codes |= {code: section + code for code in (group, *(group + digit for digit in last))}
    return codes


def named_industries(words: str) -> list[str]:
    """The divisions of a name, or else those whose names hold every word.

    >>> named_industries("纺织业"), named_industries("纺织"), named_industries("cement")
    (['17'], ['17', '18'], [])
    """
    names = _names()
    parts = words.split()
    exact = [division for division, name in names.items() if parts == [name]]
    return exact or [division for division, name in names.items() if parts and all(part in name for part in parts)]


@cache
def _names() -> Mapping[str, str]:
    """The names of the divisions by their code."""
    return {division: name for _, division, name, *_ in _divisions()}


@cache
def _divisions() -> tuple[list[str], ...]:
    """Section, division, its name and its groups."""
    text = Path(__file__).with_name("industries.txt").read_text(encoding="utf-8")
    return tuple(line.split() for line in text.splitlines() if not line.startswith("#"))


def covers(code: str, wider: Iterable[str]) -> bool:
    """Whether an industry lies within one of some others, or is it.

    >>> covers("3011", ["301", "06"]), covers("30", ["301"])
    (True, False)
    """
    return any(code.startswith(own) for own in wider)


def meets(code: str, others: Iterable[str]) -> bool:
    """Whether an industry is, lies within or holds one of some others.

    >>> meets("3011", ["301"]), meets("30", ["301"]), meets("31", ["301"])
    (True, True, False)
    """
    return any(code.startswith(own) or own.startswith(code) for own in others)
