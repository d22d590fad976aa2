"""LibreOffice as a second opinion: recalculate workbooks by force, many in one process.

LibreOffice keeps the values a workbook carries unless told otherwise, so a plain conversion proves nothing. The
profile made here says "always recalculate" (OOXMLRecalcMode 0).
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REQUIRE = "CARBONSTD_REQUIRE_LIBREOFFICE"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def office() -> str:
    """The LibreOffice to run; the test is skipped where there is none, and fails where one must be."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        reason = "LibreOffice is not installed: its recalculation of our formulas cannot be compared"
        if os.environ.get(REQUIRE):
            pytest.fail(f"{reason}, though {REQUIRE} is set")
        pytest.skip(reason)
    return found


def recalculated(paths: list[Path], folder: Path) -> list[Path]:
    """Copies of workbooks in `folder`, every formula calculated anew; all in one process."""
    return _converted(paths, folder, "xlsx")


def printed_pages(paths: list[Path], folder: Path) -> list[int]:
    """How many pages each workbook prints on."""
    made = _converted(paths, folder, "pdf")
    return [len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) for path in made]


def _converted(paths: list[Path], folder: Path, kind: str) -> list[Path]:
    program, profile = office(), folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    out = folder / "out"
    out.mkdir(exist_ok=True)
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        kind,
    ]
    done = subprocess.run(
        [*command, "--outdir", str(out), *map(str, paths)], capture_output=True, timeout=300, check=False
    )
    copies = [out / path.with_suffix(f".{kind}").name for path in paths]
    missing = [path.name for path in copies if not path.is_file()]
    assert not missing, f"LibreOffice converted nothing for {missing}: {done.stderr.decode(errors='replace')}"
    return copies
