"""A batch of small cases whose figures are worked by hand: sums, refusals, verdicts, locks, forms, and a killed run."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

import carbonstd
from carbonstd import NotFoundError
from carbonstd._batch import largest as _batch_largest
from carbonstd._batch import plot as _batch_plot
from carbonstd._batch.batch import Plan, executor, run_batch
from carbonstd._batch.doubts import Doubts, told_of_all
from carbonstd._batch.job import Job
from carbonstd._batch.outcome import SCHEMAS, Outcome, outcome
from carbonstd._batch.read import read_lock, read_table
from carbonstd._batch.result import BatchResult
from carbonstd._batch.run import Chunk
from carbonstd._batch.sums import ExactSum, Sums
from carbonstd._batch.words import CHARTS, SHEETS
from carbonstd._single import single
from carbonstd._workbook.style import bilingual
from tests.command_line import DIESEL, DIESEL_TOTAL, METHOD, ROOT, TWICE, run, start_in, write

LIMIT = ROOT / "methods" / "limits" / "gb-16780-cement" / "cases" / "high-site-new.yaml"  # 87.01 against 87: not met
# 10 t of diesel, 20 t, 10 t with an error in its result, a blank that is needed, no case at all
CASES = {
    "a": DIESEL,
    "b": DIESEL.replace("consumption: 10", "consumption: 20"),
    "c": TWICE,
    "d": DIESEL.replace("consumption: 10", "consumption: "),
    "e": "inputs: [",
}
SUM = 4 * DIESEL_TOTAL  # 10 t, 20 t and 10 t; the figure of 10 t was rounded at its tenth digit


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    start_in(tmp_path, monkeypatch)
    for name, text in CASES.items():
        write(f"in/{name}.yaml", text)
    write("in/f.yaml", LIMIT.read_text(encoding="utf-8"))
    return tmp_path


def tables(out: str) -> dict[str, pa.Table]:
    return {name: read_table(Path(out), name).combine_chunks() for name in (*SCHEMAS, "summary")}


def digits(values: Iterable[Any]) -> list[str]:
    """To the 15 digits a workbook holds."""
    return ["" if value is None else f"{value:.15g}" for value in values]


def test_a_bad_entity_is_a_finding_and_the_others_are_summed() -> None:
    told = run("batch", "each", "in", "-o", "out", "--jobs", "1", "--json")
    assert told.exit_code == 1
    data = json.loads(told.stdout)
    assert data["entities"] == {"all": 6, "done": 2, "failed": 2, "refused": 2, "partly": 0}
    held = tables("out")
    state = {row["entity"]: (row["method"], row["state"]) for row in held["entities"].to_pylist()}
    assert state == {
        **{name: (METHOD, kind) for name, kind in zip("abcd", ("done", "done", "failed", "refused"), strict=True)},
        "e": ("", "refused"),
        "f": ("gb-16780-cement@2021", "failed"),
    }
    total = next(row for row in held["summary"].to_pylist() if (row["method"], row["id"]) == (METHOD, "total"))
    assert total["sum"] == pytest.approx(SUM, rel=1e-8)
    assert (total["unit"], total["counted"], total["refused"]) == ("tCO2", 3, 1)
    codes = {(row["entity"], row["code"]) for row in held["findings"].to_pylist() if row["severity"] == "error"}
    assert {("d", "missing-value"), ("e", "yaml-syntax"), ("c", "check-failed"), ("f", "limit-not-met")} <= codes
    level = next(row for row in held["verdicts"].to_pylist() if row["level"] == "2")
    assert (level["value_exact"], level["limit_exact"], level["judgement"]) == ("8701/100", "87", "not_met")
    assert not Path("out.parts").exists()


def test_an_allowance_whose_accounting_is_refused_is_told(folder: Path) -> None:
    """Three type 700 t where the accounting says 744.07348, `c` 744.07; the coal of `b` is negative: not recomputed."""
    text = json.dumps({
        "method": "cets-ag-02.01", "also": ["mee-industry-allowance"], "period": 2024, "as_of": "2025-11-20",
        "entity": {"name": "示例"}, "inputs": {
            "line_fuel": [{
                "line": "1", "equipment": "cement_kiln", "fuel": "bituminous_coal", "month": "2024-01",
                "consumption": 100, "net_calorific_value": 22, "data_source": "own_laboratory",
            }],
            "clinker": [{"line": "1", "month": "2024-01", "clinker": "portland", "output": 1000}],
            "line": [{"line": "1", "industry": "cement", "status": "operating", "verified_emissions": 700}],
        },
    })  # fmt: skip
    write("two/a.yaml", text)
    write("two/b.yaml", text.replace('"consumption": 100', '"consumption": -1'))
    write("two/c.yaml", text.replace("700", "744.07"))
    write("two/d.yaml", text)
    found = carbonstd.batch("each", "two", "out")
    assert found.states == {"done": 3, "failed": 0, "refused": 0, "partly": 1}
    row = next(row for row in found.rows if row["id"] == "allowance")
    assert (row["sum"], row["counted"], row["unaccounted"]) == (2844.07, 4, 1)
    held = [item for item in tables("out")["findings"].to_pylist() if item["code"] == "figures-differ"]
    assert [(item["entity"], item["method"]) for item in held] == [
        ("a", "cets-ag-02.01@2024"),
        ("d", "cets-ag-02.01@2024"),
    ]
    alone = next(item for item in carbonstd.run("two/a.yaml").findings if item.code == "figures-differ")
    assert (alone.says("en"), alone.place) == (held[0]["message_en"], held[0]["place"])
    assert alone.values["apart"] == "-44.0735"
    told = [item for item in tables("out")["findings"].to_pylist() if item["code"] == "accounting-refused"]
    assert [(item["entity"], item["method"]) for item in told] == [("b", "mee-industry-allowance@2024")]


def test_inventories_of_other_boundaries_and_potentials_are_not_added(folder: Path) -> None:
    """Three companies of one inventory, the second by equity share, the third with the potentials of AR6."""
    text = (ROOT / "methods/enterprises/ghg-protocol/cases/guidance-example-01-02.yaml").read_text(encoding="utf-8")
    write("many/a.yaml", text)
    write("many/b.yaml", text.replace("operational_control", "equity_share"))
    write("many/c.yaml", text.replace("ar5", "ar6"))
    told = run("batch", "each", "many", "-o", "out", "--jobs", "1", "--by", "industry")
    rows = [row for row in tables("out")["summary"].to_pylist() if row["id"] == "scope_3" and not row["by"]]
    assert [(row["counted"], row["sum"]) for row in rows] == [
        (1, pytest.approx(257.3))
    ] * 3  # 257 300 kg, as the case tells
    assert {row["boundary"] for row in rows} == {"运营控制权 operational control", "股权比例 equity share"}
    for shown in ("equity share", "gwp/ipcc-ar5", "gwp/ipcc-ar6", "no inventory of a region or group: ghg-protocol"):
        assert shown in told.stdout


def test_the_workbook_holds_what_the_folder_holds() -> None:
    assert run("batch", "each", "in", "-o", "out", "--jobs", "1").exit_code == 1
    assert run("batch", "each", "in", "-o", "out.xlsx", "--jobs", "1").exit_code == 1
    held, book = tables("out"), openpyxl.load_workbook("out.xlsx", read_only=True)
    sheets = {name: list(book[bilingual(title, "en", " ")].values) for name, title in SHEETS.items()}
    # a pattern of conditions loses the minus sign of what falls between them in LibreOffice
    assert not [cell for page in book for row in page.rows for cell in row if "[" in (cell.number_format or "")]
    book.close()
    for name in set(SHEETS) - {"summary"}:
        assert len(sheets[name]) == 1 + held[name].num_rows
    for name in ("totals", "lines"):
        at = SCHEMAS[name].get_field_index("value")
        assert digits(row[at] for row in sheets[name][1:]) == digits(held[name]["value"].to_pylist())
    assert str(sheets["summary"][0][0]).startswith("6 entities: 2 done, 2 with errors in their results, 2 refused")
    rows = sheets["summary"][-held["summary"].num_rows - 1 :]
    at = rows[0].index("Sum\n合计")
    assert digits(row[at] for row in rows[1:]) == digits(held["summary"]["sum"].to_pylist())


@pytest.mark.parametrize("out", ["out", "out.xlsx"])
def test_every_entity_runs_again_by_its_lock(out: str) -> None:
    run("batch", "each", "in", "-o", out, "--jobs", "1")
    case, lock = carbonstd.read_case("in/b.yaml"), read_lock(Path(out), "b")
    assert lock == carbonstd.run(case).lock
    again = json.loads(run("calc", "in", "--entity", "b", "--lock", out, "--json").stdout)
    assert {item["id"]: item["value"] for item in again["totals"]}["total"] == pytest.approx(2 * DIESEL_TOTAL, rel=1e-8)
    assert again["lock"] == lock
    with pytest.raises(carbonstd.CaseError, match="did you mean"):
        read_lock(Path(out), "bb")


DIES = """
import os, sys
from datetime import date
from pathlib import Path
from typing import Any
import pyarrow.parquet as pq
from carbonstd._batch.batch import Plan, executor, run_batch
from carbonstd._batch.job import Job

