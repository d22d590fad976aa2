"""Options that commands share, and the library they lead to."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import candidates, spoken
from .configuration import configured
from .language import remember_json
from .language import spoken as language_spoken

if TYPE_CHECKING:
    from datetime import date

    from carbonstd._case.case import Case
    from carbonstd._definitions.library import Library
    from carbonstd._definitions.method import Method
    from carbonstd._editions.diff import EditionDiff
    from carbonstd._findings import Finding
    from carbonstd._plan.findings import Compared
    from carbonstd._result.result import Result
    from carbonstd._verify.change import LastYear
    from carbonstd._verify.record import Verification

Function = TypeVar("Function", bound=Callable[..., Any])
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(path_type=Path)


def _once(context: click.Context, parameter: click.Parameter, given: tuple[Path, ...]) -> Path | None:
    """One file: a second would replace the first in silence."""
    if len(given) > 1:
        named = ", ".join(map(str, given))
        raise click.UsageError(_("{option} takes one file, not {files}").format(option=parameter.opts[0], files=named))
    return given[0] if given else None


def _one_of_a_form(context: click.Context, parameter: click.Parameter, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Files of different forms, one of each."""
    for form in {path.suffix.lower() for path in given}:
        _once(context, parameter, tuple(path for path in given if path.suffix.lower() == form))
    return given


def file_option(
    *names: str, help: str, metavar: str = "FILE", required: bool = False
) -> Callable[[Function], Function]:
    """A file to write, given once."""
    return spoken.option(
        *names, type=FILE, multiple=True, callback=_once, required=required, metavar=metavar, help=help
    )


report_option = file_option("--report", help="One page to read and print: .html.")
calc_report_option = spoken.option(
    "--report",
    "reports",
    type=FILE,
    multiple=True,
    callback=_one_of_a_form,
    metavar="FILE",
    help="The report, to read and print: .html or .docx; may be repeated.",
)
allow_recalled_option = spoken.option(
    "--allow-recalled",
    multiple=True,
    shell_complete=candidates.tables,
    metavar="TABLE",
    help="Accept a table whose source nobody has seen; may be repeated.",
)
_RUN_OPTIONS = (
    spoken.option("--entity", metavar="ENTITY", help="One entity of many, as batch reads them."),
    spoken.option(
        "--method", metavar="METHOD", shell_complete=candidates.methods, help="Another method for the same data."
    ),
    spoken.option(
        "--edition",
        "editions",
        multiple=True,
        metavar="EDITION",
        shell_complete=candidates.editions,
        help="Edition of the method, such as 2024; calc compares two.",
    ),
    spoken.option("--as-of", metavar="DATE", help="Use what was published by this day."),
    spoken.option("--strict", is_flag=True, help="Take official figures only."),
    allow_recalled_option,
    spoken.option("--lock", type=FILE, metavar="FILE", help="Run again with the data an earlier result carries."),
)

_lang = partial(
    spoken.option,
    "--lang",
    "language",
    type=spoken.Choice(["zh", "en"]),
    help="Language of help, messages and output; default: that of the system.",
)
language_option = _lang(callback=language_spoken)
speech_option = _lang(expose_value=False)  # of a group, and of a command whose output is in no language
json_option = spoken.option("--json", "as_json", is_flag=True, callback=remember_json, help="Print JSON, errors too.")


def library_options(function: Function) -> Function:
    """`--factors` and `--methods`: a user's own folders."""
    for name, of in (("methods", "methods"), ("factors", "tables")):
        function = spoken.option(
            f"--{name}", multiple=True, type=FOLDER, metavar="DIR", help=f"Folder of your own {of}; may be repeated."
        )(function)
    return function


def run_options(function: Function) -> Function:
    """How a case is run: `calc` and `trace` take the same, so that a trace explains the figure that was printed."""
    function = library_options(function)
    for option in reversed(_RUN_OPTIONS):
        function = option(function)
    return function


def library(factors: tuple[Path, ...] = (), methods: tuple[Path, ...] = ()) -> Library:
    """The shipped library, with the folders of `carbonstd.toml` and then those of the flags laid over it."""
    import carbonstd

    own = configured()
    return carbonstd.library((*own["factors"], *factors), (*own["methods"], *methods))


