"""Rounds of a verification: the list of an earlier record read back, and the entries of this round numbered by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from carbonstd._case.case import Case
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, Severity, finding
from carbonstd._verify.columns import CONCLUSIONS, HEAD, LIST
from carbonstd._verify.record import Nonconformity, Standing, Verification
from carbonstd._verify.standing import Standings
from carbonstd._verify.words import STANDING_TEXT, where_parts
from carbonstd._wording import SEVERITY_TEXT
from carbonstd._workbook.archive import open_archive
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, read_grids
from carbonstd._workbook.style import typed_text

_BY_HAND = "hand:"  # the key of an entry that a person added; no recomputation finds it again or closes it
_NUMBER = re.compile(r"NC-(\d{1,6})$")
_NAMED = re.compile(r"\(([^()]+)\)$")  # the method's id, at the end of what is said of it
_NEEDED = ("number", "category", "description", "key")
_MOST = 999  # rounds
_ROUNDS: Bilingual = {"zh": "1 至 999 的整数", "en": "a whole number from 1 to 999"}
_SEVERITIES: Bilingual = {
    language: " | ".join(words[language] for words in SEVERITY_TEXT.values()) for language in ("zh", "en")
}
_TEXT: Bilingual = {"zh": "文字", "en": "a text"}
_DESCRIPTION: Bilingual = {"zh": "每一项都有描述", "en": "a description of every entry"}
_ONCE: Bilingual = {"zh": "每个序号只出现一次", "en": "each number once"}


@dataclass(frozen=True)
class Earlier:
    """The list of an earlier record, whose it is, and by what family of methods; `path` names the file."""

    path: str
    round: int
    entries: tuple[Nonconformity, ...]
    entity: str = ""
    code: str = ""
    period: str = ""
    family: str = ""


def read_record(path: Path) -> Earlier:
    """Read the list of an earlier record, which persons may have filled in and rearranged.

    Raises CaseError, naming file and cell, where the file is no record or a cell cannot be used.
    """
    with open_archive(path) as archive:
        for grid in read_grids(archive):
            found = _heads(grid)
            if found:
                return _Reader(path, grid, *found).read()
    raise CaseError(findings=[finding("verify-record-no-list", path.name)])


def numbered(findings: Sequence[Nonconformity]) -> tuple[Nonconformity, ...]:
    """The entries of a first round, numbered in their order."""
    return tuple(
        replace(item, number=_number(at), round=1, standing=Standing.NEW) for at, item in enumerate(findings, 1)
    )


def next_round(
    findings: Sequence[Nonconformity],
    earlier: Earlier,
    stands: Callable[[Nonconformity], Standing] = lambda _: Standing.GONE,
) -> tuple[int, tuple[Nonconformity, ...]]:
    """The number of this round and its list.

    What has the key of an earlier entry keeps its number, first round, cause and correction; a person must conclude
    anew. Earlier entries that were not found again stay as they were written and stand where `stands` says. New ones
    take the next free numbers.
    """
    this = earlier.round + 1
    free = _free(earlier.entries)
    new, kept = list(findings), []
    for old in earlier.entries:
        again = next((item for item in new if old.key and item.key == old.key), None)
        if again is not None:
            new.remove(again)
            kept.append(_again(again, old))
        elif old.key and not old.key.startswith(_BY_HAND):
            standing = stands(old)
            kept.append(replace(old, standing=standing) if standing is Standing.GONE else _still_open(old, standing))
        else:
            kept.append(_by_hand(old, old.number or _number(next(free))))
    kept += [replace(item, number=_number(next(free)), round=this, standing=Standing.NEW) for item in new]
    return this, tuple(kept)


def following(found: Verification, earlier: Earlier) -> Verification:
    """The verification as the round after an earlier record. Raises CaseError for the record of another report."""
    if foreign := other_case(earlier, found.case, found.method):
        raise CaseError(findings=foreign)
    remarks = found.remarks
    number, listed = next_round(found.nonconformities, earlier, Standings(found).of)
    if found.replacements:  # what the enterprise has taken over by now would be replaced a second time
        remarks = (*remarks, finding("replaced-again", found.replacements[0].by, count=len(found.replacements)))
    return replace(found, round=number, nonconformities=listed, remarks=remarks)


def other_case(earlier: Earlier, case: Case, method: Method) -> list[Finding]:
    """What shows that the earlier record is of another enterprise, period or method: rounds of two are never mixed.

    The code tells an enterprise, whose name may have been put right; the name does where either has no code.
    """
    code, names = str(case.entity.get("code", "")), [case.title("zh"), case.title("en")]
    told = {"period": (earlier.period, [str(case.period)]), "method": (earlier.family, [_family(method.id)])}
    if earlier.code and code:
        told["code"] = (earlier.code, [code])
    else:
        told["entity"] = (earlier.entity, names)
    return [
        finding("verify-record-other", Path(earlier.path).name, column=HEAD[name], found=then or "—", now=now[0] or "—")
        for name, (then, now) in told.items()
        if then not in now
    ]


def _again(item: Nonconformity, old: Nonconformity) -> Nonconformity:
    return replace(
        item,
        number=old.number,
        round=old.round,
        standing=Standing.OPEN,
        cause=old.cause,
        correction=old.correction,
        concluded=old.conclusion,
    )


def _by_hand(old: Nonconformity, number: str) -> Nonconformity:
    """An entry that a person added: open until a person's conclusion closes it."""
    kept = replace(old, number=number, key=old.key or f"{_BY_HAND}{number}")
    if old.conclusion in CONCLUSIONS[0].values():
        return replace(kept, standing=Standing.GONE)
    return _still_open(kept)


