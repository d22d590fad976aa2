"""Many entities in one run: each comes to exactly what it comes to alone, findings and the last bit included."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonstd._api import read_case
from carbonstd._batch import stack as _batch_stack
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head, Labels, Ledgers, together
from carbonstd._batch.outcome import Rows, rows_of
from carbonstd._batch.run import run_alone
from carbonstd._batch.sample import kinds, sample
from carbonstd._batch.stack import run_stacks, same
from carbonstd._case.case import Case, RawSheet, make_case
from carbonstd._engine.array import sums
from carbonstd._engine.calculate import Options, calculate
from carbonstd._engine.stack import stacked
from carbonstd._errors import CarbonstdError
from carbonstd._findings import finding
from carbonstd._naming import names_of

JOB = Job((), date(2026, 6, 30))
LIBRARY = JOB.library()
METHODS = Path(__file__).parent.parent / "methods"
MANY = 4  # cases of a family
FAMILIES = [  # sums by line and month, forms, models by row, verdicts over levels, tables that change inside the year
    "enterprises/gbt-32151.34",
    "enterprises/mee-power",
    "enterprises/cets-ag-03.01",
    "enterprises/mee-power-allowance",
    "enterprises/mee-industry-allowance",
    "enterprises/ndrc-steel",
    "limits/gb-16780-clinker",
]
DIRT: Sequence[Any] = (None, "12 furlong", "1,234.5", "不知道", -1, 0.5)


def together_and_alone(heads: Sequence[Head], method_id: str) -> tuple[int, int]:
    """How many of some entities shared a run, and how many had to be run alone; what they come to is compared."""
    ledgers, method = together(heads), LIBRARY.method(method_id)
    cases = [head.case for head in ledgers.heads if head.case]
    shared = alone = 0
    try:
        found = list(stacked(cases, *ledgers.of(range(len(heads))), method, LIBRARY, JOB.options))
    except CarbonstdError:  # an edition that is not held for this period, say: each is refused alone as well
        for number in range(len(heads)):
            assert not run_alone(ledgers, number, method_id, JOB, LIBRARY).get("totals")
        return 0, len(heads)
    for number, result in found:
        if result is None:
            alone += 1
            continue
        shared += 1
        rows = rows_of(ledgers.heads[number], result, names_of(result).findings(result.findings))
        assert same(rows, run_alone(ledgers, number, method_id, JOB, LIBRARY)), heads[number].entity
    return shared, alone


def groups(family: str) -> Mapping[tuple[Any, ...], list[Head]]:
    """Cases of a family, those that agree in method, period, day and assumptions together."""
    found: dict[tuple[Any, ...], list[Head]] = {}
    paths = sorted((METHODS / family / "cases").glob("*.yaml"))
    for path in paths[:: max(1, len(paths) // MANY)][:MANY]:
        case = read_case(path)
        try:
            method = LIBRARY.method(case.method, case.period, case.as_of)
        except CarbonstdError:
            continue
        if not case.also:
            found.setdefault((method.id, case.period, case.as_of, case.assumptions), []).append(Head(path.stem, case))
    return found


def soiled(head: Head, seed: int) -> Head:
    """A copy of an entity with one cell spoilt and one row typed twice, or with no row at all."""
    chance, case = random.Random(seed), head.case
    assert case is not None
    sheets: dict[str, RawSheet] = {}
    for name, raw in case.sheets.items() if seed % 4 else ():
        columns = {column: [*cells] for column, cells in raw.columns.items()}
        if columns and raw.rows and chance.random() < 0.5:
            columns[chance.choice(list(columns))][chance.randrange(raw.rows)] = chance.choice(DIRT)
        sheets[name] = RawSheet(columns, raw.place)
    return Head(f"{head.entity} {seed}", replace(case, sheets=sheets))


@pytest.mark.parametrize("family", FAMILIES)
def test_shared_as_alone(family: str) -> None:
    """Written cases side by side, each with a spoilt copy of it."""
    shared = 0
    for seed, ((method, *_), heads) in enumerate(groups(family).items()):
        copies = [soiled(head, seed + place) for place, head in enumerate(heads)]
        shared += together_and_alone([*heads, *copies, replace(heads[0], entity="again")], method)[0]
    assert shared >= 2


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["boiler", "kiln", "truck"]),
            "fuel": st.sampled_from(["anthracite", "diesel", "natural_gas", "煤"]),
            "month": st.sampled_from([None, "2025-01", "2025-02", "2025-12"]),
            "consumption": st.one_of(st.floats(0, 1e6), st.sampled_from([None, "12 t", "0.3", 0])),
            "oxidation_factor": st.sampled_from([None, 0.9, 98, 1]),
        }
    ),
    max_size=5,
)


@settings(max_examples=12, deadline=None)
@given(st.lists(ROWS, min_size=2, max_size=4))
def test_any_ledger(entities: list[list[dict[str, Any]]]) -> None:
    heads = [Head(f"E{number}", fuels(rows)) for number, rows in enumerate(entities)]
    if any(rows for rows in entities):
        together_and_alone(heads, "gbt-32151.34@2024")


def fuels(rows: Sequence[Mapping[str, Any]]) -> Case:
    names = ("source", "fuel", "month", "consumption", "oxidation_factor")
    columns = {name: [row[name] for row in rows] for name in names}
    head = {"method": "gbt-32151.34@2024", "period": "2025", "as_of": "2026-03-31"}
    return make_case(head, {"fuel": RawSheet(columns, lambda column, row: f"fuel[{row}].{column}")}, "")


def test_a_year_before_its_months_is_counted_twice() -> None:
    """A figure of the year and one of a month are refused in whichever order they stand."""
    year: dict[str, Any] = {
        "source": "kiln",
        "fuel": "diesel",
        "month": None,
        "consumption": 1,
        "oxidation_factor": None,
    }
    ledgers = together([Head("E", fuels([year, {**year, "month": "2025-01"}]))])
    told = run_alone(ledgers, 0, "gbt-32151.34@2024", JOB, LIBRARY)["findings"]
    assert "annual-and-monthly" in {row["code"] for row in told}


@given(st.lists(st.lists(st.floats(-1e9, 1e9), max_size=300), min_size=1, max_size=4))
def test_sums_to_the_last_bit(entities: list[list[float]]) -> None:
    """What numpy's own `.sum()` of each entity's values gives."""
    groups = np.repeat(np.arange(len(entities)), [len(values) for values in entities])
    found = sums(np.array([value for values in entities for value in values]), groups, len(entities))
    assert found.tolist() == [np.array(values, dtype=float).sum() for values in entities]


ROW = {"source": "kiln", "fuel": "diesel", "month": None, "consumption": 1.5, "oxidation_factor": None}


def plants(count: int) -> Ledgers:
    return together([Head(f"E{number}", fuels([ROW])) for number in range(count)])


def test_one_that_differs_sends_all_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure of a shared run that is not what the entity comes to alone: none of them is kept, and it is told."""
    ledgers, asked = plants(9), list[int]()

    def wrong(*arguments: Any) -> Rows:
        rows = rows_of(*arguments)
        rows["totals"][0]["value"] *= 1 + 1e-9
        return rows

    def alone(place: int, name: str) -> Rows:
        asked.append(place)
        return run_alone(ledgers, place, name, JOB, LIBRARY)

    assert len(run_stacks(ledgers, JOB, LIBRARY, alone)) == 9
    assert len(asked) == 3  # the least that are looked at again
    monkeypatch.setattr(_batch_stack, "rows_of", wrong)
    asked.clear()
    found = run_stacks(ledgers, JOB, LIBRARY, alone)
    assert sorted(asked) == list(range(9))
    assert {round(rows["totals"][0]["value"], 6) for rows in found.values()} == {round(first_total(ledgers), 6)}
    told = [row["code"] for rows in found.values() for row in rows["findings"]]
    assert told.count("stack-differs") == 1


