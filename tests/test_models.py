"""The called models: steam enthalpy, first-order decay, single trees."""

from __future__ import annotations

import math
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from carbonstd._units import unit
from carbonstd.models import Outcome, registry
from carbonstd.models.allometry import tree_carbon
from carbonstd.models.decay import first_order_decay
from carbonstd.models.embedded_emissions import embedded_emissions, embedded_taken
from carbonstd.models.steam import MISPRINTS, steam_enthalpy

Floats = NDArray[np.float64]

# GB/T 32151.34-2024 table C.4 as read: MPa, degC, kJ/kg (1.70 and 1.80 MPa are printed 1.40 and 1.50)
# fmt: off
C4: list[tuple[float, ...]] = [
    (0.001, 6.98, 2513.8), (0.002, 17.51, 2533.2), (0.003, 24.1, 2545.2), (0.004, 28.98, 2554.1),
    (0.005, 32.9, 2561.2), (0.007, 39.02, 2572.2), (0.008, 41.53, 2576.7), (0.009, 43.79, 2580.8),
    (0.01, 45.83, 2584.4), (0.015, 54, 2598.9), (0.02, 60.09, 2609.6), (0.025, 64.99, 2618.1),
    (0.03, 69.12, 2625.3), (0.04, 75.89, 2636.8), (0.05, 81.35, 2645), (0.06, 85.95, 2653.6),
    (0.07, 89.96, 2660.2), (0.08, 93.51, 2666), (0.09, 96.71, 2671.1), (0.1, 99.63, 2675.7),
    (0.12, 104.81, 2683.8), (0.14, 109.32, 2690.8), (0.16, 113.32, 2696.8), (0.18, 116.93, 2702.1),
    (0.2, 120.23, 2706.9), (0.25, 127.43, 2717.2), (0.3, 133.54, 2725.5), (0.35, 138.88, 2732.5),
    (0.4, 143.62, 2738.5), (0.45, 147.92, 2743.8), (0.5, 151.85, 2748.5), (0.6, 158.84, 2756.4),
    (0.7, 164.96, 2762.9), (0.8, 170.42, 2768.4), (0.9, 175.36, 2773), (1, 179.88, 2777),
    (1.1, 184.06, 2780.4), (1.2, 187.96, 2783.4), (1.3, 191.6, 2786), (1.4, 195.04, 2788.4),
    (1.6, 201.37, 2792.2), (1.7, 204.3, 2793.8), (1.8, 207.1, 2795.1), (1.9, 209.79, 2796.4),
    (2, 212.37, 2797.4), (2.2, 217.24, 2799.1), (2.4, 221.78, 2800.4), (2.6, 226.03, 2801.2),
    (2.8, 230.04, 2801.7), (3, 233.84, 2801.9), (3.5, 242.54, 2801.3), (4, 250.33, 2799.4),
    (5, 263.92, 2792.8), (6, 275.56, 2783.3), (7, 285.8, 2771.4), (8, 294.98, 2757.5),
    (9, 303.31, 2741.8), (10, 310.96, 2724.4), (11, 318.04, 2705.4), (12, 324.64, 2684.8),
    (13, 330.81, 2662.4), (14, 336.63, 2638.3), (15, 342.12, 2611.6), (16, 347.32, 2582.7),
    (17, 352.26, 2550.8), (18, 356.96, 2514.4), (19, 361.44, 2470.1), (20, 365.71, 2413.9),
    (21, 369.79, 2340.2), (22, 373.68, 2192.5),
]
# Table C.5 as printed, misprints included: degC, then kJ/kg at each pressure
C5_PRESSURES = ["0.01", "0.1", "0.5", "1", "3", "5", "7", "10", "14", "20", "25", "30"]
C5: list[tuple[float, ...]] = [
    (0, 0, 0.1, 0.5, 1, 3, 5, 7.1, 10.1, 14.1, 20.1, 25.1, 30),
    (10, 42, 42.1, 42.5, 43, 44.9, 46.9, 48.8, 51.7, 55.6, 61.3, 66.1, 70.8),
    (20, 83.9, 84, 84.3, 84.8, 86.7, 88.6, 90.4, 93.2, 97, 102.5, 107.1, 111.7),
    (40, 167.4, 167.5, 167.9, 168.3, 170.1, 171.9, 173.6, 176.3, 179.8, 185.1, 189.4, 193.8),
    (60, 2611.3, 251.2, 251.2, 251.9, 253.6, 255.3, 256.9, 259.4, 262.8, 267.8, 272, 276.1),
    (80, 2649.3, 335, 335.3, 335.7, 337.3, 338.8, 340.4, 342.8, 346, 350.8, 354.8, 358.7),
    (100, 2687.3, 2676.5, 419.4, 419.7, 421.2, 422.7, 424.2, 426.5, 429.5, 434, 437.8, 441.6),
    (120, 2725.4, 2716.8, 503.9, 504.3, 505.7, 507.1, 508.5, 510.6, 513.5, 517.7, 521.3, 524.9),
    (140, 2763.6, 2756.6, 589.2, 589.5, 590.8, 592.1, 593.4, 595.4, 598, 602, 605.4, 603.1),
    (160, 2802, 2796.2, 2767.3, 675.7, 676.9, 678, 679.2, 681, 683.4, 687.1, 690.2, 693.3),
    (180, 2840.6, 2835.7, 2812.1, 2777.3, 764.1, 765.2, 766.2, 767.8, 769.9, 773.1, 775.9, 778.7),
    (200, 2879.3, 2875.2, 2855.5, 2827.5, 853, 853.8, 854.6, 855.9, 857.7, 860.4, 862.8, 856.2),
    (220, 2918.3, 2914.7, 2898, 2874.9, 943.9, 944.4, 945, 946, 947.2, 949.3, 951.2, 953.1),
    (240, 2957.4, 2954.3, 2939.9, 2920.5, 2823, 1037.8, 1038, 1038.4, 1039.1, 1040.3, 1041.5, 1024.8),
    (260, 2996.8, 2994.1, 2981.5, 2964.8, 2885.5, 1135, 1134.7, 1134.3, 1134.1, 1134, 1134.3, 1134.8),
    (280, 3036.5, 3034, 3022.9, 3008.3, 2941.8, 2857, 1236.7, 1235.2, 1233.5, 1231.6, 1230.5, 1229.9),
    (300, 3076.3, 3074.1, 3064.2, 3051.3, 2994.2, 2925.4, 2839.2, 1343.7, 1339.5, 1334.6, 1331.5, 1329),
    (350, 3177, 3175.3, 3167.6, 3157.7, 3115.7, 3069.2, 3017, 2924.2, 2753.5, 1648.4, 1626.4, 1611.3),
    (400, 3279.4, 3278, 3217.8, 3264, 3231.6, 3196.9, 3159.7, 3098.5, 3004, 2820.1, 2583.2, 2159.1),
    (420, 3320.96, 3319.68, 3313.8, 3306.6, 3276.9, 3245.4, 3211, 3155.98, 3072.72, 2917.02, 2730.76, 2424.7),
    (440, 3362.52, 3361.36, 3355.9, 3349.3, 3321.9, 3293.2, 3262.3, 3213.46, 3141.44, 3013.94,
     2878.32, 2690.3),
    (450, 3383.3, 3382.2, 3377.1, 3370.7, 3344.4, 3316.8, 3288, 3242.2, 3175.8, 3062.4, 2952.1, 2823.1),
    (460, 3404.42, 3403.34, 3398.3, 3392.1, 3366.8, 3340.4, 3312.4, 3268.58, 3205.24, 3097.96,
     2994.68, 2875.26),
    (480, 3446.66, 3445.62, 3440.9, 3435.1, 3411.6, 3387.2, 3361.3, 3321.34, 3264.12, 3169.08,
     3079.84, 2979.58),
    (500, 3488.9, 3487.9, 3483.7, 3478.3, 3456.4, 3433.8, 3410.2, 3374.1, 3323, 3240.2, 3165, 3083.9),
    (520, 3531.82, 3530.9, 3526.9, 3521.86, 3501.28, 3480.12, 3458.6, 3425.1, 3378.4, 3303.7, 3237, 3166.1),
    (540, 3574.74, 3573.9, 3570.1, 3565.42, 3546.16, 3526.44, 3506.4, 3475.4, 3432.5, 3364.6, 3304.7, 3241.7),
    (550, 3593.2, 3595.4, 3591.7, 3587.2, 3568.6, 3549.6, 3530.2, 3500.4, 3459.2, 3394.3, 3337.3, 3277.7),
    (560, 3618, 3617.22, 3613.64, 3609.24, 3591.18, 3572.76, 3554.1, 3525.4, 3485.8, 3423.6, 3369.2, 3312.6),
    (580, 3661.6, 3660.86, 3657.52, 3653.32, 3636.34, 3619.08, 3601.6, 3574.9, 3538.2, 3480.9,
     3431.2, 3379.8),
    (600, 3705.2, 3704.5, 3701.4, 3697.4, 3681.5, 3665.4, 3649, 3624, 3589.8, 3536.9, 3491.2, 3444.2),
]
# fmt: on

