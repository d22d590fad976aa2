"""The last pages of a report: findings, tables and evidence, what was not seen, errata, statement and signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from carbonstd._alike import Alike, alike
from carbonstd._definitions.document import Document
from carbonstd._definitions.method import Equation
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import OTHER_LANGUAGE, Finding
from carbonstd._naming import names_of
from carbonstd._paper.markup import Html, Words, join, tag, told_from_file
from carbonstd._paper.paper import Block, Cell, Fact, Facts, Listing, Paragraph, Section, table
from carbonstd._result.basis import (
    cells_by_table,
    read_by_models,
    sources,
    unseen_equations,
    used_equations,
)
from carbonstd._result.result import Result
from carbonstd._result.statement import evidence_sentences, full_statement
from carbonstd._wording import EVIDENCE_TEXT, notation_text

_LISTED = {"error": 200, "warning": 50, "note": 40}  # entries of one code
_EQUATION = ("equation", "symbol", "meaning", "clause", "evidence_grade")
_SOURCES = 40  # listed
_READ_AS = 5  # of the notes on how a cell was read


def findings(result: Result, words: Words) -> Section:
    """Findings by severity, worst first, with places and remedies, in a reader's words."""
    parts = tuple(by_severity(names_of(result).findings(result.findings), words, result.case.path))
    return Section("findings", words.texts("findings"), parts or (Paragraph(words.both("no_findings")),))


def by_severity(named: Sequence[Finding], words: Words, path: str) -> Iterator[Block]:
    """A table for each severity, worst first."""
    for severity, name in (("error", "errors"), ("warning", "warnings"), ("note", "notes")):
        if items := [item for item in named if str(item.severity) == severity]:
            yield from _severity(items, severity, name, words, path)


def basis(result: Result, words: Words) -> Section:
    """Table editions with their evidence."""
    rows = list(_tables(result, words))
    names = ("table", "document", "clause", "data_period", "evidence")
    made = [table(words.both("tables_caption"), [words.texts(name) for name in names], rows)] if rows else []
    sentences = zip(*(evidence_sentences(result, one) for one in (words.language, words.other)), strict=True)
    said = [Paragraph(words.label({words.language: first, words.other: second})) for first, second in sentences]
    lock = join(words.both("lock"), " ", tag("code", result.lock["hash"][:16]), " ", words.text("lock_note"))
    return Section("basis", words.texts("basis"), (*said, *made, *_sources(result, words), Paragraph(lock)))


def _sources(result: Result, words: Words) -> Iterator[Block]:
    """Where the cells looked up were seen, in the reader's language."""
    found = [
        join(source[words.language != "zh"], " ", tag("code", ", ".join(tables), class_="id"))
        for source, tables in sources(result).items()
    ]
    if found:
        yield Paragraph(words.both("seen_caption"))
        yield Listing(tuple(found[:_SOURCES]))
    if len(found) > _SOURCES:
        yield Paragraph(words.both("seen_more", count=len(found) - _SOURCES), "note")


def equations(result: Result, words: Words) -> Section | None:
    """Every equation used that stands in the document, as it is written there or was seen elsewhere."""
    items = [item for item in used_equations(result) if item.number or item.clause or item.as_printed]
    rows = [[*_equation(item, words), _notation(item, words)] for item in items]
    if not rows:
        return None
    heads = [words.texts(name) for name in (*_EQUATION, "notation")]
    made = table(words.both("equations_caption"), heads, rows, look="equations")
    return Section("equations", words.texts("equations"), (made, Paragraph(words.both("equations_note"), "note")))


def unseen(result: Result, words: Words) -> Section:
    """Equations that nobody has seen in the text of the document."""
    items = unseen_equations(result)
    if not items:
        return Section("unseen", words.texts("unseen"), (Paragraph(words.both("unseen_none")),))
    heads, rows = [words.texts(name) for name in _EQUATION], [_equation(item, words) for item in items]
    return Section("unseen", words.texts("unseen"), (table(words.both("unseen_caption"), heads, rows),))


def accepted(result: Result, words: Words) -> Section | None:
    """The recalled tables that somebody accepted for this run, with reason and name."""
    rows = [[tag("code", item.table), item.reason, item.name] for item in result.case.assumptions]
    named = {item.table for item in result.case.assumptions}
    by_flag = [name for name in result.accepted if name not in named and name.split("@")[0] not in named]
    rows += [[tag("code", name), words.text("on_command"), "—"] for name in by_flag]
    if not rows:
        return None
    heads = [words.texts(name) for name in ("accepted_table", "reason", "who")]
    caption = tag("span", words.both("accepted"), class_="heard")
    return Section("accepted", words.texts("accepted"), (table(caption, heads, rows),))


def errata(result: Result, words: Words) -> Section | None:
    """Slips of the method's document and of the tables used."""
    used = result.method
    rows = [_erratum(used.document.number, "", item, words) for item in used.errata]
    segments = (item for items in result._run.segments.values() for item in items)
    tables = {item.table.id: item.table for item in segments if item.table.rows}
    rows += [_erratum(one.document.number, one.clause, item, words) for one in tables.values() for item in one.errata]
    if not rows:
        return None
    heads = [words.texts(name) for name in ("document", "place", "printed", "read_as", "reason")]
    made = table(tag("span", words.both("errata"), class_="heard"), heads, rows, look="errata")
    return Section("errata", words.texts("errata"), (made,))


