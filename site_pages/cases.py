"""The cases of a method: what is computed, what must come out, and where those figures come from.

Their input is left out: it is long, and stands in the file that is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._paper.markup import Html, join, tag
from carbonstd._yaml import load_text

from .layout import NONE, bilingual, folded, joined, names, table, words

_INPUTS = re.compile(r"(?ms)^inputs:.*?(?=^[a-z]|\Z)")
_FEW = 12
_HEADS = (
    {"zh": "算例", "en": "case"},
    {"zh": "应得结果", "en": "expected"},
    {"zh": "数值出处", "en": "where the figures come from"},
)


@dataclass(frozen=True)
class Case:
    name: Bilingual
    method: str
    source: str
    expect: Mapping[str, Any]
    file: str


def cases_of(header: Header, library: Library) -> list[Case]:
    """The cases written for an edition; one that names the family alone is told with the newest edition."""
    newest = library.editions(header.family, library.method_headers)[-1].id == header.id
    found = _cases(header.path.parent / "cases")
    return [case for case in found if case.method == header.id or (newest and case.method == header.family)]


def case_table(cases: list[Case], folder: str) -> Html | str:
    """The cases as a table, folded where there are many."""
    rows = [
        [
            join(bilingual(case.name), tag("br"), names([f"{folder}/cases/{case.file}"])),
            _expected(case.expect),
            case.source,
        ]
        for case in cases
    ]
    count = words(f"{len(cases)} 个算例", f"{len(cases)} cases")
    made = table(count, [bilingual(head) for head in _HEADS], rows)
    return folded(count, made) if len(cases) > _FEW else made


def _expected(expect: Mapping[str, Any]) -> Html:
    lines = [join(names([name]), f" = {value}") for name, value in (expect.get("values") or {}).items()]
    refused = [words("拒绝计算", "nothing is computed")] if expect.get("refused") else []
    codes = [item.get("code", "") if isinstance(item, Mapping) else str(item) for item in expect.get("findings") or ()]
    found = join(words("须有发现项", "must be found"), ": ", names(codes)) if codes else NONE
    others = [names([name]) for name in expect if name not in ("values", "refused", "findings", "absent")]
    return joined([*refused, *lines, found, *others], "; ")


@cache
def _cases(folder: Path) -> list[Case]:
    return [_case(path) for path in sorted(folder.glob("*.yaml"))]


def _case(path: Path) -> Case:
    data: Any = load_text(_INPUTS.sub("", path.read_text(encoding="utf-8")), str(path))
    named = data.get("name") or path.stem
    name = named if isinstance(named, Mapping) else {"zh": str(named)}
    return Case(name, str(data.get("method", "")), str(data.get("source", "")), data.get("expect") or {}, path.name)