NAN = math.nan


class Rows:
    """A TableView over literals."""

    def __init__(self, columns: dict[str, Any], labels: list[str] | None = None) -> None:
        self.columns, self.labels = columns, labels or []

    def numeric_key(self, name: str) -> Floats:
        return np.array(self.columns[name], dtype=np.float64)

    def numbers(self, column: str) -> Floats:
        return self.numeric_key(column)

    def grid(self, column: str) -> tuple[list[str], Floats]:
        return self.labels, self.numeric_key(column)


def saturated(rows: list[tuple[float, ...]] = C4) -> Rows:
    pressure, temperature, enthalpy = zip(*rows, strict=True)
    return Rows({"pressure": pressure, "temperature": temperature, "enthalpy": enthalpy})


def superheated(rows: list[tuple[float, ...]] = C5) -> Rows:
    columns = {"temperature": [row[0] for row in rows], "enthalpy": [row[1:] for row in rows]}
    return Rows(columns, C5_PRESSURES)


def steam(medium: str, *states: tuple[float, float], grid: Rows | None = None) -> Outcome:
    pressure, temperature = np.array(states, dtype=np.float64).reshape(-1, 2).T
    media = np.array([medium + "_steam"] * len(states), dtype=object)
    return steam_enthalpy(media, pressure, temperature, saturated(), grid or superheated())


