"""The tags of report lines in both languages (`line_words.yaml`): a document's bucket and a category."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from carbonstd._definitions.schema import Bilingual


def bucket_text(bucket: str) -> Bilingual:
    """The bucket of a line, which methods write in their documents' Chinese.

    >>> bucket_text("熟料生产")["en"], bucket_text("自定分项")["en"]
    ('Clinker production', '自定分项')
    """
    return tag_words("bucket").get(bucket, {"zh": bucket, "en": bucket})


def category_text(category: str) -> Bilingual:
    """The category of a line, which methods write in English."""
    return tag_words("category").get(category, {"zh": category, "en": category})


@cache
def tag_words(name: str) -> Mapping[str, Bilingual]:
    """What the tags of one kind (`bucket`, `category`) are called, as methods write them; empty for any other kind."""
    from carbonstd._yaml import load_file

    loaded: Any = load_file(Path(__file__).with_name("line_words.yaml"))
    if name == "bucket":
        return {zh: {"zh": zh, "en": en} for zh, en in loaded["buckets"].items()}
    return {en: {"zh": zh, "en": en} for en, zh in loaded["categories"].items()} if name == "category" else {}
