"""The last pages of a report: findings, tables and evidence, what was not seen, errata, statement and signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from carbonstd._findings import Finding
from carbonstd._report_basis import cells_by_table, disclaimers, equations_used, read_by_models, unseen_clauses
from carbonstd._report_html import LANG, Html, Words, join, section, table, tag
from carbonstd._result import Result
from carbonstd._summary import evidence_used, statement, unseen_equations
from carbonstd._wording import EVIDENCE_TEXT

_LISTED = {"error": 200, "warning": 50, "note": 40}  # findings of one code
_READ_AS = 5  # of the notes on how a cell was read


def findings(result: Result, words: Words) -> Html:
    """Findings by severity, worst first, with places and remedies."""
    parts = [
        part
        for severity, name in (("error", "errors"), ("warning", "warnings"), ("note", "notes"))
        if (items := [item for item in result.findings if str(item.severity) == severity])
        for part in _severity(items, severity, name, words, result.case.path)
    ]
    return section(words.both("findings"), *(parts or [tag("p", words.both("no_findings"))]), name="findings")


def basis(result: Result, words: Words) -> Html:
    """Table editions with their evidence."""
    rows = list(_tables(result, words))
    names = ("table", "document", "clause", "data_period", "evidence")
    made = table(words.both("tables_caption"), [words.both(name) for name in names], rows) if rows else Html()
    said = tag("p", join(*_evidence(result, words)))
    return section(words.both("basis"), said, made, name="basis")


def unseen(result: Result, words: Words) -> Html:
    """Equations that nobody has seen in the text of the document."""
    items = unseen_equations(result)
    if not items:
        return section(words.both("unseen"), tag("p", words.both("unseen_none")), name="unseen")
    rows = [
        [
            item.number or "—",
            item.symbol or item.id,
            words.label(item.label),
            item.clause,
            words.label(EVIDENCE_TEXT[item.evidence]),
        ]
        for item in items
    ]
    heads = [words.both(name) for name in ("equation", "symbol", "meaning", "clause", "evidence_grade")]
    return section(words.both("unseen"), table(words.both("unseen_caption"), heads, rows), name="unseen")


def accepted(result: Result, words: Words) -> Html:
    """The recalled tables that somebody accepted for this run, with reason and name."""
    rows = [[tag("code", item.table), item.reason, item.name] for item in result.case.assumptions]
    named = {item.table for item in result.case.assumptions}
    by_flag = [name for name in result.accepted if name not in named and name.split("@")[0] not in named]
    rows += [[tag("code", name), words.text("on_command"), "—"] for name in by_flag]
    if not rows:
        return Html()
    heads = [words.both(name) for name in ("accepted_table", "reason", "who")]
    return section(
        words.both("accepted"), table(tag("span", words.both("accepted"), class_="heard"), heads, rows), name="accepted"
    )


def errata(result: Result, words: Words) -> Html:
    """Slips of the method's document and of the tables used, and the method's own notes."""
    method = result.method
    rows = [_erratum(method.document.number, "", item, words) for item in method.errata]
    tables = {item.table.id: item.table for items in result._run.segments.values() for item in items}
    rows += [_erratum(one.document.number, one.clause, item, words) for one in tables.values() for item in one.errata]
    parts = []
    if rows:
        heads = [words.both(name) for name in ("document", "place", "printed", "read_as", "reason")]
        made = table(tag("span", words.both("errata"), class_="heard"), heads, rows, look="errata")
        parts.append(section(words.both("errata"), made, name="errata"))
    if method.notes:
        notes = tag("ul", *(tag("li", words.label(note)) for note in method.notes))
        parts.append(section(words.both("method_notes"), notes, name="method-notes"))
    return join(*parts)


def statement_of(result: Result, words: Words) -> Html:
    """What the result is and is not, in both languages."""
    parts = [
        tag("p", ("" if one.language == "zh" else " ").join(_said(result, one)), lang=LANG[one.language])
        for one in (words, Words(words.other))
    ]
    return section(words.both("statement"), *parts, name="statement")


def signatures(words: Words) -> Html:
    """Empty lines to sign on."""
    lines = [
        tag("p", tag("span", words.both(name)), tag("span", class_="rule"))
        for name in ("prepared", "reviewed", "approved", "date", "seal")
    ]
    return section(words.both("signatures"), tag("div", *lines, class_="sign"), name="signatures")


def _severity(items: list[Finding], severity: str, name: str, words: Words, path: str) -> Iterator[Html]:
    counts = Counter(item.code for item in items)
    rows: list[list[object]] = []
    for code in counts:
        alike = [item for item in items if item.code == code][: _listed(code, severity)]
        rows += [_finding(item, words, path) for item in alike]
    heads = [words.both(key) for key in ("finding_code", "place", "found", "remedy")]
    yield table(join(words.both(name), f" ({len(items)})"), heads, rows, look=f"findings of-{severity}")
    for code, count in counts.items():
        if count > _listed(code, severity):
            yield tag("p", words.both("more", count=count - _listed(code, severity), code=code), class_="note")


def _listed(code: str, severity: str) -> int:
    return _READ_AS if code == "read-as" else _LISTED[severity]


def _finding(item: Finding, words: Words, path: str) -> list[object]:
    """A row; the place is told from the case's own file on, wherever that file lies."""
    place = item.place.replace(path, Path(path).name, 1) if path else item.place
    code = tag("code", item.code)
    clause = tag("span", item.clause, class_="clause") if item.clause else Html()
    rest = [part for part in (item.expected(words.language), item.remedy(words.language)) if part]
    join_by = "；" if words.language == "zh" else "; "
    return [join(code, clause), place, item.found(words.language), join_by.join(rest)]


