"""A PACT document made of facts: each goes to the field of the version that means it, written as that field asks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from carbonstd._pact.fields import SEPARATOR, Field, Version

_NAMESPACE = uuid.UUID("6f3b5a0e-6c1f-5d0a-9a53-0b8f7f6f2c11")  # of this program's footprints
_DIGITS = Context(prec=10)
_SCOPE = ("company_ids", "product_ids", "period_start", "period_end", "region", "country", "subdivision", "unit")


def rounded(value: float | Fraction) -> Fraction:
    """A figure with the digits it is written with, so that sums of written figures hold."""
    exact = Fraction(value)
    return Fraction(_DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator)))


def document(facts: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """The footprint with its id. Facts a version has no field for, and those that are None, are left out."""
    known = {**facts, "spec": version.spec}
    paths = version.paths
    made: dict[str, Any] = {}
    for means, value in known.items():
        if value is not None and means in paths:
            _put(made, paths[means].split(SEPARATOR), _written(value, version.fields[paths[means]]))
    ordered = _ordered(made, "", version)
    return {"id": _id(ordered, known, version), **ordered}


def _id(made: Mapping[str, Any], facts: Mapping[str, Any], version: Version) -> str:
    """3.0: of all that is said, any change is a new id. 2.3: of whom, what, when, where; `version` counts changes."""
    said: Any = made
    if "version" in version.paths:
        said = {means: _plain(facts.get(means)) for means in _SCOPE}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return str(uuid.uuid5(_NAMESPACE, f"pact {version.id} {text}"))


def _put(made: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        made = made.setdefault(name, {})
    made[names[-1]] = value


def _ordered(made: Mapping[str, Any], path: str, version: Version) -> dict[str, Any]:
    """The fields in the order in which the version lists them."""
    found = {}
    for field in version.children(path):
        if field.name in made:
            value = made[field.name]
            whole = field.type == "object" and isinstance(value, Mapping)
            found[field.name] = _ordered(value, field.path, version) if whole else value
    return found


def _written(value: Any, field: Field) -> Any:
    match field.type:
        case "decimal":
            return decimal_text(Fraction(value))
        case "number":
            return _number(Fraction(value))
        case "instant":
            return _plain(value)
    return list(value) if field.many or field.list else value


def decimal_text(value: Fraction) -> str:
    """Digits and a point, without exponent; ten digits that count."""
    exact = rounded(value)
    text = f"{_DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(round(value, 6))


def _plain(value: Any) -> Any:
    return f"{value.isoformat()}T00:00:00Z" if isinstance(value, date) else value
