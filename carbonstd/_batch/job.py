"""What a batch is asked to do: methods, period, day, editions of the user's own. Plain data, sent to every worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from carbonstd._api import library
from carbonstd._batch.stand import own_mark
from carbonstd._case.case import StandIn
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._engine.calculate import Options

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
    stacked: bool = True  # tests compare with entities run one by one

    @classmethod
    def asked(
        cls,
        methods: Iterable[str] = (),
        *,
        as_of: date | None = None,
        period: str = "",
        edition: str = "",
        options: Options | None = None,
        factors: Iterable[str | Path] = (),
        own_methods: Iterable[str | Path] = (),
    ) -> Job:
        """A job of today, with own folders by their full place: workers may start elsewhere."""
        said = options or Options()
        tables, own = (tuple(str(Path(path).resolve()) for path in paths) for paths in (factors, own_methods))
        return cls(
            tuple(methods), date.today(), as_of, period, edition, said.strict, tuple(said.allow_recalled), tables, own
        )

    @property
    def own(self) -> tuple[str, ...]:
        """The folders of the user's own."""
        return self.factors + self.own_methods

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
        """The library of this job, read once in each process and again when own folders have changed."""
        return _library(self.factors, self.own_methods, tuple(map(own_mark, self.own)))


@lru_cache(maxsize=2)
def _library(factors: tuple[str, ...], methods: tuple[str, ...], marks: tuple[str, ...]) -> Library:
    """The library as the own folders were when they had these marks."""
    return library(factors, methods)
