"""`carbonstd completion`."""

from __future__ import annotations

import click

from . import spoken
from .options import speech_option

SHELLS = ("bash", "zsh", "fish")
_FIRST = {  # what a shell needs before the script of click's
    "bash": "COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}\n",  # `@` parts words in bash, and ids have one
    "zsh": "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n",  # a new zsh completes nothing yet
}


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
        script = script.replace('string split ","', 'string split -m 1 ","')  # fish: a name or help may hold a comma
        marked = script.index("\n") + 1 if script.startswith("#") else 0  # zsh wants `#compdef` in the first line
        click.echo(script[:marked] + _FIRST.get(shell, "") + script[marked:], nl=False)
