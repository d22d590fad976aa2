"""How to speak: `--lang`, else CARBONSTD_LANG, else the language of the system, else English; and whether in JSON."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from carbonstd._findings import Language

DOMAIN = "carbonstd"
LOCALE = Path(__file__).with_name("locale")
_TAGS = {"zh": "zh_CN", "en": "en"}  # English is what the code says: it has no catalogue
_JSON = "carbonstd.json"
_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language:
    """The language of this command."""
    return _spoken.get() or system_language()


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    """Let gettext answer in a language, and with it click, which asks gettext for all it says; then as before.

    gettext chooses by its domain and by LANGUAGE each time it is asked: there is no other way to tell click's calls.
    """
    domain, environment = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = _TAGS[wanted]
    token = _spoken.set(wanted)
    try:
        yield
    finally:
        _spoken.reset(token)
        gettext.textdomain(domain)
        if environment is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = environment


def language_asked(arguments: Sequence[str]) -> Language | None:
    """The last `--lang` typed, wherever it stands: `--help` and errors are told before click has read all options.

    >>> language_asked(["calc", "--help", "--lang", "zh"]), language_asked(["--lang=en", "list"])
    ('zh', 'en')
    """
    found: Language | None = None
    for word, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if word == "--":
            break
        value = following if word == "--lang" else word.removeprefix("--lang=")
        if value != word:
            found = "zh" if value == "zh" else "en" if value == "en" else found
    return found


def spoken(context: click.Context, parameter: click.Parameter, value: Language | None) -> Language:
    """The language of an output, which a command takes as an argument."""
    return value or language()


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
