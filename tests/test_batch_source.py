"""Where the entities of a batch come from: every form gives what each entity gives when it is read and run alone."""

import pickle
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonstd
from carbonstd import CarbonstdError, CaseError, NotFoundError
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Ledgers
from carbonstd._batch.read import read_table
from carbonstd._batch.source import open_source, read_entity
from carbonstd._batch.source_files import tables_in
from carbonstd._batch.source_ledger import LedgerFiles
from carbonstd._batch.source_tables import stacked
from carbonstd._case.case import Case
from tests.command_line import DIESEL, DIESEL_TOTAL, run, start_in, write
from tests.command_line import METHOD as SHIPPED

METHOD = "gbt-32151.34"
JOB = Job((), date(2026, 3, 31))
LIBRARY = JOB.library()
Frames = dict[str, pd.DataFrame]


def rows(*cells: object) -> dict[str, object]:
    return dict(zip(("source", "fuel", "month", "consumption", "data_source"), cells, strict=True))


POWER = {"source": "总表", "month": "2025-01", "supply": "grid", "electricity": "1200"}
# By entity its sheets: plain; a typed unit and full-width digits; a fuel nobody knows; a blank; twice the same; nothing
ENTITIES: Mapping[str, Mapping[str, Sequence[Mapping[str, object]]]] = {
    "丙厂": {"fuel": [rows("炉", "无烟煤", "2025-01", "12.5", "meter"), rows("炉", "无烟煤", "2025-02", "7", "meter")]},
    "甲厂": {"fuel": [rows("炉", "柴油", "1月", "2500 kg", "invoice"), rows("炉", "焦炭", "2", "１２", "meter")]},
    "乙厂": {"electricity": [POWER], "fuel": [rows("炉", "没有的燃料", "2025-01", "3", "meter")]},
    "丁厂": {"fuel": [rows("炉", "无烟煤", "2025-01", "", "meter")], "electricity": [POWER]},
    "戊厂": {"electricity": [POWER, POWER | {"electricity": "1 300"}]},
    "己厂": {},
}
HEAD = {"method": METHOD, "period": "2025", "as_of": "2026-03-31"}
ROSTER = pd.DataFrame([{"entity": key, **HEAD, "省份": "鲁" if key < "丙" else "晋"} for key in ENTITIES])


def frames() -> Frames:
    """The rows of all entities by sheet, all cells typed."""
    held: dict[str, list[Mapping[str, object]]] = {}
    for key, sheets in ENTITIES.items():
        for sheet, items in sheets.items():
            held.setdefault(sheet, []).extend({"entity": key, **item} for item in items)
    return {"entities": ROSTER} | {sheet: pd.DataFrame(items) for sheet, items in held.items()}


def shuffled(held: Frames) -> Frames:
    return {name: frame.sample(frac=1, random_state=3) for name, frame in held.items()}


def as_csv(folder: Path, held: Frames) -> None:
    for name, frame in held.items():
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="gbk")


def as_parquet(folder: Path, held: Frames) -> None:
    for name, frame in held.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False, row_group_size=3)


def as_labels(folder: Path, held: Frames) -> None:
    """Files and columns called in Chinese, labels stored as categories."""
    names = {
        "entity": "企业编号",
        "source": "排放源或设施",
        "fuel": "燃料品种",
        "consumption": "消耗量",
        "month": "月份",
    }
    titles = {"fuel": "化石燃料燃烧", "electricity": "electricity", "entities": "企业清单"}
    for name, frame in held.items():
        coded = frame.astype({"fuel": "category"}) if "fuel" in frame else frame
        renamed = coded.rename(columns=names if name == "fuel" else {"entity": "企业"})
        renamed.to_parquet(folder / f"{titles[name]}.parquet", index=False)


def as_one(folder: Path, held: Frames) -> None:
    """One data set of all sheets, in parts whose columns differ."""
    whole = [frame.assign(sheet=name) for name, frame in held.items()]
    for number, frame in enumerate(whole):
        frame.to_parquet(folder / f"part.{number}.parquet", index=False)


def as_partitions(folder: Path, held: Frames) -> None:
    for name, frame in held.items():
        (folder / f"sheet={name}").mkdir()
        frame.to_parquet(folder / f"sheet={name}" / "part-0.parquet", index=False)


