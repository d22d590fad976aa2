"""Adds the generated pages while MkDocs builds: all, or those that `extra.only` in the configuration names.

`extra.run_notebooks: false` shows the notebooks without what they print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MarkdownPage
from mkdocs.utils.templates import TemplateContext

import carbonstd
from site_pages import languages
from site_pages.findings_page import PATH as FINDINGS
from site_pages.findings_page import findings_page
from site_pages.index_pages import index_pages
from site_pages.layout import Page, Site
from site_pages.method_page import method_page
from site_pages.notebook_page import NOTEBOOKS, executed, notebook_files, read
from site_pages.register_page import PATH as REGISTER
from site_pages.register_page import register_page
from site_pages.table_page import table_page
from site_pages.vocabulary_page import vocabulary_page

_WORD = re.compile("[\u4e00-\u9fff]{2,4}")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    site = Site(carbonstd.library())
    _teach_search(site)
    only = config.extra.get("only", ["*"])
    for path, make in planned(site):
        if any(fnmatch(path, pattern) for pattern in only):
            files.append(File.generated(config, path, content=make().text))
    run = executed if config.extra.get("run_notebooks", True) else read
    for notebook in NOTEBOOKS:
        for path, content in notebook_files(notebook, run(notebook)):
            files.append(File.generated(config, path, content=content))
    languages.place(files)
    config.extra["english_menu"] = languages.english_menu(files, config)
    config.extra["files"] = files
    return files


def on_page_context(
    context: TemplateContext, page: MarkdownPage, config: MkDocsConfig, nav: Navigation
) -> TemplateContext:
    languages.speak(context, page, config, config.extra["files"], config.extra["english_menu"])
    return context


def planned(site: Site) -> Iterator[tuple[str, Callable[[], Page]]]:
    """Every generated page: its place, and what makes it."""
    library = site.library
    for header in library.method_headers.values():
        yield site.method(header.id), partial(method_page, header, site)
    for header in library.table_headers.values():
        yield site.table(header.id), partial(table_page, header, site)
    for name in sorted(site.vocabularies):
        yield site.vocabulary(name), partial(vocabulary_page, name, site)
    yield REGISTER, partial(register_page, site)
    yield FINDINGS, findings_page
    yield from index_pages(site)


def _teach_search(site: Site) -> None:
    """What methods are called by are words: without this 炭素材料 is cut into 炭, 素材 and 料."""
    for header in site.library.method_headers.values():
        for name in filter(_WORD.fullmatch, header.aliases):
            jieba.add_word(name)