def _still_open(old: Nonconformity, standing: Standing = Standing.OPEN) -> Nonconformity:
    return replace(old, standing=standing, conclusion="", concluded=old.conclusion)


def _number(at: int) -> str:
    return f"NC-{at:03d}"


def _free(entries: Sequence[Nonconformity]) -> Iterator[int]:
    """The numbers after the highest that was ever given: none is given twice."""
    given = (_NUMBER.match(item.number) for item in entries)
    at = max((int(match[1]) for match in given if match), default=0)
    while True:
        at += 1
        yield at


def _heads(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row and columns of the list's headings, in either language; None where the sheet holds no list."""
    for row, cells in sorted(grid.rows.items()):
        columns: dict[str, int] = {}
        for at, cell in cells.items():
            name = _told(cell, {name: column.head for name, column in LIST.items()})
            if name:
                columns.setdefault(name, at)
        if all(name in columns for name in _NEEDED):
            return row, columns
    return None


def _told(cell: object, heads: Mapping[str, Bilingual]) -> str:
    """Which of the headings a cell says, in one language or both."""
    said = {line.strip() for line in cell.split("\n")} if isinstance(cell, str) else set()
    return next((name for name, head in heads.items() if said & set(head.values())), "")


class _Reader:
    def __init__(self, path: Path, grid: Grid, top: int, columns: Mapping[str, int]) -> None:
        self.path, self.grid, self.top, self.columns = path, grid, top, columns

    def read(self) -> Earlier:
        head = {
            name: (row, at + 1)
            for row in sorted(self.grid.rows)
            if row < self.top
            for at, cell in self.grid.rows[row].items()
            if (name := _told(cell, HEAD))
        }
        said = {name: self._beside(*place) for name, place in head.items()}
        row, column = said.get("round", (self.top, 1))
        round_ = self._round(row, column, HEAD["round"])
        entries = tuple(self._entries(round_))
        self._once(entries)
        told = {name: self._said(*place, HEAD[name]) for name, place in said.items()}
        entity, code, period = (told.get(name, "") for name in ("entity", "code", "period"))
        named = _NAMED.search(told.get("method", ""))
        return Earlier(str(self.path), round_, entries, entity, code, period, _family(named[1]) if named else "")

    def _entries(self, round_: int) -> Iterator[Nonconformity]:
        for row in sorted(self.grid.rows):
            texts = {name: self._text(row, name) for name in self.columns} if row > self.top else {}
            if any(texts.values()):
                yield self._entry(row, {**dict.fromkeys(LIST, ""), **texts}, round_)

    def _entry(self, row: int, texts: Mapping[str, str], round_: int) -> Nonconformity:
        """An entry as it was written. One added by a person has no key, and round and severity may be blank."""
        if not texts["description"]:
            raise self._wrong(row, self.columns["description"], LIST["description"].head, "", _DESCRIPTION)
        first = self._round(row, self.columns["round"], LIST["round"].head) if texts["round"] else round_
        clause, place = where_parts(texts["where"])
        told = finding(
            "verify-record-entry",
            place,
            clause,
            text=texts["description"],
            severity=self._severity(row, texts["severity"]),
        )
        return Nonconformity(
            texts["number"],
            told,
            texts["key"],
            _both(texts["category"]),
            _both(texts["parameter"]),
            round=first,
            cause=texts["cause"],
            correction=texts["correction"],
            conclusion=texts["conclusion"],
            standing=Standing.GONE if texts["standing"] in STANDING_TEXT[Standing.GONE].values() else Standing.OPEN,
        )

    def _severity(self, row: int, text: str) -> Severity:
        if not text:
            return Severity.WARNING  # a person's own entry wants a person's eye
        found = next((name for name, words in SEVERITY_TEXT.items() if text in words.values()), "")
        if not found:
            raise self._wrong(row, self.columns["severity"], LIST["severity"].head, text, _SEVERITIES)
        return Severity(found)

    def _round(self, row: int, column: int, head: Bilingual) -> int:
        text = self._said(row, column, head)
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= _MOST:
            raise self._wrong(row, column, head, text, _ROUNDS)
        return int(text)

    def _text(self, row: int, name: str) -> str:
        return self._said(row, self.columns[name], LIST[name].head)

    def _said(self, row: int, column: int, head: Bilingual) -> str:
        """What a cell says, as text. A formula counts by its value; an error or a formula without one is refused."""
        cell = self.grid.cell(row, column)
        if isinstance(cell, ErrorCell) or cell is UNCACHED:
            found = cell.text if isinstance(cell, ErrorCell) else self.grid.formulas[row, column]
            raise self._wrong(row, column, head, found, _TEXT)
        if isinstance(cell, date):
            return cell.isoformat()
        return "" if cell is None else typed_text(str(cell)).strip()

    def _beside(self, row: int, column: int) -> tuple[int, int]:
        """The first filled cell from a place on to the right; the place itself where there is none."""
        filled = sorted(at for at in self.grid.rows[row] if at >= column)
        return row, filled[0] if filled else column

    def _once(self, entries: Sequence[Nonconformity]) -> None:
        counted = Counter(item.number for item in entries if item.number)
        twice = next((number for number, count in counted.items() if count > 1), None)
        if twice is not None:
            column = self.columns["number"]
            row = next(row for row in sorted(self.grid.rows, reverse=True) if self._text(row, "number") == twice)
            raise self._wrong(row, column, LIST["number"].head, twice, _ONCE)

    def _wrong(self, row: int, column: int, head: Bilingual, found: str, expected: Bilingual) -> CaseError:
        place = f"{self.path.name}: {self.grid.place(row, column)}"
        return CaseError(
            findings=[finding("verify-record-cell", place, column=head, found=found[:80], expected=expected)]
        )


def _family(method: str) -> str:
    """The family of a method's id: it stays where the edition was put right between two rounds."""
    return method.partition("@")[0]


def _both(text: str) -> Bilingual:
    """A text of an earlier record, whose language it keeps."""
    return {"zh": text, "en": text}
