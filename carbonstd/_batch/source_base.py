"""What every source of a batch can do: tell its entities and files, and part them into chunks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._errors import NotFoundError
from carbonstd._findings import Finding, finding
from carbonstd._near import suggest
from carbonstd._workbook.layout import folded

if TYPE_CHECKING:
    from carbonstd._batch.job import Job
    from carbonstd._batch.run import Chunk
    from carbonstd._definitions.library import Library

_ROSTER = {folded(name) for name in ("entities", "企业", "企业清单", "单位清单")}
DATA = (".parquet", ".csv")
HIDDEN = (".", "~$")  # how names begin that are nobody's input, such as Excel's locks of open workbooks
_MANY = 20_000
_ROWS = 200_000  # in memory at a time


class Source(ABC):
    """Many entities. `staging` is a folder for what must be sorted first; it has to last until the batch is done."""

    root: Path

    @abstractmethod
    def chunks(self, rows: int, staging: Path) -> Sequence[Chunk]:
        """Whole entities, about `rows` rows together, in the order of the source."""

    @abstractmethod
    def entity(self, key: str, staging: Path) -> Chunk:
        """One entity alone. Raises NotFoundError that names the key which was most likely meant."""

    def names(self, library: Library, job: Job, staging: Path) -> dict[str, list[str]]:
        """What entities are called, in either language, with their keys."""
        found = dict[str, list[str]]()
        for chunk in self.chunks(_ROWS, staging):
            for head in chunk.read(library, job).heads:
                for name in head.names:
                    found.setdefault(name, []).append(head.entity)
        return found

    @abstractmethod
    def inputs(self) -> list[Path]:
        """Every file a result may depend on."""

    @abstractmethod
    def passed_over(self) -> list[Path]:
        """What else lies in the folder."""

    def labels(self, wanted: Iterable[str]) -> set[str] | None:
        """The labels that entities may be summed by, all of them unless all `wanted` are among those found first; None
        where only reading every entity can tell."""
        return None

    def told(self) -> list[Finding]:
        """What is told of the source itself: files that were passed over."""
        others = [path.relative_to(self.root) for path in self.passed_over()]
        shown = sorted(path.as_posix() for path in others if not any(item.startswith(HIDDEN) for item in path.parts))
        names = ", ".join([*shown[:5], *(["…"] if len(shown) > 5 else [])])
        return [finding("source-passed-over", str(self.root), count=len(shown), names=names)] if shown else []


def is_roster(title: str) -> bool:
    """Whether a table is the list of entities."""
    return folded(title) in _ROSTER


def unknown(key: str, keys: Iterable[str]) -> NotFoundError:
    """The error of a key that no entity has; of very many keys those are compared that begin alike."""
    held = list(keys)
    near = held if len(held) <= _MANY else [item for item in held if item[:1] == key[:1]][:_MANY]
    return NotFoundError(findings=[finding("entity-unknown", "--entity", name=key, suggestion=suggest(key, near))])
