"""The first pages of a report: head, totals, what they rest on, verdicts, lines and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from carbonstd._document import Document
from carbonstd._number import shown
from carbonstd._report_basis import FORMAL, NONE, grade, whole_years
from carbonstd._report_charts import PALETTE, Bar, Series, Share, bar_chart, column_chart, share_bar
from carbonstd._report_html import Html, Words, join, number, section, table, tag
from carbonstd._report_months import ByMonth, by_month
from carbonstd._result import LineValue, Result
from carbonstd._schema import Bilingual
from carbonstd._summary import _shown as figure
from carbonstd._verdict import Judgement, LevelVerdict, Verdict
from carbonstd._wording import STATUS_TEXT
from carbonstd._workbook_style import unit_text

_ALWAYS = ("measured", "entered", "default", "carried", "assumed")  # shares worth saying even where they are nothing
_BARS = 24  # a chart that still fits a page
_MONTHS = 12  # columns of one table
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def unit_of(result: Result, item: LineValue) -> str:
    return unit_text(result.method.equations[item.line.equation].unit)


def head(result: Result, words: Words) -> Html:
    """Who, which method: the title of the report."""
    title = words.both("title_gases" if result.method.gases else "title")
    document = f"{result.method.document.number} "
    return tag(
        "header",
        tag("h1", title),
        tag("p", words.label(_entity(result)), class_="entity"),
        tag("p", document, words.label(result.method.title), class_="by"),
    )


def facts(result: Result, words: Words) -> Html:
    """Boundary, period, document with number, method with edition."""
    case, method = result.case, result.method
    rows: list[tuple[Html, object]] = [(words.both("entity"), tag("strong", words.label(_entity(result))))]
    for key, value in case.entity.items():
        if key != "name" and value not in (None, "") and not isinstance(value, list | tuple):
            known = key in ("code", "industry", "region", "address", "contact")
            shown_value = words.label(value) if isinstance(value, Mapping) else str(value)
            rows.append((words.both(str(key)) if known else join(str(key)), shown_value))
    period: object = str(case.period)
    if not whole_years(case.period):
        period = join(case.period, " (", words.both("part_year"), ")")
    rows += [(words.both("period"), period), (words.both("as_of"), str(case.as_of))]
    rows.append((words.both("document"), document_of(method.document, method.title, words)))
    rows.append((words.both("method"), tag("code", method.id)))
    if method.gases:
        gwp = _gwp(result) or words.both("no_gwp")
        rows.append((words.both("gases"), join(", ".join(method.gases), "; ", gwp)))
    if method.boundary:
        rows.append((words.both("boundary"), tag("span", words.label(method.boundary), class_="long")))
    rows.append((words.both("lock"), join(tag("code", result.lock["hash"][:16]), " ", words.text("lock_note"))))
    pairs = (join(tag("dt", name), tag("dd", value)) for name, value in rows)
    return section(words.both("facts"), tag("dl", *pairs, class_="facts"), name="facts")


def document_of(document: Document, title: Bilingual, words: Words) -> Html:
    """Number, title and the dates that matter."""
    said = [words.text(name, day=day) for name in ("issued", "in_force") if (day := getattr(document, name))]
    if document.superseded_by:
        said.append(words.text("superseded", number=document.superseded_by))
    dates = tag("span", " (", ", ".join(said), ")") if said else Html()
    return join(tag("strong", document.number), " ", words.label(title), dates)


def totals(result: Result, words: Words) -> Html:
    """Every total of the document, the main one first and largest; errors are said here already."""
    items = sorted(result.total_lines, key=lambda item: item.line.id != result.method.primary.id)
    cards = [
        tag(
            "div",
            tag("p", words.label(item.line.label), class_="what"),
            tag("p", _number(item, result), " ", tag("span", unit_of(result, item)), class_="figure"),
            class_="total main" if item is items[0] else "total",
        )
        for item in items
    ]
    count = Counter(str(item.severity) for item in result.findings)
    failed = tag("p", words.both("failed", count=count["error"]), class_="failed", role="alert")
    counts = words.both("counts", errors=count["error"], warnings=count["warning"], notes=count["note"])
    below = failed if count["error"] else Html()
    return section(
        words.both("totals"),
        tag("div", *cards, class_="totals"),
        below,
        tag("p", counts, class_="note"),
        name="totals",
    )


def shares(result: Result, words: Words) -> Html:
    """How much of the main total was measured, entered, taken by default, carried over or assumed."""
    parts = [
        Share(words.text(status) if status == "assumed" else STATUS_TEXT[status][words.language], f"s-{status}", share)
        for status, share in result.shares.items()
        if share or status in _ALWAYS
    ]
    note = tag("p", words.both("shares_note"), class_="note")
    return section(words.both("shares"), share_bar("shares-chart", words.plain("shares"), parts), note, name="shares")


def largest(result: Result, words: Words) -> Html:
    items = [item for item in result.largest() if item.value]
    if not items:
        return Html()
    rows = [
        tag(
            "li",
            words.label(item.line.label),
            tag(
                "span",
                _number(item, result),
                f" {unit_of(result, item)}",
                _share(item, result, " · "),
                f" · {STATUS_TEXT[item.status.name.lower()][words.language]}",
                class_="aside",
            ),
        )
        for item in items
    ]
    return section(words.both("largest"), tag("ol", *rows, class_="largest"), name="largest")


def verdicts(result: Result, words: Words) -> Html:
    """Indicators against their limits, with the grade of each verdict."""
    if not result.verdicts:
        return Html()
    heads = [words.both(name) for name in ("indicator", "value", "level", "limit", "distance", "judgement", "clause")]
    rows = [row for verdict in result.verdicts for row in _verdict_rows(result, verdict, words)]
    made = table(words.both("verdict_caption"), heads, rows, numeric=(1, 3, 4), look="verdicts")
    return section(words.both("verdicts"), made, tag("p", words.both("verdict_note"), class_="note"), name="verdicts")


def lines(result: Result, words: Words) -> Html:
    """The chart by source, and the table of lines with gas, scope, bucket and status."""
    if not result.lines:
        return Html()
    names = ("line", "gas", "value", "unit", "counted", "share", "scope", "bucket", "iso", "status")
    rows = [_line_cells(item, result, words) for item in result.lines]
    foot = [_total_cells(item, result, words) for item in result.total_lines]
    heads = [words.both(name) for name in names]
    made = table(words.both("lines_caption"), heads, rows, numeric=(2, 5), foot=foot, look="lines")
    note = tag("p", words.both("lines_note"), class_="note")
    name = "lines" if result.method.gases else "lines_plain"
    return section(words.both(name), *_source_charts(result, words), made, note, name="lines")


def months(result: Result, words: Words) -> Html:
    """The chart and the table by month."""
    found = by_month(result)
    if not found:
        return section(words.both("months"), tag("p", words.both("months_none"), class_="note"), name="months")
    parts = [part for index, item in enumerate(found) for part in _month_parts(item, index, result, words)]
    return section(words.both("months"), *parts, name="months", look="wide")


def _entity(result: Result) -> Bilingual:
    name = result.case.entity.get("name") or result.case.name or {}
    return name if isinstance(name, Mapping) else {"zh": str(name), "en": str(name)}


def _number(item: LineValue, result: Result) -> Html:
    """The value of a line as everywhere else it is shown."""
    return number(item.value, figure(item, result))


def _signed(item: LineValue, result: Result) -> str:
    """The value as it counts in the total."""
    text = figure(item, result)
    return text if item.line.sign > 0 or not item.value else text[1:] if text.startswith("-") else f"-{text}"


def _gwp(result: Result) -> str:
    used = [item.table for items in result._run.segments.values() for item in items]
    return ", ".join(f"{item.document.number} ({item.id})" for item in used if item.id.startswith("gwp/"))


def _share(item: LineValue, result: Result, before: str = "") -> str:
    total = abs(result.primary.value)
    alike = item.unit == result.primary.unit and not item.line.memo
    return f"{before}{item.line.sign * item.value / total:.1%}" if total and alike else ""


def _line_cells(item: LineValue, result: Result, words: Words) -> list[object]:
    line = item.line
    counted = "counted_memo" if line.memo else "counted_minus" if line.sign < 0 else "counted_plus"
    label = join(words.label(line.label), " ", tag("code", line.id, class_="id"))
    return [
        label,
        line.gas,
        _number(item, result),
        unit_of(result, item),
        words.text(counted),
        _share(item, result),
        line.scope,
        line.bucket,
        line.iso,
        STATUS_TEXT[item.status.name.lower()][words.language],
    ]


def _total_cells(item: LineValue, result: Result, words: Words) -> list[object]:
    status = STATUS_TEXT[item.status.name.lower()][words.language]
    label, unit = words.label(item.line.label), unit_of(result, item)
    return [label, item.line.gas, _number(item, result), unit, "", "", "", "", "", status]


def _source_charts(result: Result, words: Words) -> Iterator[Html]:
    counted = [item for item in result.lines if not item.line.memo]
    title = words.plain("by_source" if result.method.gases else "by_line")
    for index, unit in enumerate(dict.fromkeys(item.unit for item in counted)):
        items = [item for item in counted if item.unit == unit]
        shown_unit = unit_of(result, items[0])
        kept = sorted(items, key=lambda item: -abs(item.value))[:_BARS]
        bars = [
            Bar(
                item.line.label[words.language],
                item.line.label[words.other],
                item.line.sign * item.value,
                _signed(item, result),
            )
            for item in items
            if item in kept
        ]
        rest = [item for item in items if item not in kept]
        if rest:
            value = sum(item.line.sign * item.value for item in rest)
            bars.append(Bar(words.text("chart_rest", count=len(rest)), "", value, shown(value, 6)))
        name = words.both("by_source" if result.method.gases else "by_line")
        caption = tag("figcaption", name, f" ({shown_unit})" if shown_unit else "")
        yield tag("figure", caption, bar_chart(f"source-{index}", title, bars, shown_unit))
    if len(counted) < len(result.lines):
        yield tag("p", words.both("memo_apart"), class_="note")


def _month_parts(item: ByMonth, index: int, result: Result, words: Words) -> Iterator[Html]:
    unit = unit_of(result, item.lines[0].item)
    title = words.plain("months_chart")
    columns = [_month_name(month, item.months, words) for month in item.months]
    caption = tag("figcaption", words.both("months_chart"), f" ({unit})" if unit else "")
    yield tag("figure", caption, column_chart(f"months-{index}", title, columns, _series(item, words), unit))
    rest = sum(line.rest for line in item.lines)
    without = any(line.rest for line in item.lines)
    note = words.both("months_rest", value=shown(rest, 6), unit=unit) if without else words.both("months_all")
    yield tag("p", note, class_="note")
    for start in range(0, len(item.months), _MONTHS):
        yield _month_table(item, slice(start, start + _MONTHS), result, words)
    if any(not there for line in item.lines for there in line.held):
        yield tag("p", words.both("months_blank"), class_="note")


def _series(item: ByMonth, words: Words) -> list[Series]:
    """The lines as series; the smallest of more than a palette of them are gathered."""
    drawn = [line for line in item.lines if any(line.values)]
    order = sorted(drawn, key=lambda line: -sum(map(abs, line.values)))
    kept = order if len(order) <= PALETTE else order[: PALETTE - 1]
    series = [
        Series(line.item.line.label[words.language], f"c{at}", line.values)
        for at, line in enumerate(line for line in item.lines if line in kept)
    ]
    gathered = [line.values for line in order if line not in kept]
    if gathered:
        series.append(Series(words.text("others"), "cx", tuple(map(sum, zip(*gathered, strict=True)))))
    return series


def _month_table(item: ByMonth, part: slice, result: Result, words: Words) -> Html:
    last = part.stop >= len(item.months)
    without = any(line.rest for line in item.lines)
    months = item.months[part]
    heads: list[object] = [words.both("line"), *(_month_name(month, item.months, words) for month in months)]
    largest = max(abs(value) for line in item.lines for value in (*line.values, line.rest, line.total))
    digits = 1 if largest >= 1000 else 2

    def cells(values: Sequence[float], held: Sequence[bool], rest: float, total: float) -> Iterator[Html]:
        for value, there in zip(values[part], held[part], strict=True):
            yield number(value, _compact(value, digits)) if there else Html("—")
        ends = [rest] * (last and without) + [total] * last
        yield from (number(value, _compact(value, digits)) for value in ends)

    rows = [
        [words.label(line.item.line.label), *cells(line.values, line.held, line.rest, line.total)]
        for line in item.lines
    ]
    sums = [sum(column) for column in zip(*(line.values for line in item.lines), strict=True)]
    any_held = [any(column) for column in zip(*(line.held for line in item.lines), strict=True)]
    rest, total = sum(line.rest for line in item.lines), sum(line.total for line in item.lines)
    foot = [words.both("sum"), *cells(sums, any_held, rest, total)]
    if last:
        heads += [words.both("no_month")] * without + [words.both("sum")]
    unit = unit_of(result, item.lines[0].item)
    caption = join(words.both("months_caption"), f" ({unit})" if unit else "")
    numeric = range(1, len(heads))
    return table(caption, heads, rows, numeric, [foot], "months")


def _month_name(month: str, months: Sequence[str], words: Words) -> str:
    at = int(month[5:])
    if len({item[:4] for item in months}) > 1:
        return month
    return f"{at}月" if words.language == "zh" else _ENGLISH_MONTHS[at - 1]


def _compact(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if value else "0"


def _verdict_rows(result: Result, verdict: Verdict, words: Words) -> Iterator[list[object]]:
    rule, rank = verdict.rule, grade(result, verdict)
    unit = unit_text(rule.unit)
    for level in verdict.levels:
        named = level.level or words.text("limit")
        if verdict.required and level.level == verdict.required:
            named = f"{named} ({words.text('required')})"
        sense = "≤ " if rule.sense == "at_most" else "≥ "
        bounds = ["—" if part is None else float(part) for part in (level.limit, level.distance)]
        limit, distance = (part if isinstance(part, str) else number(part, shown(part, 8)) for part in bounds)
        yield [
            words.label(rule.label),
            join(number(float(verdict.value), shown(verdict.value, 8)), f" {unit}"),
            named,
            join(sense, limit) if level.limit is not None else limit,
            distance,
            _judgement(level, rank, words),
            rule.clause,
        ]


def _judgement(level: LevelVerdict, rank: str, words: Words) -> Html:
    """The judgement in the words its grade allows: only a formal comparison says that something complies."""
    if level.judgement is Judgement.NO_LEVEL:
        return words.both("no_level")
    grade_text = tag("span", words.text(f"verdict_{rank}"), class_="grade")
    if rank == NONE or level.judgement is Judgement.UNDECIDED:
        return tag("span", words.text("verdict_none"), class_="open")
    kind = "formal" if rank == FORMAL else "reference"
    text = words.text(f"{kind}_{level.judgement}")
    return join(tag("strong", text, class_=str(level.judgement).replace("_", "-")), " ", grade_text)
