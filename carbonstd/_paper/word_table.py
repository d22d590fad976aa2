"""Tables of a Word document: as wide as the paper, their heading on every page, no row parted between two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from carbonstd._findings import Language
from carbonstd._paper.paper import Cell, Facts, Figure, Row, Table
from carbonstd._paper.word_text import plain, write
from carbonstd._workbook.style import AMBER, BLUE, PALE_BLUE, PALE_INK, RED, text_width

_LABEL = 4.6  # cm
_TEXT, _SMALL, _TINY = 9.5, 7.5, 6.5  # points
_MANY = 11  # columns of a table that is set smaller
_AIR = 2  # points above and below the text of a cell: without it a border cuts Chinese characters
_TALL = 0.9  # cm
_TONES = {"error": RED, "warning": AMBER, "quiet": PALE_INK}
_SIGN, _KEPT = 0.022, 0.8  # cm of a sign, for each point; the most of the paper for short columns
_SIDES, _NEAR = 0.42, 0.2  # cm of a cell's sides; of a table that is set smaller
_BOLD = 1.1  # of the width of text that is not
_SHORT = 13  # characters of a short column
_HEAD = 10  # characters of a heading that stay in one line
_WORD = re.compile(r"[!-~]+")
_LEAST, _MOST = 4, 34  # characters of a column that is as wide as what stands in it


def add_facts(document: Any, block: Facts, wide: float, language: Language) -> None:
    """A line for each fact, its label shaded."""
    widths = [_LABEL, wide - _LABEL]
    grid = _grid(document, widths)
    for item in block.items:
        cells = _add_row(grid, widths)
        _write(cells[0], item.label[language], _TEXT, bold=True)
        _shade(cells[0])
        _write(cells[1], "\n" * item.lines if item.fill else item.text, _TEXT)
    document.add_paragraph()


def add_table(document: Any, block: Table, wide: float, language: Language) -> None:
    """The columns a reader sees, their heading repeated; the foot below them in bold."""
    shown = [at for at, column in enumerate(block.columns) if not column.hidden]
    columns = [block.columns[at] for at in shown]
    size = _SMALL if len(columns) < _MANY else _TINY
    widths = _widths(block, shown, wide, size, language)
    if block.caption and (said := plain(block.caption)):
        document.add_paragraph(said, "Caption").paragraph_format.keep_with_next = True
    grid = _grid(document, widths)
    if size == _TINY:
        _near(grid)
    head = _add_row(grid, widths)
    _mark(grid.rows[0], "w:tblHeader")
    for cell, column in zip(head, columns, strict=True):
        _write(cell, column.head[language], size, bold=True, colour=BLUE, right=column.number)
        cell.paragraphs[0].paragraph_format.keep_with_next = True  # no heading alone at the end of a page
        _shade(cell)
    for row in block.rows:
        for cell, at in zip(_add_row(grid, widths, block.tall), shown, strict=True):
            _write(cell, _said(row.cells[at]), size, colour=_TONES.get(row.tone, ""), right=block.columns[at].number)
    for row in block.foot:
        for cell, at in zip(_add_row(grid, widths), shown, strict=True):
            _write(cell, _said(row.cells[at]), size, bold=True, right=block.columns[at].number)
            _shade(cell)
    for _ in range(block.blank):
        _add_row(grid, widths, tall=True)
    document.add_paragraph()


def _widths(block: Table, shown: Sequence[int], wide: float, size: float, language: Language) -> list[float]:
    """Widths in cm: figures are not broken, nor words where the paper allows it; long texts share the rest."""
    sign, sides = _SIGN * size, _SIDES if size > _TINY else _NEAR
    asked = {at: block.columns[at].width or _asked(block, at, language) for at in shown}
    least = {at: sign * _word(block, at, language) + sides for at in shown}
    own = {at: sign * width + sides for at, width in asked.items() if not block.columns[at].width}
    kept = {at: width for at, width in own.items() if block.columns[at].number}
    if len(kept) == len(asked) or sum(kept.values()) > _KEPT * wide:
        own = kept = {}  # a table of figures: they have what they ask, and their names what is left
    for at in sorted(own.keys() - kept.keys(), key=lambda at: (asked[at], at)):
        taken = sum(kept.values()) + own[at]
        others = sum(width for other, width in least.items() if other not in kept and other != at)
        if asked[at] <= _SHORT and len(kept) + 1 < len(asked) and taken <= min(_KEPT * wide, wide - others):
            kept[at] = own[at]
    words = {at: width for at, width in least.items() if at not in kept}
    left = wide - sum(kept.values()) - sum(words.values())
    if left < 0:  # all are broken alike
        scale = 1 + left / sum(words.values())
        words, left = {at: width * scale for at, width in words.items()}, 0.0
    sharing = [at for at in words if not block.columns[at].number] or list(words)
    shared = sum(asked[at] for at in sharing)
    return [kept.get(at) or words[at] + (left * asked[at] / shared if at in sharing else 0.0) for at in asked]


def _word(block: Table, at: int, language: Language) -> float:
    """What the longest word of a column asks; Chinese is broken anywhere."""
    texts = [block.columns[at].head[language], *(plain(_said(row.cells[at])) for row in (*block.rows, *block.foot))]
    words = (word for text in texts for word in _WORD.findall(text))
    return _BOLD * min(max((text_width(word) for word in words), default=_LEAST), _SHORT)


def _asked(block: Table, at: int, language: Language) -> float:
    """What the longest cell of a column asks, within reason; a long heading is broken."""
    cells = [*(_longest(row, at) for row in block.rows), *(_BOLD * _longest(row, at) for row in block.foot)]
    head = min(text_width(block.columns[at].head[language]), _HEAD)
    return min(max(_LEAST, head, *cells, 0), _MOST) + 1


def _longest(row: Row, at: int) -> float:
    return max((text_width(line) for line in plain(_said(row.cells[at])).split("\n")), default=0)


def _said(cell: Cell) -> str:
    return cell.text if isinstance(cell, Figure) else cell


def _grid(document: Any, widths: Sequence[float]) -> Any:
    from docx.shared import Cm

    grid = document.add_table(0, len(widths))
    grid.style, grid.autofit = "Table Grid", False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)
    return grid


def _near(grid: Any) -> None:
    """Cells with little room at their sides."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        made = OxmlElement(f"w:{side}")
        made.set(qn("w:w"), str(Cm(_NEAR / 2).twips))
        made.set(qn("w:type"), "dxa")
        margins.append(made)
    look = grid._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins) if look is not None else grid._tbl.tblPr.append(margins)


def _add_row(grid: Any, widths: Sequence[float], tall: bool = False) -> list[Any]:
    """The cells of a new row, which is not parted between pages; a tall one has room to write."""
    from docx.shared import Cm

    row = grid.add_row()
    _mark(row, "w:cantSplit")
    if tall:
        row.height = Cm(_TALL)
    cells = list(row.cells)
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Cm(width)
    return cells


def _write(cell: Any, text: str, size: float, bold: bool = False, colour: str = "", right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_AIR)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(paragraph, text, size, bold, colour)


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), PALE_BLUE.lstrip("#"))
    cell._tc.get_or_add_tcPr().append(shade)
