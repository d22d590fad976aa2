"""A report as a Word document: headings of tables on every page, blanks to fill in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd import __version__
from carbonstd._findings import Language
from carbonstd._output import replacing
from carbonstd._paper import Cell, Column, Facts, Figure, Paragraph, Report, Section, Table
from carbonstd._workbook_style import AMBER, BLUE, FONT, PALE_BLUE, PALE_INK, RED

if TYPE_CHECKING:
    from docx.document import Document

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
_LONG, _SHORT, _MARGIN, _LABEL = 29.7, 21.0, 1.5, 6.0  # cm
_TEXT, _SMALL = 9.5, 7.5  # points
_AIR = 2  # points above and below the text of a cell: without it a border cuts Chinese characters
_TALL = 0.9  # cm
_TONES = {"error": RED, "warning": AMBER, "quiet": PALE_INK}


def write_word(report: Report, path: Path, language: Language) -> None:
    """Write the document. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with replacing(path, ".docx") as made:
        _Writer(report, language).document().save(str(made))


class _Writer:
    def __init__(self, report: Report, language: Language) -> None:
        import docx  # here, because only this form needs it

        self.report, self.language = report, language
        self.size = (_SHORT, _LONG) if report.upright else (_LONG, _SHORT)
        self.wide = self.size[0] - 2 * _MARGIN
        self.made: Document = docx.Document()

    def document(self) -> Document:
        self._set_up()
        self.made.add_paragraph(_clean(self.report.title[self.language]), "Title")
        for section in self.report.sections:
            self._section(section)
        return self.made

    def _set_up(self) -> None:
        """Paper, fonts, the footer, and whose document it is; dated by the case and not by the clock."""
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm, Pt

        case, page = self.report.case, self.made.sections[0]
        page.orientation = WD_ORIENT.PORTRAIT if self.report.upright else WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = (Cm(side) for side in self.size)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGIN)
        for name, size in (("Normal", _TEXT), ("Title", 18), ("Heading 1", 14), ("Heading 2", 11), ("Caption", 9)):
            style: Any = self.made.styles[name]
            style.font.size = Pt(size)
            style.paragraph_format.space_after = Pt(4)
            _set_font(style, "" if name == "Normal" else BLUE)
        self._footer(page.footer.paragraphs[0])
        core, day = self.made.core_properties, datetime(case.as_of.year, case.as_of.month, case.as_of.day)
        core.title, core.author, core.comments = _clean(self.report.title[self.language]), "carbonstd", ""
        core.created = core.modified = day
        core.last_modified_by = "carbonstd"

    def _footer(self, paragraph: Any) -> None:
        """Program, whose record and which period, and the number of the page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Pt

        case, title = self.report.case, self.report.title[self.language]
        told = (f"carbonstd {__version__}", case.title(self.language), str(case.period), title)
        paragraph.add_run(_clean(" · ".join(filter(None, told)) + " · ")).font.size = Pt(8)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)

    def _section(self, section: Section) -> None:
        self.made.add_paragraph(_clean(section.heading[self.language]), "Heading 1")
        for block in section.blocks:
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Facts):
                self._facts(block)
            else:
                self._paragraph(block)

    def _paragraph(self, block: Paragraph) -> None:
        self.made.add_paragraph(_clean(block.text), "Heading 2" if block.look == "head" else "Normal")

    def _facts(self, block: Facts) -> None:
        widths = [_LABEL, self.wide - _LABEL]
        table = self._grid(widths)
        for item in block.items:
            cells = self._add_row(table, widths)
            _write(cells[0], item.label[self.language], _TEXT, bold=True)
            _shade(cells[0])
            _write(cells[1], "\n" * item.lines if item.fill else item.text, _TEXT)
        self.made.add_paragraph()

    def _table(self, block: Table) -> None:
        """The columns a reader sees, as wide as the paper, with their heading on every page."""
        shown = [at for at, column in enumerate(block.columns) if not column.hidden]
        columns = [block.columns[at] for at in shown]
        widths = _widths(columns, self.wide)
        if block.caption:
            self.made.add_paragraph(_clean(block.caption), "Caption").paragraph_format.keep_with_next = True
        table = self._grid(widths)
        head = self._add_row(table, widths)
        _repeat(table.rows[0])
        for cell, column in zip(head, columns, strict=True):
            _write(cell, column.head[self.language], _SMALL, bold=True, colour=BLUE)
            _shade(cell)
        for row in block.rows:
            for cell, at in zip(self._add_row(table, widths, block.tall), shown, strict=True):
                self._cell(cell, row.cells[at], block.columns[at], row.tone)
        for _ in range(block.blank):
            self._add_row(table, widths, tall=True)
        self.made.add_paragraph()

    def _cell(self, cell: Any, said: Cell, column: Column, tone: str) -> None:
        told = said.text if isinstance(said, Figure) else said
        _write(cell, told, _SMALL, colour=_TONES.get(tone, ""), right=column.number)

    def _grid(self, widths: Sequence[float]) -> Any:
        from docx.shared import Cm

        table = self.made.add_table(0, len(widths))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        return table

    def _add_row(self, table: Any, widths: Sequence[float], tall: bool = False) -> list[Any]:
        """The cells of a new row, which is not parted between pages; a tall one has room to write."""
        from docx.oxml import OxmlElement
        from docx.shared import Cm

        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if tall:
            row.height = Cm(_TALL)
        cells = list(row.cells)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Cm(width)
        return cells


def _widths(columns: Sequence[Column], wide: float) -> list[float]:
    """Widths in cm that share the paper as the columns ask."""
    asked = sum(column.width for column in columns)
    return [wide * column.width / asked for column in columns]


def _write(cell: Any, text: str, size: float, bold: bool = False, colour: str = "", right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_AIR)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(_clean(text))
    run.font.size, run.font.bold = Pt(size), bold or None
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), PALE_BLUE.lstrip("#"))
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _set_font(style: Any, colour: str) -> None:
    """One font for both scripts; a style's theme fonts would otherwise win over it."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))


def _clean(text: str) -> str:
    """Text without the characters that no XML can hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
