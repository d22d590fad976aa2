"""How far long work is and how long it will take: one line on stderr that changes, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from types import TracebackType

import click

from carbonstd._layout import pad
from carbonstd._watch import watching

_SURE = 3.0  # seconds before which the pace is that of starting up
_SHOWN = 1.0  # seconds before which nothing is worth telling
_EVERY = 0.2  # seconds between two changes of the line


class Progress:
    """Called with how much of how many is done. Silent where nobody watches: in pipes, files and beside JSON.

    With a name of the work its share is told, for there is nothing in it that a person would count.
    """

    def __init__(self, wanted: bool = True, work: str = "") -> None:
        self._wanted, self._work = wanted and sys.stderr.isatty(), work
        self._begun = time.monotonic()
        self._told = self._begun + _SHOWN - _EVERY
        self._first: int | None = None
        self._places = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Wipe the line, before something else is printed."""
        if self._places:
            click.echo(f"\r{' ' * self._places}\r", err=True, nl=False)
            self._places = 0

    def __call__(self, done: int, every: int) -> None:
        if not self._wanted:
            return
        if self._first is None:
            self._first = done
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            count = f"{self._work} {done / max(every, 1):.0%}" if self._work else f"{done:,} / {every:,}"
            text = f"{count}{_left(done - self._first, every - done, now - self._begun)}"
            self._places = max(self._places, len(text) * 2)
            click.echo(f"\r{pad(text, self._places)}", err=True, nl=False)


@contextmanager
def shown(work: str, wanted: bool = True) -> Iterator[None]:
    """Show how far the work in the block is, as its loops tell."""
    with Progress(wanted, work) as progress, watching(progress):
        yield


def _left(done: int, left: int, seconds: float) -> str:
    """How long what is left will take at the pace so far."""
    if not done or not left or seconds < _SURE:
        return ""
    rest = seconds * left / done
    if rest < 90:
        return _(" · about {count} s left").format(count=f"{rest:.0f}")
    if rest < 5400:
        return _(" · about {count} min left").format(count=f"{rest / 60:.0f}")
    return _(" · about {count} h left").format(count=f"{rest / 3600:.1f}")
