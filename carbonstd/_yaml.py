"""Strict YAML: duplicate keys and look-alike numbers are refused, decimals stay exact, lines are kept.

YAML 1.1 reads `1e4` as text, `012` as ten, `NO` as false and `12:30` as 750. A table of figures must not:
every plain scalar that looks like one of these is refused with its line.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from carbonstd._errors import DefinitionError
from carbonstd._findings import finding

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?$")
_LOOKS_NUMERIC = re.compile(
    r"[-+.]?\d[\d_]*(\.\d*)?([eE][-+]?\d+)?$|0[xob]\w+$|[-+]?\d+(:\d\d)+(\.\d*)?$|[-+]?\.(inf|nan)$", re.I
)
_LOOKS_BOOLEAN = re.compile(r"(y|n|yes|no|on|off)$", re.I)
_MAX_DEPTH = 40
_MAX_GROWTH = 10
_MAX_BYTES = 20_000_000


class Line(int):
    """A line number that knows its file: merged mappings keep the place of every field."""

    path: str

    def __new__(cls, number: int, path: str = "") -> Line:
        line = super().__new__(cls, number)
        line.path = path
        return line


class Map(dict[str, Any]):
    """A mapping that remembers the line of each key (`lines`) and its own (`line`)."""

    def __init__(self, items: Any = (), line: Line | int = 0) -> None:
        super().__init__(items)
        self.line = line
        self.lines: dict[str, Line | int] = {}

    def merged(self, other: Map) -> Map:
        """This mapping with the fields of `other` laid over it, mappings inside merged likewise."""
        result = Map(self, self.line)
        result.lines = {**self.lines, **other.lines}
        for key, value in other.items():
            mine = self.get(key)
            result[key] = mine.merged(value) if isinstance(mine, Map) and isinstance(value, Map) else value
        return result


class Items(list[Any]):
    """A sequence that remembers the line of each item."""

    def __init__(self, items: Any = (), line: Line | int = 0) -> None:
        super().__init__(items)
        self.line = line
        self.lines: list[Line | int] = []


def load_file(path: Path) -> Any:
    """Read one YAML file. Raises DefinitionError with file:line for anything unclear."""
    return load_text(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a definition file. Raises DefinitionError where it is unreadable, too large or not UTF-8."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DefinitionError(findings=[finding("yaml-too-large", str(path), limit=_MAX_BYTES)])
        return path.read_text(encoding="utf-8-sig")
    except OSError:
        raise DefinitionError(findings=[finding("file-not-found", str(path))]) from None
    except UnicodeDecodeError as error:
        raise DefinitionError(findings=[finding("yaml-not-utf8", str(path), detail=str(error.reason))]) from None


def load_text(text: str, name: str) -> Any:
    """Read YAML text; `name` stands for the file in findings."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        detail = getattr(error, "problem", None) or "unreadable"
        raise DefinitionError(findings=[finding("yaml-syntax", f"{name}:{line}", detail=detail)]) from None
    except RecursionError:
        raise DefinitionError(findings=[finding("yaml-too-deep", name, limit=_MAX_DEPTH)]) from None
    if node is None:
        return Map()
    builder = _Builder(name, len(text))
    value = builder.build(node, 0)
    if builder.findings:
        raise DefinitionError(findings=builder.findings)
    return value


class _Builder:
    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.findings: list[Any] = []
        self.allowed = _MAX_GROWTH * (size + 100)

    def build(self, node: Any, depth: int) -> Any:
        line = node.start_mark.line + 1
        if depth > _MAX_DEPTH:
            raise DefinitionError(findings=[finding("yaml-too-deep", f"{self.name}:{line}", limit=_MAX_DEPTH)])
        self.allowed -= 1
        if self.allowed < 0:  # more values than characters: aliases of aliases, the billion laughs
            raise DefinitionError(findings=[finding("yaml-aliases", f"{self.name}:{line}")])
        if isinstance(node, yaml.CollectionNode) and node.tag not in _KNOWN_TAGS:
            self._report("yaml-tag", line, tag=node.tag)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth, line)
        if isinstance(node, yaml.SequenceNode):
            items = Items((self.build(item, depth + 1) for item in node.value), Line(line, self.name))
            items.lines = [Line(item.start_mark.line + 1, self.name) for item in node.value]
            return items
        return self._scalar(node, line)

    def _mapping(self, node: Any, depth: int, line: int) -> Map:
        result = Map(line=Line(line, self.name))
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report("yaml-key", key_line, text="[...]")
                continue
            key = self._key(key_node, key_line)
            if key in result:
                self._report("yaml-duplicate-key", key_line, key=key, first=result.lines[key])
                continue
            result[key] = self.build(value_node, depth + 1)
            result.lines[key] = Line(key_line, self.name)
        return result

    def _key(self, node: Any, line: int) -> str:
        text: str = node.value
        if not node.style and _LOOKS_BOOLEAN.match(text):
            self._report("yaml-lookalike", line, text=text)
        return text

    def _scalar(self, node: Any, line: int) -> Any:
        text: str = node.value
        if node.style or node.tag == "!":
            return text
        if node.tag not in _KNOWN_TAGS:
            self._report("yaml-tag", line, tag=node.tag)
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _PLAIN_NUMBER.match(text):
            return Decimal(text) if "." in text else int(text)
        if _LOOKS_NUMERIC.match(text) or _LOOKS_BOOLEAN.match(text):
            self._report("yaml-lookalike", line, text=text)
        return text

    def _report(self, code: str, line: int, **values: Any) -> None:
        self.findings.append(finding(code, f"{self.name}:{line}", **values))


_KNOWN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge", "map", "seq")
}
