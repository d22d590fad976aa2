"""`carbonstd completion`."""

from __future__ import annotations

import click

from . import spoken
from .options import speech_option

SHELLS = ("bash", "zsh", "fish")
_BASH = "COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}\n"  # `@` parts words in bash, and ids have one


@spoken.command("completion", short_help="Print what makes a shell complete commands and ids")
@spoken.argument("shell", type=spoken.Choice(SHELLS))
@speech_option
def command(shell: str) -> None:
    """Print the script that makes a shell complete commands, options, ids and files.

    bash: put `eval "$(carbonstd completion bash)"` into ~/.bashrc; zsh: `eval "$(carbonstd completion zsh)"` into
    ~/.zshrc; fish: `carbonstd completion fish > ~/.config/fish/completions/carbonstd.fish`.

    There is none for PowerShell and cmd, which complete names of files by themselves.
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root()
    chosen = get_completion_class(shell)
    if chosen is not None:
        script = chosen(root.command, {}, "carbonstd", "_CARBONSTD_COMPLETE").source()
        click.echo((_BASH if shell == "bash" else "") + script, nl=False)
