"""The report forms of a case as a file, and what is to be said of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._forms.workbook import write_forms
from carbonstd._layout import Line
from carbonstd._output import replace_json
from carbonstd._result.formats import Written
from carbonstd._wording import EVIDENCE_TEXT

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result.result import Result


def write(result: Result, path: Path, language: Language) -> Written:
    """Write the forms of the result's method, or the common form where its own is not held."""
    filled = result.forms()
    if path.suffix.lower() == ".json":
        replace_json(path, filled.as_dict(language))
    else:
        write_forms(filled, path, language)
    count = len(filled.tables)
    said = {"zh": f"已写入 {count} 张报告表：{path}", "en": f"{count} report forms written: {path}"}
    seen = EVIDENCE_TEXT[filled.evidence] if filled.evidence else filled.source
    return Written(filled.findings, (Line(f"{filled.title[language]}: {seen[language]}"), Line(said[language])))
