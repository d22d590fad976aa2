"""Properties: numbers, the expression language on random trees, editions on random dates, periods."""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carbonstd._definitions.document import Document, Period
from carbonstd._definitions.header import Head, Header
from carbonstd._definitions.method import Slot
from carbonstd._engine.array import Array
from carbonstd._engine.edition import select
from carbonstd._engine.evaluate import evaluate
from carbonstd._errors import CaseError, ExpressionError
from carbonstd._language import expression as ex
from carbonstd._language.formula import live
from carbonstd._language.shape import SCALAR
from carbonstd._ledger.axes import Axes
from carbonstd._number import exact, round_gbt_8170

# Numbers


@settings(deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.integers(0, 4))
def test_half_goes_to_even_on_typed_decimals(number: Decimal, digits: int) -> None:
    assert round_gbt_8170(number, digits) == number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)


@settings(deadline=None)
@given(st.integers(-(10**6), 10**6), st.integers(1, 4))
def test_a_float_that_was_typed_as_a_half_is_a_half(whole: int, digits: int) -> None:
    typed = f"{whole}.{'0' * (digits - 1)}25"  # e.g. 2.25, as a spreadsheet stores it
    assert round_gbt_8170(float(typed), digits) == round_gbt_8170(Decimal(typed), digits)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_float_means_its_15_digits(number: float) -> None:
    assert exact(number) == Fraction(f"{number:.15g}")
    assert math.isclose(float(exact(number)), number, rel_tol=1e-14, abs_tol=0)


@settings(deadline=None)
@given(st.decimals(min_value=-(10**8), max_value=10**8, places=6))
def test_a_number_with_15_digits_survives_float(number: Decimal) -> None:
    assert exact(float(number)) == Fraction(number)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_no_number(number: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        exact(number)


# Expressions


class Scalars:
    """Three names with one value each."""

    def __init__(self, values: Sequence[Fraction], exact: bool) -> None:
        self.axes, self.exact, self.near = Axes(), exact, False
        self.entities = 0
        self.values = dict(zip("abc", values, strict=True))

    def name(self, name: str) -> Array:
        value: Any = self.values[name] if self.exact else float(self.values[name])
        data = np.array([value], dtype=object if self.exact else float)
        return Array(data, SCALAR, None, data[0])

    def tie(self, node: ex.Compare | ex.Call, at: Array) -> None:
        self.near = True

    def only(self, rows: Array) -> AbstractContextManager[None]:
        return nullcontext()

    def report(self, code: str, node: ex.Node, at: Array, /, **values: str) -> None: ...

    def member(self, sheet: str, column: str) -> Array:
        raise NotImplementedError

    def codes(self, sheet: str, axis: str) -> Any:
        raise NotImplementedError

    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array:
        raise NotImplementedError


LEAVES = st.sampled_from([*map(ex.Name, "abc"), *(ex.Literal(Fraction(n)) for n in (1, 2)), ex.Ratio(44, 12)])


def _grown(inner: st.SearchStrategy[ex.Node]) -> st.SearchStrategy[ex.Node]:
    condition = st.builds(ex.Compare, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner)
    return st.one_of(
        st.builds(ex.Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(ex.Negative, inner),
        st.builds(lambda base, power: ex.Binary("**", base, ex.Literal(Fraction(power))), inner, st.integers(1, 3)),
        st.builds(ex.Call, st.sampled_from(["min", "max", "first"]), st.tuples(inner, inner)),
        st.builds(ex.Call, st.just("abs"), st.tuples(inner)),
        st.builds(ex.Call, st.just("clip"), st.tuples(inner, inner, inner)),
        st.builds(ex.Choice, condition, inner, inner),
    )


TREES = st.recursive(LEAVES, _grown, max_leaves=10)
VALUES = st.lists(st.fractions(Fraction(1, 100), 100, max_denominator=1000), min_size=3, max_size=3)


@settings(max_examples=300, deadline=None)
@given(TREES, VALUES)
def test_the_float_run_is_the_exact_run(tree: ex.Node, values: list[Fraction]) -> None:
    """To 1e-12 of the largest term; a comparison near a tie is the exact run's to decide."""
    fast, slow = Scalars(values, exact=False), Scalars(values, exact=True)
    found, wanted = evaluate(tree, fast).data[0], evaluate(tree, slow).data[0]
    assume(not fast.near)
    if wanted != wanted:
        assert not np.isfinite(found) or abs(found) > 1e9  # a quotient by what cancels to zero
        return
    sizes = [abs(evaluate(part, slow).data[0]) for part in tree.walk() if not isinstance(part, ex.Compare)]
    assume(all(size == 0 or Fraction(1, 10**3) < size < 10**6 for size in sizes if size == size))
    assume(not any(_cancels(part, slow) for part in tree.walk()))
    assert abs(Fraction(found) - wanted) <= Fraction(1, 10**12) * max(abs(wanted), Fraction(1, 10**3))


def _cancels(node: ex.Node, world: Scalars) -> bool:
    """Whether a sum or difference loses more than two digits."""
    if not (isinstance(node, ex.Binary) and node.operator in "+-"):
        return False
    parts = [abs(evaluate(part, world).data[0]) for part in (node, node.left, node.right)]
    return bool(100 * parts[0] < max(parts[1:]))


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_a_live_formula_is_well_formed(tree: ex.Node) -> None:
    text = live(tree, lambda node: "$A$1")
    assert not text.startswith("=")
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert "**" not in text
    assert "==" not in text
    assert text.count('"') % 2 == 0


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        assert isinstance(ex.parse(text), ex.Node)


@settings(deadline=None)
@given(TREES)
def test_renaming_leaves_the_rest(tree: ex.Node) -> None:
    there = ex.substitute(tree, {"a": "x"})
    assert ex.substitute(there, {"x": "a"}) == tree
    assert ex.Name("a") not in there.walk()


# Editions

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
YEARS = st.integers(2016, 2029)


def _header(index: int, published: date, in_force: date | None, data: int | None) -> Header:
    document = Document("X", {"zh": "", "en": ""}, published, in_force)
    period = Period(date(data, 1, 1), date(data, 12, 31)) if data else None
    return Header(f"t/x@{index}", Path(), "t", given=Head({"zh": "", "en": ""}, document, (), period, published))


class Shelf:
    """A library of one family."""

    def __init__(self, headers: list[Header]) -> None:
        self.table_headers = {header.id: header for header in headers}

    def find(self, name: str, headers: dict[str, Header]) -> Header:
        return next(iter(headers.values()))

    def editions(self, family: str, headers: dict[str, Header]) -> list[Header]:
        return sorted(headers.values(), key=lambda item: (item.published or date.min, item.edition))

    def table(self, name: str) -> Any:
        return SimpleNamespace(id=name, family="t/x", header=self.table_headers[name])


def _chosen(how: str, headers: list[Header], period: Period, as_of: date, on: date | None = None) -> list[Any]:
    segments, _ = select(Slot("x", "t/x", how, on=on), Shelf(headers), period, as_of)  # type: ignore[arg-type]
    return segments


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(DAYS, st.none() | YEARS), min_size=1, max_size=6), YEARS, DAYS)
def test_never_what_was_published_later(items: list[tuple[date, int | None]], year: int, as_of: date) -> None:
    headers = [_header(index, day, None, data) for index, (day, data) in enumerate(items)]
    period = Period(date(year, 1, 1), date(year, 12, 31))
    usable = [
        h
        for h in headers
        if h.published and h.published <= as_of and not (h.data_period and h.data_period.start > period.end)
    ]
    for how, on in (("latest_published_by", None), ("frozen_on", as_of)):
        if not usable:
            with pytest.raises(CaseError):
                _chosen(how, headers, period, as_of, on)
            continue
        (segment,) = _chosen(how, headers, period, as_of, on)
        assert segment.table.header in usable
        assert (segment.start, segment.end) == (period.start, period.end)
        ends = [header.data_period.end for header in usable if header.data_period]
        if len(ends) == len(usable):
            assert segment.table.header.data_period.end == max(ends)  # the newest data known on the day


