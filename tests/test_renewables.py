"""docs/renewables.md says of each regime what it lets count as zero: its two tables are the decisions, written out."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from carbonstd._factor.factor import Answer, Question, answer
from carbonstd._library import Library

PAGE = Path(__file__).resolve().parent.parent / "docs/renewables.md"
SECTION = "## What each regime lets count as zero"
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


def asked_for(name: str, answers: dict[str, Answer], library: Library) -> Iterator[str]:
    """A line for each evidence a regime asks for, with the supplies it is asked of."""
    supplies = library.vocabulary("factor_supplies")
    told = [(item.rule, supplies.label(supply, "zh")) for supply, item in answers.items() if item.rule]
    for key, found in groupby(told, lambda pair: (pair[0].needs["zh"], pair[0].document, pair[0].evidence)):
        needs, document, evidence = key
        if needs:
            yield f"| {name} | {'、'.join(label for _, label in found)} | {needs} | {document} | {evidence} |"


def expected() -> list[str]:
    library = Library()
    rows, needs = list[str](), list[str]()
    for regime in REGIMES:
        answers = {
            supply: answer(Question("electricity", YEAR, regime, AS_OF, place="zhejiang", supply=supply), library)
            for supply in SUPPLIES
        }
        name = f"{library.vocabulary('regimes').label(regime, 'zh')} `{regime}`"
        rows.append(f"| {name} | {' | '.join(map(word, answers.values()))} |")
        needs += asked_for(name, answers, library)
    return rows + needs


def test_the_page_has_every_answer_of_the_decisions() -> None:
    section = PAGE.read_text(encoding="utf-8").split(SECTION)[1].split("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| ") and "`" in line] == expected()
