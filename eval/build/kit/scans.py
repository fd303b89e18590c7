"""Image-only pages that look like scans: seals, handwriting, licences, contracts."""
# ruff: noqa: PLC0415

import io
import itertools
import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

A4 = (1240, 1754)  # 150 dpi
RED = (196, 26, 30)
_SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
_SERIF_BOLD = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
_SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
_FONTS: dict[tuple[str, int], Any] = {}


def font(size: int, kind: str = "serif") -> Any:
    """A Chinese font: serif, bold, sans."""
    path = {"serif": _SERIF, "bold": _SERIF_BOLD, "sans": _SANS}[kind]
    if (path, size) not in _FONTS:
        _FONTS[path, size] = ImageFont.truetype(path, size, index=2)
    return _FONTS[path, size]


class Sheet:
    """A page on which text is set from top to bottom; `y` is where the next line goes."""

    def __init__(
        self, size: tuple[int, int] = A4, margin: int = 130, paper: tuple[int, int, int] = (252, 251, 247)
    ) -> None:
        """A blank page."""
        self.image = Image.new("RGB", size, paper)
        self.draw = ImageDraw.Draw(self.image)
        self.margin, self.y = margin, margin

    def line(
        self,
        text: str,
        size: int = 26,
        kind: str = "serif",
        align: str = "left",
        gap: float = 1.7,
        x: int | None = None,
    ) -> tuple[int, int]:
        """One line; returns where it starts."""
        face = font(size, kind)
        wide = self.draw.textlength(text, font=face)
        left = x if x is not None else self.margin
        if align == "center":
            left = int((self.image.width - wide) / 2)
        elif align == "right":
            left = int(self.image.width - self.margin - wide)
        at = (left, self.y)
        self.draw.text(at, text, font=face, fill=(25, 25, 28))
        self.y += int(size * gap)
        return at

    def para(self, text: str, size: int = 26, kind: str = "serif", indent: bool = True) -> None:
        """A wrapped paragraph."""
        face = font(size, kind)
        room = self.image.width - 2 * self.margin
        current = "　　" if indent else ""
        for char in text:
            if self.draw.textlength(current + char, font=face) > room and char not in "，。；：、）”":
                self.line(current, size, kind)
                current = ""
            current += char
        self.line(current, size, kind)

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], size: int = 21) -> None:
        """A ruled table."""
        room = self.image.width - 2 * self.margin
        edges = [self.margin]
        for share in widths:
            edges.append(edges[-1] + int(room * share / sum(widths)))
        face = font(size)
        for row in rows:
            cells = []
            for at, text in enumerate(row):
                lines, current = [], ""
                for char in str(text):
                    if self.draw.textlength(current + char, font=face) > edges[at + 1] - edges[at] - 14:
                        lines.append(current)
                        current = ""
                    current += char
                cells.append([*lines, current])
            high = int(max(len(c) for c in cells) * size * 1.4 + 12)
            for at, lines in enumerate(cells):
                self.draw.rectangle((edges[at], self.y, edges[at + 1], self.y + high), outline=(60, 60, 60))
                for n, text in enumerate(lines):
                    self.draw.text((edges[at] + 7, self.y + 6 + n * size * 1.4), text, font=face, fill=(25, 25, 28))
            self.y += high
        self.y += 16

    def space(self, pixels: int) -> None:
        """Moves down."""
        self.y += pixels


