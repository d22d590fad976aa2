"""`carbonstd verify`."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import spoken
from .files import check_new, check_output
from .options import FILE, RunOptions, json_option, language_option, program, quoted, run_options, to_open
from .output import print_findings, print_json, print_lines
from .progress import shown

if TYPE_CHECKING:
    from carbonstd._findings import Finding, Language
    from carbonstd._verify.record import Verification

SUFFIXES = [".xlsx", ".docx", ".html", ".json"]
FILLED = [".xlsx", ".docx"]  # persons write in these


class Share(click.ParamType[float]):
    """A share typed as 5% or 0.05."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            found = float(text.rstrip("%％")) / (100 if text[-1:] in ("%", "％") else 1)
        except ValueError:
            found = -1.0
        if not 0 < found <= 1:
            self.fail(_("{text}: a share such as 5% is wanted").format(text=text), param, ctx)
        return found


@spoken.command("verify", short_help="Recompute a report and list what does not conform")
@spoken.argument("reported", metavar="REPORTED", type=FILE)
@spoken.option(
    "-o",
    "--output",
    "outputs",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Record to write: .xlsx, .docx, .html or .json; may be repeated.",
)
@spoken.option("--last-year", type=FILE, metavar="CASE", help="Last year's data, to compare with.")
@spoken.option("--plan", type=FILE, metavar="PLAN.xlsx", help="Its data quality control plan.")
@spoken.option("--change", type=Share(), metavar="PERCENT", help="What counts as an unusual change; default: 20%.")
@spoken.option("--materiality", type=Share(), metavar="PERCENT", help="Such as 5%; never in the national market.")
@spoken.option("--previous", type=FILE, metavar="RECORD.xlsx", help="The record of the round before.")
@spoken.option("--verbose", is_flag=True, help="List every figure and note.")
@json_option
@language_option
@run_options
def command(
    reported: Path,
    outputs: tuple[Path, ...],
    last_year: Path | None,
    plan: Path | None,
    change: float | None,
    materiality: float | None,
    previous: Path | None,
    verbose: bool,
    as_json: bool,
    language: Language,
    **options: Any,
) -> None:
    """Recompute a report by the method and edition it names and list what does not conform.

    REPORTED is the filled workbook (or YAML case), the figures of the report in its sheet of reported
    figures; `carbonstd template METHOD --review` writes that sheet, one for other sources and one for replacements. The
    record holds no opinion.

    Exit code 0: no error was found; 1: the record is written and its list holds errors; 2: nothing is written.
    """
    for output in outputs:
        check_output(output, SUFFIXES, reported, previous, last_year, plan)
        if output.suffix.lower() in FILLED:
            check_new(output)
    from carbonstd._output import together

    asked = RunOptions(**options)
    shares = {name: share for name, share in (("change", change), ("materiality", materiality)) if share is not None}
    with shown(_("reading and calculating"), not as_json):
        found = asked.verify(reported, last_year=last_year, plan=plan, **shares)
    if previous is not None:
        from carbonstd._verify.rounds import following, read_record

        found = following(found, read_record(previous))
    with together():
        told = [item for output in outputs for item in _write(found, output, language)]
    print_findings(told)
    if as_json:
        print_json(found.as_dict(language))
    else:
        from carbonstd._verify.text import lines

        given = {
            "--last-year": last_year,
            "--plan": plan,
            **{f"--{name}": f"{100 * share:.12g}%" for name, share in shares.items()},
        }
        words = [word for name, value in given.items() if value for word in (name, quoted(value))]
        typed = [quoted(reported), *words, *asked.arguments]
        steps = _next_steps(found.round, typed, outputs, previous, language)
        print_lines(lines(found, language, steps, verbose))
    click.get_current_context().exit(1 if found.failed else 0)


def _next_steps(
    round_: int, words: list[str], outputs: tuple[Path, ...], previous: Path | None, language: Language
) -> list[str]:
    """What to open, then the command of the next round, or the one that writes the record where this run did not."""
    written = next((path for path in outputs if path.suffix.lower() == ".xlsx"), None)
    again, follows = [program(), "verify", *words], ["-o", "record.xlsx"]
    earlier, at = (written, round_) if written else (previous, round_ - 1)
    if earlier is not None:
        later = earlier.with_stem(f"{earlier.stem.removesuffix(f'-{at}')}-{at + 1}")
        follows = ["--previous", quoted(earlier), "-o", quoted(later)]
    return [*(to_open(path) for path in outputs), " ".join([*again, *follows])]


def _write(found: Verification, output: Path, language: Language) -> list[Finding]:
    """Write the record in the form that the suffix names; what it lacks there."""
    from carbonstd._output import replace_json

    suffix = output.suffix.lower()
    if suffix == ".json":
        replace_json(output, found.as_dict(language))
    elif suffix == ".xlsx":
        from carbonstd._verify.workbook import write_workbook

        write_workbook(found, output, language)
    elif suffix == ".docx":
        from carbonstd._paper.word import write_word
        from carbonstd._verify.sections import record

        return write_word(record(found, language), output, language)
    else:
        from carbonstd._paper.page import write_page
        from carbonstd._verify.sections import record

        write_page(record(found, language), output, language)
    return []
