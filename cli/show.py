"""`carbonstd show`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import candidates, spoken
from .options import json_option, language_option, library, library_options
from .output import print_findings, print_json, print_lines

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library
    from carbonstd._findings import Language
    from carbonstd._layout import Line

_VOCABULARY = "vocabulary/"


@spoken.command("show", short_help="Show a method, table or vocabulary")
@spoken.argument("id", metavar="ID", shell_complete=candidates.definitions)
@spoken.option("--expanded", is_flag=True, help="Every equation, limit and place of definition.")
@json_option
@language_option
@library_options
def command(
    id: str,
    expanded: bool,
    as_json: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Show a method, a table or a vocabulary.

    ID is what `list` prints, a document number, or a title: gbt-32151.34@2024, "GB/T 32151.34", Carbon materials,
    fuels/gbt-32151.34, vocabulary/fuels. A document that is only registered shows its entry and what replaced it.
    """
    from carbonstd._definitions.register_words import registered

    shelf = library(factors, methods)
    data = described(id, shelf)
    if as_json:
        print_json(data)
        return
    print_lines(_lines(data, language, expanded))
    if data["kind"] == "standards":
        print_findings(registered(id, shelf, severity="warning"))


def described(name: str, shelf: Library) -> dict[str, Any]:
    """The method of that name, else the table, the vocabulary or what the register has. Raises NotFoundError."""
    from carbonstd import NotFoundError
    from carbonstd._catalogue.describe import describe_method, describe_standards, describe_table, describe_vocabulary

    if name.startswith(_VOCABULARY):
        return describe_vocabulary(shelf.vocabulary(name.removeprefix(_VOCABULARY)))
    readings: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: describe_method(shelf.method(name), shelf),
        lambda: describe_table(shelf.table(name), shelf),
        lambda: describe_vocabulary(shelf.vocabulary(name)),
    )
    for reading in readings:
        with suppress(NotFoundError):
            return reading()
    if entries := shelf.register.find(name.replace("@", "-")):
        return describe_standards(entries, shelf)
    shelf.find(name, {**shelf.table_headers, **shelf.method_headers})
    raise AssertionError("unreachable: what is found here was read above")


def _lines(data: dict[str, Any], language: Language, expanded: bool) -> Iterator[Line]:
    from carbonstd._catalogue.show import show_method, show_standards, show_table, show_vocabulary

    if data["kind"] == "method":
        return show_method(data, language, expanded)
    if data["kind"] == "standards":
        return show_standards(data, language)
    return show_table(data, language) if data["kind"] == "table" else show_vocabulary(data, language)
