"""Page images of one file, drawn in a child process: `python -m assist_review.read.page_images`.

Arguments: path, its extension, output folder, dpi, first and last page (from 1), memory limit in bytes. Writes
`<page>.webp` for each page and prints one JSON line: {"pages": [[width, height], ...]} in points, for all pages.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from assist_review.errors import DamagedFile

IMAGES = ("jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp")
DRAWN = ("pdf", *IMAGES)
_MEMORY_BYTES = 2 * 1024**3
_WALL_S = 120
_MAX_PAGES = 2000


def draw(
    path: Path, extension: str, folder: Path, *, first: int, last: int, dpi: int = 110
) -> list[tuple[float, float]]:
    """Draws pages `first` to `last` of `path` into `folder`; returns the size of every page in points.

    Raises DamagedFile where the file cannot be drawn or takes too long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "assist_review.read.page_images", str(path), extension, str(folder), str(dpi), str(first),
        str(last), str(_MEMORY_BYTES),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        try:
            out, _ = child.communicate(timeout=_WALL_S)
        except subprocess.TimeoutExpired as error:
            with suppress(ProcessLookupError, AttributeError):
                os.killpg(child.pid, signal.SIGKILL)
            child.kill()
            raise DamagedFile("页面绘制超时，未能显示。", "请下载原文件查看。") from error
    if child.returncode != 0:
        raise DamagedFile("页面无法绘制。", "请下载原文件查看。")
    return [(float(w), float(h)) for w, h in json.loads(out)["pages"]]


def main() -> None:
    """Draws as the arguments say."""
    path, extension, folder, dpi, first, last, memory = sys.argv[1:8]
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_WALL_S, _WALL_S))
    drawer = _pdf if extension == "pdf" else _image
    pages = drawer(Path(path), Path(folder), int(dpi), int(first), int(last))
    print(json.dumps({"pages": pages}))


def _save(image: Any, folder: Path, number: int) -> None:
    """Written beside and renamed, so that a reader never sees half a picture."""
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=80, method=3)
    beside = folder / f".{number}.{os.getpid()}"
    beside.write_bytes(buffer.getvalue())
    beside.replace(folder / f"{number}.webp")


def _pdf(path: Path, folder: Path, dpi: int, first: int, last: int) -> list[tuple[float, float]]:
    from PIL import Image

    from assist_review.read.pdf_page import load_page, open_pdf, render

    document = open_pdf(path.read_bytes(), None)
    count = min(len(document), _MAX_PAGES)
    sizes = [(round(w, 1), round(h, 1)) for w, h in (document.get_page_size(n) for n in range(count))]
    for number in range(first, min(last, count) + 1):
        if (folder / f"{number}.webp").exists():
            continue
        page, _ = load_page(document, number - 1)
        _save(Image.fromarray(render(page, dpi, max_pixels=4_000_000)), folder, number)
        page.close()
    return sizes


def _image(path: Path, folder: Path, dpi: int, first: int, last: int) -> list[tuple[float, float]]:  # noqa: ARG001
    from PIL import Image

    from assist_review.read.image import upright_frames

    sizes = []
    # The frames the reader saw, at its scale: the boxes of evidence fit them.
    for number, (pixels, points) in enumerate(upright_frames(path.read_bytes(), path.name)[0], 1):
        sizes.append((round(pixels.shape[1] * points, 1), round(pixels.shape[0] * points, 1)))
        if first <= number <= last and not (folder / f"{number}.webp").exists():
            picture = Image.fromarray(pixels)
            picture.thumbnail((1800, 1800))
            _save(picture, folder, number)
    return sizes


if __name__ == "__main__":
    main()
