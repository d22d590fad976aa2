"""A check of equipment in words: grades, savings, what they assume, and what stands below every form."""

from __future__ import annotations

from functools import partial

from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._equipment.check import EquipmentCheck, Total
from carbonstd._equipment.record import BELOW, UNDECIDED, Graded, Item, Saving
from carbonstd._findings import Language
from carbonstd._limits.text import statement
from carbonstd._number import shown
from carbonstd._result.verdict import level_named
from carbonstd._wording import NOT_REPORTED

_RUNGS: dict[str, Bilingual] = {  # levels that are named and not numbered
    "evaluation": {"zh": "节能评价值", "en": "evaluation value"},
    "minimum": {"zh": "能效限定值", "en": "minimum"},
    "limit": {"zh": "能效限定值", "en": "minimum"},  # where no grades were seen beside it
}

_LEVELS: dict[str, Bilingual] = {  # of the notice on key energy-using products, the best first
    "advanced": {"zh": "先进水平", "en": "advanced level"},
    "saving": {"zh": "节能水平", "en": "saving level"},
    "access": {"zh": "准入水平", "en": "access level"},
    BELOW: {"zh": "未达准入水平", "en": "below the access level"},
}

TEXTS: dict[str, Bilingual] = {
    "title": {"zh": "设备能效等级", "en": "Efficiency grades of equipment"},
    "name": {"zh": "设备", "en": "Item"},
    "place": {"zh": "位置", "en": "Place"},
    "made": {"zh": "出厂", "en": "Manufactured"},
    "kind": {"zh": "设备类别", "en": "Kind"},
    "class": {"zh": "规格类别", "en": "Class"},
    "count": {"zh": "台数", "en": "Pieces"},
    "rows": {"zh": "行数", "en": "Rows"},
    "level": {"zh": "能效水平（参考）", "en": "Level, for reference"},
    "all": {"zh": "全部", "en": "All"},
    "no_method": {"zh": "未确定方法", "en": "no method found"},
    "then_standard": {"zh": "出厂时标准", "en": "Standard at manufacture"},
    "then": {"zh": "出厂时等级", "en": "Grade at manufacture"},
    "now_standard": {"zh": "现行标准", "en": "Standard today"},
    "now": {"zh": "现行等级", "en": "Grade today"},
    "standing": {"zh": "现行判定级别", "en": "Comparison today"},
    "replaced": {"zh": "换为", "en": "Replaced by"},
    "saved": {"zh": "每年节约", "en": "Saved in a year"},
    "unit": {"zh": "单位", "en": "Unit"},
    "coal": {"zh": "折标准煤 tce", "en": "tce"},
    "carbon": {"zh": "减排 tCO2", "en": "tCO2"},
    "money": {"zh": "节约费用 元", "en": "yuan"},
    "summed": {"zh": "计入台数", "en": "Pieces summed"},
    "without": {"zh": "无数据未计", "en": "Without figures"},
    "inputs": {"zh": "所用数据", "en": "Reckoned from"},
    "reasons": {"zh": "原因和提示", "en": "Reasons and remarks"},
    BELOW: {"zh": "未达能效限定值", "en": "below the minimum"},
    UNDECIDED: {"zh": "不定级", "en": "not graded"},
    "compared": {
        "zh": "不定级（与未见来源的表值比较：{state}）",
        "en": "not graded (beside figures nobody has seen: {state})",
    },
    "chosen": {"zh": "（两项指标取较优：{metrics}）", "en": " (the better of its metrics: {metrics})"},
    "unseen": {"zh": "（{grades}的值未见，可能更高）", "en": " ({grades} not seen: it may be better)"},
    "counted": {
        "zh": "{count}。出厂时：{then}。按 {day} 现行版本：{now}。",
        "en": "{count}. At manufacture: {then}. By the editions of {day}: {now}.",
    },
    "pieces": {"zh": "{count} 台（项）", "en": "{count} items"},
    "pieces_in_rows": {"zh": "{rows} 行，{count} 台（项）", "en": "{count} pieces in {rows} rows"},
    "rows_summed": {"zh": "（{rows} 行）", "en": " (rows: {rows})"},
    "below_list": {"zh": "按现行版本未达能效限定值", "en": "Below the minimum of today's edition"},
    "more": {
        "zh": "另有 {count} 条 {code}（--verbose 全部列出）",
        "en": "{count} more of {code} (--verbose lists all)",
    },
    "kinds": {"zh": "各类设备的现行等级", "en": "Grades today by kind"},
    "totals": {"zh": "全部更换的年节约量", "en": "Saved in a year if each were replaced"},
    "total": {"zh": "{count} 台{rows}换为{grade}", "en": "{count} items{rows} by {grade}"},
    "fuel": {"zh": "（燃料或蒸汽）", "en": " (fuel or steam)"},
    "left_out": {"zh": "另有 {count} 台无数据，未计", "en": "{count} more lack figures and are not counted"},
    "alternatives": {
        "zh": "各等级互为替代方案，不同等级的节约量不得相加；无数据的设备不计入任何合计。",
        "en": "Grades are alternatives: savings of different grades are never added. Items without figures are in no "
        "sum.",
    },
    "items": {"zh": "逐台结果", "en": "Items"},
    "savings": {"zh": "逐台节约量", "en": "Savings by item"},
    "rests_on": {"zh": "假定和依据", "en": "What it assumes and rests on"},
    "question": {
        "zh": "是否属于淘汰目录，须由人按完整型号和条件核对"
        "（工信部四批高耗能落后机电设备淘汰目录、产业结构调整指导目录2024年本）；本结果不作此判定，未达能效限定值也不等于列入目录。",
        "en": "Whether an item is on a list of obsolete equipment is a question for a person, by full model and all "
        "conditions (the four MIIT batches, the 2024 industry catalogue); nothing is judged of it here, and what is "
        "below a minimum is not thereby on a list.",
    },
    "assumed": {
        "zh": "节约量是本程序的工程估算，不是标准条款；假定输出不变（轴功率、气量、流量和扬程、供冷量或供热量），"
        "新设备恰好取该等级的界限值，两者都取额定（或填写）效率；不计负载下的效率变化、转差和调节方式。",
        "en": "Savings are estimates of this package and no clause of a standard; they assume the same output (shaft "
        "power, air, flow and head, cooling or heat), a new item just at the bound of its grade, and both at the "
        "efficiency rated or entered; how efficiency moves with load, slip and control is not counted.",
    },
    "of_one": {
        "zh": "一行多台的，负载、小时、年用能量等按单台读，节约量已乘以台数；年用能量若填了各台合计，节约量就多算了。",
        "en": "Of a row of several pieces load, hours and yearly energy are read as those of one, and the saving is "
        "times the count: a yearly energy of all of them together would count it too often.",
    },
    "levels": {
        "zh": "能效水平（参考）：{levels}。由现行等级按{notice}的规则推得："
        "准入水平即限定值，节能水平不低于2级，先进水平不低于1级；未见通知附表的数值，附表可能更严，也未核对是否列有该类设备。"
        "新建、改扩建和使用财政资金的项目须达的水平由人核对，本结果不作判定。",
        "en": "Levels, for reference: {levels}. Derived from the grade of today by the rules of {notice}: access is "
        "the minimum, saving grade 2 or better, advanced grade 1. The figures of its annex were not seen: they may be "
        "stricter, and whether it lists a kind is not known. What new, rebuilt and publicly funded projects must reach "
        "is for a person to see; nothing is judged of it here.",
    },
    "terms": {
        "zh": "折算：{coal:g} kgce/kWh（{source}）；{grid}；{price}。",
        "en": "Valued by {coal:g} kgce/kWh ({source}); {grid}; {price}.",
    },
    "grid": {"zh": "电力 {value:g} kgCO2/kWh（{source}）", "en": "electricity {value:g} kgCO2/kWh ({source})"},
    "entered": {"zh": "填写值", "en": "as entered"},
    "no_grid": {"zh": "未给电力因子，不算减排量", "en": "no factor of electricity given, so no tCO2"},
    "price": {"zh": "电价 {value:g} 元/kWh（填写值）", "en": "price {value:g} yuan/kWh as entered"},
    "no_price": {"zh": "未给电价，不算费用", "en": "no price given, so no money"},
}
text = partial(worded, TEXTS)


