"""The forms in which a calculated case is handed on, each by the module that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carbonstd._findings import Finding, Language
    from carbonstd._layout import Line
    from carbonstd._result.result import Result


@dataclass(frozen=True)
class Written:
    """What is to be said of a file that was written: findings first, then lines."""

    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class CaseFormat:
    """A form, the suffixes it may have, and its writer, `module.write(result, path, language) -> Written`.

    The writer raises CaseError where the result cannot be given in this form; the old file is then untouched.
    """

    suffixes: tuple[str, ...]
    module: str
    writer: str = "write"

    def write(self, result: Result, path: Path, language: Language) -> Written:
        """Write the file. The module is imported here: start-up must not pay for what is not asked."""
        written: Written = getattr(import_module(self.module), self.writer)(result, path, language)
        return written


CASE_FORMATS: dict[str, CaseFormat] = {
    "forms": CaseFormat((".xlsx", ".json"), "carbonstd._forms.export"),
    "footprint-report": CaseFormat((".docx", ".html"), "carbonstd._footprint.report"),
    "pact-2.3": CaseFormat((".json",), "carbonstd._pact.export", "write_2_3"),
    "pact-3.0": CaseFormat((".json",), "carbonstd._pact.export", "write_3_0"),
    "openlca": CaseFormat((".zip",), "carbonstd._openlca.export"),
    "cbam-report": CaseFormat((".xlsx",), "carbonstd._cbam.report"),
    "cbam-template": CaseFormat((".xlsx",), "carbonstd._cbam.template"),
}
