"""The columns of a record's tables, in the power guide's form where it has one. The list of nonconformities is also
read back by them."""

from __future__ import annotations

from carbonstd._definitions.schema import Bilingual
from carbonstd._paper.paper import Column
from carbonstd._verify.words import TEXTS

CONCLUSIONS: tuple[Bilingual, ...] = (  # the guide's own three; the first closes an entry
    {"zh": "已整改符合要求", "en": "corrected, meets the requirements"},
    {"zh": "已整改不符合要求", "en": "corrected, does not meet the requirements"},
    {"zh": "未整改", "en": "not corrected"},
)
HEAD: dict[str, Bilingual] = {  # what a record is told by
    "entity": {"zh": "重点排放单位", "en": "Enterprise"},
    "code": {"zh": "统一社会信用代码", "en": "Credit code"},
    "period": {"zh": "核算期", "en": "Period"},
    "method": {"zh": "核算方法与版本", "en": "Method and edition"},
    "round": TEXTS["round"],
}
LIST: dict[str, Column] = {  # the guide's seven columns, then ours
    "number": Column({"zh": "序号", "en": "No."}, 11),
    "category": Column({"zh": "类别", "en": "Category"}, 12),
    "description": Column({"zh": "不符合项描述", "en": "Description"}, 43),
    "parameter": Column({"zh": "涉及的参数", "en": "Parameter"}, 18),
    "cause": Column({"zh": "受核查方原因分析", "en": "Cause, by the enterprise"}, 21, fill=True),
    "correction": Column({"zh": "受核查方采取的纠正措施", "en": "Correction, by the enterprise"}, 21, fill=True),
    "conclusion": Column({"zh": "核查结论", "en": "Conclusion, by the verifier"}, 17, fill=True),
    "severity": Column({"zh": "级别", "en": "Severity"}, 8),
    "round": Column({"zh": "首次轮次", "en": "First round"}, 8),
    "standing": Column({"zh": "本轮复算", "en": "By recomputation"}, 13),
    "where": Column({"zh": "条款、位置", "en": "Clause and place"}, 22),
    "key": Column({"zh": "标识", "en": "Key"}, 20, hidden=True),
}
REMARKS = (
    LIST["severity"],
    Column(LIST["where"].head, 30),
    Column({"zh": "内容", "en": "What is to be said or mended"}, 90),
)
_ITEM, _KEY, _UNIT = Column(TEXTS["item"], 26), Column(TEXTS["key"], 14), Column(TEXTS["unit"], 13)
_WHERE, _PLACE = LIST["where"], Column({"zh": "位置", "en": "Place"}, 18)
_RELATIVE = Column(TEXTS["relative"], 11, number=True)
COMPARED = (
    _ITEM,
    _KEY,
    _UNIT,
    *(Column(TEXTS[name], 15, number=True) for name in ("reported", "recomputed", "verified")),
    Column(TEXTS["agreement"], 12),
    _RELATIVE,
    Column({"zh": "可能的原因", "en": "Possible causes"}, 32),
    Column({"zh": "差异原因（核查人员填写）", "en": "Reason, by the verifier"}, 22, fill=True),
    _WHERE,
)
TOTALS = COMPARED[:8]
REPLACED = (
    _WHERE,
    Column({"zh": "数据表", "en": "Sheet"}, 20),
    Column({"zh": "数据", "en": "Column"}, 20),
    Column({"zh": "行", "en": "Row"}, 20),
    Column({"zh": "数据类别", "en": "Kind"}, 14),
    Column({"zh": "替换前", "en": "Before"}, 15, number=True),
    Column({"zh": "替换后", "en": "After"}, 15, number=True),
    _UNIT,
    Column({"zh": "理由", "en": "Reason"}, 36),
    Column({"zh": "要求所在", "en": "Asked for at"}, 18),
)
CROSS = (
    Column({"zh": "数据", "en": "Figure"}, 26),
    Column({"zh": "行", "en": "Row"}, 22),
    Column({"zh": "核对来源", "en": "Other source"}, 22),
    Column({"zh": "凭证", "en": "Document"}, 24),
    Column({"zh": "填报值", "en": "Entered"}, 16, number=True),
    Column({"zh": "核对值", "en": "Other source says"}, 16, number=True),
    _UNIT,
    Column({"zh": "相差", "en": "Difference"}, 11, number=True),
    Column({"zh": "说明", "en": "Explanation"}, 30),
    _PLACE,
)
CHANGES = (
    _ITEM,
    _UNIT,
    Column({"zh": "上年", "en": "Last year"}, 17, number=True),
    Column({"zh": "本年", "en": "This year"}, 17, number=True),
    _RELATIVE,
    Column({"zh": "是否超过阈值", "en": "Above the threshold"}, 14),
    Column({"zh": "变化原因（核查人员填写）", "en": "Reason, by the verifier"}, 36, fill=True),
)
POINTS = (
    Column({"zh": "条款", "en": "Clause"}, 14),
    Column({"zh": "必查", "en": "Must"}, 8),
    Column({"zh": "核查要点", "en": "Point"}, 44),
    Column({"zh": "程序所见", "en": "What the program says"}, 24),
    Column({"zh": "清单序号", "en": "In the list"}, 22),
    Column({"zh": "核查过程和结果（核查人员填写）", "en": "Course and result, by the verifier"}, 48, fill=True),
)
DOCUMENTS = (
    Column({"zh": "序号", "en": "No."}, 8),
    Column({"zh": "文件名称", "en": "Document"}, 44),
    Column({"zh": "编号、版本或日期", "en": "Number, edition or date"}, 26, fill=True),
    Column({"zh": "用于核查的数据", "en": "Used for"}, 30, fill=True),
    Column({"zh": "备注", "en": "Remarks"}, 30, fill=True),
)
SIGNED = (
    Column({"zh": "角色", "en": "Role"}, 30),
    Column({"zh": "姓名", "en": "Name"}, 16, fill=True),
    Column({"zh": "签名", "en": "Signature"}, 24, fill=True),
    Column({"zh": "日期", "en": "Date"}, 16, fill=True),
)
ROLES: tuple[Bilingual, ...] = (
    {"zh": "核查组长", "en": "Leader of the team"},
    {"zh": "核查组成员", "en": "Member of the team"},
    {"zh": "技术复核人", "en": "Technical reviewer"},
    {"zh": "批准人", "en": "Approved by"},
)
