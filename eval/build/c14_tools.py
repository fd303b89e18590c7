"""Writers of the cases c14 and c15: markdown into DOCX, a boxed form as PDF, scanned pages."""
# ruff: noqa: PLC0415

import io
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from kit.docs import SANS, steady_zip
from kit.scans import font, save_jpg, save_pdf, scan, seal, signature
from PIL import Image, ImageDraw

__all__ = ["Paper", "boxed_form", "markdown", "market", "pictures", "save_jpg", "save_pdf", "seal", "signature"]


# ------------------------------------------------------------------------------------------------ markdown to DOCX


def _face(run: Any, name: str, size: float | None = None, bold: bool | None = None, color: str | None = None) -> None:
    run.font.name = name
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if size:
        run.font.size = Pt(size)
    if bold is not None:
        run.font.bold = bold
    if color:
        run.font.color.rgb = RGBColor.from_string(color)


def _inline(para: Any, text: str, name: str, size: float) -> None:
    for part in re.split(r"(\*\*[^*]+\*\*|`[^`]+`)", text):
        if not part:
            continue
        if part.startswith("**"):
            _face(para.add_run(part[2:-2]), name, size, True)
        elif part.startswith("`"):
            _face(para.add_run(part[1:-1]), "Consolas", size - 0.5, color="8A2B0E")
        else:
            _face(para.add_run(part), name, size)


def _shade(cell: Any, fill: str) -> None:
    mark = OxmlElement("w:shd")
    mark.set(qn("w:val"), "clear")
    mark.set(qn("w:fill"), fill)
    cell._element.get_or_add_tcPr().append(mark)


