"""The words of a template, in Chinese and English: instructions, hints, the help of a column."""

from __future__ import annotations

from collections.abc import Mapping

from carbonstd._case.review_sheets import REVIEW
from carbonstd._definitions.method import Column, Sheet
from carbonstd._findings import Language
from carbonstd._units import unit_text
from carbonstd._wording import basis_text, clause_text
from carbonstd._workbook.style import bilingual, units_text

TEXTS: Mapping[str, Mapping[str, str]] = {
    "how": {"zh": "填写说明", "en": "How to fill it"},
    "steps": {
        "zh": "先填本页的企业名称和核算期，再逐表填写；企业没有的排放源，整张表留空，不要删表。\n"
        "每行一条记录。带 * 的深色列必填；空白表示没有数据，不等于 0，没有活动时请填 0。\n"
        "其余列空白时采用表头所写的缺省值（如“空白＝表C.1”）；有实测值请填写，并选择数据来源。\n"
        "带月份列的表有两种填法，一行只用一种：填“月份”和数量；或“月份”和数量留空，在右侧逐月填写，合计自动求和、只作核对。\n"
        "单位见表头；也可在数字后写其他单位（如 2.5 万kWh、85%），程序自动换算。\n"
        "有下拉选项的单元格请从下拉中选择；也可填写其他常用名称。\n"
        "可以调整列序、插入空行、增加行；不要合并数据单元格，不要改动隐藏行。\n"
        "某表的数值没有见过来源文本时程序会停止；确需采用的，在“假设”表写明表名、理由和姓名。",
        "en": "Fill in entity and period here, then each sheet; leave blank, but keep, a sheet of no source.\n"
        "One record a row. Dark columns with * are required; a blank means no data, never 0: enter 0 for no activity.\n"
        "Other columns take the default named in their heading (“blank = table C.1”); enter measured values if any.\n"
        "Sheets with months across are filled in one of two ways, one way a row: month and quantity; or both blank and "
        "the months at the right. The total sums itself and is only checked.\n"
        "Units stand in the headings; another unit may be typed after the number (25 MWh, 85%) and is converted.\n"
        "Choose from the drop-down where there is one; other usual names are understood too.\n"
        "Columns may be reordered and rows inserted; merge no data cells and leave the hidden rows alone.\n"
        "The calculation stops at a table whose source nobody has seen; to accept it, name it on the sheet Assumptions "
        "with a reason and your name.",
    },
    "half-widths": {
        "zh": "“不确定度”列填写左侧数值的 95 % 半宽：5 %、0.05、带单位的数值（2 t），两侧不同写 -30 % / +50 %；"
        "仪表最大允许误差写 0.5 % 均匀。空白按准确值计，结果中会列出。用 calc --uncertainty 计算区间。",
        "en": "The columns “uncertainty” take the 95 % half-width of the number at their left: 5 %, 0.05, a quantity "
        "(2 t), two sides as -30 % / +50 %; a maximum permissible error as 0.5 % uniform. A blank counts as exact and "
        "is listed. calc --uncertainty computes the intervals.",
    },
    "required": {"zh": "必填列 *", "en": "required column *"},
    "optional": {"zh": "选填列", "en": "optional column"},
    "typed": {"zh": "在此填写", "en": "fill in here"},
    "defaulted": {"zh": "有实测值时填写，空白取缺省值", "en": "fill in a measured value; blank takes the default"},
    "contents": {"zh": "工作表", "en": "Sheets"},
    "must": {"zh": "必填", "en": "required"},
    "may": {"zh": "有该排放源时填写", "en": "where the source exists"},
    "fed": {
        "zh": "不填则由能源台账填入；台账没有的标签（地区、来源等）填一行、数量留空即可",
        "en": "blank: filled from the energy ledger; what that has not (province, source) in one row without figures",
    },
    "filled": {"zh": "{rows} 条记录", "en": "{rows} records"},
    "hint.method": {"zh": "由模板确定，请勿改动", "en": "set by the template; leave it"},
    "hint.also": {"zh": "由模板确定；同一台账供各方法使用", "en": "set by the template; one ledger serves all of them"},
    "hint.entity.name.zh": {"zh": "营业执照上的全称", "en": "full name in Chinese"},
    "hint.entity.name.en": {"zh": "选填", "en": "optional"},
    "hint.entity.code": {"zh": "18 位", "en": "18 characters"},
    "hint.entity.industry": {"zh": "GB/T 4754，如 C3091", "en": "GB/T 4754, such as C3091"},
    "hint.period": {"zh": "如 2025、2025-03 或 2025-01..2025-06", "en": "such as 2025, 2025-03 or 2025-01..2025-06"},
    "hint.as_of": {
        "zh": "按此日期前发布的数据核算，如 2026-03-31；空白为当天",
        "en": "use data published by this day, such as 2026-03-31; blank means today",
    },
    "not listed": {
        "zh": "不在下拉选项中。若为常用别名可以保留，程序会再核对。",
        "en": "Not in the drop-down. Keep it if it is another usual name; it is checked again.",
    },
    "out of range": {
        "zh": "应为数字 {limits}（{units}）。若写了单位或百分号可以保留，程序会再核对。",
        "en": "A number {limits} is expected ({units}). Keep it if you typed a unit or %; it is checked again.",
    },
    "blank": {"zh": "空白＝{source}", "en": "blank = {source}"},
    "a default": {"zh": "缺省值", "en": "the default"},
    "needs": {"zh": "必填", "en": "required"},
    "needed": {"zh": "部分行必填", "en": "required in some rows"},
    "range": {"zh": "范围", "en": "range"},
    "unit": {"zh": "单位", "en": "unit"},
    "basis": {"zh": "口径", "en": "basis"},
    "whole": {"zh": "没有该排放源时整表留空。", "en": "Leave the sheet blank where there is no such source."},
    "two ways": {
        "zh": "一行只用一种填法：填“月份”和{column}；或两者留空，在右侧各月填写。",
        "en": "One way a row: month and {column}; or both blank and the months at the right.",
    },
}


