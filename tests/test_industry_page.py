"""docs/industries.md has every accounting method of an enterprise once, with what its equations rest on."""

from collections import Counter
from pathlib import Path

from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library

PAGE = Path(__file__).resolve().parent.parent / "docs/industries.md"
GRADES = ("official", "secondary", "derived", "recalled")
REGIMES = {"ndrc-guide", "gbt-32151", "cets"}


def accounting_methods(shelf: Library) -> list[Header]:
    """The editions of every method by which an enterprise accounts for a regime."""
    found = (item for item in shelf.method_headers.values() if item.level == "enterprises")
    return sorted((item for item in found if REGIMES & set(item.regimes)), key=lambda item: item.id)


def expected() -> list[str]:
    shelf = Library()
    rows = []
    for header in accounting_methods(shelf):
        found = Counter(item.evidence for item in shelf.method(header.id).equations.values())
        counts = " / ".join(str(found[grade]) for grade in GRADES)
        begun = header.document.in_force or "—"
        rows.append(f"| {header.title['zh']} | {header.document.number} | `{header.id}` | {counts} | {begun} |")
    return rows


def test_the_page_lists_every_method_with_its_evidence() -> None:
    held = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "@" in line]
    assert held == expected()
