"""What a batch gives: tables of entities, totals, lines, verdicts, findings and locks, a row each, as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from carbonstd._batch.ledgers import Head
from carbonstd._batch.locks import LOCK_SCHEMAS, lock_rows
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Equation, Method
from carbonstd._findings import Finding, Severity, finding
from carbonstd._handover.handover import hands
from carbonstd._trace.explain import adds_up

if TYPE_CHECKING:
    from carbonstd._result.line_value import LineValue
    from carbonstd._result.result import Result
    from carbonstd._result.verdict import Verdict

_TEXT, _NUMBER, _COUNT, _FLAG = pa.string(), pa.float64(), pa.int32(), pa.bool_()
_KEY = (("entity", _TEXT), ("method", _TEXT))
_LABEL = (("id", _TEXT), ("label_zh", _TEXT), ("label_en", _TEXT))
SHARES = ("measured", "entered", "derived", "default", "carried", "assumed")
SCHEMAS: Mapping[str, pa.Schema] = {
    "entities": pa.schema(
        [
            *_KEY,
            ("name", _TEXT),
            ("period", _TEXT),
            ("as_of", _TEXT),
            ("state", _TEXT),  # done, failed (an error stands among its findings) or refused (no figure)
            *((str(item) + "s", _COUNT) for item in Severity),
            *((f"share_{name}", _NUMBER) for name in SHARES),
            ("lock", _TEXT),
            ("unaccounted", _FLAG),  # the accounting that would hand it figures, of the same entity, is refused
            ("groups", pa.map_(_TEXT, _TEXT)),
        ]
    ),
    "totals": pa.schema(
        [
            *_KEY,
            *_LABEL,
            ("value", _NUMBER),
            ("unit", _TEXT),
            ("gwp", _TEXT),
            ("boundary", _TEXT),
            ("status", _TEXT),
            ("primary", _FLAG),
            ("adds_up", _FLAG),  # over entities: an intensity does not
        ]
    ),
    "lines": pa.schema(
        [
            *_KEY,
            *_LABEL,
            ("value", _NUMBER),
            ("unit", _TEXT),
            ("gas", _TEXT),
            ("scope", _TEXT),
            ("category", _TEXT),
            ("iso_14064_1", _TEXT),
            ("bucket", _TEXT),
            ("sign", _COUNT),
            ("memo", _FLAG),
            ("status", _TEXT),
        ]
    ),
    "verdicts": pa.schema(  # a row for each level of each verdict
        [
            *_KEY,
            *_LABEL,
            ("value", _NUMBER),
            ("unit", _TEXT),
            ("sense", _TEXT),
            ("level", _TEXT),
            ("limit", _NUMBER),
            ("distance", _NUMBER),
            ("judgement", _TEXT),
            ("decisive", _FLAG),
            ("required", _TEXT),
            ("reached", _TEXT),
            ("grade", _TEXT),
            ("clause", _TEXT),
            *((f"{name}_exact", _TEXT) for name in ("value", "limit", "distance")),
        ]
    ),
    "findings": pa.schema(
        [
            *_KEY,
            *((name, _TEXT) for name in ("severity", "code", "place", "clause", "message_zh", "message_en")),
        ]
    ),
    **LOCK_SCHEMAS,
}
Outcome = dict[str, pa.Table]  # a table for each name in SCHEMAS
Rows = dict[str, list[dict[str, Any]]]


def outcome(rows: Rows) -> Outcome:
    """Rows as Arrow tables."""
    return {name: pa.Table.from_pylist(rows.get(name, []), schema) for name, schema in SCHEMAS.items()}


def gathered(parts: Iterable[Rows]) -> Rows:
    """The rows of several entities behind one another; a text that their locks share stands once."""
    rows: Rows = {name: [] for name in SCHEMAS}
    texts: dict[tuple[str, str], dict[str, Any]] = {}
    for part in parts:
        texts |= {(row["hash"], row["name"]): row for row in part.pop("lock_files", [])}
        for name, held in part.items():
            rows[name] += held
    return rows | {"lock_files": list(texts.values())}


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """Several outcomes behind one another."""
    empty = outcome({})
    return {name: pa.concat_tables([empty[name], *(item[name] for item in outcomes)]) for name in SCHEMAS}


def rows_of(head: Head, result: Result, findings: Iterable[Finding]) -> Rows:
    """What one entity came to; its findings in a reader's words."""
    key = {"entity": head.entity, "method": result.method.id}
    shares = {f"share_{name}": result.shares.get(name, 0.0) for name in SHARES}
    state = {"state": "failed" if result.failed else "done", "lock": result.lock["hash"]}
    return {
        "entities": [{**_entity(head, result.method.id, findings), **state, **shares}],
        "totals": [{**key, **_labels(item), **_total(item, result)} for item in result.total_lines],
        "lines": [{**key, **_labels(item), **_line(item)} for item in result.lines],
        "verdicts": [{**key, **row} for item in result.verdicts for row in _verdict(item)],
        "findings": [finding_row(item, key) for item in findings],
        **lock_rows(head.entity, result.lock),
    }


