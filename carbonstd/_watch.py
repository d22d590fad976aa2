"""Who watches long work: a loop tells how far it is, and nothing between it and the one who asked need know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watcher = Callable[[int, int], None]  # how much is done, of how much
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


def tell(done: int, every: int) -> None:
    if (watcher := _watcher.get()) is not None:
        watcher(done, every)


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Let `watcher` be told of what is done meanwhile."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)
