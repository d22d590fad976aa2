"""The trace: every value used as columns, and one figure followed down to clause, table cell and input cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Column, Constant
from carbonstd._definitions.schema import both
from carbonstd._engine.run import Run
from carbonstd._ledger.ledger import SheetData, Status
from carbonstd._result.evidence import used_rows
from carbonstd._trace.origin import Source, answered, cell_source, constant_source

if TYPE_CHECKING:
    import pandas as pd

    from carbonstd._result.result import Result
    from carbonstd._trace.explanation import Explanation as Explanation

FIELDS = (
    "sheet",
    "place",
    "row",
    "key",
    "column",
    "symbol",
    "label",
    "value",
    "unit",
    "status",
    "table",
    "table_row",
    "table_column",
    "evidence",
    "source",
    "document",
    "clause",
    "default_clause",
)
STATUS_NAMES = np.array([status.name.lower() for status in Status], dtype=object)


def operands(run: Run) -> pd.DataFrame:
    """Every value used, one row each.

    Inputs and the defaults that filled blanks come sheet by sheet (`row` counts from 1), then the table cells that
    equations read themselves, then the constants. `place` is the input cell, or the line of the table. `document` and
    `clause` are the table's own; `default_clause` is the method's clause by which a blank takes its default there.
    """
    import pandas as pd

    parts = [*_inputs(run), *_read_by_equations(run), *_constants(run)]
    if not parts:
        return pd.DataFrame(columns=list(FIELDS))
    sizes = [len(part["row"]) for part in parts]
    return pd.DataFrame({field: _joined([part[field] for part in parts], sizes) for field in FIELDS})


class Texts(NamedTuple):
    """A text for each row: its place in `texts`, -1 the last. Each is kept once, however many rows it stands in."""

    codes: NDArray[Any]
    texts: Sequence[str]

    def of(self, rows: NDArray[np.int64]) -> Texts:
        return Texts(self.codes[rows], self.texts)


def _joined(cells: Sequence[Any], sizes: Sequence[int]) -> Any:
    """A column of all parts behind one another."""
    import pandas as pd

    if not isinstance(cells[0], str | Texts):
        return np.concatenate(cells)
    held = [
        Texts(np.full(n, -1), [item]) if isinstance(item, str) else item for item, n in zip(cells, sizes, strict=True)
    ]
    ends = np.cumsum([len(item.texts) for item in held])
    codes = [
        np.where(item.codes < 0, -1, item.codes - len(item.texts)) + end for item, end in zip(held, ends, strict=True)
    ]
    texts = pd.Series([text for item in held for text in item.texts])
    return texts.take(np.concatenate(codes)).array


def explain(result: Result, line: str) -> Explanation:
    """Follow a line, total, equation or symbol down to clauses, table cells and input cells. Raises NotFoundError."""
    from carbonstd._trace.explain import explain

    return explain(result, line)


def key_texts(run: Run, data: SheetData) -> NDArray[Any]:
    """What tells the rows of a sheet apart: their labels, joined. Shape (rows,), dtype object."""
    names = [name for name in data.sheet.axes if name != data.sheet.source_column]
    columns = [decoded(run, name, data.codes[name]) for name in names]
    return np.array(
        [" / ".join(filter(None, parts)) for parts in zip(*columns, strict=True)] or [""] * data.rows, object
    )


def labelled(run: Run, axis: str, text: str) -> dict[str, str]:
    """A stored label in both languages: a term of the vocabulary its column names, else itself."""
    for sheet in run.program.method.sheets.values():
        column = sheet.columns.get(axis)
        if column is not None and column.vocabulary:
            vocabulary = run.library.vocabulary(column.vocabulary)
            return {language: vocabulary.label(text, language) for language in ("zh", "en")}
    return {"zh": text, "en": text}


def row_label(run: Run, data: SheetData, row: int) -> dict[str, str]:
    """What tells one row of a sheet apart, for a reader in both languages."""
    names = [name for name in data.sheet.axes if name != data.sheet.source_column]
    texts = [labelled(run, name, str(decoded(run, name, data.codes[name][row : row + 1])[0])) for name in names]
    return {language: " / ".join(filter(None, (text[language] for text in texts))) for language in ("zh", "en")}


def decoded(run: Run, axis: str, codes: NDArray[np.int64]) -> NDArray[Any]:
    """Labels of codes; a blank is empty text. Shape as `codes`, dtype object."""
    labels = np.array([*run.axes.labels.get(axis, []), ""], dtype=object)
    return np.where(codes < 0, "", labels[codes]).astype(object)


def units_of(run: Run, data: SheetData, column: Column) -> NDArray[Any]:
    """The unit of each row of a column, which may hang on the row's basis. Shape (rows,), dtype object."""
    texts = np.array([unit.text for unit in column.units.values()], dtype=object)
    if len(texts) == 1 or data.basis is None:
        return np.full(data.rows, texts[0], dtype=object)
    return texts[np.maximum(data.basis, 0)].astype(object)


