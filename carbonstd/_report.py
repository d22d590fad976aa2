"""The report: one self-contained HTML page to read, print and sign. Nothing is fetched; nothing is run."""

from __future__ import annotations

from pathlib import Path

from carbonstd import __version__
from carbonstd import _report_basis as last
from carbonstd import _report_lines as figures
from carbonstd import _report_result as first
from carbonstd._findings import Language
from carbonstd._report_axes import by_axis
from carbonstd._report_html import Words, css_string, tag
from carbonstd._report_page import page, write_page
from carbonstd._report_uncertainty import uncertainty
from carbonstd._result import Result


def write_report(result: Result, path: Path, language: Language) -> None:
    """Write the page of a result. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    write_page(report(result, language), path)


def report(result: Result, language: Language) -> str:
    """The page as text: the same for the same result."""
    words = Words(language)
    main = tag(
        "main",
        first.head(result, words),
        tag("div", first.totals(result, words), first.shares(result, words), class_="top"),
        first.verdicts(result, words),
        first.conditions(result, words),
        first.panels(result, words),
        first.largest(result, words),
        first.facts(result, words),
        figures.flow(result, words),
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
    return page(title, main, _running(result, words), language)


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
