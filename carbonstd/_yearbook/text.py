"""What was read of a yearbook's energy balance and what is left to fill in, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._layout import Line
from carbonstd._yearbook.yearbook import Yearbook

_TEXTS: dict[str, Bilingual] = {
    "head": {"zh": "由 {file} 读入 {year} 年能源平衡表", "en": "Energy balance of {year} from {file}"},
    "read": {
        "zh": "{figures} 个数，{lines} 行，{energies} 个品种",
        "en": "{figures} figures, {lines} lines, {energies} energies",
    },
    "left": {
        "zh": "仍须填写：核算设定（口径、折标准煤系数用法）；没有缺省值的燃料参数；未见原文的表在“假定”中接受",
        "en": "Left to fill in: settings (practice, set of coal equivalents); parameters of fuels without a default; "
        "tables that were not seen are accepted among the assumptions",
    },
}


def yearbook_lines(found: Yearbook, library: Library, language: Language) -> Iterator[Line]:
    """The size of what was read, its energies, and what the yearbook cannot know."""
    sheet = found.case.sheets["balance"].columns
    yield Line(_TEXTS["head"][language].format(file=found.path.name, year=found.case.period), "head")
    lines = len(set(sheet["line"]))
    counts = {"figures": len(sheet["quantity"]), "lines": lines, "energies": len(found.energies)}
    yield Line(f"  {_TEXTS['read'][language].format(**counts)}")
    words = library.vocabulary("balance_columns").terms
    yield Line("  " + ("、" if language == "zh" else ", ").join(words[name].label(language) for name in found.energies))
    yield Line(_TEXTS["left"][language])