def sheet_note(sheet: Sheet, language: Language) -> str:
    """The line below a sheet's title."""
    ways = [
        TEXTS["two ways"][language].format(column=f"“{sheet.columns[name].label[language]}”")
        for name in sheet.wide
        if "month" in sheet.columns
    ]
    own = [TEXTS["whole"][language]] if not (sheet.required or sheet.single or sheet.id in REVIEW) else []
    return " ".join(filter(None, (sheet.note.get(language, ""), *ways, *own)))


def default_hint(column: Column, language: Language) -> str:
    """The last line of a heading whose blank cells are filled: where the default comes from."""
    if column.default is None:
        return ""
    source = clause_text(column.default_clause, language) or TEXTS["a default"][language]
    return "\n" + TEXTS["blank"][language].format(source=source)


def _highest(column: Column, language: Language) -> list[str]:
    """The upper bounds in words; where the bases differ, each with its unit."""
    if len(set(column.maxima.values())) == 1 and column.maximum is not None:
        return [f"≤ {float(column.maximum):g}"]
    return [f"≤ {float(bound):g} {unit_text(column.units[basis], language)}" for basis, bound in column.maxima.items()]


def column_help(column: Column, language: Language) -> str:
    """The comment of a heading: names, symbol, unit, basis, range, default, help."""
    low = "" if column.minimum is None else f"≥ {float(column.minimum):g}"
    limits = " ".join(filter(None, (low, ", ".join(_highest(column, language)))))
    facts = {
        "unit": units_text(column, language) if column.kind == "number" else "",
        "basis": basis_text(column.basis)[language],
        "range": limits if column.kind == "number" else "",
    }
    lines = [bilingual(column.label, language, " / ") + (f"  {column.symbol}" if column.symbol else "")]
    lines += [f"{TEXTS[name][language]}: {text}" for name, text in facts.items() if text]
    lines += [TEXTS["needs" if column.needed is None else "needed"][language]] if column.required else []
    lines += [default_hint(column, language).strip(), column.help.get(language, "")]
    return "\n".join(filter(None, lines))
