"""The trace: one figure followed down to clause, table cell and input cell, and every value used as columns."""

import json
from pathlib import Path

import pytest

import carbonstd
from carbonstd._trace.explain import adds_up

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "methods/enterprises/gbt-32151.34/cases"
PROBES = ROOT / "tests/probes"


@pytest.fixture(scope="module")
def example() -> carbonstd.Result:
    return carbonstd.run(CASES / "example-plant.yaml")


@pytest.fixture(scope="module")
def calcination() -> carbonstd.Result:
    return carbonstd.run(CASES / "eq-06-calcination.yaml")


def probe(name: str) -> carbonstd.Result:
    library = carbonstd.library([PROBES / "factors"], [PROBES / "methods"])
    return carbonstd.run(next(PROBES.glob(f"methods/probes/{name}.yaml")), of=library)


def test_a_row_names_what_was_multiplied(calcination: carbonstd.Result) -> None:
    explanation = calcination.explain("calcination")
    row = explanation.step.steps[0].rows[0]
    # GB/T 32151.34-2024, 5.2.2: the symbols and figures of the case, in the order of the sheet's columns
    assert [(item.symbol, item.value, item.unit) for item in row.operands] == [
        ("GC", 100, "t"), ("WFC", 0.008, "tC/t"), ("WVar", 0.10, "1"), ("CC", 70, "t"), ("WFCC", 0.002, "tC/t"),
        ("WVarC", 0.02, "1"), ("UCC", 5, "t"), ("DU", 1, "t"), ("K1", 0.35, "tCH4/t"),
    ]  # fmt: skip
    assert row.value == pytest.approx(10.6535)  # [100 x 0.008 - 76 x 0.002] x 44/12 + 8.6 x 0.35 x 44/16
    assert {item.status for item in row.operands} == {"measured"}
    assert all("calcination[0]" in item.place for item in row.operands)


def test_a_step_carries_number_clause_and_printed_formula(calcination: carbonstd.Result) -> None:
    step = calcination.explain("EC").step.steps[0]
    assert (step.number, step.clause, step.evidence) == ("(6)", "5.2.2", "derived")
    assert step.formula == "(GC × WFC - (CC + UCC + DU) × WFCC) × 44/12 + (GC × WVar - CC × WVarC) × K1 × 44/16"


def test_a_formula_in_chinese_has_words_for_names_and_operators() -> None:
    result = carbonstd.run(ROOT / "methods/limits/gb-21342/cases/2025-extended-beyond.yaml")
    step = result.explain("energy_limit").step
    told = {item.id: item.formula_in_chinese for item in step.walk()}
    assert (
        "若 等级 属于（“1”、“3”） 且 焦炉炉龄 > 炉龄修正起点 则 限额增加值[焦炉炉龄]，否则 无修正"
        in told["energy_limit"]
    )
    assert told["fuel_correction"] == "限额增加值[焦炉，“混合煤气”] × 混合煤气加热时间占比"
    assert told["fuel_correction"] in result.explain("energy_limit").text("zh")
    assert "fuels[oven, “mixed_gas”].limit_addition" in result.explain("energy_limit").text("en")


def test_a_default_names_table_edition_row_and_clause(example: carbonstd.Result) -> None:
    rows = example.explain("purchased_electricity").step.steps[0].rows
    factor = next(item for item in rows[0].operands if item.symbol == "EF2")
    assert (factor.value, factor.status, factor.table, factor.table_row) == (
        0.5306, "carried", "electricity/mee-grid-average@data-2023", "national",
    )  # fmt: skip
    assert factor.evidence == "official"
    assert "W020251231726284332528.pdf" in factor.source["zh"]


def test_a_default_of_zero_is_not_laid_on_a_table(example: carbonstd.Result) -> None:
    """Non-fossil electricity counts as zero by the method, though the national row was looked up for every row."""
    rows = example.explain("purchased_electricity").step.steps[0].rows
    green = next(row for row in rows if "nonfossil_purchased" in row.key)
    factor = next(item for item in green.operands if item.symbol == "EF2")
    assert (factor.value, factor.table) == (0, "gbt-32151.34@2024")


