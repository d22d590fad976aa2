"""Charts described once and drawn twice: what they say, what they draw, and what they refuse."""

import sys
import warnings
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import carbonstd
from carbonstd._charts import plot_font as _plot_font
from carbonstd._charts.as_plot import draw, png
from carbonstd._charts.as_svg import svg
from carbonstd._charts.chart import (
    Bar,
    Bars,
    Chart,
    Columns,
    Curve,
    Curves,
    Flow,
    Gauge,
    Gauges,
    Mark,
    Part,
    Series,
    Share,
    Shares,
    Stack,
    Stacks,
    Waterfall,
)
from carbonstd._charts.colours import COLOURS, INK, on
from carbonstd._charts.gauge_shapes import gauge_drawing
from carbonstd._charts.sankey import Link
from carbonstd._charts.shapes import Box, Told
from carbonstd._findings import Language
from carbonstd._result.charts import levels, panel_charts, verdict_gauge
from carbonstd._result.plot import _of_total
from carbonstd._result.verdict import Judgement, LevelVerdict
from carbonstd._result.waterfall import waterfall
from carbonstd.analysis.lmdi import lmdi
from carbonstd.analysis.pathway import Growth, pathway
from tests.test_calc_editions import BY_2021, BY_2022, POWER

ROOT = Path(__file__).parents[1]
CLINKER = ROOT / "methods/limits/gb-16780-clinker/cases/high-site.yaml"
A, B, C = {"zh": "甲", "en": "A"}, {"zh": "乙", "en": "B"}, {"zh": "丙", "en": "C"}


def fall(*steps: float) -> Waterfall:
    made = tuple(Bar(A, step, f"{step:+g}") for step in steps)
    return Waterfall("w", A, "t", Bar(B, 1000.0, "1,000"), made, Bar(C, 1000.0 + sum(steps), "x"))


MARKS = (Mark(B, 4.0, "4"), Mark(C, 6.0, "6", True))
CHARTS: list[Chart] = [
    Bars("bars", A, "t", (Bar(A, 30.0, "30"), Bar(B, -10.0, "-10"))),
    Columns("columns", A, "t", (A, B), (Series(A, "c0", (60.0, 50.0)), Series(B, "c1", (40.0, -20.0)))),
    fall(-50.0, 20.0),
    Gauges("gauges", A, (Gauge(A, 5.0, "5 t", True, MARKS, C, False, (B,)),) * 2),
    Curves("curves", A, "t", (Curve(A, ((2020, 1.0), (2022, 3.0))), Curve(B, ((2020, 2.0), (2022, -1.0))))),
    Shares("shares", A, (Share(A, "s-measured", 0.6), Share(B, "s-default", 0.4))),
    Stacks("stacks", A, (Stack(A, B, (Part(A, "l0", 3), Part(B, "l1", 7))),)),
    Flow("flow", A, "t", {"a": A, "b": B, "c": C}, (Link("a", "b", 3.0), Link("b", "c", 2.0), Link("a", "c", 1.0))),
]


def axes() -> Axes:
    return Figure(figsize=(7.2, 4), layout="constrained").add_subplot()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_is_drawn_both_ways_and_says_its_figures(chart: Chart, language: Language) -> None:
    drawn = ET.fromstring(f"<div>{svg(chart, language)}</div>")
    said = drawn.findtext(".//desc")
    assert said == chart.words(language)
    assert A[language] in said
    colours = {name for item in drawn.iter("rect") for name in [item.attrib["class"].split()[-1]]}
    assert colours <= set(COLOURS)
    assert draw(chart, language, axes()).get_title(loc="left").startswith(A[language])


