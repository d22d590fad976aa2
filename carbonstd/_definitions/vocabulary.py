"""Vocabularies: closed lists of fuels, gases, provinces ... with their names in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from carbonstd._definitions.schema import Bilingual, Fields, Problems, joined, same
from carbonstd._definitions.search import spellings
from carbonstd._near import nearest
from carbonstd._yaml import load_file

_FEW = 12  # so many names are read at a glance
_HEADING, _SUBHEADING = 4, 6  # digits of a customs code: goods of one heading are alike
_SHORT = 2  # letters of a code of a country
_LISTED = 5  # terms that are equally near
_ABOVE, _BELOW = re.compile("[>≥]|以上"), re.compile("[<≤]|以下")


@dataclass(frozen=True)
class Term:
    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> Bilingual:
        return {"zh": self.zh, "en": self.en}

    @property
    def known(self) -> tuple[str, ...]:
        """Every name that leads to it."""
        return (self.key, self.zh, self.en, *self.aliases)

    def label(self, language: str) -> str:
        return self.names[language]


@dataclass(frozen=True)
class Vocabulary:
    """One fuel, one key: any accepted name leads to it."""

    id: str
    terms: dict[str, Term]
    _names: dict[str, str] = field(default_factory=dict)

    def resolve(self, text: str) -> str | None:
        """The key meant by `text`: the key itself, a Chinese or English name, or an alias."""
        return text if text in self.terms else self._names.get(_folded(text))

    def holding(self, word: str) -> list[Term]:
        """The terms with a name that holds a word, however it is spelled."""
        sought = set(map(_folded, spellings(word)))
        return [
            term
            for term in self.terms.values()
            if any(spelling in _folded(name) for name in term.known for spelling in sought)
        ]

    def suggest(self, text: str) -> Bilingual:
        """The term most likely meant, if any; never one of other figures, such as ≥3500 K for 3000 K, C50 for C35.

        Of terms equally near the first are named, those before that are called so and not only known by that name.
        """
        typed = _folded(text)
        spelled = next((spelling for spelling in sorted(spellings(typed)) if spelling in self._names), "")
        found = [(self.terms[self._names[name]], name) for name in ([spelled] if spelled else self._nearest(typed))]
        found.sort(key=lambda item: item[1] not in map(_folded, (item[0].key, *item[0].names.values())))
        terms = list(dict.fromkeys(term for term, _ in found))[:_LISTED]
        return joined(joined([term.names, same(f"({term.key})")], same(" ")) for term in terms) if terms else {}

    def _nearest(self, typed: str) -> list[str]:
        if typed.isdigit() and len(typed) >= _SUBHEADING:
            return _nearest_code(typed, self._names)
        if len(typed) <= _SHORT and typed.isascii():
            return []  # a code of two letters is not like another
        return nearest(typed, (name for name in self._names if _same_figures(name, typed) and _same_side(name, typed)))

    def near(self, text: str) -> dict[str, Any]:
        """What a finding tells of a name it has not: the term likely meant, or all terms where they are few."""
        found: dict[str, Any] = {"suggestion": self.suggest(text)}
        if len(self.terms) > _FEW:
            return found
        return {**found, "kind": "few", "names": joined(term.names for term in self.terms.values())}

    def label(self, key: str, language: str) -> str:
        term = self.terms.get(key)
        return term.label(language) if term else key


def _same_figures(name: str, typed: str) -> bool:
    """Whether a name has the figures that were typed, or their beginning; one of the two without any may be meant.

    >>> _same_figures("c50混凝土", "c35混凝土"), _same_figures("柴油", "0号柴油"), _same_figures("≥3500k", "k")
    (False, True, False)
    >>> _same_figures("gbt-32151", "gbt-3215")
    True
    """
    figures, wanted = _figures(name), _figures(typed)
    if figures == wanted or _bound(name):
        return figures == wanted
    cut_short = len(figures) == len(wanted) and all(map(str.startswith, figures, wanted))
    return not figures or not wanted or cut_short


def _same_side(name: str, typed: str) -> bool:
    """Whether not one means what is above a bound and the other what is below it."""
    sides = [(bool(_ABOVE.search(text)), bool(_BELOW.search(text))) for text in (name, typed)]
    return sides not in ([(True, False), (False, True)], [(False, True), (True, False)])


def _nearest_code(typed: str, names: Iterable[str]) -> list[str]:
    """The code that shares the most leading digits, as codes are nested: at least a heading of four."""
    shared = {name: _begun_alike(typed, name) for name in names if name.isdigit()}
    best = max(shared, key=lambda name: shared[name], default="")
    return [best] if best and shared[best] >= _HEADING else []


def _begun_alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _bound(text: str) -> bool:
    return not set("<>≤≥").isdisjoint(text)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary file: `title`, `terms: {key: {zh, en, aliases}}`. Raises DefinitionError."""
    problems = Problems(str(path))
    fields = Fields(load_file(path), problems)
    fields.bilingual("title")
    vocabulary = read_terms(path.stem, fields, problems)
    fields.done()
    problems.raise_any()
    return vocabulary


def read_terms(name: str, fields: Fields, problems: Problems) -> Vocabulary:
    """The terms of a field `terms`, of a vocabulary file or of a key whose labels no other table shares."""
    terms: dict[str, Term] = {}
    names: dict[str, str] = {}
    for key, item in fields.each("terms"):
        term = Term(key, item.text("zh"), item.text("en"), item.texts("aliases"))
        item.done()
        terms[key] = term
        for known in term.known:
            other = names.setdefault(_folded(known), key)
            if other != key:
                problems.add("vocabulary-name-twice", item.line, name=known, first=other, second=key)
    return Vocabulary(name, terms, names)


def merged(name: str, vocabularies: Iterable[Vocabulary]) -> Vocabulary:
    """The terms of several vocabularies; of two that share a key or a name the first holds."""
    terms: dict[str, Term] = {}
    names: dict[str, str] = {}
    for vocabulary in vocabularies:
        terms |= {key: term for key, term in vocabulary.terms.items() if key not in terms}
        names = {**vocabulary._names, **names}
    return Vocabulary(name, terms, names)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold().replace(" ", "").replace("_", "").replace("-", "")