def method_notes(result: Result, words: Words) -> Section | None:
    notes = tuple(map(words.label, result.method.notes))
    return Section("method-notes", words.texts("method_notes"), (Listing(notes),)) if notes else None


def statement_of(result: Result, words: Words) -> Section:
    """What the result is and is not, in both languages."""
    both = (words.language, OTHER_LANGUAGE[words.language])
    parts = tuple(Paragraph(full_statement(result, one), language=one) for one in both)
    return Section("statement", words.texts("statement"), parts)


def signatures(words: Words) -> Section:
    """Empty lines to sign on."""
    names = ("prepared", "reviewed", "approved", "date", "seal")
    lines = Facts(tuple(Fact(words.texts(name), fill=True) for name in names), "sign")
    return Section("signatures", words.texts("signatures"), (lines,))


def _equation(item: Equation, words: Words) -> list[Cell]:
    evidence = words.label(EVIDENCE_TEXT[item.evidence])
    return [item.number or "—", item.symbol or "—", words.label(item.label), item.clause, evidence]


def _notation(item: Equation, words: Words) -> Html:
    """What was printed, and whether that is the document's own print."""
    if not item.as_printed:
        return Html("—")
    return join(
        tag("code", item.as_printed), " ", tag("span", notation_text(item.evidence)[words.language], class_="grade")
    )


def _severity(items: list[Finding], severity: str, name: str, words: Words, path: str) -> Iterator[Block]:
    folded: dict[str, list[Alike]] = {}
    for entry in alike(sorted(items, key=lambda item: not item.structural)):
        folded.setdefault(entry.first.code, []).append(entry)
    rows = [
        _finding(entry, words, path) for code, entries in folded.items() for entry in entries[: _listed(code, severity)]
    ]
    heads = [words.texts(key) for key in ("finding_code", "place", "found", "remedy")]
    yield table(join(words.both(name), f" ({len(items)})"), heads, rows, look=f"findings of-{severity}")
    for code, entries in folded.items():
        if left := sum(entry.count for entry in entries[_listed(code, severity) :]):
            yield Paragraph(words.both("more", count=left, code=code), "note")


def _listed(code: str, severity: str) -> int:
    return _READ_AS if code == "read-as" else _LISTED[severity]


def _finding(entry: Alike, words: Words, path: str) -> list[Cell]:
    """A row of the table: the first of its kind, and where the others are."""
    item = entry.first
    place = told_from_file(item.place_text(words.language), path)
    code = tag("code", item.code)
    clause = tag("span", item.clause, class_="clause") if item.clause else Html()
    rest = [part for part in (item.expected(words.language), item.remedy(words.language)) if part]
    join_by = "；" if words.language == "zh" else "; "
    others = told_from_file(entry.told(words.language), path)
    found = join(item.found(words.language), *([tag("br"), others] if others else []))
    return [join(code, clause), place, found, join_by.join(rest)]


def _tables(result: Result, words: Words) -> Iterator[list[Cell]]:
    used, whole = cells_by_table(result), cells_by_table(result, whole=True)
    by_models = read_by_models(result.method)
    slots, start = result.method.slots, result.case.period.start
    for slot, segments in result._run.segments.items():
        for segment in segments:
            one = segment.table
            cells = used.get(one.id)
            evidence = join(_grades(cells, words)) if cells else words.both("not_used")
            if not cells and slot in by_models:
                evidence = join(words.both("in_model"), " ", _grades(whole.get(one.id, {}), words))
            period: list[object] = [str(one.data_period or "—")]
            if one.data_period is not None and one.data_period.end < start:
                period += [" ", tag("strong", words.text("carried"), class_="carried")]
            if len(segments) > 1:
                period += [" ", words.text("held_for", start=segment.start, end=segment.end)]
            title = join(words.label(one.title), " ", tag("code", one.id, class_="id"))
            clause = one.clause or slots[slot].clause
            yield [title, _numbered(one.document, words), clause, join(*period), evidence]


def _numbered(document: Document, words: Words) -> Html:
    superseded = document.superseded_by
    return join(document.number, f" ({words.text('superseded', number=superseded)})" if superseded else "")


def _grades(cells: Mapping[str, int], words: Words) -> str:
    given = (grade for grade in EVIDENCE_TEXT if cells.get(grade))
    return ", ".join(f"{EVIDENCE_TEXT[grade][words.language]} {cells[grade]}" for grade in given)


def _erratum(document: str, clause: str, item: Mapping[str, Bilingual], words: Words) -> list[Cell]:
    def said(name: str) -> str:
        return words.label(item.get(name, {}))

    read = said("read_as")
    if not read and item.get("plausible"):
        read = words.text("plausible", value=words.text_of(item["plausible"]))
    place = join(clause, " " if clause else "", said("place"))
    return [document, place, said("printed"), read, said("reason")]