def seal(
    image: Image.Image, centre: tuple[int, int], company: str, sub: str = "", radius: int = 140, seed: int = 1
) -> None:
    """A red round seal with the company's name along its upper edge, a star, and `sub` (e.g. 合同专用章)."""
    rng = random.Random(f"seal{seed}{company}")
    big = 2 * radius + 20
    layer = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    mid = big / 2
    draw.ellipse((8, 8, big - 8, big - 8), outline=(*RED, 235), width=6)
    points = []
    for at in range(10):
        r = radius * (0.27 if at % 2 == 0 else 0.11)
        angle = -math.pi / 2 + at * math.pi / 5
        points.append((mid + r * math.cos(angle), mid + r * math.sin(angle)))
    draw.polygon(points, fill=(*RED, 235))
    size = max(18, min(int(radius * 0.24), int(radius * 4.0 / max(8, len(company)))))
    face = font(size, "bold")
    span = math.radians(min(280, 22 * len(company)))
    for at, char in enumerate(company):
        angle = -math.pi / 2 - span / 2 + span * (at / max(1, len(company) - 1))
        glyph = Image.new("RGBA", (size * 2, size * 2), (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((size, size), char, font=face, fill=(*RED, 235), anchor="mm")
        glyph = glyph.rotate(-math.degrees(angle) - 90, resample=Image.Resampling.BICUBIC)
        r = radius * 0.78
        layer.alpha_composite(glyph, (int(mid + r * math.cos(angle) - size), int(mid + r * math.sin(angle) - size)))
    if sub:
        draw.text((mid, mid + radius * 0.52), sub, font=font(int(radius * 0.2), "bold"), fill=(*RED, 235), anchor="mm")
    pixels = layer.load()
    for _ in range(radius * 20):
        x, y = rng.randrange(big), rng.randrange(big)
        r, g, b, a = pixels[x, y]
        pixels[x, y] = (r, g, b, int(a * rng.uniform(0.2, 0.8)))
    layer = layer.rotate(rng.uniform(-14, 14), resample=Image.Resampling.BICUBIC)
    image.paste(layer, (int(centre[0] - mid), int(centre[1] - mid)), layer)


def signature(image: Image.Image, at: tuple[int, int], name: str, size: int = 58, seed: int = 1) -> None:
    """A name written as if by hand: slanted, wavy, joined strokes."""
    rng = random.Random(f"sign{seed}{name}")
    wide, high = int(size * (len(name) + 1.4)), size * 2
    layer = Image.new("L", (wide, high), 0)
    draw = ImageDraw.Draw(layer)
    x = size * 0.3
    ends = []
    for char in name:
        y = high / 2 + rng.uniform(-7, 7)
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text(
            (size, size), char, font=font(int(size * rng.uniform(0.85, 1.12))), fill=255, anchor="mm"
        )
        glyph = glyph.rotate(rng.uniform(-12, 6), resample=Image.Resampling.BICUBIC)
        layer.paste(255, (int(x + size / 2 - size), int(y - size)), glyph)
        ends.append((x + size / 2, y + size * 0.25))
        x += size * rng.uniform(0.72, 0.9)
    for (x0, y0), (x1, y1) in itertools.pairwise(ends):
        draw.line([(x0, y0), ((x0 + x1) / 2, max(y0, y1) + 8), (x1 - 10, y1 - 12)], fill=220, width=2)
    layer = layer.transform(
        layer.size, Image.Transform.AFFINE, (1, 0.28, -size * 0.25, 0, 1, 0), Image.Resampling.BICUBIC
    )
    wave = Image.new("L", layer.size, 0)
    phase = rng.uniform(0, 6)
    for col in range(wide):
        shift = int(3 * math.sin(col / 19 + phase))
        wave.paste(layer.crop((col, 0, col + 1, high)), (col, shift))
    ink = Image.new("RGB", layer.size, (22, 26, 48))
    image.paste(ink, (at[0], at[1] - size // 2), wave)


def scan(image: Image.Image, seed: int = 1, tilt: float = 0.7, grey: bool = False, noise: int = 5) -> Image.Image:
    """A page as a scanner gives it: slightly turned, soft, a little noise."""
    rng = random.Random(f"scan{seed}")
    out = image.rotate(rng.uniform(-tilt, tilt), resample=Image.Resampling.BICUBIC, fillcolor=(240, 239, 235))
    small = Image.frombytes("L", (160, 226), bytes(128 + rng.randint(-noise, noise) for _ in range(160 * 226)))
    veil = small.resize(out.size, Image.Resampling.BILINEAR).convert("RGB")
    out = Image.blend(out, veil, 0.06)
    out = out.filter(ImageFilter.GaussianBlur(0.5))
    return out.convert("L").convert("RGB") if grey else out


def jpeg(image: Image.Image, limit: int = 145_000, quality: int = 62) -> bytes:
    """JPEG bytes under `limit`."""
    while True:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, dpi=(150, 150))
        if out.tell() <= limit or quality < 20:
            return out.getvalue()
        quality -= 6


def save_jpg(image: Image.Image, path: Path, limit: int = 145_000) -> None:
    """One picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(image, limit))


def save_pdf(pages: Sequence[Image.Image], path: Path, limit: int = 145_000) -> None:
    """An image-only PDF."""
    from reportlab.lib.pagesizes import A4 as POINTS
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=POINTS, invariant=1)
    for page in pages:
        wide, high = POINTS if page.height >= page.width else (POINTS[1], POINTS[0])
        canvas.setPageSize((wide, high))
        canvas.drawImage(ImageReader(io.BytesIO(jpeg(page, limit))), 0, 0, wide, high)
        canvas.showPage()
    canvas.save()


def licence(
    fields: Mapping[str, str], registrar: str, issued: str, seed: int = 1, copy: str = "（副 本）"
) -> Image.Image:
    """A business licence (landscape) with its seal; fields in the order given, 统一社会信用代码 at the top left.

    Usual fields: 名称 类型 法定代表人 经营范围 注册资本 成立日期 营业期限 住所.
    """
    sheet = Sheet((1754, 1240), margin=120, paper=(251, 249, 240))
    draw = sheet.draw
    draw.rectangle((30, 30, 1724, 1210), outline=(176, 140, 60), width=10)
    draw.rectangle((48, 48, 1706, 1192), outline=(200, 170, 100), width=3)
    rng = random.Random(f"lic{seed}")
    for _ in range(26):
        y = rng.randrange(60, 1180)
        draw.line((60, y, 1694, y + rng.randrange(-30, 30)), fill=(244, 238, 220), width=2)
    sheet.y = 90
    sheet.line("营 业 执 照", 78, "bold", "center", 1.25)
    sheet.line(copy, 34, "serif", "center", 1.2)
    draw.text((120, 130), "统一社会信用代码", font=font(25), fill=(25, 25, 28))
    draw.text((120, 168), fields["统一社会信用代码"], font=font(31, "bold"), fill=(25, 25, 28))
    y = 340
    for name, value in fields.items():
        if name == "统一社会信用代码":
            continue
        draw.text((150, y), name, font=font(27), fill=(60, 60, 60))
        face, current = font(28), ""
        for char in value:
            if draw.textlength(current + char, font=face) > 1150:
                draw.text((340, y), current, font=face, fill=(20, 20, 24))
                y, current = y + 42, ""
            current += char
        draw.text((340, y), current, font=face, fill=(20, 20, 24))
        y += 66
    draw.text((1090, 1050), "登记机关", font=font(28), fill=(25, 25, 28))
    draw.text((1290, 1095), issued, font=font(30), fill=(25, 25, 28))
    seal(sheet.image, (1390, 1030), registrar, radius=120, seed=seed)
    return scan(sheet.image, seed, tilt=0.6)


def screenshot(
    title: str,
    lines: Sequence[str],
    button: str = "",
    seed: int = 1,  # noqa: ARG001
    size: tuple[int, int] = (860, 520),
    accent: tuple[int, int, int] = (38, 110, 200),
) -> Image.Image:
    """A plain picture of a product page: a bar, some lines, a button."""
    image = Image.new("RGB", size, (247, 248, 250))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], 56), fill=accent)
    draw.text((24, 14), title, font=font(24, "sans"), fill=(255, 255, 255))
    draw.rectangle((24, 80, size[0] - 24, size[1] - 24), fill=(255, 255, 255), outline=(214, 218, 224))
    for at, text in enumerate(lines):
        draw.text((50, 104 + 44 * at), text, font=font(21, "sans"), fill=(50, 54, 60))
    if button:
        draw.rectangle((50, size[1] - 96, 50 + 26 * len(button) + 40, size[1] - 46), fill=accent)
        draw.text((70, size[1] - 86), button, font=font(22, "sans"), fill=(255, 255, 255))
    return image


def signed_page(
    title: str,
    paragraphs: Sequence[str],
    signers: Sequence[tuple[str, str | None]],
    company: str,
    date: str,
    seed: int = 1,
    sealed: bool = True,
    seal_company: str | None = None,
    size: int = 27,
) -> Image.Image:
    """A pledge or signing page: text, a line per (role, name or None for unsigned), seal, date; already scanned."""
    sheet = Sheet()
    sheet.space(40)
    sheet.line(title, 42, "bold", "center", 2.2)
    for text in paragraphs:
        sheet.para(text, size)
        sheet.space(6)
    sheet.space(70)
    for at, (role, name) in enumerate(signers):
        sheet.line(f"{role}（签字）：", size, gap=3.0)
        if name:
            signature(sheet.image, (130 + size * (len(role) + 6), sheet.y - size * 3 + 14), name, seed=seed * 10 + at)
    sheet.space(30)
    sheet.line(f"{company}（盖章）", size, align="right", gap=2.2)
    sheet.line(date, size, align="right", gap=2)
    if sealed:
        seal(sheet.image, (A4[0] - 330, sheet.y - 90), seal_company or company, seed=seed)
    return scan(sheet.image, seed)
