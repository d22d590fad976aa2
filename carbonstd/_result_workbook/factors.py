"""The sheet of a result workbook with the table cells and constants used, which the default cells point at."""

from __future__ import annotations

from typing import Any

import numpy as np

from carbonstd._definitions.row_words import row_words
from carbonstd._result_workbook.layout import FACTOR_COLUMN, FACTOR_TOP
from carbonstd._result_workbook.sheets import TEXTS, Writer, lines_of, number_format
from carbonstd._trace.origin import cell_source, constant_source
from carbonstd._units import unit_text
from carbonstd._wording import EVIDENCE_TEXT
from carbonstd._workbook.style import bilingual, safe_text

FACTOR_HEADS = (
    {"zh": "表", "en": "Table"},
    {"zh": "版本", "en": "Edition"},
    {"zh": "名称", "en": "Title"},
    {"zh": "行", "en": "Row"},
    {"zh": "参数", "en": "Parameter"},
    {"zh": "数值", "en": "Value"},
    {"zh": "单位", "en": "Unit"},
    {"zh": "依据", "en": "Evidence"},
    {"zh": "文件与条款", "en": "Document and clause"},
    {"zh": "来源", "en": "Source"},
)


_WRAPPED = {"text_wrap": True, "valign": "vcenter", "indent": 1}


def write_factors(w: Writer, page: Any) -> None:
    """The table cells and constants that formulas refer to, then every table the run opened."""
    w.title(page, bilingual(TEXTS["factors"], w.language, " "), bilingual(TEXTS["factors_note"], w.language, "  "))
    widths = (30, 12, 30, 22, 32, 13, 13, 11, 34, 64)
    for column, (head, width) in enumerate(zip(FACTOR_HEADS, widths, strict=True)):
        page.write_string(FACTOR_TOP - 1, column, bilingual(head, w.language), w.styles("header"))
        page.set_column(column, column, width)
    page.set_row(FACTOR_TOP - 1, 32)
    for cell, row in w.layout.factors.items():
        if cell.constant:
            constant = w.method.constants[cell.constant]
            source = constant_source(w.run, constant)
            title, name, unit = TEXTS["constant"][w.language], constant.label[w.language], constant.unit
            symbol, value, key = constant.symbol, float(constant.value), constant.name
            family, edition, text = w.method.family, w.method.edition, ""
        else:
            assert cell.table is not None
            table, column_of = cell.table, cell.table.columns[cell.column]
            source, unit = (
                cell_source(table, cell.row, cell.column, cell.label),
                table.unit(cell.row, cell.column),
            )
            found = table.cell(cell.row, cell.column, cell.label)
            title, name, symbol = table.title[w.language], column_of.label[w.language], column_of.symbol
            value, text = (float(found.value) if found.value is not None else np.nan), found.text
            family, edition = table.family, table.edition
            words = row_words(table, table.rows[cell.row], w.run.library)
            key = " / ".join(filter(None, (words[w.language] or "—", cell.label)))
        parameter = " ".join(filter(None, (symbol, name)))
        w.row(page, row, 0, (family, edition, title, key, parameter), "result", **_WRAPPED)
        form = w.styles("input", num_format=number_format(np.array([value])), bold=True, valign="vcenter")
        if value == value:
            page.write_number(row, FACTOR_COLUMN, value, form)
        else:
            page.write_string(row, FACTOR_COLUMN, safe_text(text), form)
        clause = f"{source.document} {source.clause}".strip()
        evidence = EVIDENCE_TEXT[source.evidence][w.language]
        seen_in = source.source.get(w.language, "")
        w.row(
            page,
            row,
            FACTOR_COLUMN + 1,
            (unit_text(unit, w.language), evidence, clause, seen_in),
            "result",
            **_WRAPPED,
        )
        cells = zip((family, title, key, parameter, clause, seen_in), (30, 30, 22, 32, 34, 64), strict=True)
        page.set_row(row, 14 * max(lines_of(text, width) for text, width in cells) + 3)
    _tables_read(w, page, FACTOR_TOP + len(w.layout.factors) + 2)
    w.page(page, (FACTOR_TOP - 1, FACTOR_TOP - 1), (FACTOR_TOP, 0), sum(widths))


def _tables_read(w: Writer, page: Any, row: int) -> None:
    page.write_string(row, 0, bilingual(TEXTS["read"], w.language, " "), w.styles("subtitle"))
    for segments in w.run.segments.values():
        for item in segments:
            row += 1
            table = item.table
            clause = f"{table.document.number} {table.clause}".strip()
            w.row(page, row, 0, (table.family, table.edition, table.title[w.language]), "result", indent=1)
            w.row(page, row, FACTOR_COLUMN + 3, (clause, f"hash {table.hash}"), "result", indent=1)
