"""The words that stand for statuses, evidence grades, severities, judgements and states of a cell, zh and en.

Every print-out and workbook takes them from here, so that one thing has one name.
"""

from __future__ import annotations

import re

from carbonstd._definitions.schema import Bilingual, same
from carbonstd._findings import Language

# What is computed, by the level of its method; an enterprise's account of gases is told from its other calculations.
_SUBJECTS: dict[str, Bilingual] = {
    "gases": {"zh": "温室气体排放核算", "en": "Greenhouse gas account"},
    "regions": {"zh": "区域核算与分析", "en": "Regional account"},
    "projects": {"zh": "项目估算", "en": "Estimate of a project"},
    "products": {"zh": "产品碳核算", "en": "Carbon account of a product"},
}
_PAPERS: dict[str, tuple[Bilingual, Bilingual]] = {  # with a subject, and without one
    "data": ({"zh": "{}数据表", "en": "{}: data"}, {"zh": "计算数据表", "en": "Data of a calculation"}),
    "result": ({"zh": "{}结果", "en": "{}"}, {"zh": "计算结果", "en": "Result"}),
    "report": ({"zh": "{}报告", "en": "{}"}, {"zh": "计算结果报告", "en": "Report of a calculation"}),
}
STATUS_TEXT: dict[str, Bilingual] = {
    "missing": {"zh": "缺失", "en": "missing"},
    "measured": {"zh": "实测", "en": "measured"},
    "entered": {"zh": "填报", "en": "entered"},
    "derived": {"zh": "计算", "en": "derived"},
    "default": {"zh": "缺省", "en": "default"},
    "carried": {"zh": "沿用", "en": "carried over"},
    "assumed": {"zh": "假定", "en": "assumed"},
    "not_reported": {"zh": "未填报", "en": "not reported"},
}
EVIDENCE_TEXT: dict[str, Bilingual] = {
    "official": {"zh": "官方文本", "en": "official"},
    "secondary": {"zh": "转引", "en": "secondary"},
    "derived": {"zh": "推导", "en": "derived"},
    "user": {"zh": "用户数据", "en": "user's data"},
    "recalled": {"zh": "未见来源", "en": "recalled"},
}
_NOTATION_TEXT: dict[str, Bilingual] = {  # what the notation given of an equation is, by its evidence
    "official": {"zh": "原文", "en": "as printed"},
    "secondary": {"zh": "转引写法", "en": "as seen elsewhere"},
}
_OWN_NOTATION: Bilingual = {"zh": "按文件符号重写，未见原文", "en": "in the document's symbols, text not seen"}
SEVERITY_TEXT: dict[str, Bilingual] = {
    "error": {"zh": "错误", "en": "error"},
    "warning": {"zh": "警告", "en": "warning"},
    "note": {"zh": "提示", "en": "note"},
}
JUDGEMENT_TEXT: dict[str, Bilingual] = {
    "met": {"zh": "达到", "en": "met"},
    "not_met": {"zh": "未达到", "en": "not met"},
    "no_level": {"zh": "无此级", "en": "no such level"},
    "undecided": {"zh": "未判定", "en": "undecided"},
}
GRADE_TEXT: dict[str, Bilingual] = {
    "formal": {"zh": "正式比对", "en": "formal comparison"},
    "reference": {"zh": "参考判定", "en": "for reference"},
    "none": {"zh": "不作判定", "en": "no judgement"},
}
_FORMAL_TEXT: dict[str, Bilingual] = {
    "met": {"zh": "符合", "en": "complies"},
    "not_met": {"zh": "不符合", "en": "does not comply"},
}
STATE_TEXT: dict[str, Bilingual] = {
    "dash": {"zh": "“—”（无值）", "en": "a dash (none)"},
    "unseen": {"zh": "未见原文", "en": "a figure nobody has seen"},
    "not_applicable": {"zh": "不适用", "en": "not applicable"},
    "absent": {"zh": "空白", "en": "nothing"},
    "rule": {"zh": "计算规则", "en": "a rule"},
}
BASIS_TEXT: dict[str, Bilingual] = {
    "mass": {"zh": "质量", "en": "mass"},
    "volume": {"zh": "体积", "en": "volume"},
    "energy": {"zh": "能量", "en": "energy"},
    "count": {"zh": "件数", "en": "pieces"},
    "area": {"zh": "面积", "en": "area"},
    "length": {"zh": "长度", "en": "length"},
    "distance": {"zh": "距离", "en": "distance"},
    "transport": {"zh": "运输量", "en": "transport work"},
    "time": {"zh": "时间", "en": "time"},
    "spend": {"zh": "金额", "en": "money spent"},
}
_OTHER_BASES: dict[str, Bilingual] = {  # of what, or in which state, a figure of a column is
    "lower": {"zh": "低位", "en": "lower"},
    "higher": {"zh": "高位", "en": "higher"},
    "as_received": {"zh": "收到基", "en": "as received"},
    "air_dry": {"zh": "空气干燥基", "en": "air dry"},
    "dry": {"zh": "干燥基", "en": "dry"},
    "electricity": {"zh": "电力", "en": "electricity"},
    "electricity_bulk": {"zh": "电力（大宗）", "en": "electricity in bulk"},
    "heat": {"zh": "热力", "en": "heat"},
    "power": {"zh": "功率", "en": "power"},
    "oil": {"zh": "油", "en": "oil"},
    "heavy_oil": {"zh": "重油", "en": "heavy oil"},
    "oil_in_coal": {"zh": "燃煤锅炉用油", "en": "oil in coal boilers"},
    "oil_per_energy_factor": {"zh": "油（按能量因数）", "en": "oil per energy factor"},
    "energy_factor": {"zh": "能量因数", "en": "energy factor"},
    "coal": {"zh": "煤", "en": "coal"},
    "raw coal": {"zh": "原煤", "en": "raw coal"},
    "gas_volume": {"zh": "气体体积", "en": "gas volume"},
    "facility": {"zh": "设施", "en": "facility"},
    "weight_case": {"zh": "重量箱", "en": "weight case"},
    "dry matter": {"zh": "干物质", "en": "dry matter"},
    "wet waste": {"zh": "湿废物", "en": "wet waste"},
    "volatile solids": {"zh": "挥发性固体", "en": "volatile solids"},
    "live mass": {"zh": "活体重", "en": "live mass"},
    "production": {"zh": "产量", "en": "production"},
    "product": {"zh": "产品", "en": "product"},
    "clinker": {"zh": "熟料", "en": "clinker"},
    "cement": {"zh": "水泥", "en": "cement"},
    "carbonate": {"zh": "碳酸盐", "en": "carbonate"},
    "oxide": {"zh": "氧化物", "en": "oxide"},
    "dust": {"zh": "粉尘", "en": "dust"},
    "urea": {"zh": "尿素", "en": "urea"},
    "hydrogen": {"zh": "氢气", "en": "hydrogen"},
    "crude oil": {"zh": "原油", "en": "crude oil"},
    "aluminium": {"zh": "铝", "en": "aluminium"},
    "molten aluminium": {"zh": "铝液", "en": "molten aluminium"},
    "primary aluminium": {"zh": "原铝", "en": "primary aluminium"},
    "primary aluminium; current efficiency in per cent": {
        "zh": "原铝；电流效率以百分数计",
        "en": "primary aluminium; current efficiency in per cent",
    },
    "magnesium cast": {"zh": "镁铸件", "en": "magnesium cast"},
    "ferrosilicon": {"zh": "硅铁", "en": "ferrosilicon"},
    "dolomite": {"zh": "白云石", "en": "dolomite"},
    "adipic acid": {"zh": "己二酸", "en": "adipic acid"},
    "nitric acid 100 %": {"zh": "硝酸（折100%）", "en": "nitric acid 100 %"},
    "hno3_100_percent": {"zh": "硝酸（折100%）", "en": "nitric acid 100 %"},
    "acetic_acid_100_percent": {"zh": "乙酸（折100%）", "en": "acetic acid 100 %"},
    "first_grade_white_sugar": {"zh": "一级白砂糖", "en": "first-grade white sugar"},
    "normal cubic metre": {"zh": "标准立方米", "en": "normal cubic metre"},
    "dry CaSO4·2H2O": {"zh": "干基CaSO4·2H2O", "en": "dry CaSO4·2H2O"},
    "CaO or CaO·MgO": {"zh": "CaO或CaO·MgO", "en": "CaO or CaO·MgO"},
    "CH4 per coal": {"zh": "每单位煤的CH4", "en": "CH4 per coal"},
    "CH4 per raw coal": {"zh": "每单位原煤的CH4", "en": "CH4 per raw coal"},
    "CH4 per volatile solids": {"zh": "每单位挥发性固体的CH4", "en": "CH4 per volatile solids"},
    "CH4-C per C": {"zh": "每单位C的CH4-C", "en": "CH4-C per C"},
    "N2O-N per N": {"zh": "每单位N的N2O-N", "en": "N2O-N per N"},
    "whole tree": {"zh": "整株", "en": "whole tree"},
    "above ground per stem": {"zh": "地上部分与树干之比", "en": "above ground per stem"},
}
REGISTER_STATUS_TEXT: dict[str, Bilingual] = {
    "in_force": {"zh": "现行", "en": "in force"},
    "superseded": {"zh": "被代替", "en": "superseded"},
    "upcoming": {"zh": "即将实施", "en": "upcoming"},
    "closed": {"zh": "已结束", "en": "closed"},
    "draft": {"zh": "征求意见", "en": "draft"},
    "unknown": {"zh": "未确认", "en": "unknown"},
}
HELD_TEXT: dict[str, Bilingual] = {
    "runs": {"zh": "可核算", "en": "runs"},
    "table": {"zh": "有数据表", "en": "table"},
    "listed": {"zh": "仅登记", "en": "listed"},
}
KIND_TEXT: dict[str, Bilingual] = {
    "accounting": {"zh": "核算", "en": "accounting"},
    "allocation": {"zh": "配额分配", "en": "allocation"},
    "border_adjustment": {"zh": "碳边境调节", "en": "border adjustment"},
    "ccus": {"zh": "碳捕集利用与封存", "en": "CCUS"},
    "emission_standard": {"zh": "排放标准", "en": "emission standard"},
    "equipment": {"zh": "设备能效", "en": "equipment efficiency"},
    "guide": {"zh": "指南", "en": "guide"},
    "label": {"zh": "标识与评价", "en": "label"},
    "limit": {"zh": "限额", "en": "limit"},
    "management": {"zh": "管理", "en": "management"},
    "organisation": {"zh": "组织层面", "en": "organisation"},
    "product_footprint": {"zh": "产品碳足迹", "en": "product footprint"},
    "project": {"zh": "减排项目", "en": "project"},
    "renewable": {"zh": "可再生能源", "en": "renewables"},
    "sink": {"zh": "碳汇", "en": "sink"},
    "verification": {"zh": "核查", "en": "verification"},
}
SUBJECT_TEXT: dict[str, Bilingual] = {  # folders: levels of methods in their order, then subjects of tables
    "enterprises": {"zh": "企业", "en": "Enterprises"},
    "limits": {"zh": "能耗限额", "en": "Energy limits"},
    "equipment": {"zh": "设备能效", "en": "Equipment"},
    "energy": {"zh": "能源", "en": "Energy"},
    "regions": {"zh": "区域", "en": "Regions"},
    "projects": {"zh": "项目", "en": "Projects"},
    "products": {"zh": "产品", "en": "Products"},
    "agriculture": {"zh": "农业", "en": "Agriculture"},
    "analysis": {"zh": "分析", "en": "Analysis"},
    "benchmarks": {"zh": "基准值", "en": "Benchmarks"},
    "cbam": {"zh": "碳边境调节", "en": "Border adjustment"},
    "ccus": {"zh": "碳捕集利用与封存", "en": "CCUS"},
    "conditions": {"zh": "状态条件", "en": "Conditions"},
    "control": {"zh": "节能与双控", "en": "Energy control"},
    "decisions": {"zh": "因子选取", "en": "Choice of factors"},
    "electricity": {"zh": "电力", "en": "Electricity"},
    "fuels": {"zh": "燃料", "en": "Fuels"},
    "fugitive": {"zh": "逸散排放", "en": "Fugitive emissions"},
    "gwp": {"zh": "全球变暖潜势", "en": "Global warming potentials"},
    "heat": {"zh": "热力", "en": "Heat"},
    "land": {"zh": "土地利用", "en": "Land"},
    "metering": {"zh": "能源计量", "en": "Metering"},
    "offsets": {"zh": "抵销", "en": "Offsets"},
    "organisation": {"zh": "组织层面", "en": "Organisations"},
    "process": {"zh": "工业生产过程", "en": "Industrial processes"},
    "renewables": {"zh": "可再生能源", "en": "Renewables"},
    "statistics": {"zh": "统计", "en": "Statistics"},
    "uncertainty": {"zh": "不确定度", "en": "Uncertainty"},
    "vehicles": {"zh": "车辆", "en": "Vehicles"},
    "waste": {"zh": "废弃物", "en": "Waste"},
}
LEVEL_NAMES: dict[str, Bilingual] = {  # of limits before 2017
    "advanced": {"zh": "先进值", "en": "advanced"},
    "access": {"zh": "准入值", "en": "access"},
    "limit": {"zh": "限定值", "en": "limit"},
}
LEVEL_TEXT: Bilingual = {"zh": "限值", "en": "limit"}  # the level of a limit that is one value
NOT_REPORTED = "—"  # what stands for the figure of a line whose sheets hold no row


