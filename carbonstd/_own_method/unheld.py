"""Industries whose enterprise text is not held: which they are, what is only registered, which methods are nearest.

The answers are data (`factors/decisions/unheld`), so that nothing is improvised where no text was seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.search import wordings
from carbonstd._definitions.vocabulary import Term
from carbonstd._findings import Finding, finding
from carbonstd._industry import covers

_TABLE, _OTHER = "decisions/unheld", "other"


@dataclass(frozen=True)
class Unheld:
    """An industry without a text; `registered` names documents that are only listed, `nearest` families of methods."""

    key: str
    label: Bilingual
    codes: tuple[str, ...]
    registered: str
    nearest: tuple[str, ...]
    reason: Bilingual

    def finding(self) -> Finding:
        listed = {"zh": f"（仅登记：{self.registered}）", "en": f" (only registered: {self.registered})"}
        values = {"industry": self.label, "listed": listed if self.registered else "", "reason": self.reason}
        return finding("industry-without-text", nearest=", ".join(self.nearest), **values)

    def headers(self, library: Library) -> list[Header]:
        """The newest editions of the nearest methods."""
        return [library.find(family, library.method_headers) for family in self.nearest]


def unheld_named(words: str, library: Library) -> Unheld | None:
    """The industry that is looked for by a name, such as 石灰; a 石灰厂 is one too."""
    terms = library.table(_TABLE).keys["industry"].terms
    keys = (terms.resolve(" ".join(parts)) for parts in wordings(words)) if terms else ()
    key = next(filter(None, keys), _OTHER)
    return None if key == _OTHER else next(item for item in _all(library) if item.key == key)


def unheld_industry(code: str, library: Library) -> Unheld:
    """The industry of a code of two to four digits; else what is said of any other."""
    held = list(_all(library))
    other = next(item for item in held if item.key == _OTHER)
    return next((item for item in held if covers(code, item.codes)), other)


def _all(library: Library) -> Iterator[Unheld]:
    table = library.table(_TABLE)
    terms = table.keys["industry"].terms
    for index, row in enumerate(table.rows):
        key = str(row.match["industry"])
        text = {name: table.cell(index, name).text for name in table.columns}
        term = terms.terms[key] if terms else Term(key, key, key)
        yield Unheld(
            key, term.names, _listed(text["codes"]), text["registered"].removeprefix("none"),
            _listed(text["nearest"]), {"zh": text["reason_zh"], "en": text["reason_en"]},
        )  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(text.split())
