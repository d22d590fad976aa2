"""What a document asks of the data: its data quality control plan, by parameter."""

from __future__ import annotations

from carbonstd._paper import Paragraph, Section, table
from carbonstd._plan import FREQUENCIES, plan_items
from carbonstd._plan_requirements import ALL
from carbonstd._report_html import Words
from carbonstd._result import Result


def plan(result: Result, words: Words) -> Section | None:
    """What the document asks of each parameter that this case reports; None where it asks nothing."""
    method, run = result.method, result._run
    terms = run.library.vocabulary(FREQUENCIES)
    asked = [(words.texts("plan_all"), method.plan[ALL])] if ALL in method.plan else []
    asked += [
        (item.sheet.label_of(item.column.name), item.requirement)
        for item in plan_items(method)
        if item.requirement and run.ledger[item.sheet.id].rows
    ]
    if not asked:
        return None
    rows = [
        [
            words.label(label),
            words.label(item.requires),
            terms.label(item.frequency, words.language) if item.frequency else "",
            words.label(item.missing),
            item.clause,
        ]
        for label, item in asked
    ]
    heads = [words.texts(name) for name in ("parameter", "requires", "frequency", "if_missing", "clause")]
    note = Paragraph(words.both("plan_note"), "note")
    return Section("plan", words.texts("plan"), (table(words.both("plan_caption"), heads, rows), note))