def codes(outcome: Outcome, row: int = 0) -> set[str]:
    masks = {code: item[0] if isinstance(item, tuple) else item for code, item in outcome.findings.items()}
    return {code for code, mask in masks.items() if mask[row]}


# Steam: what the tables print and what a hand calculation gives


def test_saturated_between_two_rows() -> None:
    """1.75 MPa: (2793.8 + 2795.1) / 2 = 2794.45; (204.3 + 207.1) / 2 = 205.7."""
    outcome = steam("saturated", (1.75, NAN), (1.75, 205.7))
    assert outcome.value == pytest.approx([2794.45, 2794.45])
    assert outcome.working["t_saturation"] == pytest.approx([205.7, 205.7])
    assert codes(outcome) == codes(outcome, 1) == {"steam-interpolated"}
    assert [outcome.working[name][0] for name in ("p_low", "p_high", "t_low", "t_high")] == [
        1.7,
        1.8,
        204.3,
        207.1,
    ]


def test_saturated_by_temperature_alone() -> None:
    """205.0 degC: 2793.8 + 0.7 / 2.8 x 1.3 = 2794.125; 99.63 is printed."""
    outcome = steam("saturated", (NAN, 205.0), (NAN, 99.63))
    assert outcome.value == pytest.approx([2794.125, 2675.7])
    assert codes(outcome, 1) == set()


@pytest.mark.parametrize(("pressure", "temperature", "enthalpy"), C4)
def test_every_printed_saturated_row(pressure: float, temperature: float, enthalpy: float) -> None:
    outcome = steam("saturated", (pressure, temperature), (NAN, temperature))
    assert list(outcome.value) == [enthalpy, enthalpy]
    assert not outcome.findings


def test_every_printed_vapour_cell() -> None:
    """A printed cell is returned as printed, water never; the two misprinted vapour cells are named."""
    line = np.array(C4)
    noted = set()
    for temperature, *row in C5:
        for label, enthalpy in zip(C5_PRESSURES, row, strict=True):
            pressure = float(label)
            start = np.interp(pressure, line[:, 0], line[:, 1]) if pressure <= 22 else 373.946
            outcome = steam("superheated", (pressure, temperature))
            if temperature < start:
                assert codes(outcome) == {"steam-outside-vapour"}
                assert np.isnan(outcome.value[0])
                continue
            assert outcome.value[0] == enthalpy
            assert codes(outcome) <= {"steam-misprint"}
            if codes(outcome):
                noted.add((temperature, pressure))
    assert noted == {(400, 0.5), (550, 0.01)}


