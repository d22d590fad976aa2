"""XML that nearly every program writes alike, read without a call of a handler for each tag.

A large sheet is a hundred thousand `<row>` of one form. Where elements follow one another exactly in that form, one
pattern reads each whole. What comes before the first and after the last, and all from the first element of another
form on, goes to expat as ever: the parser is spared elements that are well-formed by the pattern, and judges the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

_PIECE, _MOST = 1 << 18, 1 << 23  # bytes read at once; bytes held while no element ends
# What XML forbids, a line end it would change, and references other than the five that need no declaration.
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_REFERENCE = re.compile("|".join(_REFERENCES))


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
    """A text with `&amp;` and its like as the characters they stand for."""
    return _REFERENCE.sub(lambda match: _REFERENCES[match[0]], text) if "&" in text else text


def feed(parser: Any, part: IO[bytes], plain: Plain, began: Callable[[], int]) -> None:
    """Parse a part. `began` tells at which byte the last start tag stood, of those that no end tag has followed."""
    rest = _head(parser, part, plain, began)
    while rest is not None and (more := part.read(_PIECE)):
        rest += more
        end = rest.rfind(plain.ending) + len(plain.ending)
        if end >= len(plain.ending):
            rest = _taken(rest[:end], plain, parser, rest[end:])
        elif len(rest) > _MOST:
            parser.Parse(rest, False)
            rest = None
    parser.Parse(rest or b"", False)
    parser.ParseFile(part)


def _head(parser: Any, part: IO[bytes], plain: Plain, began: Callable[[], int]) -> bytes | None:
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
    if not _ODD.search(text):
        while (match := plain.pattern.match(text, at)) and plain.take(match):
            at = match.end()
    if text and at == len(text):
        return rest
    parser.Parse(text[at:].encode() if at else data, False)
    parser.Parse(rest, False)
    return None
