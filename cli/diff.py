"""`carbonstd diff`."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import candidates, spoken
from .options import (
    FILE,
    allow_recalled_option,
    json_option,
    language_option,
    library,
    library_options,
    recalled_tables,
)
from .output import print_json, print_lines

if TYPE_CHECKING:
    from carbonstd._catalogue.diff import Difference
    from carbonstd._definitions.library import Library
    from carbonstd._findings import Language
    from carbonstd._layout import Line


def _kinds() -> dict[str, str]:
    return {"added": _("added"), "removed": _("removed"), "changed": _("changed")}


def _sections() -> dict[str, str]:
    """The parts of a definition, in the order in which they are compared."""
    return {
        "head": _("Head"),
        "document": _("Document"),
        "keys": _("Keys"),
        "columns": _("Columns"),
        "rows": _("Rows"),
        "sheets": _("Sheets"),
        "tables": _("Tables"),
        "constants": _("Constants"),
        "equations": _("Equations"),
        "checks": _("Checks"),
        "lines": _("Report lines"),
        "totals": _("Totals"),
    }


@spoken.command("diff", short_help="Compare two editions")
@spoken.argument("id", metavar="ID", shell_complete=candidates.definitions)
@spoken.argument("old", metavar="OLD", shell_complete=candidates.editions)
@spoken.argument("new", metavar="[NEW]", shell_complete=candidates.editions, required=False)
@spoken.option("--plant", type=FILE, metavar="FILE", help="Judge a plant by both editions.")
@allow_recalled_option
@json_option
@language_option
@library_options
def command(
    id: str,
    old: str,
    new: str | None,
    plant: Path | None,
    allow_recalled: tuple[str, ...],
    as_json: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Compare two editions of a method or table, or any two tables.

    `carbonstd diff mee-power 2022-12 2026` names one family and two editions; `carbonstd diff A B` names two things.
    With `--plant FILE` (a workbook, a YAML case or a table of plants) it says what two editions of a limit make of
    each plant, and which clause moved its level; exit code 1 where an edition gives none.
    """
    from carbonstd._catalogue.diff import differences

    from .show import described

    names = (id, old) if new is None else (f"{id}@{old}", f"{id}@{new}")
    shelf = library(factors, methods)
    if plant is not None:
        _plants(plant, names, shelf, recalled_tables(allow_recalled, shelf), as_json, language)
        return
    before, after = (described(name, shelf) for name in names)
    for name, data in zip(names, (before, after), strict=True):
        if data["kind"] == "standards":  # only registered, or held as several: the error names them
            shelf.find(name, {**shelf.table_headers, **shelf.method_headers})
    if before["kind"] != after["kind"] or before["kind"] == "vocabulary":
        raise click.UsageError(
            _("{first} and {second}: two tables or two methods").format(first=names[0], second=names[1])
        )
    found = differences(before, after)
    if as_json:
        data = {"schema": 1, "old": before["id"], "new": after["id"], "differences": [item.as_dict() for item in found]}
        print_json(data)
    else:
        print_lines(_lines(before, after, found, language))


def _plants(
    source: Path, names: tuple[str, str], shelf: Library, allowed: tuple[str, ...], as_json: bool, language: Language
) -> None:
    """What two editions of a limit make of the plants in a file."""
    from carbonstd import __version__
    from carbonstd._limits.diff import compare_plants
    from carbonstd._limits.diff_text import lines
    from carbonstd._limits.input import read_subjects
    from carbonstd._limits.judging import Question

    found, left = compare_plants(read_subjects(source, shelf), names, shelf, Question(allowed=allowed))
    if as_json:
        plants = [item.as_dict(language) for item in found]
        print_json({"schema": 1, "engine": __version__, "editions": list(names), "plants": plants, "left": left})
    else:
        print_lines(lines(found, left, language))
    click.get_current_context().exit(0 if all(item.compared for item in found) else 1)


def _lines(old: dict[str, Any], new: dict[str, Any], found: list[Difference], language: Language) -> Iterator[Line]:
    from carbonstd._layout import Line, columns

    yield Line(f"{old['id']} → {new['id']}", "strong")
    for section, title in _sections().items():
        rows = [_row(item, language) for item in found if item.section == section]
        if rows:
            yield Line("")
            yield Line(title, "head")
            yield from (Line(text) for text in columns(rows, indent="  "))
    if not found:
        yield Line(_("no difference"))


def _row(item: Difference, language: Language) -> list[str]:
    change = f"{item.old or '—'} → {item.new or '—'}" if item.kind == "changed" else item.new or item.old
    ratio = "" if item.ratio is None else f"{item.ratio - 1:+.2%}"
    return [_kinds()[item.kind], item.item, item.label.get(language, ""), item.field, change, ratio]