def test_plain_vapour_is_plain_bilinear() -> None:
    """4 MPa 325 degC: at 300 (2994.2 + 2925.4) / 2, at 350 (3115.7 + 3069.2) / 2, then the middle of both."""
    outcome = steam("superheated", (4, 325))
    assert outcome.value[0] == pytest.approx((2994.2 + 2925.4 + 3115.7 + 3069.2) / 4)
    assert codes(outcome) == {"steam-interpolated"}


def test_between_saturation_and_the_first_grid_temperature() -> None:
    """3 MPa 236.92 degC is half way from 233.84 (2801.9) to 240 (2823): 2812.45; at 220 the grid is water."""
    outcome = steam("superheated", (3, 236.92))
    assert outcome.value[0] == pytest.approx(2812.45)
    assert outcome.working["t_low"][0] == 233.84
    assert outcome.working["h_t_low"][0] == 2801.9


def test_an_isotherm_ends_at_its_saturation_pressure() -> None:
    """2 MPa 220 degC: 3 MPa is water there, so from 1 MPa (2874.9) to saturation at 220 degC.

    Saturation: 2.2 MPa + 2.76/4.54 x 0.2 = 2.32159 MPa, 2799.1 + 2.76/4.54 x 1.3 = 2799.8903 kJ/kg.
    2874.9 + (2 - 1) / 1.32159 x (2799.8903 - 2874.9) = 2818.143. IF97: 2821.7; a bilinear reading: 1909.
    """
    outcome = steam("superheated", (2, 220))
    assert outcome.value[0] == pytest.approx(2818.143, abs=0.001)
    assert outcome.working["p_high"][0] == 3
    assert outcome.working["p_high_at_t_low"][0] == pytest.approx(2.32159, abs=1e-5)


def test_the_working_gives_the_value_by_hand() -> None:
    outcome = steam("superheated", (0.3, 140), (2, 215), (15, 345), (6, 431), (23, 411))
    pressure, temperature = np.array([0.3, 2, 15, 6, 23]), np.array([140, 215, 345, 431, 411])
    work = outcome.working
    both = []
    for name in ("t_low", "t_high"):
        share = (pressure - work["p_low"]) / (work[f"p_high_at_{name}"] - work["p_low"])
        low, high = work[f"h_{name}_p_low"], work[f"h_{name}_p_high"]
        both.append(low + share * (high - low))
    width = np.where(work["t_high"] > work["t_low"], work["t_high"] - work["t_low"], 1)
    by_hand = both[0] + (temperature - work["t_low"]) / width * (both[1] - both[0])
    assert outcome.value == pytest.approx(by_hand)


# Steam: refused, noted, missing


@pytest.mark.parametrize(
    ("medium", "state"),
    [
        ("superheated", (1, 150)),  # water
        ("superheated", (1, 179.3)),  # 0.58 K below saturation
        ("superheated", (0.009, 200)),  # table C.5 begins at 0.01 MPa
        ("superheated", (30.1, 500)),
        ("superheated", (1, 600.1)),
        ("superheated", (25, 380)),  # between 350 (liquid) and 400 (vapour) at supercritical pressure
        ("superheated", (25, 399.7)),  # no tolerance where there is no saturation
        ("superheated", (-1, 300)),
        ("superheated", (math.inf, 300)),
        ("saturated", (0.0009, NAN)),
        ("saturated", (22.1, NAN)),
        ("saturated", (NAN, 373.7)),
        ("saturated", (NAN, 6.9)),
    ],
)
def test_outside_vapour_is_refused(medium: str, state: tuple[float, float]) -> None:
    outcome = steam(medium, state)
    assert np.isnan(outcome.value[0])
    assert codes(outcome) == {"steam-outside-vapour"}
    _, values = outcome.findings["steam-outside-vapour"]
    assert "nan" not in values["state"][0] + values["limits"][0]


def test_refusal_names_the_state_and_the_limits() -> None:
    _, values = steam("superheated", (1, 150), (31, 500)).findings["steam-outside-vapour"]
    assert list(values["state"]) == ["1 MPa, 150 °C", "31 MPa, 500 °C"]
    assert list(values["limits"]) == ["179.88–600 °C", "0.01–30 MPa"]


def test_just_below_saturation_counts_as_saturated_vapour() -> None:
    outcome = steam("superheated", (1, 179.6), (1, 179.88))
    assert list(outcome.value) == [2777.0, 2777.0]
    assert codes(outcome) == {"steam-interpolated"}
    assert codes(outcome, 1) == set()


