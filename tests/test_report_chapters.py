"""Reports in the chapters of their documents: outlines, the page and the Word document, last year beside this one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

import carbonstd
from carbonstd._charts import as_plot as _chart_plot
from carbonstd._errors import CarbonstdError
from carbonstd._findings import finding
from carbonstd._paper import markup as _report_html
from carbonstd._report import report as _report
from carbonstd._report.outline import added, around, outline_of
from carbonstd._report.report import report
from tests.command_line import DIESEL, EXAMPLE, run, start_in, write
from tests.pages import figures, mapping, parsed

# 8 t of diesel by table C.1: 8 x 42.652 GJ/t x 0.0202 tC/GJ x 0.98 x 44/12 = 24.76727712 tCO2; 10 t are 30.9590964
LAST = DIESEL.replace("period: 2025", "period: 2024").replace("consumption: 10", "consumption: 8")
LAST_TOTAL, TOTAL = 24.76727712, 30.9590964


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def _missing(*_: Any) -> bytes:
    raise CarbonstdError(findings=[finding("plot-missing")])


def _opened(path: str | Path) -> Any:
    return docx.Document(str(path))


def _chapters(path: Path) -> list[str]:
    return [item.text for item in _opened(path).paragraphs if item.style.name == "Heading 1"]


def test_page_and_word_have_the_chapters_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chart_plot, "png", _missing)  # no matter here, and a second to import
    titles = [
        "一、企业基本情况",
        "二、温室气体排放",
        "三、活动数据及来源说明",
        "四、排放因子数据及来源说明",
        "五、其他希望说明的情况",
    ]
    case = write("case.yaml", DIESEL)
    for name in ("a.html", "a.docx"):
        assert run("calc", case, "--report", name, "--lang", "zh").exit_code == 0
    page = parsed(Path("a.html").read_text(encoding="utf-8"))
    titles = [
        "摘要",
        *titles,
        "检查与提示",
        "依据、声明和签署",
    ]  # the last two without a number: they are not the document's
    assert [item.text.split()[0] for item in page.all("h2")] == titles
    assert [item.text for item in page.all("nav")[0].all("a")] == titles
    assert "凭记忆" in page.by_id("summary").text
    assert _chapters(Path("a.docx")) == titles


def test_every_method_has_an_outline_of_known_blocks() -> None:
    shelf = carbonstd.library()
    outlines = {outline_of(shelf.method(name)).name for name in ("gbt-32151.1", "ndrc-cement", "mee-power", "gb-21342")}
    assert outlines == {"gbt-32151", "ndrc-guide", "own"}
    for name in ("gbt-32151.1", "ndrc-cement", "mee-power"):
        outline = outline_of(shelf.method(name))
        chapters = (*outline.chapters, *added())
        names = [block for chapter in chapters for block in chapter.blocks] + [*around()[0], *around()[1]]
        assert len(names) == len(set(names))
        assert set(names) <= _report._BLOCKS.keys()
        assert _report._BLOCKS.keys() - set(names) <= ({"remarks"} if outline.own else set())


def test_word_has_what_a_reader_needs() -> None:
    """Headings for the navigation pane, fonts for both scripts, heads of tables on every page, charts told in words."""
    carbonstd.run(EXAMPLE).to_word("a.docx", "zh")
    made = _opened("a.docx")
    text = "\n".join(item.text for item in made.paragraphs)
    assert "供核算和自查使用" in text
    assert "for accounting and self-check" not in text
    styles = {item.style.name for item in made.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Caption"} <= styles
    fonts = made.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    headed = [table for table in made.tables if table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None]
    assert len(headed) > 10
    told = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert len(told) == 3
    assert any("购入电力 106,661.27" in text for text in told)
    text = "\n".join(item.text for item in made.paragraphs)
    assert "Purchased electricity" not in text
    anchors = {item.get(qn("w:anchor")) for item in made.element.iter(qn("w:hyperlink"))}
    assert anchors <= {item.get(qn("w:name")) for item in made.element.iter(qn("w:bookmarkStart"))}
    across = [item.page_width > item.page_height for item in made.sections]
    assert across == [False, True, False]
    breaks = [item for item in made.paragraphs if item._p.xpath("w:pPr/w:sectPr")]
    assert [item.paragraph_format.line_spacing for item in breaks] == [Pt(1)] * 2  # after a full page: no blank one
    [lines] = [table for table in made.tables if table.rows[0].cells[0].text == "报告项" and len(table.columns) == 11]
    widths = {cell.text: cell.width.cm for cell in lines.rows[0].cells}
    assert widths["数值"] > 1.9  # eleven characters of 0.15 cm and the sides of the cell: 179,058.66 in one line
    assert widths["占比"] > 1.0


def test_word_has_the_intervals_beside_the_totals() -> None:
    result = run("calc", EXAMPLE, "--report", "a.docx", "--uncertainty", "--lang", "en")
    assert result.exit_code == 0
    totals = _opened("a.docx").tables[0]
    assert [cell.text for cell in totals.rows[0].cells] == ["Line", "Value", "Unit", "Remark"]


def test_every_text_asked_for_by_name_is_in_the_catalogue() -> None:
    """Names written out where `Words` is used: in the call itself, or in a tuple that a loop of calls goes through."""
    asked = {
        (path.name, name)
        for path in Path(carbonstd.__file__).parent.rglob("*.py")
        if "import" in (source := path.read_text(encoding="utf-8")) and " Words" in source
        for name in _named(ast.parse(source))
    }
    assert asked
    assert {(path, name) for path, name in asked if name not in _report_html._catalogue()} == set()


def _named(module: ast.Module) -> Iterator[str]:
    for part in (item for item in ast.walk(module) if isinstance(item, ast.FunctionDef)):
        tuples = {
            ast.unparse(item.targets[0]): item.value
            for item in ast.walk(part)
            if isinstance(item, ast.Assign) and isinstance(item.value, ast.Tuple)
        }
        for item in ast.walk(part):
            if isinstance(item, ast.Call) and _asks(item.func) and item.args:
                asked = item.args[1 if item.func.attr == "text_in" else 0]  # type: ignore[attr-defined]
                yield from _strings(asked)
            if isinstance(item, ast.ListComp | ast.GeneratorExp) and isinstance(item.elt, ast.Call):
                loop = item.generators[0]
                if _asks(item.elt.func) and ast.unparse(loop.target) in [ast.unparse(arg) for arg in item.elt.args]:
                    yield from _strings(tuples.get(ast.unparse(loop.iter), loop.iter))


def _asks(called: ast.expr) -> bool:
    """Whether a method of `Words` is called."""
    named = isinstance(called, ast.Attribute) and called.attr in ("text", "texts", "text_in", "both")
    return named and ast.unparse(called.value).split(".")[-1].startswith(("words", "Words"))  # type: ignore[attr-defined]


def _strings(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be: of a choice both, of a tuple all."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_strings(node.body), *_strings(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (name for item in node.elts for name in _strings(item))


def test_without_matplotlib_the_tables_stay_and_stderr_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chart_plot, "png", _missing)
    with pytest.warns(UserWarning, match="charts"):
        carbonstd.run(mapping(DIESEL)).to_word("a.docx", "en")
    told = run("calc", write("case.yaml", DIESEL), "--report", "b.docx").stderr
    assert told.count("charts-not-drawn") == told.count("carbonstd[plot]") == 1
    made = _opened("a.docx")
    assert not [item.text for item in made.paragraphs if "matplotlib" in item.text or "carbonstd[plot]" in item.text]
    assert any(cell.text == "30.9591" for table in made.tables for row in table.rows for cell in row.cells)


def test_rows_that_differ_by_the_month_are_one_quantity_and_one_range_of_factors() -> None:
    rows = "[{source: trucks, fuel: diesel, month: 1, consumption: 4, net_calorific_value: 42}, "
    rows += "{source: trucks, fuel: diesel, month: 2, consumption: 6, net_calorific_value: 43}]"
    case = mapping(DIESEL.replace("[{source: trucks, fuel: diesel, consumption: 10}]", rows))
    page = parsed(report(carbonstd.run(case), "en"))
    [row] = page.by_id("activity").all("tbody")[0].all("tr")
    assert figures(row) == [10.0]
    assert "trucks" in row.text
    assert "diesel" in row.text
    factors = [row for row in page.by_id("factors").all("tbody")[0].all("tr") if "Net calorific" in row.text]
    assert [figures(row) for row in factors] == [[42.0, 43.0]]
    assert "mean by Consumption (gas at 0 degC) 42.6" in factors[0].text  # (4 x 42 + 6 x 43)/10
    carbon = next(row for row in page.by_id("factors").all("tr") if "0.0202" in row.text)
    assert "GB/T 32151.34-2024 表C.1" in carbon.text


def test_steam_and_equations_can_be_followed() -> None:
    """Table C.5 at 250 degC: 2960.7 at 0.5 MPa, 2942.65 at 1 MPa; 2960.7 - 0.6 x 18.05 = 2949.87 at 0.8 MPa."""
    case = EXAMPLE.with_name("steam-superheated-both.yaml")
    page = parsed(report(carbonstd.run(case), "en"))
    [row] = [row for row in page.by_id("factors").all("tr") if "2,949.87" in row.text]
    for told in ("2025-01", "lower pressure, MPa 0.5", "upper pressure, MPa 1", "表C.5"):
        assert told in row.text
    [line] = [row for row in page.by_id("lines").all("tr") if "purchased_heat" in row.text]
    assert "(13) 5.2.6.2" in line.text
    assert any(
        "BGd * HM * EF3" in row.text and "as seen elsewhere" in row.text for row in page.by_id("equations").all("tr")
    )


def test_both_forms_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chart_plot, "png", _missing)
    case = write("case.yaml", DIESEL)
    assert run("calc", case, "--report", "a.html", "--report", "a.docx").exit_code == 0
    assert Path("a.html").exists()
    assert _chapters(Path("a.docx"))


class TestLastYear:
    def test_stands_beside_this_year(self) -> None:
        result = run("calc", write("a.yaml", DIESEL), "--last-year", write("b.yaml", LAST), "--report", "a.html")
        assert result.exit_code == 0
        change = parsed(Path("a.html").read_text(encoding="utf-8")).by_id("change")
        lines, quantities = change.all("tbody")
        for row in (row for row in lines.all("tr") if "Fossil fuel" in row.text):
            before, now, moved, relative = figures(row)
            assert (before, now) == pytest.approx((LAST_TOTAL, TOTAL), rel=1e-8)
            assert moved == pytest.approx(TOTAL - LAST_TOTAL, rel=1e-8)
            assert relative == pytest.approx(0.25)
        assert figures(quantities.all("tr")[0]) == pytest.approx([8, 10, 2, 0.25])
        assert change.all("svg", "chart")

    def test_of_another_enterprise_is_not_compared(self) -> None:
        other = write("b.yaml", LAST.replace("甲厂", "乙厂").replace("Works A", "Works B"))
        result = run("calc", write("a.yaml", DIESEL), "--last-year", other, "--report", "a.html")
        assert "last-year-other" in result.stderr
        assert result.exit_code == 1
        change = parsed(Path("a.html").read_text(encoding="utf-8")).by_id("change")
        assert not change.all("table")
        assert "last-year-other" in change.text

    def test_that_does_not_run_is_exit_1_too(self) -> None:
        broken = write("b.yaml", LAST.replace("fuel: diesel", "fuel: nothing"))
        result = run("calc", write("a.yaml", DIESEL), "--last-year", broken, "--report", "a.html")
        assert "last-year-refused" in result.stderr
        assert result.exit_code == 1

    def test_without_a_change_is_nothing_and_not_the_noise_of_a_sum(self) -> None:
        rows = "[{source: a, fuel: diesel, consumption: 0.1}, {source: b, fuel: diesel, consumption: 0.2}]"
        last = LAST.replace("[{source: trucks, fuel: diesel, consumption: 8}]", rows)
        case = DIESEL.replace("consumption: 10", "consumption: 0.3")  # 0.1 + 0.2 is 0.30000000000000004
        run("calc", write("a.yaml", case), "--last-year", write("b.yaml", last), "--report", "a.html")
        lines, quantities = parsed(Path("a.html").read_text(encoding="utf-8")).by_id("change").all("tbody")
        for row in (*lines.all("tr"), *quantities.all("tr")):
            cells = [cell.text for cell in row.all("td")]
            assert float(cells[-2]) == 0
            assert cells[-1] == "0.00%"

    def test_is_for_a_report(self) -> None:
        assert run("calc", write("a.yaml", DIESEL), "--last-year", write("b.yaml", LAST)).exit_code == 2
