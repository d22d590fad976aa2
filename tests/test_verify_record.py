"""The record of a verification: printed, as workbook, Word document and page; its list read back in the next round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from carbonstd._errors import CaseError
from carbonstd._findings import Severity, finding
from carbonstd._layout import width
from carbonstd._paper.page import report_page, write_page
from carbonstd._paper.word import write_word
from carbonstd._verify.record import Agreement, Compared, Nonconformity, Standing, Verification
from carbonstd._verify.rounds import next_round, numbered, other_case, read_record
from carbonstd._verify.sections import record as record_of
from carbonstd._verify.sections import sections
from carbonstd._verify.text import lines
from carbonstd._verify.words import where_parts, where_text
from carbonstd._verify.workbook import write_workbook
from carbonstd._workbook.style import Paper
from tests.pages import parsed
from tests.verifications import DATA, compared, findings, verification

LIST, RESULTS = "不符合项清单 List of nonconformities", "核查结果数据表 Table of results"[:31]
REPLACED = Compared(
    "heat", DATA, unit="t", reported=10.0, recomputed=10.0, replaced=12.0, digits=1, agreement=Agreement.REPLACED
)
REMARKS = (finding("replacement-without-rule", "核查替换!C4", label=DATA, guide="G"),)
HOSTILE = '=HYPERLINK("http://x","y")'
VERDICTS = ("通过", "符合要求", "不符合要求")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "record.xlsx"
    write_workbook(verification(), path, "zh")
    return path


def rows(path: Path, title: str) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path)[title]
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def cell_of(sheet: Any, number: str, head: str) -> Any:
    """The cell of an entry of the list below a heading."""
    found = {cell.value.split("\n")[0]: cell for row in sheet for cell in row if isinstance(cell.value, str)}
    return sheet.cell(found[number].row, found[head].column)


def filled(path: Path, texts: dict[tuple[str, str], Any]) -> None:
    book = openpyxl.load_workbook(path)
    for (number, head), text in texts.items():
        cell = cell_of(book[LIST], number, head)
        cell.value = text
        cell.data_type = "n" if text is None else "s"  # typed as text: what looks like a formula is none
    book.save(path)


class TestPrinted:
    def test_the_total_the_counts_and_the_guide_come_first(self) -> None:
        """100 t of 3013074.84 t are 0.0033 %, less than the 5 % given."""
        told = [item.text for item in lines(verification(), "zh")][:10]
        assert "CETS-VG-01.01-V02-2026" in told[2]
        assert any("3,013,174.84" in text for text in told)
        assert any("3,013,074.84" in text for text in told)
        assert "  错报: 多报 0.0033%，未超过给定的 5 %" in told
        assert "不符合项清单: 错误 1，警告 1，提示 1" in told

    def test_columns_stand_below_one_another(self) -> None:
        told = [item.text for item in lines(verification(), "zh")]
        at = next(at for at, text in enumerate(told) if text.startswith("不一致或未比对"))
        ends = {width(text.split("tCO2")[0]) for text in told[at + 2 : at + 3]}
        ends |= {width(text.split("GJ")[0]) for text in told[at + 3 : at + 4]}
        assert len(ends) == 1

    def test_every_entry_says_where_and_what(self) -> None:
        told = [item.text for item in lines(verification(), "en", ["carbonstd verify again"])]
        head = next(at for at, text in enumerate(told) if "NC-001" in text)
        assert told[head].split("  ")[1:] == [
            "NC-001", "error", "Accounting data", "new in this round", "燃煤!E6", "[6.2.2]",
        ]  # fmt: skip
        assert "“Consumption” is 2.4" in told[head + 1]
        assert "  carbonstd verify again" in told

    def test_much_is_cut_unless_all_is_asked_for(self) -> None:
        many = numbered([replace(findings()[1], key=str(at)) for at in range(30)])
        short, long = (
            [item.text for item in lines(verification(nonconformities=many), "zh", (), verbose)]
            for verbose in (False, True)
        )
        assert "  … 另有 18 项（--verbose 全部列出）" in short
        assert not any("--verbose" in text for text in long)

    def test_a_refused_case_is_told(self) -> None:
        told = [item.text for item in lines(verification(result=None, compared=()), "en")]
        assert "not recomputed: see the errors in the list" in told

    def test_what_was_replaced_is_among_what_differs(self) -> None:
        """12 instead of 10 is a fifth more."""
        told = [item.text for item in lines(verification(compared=(REPLACED,)), "zh")]
        assert any(
            text.split() == ["核算数据", "10.0", "10.0", "12.0", "t", "+20.00%", "不一致", "·", "保守性替换"]
            for text in told
        )
        assert "数据比对: 1（不一致 1）" in told

    def test_figures_that_agree_to_the_last_digit_are_not_misstated(self) -> None:
        """3013074.84 is 3013074.8399 to two decimals; a hundredth more differs, and no per cent would show it."""
        for reported, agreement, said in (
            (3013074.84, Agreement.AGREES, "一致"),
            (3013074.85, Agreement.ROUNDING, "一致（修约差）"),
        ):
            total = replace(compared()[0], reported=reported, agreement=agreement)
            told = [item.text for item in lines(verification(compared=(total,), materiality=None), "zh")]
            assert f"  错报: {said}" in told
            assert not any("0.000000%" in text for text in told)

    def test_where_the_replaced_data_are_refused_nothing_is_verified(self) -> None:
        refused = verification(replaced=None)
        assert (refused.misstatement, refused.material) == (None, None)
        assert all(item.verified is None and item.relative is None for item in refused.compared)
        told = [item.text for item in lines(refused, "zh")]
        assert "替换后的数据未能复算，核查后数值和错报未定：见清单中的错误" in told
        assert "  错报: 未定" in told
        assert any(text.split() == ["核查后", "未定", "tCO2"] for text in told)

    def test_remarks_stand_after_the_list(self) -> None:
        told = [item.text for item in lines(verification(remarks=REMARKS), "zh")]
        at = told.index("核查说明和录入问题 1 (错误 1，警告 0，提示 0)")
        assert "核查替换!C4" in told[at + 1]
        assert at > next(at for at, text in enumerate(told) if "NC-003" in text)

    def test_a_finding_without_a_clause_shows_that_of_its_point(self) -> None:
        [item] = numbered([replace(findings()[1], points=("archive", "coal"))])
        told = [item.text for item in lines(verification(nonconformities=(item,)), "zh")]
        assert any(text.endswith("[核查指南 3.5]") for text in told)


class TestWorkbook:
    def test_sheets_are_those_of_the_form(self, record: Path) -> None:
        titles = [title.split()[0] for title in openpyxl.load_workbook(record).sheetnames]
        assert titles == [
            "汇总", "核查结果数据表", "替换", "交叉核对", "与上年比较", "不符合项清单", "核查说明和录入问题",
            "核查要点", "支持性文件清单",
        ]  # fmt: skip

    def test_figures_are_numbers_beside_the_reported_ones(self, record: Path) -> None:
        found = rows(record, RESULTS)
        assert next(row[2:6] for row in found if row[:1] == ["全部机组二氧化碳排放量"]) == [
            3013174.84, 3013074.8399, 3013074.8399, "不一致",
        ]  # fmt: skip
        assert ["C.4 生产数据及排放量汇总表"] in found

    def test_a_replaced_figure_is_the_verified_one(self, tmp_path: Path) -> None:
        item = Compared("total", DATA, unit="t", reported=10.0, recomputed=11.0, replaced=12.0, digits=1)
        write_workbook(verification(compared=(item,)), tmp_path / "r.xlsx", "zh")
        assert next(row[2:5] for row in rows(tmp_path / "r.xlsx", RESULTS) if row[:1] == ["核算数据"]) == [10, 11, 12]

    def test_every_difference_shows_its_change(self, tmp_path: Path) -> None:
        """A ten-thousandth less is -0.01 %; 3012287.1985 is 3012287.20 to two decimals."""
        smaller = replace(REPLACED, replaced=9.999, digits=3)
        write_workbook(verification(compared=(REPLACED, smaller, compared()[3])), tmp_path / "r.xlsx", "zh")
        _, _, agreed, first, second = [row for row in rows(tmp_path / "r.xlsx", RESULTS) if len(row) > 3]
        assert first[2:8] == [10, 10, 12, "不一致", pytest.approx(0.2), "保守性替换"]
        assert second[6] == pytest.approx(-0.0001)
        assert agreed[:7] == ["化石燃料燃烧", "tCO2", 3012287.2, 3012287.1985, 3012287.1985, "一致", "—"]

    def test_remarks_have_a_sheet_and_no_number(self, tmp_path: Path) -> None:
        write_workbook(verification(remarks=REMARKS), tmp_path / "r.xlsx", "zh")
        last = rows(tmp_path / "r.xlsx", "核查说明和录入问题 Remarks and entries")[-1]
        assert last[:2] == ["错误", "核查替换!C4"]
        assert len(read_record(tmp_path / "r.xlsx").entries) == len(findings())

    def test_tables_print_in_seven_points_on_a4(self) -> None:
        """Cells are of ten points; the page is fitted to the width of its table."""
        for section in sections(verification(), "zh"):
            for block in section.blocks:
                widths = [column.width for column in getattr(block, "columns", ()) if not column.hidden]
                assert 10 * Paper.for_width(sum(widths)).scale >= 7

    def test_only_what_a_person_fills_in_is_open(self, record: Path) -> None:
        book = openpyxl.load_workbook(record)
        sheet = book[LIST]
        assert all(page.protection.sheet for page in book)
        assert not cell_of(sheet, "NC-001", "核查结论").protection.locked
        assert cell_of(sheet, "NC-001", "不符合项描述").protection.locked
        conclusions = cell_of(sheet, "NC-001", "核查结论")
        [rule] = [rule for rule in sheet.data_validations.dataValidation if conclusions.coordinate in rule.cells]
        assert rule.formula1 == '"已整改符合要求,已整改不符合要求,未整改"'

    def test_the_key_is_hidden(self, record: Path) -> None:
        sheet = openpyxl.load_workbook(record)[LIST]
        key = cell_of(sheet, "NC-001", "标识")
        assert key.value == "above-maximum|coal|consumption|2"
        assert sheet.column_dimensions[key.column_letter].hidden

    def test_one_verification_gives_the_same_bytes(self, record: Path, tmp_path: Path) -> None:
        write_workbook(verification(), tmp_path / "again.xlsx", "zh")
        assert (tmp_path / "again.xlsx").read_bytes() == record.read_bytes()

    def test_a_failed_run_leaves_the_old_file(self, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        old = record.read_bytes()
        monkeypatch.setattr("carbonstd._verify.workbook.sections", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_workbook(verification(), record, "zh")
        assert record.read_bytes() == old
        assert [path.name for path in record.parent.iterdir()] == ["record.xlsx"]


class TestWord:
    def test_tables_and_dates(self, tmp_path: Path) -> None:
        write_word(record_of(verification(), "zh"), tmp_path / "r.docx", "zh")
        made = docx.Document(str(tmp_path / "r.docx"))
        assert made.core_properties.created.replace(tzinfo=None) == datetime(2024, 3, 31)
        texts = [[cell.text for cell in row.cells] for table in made.tables for row in table.rows]
        assert any(row[:2] == ["NC-001", "核算数据"] and row[-1] == "[6.2.2]\n燃煤!E6" for row in texts)
        assert any("3,013,174.84" in row for row in texts)
        assert not any("above-maximum|coal|consumption|2" in row for row in texts)
        page = made.sections[0]
        assert page.page_width is not None
        assert page.page_height is not None
        assert page.page_width > page.page_height

    def test_headings_repeat_and_the_font_has_chinese(self, tmp_path: Path) -> None:
        write_word(record_of(verification(), "zh"), tmp_path / "r.docx", "zh")
        made = docx.Document(str(tmp_path / "r.docx"))
        listed = next(table for table in made.tables if table.rows[0].cells[0].text == "序号")
        assert "w:tblHeader" in listed.rows[0]._tr.xml
        assert 'w:eastAsia="Microsoft YaHei"' in made.styles["Heading 1"].element.xml
        assert "Theme" not in made.styles["Heading 1"].element.rPr.rFonts.xml.split(">")[0].split("xmlns")[0]

    def test_characters_no_document_can_hold_are_replaced(self, tmp_path: Path) -> None:
        [first, *_] = numbered(findings())
        hostile = replace(first, cause="a\x00b\x1bc")
        write_word(record_of(verification(nonconformities=(hostile,)), "zh"), tmp_path / "r.docx", "zh")
        made = docx.Document(str(tmp_path / "r.docx"))
        assert any(cell.text == "a�b�c" for table in made.tables for row in table.rows for cell in row.cells)


class TestPage:
    def test_tables_and_blanks(self, tmp_path: Path) -> None:
        write_page(record_of(verification(), "zh"), tmp_path / "r.html", "zh")
        page = parsed((tmp_path / "r.html").read_text(encoding="utf-8"))
        listed = page.by_id("list").all("tr")
        assert len(listed) == 1 + 3 + 5  # heading, entries, blank rows
        assert "NC-001" in listed[1].text
        assert page.by_id("results").all("data")[0].attributes["value"] == "3013174.84"

    def test_markup_in_a_text_stays_text(self) -> None:
        [first, *_] = numbered(findings())
        hostile = replace(first, cause="<script>alert(1)</script>")
        assert "<script" not in report_page(record_of(verification(nonconformities=(hostile,)), "zh"), "zh")


class TestWords:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_opinion_names_and_conclusions_are_left_empty(self, language: Any) -> None:
        for section in sections(verification(), language):
            for block in section.blocks:
                for item in getattr(block, "items", ()):
                    assert not (item.fill and item.text)
                for at, column in enumerate(getattr(block, "columns", ())):
                    assert not (column.fill and any(row.cells[at] for row in getattr(block, "rows", ())))

    def test_nothing_is_judged(self) -> None:
        told = " ".join(item.text for item in lines(verification(), "zh")) + report_page(
            record_of(verification(), "zh"), "zh"
        )
        assert not any(word in told for word in VERDICTS)
        assert "不构成核查意见" in told

    def test_without_last_year_and_replacements_that_is_said(self) -> None:
        made = {item.name: item for item in sections(verification(last_year="", replacements=()), "zh")}
        assert [getattr(block, "text", "") for block in made["changes"].blocks] == ["未提供上年数据，未比较。"]
        assert [getattr(block, "text", "") for block in made["replaced"].blocks] == ["本轮没有此项内容。"]


def again(record: Path, found: Sequence[Nonconformity]) -> Verification:
    number, listed = next_round(found, read_record(record))
    return verification(round=number, nonconformities=listed)


class TestRounds:
    def test_what_was_written_is_carried_on(self, record: Path) -> None:
        """Found again: its number and texts; not found: no longer; new: the next number."""
        filled(
            record,
            {
                ("NC-001", "受核查方原因分析"): "单位填错",
                ("NC-001", "受核查方采取的纠正措施"): HOSTILE,
                ("NC-001", "核查结论"): "已整改符合要求",
                ("NC-002", "核查结论"): "已整改符合要求",
            },
        )
        first, _, third = findings()
        new = replace(first, key="another")
        second = again(record, (third, new, first))
        one, two, three, four = second.nonconformities
        assert second.round == 2
        assert (one.number, one.standing, one.round, one.cause, one.correction) == (
            "NC-001", Standing.OPEN, 1, "单位填错", HOSTILE,
        )  # fmt: skip
        assert (one.conclusion, one.concluded) == ("", "已整改符合要求")  # found again: to be concluded anew
        assert (two.number, two.standing, two.conclusion) == ("NC-002", Standing.GONE, "已整改符合要求")
        assert two.finding.place == "供热!A2"
        assert two.severity is Severity.WARNING
        assert "1号机组 2023-12" in two.finding.found("zh")
        assert (three.number, three.standing) == ("NC-003", Standing.OPEN)
        assert (four.number, four.standing, four.round) == ("NC-004", Standing.NEW, 2)

    def test_a_third_round_reads_the_second(self, record: Path, tmp_path: Path) -> None:
        """An entry that was gone comes back under its old number; no number is given twice."""
        first, month, third = findings()
        filled(record, {("NC-002", "受核查方原因分析"): HOSTILE})
        second = tmp_path / "second.xlsx"
        write_workbook(again(record, (first,)), second, "en")
        made = again(second, (first, month, third, replace(first, key="new")))
        assert made.round == 3
        assert [(item.number, item.standing, item.round) for item in made.nonconformities] == [
            ("NC-001", Standing.OPEN, 1),
            ("NC-002", Standing.OPEN, 1),
            ("NC-003", Standing.OPEN, 1),
            ("NC-004", Standing.NEW, 3),
        ]
        assert made.nonconformities[1].cause == HOSTILE

    def test_two_findings_of_one_key_stay_two(self, tmp_path: Path) -> None:
        first = findings()[0]
        path = tmp_path / "twins.xlsx"
        write_workbook(verification(nonconformities=numbered((first, first))), path, "zh")
        listed = again(path, (first, first, first)).nonconformities
        assert [item.number for item in listed] == ["NC-001", "NC-002", "NC-003"]
        assert [item.standing for item in listed] == [Standing.OPEN, Standing.OPEN, Standing.NEW]

    def test_an_entry_by_hand_stays_until_a_person_closes_it(self, record: Path, tmp_path: Path) -> None:
        book = openpyxl.load_workbook(record)
        sheet = book[LIST]
        row = cell_of(sheet, "NC-003", "序号").row + 1
        for head, text in (("类别", "核算数据"), ("不符合项描述", "皮带秤未校准"), ("核查结论", "未整改")):
            sheet.cell(row, cell_of(sheet, "NC-003", head).column).value = text
        book.save(record)
        second = again(record, findings())
        mine = second.nonconformities[-1]
        assert (mine.number, mine.standing, mine.severity) == ("NC-004", Standing.OPEN, Severity.WARNING)
        path = tmp_path / "second.xlsx"
        write_workbook(second, path, "zh")
        told = openpyxl.load_workbook(path)[LIST]
        assert cell_of(told, "NC-004", "核查结论").value is None
        assert cell_of(told, "NC-004", "本轮复算").value == "仍然存在；上轮结论：未整改"
        filled(path, {("NC-004", "核查结论"): "已整改符合要求"})
        mine = again(path, findings()).nonconformities[-1]
        assert (mine.number, mine.standing, mine.finding.found("zh")) == ("NC-004", Standing.GONE, "皮带秤未校准")

    def test_the_record_of_another_enterprise_is_told(self, record: Path) -> None:
        earlier = read_record(record)
        assert (earlier.round, earlier.code, earlier.period) == (1, "91000000000000003W", "2023")
        made = verification()
        assert other_case(earlier, made.case, made.method) == []
        [told] = other_case(replace(earlier, period="2022"), made.case, made.method)
        assert "2022" in told.message("zh")
        [told] = other_case(replace(earlier, family="gbt-32151.34"), made.case, made.method)
        assert "“gbt-32151.34”，本轮为“mee-power”" in told.message("zh")

    def test_a_name_tells_the_enterprise_where_a_code_is_blank(self, record: Path, tmp_path: Path) -> None:
        """One code is one enterprise, whose name may have been put right; in either language it is the same name."""
        earlier, made = read_record(record), verification()
        assert other_case(replace(earlier, entity="示例发电公司"), made.case, made.method) == []
        nameless = replace(earlier, code="")
        assert other_case(nameless, made.case, made.method) == []
        [told] = other_case(replace(nameless, entity="乙厂"), made.case, made.method)
        assert "“重点排放单位”为“乙厂”" in told.message("zh")
        [told] = other_case(replace(nameless, entity=""), made.case, made.method)
        assert "为“—”" in told.message("zh")
        write_workbook(made, tmp_path / "en.xlsx", "en")
        assert other_case(replace(read_record(tmp_path / "en.xlsx"), code=""), made.case, made.method) == []

    @pytest.mark.parametrize(
        ("place", "text", "said"),
        [
            (("NC-002", "不符合项描述"), None, "“不符合项描述”为“”"),
            (("NC-002", "级别"), "很严重", "错误 | 警告 | 提示"),
            (("NC-002", "首次轮次"), "0", "1 至 999"),
            (("NC-002", "首次轮次"), "二", "1 至 999"),
            (("NC-002", "序号"), "NC-001", "每个序号只出现一次"),
        ],
    )
    def test_a_cell_that_cannot_be_used_is_named(self, record: Path, place: Any, text: Any, said: str) -> None:
        where = cell_of(openpyxl.load_workbook(record)[LIST], *place).coordinate
        filled(record, {place: text})
        with pytest.raises(CaseError) as raised:
            read_record(record)
        message = raised.value.findings[0].message("zh")
        assert said in message
        assert message.startswith(f"record.xlsx: {LIST}!{where}")

    def test_a_formula_without_a_value_is_refused(self, record: Path) -> None:
        book = openpyxl.load_workbook(record)
        cell_of(book[LIST], "NC-001", "受核查方原因分析").value = "=1+1"
        book.save(record)
        with pytest.raises(CaseError, match="1\\+1"):
            read_record(record)

    def test_what_is_no_record_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "other.xlsx"
        openpyxl.Workbook().save(path)
        with pytest.raises(CaseError) as raised:
            read_record(path)
        assert raised.value.findings[0].code == "verify-record-no-list"
        (tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
        with pytest.raises(CaseError):
            read_record(tmp_path / "text.xlsx")

    @pytest.mark.parametrize(
        ("clause", "place"),
        [("6.2.2", "燃煤!E6"), ("", "燃煤!E6"), ("表7", ""), ("", ""), ("", "case.yaml:3 coal[0].unit")],
    )
    def test_clause_and_place_of_one_cell_are_read_apart(self, clause: str, place: str) -> None:
        assert where_parts(where_text(clause, place)) == (clause, place)

    def test_texts_that_a_spreadsheet_would_run_stay_texts(self, tmp_path: Path) -> None:
        [first, *_] = numbered(findings())
        hostile = replace(first, cause=HOSTILE, key="=1+1", parameter={"zh": "@x", "en": "@x"})
        path = tmp_path / "hostile.xlsx"
        write_workbook(verification(nonconformities=(hostile,)), path, "zh")
        sheet = openpyxl.load_workbook(path)[LIST]
        assert all(cell.data_type != "f" for row in sheet for cell in row)
        assert cell_of(sheet, "NC-001", "受核查方原因分析").value == "'" + HOSTILE
        [entry] = read_record(path).entries
        assert (entry.cause, entry.key, entry.parameter["zh"]) == (HOSTILE, "=1+1", "@x")
