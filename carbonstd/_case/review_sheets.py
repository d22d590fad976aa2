"""The sheets a verifier adds to a case: what the report states, what other sources say, what is to be replaced.

They are read like sheets of the method, and no calculation uses them.
"""

from __future__ import annotations

from collections.abc import Mapping

from carbonstd._case.case import RawSheet, RowPlace
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language


def _text(
    name: str, zh: str, en: str, required: bool = False, vocabulary: str = "", help: Bilingual | None = None
) -> Column:
    label = {"zh": zh, "en": en}
    return Column(name, label, kind="text", required=required, vocabulary=vocabulary, help=help or {})


def _month(name: str, zh: str, en: str) -> Column:
    return Column(name, {"zh": zh, "en": en}, kind="month")


def _sheet(name: str, zh: str, en: str, note: Bilingual, columns: list[Column]) -> Sheet:
    return Sheet(name, name, {"zh": zh, "en": en}, {column.name: column for column in columns}, note=note)


_ITEM: Bilingual = {
    "zh": "报告行、合计或公式的编号或名称",
    "en": "the id or label of a report line, a total or an equation",
}
_CELL: Bilingual = {
    "zh": "工作表和列，如 coal.consumption 或 燃煤.消耗量",
    "en": "sheet and column, such as coal.consumption",
}
_KEY: Bilingual = {
    "zh": "机组、月份等，几项之间用分号，如 1号机组; 2025-03",
    "en": "unit, month and the like, with semicolons between: unit 1; 2025-03",
}
_SHARE: Bilingual = {
    "zh": "延迟校准未覆盖部分占当月的份额，空白为全部",
    "en": "the part of the month not covered; blank is all",
}
REPORTED = _sheet(
    "reported", "申报值", "Reported figures",
    {
        "zh": "照抄排放报告所列数值，保留报告的小数位数；报告未列的留空。",
        "en": "As the report states them, with its decimals; blank where it states none.",
    },
    [
        _text("item", "报告项", "Item", required=True, help=_ITEM),
        _text("label", "名称", "Label"),
        _text("key", "范围", "Part", help=_KEY),
        _text("value", "申报值", "Reported value", help={"zh": "数值", "en": "a number"}),
        _text("unit", "单位", "Unit"),
    ],
)  # fmt: skip
CROSS_CHECKS = _sheet(
    "cross_checks", "交叉核对", "Cross-checks",
    {
        "zh": "另一来源的同一数据：直接填数值，或填期初、购入、售出（调出）、期末由库存平衡得出。没有另一来源的不填。",
        "en": "The same figure from another source: its value, or opening, received, dispatched and closing stock. "
        "Blank where there is no other source.",
    },
    [
        _text("item", "数据项", "Item", required=True, help=_CELL),
        _text("key", "范围", "Part", help=_KEY),
        _month("month", "月份", "Month"),
        _text("source", "核对来源", "Source", required=True, vocabulary="cross_sources"),
        _text("document", "文件", "Document"),
        _text("value", "数值", "Value"),
        _text("opening", "期初库存", "Opening stock"),
        _text("received", "购入", "Received"),
        _text("dispatched", "售出或调出", "Dispatched"),
        _text("closing", "期末库存", "Closing stock"),
        _text("unit", "单位", "Unit"),
        _text("explanation", "差异说明", "Explanation"),
    ],
)  # fmt: skip
REPLACEMENTS = _sheet(
    "replacements", "核查替换", "Replacements",
    {
        "zh": "核查组按保守性原则替换的数据；计量器具的公式按核查指南取，准确度填百分数。没有替换的不填。",
        "en": "Figures the verifier replaces conservatively; the formulas for meters are the guide's. "
        "Blank where nothing is replaced.",
    },
    [
        _text("item", "数据项", "Item", required=True, help=_CELL),
        _text("key", "范围", "Part", help=_KEY),
        _month("from", "起始月份", "First month"),
        _month("to", "截止月份", "Last month"),
        _text("kind", "替换方式", "Way", required=True, vocabulary="replacement_kinds"),
        _text("found_accuracy", "实际准确度", "Accuracy found"),
        _text("allowed_accuracy", "规定准确度", "Accuracy allowed"),
        _text("share", "所占份额", "Share of the month", help=_SHARE),
        _text("value", "核查值", "Verifier's value"),
        _text("unit", "单位", "Unit"),
        _text("reason", "理由", "Reason", required=True),
    ],
)  # fmt: skip
REVIEW: Mapping[str, Sheet] = {sheet.id: sheet for sheet in (REPORTED, CROSS_CHECKS, REPLACEMENTS)}


def form_of(method: Method, language: Language) -> RawSheet:
    """The reported figures to fill in: a row for each report line and total, without its value."""
    lines = [(line, method.equations[line.equation].unit.text) for line in method.lines]
    columns = {
        "item": [line.id for line, _ in lines],
        "label": [line.label[language] for line, _ in lines],
        "unit": ["" if unit == "1" else unit for _, unit in lines],
    }
    return RawSheet(columns, RowPlace(REPORTED.id))
