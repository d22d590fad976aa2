"""What all generated pages share: their places, links between them, words in two languages, marks of evidence."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from carbonstd._catalogue.describe import Data
from carbonstd._catalogue.show import TEXTS, document_text
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual, both
from carbonstd._findings import LANGUAGES
from carbonstd._paper.markup import Html, Words, join, tag
from carbonstd._paper.markup import table as captioned
from carbonstd._units import Unit, unit, unit_text
from carbonstd._wording import EVIDENCE_TEXT, basis_text

WORDS = Words("zh")  # pages stand in both languages, Chinese first
NONE: Html = Html()
_MARKS = {"official": "官", "secondary": "转", "derived": "推", "user": "用", "recalled": "忆"}
_LONG = 40  # rows of a table that scrolls in its own window and has a filter
_HEAD = "---\nhide: [navigation]\nsearch: {{boost: {}}}\n---\n\n"
_CELL = re.compile("</(?:t[dh]|dt|dd|p|caption|summary|label)>(?=<)")  # or search would take two cells for one word
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|&])")


@dataclass(frozen=True)
class Page:
    """A page as Markdown. `path` is its place in the site; markup in its body stands in blocks of its own."""

    path: str
    title: str
    body: Sequence[str]
    subtitle: str = ""
    newest: bool = True  # search tells the newest edition before the others

    @property
    def text(self) -> str:
        subtitle = tag("p", self.subtitle, class_="subtitle") if self.subtitle else ""
        text = "\n\n".join((f"# {escaped(self.title)}", *filter(None, (subtitle, *self.body))))
        return _HEAD.format(1 if self.newest else 0.5) + _CELL.sub(r"\g<0>\n", text) + "\n"


@dataclass(frozen=True)
class Site:
    """The library and the addresses of its pages: a link to what has no page cannot be written."""

    library: Library

    def method(self, name: str) -> str:
        return _address("methods", self.library.method_headers[name])

    def table(self, name: str) -> str:
        return _address("tables", self.library.table_headers[name])

    def vocabulary(self, name: str) -> str:
        if name not in self.vocabularies:
            raise KeyError(name)
        return f"vocabularies/{name}.md"

    def newest(self, header: Header) -> bool:
        """Whether no later edition of a method or table is held."""
        held = self.library.method_headers if header.id in self.library.method_headers else self.library.table_headers
        return self.library.editions(header.family, held)[-1].id == header.id

    @cached_property
    def vocabularies(self) -> frozenset[str]:
        return frozenset(self.library.vocabularies())

    def held(self, methods: Iterable[str], tables: Iterable[str], at: str) -> Html:
        """Links to the methods and tables that hold a document."""
        found = [(name, self.method(name)) for name in methods] + [(name, self.table(name)) for name in tables]
        return joined(link(name, at, page) for name, page in found)


def link(text: object, at: str, to: str, anchor: str = "") -> Html:
    """A link from the page `at` to the page `to`; both are places of Markdown files."""
    where = posixpath.relpath(to, posixpath.dirname(at)).removesuffix(".md") + ".html" if to != at else ""
    return tag("a", text, href=f"{where}#{anchor}" if anchor else where)


def heading(name: str, anchor: str = "", level: int = 2) -> str:
    """A heading by the name of a text of `carbonstd show`."""
    return titled(TEXTS[name], anchor or name, level)


def titled(text: Bilingual, anchor: str, level: int = 2, searched: bool = False) -> str:
    """A heading; the site's search finds a page by what stands above the first, and only a `searched` part alone."""
    excluded = "" if searched else " data-search-exclude=''"
    return f"{'#' * level} {escaped(bilingual(text))} {{#{anchor}{excluded}}}"


def word(name: str) -> Html:
    return WORDS.label(TEXTS[name])


def words(zh: str, en: str) -> str:
    return bilingual({"zh": zh, "en": en})


def bilingual(text: Mapping[str, str]) -> str:
    """Both languages as plain text, once where they are the same."""
    return both(text)


def told_unit(of: Unit | str) -> str:
    """A unit for readers of both languages, a bare number as 1."""
    found = unit(of) if isinstance(of, str) else of
    return bilingual({language: unit_text(found, language) for language in LANGUAGES}) or "1"


