"""A PACT product footprint held against the fields of its version: every fault with its JSON path, all at once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from carbonstd._findings import Finding, finding
from carbonstd._near import suggest
from carbonstd._pact.fields import Field, Version, example_of, shaped

_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_SHOWN = 60
_YEARS = range(1900, 2200)  # a moment at the ends of the calendar cannot be moved to another zone
_LONGEST = 1000  # items of a list
_TOLD = 20  # unknown fields of one object
_EXAMPLES = {
    "text": '"…"', "name": '"…"', "uuid": '"3fa85f64-5717-4562-b3fc-2c963f66afa6"', "urn": '"urn:gtin:04012345123456"',
    "uri": '"https://example.com/a"', "instant": '"2025-01-01T00:00:00Z"', "flag": "true", "integer": "1",
    "number": "12.5", "decimal": '"12.5"', "object": "{…}", "any": "{…}",
}  # fmt: skip
_SIGNS = {"above_zero": "> 0", "from_zero": ">= 0", "to_zero": "<= 0"}
_GEOGRAPHY = ("region", "country", "subdivision")


def check(document: Any, version: Version, place: str) -> list[Finding]:
    """What is wrong with one footprint by its format. `place` is its own JSON path."""
    if not isinstance(document, Mapping):
        return [finding("pact-type", place, found=_show(document), expected="{…}")]
    return [*_object(document, "", version, place), *_geography(document, version, place)]


def instant(text: Any) -> datetime | None:
    """A moment with its zone, as `2025-01-01T00:00:00Z`; None where the text is none."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper().replace(" ", "T"))
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None


def decimal(text: Any) -> Decimal | None:
    """A decimal as the format writes it; None where the text is none."""
    return Decimal(text) if isinstance(text, str) and _DECIMAL.fullmatch(text) else None


def _object(data: Mapping[str, Any], path: str, version: Version, place: str) -> Iterator[Finding]:
    fields = {field.name: field for field in version.children(path)}
    for name, field in fields.items():
        at = f"{place}.{name}"
        value = data.get(name)
        if value is not None:  # null is as good as absent
            yield from _field(value, field, version, at)
        elif field.required:
            yield finding("pact-missing", at, version=version.id)
    for name in [name[:_SHOWN] for name in data if name not in fields][:_TOLD]:
        yield finding("pact-unknown", f"{place}.{name}", version=version.id, suggestion=suggest(name, fields))


def _field(value: Any, field: Field, version: Version, place: str) -> Iterator[Finding]:
    if not (field.many or field.list):
        yield from _value(value, field, version, place)
        return
    if not isinstance(value, list):
        yield finding("pact-type", place, found=_show(value), expected=f"[{_EXAMPLES[field.type]}]")
        return
    if len(value) < max(field.least, int(field.many)):
        yield finding("pact-empty", place)
    if len(value) > _LONGEST:
        yield finding("pact-long", place, found=len(value), limit=_LONGEST)
        return
    for index, item in enumerate(value):
        yield from _value(item, field, version, f"{place}[{index}]")
        if field.many and item in value[:index]:
            yield finding("pact-twice", f"{place}[{index}]", found=_show(item))


def _value(value: Any, field: Field, version: Version, place: str) -> Iterator[Finding]:
    if not _is(value, field.type):
        yield finding("pact-type", place, found=_show(value), expected=_EXAMPLES[field.type])
    elif field.type == "object":
        yield from _object(value, field.path, version, place)
    elif field.choices and value not in field.choices:
        yield finding("pact-choice", place, found=_show(value), expected=", ".join(field.choices))
    elif field.form and not shaped(value, field.form):
        yield finding("pact-form", place, found=_show(value), expected=example_of(field.form))
    elif field.type == "decimal" and field.sign and not _signed(Decimal(value), field.sign):
        yield finding("pact-sign", place, found=value, expected=_SIGNS[field.sign])
    elif field.low is not None and not _within(value, field):
        bounds = f">= {field.low}" if field.high is None else f"{field.low} … {field.high}"
        yield finding("pact-range", place, found=_show(value), expected=bounds)
    elif not _formatted(value, field.type):
        yield finding("pact-format", place, found=_show(value), expected=_EXAMPLES[field.type])


def _is(value: Any, kind: str) -> bool:
    """Whether a value is of the JSON type of a field, and reads as it must."""
    match kind:
        case "flag":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        case "decimal":
            return decimal(value) is not None
        case "object" | "any":
            return isinstance(value, Mapping)
        case "name":
            return isinstance(value, str) and value != ""
        case "urn":
            return isinstance(value, str) and value[:4].lower() == "urn:"
    return isinstance(value, str)


def _formatted(value: Any, kind: str) -> bool:
    """Whether a text is what its name promises: a format tells a reader and binds no schema, so it only warns."""
    match kind:
        case "uuid":
            return _is_uuid(value)
        case "instant":
            return instant(value) is not None
        case "uri":
            return _is_uri(value)
    return True


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_uri(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _signed(value: Decimal, sign: str) -> bool:
    return value > 0 if sign == "above_zero" else value >= 0 if sign == "from_zero" else value <= 0


def _within(value: int | Decimal, field: Field) -> bool:
    assert field.low is not None
    return value >= field.low and (field.high is None or value <= field.high)


def _geography(document: Mapping[str, Any], version: Version, place: str) -> Iterator[Finding]:
    """A footprint is of one place: a region, a country or a part of one; of none it is of the world."""
    pcf = document.get("pcf")
    if not isinstance(pcf, Mapping):
        return
    names = [version.fields[version.paths[means]].name for means in _GEOGRAPHY]
    held = [name for name in names if pcf.get(name) is not None]
    if len(held) > 1:
        yield finding("pact-geography", f"{place}.pcf", found=", ".join(held))


def _show(value: Any) -> str:
    """A value for a reader, short whatever it is."""
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
