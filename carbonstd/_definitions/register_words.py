"""Where a registered document stands, in words: since when it binds, what of it is held, what replaced it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonstd._definitions.register import Entry, bare_numbers
from carbonstd._definitions.schema import Bilingual, joined
from carbonstd._findings import Finding, finding

if TYPE_CHECKING:
    from carbonstd._definitions.header import Header
    from carbonstd._definitions.library import Library

KINDS = {
    "method": {"zh": "方法", "en": "method"},
    "table": {"zh": "表", "en": "table"},
    "both": {"zh": "表或方法", "en": "table or method"},
}


def standing(entry: Entry, library: Library) -> Bilingual:
    """A registered document in words: its number, since when it binds, and what of it is held."""
    held = [header.id for header in library.held(entry)]
    ids = ", ".join(held[:3]) + (f", … ({len(held)})" if len(held) > 3 else "")
    day = entry.in_force
    told = {
        "zh": [f"{day} 起实施" if day else "", f"已收录：{ids}" if ids else "仅登记，内容未收录"],
        "en": [f"in force {day}" if day else "", f"held: {ids}" if ids else "listed only: its content is not held"],
    }
    zh, en = ("；".join(filter(None, told["zh"])), "; ".join(filter(None, told["en"])))
    return {"zh": f"{entry.number}（{zh}）", "en": f"{entry.number} ({en})"}


def registered(
    name: str, library: Library, headers: dict[str, Header] | None = None, severity: str = "error"
) -> list[Finding]:
    """What the register says of a name under which none of `headers` is held: replaced by what, or only listed."""
    number = name.strip().replace("@", "-")
    bare = [item for part in bare_numbers(number) for item in library.register.find(part)]
    entries = library.register.find(number) or bare  # an edition that nobody knows leads to those that are known
    if not entries:
        return []
    current = [entry for entry in entries if entry.status != "superseded" or not entry.superseded_by]
    last = [item for entry in entries for item in library.register.chain(entry) if not item.superseded_by]
    if headers is None and any(library.held(entry) for entry in current):
        return []
    shown = {item.number: standing(item, library) for item in current or last}
    values = {"name": name.strip(), "entries": joined(shown.values()), "number": next(iter(shown))}
    if not current:
        return [finding("document-superseded", severity=severity, **values)]
    kind = "method" if headers is library.method_headers else "table" if headers is library.table_headers else "both"
    return [finding("document-not-held", severity=severity, kind=KINDS[kind], **values)]