def test_rows_come_largest_first_and_the_text_says_how_many_are_left(example: carbonstd.Result) -> None:
    explanation = example.explain("fuel_combustion")
    rows = explanation.step.steps[0].rows
    values = [row.value for row in rows]
    assert len(values) == 20
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(25957.62, abs=0.005)  # the case's expected figure
    assert "10 more rows" in str(explanation)
    assert "其余 18 行" in explanation.text("zh", rows=2)


def test_intermediate_equations_and_a_models_working_stand_in_the_row(example: carbonstd.Result) -> None:
    rows = example.explain("purchased_heat").step.steps[0].rows
    row = next(item for item in rows if "superheated" in item.key)
    # table C.5 at 1 MPa: 2920.5 at 240 degC, 2964.8 at 260 degC; half way at 250 degC
    symbol, value, unit = row.intermediate[0]
    assert (symbol, unit) == ("HM", "kJ/kg")
    assert value == pytest.approx(2942.65)
    assert dict(row.working)["h_t_low_p_low"] == pytest.approx(2920.5)


def test_a_total_reaches_every_equation_once(example: carbonstd.Result) -> None:
    steps = example.explain("total").step.walk()
    assert {step.id for step in steps if not step.repeated or step.value != step.value} >= {
        "total_emissions", "direct_emissions", "indirect_emissions", "gas_treatment_emissions", "fuel_row_emissions",
    }  # fmt: skip
    assert [step.number for step in steps[:2]] == ["(16)", "(14)"]


def test_an_explanation_is_data_text_and_html(example: carbonstd.Result) -> None:
    explanation = example.explain("purchased_heat")
    data = json.loads(json.dumps(explanation.as_dict()))
    assert data["step"]["steps"][0]["row_count"] == len(data["step"]["steps"][0]["rows"]) == 15
    assert len(explanation.as_dict(rows=3)["step"]["steps"][0]["rows"]) == 3
    page = explanation._repr_html_()
    assert page.startswith("<pre style=")
    assert 'monospace; overflow-x: auto">购入热力' in page


def test_a_name_nobody_knows_is_answered_with_the_nearest(example: carbonstd.Result) -> None:
    with pytest.raises(carbonstd.NotFoundError, match="baking"):
        example.explain("bakng")


@pytest.mark.parametrize(
    "name", ["probe-03-clinker/cases/floored", "probe-08-loop/cases/steel-and-power", "probe-06-limit/cases/exact-tie"]
)
def test_equations_by_axes_limits_and_models_explain_themselves(name: str) -> None:
    result = probe(name)
    for equation in result.method.equations:
        explanation = result.explain(equation)
        json.dumps(explanation.as_dict())
        assert explanation.label["zh"] in explanation.text("zh")


def test_a_default_is_cited_by_its_own_document_and_by_the_clause_that_takes_it(example: carbonstd.Result) -> None:
    """The grid factor: tables 1 to 3 of announcement 47 of 2025; the standard takes it by table C.3 and annex D."""
    explanation = example.explain("购入电力")
    factor = next(item for item in explanation.step.steps[0].rows[0].operands if item.symbol == "EF2")
    assert (factor.document, factor.clause) == ("公告2025年第47号", "附件 表1至表3")
    assert factor.default_clause == "表C.3、附录D"
    cited = "公告2025年第47号 附件 表1至表3 · 按 GB/T 32151.34-2024 表C.3、附录D 取用"
    assert cited in explanation.text("zh")
    operands = example.operands
    row = operands[(operands["sheet"] == "electricity") & (operands["table_row"] == "national")].iloc[0]
    assert (row["document"], row["clause"], row["default_clause"]) == (
        "公告2025年第47号",
        "附件 表1至表3",
        "表C.3、附录D",
    )
    assert row["table_column"] == "emission_factor"


