"""Click's commands, options and arguments, whose texts are read in the language spoken, and help that lines up.

The English text in the source is the msgid. It is translated where it is read: a command is defined once, when its
module is imported, and may be read in either language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from gettext import gettext as _
from gettext import ngettext
from typing import Any, TypeVar

import click

from carbonstd._layout import pad, width, wrapped
from carbonstd._near import near

from .language import language

Function = TypeVar("Function", bound=Callable[..., Any])


def translated(text: str) -> str:
    """A text in the language spoken, paragraph by paragraph; how its lines are broken in the source does not matter."""
    return "\n\n".join(_(part) for part in paragraphs(text))


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """A question that names what is close, at most three; empty where nothing is."""
    close = near(typed, known)
    named = ", ".join(map(repr, close))
    asked = ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", len(close) or 1)
    return asked.format(possibility=named, possibilities=named) if close else ""


def punctuated(error: click.UsageError) -> click.UsageError:
    """An error of click's, which ends a sentence by a full stop and a blank in any language; in Chinese by 。 alone."""
    if language() != "zh" or isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    said = re.sub(r"(?<=['”）\u4e00-\u9fff])\.(?=\s|$)", "。", error.format_message())
    return click.UsageError(re.sub(r"(?<=[。？！]) +", "", said), error.ctx)


def _told(name: str) -> Any:
    """A text of the source that is read in the language spoken."""
    kept = f"_{name}_in_source"

    def read(self: object) -> str | None:
        text = getattr(self, kept)
        return text and translated(text)

    return property(read, lambda self, text: setattr(self, kept, text))


class Formatter(click.HelpFormatter):
    """Help by the width of its characters, which click counts: a Chinese one takes two places."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        begun = f"{prefix or _('Usage:')} {prog} "
        self._write([begun], wrapped(args, self.width - width(begun)), width(begun))

    def write_heading(self, heading: str) -> None:
        name = click.style(_("{heading}:").format(heading=heading), bold=True)
        self.write(f"{'':>{self.current_indent}}{name}\n")

    def write_text(self, text: str) -> None:
        places = self.width - self.current_indent
        for number, part in enumerate(paragraphs(text)):
            self.write("\n" if number else "")
            self._write([" " * self.current_indent], wrapped(part, places), self.current_indent)

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        indent = " " * self.current_indent
        first = min(max(width(term) for term, _text in rows), col_max) + col_spacing
        for term, text in rows:
            begun = [indent + pad(term, first)] if width(term) + col_spacing <= first else [indent + term]
            begun += [] if width(term) + col_spacing <= first else [indent + " " * first]
            self._write(begun, wrapped(text, max(self.width - first - self.current_indent, 10)), width(indent) + first)

    def _write(self, begun: list[str], lines: list[str], indent: int) -> None:
        """Lines after what the first begins with; the others are indented."""
        first, *others = lines or [""]
        texts = [*begun[:-1], begun[-1] + first, *(" " * indent + line for line in others)]
        self.write("".join(f"{text.rstrip()}\n" for text in texts))


class Context(click.Context):
    formatter_class = Formatter


class Command(click.Command):
    context_class = Context
    help, short_help, options_metavar = map(_told, ("help", "short_help", "options_metavar"))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _("Show this message and exit.")  # click keeps the option in the language of its first use
        return found


class Group(Command, click.Group):
    command_class = Command
    subcommand_metavar = _told("subcommand_metavar")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, known = args[0], self.list_commands(ctx)
        if name not in known and name[:1].isalnum() and not ctx.resilient_parsing:
            said = _("No such command {name!r}.").format(name=name)
            ctx.fail(f"{said} {did_you_mean(name, known)}".rstrip())
        return super().resolve_command(ctx, args)


class Option(click.Option):
    help, metavar = map(_told, ("help", "metavar"))


class Argument(click.Argument):
    metavar = _told("metavar")


class IntRange(click.IntRange):
    """Whole numbers, called so where one cannot be read."""

    @property
    def name(self) -> str:  # type: ignore[override]
        return _("whole number")


class Choice(click.Choice[str]):
    """A choice that suggests what was meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        said = super().get_invalid_choice_message(value, ctx)
        return f"{said} {did_you_mean(str(value), self.choices)}".rstrip()


def command(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    return click.command(name, cls=Command, **attributes)


def group(name: str, cls: type[Group] = Group, **attributes: Any) -> Callable[[Callable[..., Any]], Group]:
    return click.group(name, cls=cls, **attributes)


def option(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    return click.option(*names, cls=Option, **attributes)


def argument(name: str, **attributes: Any) -> Callable[[Function], Function]:
    return click.argument(name, cls=Argument, **attributes)