def markdown(
    text: str,
    path: Path,
    when: str,
    name: str = "微软雅黑",
    size: float = 10,
    tint: str = "EEF1F5",
    color: str = "1F3A5F",
    head: str = "",
    foot: str = "",
    images: dict[str, Image.Image] | None = None,
    margin: float = 2.2,
    first: str = "row",
) -> None:
    """A small markdown: # heads, - lists, | tables, > notes, %% centred, --- page break, ![caption](image).

    `first` says what is set off in tables: "row", "column" or "both".
    """
    doc = Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(margin)
    section.top_margin = section.bottom_margin = Cm(2.2)
    normal = doc.styles["Normal"]
    normal.font.name, normal.font.size = name, Pt(size)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    normal.paragraph_format.space_after = Pt(3)
    normal.paragraph_format.line_spacing = 1.25
    if head:
        para = section.header.paragraphs[0]
        _face(para.add_run(head), name, 8, color="808080")
    if foot:
        para = section.footer.paragraphs[0]
        para.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _face(para.add_run(foot), name, 8, color="808080")
    table: list[list[str]] = []

    def flush() -> None:
        if not table:
            return
        wide = max(len(row) for row in table)
        grid = doc.add_table(rows=0, cols=wide)
        grid.style = "Table Grid"
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        for at, row in enumerate(table):
            cells = grid.add_row().cells
            for col, value in enumerate(row):
                para = cells[col].paragraphs[0]
                para.paragraph_format.space_after = Pt(0)
                para.paragraph_format.line_spacing = 1.1
                _inline(para, value, name, size - 1.5)
                if (at == 0 and first in {"row", "both"}) or (col == 0 and first in {"column", "both"}):
                    _shade(cells[col], tint)
                    for run in para.runs:
                        run.font.bold = True
        need = [
            max(min(max(len(r[c].encode("gbk", "replace")) / 2 if c < len(r) else 0 for r in table), 26), 3.4) + 1.2
            for c in range(wide)
        ]
        grid.autofit = False
        for col, column in enumerate(grid.columns):
            column.width = Cm((21 - 2 * margin) * need[col] / sum(need))
        for row in grid.rows:
            for col, cell in enumerate(row.cells):
                cell.width = Cm((21 - 2 * margin) * need[col] / sum(need))
        doc.add_paragraph().paragraph_format.space_after = Pt(2)
        table.clear()

    for line in text.strip("\n").split("\n"):
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                table.append(cells)
            continue
        flush()
        if not line.strip():
            continue
        if line.startswith("%%"):
            depth = len(line) - len(line.lstrip("%"))
            para = doc.add_paragraph()
            para.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _face(para.add_run(line.lstrip("%").strip()), name, {2: 22, 3: 14}.get(depth, 11), depth < 4)
        elif line == "---":
            doc.add_page_break()
        elif line == "...":
            for _ in range(5):
                doc.add_paragraph()
        elif line.startswith("#"):
            depth = len(line) - len(line.lstrip("#"))
            para = doc.add_paragraph(style=f"Heading {depth}")
            para.paragraph_format.space_before = Pt(14 - 2 * depth)
            _face(para.add_run(line.lstrip("#").strip()), name, {1: 16, 2: 13, 3: 11}.get(depth, 10), True, color)
        elif line.startswith("- "):
            para = doc.add_paragraph(style="List Bullet")
            _inline(para, line[2:], name, size)
        elif line.startswith("> "):
            para = doc.add_paragraph()
            para.paragraph_format.left_indent = Cm(0.8)
            _inline(para, line[2:], name, size - 1)
            for run in para.runs:
                run.font.italic = True
        elif found := re.fullmatch(r"!\[(.*)\]\((.*)\)", line):
            out = io.BytesIO()
            (images or {})[found[2]].quantize(24).save(out, "PNG", optimize=True)
            out.seek(0)
            doc.add_picture(out, width=Cm(11))
            doc.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
            para = doc.add_paragraph()
            para.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _face(para.add_run(found[1]), name, size - 1.5)
        elif line.startswith(">>"):
            para = doc.add_paragraph()
            para.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _inline(para, line[2:].strip(), name, size)
        else:
            _inline(doc.add_paragraph(), line, name, size)
    flush()
    core = doc.core_properties
    core.author, core.last_modified_by, core.title, core.comments = "", "", "", ""
    package = doc.part.package
    for key, rel in list(package.rels.items()):
        if "thumbnail" in rel.reltype:
            del package.rels[key]
    out = io.BytesIO()
    doc.save(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    steady_zip(out.getvalue(), path, when)


# ------------------------------------------------------------------------------------------------ a form in boxes


def boxed_form(
    path: Path, cover: Sequence[tuple[str, float, float]], parts: Sequence[tuple[str, Sequence[Any]]], foot: str = ""
) -> None:
    """A form as PDF: cover lines (text, size, space before), then parts of (label, value) or 4-column rows."""
    from reportlab.lib import colors
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

    if "boxes" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("boxes", SANS, subfontIndex=0))
    body = ParagraphStyle("v", fontName="boxes", fontSize=9, leading=13, wordWrap="CJK")
    label = ParagraphStyle("l", parent=body, alignment=TA_CENTER, textColor=colors.HexColor("#1b2b4b"))
    bar = ParagraphStyle("h", parent=body, fontSize=11, leading=15, textColor=colors.white)
    story: list[Any] = []
    for text, size, before in cover:
        story += [
            Spacer(1, before * mm),
            Paragraph(text, ParagraphStyle("c", parent=body, fontSize=size, leading=size * 1.5, alignment=TA_CENTER)),
        ]
    story.append(PageBreak())
    for title, rows in parts:
        head = Table([[Paragraph(title, bar)]], colWidths=[176 * mm])
        head.setStyle(
            [("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#34495e")), ("TOPPADDING", (0, 0), (-1, -1), 3)]
        )
        pieces: list[Any] = []
        for row in rows:
            cells = [
                Paragraph(str(v).replace("\n", "<br/>"), label if at % 2 == 0 else body) for at, v in enumerate(row)
            ]
            widths = {1: [176], 2: [36, 140], 4: [36, 52, 36, 52]}.get(len(row)) or [176 / len(row)] * len(row)
            if len(row) not in (1, 2, 4):
                cells = [Paragraph(str(v), body) for v in row]
            if len(row) == 1:
                cells = [Paragraph(str(row[0]).replace("\n", "<br/>"), body)]
            box = Table([cells], colWidths=[w * mm for w in widths])
            style: list[Any] = [
                ("BOX", (0, 0), (-1, -1), 0.8, colors.black),
                ("INNERGRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#555555")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
            if len(row) in (2, 4):
                style += [("BACKGROUND", (c, 0), (c, 0), colors.HexColor("#e8ecf1")) for c in range(0, len(row), 2)]
            box.setStyle(style)
            pieces.append(box)
        story += [KeepTogether([head, pieces[0]]), *pieces[1:], Spacer(1, 5 * mm)]

    def number(canvas: Any, doc: Any) -> None:
        canvas.setFont("boxes", 7.5)
        canvas.drawString(17 * mm, 10 * mm, foot)
        canvas.drawRightString(193 * mm, 10 * mm, f"P{doc.page}")

    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=17 * mm,
        rightMargin=17 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        invariant=1,
        title="",
        author="",
    ).build(story, onFirstPage=number, onLaterPages=number)


# ------------------------------------------------------------------------------------------------ scanned pages


