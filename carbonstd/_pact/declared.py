"""What the user declares for a PACT document: texts, sets of identifiers, days and answers of one record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from carbonstd._definitions.schema import parse_date
from carbonstd._findings import Finding, finding
from carbonstd._pact.fields import Version, shaped
from carbonstd._result.records import Record

_APART = re.compile(r"[;；、\n]+")
_WORLD = ("global", "全球", "世界", "world")
_GEOGRAPHY = {"country": "country", "subdivision": "subdivision", "region": "region"}
_ASKED = ("company_name", "company_ids", "product_name", "product_description", "product_ids", "geography")
_SETS = {"company_ids": "company_ids", "product_ids": "product_ids", "classifications": "classifications"}


class Declared:
    """The record read for one version; `findings` says what is missing or cannot be used."""

    def __init__(self, record: Record, version: Version) -> None:
        self.record, self.version = record, version
        self.findings: list[Finding] = []

    def facts(self, as_of: date) -> dict[str, Any]:
        """What the record says, by meaning."""
        asked = (*_ASKED, *(("cpc", "packaging_included") if self.version.id == "2.3" else ()))
        self.findings += [self.missing(name) for name in asked if not self.record.text(name)]
        return {
            "created": self._day("issued") or as_of,
            "status": "Active",
            "company_name": self._text("company_name"),
            "product_name": self._text("product_name"),
            "product_description": self._text("product_description"),
            "cpc": self._text("cpc"),
            **{means: self._urns(name) for name, means in _SETS.items()},
            **self._geography(),
            **self._answers(),
            **self._lifecycle(as_of),
            **self._verification(),
            "valid_from": self._day("valid_from"),
            "valid_until": self._day("valid_until"),
        }

    def missing(self, column: str) -> Finding:
        return finding("pact-declare", self.record.places[column], version=self.version.id)

    def _text(self, column: str) -> str | None:
        return self.record.text(column) or None

    def _set(self, column: str) -> list[str] | None:
        parts = [part.strip() for part in _APART.split(self.record.text(column))]
        return list(dict.fromkeys(filter(None, parts))) or None

    def _urns(self, column: str) -> list[str] | None:
        found = self._set(column)
        wrong = [text for text in found or () if not text.lower().startswith("urn:")]
        if wrong:
            self.findings.append(finding("pact-urn", self.record.places[column], found=wrong[0]))
        return found

    def _day(self, column: str) -> date | None:
        text = self.record.text(column)
        day = parse_date(text[:10]) if text else None
        if text and day is None:
            self.findings.append(finding("pact-day", self.record.places[column], found=text))
        return day

    def _geography(self) -> Mapping[str, str]:
        text = self.record.text("geography")
        if not text or text.lower() in _WORLD:
            return {}
        for form, means in _GEOGRAPHY.items():
            if shaped(text, form):
                return {means: text}
        self.findings.append(finding("pact-place", self.record.places["geography"], found=text))
        return {}

    def _answers(self) -> Mapping[str, Any]:
        answers = {name: self.record.text(name) for name in ("packaging_included", "capture_included")}
        packed = answers["packaging_included"] == "yes"
        return {
            **{name: {"yes": True, "no": False}.get(answer) for name, answer in answers.items()},
            "packaging": self.record.number("packaging") if packed else None,
        }

    def _lifecycle(self, as_of: date) -> Mapping[str, Any]:
        """2.3 counts changes under one id, and a changed one says when; 3.0 gives each a new id."""
        count = int(self.record.number("version") or 0)
        updated = (self._day("issued") or as_of) if count else None
        return {"version": count, "updated": updated, "preceding": self._set("preceding_ids")}

    def _verification(self) -> Mapping[str, Any]:
        if not self.record.text("verifier"):
            return {}
        return {
            "verified": True,
            "verifier": self.record.text("verifier"),
            "verified_on": self._day("verified_on"),
            "verified_by_standard": self._text("verification_standard"),
        }
