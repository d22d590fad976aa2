"""Sources of a sheet that may be one: their names are a slip apart, and the months of one are those the other lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from carbonstd._near import slip

MOST = 300  # sources compared; of more that lack months nobody would read the pairs


class Pair(NamedTuple):
    """Two sources by their places, and the place of the label in which they differ."""

    first: int
    second: int
    label: int


def pairs(sources: Sequence[Sequence[str]], held: NDArray[np.bool_], typed: Sequence[int]) -> Iterator[Pair]:
    """Pairs that may be one source typed in two ways, all other labels being equal.

    `held` says which months each has, of shape (sources, months); `typed` are the places of labels that no list bounds.
    """
    met: dict[tuple[int, tuple[str, ...], bytes], list[int]] = defaultdict(list)
    for second, labels in enumerate(sources):
        for at in typed:
            others = (*labels[:at], *labels[at + 1 :])
            for first in met[at, others, (~held[second]).tobytes()]:
                if slip(sources[first][at], labels[at]):
                    yield Pair(first, second, at)
            met[at, others, held[second].tobytes()].append(second)
