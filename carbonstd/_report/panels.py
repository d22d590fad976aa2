"""What a method shows beside its totals: its panels, a table each, with curves where years stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._definitions.method import Panel
from carbonstd._definitions.schema import Bilingual
from carbonstd._naming import Names, names_of
from carbonstd._paper.markup import Words, number
from carbonstd._paper.paper import Cell, Picture, Section, table
from carbonstd._result.charts import panel_chart
from carbonstd._result.panel import Across, Figure, across, filled_panels, label_of, unit_said
from carbonstd._result.result import Result
from carbonstd._wording import NOT_REPORTED


def panels(result: Result, words: Words) -> Iterator[Section]:
    names = names_of(result)
    for panel, figures in filled_panels(result):
        if panel.across:
            yield _across(panel, across(result, figures), names, words)
        else:
            yield _panel(panel, figures, result, words)


def _across(panel: Panel, held: Across, names: Names, words: Words) -> Section:
    """A panel as one table, its columns headed by label and unit."""
    heads: list[Bilingual] = list(held.heads)
    for item in held.equations:
        unit = f" ({told})" if (told := unit_said(item, words.language)) else ""
        heads.append({key: f"{text}{unit}" for key, text in label_of(item).items()})
    rows: list[list[Cell]] = [
        [
            *(names.terms_in(label)[words.language] for label in labels),
            *(number(item.value, item.text) if item else NOT_REPORTED for item in figures),
        ]
        for labels, figures in held.rows
    ]
    made = table(words.label(panel.title), heads, rows, numeric=range(len(held.heads), len(heads)))
    return Section(f"panel-{panel.id}", panel.title, (made,))


def _panel(panel: Panel, figures: Sequence[Figure], result: Result, words: Words) -> Section:
    names = names_of(result)
    heads = [words.texts(name) for name in ("line", "of_label", "value", "unit")]
    rows: list[list[Cell]] = [
        [
            words.label(item.label),
            item.labelled(names, words.language),
            number(item.value, item.text),
            unit_said(item.equation, words.language),
        ]
        for item in figures
    ]
    drawn = panel_chart(panel, figures, result)
    made = table(words.label(panel.title), heads, rows, numeric=(2,))
    return Section(f"panel-{panel.id}", panel.title, (*([Picture(drawn)] if drawn else []), made))
