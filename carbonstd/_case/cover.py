"""The cover of a case: what its name, credit code and industry say wrong. Nothing here stops a run."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Severity, finding
from carbonstd._industry import industry_fault

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z, which look like digits
_LENGTH = 18
_BLANKS = {"", "-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "N/A", "NA"}  # typed where there is nothing to say
# What a number may be beside a code: that of a standard with its year, a year, an edition.
_NO_CODE = re.compile(r"GB\s*/?\s*T?\s*\d+(?:\.\d+)?(?:\s*[-—–:]\s*\d+)?|\d+\s*[年版]", re.IGNORECASE)
_NAME: Bilingual = {"zh": "企业名称（中文）", "en": "Entity (Chinese name)"}

Fields = Mapping[str, tuple[Any, str]]  # entity.code and the like: what stands there, and where


def fields_of(entity: Mapping[str, Any], path: str) -> Fields:
    """The fields of a head that is no sheet; its lines are known where it was read from a file."""
    lines = getattr(entity, "lines", {})

    def place(name: str) -> str:
        return f"{path}:{int(lines[name])} entity.{name}" if lines.get(name) else f"{path} entity.{name}".strip()

    name = entity.get("name")
    said = {"entity.name.zh": (name.get("zh"), place("name"))} if isinstance(name, Mapping) else {}
    return said | {f"entity.{field}": (entity.get(field), place(field)) for field in ("code", "industry")}


def cover_findings(fields: Fields, named: Bilingual = _NAME) -> Iterator[Finding]:
    """Warnings of a blank Chinese name, and of a credit code or an industry that cannot be right; blanks are none."""
    texts = {name: ("" if value is None else str(value).strip(), place) for name, (value, place) in fields.items()}
    text, place = texts.get("entity.name.zh", ("-", ""))
    if not text:
        yield finding("name-missing", place, label=named)
    text, place = texts.get("entity.code", ("", ""))
    if not _is_blank(text):
        yield from _credit_code(text, place)
    text, place = texts.get("entity.industry", ("", ""))
    for code in () if _is_blank(text) else _industry_codes(text):
        wrong = industry_fault(code, place)
        if wrong is not None:
            yield replace(wrong, severity=Severity.WARNING)


def _is_blank(typed: str) -> bool:
    return unicodedata.normalize("NFKC", typed).strip().upper() in _BLANKS


def _industry_codes(typed: str) -> list[str]:
    """The codes of a cell; a name may stand with the code, and an enterprise may have several.

    Where some have the letter of their section, only those are judged.

    >>> _industry_codes("GB/T 4754-2017 C3011"), _industry_codes("C3011；2018年"), _industry_codes("3011 水泥制造")
    (['C3011'], ['C3011'], ['3011'])
    """
    text = unicodedata.normalize("NFKC", typed)
    rest = _NO_CODE.sub(" ", text).strip()
    codes = re.findall(r"(?<![A-Za-z])[A-Za-z]\d+", rest) or re.findall(r"[A-Za-z]?\d+", rest)
    return codes or ([rest] if rest == text.strip() else [])


def _credit_code(typed: str, place: str) -> Iterator[Finding]:
    """GB 32100-2015: eighteen signs, the last of which follows from the others."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()
    if code[:2].isalpha():
        return  # a number of another country (EORI, VAT)
    strange = "".join(dict.fromkeys(sign for sign in code if sign not in _SIGNS))
    if len(code) != _LENGTH or strange:
        told = {"zh": f"，其中有“{strange}”", "en": f", “{strange}” among them"} if strange else ""
        yield finding("credit-code-form", place, found=typed, length=len(code), strange=told)
    elif code[-1] != check_sign(code):
        yield finding("credit-code-check", place, found=typed, last=code[-1], expected=check_sign(code))


def check_sign(code: str) -> str:
    """The eighteenth sign: 31 less the sum of the seventeen, weighed by powers of 3, modulo 31."""
    weighed = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[: _LENGTH - 1]))
    return _SIGNS[-weighed % 31]
