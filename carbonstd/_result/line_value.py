"""What a result gives for one line: a number, its unit, and the status of the worst it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from carbonstd._definitions.line_words import bucket_text, category_text
from carbonstd._definitions.method import ReportLine
from carbonstd._findings import Language
from carbonstd._ledger.ledger import Status
from carbonstd._number import round_gbt_8170, shown
from carbonstd._units import unit


class Quantity(NamedTuple):
    """A number and its unit."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{shown(self.value, 10)} {self.unit}"


@dataclass(frozen=True)
class LineValue:
    """A report line with its value (unrounded) and the status of its worst addend."""

    line: ReportLine
    value: float
    unit: str
    status: Status
    reported: bool = True  # False where no sheet it rests on holds a row

    @property
    def printed(self) -> str:
        """The value as the document prints it (GB/T 8170), or unrounded where it says nothing."""
        return (
            f"{round_gbt_8170(self.value, self.line.digits):,}"
            if self.line.digits is not None
            else shown(self.value, 10)
        )

    @property
    def state(self) -> str:
        """The status by its name in `STATUS_TEXT`."""
        return self.status.name.lower() if self.reported else "not_reported"

    def counted_in(self, whole: str) -> float | None:
        """What the line adds to a total in the unit `whole`; None where it is outside it or of another kind."""
        factor = unit(self.unit).adds_to(unit(whole))
        if factor is None or self.line.memo or not self.reported:
            return None
        return self.line.sign * self.value * float(factor)

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        line = self.line
        label: Any = line.label[language] if language else dict(line.label)
        return {
            "id": line.id,
            "label": label,
            "value": self.value if self.reported else None,
            "unit": self.unit,
            "gas": line.gas,
            "scope": line.scope,
            "category": line.category,
            "iso_14064_1": line.iso,
            "bucket": line.bucket,
            "sign": line.sign,
            "memo": line.memo,
            "status": self.state,
        }


def tagged(item: LineValue, language: Language) -> dict[str, Any]:
    """A line as a record whose tags are in a reader's language."""
    line = item.line
    tags = {"category": category_text(line.category)[language], "bucket": bucket_text(line.bucket)[language]}
    return item.as_dict(language) | tags