def basis_text(basis: str) -> Bilingual:
    """The basis of a quantity or figure in words; a text of a user's own, or a condition in signs, as it is."""
    return BASIS_TEXT.get(basis) or _OTHER_BASES.get(basis) or same(basis)


def clause_text(clause: str, language: Language) -> str:
    """A clause as the document prints it. In English its tables and annexes are named.

    One without a number is left out there: it is a Chinese heading, and the label beside it says the same.

    >>> clause_text("3.4.2.1.1 表8、表9", "en"), clause_text("化石燃料燃烧", "en")
    ('3.4.2.1.1 table 8, table 9', '')
    """
    if language == "zh":
        return clause
    if not re.search(r"[0-9A-Za-z]", clause):
        return ""
    return clause.replace("附表", "table ").replace("表", "table ").replace("附录", "annex ").replace("、", ", ")


def notation_text(evidence: str) -> Bilingual:
    """What `as_printed` of an equation is: only of one that was seen in the text are these the printed words."""
    return _NOTATION_TEXT.get(evidence, _OWN_NOTATION)


def judgement_text(judgement: str, grade: str) -> Bilingual:
    """A judgement in the words its grade allows: only a formal comparison says that something complies."""
    if judgement == "no_level":
        return JUDGEMENT_TEXT[judgement]
    if grade == "none" or judgement == "undecided":
        return GRADE_TEXT["none"]
    return _FORMAL_TEXT[judgement] if grade == "formal" else JUDGEMENT_TEXT[judgement]


def paper_title(paper: str, level: str, gases: bool) -> Bilingual:
    """What the data, result or report of a method of this level is headed by."""
    subject = _SUBJECTS.get(level) or (_SUBJECTS["gases"] if gases else None)
    named, plain = _PAPERS[paper]
    return {key: named[key].format(subject[key]) for key in ("zh", "en")} if subject else plain


# Its licence asks for a notice that users see; the disclaimer in full stands in NOTICE.
PACT_NOTICE: Bilingual = {
    "zh": "本文件按 PACT 技术规范（© 世界可持续发展工商理事会 WBCSD）生成或读取；本程序是该规范的独立衍生作品，"
    "未经 WBCSD 制作、认可或担保，其免责声明全文见 NOTICE。",
    "en": "Made or read by the PACT Technical Specifications, (c) World Business Council for Sustainable Development; "
    "this program is a separate work derived from them, not made or endorsed by WBCSD. Disclaimer in full: NOTICE.",
}
