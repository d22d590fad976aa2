"""The page of a check of equipment: grades and savings by kind, every item with its reasons, what it all rests on.

One self-contained HTML page; nothing is fetched and nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

from carbonstd._charts.as_svg import svg
from carbonstd._charts.chart import Part, Stack, Stacks
from carbonstd._definitions.schema import in_both
from carbonstd._equipment.check import EquipmentCheck, Kind
from carbonstd._equipment.record import BELOW, UNDECIDED, Item
from carbonstd._equipment.rows import TOTAL, kind_heads, kind_name, kind_rows, saving_rows, total_rows
from carbonstd._equipment.text import TEXTS, closing, graded_text, level_text, named, state_text, summary
from carbonstd._findings import LANGUAGES, Language
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, section, table, tag
from carbonstd._paper.page_file import page, write_page
from carbonstd._wording import GRADE_TEXT, NOT_REPORTED

_ITEM = ("name", "made", "then", "now", "level", "reasons")
_SAVING = ("name", "count", "now", "replaced", "saved", "unit", "coal", "carbon", "money")


def write_report(check: EquipmentCheck, path: Path, language: Language) -> None:
    """Write the page. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    write_page(report(check, language), path)


def report(check: EquipmentCheck, language: Language) -> str:
    """The page as text: the same for the same check."""
    words = Words(language)
    top = tag("header", tag("h1", words.label(TEXTS["title"])), tag("p", summary(check, language), class_="by"))
    closed = (tag("p", text, class_="note") for text in closing(check, language))
    main = tag(
        "main",
        top,
        section(words.label(TEXTS["kinds"]), _chart(check, words), _kinds(check, words), name="kinds"),
        *_savings(check, words),
        section(words.label(TEXTS["items"]), _items(check, words), name="items"),
        *_by_item(check, words),
        *(tag("p", item.message(language)) for item in check.findings),
        section(words.label(TEXTS["rests_on"]), *closed, name="basis"),
    )
    return page(TEXTS["title"][language], main, "", language)


def _chart(check: EquipmentCheck, words: Words) -> Html:
    """A stacked bar for each kind: how many pieces are of which grade today."""
    stacks = tuple(_stack(kind, check) for kind in check.kinds())
    return svg(Stacks("grades-chart", TEXTS["kinds"], stacks), words.language)


def _stack(kind: Kind, check: EquipmentCheck) -> Stack:
    counts = kind.counts()
    parts = tuple(
        Part(in_both(partial(state_text, state)), _colour(state), counts[state])
        for state in check.states
        if counts[state]
    )
    return Stack(in_both(partial(kind_name, kind)), dict.fromkeys(LANGUAGES, kind.standard), parts)


def _colour(state: str) -> str:
    """Grades 1 to 3 in the colours of the first levels, an evaluation value and any other rung in the next ones."""
    named = {BELOW: "lnone", UNDECIDED: "lopen", "1": "l0", "2": "l1", "3": "l2", "evaluation": "l3"}
    return named.get(state, "l4")


def _kinds(check: EquipmentCheck, words: Words) -> Html:
    heads = kind_heads(check, words.language)
    *rows, whole = [[cell or "" for cell in row] for row in kind_rows(check, words.language)]
    return table(words.label(TEXTS["kinds"]), heads, rows, numeric=range(2, len(heads)), foot=[whole])


def _savings(check: EquipmentCheck, words: Words) -> Iterator[Html]:
    """What the items of each kind would save by each grade; nothing where no grade above is printed for any."""
    rows = [[_figure(row[name]) for name in TOTAL] for row in total_rows(check, words.language)]
    if not rows:
        return
    sums = len(rows) - len(check.totals())
    heads = [words.label(TEXTS[name]) for name in TOTAL]
    title = words.label(TEXTS["totals"])
    made = table(title, heads, rows[:sums], numeric=(2, 3, 4, 6, 7, 8), foot=rows[sums:])
    yield section(title, made, tag("p", words.label(TEXTS["alternatives"]), class_="note"), name="savings")


def _figure(value: object) -> object:
    if isinstance(value, Fraction):
        return shown(value, 6)
    return NOT_REPORTED if value is None else value


def _items(check: EquipmentCheck, words: Words) -> Html:
    rows = [_item(item, words) for item in check.items]
    return table(words.label(TEXTS["items"]), [words.label(TEXTS[name]) for name in _ITEM], rows)


def _item(item: Item, words: Words) -> list[object]:
    language = words.language
    what = " · ".join(filter(None, (words.text_of(item.now.title), words.text_of(item.now.category))))
    today = tag("span", graded_text(item.now, language), class_="bad-text" if item.failed else None)
    return [
        join(named(item), tag("span", what, class_="clause")),
        item.made or NOT_REPORTED,
        graded_text(item.then, language),
        join(today, tag("span", GRADE_TEXT[item.now.standing][language], class_="clause")),
        level_text(item.level, language) or NOT_REPORTED,
        join(*(tag("p", found.message(language)) for found in item.told)),
    ]


def _by_item(check: EquipmentCheck, words: Words) -> Iterator[Html]:
    """What each item would save by each grade."""
    rows = [[_figure(row[name]) for name in _SAVING] for row in saving_rows(check, words.language)]
    if rows:
        heads, title = [words.label(TEXTS[name]) for name in _SAVING], words.label(TEXTS["savings"])
        yield section(title, table(title, heads, rows, numeric=(1, 4, 6, 7, 8)), name="by-item")
