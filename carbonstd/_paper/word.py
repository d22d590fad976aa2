"""A report as a Word document: headings a navigation pane shows, charts as pictures, blanks to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd import __version__
from carbonstd._charts.chart import Chart
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, Language, finding
from carbonstd._output import replacing
from carbonstd._paper.markup import LANG, Words, join
from carbonstd._paper.paper import Block, Cards, Facts, Listing, Paragraph, Picture, Report, Section, Table, table
from carbonstd._paper.word_table import add_facts, add_table
from carbonstd._paper.word_text import clean, flatten, plain, set_font, write
from carbonstd._workbook.style import BLUE, PALE_INK, RED

if TYPE_CHECKING:
    from docx.document import Document

_LONG, _SHORT, _MARGIN = 29.7, 21.0, 1.5  # cm
_DEEPEST = 3  # levels of headings
_TEXT = 9.5  # points
_STYLES = {"Normal": _TEXT, "Title": 18, "Heading 1": 14, "Heading 2": 11, "Heading 3": 10, "Caption": 9,
           "List Number": _TEXT, "List Bullet": _TEXT}  # fmt: skip
_PICTURE, _BESIDE_MONTHS = 16.5, 12.0  # cm; on paper across a table follows on the same page


def write_word(report: Report, path: Path, language: Language) -> list[Finding]:
    """Write the document, and tell what it lacks.

    Raises CaseError where the file cannot be replaced; the old one is then kept.
    """
    writer = _Writer(report, language)
    with replacing(path, ".docx") as made:
        writer.document().save(str(made))
    return [finding("charts-not-drawn", str(path))] if writer.undrawn else []


class _Writer:
    def __init__(self, report: Report, language: Language) -> None:
        import docx  # here, because only this form needs it

        self.report, self.language = report, language
        self.across = not report.upright
        self.made: Document = docx.Document()
        self.marks = 0  # bookmarks made
        self.undrawn = False  # whether there are charts that could not be drawn

    @property
    def wide(self) -> float:
        """What the paper has between its margins, in cm."""
        return (_LONG if self.across else _SHORT) - 2 * _MARGIN

    def document(self) -> Document:
        self._set_up()
        self.made.add_paragraph(clean(self.report.title[self.language]), "Title")
        for said in self.report.by:
            write(self.made.add_paragraph(), said, 11)
        if self.report.contents:
            self._contents()
        for section in self.report.sections:
            self._section(section, 1)
        return self.made

    def _set_up(self) -> None:
        """Paper, fonts, the footer, and whose document it is; dated by the case and not by the clock."""
        from docx.shared import Pt

        case, page = self.report.case, self.made.sections[0]
        self._lay(page)
        for name, size in _STYLES.items():
            style: Any = self.made.styles[name]
            style.font.size = Pt(size)
            style.paragraph_format.space_after = Pt(4)
            set_font(style, BLUE if name.startswith(("Title", "Heading", "Caption")) else "")
        self._speak()
        self._header(page)
        self._footer(page.footer.paragraphs[0])
        core, day = self.made.core_properties, datetime(case.as_of.year, case.as_of.month, case.as_of.day)
        core.title, core.author, core.comments = clean(self.report.title[self.language]), "carbonstd", ""
        core.language = LANG[self.language]
        core.created = core.modified = day
        core.last_modified_by = "carbonstd"

    def _lay(self, page: Any) -> None:
        """Paper upright or across, with its margins."""
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        page.orientation = WD_ORIENT.LANDSCAPE if self.across else WD_ORIENT.PORTRAIT
        sides = (_LONG, _SHORT) if self.across else (_SHORT, _LONG)
        page.page_width, page.page_height = (Cm(side) for side in sides)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGIN)

    def _speak(self) -> None:
        """The language of the text, for spelling and for a screen reader."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        normal: Any = self.made.styles["Normal"]
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), "en-US")  # of Latin letters and figures: as Chinese they would be broken anywhere
        spoken.set(qn("w:eastAsia"), LANG["zh"])
        normal.element.get_or_add_rPr().append(spoken)

    def _header(self, page: Any) -> None:
        if self.report.running:
            write(page.header.paragraphs[0], " · ".join(filter(None, self.report.running)), 8, colour=PALE_INK)

    def _footer(self, paragraph: Any) -> None:
        """Program, whose record and which period, and the number of the page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        case, title = self.report.case, self.report.title[self.language]
        told = (f"carbonstd {__version__}", case.title(self.language), str(case.period), title)
        write(paragraph, " · ".join(filter(None, told)) + " · ", 8)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)

    def _contents(self) -> None:
        """The headings of the chapters, each a link to its own."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.made.add_paragraph(Words(self.language).text("contents"), "Caption")
        for item in self.report.sections:
            line = self.made.add_paragraph()
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _mark(item.name))
            write(line, item.heading[self.language], _TEXT, colour=BLUE)
            for run in line.runs:
                link.append(run._r)
            line._p.append(link)

    def _section(self, section: Section, level: int) -> None:
        turned = section.look == "wide" and not self.across
        if turned:
            self._turn(True)
        heading = self.made.add_paragraph(clean(section.heading[self.language]), f"Heading {min(level, _DEEPEST)}")
        self._bookmark(heading, section.name)
        for block in section.blocks:
            self._block(block, level)
        if turned:
            self._turn(False)

    def _turn(self, across: bool) -> None:
        """The paper from here on; the next page begins with it."""
        from docx.enum.section import WD_SECTION

        self.across = across
        self._lay(self.made.add_section(WD_SECTION.NEW_PAGE))
        for item in self.made.paragraphs[-2:]:  # what ends a table and what ends the pages before: no page of its own
            if not item.text and not item._p.xpath(".//w:drawing"):
                flatten(item)

    def _bookmark(self, paragraph: Any, name: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        for kind in ("Start", "End"):
            mark = OxmlElement(f"w:bookmark{kind}")
            mark.set(qn("w:id"), str(self.marks))
            if kind == "Start":
                mark.set(qn("w:name"), _mark(name))
            paragraph._p.append(mark)
        self.marks += 1

    def _block(self, block: Block, level: int) -> None:
        match block:
            case Section():
                self._section(block, level + 1)
            case Table():
                add_table(self.made, block, self.wide, self.language)
            case Facts():
                add_facts(self.made, block, self.wide, self.language)
            case Cards():
                add_table(self.made, _carded(block, self.language), self.wide, self.language)
            case Listing():
                for item in block.items:
                    write(self.made.add_paragraph("", "List Number" if block.ordered else "List Bullet"), item)
            case Picture():
                self._picture(block.chart)
            case Paragraph() if block.language in (None, self.language):
                self._paragraph(block, level)

    def _paragraph(self, block: Paragraph, level: int) -> None:
        if block.look == "head":
            self.made.add_paragraph(plain(block.text), f"Heading {min(level + 1, _DEEPEST)}")
            return
        quiet = block.look in ("note", "quiet")
        colour = RED if block.look == "failed" else PALE_INK if quiet else ""
        write(self.made.add_paragraph(), block.text, _TEXT - quiet, bold=block.look == "failed", colour=colour)

    def _picture(self, chart: Chart) -> None:
        """The chart with what it shows as its alternative text; where it cannot be drawn the table beside it stands."""
        from docx.shared import Cm

        from carbonstd._charts.as_plot import png
        from carbonstd._charts.chart import titled

        try:
            drawn = png(chart, self.language)
        except CarbonstdError:
            self.undrawn = True
            return
        shape = self.made.add_picture(BytesIO(drawn), width=Cm(_BESIDE_MONTHS if self.across else _PICTURE))
        shape._inline.docPr.set("descr", clean(f"{titled(chart, self.language)}: {chart.words(self.language)}"))


def _carded(block: Cards, language: Language) -> Table:
    """Figures that are read first as a table."""
    names = ("line", "value", "unit", "card_note")

    def cells() -> Iterator[Sequence[str]]:
        for item in block.items:
            yield item.label, join(item.figure), item.unit, item.note

    kept = names if any(item.note for item in block.items) else names[:-1]
    rows = [row[: len(kept)] for row in cells()]
    return table("", [Words(language).texts(name) for name in kept], rows, numeric=(1,))


def _mark(name: str) -> str:
    """The name of a bookmark: letters, digits and low lines, no more than forty."""
    return "s_" + "".join(c if c.isalnum() and c.isascii() else "_" for c in name)[:38]