def test_each_calls_its_sheet_as_it_likes() -> None:
    """One plant of four calls its sheet by the kind, the others by the id: all burn the same."""
    heads = [Head(f"E{number}", fuels([ROW])) for number in range(4)]
    [case] = [head.case for head in heads[2:3] if head.case]
    heads[2] = replace(heads[2], case=replace(case, sheets={"fuel_combustion": case.sheets["fuel"]}))
    ledgers = together(heads)

    def alone(place: int, name: str) -> Rows:
        return run_alone(ledgers, place, name, JOB, LIBRARY)

    found = run_stacks(ledgers, JOB, LIBRARY, alone)
    values = [
        (found.get((place, case.method)) or alone(place, case.method))["totals"][0]["value"] for place in range(4)
    ]
    assert values == [first_total(ledgers)] * 4
    assert values[0] > 0


def test_kinds_of_rows_are_looked_at_first() -> None:
    """One factor typed in, in one plant of 60; a month in another: both are among the three that are run alone too."""
    row = {"source": "kiln", "fuel": "diesel", "month": None, "consumption": 1.5, "oxidation_factor": None}
    cases = [[row]] * 60
    cases[17], cases[43] = [{**row, "oxidation_factor": 0.9}], [{**row, "month": f"2025-{m:02d}"} for m in range(1, 13)]
    ledgers = together([Head(f"E{number}", fuels(rows)) for number, rows in enumerate(cases)])
    found = sample(range(60), ledgers, kinds(ledgers))
    assert len(set(found)) == 3
    assert {17, 43} <= set(found)
    assert len(sample([17, 43], ledgers, kinds(ledgers))) == 2


