"""Images: photographs and scans of licences, seals and signed pages."""

import hashlib
import io
from typing import Any

from assist_review.errors import DamagedFile, LimitExceeded, UnsupportedFormat
from assist_review.filing import Document, Mark, Unreadable
from assist_review.read.blocks import BlockBuilder
from assist_review.read.paragraphs import PageFlow

MAX_FRAMES = 300  # pages of a TIFF
MAX_PIXELS = 200_000_000
_WORK_PIXELS = 12_000_000  # larger images are made smaller before they are read
_A4_LONG = 841.9  # points
_SAMPLE_DPI = (100, 1300)  # a stated resolution outside of this says nothing about the paper
_PROPERTIES = {271: "camera_make", 272: "camera_model", 305: "software", 306: "created", 315: "author", 270: "title"}


def read_image(data: bytes, file: str, *, ocr: bool = True) -> Document:
    """The document in an image file. Raises DamagedFile, UnsupportedFormat or LimitExceeded."""
    if not data:
        raise DamagedFile(f"“{file}”是空文件（0字节）。", "请检查后重新提交该文件。")
    frames, properties = upright_frames(data, file)
    flows: list[PageFlow] = []
    marks: list[Mark] = []
    unreadable: list[Unreadable] = []
    ocr_pages: list[int] = []
    for number, (pixels, points_per_pixel) in enumerate(frames, start=1):
        height, width = pixels.shape[:2]
        flow = PageFlow(number, width * points_per_pixel, height * points_per_pixel, [], [])
        flows.append(flow)
        if ocr:
            from assist_review.read.ocr import NoRecogniser
            from assist_review.read.scan import read_scan

            try:
                found = read_scan(pixels, number, points_per_pixel)
            except NoRecogniser as error:
                ocr = False
                unreadable.append(Unreadable(kind=error.kind, reason=str(error), remedy=error.remedy, page=number))
            else:
                flow.lines, flow.grids, flow.form = found.lines, found.grids, found.form
                marks += found.marks
                if found.glyphs:
                    ocr_pages.append(number)
                continue
        else:
            unreadable.append(
                Unreadable(
                    kind="no_text_layer", reason=f"“{file}”是图片，本次未做文字识别。",
                    remedy="启用文字识别后重新运行，或者提供可编辑的文件。", page=number,
                )
            )  # fmt: skip
        from assist_review.read.scan import marks_without_text

        marks += marks_without_text(pixels, number, points_per_pixel)
    builder = BlockBuilder()
    builder.add(flows)
    return Document(
        file=file, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), format="image", pages=len(flows),
        blocks=tuple(builder.blocks), tables=tuple(builder.tables), hidden=tuple(builder.hidden), marks=tuple(marks),
        unreadable=tuple(unreadable), ocr_pages=tuple(ocr_pages), properties=properties,
    )  # fmt: skip


def upright_frames(data: bytes, file: str) -> tuple[list[tuple[Any, float]], dict[str, str]]:
    """Each page as an upright RGB array with the size of its pixels in points, and the file's metadata."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limit below gives a message of its own
    try:
        with Image.open(io.BytesIO(data)) as image:
            count = getattr(image, "n_frames", 1) if image.format in ("TIFF", "MPO") else 1
            if image.width * image.height > MAX_PIXELS or count > MAX_FRAMES:
                raise LimitExceeded(
                    f"“{file}”过大（{image.width}×{image.height}像素，{count}页），未读取。",
                    "请降低分辨率或拆分后重新提交。",
                )
            properties = {
                name: str(value).strip()[:500]
                for tag, name in _PROPERTIES.items()
                if (value := image.getexif().get(tag)) and str(value).strip()
            }
            properties["pixels"] = f"{image.width}×{image.height}"
            frames = []
            for index in range(1 if image.format == "MPO" else count):
                image.seek(index)
                frames.append(_upright(image))
    except UnidentifiedImageError as error:
        raise UnsupportedFormat(f"“{file}”的图片格式无法识别。", "请转换为JPG或PNG后重新提交。") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise DamagedFile(f"“{file}”已损坏或不完整，无法打开。", "请重新扫描或导出后提交。") from error
    return frames, properties


def _upright(image: Any) -> tuple[Any, float]:
    import numpy as np
    from PIL import Image, ImageOps

    stated = image.info.get("dpi", (0, 0))
    turned = ImageOps.exif_transpose(image)
    if turned.width * turned.height > _WORK_PIXELS:
        shrink = (_WORK_PIXELS / (turned.width * turned.height)) ** 0.5
        turned = turned.resize((max(1, int(turned.width * shrink)), max(1, int(turned.height * shrink))))
        stated = (stated[0] * shrink, stated[1] * shrink) if stated and stated[0] else (0, 0)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        layer = turned.convert("RGBA")
        turned = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    pixels = np.asarray(turned.convert("RGB"))
    dpi = float(stated[0]) if stated else 0.0
    if not _SAMPLE_DPI[0] <= dpi <= _SAMPLE_DPI[1]:
        # Without a usable resolution a licence or page is taken to fill an A4 sheet; smaller pictures are screens.
        long_side = max(pixels.shape[:2])
        return pixels, _A4_LONG / long_side if long_side > 1100 else 0.75
    return pixels, 72 / dpi
