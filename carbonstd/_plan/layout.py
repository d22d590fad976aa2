"""What writer and reader of a plan's workbook agree on: the roles of its sheets, the ids of fields, and its words.

The first row of each sheet is hidden and holds the mark of all our workbooks; on a table the second, hidden too, holds
the ids of its columns, and the first column of the parameters the id of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonstd._definitions.schema import Bilingual
from carbonstd._plan.plan import FREQUENCIES, WAYS

HEAD, VERSIONS, FACILITIES, PARAMETERS, RULES, LISTS = (
    "plan", "plan_versions", "plan_facilities", "plan_parameters", "plan_rules", "plan_lists"
)  # fmt: skip
SOURCES = "sources"  # stands for the vocabulary of the item's own source column
PARAMETER = "parameter"

TITLES: Mapping[str, Bilingual] = {
    HEAD: {"zh": "企业和边界", "en": "Entity and boundary"},
    VERSIONS: {"zh": "版本及修订", "en": "Versions"},
    FACILITIES: {"zh": "主要排放设施", "en": "Main facilities"},
    PARAMETERS: {"zh": "数据确定方式", "en": "Parameters"},
    RULES: {"zh": "内部质量控制", "en": "Internal quality assurance"},
    LISTS: {"zh": "词表", "en": "Lists"},
}


@dataclass(frozen=True)
class Field:
    """A column to fill: its heading, its width in characters, and the vocabulary of its drop-down if it has one."""

    label: Bilingual
    width: float = 16
    vocabulary: str = ""


HEAD_FIELDS: Mapping[str, Bilingual] = {
    "method": {"zh": "核算方法", "en": "Method"},
    "entity.name": {"zh": "企业名称", "en": "Entity"},
    "entity.code": {"zh": "统一社会信用代码", "en": "Unified social credit code"},
    "entity.address": {"zh": "企业住所", "en": "Address"},
    "entity.representative": {"zh": "法定代表人姓名、电话", "en": "Legal representative, telephone"},
    "entity.contact": {"zh": "填报人姓名、电话、邮箱", "en": "Filled in by, telephone, e-mail"},
    "entity.industry": {"zh": "行业分类及代码", "en": "Industry and code"},
    "entity.products": {"zh": "主营产品及代码", "en": "Main products and codes"},
    "charts": {"zh": "组织机构图、厂区平面图、工艺流程图", "en": "Charts of organisation, site, process"},
    "boundary": {"zh": "核算边界的描述", "en": "The boundary in words"},
}  # fmt: skip
VERSION_FIELDS: Mapping[str, Field] = {
    "number": Field({"zh": "版本号", "en": "Version"}, 16),
    "day": Field({"zh": "制定（修订）日期", "en": "Made or revised on"}, 18),
    "reason": Field({"zh": "首次制定或修订原因", "en": "Why it was made or revised"}, 46),
    "explanation": Field({"zh": "修订说明", "en": "What was revised"}, 60),
}
FACILITY_FIELDS: Mapping[str, Field] = {
    "name": Field({"zh": "设施名称", "en": "Facility"}, 28),
    "number": Field({"zh": "设施编号", "en": "Number"}, 16),
    "model": Field({"zh": "规格型号", "en": "Model"}, 22),
    "position": Field({"zh": "安装位置", "en": "Position"}, 22),
    "status": Field({"zh": "使用状态（在用、停用）", "en": "In use or not"}, 14),
    "owner": Field({"zh": "资产所属企业", "en": "Owner"}, 24),
    "permit": Field({"zh": "排污许可证单位", "en": "Holder of the discharge permit"}, 24),
    "note": Field({"zh": "备注", "en": "Note"}, 20),
}
PLAN_FIELDS: Mapping[str, Field] = {
    "scope": Field({"zh": "适用对象", "en": "For"}, 14),
    "way": Field({"zh": "获取方式", "en": "Way"}, 11, WAYS),
    "source": Field({"zh": "数据来源", "en": "Source"}, 14, SOURCES),
    "description": Field({"zh": "计算方法及具体描述", "en": "Calculation and description"}, 30),
    "instrument": Field({"zh": "测量设备名称、型号、编号", "en": "Instrument, model, number"}, 22),
    "position": Field({"zh": "安装位置", "en": "Position"}, 13),
    "frequency": Field({"zh": "监测频次", "en": "Measured"}, 11, FREQUENCIES),
    "accuracy": Field({"zh": "准确度等级", "en": "Accuracy class"}, 10),
    "calibration": Field({"zh": "规定的检定、校准频次", "en": "Calibration interval"}, 14),
    "recording": Field({"zh": "数据记录频次", "en": "Recorded"}, 11, FREQUENCIES),
    "missing": Field({"zh": "数据缺失时的处理方式", "en": "Where data are missing"}, 22),
    "department": Field({"zh": "数据获取负责部门", "en": "Department responsible"}, 14),
}
WHEN_MEASURED = ("instrument", "position", "frequency", "accuracy", "calibration")  # fields a measured figure needs
ALWAYS = ("recording", "missing", "department")  # fields all but a default need
RULE_FIELDS: Mapping[str, tuple[Bilingual, Bilingual]] = {  # heading; what belongs there
    "management": (
        {"zh": "内部管理制度和质量保证体系", "en": "Management and quality assurance"},
        {
            "zh": "计量、检测、核算、报告和管理的负责部门、职责和工作流程；专职人员；计量器具台账及其维护",
            "en": "who is responsible for metering, tests, accounting and reporting, and how the work goes; named "
            "staff; the list of instruments and their upkeep",
        },
    ),
    "review": (
        {"zh": "排放报告内部审核制度", "en": "Internal review of the report"},
        {"zh": "由谁、何时、按什么程序审核", "en": "who reviews it, when and how"},
    ),
    "records": (
        {"zh": "原始凭证和台账管理制度", "en": "Original records and ledgers"},
        {
            "zh": "关键参数原始记录和台账的文件名称、样式、填报和管理部门、保存期限",
            "en": "name and form of the records of key parameters, who keeps them and for how long",
        },
    ),
    "laboratory": (
        {"zh": "自有实验室管理制度", "en": "The enterprise's own laboratory"},
        {
            "zh": "采样、制样、化验、留样和仪器校准；没有自有实验室的填“无”",
            "en": "sampling, preparation, tests, samples kept, calibration; none where there is no laboratory",
        },
    ),
    "monitoring": (
        {"zh": "烟气二氧化碳排放自动监测", "en": "Continuous monitoring of CO2"},
        {
            "zh": "已安装的，填设备、数据记录、运行维护、数据审核和与核算数据的比对",
            "en": "where there is any: equipment, records, upkeep, review and comparison with the computed figures",
        },
    ),
}
TEXTS: Mapping[str, Bilingual] = {
    "title": {"zh": "数据质量控制方案", "en": "Data quality control plan"},
    "parameter": {"zh": "参数", "en": "Parameter"},
    "unit": {"zh": "单位", "en": "Unit"},
    "asked": {"zh": "缺省值和文件要求", "en": "Default and what the document asks"},
    "default": {"zh": "有缺省值：{source}", "en": "there is a default: {source}"},
    "a default": {"zh": "条款未注明", "en": "no clause is given"},
    "no default": {"zh": "无缺省值，采用时须获取数据", "en": "no default: it must be found where it is used"},
    "frequency": {"zh": "频次：至少{frequency}", "en": "frequency: at least {frequency}"},
    "missing": {"zh": "缺失时：{missing}", "en": "where missing: {missing}"},
    "all": {"zh": "各项参数：{requires}", "en": "every parameter: {requires}"},
    "how": {"zh": "填写说明", "en": "How to fill it"},
    "method": {"zh": "由模板确定，请勿改动", "en": "set by the template; leave it"},
    "rule": {"zh": "内容", "en": "Contents"},
    "filled": {"zh": "本企业的规定", "en": "The enterprise's rules"},
    "steps": {
        "zh": "依次填写各表：企业和边界、版本及修订、主要排放设施、数据确定方式、内部质量控制。\n"
        "“数据确定方式”按核算方法列出全部数值参数；企业没有的排放源整行留空。\n"
        "同一参数因燃料、来源或机组而获取方式不同的，整行复制，在“适用对象”写明燃料、来源或机组；不写的适用于其余全部。\n"
        "“获取方式”“数据来源”和频次请从下拉中选择；灰色列为缺省值和文件要求，只供参考，读取时不用。\n"
        "可以插入整行、调整列宽；不要改动隐藏的行和列，不要合并单元格。",
        "en": "Fill the sheets in their order: entity and boundary, versions, facilities, parameters, internal rules.\n"
        "Parameters lists every figure of the method; leave blank the row of a source that the enterprise lacks.\n"
        "Where one parameter is found in different ways by fuel, source or unit, copy the whole row and name it "
        "under For; a row without is for all others.\n"
        "Choose way, source and frequency from the drop-downs. The grey column tells defaults and what the document "
        "asks; it is not read.\n"
        "Whole rows may be inserted; leave hidden rows and columns alone and merge no cells.",
    },
}