@dataclass(frozen=True)
class RunOptions:
    """The run options as typed; `period` holds for an entity that names none."""

    entity: str | None
    method: str | None
    editions: tuple[str, ...]
    as_of: str | None
    strict: bool
    allow_recalled: tuple[str, ...]
    lock: Path | None
    factors: tuple[Path, ...]
    methods: tuple[Path, ...]
    period: str = ""

    @property
    def edition(self) -> str | None:
        """The one edition asked for. Raises UsageError where several are named."""
        if len(self.editions) > 1:
            raise click.UsageError(_("--edition names one edition here; calc compares two"))
        return self.editions[0] if self.editions else None

    @property
    def only_of_runs(self) -> list[str]:
        """The options given that mean something only where a case is run."""
        given: dict[str, object] = {"--method": self.method, "--edition": self.editions, "--as-of": self.as_of}
        given |= {"--strict": self.strict, "--allow-recalled": self.allow_recalled, "--lock": self.lock}
        return [name for name, value in given.items() if value]

    def compare(self, path: Path) -> EditionDiff:
        """Read the case and run it by the two editions named. Raises CarbonstdError, in a reader's words."""
        from carbonstd import Options
        from carbonstd._editions.diff import compare_editions
        from carbonstd._joint.case import case_of

        if len(self.editions) != 2 or self.lock is not None:
            raise click.UsageError(_("two editions are compared, without --lock"))
        shelf = library(self.factors, self.methods)
        case = self._case(path, shelf)
        first, second = (self._edition_of(self.method or case.method, shelf, edition) for edition in self.editions)
        options = Options(self.strict, tuple(shelf.find(name, shelf.table_headers).id for name in self.allow_recalled))
        return compare_editions(case_of(case, first, shelf, options), (first, second), shelf, options)

    def run(self, path: Path) -> Result:
        """Read the case and run it. Raises CarbonstdError; the findings of a CaseError are in a reader's words."""
        shelf = library(self.factors, self.methods)
        case = self._read(path, shelf)
        return self._one(case, self.method or case.method, shelf)

    def run_all(self, path: Path) -> list[Result]:
        """Read the case and run it by each method it is for, or by the one that is asked for.

        Raises CarbonstdError; where several methods refuse it, the findings of all.
        """
        from carbonstd import CaseError
        from carbonstd._findings import finding, unique

        shelf = library(self.factors, self.methods)
        case = self._read(path, shelf)
        one = self.method or self.edition or self.lock
        names = [self.method or case.method] if one else [case.method, *case.also]
        results: list[Result] = []
        refused: list[str] = []
        findings: list[Finding] = []
        for name in names:
            try:
                results.append(self._one(case, name, shelf))
            except CaseError as error:
                refused.append(name)
                findings += error.findings
        if refused:
            if len(names) > 1:
                findings.append(finding("joint-refused", ", ".join(refused), count=len(results)))
            raise CaseError(findings=unique(findings))
        return results

    def _read(self, path: Path, shelf: Library) -> Case:
        from carbonstd import CaseError

        try:
            return self._case(path, shelf)
        except CaseError as error:
            raise CaseError(findings=self._named(error.findings, None, "", shelf)) from None

    def _case(self, path: Path, shelf: Library) -> Case:
        """The case at a path, or that of one entity of a source. Raises CarbonstdError."""
        from carbonstd import read_case

        said = {"method": self.method or "", "period": self.period} if self.entity is not None else {}
        if said and self.lock is not None:
            lock = self._lock(self.lock)
            said = {name: str(lock.get(name, "")) for name in said}
        return self._dated(read_case(path, shelf, entity=self.entity, **said))

    def _lock(self, path: Path) -> Any:
        from .locks import read_lock

        return read_lock(path, self.entity, self.method)

    def _one(self, case: Case, method: str, shelf: Library) -> Result:
        from carbonstd import CaseError, Options, run

        try:
            if self.lock is not None:
                return self._again(case, self.lock, shelf)
            allowed = tuple(shelf.find(name, shelf.table_headers).id for name in self.allow_recalled)
            asked = self._edition_of(method, shelf, self.edition)
            return run(case, asked, options=Options(self.strict, allowed), of=shelf)
        except CaseError as error:
            raise CaseError(findings=self._named(error.findings, case, method, shelf)) from None

    def verify(self, path: Path, **asked: Any) -> Verification:
        """Read a report and verify it; `asked` is what `carbonstd.verify` takes beside. Raises CarbonstdError."""
        import carbonstd
        from carbonstd import Options

        if self.lock is not None:
            raise click.UsageError(_("--lock is of a result and not of a report"))
        shelf = library(self.factors, self.methods)
        case = self._case(path, shelf)
        options = Options(self.strict, recalled_tables(self.allow_recalled, shelf))
        return carbonstd.verify(case, self._method(case, shelf), options=options, of=shelf, **asked)

    def others_with(self, path: Path, line: str, method: Method) -> list[str]:
        """Families of the other methods of a joint case that have such a line or equation."""
        from carbonstd import CarbonstdError
        from carbonstd._naming import named

        shelf = library(self.factors, self.methods)
        with suppress(CarbonstdError):  # a table of plants is no case
            case = self._case(path, shelf)
            beside = [shelf.method(name, case.period, case.as_of) for name in (case.method, *case.also)]
            return [item.family for item in beside if item.family != method.family and any(named(item, line))]
        return []

    def last_year(self, path: Path, now: Result) -> LastYear:
        """The case of the year before, run as this year's was, in a reader's words. Raises CarbonstdError."""
        from carbonstd import Options, read_case
        from carbonstd._naming import names_of
        from carbonstd._verify.change import last_year

        shelf = library(self.factors, self.methods)
        options = Options(self.strict, recalled_tables(self.allow_recalled, shelf))
        found = last_year(now.case, now.method, read_case(path, shelf), shelf, options)
        return replace(found, findings=tuple(names_of(now).findings(found.findings)))

    def compared(self, path: Path, results: list[Result]) -> dict[int, Compared]:
        """The results of a plan's method, by their place among all, held against it; of none, that it is another's.

        Raises CarbonstdError.
        """
        from carbonstd._plan.findings import compared
        from carbonstd._plan.input import read_plan

        plan = read_plan(path, library(self.factors, self.methods))
        own = [at for at, result in enumerate(results) if result.method.family == plan.method.family] or [0]
        return {at: compared(plan, results[at]) for at in own}

    def run_plant(self, path: Path, name: str | None, period: str) -> Result:
        """Run one plant of a table, or the only one of a file, as limits are checked. Raises CarbonstdError."""
        from carbonstd._limits.input import named_subject, read_subjects
        from carbonstd._limits.judging import Question, run_plant

        if self.lock is not None:
            raise click.UsageError(_("--lock is of one case and not of a table of plants"))
        shelf = library(self.factors, self.methods)
        subjects = read_subjects(path, shelf)
        subject = subjects[0] if name is None and len(subjects) == 1 else named_subject(subjects, name or "")
        typed = self.method or subject.standard
        standard = f"{typed}@{self.edition}" if self.edition else self.method or ""
        question = Question(
            standard, period, parsed_day(self.as_of), allowed=recalled_tables(self.allow_recalled, shelf)
        )
        return run_plant(subject, shelf, question, self.strict)

    def _named(self, findings: list[Finding], case: Case | None, name: str, shelf: Library) -> list[Finding]:
        from carbonstd import CarbonstdError
        from carbonstd._naming import Names

        with suppress(CarbonstdError):
            asked = self._edition_of(name, shelf, self.edition)
            method = shelf.method(asked, case.period, case.as_of) if case else None
            return Names(method, shelf).findings(findings)
        return findings

    @property
    def arguments(self) -> list[str]:
        """The options as they would be typed again."""
        typed = [
            ("--entity", self.entity),
            ("--period", self.period),
            ("--method", self.method),
            *(("--edition", name) for name in self.editions),
            ("--as-of", self.as_of),
            ("--lock", self.lock),
        ]
        typed += [("--allow-recalled", name) for name in self.allow_recalled]
        typed += [("--factors", path) for path in self.factors]
        typed += [("--methods", path) for path in self.methods]
        words = [word for name, value in typed if value for word in (name, quoted(value))]
        return [*words, "--strict"] if self.strict else words

    def _dated(self, case: Case) -> Case:
        day = parsed_day(self.as_of)
        return replace(case, as_of=day) if day else case

    def _method(self, case: Case, shelf: Library) -> str:
        return self._edition_of(self.method or case.method, shelf, self.edition)

    def _edition_of(self, name: str, shelf: Library, edition: str | None) -> str:
        return f"{shelf.find(name, shelf.method_headers).family}@{edition}" if edition else name

    def _again(self, case: Case, lock: Path, shelf: Library) -> Result:
        from carbonstd import run

        from .locks import edited_factors

        fixed = (self.edition, self.period, self.as_of, self.strict, self.allow_recalled)
        if (self.method and self.entity is None) or any(fixed):
            raise click.UsageError(
                _("--lock fixes method, edition, period, date and data; leave the other run options out")
            )
        result = run(case, lock=self._lock(lock), of=shelf)
        return result.with_lock(result.lock, edited_factors(lock))


