"""What every source of a batch can do: tell its entities, part them into chunks, and say whether its files changed."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._errors import NotFoundError
from carbonstd._findings import finding
from carbonstd._schema import suggest
from carbonstd._workbook_layout import folded

if TYPE_CHECKING:
    from carbonstd._batch_run import Chunk

_ROSTER = {folded(name) for name in ("entities", "企业", "企业清单", "单位清单")}
_MANY = 20_000
_SMALL = 1_000_000  # bytes: of files up to this size the content tells whether they changed, not the clock


class Source(ABC):
    """Many entities. `staging` is a folder for what must be sorted first; it has to last until the batch is done."""

    root: Path

    @abstractmethod
    def chunks(self, rows: int, staging: Path) -> Sequence[Chunk]:
        """Whole entities, about `rows` rows together, in the order of the source."""

    @abstractmethod
    def entity(self, key: str, staging: Path) -> Chunk:
        """One entity alone. Raises NotFoundError that names the key which was most likely meant."""

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


def is_roster(title: str) -> bool:
    """Whether a table is the list of entities."""
    return folded(title) in _ROSTER


def unknown(key: str, keys: Iterable[str]) -> NotFoundError:
    """The error of a key that no entity has; of very many keys those are compared that begin alike."""
    held = list(keys)
    near = held if len(held) <= _MANY else [item for item in held if item[:1] == key[:1]][:_MANY]
    return NotFoundError(findings=[finding("entity-unknown", "--entity", name=key, suggestion=suggest(key, near))])
