"""Definitions for a reader: the text `carbonstd show` prints of a method, a table or a vocabulary.

It is made from the plain data of `_catalogue.describe`, so the text and `--json` tell the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from carbonstd._catalogue.describe import Data
from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.line_words import bucket_text
from carbonstd._definitions.schema import same
from carbonstd._findings import OTHER_LANGUAGE, Language
from carbonstd._layout import Line, columns, wrapped
from carbonstd._units import unit_words
from carbonstd._wording import (
    BASIS_TEXT,
    EVIDENCE_TEXT,
    HELD_TEXT,
    KIND_TEXT,
    LEVEL_NAMES,
    REGISTER_STATUS_TEXT,
    SEVERITY_TEXT,
    STATE_TEXT,
    SUBJECT_TEXT,
    basis_text,
    notation_text,
)

_WIDEST = 110  # columns of a fact; longer ones go on below
_MOST_LABELS = 3  # of a row found by many

TEXTS = {
    "document": {"zh": "文件", "en": "Document"},
    "issued": {"zh": "发布", "en": "issued"},
    "in_force": {"zh": "实施", "en": "in force"},
    "until": {"zh": "至", "en": "until"},
    "superseded_by": {"zh": "被代替：", "en": "superseded by"},
    "newer": {"zh": "新版本", "en": "Replaced by"},
    "status": {"zh": "状态", "en": "Status"},
    "kind": {"zh": "类别", "en": "Kind"},
    "held": {"zh": "收录", "en": "Held"},
    "not_held": {"zh": "仅登记，内容未收录", "en": "listed only: its content is not held"},
    "known": {"zh": "登记日期", "en": "as known on"},
    "supersedes": {"zh": "代替", "en": "Replaces"},
    "see": {"zh": "参见", "en": "See also"},
    "evidence": {"zh": "证据", "en": "Evidence"},
    "source": {"zh": "来源", "en": "Source"},
    "published": {"zh": "公布", "en": "Published"},
    "data_period": {"zh": "数据年份", "en": "Data of"},
    "clause": {"zh": "条款", "en": "Clause"},
    "regime": {"zh": "核算体系", "en": "Regime"},
    "regimes": {"zh": "核算体系", "en": "Regimes"},
    "gases": {"zh": "气体", "en": "Gases"},
    "level": {"zh": "层级", "en": "Level"},
    "aliases": {"zh": "别名", "en": "Also found as"},
    "industries": {"zh": "行业代码（GB/T 4754—2017，本程序归入）", "en": "Industries (GB/T 4754-2017, assigned here)"},
    "boundary": {"zh": "边界", "en": "Boundary"},
    "licence": {"zh": "许可", "en": "Licence"},
    "note": {"zh": "说明", "en": "Note"},
    "sheets": {"zh": "填报表", "en": "Sheets"},
    "equations": {"zh": "公式", "en": "Equations"},
    "unseen": {"zh": "未见原文的公式（含引用部分）", "en": "Equations not seen in the text, included ones too"},
    "panels": {"zh": "首页分列的数值", "en": "Beside the totals on the first page"},
    "constants": {"zh": "常数", "en": "Constants"},
    "tables": {"zh": "所用表", "en": "Tables"},
    "editions": {"zh": "版本：", "en": "editions:"},
    "checks": {"zh": "检查", "en": "Checks"},
    "lines": {"zh": "报告行", "en": "Report lines"},
    "totals": {"zh": "总量", "en": "Totals"},
    "errata": {"zh": "勘误", "en": "Errata"},
    "printed": {"zh": "原文", "en": "printed"},
    "read_as": {"zh": "读作", "en": "read as"},
    "plan": {"zh": "数据质量控制方案的要求", "en": "Asked of the data quality control plan"},
    "missing": {"zh": "缺失时：", "en": "where missing: "},
    "notes": {"zh": "注", "en": "Notes"},
    "columns": {"zh": "列", "en": "Columns"},
    "keys": {"zh": "键", "en": "Keys"},
    "rows": {"zh": "行", "en": "Rows"},
    "sources": {"zh": "来源", "en": "Sources"},
    "terms": {"zh": "词条", "en": "Terms"},
    "figures": {"zh": "按数值计", "en": "figures"},
    "doubtful": {"zh": "存疑", "en": "doubtful"},
    "listed": {"zh": "【仅列出，不取用】", "en": "[listed only, never used]"},
    "recalled": {"zh": "* 未见来源，不作缺省值", "en": "* nobody has seen its source: never a default"},
    "incomplete": {"zh": "不完整：未见", "en": "Incomplete: not seen"},
    "required": {"zh": "必填", "en": "required"},
    "every_month": {"zh": "核算期内每月都要有", "en": "every month of the period"},
    "default": {"zh": "缺省", "en": "default"},
    "needed": {"zh": "适用于", "en": "where"},
    "refuses": {"zh": "不符则不计算", "en": "nothing is computed otherwise"},
    "expression": {"zh": "表达式", "en": "expression"},
    "more": {
        "zh": "--expanded 显示全部公式、列的范围和定义位置",
        "en": "--expanded shows every equation, the limits of columns, and where each is defined",
    },
    "unnumbered": {
        "zh": "{count} 个公式均无文件的编号，多来自共用部分；--expanded 显示",
        "en": "none of the {count} has a number of the document's; most come from shared parts: --expanded shows them",
    },
    "pinned": {"zh": "固定为该版本", "en": "this edition"},
    "in_force_select": {"zh": "核算期内有效的版本", "en": "the edition in force in the period"},
    "data_period_equals": {"zh": "数据年份等于核算期的版本", "en": "the edition whose data are of the period"},
    "latest_published_by": {"zh": "截至 as_of 已公布的最新版本", "en": "the newest edition published by as_of"},
    "frozen_on": {"zh": "固定日期当日最新版本：", "en": "the newest edition published by"},
    "chosen": {"zh": "由本案例选定：", "en": "chosen in the case by"},
}


def show_method(data: Data, language: Language, expanded: bool = False) -> Iterator[Line]:
    """A method; without `expanded` only numbered equations, and columns without their limits.

    What nobody has seen in the text is named either way.
    """
    yield from _title(data, language)
    yield from _facts(
        language,
        document=document_text(data["document"], language),
        level=SUBJECT_TEXT.get(data["level"], same(data["level"]))[language],
        regime=_regimes(data, language),
        gases=", ".join(data["gases"]),
        aliases=", ".join(data["aliases"]),
        industries=", ".join(data["industries"]),
        boundary=data["boundary"].get(language, ""),
    )
    yield from _replaced(data["newer"], language)
    yield from _sheets(data["sheets"], language, expanded)
    yield from _section("equations", language)
    shown = [item for item in data["equations"] if expanded or item["number"]]
    for equation in shown:
        yield from _equation(equation, language, expanded)
    if not shown:
        yield Line("  " + _text("unnumbered", language).format(count=len(data["equations"])), "quiet")
    yield from _unseen(data["equations"], language)
    yield from _block("panels", language, [_panel(item, language) for item in data["panels"]])
    yield from _block("constants", language, [_constant(item, language) for item in data["constants"]])
    yield from _block("tables", language, [_slot(item, language) for item in data["tables"]])
    yield from _block("checks", language, [_check(item, language) for item in data["checks"]])
    yield from _block("lines", language, [_report_line(item, language) for item in data["lines"]])
    yield from _block("totals", language, [_report_line(item, language) for item in data["totals"]])
    yield from _block("plan", language, [_requirement(item, language) for item in data["plan"]])
    yield from _errata(data["errata"], language)
    yield from _block("notes", language, [[note[language]] for note in data["notes"]])
    if not expanded:
        yield Line("")
        yield Line(_text("more", language), "quiet")


def show_table(data: Data, language: Language) -> Iterator[Line]:
    """A table: its head, its columns, and every row with evidence; sources are numbered below."""
    yield from _title(data, language)
    yield from _facts(
        language,
        document=document_text(data["document"], language),
        clause=data["clause"],
        published=data["published"] or "",
        data_period=data["data_period"] or "",
        regimes=_regimes(data, language),
        licence=data["licence"].get(language, ""),
        incomplete=data["incomplete"][language] if data["incomplete"] else "",
        evidence=grades_text(data, language),
        note=data["note"].get(language, ""),
    )
    yield from _replaced(data["newer"], language)
    keys = [
        [key["id"], unit_words(key["unit"] or "", language) or key["vocabulary"], _label(key["label"], language)]
        for key in data["keys"]
    ]
    yield from _block("keys", language, keys)
    yield from _block("columns", language, [_table_column(column, language) for column in data["columns"]])
    sources: dict[str, int] = {}
    rows = _rows(data, language, sources)
    yield from _block("rows", language, rows, head=True)
    if any("*" in cell for row in rows for cell in row):
        yield Line(f"  {_text('recalled', language)}", "quiet")
    yield from _block("sources", language, [[f"[{number}]", source] for source, number in sources.items()])
    yield from _errata(data["errata"], language)


def show_vocabulary(data: Data, language: Language) -> Iterator[Line]:
    """A vocabulary: key, names in both languages, other accepted names."""
    yield Line(f"vocabulary/{data['id']}", "strong")
    rows = [
        [term["key"], term["label"]["zh"], term["label"]["en"], ", ".join(term["aliases"])] for term in data["terms"]
    ]
    yield from _block("terms", language, rows)


def show_standards(data: Data, language: Language) -> Iterator[Line]:
    """Entries of the register, one below the other."""
    for index, entry in enumerate(data["standards"]):
        if index:
            yield Line("")
        yield Line(entry["number"], "strong")
        titles = dict.fromkeys((entry["title"][language], entry["title"][OTHER_LANGUAGE[language]]))
        yield from (Line(title) for title in titles if title)
        held = ", ".join([*entry["methods"], *entry["tables"]])
        status = REGISTER_STATUS_TEXT[entry["status"]][language]
        days = [f"{_text(name, language)} {entry[name]}" for name in ("issued", "in_force", "until") if entry[name]]
        yield from _facts(
            language,
            status=f"{status} ({_text('known', language)} {entry['known']})",
            document="; ".join(days),
            kind=KIND_TEXT[entry["kind"]][language],
            held=held or _text("not_held", language),
            supersedes=", ".join(entry["supersedes"]),
            see=", ".join(entry["see"]),
            aliases=", ".join(entry["aliases"]),
            evidence=EVIDENCE_TEXT[entry["evidence"]][language],
            source=entry["source"].get(language, ""),
            note=entry["note"].get(language, ""),
        )
        yield from _replaced(entry["newer"], language)


def list_standards(entries: Sequence[Data], language: Language) -> Iterator[Line]:
    """The register as lines: number, status, since when, what is held, kind, title."""
    heads = {
        "zh": ["编号", "状态", "实施", "收录", "类别", "名称"],
        "en": ["number", "status", "in force", "held", "kind", "title"],
    }
    rows = [heads[language]]
    for entry in entries:
        status = REGISTER_STATUS_TEXT[entry["status"]][language]
        held, kind = HELD_TEXT[entry["held"]][language], KIND_TEXT[entry["kind"]][language]
        rows.append([entry["number"], status, entry["in_force"] or "", held, kind, _label(entry["title"], language)])
    head, *body = columns(rows)
    yield Line(head, "quiet")
    yield from (Line(text) for text in body)


def _replaced(newer: Sequence[Data], language: Language) -> Iterator[Line]:
    """What replaced a document, as the register knows it."""
    told = [item["text"][language] for item in newer]
    for index, text in enumerate(columns([[_text("newer", language) if not n else "", t] for n, t in enumerate(told)])):
        yield from () if index else [Line("")]
        yield Line(text, "warning")


def _title(data: Data, language: Language) -> Iterator[Line]:
    yield Line(data["id"], "strong")
    yield from (
        Line(text) for text in dict.fromkeys((data["title"][language], data["title"][OTHER_LANGUAGE[language]]))
    )


def _facts(language: Language, **facts: str) -> Iterator[Line]:
    yield Line("")
    rows = []
    for name, fact in facts.items():
        for index, line in enumerate(wrapped(fact, _WIDEST)):
            rows.append(["" if index else _text(name, language), line])
    yield from (Line(text) for text in columns(rows))


def _section(name: str, language: Language) -> Iterator[Line]:
    yield Line("")
    yield Line(_text(name, language), "head")


def _block(name: str, language: Language, rows: Sequence[Sequence[str]], head: bool = False) -> Iterator[Line]:
    if rows:
        yield from _section(name, language)
        for index, text in enumerate(columns(rows, indent="  ")):
            yield Line(text, "quiet" if head and index == 0 else "")


def document_text(document: Mapping[str, Any], language: Language) -> str:
    dates = (
        f"{_text(name, language)} {document[name]}"
        for name in ("issued", "in_force", "until", "superseded_by")
        if document[name]
    )
    return "; ".join(part for part in (document["number"], *dates, document["url"]) if part)


def _sheets(sheets: Iterable[Data], language: Language, expanded: bool) -> Iterator[Line]:
    yield from _section("sheets", language)
    for sheet in sheets:
        asked = ", ".join(_text(name, language) for name in ("required", "every_month") if sheet[name])
        told = f" ({asked})" if asked else ""
        yield Line(f"  {sheet['id']}  {_label(sheet['label'], language)}{told}", "strong")
        if expanded and sheet["note"].get(language):
            yield Line(f"    {sheet['note'][language]}")
        rows = [_column(column, language, expanded) for column in sheet["columns"]]
        yield from (Line(text) for text in columns(rows, indent="    "))


def _column(column: Data, language: Language, expanded: bool) -> list[str]:
    units = units_text(column["units"], language)
    kind = column["vocabulary"] or ("" if column["kind"] == "number" else column["kind"])
    rules = [_text("required", language)] if column["required"] else []
    if column["default"]:
        clause = f" [{column['default_clause']}]" if column["default_clause"] else ""
        rules.append(f"{_text('default', language)} {column['default']}{clause}")
    if expanded:
        low, high = column["min"], column["max"]
        rules += [f"≥ {low:g}"] if low is not None else []
        rules += [f"≤ {high:g}"] if high is not None else []
        rules += [
            f"≤ {bound:g} {unit_words(column['units'][basis], language)}"
            for basis, bound in column["max_by_basis"].items()
        ]
        rules += [f"{_text('needed', language)} {column['needed']}"] if column["needed"] else []
        rules += [basis_text(column["basis"])[language]] if column["basis"] else []
        rules += [column["help"][language]] if column["help"].get(language) else []
    return [column["id"], column["symbol"], units or kind, _label(column["label"], language), "; ".join(rules)]


def _unseen(equations: Sequence[Data], language: Language) -> Iterator[Line]:
    """The equations nobody has seen in the text, included ones too: how many and which, by grade, recalled first."""
    rows = []
    for grade in ("recalled", "derived"):
        found = [item["id"] for item in equations if item["evidence"] == grade]
        for index, line in enumerate(wrapped(", ".join(found), _WIDEST)):
            rows.append(["" if index else f"{EVIDENCE_TEXT[grade][language]} {len(found)}", line])
    if rows:
        yield from _section("unseen", language)
        yield from (Line(text, "warning") for text in columns(rows, indent="  "))


def _panel(panel: Data, language: Language) -> list[str]:
    return [panel["id"], _label(panel["title"], language), ", ".join(panel["equations"])]


def _equation(equation: Data, language: Language, expanded: bool) -> Iterator[Line]:
    head = "  ".join(
        part
        for part in (
            equation["number"],
            equation["id"],
            _label(equation["label"], language),
            unit_words(equation["unit"], language),
            equation["clause"],
            EVIDENCE_TEXT[equation["evidence"]][language],
        )
        if part
    )
    tone = "warning" if equation["evidence"] in ("derived", "recalled") else ""
    yield Line(f"  {head}", tone)
    yield Line(f"      {equation['symbol'] or equation['id']} = {equation['model'] or equation['formula']}")
    if not expanded:
        return
    details = {
        "expression": equation["expression"] or (equation["model"] and equation["formula"]),
        "note": equation["note"].get(language, ""),
    }
    told = [(_text(name, language), text) for name, text in details.items()]
    told.insert(1, (notation_text(equation["evidence"])[language], equation["as_printed"]))
    yield from (Line(f"      {name}: {text}", "quiet") for name, text in told if text)
    sheet = f"{equation['sheet']} · " if equation["sheet"] else ""
    yield Line(f"      {sheet}{equation['file']}:{equation['line']}", "quiet")


def _constant(item: Data, language: Language) -> list[str]:
    evidence = EVIDENCE_TEXT[item["evidence"]][language]
    value = f"{item['value']} {unit_words(item['unit'], language)}"
    return [item["symbol"] or item["id"], value, item["clause"], evidence, _label(item["label"], language)]


def _slot(slot: Data, language: Language) -> list[str]:
    select = _text("in_force_select" if slot["select"] == "in_force" else slot["select"], language)
    told = slot["on"] or slot["by"]
    chosen = f"{select} {told}" if told else select
    editions = ", ".join(item["id"] if slot["by"] else item["id"].split("@")[1] for item in slot["editions"])
    table = "" if slot["by"] else slot["table"]
    return [slot["slot"], table, chosen, f"{_text('editions', language)} {editions}", slot["clause"]]


def _check(check: Data, language: Language) -> list[str]:
    refuses = f" ({_text('refuses', language)})" if check["refuses"] else ""
    severity = SEVERITY_TEXT[check["severity"]][language]
    return [severity, check["id"], check["condition"], check["clause"], f"{check['message'][language]}{refuses}"]


def _report_line(line: Data, language: Language) -> list[str]:
    bucket = bucket_text(line["bucket"])[language]
    tags = " / ".join(part for part in (bucket, line["scope"], line["iso_14064_1"]) if part)
    sign = "-" if line["sign"] < 0 else "memo" if line["memo"] else "+"
    return [
        sign,
        line["id"],
        line["equation"],
        unit_words(line["unit"], language),
        tags,
        line["table"],
        _label(line["label"], language),
    ]


def _requirement(item: Data, language: Language) -> list[str]:
    missing = f"{_text('missing', language)}{item['missing'][language]}" if item["missing"] else ""
    told = ("；" if language == "zh" else "; ").join(filter(None, (item["requires"][language], missing)))
    often = item["often"][language] if item["often"] else ""
    return [item["parameter"], often, EVIDENCE_TEXT[item["evidence"]][language], item["clause"], told]


def _errata(errata: Iterable[Data], language: Language) -> Iterator[Line]:
    rows = []
    for item in errata:
        said = {name: text[language] for name, text in item.items()}
        read = _text("read_as" if said.get("read_as") else "doubtful", language)
        rows.append(
            [
                said.get("place", ""),
                f"{_text('printed', language)}: {said.get('printed', '')}",
                f"{read}: {said.get('read_as') or said.get('plausible', '')}",
            ]
        )
    yield from _block("errata", language, rows)


def _table_column(column: Data, language: Language) -> list[str]:
    units = units_text(column["units"], language)
    return [
        column["id"],
        column["symbol"],
        units,
        basis_text(column["basis"])[language],
        column["axis"],
        _label(column["label"], language),
    ]


def _rows(data: Data, language: Language, sources: dict[str, int]) -> list[list[str]]:
    """The rows under a line of column ids; a column over an axis takes a place for each of its labels."""
    places = places_of(data)
    several = len({column for column, label in places if label}) > 1
    words = {label: LEVEL_NAMES[label][language] if label in LEVEL_NAMES else label for _, label in places}
    named = [f"{column} {words[label]}" if several and label else words[label] or column for column, label in places]
    head = [*(key["id"] for key in data["keys"]), "", *named, "", "", ""]
    rows = [head]
    for row in data["rows"]:
        found = cells_at(row, places)
        figures = [cell for cell in found if cell.get("value") is not None] or found
        evidence = dict.fromkeys(EVIDENCE_TEXT[cell["evidence"]][language] for cell in figures if cell.get("evidence"))
        numbers = dict.fromkeys(
            sources.setdefault(cell["source"][language], len(sources) + 1) for cell in found if cell.get("source")
        )
        match = [row["match"].get(key["id"], "") for key in data["keys"]]
        rows.append(
            [
                *(_shortened(item) for item in match),
                " / ".join(_cut(label[language]) for label in row["labels"].values()),
                *(figure_text(cell, language) for cell in found),
                "/".join(evidence),
                "".join(f"[{number}]" for number in numbers),
                " ".join(
                    filter(None, (_text("listed", language) if row["listed"] else "", row["note"].get(language, "")))
                ),
            ]
        )
    return rows


def places_of(data: Data) -> list[tuple[str, str]]:
    """The columns of a table; one over an axis has a place for each of its labels."""
    places = []
    for column in data["columns"]:
        held = [row["cells"].get(column["id"], {}) for row in data["rows"]] if column["axis"] else []
        labels = dict.fromkeys(label for cells in held if "state" not in cells for label in cells)
        places += [(column["id"], label) for label in labels or [""]]
    return places


def cells_at(row: Data, places: Iterable[tuple[str, str]]) -> list[Data]:
    """The cells of a row at these places; what a row says of a column as a whole stands at each of its labels."""
    held = [(row["cells"].get(column, {}), label) for column, label in places]
    return [cells if "state" in cells else cells.get(label, {}) for cells, label in held]


def grades_text(data: Data, language: Language) -> str:
    """How many figures rest on each grade."""
    cells = [
        cell
        for row in data["rows"]
        for held in row["cells"].values()
        for cell in ([held] if "state" in held else held.values())
    ]
    counts = Counter(cell["evidence"] for cell in cells if cell["value"] is not None)
    counted = ", ".join(f"{EVIDENCE_TEXT[grade][language]} {counts[grade]}" for grade in EVIDENCE if counts[grade])
    return f"{counted} ({_text('figures', language)})" if counted else ""


def _shortened(match: str | list[str]) -> str:
    """What a row is found by; of many labels the first three."""
    if isinstance(match, str):
        return match
    return ", ".join(match) if len(match) <= _MOST_LABELS else f"{', '.join(match[:_MOST_LABELS])}, … ({len(match)})"


def _cut(label: str) -> str:
    return _shortened(label.split(", "))


def units_text(units: Mapping[str, str], language: Language) -> str:
    """The units of a column; where they differ by basis, each with it."""
    told = {basis: unit_words(unit, language) for basis, unit in units.items()}
    return " | ".join(f"{unit} ({basis_text(basis)[language]})" if basis else unit for basis, unit in told.items())


def _regimes(data: Data, language: Language) -> str:
    """Regimes by name, each with the word it is asked for by."""
    return ", ".join(f"{label[language]} ({key})" for key, label in data["regime_labels"].items())


def figure_text(cell: Mapping[str, Any], language: Language) -> str:
    """A cell as printed; a recalled figure carries an asterisk."""
    if not cell or cell["state"] == "dash":
        return "—" if cell else ""
    bounds = f" ({cell['low']:g}–{cell['high']:g})" if cell["low"] is not None and cell["high"] is not None else ""
    star = "*" if cell["evidence"] == "recalled" and cell["value"] is not None else ""
    state = STATE_TEXT[cell["state"]][language] if cell["state"] in STATE_TEXT else cell["state"]
    text = BASIS_TEXT.get(cell["text"], same(cell["text"]))[language]
    return f"{text or state}{star}{bounds}"


def _label(label: Mapping[str, str], language: Language) -> str:
    return " ".join(dict.fromkeys(part for part in (label[language], label[OTHER_LANGUAGE[language]]) if part))


def _text(name: str, language: Language) -> str:
    return TEXTS[name][language]
