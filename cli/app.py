"""The command group: every command, and the guard that turns what goes wrong into findings and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from . import spoken
from .language import asked_for_json, language_asked, speaking, system_language
from .options import speech_option
from .output import color_wanted, print_error, silence_stdout

NOTHING_WRITTEN = 2
INTERRUPTED = 130
BROKEN_PIPE = 141  # what a shell reports for a program that wrote to a closed pipe

COMMANDS = {  # the module of each command; it is imported when the command is used or listed
    "list": "listing",
    "show": "show",
    "factor": "factor",
    "template": "template",
    "calc": "calc",
    "check": "check",
    "verify": "verify",
    "batch": "batch",
    "trace": "trace",
    "test": "expectations",
    "lint": "lint",
    "export": "export",
    "diff": "diff",
    "completion": "completion",
}


class Guarded(spoken.Group):
    """A group that speaks the language asked for, and whose commands never end in a traceback."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        arguments = sys.argv[1:] if args is None else args
        with speaking(language_asked(arguments) or system_language()):
            return super().main(args, *rest, **{"color": color_wanted(), **extra})

    def make_context(self, *given: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*given, **extra)
        except click.UsageError as error:
            raise spoken.punctuated(error) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f".{COMMANDS[name]}", __package__).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise spoken.punctuated(error) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            silence_stdout()
            ctx.exit(BROKEN_PIPE)
        except Exception as error:
            if os.environ.get("CARBONSTD_DEBUG") == "1":
                raise
            print_error(error, as_json=asked_for_json(ctx))
            ctx.exit(NOTHING_WRITTEN)


@spoken.group(
    "carbonstd", cls=Guarded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="carbonstd", message="%(prog)s %(version)s", cls=spoken.Option)
@speech_option
def app() -> None:
    """Carbon accounting by published standards, from a filled workbook to an audited result."""
