"""`carbonstd list`."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import spoken
from .options import json_option, language_option, library, library_options
from .output import print_findings, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonstd._definitions.header import Header
    from carbonstd._definitions.library import Library
    from carbonstd._definitions.vocabulary import Term
    from carbonstd._findings import Finding, Language

_KINDS = ("methods", "tables", "standards", "vocabularies")
_TERMS = 4  # of a vocabulary that are named
_STATUSES = ("in_force", "superseded", "upcoming", "closed", "draft", "unknown")  # those of an entry of the register


@spoken.command("list", short_help="List methods, tables or standards")
@spoken.argument("what", type=spoken.Choice(_KINDS), default="methods")
@spoken.option("--search", metavar="WORDS", help="Words of a title, number or id, Chinese or English.")
@spoken.option("--status", type=spoken.Choice(_STATUSES), help="Standards of this status only.")
@spoken.option("--industry", metavar="CODE", help="Methods for an industry by its code or name in GB/T 4754.")
@spoken.option("--emissions", metavar="QUANTITY", help="With --industry, which are the plant's own: 30000 tCO2e.")
@spoken.option("--energy", metavar="QUANTITY", help="Likewise by its energy in a year: 12000 tce.")
@spoken.option(
    "--year", type=spoken.IntRange(1990, 2100), metavar="YEAR", help="Year of that size; default: newest rules."
)
@json_option
@language_option
@library_options
def command(
    what: str,
    search: str | None,
    status: str | None,
    industry: str | None,
    emissions: str | None,
    energy: str | None,
    year: int | None,
    as_json: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """List methods, tables, vocabularies, or the register of standards."""
    from carbonstd._catalogue.describe import describe_entry, describe_header
    from carbonstd._own_method.unheld import unheld_named

    shelf = library(factors, methods)
    if industry is not None and (what != "methods" or search is not None):
        raise click.UsageError(_("--industry is for: carbonstd list methods, without --search"))
    sized = emissions is not None or energy is not None
    if (sized and industry is None) or (year is not None and not sized):
        raise click.UsageError(_("--emissions and --energy are for --industry, --year for one of them"))
    if what == "standards":
        entries = shelf.register.search(search or "", status or "")
        if entries or as_json:
            _print_standards([describe_entry(item, shelf) for item in entries], as_json, language)
        else:
            titles = (text for item in shelf.register.entries() for text in (*item.title.values(), *item.aliases))
            print_findings([_nothing(search or "", titles, shelf)])
        return
    if status is not None:
        raise click.UsageError(_("--status is for: carbonstd list standards"))
    if what == "vocabularies":
        _print_vocabularies(shelf, search or "", as_json, language)
        return
    if industry is not None:
        size = (emissions, energy, year) if sized else None
        _list_industry(industry, size, shelf, as_json, language)
        return
    headers = shelf.method_headers if what == "methods" else shelf.table_headers
    found = list(headers.values()) if search is None else shelf.search(search, headers)
    unheld = unheld_named(search, shelf) if search and what == "methods" else None
    if as_json:
        print_json([describe_header(header) for header in found])
    elif found:
        _print(found, language)
    elif unheld is None:
        from carbonstd._definitions.register_words import registered

        told = registered(search or "", shelf, headers, severity="note")
        titles = (text for item in headers.values() for text in (*item.title.values(), *item.aliases))
        print_findings(told or [_nothing(search or "", titles, shelf)])
    if unheld is not None:
        print_findings([unheld.finding()])


def _list_industry(
    industry: str,
    size: tuple[str | None, str | None, int | None] | None,
    shelf: Library,
    as_json: bool,
    language: Language,
) -> None:
    """The methods of an industry; with a size, which of them are the plant's own."""
    from carbonstd._catalogue.describe import describe_header
    from carbonstd._findings import finding
    from carbonstd._industry import industry_code
    from carbonstd._own_method.unheld import unheld_industry

    found = shelf.of_industry(industry)
    code = industry_code(industry)
    unheld = unheld_industry(code, shelf)
    told = [unheld.finding()] if not found or unheld.codes else []
    if size is not None:
        nearest = unheld.headers(shelf) if told else []
        _print_own([*found, *nearest], code, size, shelf, as_json, language)
        print_findings([finding("own-method-assumed"), finding("industries-assigned"), *told])
        return
    if as_json:
        print_json([describe_header(header) for header in found])
    elif found:
        _print(found, language)
        print_findings([finding("industries-assigned"), finding("own-method-hint")])
    print_findings(told)


def _print_own(
    found: list[Header],
    code: str,
    size: tuple[str | None, str | None, int | None],
    shelf: Library,
    as_json: bool,
    language: Language,
) -> None:
    from carbonstd._own_method import rule as _own_method
    from carbonstd._own_method.text import describe_own, own_lines

    plant = _own_method.size(*size, shelf)
    own = _own_method.own_methods(found, code, plant, shelf)
    users = _own_method.energy_users(plant, shelf)
    if as_json:
        print_json(describe_own(own, users, code, plant))
    else:
        print_lines(own_lines(own, users, code, plant, language))


def _print_vocabularies(shelf: Library, words: str, as_json: bool, language: Language) -> None:
    """The vocabularies of a name, or with a word in a term, with their counts; `show vocabulary/NAME` prints one."""
    from carbonstd._layout import Line, columns

    held = {name: shelf.vocabulary(name) for name in shelf.vocabularies()}
    terms = {name: one.holding(words) if words else [] for name, one in held.items()}
    found = [name for name in held if words in name or terms[name]]
    if as_json:
        print_json([{"id": f"vocabulary/{name}", "terms": len(held[name].terms)} for name in found])
    elif found:
        rows = [[f"vocabulary/{name}", str(len(held[name].terms)), _some(terms[name], language)] for name in found]
        print_lines(Line(text) for text in columns(rows, right=[1]))
    else:
        print_findings([_nothing(words, held, shelf)])


def _some(terms: list[Term], language: Language) -> str:
    named = [f"{term.key} {term.label(language)}" for term in terms[:_TERMS]]
    return "; ".join([*named, *(["…"] if len(terms) > _TERMS else [])])


def _print_standards(entries: list[dict[str, Any]], as_json: bool, language: Language) -> None:
    from carbonstd._catalogue.show import list_standards

    if as_json:
        print_json(entries)
    else:
        print_lines(list_standards(entries, language))


def _nothing(words: str, titles: Iterable[str], shelf: Library) -> Finding:
    """That nothing is of such words, and which words there are."""
    from carbonstd._findings import finding

    return finding("nothing-listed", words=words, suggestion=", ".join(shelf.near_words(words, titles)))


def _print(found: list[Header], language: Language) -> None:
    from carbonstd._layout import Line, columns

    other: Language = "en" if language == "zh" else "zh"
    rows = [[_("id"), _("level"), _("regime"), _("document"), _("in force"), _("title")]]
    for header in found:
        title = " ".join(dict.fromkeys((header.title[language], header.title[other])))
        day = str(header.document.in_force or header.published or "")
        rows.append([header.id, header.level, ", ".join(header.regimes), header.document.number, day, title])
    head, *body = columns(rows)
    print_lines([Line(head, "quiet"), *(Line(text) for text in body)])
