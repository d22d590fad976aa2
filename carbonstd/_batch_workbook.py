"""The output of a batch as one workbook, streamed: summary, entities, totals, lines, verdicts, findings and locks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from carbonstd._batch_folder import files_once
from carbonstd._batch_outcome import SCHEMAS
from carbonstd._batch_parts import Parts
from carbonstd._batch_words import COLUMNS, SHEETS, WORDS
from carbonstd._errors import CaseError
from carbonstd._findings import Language, finding
from carbonstd._workbook_style import Paper, Styles, bilingual, new_workbook, safe_text

MOST_ROWS = 1_048_575  # of a sheet of Excel, below its heading
FILES, PIECE = "carbonstd-lock-files", 30_000  # the hidden sheet of the texts of locks, in pieces a cell can hold
_LONGEST = 32_767  # characters of a cell
_AT_ONCE = 10_000  # rows
_WIDTHS = {"label_zh": 30, "label_en": 36, "message_zh": 60, "message_en": 60, "place": 28, "entity": 24, "name": 24}
_BAD = {"state": ("failed", "refused"), "severity": ("error",), "judgement": ("not_met", "undecided")}


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
    with new_workbook(out, parts.today, SHEETS["summary"][language], constant_memory=True) as book:
        styles = Styles(book)
        for name, title in SHEETS.items():
            page = book.add_worksheet(bilingual(title, language, " "))
            tables = [summary] if name == "summary" else parts.tables(name)
            schema = summary.schema if name == "summary" else SCHEMAS[name]
            _Page(page, styles, language, labels if name == "entities" else ()).write(
                schema, tables, said if name == "summary" else ()
            )
        _write_files(book.add_worksheet(FILES), parts)


class _Page:
    """A table on a sheet: headings, rows as they come, a filter."""

    def __init__(self, page: Any, styles: Styles, language: Language, labels: Sequence[str]) -> None:
        self.page, self.styles, self.language, self.labels = page, styles, language, labels

    def write(self, schema: pa.Schema, tables: Iterable[pa.Table], said: Sequence[str]) -> None:
        names = [name for name in schema.names if name != "groups"]
        for line, text in enumerate(said):
            self.page.write_string(line, 0, safe_text(text), self.styles("text" if line else "subtitle"))
        top = len(said)
        self.page.set_row(top, 32)
        heads = [bilingual(COLUMNS[name], self.language) for name in names] + list(self.labels)
        widths = [*(_WIDTHS.get(name, 14) for name in names), *(14 for _ in self.labels)]
        for column, (head, wide) in enumerate(zip(heads, widths, strict=True)):
            self.page.set_column(column, column, wide)
            self.page.write_string(top, column, safe_text(head), self.styles("header"))
        line = top
        for line, row in enumerate(_rows(tables), top + 1):
            groups = dict(row.get("groups") or ())
            cells = [*((name, row[name]) for name in names), *((name, groups.get(name)) for name in self.labels)]
            for column, (name, value) in enumerate(cells):
                self._cell(line, column, name, value)
        self.page.freeze_panes(top + 1, 1)
        self.page.autofilter(top, 0, max(line, top + 1), len(heads) - 1)
        self.page.repeat_rows(top)
        Paper.for_width(sum(widths)).lay(self.page, 1)

    def _cell(self, line: int, column: int, name: str, value: Any) -> None:
        bad = value in _BAD.get(name, ())
        look = self.styles("error" if bad else "result")
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.page.write_boolean(line, column, value, look)
        elif isinstance(value, int) or (isinstance(value, float) and abs(value) < float("inf")):
            share = name.startswith("share_")
            shape = "0.0%" if share else "#,##0.######" if isinstance(value, float) else "0"
            self.page.write_number(line, column, value, self.styles("result", num_format=shape))
        else:
            words = WORDS.get(name, {}).get(str(value))
            text = words[self.language] if words else safe_text(str(value))
            self.page.write_string(line, column, text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…", look)


def _rows(tables: Iterable[pa.Table]) -> Iterator[Mapping[str, Any]]:
    return (row for table in tables for batch in table.to_batches(_AT_ONCE) for row in batch.to_pylist())


def _write_files(page: Any, parts: Parts) -> None:
    """The texts of the locks as JSON, so that no line end changes on its way through a workbook."""
    page.hide()
    for column, name in enumerate(("hash", "name", "piece")):
        page.write_string(0, column, name)
    line = 0
    for row in _rows(files_once(parts)):
        text = json.dumps(row["text"], ensure_ascii=True)
        for start in range(0, len(text), PIECE):
            line += 1
            for column, piece in enumerate((row["hash"], row["name"], text[start : start + PIECE])):
                page.write_string(line, column, piece)