def test_saturated_temperature_must_belong_to_its_pressure() -> None:
    """At 1 MPa saturation is 179.88 degC; 1 K is tolerated. The enthalpy stays the one of the pressure."""
    outcome = steam("saturated", (1, 180.8), (1, 181), (1, 178.8))
    assert list(outcome.value) == [2777.0] * 3
    assert [codes(outcome, row) for row in range(3)] == [set(), {"steam-disagrees"}, {"steam-disagrees"}]


def test_missing_figures_have_no_answer_and_no_finding() -> None:
    assert np.isnan(steam("superheated", (1, NAN), (NAN, 300), (NAN, NAN)).value).all()
    assert not steam("superheated", (1, NAN), (NAN, 300), (NAN, NAN)).findings
    assert not steam("saturated", (NAN, NAN)).findings


def test_other_media_have_no_answer() -> None:
    media = np.array(["", "hot_water", "saturated_steam", "superheated_steam"], dtype=object)
    outcome = steam_enthalpy(media, np.ones(4), np.full(4, 180.0), saturated(), superheated())
    assert np.isnan(outcome.value).tolist() == [True, True, False, False]
    assert all(len(column) == 4 for column in outcome.working.values())


def test_no_rows() -> None:
    assert len(steam("saturated").value) == 0


def test_a_misprinted_end_point_is_named_with_its_reading() -> None:
    outcome = steam("superheated", (0.7, 410), (0.7, 430), (0.05, 545))
    assert [("steam-misprint" in codes(outcome, row)) for row in range(3)] == [True, False, True]
    _, values = outcome.findings["steam-misprint"]
    assert (values["printed"][0], values["plausible"][0]) == (3217.8, 3272.3)
    assert (values["temperature"][2], values["pressure"][2]) == (550, 0.01)


def test_a_mended_cell_is_not_called_a_misprint() -> None:
    rows = [tuple(3271.8 if value == 3217.8 else value for value in row) for row in C5]
    outcome = steam("superheated", (0.5, 400), grid=superheated(rows))
    assert outcome.value[0] == 3271.8
    assert not outcome.findings


def test_table_rows_may_come_in_any_order() -> None:
    states = np.array([0.3, 2.0, 15.0]), np.array([140.0, 215.0, 345.0])
    media = np.array(["superheated_steam"] * 3)
    shuffled = steam_enthalpy(media, *states, saturated(C4[::-1]), superheated(C5[::-1]))
    assert list(shuffled.value) == list(steam_enthalpy(media, *states, saturated(), superheated()).value)


def test_near_the_critical_point_a_warning() -> None:
    outcome = steam("superheated", (21, 380), (14, 352), (20, 450), (20, 450.5), (21, 451))
    found = ["steam-near-critical" in codes(outcome, row) for row in range(5)]
    assert found == [True, False, False, False, False]


# Steam against IAPWS-IF97


@cache
def if97() -> ModuleType:
    return pytest.importorskip("seuif97")


def error(pressure: float, temperature: float) -> float | None:
    """Relative deviation from IF97, None where the state rests on a misprinted cell."""
    outcome = steam("superheated", (pressure, temperature))
    if "steam-misprint" in codes(outcome):
        return None
    return abs(float(outcome.value[0]) / if97().pt(pressure, temperature, 4) - 1)


@settings(deadline=None)
@given(st.floats(-2, math.log10(14)), st.floats(0, 1))
def test_vapour_to_14_mpa_agrees_with_if97(exponent: float, share: float) -> None:
    """The tolerance stated in the module: 0.61 %."""
    pressure = min(max(10**exponent, 0.01), 14)
    start = if97().px(pressure, 1, 1) + 0.01
    deviation = error(pressure, min(start + share * (600 - start), 600))
    assert deviation is None or deviation < 0.0062


@settings(deadline=None)
@given(st.floats(14, 30), st.floats(0, 1))
def test_vapour_above_14_mpa_agrees_with_if97(pressure: float, share: float) -> None:
    """2.93 % to 20 MPa, 7.1 % above; 0.61 % from 450 degC on."""
    start = if97().px(pressure, 1, 1) + 0.01 if pressure <= 22 else 400
    temperature = min(start + share * (600 - start), 600)
    deviation = error(pressure, temperature)
    limit = 0.0062 if temperature >= 450 else 0.03 if pressure <= 20 else 0.0715
    assert deviation is None or deviation < limit


