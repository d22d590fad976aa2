"""A batch as it is printed: who was done, failed or refused, the totals by method, findings, where it all is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from carbonstd import __version__
from carbonstd._batch.words import COLUMNS, WORDS
from carbonstd._definitions.schema import Bilingual, worded
from carbonstd._findings import OTHER_LANGUAGE, Language
from carbonstd._layout import Line, columns
from carbonstd._number import shown
from carbonstd._wording import NOT_REPORTED, SEVERITY_TEXT, STATUS_TEXT

if TYPE_CHECKING:
    from carbonstd._batch.result import BatchResult
    from carbonstd._definitions.library import Library

_GROUPS = 8  # of a label that are printed; the output has them all
_APART = ("gwp", "boundary")  # what keeps figures of one total from being added
_ALWAYS = ("measured", "default", "assumed")  # shares worth saying even where they are nothing
_TEXTS: dict[str, Bilingual] = {
    "entities": {
        "zh": "{all} 家企业：完成 {done}，结果有错误 {failed}，未能核算 {refused}，部分方法未能核算 {partly}",
        "en": "{all} {noun}: {done} done, {failed} with errors in their results, {refused} refused, "
        "{partly} refused by some of their methods",
    },
    "refused": {
        "zh": "某方法未能核算的企业不在该方法的合计中，但可在其他方法的合计中；结果有错误的已计入。",
        "en": "What a method refused is not in the sums of that method, though it may be in those of another; "
        "results with errors are in them.",
    },
    "apart": {
        "zh": "不同方法、核算期、边界的合计不相加。",
        "en": "Totals of different methods, periods or boundaries are never added together.",
    },
    "indirect": {
        "zh": "外购电力、热力和范围三的排放可能同时是其他企业的直接排放："
        "下列方法的合计可能重复计入，不是地区或集团的排放总量：{methods}",
        "en": "Emissions of purchased power and heat and of scope 3 may be direct emissions of another entity: sums of "
        "these methods may hold them twice and are no inventory of a region or group: {methods}",
    },
    "counts": {
        "zh": "完成 {done}，有错误 {failed}，未能核算 {refused}",
        "en": "{done} done, {failed} with errors, {refused} refused",
    },
    "unaccounted": {
        "zh": "其中 {count} 家的排放核算未通过：所填排放未经重算，仍计入下列合计",
        "en": "of which {count} have their accounting refused: the emissions typed were not recomputed, and are in the "
        "sums below",
    },
    "results": {
        "zh": "按方法分开计为 {all} 个结果：完成 {done}，有错误 {failed}，未能核算 {refused}",
        "en": "{all} results by method: {done} done, {failed} with errors, {refused} refused",
    },
    "largest": {"zh": "最大的企业", "en": "Largest"},
    "apart_figures": {"zh": "{range}（不相加）", "en": "{range} (not added)"},
    "rests": {"zh": "数据状态", "en": "Rests on"},
    "assumed": {"zh": "未见来源或假定", "en": "recalled or assumed"},
    "of": {"zh": "{counted} 家", "en": "of {counted}"},
    "more": {"zh": "另有 {count} 组", "en": "{count} more"},
    "findings": {"zh": "最常见的发现", "en": "Most frequent findings"},
    "kind": {
        "zh": "{severity} {code}：{count} 条，{entities} 家；如 {entity}：{says}",
        "en": "{severity} {code}: {count} in {entities} {noun}, such as {entity}: {says}",
    },
    "next": {"zh": "下一步", "en": "Next"},
    "statement": {
        "zh": "由 carbonstd {version} 依据所列方法和数据计算，供核算和自查使用；"
        "不构成核查意见、监察结论、配额决定或认证。",
        "en": "Computed by carbonstd {version} by the methods named from the data given; for accounting and "
        "self-check; no verification opinion, supervision finding, allowance decision or certification.",
    },
}
_text = partial(worded, _TEXTS)


def heading(result: BatchResult, language: Language) -> list[str]:
    """What must be read before any sum: how many entities it lacks."""
    counts = {name: f"{count:,}" for name, count in {"all": result.entities, **result.states}.items()}
    said = [_text("entities", language, noun=_noun(result.entities), **counts)]
    results = _results(result)
    if results["all"] != result.entities:
        said.append(_text("results", language, **{name: f"{count:,}" for name, count in results.items()}))
    said += [_text("refused", language)] if result.failed else []
    several = len({(*_of(row), row["id"]) for row in result.rows if row["id"]}) > 1
    said += [_text("apart", language)] if several else []
    between = ", ".join(result.indirect)
    return [*said, *([_text("indirect", language, methods=between)] if between and result.entities > 1 else [])]


def _results(result: BatchResult) -> dict[str, int]:
    """How many results there are, an entity by one method each, and of what state."""
    heads = {_of(row): row for row in result.rows if not row["by"]}.values()
    counted = {"all": "entities", "done": "done", "failed": "failed", "refused": "refused"}
    return {name: sum(row[column] for row in heads) for name, column in counted.items()}


def lines(result: BatchResult, library: Library, language: Language, next_steps: Sequence[str]) -> Iterator[Line]:
    """The printed page."""
    first, *others = heading(result, language)
    yield Line(first, "strong")
    yield from (Line(text, "warning" if result.failed else "quiet") for text in others)
    whole = [row for row in result.rows if not row["by"]]
    for _, rows in groupby(whole, key=_of):
        yield from _method(list(rows), result.rows, library, language)
    yield from _findings(result, language)
    yield Line("")
    yield Line(_text("next", language), "head")
    yield from (Line(f"  {step}") for step in next_steps)
    yield Line("")
    yield Line(_text("statement", language, version=__version__), "quiet")


def _of(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["method"]), str(row["period"])


def _method(
    whole: list[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], library: Library, language: Language
) -> Iterator[Line]:
    """The totals of a method in a period, the first of them by group, and what that rests on."""
    method, period = _of(whole[0])
    counts = {name: f"{whole[0][name]:,}" for name in ("done", "failed", "refused")}
    header = library.method_headers.get(method)
    named = f"{header.document.number} {header.title[language]} ({method})" if header else method
    yield Line("")
    yield Line(" · ".join(filter(None, (named or WORDS["method"][""][language], period))), "head")
    yield Line(f"  {_text('counts', language, **counts)}")
    if unaccounted := whole[0]["unaccounted"]:
        yield Line(f"  {_text('unaccounted', language, count=f'{unaccounted:,}')}", "warning")
    reached = sorted(  # the primary ones first
        (row for row in whole if row["id"]), key=lambda row: (not _rests(row), *(row[name] or "" for name in _APART))
    )
    apart = [name for name in _APART if len({row[name] for row in reached}) > 1]
    table = [
        [
            _figure(row, language),
            row["unit"],
            _text("of", language, counted=f"{row['counted']:,}"),
            row[f"label_{language}"],
            row[f"label_{OTHER_LANGUAGE[language]}"],
            *_told_apart(row, apart),
        ]
        for row in reached
    ]
    yield from (Line(text) for text in columns(table, right=[0], indent="  "))
    yield from (
        Line("  ".join(["", _text("rests", language), *_told_apart(row, apart), shares]))
        for row in reached
        if (shares := _shares(row, language))
    )
    yield from (
        Line(f"  {_text('largest', language)}  {row['largest']} {row['share_largest']:.1%}")
        for row in reached[:1]
        if row["counted"] > 1 and row["share_largest"] is not None
    )
    grouped = [
        row
        for row in rows
        if row["by"] and _of(row) == _of(whole[0]) and reached and row["id"] in (reached[0]["id"], None)
    ]  # in a group where everyone is refused there is no total
    for label, found in groupby(grouped, key=lambda row: str(row["by"])):
        yield from _groups(label, reached[0], list(found), apart, language)


def _told_apart(row: Mapping[str, Any], apart: Sequence[str]) -> list[str]:
    """The GWP set and the boundary of a total, where a method has several."""
    return [row[name] or NOT_REPORTED for name in apart]


def _groups(
    label: str, total: Mapping[str, Any], rows: list[Mapping[str, Any]], apart: Sequence[str], language: Language
) -> Iterator[Line]:
    largest = sorted(rows, key=lambda row: (-abs(row["sum"] or 0), row["group"]))
    yield Line(f"  {label}: {total[f'label_{language}']}")
    table = [
        [
            row["group"] or NOT_REPORTED,
            _figure(row, language),
            row["unit"] or "",
            f"{COLUMNS['done'][language]} {row['done']:,}",
            f"{COLUMNS['failed'][language]} {row['failed']:,}",
            f"{COLUMNS['refused'][language]} {row['refused']:,}",
            *_told_apart(row, apart),
        ]
        for row in largest[:_GROUPS]
    ]
    yield from (Line(text) for text in columns(table, right=[1], indent="    "))
    if len(largest) > _GROUPS:
        yield Line(f"    … {_text('more', language, count=len(largest) - _GROUPS)}", "quiet")


def _figure(row: Mapping[str, Any], language: Language) -> str:
    """The sum, or the range of what does not add up."""
    if row["id"] is None:
        return NOT_REPORTED
    if row["sum"] is not None:
        return _digits(row["sum"])
    ends = dict.fromkeys(_digits(row[name]) for name in ("lowest", "highest"))
    return "".join(ends) if row["counted"] == 1 else _text("apart_figures", language, range=" … ".join(ends))


def _digits(value: float) -> str:
    """Two decimals; of what is under one three digits, that little does not look like nothing."""
    return f"{value:,.2f}" if abs(value) >= 1 or not value else shown(value, 3)


def _rests(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: row[f"share_{name}"] for name in STATUS_TEXT if row.get(f"share_{name}") is not None}


def _shares(row: Mapping[str, Any], language: Language) -> str:
    names = {**STATUS_TEXT, "assumed": _TEXTS["assumed"]}
    return ", ".join(
        f"{names[name][language]} {share:.1%}" for name, share in _rests(row).items() if share or name in _ALWAYS
    )


def _findings(result: BatchResult, language: Language) -> Iterator[Line]:
    if result.kinds:
        yield Line("")
        yield Line(_text("findings", language), "head")
    for kind in result.kinds:
        values = {
            "severity": SEVERITY_TEXT[kind.severity][language],
            "code": kind.code,
            "count": f"{kind.count:,}",
            "entities": f"{kind.entities:,}",
            "noun": _noun(kind.entities),
            "entity": kind.first["entity"],
            "says": ": ".join(filter(None, (kind.first["place"], kind.first[f"message_{language}"]))),
        }
        yield Line(f"  {_text('kind', language, **values)}", kind.severity if kind.severity != "note" else "")


def _noun(count: int) -> str:
    return "entity" if count == 1 else "entities"
