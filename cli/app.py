"""The command group: every command, and the guard that turns what goes wrong into findings and an exit code."""

from __future__ import annotations

import difflib
import os
from importlib import import_module
from typing import Any

import click

from .language import asked_for_json
from .output import print_error, silence_stdout

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
}


class Guarded(click.Group):
    """A group whose commands never end in a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f".{COMMANDS[name]}", __package__).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        close = difflib.get_close_matches(args[0], COMMANDS, n=1) if args else []
        if close and args[0] not in COMMANDS and args[0][:1].isalpha():
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{close[0]}'?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
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


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="carbonstd", message="%(prog)s %(version)s")
def app() -> None:
    """Carbon accounting by published standards, from a filled workbook to an audited result.

    按已发布的标准核算碳排放：填写工作簿，得到可逐项追溯的结果。
    """
