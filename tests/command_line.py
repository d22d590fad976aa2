"""What the tests of the command line share: small cases with figures worked by hand, and a way to run commands."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from carbonstd.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
METHOD = "gbt-32151.34@2024"
FAMILY = ROOT / "methods" / "enterprises" / "gbt-32151.34"
EXAMPLE = FAMILY / "cases" / "example-plant.yaml"
# Worked outside carbonstd; the record is cases/example-plant.md: 106 661.27 + 8 835.54 - 699.48 - 1 715.42 = 113 081.91
# indirect, 25 957.62 + 19 680.88 + 12 159.88 + 7 309.07 + 869.30 = 65 976.74 direct (rounded parts), 179 058.66 in all.
EXAMPLE_TOTALS = {"direct": 65976.74, "indirect": 113081.91, "total": 179058.66}

HEAD = f"method: {METHOD}\nentity: {{name: {{zh: 甲厂, en: Works A}}}}\nperiod: 2025\nas_of: 2026-03-31\n"
# 10 t of diesel by table C.1: 10 x 42.652 GJ/t x 0.0202 tC/GJ x 0.98 x 44/12 = 30.9590964 tCO2
DIESEL = HEAD + "inputs: {fuel: [{source: trucks, fuel: diesel, consumption: 10}]}\n"
DIESEL_TOTAL = 30.9590964
# Heat and quantity of one fuel: the check fuel-path fails, the figure (by heat) is printed all the same.
TWICE = HEAD + "inputs: {fuel: [{source: trucks, fuel: diesel, consumption: 10, heat: 426.52}]}\n"
# 10 MWh from the grid; the shipped factor of 2023 is 0.5306 tCO2/MWh (公告2025年第47号)
GRID = HEAD + "inputs: {electricity: [{source: meter, supply: grid, electricity: 10}]}\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="carbonstd")


def write(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def own_grid_table(folder: str, factor: str, reason: str = "reason: a test\n") -> Path:
    """A user's folder whose table stands in for the shipped grid factors of 2023."""
    table_id = "electricity/mee-grid-average@data-2023"
    shipped = ROOT / "factors" / "electricity" / "mee-grid-average" / "data-2023.yaml"
    text = shipped.read_text(encoding="utf-8").replace("0.5306", factor)
    write(f"{folder}/electricity/mee-grid-average/data-2023.yaml", f"overrides: {table_id}\n{reason}{text}")
    return Path(folder)


def start_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, English, no debugging: whatever the machine is set to."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CARBONSTD_LANG", "en")
    monkeypatch.delenv("CARBONSTD_DEBUG", raising=False)
