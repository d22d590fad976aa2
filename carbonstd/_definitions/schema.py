"""Reading definition files field by field: every fault is a finding with file and line, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbonstd._errors import CarbonstdError, DefinitionError
from carbonstd._findings import LANGUAGES, Finding, Language, finding
from carbonstd._near import suggest
from carbonstd._number import exact
from carbonstd._units import ONE, Unit, unit
from carbonstd._yaml import Items, Map

REQUIRED: Any = object()
Bilingual = Mapping[str, str]
_COMMA: Bilingual = {"zh": "、", "en": ", "}


def in_both(say: Callable[[Language], str]) -> Bilingual:
    """What is said in each language."""
    return {language: say(language) for language in LANGUAGES}


def dotted(terms: Sequence[Bilingual]) -> Bilingual:
    """Terms one after the other, a dot between them."""
    return in_both(lambda part: " · ".join(term[part] for term in terms))


class Problems:
    """Findings about one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def add(self, code: str, line: int, /, **values: Any) -> None:
        self.findings.append(finding(code, self.place(line), **values))

    def adopt(self, error: CarbonstdError, line: int, what: str = "") -> None:
        """Take over the findings of an error raised for something that stands on `line`."""
        for item in error.findings:
            place = f"{self.place(line)}{' ' + what if what else ''}"
            self.findings.append(Finding(item.code, place, item.clause, item.values, item.severity))

    def place(self, line: int) -> str:
        return f"{getattr(line, 'path', self.path)}:{int(line)}"

    def raise_any(self) -> None:
        if self.findings:
            raise DefinitionError(findings=self.findings)


