"""Writing the workbook a user fills: a cover with the case's head, a sheet for each sheet of the method, drop-downs.

With a case the workbook is filled with it; without one it is blank. The same input always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.review_sheets import CROSS_CHECKS, REPLACEMENTS, REPORTED, REVIEW, form_of
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._findings import Language
from carbonstd._handover.rows import fed_sheets
from carbonstd._ledger.ledger import find_sheet
from carbonstd._template.rows import Row, template_rows
from carbonstd._template.texts import TEXTS, column_help, default_hint, sheet_note
from carbonstd._wording import paper_title
from carbonstd._workbook.cells import letters
from carbonstd._workbook.layout import (
    ALSO,
    ASSUMPTIONS,
    CONSENT,
    COVER,
    HEAD,
    LISTS,
    MARK,
    SHEET,
    TITLES,
    TOTAL_NAMES,
    VERSION,
    Target,
    head_label,
    heads_of,
    month_heading,
    months_of,
    targets,
)
from carbonstd._workbook.sheet import sum_formula
from carbonstd._workbook.style import (
    GREY,
    Paper,
    Styles,
    bilingual,
    heading,
    new_workbook,
    safe_text,
    sheet_title,
    text_width,
    units_line,
    units_text,
)

_CHECKED = 2_000  # rows watched by validation; they may be filled far below those that are drawn
_HEADING, _FIRST = 4, 5  # the rows, counted from 0, of the headings and of the first record
_TITLE_HEIGHT, _HEADING_HEIGHT, _ROW_HEIGHT = 26, 88, 16


@dataclass(frozen=True)
class Filling:
    """What a template holds beside the empty sheets of its method.

    `case` fills it; `period` is that of a blank one. With `uncertainty` each column of numbers has one for its
    half-width beside it; with `review` there are the sheets of a verifier, with the report lines to be copied into.
    `also` are other methods whose sheets it has.
    A case that is not `dated` leaves its day open: a later run takes the rules of its own.
    `origins` are comments on cells, by sheet, record (from 0) and column: where a figure came from.
    """

    case: Case | None = None
    period: Period | None = None
    uncertainty: bool = False
    review: bool = False
    also: tuple[str, ...] = ()
    dated: bool = True
    origins: Mapping[tuple[str, int, str], str] = field(default_factory=dict)


def write_template(
    method: Method, library: Library, path: Path, language: Language = "zh", filling: Filling | None = None
) -> None:
    """Write a workbook to fill for `method`. Raises CaseError if it cannot."""
    filling = filling or Filling()
    created = (filling.case.as_of if filling.case else None) or method.document.published or date(2000, 1, 1)
    with new_workbook(path, created, f"{method.document.number} {method.title[language]}") as book:
        _Writer(book, method, library, language, filling).write()


def rows_drawn(paper: Paper, filled: int) -> int:
    """So many rows that they fill the paper their records need: none prints as a page of empty rows."""
    first = int((paper.height - _TITLE_HEIGHT - _ROW_HEIGHT - _HEADING_HEIGHT) / _ROW_HEIGHT) - 1
    more = int((paper.height - _HEADING_HEIGHT) / _ROW_HEIGHT) - 1
    return first + max(0, -(-(filled - first) // more)) * more


class _Writer:
    def __init__(self, book: Any, method: Method, library: Library, language: Language, filling: Filling) -> None:
        self.book, self.method, self.library, self.language = book, method, library, language
        self.case, self.uncertainty, self.origins = filling.case, filling.uncertainty, filling.origins
        self.also, self.dated = filling.also, filling.dated
        self.fed = fed_sheets(method, library) if filling.also else frozenset[str]()
        self.period = filling.case.period if filling.case else filling.period
        self.sheets = {**method.sheets, **(REVIEW if filling.review else {})}
        self.styles = Styles(book)
        self.months = months_of(self.period)
        self.taken: set[str] = set()
        self.titles = {COVER: self._title(TITLES[COVER])}
        self.titles |= {sheet.id: self._title(sheet.label) for sheet in self.sheets.values()}
        self.titles |= {ASSUMPTIONS: self._title(TITLES[ASSUMPTIONS]), LISTS: self._title(TITLES[LISTS])}
        self.lists: dict[str, str] = {}

    def write(self) -> None:
        made = {name: self.book.add_worksheet(title) for name, title in self.titles.items()}
        self._lists(made[LISTS])
        self._cover(made[COVER])
        for sheet in self.sheets.values():
            self._sheet(made[sheet.id], sheet, self._raw(sheet), SHEET)
        self._sheet(made[ASSUMPTIONS], CONSENT, self._consent(), ASSUMPTIONS)

    def _title(self, label: Mapping[str, str]) -> str:
        return sheet_title(label[self.language], self.taken)

    def _marked(self, page: Any, role: str, sheet: str = "") -> None:
        """The hidden first row: mark, version, role, method, sheet."""
        for column, value in enumerate((MARK, VERSION, role, self.method.id, sheet)):
            page.write(0, column, value, self.styles("identifier"))
        page.set_row(0, None, None, {"hidden": True})
        page.hide_gridlines(2)

    # Lists

    def _lists(self, page: Any) -> None:
        """The drop-downs' terms, each with the key it stands for; months where the period is known."""
        self._marked(page, LISTS)
        page.hide()
        names = dict.fromkeys(
            column.vocabulary
            for sheet in self.sheets.values()
            for column in sheet.columns.values()
            if column.vocabulary
        )
        lists = {
            name: [(term.label(self.language), key) for key, term in self.library.vocabulary(name).terms.items()]
            for name in names
        }
        if CROSS_CHECKS.id in self.sheets:
            lists["item"] = [(f"{sheet}.{column}", label) for sheet, column, label in self._columns()]
        lists["month"] = [(month if len(month) > 2 else f"{int(month)}月", month) for month in self.months]
        for index, (name, terms) in enumerate(lists.items()):
            column = 2 * index
            page.write_row(1, column, (name, "key"), self.styles("identifier"))
            for row, pair in enumerate(terms, 2):
                page.write_row(row, column, [safe_text(text) for text in pair], self.styles("text"))
            letter = letters(column + 1)
            self.lists[name] = f"='{self.titles[LISTS]}'!${letter}$3:${letter}${len(terms) + 2}"

    def _columns(self) -> Iterator[tuple[str, str, str]]:
        """The columns of numbers that a verifier may name."""
        for sheet in self.method.sheets.values():
            for column in sheet.columns.values():
                if column.kind == "number":
                    yield sheet.id, column.name, sheet.label_of(column.name)[self.language]

    # Cover

    def _cover(self, page: Any) -> None:
        styles, language, method = self.styles, self.language, self.method
        self._marked(page, COVER)
        page.set_column(0, 0, None, None, {"hidden": True})
        page.set_column(1, 1, 46)
        page.set_column(2, 2, 52)
        page.set_column(3, 3, 62)
        page.set_row(2, 28)
        page.write(2, 1, paper_title("data", method.level, bool(method.gases))[language], styles("title"))
        page.write(3, 1, f"{method.document.number}  {method.title[language]}", styles("subtitle"))
        if self.case and self.case.name.get(language):
            page.write(4, 1, safe_text(self.case.name[language]), styles("note"))
        row = self._head(page, 6)
        row = self._instructions(page, row + 1)
        self._contents(page, row + 1)
        Paper.for_width(46 + 52 + 62).lay(page)
        page.fit_to_pages(1, 1)
        page.activate()
        page.set_first_sheet()

    def _head(self, page: Any, row: int) -> int:
        given = self._given()
        usual = (name for name in heads_of(self.method.level) if name != ALSO or name in given)
        for name in dict.fromkeys((*usual, *given)):
            label = HEAD.get(name)
            page.set_row(row, 20)
            page.write(row, 0, name, self.styles("identifier"))
            star = " *" if name in ("method", "period") else ""
            text = bilingual(head_label(name, self.method.level), self.language, " ") if label else name
            page.write(row, 1, f"{text}{star}", self.styles("label", text_wrap=False))
            look = self.styles("default" if name in ("method", ALSO) else "input", num_format="@", valign="vcenter")
            page.write(row, 2, safe_text(given.get(name, "")) or None, look)
            page.write(
                row, 3, TEXTS[f"hint.{name}"][self.language] if label else "", self.styles("note", valign="vcenter")
            )
            row += 1
        return row

    def _given(self) -> dict[str, str]:
        found = {"method": self.method.id, **({ALSO: ", ".join(self.also)} if self.also else {})}
        if self.case is None:
            return {**found, **({"period": str(self.period)} if self.period else {})}
        found |= {"period": str(self.case.period)} | ({"as_of": self.case.as_of.isoformat()} if self.dated else {})
        for key, value in self.case.entity.items():
            if isinstance(value, Mapping):
                found |= {f"entity.{key}.{part}": str(text) for part, text in value.items()}
            else:
                found[f"entity.{key}.zh" if key == "name" else f"entity.{key}"] = str(value)
        return found

    def _instructions(self, page: Any, row: int) -> int:
        page.write(row, 1, TEXTS["how"][self.language], self.styles("subtitle"))
        steps = TEXTS["steps"][self.language].split("\n")
        steps += [TEXTS["half-widths"][self.language]] if self.uncertainty else []
        for number, text in enumerate(steps, 1):
            page.merge_range(row + number, 1, row + number, 3, f"{number}. {text}", self.styles("wrapped"))
            page.set_row(row + number, 15 * max(1, -(-int(text_width(text)) // 165)) + 3)
        row += len(steps) + 2
        legend = (
            (self.styles("header_required"), "required"),
            (self.styles("header"), "optional"),
            (self.styles("input"), "typed"),
            (self._defaulted(), "defaulted"),
        )
        for step, (look, name) in enumerate(legend):
            page.write(row + step, 1, TEXTS[name][self.language], look)
        return row + len(legend)

    def _defaulted(self) -> Any:
        """A cell to fill only where there is a measured value."""
        return self.styles("input", bg_color=GREY)

    def _contents(self, page: Any, row: int) -> None:
        page.write(row, 1, TEXTS["contents"][self.language], self.styles("subtitle"))
        listed = [*((sheet.id, sheet.label) for sheet in self.sheets.values()), (ASSUMPTIONS, CONSENT.label)]
        for step, (name, label) in enumerate(listed, 1):
            link = self.styles("text", font_color="#0563C1", underline=1)
            page.write_url(row + step, 1, f"internal:'{self.titles[name]}'!A1", link, self.titles[name])
            page.write(row + step, 2, bilingual(label, self.language, "  "), self.styles("text"))
            if name in self.sheets:
                page.write(row + step, 3, self._state(self.sheets[name]), self.styles("note"))

    def _state(self, sheet: Sheet) -> str:
        raw = find_sheet(self.case, self.method, sheet) if self.case else None
        if sheet.id in self.fed and (raw is None or raw.rows < 2):
            return TEXTS["fed"][self.language]
        if raw is not None:
            return TEXTS["filled"][self.language].format(rows=raw.rows)
        return TEXTS["must" if sheet.must_be_filled else "may"][self.language]

    # Sheets

    def _raw(self, sheet: Sheet) -> RawSheet | None:
        """What fills a sheet: the case; for the figures of a report, which it must copy, the names of the lines."""
        raw = find_sheet(self.case, self.method, sheet) if self.case else None
        return form_of(self.method, self.language) if raw is None and sheet is REPORTED else raw

    def _consent(self) -> RawSheet | None:
        given = self.case.assumptions if self.case else ()
        columns = {name: [getattr(item, name) for item in given] for name in CONSENT.columns}
        return RawSheet(columns, lambda column, row: ASSUMPTIONS) if given else None

    def _sheet(self, page: Any, sheet: Sheet, raw: RawSheet | None, role: str) -> None:
        self._marked(page, role, sheet.id)
        columns = self._targets(sheet, raw)
        rows = template_rows(sheet, raw, self.months) if raw else []
        page.set_default_row(_ROW_HEIGHT)
        page.set_row(1, None, None, {"hidden": True})
        page.set_row(2, _TITLE_HEIGHT)
        page.write(2, 0, bilingual(sheet.label, self.language, "  "), self.styles("title"))
        note = TEXTS["fed"][self.language] if sheet.id in self.fed else sheet_note(sheet, self.language)
        page.write(3, 0, note, self.styles("note"))
        page.set_row(_HEADING, _HEADING_HEIGHT)
        width = sum(self._column(page, index, target, sheet) for index, target in enumerate(columns))
        paper = Paper.for_width(width)
        for offset in range(rows_drawn(paper, len(rows))):
            self._row(page, _FIRST + offset, columns, sheet, rows[offset] if offset < len(rows) else {})
        places = {target.id: index for index, target in enumerate(columns)}
        for (name, row, column), text in self.origins.items():
            if name == sheet.id:
                page.write_comment(_FIRST + row, places[column], text, {"x_scale": 2.2, "author": "carbonstd"})
        keys = [index for index, target in enumerate(columns) if sheet.columns[target.column].kind == "label"]
        fixed = 2 if keys[:2] == [0, 1] else 1
        page.freeze_panes(_FIRST, fixed)
        page.repeat_rows(_HEADING)
        paper.lay(page, fixed)

    def _targets(self, sheet: Sheet, raw: RawSheet | None) -> list[Target]:
        """The columns of a sheet: half-widths beside their numbers where asked for or typed, typed units last."""
        typed = set(raw.columns) if raw else set()
        columns: list[Target] = []
        for target in targets(sheet, self.months):
            columns.append(target)
            beside = Target(target.column, "uncertainty")
            if target.role == "value" and (beside.id in typed or (self.uncertainty and self._spread(sheet, target))):
                columns.append(beside)
        return columns + [Target(name, "unit") for name in sheet.columns if Target(name, "unit").id in typed]

    def _spread(self, sheet: Sheet, target: Target) -> bool:
        return sheet is not CONSENT and sheet.columns[target.column].kind == "number"

    def _column(self, page: Any, index: int, target: Target, sheet: Sheet) -> float:
        """Write a column's heading and rules; its width."""
        column = sheet.columns[target.column]
        page.write(1, index, target.id, self.styles("identifier"))
        look = "header_required" if column.required and column.needed is None and target.role == "value" else "header"
        text = self._heading(target, column)
        quiet: dict[str, Any] = {"bold": False, "font_size": 8} if target.role == "uncertainty" else {}
        page.write(_HEADING, index, text, self.styles(look, **quiet))
        last = _FIRST + _CHECKED - 1
        if target.role == "uncertainty":
            note = {"x_scale": 2.2, "y_scale": 1.6, "author": "carbonstd"}
            page.write_comment(_HEADING, index, TEXTS["half-widths"][self.language], note)
        if target.role in ("value", "month"):
            if target.role == "value":
                help_text = column_help(column, self.language)
                page.write_comment(_HEADING, index, help_text, {"x_scale": 2.2, "y_scale": 1.6, "author": "carbonstd"})
            rule = self._validation(column, sheet)
            if rule:
                page.data_validation(_FIRST, index, last, index, rule)
        width = self._width(target, column, text)
        page.set_column(index, index, width, None, {"level": 1} if target.role == "uncertainty" else {})
        return width

    def _heading(self, target: Target, column: Column) -> str:
        label = column.label[self.language]
        if target.role == "month":
            return "\n".join(filter(None, (month_heading(target.month), label, units_text(column, self.language))))
        if target.role == "total":
            return "\n".join(
                filter(None, (bilingual(TOTAL_NAMES, self.language, " "), label, units_text(column, self.language)))
            )
        if target.role == "unit":
            return f"{label}{'单位' if self.language == 'zh' else ' unit'}"
        if target.role == "uncertainty":
            return f"{label}{'不确定度' if self.language == 'zh' else ' uncertainty'}\n± 95 %"
        return heading(column, self.language) + default_hint(column, self.language)

    def _width(self, target: Target, column: Column, text: str) -> float:
        if target.role == "uncertainty":
            return 11
        if target.role in ("month", "total"):
            return max(11, text_width(text) + 1.5) if text_width(text) < 18 else 14
        terms = self.library.vocabulary(column.vocabulary).terms.values() if column.vocabulary else ()
        longest = max((text_width(term.label(self.language)) for term in terms), default=0)
        least = {"number": 13, "month": 10, "label": 18, "text": 30}[column.kind]
        return min(max(least, longest + 3, text_width(text) * 0.62 if column.kind == "number" else 0), 34)

    def _validation(self, column: Column, sheet: Sheet) -> dict[str, Any]:
        """A warning rather than a stop: `2.5 t`, `85%` and a term's other names are read as well."""
        rule: dict[str, Any] = {"error_type": "warning", "error_title": "carbonstd", "ignore_blank": True}
        listed = column.vocabulary or (column.name if column.name == "month" else "")
        listed = "item" if sheet in (CROSS_CHECKS, REPLACEMENTS) and column.name == "item" else listed
        if listed:
            source = self.lists[listed]
            return {**rule, "validate": "list", "source": source, "error_message": TEXTS["not listed"][self.language]}
        if column.kind != "number" or (column.minimum is None and column.maximum is None):
            return {}
        low = None if column.minimum is None else float(column.minimum)
        high = None if column.maximum is None else float(column.maximum)
        bounds: dict[str, Any] = {"criteria": ">=", "value": low} if high is None else {"criteria": "<=", "value": high}
        if low is not None and high is not None:
            bounds = {"criteria": "between", "minimum": low, "maximum": high}
        limits = f"{'' if low is None else f'≥ {low:g} '}{'' if high is None else f'≤ {high:g}'}".strip()
        message = TEXTS["out of range"][self.language].format(limits=limits, units=units_line(column, self.language))
        return {**rule, "validate": "decimal", **bounds, "error_message": message[:255]}

    def _row(self, page: Any, line: int, columns: list[Target], sheet: Sheet, row: Row) -> None:
        plain, number = self.styles.plain(), self.styles.number("input")
        for index, target in enumerate(columns):
            column = sheet.columns[target.column]
            if target.role == "total":
                months = [place for place, other in enumerate(columns) if other.column == target.column and other.month]
                total = sum(value for place in months if isinstance(value := row.get(columns[place].id), int | float))
                formula = f"={sum_formula(line + 1, months[0] + 1, months[-1] + 1)}"
                page.write_formula(line, index, formula, self.styles("total", num_format="General;-General;;@"), total)
                continue
            value = row.get(target.id)
            numeric = column.kind == "number" and target.role not in ("unit", "uncertainty")
            if value is None:
                defaulted = column.default is not None and target.role != "uncertainty"
                blank = self._defaulted() if defaulted else number if numeric else plain
                page.write_blank(line, index, None, blank)
            elif isinstance(value, int | float):
                page.write_number(line, index, value, number if numeric else plain)
            else:
                page.write_string(line, index, safe_text(self._label(value, column)), number if numeric else plain)

    def _label(self, text: str, column: Column) -> str:
        """A term under its name in the template's language; anything else as typed."""
        if not column.vocabulary:
            return text
        vocabulary = self.library.vocabulary(column.vocabulary)
        key = vocabulary.resolve(text)
        return vocabulary.label(key, self.language) if key else text
