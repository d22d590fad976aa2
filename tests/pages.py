"""A page of HTML as a tree, and the results that pages are made of."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import carbonstd
from carbonstd._result.result import Result

ROOT = Path(__file__).resolve().parents[1]
PROBES = ROOT / "tests/probes"
LIBRARY = carbonstd.library((PROBES / "factors",), (PROBES / "methods",))
VOID = {"meta", "br"}


class Element:
    """An element of a parsed page."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Element | str] = []

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, name: str, look: str = "") -> list[Element]:
        return [
            item
            for item in self.walk()
            if item.name == name and (not look or look in item.attributes.get("class", "").split())
        ]

    def by_id(self, name: str) -> Element:
        return next(item for item in self.walk() if item.attributes.get("id") == name)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Parser(HTMLParser):
    """Builds the tree and insists that every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(dict(attributes)) == len(attributes), f"an attribute twice in {name}"
        element = Element(name, {key: value or "" for key, value in attributes})
        self.open[-1].children.append(element)
        if name not in VOID:
            self.open.append(element)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop().name == name

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: str) -> Element:
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root]
    return parser.root


def probe(name: str) -> Result:
    return carbonstd.run(PROBES / f"methods/probes/{name}.yaml", of=LIBRARY)


def figures(cells: Element) -> list[float]:
    return [float(item.attributes["value"]) for item in cells.all("data")]


def mapping(text: str) -> Any:
    from carbonstd._yaml import load_text

    return load_text(text, "case.yaml")
