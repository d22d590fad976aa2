"""Writing the workbook to fill for a data quality control plan: what is asked stands beside each item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._findings import Language
from carbonstd._plan.layout import (
    FACILITIES,
    FACILITY_FIELDS,
    HEAD,
    HEAD_FIELDS,
    LISTS,
    PARAMETER,
    PARAMETERS,
    PLAN_FIELDS,
    RULE_FIELDS,
    RULES,
    SOURCES,
    TEXTS,
    TITLES,
    VERSION_FIELDS,
    VERSIONS,
    Field,
)
from carbonstd._plan.plan import FREQUENCIES, Item, plan_items
from carbonstd._plan.requirements import ALL, Requirement
from carbonstd._wording import EVIDENCE_TEXT, clause_text
from carbonstd._workbook.cells import letters
from carbonstd._workbook.layout import MARK, VERSION
from carbonstd._workbook.style import (
    INK,
    Paper,
    Styles,
    bilingual,
    new_workbook,
    safe_text,
    sheet_title,
    text_width,
    units_text,
)

_IDS, _TITLE, _NOTE, _HEADING, _FIRST = 1, 2, 3, 4, 5  # rows, counted from 0
_VERSION_ROWS, _FACILITY_ROWS, _RULE_HEIGHT = 10, 16, 84
_LABEL, _UNIT, _ASKED = 28, 14, 54  # widths of what is printed, in characters
_LINE = 13  # points of a line of small print


def write_plan_template(method: Method, library: Library, path: Path, language: Language = "zh") -> None:
    """Write the workbook to fill for the plan of `method`. Raises CaseError where it cannot be written."""
    created = method.document.published or date(2000, 1, 1)
    title = f"{TEXTS['title'][language]} {method.document.number}"
    with new_workbook(path, created, title) as book:
        _Writer(book, method, library, language).write()


def asked(item: Item, library: Library, language: Language) -> list[str]:
    """What is printed beside an item: its default or that it has none, the frequency, what the document asks."""
    source = ", ".join(filter(None, (clause_text(item.column.default_clause, language), *item.tables)))
    name = "default" if item.has_default else "no default"
    lines = [TEXTS[name][language].format(source=source or TEXTS["a default"][language])]
    if item.frequency:
        frequency = library.vocabulary(FREQUENCIES).label(item.frequency, language)
        lines.append(TEXTS["frequency"][language].format(frequency=frequency))
    return lines + (_required(item.requirement, language) if item.requirement else [])


def _required(requirement: Requirement, language: Language) -> list[str]:
    clause, evidence = clause_text(requirement.clause, language), EVIDENCE_TEXT[requirement.evidence][language]
    grounds = ", ".join(filter(None, (clause, evidence)))
    lines = [f"{requirement.requires[language]} [{grounds}]"]
    if requirement.missing:
        lines.append(TEXTS["missing"][language].format(missing=requirement.missing[language]))
    return lines


class _Writer:
    def __init__(self, book: Any, method: Method, library: Library, language: Language) -> None:
        self.book, self.method, self.library, self.language = book, method, library, language
        self.styles = Styles(book)
        self.items = plan_items(method)
        taken: set[str] = set()
        self.pages = {role: book.add_worksheet(sheet_title(label[language], taken)) for role, label in TITLES.items()}
        self.sources: dict[str, str] = {}

    def write(self) -> None:
        for role, page in self.pages.items():
            for column, value in enumerate((MARK, VERSION, role, self.method.id)):
                page.write(0, column, value, self.styles("identifier"))
            page.set_row(0, None, None, {"hidden": True})
            page.hide_gridlines(2)
        self._lists()
        self._head()
        self._table(VERSIONS, VERSION_FIELDS, _VERSION_ROWS)
        self._table(FACILITIES, FACILITY_FIELDS, _FACILITY_ROWS)
        self._parameters()
        self._rules()

    def _text(self, name: str) -> str:
        return TEXTS[name][self.language]

    def _lists(self) -> None:
        """The terms of the drop-downs on a hidden sheet."""
        page = self.pages[LISTS]
        page.hide()
        own = [item.sources for item in self.items] + [field.vocabulary for field in PLAN_FIELDS.values()]
        for index, name in enumerate(dict.fromkeys(name for name in own if name not in ("", SOURCES))):
            terms = [term.label(self.language) for term in self.library.vocabulary(name).terms.values()]
            page.write(_IDS, index, name, self.styles("identifier"))
            page.write_column(_IDS + 1, index, [safe_text(term) for term in terms], self.styles("text"))
            letter, first = letters(index + 1), _IDS + 2
            self.sources[name] = f"='{page.get_name()}'!${letter}${first}:${letter}${first + len(terms) - 1}"

    # Entity and boundary, versions, facilities, rules

    def _head(self) -> None:
        page, method = self.pages[HEAD], self.method
        page.set_column(0, 0, None, None, {"hidden": True})
        for column, width in ((1, 46), (2, 70), (3, 44)):
            page.set_column(column, column, width)
        page.set_row(_TITLE, 28)
        page.write(_TITLE, 1, bilingual(TEXTS["title"], self.language, "  "), self.styles("title"))
        page.write(_NOTE, 1, f"{method.document.number}  {method.title[self.language]}", self.styles("subtitle"))
        row = _FIRST
        for name, label in HEAD_FIELDS.items():
            page.set_row(row, 120 if name == "boundary" else 34)
            page.write(row, 0, name, self.styles("identifier"))
            page.write(row, 1, bilingual(label, self.language, " "), self.styles("label"))
            given = name == "method"
            look = self.styles("default" if given else "input", num_format="@", valign="vcenter", text_wrap=True)
            page.write(row, 2, method.id if given else None, look)
            page.write(row, 3, self._text("method") if given else "", self.styles("note", valign="vcenter"))
            row += 1
        boundary = method.boundary.get(self.language, "")
        page.write(row - 1, 3, boundary, self.styles("note", text_wrap=True))
        page.write(row + 1, 1, self._text("how"), self.styles("subtitle"))
        for number, text in enumerate(self._text("steps").split("\n"), 1):
            page.merge_range(row + 1 + number, 1, row + 1 + number, 3, f"{number}. {text}", self.styles("wrapped"))
            page.set_row(row + 1 + number, 15 * max(1, -(-int(text_width(text)) // 160)) + 3)
        Paper.for_width(160).lay(page)
        page.fit_to_pages(1, 1)
        page.activate()

    def _table(self, role: str, fields: Mapping[str, Field], rows: int) -> None:
        """A table to fill: a heading for each field and empty rows."""
        page = self.pages[role]
        self._titled(page, role, "")
        for index, (name, field) in enumerate(fields.items()):
            self._heading(page, index, name, field.label, field.width)
            look = self.styles.day() if name == "day" else self.styles("input", num_format="@", text_wrap=True)
            for row in range(_FIRST, _FIRST + rows):
                page.set_row(row, 22)
                page.write_blank(row, index, None, look)
        Paper.for_width(sum(field.width for field in fields.values())).lay(page)

    def _rules(self) -> None:
        page = self.pages[RULES]
        self._titled(page, RULES, "")
        self._heading(page, 0, "rule", TEXTS["rule"], 46)
        self._heading(page, 1, "text", TEXTS["filled"], 96)
        for row, (label, belongs) in enumerate(RULE_FIELDS.values(), _FIRST):
            page.set_row(row, _RULE_HEIGHT)
            page.write(row, 0, f"{bilingual(label, self.language)}\n{belongs[self.language]}", self.styles("label"))
            page.write_blank(row, 1, None, self.styles("input", num_format="@", text_wrap=True, valign="top"))
        Paper.for_width(142).lay(page)

    def _titled(self, page: Any, role: str, note: str) -> None:
        page.set_row(_IDS, None, None, {"hidden": True})
        page.set_row(_TITLE, 26)
        page.set_row(_HEADING, 56)
        first = 1 if role == PARAMETERS else 0
        page.write(_TITLE, first, bilingual(TITLES[role], self.language, "  "), self.styles("title"))
        page.write(_NOTE, first, note, self.styles("note"))
        page.freeze_panes(_FIRST, first + 1 if first else 0)
        page.repeat_rows(_HEADING)

    def _heading(self, page: Any, index: int, name: str, label: Mapping[str, str], width: float) -> None:
        page.write(_IDS, index, name, self.styles("identifier"))
        page.write(_HEADING, index, bilingual(label, self.language), self.styles("header"))
        page.set_column(index, index, width)

    # Parameters

    def _parameters(self) -> None:
        page = self.pages[PARAMETERS]
        self._titled(page, PARAMETERS, "")
        page.write(_IDS, 0, PARAMETER, self.styles("identifier"))
        page.set_column(0, 0, None, None, {"hidden": True})
        printed = (("label", "parameter", _LABEL), ("unit", "unit", _UNIT), ("asked", "asked", _ASKED))
        for index, (name, text, width) in enumerate(printed, 1):
            self._heading(page, index, name, TEXTS[text], width)
        first = len(printed) + 1
        for index, (name, field) in enumerate(PLAN_FIELDS.items(), first):
            self._heading(page, index, name, field.label, field.width)
        across = _LABEL + _UNIT + _ASKED + sum(field.width for field in PLAN_FIELDS.values())
        self._general(page)
        row = _FIRST
        for _, group in groupby(self.items, lambda item: item.sheet.id):
            row = self._group(page, row, list(group), first)
        Paper.for_width(across).lay(page)

    def _general(self, page: Any) -> None:
        """Below the title: what is asked of every parameter."""
        if ALL not in self.method.plan:
            return
        last = 3 + len(PLAN_FIELDS)
        lines = _required(self.method.plan[ALL], self.language)
        text = TEXTS["all"][self.language].format(requires="\n".join(lines))
        page.merge_range(_NOTE, 1, _NOTE, last, safe_text(text), self.styles("note", text_wrap=True))
        page.set_row(_NOTE, 16 * sum(-(-int(text_width(line)) // 230) or 1 for line in text.split("\n")) + 4)

    def _group(self, page: Any, row: int, items: Sequence[Item], first: int) -> int:
        """A band with the sheet's name, then its items; the row below."""
        for column in range(1, first + len(PLAN_FIELDS)):
            page.write_blank(row, column, None, self.styles("total"))
        page.write(row, 1, bilingual(items[0].sheet.label, self.language, "  "), self.styles("total"))
        for line, item in enumerate(items, row + 1):
            self._item(page, line, item, first)
        return row + 1 + len(items)

    def _item(self, page: Any, row: int, item: Item, first: int) -> None:
        label = bilingual(item.column.label, self.language) + (f"\n{item.column.symbol}" if item.column.symbol else "")
        text = "\n".join(asked(item, self.library, self.language))
        small = {"italic": False, "font_size": 9, "font_color": INK, "text_wrap": True, "valign": "top"}
        page.write(row, 0, item.id, self.styles("identifier"))
        page.write(row, 1, safe_text(label), self.styles("label", bold=False))
        page.write(
            row, 2, units_text(item.column, self.language), self.styles("result", text_wrap=True, valign="vcenter")
        )
        page.write(row, 3, safe_text(text), self.styles("default", **small))
        lines = sum(max(1, -(-int(text_width(line) * 0.8) // _ASKED)) for line in text.split("\n"))
        tall = sum(max(1, -(-int(text_width(line)) // _LABEL)) for line in label.split("\n"))
        page.set_row(row, max(_LINE * lines, 14 * tall) + 6)
        for column, field in enumerate(PLAN_FIELDS.values(), first):
            look = self.styles("input", num_format="@", text_wrap=True, valign="vcenter", font_size=9)
            page.write_blank(row, column, None, look)
            name = item.sources if field.vocabulary == SOURCES else field.vocabulary
            if name:
                rule = {"validate": "list", "source": self.sources[name], "error_type": "warning"}
                page.data_validation(row, column, row, column, {**rule, "error_title": "carbonstd"})