class Paper:
    """A page written from top to bottom, then scanned."""

    def __init__(
        self, seed: int, size: tuple[int, int] = (1240, 1754), left: int = 150, paper: str = "#fbfaf6"
    ) -> None:
        """A blank page."""
        self.image = Image.new("RGB", size, paper)
        self.pen, self.left, self.y, self.seed = ImageDraw.Draw(self.image), left, 150, seed

    def write(
        self, text: str, size: int = 27, kind: str = "serif", centre: bool = False, after: int = 22, dx: int = 0
    ) -> "Paper":
        """Wrapped text."""
        face = font(size, kind)
        room = self.image.width - 2 * self.left - dx
        lines, line = [], ""
        for char in text:
            if self.pen.textlength(line + char, font=face) > room and char not in "，。；：、）》”":
                lines.append(line)
                line = ""
            line += char
        for part in [*lines, line]:
            x = (self.image.width - self.pen.textlength(part, font=face)) / 2 if centre else self.left + dx
            self.pen.text((x, self.y), part, font=face, fill="#1c1c22")
            self.y += int(size * 1.55)
        self.y += after
        return self

    def grid(self, rows: Sequence[Sequence[str]], shares: Sequence[float], size: int = 22) -> "Paper":
        """Ruled cells."""
        room = self.image.width - 2 * self.left
        face = font(size)
        for row in rows:
            parts, x = [], float(self.left)
            for text, share in zip(row, shares, strict=True):
                wide = room * share / sum(shares)
                lines, line = [], ""
                for char in text:
                    if self.pen.textlength(line + char, font=face) > wide - 16:
                        lines.append(line)
                        line = ""
                    line += char
                parts.append((x, wide, [*lines, line]))
                x += wide
            high = max(len(p[2]) for p in parts) * int(size * 1.4) + 14
            for x, wide, lines in parts:
                self.pen.rectangle((x, self.y, x + wide, self.y + high), outline="#444")
                for at, line in enumerate(lines):
                    self.pen.text((x + 8, self.y + 6 + at * int(size * 1.4)), line, font=face, fill="#1c1c22")
            self.y += high
        self.y += 24
        return self

    def sign(self, role: str, name: str | None, seed: int) -> "Paper":
        """A line to be signed, by hand or left blank."""
        self.y += 34
        face = font(28)
        self.pen.text((self.left, self.y), role, font=face, fill="#1c1c22")
        x = self.left + int(self.pen.textlength(role, font=face)) + 20
        self.pen.line((x, self.y + 44, x + 380, self.y + 44), fill="#333", width=2)
        if name:
            signature(self.image, (x + 40, self.y - 14), name, seed=seed)
        self.y += 62
        return self

    def stamp(self, company: str, x: int, y: int | None = None, sub: str = "", radius: int = 130) -> "Paper":
        """A red seal."""
        seal(self.image, (x, self.y if y is None else y), company, sub, radius=radius, seed=self.seed)
        return self

    def done(self, tilt: float = 0.6, grey: bool = False) -> Image.Image:
        """The scan."""
        return scan(self.image, self.seed, tilt=tilt, grey=grey)


def market(fields: Sequence[tuple[str, str]], code: str, registrar: str, issued: str, seed: int) -> Image.Image:
    """A business licence in two columns."""
    page = Paper(seed, (1654, 1169), 130, "#fcfaf0")
    pen = page.pen
    pen.rectangle((26, 26, 1628, 1143), outline="#a6803a", width=8)
    pen.rectangle((44, 44, 1610, 1125), outline="#cdb57a", width=2)
    page.y = 90
    page.write("营　业　执　照", 70, "bold", True, 4).write("（副本） 1-1", 28, "serif", True, 10)
    page.write(f"统一社会信用代码  {code}", 30, "bold", True, 34)
    top, half = page.y, (len(fields) + 1) // 2
    for col in range(2):
        page.y = top
        for name, value in fields[col * half : (col + 1) * half]:
            pen.text((130 + col * 740, page.y), name, font=font(25), fill="#6b5a2c")
            line, y = "", page.y
            for char in value:
                if pen.textlength(line + char, font=font(26)) > 500:
                    pen.text((300 + col * 740, y), line, font=font(26), fill="#1c1c22")
                    y, line = y + 38, ""
                line += char
            pen.text((300 + col * 740, y), line, font=font(26), fill="#1c1c22")
            page.y = y + 66
    pen.text((1010, 985), f"登记机关：{registrar}", font=font(24), fill="#1c1c22")
    pen.text((1200, 1030), issued, font=font(26), fill="#1c1c22")
    seal(page.image, (1330, 985), registrar, radius=105, seed=seed)
    return page.done(0.5)


def pictures(title: str, lines: Sequence[str], button: str, hue: str, seed: int) -> Image.Image:
    """A product page: side bar, rows, a button."""
    image = Image.new("RGB", (900, 500), "#f4f5f7")
    pen = ImageDraw.Draw(image)
    rng = random.Random(seed)
    pen.rectangle((0, 0, 170, 500), fill=hue)
    for at, word in enumerate(("首页", "创作", "记录", "设置", "帮助")):
        pen.text((50, 90 + at * 70), word, font=font(24, "sans"), fill="white")
    pen.text((200, 22), title, font=font(28, "sans"), fill="#222")
    for at, text in enumerate(lines):
        pen.rounded_rectangle((200, 80 + at * 58, 870, 128 + at * 58), 8, fill="white", outline="#d8dbe0")
        pen.text((216, 90 + at * 58), text, font=font(20, "sans"), fill="#333")
    if button:
        x = 640 - rng.randrange(20)
        pen.rounded_rectangle((x, 430, 866, 478), 10, fill=hue)
        pen.text((x + 24, 438), button, font=font(22, "sans"), fill="white")
    return image
