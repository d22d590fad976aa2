"""A small simulated country from end to end: dirt ends as it must, and national figures are those of plain pandas."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import carbonstd
from benchmarks import country
from benchmarks.country_dirt import REFUSED, SAME
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Ledgers
from carbonstd._batch.outcome import Rows
from carbonstd._batch.run import run_alone
from carbonstd._batch.source import open_source
from carbonstd._batch.stack import run_stacks, same

ENTITIES, SEED = 36, 1
JOB = Job((), date(2026, 11, 26))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The country written by its script, and what the one command makes of it."""
    root = tmp_path_factory.mktemp("country")
    made = country.country(ENTITIES, SEED, 0.03)
    country.write(made, root / "in")
    (root / "truth.json").write_text(json.dumps(country.truth(made)), encoding="utf-8")
    carbonstd.batch("each", root / "in", root / "out", by=["province"])
    return root


@pytest.fixture(scope="module")
def truth(place: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((place / "truth.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def ledgers(place: Path) -> Ledgers:
    chunks = open_source(place / "in").chunks(10**9, place)
    return chunks[0].read(JOB.library(), JOB)


def table(place: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(place / "out" / f"{name}.parquet")


def accounted(place: Path) -> pd.Series:
    """The state of each entity under its accounting, the first of its methods."""
    return table(place, "entities").groupby("entity", sort=False)["state"].first()


def test_every_entity_without_dirt_is_done(place: Path, truth: dict[str, Any]) -> None:
    states = accounted(place)
    assert set(states[~states.index.isin(truth["dirt"])]) == {"done"}
    assert len(states) == ENTITIES


def test_every_kind_of_dirt_ends_as_it_must(place: Path, truth: dict[str, Any]) -> None:
    states, findings = accounted(place), table(place, "findings")
    serious = findings[findings["severity"] != "note"].groupby("entity").size()
    assert set(truth["dirt"].values()) == set(truth["outcomes"])
    for entity, kind in truth["dirt"].items():
        outcome = truth["outcomes"][kind]
        assert (states[entity] == "refused") == (outcome == REFUSED), (entity, kind)
        assert outcome == SAME or serious[entity], (entity, kind)


def test_the_national_sum_of_cement_is_that_of_plain_pandas(place: Path, truth: dict[str, Any]) -> None:
    """Of the clean ledgers: what was typed oddly must count as it was meant, what was refused must not count.

    Kiln coal: t x GJ/t x 0.02618 tC/GJ x 0.99 x 44/12; clinker 0.535 tCO2/t less 0.48, 0.245, 0.215, 0.135 and 0.055
    tCO2/t of substitutes; vehicles: diesel 42.652 x 0.0202, gasoline 43.07 x 0.0189, both x 0.98 x 44/12.
    """
    sheets = country.country(ENTITIES, SEED, 0).sheets
    states = accounted(place)
    less = {"carbide_slag": 0.48, "phosphogypsum": 0.245, "steel_slag": 0.215, "zinc_slag": 0.135, "red_mud": 0.055}
    per_tonne = {"diesel": 42.652 * 0.0202 * 0.98 * 44 / 12, "gasoline": 43.07 * 0.0189 * 0.98 * 44 / 12}
    coal, clinker = sheets["clinker_line_fuel"], sheets["clinker_line_output"]
    waste, cars = sheets["clinker_line_substitute"], sheets["fuel_combustion"].query("source == '车辆'")
    rows = [
        (coal, coal["consumption"] * coal["net_calorific_value"] * 0.02618 * 0.99 * 44 / 12),
        (clinker, clinker["output"] * 0.535),
        (waste, -waste["consumption"] * waste["material"].map(less)),
        (cars, cars["consumption"] * cars["fuel"].map(per_tonne)),
    ]
    by_entity = pd.concat(amounts.groupby(frame["entity"]).sum() for frame, amounts in rows).groupby("entity").sum()
    by_entity.index = by_entity.index.map(country.KEY.format)
    counted = by_entity[(states.reindex(by_entity.index) != "refused").to_numpy()]
    counted = counted[counted.index.map(truth["dirt"]) != "month without rows"]
    totals = table(place, "totals").query("method == 'cets-ag-02.01@2024' and id == 'total'")
    found = totals.set_index("entity")["value"].reindex(counted.index)
    assert ((found - counted).abs() / counted).max() < 1e-9
    summary = table(place, "summary").query("method == 'cets-ag-02.01@2024' and id == 'total' and by == ''")
    assert summary["sum"].sum() == pytest.approx(totals["value"].sum(), rel=1e-12)


def test_more_dirt_than_entities_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="no entity is left for"):
        country.country(150, 7, 0.4)


def test_methods_of_joint_cases_share_a_run(ledgers: Ledgers) -> None:
    """Each as it is alone, but who asks the accounting for a figure, which is handed over in a run of its own."""
    library = JOB.library()

    def alone(index: int, name: str) -> Rows:
        return run_alone(ledgers, index, name, JOB, library)

    found = run_stacks(ledgers, JOB, library, alone)
    for name, least in (("mee-industry-allowance", 7), ("gb-16780-clinker", 7)):
        places = [place for place, method in found if method == name]
        assert len(places) >= least
        assert all(same(found[place, name], alone(place, name)) for place in places)


def test_intensities_of_several_entities_are_never_added(place: Path) -> None:
    summary = table(place, "summary")
    added = set(summary.loc[summary["sum"].notna(), "unit"])
    assert "tCO2" in added
    assert not [unit for unit in added if "/" in unit or unit in ("1", "%")]
