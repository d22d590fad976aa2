"""The report: one self-contained HTML page to read, print and sign. Nothing is fetched; nothing is run."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from carbonstd import __version__
from carbonstd import _report_basis as last
from carbonstd import _report_lines as figures
from carbonstd import _report_result as first
from carbonstd._errors import CaseError
from carbonstd._findings import Language, finding
from carbonstd._report_axes import by_axis
from carbonstd._report_html import LANG, Html, Words, css_string, join, stylesheet, tag
from carbonstd._report_uncertainty import uncertainty
from carbonstd._result import Result

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # even a slip could not load or run anything


def write_report(result: Result, path: Path, language: Language) -> None:
    """Write the page of a result. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    text = report(result, language)
    made = path.with_name(f".{path.stem}-{os.getpid()}.html")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(text, encoding="utf-8", newline="\n", errors="replace")
        made.replace(path)
    except PermissionError:  # Windows refuses to replace a file that is open
        raise CaseError(findings=[finding("output-open", str(path))]) from None
    except OSError as error:
        raise CaseError(findings=[finding("output-refused", str(path), detail=str(error))]) from None
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def report(result: Result, language: Language) -> str:
    """The page as text: the same for the same result."""
    words = Words(language)
    main = tag(
        "main",
        first.head(result, words),
        tag("div", first.totals(result, words), first.shares(result, words), class_="top"),
        first.verdicts(result, words),
        first.largest(result, words),
        first.facts(result, words),
        figures.lines(result, words),
        by_axis(result, words),
        figures.months(result, words),
        uncertainty(result, words),
        last.findings(result, words),
        last.basis(result, words),
        last.unseen(result, words),
        last.accepted(result, words),
        last.errata(result, words),
        last.statement_of(result, words),
        last.signatures(words),
    )
    title = " · ".join(filter(None, (result.case.title(language), str(result.case.period), result.method.id)))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="generator", content=f"carbonstd {__version__}"),
        tag("title", title),
        tag("style", Html(stylesheet() + _running(result, words))),
    )
    return join(Html("<!DOCTYPE html>\n"), tag("html", head, tag("body", main), lang=LANG[language]), "\n")


def _running(result: Result, words: Words) -> str:
    """Header and footer of printed pages; not every browser prints them."""
    document = result.method.document.number
    boxes = {
        "top-left": css_string(result.case.title(words.language)),
        "top-right": css_string(f"{document} · {result.case.period}"),
        "bottom-left": css_string(f"carbonstd {__version__} · {words.text('running')}"),
        "bottom-right": 'counter(page) " / " counter(pages)',
    }
    return "@page {" + "".join(f"@{place} {{ content: {text}; }}" for place, text in boxes.items()) + "}\n"
