"""Records of a check of limits written for others: a workbook with summary, chart, records and findings; CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonstd._errors import by_severity
from carbonstd._findings import Finding, Language
from carbonstd._limits_record import Check, Record, percent
from carbonstd._limits_text import (
    TEXTS,
    indicator_label,
    level_name,
    level_order,
    level_text,
    reached_text,
    reasons,
    required_text,
    said,
    sense,
    statement,
)
from carbonstd._schema import Bilingual
from carbonstd._verdict import Judgement
from carbonstd._wording import EVIDENCE_TEXT, GRADE_TEXT, SEVERITY_TEXT, judgement_text
from carbonstd._workbook_rows import write_rows
from carbonstd._workbook_style import Paper, Styles, bilingual, new_workbook, safe_text, text_width

_SHEETS: dict[str, Bilingual] = {
    "summary": {"zh": "汇总", "en": "Summary"},
    "records": {"zh": "逐项结果", "en": "Records"},
    "levels": {"zh": "逐级余量", "en": "Levels"},
    "derivation": {"zh": "推导", "en": "Derivation"},
    "findings": {"zh": "提示", "en": "Findings"},
}
_FINDING_HEADS: tuple[Bilingual, ...] = (
    {"zh": "级别", "en": "Severity"},
    {"zh": "代码", "en": "Code"},
    TEXTS["plant"],
    {"zh": "说明", "en": "Message"},
)
_COLOURS = ("#1E6B2B", "#56B4E9", "#E69F00", "#6A51A3", "#B3A100")  # levels, the strictest first
_NONE, _OPEN = "#A61B1B", "#B8BFC6"
_LABELS = dict.fromkeys(("#1E6B2B", "#6A51A3", _NONE), "#FFFFFF")  # figures on dark bars


@dataclass(frozen=True)
class Field:
    """A column of the records: the name programs read, its heading, and whether it holds numbers."""

    name: str
    head: Bilingual
    number: bool = False


FIELDS = (
    Field("plant", TEXTS["plant"]),
    Field("place", TEXTS["place"]),
    Field("standard", TEXTS["standard"]),
    Field("method", {"zh": "方法与版本", "en": "Method and edition"}),
    Field("period", TEXTS["period"]),
    Field("row", {"zh": "结果范围", "en": "Result of"}),
    Field("class", TEXTS["class"]),
    Field("indicator", TEXTS["indicator"]),
    Field("value", TEXTS["value"], True),
    Field("unit", TEXTS["unit"]),
    Field("required", TEXTS["required"]),
    Field("sense", {"zh": "方向", "en": "Sense"}),
    Field("limit", TEXTS["limit"], True),
    Field("printed", TEXTS["printed"], True),
    Field("distance", TEXTS["distance"], True),
    Field("percent", TEXTS["percent"], True),
    Field("reached", TEXTS["reached"]),
    Field("judgement", TEXTS["judgement"]),
    Field("grade", TEXTS["grade"]),
    Field("clause", TEXTS["clause"]),
    Field("next_standard", TEXTS["following"]),
    Field("next_reached", {"zh": "下一版本达到", "en": "Level by the next edition"}),
    Field("next_judgement", {"zh": "下一版本结论", "en": "Judgement by the next edition"}),
    Field("what_if_value", {"zh": "情景指标值", "en": "Value, what if"}, True),
    Field("what_if_required", {"zh": "情景须达到", "en": "Required, what if"}),
    Field("what_if_limit", {"zh": "情景限额", "en": "Limit, what if"}, True),
    Field("what_if_reached", {"zh": "情景达到", "en": "Level, what if"}),
    Field("what_if_judgement", {"zh": "情景结论", "en": "Judgement, what if"}),
    Field("own_reason", {"zh": "自行修正限额的依据", "en": "Reason for the plant's own limit"}),
    Field("findings", TEXTS["findings"]),
)


_SELDOM = ("next_", "what_if_", "own_reason")  # columns that are left out of the workbook where they are blank
DERIVATION: dict[str, Bilingual] = {
    "plant": TEXTS["plant"],
    "period": TEXTS["period"],
    "standard": TEXTS["standard"],
    "indicator": TEXTS["indicator"],
    "of": {"zh": "推导的是", "en": "Derivation of"},
    "label": {"zh": "项目", "en": "Item"},
    "key": {"zh": "等级或行", "en": "Level or row"},
    "value": TEXTS["value"],
    "unit": TEXTS["unit"],
    "clause": TEXTS["clause"],
    "evidence": {"zh": "证据", "en": "Evidence"},
    "formula": {"zh": "公式", "en": "Formula"},
    "place": {"zh": "单元格", "en": "Cell"},
}


def rows_of(check: Check) -> Iterator[tuple[Record, Record | None]]:
    """Every record, and below it each edition it was made of, with the record they belong to."""
    for record in check.records:
        yield record, None
        yield from ((edition, record) for edition in record.editions)


def scope(record: Record, whole: Record | None, language: Language) -> str:
    """Whether a row is that of one edition, or of all editions that bound in the period; empty where one alone did."""
    if whole is not None:
        return TEXTS["one_edition"][language]
    return TEXTS["all_editions"][language] if record.editions else ""


def flat(record: Record, language: Language, whole: Record | None = None) -> dict[str, str | Fraction | None]:
    """A record, or one edition of it, as one row, its figures exact."""
    decisive, later, supposed = record.decisive, record.following, record.supposed
    rule = record.verdict.rule if record.verdict else None
    return {
        "plant": record.plant,
        "place": record.place,
        "standard": record.standard,
        "method": record.method,
        "period": record.period,
        "row": scope(record, whole, language),
        "class": record.category.get(language, ""),
        "indicator": record.indicator.get(language, ""),
        "value": record.verdict.value if record.verdict else None,
        "unit": rule.unit.text if rule else "",
        "required": required_text(record, language),
        "sense": sense(record) if rule else "",
        "limit": decisive.limit if decisive else None,
        "printed": record.corrected(decisive),
        "distance": decisive.distance if decisive else None,
        "percent": percent(decisive),
        "reached": reached_text(record, language),
        "judgement": said(record, language),
        "grade": GRADE_TEXT[record.grade][language],
        "clause": rule.clause if rule else "",
        "next_standard": later.standard if later else "",
        "next_reached": reached_text(later, language) if later else "",
        "next_judgement": said(later, language) if later else "",
        "what_if_value": supposed.verdict.value if supposed and supposed.verdict else None,
        "what_if_required": required_text(supposed, language) if supposed else "",
        "what_if_limit": supposed.decisive.limit if supposed and supposed.decisive else None,
        "what_if_reached": reached_text(supposed, language) if supposed else "",
        "what_if_judgement": said(supposed, language) if supposed else "",
        "own_reason": record.verdict.own_reason if record.verdict else "",
        "findings": " | ".join(reasons(record, language)) if record.judgement is Judgement.UNDECIDED else "",
    }


def derived_rows(record: Record, language: Language) -> Iterator[dict[str, Any]]:
    """The derivation of a record for a reader: what, level or row, value, unit, clause, evidence, formula, cell."""
    levels = {item.level for item in record.levels}
    for item in record.derivation:
        yield {
            "of": TEXTS[item.of][language],
            "label": "　" * item.depth + item.label[language],
            "key": level_text(record, item.key, language) if item.key in levels and item.key else item.key,
            "value": Fraction(f"{item.value:.12g}"),
            "unit": "" if item.unit == "1" else item.unit,
            "clause": " ".join(filter(None, (item.document, item.clause))),
            "evidence": EVIDENCE_TEXT[item.evidence][language] if item.evidence else "",
            "formula": item.formula,
            "place": item.place,
        }


def csv_text(check: Check, language: Language) -> str:
    """All records as CSV, with a pair of columns for each level that occurs."""
    levels = list(dict.fromkeys(item.level for record, _ in rows_of(check) for item in record.levels))
    extra = [(level, part) for level in levels for part in ("limit", "distance")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(field.name for field in FIELDS), *(f"{part}_{level or 'limit'}" for level, part in extra)])
    for record, whole in rows_of(check):
        row, held = flat(record, language, whole), {item.level: item for item in record.levels}
        cells = [getattr(held[level], part) if level in held else None for level, part in extra]
        writer.writerow([_plain(value) for value in (*row.values(), *cells)])
    return text.getvalue()


def write_workbook(check: Check, path: Path, language: Language) -> None:
    """Write the workbook. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, date(2000, 1, 1), TEXTS["title"][language]) as book:
        _Writer(book, check, language).write()


