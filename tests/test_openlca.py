"""openLCA JSON-LD: the zip is complete, and its matrix, solved here, gives the figures of the case."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import carbonstd
from carbonstd._errors import CaseError
from carbonstd._result.formats import CASE_FORMATS
from carbonstd._yaml import load_file
from tests.command_line import ROOT, run

CASES = ROOT / "methods/products/gbt-24067/cases"
REMOVED = ("biogenic, removed", "displaced by co-products")  # inputs
COUNTED = ("fossil", "biogenic", "direct land-use change", "aircraft", *REMOVED)


def entities(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def exported(folder: Path, case: str) -> tuple[dict[str, Any], Any]:
    result = carbonstd.run(CASES / f"{case}.yaml")
    path = folder / f"{case}.zip"
    CASE_FORMATS["openlca"].write(result, path, "en")
    return entities(path), result


def references(data: Any) -> Iterator[tuple[str, str]]:
    """Every reference below a data set: type and id."""
    if isinstance(data, dict):
        if "@id" in data:
            yield data["@type"], data["@id"]
        for value in data.values():
            yield from references(value)
    elif isinstance(data, list):
        for item in data:
            yield from references(item)


def inventory(held: dict[str, Any]) -> dict[str, float]:
    """kg of each elementary flow that the demand calls for: every product of a process is a column of its own."""
    processes = [item for name, item in held.items() if name.startswith("processes/")]
    [system] = [item for name, item in held.items() if name.startswith("product_systems/")]
    columns = [
        (process, exchange)
        for process in processes
        for exchange in process["exchanges"]
        if not exchange["isInput"] and not exchange["flow"]["name"].startswith("CO2 equivalents")
    ]
    place = {exchange["flow"]["@id"]: number for number, (_, exchange) in enumerate(columns)}
    technosphere = np.zeros((len(columns), len(columns)))
    emitted: list[dict[str, float]] = []
    for number, (process, reference) in enumerate(columns):
        factors = {item["product"]["@id"]: item["value"] for item in process.get("allocationFactors", [])}
        share = factors.get(reference["flow"]["@id"], 1.0)
        technosphere[number, number] = reference["amount"]
        emitted.append({})
        for exchange in process["exchanges"]:
            known, amount = exchange["flow"]["@id"], share * exchange["amount"]
            if known in place and exchange["isInput"]:
                technosphere[place[known], number] -= amount
            elif known not in place:
                name = exchange["flow"]["name"].removeprefix("CO2 equivalents, ")
                emitted[number][name] = emitted[number].get(name, 0) + (-amount if exchange["isInput"] else amount)
    [reference_process] = [item for item in processes if item["@id"] == system["refProcess"]["@id"]]
    [wanted] = [e for e in reference_process["exchanges"] if e["internalId"] == system["refExchange"]["internalId"]]
    demand = np.zeros(len(columns))
    demand[place[wanted["flow"]["@id"]]] = system["targetAmount"]
    scale = np.linalg.solve(technosphere, demand)
    found: dict[str, float] = {}
    for runs, flows in zip(scale, emitted, strict=True):
        for name, value in flows.items():
            found[name] = found.get(name, 0.0) + float(runs) * value
    return found


# By hand in the cases: a loop 9 387.755..., the window of nine processes, each allocation, a credit, an idle process.
SOLVED = ["loop", "declared", "allocation-mass", "allocation-energy", "allocation-value", "allocation-own-share"]


@pytest.mark.parametrize("case", [*SOLVED, "allocation-expansion", "window", "idle"])
def test_the_exported_matrix_gives_the_footprint_of_the_case(tmp_path: Path, case: str) -> None:
    held, result = exported(tmp_path, case)
    expected = load_file(CASES / f"{case}.yaml")["expect"]["values"]["footprint"]
    found = inventory(held)
    total = sum(value for name, value in found.items() if name in COUNTED)
    assert total == pytest.approx(float(expected.split()[0]), rel=1e-9)
    assert total == pytest.approx(result.value("footprint").value, rel=1e-12)


def test_categories_stand_apart(tmp_path: Path) -> None:
    """Of declared.yaml, by hand there; removals are an input."""
    found = inventory(exported(tmp_path, "declared")[0])
    assert found == pytest.approx(
        {"fossil": 4350, "aircraft": 20, "direct land-use change": 10, "biogenic": 16, "biogenic, removed": -60}
    )


@pytest.mark.parametrize("case", ["declared", "allocation-mass"])
def test_every_reference_leads_to_a_data_set_or_a_unit_of_one(tmp_path: Path, case: str) -> None:
    held, _ = exported(tmp_path, case)
    assert held.pop("olca-schema.json") == {"version": 2}
    known = {(item["@type"], item["@id"]) for item in held.values()}
    known |= {("Unit", unit["@id"]) for item in held.values() for unit in item.get("units", [])}
    assert set(references(list(held.values()))) <= known
    assert all(name.endswith(f"/{item['@id']}.json") for name, item in held.items())
    for name, item in held.items():
        if name.startswith("processes/"):
            exchanges = item["exchanges"]
            assert [exchange["internalId"] for exchange in exchanges] == list(range(1, len(exchanges) + 1))
            assert sum(exchange["isQuantitativeReference"] for exchange in exchanges) == 1


def test_links_lead_to_the_exchange_that_takes_the_product(tmp_path: Path) -> None:
    held, _ = exported(tmp_path, "loop")
    [system] = [item for name, item in held.items() if name.startswith("product_systems/")]
    processes = {item["@id"]: item for name, item in held.items() if name.startswith("processes/")}
    assert len(system["processLinks"]) == 2
    for link in system["processLinks"]:
        taken = processes[link["process"]["@id"]]["exchanges"][link["exchange"]["internalId"] - 1]
        assert (taken["flow"]["@id"], taken["isInput"]) == (link["flow"]["@id"], True)
        assert taken["defaultProvider"]["@id"] == link["provider"]["@id"]
        made = processes[link["provider"]["@id"]]["exchanges"]
        assert any(item["flow"]["@id"] == link["flow"]["@id"] and not item["isInput"] for item in made)


def test_the_same_case_gives_the_same_bytes_and_ids_stay_when_figures_change(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    result = carbonstd.run(CASES / "loop.yaml")
    for path in (first, second):
        CASE_FORMATS["openlca"].write(result, path, "zh")
    assert first.read_bytes() == second.read_bytes()
    data: Any = dict(load_file(CASES / "loop.yaml"))
    data.pop("expect")
    data["inputs"]["footprint_product"][0]["demand"] = "20 MWh"
    CASE_FORMATS["openlca"].write(carbonstd.run(data), second, "en")
    assert set(entities(first)) == set(entities(second))


def test_an_input_of_nothing_is_no_link(tmp_path: Path) -> None:
    """Of idle.yaml: a plant that takes no coal of a mine that nothing calls for."""
    data: Any = dict(load_file(CASES / "idle.yaml"))
    data.pop("expect")
    data["inputs"]["footprint_input"].append({"process": "电厂", "product": "煤", "amount": "0 t"})
    CASE_FORMATS["openlca"].write(carbonstd.run(data), tmp_path / "a.zip", "en")
    held = entities(tmp_path / "a.zip")
    assert [item["name"] for name, item in held.items() if name.startswith("processes/")] == ["电厂"]
    assert inventory(held) == pytest.approx({"fossil": 9000})


def test_export_on_the_command_line_and_its_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("export", CASES / "loop.yaml", "--as", "openlca", "-o", "loop.zip", "--lang", "en")
    assert (made.exit_code, "2 unit processes" in made.output) == (0, True), made.output
    assert run("export", CASES / "loop.yaml", "--as", "openlca", "-o", "loop.json").exit_code == 2
    other = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/cases/example-plant.yaml")
    for form, code in (("openlca", "openlca-no-system"), ("pact-3.0", "pact-no-footprint")):
        with pytest.raises(CaseError) as caught:
            CASE_FORMATS[form].write(other, tmp_path / "x", "en")
        assert [item.code for item in caught.value.findings] == [code]