def grade_named(grade: str) -> Bilingual:
    """A grade by its name.

    >>> grade_named("2")["en"], grade_named("limit")["zh"]
    ('grade 2', '能效限定值')
    """
    if grade.isdigit():
        return {"zh": f"{grade}级", "en": f"grade {grade}"}
    return _RUNGS.get(grade) or level_named(grade)


def state_text(state: str, language: Language) -> str:
    """`2级`, that it is below the minimum, or that it is not graded."""
    return text(state, language) if state in (BELOW, UNDECIDED) else grade_named(state)[language]


def level_text(level: str, language: Language) -> str:
    """A level of the notice by its name; nothing where none is said.

    >>> level_text("saving", "zh"), level_text("below", "en"), level_text("", "zh")
    ('节能水平', 'below the access level', '')
    """
    return _LEVELS[level][language] if level else ""


def named(item: Item) -> str:
    """An item with how many of it there are."""
    return item.name if item.count == 1 else f"{item.name} × {item.count}"


def told_state(graded: Graded, language: Language) -> str:
    """A grade with what it turns on: which metric gave it where any may, better grades whose figures were not seen.

    Of an item that is not graded, what accepted figures nobody has seen would make of it.
    """
    if graded.compared is not None:
        return text("compared", language, state=state_text(graded.compared, language))
    comma = "、" if language == "zh" else ", "
    told = state_text(graded.state, language)
    if graded.chosen:
        told += text("chosen", language, metrics=comma.join(label[language] for label in graded.chosen))
    if graded.unseen:
        told += text("unseen", language, grades=comma.join(grade_named(level)[language] for level in graded.unseen))
    return told


