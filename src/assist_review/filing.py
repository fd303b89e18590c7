"""The nouns of a filing package: Filing ▸ Document ▸ Block, Table, Sheet, with a place for each.

Readers make these values; nothing is filled in later. All text is kept as the file has it (only line ends
and control characters are cleaned), because quotes are proved word for word; matching keys are made by
`text.fold`, never stored.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from assist_review.base import Value


class Role(StrEnum):
    """What a file is in the package (`domain` names in parentheses)."""

    FORM = "form"  # 上线备案申请表 / 登记表
    REPORT = "report"  # 安全自评估报告
    AGREEMENT = "agreement"  # 服务协议 / 用户协议
    PRIVACY = "privacy"  # 隐私政策
    ANNOTATION_RULES = "annotation_rules"  # 语料标注规则
    KEYWORDS = "keywords"  # 拦截关键词列表
    QUESTIONS = "questions"  # 评估测试题集
    LICENCE = "licence"  # 营业执照
    COMMITMENT = "commitment"  # 承诺书、备案表封面与承诺页
    AUTHORISATION = "authorisation"  # 授权委托书、授权书
    EVIDENCE = "evidence"  # 佐证材料, 合同, 签署页
    TEST_CHANNEL = "test_channel"  # 测试通道
    OTHER = "other"


class TextOrigin(StrEnum):
    """How the text of a block was obtained, best first."""

    NATIVE = "native"  # DOCX, sheets, plain text
    TEXT_LAYER = "text_layer"  # PDF text layer, first extractor
    SECOND_EXTRACTOR = "second_extractor"  # PDF text layer, other extractor
    OCR = "ocr"


class BBox(Value):
    """A rectangle on a page in PDF points (1/72 inch), origin top left, y down."""

    x0: float
    y0: float
    x1: float
    y1: float


class Place(Value):
    """Where something stands in its file. Only what the format has is set; all numbers count from 1."""

    page: int | None = None
    bbox: BBox | None = None
    paragraph: int | None = None  # DOCX: number of the body paragraph
    table: int | None = None  # DOCX, PDF: number of the table in the document
    row: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None  # "B12"


BlockKind = Literal["heading", "paragraph", "header", "footer", "textbox", "comment", "footnote", "toc"]


class Block(Value):
    """A run of text that a reader sees as one: a heading, a paragraph, a header or footer.

    `section` is the path of headings above it, joined with " > " (the heading itself included for a heading).
    `order` is its position among blocks *and* tables of the document.
    """

    id: str
    kind: BlockKind
    text: str
    order: int
    level: int | None = None  # headings: 1 is the highest
    section: str = ""
    place: Place = Place()
    origin: TextOrigin = TextOrigin.NATIVE


class Table(Value):
    """A table with every cell as text; a merged cell repeats its text only in its first position, "" elsewhere.

    `rows` holds header rows first (`header_rows` of them); all rows have the same length.
    `row_places[i]` is the place of row i (a table that runs over pages has rows on several). In a table that was turned
    (its columns read as rows) `turned_from` holds the places of the rows as written, which are the columns here.
    """

    id: str
    order: int
    caption: str = ""
    section: str = ""
    header_rows: int = 1
    rows: tuple[tuple[str, ...], ...]
    row_places: tuple[Place, ...]
    turned_from: tuple[Place, ...] = ()
    row_columns: tuple[int, ...] = ()  # in a table put together from several side by side: columns left of row i
    place: Place = Place()
    origin: TextOrigin = TextOrigin.NATIVE

    @property
    def header(self) -> tuple[str, ...]:
        """Column names: the header rows joined per column, "" where there is none."""
        head = self.rows[: self.header_rows]
        return tuple(" ".join(dict.fromkeys(c for c in column if c)) for column in zip(*head, strict=True))

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """Rows without the header rows."""
        return self.rows[self.header_rows :]


class Sheet(Value):
    """One worksheet (or a CSV file) as a rectangle of texts; row 1 is `rows[0]`.

    Whole numbers come without a decimal point, dates as ISO. Hidden rows and columns are *in* `rows`, listed
    by number in `hidden_rows` and `hidden_columns`, and must be left out of every count.
    """

    name: str
    visible: bool = True
    rows: tuple[tuple[str, ...], ...]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


class Hidden(Value):
    """Text that a person would not see. It never counts as content; it is reported."""

    kind: Literal[
        "white", "invisible", "tiny", "off_page", "hidden_sheet", "hidden_row", "hidden_column", "vanished",
        "zero_width", "tracked_deletion", "tracked_insertion", "covered", "metadata", "comment",
    ]  # fmt: skip
    text: str
    place: Place = Place()


class Mark(Value):
    """A mark seen on a page image: a red seal, handwriting-like ink, a blurred or empty page.

    `text` is what OCR could read in a seal (often only part of the ring), else "".
    """

    kind: Literal["seal", "signature", "blank_signature", "blurred", "empty"]
    place: Place
    text: str = ""
    score: float = 1.0  # 0-1, higher is surer


class Unreadable(Value):
    """Something that could not be read, with the reason and what the applicant can do."""

    kind: str
    reason: str
    remedy: str = ""
    page: int | None = None


class Document(Value):
    """One file of the package.

    `file` is the path inside the package with "/" (files inside archives: "a.zip/b/c.docx").
    `pages` is the number of PDF or image pages, None for formats without pages.
    `rows` is the number of visible non-empty rows over all visible sheets, None for other formats.
    `properties` holds file metadata (author, title, producer, created, ...).
    """

    file: str
    sha256: str
    size_bytes: int
    format: Literal["pdf", "docx", "sheet", "image", "text", "unknown"]
    role: str = Role.OTHER  # a Role, or one a pack brings with it
    role_reason: str = ""
    pages: int | None = None
    rows: int | None = None
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    marks: tuple[Mark, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    ocr_pages: tuple[int, ...] = ()  # pages whose text came from OCR
    properties: dict[str, str] = {}

    @property
    def recognised(self) -> frozenset[int]:
        """The `order` of blocks and tables whose words come from OCR."""
        parts: list[Block | Table] = [*self.blocks, *self.tables]
        return frozenset(p.order for p in parts if p.origin == TextOrigin.OCR or p.place.page in self.ocr_pages)

    @property
    def body(self) -> Iterator[Block]:
        """Blocks that carry content: no headers, footers, comments or table of contents."""
        return (b for b in self.blocks if b.kind in ("heading", "paragraph", "textbox", "footnote"))

    @property
    def text(self) -> str:
        """All visible text, blocks and tables in reading order, for searching; not for places."""
        parts: list[tuple[int, str]] = [(b.order, b.text) for b in self.body]
        parts += [(t.order, "\n".join("\t".join(r) for r in t.rows)) for t in self.tables]
        return "\n".join(text for _, text in sorted(parts, key=lambda part: part[0]))


class ServiceProfile(Value):
    """What kind of service is filed; `None` means not recognised. Names as in labelled filings."""

    modalities: tuple[Literal["text", "image", "audio", "video", "code"], ...] = ()
    sector: str | None = None
    domain_limited: bool | None = None  # 限定领域
    minors: bool | None = None  # minors are users
    training: Literal["own", "fine-tuned", "none"] | None = None
    base_model: Literal["own", "open", "filed", "foreign"] | None = None
    personal_information: bool | None = None
    paid: bool | None = None
    api: bool | None = None
    input_training: bool | None = None  # user input is used for training
    companion: bool | None = None  # sustained emotional interaction, anthropomorphic
    face_voice: bool | None = None  # edits or generates faces or voices of real people
    publishing: bool | None = None  # users publish or message each other
    export: bool | None = None  # personal information leaves the mainland
    foreign_corpus: bool | None = None
    open_corpus: bool | None = None
    crawled_corpus: bool | None = None
    bought_corpus: bool | None = None
    annotation: bool | None = None
    outsourced: bool | None = None  # annotation or cloud by others
    third_party: bool | None = None  # personal information goes to other companies (cloud, model, SMS)
    province: str | None = None
    traits: tuple[str, ...] = ()  # what else a pack wants to know of a service, in its own words


class Filing(Value):
    """A whole package as read: its documents, its route, its service profile, and what was passed over."""

    name: str
    route: str  # filing or registration, or one a pack brings with it
    service: ServiceProfile
    documents: tuple[Document, ...]
    unreadable: tuple[tuple[str, Unreadable], ...] = ()  # files that gave no document at all
    profile_reasons: dict[str, str] = {}  # profile key -> quote or rule it was recognised from

    def of(self, *roles: str) -> tuple[Document, ...]:
        """Documents with one of `roles`, in package order."""
        return tuple(d for d in self.documents if d.role in roles)

    def document(self, file: str) -> Document | None:
        """The document at `file`, or None."""
        return next((d for d in self.documents if d.file == file), None)
