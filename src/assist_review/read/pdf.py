"""PDF files: text of record by PDFium, tables by their rules, scans by text recognition, hidden text set apart."""

import hashlib
import re
from typing import Any, Literal

import pypdfium2 as pdfium
from pypdfium2 import raw

from assist_review.errors import DamagedFile, EncryptedFile, LimitExceeded
from assist_review.filing import BBox, Document, Hidden, Mark, Place, TextOrigin, Unreadable
from assist_review.read.blocks import BlockBuilder
from assist_review.read.layout import Glyph, Line, lines_of
from assist_review.read.paragraphs import PageFlow
from assist_review.read.pdf_hidden import part_hidden
from assist_review.read.pdf_page import PageParts, load_page, open_pdf, page_parts, render
from assist_review.read.pdf_quality import Second, is_garbled, is_poor_layer, reads_better
from assist_review.read.pdf_tables import Grid, find_grids

MAX_PAGES = 2000
MAX_OCR_PAGES = 300  # about 3-5 seconds each
_MARK_DPI = 150
_LEAST_IMAGE = 28.0  # points (10 mm): smaller images are icons, not seals or signatures
_FEW = 60  # characters on a page whose content is an image
_UNSET = ("(unspecified)", "unspecified", "(anonymous)", "untitled")
_METADATA = {
    "Title": "title", "Author": "author", "Subject": "subject", "Keywords": "keywords", "Creator": "creator",
    "Producer": "producer", "CreationDate": "created", "ModDate": "modified",
}  # fmt: skip


def read_pdf(
    data: bytes, file: str, *, password: str | None = None, ocr: bool = True, max_ocr_pages: int = MAX_OCR_PAGES
) -> Document:
    """The document in a PDF file. Raises EncryptedFile, DamagedFile or LimitExceeded."""
    if not data:
        raise DamagedFile(f"“{file}”是空文件（0字节）。", "请检查后重新提交该文件。")
    document = _open(data, file, password)
    try:
        count = len(document)
        if count == 0:
            raise DamagedFile(f"“{file}”中没有任何页面。", "请用原软件重新导出PDF后提交。")
        if count > MAX_PAGES:
            raise LimitExceeded(
                f"“{file}”共{count:,}页，超过{MAX_PAGES:,}页的上限，未读取。",
                f"请拆分为每份不超过{MAX_PAGES:,}页的文件后重新提交。",
            )
        reader = _Reader(document, data, file, password=password, ocr=ocr, max_ocr_pages=max_ocr_pages)
        for index in range(count):
            reader.page(index)
        return reader.document(count)
    finally:
        document.close()


def _open(data: bytes, file: str, password: str | None) -> Any:
    try:
        return open_pdf(data, password)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        repaired = Second(data, password).rewritten()
        if repaired is not None:
            try:
                return open_pdf(repaired, None)
            except pdfium.PdfiumError:
                pass
        if code == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            said = "提供的密码不正确" if password else "需要密码才能打开"
            raise EncryptedFile(f"“{file}”已加密，{said}。", "请提交未加密的文件，或者提供正确的打开密码。") from error
        raise DamagedFile(
            f"“{file}”不是有效的PDF文件或者已经损坏，无法打开。", "请用PDF阅读器确认能正常打开，重新导出后提交。"
        ) from error