def test_those_of_one_choice_share_a_run() -> None:
    """Four companies, two by the GWP of AR5 and two by AR6: two runs, each company by its own set."""
    case = read_case(METHODS / "enterprises/ghg-protocol/cases/biomass-wood.yaml")
    settings = case.sheets["settings"]

    def choosing(label: str) -> Case:
        chosen = RawSheet({**settings.columns, "gwp_set": [label]}, settings.place)
        return replace(case, sheets={**case.sheets, "settings": chosen})

    ledgers = together([Head(f"{number} {label}", choosing(label)) for number in "12" for label in ("ar5", "ar6")])
    found = run_stacks(ledgers, JOB, LIBRARY, lambda place, name: run_alone(ledgers, place, name, JOB, LIBRARY))
    assert len(found) == 4
    sets = [{row["gwp"] for row in found[place, case.method]["totals"]} for place in range(4)]
    assert sets == 2 * [{"gwp/ipcc-ar5@2013"}, {"gwp/ipcc-ar6@2021"}]
    assert not [row for rows in found.values() for row in rows["findings"] if row["code"] == "stack-differs"]


def test_a_fault_in_a_shared_run_is_told_and_each_is_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ledgers = plants(3)

    def broken(*_: Any) -> Rows:
        raise KeyError("kiln")

    monkeypatch.setattr(_batch_stack, "rows_of", broken)
    found = run_stacks(ledgers, JOB, LIBRARY, lambda place, name: run_alone(ledgers, place, name, JOB, LIBRARY))
    [(place, _)] = found  # the others are left to be run alone
    told = {row["code"]: row["message_en"] for row in found[place, "gbt-32151.34@2024"]["findings"]}
    assert place == 0
    assert "3 entities" in told["stack-failed"]
    assert "KeyError: 'kiln'" in told["stack-failed"]


def first_total(ledgers: Ledgers) -> float:
    value: float = run_alone(ledgers, 0, "gbt-32151.34@2024", JOB, LIBRARY)["totals"][0]["value"]
    return value


@pytest.mark.parametrize("name", ["gbt-2589/cases/example-plant", "energy-ledger/cases/example-works"])
def test_rows_in_any_order(name: str) -> None:
    """Whose labels come first in a shared run changes no bit of any sum over labels, and so no lock."""
    case = read_case(METHODS / "energy" / f"{name}.yaml")
    heads = [Head("as written", case), *(Head(f"{seed}", shuffled(case, random.Random(seed))) for seed in range(3))]
    ledgers, method = together(heads), LIBRARY.method(case.method, case.period, case.as_of)
    cases = [head.case for head in ledgers.heads if head.case]
    for number, result in stacked(cases, *ledgers.of(range(len(heads))), method, LIBRARY, JOB.options):
        assert result is not None
        rows = rows_of(ledgers.heads[number], result, names_of(result).findings(result.findings))
        alone = run_alone(ledgers, number, method.id, JOB, LIBRARY)
        told, told_alone = rows.pop("findings"), alone.pop("findings")
        assert rows == alone
        assert [row["code"] for row in told] == [row["code"] for row in told_alone]


def shuffled(case: Case, chance: random.Random) -> Case:
    sheets: dict[str, RawSheet] = {}
    for name, raw in case.sheets.items():
        order = chance.sample(range(raw.rows), raw.rows)
        sheets[name] = RawSheet({key: [cells[row] for row in order] for key, cells in raw.columns.items()}, raw.place)
    return replace(case, sheets=sheets)


def test_a_slice_of_labels_holds_the_cells_of_its_rows_alone() -> None:
    part = Labels(np.array([1, 2, -1, 0, 2]), ["a", "b", "c"])[1:]
    assert (part.codes.tolist(), part.categories) == ([1, -1, 0, 1], ["a", "c"])


def test_what_is_told_stands_in_the_order_of_the_sheets() -> None:
    """Both lack the products, one the materials too, a sheet before them: alone, the materials are told first."""
    case = read_case(METHODS / "enterprises/ndrc-steel/cases/full-plant.yaml")
    held = {name: raw for name, raw in case.sheets.items() if name != "product"}
    less = {name: raw for name, raw in held.items() if name != "material"}
    heads = [Head("a", replace(case, sheets=held)), Head("b", replace(case, sheets=less))]
    assert together_and_alone(heads, case.method) == (2, 0)


def test_what_nobody_has_seen_is_told_last() -> None:
    case = read_case(METHODS / "enterprises/mee-power/cases/appendix-a-2021.yaml")
    told = calculate(
        case,
        LIBRARY.method(case.method, case.period, case.as_of),
        LIBRARY,
        Options(allow_recalled=("fuels/mee-power",)),
    )
    more = told.with_findings([finding("accounting-refused", "x", method="y")])
    codes = [item.code for item in more.findings]
    assert codes.index("accounting-refused") < codes.index("recalled-allowed")
