"""Where an earlier entry stands that this round did not find: gone only if the round looked for it."""

from __future__ import annotations

from carbonstd._verify.columns import CONCLUSIONS
from carbonstd._verify.record import Compared, Nonconformity, Standing, Verification

_TOTAL = "reported-other-edition"  # found by the total reported, its key names no item


class Standings:
    """Where earlier entries stand in a verification that did not find them again.

    An entry whose input is absent stays open: data that do not run, no plan, no last year, a figure of the report or
    of another source that was not entered.
    """

    def __init__(self, found: Verification) -> None:
        self.found = found
        self.stated = {_name(item): item for item in found.compared if item.reported is not None}
        self.checked = {item.key for item in found.cross_checks}

    def of(self, old: Nonconformity) -> Standing:
        code, _, about = old.key.partition("|")
        if old.standing is Standing.GONE:
            return Standing.GONE
        if self.found.result is None or not self._looked(code, about, old):
            return Standing.UNLOOKED
        figure = self.stated.get(about)
        if code == "reported-differs" and figure is not None and figure.own:
            return Standing.OPEN  # what agrees is the verifier's replacement, not the report with its data
        return Standing.GONE

    def _looked(self, code: str, about: str, old: Nonconformity) -> bool:
        if code.startswith("plan-"):
            return self.found.planned
        if code == "change-unusual":
            return bool(self.found.changes)
        if code.startswith("replaced-"):  # the verifier's own row: taken out, it is for a person to close
            return old.conclusion in CONCLUSIONS[0].values()
        if code.startswith("reported-"):
            return self._stated(code, about)
        if code.startswith("cross-check-"):
            return about in self.checked
        return code != "stock-not-continuous" or self._in_stock(about)

    def _stated(self, code: str, about: str) -> bool:
        """Whether the report's figures of an entry are there."""
        if code == "reported-missing":
            return bool(self.stated) and not any(item.code == "reported-unread" for item in self.found.remarks)
        if code == _TOTAL:
            return self.found.total is not None and self.found.total.reported is not None
        return about in self.stated and (code != "reported-lines-do-not-sum" or self._all_lines())

    def _all_lines(self) -> bool:
        result = self.found.result
        lines = result.lines if result else ()
        return all(line.line.id in self.stated for line in lines if line.reported and not line.line.memo)

    def _in_stock(self, about: str) -> bool:
        """Whether stocks are those of the report's own sheet, or another source still has the month."""
        column, _, rest = about.partition("|")
        month = rest.rpartition("|")[2]
        own = column.endswith(".opening")
        return own or any(key.startswith(f"{column}|") and month in key for key in self.checked)


def _name(item: Compared) -> str:
    """The same figure in whatever round, as findings of it say."""
    return "|".join((item.item, *filter(None, item.key.split("; "))))