def _given(run: Run, data: SheetData, column: str) -> Texts:
    """How the figures of a column were found, as the case says."""
    found_by = data.sheet.found_by(column)
    codes = data.codes[found_by] if found_by else np.full(data.rows, -1)
    return Texts(codes, [*map(str, run.axes.labels.get(found_by, [])), ""])


def _inputs(run: Run) -> Iterator[dict[str, Any]]:
    for sheet, data in run.ledger.items():
        keys = Texts(np.arange(data.rows), list(key_texts(run, data)))
        for name, values in data.numbers.items():
            column, rows = data.sheet.columns[name], np.flatnonzero(~np.isnan(values))
            if not len(rows):
                continue
            filled, found = data.filled.get(name), answered(run, sheet, name)
            cited = [_cited(source) for source in found.sources]
            own = {"table": "", "table_row": "", "table_column": "", "evidence": "user", "document": "", "clause": ""}
            about = {field: Texts(found.codes, [*(item[field] for item in cited), text]) for field, text in own.items()}
            given = _given(run, data, name)
            codes = np.where(found.codes < 0, np.where(given.codes < 0, -1, given.codes + len(cited)), found.codes)
            about["source"] = Texts(codes, [*(item["source"] for item in cited), *given.texts])
            by_default = np.full(data.rows, -1) if filled is None else np.where(filled, 0, -1)
            about["default_clause"] = Texts(by_default, [column.default_clause, ""])
            basis = np.zeros(data.rows, dtype=np.int64) if data.basis is None else np.maximum(data.basis, 0)
            units = [unit.text for unit in column.units.values()]
            about["unit"] = Texts(basis if len(units) > 1 else np.full(data.rows, -1), units)
            yield {
                "sheet": sheet,
                "place": Texts(np.arange(len(rows)), [data.place(name, int(row)) for row in rows]),
                "row": rows + 1,
                "key": keys.of(rows),
                "column": name,
                "symbol": column.symbol,
                "label": f"{column.label['zh']} {column.label['en']}",
                "value": values[rows],
                "status": Texts(data.status[name][rows].astype(np.int64), list(STATUS_NAMES)),
                **{field: texts.of(rows) for field, texts in about.items()},
            }


def _cited(source: Source) -> dict[str, str]:
    """The fields that say where a figure comes from."""
    return {
        "table": source.table,
        "table_row": source.row,
        "table_column": source.column,
        "evidence": source.evidence,
        "source": both(source.source, " / "),
        "document": source.document,
        "clause": source.clause,
    }


def _read_by_equations(run: Run) -> Iterator[dict[str, Any]]:
    for what, usages in run.usages.items():
        if what not in run.program.method.equations:
            continue
        for usage in usages:
            for table, row in used_rows(run, what, usage):
                column = table.columns[usage.column]
                cells = table.rows[row].cells[usage.column]
                for label, cell in cells.items() if hasattr(cells, "items") else [("", cells)]:
                    if cell.value is not None:
                        source = cell_source(table, row, usage.column, label)
                        yield _one(
                            source,
                            label,
                            usage.column,
                            column.symbol,
                            column.label,
                            float(cell.value),
                            column.unit.text,
                        )


def _constants(run: Run) -> Iterator[dict[str, Any]]:
    for constant in used_constants(run):
        source = constant_source(run, constant)
        yield _one(
            source, "", constant.name, constant.symbol, constant.label, float(constant.value), constant.unit.text
        )


def used_constants(run: Run) -> list[Constant]:
    """The constants that equations, or defaults that filled a blank, read."""
    method, program = run.program.method, run.program
    trees = [node for equation in method.equations.values() for node in equation.nodes]
    trees += [
        compiled.node
        for (sheet, column), compiled in program.defaults.items()
        if compiled.node is not None and run.ledger[sheet].filled.get(column, np.zeros(1, dtype=bool)).any()
    ]
    names = {name for tree in trees for name in tree.names()}
    return [constant for name, constant in method.constants.items() if name in names]


def _one(source: Source, key: str, column: str, symbol: str, label: Any, value: float, unit: str) -> dict[str, Any]:
    return {
        "sheet": "",
        "place": source.place,
        "row": [0],
        "key": key,
        "column": column,
        "symbol": symbol,
        "label": f"{label['zh']} {label['en']}",
        "value": [value],
        "unit": unit,
        "status": "default",
        **_cited(source),
        "default_clause": "",
    }
