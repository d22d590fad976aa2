"""The page of a vocabulary: its terms with every accepted name, and the tables that are looked up by them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from carbonstd._catalogue.describe import describe_vocabulary
from carbonstd._definitions.library import Library
from carbonstd._paper.markup import tag

from .layout import Page, Site, bilingual, joined, link, names, table, titled, word

_KEY = {"zh": "标识", "en": "key"}
_USED = {"zh": "用此词表查找的数据表", "en": "Tables looked up by it"}


def vocabulary_page(name: str, site: Site) -> Page:
    page = site.vocabulary(name)
    terms = describe_vocabulary(site.library.vocabulary(name))["terms"]
    rows = [[bilingual(term["label"]), names([term["key"]]), ", ".join(term["aliases"])] for term in terms]
    used = joined(link(item, page, site.table(item)) for item in _users(site.library).get(name, ()))
    body = [
        table(word("terms"), [word("terms"), bilingual(_KEY), word("aliases")], rows, searched=True),
        *([titled(_USED, "tables"), tag("p", used)] if used else []),
    ]
    return Page(page, f"词表 Vocabulary: {name}", body)


@cache
def _users(library: Library) -> dict[str, list[str]]:
    found = defaultdict(list)
    for name in library.table_headers:
        for key in library.table(name).keys.values():
            found[key.vocabulary].append(name)
    return found