class _Writer:
    def __init__(self, book: Any, check: Check, language: Language) -> None:
        self.book, self.check, self.language = book, check, language
        self.styles = Styles(book)
        self.titles = {name: bilingual(title, language, " ") for name, title in _SHEETS.items()}

    def write(self) -> None:
        pages = {name: self.book.add_worksheet(title) for name, title in self.titles.items()}
        self._summary(pages["summary"])
        flats = [flat(record, self.language, whole) for record, whole in rows_of(self.check)]
        fields = [
            field for field in FIELDS if not field.name.startswith(_SELDOM) or any(row[field.name] for row in flats)
        ]
        rows = [[row[field.name] for field in fields] for row in flats]
        failed = [record.failed for record, _ in rows_of(self.check)]
        self._table(pages["records"], [field.head for field in fields], rows, failed)
        self._table(pages["levels"], *self._levels())
        derived = list(self._derived())
        self._table(pages["derivation"], list(DERIVATION.values()), derived, [False] * len(derived))
        self._findings(pages["findings"])
        pages["summary"].activate()

    def _summary(self, page: Any) -> None:
        """Counts by judgement, then by level for each indicator with a chart of them, then what it all is not."""
        check, language, styles = self.check, self.language, self.styles
        page.hide_gridlines(2)
        page.set_column(0, 0, 52)
        page.set_column(1, 12, 14)
        page.set_row(0, 28)
        page.write(0, 0, bilingual(TEXTS["title"], language, "  "), styles("title"))
        counted = TEXTS["counts"][language].format(plants=check.plants, records=len(check.records))
        supposed = f"  {TEXTS['supposed'][language]}: {check.what_if}" if check.what_if else ""
        page.write(1, 0, safe_text(counted + supposed), styles("note"))
        row = 3
        for (judgement, grade), count in self._judgements().items():
            page.write(row, 0, judgement_text(judgement, grade)[language], styles("label"))
            page.write(row, 1, GRADE_TEXT[grade][language], styles("result"))
            page.write_number(row, 2, count, styles("total"))
            row += 1
        row = self._by_level(page, row + 1)
        text = statement(check, language)
        page.merge_range(row, 0, row, 5, text, styles("wrapped", font_color="#7F7F7F"))
        page.set_row(row, 14 * max(2, -(-int(text_width(text)) // 130)) + 4)
        Paper.for_width(52 + 14 * 6).lay(page)

    def _judgements(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for judgement in Judgement:
            for record in self.check.records:
                if record.judgement is judgement:
                    key = (str(judgement), str(record.grade))
                    found[key] = found.get(key, 0) + 1
        return found

    def _by_level(self, page: Any, row: int) -> int:
        """The table of levels and its chart; the row below them."""
        check, language, styles = self.check, self.language, self.styles
        counts = check.by_level()
        if not counts:
            return row
        orders = [level_order(check, *key) for key in counts]
        names = dict.fromkeys(level for order in orders for level in order[:-2])
        series: list[str | None] = [*names, None, "undecided"]
        series = [level for level in series if any(found[level] for found in counts.values())]
        page.write(row, 0, bilingual(TEXTS["by_level"], language, "  "), styles("subtitle"))
        head = row + 1
        title = bilingual(TEXTS["standard"], language, " ") + "\n" + bilingual(TEXTS["indicator"], language, " ")
        page.write(head, 0, title, styles("header"))
        page.set_row(head, 30)
        for column, level in enumerate(series, 1):
            page.write(head, column, level_name(level, language), styles("header"))
        for line, ((standard, indicator), found) in enumerate(counts.items(), head + 1):
            label = f"{standard} {indicator_label(check, standard, indicator, language)}".strip()
            page.write(line, 0, safe_text(label), styles("result"))
            for column, level in enumerate(series, 1):
                page.write_number(line, column, found[level], styles("result"))
        last = head + len(counts)
        height = 130 + 34 * len(counts)
        shades = {level: _COLOURS[at % len(_COLOURS)] for at, level in enumerate(names)}
        shades |= {None: _NONE, "undecided": _OPEN}
        chart = self._chart(head, last, [shades[level] for level in series], height)
        page.insert_chart(last + 2, 0, chart, {"object_position": 2})
        return last + 3 + -(-height // 20)

    def _chart(self, head: int, last: int, shades: Sequence[str], height: int) -> Any:
        """A stacked bar for each indicator: how many plants reach which level."""
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        sheet = self.titles["summary"]
        for column, shade in enumerate(shades, 1):
            font = {"color": _LABELS.get(shade, "#1F2933"), "bold": True}
            chart.add_series(
                {
                    "name": [sheet, head, column],
                    "categories": [sheet, head + 1, 0, last, 0],
                    "values": [sheet, head + 1, column, last, column],
                    "fill": {"color": shade},
                    "gap": 60,
                    "data_labels": {"value": True, "num_format": "0;;;", "font": font},
                }
            )
        chart.set_title({"name": TEXTS["by_level"][self.language], "name_font": {"size": 12}})
        whole = {"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#DFE4E9"}}}
        most = max(sum(found.values()) for found in self.check.by_level().values())
        chart.set_x_axis({**whole, "min": 0, "max": most, **({"major_unit": 1} if most <= 12 else {})})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": height})
        return chart

    def _levels(self) -> tuple[list[Bilingual], list[list[Any]], list[bool]]:
        """A row for each level of each record."""
        names = (
            "plant", "period", "standard", "indicator", "value", "unit", "level", "limit",
            "printed", "distance", "percent", "judgement", "grade", "required",
        )  # fmt: skip
        rows: list[list[Any]] = []
        bad: list[bool] = []
        for record, _ in rows_of(self.check):
            rule = record.verdict.rule if record.verdict else None
            for item in record.levels:
                asked = record.verdict is not None and item.level == record.verdict.required and item.level
                rows.append(
                    [
                        record.plant,
                        record.period,
                        record.standard,
                        record.indicator.get(self.language, ""),
                        record.verdict.value if record.verdict else None,
                        rule.unit.text if rule else "",
                        level_text(record, item.level, self.language),
                        item.limit,
                        record.corrected(item),
                        item.distance,
                        percent(item),
                        record.verdict.said(item.judgement)[self.language] if record.verdict else "",
                        GRADE_TEXT[record.grade][self.language],
                        TEXTS["required"][self.language] if asked else "",
                    ]
                )
                bad.append(bool(asked) and record.failed)
        return [TEXTS[name] for name in names], rows, bad

    def _table(self, page: Any, heads: Sequence[Bilingual], rows: Sequence[Sequence[Any]], bad: Sequence[bool]) -> None:
        write_rows(page, self.styles, self.language, heads, rows, bad, TEXTS["judgement"])

    def _derived(self) -> Iterator[list[Any]]:
        """A row for each figure of each record, what stands below another one set in."""
        for record, _ in rows_of(self.check):
            about = [record.plant, record.period, record.standard, record.indicator.get(self.language, "")]
            yield from ([*about, *row.values()] for row in derived_rows(record, self.language))

    def _findings(self, page: Any) -> None:
        rows = [
            [SEVERITY_TEXT[str(item.severity)][self.language], item.code, plant, item.message(self.language)]
            for plant, item in all_findings(self.check)
        ]
        self._table(page, _FINDING_HEADS, rows, [False] * len(rows))


def all_findings(check: Check) -> list[tuple[str, Finding]]:
    """Every finding once with the plant it is about, errors first; those of the whole table have none."""
    found: dict[tuple[str, str, str], tuple[str, Finding]] = {}
    for plant, items in [("", check.findings), *((record.plant, record.findings) for record in check.records)]:
        for item in items:
            found.setdefault((plant, item.code, item.message("en")), (plant, item))
    order = by_severity(item for _, item in found.values())
    rank = {id(item): at for at, item in enumerate(order)}
    return sorted(found.values(), key=lambda pair: rank[id(pair[1])])


def _plain(value: str | Fraction | None) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, Fraction) else safe_text(value)
