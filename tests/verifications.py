"""A verification made by hand from a real run: the CHP example of 2023, its report altered in known places.

Worked figures: methods/enterprises/mee-power/cases/example-chp-2023.md (total 3013074.84 tCO2, unit 1 1527763.15,
unit 2 1485311.69). The report states 3013174.84 for the total, 100 t more, and unit 1 a hundredth lower.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import carbonstd
from carbonstd._definitions.document import Document
from carbonstd._findings import finding
from carbonstd._result.result import Result
from carbonstd._verify.guide import Guide, Point, Rule
from carbonstd._verify.record import Agreement, Change, Compared, CrossChecked, Nonconformity, Replaced, Verification
from carbonstd._verify.rounds import numbered

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "methods/enterprises/mee-power/cases/example-chp-2023.yaml"
DATA = {"zh": "核算数据", "en": "Accounting data"}
PLAN = {"zh": "数据质量控制方案及执行", "en": "Quality control plan and its execution"}
TOTAL = {"zh": "全部机组二氧化碳排放量", "en": "CO2 emissions of all units"}
UNIT = {"zh": "机组二氧化碳排放量", "en": "CO2 emissions of the unit"}
HEAT = {"zh": "供热量", "en": "Heat supplied"}
COAL, USED = {"zh": "燃煤", "en": "Coal"}, {"zh": "消耗量", "en": "Consumption"}

GUIDE = Guide(
    id="verification/cets-vg-01.01@v02-2026",
    title={"zh": "企业温室气体排放核查技术指南 发电设施", "en": "Verification guide, power generation facilities"},
    document=Document("CETS-VG-01.01-V02-2026", {"zh": "核查技术指南 发电设施", "en": "Verification guide"}),
    families=("mee-power",),
    since="",
    categories={"data": DATA, "plan": PLAN},
    points=(
        Point("coal", {"zh": "燃煤消耗量", "en": "Coal consumption"}, "表7", "data", True, codes=("above-maximum",)),
        Point("heat", HEAT, "表15", "data", True, codes=("check-failed",)),
        Point("archive", {"zh": "质量保证和文件存档", "en": "Archive"}, "3.5", "plan", person=True),
    ),
    materiality=False,
    activity=Rule((), ""),
    production=Rule((), ""),
    evidence="official",
    documents=({"zh": "排污许可证", "en": "Pollution permit"}, {"zh": "燃煤结算发票", "en": "Invoices of coal"}),
)  # fmt: skip


@cache
def result() -> Result:
    return carbonstd.run(str(EXAMPLE))


def compared() -> tuple[Compared, ...]:
    tons: dict[str, Any] = {"unit": "tCO2", "digits": 2}
    cause = {"zh": "月度数据四舍五入后再汇总", "en": "months were rounded before they were added up"}
    return (
        Compared("total", TOTAL, place="报告!B2", reported=3013174.84, recomputed=3013074.8399, **tons,
                 agreement=Agreement.DIFFERS, clause="公式（1）", causes=(cause,), table="C.4 生产数据及排放量汇总表"),
        Compared("total", UNIT, "1号机组", place="报告!B3", reported=1527763.14, recomputed=1527763.1508, **tons,
                 agreement=Agreement.ROUNDING, table="C.4 生产数据及排放量汇总表"),
        Compared("total", UNIT, "2号机组", place="报告!B4", reported=1485311.69, recomputed=1485311.6891, **tons,
                 table="C.4 生产数据及排放量汇总表"),
        Compared("fuel_combustion", {"zh": "化石燃料燃烧", "en": "Fossil fuel combustion"}, unit="tCO2", digits=2,
                 place="报告!C2", reported=3012287.20, recomputed=3012287.1985, table="C.3 化石燃料燃烧排放表"),
        Compared("heat", HEAT, unit="GJ", recomputed=3858992.5132, agreement=Agreement.NOT_REPORTED),
        Compared("ratio", {"zh": "供热比", "en": "Heat ratio"}, "1号机组", "%", "报告!D2", reported=13.2, digits=1,
                 agreement=Agreement.NOT_COMPUTED, table="C.6 辅助参数报告项"),
    )  # fmt: skip


def findings() -> tuple[Nonconformity, ...]:
    """What is found in any round: an error, a warning, a note; not numbered yet."""
    above = finding("above-maximum", "燃煤!E6", "6.2.2", column=USED, found="2.4", limit=1, unit="")
    month = finding("months-incomplete", "供热!A2", label=HEAT, count=1, sources="1号机组 2023-12")
    note = finding("months-incomplete", "燃煤!H6", "表A.1", label=USED, count=2, sources="烟煤", severity="note")
    return (
        Nonconformity("", above, "above-maximum|coal|consumption|2", DATA, USED, ("coal",)),
        Nonconformity("", month, "months-incomplete|heat_supply|2", DATA, HEAT, ()),
        Nonconformity("", note, "months-incomplete|coal", PLAN, USED, ()),
    )


def verification(**changed: Any) -> Verification:
    """The verification of a first round; `changed` fields stand in for its own."""
    held: dict[str, Any] = {
        "case": result().case,
        "method": result().method,
        "guide": GUIDE,
        "round": 1,
        "result": result(),
        "replaced": result(),
        "compared": compared(),
        "replacements": (
            Replaced(COAL, USED, "1号机组 烟煤 2023-05", DATA, 48107.49, 48210.0, "t", "以发票交叉核对，取大值",
                     "燃煤!E6", "3.4.1", "交叉核对!F3"),
            Replaced(COAL, {"zh": "低位发热量", "en": "NCV"}, "2号机组 烟煤 2023-09", DATA, 20.531, None,
                     "GJ/t", "检测报告缺失，取缺省值", "燃煤!G20"),
        ),
        "cross_checks": (
            CrossChecked(USED, "1号机组 烟煤 2023-05", {"zh": "结算发票", "en": "Invoices"}, "FP-2023-05", 48107.49,
                         48210.0, "t", "交叉核对!F3", "盘点差异"),
        ),
        "changes": (
            Change("total", TOTAL, "tCO2", 2400000.0, 3013074.84, 0.2555, True, True),
            Change("heat", HEAT, "GJ", 3800000.0, 3858992.51, 0.0155, False),
        ),
        "last_year": "2022",
        "nonconformities": numbered(findings()),
        "materiality": 0.05,
    }  # fmt: skip
    return Verification(**{**held, **changed})
