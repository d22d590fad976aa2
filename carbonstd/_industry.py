"""Codes of GB/T 4754-2017: how one is typed, and which of them mean the same industry."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonstd._errors import NotFoundError
from carbonstd._findings import finding

_CODE = re.compile(r"\d{2,4}")  # a division, a group or a class
_SECTION = "ABCDEFGHIJKLMNOPQRST"  # letters that may stand before the digits


def is_industry(code: str) -> bool:
    """Whether a text is a code of two to four digits, as definitions name industries."""
    return _CODE.fullmatch(code) is not None


def industry_code(typed: str) -> str:
    """The digits of a code as users type it. Raises NotFoundError.

    >>> industry_code("C3011"), industry_code(" 30 ")
    ('3011', '30')
    """
    text = typed.strip().upper()
    code = text[1:] if text[:1] in _SECTION else text
    if not is_industry(code):
        raise NotFoundError(findings=[finding("industry-unreadable", found=typed)])
    return code


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
