"""What differs between an edition and the one before it."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._catalogue.describe import Data, describe_method, describe_table
from carbonstd._catalogue.diff import ADDED, REMOVED, Difference, differences
from carbonstd._definitions.header import Header

from .layout import Site, bilingual, folded, link, names, table, titled, words

_KINDS = {
    ADDED: {"zh": "新增", "en": "added"},
    REMOVED: {"zh": "取消", "en": "removed"},
    "changed": {"zh": "修改", "en": "changed"},
}
_TITLE = {"zh": "与上一版的差异", "en": "What differs from the edition before"}
_HEADS = (("变化", "change"), ("条目", "item"), ("字段", "field"), ("原", "before"), ("现", "now"))
_MOST = 300  # differences; what differs in everything is told by its number


def changes(data: Data, header: Header, site: Site, page: str) -> Iterator[str]:
    """The differences, folded; nothing for a first edition."""
    library, table_page = site.library, data["kind"] == "table"
    headers = library.table_headers if table_page else library.method_headers
    family = library.editions(header.family, headers)
    at = [item.id for item in family].index(header.id)
    if not at:
        return
    before = family[at - 1].id
    old = (
        describe_table(library.table(before), library)
        if table_page
        else describe_method(library.method(before), library)
    )
    found = differences(old, data)
    yield titled(_TITLE, "changes")
    address = site.table(before) if table_page else site.method(before)
    count = words(f"{len(found)} 处", f"{len(found)} differences")
    made = table(
        link(before, page, address), [words(zh, en) for zh, en in _HEADS], [_row(item) for item in found[:_MOST]]
    )
    yield folded(f"{before} → {header.edition}: {count}", made)


def _row(item: Difference) -> list[object]:
    what = f"{item.section} · {bilingual(item.label)}" if item.label else names([f"{item.section} {item.item}"])
    return [bilingual(_KINDS[item.kind]), what, item.field, item.old, item.new]
