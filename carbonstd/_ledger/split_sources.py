"""Sources of a sheet that may be one: their names are a slip apart, and each month is one of them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from carbonstd._near import slip

MOST = 300  # sources compared; of more that lack months nobody would read the names


class Split(NamedTuple):
    """Sources by their places, and the place of the label in which they differ."""

    sources: tuple[int, ...]
    label: int


def splits(sources: Sequence[Sequence[str]], held: NDArray[np.bool_], typed: Sequence[int]) -> Iterator[Split]:
    """Sources that may be one typed in several ways, all other labels being equal.

    `held` says which months each has, of shape (sources, months); `typed` are the places of labels that no list bounds.
    """
    for at in typed:
        alike = defaultdict[tuple[str, ...], list[int]](list)
        for place, labels in enumerate(sources):
            alike[(*labels[:at], *labels[at + 1 :])].append(place)
        for places in alike.values():
            for group in _groups(places, [sources[place][at] for place in places], held):
                if (held[group].sum(axis=0) == 1).all():
                    yield Split(tuple(group), at)


def _groups(places: Sequence[int], names: Sequence[str], held: NDArray[np.bool_]) -> list[list[int]]:
    """Several that hang together: a name is a slip away from another one, and no month is in both."""
    months = [int.from_bytes(np.packbits(held[place]).tobytes()) for place in places]
    of = {place: [place] for place in places}
    for one, other in combinations(range(len(places)), 2):
        first, second = of[places[one]], of[places[other]]
        if first is not second and not months[one] & months[other] and slip(names[one], names[other]):
            first += second
            of.update(dict.fromkeys(second, first))
    return [sorted(group) for place, group in of.items() if len(group) > 1 and group[0] == place]