def told_units(units: Mapping[str, str]) -> str:
    """The units of a column; where they differ by basis, each with it."""
    return " | ".join(
        f"{told_unit(text)} ({bilingual(basis_text(basis))})" if basis else told_unit(text)
        for basis, text in units.items()
    )


def regimes(data: Data) -> Html:
    """Regimes by name, each with the word it is asked for by."""
    return joined(
        (joined([WORDS.label(label), names([key])], " ") for key, label in data["regime_labels"].items()), ", "
    )


def facts(rows: Iterable[tuple[object, object]]) -> str:
    """What a page says first: terms with their facts; those without one are left out."""
    items = [tag("div", tag("dt", name), tag("dd", fact)) for name, fact in rows if fact]
    return tag("dl", *items, class_="facts") if items else ""


def table(
    caption: object,
    heads: Sequence[object],
    rows: Sequence[Sequence[object]],
    numeric: Sequence[int] = (),
    searched: bool = False,
) -> str:
    """A table; a long one can be filtered by what is typed, and scrolls in a window of its own under its headings.

    The site's search, which a browser loads whole, knows of what stands in tables only what is `searched`.
    """
    if not rows:
        return ""
    long = len(rows) > _LONG
    made = captioned(caption, heads, rows, numeric, look="long" if long else "")
    if not long:
        return tag("div", made, data_search_exclude=not searched)
    label = bilingual({"zh": "筛选", "en": "filter"})
    box = tag("label", label, " ", tag("input", type="search", class_="filter"), class_="filter-label")
    return tag("div", box, tag("div", made, class_="window"), class_="filtered", data_search_exclude=not searched)


def folded(summary: object, *content: object) -> Html:
    return tag("details", tag("summary", summary), *content)


def evidence(grade: str) -> Html:
    """A grade of evidence in words; its colour says the same."""
    return tag("span", bilingual(EVIDENCE_TEXT[grade]), class_=f"evidence {grade}") if grade else NONE


def mark(grade: str) -> Html:
    """A grade of evidence as one letter, for cells."""
    title = bilingual(EVIDENCE_TEXT[grade])
    return tag("abbr", _MARKS[grade], title=title, class_=f"mark {grade}")


def legend() -> Html:
    """What the letters and colours of cells say."""
    return tag(
        "p", *(join(mark(grade), " ", bilingual(EVIDENCE_TEXT[grade]), "  ") for grade in _MARKS), class_="legend"
    )


def joined(parts: Iterable[object], between: str = ", ") -> Html:
    found = [part for part in parts if part]
    return join(*[item for part in found for item in (between, part)][1:])


def names(items: Iterable[str]) -> Html:
    return joined(tag("code", item) for item in items)


def head_facts(data: Data, header: Header, site: Site, at: str) -> list[tuple[object, object]]:
    """What methods and tables alike say first: id, document, what replaced it, editions."""
    methods = header.id in site.library.method_headers
    family = site.library.editions(
        header.family, site.library.method_headers if methods else site.library.table_headers
    )
    address = site.method if methods else site.table
    url = data["document"]["url"]
    number = document_text({**data["document"], "url": ""}, "zh")
    newer = (
        join(bilingual(item["text"]), " ", site.held(item["methods"], item["tables"], at)) for item in data["newer"]
    )
    return [
        (words("标识", "id"), names([data["id"]])),
        (word("document"), joined((number, tag("a", url, href=url) if url else ""), " ")),
        (word("newer"), joined(newer, "; ")),
        (words("版本", "editions"), _editions(family, header, at, address)),
    ]


def _editions(headers: Sequence[Header], own: Header, at: str, address: Callable[[str], str]) -> Html:
    return joined(
        tag("strong", item.edition) if item.id == own.id else link(item.edition, at, address(item.id))
        for item in headers
    )


def errata(items: Sequence[Data]) -> str:
    rows = [
        [
            WORDS.label(item.get("place", {})),
            WORDS.label(item.get("printed", {})),
            WORDS.label(item.get("read_as") or item.get("plausible") or {}),
        ]
        for item in items
    ]
    return table(word("errata"), [bilingual({"zh": "位置", "en": "place"}), word("printed"), word("read_as")], rows)


def escaped(text: str) -> str:
    """Text in which Markdown finds no marks."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _address(folder: str, header: Header) -> str:
    return f"{folder}/{header.family}/{header.edition}.md"