class Fields:
    """The fields of one mapping. Each is asked for once; `done` reports those nobody asked for."""

    def __init__(self, data: Any, problems: Problems, line: int = 1) -> None:
        self.problems = problems
        if not isinstance(data, Map):
            problems.add("schema-type", line, field="—", found=type(data).__name__, expected="mapping")
            data = Map(line=line)
        self.data: Map = data
        self.line = data.line or line
        self._asked: set[str] = set()

    def at(self, name: str) -> int:
        return self.data.lines.get(name, self.line) if self.data else self.line

    def raw(self, name: str, default: Any = None) -> Any:
        self._asked.add(name)
        if name in self.data and self.data[name] is not None:
            return self.data[name]
        if name in self.data or default is REQUIRED:
            self.problems.add("schema-missing-field", self.at(name), field=name)
        return None if default is REQUIRED else default

    def text(self, name: str, default: Any = REQUIRED) -> str:
        value = self.raw(name, default)
        if value is None or value is default:
            return value if value is not None else ""
        if isinstance(value, Map | Items | bool):
            self._type(name, value, "text")
            return ""
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.raw(name, default)
        if not isinstance(value, bool):
            self._type(name, value, "true or false")
        return value is True

    def number(self, name: str, default: Any = None) -> Fraction | None:
        """An exact number; None where the field is absent or (a finding) holds no number."""
        value = self.raw(name, default)
        if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
            return None if value is None else exact(value)
        self._type(name, value, "12.5")
        return None

    def records(self, name: str) -> tuple[Mapping[str, Bilingual], ...]:
        """A list of mappings of texts, such as errata; a figure or a plain text is one in both languages."""
        return tuple(
            {
                key: Fields(item, self.problems).bilingual(key) if isinstance(value, Map) else same(str(value))
                for key, value in item.items()
            }
            for item in self.mappings(name)
        )

    def mappings(self, name: str) -> list[Map]:
        """A list of mappings; an item that is no mapping is a finding and left out."""
        items = self.items(name)
        found = [Fields(item, self.problems, items.lines[index]).data for index, item in enumerate(items)]
        return [item for item in found if item]

    def override(self) -> str:
        """The id of the shipped definition this one stands in for, which takes a reason."""
        overridden, reason = self.text("overrides", ""), self.text("reason", "")
        if overridden and not reason:
            self.problems.add("override-without-reason", self.at("overrides"), id=overridden)
        return overridden

    def choice(self, name: str, options: Iterable[str], default: Any = REQUIRED) -> str:
        value = self.text(name, default)
        options = list(options)
        if value and value not in options:
            self.problems.add(
                "schema-choice",
                self.at(name),
                field=name,
                found=value,
                expected=", ".join(options),
                suggestion=suggest(value, options),
            )
        return value

    def bilingual(self, name: str, default: Any = REQUIRED) -> Bilingual:
        value = self.raw(name, default)
        if value is None or value is default:
            return value if isinstance(value, Mapping) else {"zh": "", "en": ""}
        if isinstance(value, str):
            return {"zh": value, "en": value}
        if not isinstance(value, Map) or set(value) != {"zh", "en"}:
            self._type(name, value, "{zh: ..., en: ...}")
            return {"zh": "", "en": ""}
        return {"zh": str(value["zh"]), "en": str(value["en"])}

    def day(self, name: str, default: Any = None) -> date | None:
        value = self.raw(name, default)
        if value is None or value is default:
            return None
        parsed = parse_date(str(value))
        if parsed is None:
            self._type(name, value, "2025-03-01")
        return parsed

    def unit(self, name: str, default: Any = REQUIRED) -> Unit:
        value = self.raw(name, default)
        if value is None or value is default:
            return ONE
        return self.as_unit(str(value), self.at(name))

    def as_unit(self, text: str, line: int) -> Unit:
        try:
            return unit(text)
        except CarbonstdError as error:
            self.problems.adopt(error, line)
            return ONE

    def mapping(self, name: str, default: Any = None) -> Map:
        value = self.raw(name, default)
        if isinstance(value, Map):
            return value
        if value is not None and value is not default:
            self._type(name, value, "mapping")
        return Map(line=self.line)

    def items(self, name: str, default: Any = None) -> Items:
        value = self.raw(name, default)
        if isinstance(value, Items):
            return value
        if value is not None and value is not default:
            self._type(name, value, "list")
        return Items(line=self.line)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.raw(name)
        if value is None:
            return ()
        return tuple(str(item) for item in value) if isinstance(value, Items) else (str(value),)

    def each(self, name: str) -> Iterable[tuple[str, Fields]]:
        """The named sub-mappings of a mapping of mappings."""
        mapping = self.mapping(name)
        for key, value in mapping.items():
            yield key, Fields(value, self.problems, mapping.lines[key])

    def rest(self) -> dict[str, Any]:
        """Every field not asked for so far; asking for the rest asks for all."""
        left = {name: value for name, value in self.data.items() if name not in self._asked}
        self._asked.update(left)
        return left

    def done(self) -> None:
        for name in self.data:
            if name not in self._asked:
                self.problems.add(
                    "schema-unknown-field", self.at(name), field=name, suggestion=suggest(name, self._asked)
                )

    def _type(self, name: str, value: Any, expected: str) -> None:
        self.problems.add("schema-type", self.at(name), field=name, found=str(value)[:60], expected=expected)


def joined(texts: Iterable[Bilingual], by: Bilingual = _COMMA) -> Bilingual:
    """Texts one after the other, in each language."""
    held = list(texts)
    return {part: by[part].join(text[part] for text in held) for part in ("zh", "en")}


def worded(texts: Mapping[str, Bilingual], name: str, language: Language, /, **values: object) -> str:
    """A text of a module's own, with its values filled in; `partial(worded, TEXTS)` is how such a module speaks."""
    return texts[name][language].format_map(values)


def same(text: str) -> Bilingual:
    """A text that is one in both languages."""
    return {"zh": text, "en": text}


def both(text: Bilingual, by: str = " ") -> str:
    """A text in both languages, Chinese first; once where they are the same."""
    return by.join(dict.fromkeys(filter(None, (text.get("zh", ""), text.get("en", "")))))


def parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
