"""How far long work is and how long it will take: one line on stderr that changes, on a terminal only."""

from __future__ import annotations

import sys
import time
from gettext import gettext as _
from types import TracebackType

import click

from carbonstd._layout import pad

_SURE = 3.0  # seconds before which the pace is that of starting up
_SHOWN = 1.0  # seconds before which nothing is worth telling
_EVERY = 0.2  # seconds between two changes of the line


class Progress:
    """Called with how much of how many is done. Silent where nobody watches: in pipes, files and beside JSON."""

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._begun = time.monotonic()
        self._told = self._begun + _SHOWN - _EVERY
        self._first: int | None = None
        self._places = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._places:
            click.echo(f"\r{' ' * self._places}\r", err=True, nl=False)

    def __call__(self, done: int, every: int) -> None:
        if self._first is None:
            self._first = done
        now = time.monotonic()
        if self._wanted and now - self._told >= _EVERY:
            self._told = now
            text = f"{done:,} / {every:,}{_left(done - self._first, every - done, now - self._begun)}"
            self._places = max(self._places, len(text) * 2)
            click.echo(f"\r{pad(text, self._places)}", err=True, nl=False)


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
