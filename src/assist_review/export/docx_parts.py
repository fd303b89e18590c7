"""Pieces of a Word document in the manner of a Chinese official paper: A4, 仿宋 and 黑体, ruled tables."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from assist_review.export.view import clean

TEXT_FONT, HEAD_FONT, LATIN_FONT = "仿宋", "黑体", "Times New Roman"
TEXT_WIDTH_CM = 17.0  # A4 less the margins
# Word takes the first of these it has where a font is missing.
_SUBSTITUTES = {"仿宋": "FangSong,仿宋_GB2312,STFangsong,Noto Serif CJK SC", "黑体": "SimHei,STHeiti,Noto Sans CJK SC"}
_BLANK = re.compile(r"＿+")


def new(header: str) -> DocumentType:
    """An empty A4 document with styles, `header` on every page and page numbers at the foot."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - TEXT_WIDTH_CM) / 2)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
    _style(document.styles["Normal"], TEXT_FONT, 12)
    for name, size, above, below in (("Title", 20, 6, 10), ("Heading 1", 14, 14, 6), ("Heading 2", 12, 10, 4)):
        style = _style(document.styles[name], HEAD_FONT, size)
        style.font.bold = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
        style.paragraph_format.keep_with_next = True
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if defaults is not None:  # the language picks the Chinese shapes where a font is replaced
        defaults.set(qn("w:eastAsia"), "zh-CN")
    title = document.styles["Title"]
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    _substitutes(document)
    _line(section.header.paragraphs[0], header, WD_ALIGN_PARAGRAPH.RIGHT)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in ("第 ", "PAGE", " 页  共 ", "NUMPAGES", " 页"):
        run = foot.add_run("" if piece.isupper() else piece)
        run.font.size = Pt(9)
        if piece.isupper():
            run._r.getparent().replace(run._r, _field(piece))
    return document


def save(document: DocumentType, path: Path, title: str) -> Path:
    """Writes the document; its properties name no author."""
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = title, "", "", ""
    document.save(str(path))
    return path


def title(document: DocumentType, text: str) -> None:
    """The title, centred."""
    document.add_paragraph(clean(text), style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER


def heading(document: DocumentType, text: str, level: int = 1) -> None:
    """A heading."""
    document.add_paragraph(clean(text), style=f"Heading {level}")


def paragraph(
    document: DocumentType, text: str, *, indent: bool = True, align: str = "left", bold: bool = False
) -> Paragraph:
    """A paragraph; `indent` sets its first line in by two characters, `＿` marks a blank to fill in."""
    found = document.add_paragraph()
    found.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER,
    }[align]  # fmt: skip
    if indent:
        found.paragraph_format.first_line_indent = Pt(24)
    found.paragraph_format.line_spacing = 1.5
    found.paragraph_format.space_after = Pt(0)
    _blanks(found, clean(text), bold)
    return found