@settings(max_examples=200, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=5, unique=True), DAYS, st.integers(0, 800))
def test_in_force_segments_tile_the_period(starts: list[date], first: date, length: int) -> None:
    headers = [_header(index, start, start, None) for index, start in enumerate(starts)]
    period = Period(first, first + timedelta(days=length))
    if min(starts) > period.start:
        with pytest.raises(CaseError):
            _chosen("in_force", headers, period, date.max)
        return
    segments = _chosen("in_force", headers, period, date.max)
    assert segments[0].start == period.start
    assert segments[-1].end == period.end
    for one, other in pairwise(segments):
        assert one.end + timedelta(days=1) == other.start
    for segment in segments:
        in_force = [day for day in starts if day <= segment.start]
        assert segment.table.header.document.in_force == max(in_force)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(DAYS, YEARS), min_size=1, max_size=6), YEARS)
def test_data_of_the_period_itself(items: list[tuple[date, int]], year: int) -> None:
    headers = [_header(index, day, None, data) for index, (day, data) in enumerate(items)]
    period = Period(date(year, 1, 1), date(year, 12, 31))
    if year not in [data for _, data in items]:
        with pytest.raises(CaseError):
            _chosen("data_period_equals", headers, period, date.max)
        return
    (segment,) = _chosen("data_period_equals", headers, period, date.max)
    assert segment.table.header.data_period == period


# Periods


@settings(deadline=None)
@given(DAYS, st.integers(0, 1500))
def test_a_period_reads_back(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    assert Period.parse(str(period)) == period


@settings(deadline=None)
@given(DAYS, st.integers(0, 1500))
def test_months_are_those_touched(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    days = {f"{first + timedelta(days=n):%Y-%m}" for n in range(length + 1)}
    assert period.months() == sorted(days)


@settings(deadline=None)
@given(st.integers(1990, 2060), st.integers(1, 12))
def test_a_month_is_its_days(year: int, month: int) -> None:
    period = Period.parse(f"{year}-{month:02d}")
    assert period == Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    assert str(period) == f"{year}-{month:02d}"


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_period_or_none(text: str) -> None:
    period = Period.parse(text)
    assert period is None or period.start <= period.end
