"""Verification guides: does what their points and rules name exist in the methods they are for?"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import filter as matching
from pathlib import Path

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._findings import Finding, catalogue, finding
from carbonstd._verify.guide import Guide, read_guide


def lint_guide(path: Path, library: Library) -> Iterator[Finding]:
    """Codes that no check and no finding bears, and columns that no edition has. Raises CarbonstdError."""
    guide = read_guide(path)
    headers = library.method_headers.values()
    methods = [library.method(item.id) for item in headers if not guide.families or item.family in guide.families]
    codes = {*catalogue(), *(check.id for method in methods for check in method.checks)}
    for point in guide.points:
        for code in point.codes:
            if not matching(codes, code):
                yield finding("guide-unknown", str(path), name=code, where=point.id)
    columns = {name for method in methods for name in _columns(method)}
    for where, name in _named(guide):
        if name not in columns:
            yield finding("guide-unknown", str(path), name=name, where=where)


def _columns(method: Method) -> Iterator[str]:
    for sheet in method.sheets.values():
        yield from (f"{sheet.id}.{column}" for column in sheet.columns)


def _named(guide: Guide) -> Iterator[tuple[str, str]]:
    for point in guide.points:
        yield from ((point.id, name) for name in point.columns)
    for where, rule in (("activity", guide.activity), ("production", guide.production)):
        yield from ((where, name) for name in rule.columns)
