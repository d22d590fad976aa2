"""Product footprints in the two versions of PACT, made here: what the tests of reading and writing them share."""

import copy
import json
from pathlib import Path
from typing import Any

# Rod, by the kg: 4 kgCO2e fossil, of which 0.5 by air, 0.2 of land-use change, 0.1 of biogenic CH4; 0.03 kgC of biomass
# in it, so 0.03 x 44/12 = 0.11 taken up. Without uptake 4 + 0.2 + 0.1 = 4.3, with it 4.3 - 0.11 = 4.19. V3 is of 2 kg.
V3: dict[str, Any] = {
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "specVersion": "3.0.0",
    "created": "2026-02-01T00:00:00Z",
    "status": "Active",
    "companyName": "Rod Works",
    "companyIds": ["urn:pact:rod.example:company-id:1"],
    "productDescription": "Copper rod, 8 mm",
    "productIds": ["urn:gtin:04012345123456"],
    "productNameCompany": "Rod 8",
    "comment": "made up",
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "2",
        "productMassPerDeclaredUnit": "2",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountry": "CN",
        "boundaryProcessesDescription": "smelting, casting",
        "pcfExcludingBiogenicUptake": "8.60",
        "pcfIncludingBiogenicUptake": "8.38",
        "fossilCarbonContent": "0",
        "biogenicCarbonContent": "0.06",
        "recycledCarbonContent": "0",
        "fossilGhgEmissions": "8",
        "landUseChangeGhgEmissions": "0.4",
        "biogenicCO2Uptake": "-0.22",
        "biogenicNonCO2Emissions": "0.2",
        "aircraftGhgEmissions": "1",
        "packagingEmissionsIncluded": False,
        "ccsTechnologicalCO2CaptureIncluded": False,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067"],
        "exemptedEmissionsPercent": "1.5",
        "allocationRulesDescription": "none needed",
        "secondaryEmissionFactorSources": [{"name": "some base", "version": "1"}],
        "primaryDataShare": "60",
        "dqi": {"technologicalDQR": "1.5", "geographicalDQR": "2", "temporalDQR": "3"},
        "verification": {"providerName": "A Verifier", "standardName": "ISO 14064-3"},
    },
}
# The same of one kg, by the names of 2.3.
V2: dict[str, Any] = {
    **{name: V3[name] for name in V3 if name not in ("specVersion", "pcf", "id")},
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "specVersion": "2.3.0",
    "version": 0,
    "productCategoryCpc": "41512",
    "pcf": {
        "declaredUnit": "kilogram",
        "unitaryProductAmount": "1",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountrySubdivision": "CN-AH",
        "boundaryProcessesDescription": "smelting, casting",
        "pCfExcludingBiogenic": "4.3",
        "pCfIncludingBiogenic": "4.19",
        "fossilGhgEmissions": "4",
        "fossilCarbonContent": "0",
        "biogenicCarbonContent": "0.03",
        "dLucGhgEmissions": "0.2",
        "landManagementGhgEmissions": "0",
        "otherBiogenicGhgEmissions": "0.1",
        "biogenicCarbonWithdrawal": "-0.11",
        "aircraftGhgEmissions": "0.5",
        "packagingEmissionsIncluded": False,
        "characterizationFactors": "AR6",
        "ipccCharacterizationFactorsSources": ["AR6"],
        "crossSectoralStandardsUsed": ["ISO Standard 14067"],
        "biogenicAccountingMethodology": "ISO",
        "exemptedEmissionsPercent": 1.5,
        "exemptedEmissionsDescription": "small flows",
        "primaryDataShare": 60,
        "dqi": {
            "coveragePercent": 100, "technologicalDQR": 1.5, "temporalDQR": 2, "geographicalDQR": 3,
            "completenessDQR": 1, "reliabilityDQR": 1,
        },
    },
}  # fmt: skip


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with another value at `pcf.name`; `...` takes the field away."""
    made = copy.deepcopy(document)
    *parents, name = path.split(".")
    at = made
    for parent in parents:
        at = at[parent]
    if value is ...:
        del at[name]
    else:
        at[name] = value
    return made


def sent(folder: Path, document: Any, name: str = "sent.json") -> Path:
    path = folder / name
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    path.write_bytes(text)
    return path
