"""XML that nearly every program writes alike, read without a call of a handler for each tag.

A large sheet is a hundred thousand `<row>` of one form. Where elements follow one another exactly in that form, one
pattern reads each whole. What comes before the first and after the last, and all from the first element of another
form on, goes to expat as ever: the parser is spared elements that are well-formed by the pattern, and judges the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

_PIECE, _MOST = 1 << 18, 1 << 23  # bytes read at once; bytes held while no element ends
# What XML forbids, a line end it would change, and references that need a declaration.
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE, _NUMBERED = re.compile(r"&([^;]+);"), re.compile(r"&#([^;]+);")


@dataclass(frozen=True)
class Plain:
    """Elements in the usual form: the tag they stand in, the pattern of one, how it ends, and who takes it.

    `take` says no, having kept nothing, to an element that only looks usual.
    """

    opening: re.Pattern[bytes]
    pattern: re.Pattern[str]
    ending: bytes
    take: Callable[[re.Match[str]], bool]


def unreferenced(text: str) -> str:
    """A text with `&amp;`, `&#26680;` and their like as the characters they stand for."""
    return _REFERENCE.sub(lambda match: _character(match[1]), text) if "&" in text else text


@lru_cache(maxsize=10_000)
def _character(name: str) -> str:
    return _NAMED[name] if name in _NAMED else chr(_code(name[1:]))


def _code(number: str) -> int:
    return int(number[1:], 16) if number.startswith("x") else int(number)


class Readable(Protocol):
    def read(self, count: int, /) -> bytes: ...


def _usual(text: str) -> bool:
    """Whether all characters of a text, written as such or by number, are such as XML takes as they are."""
    if _ODD.search(text):
        return False
    codes = map(_code, set(_NUMBERED.findall(text))) if "&#" in text else ()
    return all(
        code in (9, 10, 13) or 31 < code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code < 0x110000
        for code in codes
    )


def feed(parser: Any, part: Readable, plain: Plain, began: Callable[[], int]) -> None:
    """Parse a part. `began` tells at which byte the last start tag stood, of those that no end tag has followed."""
    rest, more = _head(parser, part, plain, began), True
    while rest is not None and more:
        end = rest.rfind(plain.ending) + len(plain.ending)
        if end >= len(plain.ending):
            rest = _taken(rest[:end], plain, parser, rest[end:])
        elif len(rest) > _MOST:
            parser.Parse(rest, False)
            rest = None
        if rest is not None:
            read = part.read(_PIECE)
            rest, more = rest + read, bool(read)
    parser.Parse(rest or b"", False)
    parser.ParseFile(part)


def _head(parser: Any, part: Readable, plain: Plain, began: Callable[[], int]) -> bytes | None:
    """Parse up to the first element; what was read of the elements, None where the part is none of the usual form."""
    read = part.read(_PIECE)
    declaration = read[: read.find(b"?>")].lower() if read.startswith(b"<?xml") else b""
    opening = plain.opening.search(read)
    if opening is None or (b"encoding" in declaration and b"utf-8" not in declaration):
        parser.Parse(read, False)
        return None
    parser.Parse(read[: opening.end()], False)
    if began() == opening.start():  # a tag indeed, and no words of a comment
        return read[opening.end() :]
    parser.Parse(read[opening.end() :], False)
    return None


def _taken(data: bytes, plain: Plain, parser: Any, rest: bytes) -> bytes | None:
    """Take elements; what follows them unread, None once the parser has gone on with an element of another form."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    at = 0
    if _usual(text):
        while (match := plain.pattern.match(text, at)) and plain.take(match):
            at = match.end()
    if text and at == len(text):
        return rest
    parser.Parse(text[at:].encode() if at else data, False)
    parser.Parse(rest, False)
    return None
