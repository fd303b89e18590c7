import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assist_review.errors import DamagedFile, UnsupportedFormat
from assist_review.filing import Document, Mark
from assist_review.read.image import read_image
from assist_review.read.layout import Glyph, lines_of
from assist_review.read.marks import PageImage, marks_of
from assist_review.read.pdf import read_pdf
from assist_review.read.seals import find_seals
from pdf_files import pdf, text

# A drawn page at 150 dpi: a pledge with three places to sign, the second of them empty, and a company seal.
PAGE = (Path(__file__).parent / "data" / "signed_page.jpg").read_bytes()


@pytest.fixture(scope="module")
def scan() -> Document:
    with Image.open(io.BytesIO(PAGE)) as image:
        size = image.size
    drawing = "q 595 0 0 842 0 0 cm /Im1 Do Q"
    return read_pdf(pdf([drawing], image=(*size, PAGE)), "承诺书.pdf")


def marks(document: Document, kind: str) -> list[Mark]:
    return [m for m in document.marks if m.kind == kind]


def test_scanned_page_is_recognised(scan: Document) -> None:
    assert scan.ocr_pages == (1,)
    assert "法律责任。" in scan.text
    assert "某某智能科技有限公司" in scan.text
    assert all(b.origin == "ocr" and b.place.page == 1 and b.place.bbox for b in scan.blocks)
    wrapped = next(b for b in scan.blocks if "我单位承诺" in b.text)
    assert "误导性陈述或者重大遗漏" in wrapped.text


def test_seal_is_found_and_its_ring_read(scan: Document) -> None:
    (seal,) = marks(scan, "seal")
    assert seal.text == "某某智能科技有限公司"
    assert seal.score > 0.8
    assert seal.place.bbox is not None
    assert 38 < (seal.place.bbox.x1 - seal.place.bbox.x0) / 72 * 25.4 < 46


def test_signed_and_empty_places_are_told_apart(scan: Document) -> None:
    assert len(marks(scan, "signature")) == 2
    (blank,) = marks(scan, "blank_signature")
    assert "安全评估负责人" in blank.text
    assert {m.text[:3] for m in marks(scan, "signature")} == {"法定代", "合法性"}


def test_scan_without_recognition_says_so() -> None:
    document = read_image(PAGE, "承诺书.jpg", ocr=False)
    assert document.blocks == ()
    assert [(u.kind, u.page) for u in document.unreadable] == [("no_text_layer", 1)]
    assert document.unreadable[0].remedy
    assert [m.kind for m in document.marks] == ["seal"]


def test_missing_recogniser_is_reported_with_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    from assist_review.read import ocr

    ocr._engine.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    document = read_image(PAGE, "承诺书.jpg")
    ocr._engine.cache_clear()
    assert [u.kind for u in document.unreadable] == ["no_ocr"]
    assert "安装" in document.unreadable[0].remedy
    assert [m.kind for m in document.marks] == ["seal"]


def test_image_with_a_caption_in_the_text_layer_keeps_both(scan: Document) -> None:
    with Image.open(io.BytesIO(PAGE)) as image:
        size = image.size
    caption = "佐证材料三　单位负责人签署并加盖公章的承诺书扫描件原件"
    drawings = ["q 476 0 0 674 60 40 cm /Im1 Do Q", text(120, 60, caption)]
    document = read_pdf(pdf(drawings, image=(*size, PAGE)), "佐证.pdf")
    whole = "".join(b.text for b in document.blocks)
    assert "承诺书扫描件原件" in whole
    assert "某某智能科技有限公司" in whole
    assert whole.count("佐证材料三") == 1


def test_blank_page_is_marked_empty() -> None:
    white = io.BytesIO()
    Image.fromarray(np.full((1169, 827, 3), 250, dtype=np.uint8)).save(white, "PNG", dpi=(100, 100))
    document = read_image(white.getvalue(), "空白.png")
    assert [m.kind for m in document.marks] == ["empty"]
    assert document.pages == 1


def drawn_page() -> np.ndarray:
    return np.full((1169, 827, 3), 252, dtype=np.uint8)  # A4 at 100 dpi


def ring(page: np.ndarray, x: int, y: int, radius: int, colour: tuple[int, int, int]) -> None:
    rows, columns = np.ogrid[: page.shape[0], : page.shape[1]]
    distance = np.hypot(columns - x, rows - y)
    page[(distance < radius) & (distance > radius - 5)] = colour
    page[distance < radius * 0.25] = colour


def test_overlapping_seals_are_two() -> None:
    page = drawn_page()
    ring(page, 400, 400, 80, (205, 50, 50))
    ring(page, 430, 545, 80, (205, 50, 50))
    assert [s.round for s in find_seals(page, 0.72, None)] == [True, True]


