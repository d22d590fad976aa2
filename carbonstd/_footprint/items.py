"""What the report of a footprint must say: each item written, told by the calculation, lacking, or not asked here."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, finding
from carbonstd._footprint.cells import PRODUCT, Cells

TABLE, VOCABULARY = "products/footprint-report-items", "footprint_report_items"
_GRAVE = "cradle_to_grave"
_BLANKABLE = {  # the cells a case may leave blank; all else a result has
    "geography": ("geography",),
    "product_rule": ("product_rule",),
    "carbon_content": ("biogenic_carbon", "fossil_carbon"),
}


class Items:
    """The items of the report of one case."""

    def __init__(self, cells: Cells) -> None:
        self.cells, self.written = cells, cells.statements()
        library = Library()  # what a report holds is told by this release, whatever a case is repeated from
        self.terms, self.table = library.vocabulary(VOCABULARY), library.table(TABLE)
        self.rows = {str(row.match["item"]): index for index, row in enumerate(self.table.rows)}

    def label(self, name: str) -> Bilingual:
        return {part: self.terms.label(name, part) for part in ("zh", "en")}

    def always_written(self, name: str) -> bool:
        """Whether it is the user's to write in every report."""
        return (self._told(name, "need"), self._told(name, "given")) == ("always", "statement")

    def states(self) -> Iterator[tuple[str, str, str]]:
        """Every item, its clause and its state, by the order of the table."""
        for name in self.rows:
            yield name, self._told(name, "clause"), self._state(name)

    def lacking(self) -> Iterator[Finding]:
        """What the report must say and does not, by name and clause."""
        for name, clause, state in self.states():
            if state == "lacking":
                yield finding("report-lacks", TABLE, clause, item=self.label(name))

    def _state(self, name: str) -> str:
        if self.written.get(name):
            return "written"
        if self._told(name, "given") == "calculation" and self._computed(name):
            return "computed"
        need = self._told(name, "need")
        if need == "always" or (need == _GRAVE and self._to_grave()):
            return "lacking"
        return "not_occurring" if need == "occurs" else "not_for_gate"

    def _computed(self, name: str) -> bool:
        columns = _BLANKABLE.get(name)
        return columns is None or bool(list(self.cells.facts(PRODUCT, columns)))

    def _to_grave(self) -> bool:
        run = self.cells.result._run
        data = run.ledger[PRODUCT]
        return bool(data.rows) and int(data.codes["boundary"][0]) == run.axes.known("boundary", _GRAVE)

    def _told(self, name: str, column: str) -> str:
        return self.table.cell(self.rows[name], column).text
