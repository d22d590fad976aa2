"""What a batch came to, for programs: counts, sums, the most frequent findings, and its tables as DataFrames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._findings import Finding, Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from carbonstd._batch.sums import Kind


@dataclass(frozen=True)
class BatchResult:
    """What a batch came to: `states` counts entities by the worst of their methods (partly: refused by some of them),
    `rows` are those of the summary, `kinds` the most frequent findings, `findings` what is told of the batch itself,
    `indirect` the methods whose sums hold emissions that may be direct ones of another entity."""

    out: Path
    states: dict[str, int]
    rows: list[dict[str, Any]]
    kinds: list[Kind]
    findings: list[Finding]
    indirect: tuple[str, ...] = ()

    @property
    def entities(self) -> int:
        return sum(self.states.values())

    @property
    def failed(self) -> bool:
        """Whether some entity was refused or failed, or rows are of no entity (exit code 1)."""
        return self.states["done"] < self.entities or any(kind.severity == "error" for kind in self.kinds)

    @property
    def summary(self) -> pd.DataFrame:
        """The sums by method and total, in all and by group."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    @property
    def totals(self) -> pd.DataFrame:
        """The totals of every entity."""
        from carbonstd._batch.read import read_frame

        return read_frame(self.out, "totals")

    def plot(
        self, by: str = "", *, method: str = "", period: str = "", language: Language = "en", ax: Axes | None = None
    ) -> Axes:
        """Draw the primary total by entity, the largest first, or `by` a label the batch was summed by (`province`).

        `method` chooses where the batch ran several; `period` is needed where the method was run for several. Raises
        NotFoundError for another label, method or period, CarbonstdError where `period` or matplotlib is missing or
        nothing is to draw.
        """
        from carbonstd._batch.plot import plot

        return plot(self, by, method, period, language, ax)

    def __repr__(self) -> str:
        states = ", ".join(f"{state} {count}" for state, count in self.states.items() if count)
        return f"<BatchResult {self.entities} entities: {states}>"

    def _repr_html_(self) -> str:
        from carbonstd._batch.display import batch_html

        return batch_html(self)

    def as_dict(self, language: Language = "en") -> dict[str, Any]:
        """The shape of `--json`."""
        from carbonstd import __version__

        return {
            "schema": 1,
            "engine": __version__,
            "out": str(self.out),
            "entities": {"all": self.entities, **self.states},
            "indirect": list(self.indirect),
            "summary": self.rows,
            "frequent": [
                {
                    "severity": kind.severity,
                    "code": kind.code,
                    "count": kind.count,
                    "entities": kind.entities,
                    "example": {name: kind.first[name] for name in ("entity", "method", "place")}
                    | {"message": kind.first[f"message_{language}"]},
                }
                for kind in self.kinds
            ],
            "findings": [item.as_dict(language) for item in self.findings],
        }
