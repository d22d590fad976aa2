"""What the columns and factors of an analysis are called, zh and en; programs read their plain names."""

from __future__ import annotations

from carbonstd._definitions.schema import Bilingual, in_both, same

WORDS: dict[str, Bilingual] = {
    "span": {"zh": "起止年份", "en": "span"},
    "change": {"zh": "变化", "en": "change"},
    "ratio": {"zh": "末年/首年", "en": "ratio"},
    "year": {"zh": "年份", "en": "year"},
    "emissions": {"zh": "排放", "en": "emissions"},
    "low": {"zh": "区间下限", "en": "low end of the interval"},
    "high": {"zh": "区间上限", "en": "high end of the interval"},
    "share of peaks": {"zh": "最大值在该年的份额", "en": "share of peaks"},
    "sinks": {"zh": "碳汇", "en": "sinks"},
    "ccus": {"zh": "CCUS", "en": "CCUS"},
    "remaining": {"zh": "余量", "en": "remaining"},
    "e(CO2, GDP)": {"zh": "脱钩弹性", "en": "e(CO2, GDP)"},
    "e(CO2, energy)": {"zh": "减排弹性", "en": "e(CO2, energy)"},
    "e(energy, GDP)": {"zh": "节能弹性", "en": "e(energy, GDP)"},
    "state": {"zh": "状态", "en": "state"},
    "item": {"zh": "项目", "en": "item"},
    "value": {"zh": "数值", "en": "value"},
    "variant": {"zh": "检验", "en": "variant"},
    "n": {"zh": "年数", "en": "n"},
    "variance": {"zh": "方差", "en": "variance"},
    "exact": {"zh": "精确分布", "en": "exact"},
    "direction": {"zh": "方向", "en": "direction"},
    "slope": {"zh": "斜率", "en": "slope"},
    "confidence": {"zh": "置信水平", "en": "confidence"},
}
_FACTORS: dict[str, Bilingual] = {
    "population": {"zh": "人口", "en": "population"},
    "gdp_per_head": {"zh": "人均GDP", "en": "GDP per head"},
    "energy_intensity": {"zh": "能源强度", "en": "energy per GDP"},
    "carbon_per_energy": {"zh": "单位能耗碳排放", "en": "CO2 per energy"},
    "activity": {"zh": "经济规模", "en": "activity"},
    "structure": {"zh": "产业结构", "en": "structure"},
    "fuel_mix": {"zh": "能源结构", "en": "fuel mix"},
    "emission_factor": {"zh": "排放因子", "en": "emission factors"},
}
_EFFECT: Bilingual = {"zh": "{}效应", "en": "effect of {}"}
_INDEX: Bilingual = {"zh": "{}指数", "en": "index of {}"}


def said(name: str) -> Bilingual:
    """What a column is called: the effect of a factor, or its index where the name begins with D; else as it is."""
    factor = _FACTORS.get(name.removeprefix("D "))
    if factor is None:
        return WORDS.get(name, same(name))
    pattern = _INDEX if name.startswith("D ") else _EFFECT
    return in_both(lambda part: pattern[part].format(factor[part]))