class TestWaterfall:
    def test_changes_that_would_not_be_seen_break_the_scale_and_this_is_said(self) -> None:
        """1000, 950, 970: 50 of 1000; 50 below the lowest is 900, and a round figure already."""
        chart = fall(-50.0, 20.0)
        assert chart.levels == [1000.0, 950.0, 970.0]
        assert chart.base == 900.0
        assert "从 900 t 起，不从零开始" in svg(chart, "zh")
        assert svg(chart, "zh").count('class="break"') == 2
        assert "begins at 900 t, not at zero" in draw(chart, "en", axes()).get_xlabel()

    @pytest.mark.parametrize("steps", [(-500.0, 200.0), (-1200.0,)])
    def test_else_the_scale_begins_at_zero(self, steps: tuple[float, ...]) -> None:
        chart = fall(*steps)
        assert chart.base == 0.0
        assert not chart.note("en")
        assert "break" not in svg(chart, "en")

    def test_bars_stand_where_the_one_before_ends(self) -> None:
        """The steps of 1000, -500, +200 run from 1000 to 500 to 700, and the last bar from 0 to 700."""
        drawn = draw(fall(-500.0, 200.0), "en", axes())
        spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in drawn.patches]  # type: ignore[attr-defined]
        assert spans == [(0, 1000), (1000, 500), (500, 700), (0, 700)]

    def test_two_editions_differ_by_the_coal_default_alone(self, tmp_path: Path) -> None:
        case = tmp_path / "power.yaml"
        case.write_text(POWER, encoding="utf-8")
        found = carbonstd.compare_editions(case, "mee-power@2021", "mee-power@2022-12")
        drawn = found.plot("zh", axes())
        widths = [bar.get_width() for bar in drawn.patches]  # type: ignore[attr-defined]
        assert widths[1] == pytest.approx(BY_2022 - BY_2021)
        assert drawn.get_title(loc="left").startswith("不同版本之间的差异")
        assert [label.get_text() for label in drawn.get_yticklabels()][::2] == ["mee-power@2021", "mee-power@2022-12"]
        assert "0.03356 tC/GJ" in found._repr_html_()
        assert "--verbose" not in found._repr_html_()

    def test_what_no_line_tells_is_a_step_of_its_own(self) -> None:
        """A line is taken from one of two equal results: its change and what the totals tell cancel out."""
        result = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")
        other = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")
        other.__dict__["lines"] = tuple(item for item in other.lines if item.line.id != "fuel_combustion")
        chart = waterfall(other, result)
        fuel, rest = chart.steps
        assert fuel.value == pytest.approx(25957.61884)
        assert rest.value == pytest.approx(-fuel.value)
        assert rest.label["en"] == "not told by any line"
        assert chart.levels[-1] == pytest.approx(chart.end.value) == pytest.approx(chart.start.value)

    def test_without_another_result_or_with_another_kind_of_total_there_is_none(self) -> None:
        result, other = carbonstd.run(CLINKER), carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")
        with pytest.raises(carbonstd.CarbonstdError, match="plot-without-other"):
            other.plot("waterfall")
        with pytest.raises(carbonstd.CarbonstdError, match="plot-nothing"):
            other.plot("waterfall", other=result)


class TestGauge:
    def test_an_indicator_stands_among_its_levels(self) -> None:
        gauges = levels(carbonstd.run(CLINKER))
        assert gauges is not None
        drawn = axes()
        draw(gauges, "zh", drawn)
        told = " ".join(text.get_text() for text in drawn.texts)
        assert all(f"{level}级" in told for level in (1, 2, 3))

    def test_levels_without_a_figure_are_said_and_not_drawn(self) -> None:
        verdict = carbonstd.run(CLINKER).verdicts[0]
        unseen = LevelVerdict("1", Judgement.UNDECIDED)
        dash = LevelVerdict("2", Judgement.NO_LEVEL)
        held = LevelVerdict("3", Judgement.MET, Fraction(120), Fraction(2))
        gauge = verdict_gauge(replace(verdict, levels=(unseen, dash, held), required="3"))
        assert [(mark.limit, mark.decides) for mark in gauge.marks] == [(120.0, True)]
        assert [text["en"] for text in gauge.notes] == [
            "level 1: figure not seen, left out",
            "level 2: the standard has none (a dash), left out",
        ]

    def test_an_easier_level_that_is_missed_is_said_below(self) -> None:
        verdict = carbonstd.run(CLINKER).verdicts[0]
        pairs = (("1", Judgement.MET), ("2", Judgement.NOT_MET), ("3", Judgement.MET))
        levels_ = tuple(LevelVerdict(name, judged, Fraction(100)) for name, judged in pairs)
        [note] = verdict_gauge(replace(verdict, levels=levels_, required="3")).notes
        assert note["zh"] == "2级未达到，而更严的1级已达到：等级按达到的最严一级计"


