"""PACT footprints read: what the format forbids refuses, all of it at once; what the methodology asks is a warning."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from carbonstd import CaseError
from carbonstd._findings import Severity
from carbonstd._pact.read import read_footprints
from tests.command_line import run
from tests.footprints import V2, V3, changed, sent


def findings(folder: Path, document: Any) -> list[tuple[str, str]]:
    """Code and place (without the file) of all that is found; errors are raised as one CaseError."""
    try:
        found = read_footprints([sent(folder, document)]).findings
    except CaseError as error:
        found = tuple(error.findings)
    return [(item.code, item.place.removeprefix("sent.json ")) for item in found]


@pytest.mark.parametrize("document", [V2, V3], ids=["2.3", "3.0"])
def test_a_footprint_without_fault_has_no_finding(tmp_path: Path, document: Any) -> None:
    assert findings(tmp_path, document) == []


@pytest.mark.parametrize(
    ("shape", "places"),
    [
        (V3, ["$"]),
        ([V3, V2], ["$[0]", "$[1]"]),
        ({"data": V3}, ["$.data"]),
        ({"data": [V2, V3]}, ["$.data[0]", "$.data[1]"]),
        ({"type": "event", "data": {"pfs": [V3]}}, ["$.data.pfs[0]"]),
    ],
)
def test_footprints_stand_alone_in_lists_and_in_answers_of_services(tmp_path: Path, shape: Any, places: Any) -> None:
    read = read_footprints([sent(tmp_path, shape)])
    assert [item.place for item in read.footprints] == [f"sent.json {place}" for place in places]


SOURCES = "pcf.secondaryEmissionFactorSources"
ERRORS = [
    # what the format says of a field, by kind
    (V3, "companyName", ..., "pact-missing", "$.companyName"),
    (V3, "companyName", None, "pact-missing", "$.companyName"),
    (V3, "companyName", "", "pact-type", "$.companyName"),
    (V3, "companyIds", [], "pact-empty", "$.companyIds"),
    (V3, "companyIds", ["a:b"], "pact-type", "$.companyIds[0]"),
    (V3, "companyIds", ["urn:a:b", "urn:a:b"], "pact-twice", "$.companyIds[1]"),
    (V3, "status", "Retired", "pact-choice", "$.status"),
    (V3, "specVersion", "3.0", "pact-form", "$.specVersion"),
    (V3, "specVersion", "1.0.0", "pact-version", "$.specVersion"),
    (V3, "specVersion", 3, "pact-version", "$.specVersion"),
    (V3, "pcf", [], "pact-type", "$.pcf"),
    (V3, "pcf.declaredUnitOfMeasurement", "tonne", "pact-choice", "$.pcf.declaredUnitOfMeasurement"),
    (V2, "pcf.declaredUnit", "piece", "pact-choice", "$.pcf.declaredUnit"),
    (V3, "pcf.packagingEmissionsIncluded", "no", "pact-type", "$.pcf.packagingEmissionsIncluded"),
    (V2, "version", "0", "pact-type", "$.version"),
    (V2, "version", True, "pact-type", "$.version"),
    (V2, "version", -1, "pact-range", "$.version"),
    # decimals are texts in both versions; percentages are numbers in 2.3 alone
    (V3, "pcf.fossilGhgEmissions", 8, "pact-type", "$.pcf.fossilGhgEmissions"),
    (V3, "pcf.fossilGhgEmissions", "8e0", "pact-type", "$.pcf.fossilGhgEmissions"),
    (V3, "pcf.fossilGhgEmissions", "8,0", "pact-type", "$.pcf.fossilGhgEmissions"),
    (V3, "pcf.fossilGhgEmissions", "8.", "pact-type", "$.pcf.fossilGhgEmissions"),
    (V3, "pcf.fossilGhgEmissions", "٨", "pact-type", "$.pcf.fossilGhgEmissions"),
    (V3, "pcf.fossilGhgEmissions", "1" * 41, "pact-type", "$.pcf.fossilGhgEmissions"),
    (V3, "pcf.primaryDataShare", 60, "pact-type", "$.pcf.primaryDataShare"),
    (V2, "pcf.primaryDataShare", "60", "pact-type", "$.pcf.primaryDataShare"),
    (V2, "pcf.primaryDataShare", 100.5, "pact-range", "$.pcf.primaryDataShare"),
    (V2, "pcf.dqi.temporalDQR", 0.9, "pact-range", "$.pcf.dqi.temporalDQR"),
    (V2, "pcf.dqi.temporalDQR", 3.1, "pact-range", "$.pcf.dqi.temporalDQR"),
    # signs, which the published patterns let slip
    (V3, "pcf.declaredUnitAmount", "0", "pact-sign", "$.pcf.declaredUnitAmount"),
    (V3, "pcf.declaredUnitAmount", "0.00", "pact-sign", "$.pcf.declaredUnitAmount"),
    (V3, "pcf.biogenicCO2Uptake", "10", "pact-sign", "$.pcf.biogenicCO2Uptake"),
    (V2, "pcf.biogenicCarbonWithdrawal", "0.1", "pact-sign", "$.pcf.biogenicCarbonWithdrawal"),
    (V2, "pcf.fossilGhgEmissions", "-0.1", "pact-sign", "$.pcf.fossilGhgEmissions"),
    # one place at most
    (V3, "pcf.geographyCountrySubdivision", "CN-SD", "pact-geography", "$.pcf"),
    (V3, "pcf.geographyCountry", "China", "pact-form", "$.pcf.geographyCountry"),
    (V2, "pcf.geographyCountrySubdivision", "SD", "pact-form", "$.pcf.geographyCountrySubdivision"),
    # inside lists
    (V3, SOURCES, [{"name": "a"}], "pact-missing", f"$.{SOURCES}[0].version"),
    (V3, SOURCES, [], "pact-empty", f"$.{SOURCES}"),
    (V3, "pcf.ipccCharacterizationFactors", ["SAR"], "pact-form", "$.pcf.ipccCharacterizationFactors[0]"),
    (V3, "pcf.ipccCharacterizationFactors", ["AR6"] * 1001, "pact-long", "$.pcf.ipccCharacterizationFactors"),
    (V3, "extensions", [{"specVersion": "2.0.0", "dataSchema": "a:b"}], "pact-missing", "$.extensions[0].data"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "path", "value", "code", "place"), ERRORS)
def test_what_the_format_forbids_is_refused_with_its_path(
    tmp_path: Path, document: Any, path: str, value: Any, code: str, place: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_footprints([sent(tmp_path, changed(document, path, value))])
    errors = [item for item in caught.value.findings if item.severity is Severity.ERROR]
    assert [(item.code, item.place) for item in errors] == [(code, f"sent.json {place}")]


WARNINGS = [
    (V3, "id", "no uuid", "pact-format", "$.id"),
    (V3, "created", "2026-1-08T14:47:32Z", "pact-format", "$.created"),
    (V3, "created", "0001-01-01T00:00:00+14:00", "pact-format", "$.created"),
    (V3, "created", "2026-02-01T00:00:00", "pact-format", "$.created"),
    (V3, "otherOperatorName", "TfS", "pact-unknown", "$.otherOperatorName"),
    (V3, "pcf.allocationRulesDescription", ..., "pact-asked", "$"),
    (V3, "pcf.landUseChangeGhgEmissions", "0.6", "pact-sum", "$.pcf.pcfExcludingBiogenicUptake"),
    (V3, "pcf.pcfIncludingBiogenicUptake", "8.2", "pact-sum", "$.pcf.pcfIncludingBiogenicUptake"),
    (V3, "pcf.biogenicCarbonContent", "0.05", "pact-uptake", "$.pcf.biogenicCO2Uptake"),
    (V3, "pcf.packagingGhgEmissions", "0.1", "pact-contradiction", "$.pcf.packagingGhgEmissions"),
    (V3, "pcf.ccsTechnologicalCO2Capture", "0", "pact-contradiction", "$.pcf.ccsTechnologicalCO2Capture"),
    (V3, "pcf.primaryDataShare", "101", "pact-percent", "$.pcf.primaryDataShare"),
    (V3, "pcf.exemptedEmissionsPercent", "5.1", "pact-exempted", "$.pcf.exemptedEmissionsPercent"),
    (V3, "pcf.dqi.temporalDQR", "5.1", "pact-rating", "$.pcf.dqi.temporalDQR"),
    (V3, "pcf.referencePeriodStart", "2026-01-02T00:00:00Z", "pact-times", "$.pcf.referencePeriodEnd"),
    (V3, "validityPeriodStart", "2025-12-31T00:00:00Z", "pact-times", "$.validityPeriodStart"),
    (V3, "validityPeriodEnd", "2029-01-01T00:00:01Z", "pact-validity", "$.validityPeriodEnd"),
    (V3, "status", "Deprecated", "pact-deprecated", "$.status"),
    (V2, "pcf.primaryDataShare", ..., "pact-asked", "$"),
    (V3, "pcf.productOrSectorSpecificRules", [{"operator": "Other", "ruleNames": ["a"]}], "pact-operator",
     "$.pcf.productOrSectorSpecificRules[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "path", "value", "code", "place"), WARNINGS)
def test_what_only_the_methodology_asks_is_a_warning(
    tmp_path: Path, document: Any, path: str, value: Any, code: str, place: str
) -> None:
    read = read_footprints([sent(tmp_path, changed(document, path, value))])
    told = [(item.code, item.place, item.severity) for item in read.findings]
    assert told == [(code, f"sent.json {place}", Severity.WARNING)]


NO_WARNINGS = [
    (V3, "pcf.pcfExcludingBiogenicUptake", "8.61"),  # 0.01 apart: 0.4 and 0.2 may hide 0.05 each
    (V3, "pcf.exemptedEmissionsPercent", "5"),
    (V3, "pcf.dqi.temporalDQR", "5"),
    (V3, "validityPeriodStart", "2026-01-01T00:00:00Z"),
    (V3, "validityPeriodEnd", "2029-01-01T00:00:00Z"),
    (V3, "pcf.landUseChangeGhgEmissions", "+0.4"),
    (V3, "extensions", []),
]


@pytest.mark.parametrize(("document", "path", "value"), NO_WARNINGS)
def test_bounds_themselves_are_good(tmp_path: Path, document: Any, path: str, value: Any) -> None:
    made = changed(document, path, value)
    if path == "pcf.pcfExcludingBiogenicUptake":
        made = changed(made, "pcf.pcfIncludingBiogenicUptake", "8.39")
    assert findings(tmp_path, made) == []


def test_biogenic_fields_are_asked_for_only_where_there_is_biomass(tmp_path: Path) -> None:
    names = ("biogenicCarbonContent", "landUseChangeGhgEmissions", "biogenicCO2Uptake", "biogenicNonCO2Emissions")
    made = copy.deepcopy(V3)
    for name in names:
        del made["pcf"][name]
    made["pcf"] |= {"pcfExcludingBiogenicUptake": "8", "pcfIncludingBiogenicUptake": "8"}
    assert findings(tmp_path, made) == []
    assert findings(tmp_path, changed(made, "pcf.biogenicCarbonContent", "0.06")) == [("pact-asked", "$")]


def test_before_2025_version_2_asks_for_less(tmp_path: Path) -> None:
    old = changed(V2, "pcf.referencePeriodEnd", "2025-01-01T00:00:00Z")
    old["pcf"]["referencePeriodStart"] = "2024-01-01T00:00:00Z"
    assert findings(tmp_path, changed(old, "pcf.primaryDataShare", ...)) == []
    without = changed(changed(old, "pcf.primaryDataShare", ...), "pcf.dqi", ...)
    assert findings(tmp_path, without) == [("pact-asked", "$")]


def test_all_faults_of_all_footprints_are_told_at_once(tmp_path: Path) -> None:
    one = changed(changed(V3, "status", "x"), "pcf.fossilGhgEmissions", "-1")
    two = changed(V2, "comment", ...)
    found = findings(tmp_path, {"data": [one, two, "text"]})
    assert found == [
        ("pact-choice", "$.data[0].status"),
        ("pact-sign", "$.data[0].pcf.fossilGhgEmissions"),
        ("pact-missing", "$.data[1].comment"),
        ("pact-version", "$.data[2].specVersion"),
    ]


def test_one_id_is_one_footprint_across_files(tmp_path: Path) -> None:
    paths = [sent(tmp_path, V3, "a.json"), sent(tmp_path, V3, "b.json")]
    with pytest.raises(CaseError) as caught:
        read_footprints(paths)
    assert [(item.code, item.place) for item in caught.value.findings] == [("pact-id-twice", "b.json $.id")]


HOSTILE = [
    (b"\xff\xfe{\x00}\x00", "json-not-utf8"),
    ('{"companyName": "示例"}'.encode("gb18030"), "json-not-utf8"),
    (b"", "json-syntax"),
    (b"{'a': 1}", "json-syntax"),
    (b'{"a": 1} {"a": 2}', "json-syntax"),
    (b"[" * 200_000, "json-too-deep"),
    (b"[" * 100 + b"]" * 100, "json-too-deep"),
    (b'{"a": NaN}', "json-number"),
    (b'{"a": -Infinity}', "json-number"),
    (b'{"a": ' + b"9" * 5000 + b"}", "json-number"),
    (b'{"a": 1e' + b"9" * 30 + b"}", "json-number"),
    (b'{"a": 1E-40000000}', "json-number"),
    (b'{"a": 1e41}', "json-number"),
    (b'{"a": 1.' + b"0" * 39 + b"}", "json-number"),  # 41 signs
    (b'{"a": 1, "a": 2}', "json-name-twice"),
    (b'{"a": "\\ud800"}', "json-text"),
    (b'{"\\ud800": 1}', "json-text"),
    (b"[]", "pact-none"),
    (b"{}", "pact-none"),
    (b"null", "pact-none"),
    (b"[[[1]]]", "pact-version"),
    (b'{"data": {"pfs": {}}}', "pact-version"),
    (b'{"specVersion": "3.0.0", "pcf": null}', "pact-missing"),
    (b"[" + b"0," * 1000 + b"0]", "pact-long"),
    (b" " * 20_000_001, "json-too-large"),
]


@pytest.mark.parametrize(("raw", "code"), HOSTILE, ids=[f"{code}-{len(raw)}" for raw, code in HOSTILE])
def test_hostile_files_are_refused_cleanly(tmp_path: Path, raw: bytes, code: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_footprints([sent(tmp_path, raw)])
    assert code in {item.code for item in caught.value.findings}


def test_check_pact_prints_and_exits(tmp_path: Path) -> None:
    good = run("check", "pact", sent(tmp_path, V3), "--lang", "zh")
    assert good.exit_code == 0
    assert "PACT 3.0, Rod 8" in good.output
    assert "WBCSD" in good.output
    assert run("check", "pact", sent(tmp_path, changed(V3, "pcf", 1)), "--lang", "en").exit_code == 2
    listed = run("check", "pact", sent(tmp_path, [V3, V2]), "--json")
    assert listed.exit_code == 0
    assert '"version": "2.3"' in listed.output
