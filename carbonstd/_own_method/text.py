"""Which methods are a plant's own, as lines of text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._findings import Language
from carbonstd._layout import Line
from carbonstd._number import shown
from carbonstd._own_method.rule import EnergyUser, Own, Rule, Size, State
from carbonstd._wording import EVIDENCE_TEXT

_STATES: dict[State, Bilingual] = {
    State.ASKED: {"zh": "适用", "en": "asked"},
    State.ASKED_IF: {"zh": "符合条件即适用", "en": "asked if the condition holds"},
    State.LIKELY: {"zh": "可能适用", "en": "likely"},
    State.OPEN: {"zh": "未给出排放量，不能判断", "en": "not decided: emissions are not given"},
    State.FREE: {"zh": "没有规模门槛", "en": "has no threshold"},
    State.UNLIKELY: {"zh": "可能不适用", "en": "unlikely"},
    State.NOT_ASKED: {"zh": "未达门槛，不要求", "en": "below the threshold, not asked"},
}
_COUNTED: dict[str, Bilingual] = {
    "direct": {"zh": "直接排放", "en": "direct emissions"},
    "total": {"zh": "温室气体排放", "en": "greenhouse gas emissions"},
}
_TEXTS: dict[str, Bilingual] = {
    "head": {
        "zh": "{industry} · {year}年排放 {emissions} tCO2e · 能耗 {energy} tce",
        "en": "{industry} · emissions of {year}: {emissions} tCO2e · energy {energy} tce",
    },
    "threshold": {"zh": "年{counted}达到 {from_} tCO2e", "en": "{counted} of {from_} tCO2e a year"},
    "about": {"zh": "（约 {energy} tce）", "en": " (about {energy} tce)"},
    "condition": {"zh": "条件：{text}", "en": "if: {text}"},
    "industries": {"zh": "行业 {text}", "en": "industries {text}"},
    "years": {"zh": "排放年度 {text}", "en": "years {text}"},
    "list": {"zh": "名录年度 {text}", "en": "list of {text}"},
    "decides": {"zh": "名录由{year}年度的排放决定", "en": "the emissions of {year} decide the list"},
    "undecided": {
        "zh": "名录由哪一年度的排放决定未见：只按给出的排放量推断",
        "en": "which year's emissions decide the list was not seen: a guess from those given",
    },
    "energy_only": {"zh": "只按能耗推断", "en": "a guess from energy alone"},
    "inferred": {
        "zh": "文件没有指明方法，由本程序推断",
        "en": "the document does not name the method: concluded by this package",
    },
    "no_rule": {"zh": "该年度未见要求用它的文件", "en": "no document was seen that asks for it in that year"},
    "reached": {
        "zh": "重点用能单位（{label}）：达到 {energy} tce",
        "en": "key energy user ({label}): reaches {energy} tce",
    },
    "below": {
        "zh": "重点用能单位（{label}）：未达 {energy} tce",
        "en": "key energy user ({label}): below {energy} tce",
    },
}
_say = partial(worded, _TEXTS)


def own_lines(
    found: Sequence[Own], users: Sequence[EnergyUser], industry: str, plant: Size, language: Language
) -> Iterator[Line]:
    """The answer for a reader: each method with whose it is, the condition, and the document with its evidence."""
    values = {"industry": industry, "year": plant.year}
    yield Line(
        _say("head", language, emissions=_amount(plant.emissions), energy=_amount(plant.energy), **values), "head"
    )
    for item in found:
        yield Line(f"{item.header.id}  {item.header.title[language]}", "strong")
        if not item.told:
            yield Line(f"  {_say('no_rule', language)}", "quiet")
        for state, rule in item.told:
            yield Line(f"  {rule.label[language]}: {_STATES[state][language]}")
            guess = state in (State.LIKELY, State.UNLIKELY) and plant.emissions is None
            told = [_say("energy_only", language)] if guess else []
            yield from (Line(f"    {text}", "quiet") for text in (*told, *_reasons(rule, language)))
    for user in users:
        level = "reached" if user.reached else "below"
        yield Line(_say(level, language, label=user.label[language], energy=_amount(user.energy)))
        yield Line(f"    {user.document} {user.clause} · {EVIDENCE_TEXT[user.evidence][language]}", "quiet")


def describe_own(found: Sequence[Own], users: Sequence[EnergyUser], industry: str, plant: Size) -> dict[str, Any]:
    """The answer as plain data: what `--json` prints."""
    return {
        "schema": 1, "industry": industry, "year": plant.year, "emissions": _plain(plant.emissions),
        "energy": _plain(plant.energy),
        "methods": [
            {
                "id": item.header.id, "title": dict(item.header.title), "state": item.state and str(item.state),
                "rules": [_rule(state, rule) for state, rule in item.told],
            }
            for item in found
        ],
        "key_energy_user": [
            {
                "label": dict(user.label), "energy_from": float(user.energy), "reached": user.reached,
                "document": user.document, "clause": user.clause, "evidence": user.evidence,
            }
            for user in users
        ],
    }  # fmt: skip


def _reasons(rule: Rule, language: Language) -> Iterator[str]:
    if rule.emissions is not None:
        from_ = _amount(rule.emissions)
        text = _say("threshold", language, counted=_COUNTED[rule.counted][language], from_=from_)
        about = _say("about", language, energy=_amount(rule.energy)) if rule.energy is not None else ""
        codes = _say("industries", language, text=", ".join(rule.industries))
        yield f"{text}{about} · {codes}"
    if rule.condition is not None:
        yield _say("condition", language, text=rule.condition[language])
    if rule.listed:
        decides = "undecided" if rule.decided_by is None else "decides"
        yield _say(decides, language, year=rule.decided_by)
    years = " · " + _say("list" if rule.listed else "years", language, text=rule.years) if rule.years else ""
    yield f"{rule.document} {rule.clause} · {EVIDENCE_TEXT[rule.evidence][language]}{years}"
    if rule.named == "inferred":
        yield _say("inferred", language)


def _rule(state: State, rule: Rule) -> dict[str, Any]:
    return {
        "obligation": rule.obligation, "label": dict(rule.label), "state": str(state),
        "industries": list(rule.industries), "years": rule.years or None,
        "listed": rule.listed, "decided_by": rule.decided_by, "emissions_from": _plain(rule.emissions),
        "counted": rule.counted, "energy_about": _plain(rule.energy),
        "condition": dict(rule.condition) if rule.condition else None, "methods_named_by": rule.named,
        "document": rule.document, "clause": rule.clause, "evidence": rule.evidence, "source": dict(rule.source),
    }  # fmt: skip


def _amount(value: Fraction | None) -> str:
    """Every digit that was typed, so that what is below a threshold is not shown as reaching it."""
    return "—" if value is None else shown(value, 15)


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
