"""Methane from landfilled waste by first-order decay: what was deposited years ago still emits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Years = NDArray[np.int64]

METHANE_PER_CARBON = 16 / 12  # tCH4/tC, equation 3.6
NEXT_JANUARY = 13.0  # decay begins on 1 January of the year after the deposit (six months later on average)


def first_order_decay(
    year: NDArray[Any],
    mass: Floats,
    doc: Floats,
    doc_f: Floats,
    mcf: Floats,
    k: Floats,
    methane_fraction: Floats,
    oxidation: Floats | float = 0.0,
    recovered: Floats | float = 0.0,
    start_month: Floats | float = NEXT_JANUARY,
) -> Outcome:
    """Methane emitted in each year from the first to the last deposit.

    A row is one waste stream deposited in one year; each decays at its own k. A year in which nothing was
    deposited needs a row of mass 0: a year without a row is unknown, so it and all later ones have no answer.

    Args (all of shape (rows,)):
        year: label such as "2015".
        mass: t deposited. doc: tC/t. doc_f, mcf, methane_fraction: fractions. k: 1/a.
        oxidation: fraction of the year's methane, the same in all rows of the year.
        recovered: tCH4, summed over the rows of the year.
        start_month: the month M in which decay begins, 13 being January of the next year, 7 no delay
            (deposits count as made at mid-year). The method's column keeps it within 7 to 13.

    Returns:
        tCH4 (years,), `labels` the years; `working` in tC, tCH4 and fractions by year.

    Source: IPCC 2006 Guidelines vol. 5 ch. 3: deposited DDOCm, eq. 3.2; accumulated, eq. 3.4; decomposed,
    eq. 3.5; generated, eq. 3.6 (x 16/12); emitted = (generated - R) x (1 - OX), eq. 3.1. The year of deposit
    and the delay: annex 3A.1 (remaining share exp(-k (13 - M)/12)).
    """
    number, readable = _years(year)
    shape = number.shape
    given = (mass, doc, doc_f, mcf, k, methane_fraction, oxidation, recovered, start_month)
    mass, doc, doc_f, mcf, k, methane_fraction, oxidation, recovered, start_month = (
        np.broadcast_to(np.asarray(item, dtype=np.float64), shape) for item in given
    )
    findings: dict[str, Any] = {}
    if not readable.all():
        findings["decay-year-unreadable"] = (~readable, {"year": np.asarray(year)})
    if findings or not len(number):
        return Outcome(np.zeros(0), {}, findings, [])
    years = np.arange(number.min(), number.max() + 1)
    deposited = mass * doc * doc_f * mcf
    columns = _decay(years, number, deposited, k, methane_fraction, start_month)
    columns["recovered"] = _by_year(years, number, recovered)
    columns["oxidation"], mixed = _one_a_year(years, number, oxidation)
    value = (columns["generated"] - columns["recovered"]) * (1 - columns["oxidation"])
    unknown, late = _after_gap(years, number)
    value, *known = (np.where(unknown, np.nan, column) for column in (value, *columns.values()))
    columns = dict(zip(columns, known, strict=True))
    short = columns["recovered"] > columns["generated"]
    too_much = short[number - years[0]] & (recovered > 0)
    if late.any():
        findings["decay-year-missing"] = (late, {"year": np.setdiff1d(years, number)[0]})
    if mixed.any():
        findings["decay-oxidation-mixed"] = (mixed, {"year": number})
    if too_much.any():
        values = {name: columns[name][number - years[0]] for name in ("recovered", "generated")}
        findings["decay-recovered-exceeds"] = (too_much, {"year": number, **values})
    return Outcome(value, {"year": years, **columns}, findings, [str(item) for item in years])


def _decay(
    years: Years, number: Years, deposited: Floats, k: Floats, methane_fraction: Floats, start_month: Floats
) -> dict[str, Floats]:
    """Equations 3.4 to 3.6 year by year for all rows at once; a row counts from its own year on."""
    columns = {name: np.zeros(len(years)) for name in ("deposited", "accumulated", "decomposed", "generated")}
    kept = np.exp(-k)
    kept_first = np.exp(-k * (13 - start_month) / 12)
    stock = np.zeros(number.shape)
    for place, current in enumerate(years):
        new, old = number == current, number < current
        loss = np.where(old, stock * (1 - kept), 0.0) + np.where(new, deposited * (1 - kept_first), 0.0)
        stock = np.where(old, stock * kept, 0.0) + np.where(new, deposited * kept_first, 0.0)
        methane = np.where(old | new, loss * methane_fraction * METHANE_PER_CARBON, 0.0)
        columns["deposited"][place] = deposited[new].sum()
        columns["accumulated"][place] = stock.sum()
        columns["decomposed"][place] = loss.sum()
        columns["generated"][place] = methane.sum()
    return columns


def _years(year: NDArray[Any]) -> tuple[Years, Mask]:
    """Labels as whole years, and which of them are years."""
    texts = [str(label).strip().removesuffix("年") for label in np.asarray(year).ravel()]
    readable = [len(text) == 4 and text.isascii() and text.isdigit() for text in texts]
    numbers = [int(text) if good else 0 for text, good in zip(texts, readable, strict=True)]
    return np.array(numbers, dtype=np.int64), np.array(readable, dtype=bool)


def _by_year(years: Years, number: Years, values: Floats) -> Floats:
    return np.bincount(number - years[0], weights=values, minlength=len(years)).astype(np.float64)


def _one_a_year(years: Years, number: Years, values: Floats) -> tuple[Floats, Mask]:
    """The figure all rows of a year share (years,), NaN where they differ, and the rows that do (rows,)."""
    lowest, highest = np.full(len(years), np.inf), np.full(len(years), -np.inf)
    np.minimum.at(lowest, number - years[0], values)
    np.maximum.at(highest, number - years[0], values)
    return np.where(lowest == highest, lowest, np.nan), (lowest < highest)[number - years[0]]


def _after_gap(years: Years, number: Years) -> tuple[Mask, Mask]:
    """Years from the first year without a row on, and the rows of those years."""
    absent = ~np.isin(years, number)
    unknown = np.logical_or.accumulate(absent)
    return unknown, unknown[number - years[0]]


MODELS: tuple[Model, ...] = (
    Model(
        name="first_order_decay",
        function=first_order_decay,
        arguments={
            "year": "label",
            "mass": "t",
            "doc": "tC/t",
            "doc_f": "1",
            "mcf": "1",
            "k": "1/a",
            "methane_fraction": "1",
            "oxidation": "1",
            "recovered": "tCH4",
            "start_month": "1",
        },
        unit="tCH4",
        source="IPCC 2006 Guidelines, vol. 5, ch. 3, eq. 3.1, 3.2, 3.4–3.6; annex 3A.1",
        axis="year",
        optional=("oxidation", "recovered", "start_month"),
    ),
)
