"""A footprint handed on as a PACT document, held against the fields of its version before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._errors import CaseError
from carbonstd._findings import has_errors
from carbonstd._layout import Line
from carbonstd._naming import names_of, refused
from carbonstd._output import replace_json
from carbonstd._pact.check import check
from carbonstd._pact.facts import facts_of
from carbonstd._pact.fields import Version, version
from carbonstd._pact.footprint import Footprint
from carbonstd._pact.rules import judge
from carbonstd._pact.write import document
from carbonstd._result.formats import Written
from carbonstd._wording import PACT_NOTICE

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result.result import Result


def write_3_0(result: Result, path: Path, language: Language) -> Written:
    return _write(result, path, language, version("3.0"))


def write_2_3(result: Result, path: Path, language: Language) -> Written:
    return _write(result, path, language, version("2.3"))


def _write(result: Result, path: Path, language: Language, asked: Version) -> Written:
    """Write the footprint, or raise CaseError with all that stands in the way."""
    facts, lacking = facts_of(result, asked)
    faults = [*refused(result), *names_of(result).findings(lacking)]
    if faults:
        raise CaseError(findings=faults)
    made = document(facts, asked)
    place = f"{path.name} $"
    found = check(made, asked, place)
    if has_errors(found):
        raise CaseError(findings=found)
    replace_json(path, made)
    zh, en = f"已写入 PACT {asked.id} 产品碳足迹：{path}", f"PACT {asked.id} product footprint written: {path}"
    said = {"zh": zh, "en": en}
    told = (*found, *judge(Footprint(made, asked, place)))
    return Written(told, (Line(said[language]), Line(PACT_NOTICE[language])))