@settings(deadline=None)
@given(st.floats(0.001, 22))
def test_saturated_steam_agrees_with_if97(pressure: float) -> None:
    deviation = abs(steam("saturated", (pressure, NAN)).value[0] - if97().px(pressure, 1, 4))
    assert deviation < (5 if pressure <= 21 else 30)


@settings(deadline=None)
@given(st.floats(0.001, 40), st.floats(0, 700))
def test_never_a_value_outside_vapour(pressure: float, temperature: float) -> None:
    """0.5 K of tolerance, and table C.4 is 0.33 K low between its rows: nothing 0.85 K below saturation."""
    saturation = if97().px(pressure, 1, 1) if pressure < 22.06 else 373.946
    answered = not np.isnan(steam("superheated", (pressure, temperature)).value[0])
    if temperature < saturation - 0.85 or temperature > 600 or not 0.01 <= pressure <= 30:
        assert not answered
    elif temperature > saturation + 0.1 and (pressure <= 22 or temperature >= 400):
        assert answered


@settings(deadline=None)
@given(st.floats(0.011, 21.9), st.floats(0, 1))
def test_no_jump_at_any_edge(pressure: float, share: float) -> None:
    """A hair of pressure or temperature moves the result by a hair, across cells and at saturation."""
    line = np.array(C4)
    start = float(np.interp(pressure, line[:, 0], line[:, 1])) + 0.001
    temperature = start + share * (599.9 - start)
    here, warmer, eased = steam(
        "superheated", (pressure, temperature), (pressure, temperature + 1e-6), (pressure - 1e-7, temperature)
    ).value
    assert abs(warmer - here) < 1e-3
    assert abs(eased - here) < 1e-3


def test_the_known_misprints_really_are() -> None:
    printed = {(row[0], float(label)): row[place + 1] for row in C5 for place, label in enumerate(C5_PRESSURES)}
    for cell in MISPRINTS:
        assert printed[cell.temperature, cell.pressure] == cell.printed
        assert if97().pt(cell.pressure, cell.temperature, 4) == pytest.approx(cell.plausible, abs=0.06)
        assert abs(cell.printed - cell.plausible) > 3


# First-order decay


def decay(year: list[Any], mass: list[float], **others: Any) -> Outcome:
    """DOC 0.2, DOCf 0.5, MCF 1, F 0.5 and k = ln 2: half of what is left decays in each year."""
    given = {"doc": 0.2, "doc_f": 0.5, "mcf": 1.0, "k": math.log(2), "methane_fraction": 0.5, **others}
    return first_order_decay(np.array(year, dtype=object), np.array(mass), **given)


def test_decay_by_hand() -> None:
    """120 t and then 60 t: DDOCm 120 x 0.2 x 0.5 x 1 = 12 tC and 6 tC (eq. 3.2).

    2020: nothing decays yet, 12 accumulated.
    2021: decomposed 12 / 2 = 6 (eq. 3.5), accumulated 6 + 6 (eq. 3.4), 6 x 0.5 x 16/12 = 4 tCH4 (eq. 3.6).
    2022: decomposed 6, accumulated 6, 4 tCH4.
    """
    outcome = decay(["2020", "2021", "2022"], [120, 60, 0])
    assert outcome.labels == ["2020", "2021", "2022"]
    assert outcome.value == pytest.approx([0, 4, 4])
    assert outcome.working["accumulated"] == pytest.approx([12, 12, 6])
    assert outcome.working["decomposed"] == pytest.approx([0, 6, 6])
    assert not outcome.findings


def test_recovery_before_oxidation() -> None:
    """Eq. 3.1: (4 - 1) x (1 - 0.1) = 2.7."""
    outcome = decay(["2020", "2021"], [120, 60], recovered=np.array([0.0, 1.0]), oxidation=0.1)
    assert outcome.value == pytest.approx([0, 2.7])


def test_part_of_a_shallow_site_decays_in_air() -> None:
    """MCF 0.4: 120 x 0.2 x 0.5 x 0.4 = 4.8 tC, half of it x 2/3 = 1.6 tCH4."""
    assert decay(["2020", "2021"], [120, 0], mcf=0.4).value == pytest.approx([0, 1.6])


