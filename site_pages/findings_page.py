"""The page of findings: every code that a run, a reading or a lint can report, what it says and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Severity, catalogue
from carbonstd._paper.markup import tag
from carbonstd._wording import SEVERITY_TEXT

from .layout import WORDS, Page, bilingual, table, words

PATH = "findings.md"
_VALUE = re.compile(r"\{[^}]*\}")  # what a finding fills in: a name, a number, a cell
_NOTE = {
    "zh": "程序报告的每一项都有代码，代码的含义不变。“…”处填入具体的数值和名称；"
    "位置（文件、表名!单元格或行）写在前面。在筛选框输入代码或文字即可查找。",
    "en": "What is reported has a code, whose meaning never changes. “…” stands for figures and names of the "
    "case; the place (file, sheet!cell or line) comes before it. Type a code or words into the filter to find one.",
}
_HEADS = (("代码", "code"), ("级别", "severity"), ("发现", "found"), ("应为", "expected"), ("怎样改", "how to mend"))


def findings_page() -> Page:
    rows = [_row(code, entry) for code, entry in catalogue().items()]
    caption = words(f"{len(rows)} 个代码", f"{len(rows)} codes")
    made = table(caption, [words(zh, en) for zh, en in _HEADS], rows, searched=True)
    return Page(PATH, "发现项 Findings", [tag("p", bilingual(_NOTE)), made])


def _row(code: str, entry: Mapping[str, Any]) -> list[object]:
    severity = bilingual(SEVERITY_TEXT[Severity(entry["severity"])])
    told = [WORDS.label(_open(entry[part])) if part in entry else "" for part in ("found", "expected", "remedy")]
    return [tag("code", code, id=code), severity, *told]


def _open(texts: Bilingual) -> Bilingual:
    return {language: _VALUE.sub("…", text) for language, text in texts.items()}
