"""What a row needs: a condition or a default over axes is read off by the labels of the row, or refused at load."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonstd._api import run
from carbonstd._errors import CaseError
from tests.test_probes import LIBRARY, PROBES, changed, refusal, result_of

FAMILY = "probe-04-by-fuel"


def test_each_row_takes_the_figure_of_its_own_fuel_exactly_too() -> None:
    result = result_of(FAMILY, "other-order")
    assert result._run.exactly().column("fuel", "net_calorific_value").data.tolist() == [10, 22]


def test_only_the_row_whose_fuel_was_sampled_is_asked() -> None:
    with pytest.raises(CaseError) as caught:
        run(PROBES / f"methods/probes/{FAMILY}/cases/sampled-without-carbon.yaml", of=LIBRARY)
    (missing,) = [item for item in caught.value.findings if item.code == "missing-value"]
    assert "fuel[2].carbon_content" in missing.place


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("needed: samples > 0", "needed: by_month > 0"),
        ("default: sampled_ncv", "default: month_ncv"),
        ("needed: samples > 0", "needed: sample.net_calorific_value > 0"),
    ],
)
def test_what_no_label_of_the_row_tells_is_refused_at_load(tmp_path: Path, old: str, new: str) -> None:
    """The sheet `fuel` has no months, and rows of another sheet are no rows of this one."""
    changed(tmp_path, FAMILY, old, new)
    path = tmp_path / f"methods/probes/{FAMILY}/2024.yaml"
    text = path.read_text(encoding="utf-8")
    label = "label: {zh: 逐月, en: By month}, sheet: sample"
    text = text.replace(
        "equations:\n",
        f'equations:\n  by_month: {{{label}, unit: "1", expression: "sum(1 if fuel == fuel else 0, by=month)"}}\n'
        f'  month_ncv: {{{label}, unit: GJ/t, expression: "mean(net_calorific_value, by=month)"}}\n',
    )
    path.write_text(text, encoding="utf-8")
    library = type(LIBRARY)((tmp_path / "factors",), (tmp_path / "methods",))
    assert refusal(library, FAMILY) == {"expression-axes"}


@pytest.mark.parametrize(
    ("family", "old", "new"),
    [
        (FAMILY, "    unit: tC\n", "    unit: tC\n    needed: consumption > 0\n"),
        ("probe-07-decay", "    unit: tCH4\n", "    unit: tCH4\n    needed: mass > 0\n"),
    ],
)
def test_needed_is_for_a_model_called_row_by_row(tmp_path: Path, family: str, old: str, new: str) -> None:
    assert refusal(changed(tmp_path, family, old, new), family) == {"needed-not-by-row"}
