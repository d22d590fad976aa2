"""docs/renewables.md and its Chinese page say what each regime lets count as zero: their tables are the decisions."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from carbonstd._definitions.library import Library
from carbonstd._factor.factor import Answer, Question, answer
from carbonstd._wording import EVIDENCE_TEXT

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {
    "zh": ("renewables.zh.md", "## 各核算体系允许按零计的电量", "、"),
    "en": ("renewables.md", "## What each regime lets count as zero", "; "),
}
YEAR, AS_OF = 2025, date(2026, 11, 26)
REGIMES = (
    "gbt-32151", "mee-report", "cets", "nonfossil-2026", "ghgp-location", "ghgp-market", "product-footprint", "cbam",
    "provincial", "ndrc-guide", "energy-limit",
)  # fmt: skip
SUPPLIES = (
    "grid", "green_certificate", "green_power_trade", "contract", "nuclear_trade", "direct_line", "own_generation",
    "allocated_share",
)  # fmt: skip


def word(found: Answer) -> str:
    """A zero, `0?` a zero whose clause nobody has seen, a figure, or a dash; a star where something is asked for."""
    assert found.rule
    star = "*" if found.rule.needs["zh"] else ""
    if found.state == "zero":
        return "**0**" + star
    if found.rule.factor is not None:
        return "0?" + star
    if not found.figures:
        return "—" + star
    figure = found.figures[-1]
    return figure.text + ("" if figure.unit == "tCO2/MWh" else f" {figure.unit}") + star


def asked_for(name: str, answers: dict[str, Answer], library: Library, language: str) -> Iterator[str]:
    """A line for each evidence a regime asks for, with the supplies it is asked of."""
    supplies, separator = library.vocabulary("factor_supplies"), PAGES[language][2]
    told = [(item.rule, supplies.label(supply, language)) for supply, item in answers.items() if item.rule]
    for key, found in groupby(told, lambda pair: (pair[0].needs[language], pair[0].document, pair[0].evidence)):
        needs, document, evidence = key
        if needs:
            asked = separator.join(label for _, label in found)
            yield f"| {name} | {asked} | {needs} | {document} | {EVIDENCE_TEXT[evidence][language]} |"


def expected(language: str) -> list[str]:
    library = Library()
    rows, needs = list[str](), list[str]()
    for regime in REGIMES:
        answers = {
            supply: answer(Question("electricity", YEAR, regime, AS_OF, place="zhejiang", supply=supply), library)
            for supply in SUPPLIES
        }
        name = f"{library.vocabulary('regimes').label(regime, language)} `{regime}`"
        rows.append(f"| {name} | {' | '.join(map(word, answers.values()))} |")
        needs += asked_for(name, answers, library, language)
    return rows + needs


@pytest.mark.parametrize("language", PAGES)
def test_the_page_has_every_answer_of_the_decisions(language: str) -> None:
    page, heading, _ = PAGES[language]
    section = (DOCS / page).read_text(encoding="utf-8").split(heading)[1].split("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| ") and "`" in line] == expected(language)
