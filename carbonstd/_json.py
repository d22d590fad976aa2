"""Strict JSON from strangers: what is too large, too deep, ambiguous or no text is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any, NoReturn

from carbonstd._absent import absent
from carbonstd._errors import CaseError
from carbonstd._findings import finding

_MAX_BYTES = 20_000_000
_MAX_DEPTH = 64
_LONGEST_NUMBER = 40  # signs of a number with a point, and its exponent


class _RefusedError(ValueError):
    """What the decoder cannot accept, as the code of a finding and its values."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def read_json(path: Path) -> Any:
    """The document in a file; numbers with a point are Decimal. Raises CaseError."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CaseError(findings=[finding("json-too-large", str(path), limit=_MAX_BYTES)])
        raw = path.read_bytes()
    except OSError:
        raise CaseError(findings=[absent(path)]) from None
    return parse_json(raw, str(path))


def parse_json(raw: bytes, place: str) -> Any:
    """The document in these bytes; `place` stands for the file in findings. Raises CaseError."""
    try:
        text = raw.decode("utf-8-sig")
        document = json.loads(text, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_each_name_once)
        _look_through(document)
    except UnicodeDecodeError as error:
        raise CaseError(findings=[finding("json-not-utf8", place, detail=str(error.reason))]) from None
    except json.JSONDecodeError as error:
        raise CaseError(findings=[finding("json-syntax", f"{place}:{error.lineno}", detail=error.msg)]) from None
    except _RefusedError as error:
        raise CaseError(findings=[finding(error.code, place, **error.values)]) from None
    except RecursionError:
        raise CaseError(findings=[finding("json-too-deep", place, limit=_MAX_DEPTH)]) from None
    except (ValueError, DecimalException):  # thousands of digits, an exponent of twenty
        raise CaseError(findings=[finding("json-number", place, text="…")]) from None
    return document


def _decimal(text: str) -> Decimal:
    """A number whose digits can be written out: an exponent of millions would take memory and hours to reckon with."""
    found = Decimal(text)
    if len(text) > _LONGEST_NUMBER or abs(int(found.as_tuple().exponent)) > _LONGEST_NUMBER:
        raise _RefusedError("json-number", text=text[:_LONGEST_NUMBER])
    return found


def _no_number(text: str) -> NoReturn:
    raise _RefusedError("json-number", text=text)


def _each_name_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _RefusedError("json-name-twice", name=name[:60])
        found[name] = value
    return found


def _look_through(document: Any) -> None:
    """Refuse depth and texts that no file can hold (half of a surrogate pair), without recursion."""
    waiting = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            raise _RefusedError("json-too-deep", limit=_MAX_DEPTH)
        if isinstance(value, dict):
            waiting += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, str) and not _encodes(value):
            raise _RefusedError("json-text", text=ascii(value[:30]))


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
