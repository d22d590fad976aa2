"""The indexes: methods by level, industry, regime and year; tables by subject; vocabularies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from carbonstd._definitions.header import Header
from carbonstd._definitions.schema import Bilingual
from carbonstd._paper.markup import join
from carbonstd._wording import SUBJECT_TEXT

from .layout import Page, Site, bilingual, joined, link, names, table, titled, words

Keys = Callable[[Header], tuple[str, ...]]

_TABLES, _VOCABULARIES = "tables/index.md", "vocabularies/index.md"
_PLACES = {level: place for place, level in enumerate(SUBJECT_TEXT)}
_UNDATED = {"zh": "未见日期", "en": "No date seen"}
_ORDERS = (
    ("level", "方法（按层级）", "Methods by level"),
    ("industry", "方法（按行业）", "Methods by industry"),
    ("regime", "方法（按核算体系）", "Methods by regime"),
    ("year", "方法（按实施年份）", "Methods by year in force"),
)


def index_pages(site: Site) -> Iterator[tuple[str, Callable[[], Page]]]:
    """The index pages, their places and what makes them; `mkdocs.yml` has them in its navigation."""
    headers = site.library.method_headers.values()
    for (order, zh, en), keys in zip(_ORDERS, (_level, _industries, _regimes, _year), strict=True):
        path = f"methods/by-{order}.md"
        yield path, partial(_index, f"{zh} {en}", headers, keys, path, site, site.method)
    tables = site.library.table_headers.values()
    yield _TABLES, partial(_index, "数据表 Tables", tables, _level, _TABLES, site, site.table)
    yield _VOCABULARIES, partial(_vocabularies, site)


def _index(
    title: str, headers: Iterable[Header], keys: Keys, path: str, site: Site, address: Callable[[str], str]
) -> Page:
    regimes = {term.key: term.names for term in site.library.vocabulary("regimes").terms.values()}
    named = {**SUBJECT_TEXT, "": _UNDATED} | (regimes if keys is _regimes else {})
    return Page(path, title, list(_groups(headers, keys, path, named, address)))


def _level(header: Header) -> tuple[str, ...]:
    return (header.level,)


def _industries(header: Header) -> tuple[str, ...]:
    return header.industries


def _regimes(header: Header) -> tuple[str, ...]:
    return header.regimes


def _year(header: Header) -> tuple[str, ...]:
    day = header.document.in_force or header.published
    return (str(day.year) if day else "",)


def _groups(
    headers: Iterable[Header], keys: Keys, path: str, names_of: Mapping[str, Bilingual], address: Callable[[str], str]
) -> Iterator[str]:
    groups: dict[str, list[Header]] = defaultdict(list)
    for header in headers:
        for key in keys(header):
            groups[key].append(header)
    heads = [words(zh, en) for zh, en in (("名称", "title"), ("文件", "document"), ("实施", "in force"))]
    for key in sorted(groups, key=lambda key: (_PLACES.get(key, 0), key)):
        named = names_of.get(key, {"zh": key})
        yield titled(named, f"of-{key.lower() or 'no-date'}")
        rows = [
            [
                join(link(bilingual(item.title), path, address(item.id)), " ", names([item.id])),
                item.document.number,
                str(item.document.in_force or item.published or ""),
            ]
            for item in groups[key]
        ]
        yield table(f"{bilingual(named)} {len(rows)}", heads, rows)


def _vocabularies(site: Site) -> Page:
    rows = []
    for name in sorted(site.vocabularies):
        terms = list(site.library.vocabulary(name).terms.values())
        some = joined((bilingual(term.names) for term in terms[:5]), ", ")
        rows.append(
            [link(name, _VOCABULARIES, site.vocabulary(name)), len(terms), join(some, " …" if len(terms) > 5 else "")]
        )
    heads = [words(zh, en) for zh, en in (("词表", "vocabulary"), ("词条数", "terms"), ("例", "such as"))]
    return Page(_VOCABULARIES, "词表 Vocabularies", [table("词表 Vocabularies", heads, rows, [1])])