class TestPlot:
    def test_columns_are_stacked_from_zero_up_and_down(self) -> None:
        drawn = draw(CHARTS[1], "en", axes())
        spans = [(bar.get_y(), bar.get_y() + bar.get_height()) for bar in drawn.patches]  # type: ignore[attr-defined]
        assert spans == [(0, 60), (0, 50), (60, 100), (0, -20)]
        assert drawn.get_ylim()[0] < -20

    def test_axes_of_a_reader_take_our_font_and_keep_their_legend(self) -> None:
        left, right = Figure().subplots(1, 2)
        draw(CHARTS[1], "zh", left)
        draw(CHARTS[5], "zh", right)
        assert [len(item.get_legend().get_texts()) for item in (left, right)] == [2, 2]
        assert left.title.get_fontfamily() == left.get_xticklabels()[0].get_fontfamily() == _plot_font.families()

    def test_the_sources_of_a_result_are_its_lines(self) -> None:
        result = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")
        drawn = result.plot(language="en", ax=axes())
        widths = [bar.get_width() for bar in drawn.patches]  # type: ignore[attr-defined]
        assert widths == pytest.approx([item.line.sign * item.value for item in result.lines if not item.line.memo])
        with pytest.raises(carbonstd.NotFoundError, match="sources, levels"):
            result.plot("source")

    def test_what_many_others_come_to_is_told_and_no_bar(self) -> None:
        """Two bars of 2 and 1 beside 298 others of 9000: a bar of these would leave slivers of the two."""
        chart = Bars("bars", A, "t", (Bar(B, 2.0, "2"), Bar(C, 1.0, "1")), Bar(A, 9000.0, "9,000"))
        drawn = draw(chart, "zh", axes())
        assert [bar.get_width() for bar in drawn.patches] == [2, 1]  # type: ignore[attr-defined]
        assert drawn.get_xlabel() == "甲共 9,000 t，未画条形。"
        assert "甲共 9,000 t，未画条形。" in svg(chart, "zh")

    def test_yearly_effects_are_stacked_and_their_sum_is_the_change(self) -> None:
        """The shipped region: 1000, 2000 and 1000 of CO2, so +1000 and -1000; effects below zero go down."""
        result = carbonstd.run(carbonstd.example("kaya-lmdi"))
        chart = panel_charts(result)["effects"]
        assert isinstance(chart, Columns)
        assert [column["en"] for column in chart.columns] == ["2019", "2020"]
        assert [up + down for up, down in zip(chart.above, chart.below, strict=True)] == pytest.approx([1000, -1000])
        assert len(chart.series) == 4
        assert result.plot(language="zh", ax=axes()).get_title(loc="left").startswith("各报告项")
        peak = carbonstd.run(carbonstd.example("carbon-peak"))
        assert peak.plot(language="zh", ax=axes()).get_title(loc="left").startswith("排放序列与口径")

    def test_a_title_says_which_unit_is_drawn_where_there_are_several(self) -> None:
        result = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")
        title = {"zh": "各排放源", "en": "By source"}
        made = [Bars("a", title, "tCH4", ()), Bars("b", title, "tCO2", ())]
        drawn = _of_total(made, result)
        assert drawn is not None
        assert drawn.title["en"] == "By source (lines in tCO2 only; lines in tCH4 are not drawn)"
        assert drawn.title["zh"] == "各排放源（仅 tCO2 的项；另有以 tCH4 计的项未画出）"

    def test_analyses_are_plotted(self) -> None:
        """One factor that doubles explains all of 100 to 200."""
        found = lmdi([2020, 2021], [100.0, 200.0], {"output": [10.0, 20.0], "intensity": [10.0, 10.0]})
        widths = [bar.get_width() for bar in found.plot(ax=axes()).patches]  # type: ignore[attr-defined]
        assert widths == pytest.approx([100, 100, 0, 200])
        named = lmdi([2020, 2021], [100.0, 200.0], {"population": [10.0, 20.0], "own factor": [10.0, 10.0]})
        labels = [label.get_text() for label in named.plot("zh", axes()).get_yticklabels()]
        assert labels == ["2020", "人口效应", "own factor", "2021"]
        assert "人口指数 index of population" in named._repr_html_()
        path = pathway(2020, 100.0, 2022, {"all": Growth([0.0, 0.0])}, draws=10)
        assert np.asarray(path.plot(ax=axes()).lines[0].get_ydata()).tolist() == [100.0, 100.0, 100.0]

    def test_a_picture_is_the_same_for_the_same_chart(self) -> None:
        assert png(CHARTS[0]).startswith(b"\x89PNG")
        assert png(CHARTS[0]) == png(CHARTS[0])

    def test_without_a_chinese_font_it_is_in_english_and_says_so_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_plot_font, "chinese_font", lambda: "")
        _plot_font._tell.cache_clear()
        with pytest.warns(UserWarning, match="Noto Sans CJK SC"):
            assert draw(CHARTS[0], "zh", axes()).get_title(loc="left") == "A (t)"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            draw(CHARTS[0], "zh", axes())

    def test_without_matplotlib_the_command_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(carbonstd.CarbonstdError, match=r"pip install \"carbonstd\[plot\]\""):
            draw(CHARTS[0])