def graded_text(graded: Graded, language: Language) -> str:
    """A grade with the edition it is of."""
    return " ".join(filter(None, (told_state(graded, language), f"[{graded.standard}]" * bool(graded.standard))))


def saving_text(saving: Saving, language: Language) -> str:
    """A saving with what it comes to: kWh, tce, tCO2 and yuan where they are known."""
    parts = [] if saving.unit == "tce" else [f"{shown(saving.amount, 6)} {saving.unit}"]
    parts.append(f"{shown(saving.coal, 4)} tce")
    parts += [f"{shown(saving.carbon, 4)} tCO2"] if saving.carbon is not None else []
    parts += [f"{shown(saving.money, 6)} {'元' if language == 'zh' else 'yuan'}"] if saving.money is not None else []
    return " · ".join(parts)


def total_text(total: Total, language: Language) -> str:
    """What items would save by one grade, and how many of them could not be counted."""
    comma = "；" if language == "zh" else "; "
    rows = text("rows_summed", language, rows=total.rows) if total.rows != total.items else ""
    named = text("total", language, count=total.items, rows=rows, grade=grade_named(total.grade)[language])
    named += text("fuel", language) if total.unit == "tce" else ""
    saved = saving_text(total.saving, language) if total.saving else NOT_REPORTED
    left = [text("left_out", language, count=total.without)] if total.without else []
    return comma.join([f"{named}: {saved}", *left])


def inputs_text(item: Item, language: Language) -> str:
    """The figures of the list that the savings of an item were reckoned from."""
    comma = "，" if language == "zh" else ", "
    return comma.join(
        f"{held.label[language]} {shown(held.value, 8)}{'' if held.unit == '1' else f' {held.unit}'}"
        for held in item.inputs
    )


def assumptions(check: EquipmentCheck, language: Language) -> list[str]:
    """What the savings assume and by what they are valued; nothing where there are none."""
    if not any(item.savings for item in check.items):
        return []
    terms = check.terms
    source = terms.grid_source.get(language) or text("entered", language)
    grid = text("no_grid", language) if terms.grid is None else text("grid", language, value=terms.grid, source=source)
    price = text("no_price", language) if terms.price is None else text("price", language, value=terms.price)
    named = text("terms", language, coal=terms.coal, source=terms.coal_source, grid=grid, price=price)
    several = any(item.count > 1 and item.savings for item in check.items)
    return [text("assumed", language), *[text("of_one", language)] * several, named]


def closing(check: EquipmentCheck, language: Language) -> list[str]:
    """What stands below every form of the check: the question of obsolete lists, assumptions, and what it rests on."""
    asked = check.below or any(item.questions for item in check.items)
    question = [text("question", language)] if asked else []
    return [*question, *_levels(check, language), *assumptions(check, language), statement(check.rests, language)]


def _levels(check: EquipmentCheck, language: Language) -> list[str]:
    """How many pieces are of which level, and what that is worth; nothing where none is said."""
    counts, comma = check.levels(), "，" if language == "zh" else ", "
    told = comma.join(f"{names[language]} {counts[level]}" for level, names in _LEVELS.items() if counts[level])
    return [text("levels", language, levels=told, notice=check.notice)] if told else []


def summary(check: EquipmentCheck, language: Language) -> str:
    """How many pieces there are, in how many rows where these differ, and of which grade, at manufacture and today."""
    comma = "，" if language == "zh" else ", "

    def told(which: str) -> str:
        counts = sorted(check.counts(which).items())
        return comma.join(f"{state_text(state, language)} {count}" for state, count in counts)

    size = {"count": check.pieces, "rows": len(check.items)}
    count = text("pieces_in_rows" if check.differ else "pieces", language, **size)
    return text("counted", language, count=count, day=check.as_of, then=told("then"), now=told("now"))
