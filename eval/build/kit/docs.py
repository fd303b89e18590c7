"""Writers: DOCX, PDF from three producers, XLSX, XLS, CSV, ZIP. All byte-for-byte repeatable for the same input."""
# ruff: noqa: ARG002, D102, PLC0415

import csv
import html
import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

Row = Sequence[Any]
SANS = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
STAMP = (2026, 1, 1, 0, 0, 0)
ON, OFF = "☑", "□"


def boxes(options: Sequence[str], ticked: Iterable[str], on: str = ON, off: str = OFF, gap: str = "　") -> str:
    """A row of check boxes, the `ticked` ones on."""
    chosen = set(ticked)
    missing = chosen - set(options)
    if missing:
        raise ValueError(f"没有这些选项：{missing}")
    return gap.join((on if option in chosen else off) + option for option in options)


def num(value: float) -> str:
    """12345 → 12,345."""
    return f"{value:,}"


def pct(k: int, n: int, digits: int = 2) -> str:
    """k/n as a rounded percentage."""
    return f"{100 * k / n:.{digits}f}%"


class Writer(Protocol):
    """What Doc, Pdf and Web share, so that one text can be written in any format."""

    def h(self, level: int, text: str) -> None: ...
    def p(self, text: str, **style: Any) -> None: ...
    def li(self, items: Iterable[str]) -> None: ...
    def table(
        self, rows: Sequence[Row], widths: Sequence[float] | None = None, caption: str | None = None, **more: Any
    ) -> None: ...
    def pic(self, image: Any, width_cm: float = 14, caption: str | None = None) -> None: ...
    def page(self) -> None: ...
    def save(self, path: Path) -> None: ...


# ------------------------------------------------------------------------------------------------ DOCX


