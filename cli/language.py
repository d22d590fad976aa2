"""How to speak: `--lang`, else CARBONSTD_LANG, else the language of the system, else English; and whether in JSON."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from carbonstd._findings import Language

_KEY, _JSON = "carbonstd.language", "carbonstd.json"


def language() -> Language:
    """The language of this command."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get(_KEY) if context is not None else None
    return chosen or system_language()


def remember(context: click.Context, parameter: click.Parameter, value: Language | None) -> Language:
    """Keep the choice for findings that are printed after the command has ended."""
    context.meta[_KEY] = value or system_language()
    chosen: Language = context.meta[_KEY]
    return chosen


def remember_json(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
    """Keep the wish for JSON, for what is printed when the command fails."""
    context.meta[_JSON] = value
    return value


def asked_for_json(context: click.Context) -> bool:
    return bool(context.meta.get(_JSON))


def system_language() -> Language:
    wanted = os.environ.get("CARBONSTD_LANG", "").lower()
    if wanted[:2] in ("zh", "en"):
        return "zh" if wanted.startswith("zh") else "en"
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    named = next((name for name in names if name), "")
    if named:
        return "zh" if named.lower().startswith("zh") else "en"
    return "zh" if _windows_speaks_chinese() else "en"


def _windows_speaks_chinese() -> bool:
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x04  # the primary language
    return False
