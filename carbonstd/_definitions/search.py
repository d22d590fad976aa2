"""How a word that is looked for is compared: spellings that are taken for one another, endings, and what is near."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from carbonstd._near import near

_TAKEN = ("炭碳", "粘黏", "熔溶", "汽气", "硅矽")  # signs that people write for one another
_MAKERS = re.compile(r"(?<=.)(?:生产企业|企业|工厂|厂|公司|行业)$")  # what people type after the name of a product
_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SHORT = 4  # letters; below that a Latin word is like too many


def wordings(words: str) -> list[tuple[str, ...]]:
    """The words as typed, then without what people add to the name of a product.

    >>> wordings("水泥厂")
    [('水泥厂',), ('水泥',)]
    """
    typed = tuple(words.split())
    return list(dict.fromkeys((typed, tuple(_MAKERS.sub("", word) for word in typed))))


def spellings(word: str) -> set[str]:
    """The word, and how it may have been meant; one sign alone means itself.

    >>> spellings("焦碳") == {"焦碳", "焦炭"}, spellings("碳")
    (True, {'碳'})
    """
    pairs = [pair for pair in _TAKEN if len(word) > 1]
    return {word, *(word.replace(pair[at], pair[1 - at]) for pair in pairs for at in (0, 1))}


def near_words(words: str, texts: Iterable[str]) -> list[str]:
    """The words of titles and names that are nearest to one that finds nothing.

    >>> near_words("cemnt", ["Norm of energy: cement"]), near_words("水尼", ["核算要求 第8部分：水泥生产企业"])
    (['cement'], ['水泥'])
    """
    held = Counter(_MAKERS.sub("", word.casefold()) for text in texts for word in _WORDS.findall(text))
    often = [word for word, _ in held.most_common() if len(word) >= (_SHORT if word.isascii() else 2)]
    return list(dict.fromkeys(word for typed in words.casefold().split() for word in near(typed, often)))
