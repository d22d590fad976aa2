"""How far a verdict goes, in the report and wherever else it is said: only a formal comparison complies."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import carbonstd
from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._findings import Language
from carbonstd._report.report import report
from carbonstd._result.summary import summary
from carbonstd._result.verdict import Grade
from carbonstd._wording import GRADE_TEXT
from tests.pages import parsed, probe

KIND = """
title: Works
columns:
  name: {label: Name, kind: label}
  energy: {label: Energy, unit: kWh}
  output: {label: Output, unit: t}
"""
JUDGED = """
title: Judged
document: {number: JUDGED-2024, title: Judged}
regime: energy-limit
constants:
  bound: {value: 0.3, unit: kWh/t, evidence: CONSTANT}
sheets:
  works: {kind: works, columns: {name: , energy: , output: }}
equations:
  use: {label: Use, unit: kWh/t, evidence: EQUATION, expression: "sum(works.energy) / sum(works.output)"}
totals: {use: {label: Use, gas: ""}}
verdicts:
  use: {label: Use, indicator: use, limit: bound, unit: kWh/t, sense: at_most, clause: "4.1"}
"""


@pytest.mark.parametrize(
    ("constant", "equation", "period", "energy", "rank", "said"),
    [
        ("official", "official", "2025", 0.3, Grade.FORMAL, "符合"),
        ("official", "official", "2025", 0.4, Grade.FORMAL, "不符合"),
        ("official", "official", "2025-01..2025-06", 0.3, Grade.REFERENCE, "达到"),
        ("secondary", "official", "2025", 0.4, Grade.REFERENCE, "未达到"),
        ("official", "secondary", "2025", 0.3, Grade.REFERENCE, "达到"),
        ("official", "recalled", "2025", 0.3, Grade.NONE, "不作判定"),
    ],
)
def test_a_verdict_goes_as_far_as_its_evidence(
    tmp_path: Path, constant: str, equation: str, period: str, energy: float, rank: str, said: str
) -> None:
    text = JUDGED.replace("CONSTANT", constant).replace("EQUATION", equation)
    for name, content in (("shared/kinds/works", KIND), ("limits/judged/2024", text)):
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    library = Library((), (tmp_path,))
    rows = [{"name": "a", "energy": energy, "output": 1}]
    case = read_case({"method": "judged@2024", "period": period, "inputs": {"works": rows}}, library)
    result = carbonstd.run(case, of=library)
    assert result.verdicts[0].grade == rank
    cells = [cell.text for cell in parsed(report(result, "zh")).by_id("verdicts").all("tbody")[0].all("td")]
    assert cells[0] == f"{energy} kWh/t"
    assert cells[2] == "≤ 0.3"
    assert cells[4].split()[0] == said
    assert cells[5] == "4.1"
    card = parsed(report(result, "zh")).by_id("totals").all("div", "total")[1].text
    assert said in card
    assert f"{energy} kWh/t；限值 ≤ 0.3 kWh/t，余量 {'0' if energy == 0.3 else '-0.1'} kWh/t" in card
    printed = [line.text.split() for line in summary(result, "zh")]
    assert any(said in words for words in printed)
    assert result.as_dict()["verdicts"][0]["grade"] == rank
    result.to_excel(tmp_path / "result.xlsx", "zh")
    page = openpyxl.load_workbook(tmp_path / "result.xlsx").worksheets[0]
    (row,) = [[cell.value for cell in row] for row in page.iter_rows() if row[7].value == GRADE_TEXT[rank]["zh"]]
    assert row[6] == said
    for texts in ([" ".join(words) for words in printed], [str(cell) for cell in row]):
        complies = any("符合" in text and "不得" not in text for text in texts)
        assert complies == (rank is Grade.FORMAL)


LIMIT = """
title: {zh: 限额, en: Limit}
document: {number: JUDGED-2024}
clause: "4"
evidence: official
source: the text
INCOMPLETE
keys: {kind: {terms: {a: {zh: 甲, en: A}}}}
columns: {limit: {unit: kWh/t}}
rows: [{kind: a, limit: 0.3}]
"""


@pytest.mark.parametrize(("incomplete", "rank"), [("", Grade.REFERENCE), ("incomplete: correction k", Grade.NONE)])
def test_no_verdict_on_a_limit_without_its_correction(tmp_path: Path, incomplete: str, rank: Grade) -> None:
    """A user's own table never makes a formal comparison; one without its correction makes none at all."""
    text = JUDGED.replace("constants:\n  bound: {value: 0.3, unit: kWh/t, evidence: CONSTANT}\n", "")
    text = text.replace("limit: bound", "limit: \"limits['a'].limit\"").replace("EQUATION", "official")
    text = text.replace("sheets:\n", "tables: {limits: {table: limits/judged, select: in_force}}\nsheets:\n", 1)
    files = {"methods/shared/kinds/works": KIND, "methods/limits/judged/2024": text}
    dated = LIMIT.replace("JUDGED-2024}", "JUDGED-2024, in_force: 2024-01-01}")
    files["factors/limits/judged/2024"] = dated.replace("INCOMPLETE", incomplete)
    for name, content in files.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    library = Library((tmp_path / "factors",), (tmp_path / "methods",))
    rows = [{"name": "a", "energy": 0.3, "output": 1}]
    case = read_case({"method": "judged@2024", "period": "2025", "inputs": {"works": rows}}, library)
    assert carbonstd.run(case, of=library).verdicts[0].grade == rank


def test_levels_of_a_limit_are_shown() -> None:
    """236.25 x 1.12 / 28 = 9.45 against 7, 8 and 9 x 1.05 = 9.45: level 3 is met, and level 3 is required."""
    page = parsed(report(probe("probe-06-limit/cases/upper-band"), "en"))
    rows = [[cell.text for cell in row.all("td")] for row in page.by_id("verdicts").all("tbody")[0].all("tr")]
    assert [row[1] for row in rows] == ["level 1", "level 2", "level 3 (required)"]
    assert [row[2] for row in rows] == ["≤ 7", "≤ 8", "≤ 9.45"]
    assert [row[4].split(" for")[0] for row in rows] == ["not met", "not met", "met"]
    dash = parsed(report(probe("probe-12-negative-limit/cases/dash"), "en")).by_id("verdicts")
    assert [cell.text for cell in dash.all("tbody")[0].all("tr")[0].all("td")][2:4] == ["—", "—"]
    assert "no such level" in dash.text


def test_where_the_cells_used_were_seen_is_listed_once_in_the_language_of_the_reader() -> None:
    result = carbonstd.run(Path(__file__).parents[1] / "methods/limits/gb-21342/cases/2025-extended-beyond.yaml")
    words: dict[Language, tuple[str, str]] = {
        "zh": ("其作者对官方PDF的转录，", "transcription"),
        "en": ("transcription", "其作者对"),
    }
    for language, (seen, other) in words.items():
        section = parsed(report(result, language)).by_id("basis").text
        assert seen in section
        assert other not in section
    assert section.count("tools/build_first_batch.py") == 2  # five tables of corrections, and page 6 for the limits
