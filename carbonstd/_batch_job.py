"""What a batch is asked to do: methods, period, day, editions of the user's own. Plain data, sent to every worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from carbonstd._api import library
from carbonstd._calculate import Options
from carbonstd._case import StandIn
from carbonstd._document import Period
from carbonstd._library import Library
from carbonstd._method import Method

EACH = "each"  # typed in place of a method: each entity is run by the methods it names itself


@dataclass(frozen=True)
class Job:
    """`methods` as typed, none where each entity names its own; `period` stands in where an entity names none.

    `as_of` is the day typed for all; `today`, the day the run began, holds for entities that name none, so that a run
    taken up again tomorrow chooses the same tables.
    """

    methods: tuple[str, ...]
    today: date
    as_of: date | None = None
    period: str = ""
    edition: str = ""
    strict: bool = False
    allow_recalled: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    own_methods: tuple[str, ...] = ()
    stacked: bool = True

    @property
    def options(self) -> Options:
        return Options(self.strict, self.allow_recalled)

    @property
    def stand_in(self) -> StandIn:
        """What is said for cases that do not say it themselves."""
        return StandIn(self.methods, self.period, self.as_of or self.today)

    def method(self, name: str, period: Period, as_of: date, library: Library) -> Method:
        """The method meant by a name for a period, in the edition asked for. Raises CarbonstdError."""
        wanted = f"{library.find(name, library.method_headers).family}@{self.edition}" if self.edition else name
        return library.method(wanted, period, as_of)

    def library(self) -> Library:
        """The library of this job, read once in each process."""
        return _library(self.factors, self.own_methods)


@lru_cache(maxsize=2)
def _library(factors: tuple[str, ...], methods: tuple[str, ...]) -> Library:
    return library(factors, methods)