def test_decay_may_begin_in_the_year_of_deposit() -> None:
    """M = 7: half a year of decay keeps 12 x 2^-0.5 = 8.48528 tC; 3.51472 x 0.5 x 16/12 = 2.34315 tCH4."""
    outcome = decay(["2020", "2021"], [120, 0], start_month=7)
    assert outcome.value == pytest.approx([2.343146, 8.485281 / 2 * 2 / 3])


def test_streams_decay_each_at_its_own_rate_in_any_order() -> None:
    mixed = decay(["2021", "2020", "2020"], [0, 120, 60], k=np.array([1.0, math.log(2), math.log(4)]))
    # 12 x 1/2 + 6 x 3/4 = 10.5 tC, x 2/3 = 7 tCH4
    assert mixed.value == pytest.approx([0, 7])


def test_a_year_without_a_row_is_not_zero() -> None:
    outcome = decay(["2020", "2022", "2023"], [120, 0, 0])
    assert outcome.value[0] == 0
    assert np.isnan(outcome.value[1:]).all()
    assert [codes(outcome, row) for row in range(3)] == [
        set(),
        {"decay-year-missing"},
        {"decay-year-missing"},
    ]
    assert outcome.findings["decay-year-missing"][1]["year"] == 2021


def test_a_missing_mass_leaves_earlier_years_alone() -> None:
    outcome = decay(["2020", "2021", "2022"], [120, NAN, 0])
    assert list(np.isnan(outcome.value)) == [False, True, True]


def test_decay_findings() -> None:
    assert codes(decay(["2020", "spring"], [1, 1]), 1) == {"decay-year-unreadable"}
    mixed = decay(["2020", "2021", "2021"], [120, 0, 0], oxidation=np.array([0.0, 0.0, 0.1]))
    assert codes(mixed, 1) == codes(mixed, 2) == {"decay-oxidation-mixed"}
    assert np.isnan(mixed.value[1])
    much = decay(["2020", "2021", "2021"], [120, 0, 0], recovered=np.array([0.0, 5.0, 0.0]))
    assert [codes(much, row) for row in range(3)] == [set(), {"decay-recovered-exceeds"}, set()]


def test_years_may_be_written_as_numbers_or_in_chinese() -> None:
    assert decay([2020, "2021年"], [120, 0]).value == pytest.approx([0, 4])


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(0.01, 1), st.floats(7, 13))
def test_all_carbon_decays_in_the_end(mass: float, k: float, month: float) -> None:
    """What was deposited is what has decayed and what is left."""
    years = [str(year) for year in range(1960, 2030)]
    outcome = decay(years, [mass] + [0.0] * 69, k=k, start_month=month)
    gone = outcome.working["decomposed"].sum() + outcome.working["accumulated"][-1]
    assert gone == pytest.approx(outcome.working["deposited"].sum())


# Single trees


def labels(*names: str) -> NDArray[Any]:
    return np.array(names, dtype=object)


# Embedded emissions of processes that use each other's goods


def embedded(**others: Any) -> Outcome:
    """A makes 1 000 t and carries 0.5 of its own, B 200 t and 0.5; A takes 100 t of B in two lots, B 50 t of A."""
    arguments = {
        "process": labels("A", "B"),
        "activity_level": np.array([1000.0, 200.0]),
        "specific": np.array([0.5, 0.5]),
        "user": labels("A", "A", "B"),
        "supplier": labels("B", "B", "A"),
        "mass": np.array([60.0, 40.0, 50.0]),
        **others,
    }
    return embedded_emissions(**arguments)


def test_a_loop_of_two_goods_in_closed_form() -> None:
    """a = 0.5 + 0.1 b, b = 0.5 + 0.25 a: a = 0.55 / 0.975, b = 0.625 / 0.975."""
    outcome = embedded()
    assert outcome.labels == ["A", "B"]
    assert outcome.value == pytest.approx([0.55 / 0.975, 0.625 / 0.975])
    assert not outcome.findings


def test_a_process_in_two_rows_adds_up() -> None:
    """A in rows of 400 t with 0.8 and 600 t with 0.3: 500 t of emissions, as before."""
    outcome = embedded(
        process=labels("A", "A", "B"),
        activity_level=np.array([400.0, 600.0, 200.0]),
        specific=np.array([0.8, 0.3, 0.5]),
    )
    assert outcome.labels == ["A", "B"]
    assert outcome.value == pytest.approx([0.55 / 0.975, 0.625 / 0.975])


