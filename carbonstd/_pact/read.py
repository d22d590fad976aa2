"""The PACT product footprints in a file: one, a list of them, or the answer of a service that lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding, has_errors
from carbonstd._json import read_json
from carbonstd._pact.check import check
from carbonstd._pact.fields import shared, version_of
from carbonstd._pact.footprint import Footprint
from carbonstd._pact.rules import judge

_MOST = 1000  # footprints of one file


@dataclass(frozen=True)
class Read:
    """The footprints of files, and what was found of them; none of the findings is an error."""

    footprints: tuple[Footprint, ...]
    findings: tuple[Finding, ...]


def read_footprints(paths: list[Path]) -> Read:
    """The footprints of files. Raises CaseError with all findings where one cannot be used."""
    footprints: list[Footprint] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            found, told = _of_file(path)
            footprints += found
            findings += told
        except CaseError as error:
            findings += error.findings
    if not has_errors(findings):
        findings += _sent_twice(footprints)
    if has_errors(findings):
        raise CaseError(findings=findings)
    return Read(tuple(footprints), tuple(findings))


def _of_file(path: Path) -> tuple[list[Footprint], list[Finding]]:
    footprints: list[Footprint] = []
    findings: list[Finding] = []
    held = list(_documents(read_json(path)))
    if not held:
        findings.append(finding("pact-none", str(path)))
    if len(held) > _MOST:
        raise CaseError(findings=[finding("pact-long", str(path), found=len(held), limit=_MOST)])
    for inside, document in held:
        place = f"{path.name} {inside}"
        spec = document.get("specVersion") if isinstance(document, Mapping) else None
        version = version_of(spec)
        if version is None:
            known = ", ".join(shared()["versions"].values())
            findings.append(finding("pact-version", f"{place}.specVersion", found=str(spec or "—")[:40], known=known))
            continue
        found = check(document, version, place)
        findings += found
        if not has_errors(found):
            footprint = Footprint(document, version, place)
            footprints.append(footprint)
            findings += judge(footprint)
    return footprints, findings


def _documents(data: Any) -> Iterator[tuple[str, Any]]:
    """Each footprint with its JSON path: bare, in an array, under `data` or in the `pfs` of an event."""
    if isinstance(data, list):
        yield from ((f"$[{index}]", item) for index, item in enumerate(data))
        return
    inside = data.get("data") if isinstance(data, Mapping) else None
    events = inside.get("pfs") if isinstance(inside, Mapping) else None
    if isinstance(events, list):
        yield from ((f"$.data.pfs[{index}]", item) for index, item in enumerate(events))
    elif isinstance(inside, list):
        yield from ((f"$.data[{index}]", item) for index, item in enumerate(inside))
    elif isinstance(inside, Mapping):
        yield "$.data", inside
    elif isinstance(data, Mapping) and ("pcf" in data or "specVersion" in data):
        yield "$", data


def _sent_twice(footprints: list[Footprint]) -> Iterator[Finding]:
    """One id is one footprint; two versions of it are for a person to choose from."""
    first: dict[str, str] = {}
    for footprint in footprints:
        sent = footprint.text("id").lower()
        if sent in first:
            yield finding("pact-id-twice", footprint.place_of("id"), found=sent, first=first[sent])
        first.setdefault(sent, footprint.place)
