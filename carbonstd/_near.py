"""What was most likely meant by a name that leads nowhere: the one place that says how near names are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

_MOST = 3  # that are worth naming
_LOOKED_AT = 20
_CLEARLY = 0.1  # what is so much less like than the nearest was not meant
_LEAST = 3  # signs of a name of which one may be wrong
# What tells things apart that are called alike: 1号 and 2号, kiln A and kiln B, 东 and 西.
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_NUMERAL = re.compile("[一二三四五六七八九十]+")
_TELLING = re.compile(
    r"\d+|[一二三四五六七八九十甲乙丙丁东南西北新旧老上下左右前后大小]|(?<![a-z])(?:[a-z]|[ivx]+)(?![a-z])"
)


def near(name: str, options: Iterable[str], most: int = _MOST) -> list[str]:
    """The nearest of `options` to what was typed, nearest first; none where nothing is close.

    Of those equally near the first are named. The same signs in another order are nearer than any other: fingers change
    places before they strike a wrong key.

    >>> near("gbt-32151.43", ["gbt-32151.4", "gbt-32151.34"]), near("cemnt", ["cement", "ceramics"])
    (['gbt-32151.34'], ['cement'])
    """
    return list(_ranked(name, options))[:most]


def nearest(name: str, options: Iterable[str]) -> list[str]:
    """The options of which none is nearer to what was typed than another: nobody can say which of them was meant.

    >>> nearest("材油", ["煤焦油", "柴油", "汽油"]), nearest("燃汽", ["燃气", "燃料", "沼气"])
    (['柴油', '汽油'], ['燃气', '燃料'])
    """
    ranked = _ranked(name, options)
    return [option for option, rank in ranked.items() if rank == next(iter(ranked.values()))]


def slip(one: str, other: str) -> bool:
    """Whether two names may be one that was mistyped once: a sign is wrong, is too many, or two have changed places.

    >>> slip("1号回转窑", "1号回转密"), slip("天然气", "天燃气"), slip("锅炉 ", "锅炉"), slip("1号窑炉", "2号窑炉")
    (True, True, True, False)
    >>> slip("一号窑", "1号窑"), slip("十二号窑", "12号窑"), slip("二十号窑", "20号窑"), slip("一号窑", "二号窑")
    (True, True, True, False)
    """
    one, other = (_NUMERAL.sub(_in_digits, name) for name in (one, other))
    if "".join(one.split()) == "".join(other.split()):
        return True
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    if len(short) < _LEAST or _TELLING.findall(short) != _TELLING.findall(long):
        return False
    if len(short) < len(long):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    wrong = [at for at, (sign, meant) in enumerate(zip(short, long, strict=True)) if sign != meant]
    return len(wrong) < 2 or (len(wrong) == 2 and sorted(short) == sorted(long))


def _in_digits(numeral: re.Match[str]) -> str:
    """A number below a hundred in Chinese, in digits; longer rows of signs sign by sign."""
    tens, ten, ones = numeral[0].partition("十")
    digits = [part.translate(_DIGITS) for part in (tens, ones)]
    return (digits[0] or "1") + (digits[1] or "0") if ten else digits[0]


Rank = tuple[float, bool, int]


def _ranked(name: str, options: Iterable[str]) -> Mapping[str, Rank]:
    """The options that are near, nearest first, and how near each is."""
    held = dict.fromkeys(map(str, options))
    signs = sorted(name)
    moved = [option for option in held if len(option) == len(name) and sorted(option) == signs]
    if moved:
        return dict.fromkeys(moved, (1.0, True, 0))
    least = 0.5 if len(name) < 4 else 0.6  # of two Chinese characters one is right
    close = {
        option: _likeness(name, option)
        for option in difflib.get_close_matches(name, list(held), n=_LOOKED_AT, cutoff=least)
    }
    best = max(close.values(), default=(0.0, False, 0))[0]
    meant = [option for option in held if option in close and close[option][0] > best - _CLEARLY]
    return {option: close[option] for option in sorted(meant, key=lambda option: close[option], reverse=True)}


def _likeness(name: str, option: str) -> Rank:
    """How much is alike, whether one sign alone is another, and how many signs stand at their place."""
    matched = difflib.SequenceMatcher(None, option, name).ratio()
    placed = sum(one == other for one, other in zip(name, option, strict=False))
    return matched, len(name) == len(option) == placed + 1, placed


def suggest(name: str, options: Iterable[str]) -> str:
    """The nearest of `options` to what was typed, or an empty text."""
    return next(iter(near(name, options, 1)), "")