def table(
    document: DocumentType,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = 9,
    centred: Sequence[int] = (),
    shades: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """A ruled table; `widths` are shares of the text width, columns `centred` are centred, the header repeats.

    `shades` colours the cells that hold exactly one of its texts.
    """
    found = _grid(document, len(header))
    _fill(found.add_row(), header, size, bold=True, centred=range(len(header)), shade="EDEDED")
    properties = found.rows[0]._tr.get_or_add_trPr()
    properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for row in rows:
        line = found.add_row()
        _fill(line, row, size, centred=centred)
        for cell, text in zip(line.cells, row, strict=True):
            if text in shades:
                _shade(cell, shades[text])
    _widths(found, widths)
    _gap(document)
    return found


def pairs(
    document: DocumentType, rows: Iterable[Sequence[str]], widths: Sequence[float], *, size: float = 10.5
) -> Table:
    """A table of names and values: every other cell is a name. A row of two fills the whole width."""
    found = _grid(document, len(widths))
    for row in rows:
        line = found.add_row()
        if len(row) < len(widths):
            line.cells[len(row) - 1].merge(line.cells[-1])
        for n, text in enumerate(row):
            name = n % 2 == 0
            _write(line.cells[n], text, size, bold=False, font=HEAD_FONT if name else TEXT_FONT, centred=name)
            if name:
                _shade(line.cells[n], "F3F3F3")
        _unbroken(line)
    for line in found.rows[:-1]:  # a small table stays on one page
        for cell in line.cells:
            for text_line in cell.paragraphs:
                text_line.paragraph_format.keep_with_next = True
    _widths(found, widths)
    _gap(document)
    return found


def banner(found: Table, text: str, shade: str) -> None:
    """Puts a full-width line on top of a table made by `pairs` and keeps it with the next row."""
    row = found.add_row()
    found._tbl.remove(row._tr)
    found._tbl.insert(found._tbl.index(found.rows[0]._tr), row._tr)
    row = found.rows[0]
    cell = row.cells[0].merge(row.cells[-1])
    _write(cell, text, 10.5, bold=False, font=HEAD_FONT)
    _shade(cell, shade)
    for line in cell.paragraphs:
        line.paragraph_format.keep_with_next = True
    _unbroken(row)


def _grid(document: DocumentType, columns: int) -> Table:
    found = document.add_table(rows=0, cols=columns, style="Table Grid")
    found.alignment = WD_TABLE_ALIGNMENT.CENTER
    found.autofit = False
    properties = found._tbl.tblPr
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>"))
    properties.append(
        parse_xml(
            f"<w:tblCellMar {nsdecls('w')}>"
            + "".join(
                f'<w:{side} w:w="{w}" w:type="dxa"/>'
                for side, w in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
            )
            + "</w:tblCellMar>"
        )
    )
    return found


def _widths(found: Table, widths: Sequence[float]) -> None:
    """Sets the grid and every cell: Word reads the cells, LibreOffice the grid."""
    total = sum(widths)
    exact = [Cm(TEXT_WIDTH_CM * w / total) for w in widths]
    for column, width in zip(found.columns, exact, strict=True):
        column.width = width
    for row in found.rows:
        for cell in row._tr.tc_lst:
            start = cell.grid_offset
            cell.width = Cm(sum(w.cm for w in exact[start : start + cell.grid_span]))


def _fill(
    row: _Row, texts: Sequence[str], size: float, *, bold: bool = False, centred: Iterable[int] = (), shade: str = ""
) -> None:
    centre = set(centred)
    for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _write(cell, text, size, bold=False, font=HEAD_FONT if bold else TEXT_FONT, centred=n in centre)
        if shade:
            _shade(cell, shade)
    if sum(len(t) for t in texts) < 600:  # a longer row may have to run over the page end
        _unbroken(row)


def _write(cell: _Cell, text: str, size: float, *, bold: bool, font: str = TEXT_FONT, centred: bool = False) -> None:
    for n, line in enumerate(clean(text).split("\n")):
        target = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        target.paragraph_format.space_after = Pt(0)
        target.paragraph_format.line_spacing = 1.15
        if centred:
            target.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = target.add_run(line)
        run.bold = bold
        _font(run, font, size)


def _line(target: Paragraph, text: str, alignment: WD_ALIGN_PARAGRAPH) -> None:
    target.alignment = alignment
    _font(target.add_run(clean(text)), TEXT_FONT, 9)


def _blanks(target: Paragraph, text: str, bold: bool) -> None:
    at = 0
    for blank in [*_BLANK.finditer(text), None]:
        run = target.add_run(text[at : blank.start() if blank else None])
        run.bold = bold
        if blank:
            target.add_run("\u3000" * len(blank[0])).underline = True
            at = blank.end()


def _shade(cell: _Cell, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    )


def _unbroken(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def _gap(document: DocumentType) -> None:
    space = document.add_paragraph().paragraph_format
    space.space_after, space.line_spacing = Pt(0), Pt(8)


def _font(run: Run, east_asian: str, size: float) -> None:
    run.font.name, run.font.size = LATIN_FONT, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east_asian)


def _style(style: BaseStyle, east_asian: str, size: float) -> ParagraphStyle:
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size = LATIN_FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme font would win over the name
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)
    return style


def _field(name: str) -> BaseOxmlElement:
    """A field with the small size of the footer; 1 stands until the program opening it computes the value."""
    shown = '<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r>'
    found: BaseOxmlElement = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{name}">{shown}</w:fldSimple>')
    return found


def _substitutes(document: DocumentType) -> None:
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            fonts = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
                for name, others in _SUBSTITUTES.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")
