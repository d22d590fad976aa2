"""The page of a table: one edition of one published table, with every figure and what it was seen in."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._catalogue.describe import Data, describe_table
from carbonstd._catalogue.show import cells_at, figure_text, grades_text, places_of
from carbonstd._definitions.header import Header
from carbonstd._definitions.schema import in_both
from carbonstd._paper.markup import Html, tag
from carbonstd._wording import LEVEL_NAMES, basis_text

from .changes import changes
from .layout import (
    WORDS,
    Page,
    Site,
    bilingual,
    errata,
    facts,
    head_facts,
    heading,
    joined,
    legend,
    link,
    mark,
    names,
    regimes,
    table,
    told_unit,
    told_units,
    word,
    words,
)


def table_page(header: Header, site: Site) -> Page:
    found = site.library.table(header.id)
    data, page = describe_table(found, site.library), site.table(header.id)
    sources: dict[Html, int] = {}
    rows = _rows(data, sources)
    body = [
        _facts(data, header, site, page),
        *changes(data, header, site, page),
        heading("rows"),
        legend(),
        rows,
        *_columns(data, site, page),
        *_sources(sources),
        *([heading("errata"), errata(data["errata"])] if data["errata"] else []),
    ]
    title = f"{found.document.number} {found.clause} {found.title['zh']}"
    return Page(page, title, body, found.title["en"], site.newest(header))


def _facts(data: Data, header: Header, site: Site, page: str) -> str:
    return facts(
        (
            *head_facts(data, header, site, page),
            (word("clause"), data["clause"]),
            (word("published"), data["published"]),
            (word("data_period"), data["data_period"]),
            (word("regimes"), regimes(data)),
            (word("licence"), WORDS.label(data["licence"])),
            (word("aliases"), ", ".join(header.aliases)),
            (word("evidence"), grades_text(data, "zh")),
            (word("incomplete"), WORDS.label(data["incomplete"]) if data["incomplete"] else ""),
            (word("note"), WORDS.label(data["note"])),
        )
    )


def _rows(data: Data, sources: dict[Html, int]) -> str:
    """Every row: what it is found by, its figures with their evidence, the numbers of its sources."""
    places = places_of(data)
    columns = {column["id"]: column for column in data["columns"]}
    heads = [WORDS.label(key["label"]) for key in data["keys"]]
    heads += [_head(columns[column], label) for column, label in places]
    numeric = [at for at, (column, _) in enumerate(places, len(data["keys"])) if not columns[column]["text"]]
    lines = []
    for row in data["rows"]:
        cells = cells_at(row, places)
        used = dict.fromkeys(WORDS.label(cell["source"]) for cell in cells if cell.get("source"))
        numbers = "".join(f"[{sources.setdefault(source, len(sources) + 1)}]" for source in used)
        listed = word("listed") if row["listed"] else ""
        lines.append(
            [*_found_by(row, data), *map(_cell, cells), numbers, joined([listed, WORDS.label(row["note"])], " ")]
        )
    return table(word("rows"), [*heads, word("sources"), word("note")], lines, numeric)


def _found_by(row: Data, data: Data) -> Iterator[object]:
    for key in data["keys"]:
        match, label = row["match"].get(key["id"], ""), row["labels"].get(key["id"])
        written = ", ".join(match) if isinstance(match, list) else match
        yield (
            bilingual(label)
            if label
            else f"{written} {told_unit(key['unit']) if key['unit'] else ''}"
            if written
            else ""
        )


def _head(column: Data, label: str) -> Html:
    units = told_units(column["units"])
    level = bilingual(LEVEL_NAMES[label]) if label in LEVEL_NAMES else label
    told = joined([f"[{units}]" if units and units != "1" else "", bilingual(basis_text(column["basis"])), level], " ")
    return joined([WORDS.label(column["label"]), tag("span", column["symbol"], class_="symbol"), told], " ")


def _cell(cell: Data) -> Html:
    text = bilingual(in_both(lambda language: figure_text(cell, language)))
    graded = bool(cell) and bool(cell["evidence"]) and cell["value"] is not None
    note = tag("span", " *", title=bilingual(cell["note"])) if cell and cell["note"] else ""
    return joined([text, mark(cell["evidence"]) if graded else "", note], " ")


def _columns(data: Data, site: Site, page: str) -> Iterator[str]:
    yield heading("columns")
    rows: list[list[object]] = []
    for key in data["keys"]:
        vocabulary = key["vocabulary"]
        known = vocabulary in site.vocabularies
        kind = (
            link(vocabulary, page, site.vocabulary(vocabulary))
            if known
            else (told_unit(key["unit"]) if key["unit"] else vocabulary)
        )
        rows.append([joined([WORDS.label(key["label"]), names([key["id"]])], " "), word("keys"), kind, ""])
    for column in data["columns"]:
        units = told_units(column["units"])
        label = joined([WORDS.label(column["label"]), names([column["id"]])], " ")
        rows.append([label, column["symbol"], units or words("文字", "text"), bilingual(basis_text(column["basis"]))])
    heads = [word("columns"), words("符号", "symbol"), words("单位或词表", "unit or vocabulary")]
    yield table(word("columns"), [*heads, words("基准", "basis")], rows)


def _sources(sources: dict[Html, int]) -> Iterator[str]:
    if sources:
        yield heading("sources")
        yield tag("ol", *(tag("li", source) for source in sources))
