"""A product system as openLCA JSON-LD (olca-schema 2): a zip of units, flows, processes and what links them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._errors import CaseError
from carbonstd._layout import Line
from carbonstd._naming import refused
from carbonstd._openlca.entities import Maker
from carbonstd._output import replacing
from carbonstd._result.formats import Written

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result.result import Result

_FOLDERS = {
    "UnitGroup": "unit_groups", "FlowProperty": "flow_properties", "Flow": "flows", "Process": "processes",
    "ProductSystem": "product_systems",
}  # fmt: skip
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: the same case gives the same bytes


def write(result: Result, path: Path, language: Language) -> Written:
    """Write the zip. Raises CaseError where the result has no product system, or has failed."""
    entities = list(Maker(result).entities())
    if result.failed:
        raise CaseError(findings=refused(result))
    with replacing(path, ".zip") as made, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        _put(archive, "olca-schema.json", {"version": 2})
        for entity in sorted(entities, key=lambda item: (_FOLDERS[item["@type"]], item["@id"])):
            _put(archive, f"{_FOLDERS[entity['@type']]}/{entity['@id']}.json", entity)
    count = sum(entity["@type"] == "Process" for entity in entities)
    said = {
        "zh": f"已写入 openLCA JSON-LD：{count} 个单元过程，1 个产品系统：{path}",
        "en": f"openLCA JSON-LD written, {count} unit processes and 1 product system: {path}",
    }
    return Written((), (Line(said[language]),))


def _put(archive: zipfile.ZipFile, name: str, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    archive.writestr(zipfile.ZipInfo(name, _MOMENT), text.encode("utf-8"))
