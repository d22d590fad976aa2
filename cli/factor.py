"""`carbonstd factor`: which factor holds, why, and what else exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import spoken
from .options import json_option, language_option, library, library_options, parsed_day, speech_option
from .output import print_json, print_lines

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library
    from carbonstd._factor.factor import Answer, Question
    from carbonstd._findings import Language

NO_FACTOR = 1
Function = TypeVar("Function", bound=Callable[..., Any])


def _question_options(function: Function) -> Function:
    """What every question has: year, regime, the day whose knowledge counts; and how the answer is printed."""
    options = (
        spoken.option(
            "--year", type=spoken.IntRange(1990, 2100), required=True, metavar="YEAR", help="Accounting year."
        ),
        spoken.option("--regime", metavar="REGIME", help="Under which rules; without it all are compared."),
        spoken.option("--as-of", metavar="DATE", help="Use what was published by this day."),
        json_option,
        language_option,
    )
    function = library_options(function)
    for option in reversed(options):
        function = option(function)
    return function


@spoken.group("factor", short_help="Which factor holds, and why")
@speech_option
def command() -> None:
    """Which factor of electricity, heat or a fuel holds, and why.

    The answer names the figure, the rule that picked it, its document and evidence, and what else exists. A factor
    whose source nobody has seen is never given; no factor is exit code 1.
    """


@command.command("electricity", short_help="Factor of electricity")
@spoken.option("--region", metavar="PLACE", default="national", help="Province or regional grid; default: China.")
@spoken.option("--supply", metavar="SUPPLY", default="grid", help="Supply, or what is claimed: green_certificate ...")
@_question_options
def electricity(region: str, supply: str, **options: Any) -> None:
    """Factor of electricity.

    carbonstd factor electricity --region Zhejiang --year 2023 --regime gbt-32151
    """
    _run("electricity", {"place": ("provinces", region), "supply": ("factor_supplies", supply)}, **options)


@command.command("heat", short_help="Factor of purchased heat")
@_question_options
def heat(**options: Any) -> None:
    """Factor of purchased heat."""
    _run("heat", {}, **options)


@command.command("fuel", short_help="Parameters of a fuel")
@spoken.argument("fuel", metavar="FUEL")
@spoken.option("--sector", metavar="SECTOR", default="unnamed", help="power, steel, chemicals: whose guide.")
@_question_options
def fuel(fuel: str, sector: str, **options: Any) -> None:
    """Parameters of a fuel: calorific value, carbon, oxidation.

    carbonstd factor fuel "Bituminous coal" --year 2025 --regime gbt-32151
    """
    _run("fuel", {"fuel": ("fuels", fuel), "sector": ("factor_sectors", sector)}, **options)


def _run(
    subject: str,
    named: dict[str, tuple[str, str]],
    year: int,
    regime: str | None,
    as_of: str | None,
    as_json: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    from carbonstd._factor.factor import Question, answer, regimes
    from carbonstd._factor.others import others
    from carbonstd._factor.text import describe_factor, factor_lines, overview_lines

    shelf = library(factors, methods)
    asked = {name: key_of(shelf, *what) for name, what in named.items()}
    wanted = [key_of(shelf, "regimes", regime)] if regime else regimes(subject, shelf)
    day = parsed_day(as_of) or date.today()
    questions: list[Question] = [Question(subject, year, name, day, **asked) for name in wanted]
    answers: list[Answer] = [answer(question, shelf) for question in questions]
    if as_json:
        told = [describe_factor(item, others(item, shelf) if regime else [], shelf, language) for item in answers]
        print_json({"schema": 1, **told[0]} if regime else {"schema": 1, "answers": told})
    elif regime:
        print_lines(factor_lines(answers[0], others(answers[0], shelf), shelf, language))
    else:
        print_lines(overview_lines(answers, shelf, language))
    if regime and answers[0].state == "none":
        click.get_current_context().exit(NO_FACTOR)


def key_of(shelf: Library, vocabulary: str, name: str) -> str:
    """The key meant by a typed name. Raises NotFoundError with a suggestion."""
    from carbonstd import NotFoundError
    from carbonstd._findings import finding

    terms = shelf.vocabulary(vocabulary)
    found = terms.resolve(name)
    if found is None:
        values = {"kind": _KINDS[vocabulary], "name": name, "vocabulary": vocabulary}
        suggestion = terms.suggest(name)
        raise NotFoundError(findings=[finding("factor-word-unknown", suggestion=suggestion, **values)])
    return found


_KINDS = {
    "provinces": {"zh": "地区", "en": "region"},
    "regimes": {"zh": "核算体系", "en": "regime"},
    "factor_supplies": {"zh": "电力来源", "en": "supply"},
    "fuels": {"zh": "燃料", "en": "fuel"},
    "factor_sectors": {"zh": "行业", "en": "sector"},
}