@pytest.mark.parametrize(("mass", "solved"), [([0, 1000.0, 199.9], True), ([0, 1000.0, 200.0], False)])
def test_a_loop_that_uses_all_it_makes_has_no_answer(mass: list[float], solved: bool) -> None:
    outcome = embedded(mass=np.array(mass))
    assert np.isfinite(outcome.value).all() == solved
    assert ("embedded-loop-open" in outcome.findings) != solved


def test_the_loop_that_leaves_nothing_over_is_named_and_no_other_process() -> None:
    """A takes all of B and B all of A; C takes of A and feeds nobody."""
    outcome = embedded(
        process=labels("C", "A", "B"),
        activity_level=np.array([10.0, 1000.0, 200.0]),
        specific=np.array([0.1, 0.5, 0.5]),
        user=labels("A", "B", "C"),
        supplier=labels("B", "A", "A"),
        mass=np.array([1000.0, 200.0, 5.0]),
    )
    assert outcome.findings["embedded-loop-open"][0].tolist() == [False, True, True]


def test_what_a_process_takes_of_the_others_adds_up() -> None:
    """A takes 60 and 40 t, B 50 t, and a user nobody lists is told elsewhere; nothing taken is zero t, a float."""
    users = labels("A", "A", "B", "Q")
    outcome = embedded_taken(labels("A", "B", "C"), users, np.array([60.0, 40.0, 50.0, 7.0]))
    assert outcome.labels == ["A", "B", "C"]
    assert outcome.value.tolist() == [100, 50, 0]
    assert embedded_taken(labels("A"), labels(), np.array([])).value.dtype == np.float64


def test_a_supplier_nobody_lists_is_named() -> None:
    outcome = embedded(supplier=labels("B", "Q", "A"))
    assert outcome.findings["embedded-process-unknown"][0].tolist() == [False, True, False]
    assert np.isnan(outcome.value).all()


@pytest.mark.parametrize("others", [{"mass": np.array([60.0, NAN, 50.0])}, {"activity_level": np.array([0.0, 200.0])}])
def test_what_is_missing_leaves_the_embedded_emissions_missing(others: dict[str, Any]) -> None:
    outcome = embedded(**others)
    assert np.isnan(outcome.value).all()
    assert not outcome.findings


# Single trees


def trees(species: NDArray[Any], height: list[float], rows: int = 2) -> Outcome:
    """Stem 0.05 D^2 H with a root ratio of 0.2 and half carbon; bark of Q 0.1 D^2 with 0.4 carbon. D is 10 cm."""
    models = slice(0, rows)
    return tree_carbon(
        species,
        np.full(len(species), 10.0),
        np.array(height),
        labels("Q", "Q", "Q")[models],
        labels("stem", "branch", "branch")[models],
        np.array([0.05, 0.1, 0.1])[models],
        np.array([2.0, 2.0, 2.0])[models],
        np.array([1.0, 0.0, 0.0])[models],
        np.array([0.2, NAN, NAN])[models],
        np.array([0.5, 0.4, 0.4])[models],
    )


def test_parts_of_a_tree_add_up() -> None:
    """H 8 m: 0.05 x 100 x 8 x 1.2 = 48 kg and 0.1 x 100 = 10 kg; 24 + 4 kgC."""
    outcome = trees(labels("Q"), [8])
    assert outcome.value == pytest.approx([28])
    assert outcome.working["mass"] == pytest.approx([58])


def test_a_model_that_comes_repeated_counts_once() -> None:
    assert trees(labels("Q", "Q", "Q"), [8, 8, 8], rows=3).value == pytest.approx([28, 28, 28])


def test_a_species_without_model_has_no_carbon() -> None:
    outcome = trees(labels("Q", "R"), [8, 8])
    assert list(np.isnan(outcome.value)) == [False, True]
    assert [codes(outcome, row) for row in (0, 1)] == [set(), {"tree-without-model"}]


def test_a_height_that_is_asked_for_and_missing_leaves_no_carbon() -> None:
    assert np.isnan(trees(labels("Q"), [NAN]).value).all()


# The registry


def test_units_of_all_models_are_readable() -> None:
    for name, model in registry().items():
        assert model.name == name
        assert set(model.optional) <= set(model.arguments)
        for text in (*model.arguments.values(), model.unit):
            assert text in ("label", "table", "quantity") or unit(text)