def _tables(result: Result, words: Words) -> Iterator[list[object]]:
    used, by_models = cells_by_table(result), read_by_models(result.method)
    slots, start = result.method.slots, result.case.period.start
    for slot, segments in result._run.segments.items():
        for segment in segments:
            one = segment.table
            cells = used.get(one.id)
            evidence = (
                join(*_grades(cells, words)) if cells else words.both("in_model" if slot in by_models else "not_used")
            )
            period: list[object] = [str(one.data_period or "—")]
            if one.data_period is not None and one.data_period.end < start:
                period += [" ", tag("strong", words.text("carried"), class_="carried")]
            if len(segments) > 1:
                period += [" ", words.text("held_for", start=segment.start, end=segment.end)]
            title = join(words.label(one.title), " ", tag("code", one.id, class_="id"))
            clause = one.clause or slots[slot].clause
            yield [title, _numbered(one.document, words), clause, join(*period), evidence]


def _numbered(document: object, words: Words) -> Html:
    superseded = getattr(document, "superseded_by", "")
    said = f" ({words.text('superseded', number=superseded)})" if superseded else ""
    return join(getattr(document, "number", ""), said)


def _grades(cells: Mapping[str, int], words: Words) -> Iterable[object]:
    parts = [f"{EVIDENCE_TEXT[grade][words.language]} {cells[grade]}" for grade in EVIDENCE_TEXT if cells.get(grade)]
    return [", ".join(parts)]


def _evidence(result: Result, words: Words) -> Iterator[Html]:
    other = Words(words.other)
    for name, counts in (("cells", evidence_used(result)), ("equations", equations_used(result))):
        if not counts.total():
            yield words.both("evidence_none") if name == "cells" else Html()
        else:
            yield join(
                _counted(f"evidence_{name}", counts, words),
                " ",
                tag(
                    "span",
                    _counted(f"evidence_{name}", counts, other),
                    class_="alt",
                    lang=LANG[words.other],
                ),
                tag("br") if name == "cells" else "",
            )


def _counted(name: str, counts: Counter[str], words: Words) -> str:
    total = counts.total()
    given = {grade: f"{counts[grade] / total:.0%}" for grade in ("official", "secondary", "recalled")}
    comma = "，" if words.language == "zh" else ", "
    others = "".join(
        f"{comma}{EVIDENCE_TEXT[grade][words.language]} {counts[grade] / total:.0%}"
        for grade in ("derived", "user")
        if counts[grade]
    )
    return words.text(name, count=total, others=others, **given)


def _said(result: Result, words: Words) -> Iterator[str]:
    yield statement(result, words.language)
    used, equations = evidence_used(result), equations_used(result)
    yield _counted("evidence_cells", used, words) if used.total() else words.text("evidence_none")
    if equations.total():
        yield _counted("evidence_equations", equations, words)
    clauses = unseen_clauses(result)
    listed = words.text("separator").join(clauses) if clauses else words.text("nothing")
    yield words.text("clauses_unseen", clauses=listed)
    yield from (words.text(name) for name in disclaimers(result.method))


def _erratum(document: str, clause: str, item: Mapping[str, str], words: Words) -> list[object]:
    def said(name: str) -> object:
        value = item.get(name, "")
        return words.label(value) if isinstance(value, Mapping) else str(value)

    read = said("read_as")
    if not read and item.get("plausible"):
        read = words.text("plausible", value=item["plausible"])
    place = join(clause, " " if clause else "", said("place"))
    return [document, place, said("printed"), read, said("reason")]
