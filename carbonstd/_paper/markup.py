"""Markup for reports: every text is escaped unless it is `Html`; labels stand in two languages, marked as such."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from carbonstd._charts.colours import colour_rules
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import OTHER_LANGUAGE, Language

LANG: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
_SHORT = 6  # rows of a table that is not parted between two pages
_VOID = {"br", "meta"}
_TAG, _OTHER = re.compile(r"<[^>]*>"), re.compile(r'<span[^>]*class="alt"[^>]*>[^<]*</span>')


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """An element; children that are not `Html` are escaped.

    `class_` gives `class` and `aria_label` gives `aria-label`; None and False leave an attribute out.

    >>> tag("td", "a < b", class_="n")
    '<td class="n">a &lt; b</td>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape("" if value is True else str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{join(*children)}</{name}>")


def join(*parts: object) -> Html:
    """Parts one after the other, what is not `Html` escaped."""
    return Html("".join(part if isinstance(part, Html) else html.escape(str(part)) for part in parts))


def number(value: float, text: str) -> Html:
    """A figure as it is shown, with its full value beside it for a reader that is a program."""
    return tag("data", text, value=repr(float(value)))


class Words:
    """The report's own texts (`report.yaml`) and the labels of methods, the chosen language first."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.other: Language = OTHER_LANGUAGE[language]

    def text(self, name: str, **values: object) -> str:
        """A text in the chosen language."""
        return self.text_in(self.language, name, **values)

    @staticmethod
    def texts(name: str, **values: object) -> Bilingual:
        """A text in both languages."""
        return {item: text.format_map(values) for item, text in _catalogue()[name].items()}

    @staticmethod
    def text_in(language: Language, name: str, **values: object) -> str:
        return _catalogue()[name][language].format_map(values)

    def both(self, name: str, **values: object) -> Html:
        """Both languages, the second one small."""
        return self.label(self.texts(name, **values))

    def text_of(self, texts: Bilingual) -> str:
        """A label as plain text in the chosen language."""
        return texts.get(self.language, "") or texts.get(self.other, "")

    def label(self, texts: Bilingual) -> Html:
        """A label of a method or table in both languages; once where they are the same."""
        first, second = texts.get(self.language, ""), texts.get(self.other, "")
        if not first or not second or first == second:
            return join(first or second)
        return join(first, " ", tag("span", second, lang=LANG[self.other], class_="alt"))


def table(
    caption: object,
    heads: Sequence[object],
    rows: Iterable[Sequence[object]],
    numeric: Sequence[int] = (),
    foot: Iterable[Sequence[object]] = (),
    look: str = "",
    label: str = "",
) -> Html:
    """A table with caption and column headings; the first cell of a row is its heading.

    One without a caption is read aloud by its `label`. `numeric` columns are set right. A wide table scrolls by itself
    on a narrow screen.
    """

    def line(cells: Sequence[object]) -> Html:
        return tag("tr", *(_cell(cell, column, numeric) for column, cell in enumerate(cells)))

    top = tag("tr", *(tag("th", head, scope="col", class_=_numeric(at, numeric)) for at, head in enumerate(heads)))
    lines, below = [line(cells) for cells in rows], [line(cells) for cells in foot]
    said = spoken(caption)
    made = tag(
        "table",
        tag("caption", caption) if said else Html(),
        tag("thead", top),
        tag("tbody", *lines),
        tag("tfoot", *below) if below else Html(),
        class_=look or None,
    )
    return scrolled(made, "scroll short" if len(lines) + len(below) <= _SHORT else "scroll", said or label)


def scrolled(made: Html, look: str, label: str) -> Html:
    """What may be wider than a screen, to be scrolled by keyboard too."""
    return tag("div", made, class_=look, tabindex=0, role="group", aria_label=label or None)


def spoken(said: object) -> str:
    """The text of a label in the page's own language, for an attribute that is read aloud."""
    return html.unescape(_TAG.sub("", _OTHER.sub("", said))).strip() if isinstance(said, Html) else str(said)


def told_from_file(place: str, path: str) -> str:
    """A place, or several, told from the case's own file on, wherever that file lies."""
    return place.replace(path, PurePath(path).name) if path else place


def section(title: object, *content: object, name: str, look: str = "", level: int = 2) -> Html:
    """A section named by its heading."""
    heading = tag(f"h{level}", title, id=f"{name}-title")
    return tag("section", heading, *content, id=name, class_=look or None, aria_labelledby=f"{name}-title")


@cache
def stylesheet() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8") + colour_rules()


def css_string(text: str, most: int = 60) -> str:
    """Text as a string of CSS in which nothing can end the string or the style element."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return '"' + "".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in short) + '"'


def _cell(cell: object, column: int, numeric: Sequence[int]) -> Html:
    head = column == 0 and cell != ""  # an empty row is for a person to fill
    kind = {"scope": "row"} if head else {}
    return tag("th" if head else "td", cell, **kind, class_=_numeric(column, numeric))


def _numeric(column: int, numeric: Sequence[int]) -> str | None:
    return "n" if column in numeric else None


@cache
def _catalogue() -> dict[str, dict[Language, str]]:
    from carbonstd._yaml import load_file

    loaded: Any = load_file(Path(__file__).with_name("words.yaml"))
    return dict(loaded)
