"""Small PDFs made by hand: Chinese text in a font that is not embedded, rules, rectangles, an image."""

import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842


def text(
    x: float, y: float, words: str, *, size: float = 10.5, colour: str = "0 0 0", mode: int = 0, matrix: str = ""
) -> str:
    """Drawing of `words` with its baseline `y` points below the top of the page."""
    place = matrix or f"1 0 0 1 {x} {HEIGHT - y}"
    return f"BT {colour} rg {mode} Tr /F1 {size} Tf {place} Tm <{words.encode('utf-16-be').hex()}> Tj ET"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"0 0 0 RG 0.5 w {x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S"


def box(x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
    return f"{colour} rg {x0} {HEIGHT - y1} {x1 - x0} {y1 - y0} re f"


def grid(xs: Sequence[float], ys: Sequence[float], cells: Sequence[Sequence[str]]) -> list[str]:
    """A fully ruled table; a cell's text may have line feeds."""
    drawn = [line(x, ys[0], x, ys[-1]) for x in xs] + [line(xs[0], y, xs[-1], y) for y in ys]
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            for k, words in enumerate(cell.split("\n")):
                if words:
                    drawn.append(text(xs[j] + 3, ys[i] + 13 + 13 * k, words, size=9))
    return drawn


def pdf(*pages: Sequence[str], image: tuple[int, int, bytes] | None = None, extra: str = "") -> bytes:
    """A PDF with one page for each list of drawings; `image` (width, height, JPEG) can be drawn as /Im1."""
    objects: list[bytes] = [b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    cid = add(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 4>>/DW 1000/W[1[500] 814 939 500]/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light"
        b"/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>"
    )
    font = add(
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[%d 0 R]>>" % cid
    )
    resources = b"/Font<</F1 %d 0 R>>" % font
    if image is not None:
        width, height, data = image
        number = add(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (width, height, len(data), data)
        )
        resources += b"/XObject<</Im1 %d 0 R>>" % number
    kids = []
    for drawings in pages:
        stream = zlib.compress("\n".join(drawings).encode())
        content = add(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        kids.append(
            add(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<<%s>>/Contents %d 0 R%s>>"
                % (WIDTH, HEIGHT, resources, content, extra.encode())
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    out = b"%PDF-1.5\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    info = b""
    return out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, info, start)
