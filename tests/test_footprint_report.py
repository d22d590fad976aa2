"""The report of a footprint study: sections in order, what is lacking by name and clause, as document and page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import calculate
from carbonstd._errors import CaseError
from carbonstd._footprint.report import _outline, write
from carbonstd._result.result import Result
from carbonstd._wording import paper_title
from tests.pages import parsed

LIBRARY = Library()
CASES = Path(__file__).resolve().parent.parent / "methods" / "products"
_LATER = {"service_life"}  # columns of the kind that no method asks for yet
HOSTILE = "<script>alert(1)</script>"


def result(name: str = "gbt-24067/cases/report-one-stated", statements: tuple[str, ...] = ()) -> Result:
    case = read_case(CASES / f"{name}.yaml", LIBRARY)
    if statements:
        sheet = case.sheets["footprint_statement"]
        columns = {**sheet.columns, "text": list(statements)}
        case = replace(case, sheets={**case.sheets, "footprint_statement": replace(sheet, columns=columns)})
    return calculate(case, LIBRARY.method(case.method, case.period, case.as_of), LIBRARY)


def outline() -> dict[str, Any]:
    sections: dict[str, Any] = _outline()["sections"]
    return sections


def test_every_item_stands_in_one_section() -> None:
    told = [name for section in outline().values() for name in section.get("items", ())]
    assert sorted(told) == sorted(LIBRARY.vocabulary("footprint_report_items").terms)


def test_every_bucket_and_named_column_is_one_of_the_method() -> None:
    method = LIBRARY.method("gbt-24067")
    assert {line.bucket for line in method.lines if not line.total} == {
        bucket for section in outline().values() for bucket in section.get("lines", ())
    }
    for section in outline().values():
        for sheet, names in (*section.get("facts", {}).items(), *section.get("rows", {}).items()):
            known = {*method.sheets[sheet].columns, *method.equations, *_LATER}
            assert set(names) <= known
        assert set(section.get("figures", ())) <= method.equations.keys()


def test_the_checks_of_the_method_are_those_of_the_table() -> None:
    table = LIBRARY.table("products/footprint-report-items")
    asked = {
        f"report-{row.match['item']}".replace("_", "-"): table.cell(index, "clause").text
        for index, row in enumerate(table.rows)
        if table.cell(index, "given").text == "statement" and table.cell(index, "need").text != "occurs"
    }
    checks = {item.id: item.clause for item in LIBRARY.method("gbt-24067").checks if item.id.startswith("report-")}
    assert {name: clause for name, clause in checks.items() if name != "report-unwritten"} == asked


def test_sections_stand_in_order_and_what_lacks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    written = write(result(), path, "zh")
    page = path.read_text(encoding="utf-8")
    parsed(page)
    places = [page.index(f'<section id="{name.replace("_", "-")}"') for name in outline()]
    assert places == sorted(places)
    lacking = {item.values["item"]["en"]: item.clause for item in written.findings}
    assert lacking["Goal and intended use"] == "6.3.1; 7.3"
    assert lacking["Profiles of use and end of life, and what others would change"] == "6.3.7; 6.3.8; 7.3"
    assert "Recycled content and end of life" not in lacking
    assert "856.500 kgCO2e" in page


def test_a_full_report_lacks_only_its_product_rule(tmp_path: Path) -> None:
    written = write(result("gbt-24067/cases/report-all-stated"), tmp_path / "r.html", "en")
    assert [item.values["item"]["en"] for item in written.findings] == ["Product rule and edition"]


def test_the_document_has_headings_and_statements(tmp_path: Path) -> None:
    write(result(), tmp_path / "r.docx", "zh")
    made = docx.Document(str(tmp_path / "r.docx"))
    headings = [item.text for item in made.paragraphs if item.style is not None and item.style.name == "Heading 1"]
    assert headings == [section["heading"]["zh"] for section in outline().values()]
    page = made.sections[0]
    assert page.page_height is not None
    assert page.page_width is not None
    assert page.page_height > page.page_width
    assert "无再生料" in [item.text for item in made.paragraphs]
    air = made.tables[0].cell(0, 0).paragraphs[0].paragraph_format.space_before
    assert air  # without it a border cuts the characters in some readers


def test_pages_of_products_are_named_for_them() -> None:
    assert paper_title("report", "products", gases=True)["zh"] == "产品碳核算报告"
    assert paper_title("report", "enterprises", gases=True)["zh"] == "温室气体排放核算报告"


def test_what_is_typed_is_text(tmp_path: Path) -> None:
    write(result(statements=(HOSTILE,)), tmp_path / "r.html", "en")
    assert "<script" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_intervals_need_no_internal_input(tmp_path: Path) -> None:
    """A system of one process has no row of inputs, and its uncertainty none to divide."""
    write(result("gbt-24067/cases/purchase"), tmp_path / "r.html", "en")
    assert "No interval was computed" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_what_is_no_footprint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        write(result("footprint-label/cases/example-aluminium"), tmp_path / "r.html", "en")
    assert [item.code for item in caught.value.findings] == ["no-footprint"]
    assert not (tmp_path / "r.html").exists()
