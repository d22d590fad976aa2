"""The page of a method: one edition of one standard's calculation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from carbonstd._catalogue.describe import Data, describe_method
from carbonstd._catalogue.show import TEXTS
from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.header import Header
from carbonstd._definitions.line_words import bucket_text
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import same
from carbonstd._paper.markup import Html, join, tag
from carbonstd._wording import SEVERITY_TEXT, SUBJECT_TEXT, basis_text

from .cases import case_table, cases_of
from .changes import changes
from .equations import equation_blocks
from .layout import (
    WORDS,
    Page,
    Site,
    bilingual,
    errata,
    evidence,
    facts,
    folded,
    head_facts,
    heading,
    joined,
    link,
    names,
    regimes,
    table,
    titled,
    told_unit,
    told_units,
    word,
    words,
)


def method_page(header: Header, site: Site) -> Page:
    method = site.library.method(header.id)
    data, page = describe_method(method, site.library), site.method(header.id)
    body = [
        _facts(data, header, site, page),
        *changes(data, header, site, page),
        heading("equations"),
        *equation_blocks(method, data, site, page),
        *_sheets(data, site, page),
        *_constants(data),
        *_slots(data, site, page),
        *_checks(data),
        *_lines(data, page),
        *_verdicts(method),
        *_plan(data),
        *([heading("errata"), errata(data["errata"])] if data["errata"] else []),
        *_notes(data),
        *_cases(header, site),
    ]
    title = f"{method.document.number} {method.title['zh']}"
    return Page(page, title, body, method.title["en"], site.newest(header))


def _facts(data: Data, header: Header, site: Site, page: str) -> str:
    return facts(
        (
            *head_facts(data, header, site, page),
            (word("level"), bilingual(SUBJECT_TEXT.get(data["level"], same(data["level"])))),
            (word("regime"), regimes(data)),
            (word("gases"), ", ".join(data["gases"])),
            (word("evidence"), _grades(data)),
            (word("aliases"), ", ".join(data["aliases"])),
            (word("industries"), ", ".join(data["industries"])),
            (word("boundary"), WORDS.label(data["boundary"]) if any(data["boundary"].values()) else ""),
            (words("填报模板", "template"), names([f"carbonstd template {header.family} -o in.xlsx"])),
        )
    )


def _grades(data: Data) -> Html:
    """How many equations rest on each grade of evidence."""
    counts = Counter(item["evidence"] for item in data["equations"])
    counted = joined((join(evidence(grade), f" {counts[grade]}") for grade in EVIDENCE if counts[grade]), ", ")
    return join(counted, " (", word("equations"), ")")


def _sheets(data: Data, site: Site, page: str) -> Iterator[str]:
    heads = [words("列", "column"), words("符号", "symbol"), words("单位或取值", "unit or values")]
    heads += [words("填报要求", "rules")]
    yield heading("sheets")
    for sheet in data["sheets"]:
        yield titled(sheet["label"], f"sheet-{sheet['id']}", 3)
        asked = [word(name) for name in ("required", "every_month") if sheet[name]]
        yield tag(
            "p", joined([names([sheet["id"]]), *asked], " · "), " ", WORDS.label(sheet["note"]) if sheet["note"] else ""
        )
        rows = [
            [
                joined([WORDS.label(column["label"]), names([column["id"]])], " "),
                column["symbol"],
                _measure(column, site, page),
                _rules(column),
            ]
            for column in sheet["columns"]
        ]
        yield table(bilingual(sheet["label"]), heads, rows)


def _measure(column: Data, site: Site, page: str) -> object:
    if column["kind"] == "number":
        units = told_units(column["units"])
        return f"{units} · {bilingual(basis_text(column['basis']))}" if column["basis"] else units
    vocabulary = column["vocabulary"]
    if vocabulary in site.vocabularies:
        return link(vocabulary, page, site.vocabulary(vocabulary))
    return vocabulary or column["kind"]


def _rules(column: Data) -> Html:
    low, high = column["min"], column["max"]
    bounds = [f"≥ {low:g}"] if low is not None else []
    bounds += [f"≤ {high:g}"] if high is not None else []
    bounds += [f"≤ {bound:g} {told_unit(column['units'][basis])}" for basis, bound in column["max_by_basis"].items()]
    clause = f" [{column['default_clause']}]" if column["default_clause"] else ""
    return joined(
        [
            word("required") if column["required"] else "",
            join(word("default"), " ", names([column["default"]]), clause) if column["default"] else "",
            *bounds,
            join(word("needed"), " ", names([column["needed"]])) if column["needed"] else "",
            WORDS.label(column["help"]) if column["help"] else "",
        ],
        "; ",
    )


def _constants(data: Data) -> Iterator[str]:
    if data["constants"]:
        yield heading("constants")
        rows = [
            [
                joined([WORDS.label(item["label"]), names([item["id"]])], " "),
                item["symbol"],
                f"{item['value']} {told_unit(item['unit'])}",
                item["clause"],
                evidence(item["evidence"]),
                WORDS.label(item["note"]),
            ]
            for item in data["constants"]
        ]
        value = words("数值", "value")
        yield table(
            word("constants"),
            [word("constants"), words("符号", "symbol"), value, word("clause"), word("evidence"), word("note")],
            rows,
        )


def _slots(data: Data, site: Site, page: str) -> Iterator[str]:
    if data["tables"]:
        yield heading("tables")
        rows = []
        for slot in data["tables"]:
            select = word("in_force_select" if slot["select"] == "in_force" else slot["select"])
            held = joined(link(item["id"], page, site.table(item["id"])) for item in slot["editions"])
            rows.append(
                [names([slot["slot"]]), join(select, " ", slot["on"] or slot["by"] or ""), held, slot["clause"]]
            )
        chosen = words("取用", "chosen")
        editions = words("收录的版本", "editions held")
        yield table(word("tables"), [words("名称", "name"), chosen, editions, word("clause")], rows)


def _checks(data: Data) -> Iterator[str]:
    if data["checks"]:
        yield heading("checks")
        rows = [
            [
                bilingual(SEVERITY_TEXT[item["severity"]]),
                joined([WORDS.label(item["message"]), word("refuses") if item["refuses"] else ""], "; "),
                tag("code", item["condition"]),
                item["clause"],
            ]
            for item in data["checks"]
        ]
        kind, wanted = words("级别", "severity"), words("应成立", "must hold")
        made = table(word("checks"), [kind, word("checks"), wanted, word("clause")], rows)
        yield folded(f"{bilingual(TEXTS['checks'])} {len(rows)}", made)


def _lines(data: Data, page: str) -> Iterator[str]:
    heads = ["±", word("lines"), words("公式", "equation"), words("单位", "unit")]
    heads += [words("范围 / 类别", "scope / category")]
    for section in ("lines", "totals"):
        if data[section]:
            yield heading(section)
            rows = [
                [
                    "−" if item["sign"] < 0 else "memo" if item["memo"] else "+",
                    joined([WORDS.label(item["label"]), names([item["id"]])], " "),
                    link(item["equation"], page, page, f"eq-{item['equation']}"),
                    f"{told_unit(item['unit'])} · {item['gas']}" if item["gas"] else told_unit(item["unit"]),
                    " / ".join(filter(None, (_bucket(item), item["scope"], item["iso_14064_1"]))),
                ]
                for item in data[section]
            ]
            yield table(word(section), heads, rows)


def _bucket(line: Data) -> str:
    return WORDS.text_of(bucket_text(line["bucket"])) if line["bucket"] else ""


def _verdicts(method: Method) -> Iterator[str]:
    if method.verdicts:
        title = {"zh": "判定", "en": "Verdicts"}
        yield titled(title, "verdicts")
        sense = {"at_most": {"zh": "不大于", "en": "at most"}, "at_least": {"zh": "不小于", "en": "at least"}}
        rows = [
            [WORDS.label(item.label), bilingual(sense[item.sense]), told_unit(item.unit), item.clause]
            for item in method.verdicts
        ]
        unit = words("单位", "unit")
        yield table(
            bilingual(title), [words("指标", "indicator"), words("要求", "required"), unit, word("clause")], rows
        )


def _plan(data: Data) -> Iterator[str]:
    if data["plan"]:
        yield heading("plan")
        rows = [
            [
                names([item["parameter"]]),
                WORDS.label(item["often"]) if item["often"] else "",
                joined([WORDS.label(item["requires"]), WORDS.label(item["missing"]) if item["missing"] else ""], "; "),
                item["clause"],
                evidence(item["evidence"]),
            ]
            for item in data["plan"]
        ]
        often = words("频次", "frequency")
        asked = words("要求", "what is asked")
        parameter = words("参数", "parameter")
        made = table(word("plan"), [parameter, often, asked, word("clause"), word("evidence")], rows)
        yield folded(bilingual(TEXTS["plan"]), made)


def _notes(data: Data) -> Iterator[str]:
    if data["notes"]:
        yield heading("notes")
        yield tag("ul", *(tag("li", WORDS.label(note)) for note in data["notes"]))


def _cases(header: Header, site: Site) -> Iterator[str]:
    found = cases_of(header, site.library)
    if found:
        yield titled({"zh": "算例", "en": "Cases"}, "cases")
        yield case_table(found, f"methods/{header.level}/{header.family}")
