"""Pages in two languages: `x.zh.md` beside `x.md`, each a page of its own, with a switch between them.

The site is in Chinese first: a Chinese page has the address of its pair, the English one stands below `en/`, with the
menu of English pages. Pages that stand in both languages at once have no pair.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

CHINESE, ENGLISH = ".zh.md", ".md"
_BELOW = "en"
NAMES = {"zh": "中文", "en": "English"}


def pair(file: File, files: Files) -> dict[str, File]:
    """The pages a page is one of, by language; none where it stands alone."""
    base = file.src_uri.removesuffix(ENGLISH).removesuffix(".zh")
    chinese, english = files.get_file_from_path(base + CHINESE), files.get_file_from_path(base + ENGLISH)
    return {"zh": chinese, "en": english} if chinese and english else {}


def place(files: Files) -> None:
    """Give the pages of a pair their addresses."""
    for file in list(files):
        if file.src_uri.endswith(CHINESE) and (found := pair(file, files)):
            address = found["en"].dest_uri
            found["zh"].dest_uri, found["en"].dest_uri = address, f"{_BELOW}/{address}"


def english_menu(files: Files, config: MkDocsConfig) -> Navigation:
    """The menu with the English page of each pair; that of MkDocs, made after it, has the Chinese ones."""
    chinese = config.nav
    config.nav = _in_english(chinese)
    menu = get_navigation(files, config)
    config.nav = chinese
    for file in files:
        if file.src_uri.endswith(CHINESE):
            file.page = None  # made without the title that the menu of MkDocs gives it
    return menu


def speak(context: TemplateContext, page: Page, config: MkDocsConfig, files: Files, english: Navigation) -> None:
    """The language of a page, its menu and its switch."""
    found = pair(page.file, files)
    language = next((name for name, file in found.items() if file is page.file), "zh")
    config.theme["language"] = language
    config.extra["alternate"] = [
        {"name": NAMES[name], "lang": name, "link": file.url} for name, file in found.items()
    ] or None
    config.extra["homepage"] = f"{_BELOW}/index.html" if language == "en" else ""
    if language == "en":
        context["nav"] = english


def _in_english(nav: Any) -> Any:
    if isinstance(nav, dict):
        return {title: _in_english(item) for title, item in nav.items()}
    if isinstance(nav, list):
        return [_in_english(item) for item in nav]
    return nav.removesuffix(CHINESE) + ENGLISH if nav.endswith(CHINESE) else nav
