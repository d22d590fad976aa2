"""What every source of a batch can do: tell its entities, part them into chunks, and say whether its files changed."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path

from carbonstd._batch_run import Chunk

_SMALL = 1_000_000  # bytes: of files up to this size the content tells whether they changed, not the clock


class Source(ABC):
    """Many entities. `staging` is a folder for what must be sorted first; it has to last until the batch is done."""

    root: Path

    @abstractmethod
    def chunks(self, rows: int, staging: Path) -> Sequence[Chunk]:
        """Whole entities, about `rows` rows together, in the order of the source."""

    @abstractmethod
    def entity(self, key: str, staging: Path) -> Chunk | None:
        """One entity alone; None where there is none of that key."""

    @abstractmethod
    def keys(self) -> Iterator[str]:
        """The keys of all entities."""

    @abstractmethod
    def inputs(self) -> list[Path]:
        """Every file a result may depend on."""

    def fingerprint(self) -> str:
        """Another one where an input is another: by names, sizes and times of files, of small ones by their content."""
        told = hashlib.sha256()
        for path in self.inputs():
            state = path.stat()
            seen = hashlib.sha256(path.read_bytes()).hexdigest() if state.st_size <= _SMALL else state.st_mtime_ns
            told.update(f"{path.relative_to(self.root.parent).as_posix()}\0{state.st_size}\0{seen}\n".encode())
        return told.hexdigest()