class _Reader:
    """Reads page after page and puts the document together."""

    def __init__(
        self, document: Any, data: bytes, file: str, *, password: str | None, ocr: bool, max_ocr_pages: int
    ) -> None:
        self._document, self._data, self._file, self._ocr = document, data, file, ocr
        self._ocr_left = max_ocr_pages
        self._second = Second(data, password)
        self._flows: list[PageFlow] = []
        self._plain: dict[int, str] = {}  # pages whose text came from the second extractor
        self._notes: list[tuple[int, str]] = []
        self._hidden: list[Hidden] = []
        self._marks: list[Mark] = []
        self._unreadable: list[Unreadable] = []
        self._ocr_pages: list[int] = []
        self._past_limit: list[int] = []

    def page(self, index: int) -> None:
        """Read one page; a page that cannot be read is listed and the others go on."""
        number = index + 1
        try:
            page, notes = load_page(self._document, index)
            self._notes += [(number, note) for note in notes]
            try:
                self._read(page, page_parts(page, number), index)
            finally:
                page.close()
        except pdfium.PdfiumError:
            self._unreadable.append(
                Unreadable(
                    kind="damaged",
                    reason=f"“{self._file}”第{number}页已损坏，无法读取。",
                    remedy="请重新导出PDF后提交。",
                    page=number,
                )
            )

    def _read(self, page: Any, parts: PageParts, index: int) -> None:
        number = parts.number
        visible, slanted, hidden = part_hidden(parts, lambda dpi: render(page, dpi))
        letters = sum(not g.text.isspace() for g in visible)
        scan = parts.image_share > 0.5 and (letters < _FEW or is_poor_layer(visible))
        drawn = letters == 0 and (parts.image_share > 0.02 or parts.curves > 40)
        if scan or drawn or (letters < _FEW and parts.image_share > 0.35):
            self._scan(page, parts, visible, letters)
        elif is_garbled(visible, parts.looks):
            self._repair(page, parts, visible, index)
        else:
            self._hidden += hidden
            self._flow(parts, *_page_text(parts, visible, slanted))
            if letters == 0 and not parts.areas and not hidden:
                self._marks.append(Mark(kind="empty", place=Place(page=number)))
            elif parts.red_shapes or any(min(b.x1 - b.x0, b.y1 - b.y0) > _LEAST_IMAGE for b in parts.images):
                self._image_marks(page, number)

    def _flow(self, parts: PageParts, lines: list[Line], grids: list[Grid], *, form: bool = False) -> None:
        self._flows.append(PageFlow(parts.number, parts.width, parts.height, lines, grids, form))

    def _scan(self, page: Any, parts: PageParts, visible: list[Glyph], letters: int) -> None:
        """A page that is an image: recognised, unless its own text layer turns out the better text."""
        number = parts.number
        if self._ocr and self._ocr_left > 0:
            self._ocr_left -= 1
            from assist_review.read.ocr import DPI, NoRecogniser
            from assist_review.read.scan import read_scan

            pixels = render(page, DPI)
            try:
                found = read_scan(pixels, number, parts.width / pixels.shape[1])
            except NoRecogniser as error:
                self._ocr = False
                self._unreadable.append(
                    Unreadable(kind=error.kind, reason=str(error), remedy=error.remedy, page=number)
                )
            else:
                self._marks += found.marks
                if letters < _FEW or reads_better(found.glyphs, visible):
                    own = [] if letters < 20 else _outside(visible, found.glyphs)
                    lines = found.lines + lines_of(own, number) if own else found.lines
                    self._flow(parts, lines, found.grids, form=found.form)
                    if found.glyphs:
                        self._ocr_pages.append(number)
                    return
        elif self._ocr:
            self._past_limit.append(number)
        else:
            from assist_review.read.scan import marks_without_text

            pixels = render(page, _MARK_DPI)
            self._marks += marks_without_text(pixels, number, parts.width / pixels.shape[1])
            self._unreadable.append(
                Unreadable(
                    kind="no_text_layer",
                    reason=f"“{self._file}”第{number}页是图像，没有可用的文字层，本次未做文字识别。",
                    remedy="启用文字识别后重新运行，或者提供带文字层的PDF。", page=number,
                )
            )  # fmt: skip
        self._flow(parts, *_page_text(parts, visible, []))

    def _repair(self, page: Any, parts: PageParts, visible: list[Glyph], index: int) -> None:
        """A page whose characters are wrong: the other extractor's text if that is clean, else the drawn page read."""
        text = self._second.text(index)
        if text and not is_garbled([Glyph(c, 0, 0, 1, 1, 10) for c in text if c != "\n"], []):
            self._plain[parts.number] = text
            self._flow(parts, [], [])
            return
        self._scan(page, parts, visible, 0)
        if parts.number not in self._ocr_pages:
            self._unreadable.append(
                Unreadable(
                    kind="garbled", reason=f"“{self._file}”第{parts.number}页的文字编码缺失，提取出的文字是乱码。",
                    remedy="请嵌入字体后重新导出PDF，或者提交扫描件。", page=parts.number,
                )
            )  # fmt: skip

    def _image_marks(self, page: Any, number: int) -> None:
        from assist_review.read.marks import PageImage, marks_of
        from assist_review.read.seals import ReadStrip

        pixels = render(page, _MARK_DPI)
        read_strip: ReadStrip | None = None
        if self._ocr:
            from assist_review.read import ocr

            read_strip = ocr.read_strip
        image = PageImage(number, pixels, self._flows[-1].width / pixels.shape[1])
        self._marks += marks_of(image, self._flows[-1].lines, read_strip, scanned=False)

    def document(self, count: int) -> Document:
        """The document of all pages read."""
        if self._past_limit:
            self._unreadable.append(
                Unreadable(
                    kind="limit",
                    reason=f"“{self._file}”扫描页过多，第{_spans(self._past_limit)}页未做文字识别。",
                    remedy="请拆分文件，或者提供带文字层的PDF。", page=self._past_limit[0],
                )
            )  # fmt: skip
        builder = BlockBuilder()
        run: list[PageFlow] = []
        for flow in self._flows:
            if flow.number in self._plain:
                builder.add(run)
                run = []
                for line in self._plain[flow.number].splitlines():
                    builder.plain(line, flow.number, TextOrigin.SECOND_EXTRACTOR)
            else:
                run.append(flow)
        builder.add(run)
        for number, text in self._notes:
            builder.note(text, number)
        return Document(
            file=self._file, sha256=hashlib.sha256(self._data).hexdigest(), size_bytes=len(self._data), format="pdf",
            pages=count, blocks=tuple(builder.blocks), tables=tuple(builder.tables),
            hidden=(*self._hidden, *builder.hidden), marks=tuple(self._marks), unreadable=tuple(self._unreadable),
            ocr_pages=tuple(self._ocr_pages), properties=_properties(self._document),
        )  # fmt: skip