def test_a_text_names_row_and_column_of_a_table_by_their_labels(example: carbonstd.Result) -> None:
    text = example.explain("fuel_combustion").text("zh", rows=None)
    assert "fuels/gbt-32151.34@2024 柴油 · 碳氧化率 · GB/T 32151.34-2024 表C.1" in text
    assert "厂内车辆柴油 / 柴油 / 2025-12" in text
    assert "其余" not in text  # all rows


def test_operands_have_a_row_for_every_value_used(calcination: carbonstd.Result) -> None:
    operands = calcination.operands
    assert list(operands["symbol"]) == ["GC", "WFC", "WVar", "CC", "WFCC", "WVarC", "UCC", "DU", "K1"]
    assert set(operands["status"]) == {"measured"}
    assert set(operands["source"]) == {"own_laboratory"}
    assert set(operands["evidence"]) == {"user"}


def test_operands_name_the_cell_a_default_came_from(example: carbonstd.Result) -> None:
    operands = example.operands
    diesel = operands[(operands["column"] == "net_calorific_value") & operands["key"].str.contains("diesel")]
    assert set(diesel["value"]) == {42.652}  # table C.1, diesel
    assert set(diesel["table"]) == {"fuels/gbt-32151.34@2024"}
    assert set(diesel["table_row"]) == {"diesel"}
    assert set(diesel["unit"]) == {"GJ/t"}
    gas = operands[(operands["column"] == "consumption") & operands["key"].str.contains("natural_gas")]
    assert set(gas["unit"]) == {"1e4 m^3"}
    constants = operands[operands["sheet"] == ""]
    assert "default_volatile_to_methane" in set(constants["column"])


def test_a_trace_of_a_sheet_holds_its_figures_beside_what_was_computed() -> None:
    """Two rows of diesel, the second with a measured heating value; table C.1: 42.652 GJ/t, 0.0202 tC/GJ, 98 %."""
    measured = {"source": "b", "fuel": "diesel", "consumption": 5, "net_calorific_value": 43.0, "data_source": "meter"}
    rows = [{"source": "a", "fuel": "diesel", "consumption": 10}, measured]
    case = {"method": "gbt-32151.34", "period": "2025", "as_of": "2026-03-31", "inputs": {"fuel": rows}}
    trace = carbonstd.run(case).trace("fuel")
    assert list(trace["net_calorific_value"]) == [42.652, 43.0]
    assert list(trace["net_calorific_value status"]) == ["default", "measured"]
    assert list(trace["net_calorific_value table row"].astype(object).fillna("")) == [
        "fuels/gbt-32151.34@2024 · diesel",
        "",
    ]
    assert list(trace["consumption unit"]) == ["t", "t"]
    computed = [10 * 42.652 * 0.0202 * 0.98 * 44 / 12, 5 * 43.0 * 0.0202 * 0.98 * 44 / 12]
    assert list(trace["fuel_row_emissions"]) == pytest.approx(computed, rel=1e-12)
    assert list(trace["fuel_row_emissions status"]) == ["default", "default"]
    with pytest.raises(ValueError, match="read-only"):  # the run's own figures
        trace.loc[0, "fuel_row_emissions"] = 12345.0


def test_a_value_entered_as_default_is_not_laid_on_the_table() -> None:
    """`data_source: default` says where the user took the figure from; the table did not answer for it."""
    diesel = {"fuel": "diesel", "consumption": 10, "net_calorific_value": 43, "data_source": "default"}
    case = {"method": "gbt-32151.34", "period": "2025", "as_of": "2026-03-31", "inputs": {"fuel": [diesel]}}
    operands = carbonstd.run(case).operands.set_index("column")
    assert operands.loc["net_calorific_value", "status"] == "default"
    assert operands.loc["net_calorific_value", "table"] == ""
    assert operands.loc["carbon_content", "table"] == "fuels/gbt-32151.34@2024"


