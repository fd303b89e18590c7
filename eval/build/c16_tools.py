"""Layout of the c16 documents: deep headings, transposed, merged and nested tables, boxes, footnotes; a PDF manual."""
# ruff: noqa: PLC0415

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from kit.docs import steady_zip

NAVY = RGBColor(0x1F, 0x3A, 0x5F)
_NOTE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def _shade(cell: Any, fill: str) -> None:
    mark = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        mark.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(mark)


class Book:
    """A Word document in the hand of a large compliance team."""

    def __init__(self, header: str, song: str = "宋体", hei: str = "黑体", size: float = 10.5) -> None:
        """`header` runs on every page."""
        self.d, self.size, self.song, self.hei = Document(), size, song, hei
        self.notes: list[str] = []
        section = self.d.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)
        section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.2)
        normal = self.d.styles["Normal"]
        normal.font.size, normal.font.name = Pt(size), "Times New Roman"
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), song)
        for level, points in ((1, 16), (2, 14), (3, 12), (4, 11)):
            style = self.d.styles[f"Heading {level}"]
            style.font.size, style.font.bold, style.font.name = Pt(points), level != 3, "Arial"
            style.font.color.rgb = NAVY
            style.element.rPr.rFonts.set(qn("w:eastAsia"), hei)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14 - 2 * level), Pt(4)
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = head.add_run(header)
        run.font.size = Pt(8.5)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for code in ("begin", "PAGE", "end"):
            run = foot.add_run()
            if code == "PAGE":
                node = OxmlElement("w:instrText")
                node.text = "PAGE"
            else:
                node = OxmlElement("w:fldChar")
                node.set(qn("w:fldCharType"), code)
            run._r.append(node)

    def h(self, level: int, text: str) -> None:
        """A heading; level 5 is a bold lead-in line."""
        if level <= 4:
            self.d.add_heading(text, level)
            return
        para = self.d.add_paragraph()
        para.add_run(text).bold = True

    def p(
        self, text: str, note: str = "", align: str = "", size: float = 0, bold: bool = False, indent: bool = True
    ) -> Any:
        """A paragraph, with a footnote behind it."""
        para = self.d.add_paragraph()
        run = para.add_run(text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        form = para.paragraph_format
        form.line_spacing, form.space_after = 1.35, Pt(3)
        if align:
            para.alignment = {"c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}[align]
        elif indent:
            form.first_line_indent = Pt(2 * (size or self.size))
        if note:
            self.notes.append(note)
            mark = parse_xml(
                f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                f'<w:footnoteReference w:id="{len(self.notes) + 1}"/></w:r>'
            )
            para._p.append(mark)
        return para

    def caption(self, text: str) -> None:
        """The title over a table or under a picture."""
        self.p(text, align="c", size=9.5, bold=True)

    def grid(
        self,
        rows: Sequence[Sequence[Any]],
        widths: Sequence[float] = (),
        merges: Sequence[tuple[int, int, int, int]] = (),
        head_rows: int = 1,
        head_cols: int = 0,
        size: float = 9,
        parent: Any = None,
        width_cm: float = 15.8,
    ) -> Any:
        """A table; a cell that is a list of rows becomes a table inside the cell."""
        cols = max(len(row) for row in rows)
        table = parent.add_table(len(rows), cols) if parent is not None else self.d.add_table(len(rows), cols)
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        shares = list(widths) or [1.0] * cols
        for at, share in enumerate(shares):
            table.columns[at].width = Cm(width_cm * share / sum(shares))
        for y, row in enumerate(rows):
            cells = table.rows[y].cells
            for x, value in enumerate(row):
                cell = cells[x]
                cell.width = Cm(width_cm * shares[x] / sum(shares))
                if isinstance(value, list):
                    inner = self.grid(
                        value, size=size - 1, parent=cell, width_cm=width_cm * shares[x] / sum(shares) - 0.5
                    )
                    cell._tc.remove(cell.paragraphs[0]._p)
                    inner.style = "Table Grid"
                    continue
                if value == "":
                    continue
                para = cell.paragraphs[0]
                run = para.add_run(str(value))
                run.font.size = Pt(size)
                if y < head_rows or x < head_cols:
                    run.bold = True
                    _shade(cell, "E4EAF2" if y < head_rows else "F4F6FA")
        for y0, x0, y1, x1 in merges:
            table.cell(y0, x0).merge(table.cell(y1, x1))
        if parent is None:
            self.d.add_paragraph().paragraph_format.space_after = Pt(0)
        return table

    def box(self, text: str, width: int = 440, height: int = 62) -> None:
        """A text box in the run of the text."""
        body = "".join(
            f'<w:p><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
            for line in text.split("\n")
        )
        para = self.d.add_paragraph()
        para.alignment = WD_ALIGN_PARAGRAPH.CENTER
        para._p.append(
            parse_xml(
                f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
                f'<v:rect style="width:{width}pt;height:{height}pt" fillcolor="#f3f6fb" strokecolor="#1f3a5f">'
                f"<v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
            )
        )

    def pic(self, image: Any, caption: str, width_cm: float = 11) -> None:
        """A picture with its caption."""
        data = io.BytesIO()
        image.convert("RGB").resize((image.width * 3 // 4, image.height * 3 // 4)).save(data, "JPEG", quality=60)
        data.seek(0)
        self.d.add_picture(data, width=Cm(width_cm))
        self.d.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.caption(caption)

    def wide(self, on: bool) -> None:
        """Turns to a landscape section and back."""
        section = self.d.add_section()
        wide, high = (Cm(29.7), Cm(21)) if on else (Cm(21), Cm(29.7))
        section.orientation = WD_ORIENT.LANDSCAPE if on else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = wide, high

    def page(self) -> None:
        """A new page."""
        self.d.add_page_break()

    def save(self, path: Path, when: str) -> None:
        """Writes the document."""
        if self.notes:
            marks = "".join(
                f'<w:footnote w:type="{kind}" w:id="{at}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
                for at, kind in enumerate(("separator", "continuationSeparator"))
            )
            bodies = "".join(
                f'<w:footnote w:id="{at}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
                f'<w:r><w:rPr><w:sz w:val="17"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
                for at, text in enumerate(self.notes, 2)
            )
            xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>{marks}{bodies}</w:footnotes>'
            part = Part(PackURI("/word/footnotes.xml"), _NOTE_TYPE, xml.encode(), self.d.part.package)
            self.d.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        self.d.core_properties.author = ""
        path.parent.mkdir(parents=True, exist_ok=True)
        out = io.BytesIO()
        self.d.save(out)
        steady_zip(out.getvalue(), path, when)


def manual(path: Path, header: str, blocks: Sequence[tuple[str, Any]], widths: Mapping[int, Sequence[float]]) -> None:
    """A PDF manual: blocks of (h1 | h2 | p | li | table | page, content); `widths` by the number of columns."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import cm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    pdfmetrics.registerFont(TTFont("wqy", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", subfontIndex=0))

    def style(size: float, lead: float, **more: Any) -> Any:
        return ParagraphStyle(
            f"s{size}{len(more)}", fontName="wqy", fontSize=size, leading=lead, wordWrap="CJK", **more
        )

    looks = {
        "title": style(22, 34, alignment=1, spaceBefore=150),
        "sub": style(12, 22, alignment=1),
        "h1": style(15, 24, spaceBefore=12, spaceAfter=6, textColor=colors.HexColor("#1f3a5f")),
        "h2": style(11.5, 18, spaceBefore=6, spaceAfter=3),
        "p": style(10, 16.5, firstLineIndent=20, spaceAfter=3),
        "li": style(10, 16, leftIndent=18),
        "cell": style(8.2, 11.5),
    }
    flow: list[Any] = []
    for kind, content in blocks:
        if kind == "page":
            flow.append(PageBreak())
        elif kind == "table":
            room = widths.get(len(content[0])) or [1] * len(content[0])
            grid = Table(
                [[Paragraph(escape(str(cell)), looks["cell"]) for cell in row] for row in content],
                [16.6 * cm * w / sum(room) for w in room],
                repeatRows=1,
            )
            grid.setStyle(
                TableStyle(
                    [
                        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4eaf2")),
                        ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ]
                )
            )
            flow += [grid, Spacer(1, 8)]
        else:
            flow.append(Paragraph(escape(content), looks[kind]))

    def edge(canvas: Any, doc: Any) -> None:
        canvas.setFont("wqy", 8)
        canvas.drawString(2.2 * cm, 28.6 * cm, header)
        canvas.drawRightString(18.8 * cm, 1.2 * cm, f"第 {doc.page} 页")

    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=2.2 * cm,
        rightMargin=2.2 * cm,
        topMargin=2 * cm,
        bottomMargin=2 * cm,
        invariant=1,
    ).build(flow, onFirstPage=edge, onLaterPages=edge)