def as_cases(folder: Path, held: Frames) -> None:
    """A folder with a CSV a sheet for each entity."""
    for key, sheets in ENTITIES.items():
        (folder / key).mkdir()
        head = "".join(f"{name}: {text}\n" for name, text in HEAD.items())
        (folder / key / "case.yaml").write_text(f"{head}entity: {{省份: x}}\n", encoding="utf-8")
        for sheet, items in sheets.items():
            pd.DataFrame(items).to_csv(folder / key / f"{sheet}.csv", index=False)


FORMS: Sequence[tuple[Callable[[Path, Frames], None], bool]] = [
    (as_csv, True),
    (as_parquet, False),
    (as_parquet, True),
    (as_labels, False),
    (as_one, True),
    (as_partitions, False),
    (as_cases, False),
]


def told(case: Case) -> tuple[Any, ...]:
    """What a run comes to: figures and the codes of what was found."""
    try:
        result = carbonstd.run(case)
    except CarbonstdError as error:
        return "refused", Counter(item.code for item in error.findings)
    lines = [(item.line.id, item.value, item.state) for item in (*result.total_lines, *result.lines) if item.reported]
    return "done", lines, Counter(item.code for item in result.findings)


@pytest.fixture(scope="module")
def alone() -> dict[str, tuple[Any, ...]]:
    return {
        key: told(carbonstd.read_case({**HEAD, "as_of": date(2026, 3, 31), "inputs": sheets}))
        for key, sheets in ENTITIES.items()
    }


def read_all(folder: Path, staging: Path, chunk: int) -> list[Ledgers]:
    """The chunks of a source as a worker reads them."""
    chunks = open_source(folder).chunks(chunk, staging)
    return [item.read(LIBRARY, JOB) for item in pickle.loads(pickle.dumps(chunks))]