write, left = pq.write_table, [17]  # seven tables a part: two parts are whole, of a third there are two files

def dying(*given, **named):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), int(sys.argv[1])) if sys.argv[1] != "0" else os._exit(9)
    write(*given, **named)

pq.write_table = dying
run_batch(Plan(Path("in"), Path("out"), rows=1), Job((), date(2026, 3, 31)), executor(1))
"""


def test_a_killed_run_goes_on_and_comes_to_the_same() -> None:
    """The case without a day of its own keeps the day the run began on."""
    kill = str(int(getattr(signal, "SIGKILL", 0)))
    assert subprocess.run([sys.executable, "-c", DIES, kill], check=False).returncode != 0
    assert not Path("out").exists()
    again: list[int] = []

    def submit(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
        again.extend(chunk.number for chunk in chunks)
        return executor(1)(job, chunks[::-1])  # in any order

    run_batch(Plan(Path("in"), Path("out"), rows=1), Job((), date(2026, 4, 1)), submit)
    assert again == [2, 3, 4, 5]
    run_batch(Plan(Path("in"), Path("whole")), Job((), date(2026, 3, 31)), executor(1))
    assert tables("out") == tables("whole")
    assert sorted(path.name for path in Path().iterdir()) == ["in", "out", "whole"]


def test_parts_of_another_question_are_refused_and_kept() -> None:
    stopped_after_one()
    write("in/a.yaml", DIESEL.replace("consumption: 10", "consumption: 30"))
    arguments = ("batch", "each", "in", "-o", "out", "--jobs", "1", "--chunk-rows", "1")
    told = run(*arguments)
    assert told.exit_code == 2
    assert "batch-parts-differ" in told.stderr
    assert "input" in told.stderr
    assert "--fresh" in told.stderr
    assert Path("out.parts/0/totals.parquet").exists()
    assert run(*arguments, "--fresh").exit_code == 1
    total = {row["entity"]: row["value"] for row in tables("out")["totals"].to_pylist() if row["id"] == "total"}
    assert total["a"] == pytest.approx(3 * DIESEL_TOTAL, rel=1e-8)


def test_parts_without_a_finished_chunk_are_nobodys() -> None:
    def silent(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
        yield from ()
        raise carbonstd.CaseError("no cluster answers")

    with pytest.raises(carbonstd.CaseError):
        run_batch(Plan(Path("in"), Path("out"), rows=2), Job((), date.today()), silent)
    assert run("batch", "each", "in", "-o", "out", "--jobs", "1", "--chunk-rows", "1").exit_code == 1
    assert sorted(path.name for path in Path().iterdir()) == ["in", "out"]


def test_an_edition_of_no_method_is_refused() -> None:
    told = run("batch", "each", "in", "-o", "out", "--edition", "1999")
    assert (told.exit_code, Path("out").exists()) == (2, False)
    assert "edition-unknown" in told.stderr


def stopped_after_one(out: str = "out") -> None:
    def interrupted(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
        yield from executor(1)(job, chunks[:1])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(Plan(Path("in"), Path(out), rows=1), Job((), date.today()), interrupted)


def test_a_part_that_a_power_cut_left_empty_is_computed_again() -> None:
    stopped_after_one()
    for name in ("totals", "lock_files"):
        Path(f"out.parts/0/{name}.parquet").write_bytes(b"")
    run_batch(Plan(Path("in"), Path("out"), rows=1), Job((), date.today()), executor(1))
    run_batch(Plan(Path("in"), Path("whole")), Job((), date.today()), executor(1))
    assert tables("out") == tables("whole")


def test_input_that_changes_meanwhile_is_refused_and_nothing_of_it_kept() -> None:
    """Same size, same time: the content tells."""

    def edited(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
        yield from executor(1)(job, chunks)
        path, times = Path("in/a.yaml"), Path("in/a.yaml").stat()
        write("in/a.yaml", DIESEL.replace("consumption: 10", "consumption: 30"))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(carbonstd.CaseError) as told:
        run_batch(Plan(Path("in"), Path("out"), rows=1), Job((), date.today()), edited)
    assert [item.code for item in told.value.findings] == ["batch-changed"]
    assert [path.name for path in Path().iterdir()] == ["in"]


def test_a_method_named_twice_is_summed_once() -> None:
    write("one/a.yaml", DIESEL)
    told = carbonstd.batch([METHOD, "GB/T 32151.34", METHOD.partition("@")[0]], "one", "out")
    assert [(row["id"], row["counted"]) for row in told.rows if row["id"] == "total"] == [("total", 1)]
    held, sums = tables("out"), Sums()
    sums.add(held["entities"], held["totals"])
    with pytest.raises(carbonstd.CaseError, match="twice"):
        sums.add(held["entities"], held["totals"])


def test_a_folder_of_parts_that_is_not_ours_is_left_alone() -> None:
    write("out.parts/.git/HEAD", "ref")
    write("web.parts/manifest.json", '{"name": "web"}')
    write("web.parts/precious.txt", "mine")
    for out in ("out", "web"):
        told = run("batch", "each", "in", "-o", out, "--jobs", "1", "--fresh")
        assert told.exit_code == 2
        assert "batch-parts-foreign" in told.stderr
    assert sorted(path.as_posix() for path in Path().glob("*.parts/**/*") if path.is_file()) == [
        "out.parts/.git/HEAD",
        "web.parts/manifest.json",
        "web.parts/precious.txt",
    ]


def test_one_run_at_a_time_and_its_options_are_named() -> None:
    stopped_after_one()
    arguments = ("batch", "each", "in", "-o", "out", "--jobs", "1", "--chunk-rows", "1")
    with single(Path("out.parts/.carbonstd-lock")):
        told = run(*arguments)
    assert told.exit_code == 2
    assert "batch-parts-used" in told.stderr
    assert str(os.getpid()) in told.stderr
    told = run(*arguments, "--strict", "--lang", "zh")
    assert told.exit_code == 2
    assert "--strict" in told.stderr
    assert Path("out.parts/0").is_dir()


def test_own_tables_that_were_edited_are_read_again() -> None:
    table = min((ROOT / "factors/gwp").rglob("*.yaml")).relative_to(ROOT)
    text = (ROOT / table).read_text(encoding="utf-8")
    write(str(table), text)
    job = Job.asked(["x"], factors=["factors"])
    assert (first := job.library()) is job.library()
    write(str(table), f"{text}\n")
    assert job.library() is not first


def test_two_processes_come_to_what_one_does() -> None:
    assert run("batch", "each", "in", "-o", "one", "--jobs", "1").exit_code == 1
    told = run("batch", "each", "in", "-o", "two", "--jobs", "2", "--chunk-rows", "1", "--lang", "zh")
    assert told.exit_code == 1
    assert "未能核算 2" in told.stdout
    assert tables("one") == tables("two")


def test_what_cannot_be_written_is_refused_before_anything_is_run() -> None:
    write("kept/notes.txt", "mine")
    for out, code in {
        "in/out": "batch-output-inside",
        "kept": "batch-output-foreign",
        "out.xls": "a folder of Parquet files",
        "no/out": "output-folder-missing",
    }.items():
        told = run("batch", METHOD, "in", "-o", out)
        assert told.exit_code == 2
        assert code in told.stderr
    with pytest.raises(carbonstd.CaseError, match="too small"):
        carbonstd.batch(METHOD, "in", "out", rows=0)
    told = run("batch", METHOD, "in", "-o", "out", "--period", "20x5")
    assert told.exit_code == 2
    assert "batch-period" in told.stderr
    told = run("batch", "gbt-32151.99", "in", "-o", "out")
    assert told.exit_code == 2
    assert "not-found" in told.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["in", "kept"]
    assert Path("kept/notes.txt").read_text() == "mine"


def test_sums_by_a_label_and_all_done() -> None:
    for name, province in {"a": "河北", "b": "河北", "c": "山东"}.items():
        text = DIESEL.replace("en: Works A}", f"en: Works A}}, province: {province}")
        write(f"by/{name}.yaml", text.replace("consumption: 10", "consumption: 20") if name == "b" else text)
    with pytest.raises(carbonstd.CaseError, match="town") as caught:
        carbonstd.batch("each", "by", "out", by=["province", "town"])
    assert [item.code for item in caught.value.findings] == ["batch-label-unlisted"]
    assert not Path("out.parts").exists()
    told = carbonstd.batch("each", "by", "out", by=["province"])
    assert not told.failed
    assert [item.code for item in told.findings] == ["entity-alike", "entity-alike"]
    rows = told.summary.query("by == 'province' and id == 'total'")
    assert dict(zip(rows["group"], rows["sum"], strict=True)) == pytest.approx(
        {"山东": DIESEL_TOTAL, "河北": 3 * DIESEL_TOTAL}, rel=1e-8
    )
    # the heating value, carbon content and oxidation factor of diesel are defaults of table C.1
    assert list(rows["share_default"]) == [1.0, 1.0]
    by_entity, by_province = (told.plot(by, language="en") for by in ("", "province"))
    drawn = [[text.get_text() for text in axes.texts] for axes in (by_entity, by_province)]
    assert drawn == [["61.9182", "30.9591", "30.9591"], ["92.8773", "30.9591"]]  # 1, 2 and 3 times DIESEL_TOTAL
    with pytest.raises(NotFoundError, match="province"):
        told.plot("industry")
    names = [label.get_text() for label in told.plot(language="en").get_yticklabels()]
    assert names == ["甲厂 (b)", "甲厂 (a)", "甲厂 (c)"]  # by the name on the cover; files tell those of one name apart
    workbook = carbonstd.batch("each", "by", "out.xlsx", by=["province"])
    assert [text.get_text() for text in workbook.plot().texts] == drawn[0]
    charts = openpyxl.load_workbook("out.xlsx")[bilingual(CHARTS, "en", " ")]
    assert [[charts.cell(row, column).value for column in (1, 2)] for row in (2, 3)] == [
        ["甲厂 (b)", pytest.approx(2 * DIESEL_TOTAL)],
        ["甲厂 (a)", pytest.approx(DIESEL_TOTAL)],
    ]
    for made in (told, workbook):
        assert made.totals.query("id == 'total'")["value"].sum() == pytest.approx(4 * DIESEL_TOTAL, rel=1e-8)


def test_groups_stand_below_their_own_period_and_name_who_was_refused() -> None:
    """A works of 2024 with twice the diesel, one of 2025, and one of another province that cannot be read."""
    for name, (province, period, tonnes) in {
        "a": ("河北", 2025, 10),
        "b": ("河北", 2024, 20),
        "c": ("山东", 2025, "x"),
    }.items():
        text = DIESEL.replace("en: Works A}", f"en: Works {name}}}, province: {province}")
        text = text.replace("period: 2025", f"period: {period}")
        write(f"by/{name}.yaml", text.replace("consumption: 10", f"consumption: {tonnes}"))
    told = run("batch", "each", "by", "-o", "out", "--by", "province").stdout
    sums = [line.split()[:2] for line in told.splitlines() if line.split()[:1] in (["河北"], ["山东"])]
    assert sorted(sums) == [["山东", "—"], ["河北", f"{DIESEL_TOTAL:.2f}"], ["河北", f"{2 * DIESEL_TOTAL:.2f}"]]


def test_a_label_that_only_reading_all_can_tell_is_told_of_last_and_figures_are_kept() -> None:
    write("rows.csv", f"entity,sheet,method,period,fuel,consumption\na,fuel,{METHOD},2025,柴油,1\n")
    told = carbonstd.batch("each", "rows.csv", "sums", by=["town"])
    assert [item.code for item in told.findings] == ["batch-label-unknown"]
    assert Path("sums.parts").exists()  # so that no figure is computed again for another label


def test_a_method_in_the_place_of_an_entity_s_own_is_told() -> None:
    text = DIESEL.replace(f"method: {METHOD}", "method: gbt-32151.4")
    assert text != DIESEL
    write("in/a.yaml", text)
    write("in/b.yaml", DIESEL)
    carbonstd.batch(METHOD, "in", "sums")
    found = read_table(Path("sums"), "findings").to_pylist()
    assert [row["entity"] for row in found if row["code"] == "entity-method-other"] == ["a"]
    warnings = read_table(Path("sums"), "entities").column("warnings").to_pylist()
    assert warnings[0] == warnings[1] + 1


def test_a_ledger_parted_by_folders_of_provinces_says_why_it_is_refused() -> None:
    rows = f"entity,method,period,fuel,consumption\n{{}},{METHOD},2025,柴油,1\n"
    for province in ("广东", "湖南"):
        write(f"parted/{province}/fuel.csv", rows.format(province))
        write(f"whole/fuel/{province}.csv", rows.format(province))
    told = carbonstd.batch("each", "parted", "a")
    assert [(kind.code, kind.count) for kind in told.kinds] == [("folder-hides-sheet", 2)]
    assert "folder-hides-sheet" not in {kind.code for kind in carbonstd.batch("each", "whole", "b").kinds}


def test_a_label_that_the_list_has_not_is_told_before_anything_is_run() -> None:
    write("listed/entities.csv", "entity,名称,省份\na,甲,河北\n")
    write("listed/fuel.csv", "entity,fuel,consumption\na,柴油,1\n")
    told = run("batch", METHOD, "listed", "-o", "sums", "--period", "2025", "--by", "province")
    assert (told.exit_code, "batch-label-unlisted" in told.stderr, "省份" in told.stderr) == (2, True, True)
    assert not Path("sums.parts").exists()


def test_intensities_are_not_added(folder: Path) -> None:
    write("limits/a.yaml", LIMIT.read_text(encoding="utf-8"))
    write("limits/b.yaml", LIMIT.read_text(encoding="utf-8").replace("87.01", "80"))
    found = carbonstd.batch("each", "limits", "out")
    row = next(row for row in found.rows if row["id"])
    assert row["unit"] == "kgce/t"
    assert (row["sum"], row["lowest"], row["highest"], row["counted"]) == (None, 80, 87.01, 2)
    write("limits/b.yaml", LIMIT.read_text(encoding="utf-8"))
    assert " 87.01 (not added)" in run("batch", "each", "limits", "-o", "out").stdout, "both ends print alike"


def test_what_is_told_of_the_whole_run_is_kept_in_the_output() -> None:
    write("in/beside/notes.txt", "mine")
    for out in ("out", "out.xlsx"):
        found = carbonstd.batch(METHOD, "in", out, period="2024")
        codes = [item.code for item in found.findings]
        assert {"source-passed-over", "batch-period-other"} <= set(codes)
        whole = {"source-passed-over", "batch-period-other"}
        if out == "out":
            rows = read_table(Path(out), "findings").to_pylist()
            assert {row["code"] for row in rows if not row["entity"]} >= whole
        else:
            book = openpyxl.load_workbook(out)
            sheet = book[bilingual(SHEETS["findings"], "en", " ")]
            assert {cell for row in sheet.values for cell in row} >= whole


@pytest.mark.parametrize("stacked", [True, False])
def test_the_day_typed_for_all_is_the_day_told(stacked: bool) -> None:
    job = Job((METHOD,), date(2026, 6, 1), as_of=date(2026, 5, 4), stacked=stacked)
    run_batch(Plan(Path("in"), Path("out")), job, executor(1))
    told = {row["entity"]: row["as_of"] for row in tables("out")["entities"].to_pylist()}
    assert [told[name] for name in "abcd"] == ["2026-05-04"] * 4  # done, failed and refused


def test_what_makes_a_sum_doubtful_is_told() -> None:
    """Of six plants one is a thousand times the others, one has the code of another, one is of another year."""
    key = {"method": "m", "state": "done", "share_default": 1.0}
    figures = {"a": 10.0, "b": 11.0, "c": 12.0, "d": 13.0, "e": 10_000.0, "f": 14.0}
    entities = [{**key, "entity": name, "name": f"plant {name}", "period": "2025"} for name in figures]
    entities[1]["groups"] = entities[2]["groups"] = [("code", "91000000000000001N")]
    entities.append({**key, "entity": "g", "name": "plant a", "period": "2024"})  # a name of a, in a year of its own
    total = {
        "method": "m",
        "id": "total",
        "label_zh": "排放",
        "label_en": "emissions",
        "primary": True,
        "adds_up": True,
    }
    made = outcome(
        {"entities": entities, "totals": [{**total, "entity": name, "value": value} for name, value in figures.items()]}
    )
    sums, doubts = Sums(), Doubts("2025")
    sums.add(made["entities"], made["totals"])
    doubts.add(made["entities"])
    row = next(row for row in sums.rows() if row["period"] == "2025")
    assert (row["largest"], row["share_largest"]) == ("e", 10_000 / 10_060)
    told = doubts.findings(sums.table().to_pylist())
    assert [(item.code, item.place) for item in told] == [
        ("entity-alike", "c"),
        ("entity-outweighs", "e"),
        ("batch-period-other", "--period"),
    ]
    assert told_of_all(told)["entity"].to_pylist() == ["c", "e", ""]


def test_a_chart_is_of_one_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three plants of 2024, two of 2025 with larger figures, and figures by other potentials and in another unit."""
    key = {"method": "m", "state": "done", "lock": "sha"}
    figures = {"a": 1.0, "b": 2.0, "c": 4.0, "d": 10.0, "e": 20.0}
    entities: list[dict[str, Any]] = [
        {**key, "entity": name, "period": "2025" if name in "de" else "2024"} for name in figures
    ]
    entities.append({"method": "m", "entity": "e", "period": "2024", "state": "refused"})
    total = {"method": "m", "id": "total", "label_zh": "排放", "label_en": "emissions", "adds_up": True}
    total |= {"unit": "tCO2e", "gwp": "AR5"}
    totals = [{**total, "entity": name, "value": value} for name, value in figures.items()]
    totals += [{**total, "entity": "a", "value": 99.0, **other} for other in ({"gwp": "AR6"}, {"unit": "kg"})]
    made = outcome({"entities": entities, "totals": totals})
    sums = Sums()
    sums.add(made["entities"].slice(0, 5), made["totals"])
    rows = list(sums.rows())
    monkeypatch.setattr(_batch_largest, "_MOST", 2)
    drawn = {
        bars.title["en"]: [(bar.label["en"], bar.value) for bar in (*bars.bars, *filter(None, [bars.rest]))]
        for row in _batch_largest.main_totals(rows)
        for bars in _batch_largest.bars_of(rows, row, lambda name: [made[name]])
    }
    titles = [next(title for title in drawn if year in title) for year in ("2024", "2025")]
    assert [drawn[title] for title in titles] == [
        [("c", 4.0), ("b", 2.0), (drawn[titles[0]][2][0], 1.0)],  # the last one is of the others
        [("e", 20.0), ("d", 10.0)],
    ]
    found = BatchResult(Path("out"), {"done": 5}, rows, [], [])
    monkeypatch.setattr(_batch_plot, "read_frame", lambda _, name: made[name].to_pandas())
    with pytest.raises(carbonstd.CarbonstdError, match=r"2024, 2025"):
        found.plot()
    with pytest.raises(NotFoundError, match="2023"):
        found.plot(period="2023")
    assert [text.get_text() for text in found.plot(period="2025").texts] == ["20", "10"]


def test_a_sum_hangs_on_no_order() -> None:
    values = [random.Random(index).uniform(-1, 1) * 10.0 ** (index % 40 - 20) for index in range(400)]
    exact = float(sum(map(Fraction, values)))
    for size in (1, 7, 400):
        total = ExactSum()
        for start in range(0, 400, size):
            total.add(values[start : start + size])
        assert total.value == exact
