"""What differs between two editions of a table or method, item by item, from their plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._catalogue.describe import Data
from carbonstd._definitions.schema import Bilingual, both

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_WORDS = ("message", "help", "aliases")
# What changes in every edition, or says where and not what.
_UNCOMPARED = {"id", "key", "line", "file", "editions", "table", "hash", "label", "formula", *_WORDS}
_METHOD_SECTIONS = ("tables", "constants", "equations", "checks", "lines", "totals")
_HEAD = ("clause", "regime", "regimes", "data_period", "licence", "gases", "period")
_TABLE_SECTIONS = ("keys", "columns")


@dataclass(frozen=True)
class Difference:
    """One thing that is new, gone or other: in which section, what, which of its fields, and both readings."""

    kind: str
    section: str
    item: str
    label: Bilingual
    field: str = ""
    old: str = ""
    new: str = ""
    ratio: float | None = None  # of two figures: new / old

    def as_dict(self) -> Data:
        return {
            "kind": self.kind, "section": self.section, "item": self.item, "label": dict(self.label),
            "field": self.field, "old": self.old, "new": self.new, "ratio": self.ratio,
        }  # fmt: skip


def differences(old: Data, new: Data) -> list[Difference]:
    """Between two described definitions of one kind; wording of labels and messages does not count."""
    found = list(_fields("head", "", {}, _part(old, _HEAD), _part(new, _HEAD)))
    found += _fields("document", "", {}, old["document"], new["document"])
    if old["kind"] == "table":
        for section in _TABLE_SECTIONS:
            found += _section(section, old[section], new[section])
        return found + list(_rows(old["rows"], new["rows"]))
    found += _section("sheets", *(_bare(item["sheets"]) for item in (old, new)))
    found += _section("columns", *(_sheet_columns(item["sheets"]) for item in (old, new)))
    for section in _METHOD_SECTIONS:
        found += _section(section, old[section], new[section])
    return found


def _section(section: str, old: Sequence[Data], new: Sequence[Data]) -> Iterator[Difference]:
    """Items of one section, matched by id."""
    before, after = ({item.get("id") or item["slot"]: item for item in items} for items in (old, new))
    for name in dict.fromkeys((*before, *after)):
        label = (after.get(name) or before[name]).get("label") or {}
        if name not in after or name not in before:
            yield Difference(ADDED if name in after else REMOVED, section, name, label)
        else:
            yield from _fields(section, name, label, before[name], after[name])


def _fields(section: str, item: str, label: Bilingual, old: Data, new: Data) -> Iterator[Difference]:
    for field in dict.fromkeys((*old, *new)):
        before, after = old.get(field), new.get(field)
        if field in _UNCOMPARED or before == after:
            continue
        if (section, field) == ("tables", "edition"):
            yield Difference(CHANGED, section, item, label, "table", _slot(old), _slot(new))
        else:
            yield Difference(CHANGED, section, item, label, field, _text(before), _text(after))


def _rows(old: Sequence[Data], new: Sequence[Data]) -> Iterator[Difference]:
    """Rows matched by what they are found by; then cell by cell."""
    before, after = (_named(rows) for rows in (old, new))
    for name in dict.fromkeys((*before, *after)):
        label = (after.get(name) or before[name])["words"]
        if name not in after or name not in before:
            yield Difference(ADDED if name in after else REMOVED, "rows", name, label)
            continue
        cells, others = _cells(before[name]), _cells(after[name])
        for column in dict.fromkeys((*cells, *others)):
            one, other = cells.get(column), others.get(column)
            if one is None or other is None:
                kind = ADDED if one is None else REMOVED
                yield Difference(kind, "rows", name, label, column, _cell(one), _cell(other))
            elif (one["value"], one["state"]) != (other["value"], other["state"]):
                yield Difference(CHANGED, "rows", name, label, column, _cell(one), _cell(other), _ratio(one, other))
            elif one["value"] is None and one["text"] != other["text"]:
                yield Difference(CHANGED, "rows", name, label, column, one["text"], other["text"])
            elif one["evidence"] != other["evidence"]:
                yield Difference(
                    CHANGED, "rows", name, label, f"{column}: evidence", one["evidence"], other["evidence"]
                )
        if before[name]["listed"] != after[name]["listed"]:
            was, now = (str(item[name]["listed"]).lower() for item in (before, after))
            yield Difference(CHANGED, "rows", name, label, "listed", was, now)


def _named(rows: Sequence[Data]) -> dict[str, Data]:
    """Rows by what they are found by; of several by the same (listed ones may be) the second is called #2."""
    found: dict[str, Data] = {}
    for row in rows:
        parts = (f"{key}={', '.join(item) if isinstance(item, list) else item}" for key, item in row["match"].items())
        name, number = " / ".join(parts) or "—", 1
        while (name if number == 1 else f"{name} #{number}") in found:
            number += 1
        found[name if number == 1 else f"{name} #{number}"] = row
    return found


def _cells(row: Data) -> dict[str, Data]:
    """The cells of a row; those over an axis as `limit 1`, `limit 2`."""
    return {
        f"{name} {label}".strip(): cell
        for name, held in row["cells"].items()
        for label, cell in ([("", held)] if "state" in held else held.items())
    }


def _cell(cell: Data | None) -> str:
    if cell is None:
        return ""
    return "—" if cell["state"] == "dash" else str(cell["text"] or cell["state"])


def _ratio(old: Data | None, new: Data | None) -> float | None:
    before, after = (cell["value"] if cell else None for cell in (old, new))
    return after / before if before and after is not None else None


def _part(data: Data, names: Sequence[str]) -> Data:
    return {name: data.get(name) for name in names}


def _bare(sheets: Sequence[Data]) -> list[Data]:
    return [{name: value for name, value in sheet.items() if name not in ("columns", "note")} for sheet in sheets]


def _sheet_columns(sheets: Sequence[Data]) -> list[Data]:
    return [{**column, "id": f"{sheet['id']}.{column['id']}"} for sheet in sheets for column in sheet["columns"]]


def _slot(slot: Data) -> str:
    return "@".join(filter(None, (slot["table"], slot["edition"])))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        if value.keys() == {"zh", "en"}:
            return both(dict(value), " / ")
        return ", ".join(f"{name}: {item}" if name else str(item) for name, item in value.items() if item)
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