class Doc:
    """A Word document."""

    def __init__(
        self,
        font: str = "宋体",
        head_font: str = "黑体",
        size: float = 11,
        header: str = "",
        footer: str = "",
        page_numbers: bool = True,
        margins_cm: float = 2.5,
        when: str = "2026-01-01T00:00:00Z",
        title: str = "",
    ) -> None:
        """`when` is the document date written into its properties."""
        from docx import Document
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        self.d = Document()
        self.when, self.font, self.head_font, self.size = when, font, head_font, size
        normal = self.d.styles["Normal"]
        normal.font.name, normal.font.size = font, Pt(size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), font)
        self.d.core_properties.title, self.d.core_properties.author = title, ""
        section = self.d.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(margins_cm)
        section.top_margin = section.bottom_margin = Cm(2.3)
        if header:
            section.header.paragraphs[0].text = header
        if footer or page_numbers:
            para = section.footer.paragraphs[0]
            para.alignment = 1
            para.add_run(footer + ("　" if footer and page_numbers else ""))
            if page_numbers:
                self._field(para, "PAGE")

    def _field(self, para: Any, code: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        for kind, text in (("begin", None), (None, code), ("end", None)):
            run = para.add_run()
            if kind:
                node = OxmlElement("w:fldChar")
                node.set(qn("w:fldCharType"), kind)
            else:
                node = OxmlElement("w:instrText")
                node.text = text
            run._r.append(node)

    def h(self, level: int, text: str) -> None:
        """A heading; level 0 is the centred title."""
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        para = self.d.add_heading("", level=level)
        run = para.add_run(text)
        run.font.name, run.font.color.rgb = self.head_font, RGBColor(0, 0, 0)
        run.font.size = Pt({0: 20, 1: 16, 2: 14, 3: 12}.get(level, 11))
        run._element.rPr.rFonts.set(qn("w:eastAsia"), self.head_font)
        if level == 0:
            para.alignment = 1

    def p(
        self,
        text: str,
        bold: bool = False,
        align: str = "left",
        indent: bool = True,
        size: float | None = None,
        hidden: bool = False,
        color: str | None = None,
    ) -> Any:
        """A paragraph; `hidden` makes a vanished run (for integrity defects)."""
        from docx.shared import Pt, RGBColor

        para = self.d.add_paragraph()
        run = para.add_run(text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        if hidden:
            run.font.hidden = True
        if color:
            run.font.color.rgb = RGBColor.from_string(color)
        para.alignment = {"left": 0, "center": 1, "right": 2, "both": 3}[align]
        if indent and align in {"left", "both"}:
            para.paragraph_format.first_line_indent = Pt(2 * (size or self.size))
        para.paragraph_format.space_after = Pt(4)
        return para

    def li(self, items: Iterable[str]) -> None:
        """A bulleted list."""
        for item in items:
            self.d.add_paragraph(item, style="List Bullet")

    def table(
        self,
        rows: Sequence[Row],
        widths: Sequence[float] | None = None,
        caption: str | None = None,
        merges: Sequence[tuple[int, int, int, int]] = (),
        size: float = 9.5,
        header_rows: int = 1,
        shade: str = "D9D9D9",
        style: str = "Table Grid",
    ) -> Any:
        """A ruled table; merges are (row, col, row, col); None cells are left empty for a merge."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        if caption:
            self.p(caption, bold=True, align="center", size=10)
        cols = max(len(row) for row in rows)
        t = self.d.add_table(rows=len(rows), cols=cols)
        t.style = style
        t.alignment = 1
        if widths:
            t.autofit = False
            for at, width in enumerate(widths):
                t.columns[at].width = Cm(width)
        body = t._tbl.tr_lst
        for at, row in enumerate(rows):
            cells = body[at].tc_lst
            for col in range(cols):
                value = row[col] if col < len(row) else ""
                para = cells[col].p_lst[0]
                lines = ("" if value is None else str(value)).split("\n")
                from docx.text.paragraph import Paragraph

                para = Paragraph(para, t)
                for line_at, line in enumerate(lines):
                    run = para.add_run(line)
                    run.font.size = Pt(size)
                    run.bold = at < header_rows
                    if line_at < len(lines) - 1:
                        run.add_break()
                if at < header_rows and shade:
                    mark = OxmlElement("w:shd")
                    mark.set(qn("w:val"), "clear")
                    mark.set(qn("w:fill"), shade)
                    cells[col].get_or_add_tcPr().append(mark)
                if widths:
                    cells[col].width = Cm(widths[col])
        for top, left, bottom, right in merges:
            t.cell(top, left).merge(t.cell(bottom, right))
            keep = [p for p in t.cell(top, left).paragraphs if not p.text]
            for para in keep[: len(t.cell(top, left).paragraphs) - 1]:
                para._element.getparent().remove(para._element)
        self.d.add_paragraph().paragraph_format.space_after = Pt(2)
        return t

    def pic(self, image: Any, width_cm: float = 14, caption: str | None = None) -> None:
        """A PIL image or a file."""
        from docx.shared import Cm

        self.d.add_picture(_bytes(image), width=Cm(width_cm))
        self.d.paragraphs[-1].alignment = 1
        if caption:
            self.p(caption, align="center", size=10)

    def page(self) -> None:
        """A page break."""
        self.d.add_page_break()

    def save(self, path: Path) -> None:
        """Writes the file, repeatably."""
        path.parent.mkdir(parents=True, exist_ok=True)
        out = io.BytesIO()
        self.d.save(out)
        steady_zip(out.getvalue(), path, self.when)


def _bytes(image: Any) -> Any:
    if hasattr(image, "save"):
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=70)
        out.seek(0)
        return out
    return str(image)


def steady_zip(data: bytes, path: Path, when: str) -> None:
    """An office file rewritten with fixed times."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            body = old.read(item)
            if item.filename == "docProps/core.xml":
                text = body.decode("utf-8")
                text = re.sub(r"(<dcterms:(created|modified)[^>]*>)[^<]*", rf"\g<1>{when}", text)
                body = text.encode("utf-8")
            info = zipfile.ZipInfo(item.filename, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, body)


# ------------------------------------------------------------------------------------------------ PDF by reportlab


class Pdf:
    """A text PDF with an embedded font (reportlab)."""

    def __init__(
        self,
        header: str = "",
        footer: str = "",
        size: float = 10.5,
        margins_cm: float = 2.4,
        title: str = "",
        numbered: str = "第 {} 页",
        head_colour: str = "#000000",
    ) -> None:
        """`numbered` is the page-number wording, empty for none."""
        from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        if "wqy" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont("wqy", SANS, subfontIndex=0))
        self.header, self.footer, self.numbered, self.title, self.margin = header, footer, numbered, title, margins_cm
        self.story: list[Any] = []
        base = ParagraphStyle(
            "b", fontName="wqy", fontSize=size, leading=size * 1.7, wordWrap="CJK", alignment=TA_JUSTIFY, spaceAfter=3
        )
        self.base = base
        self.align = {"left": TA_JUSTIFY, "both": TA_JUSTIFY, "center": TA_CENTER, "right": TA_RIGHT}
        self.heads = {
            level: ParagraphStyle(
                f"h{level}",
                parent=base,
                fontSize=points,
                leading=points * 1.6,
                spaceBefore=points * 0.6,
                spaceAfter=6,
                alignment=TA_CENTER if level == 0 else 0,
                textColor=head_colour,
                keepWithNext=1,
            )
            for level, points in {0: 22, 1: 16, 2: 13.5, 3: 11.5, 4: 10.5}.items()
        }

    def h(self, level: int, text: str) -> None:
        """A heading."""
        from reportlab.platypus import Paragraph

        self.story.append(Paragraph(f"<b>{html.escape(text)}</b>", self.heads[level]))

    def p(
        self,
        text: str,
        bold: bool = False,
        align: str = "left",
        indent: bool = True,
        size: float | None = None,
        color: str | None = None,
        **_: Any,
    ) -> None:
        """A paragraph."""
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph

        points = size or self.base.fontSize
        style = ParagraphStyle(
            "p",
            parent=self.base,
            fontSize=points,
            leading=points * 1.7,
            alignment=self.align[align],
            firstLineIndent=2 * points if indent and align in {"left", "both"} else 0,
            textColor=color or "#000000",
        )
        self.story.append(Paragraph(html.escape(text).replace("\n", "<br/>"), style))

    def li(self, items: Iterable[str]) -> None:
        """A list with dashes."""
        for item in items:
            self.p(f"— {item}", indent=False)

    def table(
        self,
        rows: Sequence[Row],
        widths: Sequence[float] | None = None,
        caption: str | None = None,
        merges: Sequence[tuple[int, int, int, int]] = (),
        size: float = 8.5,
        header_rows: int = 1,
        shade: str = "#e6e6e6",
        **_: Any,
    ) -> None:
        """A ruled table that repeats its header; widths are shares of the text width."""
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.lib.units import cm
        from reportlab.platypus import LongTable, Paragraph, Spacer

        if caption:
            self.p(caption, align="center", size=9.5)
            self.story[-1].style.keepWithNext = 1
        cols = max(len(row) for row in rows)
        cell = ParagraphStyle("c", parent=self.base, fontSize=size, leading=size * 1.35, alignment=0, spaceAfter=0)
        room = A4[0] - 2 * self.margin * cm
        shares = list(widths) if widths else [1.0] * cols
        data = [
            [
                Paragraph(html.escape("" if v is None else str(v)).replace("\n", "<br/>"), cell)
                for v in [*row, *[""] * (cols - len(row))]
            ]
            for row in rows
        ]
        t = LongTable(data, colWidths=[room * share / sum(shares) for share in shares], repeatRows=header_rows)
        rules: list[Any] = [
            ("GRID", (0, 0), (-1, -1), 0.5, "#444444"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
        if header_rows and shade:
            rules.append(("BACKGROUND", (0, 0), (-1, header_rows - 1), shade))
        rules += [("SPAN", (left, top), (right, bottom)) for top, left, bottom, right in merges]
        t.setStyle(rules)
        self.story += [t, Spacer(1, 8)]

    def pic(self, image: Any, width_cm: float = 14, caption: str | None = None) -> None:
        """A PIL image or a file."""
        from PIL import Image as Pillow
        from reportlab.lib.units import cm
        from reportlab.platypus import Image

        source = _bytes(image)
        wide, high = image.size if hasattr(image, "size") else Pillow.open(source).size
        self.story.append(Image(source, width=width_cm * cm, height=width_cm * cm * high / wide))
        if caption:
            self.p(caption, align="center", size=9.5)

    def page(self) -> None:
        """A page break."""
        from reportlab.platypus import PageBreak

        self.story.append(PageBreak())

    def gap(self, points: float) -> None:
        """Empty space."""
        from reportlab.platypus import Spacer

        self.story.append(Spacer(1, points))

    def save(self, path: Path) -> None:
        """Writes the file, repeatably."""
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import cm
        from reportlab.platypus import SimpleDocTemplate

        def edge(canvas: Any, _doc: Any) -> None:
            canvas.setFont("wqy", 8)
            if self.header:
                canvas.drawString(self.margin * cm, A4[1] - 1.4 * cm, self.header)
                canvas.line(self.margin * cm, A4[1] - 1.5 * cm, A4[0] - self.margin * cm, A4[1] - 1.5 * cm)
            if self.footer:
                canvas.drawString(self.margin * cm, 1.2 * cm, self.footer)
            if self.numbered:
                canvas.drawRightString(A4[0] - self.margin * cm, 1.2 * cm, self.numbered.format(canvas.getPageNumber()))

        path.parent.mkdir(parents=True, exist_ok=True)
        doc = SimpleDocTemplate(
            str(path),
            pagesize=A4,
            leftMargin=self.margin * cm,
            rightMargin=self.margin * cm,
            topMargin=2.1 * cm,
            bottomMargin=2 * cm,
            title=self.title,
            invariant=1,
        )
        doc.build(self.story, onFirstPage=edge, onLaterPages=edge)


# ------------------------------------------------------------------------------------------------ PDF by a browser / office


class Web:
    """A text PDF printed by Chromium from HTML (another producer); glyphs come in one by one, so keep it short."""

    def __init__(self, title: str = "", css: str = "", font: str = "Noto Serif CJK SC", size: float = 10.5) -> None:
        """`css` is added to the sheet."""
        self.title, self.out = title, []  # type: ignore[var-annotated]
        self.css = (
            "@page{size:A4;margin:22mm 20mm}"
            f"body{{font-family:'{font}';font-size:{size}pt;line-height:1.7}}h1{{font-size:20pt;text-align:center}}"
            "h2{font-size:15pt}h3{font-size:12.5pt}h4{font-size:11pt}p{margin:3pt 0;text-indent:2em}p.n{text-indent:0}"
            "table{border-collapse:collapse;width:100%;font-size:8.8pt;margin:4pt 0 10pt}td,th{border:0.6pt solid #555;padding:2pt 4pt;"
            "text-align:left}thead{display:table-header-group}tr{break-inside:avoid}.c{text-align:center;text-indent:0}.r{text-align:right}"
            + css
        )

    def h(self, level: int, text: str) -> None:
        """A heading."""
        self.out.append(f"<h{level + 1}>{html.escape(text)}</h{level + 1}>")

    def p(
        self,
        text: str,
        bold: bool = False,
        align: str = "left",
        indent: bool = True,
        size: float | None = None,
        color: str | None = None,
        **_: Any,
    ) -> None:
        """A paragraph."""
        kind = {"center": "c", "right": "r"}.get(align, "" if indent else "n")
        style = (
            (f"font-size:{size}pt;" if size else "")
            + (f"color:{color};" if color else "")
            + ("font-weight:bold" if bold else "")
        )
        self.out.append(f'<p class="{kind}" style="{style}">{html.escape(text)}</p>'.replace("\n", "<br>"))

    def li(self, items: Iterable[str]) -> None:
        """A list."""
        self.out.append("<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in items) + "</ul>")

    def table(
        self,
        rows: Sequence[Row],
        widths: Sequence[float] | None = None,
        caption: str | None = None,
        merges: Sequence[tuple[int, int, int, int]] = (),
        header_rows: int = 1,
        **_: Any,
    ) -> None:
        """A ruled table; widths are shares."""
        if caption:
            self.out.append(f'<p class="c">{html.escape(caption)}</p>')
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges}
        gone = {
            (r, c)
            for top, left, bottom, right in merges
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
            if (r, c) != (top, left)
        }
        cols = ""
        if widths:
            cols = (
                "<colgroup>"
                + "".join(f'<col style="width:{100 * w / sum(widths):.2f}%">' for w in widths)
                + "</colgroup>"
            )
        lines = []
        for at, row in enumerate(rows):
            tag = "th" if at < header_rows else "td"
            cells = ""
            for col, value in enumerate(row):
                if (at, col) in gone:
                    continue
                down, across = spans.get((at, col), (1, 1))
                cells += f'<{tag} rowspan="{down}" colspan="{across}">{html.escape("" if value is None else str(value))}</{tag}>'.replace(
                    "\n", "<br>"
                )
            lines.append(f"<tr>{cells}</tr>")
        self.out.append(
            f"<table>{cols}<thead>{''.join(lines[:header_rows])}</thead><tbody>{''.join(lines[header_rows:])}</tbody></table>"
        )

    def pic(self, image: Any, width_cm: float = 14, caption: str | None = None) -> None:
        """A PIL image."""
        import base64

        data = base64.b64encode(_bytes(image).read()).decode()
        self.out.append(f'<p class="c"><img style="width:{width_cm}cm" src="data:image/jpeg;base64,{data}"></p>')
        if caption:
            self.p(caption, align="center")

    def page(self) -> None:
        """A page break."""
        self.out.append('<div style="break-after:page"></div>')

    def save(self, path: Path) -> None:
        """Prints the PDF."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "in.html", Path(folder) / "out.pdf"
            source.write_text(
                f"<html><head><meta charset=utf-8><title>{html.escape(self.title)}</title><style>{self.css}</style></head><body>{''.join(self.out)}</body></html>",
                "utf-8",
            )
            subprocess.run(
                [
                    "chromium",
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-pdf-tagging",
                    "--no-pdf-header-footer",
                    f"--user-data-dir={folder}/p",
                    f"--print-to-pdf={target}",
                    source.as_uri(),
                ],
                check=True,
                capture_output=True,
                timeout=180,
            )
            steady_pdf(target.read_bytes(), path)


class OfficePdf(Doc):
    """A PDF printed by LibreOffice; table widths are shares of the text width."""

    def table(self, rows: Sequence[Row], widths: Sequence[float] | None = None, *args: Any, **more: Any) -> Any:
        """A ruled table."""
        shares = list(widths) if widths else [1.0] * max(len(row) for row in rows)
        return super().table(rows, [16.0 * share / sum(shares) for share in shares], *args, **more)

    def save(self, path: Path) -> None:
        """Prints the PDF."""
        with tempfile.TemporaryDirectory() as folder:
            super().save(Path(folder) / "in.docx")
            office_pdf(Path(folder) / "in.docx", path)


def office_pdf(source: Path, path: Path) -> None:
    """A PDF made from an office file by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=240,
        )
        steady_pdf((Path(folder) / f"{source.stem}.pdf").read_bytes(), path)


def steady_pdf(data: bytes, path: Path) -> None:
    """A PDF with fixed dates and identifiers (same length, so offsets stay right)."""
    data = re.sub(rb"\(D:\d{14}", b"(D:20260101000000", data)
    data = re.sub(
        rb"(/ID\s*\[\s*<)([0-9A-Fa-f]+)(>\s*<)([0-9A-Fa-f]+)",
        lambda m: m[1] + b"0" * len(m[2]) + m[3] + b"0" * len(m[4]),
        data,
    )
    data = re.sub(rb"(/DocChecksum\s*/)([0-9A-Fa-f]+)", lambda m: m[1] + b"0" * len(m[2]), data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


# ------------------------------------------------------------------------------------------------ spreadsheets, archives


class Sheet:
    """One sheet: its rows, and how it looks."""

    def __init__(
        self,
        title: str,
        rows: Sequence[Row],
        widths: Sequence[float] = (),
        header_row: int = 1,
        merges: Sequence[str] = (),
        hidden: bool = False,
        filters: bool = False,
        freeze: bool = True,
    ) -> None:
        """`header_row` is the 1-based row of the column names (0: none); merges like "A1:D1"."""
        self.title, self.rows, self.widths, self.header_row = title, rows, widths, header_row
        self.merges, self.hidden, self.filters, self.freeze = merges, hidden, filters, freeze


def write_xlsx(path: Path, sheets: Sequence[Sheet], when: str = "2026-01-01T00:00:00Z") -> None:
    """An XLSX workbook."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        ws = book.create_sheet(sheet.title)
        for row in sheet.rows:
            ws.append(list(row))
        for at, width in enumerate(sheet.widths, 1):
            ws.column_dimensions[get_column_letter(at)].width = width
        if sheet.header_row:
            for cell in ws[sheet.header_row]:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if sheet.freeze:
                ws.freeze_panes = ws.cell(sheet.header_row + 1, 1)
            if sheet.filters:
                ws.auto_filter.ref = f"A{sheet.header_row}:{get_column_letter(ws.max_column)}{ws.max_row}"
        for merge in sheet.merges:
            ws.merge_cells(merge)
        if sheet.hidden:
            ws.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    steady_zip(out.getvalue(), path, when)


def write_xls(path: Path, sheets: Sequence[Sheet]) -> None:
    """An old XLS workbook."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    bold = xlwt.easyxf("font: bold on")
    for sheet in sheets:
        ws = book.add_sheet(sheet.title)
        for at, row in enumerate(sheet.rows):
            for col, value in enumerate(row):
                if value is not None:
                    ws.write(at, col, value, bold if at + 1 == sheet.header_row else xlwt.Style.default_style)
        for at, width in enumerate(sheet.widths):
            ws.col(at).width = int(256 * width)
        if sheet.hidden:
            ws.visibility = 1
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8-sig") -> None:
    """A CSV file; encoding utf-8-sig, utf-8, gbk, gb18030."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue().encode(encoding))


def write_zip(path: Path, files: Sequence[tuple[str, bytes]], names: str = "utf-8") -> None:
    """A ZIP; with names="gbk" the member names are raw GBK bytes without the UTF-8 flag, as Windows tools write."""

    class Raw(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return self.filename.encode(names), self.flag_bits | (0x800 if names == "utf-8" else 0)

    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = Raw(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0 if names != "utf-8" else 3
            archive.writestr(info, data)