@pytest.mark.parametrize(
    ("radius", "colour"),
    [
        pytest.param(80, (40, 60, 200), id="blue-ring"),
        pytest.param(14, (205, 50, 50), id="red-dot"),
        pytest.param(300, (205, 50, 50), id="ring-as-large-as-the-page"),
    ],
)
def test_other_rings_are_no_seals(radius: int, colour: tuple[int, int, int]) -> None:
    page = drawn_page()
    ring(page, 400, 500, radius, colour)
    assert find_seals(page, 0.72, None) == []


def test_red_heading_is_no_seal() -> None:
    page = drawn_page()
    for x in range(150, 680, 60):
        page[200:240, x : x + 40] = (200, 30, 30)
    assert find_seals(page, 0.72, None) == []


def label_line(words: str, x: float, y: float, name: str = "") -> list[Glyph]:
    """A printed label of 12-point characters, as recognised."""
    return [Glyph(c, x + 12 * i, y, x + 12 * i + 12, y + 12, 12) for i, c in enumerate(words + name)]


def paint(page: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> None:
    page[int(y0 / 0.72) : int(y1 / 0.72), int(x0 / 0.72) : int(x1 / 0.72)] = (30, 30, 60)


def judge(page: np.ndarray, glyphs: list[Glyph]) -> list[tuple[str, str, bool]]:
    found = marks_of(PageImage(1, page, 0.72), lines_of(glyphs, 1), None, scanned=False)
    return [(m.kind, m.text, m.score > 0.5) for m in found]


def test_underline_is_no_signature() -> None:
    page = drawn_page()
    paint(page, 220, 112, 400, 113.5)
    assert judge(page, label_line("负责人（签字）：", 72, 100)) == [("blank_signature", "负责人（签字）", True)]


def test_tall_ink_is_a_signature() -> None:
    page = drawn_page()
    for step in range(8):
        paint(page, 190 + 6 * step, 96 + 3 * (step % 3), 194 + 6 * step, 112 + 2 * (step % 2))
    assert judge(page, label_line("法定代表人（签名）：", 60, 100)) == [("signature", "法定代表人（签名）", True)]


def test_date_after_the_label_is_no_signature() -> None:
    page = drawn_page()
    glyphs = label_line("负责人（签字）：", 72, 100)
    date = label_line("2026年3月1日", 260, 100)
    for glyph in date:
        paint(page, glyph.x0 + 1, glyph.y0 + 1, glyph.x1 - 1, glyph.y1 - 1)
    assert judge(page, glyphs + date) == [("blank_signature", "负责人（签字）", True)]


def test_worn_edges_of_a_seal_are_no_signature() -> None:
    """Compression leaves dark crumbs with little red in the ring of a seal that reaches the place to sign."""
    import cv2

    page = drawn_page()
    cv2.circle(page, (480, 150), 80, (190, 40, 40), 6)
    for step in range(14):
        x, y = 420 + 8 * step, 128 + 3 * (step % 7)
        page[y : y + 2, x : x + 2] = (70, 45, 45)
    assert ("blank_signature", "负责人（签字）", True) in judge(page, label_line("负责人（签字）：", 72, 100))


def test_sentence_about_signing_is_no_place_to_sign() -> None:
    assert judge(drawn_page(), label_line("本报告由法定代表人签字并盖章后生效。", 72, 100)) == []


def test_company_seal_place_is_no_place_to_sign() -> None:
    assert judge(drawn_page(), label_line("申请单位（盖章）：", 72, 100)) == []


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", DamagedFile, id="empty"),
        pytest.param(PAGE[:3000], DamagedFile, id="cut-off"),
        pytest.param(b"GIF9 nothing", UnsupportedFormat, id="no-image"),
    ],
)
def test_unusable_images_are_named(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"图\.jpg"):
        read_image(data, "图.jpg", ocr=False)


def test_square_and_oval_stamps_are_seals() -> None:
    page = drawn_page()
    square, oval = np.zeros(page.shape[:2], dtype=bool), np.zeros(page.shape[:2], dtype=bool)
    square[200:270, 100:170] = True
    square[204:266, 104:166] = False
    square[220:250, 120:150:6] = True
    rows, columns = np.ogrid[: page.shape[0], : page.shape[1]]
    distance = ((columns - 500) / 85) ** 2 + ((rows - 240) / 60) ** 2
    oval[(distance < 1) & (distance > 0.88)] = True
    page[square | oval] = (205, 50, 50)
    found = find_seals(page, 0.72, None)
    assert [(s.round, round(s.millimetres)) for s in sorted(found, key=lambda s: s.box.x0)] == [
        (False, 18),
        (False, 43),
    ]
