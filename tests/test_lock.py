"""The lock: a re-run gives the same figures, and nothing altered is trusted."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import carbonstd
from carbonstd._ledger.axes import Axes

EXAMPLE = Path(__file__).parents[1] / "methods/enterprises/gbt-32151.34/cases/example-plant.yaml"


@pytest.fixture(scope="module")
def result() -> carbonstd.Result:
    return carbonstd.run(EXAMPLE)


def test_rerun_is_identical(result: carbonstd.Result) -> None:
    again = carbonstd.run(EXAMPLE, lock=json.loads(json.dumps(result.lock)))
    assert again.totals == result.totals
    assert not [item for item in again.findings if item.code.startswith("lock")]
    assert again.lock == result.lock


def test_the_lock_carries_every_file_used(result: carbonstd.Result) -> None:
    files = result.lock["files"]
    assert "methods/enterprises/gbt-32151.34/2024.yaml" in files
    assert "methods/shared/parts/fuel_combustion.yaml" in files
    assert "factors/electricity/mee-grid-average/data-2023.yaml" in files
    assert "factors/vocabulary/fuels.yaml" in files


@pytest.mark.parametrize("part", ["files", "hashes", "totals", "as_of", "method"])
def test_a_missing_part_is_refused(result: carbonstd.Result, part: str) -> None:
    lock = copy.deepcopy(result.lock)
    del lock[part]
    with pytest.raises(carbonstd.LockError):
        carbonstd.run(EXAMPLE, lock=lock)


def test_an_altered_figure_is_refused(result: carbonstd.Result) -> None:
    lock = copy.deepcopy(result.lock)
    name = "factors/fuels/gbt-32151.34/2024.yaml"
    lock["files"][name] = lock["files"][name].replace("42.652", "32.652")
    with pytest.raises(carbonstd.LockError, match=r"gbt-32151\.34"):
        carbonstd.run(EXAMPLE, lock=lock)


def test_a_lock_that_is_changed_changes_no_other(result: carbonstd.Result) -> None:
    """Results of one library share the files of their locks."""
    name, texts = "factors/fuels/gbt-32151.34/2024.yaml", []
    for _ in range(2):
        lock = carbonstd.run(EXAMPLE, of=result._run.library).lock
        texts.append(lock["files"][name])
        lock["files"][name] = lock["hashes"][name] = ""
    assert texts[0] == texts[1] == result.lock["files"][name]


def test_an_altered_total_is_refused(result: carbonstd.Result) -> None:
    lock = copy.deepcopy(result.lock)
    lock["totals"]["total"] = "1.0"
    with pytest.raises(carbonstd.LockError):
        carbonstd.run(EXAMPLE, lock=lock)


def test_a_path_that_leaves_the_folder_is_refused(result: carbonstd.Result) -> None:
    lock = copy.deepcopy(result.lock)
    lock["files"]["../escape.yaml"] = "title: x"
    with pytest.raises(carbonstd.LockError):
        carbonstd.run(EXAMPLE, lock=lock)


def test_groups_are_of_the_array_they_were_found_for() -> None:
    """Kept by the array's id, which in another process may be that of any other array."""
    axes, here, there = Axes({"fuel": ["a", "b"]}), np.array([0, 0]), np.array([1, 0])
    axes.grouped(["fuel"], [here])
    axes._groups = {("fuel", id(there)): axes._groups["fuel", id(here)]}  # as after unpickling
    assert axes.grouped(["fuel"], [there])[0].tolist() == [1, 0]


def test_a_result_pickles(result: carbonstd.Result) -> None:
    again = pickle.loads(pickle.dumps(result))
    assert again.totals == result.totals
