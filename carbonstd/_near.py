"""What was most likely meant by a name that leads nowhere: the one place that says how near names are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST = 3  # that are worth naming
_LOOKED_AT = 20
_CLEARLY = 0.1  # what is so much less like than the nearest was not meant


def near(name: str, options: Iterable[str], most: int = _MOST) -> list[str]:
    """The nearest of `options` to what was typed, nearest first; none where nothing is close.

    Of those equally near the first are named. The same signs in another order are nearer than any other: fingers change
    places before they strike a wrong key.

    >>> near("gbt-32151.43", ["gbt-32151.4", "gbt-32151.34"]), near("cemnt", ["cement", "ceramics"])
    (['gbt-32151.34'], ['cement'])
    """
    held = dict.fromkeys(map(str, options))
    signs = sorted(name)
    moved = [option for option in held if len(option) == len(name) and sorted(option) == signs]
    least = 0.5 if len(name) < 4 else 0.6  # of two Chinese characters one is right
    close = {
        option: _likeness(name, option)
        for option in difflib.get_close_matches(name, list(held), n=_LOOKED_AT, cutoff=least)
    }
    best = max(close.values(), default=(0.0, 0))[0]
    meant = [option for option in held if option in close and close[option][0] > best - _CLEARLY]
    return (moved or sorted(meant, key=lambda option: close[option], reverse=True))[:most]


def _likeness(name: str, option: str) -> tuple[float, int]:
    """How much is alike, and how many signs stand at their place."""
    matched = difflib.SequenceMatcher(None, option, name).ratio()
    return matched, sum(one == other for one, other in zip(name, option, strict=False))


def suggest(name: str, options: Iterable[str]) -> str:
    """The nearest of `options` to what was typed, or an empty text."""
    return next(iter(near(name, options, 1)), "")
