"""The expression language: what is read, what is refused and where, units and frames, and every function's value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate
from carbonstd._errors import CarbonstdError, ExpressionError
from carbonstd._language import expression as ex
from carbonstd._language.check import check
from carbonstd._language.formula import live, printed
from carbonstd._language.shape import SCALAR, Frame, TableType, Type
from carbonstd._ledger.arithmetic import FALSE, TRUE, UNKNOWN
from carbonstd._ledger.axes import Axes
from carbonstd._number import exact_array
from carbonstd._units import unit

NAN = float("nan")
# Rows of the sheet `flow`: two lines, three months, one blank role, one mass not measured.
LABELS: Mapping[str, Sequence[str]] = {
    "line": ("A", "A", "B", "B"),
    "month": ("01", "02", "01", "03"),
    "role": ("in", "out", "in", ""),
}
NUMBERS: Mapping[str, tuple[str, Sequence[float]]] = {
    "mass": ("t", (1, 2, 3, 4)),
    "measured": ("t", (10, NAN, 30, 40)),
    "carbon": ("tC/t", (0.5, 0.25, 0.1, 0)),
    "heat": ("GJ", (36, 72, 0, 18)),
    "share": ("%", (100, 50, 25, 0)),
}
OTHER: Mapping[str, Sequence[float]] = {"taken": (5, 7)}  # rows of the sheet `other`: lines B and C, month 01
SCALARS: Mapping[str, tuple[str, float]] = {"k": ("1", 3), "tonne": ("t", 1), "area": ("m^2", 9), "fee": ("CNY", 2)}
GWP = {"CH4": 28, "SF6": 25000}
LIMITS = {"1": 8, "2": 9, "3": 10}
BASES = (unit("t"), unit("1e4 m^3"))  # the sheet `flow` is measured by mass or by volume


class World:
    """What names mean, for the checker, and what they hold, for a run."""

    def __init__(self, exact: bool = False, axes: Axes | None = None) -> None:
        self.axes, self.exact, self.reports = axes or Axes(), exact, list[str]()
        self.entities = 0
        for name, labels in LABELS.items():
            self.axes.encode(name, labels)
        self.axes.encode("line", ["C"])
        self.axes.encode("level", list(LIMITS))
        self.axes.encode("gas", list(GWP))

    # For the checker

    def name(self, name: str) -> Any:  # the checker asks for a Type and a run for an Array: see `Names`
        raise NotImplementedError

    def type_of(self, name: str) -> Type | None:
        if name in LABELS:
            known = frozenset({"in", "out"}) if name == "role" else None
            return Type("label", frame=Frame("flow"), key=name, labels=known)
        if name in NUMBERS:
            return Type("number", (unit(NUMBERS[name][0]),), Frame("flow"))
        if name in ("level", "gas"):
            return Type("label", frame=Frame(axes=(name,)), key=name)
        if name == "basis":
            return Type("label", frame=Frame("flow"), key=name, labels=frozenset(self.bases()))
        if name == "fuel_used":
            return Type("number", BASES, Frame("flow"))
        if name == "leaked":
            return Type("number", (unit("kg{gas}"),), Frame(axes=("gas",)))
        return Type("number", (unit(SCALARS[name][0]),)) if name in SCALARS else None

    def member(self, sheet: str, column: str) -> Any:
        raise NotImplementedError

    def table(self, slot: str) -> TableType | None:
        limits = TableType((), {"limit": Type("number", (unit("t"),))}, {"limit": "level"})
        gwp = TableType(("gas",), {"gwp100": Type("number", (unit("kgCO2e/kg{gas}"),))})
        band = TableType(("mass",), {"factor": Type("number")}, {}, {"mass": unit("kg")})
        return {"limits": limits, "gwp": gwp, "band": band}.get(slot)

    def axes_of(self, sheet: str) -> tuple[str, ...]:
        return tuple(LABELS) if sheet == "flow" else ("line", "month")

    def bases(self) -> tuple[str, ...]:
        return "mass", "volume"

    def suggestions(self, name: str) -> str:
        return ""

    # For a run

    def numbers(self, values: Sequence[float]) -> np.ndarray[Any, Any]:
        return exact_array(values) if self.exact else np.array(values, dtype=float)

    def array_of(self, name: str) -> Array:
        if name in LABELS:
            return Array(self.axes.encode(name, LABELS[name]), Frame("flow"), labels=name)
        if name in NUMBERS:
            return Array(self.numbers(NUMBERS[name][1]), Frame("flow"))
        if name in ("level", "gas"):
            codes = np.arange(len(self.axes.labels[name]), dtype=np.int64)
            return Array(codes, Frame(axes=(name,)), codes, -1, name, everywhere=True)
        if name == "leaked":  # 2 kg of SF6, and nothing said of CH4
            return Array(self.numbers([2]), Frame(axes=("gas",)), np.array([1]), 0)
        data = self.numbers([SCALARS[name][1]])
        return Array(data, SCALAR, None, data[0])

    def codes(self, sheet: str, axis: str) -> np.ndarray[Any, Any]:
        if sheet == "flow":
            return self.axes.encode(axis, LABELS[axis])
        return self.axes.encode(axis, {"line": ("B", "C"), "month": ("01", "01")}[axis])

    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array:
        if node.table == "limits":
            return Array(self.numbers(list(LIMITS.values())), Frame(axes=("level",)), np.arange(3, dtype=np.int64))
        if node.table == "band":
            return Array(self.numbers([2 if mass < 2500 else 1 for mass in keys[0].data]), keys[0].frame)
        label = self.axes.labels["gas"]
        texts = keys[0].data if keys[0].labels == "" else [label[int(code)] for code in keys[0].data]
        found = self.numbers([GWP[text] for text in texts])
        return Array(found, keys[0].frame, keys[0].keys, everywhere=keys[0].everywhere)

    def report(self, code: str, node: ex.Node, at: Array, /, **values: str) -> None:
        self.reports.append(code)

    def tie(self, node: ex.Compare | ex.Call, at: Array) -> Array:
        return evaluate(node, Values(exact=True, axes=self.axes))

    def only(self, rows: Array) -> AbstractContextManager[None]:
        return nullcontext()


class Names(World):
    """The world as the checker sees it."""

    def name(self, name: str) -> Type | None:
        return self.type_of(name)

    def member(self, sheet: str, column: str) -> Type | None:
        known = {("other", "taken"): "number", ("other", "line"): "label"}
        kind = known.get((sheet, column))
        return Type(kind, (unit("t"),), Frame(sheet)) if kind == "number" else None  # type: ignore[arg-type]


class Values(World):
    """The world as a run sees it."""

    def name(self, name: str) -> Array:
        return self.array_of(name)

    def member(self, sheet: str, column: str) -> Array:
        return Array(self.numbers(OTHER[column]), Frame(sheet))


def run(text: str, target: str = "", exact: bool = False, world: World | None = None) -> Array:
    checked, _ = check(ex.parse(text), Names(), target=(unit(target),) if target else None)
    return evaluate(checked, world or Values(exact))


def values(text: str, target: str = "") -> list[float]:
    """The values of an expression, which fractions must confirm to 1e-12."""
    fast, slow = run(text, target), run(text, target, exact=True)
    assert [float(value) for value in slow.data] == pytest.approx(list(fast.data), rel=1e-12, nan_ok=True)
    return [float(value) for value in fast.data]


def truths(text: str) -> list[Any]:
    names = {int(TRUE): True, int(FALSE): False, int(UNKNOWN): None}
    fast, slow = run(text), run(text, exact=True)
    assert list(fast.data) == list(slow.data)
    return [names[int(value)] for value in fast.data]


def by_label(text: str, target: str = "") -> dict[tuple[str, ...], float]:
    array = run(text, target)
    assert array.keys is not None
    named = Values().axes.named
    return {named(array.frame.axes, int(key)): value for key, value in zip(array.keys, array.data, strict=True)}


def code_of(text: str, target: str = "") -> str:
    with pytest.raises(CarbonstdError) as caught:
        check(ex.parse(text), Names(), target=(unit(target),) if target else None)
    (found,) = caught.value.findings
    assert found.found("zh")
    assert found.found("en")
    return found.code


# Arithmetic, with units


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("mass + tonne", "t", [2, 3, 4, 5]),
        ("mass - tonne", "kg", [0, 1000, 2000, 3000]),
        ("-mass", "t", [-1, -2, -3, -4]),
        ("mass * carbon", "kgC", [500, 500, 300, 0]),
        ("mass * carbon * 44/12", "tCO2", [0.5 * 44 / 12, 0.5 * 44 / 12, 0.3 * 44 / 12, 0]),
        ("heat / mass", "MJ/kg", [36, 36, 0, 4.5]),
        ("heat", "MWh", [10, 20, 0, 5]),  # 3.6 GJ are one MWh
        ("k ** 2", "1", [9]),
        ("mass ** 2 / tonne", "t", [1, 4, 9, 16]),
        ("2 ** k", "1", [8]),
        ("area ** (1/2)", "m", [3]),
        ("1 - share", "1", [0, 0.5, 0.75, 1]),
        ("0 + mass", "t", [1, 2, 3, 4]),
        ("measured + mass", "t", [11, NAN, 33, 44]),
    ],
)
def test_arithmetic(text: str, target: str, expected: list[float]) -> None:
    assert values(text, target) == pytest.approx(expected, nan_ok=True)


# Every function


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("min(mass, 2 * tonne)", "t", [1, 2, 2, 2]),
        ("max(mass, 2 * tonne)", "t", [2, 2, 3, 4]),
        ("min(measured, 2 * tonne)", "t", [2, NAN, 2, 2]),  # what is missing is not the greater
        ("max(0, measured)", "t", [10, NAN, 30, 40]),
        ("max(0, mass - 2 * tonne)", "t", [0, 0, 1, 2]),
        ("clip(mass, 2 * tonne, k * tonne)", "t", [2, 2, 3, 3]),
        ("abs(mass - 2 * tonne)", "t", [1, 0, 1, 2]),
        ("floor(mass / (2 * tonne))", "1", [0, 1, 1, 2]),
        ("floor(measured / (2 * tonne * k))", "1", [1, NAN, 5, 6]),
        ("floor(0 - k / 2)", "1", [-2]),
        ("sqrt(area)", "m", [3]),
        ("exp(k - k)", "1", [1]),
        ("ln(exp(k))", "1", [3]),
        ("first(measured, mass)", "t", [10, 2, 30, 40]),
        ("first(measured, measured, 0)", "t", [10, 0, 30, 40]),
        ("mass if missing(measured) else measured", "t", [10, 2, 30, 40]),
        ("sum(mass)", "t", [10]),
        ('sum(mass, where=line == "A")', "t", [3]),
        ('sum(mass, where=line == "C")', "t", [0]),  # nothing of that kind: zero
        ("sum(measured)", "t", [NAN]),
        ("mean(carbon)", "tC/t", [0.2125]),  # 0.85 / 4
        ("mean(carbon, weight=mass)", "tC/t", [0.13]),  # (0.5 + 0.5 + 0.3 + 0) / 10
        ('mean(carbon, weight=mass, where=line == "B")', "tC/t", [0.3 / 7]),
        ("sum(other.taken)", "t", [12]),
        ("band[mass].factor", "1", [2, 2, 1, 1]),  # the band is in kg
    ],
)
def test_functions(text: str, target: str, expected: list[float]) -> None:
    assert values(text, target) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mass > 2 * tonne", [False, False, True, True]),
        ("measured > 2 * tonne", [True, None, True, True]),
        ("not measured > 2 * tonne", [False, None, False, False]),  # not the same as knowing that it is less
        ("missing(measured)", [False, True, False, False]),
        ("missing(role)", [False, False, False, True]),
        ('role == "in"', [True, False, True, None]),
        ('role != "in"', [False, True, False, None]),
        ('role in ("in", "out")', [True, True, True, None]),
        ('role not in ("in", "out")', [False, False, False, None]),
        ('missing(role) or role == "in"', [True, False, True, True]),
        ('role == "in" and mass > 2 * tonne', [False, False, True, None]),
        ("measured > 2 * tonne or mass < k * tonne", [True, True, True, True]),
        ("measured > 2 * tonne and mass > k * tonne", [False, False, False, True]),
        ("tonne <= mass < k * tonne", [True, True, False, False]),
    ],
)
def test_conditions_have_three_values(text: str, expected: list[Any]) -> None:
    assert truths(text) == expected


def test_what_hangs_on_an_unknown_condition_is_missing() -> None:
    assert values('mass if role == "in" else -mass', "t") == pytest.approx([1, -2, 3, NAN], nan_ok=True)
    assert values('sum(mass, where=role == "in")', "t") == pytest.approx([NAN], nan_ok=True)
    assert values("sum(mass, where=measured > 2 * tonne)", "t") == pytest.approx([NAN], nan_ok=True)
    assert values('sum(mass, where=role == "in" and not missing(role))', "t") == [4]


# Axes


def test_sums_by_axes() -> None:
    assert by_label("sum(mass, by=line)", "t") == {("A",): 3, ("B",): 7}
    assert by_label("sum(mass, by=(month, line))", "t") == {
        ("A", "01"): 1, ("A", "02"): 2, ("B", "01"): 3, ("B", "03"): 4,
    }  # fmt: skip
    assert by_label("sum(sum(mass, by=(line, month)), by=month)", "t") == {("01",): 4, ("02",): 2, ("03",): 4}
    assert by_label('sum(mass, by=line, where=month == "01")', "t") == {("A",): 1, ("B",): 3}


def test_sums_align_by_key_and_an_absent_one_is_zero() -> None:
    taken = "sum(other.taken, by=line)"  # B 5, C 7
    assert by_label(f"sum(mass, by=line) - {taken}", "t") == {("A",): 3, ("B",): 2, ("C",): -7}
    assert by_label(f"max(0, sum(mass, by=line) - {taken})", "t") == {("A",): 3, ("B",): 2, ("C",): 0}
    assert by_label(f"sum(mass, by=line) if sum(mass, by=line) >= {taken} else 0", "t") == {
        ("A",): 3, ("B",): 7, ("C",): 0,
    }  # fmt: skip
    world = Values()
    run(f"sum(mass, by=line) - {taken}", "t", world=world)
    assert world.reports == ["subtracted-from-nothing"]


def test_a_condition_holds_also_where_neither_sum_has_a_value() -> None:
    """At A and B nothing was taken by `other` in month 02: 0 <= 0 there, and the row keeps its mass."""
    text = 'mass if sum(other.taken, by=month, where=line == "A") <= 0 * tonne else 0'
    checked, _ = check(ex.parse(text.replace(', where=line == "A"', "")), Names(), target=(unit("t"),))
    assert list(evaluate(checked, Values()).data) == [0, 2, 0, 4]  # 12 t were taken in month 01, nothing in 02 and 03


def test_a_sum_meets_the_rows_of_its_keys() -> None:
    assert values("mass / sum(mass, by=line)", "1") == pytest.approx([1 / 3, 2 / 3, 3 / 7, 4 / 7])


def test_a_mean_without_rows_is_missing_not_zero() -> None:
    assert values('mass * mean(k * carbon, by=line, where=line == "A") / tonne', "tC/t")[2:] == pytest.approx(
        [NAN, NAN], nan_ok=True
    )


def test_what_stands_everywhere_makes_no_key() -> None:
    """`gas` has two labels and something leaked of one: the product has one key, and the sum is of what there is."""
    assert by_label("leaked * gwp[gas].gwp100", "tCO2e") == {("SF6",): 50}  # 2 kg x 25000
    assert by_label("select(limits).limit * (k if level == 3 else 1)", "t") == {("1",): 8, ("2",): 9, ("3",): 30}


def test_keys_stay_when_labels_come_later() -> None:
    """A model may bring new labels of an axis after sums were made along it."""
    world = Values()
    before = run("sum(mass, by=(line, month))", "t", world=world)
    world.axes.encode("month", [f"later {number}" for number in range(100)])
    after = run("sum(mass, by=(line, month))", "t", world=world)
    assert before.keys is not None
    assert after.keys is not None
    assert list(before.keys) == list(after.keys)


# Division by zero and domains


@pytest.mark.parametrize("text", ["heat / (mass - tonne)", "ln(mass / tonne - 2)", "(mass / tonne - 1) ** (0 - 1/2)"])
def test_what_has_no_value_is_missing_in_both_kinds_of_number(text: str) -> None:
    fast, slow = run(text).data, run(text, exact=True).data
    finite = np.isfinite(fast)
    assert not finite.all()
    assert [value == value for value in slow] == list(finite)


def test_a_quotient_by_zero_cannot_hide_in_a_minimum() -> None:
    assert np.isnan(values("min(heat / (mass - tonne), heat / tonne)", "GJ/t")[0])


def test_division_by_zero_and_zero_weights_are_reported() -> None:
    world = Values()
    run("heat / (mass - tonne)", world=world)
    run("mean(carbon, weight=mass - mass)", world=world)
    assert world.reports == ["division-by-zero", "zero-weight"]


# Exactness


def test_a_comparison_near_a_tie_is_made_in_fractions() -> None:
    assert 0.1 * 3 > 0.3
    assert truths("share / 2 * k >= k / 2 * share")[0] is True
    assert run("k * carbon <= k * carbon").data.tolist() == [TRUE] * 4


@pytest.mark.parametrize(("true", "whole"), [(Fraction(3), 3), (Fraction(3) - Fraction(1, 10**12), 2)])
def test_a_floor_near_a_whole_number_is_taken_in_fractions(true: Fraction, whole: int) -> None:
    world = Values()
    world.array_of = lambda name: Array(np.array([2.9999999999999996]))  # type: ignore[method-assign]
    world.tie = lambda node, at: Array(np.array([Fraction(math.floor(true))]))  # type: ignore[method-assign]
    assert evaluate(ex.parse("floor(a)"), world).data.tolist() == [whole]


@given(st.lists(st.fractions(min_value=-1000, max_value=1000, max_denominator=1000), min_size=3, max_size=3))
def test_literal_free_arithmetic_is_exact_in_fractions(numbers: list[Fraction]) -> None:
    a, b, c = numbers
    world = Values(exact=True)
    world.array_of = lambda name: Array(np.array([{"a": a, "b": b, "c": c}[name]], dtype=object))  # type: ignore[method-assign]
    found = evaluate(ex.parse("a * b - c + max(a, b) if a > b else min(a, c) * abs(b)"), world).data[0]
    assert found == (a * b - c + max(a, b) if a > b else min(a, c) * abs(b))


# What is refused, and where


@pytest.mark.parametrize(
    "text",
    [
        "mass +", "mass mass", "().__class__", "mass.__class__.x", "open('x')", "[mass]", "{1: 2}", "lambda: 1",
        "mass @ k",
        "f'{mass}'", "mass if k", "sum(mass, by='line')", "sum(*mass)", "max(mass)", "floor(k, k)", "clip(mass, k)",
        "sqrt(k, k)",
        "sum(mass, weight=mass)", "sum(mass, heat)", "mean()", "exp(k, base=2)", "True", "None", "mass; k", "mass := 1",
        "a" * 5000, "-" * 200 + "1", "(" * 300 + "1" + ")" * 300, "1e999", "~k", "k // 2", "k % 2", "mass is k",
        "sum(**k)", "select(limits)", "limits[1]", "gwp[gas][0].x", "\x00",
    ],
)  # fmt: skip
def test_only_the_language_is_read(text: str) -> None:
    with pytest.raises(ExpressionError):
        ex.parse(text)


def test_a_refusal_names_the_column() -> None:
    with pytest.raises(ExpressionError) as caught:
        ex.parse("mass + open(heat)")
    (found,) = caught.value.findings
    assert (found.code, found.values["column"]) == ("expression-refused", 8)


@pytest.mark.parametrize(
    ("text", "target", "code"),
    [
        ("mass + heat", "", "unit-mismatch"),
        ("mass * carbon", "tCO2", "unit-mismatch"),  # 44/12 forgotten
        ("mass * carbon * 44/12 * 44/12", "tCO2", "unit-mismatch"),  # and applied twice
        ("mass > heat", "", "unit-mismatch"),
        ("max(mass, heat)", "", "unit-mismatch"),
        ("mass if k > 2 else heat", "", "unit-mismatch"),
        ("exp(mass)", "", "unit-mismatch"),
        ("heat", "tce", "unit-mismatch"),  # energy is no coal equivalent without a coefficient
        ("mass * 1000", "", "expression-literal"),
        ("nothing + 1", "", "expression-unknown-name"),
        ("nowhere.taken", "", "expression-unknown-name"),
        ("gwp[gas].gwp20", "", "expression-unknown-name"),
        ("gwp[gas, gas].gwp100", "", "expression-keys"),
        ("sum(k)", "", "expression-by"),
        ("sum(mass, by=level)", "", "expression-by"),
        ("sum(mass, by=(line, line))", "", "expression-by"),
        ("mass + other.taken", "", "expression-two-sheets"),
        ("mass + select(limits).limit", "", "expression-axes"),
        ("sum(mass, by=line) + sum(mass, by=month)", "", "expression-axes"),
        ("sum(mass, by=(line, month)) - sum(mass, by=line)", "", "expression-axes"),  # a key on one side would be lost
        ("max(sum(mass, by=(line, month)), sum(mass, by=line))", "", "expression-axes"),
        ("sum(mass, by=(line, month)) > sum(mass, by=line)", "", "expression-axes"),
        ("sum(fuel_used)", "", "expression-sum-bases"),  # tonnes and cubic metres
        ("mean(carbon, weight=fuel_used)", "", "expression-sum-bases"),
        ("sum(leaked)", "", "expression-species"),
        ("mass ** k", "", "expression-exponent"),
        ("mass ** 5000", "", "expression-exponent"),
        ("role + 1", "", "expression-kind"),
        ("mass if mass else heat", "", "expression-kind"),
        ("sum(mass, where=mass)", "", "expression-kind"),
        ("level >= 2", "", "expression-kind"),  # labels have no order
        ("role == mass", "", "expression-kind"),
        ("(mass > heat / heat * tonne) == (k > 2)", "", "expression-kind"),
        ("missing(k > 2)", "", "expression-kind"),
        ("role in line", "", "expression-options"),
        ("role in (line, 2)", "", "expression-options"),
        ("mass in (1, 2)", "", "expression-options"),
        ('role == "inn"', "", "expression-unknown-label"),
        ('role in ("in", "outt")', "", "expression-unknown-label"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, target: str, code: str) -> None:
    assert code_of(text, target) == code


def test_the_error_names_the_part_that_does_not_fit() -> None:
    with pytest.raises(CarbonstdError) as caught:
        check(ex.parse("k * (mass + sum(mass, by=level))"), Names())
    assert "level" in caught.value.findings[0].found("en")


def test_an_empirical_fit_is_in_bare_numbers() -> None:
    checked, kind = check(ex.parse("0.21 * heat + 17.5 * mass"), Names(), numeric=True)
    assert kind.unit == unit("1")
    assert list(evaluate(checked, Values()).data) == pytest.approx([25.06, 50.12, 52.5, 73.78])


def test_rows_of_one_basis_have_its_unit() -> None:
    assert check(ex.parse('fuel_used if basis == "volume" else 0'), Names())[1].units == (unit("1e4 m^3"),)
    assert check(ex.parse('mass + (fuel_used if basis == "mass" else mass)'), Names())[1].units == (unit("t"),)
    assert code_of('mass + (fuel_used if basis == "volume" else mass)') == "unit-mismatch"
    assert code_of('fuel_used if basis == "area" else mass') == "expression-unknown-label"


def test_a_sum_over_bases_may_follow_the_conversion() -> None:
    kind = check(ex.parse("sum(fuel_used * k / fuel_used)"), Names())[1]
    assert kind.frame == SCALAR


# Prints


@pytest.mark.parametrize(
    ("text", "expected", "formula"),
    [
        ("mass * carbon * 44/12", "mass × carbon × 44/12", "mass*carbon*44/12"),
        ("(mass - tonne) / (k - 1)", "(mass - tonne) / (k - 1)", "(mass-tonne)/(k-1)"),
        ("k - (k - 1)", "k - (k - 1)", "k-(k-1)"),
        ("-k ** 2", "-k^2", "(-(k^2))"),
        ("(-k) ** 2", "(-k)^2", "(-k)^2"),
        ("mass if k > 2 else heat", "mass if k > 2 else heat", "IF(k>2,mass,heat)"),
        ("k <= 2 and not k == 1", "k ≤ 2 and not k = 1", "AND(k<=2,NOT(k=1))"),
    ],
)
def test_one_tree_two_prints(text: str, expected: str, formula: str) -> None:
    node = ex.parse(text)
    assert printed(node) == expected
    assert live(node, lambda leaf: getattr(leaf, "name", "?")) == formula


def test_symbols_of_the_document_are_printed() -> None:
    assert printed(ex.parse("mass * carbon"), lambda name: {"mass": "FC", "carbon": "CC"}[name]) == "FC × CC"


@given(st.recursive(
    st.sampled_from(["k", "mass", "2", "44/12"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        inner.map(lambda text: f"-({text})"),
        st.tuples(inner, inner, inner).map(lambda p: f"(({p[0]}) if ({p[1]}) > 0 else ({p[2]}))"),
    ),
    max_leaves=8,
))  # fmt: skip
def test_what_is_printed_reads_back_with_the_same_value(text: str) -> None:
    back = printed(ex.parse(text)).replace("×", "*").replace("^", "**").replace("≤", "<=")
    world, again = Values(exact=True), Values(exact=True)
    first, second = evaluate(ex.parse(text), world).data, evaluate(ex.parse(back), again).data
    assert [value for value in first if value == value] == [value for value in second if value == value]
