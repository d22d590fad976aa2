"""The report page: figures of the result, nothing from outside, text that stays text, and a browser that prints it."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._alike import alike
from carbonstd._case.case import Assumption
from carbonstd._charts.chart import nice_ticks
from carbonstd._definitions.line_words import bucket_text
from carbonstd._errors import CaseError
from carbonstd._naming import names_of
from carbonstd._paper.markup import css_string, stylesheet, tag
from carbonstd._report.report import report
from carbonstd._result.result import Result
from carbonstd._result.statement import disclaimers
from tests.command_line import DIESEL, EXAMPLE, EXAMPLE_TOTALS, TWICE, run, start_in, write
from tests.pages import LIBRARY, PROBES, ROOT, Element, figures, mapping, parsed, probe


@pytest.fixture(scope="module")
def result() -> Result:
    return carbonstd.run(EXAMPLE)


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
def page(result: Result, language: Any) -> Element:
    return parsed(report(result, language))


class TestPage:
    def test_nothing_comes_from_outside(self, page: Element) -> None:
        names = {item.name for item in page.walk()}
        assert not names & {"script", "link", "img", "iframe", "object", "embed", "image", "use", "form"}
        attributes = {key for item in page.walk() if item.name != "a" for key in item.attributes}
        ids = {item.attributes.get("id") for item in page.walk()}
        assert all(item.attributes.keys() == {"href"} and item.attributes["href"][1:] in ids for item in page.all("a"))
        assert not {key for key in attributes if key in ("src", "href", "style") or key.startswith(("on", "xlink"))}
        styles = "".join(item.text for item in page.all("style"))
        assert not re.search(r"url\(|@import|expression|https?:", styles)
        policy = next(item for item in page.all("meta") if "http-equiv" in item.attributes)
        assert policy.attributes["content"].startswith("default-src 'none'")

    def test_the_same_result_gives_the_same_page(self, result: Result, language: Any) -> None:
        assert report(result, language) == report(carbonstd.run(EXAMPLE), language)

    def test_the_chosen_language_comes_first(self, page: Element, language: Any) -> None:
        assert page.all("html")[0].attributes["lang"] == {"zh": "zh-CN", "en": "en"}[language]
        first, second = ("温室气体排放核算报告", "Greenhouse gas account")[:: 1 if language == "zh" else -1]
        assert page.all("h1")[0].text == f"{first} {second}"
        assert page.all("h1")[0].all("span")[0].attributes["lang"] == {"zh": "en", "en": "zh-CN"}[language]
        other = "购入电力" if language == "en" else "Purchased electricity"
        assert other in page.by_id("lines").text

    def test_who_what_and_by_which_document(self, page: Element) -> None:
        text = "".join(page.by_id(name).text for name in ("facts", "boundary", "method"))
        for part in ("示例炭素股份有限公司", "91000000000000001N", "2025", "2026-03-31", "GB/T 32151.34-2024"):
            assert part in text
        assert "gbt-32151.34@2024" in text
        assert "2024-08-23" in text  # issued
        assert "法人企业" in text

    def test_totals_are_those_of_the_document_and_the_main_one_is_large(self, page: Element) -> None:
        shown = [float(item.text.replace(",", "")) for item in page.by_id("totals").all("data")]
        assert sorted(shown) == sorted(EXAMPLE_TOTALS.values())
        assert "main" in page.by_id("totals").all("div", "total")[0].attributes["class"]
        assert shown[0] == EXAMPLE_TOTALS["total"]

    def test_every_figure_of_the_lines_is_the_results(self, page: Element, result: Result) -> None:
        language = "zh" if page.all("html")[0].attributes["lang"] == "zh-CN" else "en"
        lines = page.by_id("lines").all("table", "lines")[0]
        assert figures(lines.all("tbody")[0]) == [item.value for item in result.lines]
        assert figures(lines.all("tfoot")[0]) == [item.value for item in result.total_lines]
        for row, item in zip(lines.all("tbody")[0].all("tr"), result.lines, strict=True):
            cells = [cell.text for cell in row.children if isinstance(cell, Element)]
            assert item.line.id in cells[0]
            assert float(cells[2].replace(",", "")) == pytest.approx(item.value, abs=0.005)
            assert (cells[1], cells[3]) == (item.line.gas, item.unit)
            bucket = bucket_text(item.line.bucket)[language]
            assert (cells[6], cells[7], cells[8]) == (item.line.scope, bucket, item.line.iso)

    def test_the_chart_by_source_turns_what_is_subtracted_to_the_left(self, page: Element, result: Result) -> None:
        chart = page.by_id("lines").all("svg", "chart")[0]
        less = {float(item.attributes["x"]) + float(item.attributes["width"]) for item in chart.all("rect", "less")}
        more = {float(item.attributes["x"]) for item in chart.all("rect", "c0")}
        assert len(chart.all("rect", "less")) == sum(item.line.sign < 0 for item in result.lines) == 2
        assert len(more) == 1
        assert all(abs(end - start) < 0.02 for end in less for start in more)  # both begin at zero
        assert [item.text for item in chart.all("text", "value")][-2:] == ["-699.48", "-1,715.42"]

    def test_shares_and_largest(self, page: Element, result: Result) -> None:
        shares = page.by_id("shares")
        shown = [item.text.rsplit(" ", 1)[1] for item in shares.all("li")]
        expected = ("measured", "entered", "default", "carried", "assumed")
        assert shown == [f"{result.shares[name]:.1%}" for name in expected]
        widths = [float(item.attributes["width"]) for item in shares.all("svg", "chart")[0].all("rect")]
        assert sum(widths) == pytest.approx(720, abs=0.1)
        assert figures(page.by_id("largest")) == [item.value for item in result.largest()]

    def test_findings_stand_with_place_and_remedy(self, page: Element, result: Result, language: Any) -> None:
        warnings = page.all("table", "of-warning")[0].all("tbody")[0].all("tr")
        expected = alike(item for item in result.findings if str(item.severity) == "warning")
        assert 0 < len(warnings) == len(expected) < sum(entry.count for entry in expected)
        for row, entry in zip(warnings, expected, strict=True):
            item = entry.first
            cells = [cell.text for cell in row.children if isinstance(cell, Element)]
            named = names_of(result).finding(item)
            assert cells[0].startswith(item.code)
            assert named.place_text(language).endswith(cells[1])
            assert cells[2].startswith(named.found(language))
            assert (str(len(entry.others)) in cells[2].removeprefix(named.found(language))) == bool(entry.others)
            assert named.remedy(language) in cells[3]
        notes = page.all("table", "of-note")[0].text
        assert "example-plant.yaml:101 electricity_exported[0].electricity 2025-0" in notes
        assert str(ROOT) not in page.text

    def test_notes_alike_are_told_once_and_counted(self, page: Element, result: Result) -> None:
        rows = [row.text for row in page.all("table", "of-note")[0].all("tr") if row.text.startswith("read-as")]
        others = [int(found[1] or found[2]) for row in rows if (found := re.search(r"另有 (\d+) 条|(\d+) more", row))]
        assert len(rows) + sum(others) == sum(item.code == "read-as" for item in result.findings) > len(rows)

    def test_editions_with_evidence(self, page: Element) -> None:
        rows = {row.text for row in page.by_id("basis").all("tbody")[0].all("tr")}
        grid = next(row for row in rows if "electricity/mee-grid-average@data-2023" in row)
        assert "公告2025年第47号" in grid
        assert re.search("官方文本 1|official 1", grid)
        assert re.search("沿用|carried over", grid)
        steam = next(row for row in rows if "heat/gbt-32151.34-saturated-steam@2024" in row)
        assert re.search("转引 140|secondary 140", steam)  # 70 rows of temperature and enthalpy

    def test_what_was_not_seen_is_named(self, page: Element, result: Result) -> None:
        rows = page.by_id("unseen").all("tbody")[0].all("tr")
        assert [row.children[0].text for row in rows] == ["(6)", "(6)", "(7)", "(7)", "(8)", "(8)"]  # type: ignore[union-attr]
        errata = page.by_id("errata").all("tbody")[0].all("tr")
        assert len(errata) >= len(result.method.errata)
        assert "AFh = AFV x HV" in page.by_id("errata").text
        assert "probably 3271.8" in page.text or "疑为 3271.8" in page.text  # a table's own slip

    def test_the_statement_stands_in_both_languages(self, page: Element) -> None:
        said = {item.attributes["lang"]: item.text for item in page.by_id("statement").all("p")}
        zh, en = said["zh-CN"], said["en"]
        assert "供核算和自查使用；不构成核查意见、监察结论、配额决定或认证" in zh
        assert "no verification opinion, supervision finding, allowance decision or certification" in en
        assert "转引（二手来源）" in zh
        assert "transcribed (secondary)" in en
        assert "(6) 5.2.2、(7) 5.2.3、(8) 5.2.4" in zh
        assert "(6) 5.2.2; (7) 5.2.3; (8) 5.2.4" in en

    def test_signature_lines_are_empty(self, page: Element) -> None:
        rules = page.by_id("signatures").all("span", "rule")
        assert len(rules) == 5
        assert all(not rule.children for rule in rules)


class TestAccess:
    """A page that a screen reader can tell."""

    def test_headings_go_down_by_one(self, page: Element) -> None:
        levels = [item.name for item in page.walk() if re.fullmatch(r"h\d", item.name)]
        assert levels[0] == "h1"
        assert all(int(after[1]) - int(before[1]) <= 1 for before, after in pairwise(levels))
        assert set(levels[1:]) == {"h2", "h3"}

    def test_tables_have_captions_and_scoped_headings(self, page: Element) -> None:
        assert len(page.all("table")) >= 6
        for item in page.all("table"):
            assert item.all("caption")[0].text.strip()
            assert all(cell.attributes["scope"] == "col" for cell in item.all("thead")[0].all("th"))
            for row in item.all("tbody")[0].all("tr"):
                assert [cell.attributes.get("scope") for cell in row.all("th")] == ["row"]
            widths = {len([cell for cell in row.walk() if cell.name in ("th", "td")]) for row in item.all("tr")}
            assert len(widths) == 1

    def test_charts_say_their_figures(self, page: Element) -> None:
        ids = [item.attributes["id"] for item in page.walk() if "id" in item.attributes]
        assert len(ids) == len(set(ids))
        assert len(page.all("svg", "chart")) == 3
        for chart in page.all("svg", "chart"):
            assert chart.attributes["role"] == "img"
            for name in chart.attributes["aria-labelledby"].split():
                assert page.by_id(name).text
        assert "106,661.27" in page.by_id("source-0-words").text

    @pytest.mark.parametrize("name", ["ink", "pale", "blue", "red", "green"])
    def test_text_has_contrast(self, name: str) -> None:
        """4.5 : 1 (WCAG 2, AA) on white and on the tint of headings."""
        colours = dict(re.findall(r"--(\w+): (#\w{6})", stylesheet()))
        assert all(_contrast(colours[name], ground) >= 4.5 for ground in ("#ffffff", colours["tint"]))


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


NASTY = "<script>alert(\"x\")</script></style></title> & '甲' {}"


class TestText:
    def test_whatever_is_typed_stays_text(self, language: Any) -> None:
        case = mapping(DIESEL)
        case["entity"] = {"name": NASTY, "code": "<b>1</b>", "<i>": "<u>"}
        case["inputs"]["fuel"][0]["source"] = NASTY
        made = report(carbonstd.run(case), language)
        assert "<script" not in made
        assert made.count("</style") == 1
        page = parsed(made)
        assert page.all("p", "entity")[0].text == NASTY
        assert page.all("title")[0].text.startswith(NASTY)
        assert "<u>" in page.by_id("facts").text

    def test_a_string_of_css_cannot_be_left(self) -> None:
        assert css_string('a"</style>\\\n') == '"a\\22 \\3c \\2f style\\3e \\5c \\a "'
        assert len(css_string("甲" * 100)) < 80

    def test_markup_is_escaped_by_construction(self) -> None:
        assert tag("td", '<&"', class_="n", hidden=False, scope=None) == '<td class="n">&lt;&amp;&quot;</td>'
        assert tag("td", tag("b", "x"), title='"') == '<td title="&quot;"><b>x</b></td>'


def test_figures_of_each_unit_or_product_stand_in_a_table_of_their_axis() -> None:
    result = probe("probe-08-loop/cases/steel-and-power")
    tables = parsed(report(result, "en")).by_id("by-axis").all("table", "by-axis")
    held = [item for item in result.method.equations.values() if len(result._run.equation(item.id).frame.axes) == 1]
    shown = {value for table in tables for value in figures(table)}
    assert shown
    assert shown <= {value for item in held for value in result.values(item.id).values()}


def test_no_column_of_blanks_and_no_row_by_month_for_what_was_not_reported() -> None:
    case = mapping(DIESEL.replace("consumption: 10}", "month: 3, consumption: 123456789}"))
    page = parsed(report(carbonstd.run(case), "en"))
    months = page.by_id("months").all("table", "months")
    assert [len(table.all("tbody")[0].all("tr")) for table in months] == [1] * len(months)
    assert len(months) == 2  # figures too wide for twelve months side by side
    assert "e+" not in page.by_id("months").text
    lines = [row.text for row in page.by_id("lines").all("table", "lines")[0].all("tbody")[0].all("tr")]
    assert sum("not reported" in row for row in lines) == len(lines) - 1
    energy = parsed(report(probe("probe-11-mass-balance/cases/furnace"), "en"))
    assert not energy.all("table", "lines")
    heads = parsed(report(probe("probe-02-gas-by-row/cases/leakage"), "en")).all("table", "lines")
    assert all(any(cell.text for cell in row.all("td")) for table in heads for row in table.all("tr")[1:])


def test_every_shape_of_a_method_gives_a_page_without_faults() -> None:
    """Whatever the method has: no lines, several units, gases by row, models, memo lines, verdicts."""
    for path in PROBES.glob("**/cases/*.yaml"):
        try:
            result = carbonstd.run(path, of=LIBRARY)
        except CaseError:
            continue
        for language in ("zh", "en"):
            page = parsed(report(result, language))
            shown = figures(page.by_id("totals"))
            assert sorted(shown) == sorted(item.value for item in result.total_lines)


def test_recalled_tables_accepted_for_a_run_stand_with_reason_and_name() -> None:
    result = carbonstd.run(mapping(DIESEL), options=carbonstd.Options(allow_recalled=("fuels/gbt-32151.34@2024",)))
    result.case.assumptions = (Assumption("electricity/mee-grid-average", "no newer figure", "Li Lei"),)
    rows = parsed(report(result, "en")).by_id("accepted").all("tbody")[0].all("tr")
    assert [[cell.text for cell in row.walk() if cell.name in ("th", "td")] for row in rows] == [
        ["electricity/mee-grid-average", "no newer figure", "Li Lei"],
        ["fuels/gbt-32151.34@2024", "given on the command line", "—"],
    ]


def test_errors_are_said_beside_the_total() -> None:
    page = parsed(report(carbonstd.run(mapping(TWICE)), "en"))
    assert "do not use this result" in page.by_id("totals").all("p", "failed")[0].text
    assert "check-failed" in page.all("table", "of-error")[0].text


def test_what_a_kind_of_result_is_not() -> None:
    class Kind:
        def __init__(self, level: str, regime: str = "") -> None:
            self.level, self.regime = level, regime
            self.equations: dict[str, object] = {}

    said = {level: list(disclaimers(Kind(level))) for level in ("enterprises", "regions", "projects", "products")}  # type: ignore[arg-type]
    assert said == {
        "enterprises": [],
        "regions": ["not_region"],
        "projects": ["not_project"],
        "products": ["not_product"],
    }
    assert list(disclaimers(Kind("enterprises", "ccer"))) == ["not_project"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 16568, [0, 5000, 10000, 15000, 20000]),
        (-30, 180, [-50, 0, 50, 100, 150, 200]),
        (-2.5e-7, 0, [-2.5e-7, -2e-7, -1.5e-7, -1e-7, -5e-8, 0]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_ticks_are_round_and_hold_zero(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high) == pytest.approx(ticks)


class TestWriting:
    @pytest.fixture(autouse=True)
    def _in_an_empty_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        start_in(tmp_path, monkeypatch)

    def test_beside_another_output_and_said_what_to_open(self) -> None:
        result = run("calc", EXAMPLE, "--report", "out.html", "-o", "out.json", "--lang", "zh")
        assert result.exit_code == 0
        assert "打开 out.json\n  打开 out.html" in result.stdout
        assert sorted(path.name for path in Path().iterdir()) == ["out.html", "out.json"]
        assert parsed(Path("out.html").read_text(encoding="utf-8")).all("html")[0].attributes["lang"] == "zh-CN"

    def test_a_failed_check_is_exit_1_and_the_page_is_written(self) -> None:
        result = run("calc", write("case.yaml", TWICE), "--report", "out.html")
        assert result.exit_code == 1
        assert Path("out.html").exists()

    def test_unusable_input_is_exit_2_and_the_old_page_stays(self) -> None:
        broken = write("case.yaml", DIESEL.replace("consumption: 10", "consumption: ten"))
        old = write("out/report.html", "the old page")
        assert run("calc", broken, "--report", old).exit_code == 2
        assert old.read_text() == "the old page"
        assert list(old.parent.iterdir()) == [old]

    @pytest.mark.parametrize(
        ("error", "code"),
        [(OSError(28, "No space left"), "output-refused"), (PermissionError(13, "in use"), "output-open")],
    )
    def test_a_page_that_cannot_be_replaced_leaves_the_old_one(
        self, monkeypatch: pytest.MonkeyPatch, error: OSError, code: str
    ) -> None:
        old = write("out/report.html", "the old page")

        def refuse(self: Path, target: Path) -> None:
            raise error

        monkeypatch.setattr(Path, "replace", refuse)
        result = run("calc", write("case.yaml", DIESEL), "--report", old)
        assert result.exit_code == 2
        assert code in result.stderr
        assert old.read_text() == "the old page"
        assert list(old.parent.iterdir()) == [old]

    @pytest.mark.parametrize("name", ["out.pdf", "missing/out.html", "case.yaml"])
    def test_a_wrong_place_is_refused_before_anything_is_computed(self, name: str) -> None:
        case = write("case.yaml", DIESEL)
        assert run("calc", case, "--report", name).exit_code == 2
        assert case.read_text(encoding="utf-8") == DIESEL


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

if BROWSER:  # a bonus where there is a browser; nothing to skip where there is none

    def test_a_browser_prints_it_and_the_month_table_lies_across(tmp_path: Path, result: Result) -> None:
        result.to_html(tmp_path / "report.html", "zh")
        pdf = tmp_path / "report.pdf"
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path}",
        ]
        command = [str(BROWSER), *options, f"--print-to-pdf={pdf}", (tmp_path / "report.html").as_uri()]
        subprocess.run(command, capture_output=True, timeout=120, check=True)
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf.read_bytes())
        across = [float(width) > float(height) for width, height in boxes]
        assert 8 <= len(boxes) <= 18
        assert 1 <= sum(across) <= 2