def test_figures_on_colours_and_series_beside_each_other_can_be_told() -> None:
    """Bold figures at least 3 : 1 on every colour that carries them (WCAG 2, large text)."""

    def light(colour: str) -> float:
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in (int(to_hex(colour)[at : at + 2], 16) / 255 for at in (1, 3, 5))
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for name in [f"c{at}" for at in range(10)] + ["l0", "l1", "l2", "l3", "l4", "lnone", "lopen", "s-measured"]:
        low, high = sorted((light(COLOURS[name]), light(INK if "dark" in on(name) else "#ffffff")))
        assert (high + 0.05) / (low + 0.05) >= 3, name


def test_a_notebook_shows_what_is_subtracted_and_what_was_found() -> None:
    shown = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")._repr_html_()
    assert "− 输出电力 Exported electricity" in shown
    assert '<td style="text-align: right">179,058.66</td>' in shown
    assert "months-incomplete" in shown


class TestFrames:
    def test_units_stand_in_headings_where_asked_for(self) -> None:
        made = carbonstd.frame("fuels/gbt-32151.34", units=True)
        assert "oxidation_factor" in made
        assert any(str(name).startswith("carbon_content [tC/GJ") for name in made)
        assert set(made.attrs["units"]) <= set(made.columns)

    def test_a_trace_and_the_lines_carry_their_units(self) -> None:
        result = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/example.xlsx")
        plain, made = result.trace("fuel"), result.trace("fuel", units=True)
        assert "fuel_row_emissions [tCO2]" in made
        assert plain.attrs["units"]["fuel_row_emissions"] == "tCO2"
        frame = result.frame("zh")
        assert set(frame["unit"]) >= {"tCO2"}
        assert frame.loc[result.primary_line.id, "value"] == result.primary.value


def test_a_gauge_names_the_level_the_verdict_reaches() -> None:
    """124.08 of a coke works that must meet level 2, 124.07: corrections moved level 1 beyond it, to 126.57."""
    result = carbonstd.run(ROOT / "methods/limits/gb-21342/cases/2025-extended-beyond.yaml")
    (verdict,) = result.verdicts
    made = gauge_drawing(Gauges("g", A, (verdict_gauge(verdict),)), "zh").shapes
    assert verdict.reached is not None
    assert verdict.reached.level == "3"
    assert [item.text for item in made if isinstance(item, Told)][:4] == ["1级", "3级", "3级", "未达到"]
    assert [item.colour for item in made if isinstance(item, Box)][:4] == ["z0", "zless", "zless", "znone"]


def test_the_zones_of_a_gauge_are_named_and_shaded() -> None:
    """At most 4, 6 (required) and 9: the levels that meet it from pale to dark, an easier one, none."""
    marks = (Mark(A, 4.0, "4"), Mark(B, 6.0, "6", True), Mark(C, 9.0, "9"))
    for value, sense in ((5.0, True), (7.0, False)):
        limits = marks if sense else tuple(replace(mark, limit=13 - mark.limit) for mark in marks)
        made = gauge_drawing(Gauges("g", A, (Gauge(A, value, "v", sense, limits, C),)), "zh").shapes
        zones = [item.colour for item in made if isinstance(item, Box)][:-1]
        names = [item.text for item in made if isinstance(item, Told)][:4]
        expected = (["z0", "z1", "zless", "znone"], ["甲", "乙", "丙", "未达到"])
        assert (zones, names) == (expected if sense else tuple(item[::-1] for item in expected))
    shades = [[int(COLOURS[name][at : at + 2], 16) for at in (1, 3, 5)] for name in ("z0", "z1", "z2", "z3", "z4")]
    assert shades == sorted(shades, reverse=True)  # in grey too each is darker than the one before
