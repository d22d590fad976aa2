"""The page of the register: every document known, in force or not, held or only listed."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._catalogue.describe import Data, describe_entry
from carbonstd._definitions.register import KINDS
from carbonstd._paper.markup import Html, join, tag
from carbonstd._wording import EVIDENCE_TEXT, HELD_TEXT, KIND_TEXT, REGISTER_STATUS_TEXT

from .layout import Page, Site, bilingual, joined, table, titled, words

PATH = "standards.md"
_HEADS = (
    ("编号", "number"),
    ("名称", "title"),
    ("状态", "status"),
    ("实施", "in force"),
    ("收录", "held"),
    ("说明", "about"),
)


def register_page(site: Site) -> Page:
    entries = [describe_entry(item, site.library) for item in site.library.register.entries()]
    note = {
        "zh": "本程序登记的文件。“仅登记”：知道有此文件，内容未收录，用旧版计算时会提示。",
        "en": "Documents this package knows. 'Listed': its content is not held, and runs of an older one warn of it.",
    }
    return Page(PATH, "标准登记表 Register of standards", [tag("p", bilingual(note)), *_kinds(entries, site)])


def _kinds(entries: list[Data], site: Site) -> Iterator[str]:
    heads = [words(zh, en) for zh, en in _HEADS]
    for kind in KINDS:
        found = [_row(entry, site) for entry in entries if entry["kind"] == kind]
        if found:
            yield titled(KIND_TEXT[kind], kind.replace("_", "-"), searched=True)
            yield table(f"{bilingual(KIND_TEXT[kind])} {len(found)}", heads, found, searched=True)


def _row(entry: Data, site: Site) -> list[object]:
    held = site.held(entry["methods"], entry["tables"], PATH)
    succession = [
        _chain({"zh": "代替", "en": "replaces"}, entry["supersedes"]),
        _chain({"zh": "被代替：", "en": "replaced by"}, entry["superseded_by"]),
        _chain({"zh": "参见", "en": "see"}, entry["see"]),
    ]
    about = tag(
        "small",
        joined([*succession, bilingual(EVIDENCE_TEXT[entry["evidence"]]), bilingual(entry["note"])], "; "),
        data_search_exclude=True,
    )
    return [
        entry["number"],
        bilingual(entry["title"]),
        join(bilingual(REGISTER_STATUS_TEXT[entry["status"]]), f" ({entry['known']})"),
        entry["in_force"] or "",
        held or bilingual(HELD_TEXT[entry["held"]]),
        about,
    ]


def _chain(words: dict[str, str], numbers: list[str]) -> Html | str:
    return join(bilingual(words), " ", ", ".join(numbers)) if numbers else ""