def recalled_tables(names: tuple[str, ...], shelf: Library) -> tuple[str, ...]:
    """The tables that are named; every edition of one without an edition. Raises NotFoundError."""
    from carbonstd._limits.editions import names_edition

    found: list[str] = []
    for name in names:
        header = shelf.find(name, shelf.table_headers)
        all_of_it = () if names_edition(name, header) else shelf.editions(header.family, shelf.table_headers)
        found += [item.id for item in all_of_it] or [header.id]
    return tuple(found)


def parsed_day(text: str | None) -> date | None:
    """The day of `--as-of`; None where none is given. Raises CaseError."""
    from carbonstd import CaseError
    from carbonstd._definitions.schema import parse_date
    from carbonstd._findings import finding

    day = parse_date(text) if text is not None else None
    if text is not None and day is None:
        raise CaseError(findings=[finding("date-unreadable", "--as-of", found=text)])
    return day


def to_open(path: Path) -> str:
    """The step after a file was written."""
    return _("open {path}").format(path=quoted(path))


def program() -> str:
    """This program as it is typed: by its name where the shell finds it, else by its place in the environment."""
    beside = Path(sys.executable).with_name("carbonstd" + Path(sys.executable).suffix)
    if shutil.which("carbonstd") or not beside.exists():
        return "carbonstd"
    here = Path.cwd()
    return quoted(beside.relative_to(here) if beside.is_relative_to(here) else beside)


def quoted(value: str | Path) -> str:
    """An argument as it is typed in a shell; Chinese names need no quotes."""
    text = str(value)
    if text and all(char.isalnum() or char in "-_./\\:@+,=" for char in text):
        return text
    return f'"{text}"' if os.name == "nt" else shlex.quote(text)