def _page_text(parts: PageParts, visible: list[Glyph], slanted: list[Glyph]) -> tuple[list[Line], list[Grid]]:
    grids, rest = find_grids(parts.rules, visible, parts.number)
    lines = lines_of(rest, parts.number)
    if slanted:
        # A slanted watermark has no rows; it is one line of its own at the top edge, where repetition shows.
        text = "".join(g.text for g in slanted if not g.made_up).strip()
        first = slanted[0]
        box = BBox(x0=round(first.x0, 1), y0=0.0, x1=round(max(g.x1 for g in slanted), 1), y1=1.0)
        if text:
            lines.insert(0, Line(text=text, box=box, size=first.size, page=parts.number, glyphs=[]))
    return lines, grids


def _outside(visible: list[Glyph], recognised: list[Glyph]) -> list[Glyph]:
    """Glyphs of the text layer where nothing was recognised (a caption beside an image has been recognised too)."""
    boxes = [(g.x0, g.y0, g.x1, g.y1) for g in recognised]
    return [
        g
        for g in visible
        if not any(
            x0 - 2 <= (g.x0 + g.x1) / 2 <= x1 + 2 and y0 - 2 <= (g.y0 + g.y1) / 2 <= y1 + 2 for x0, y0, x1, y1 in boxes
        )
    ]


def _spans(numbers: list[int]) -> str:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in spans[:20])


def _iso(value: str) -> str:
    """A PDF date as ISO 8601, anything else as it is."""
    date = re.match(r"D:(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:([+-]\d{2})'?(\d{2})?|Z)?", value)
    if date is None:
        return value
    year, month, day, hour, minute, second, zone, zone_minute = date.groups()
    clock = f"T{hour}:{minute}:{second or '00'}" if hour else ""
    return f"{year}-{month}-{day}{clock}" + (f"{zone}:{zone_minute or '00'}" if zone and clock else "")


def _properties(document: Any) -> dict[str, str]:
    stated = {k: v.strip() for k, v in document.get_metadata_dict().items() if k in _METADATA}
    found = {_METADATA[k]: _iso(v) for k, v in stated.items() if v and v not in _UNSET}
    counts: dict[Literal["attachments", "javascript", "digital_signatures"], int] = {
        "attachments": raw.FPDFDoc_GetAttachmentCount(document.raw),
        "javascript": raw.FPDFDoc_GetJavaScriptActionCount(document.raw),
        "digital_signatures": raw.FPDF_GetSignatureCount(document.raw),
    }
    found.update({name: str(count) for name, count in counts.items() if count > 0})
    if counts["attachments"] > 0:
        names = [document.get_attachment(i).get_name() for i in range(min(counts["attachments"], 20))]
        found["attachment_names"] = "、".join(n for n in names if n)
    return found