@pytest.mark.parametrize(("form", "mixed"), FORMS)
def test_every_form_gives_what_each_entity_gives_alone(
    form: Callable[[Path, Frames], None], mixed: bool, tmp_path: Path, alone: Mapping[str, tuple[Any, ...]]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    form(folder, shuffled(frames()) if mixed else frames())
    whole, parts = (read_all(folder, tmp_path / f"staging{chunk}", chunk) for chunk in (10_000, 4))
    assert len(parts) > 1
    for chunks in (whole, parts):
        found = {
            head.entity: told(ledgers.case(index)) for ledgers in chunks for index, head in enumerate(ledgers.heads)
        }
        assert found == alone
    assert [state for state, *_ in alone.values()] == ["done", "done", "refused", "refused", "refused", "refused"]


def test_headings_that_name_units_or_months_are_read_as_in_a_case_alone(tmp_path: Path) -> None:
    wide = {"source": "炉", "fuel": "无烟煤", "数据来源": "meter"} | {f"{month}月": month for month in range(1, 13)}
    tonnes = {"source": "炉", "fuel": "无烟煤", "month": "2025-01", "消耗量 (kg)": "2500", "data_source": "meter"}
    for name, cells in (("wide", wide), ("unit", tonnes)):
        (tmp_path / name).mkdir()
        data = pd.DataFrame([{"entity": key, **HEAD, **cells} for key in ("a", "b")])
        data.to_csv(tmp_path / name / "fuel.csv", index=False)
        expected = told(carbonstd.read_case({**HEAD, "inputs": {"fuel": pd.DataFrame([cells])}}))
        (ledgers,) = read_all(tmp_path / name, tmp_path / "staging", 1000)
        assert expected[0] == "done"
        assert [told(ledgers.case(index)) for index in (0, 1)] == [expected, expected]


FUEL = "entity,source,fuel,consumption,data_source\na,x,无烟煤,1,meter\n"
REFUSED = {  # what makes a whole source unreadable
    "empty": ({}, "source-empty"),
    "no rows": ({"fuel.csv": "entity,fuel\n"}, "source-empty"),
    "no entity": ({"fuel.csv": "source,fuel\nx,无烟煤\n"}, "entity-column-missing"),
    "heading twice": ({"fuel.csv": "entity,source,source\na,b,c\n"}, "csv-header-twice"),
    "columns without heading": ({"fuel.csv": "entity,source,,\na,b,,\n"}, "csv-header-twice"),
    "a heading of ours": ({"fuel.csv": "entity,__row\na,1\n"}, "column-reserved"),
    "a case beside ledgers": ({"a.yaml": "", "fuel.csv": "entity\na\n"}, "source-mixed"),
    "a case beside a list": ({"a.yaml": "", "entities.csv": "entity\na\n"}, "source-mixed"),
    "no data at all": ({"notes.txt": "x"}, "source-empty"),
    "no Parquet": ({"fuel.parquet": "PAR1"}, "parquet-unreadable"),
    "neither UTF-8 nor GBK": ({"fuel.csv": b"entity,\xff\xfe\n"}, "csv-encoding"),
}


@pytest.mark.parametrize(("files", "code"), REFUSED.values(), ids=REFUSED)
def test_a_source_that_cannot_be_read_says_why(files: Mapping[str, str | bytes], code: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, content in files.items():
        (tmp_path / "in" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CarbonstdError) as error:
        open_source(tmp_path / "in").chunks(1000, tmp_path / "staging")
    assert [item.code for item in error.value.findings] == [code]


WRONG = {  # what is wrong with one entity: a's row is always there, and done
    "no key": ({"fuel.csv": FUEL + ",x,无烟煤,1,meter\n"}, "", "entity-blank", "fuel.csv:3"),
    "a cell too many": ({"fuel.csv": FUEL + "b,x,无烟煤,1,meter,9\n"}, "b", "csv-row-length", "fuel.csv:3"),
    "not listed": (
        {"entities.csv": "entity\na\n", "fuel.csv": FUEL + "\nb,x,无烟煤,1,meter\n"},
        "b", "entity-unlisted", "fuel.csv:4",
    ),
    "listed twice": (
        {"entities.csv": "entity\nb\na\nb\n", "fuel.csv": FUEL}, "b", "entity-twice", "entities.csv:2"
    ),
    "no such period": (
        {"entities.csv": "企业编号,核算期\na,2025\nb,20x\n", "fuel.csv": FUEL}, "b", "case-period", "entities.csv:3"
    ),
    "two periods": (
        {"fuel.csv": "period," + FUEL.replace("\na", "\n2025,a") + "2024,b,x,焦炭,1,meter\n2025,b,y,焦炭,1,meter\n"},
        "b", "entity-head-differs", "fuel.csv:3 period",
    ),
    "no sheet": (
        {"all.csv": "sheet," + FUEL.replace("\na", "\nfuel,a") + ",b,x,无烟煤,1,meter\n"},
        "b", "row-without-sheet", "all.csv:3",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "key", "code", "place"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_an_entity_is_told_of_it_alone(
    files: Mapping[str, str], key: str, code: str, place: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    job = Job((METHOD,), date(2026, 3, 31), period="2025")
    (chunk,) = open_source(tmp_path).chunks(1000, tmp_path / "staging")
    ledgers = chunk.read(LIBRARY, job)
    heads = {head.entity: head for head in ledgers.heads}
    assert [(item.code, item.place) for item in heads[key].findings] == [(code, place)]
    assert code != "csv-row-length" or heads[key].findings[0].message() == (
        "fuel.csv:3: the row has 6 cells; expected: 5 cells; check commas and quotes"
    )
    assert told(ledgers.case(ledgers.heads.index(heads["a"])))[0] == "done"


def test_cells_of_every_type_are_numbers_blanks_or_told(tmp_path: Path) -> None:
    days = [date(2025, 1, 1)] * 5 + [date(2024, 1, 1)]
    amounts = [Decimal("1.10"), None, Decimal(2), Decimal(-1), Decimal(3), Decimal(3)]
    columns = {
        "entity": pa.array([1, 2, 3, 4, 5, 6]),
        "source": pa.array(["x"] * 6).dictionary_encode(),
        "fuel": ["无烟煤"] * 6,
        "month": days,
        "consumption": amounts,
        "oxidation_factor": [float("inf"), 0.9, float("nan"), 0.9, 0.9, 0.9],
        "data_source": ["meter"] * 6,
        "tags": [None, None, None, None, [1], None],
    }
    pq.write_table(pa.table(columns), tmp_path / "fuel.parquet")
    job = Job((METHOD,), date(2026, 3, 31), period="2025")
    (chunk,) = open_source(tmp_path / "fuel.parquet").chunks(1000, tmp_path / "staging")
    ledgers = chunk.read(LIBRARY, job)
    found = [told(ledgers.case(index)) for index in range(6)]
    codes = ["above-maximum", "missing-value", "", "below-minimum", "unknown-column", "outside-period"]
    assert [head.entity for head in ledgers.heads] == list("123456")
    assert [state for state, *_ in found] == ["done" if not code else "refused" for code in codes]
    assert all(code in item[-1] for code, item in zip(codes, found, strict=True) if code)


def single(tmp_path: Path) -> Ledgers:
    """The only chunk of a folder `in`."""
    (chunk,) = open_source(tmp_path / "in").chunks(1000, tmp_path / "staging")
    return chunk.read(LIBRARY, Job((METHOD,), date(2026, 3, 31), period="2025"))


def test_numbers_of_more_than_15_digits_are_read_exactly(tmp_path: Path) -> None:
    """As floats they would mean their first 15 digits: 87.00000000000001 would be no more than 87."""
    (tmp_path / "in").mkdir()
    typed = ["87.00000000000001", "87.5", "1000.000", "0.00000000000000", "-87.00000000000001"]
    columns = {"entity": list("abcde"), "source": ["x"] * 5, "fuel": ["无烟煤"] * 5, "data_source": ["meter"] * 5}
    decimals = [Decimal(text) for text in typed]
    for name, cells in (("typed", typed), ("decimal", decimals)):
        pq.write_table(pa.table(columns | {"consumption": cells}), tmp_path / "in" / "fuel.parquet")
        found = single(tmp_path).sheets["fuel"].columns["consumption"]
        assert [Decimal(str(cell)) for cell in found] == decimals, name


def test_keys_are_one_text_whatever_type_a_file_stores_them_in(tmp_path: Path) -> None:
    (tmp_path / "in" / "fuel").mkdir(parents=True)
    long = 911101080000000001
    parts = {
        "part-0": pa.array([long, long + 2, 7]),
        "part-1": pa.array([7.0, 8.0, None]),
        "part-2": pa.array([str(long), " ８ ", ""]),
    }
    for name, keys in parts.items():
        cells = {"entity": keys, "source": [name] * 3, "fuel": ["无烟煤"] * 3, "consumption": [1.0, 2.0, 3.0]}
        pq.write_table(pa.table(cells), tmp_path / "in" / "fuel" / f"{name}.parquet")
    ledgers = single(tmp_path)
    whose = [ledgers.heads[owner].entity for owner in ledgers.owners["fuel"]]
    assert whose == [str(long), str(long), str(long + 2), "7", "7", "8", "8", "", ""]
    pq.write_table(pa.table({"entity": [float(long)], "source": ["x"]}), tmp_path / "in" / "fuel" / "part-3.parquet")
    with pytest.raises(CarbonstdError) as error:
        single(tmp_path)
    assert [(item.code, item.place) for item in error.value.findings] == [
        ("entity-key-float", "fuel/part-3.parquet entity")
    ]


def test_names_of_files_and_folders_never_decide_where_rows_are_staged(tmp_path: Path) -> None:
    """Names that would meet with underscores for slashes, one too long to be lengthened, one that leads elsewhere."""
    places = ("fuel/a/b.csv", "fuel/a__b.csv", f"fuel/{'长' * 80}.csv", "sheet=..%2F..%2Ffuel/part-0.csv")
    for number, place in enumerate(places):
        path = tmp_path / "in" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"entity,source\na,{number}\nb,{number}\n", encoding="utf-8")
    chunks = open_source(tmp_path / "in").chunks(1, tmp_path / "staging")
    assert all(path.is_relative_to(tmp_path / "staging") for path in tmp_path.rglob("*.parquet"))
    held = [chunk.read(LIBRARY, JOB).sheets for chunk in chunks]
    assert [sorted(sheets["fuel"].columns["source"]) for sheets in held] == [["0", "1", "2"]] * 2
    assert [list(sheets["../../fuel"].columns["source"]) for sheets in held] == [["3"]] * 2


def test_a_file_that_cannot_be_read_refuses_the_entities_of_its_rows(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "fuel.parquet"
    text = "0123456789" * 20
    pq.write_table(pa.table({"entity": ["a"], "source": [text]}), path, compression="none", use_dictionary=["entity"])
    content = path.read_bytes()
    at = content.index(text.encode())
    path.write_bytes(content[: at - 4] + b"\xff\xff\xff\x7f" + content[at:])  # the length of the text
    (head,) = single(tmp_path).heads
    assert [(head.entity, item.code, item.place) for item in head.findings] == [
        ("a", "parquet-unreadable", "fuel.parquet")
    ]


def test_nothing_in_a_folder_is_passed_over_in_silence(tmp_path: Path) -> None:
    """Workbooks of other kinds, and cases in folders beside cases, are refused entities, the rest is told."""
    texts = {"a.yaml": DIESEL, "b.xls": "", "c.et": "", "north/d.yaml": DIESEL, "photos/p.png": "", "notes.txt": ""}
    for name, text in texts.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    codes = {head.entity: [item.code for item in head.findings] for head in single(tmp_path).heads}
    assert codes == {"a": [], "b": ["workbook-not"], "c": ["workbook-not"], "north": ["folder-without-case"]}
    source = open_source(tmp_path / "in")
    assert [path.name for path in source.inputs()] == ["a.yaml", "b.xls", "c.et"]
    assert [item.values["names"] for item in source.told()] == ["notes.txt, photos"]


@settings(max_examples=25, deadline=None)
@given(
    keys=st.lists(st.lists(st.sampled_from("abcdefg"), max_size=30), min_size=1, max_size=3).filter(any),
    size=st.integers(1, 12),
    group=st.integers(1, 9),
)
def test_chunks_hold_every_row_once_with_its_entity(
    keys: list[list[str]], size: int, group: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("source")
    expected: dict[tuple[str, str], list[int]] = {}
    for sheet, held in enumerate(keys):
        for row, key in enumerate(held):
            expected.setdefault((key, f"s{sheet}"), []).append(row)
        table = pa.table({"entity": pa.array(held, pa.string()), "value": pa.array(range(len(held)), pa.int64())})
        pq.write_table(table, folder / f"s{sheet}.parquet", row_group_size=group)
    source = LedgerFiles(folder, tables_in(folder))
    found: dict[tuple[str, str], list[int]] = {}
    entities: list[str] = []
    for chunk in source.chunks(size, folder / "staging"):
        ledgers = chunk.read(LIBRARY, JOB)
        entities += chunk.keys
        for name, raw in ledgers.sheets.items():
            assert (np.diff(ledgers.owners[name]) >= 0).all()
            for row, owner in enumerate(ledgers.owners[name]):
                at = raw.columns["value"][row]
                assert raw.place("value", row) == f"{name}.parquet[{at}].value"
                found.setdefault((ledgers.heads[owner].entity, name), []).append(at)
    assert found == expected
    assert entities == list(dict.fromkeys(key for held in keys for key in held))


def test_one_entity_is_followed_from_its_figure_to_the_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARBONSTD_LANG", "en")
    Path("in").mkdir()
    as_csv(Path("in"), shuffled(frames()))
    line = Path("in/fuel.csv").read_text(encoding="gbk").splitlines().index("甲厂,炉,焦炭,2,１２,meter") + 1
    traced = run("trace", "in", "--entity", "甲厂", "--of", "fuel_combustion")
    assert traced.exit_code == 0
    assert f"fuel.csv:{line} consumption" in traced.output
    assert "--entity 甲厂" in run("calc", "in", "--entity", "甲厂").output
    missed = run("calc", "in", "--entity", "申厂")
    assert missed.exit_code == 2
    assert "there is no entity “申厂”; did you mean “" in missed.output
    with pytest.raises(NotFoundError):
        carbonstd.read_case("in", entity="")
    Path("named").mkdir()
    Path("named/entities.csv").write_text("entity,name,period\nCN1,晨光水泥有限公司,2025\n", encoding="utf-8")
    Path("named/fuel.csv").write_text("entity,fuel,consumption\nCN1,柴油,1\n", encoding="utf-8")
    assert "did you mean “晨光水泥有限公司”" in run("calc", "named", "--entity", "晨光水泥公司").output


def test_a_refused_entity_is_missed_by_its_method_and_rows_of_nobody_are_no_entity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`b` is listed twice, `c` has no period, one row has no entity: three entities, and one of them is done."""
    start_in(tmp_path, monkeypatch)
    head = f",甲,{SHIPPED},2025\n"
    write("in/entities.csv", f"entity,name,method,period\na{head}b{head}b{head}c,丙,{SHIPPED},\n")
    write("in/fuel.csv", FUEL + ",x,无烟煤,1,meter\n")
    found = carbonstd.batch("each", "in", "out")
    assert found.states == {"done": 1, "failed": 0, "refused": 2, "partly": 0}
    held = read_table(Path("out"), "entities").to_pylist()
    assert [(row["entity"], row["method"], row["name"], row["period"]) for row in held] == [
        ("a", SHIPPED, "甲", "2025"), ("b", SHIPPED, "甲", "2025"), ("c", METHOD, "丙", ""),
    ]  # fmt: skip
    told = [(row["entity"], row["code"]) for row in read_table(Path("out"), "findings").to_pylist()]
    assert [code for entity, code in told if not entity] == ["entity-blank"]
    write("in/entities.csv", f"entity,name,method,period\na{head}")
    nobody = carbonstd.batch("each", "in", "out")
    assert (nobody.states["done"], nobody.entities, nobody.failed) == (1, 1, True)


def test_folders_of_cases_are_read_to_their_depth(tmp_path: Path) -> None:
    """A province of cities; `丙市` has a case as a folder, `丁市` data of nobody; ledgers beside them win."""
    for name in ("甲市/a.yaml", "乙市/区/a.yaml", "丙市/c/case.yaml"):
        write(str(tmp_path / name), DIESEL)
    write(str(tmp_path / "丁市/fuel.csv"), FUEL)
    write(str(tmp_path / "甲市/notes.txt"), "x")
    source = open_source(tmp_path)
    (chunk,) = source.chunks(1000, tmp_path / "staging")
    codes = {head.entity: [item.code for item in head.findings] for head in chunk.read(LIBRARY, JOB).heads}
    assert codes == {"丁市": ["folder-without-case"], "丙市/c": [], "乙市/区/a": [], "甲市/a": []}
    assert [item.values["names"] for item in source.told()] == ["甲市/notes.txt"]
    assert carbonstd.read_case(tmp_path, entity="乙市/区/a").path.endswith("a.yaml")
    write(str(tmp_path / "fuel.csv"), FUEL)
    assert isinstance(open_source(tmp_path), LedgerFiles)


def test_an_entity_goes_by_its_name_where_no_other_has_it(tmp_path: Path) -> None:
    write(str(tmp_path / "listed/entities.csv"), f"entity,name,method,period\na,甲,{SHIPPED},2025\n"
          f"b,乙,{SHIPPED},2025\nc,乙,{SHIPPED},2025\n")  # fmt: skip
    write(str(tmp_path / "listed/fuel.csv"), FUEL)
    write(str(tmp_path / "cases/works.yaml"), DIESEL)
    assert carbonstd.read_case(tmp_path / "listed", entity="甲").entity["name"]["zh"] == "甲"
    assert carbonstd.read_case(tmp_path / "cases", entity="Works A").path.endswith("works.yaml")
    with pytest.raises(NotFoundError, match="b, c"):
        carbonstd.read_case(tmp_path / "listed", entity="乙")


def test_a_case_without_a_period_is_missed_by_its_method(tmp_path: Path) -> None:
    write(str(tmp_path / "in/a.yaml"), DIESEL)
    write(str(tmp_path / "in/b.yaml"), DIESEL.replace("period: 2025\n", ""))
    carbonstd.batch("each", tmp_path / "in", tmp_path / "out")
    held = read_table(tmp_path / "out", "entities").to_pylist()
    assert [(row["entity"], row["method"], row["name"], row["state"]) for row in held] == [
        ("a", SHIPPED, "甲厂", "done"), ("b", METHOD, "甲厂", "refused"),
    ]  # fmt: skip


def test_a_result_among_cases_is_no_entity(tmp_path: Path) -> None:
    write(str(tmp_path / "in/a.yaml"), DIESEL)
    carbonstd.run(tmp_path / "in/a.yaml").to_excel(tmp_path / "in/result.xlsx")
    source = open_source(tmp_path / "in")
    assert [path.name for path in source.inputs()] == ["a.yaml"]
    [told] = source.told()
    assert (told.code, told.values["names"]) == ("source-results", "result.xlsx")
    write(str(tmp_path / "in/last year/x.txt"), "")
    (tmp_path / "in/result.xlsx").rename(tmp_path / "in/last year/result.xlsx")
    carbonstd.batch("each", tmp_path / "in", tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "in/out")
    source = open_source(tmp_path / "in")
    assert [path.name for path in source.inputs()] == ["a.yaml"]
    [told] = source.told()
    assert (told.code, told.values["names"]) == ("source-results", "last year, out")


def test_months_of_a_wrong_year_are_one_finding() -> None:
    used = [rows(f"s{n}", "柴油", f"2024-{n:02d}", 1, "meter") for n in (12, *range(1, 12))]
    with pytest.raises(carbonstd.CaseError) as error:
        carbonstd.run({**HEAD, "inputs": {"fuel": used}})
    told = [item.values["found"] for item in error.value.findings if item.code == "outside-period"]
    assert told == ["2024-01..2024-12"]


def test_a_folder_of_cases_takes_from_the_job_what_they_do_not_say(tmp_path: Path) -> None:
    said = DIESEL.replace("period: 2025\nas_of: 2026-03-31\n", "").replace(f"method: {SHIPPED}\n", "")
    for name, text in {"a.yaml": said, "b.yaml": DIESEL, "b.yml": DIESEL, "~$a.xlsx": "", "c.xlsx": "no book"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (chunk,) = open_source(tmp_path).chunks(1000, tmp_path / "staging")
    ledgers = chunk.read(LIBRARY, Job((METHOD,), date(2026, 3, 31), period="2025"))
    codes = {head.entity: [item.code for item in head.findings] for head in ledgers.heads}
    assert codes == {"a": [], "b.yaml": ["entity-twice"], "b.yml": ["entity-twice"], "c": ["workbook-not"]}
    case = ledgers.case(0)
    assert (case.method, str(case.period), case.as_of) == (METHOD, "2025", date(2026, 3, 31))
    assert carbonstd.run(case).primary.value == pytest.approx(DIESEL_TOTAL, rel=1e-8)


def test_files_of_one_name_are_told_with_their_folder(tmp_path: Path) -> None:
    for city in ("甲市", "乙市"):
        for suffix in ("yaml", "yml"):
            write(str(tmp_path / city / f"a.{suffix}"), DIESEL)
    (chunk,) = open_source(tmp_path).chunks(1000, tmp_path / "staging")
    heads = chunk.read(LIBRARY, JOB).heads
    assert [head.entity for head in heads] == ["乙市/a.yaml", "乙市/a.yml", "甲市/a.yaml", "甲市/a.yml"]
    assert [head.findings[0].values["entity"] for head in heads[:1]] == ["乙市/a"]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_csv_of_other_separators_is_told_so(tmp_path: Path, mark: str) -> None:
    write(str(tmp_path / "fuel.csv"), FUEL.replace(",", mark))
    with pytest.raises(carbonstd.CaseError) as error:
        open_source(tmp_path).chunks(1000, tmp_path / "staging")
    assert [item.code for item in error.value.findings] == ["csv-separator"]


def test_rows_of_one_sheet_under_two_names_are_refused_as_in_a_case(tmp_path: Path) -> None:
    rows = ["A,fuel_combustion,one,diesel,10", "A,化石燃料燃烧,two,diesel,20", "B,fuel_combustion,one,diesel,10"]
    head = "entity,sheet,method,period,as_of,source,fuel,consumption"
    said = "gbt-32151.34,2025,2026-03-31"
    lines = [row.replace(",", "|", 1).replace(",", f",{said},", 1).replace("|", ",") for row in rows]
    (tmp_path / "data.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    with pytest.raises(CaseError) as refused:
        read_entity(tmp_path, "A", LIBRARY, JOB.stand_in)
    assert [item.code for item in refused.value.findings] == ["sheet-twice"]
    assert read_entity(tmp_path, "B", LIBRARY, JOB.stand_in).sheets["fuel_combustion"].rows == 1


def test_a_float_beside_a_text_or_of_32_bits_is_the_decimal_that_was_typed() -> None:
    typed = pa.table({"value": ["15.1 t"]})
    for floats in (pa.array([0.1 + 0.2]), pa.array([0.3], pa.float32())):
        assert stacked([typed, pa.table({"value": floats})])["value"].to_pylist() == ["15.1 t", "0.3"]
