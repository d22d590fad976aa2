"""`carbonstd test`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import spoken
from .options import FILE, language_option, library, library_options
from .progress import Progress

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library
    from carbonstd._expectation import Outcome
    from carbonstd._findings import Language


@spoken.command("test", short_help="Run cases with expected values")
@spoken.argument("paths", nargs=-1, required=True, type=FILE, metavar="CASE.yaml...")
@language_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Run cases with expected values; a folder stands for the cases in it."""
    from carbonstd._layout import pad, width

    shelf = library(factors, methods)
    failed, cases = 0, [case for given in paths for case in _cases(given)]
    with Progress() as progress:
        for number, path in enumerate(cases):
            progress(number, len(cases))
            differences, name = _differences(path, shelf, language)
            failed += bool(differences)
            word = click.style(_("FAIL"), fg="red") if differences else pad(_("ok"), width(_("FAIL")))
            progress.clear()
            click.echo(f"{word}  {path}  {name}".rstrip())
            for difference in differences:
                click.echo(f"      {difference}")
    count = _("{cases} cases: {passed} passed, {failed} failed")
    click.echo(count.format(cases=len(cases), passed=len(cases) - failed, failed=failed))
    context.exit(1 if failed else 0)


def _cases(path: Path) -> Iterator[Path]:
    """The file itself, or the YAML files below a folder that expect something. Raises CaseError where there is none."""
    from carbonstd import CaseError
    from carbonstd._findings import finding

    if not path.is_dir():
        yield path
        return
    found = [item for item in sorted(path.rglob("*.yaml")) if _expects(item)]
    if not found:
        raise CaseError(findings=[finding("cases-missing", str(path))])
    yield from found


def _expects(path: Path) -> bool:
    return re.search(rb"(?m)^expect:", path.read_bytes()) is not None


def _differences(path: Path, shelf: Library, language: Language) -> tuple[list[str], str]:
    """What is not as expected, and the name of the case; a case that cannot be read fails with its findings."""
    from carbonstd import CarbonstdError
    from carbonstd._expectation import run_expectation

    try:
        outcome: Outcome = run_expectation(path, shelf)
    except CarbonstdError as error:
        return [item.message(language) for item in error.findings] or [str(error)], ""
    if outcome.result is not None and not outcome.compared and outcome.passed:
        return [_("nothing is expected, so nothing is tested")], outcome.name
    return outcome.differences, outcome.name
