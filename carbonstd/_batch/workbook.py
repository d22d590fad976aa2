"""The output of a batch as one workbook, streamed: summary, entities, totals, lines, verdicts, findings and locks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from carbonstd._batch.charts import write_charts
from carbonstd._batch.folder import files_once
from carbonstd._batch.outcome import SCHEMAS
from carbonstd._batch.parts import Parts
from carbonstd._batch.words import COLUMNS, LABELS, SHEETS, WORDS
from carbonstd._definitions.line_words import tag_words
from carbonstd._errors import CaseError
from carbonstd._findings import OTHER_LANGUAGE, Language, Severity, finding, joined_places
from carbonstd._workbook.stream import Value, streamed_sheet, write_rows
from carbonstd._workbook.style import Paper, Styles, bilingual, line_count, new_workbook, safe_text

MOST_ROWS = 1_048_575  # of a sheet of Excel, below its heading
FILES, PIECE = "carbonstd-lock-files", 15_000  # the hidden sheet of the texts of locks, in pieces a cell can hold
_AT_ONCE = 10_000  # rows
_WIDTHS = {"label": 40, "message": 80, "place": 48, "entity": 24, "name": 28, "method": 30, "largest": 24, "code": 22}
_LINE = 15.0  # points
# Two decimals would make nothing of a small figure. One pattern with conditions would do, but LibreOffice leaves out
# the minus sign of what falls between them.
_PATTERNS = {1.0: "#,##0.00", 0.001: "0.0000##", 0.0: "0.000E+00"}  # by the least size each is for
_BAD = {"state": ("failed", "refused"), "severity": ("error",), "judgement": ("not_met", "undecided")}
Cell = Callable[[Any], tuple[Value, Any]]  # what is written of a value, and its look


def write_workbook(
    parts: Parts, summary: pa.Table, said: Sequence[str], labels: Sequence[str], out: Path, language: Language
) -> None:
    """Write the workbook; `said` stands above the summary, `labels` are those of the entities. Raises CaseError."""
    full = [
        finding("batch-sheet-full", str(out), sheet=SHEETS[name], count=count, limit=MOST_ROWS)
        for name in SHEETS
        if name in SCHEMAS and (count := parts.rows(name)) > MOST_ROWS
    ]
    if full:
        raise CaseError(findings=full)
    with new_workbook(out, parts.today, SHEETS["summary"][language]) as book:
        writer = _Writer(book, Styles(book), language)
        for name in SHEETS:
            if name == "summary":
                writer.sheet(name, summary.schema, [summary], said=said)
                write_charts(book, writer.styles, summary.to_pylist(), parts.tables, language)
            else:
                tables = _work_list(parts) if name == "findings" else parts.tables(name)
                writer.sheet(name, SCHEMAS[name], tables, labels if name == "entities" else ())
        _write_files(book, parts)


class _Writer:
    """Writes tables as sheets: headings, rows as they come, a filter.

    What nobody looks for is there, but hidden: sheets and columns without a value, the other language, and the hash of
    a lock, which has a sheet of its own.
    """

    def __init__(self, book: Any, styles: Styles, language: Language) -> None:
        self.book, self.styles, self.language = book, styles, language

    def sheet(
        self,
        name: str,
        schema: pa.Schema,
        tables: Iterable[pa.Table],
        labels: Sequence[str] = (),
        said: Sequence[str] = (),
    ) -> None:
        page = streamed_sheet(self.book, bilingual(SHEETS[name], self.language, " "))
        names = [column for column in schema.names if column != "groups"]
        heads = [
            *(bilingual(COLUMNS[column], self.language) for column in names),
            *(_label(label, self.language) for label in labels),
        ]
        widths = [*(_width(schema.field(column)) for column in names), *(22 for _ in labels)]
        seldom = ("lock", *(f"{name}_{OTHER_LANGUAGE[self.language]}" for name in ("label", "message")))
        shown = [False] * len(heads)
        top = len(said)
        for line, text in enumerate(said):
            page.write_string(line, 0, text, self.styles("text" if line else "subtitle"))
        page.set_row(top, 3 * _LINE)
        for column, (head, wide) in enumerate(zip(heads, widths, strict=True)):
            page.set_column(column, column, wide)
            page.write_string(top, column, safe_text(head), self.styles("header"))
        cells = [self._cell(schema.field(column)) for column in names]
        labelled = self._cell(pa.field("", pa.string()))
        count = 0

        def rows() -> Iterator[list[tuple[Value, Any]]]:
            nonlocal count
            for row in _rows(tables):
                count += 1
                groups = dict(row.get("groups") or ())
                written = [cell(row[column]) for cell, column in zip(cells, names, strict=True)]
                written += (labelled(groups.get(label)) for label in labels)
                for place, (value, _) in enumerate(written):
                    shown[place] = shown[place] or value != ""
                yield written

        def height(cells: Sequence[tuple[Value, Any]]) -> float:
            texts = (
                line_count(value, wide)
                for (value, _), wide, column in zip(cells, widths, names, strict=False)
                if isinstance(value, str) and column not in seldom
            )
            return _LINE * max(texts, default=1)

        write_rows(page, top + 1, rows(), height if name in ("findings", "summary") else None)
        shown = [told and name not in seldom for told, name in zip(shown, [*names, *labels], strict=True)]
        for column in (place for place, told in enumerate(shown) if not told and count):
            page.set_column(column, column, widths[column], None, {"hidden": True})
        if not count:
            page.hide()
        page.freeze_panes(top + 1, 1)
        page.autofilter(top, 0, top + max(count, 1), len(heads) - 1)
        page.repeat_rows(top)
        Paper.for_width(sum(wide for wide, told in zip(widths, shown, strict=True) if told)).lay(page, 1)

    def _cell(self, field: pa.Field) -> Cell:
        """How values of a column are written: numbers as numbers, our words translated, what is bad standing out."""
        plain, bad = (self.styles(look, text_wrap=True, valign="top") for look in ("result", "error"))
        if pa.types.is_boolean(field.type):
            return lambda value: ({True: "✓", False: "", None: ""}[value], plain)
        if not pa.types.is_string(field.type):
            return self._number(field)
        words, wrong = WORDS.get(field.name) or tag_words(field.name), _BAD.get(field.name, ())
        said = {key: word[self.language] for key, word in words.items()}
        exact = field.name.endswith("_exact")  # a fraction below zero is no formula, and read again as it stands
        text: Callable[[str], str] = str if exact else safe_text
        return lambda value: (said.get(value) or text(value or ""), bad if value in wrong else plain)

    def _number(self, field: pa.Field) -> Cell:
        """How figures of a column are written: counts whole, shares in per cent, others each by its size."""
        fixed = "0" if pa.types.is_integer(field.type) else "0.0%" if field.name.startswith("share_") else ""
        looks = {
            pattern: self.styles("result", num_format=pattern, valign="top")
            for pattern in ((fixed,) if fixed else _PATTERNS.values())
        }
        return lambda value: ("" if value is None else value, looks[fixed or _pattern(value or 0)])


def _pattern(value: float) -> str:
    """The number format of one figure.

    >>> [_pattern(value) for value in (-1234.5, 0, -0.25, 2e-7)]
    ['#,##0.00', '#,##0.00', '0.0000##', '0.000E+00']
    """
    size = abs(value) or 1
    return next((pattern for least, pattern in _PATTERNS.items() if size >= least), _PATTERNS[0.0])


def _width(field: pa.Field) -> int:
    number = pa.types.is_floating(field.type) and not field.name.startswith("share_")
    return _WIDTHS.get(field.name.removesuffix("_zh").removesuffix("_en"), 20 if number else 14)


def _label(name: str, language: Language) -> str:
    return bilingual(LABELS[name], language) if name in LABELS else name


def _work_list(parts: Parts) -> Iterator[pa.Table]:
    """Findings as they are worked off: errors first, and what an entity has in several places once, with its places."""
    for severity in Severity:
        for table in parts.tables("findings"):
            alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
            for row in table.filter(pc.equal(table["severity"], str(severity))).to_pylist():
                key = tuple(row[name] for name in ("entity", "method", "code", "clause", "message_zh", "message_en"))
                alike.setdefault(key, []).append(row)
            folded = [{**rows[0], "place": joined_places(row["place"] for row in rows)} for rows in alike.values()]
            yield pa.Table.from_pylist(folded, SCHEMAS["findings"])


def _rows(tables: Iterable[pa.Table]) -> Iterator[Mapping[str, Any]]:
    return (row for table in tables for batch in table.to_batches(_AT_ONCE) for row in batch.to_pylist())


def _write_files(book: Any, parts: Parts) -> None:
    """The texts of the locks as JSON, so that no line end changes on its way through a workbook."""
    page = streamed_sheet(book, FILES)
    page.hide()
    names = ("hash", "name", "piece")
    for column, name in enumerate(names):
        page.write_string(0, column, name)
    look = book.formats[0]
    texts = ((row, json.dumps(row["text"], ensure_ascii=True)) for row in _rows(files_once(parts)))
    write_rows(
        page,
        1,
        (
            [(row["hash"], look), (row["name"], look), (text[start : start + PIECE], look)]
            for row, text in texts
            for start in range(0, len(text), PIECE)
        ),
    )