def test_a_sum_made_by_an_equation_itself_shows_its_rows() -> None:
    explanation = probe("probe-03-clinker/cases/floored").explain("brought")
    addends = explanation.step.steps[0]
    # CaO of substitutes: 100 t x 0.28, 20 t x 0.5, 10 t x 0.5
    assert [row.value for row in addends.rows] == pytest.approx([28, 10, 5])
    assert [item.name for item in addends.rows[0].operands] == ["mass", "calcium_oxide"]
    clinker = probe("probe-03-clinker/cases/floored").explain("made").step.steps[0].rows[0]
    assert [(item.name, item.value) for item in clinker.operands] == [("clinker", 560), ("oxide_in_clinker", 0.5)]


def test_a_sum_shows_only_the_rows_it_takes() -> None:
    addends = probe("probe-11-mass-balance/cases/furnace").explain("carbon_in").step.steps[0]
    assert [row.key for row in addends.rows] == ["coke / in", "ore / in"]
    assert [row.value for row in addends.rows] == pytest.approx([9, 0.3])


@pytest.mark.parametrize(
    ("name", "equations"),
    [
        ("gbt-28750", ("coefficient", "coefficient_error")),
        ("gbt-36713", ("coefficient", "coefficient_error")),
        ("gbt-28750-comparison", ("off_rate", "on_rate")),
    ],
)
def test_what_drivers_of_other_units_give_is_never_added(name: str, equations: tuple[str, ...]) -> None:
    """tce a tonne of output and tce a degree day have one unit here, and no sum."""
    method = carbonstd.method(name)
    assert not [item for item in equations if adds_up(method, method.equations[item])]


@pytest.mark.parametrize(
    ("case", "figure"),
    [
        ("ccer-14-001/cases/example-afforestation", "project_removal"),  # a sum whose condition is on labels alone
        ("ccer-14-002/cases/example-mangroves", "project_removal"),  # rows that rest on a sum by stratum
    ],
)
def test_a_sum_of_a_sink_is_followed_to_its_rows(case: str, figure: str) -> None:
    assert carbonstd.run(ROOT / f"methods/projects/{case}.yaml").explain(figure).step.steps


def test_a_blank_sheet_is_blank_and_no_zero(calcination: carbonstd.Result) -> None:
    """The case has carbon calcined and nothing else: what is baked is not said to be 0."""
    total = calcination.explain("total")
    baking = next(step for step in total.step.walk() if step.id == "baking_emissions")
    assert baking.as_dict()["value"] is None
    assert f"= —  {baking.label['en']}  [5.2.3, derived, baking_emissions] (its sheets are blank)" in total.text("en")
    assert "0 tCO2" not in total.text("zh")
    assert "（工作表留空）" in calcination.explain("baking_emissions").headline("zh")


def test_the_rows_of_a_mean_are_not_called_addends() -> None:
    result = carbonstd.run(ROOT / "methods/energy/gbt-28750/cases/baseline-gap.yaml")
    explanation = result.explain("baseline_mean")
    [rows] = explanation.step.steps
    figures = [row.value for row in rows.rows]
    assert explanation.value == pytest.approx(sum(figures) / len(figures))
    assert rows.label["zh"] == "求平均的各行"
    assert rows.as_dict()["value"] is None  # and no sum of them
    assert "together" not in explanation.text("en", 2)


def test_a_constant_of_another_document_is_not_cited_under_the_methods_number() -> None:
    """Table 15 is of the verification guide CETS-VG-01.01, which the guide of 2022 does not contain."""
    used = carbonstd.run("methods/enterprises/mee-power/cases/appendix-a-2021.yaml").operands
    [[document, clause]] = used[used["column"] == "feed_enthalpy"][["document", "clause"]].drop_duplicates().to_numpy()
    assert (document, clause) == ("", "CETS-VG-01.01 表15")
