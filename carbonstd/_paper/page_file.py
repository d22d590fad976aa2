"""A report as one self-contained page, and the file it is written to. Nothing is fetched; nothing is run."""

from __future__ import annotations

from pathlib import Path

from carbonstd import __version__
from carbonstd._findings import Language
from carbonstd._output import replacing
from carbonstd._paper.markup import LANG, Html, join, stylesheet, tag

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # even a slip could not load or run anything


def page(title: str, main: Html, style: str, language: Language) -> str:
    """The whole page, with the common style sheet and `style`."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="generator", content=f"carbonstd {__version__}"),
        tag("title", title),
        tag("style", Html(stylesheet() + style)),
    )
    return join(Html("<!DOCTYPE html>\n"), tag("html", head, tag("body", main), lang=LANG[language]), "\n")


def write_page(text: str, path: Path) -> None:
    """Write a page. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with replacing(path, ".html") as made:
        made.write_text(text, encoding="utf-8", newline="\n", errors="replace")