def rows_refused(head: Head, method: str, findings: Iterable[Finding]) -> Rows:
    """An entity that gave no figure, and why."""
    key = {"entity": head.entity, "method": method}
    return {
        "entities": [{**_entity(head, method, findings), "state": "refused"}],
        "findings": [finding_row(item, key) for item in findings],
    }


def tell_unaccounted(rows: Sequence[Rows], library: Library) -> None:
    """Warn of each result of an entity that rests on figures typed where the accounting of them was refused."""
    entities = [row for item in rows for row in item["entities"]]
    refused = [row["method"] for row in entities if row["state"] == "refused"]
    for item, row in zip(rows, entities, strict=True):
        for method in refused:
            if row["state"] != "refused" and hands(method, row["method"], library):
                key = {name: row[name] for name in ("entity", "method")}
                item["findings"].append(finding_row(finding("accounting-refused", row["method"], method=method), key))
                row["warnings"] += 1
                row["unaccounted"] = True


def tell_overridden(rows: Sequence[Rows], own: str) -> None:
    """Warn of each result of an entity that names other methods (`own`) than the one it was run by."""
    for item in rows if own else ():
        [row] = item["entities"]
        if row["state"] != "refused":  # else it is told what its form lacks
            key = {name: row[name] for name in ("entity", "method")}
            told = finding("entity-method-other", row["method"], found=own, asked=row["method"])
            item["findings"].append(finding_row(told, key))
            row["warnings"] += 1


def _entity(head: Head, method: str, findings: Iterable[Finding]) -> dict[str, Any]:
    found = [item.severity for item in findings]
    case = head.case
    return {
        "entity": head.entity,
        "method": method,
        "name": case.title("zh") if case else head.said.get("name", ""),
        "period": str(case.period) if case else head.said.get("period", ""),
        "as_of": str(case.as_of) if case else head.said.get("as_of", ""),
        **{f"{severity}s": found.count(severity) for severity in Severity},
        "groups": list(head.groups.items()),
    }


def _labels(item: LineValue) -> dict[str, str]:
    return {"id": item.line.id, "label_zh": item.line.label["zh"], "label_en": item.line.label["en"]}


def _total(item: LineValue, result: Result) -> dict[str, Any]:
    return {
        "value": item.value if item.reported else None,
        "unit": item.unit,
        "gwp": result.gwp,
        "boundary": result.boundary,
        "status": item.state,
        "primary": item.line.id == result.primary_line.id,
        "adds_up": _adds_up(result.method, result.method.equations[item.line.equation]),
    }


def _adds_up(method: Method, equation: Equation) -> bool:
    """Whether a total may be added over entities: no ratio, no duration, and no footprint of one unit of a product."""
    durations = {name for name, _ in equation.unit.dimension} <= {"time", "year"}
    return adds_up(method, equation) and not durations and method.level != "products"


def _line(item: LineValue) -> dict[str, Any]:
    told = item.as_dict()
    return {name: told[name] for name in SCHEMAS["lines"].names if name in told and name != "id"}


def _verdict(verdict: Verdict) -> Iterator[dict[str, Any]]:
    told = verdict.as_dict()
    whole = {name: told[name] for name in SCHEMAS["verdicts"].names if name in told and name != "judgement"}
    labels = {f"label_{language}": text for language, text in told["label"].items()}
    for level in verdict.levels:
        yield {**whole, **labels, **level.as_dict(), "decisive": level == verdict.decisive}


def finding_row(item: Finding, key: Mapping[str, str]) -> dict[str, str]:
    return {
        **key,
        "severity": str(item.severity),
        "code": item.code,
        "place": item.place_text("zh"),
        "clause": item.clause,
        "message_zh": item.says("zh"),
        "message_en": item.says("en"),
    }
