"""Uploaded bytes, stored once under their hash; page images and read documents beside them."""

import hashlib
import os
import re
import shlex
import subprocess
import tempfile
import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from assist_review.errors import AssistReviewError
from assist_review.filing import Document
from assist_review.web.models import DocumentRecord

_BAD = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u202a-\u202e\u2066-\u2069]")
ALLOWED = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "xlsm",
        "csv",
        "tsv",
        "txt",
        "md",
        "html",
        "htm",
        "ppt",
        "pptx",
        "jpg",
        "jpeg",
        "png",
        "tif",
        "tiff",
        "bmp",
        "webp",
        "zip",
        "wps",
        "et",
    ]
)


class UploadError(AssistReviewError):
    """An upload that is not taken, and why."""


def clean_path(name: str) -> str:
    """`name` as a path inside a package: "/" between folders, no steps upwards, no characters systems refuse."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts = [_BAD.sub("_", part).strip(" .") or "_" for part in text.split("/") if part not in ("", ".", "..")]
    if not parts:
        raise UploadError("文件没有名称，请重命名后上传。")
    path = "/".join(part[-120:] for part in parts[-6:])
    extension = extension_of(path)
    if extension not in ALLOWED:
        raise UploadError(f"“{parts[-1]}”的格式不能提交。请转换为 PDF、DOCX、XLSX、图片或 ZIP 后上传。")
    return path


def extension_of(path: str) -> str:
    """The extension in lower case, "" where there is none."""
    return path.rpartition(".")[2].lower() if "." in path.rsplit("/", 1)[-1] else ""


def put(chunks: Iterable[bytes], name: str) -> tuple[str, int]:
    """Stores the bytes; returns their SHA-256 and size. Raises UploadError over the size limit or where the scanner says no."""
    root = settings.HOME / "files"
    root.mkdir(exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, beside = tempfile.mkstemp(dir=root, prefix=".upload-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.MAX_FILE_BYTES:
                    raise UploadError(
                        f"“{name}”超过 {settings.MAX_FILE_BYTES // 2**20} MB 的限制，请压缩图片或拆分后上传。"
                    )
                digest.update(chunk)
                out.write(chunk)
        if not size:
            raise UploadError(f"“{name}”是空文件（0 字节），请检查后重新上传。")
        _scan(Path(beside), name)
        target = path_of(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(beside, 0o440)
        os.replace(beside, target)
    finally:
        Path(beside).unlink(missing_ok=True)
    return digest.hexdigest(), size


def _scan(path: Path, name: str) -> None:
    if settings.SCANNER:
        done = subprocess.run(
            [*shlex.split(settings.SCANNER), str(path)], capture_output=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise UploadError(f"“{name}”未通过安全扫描，没有保存。")


def path_of(sha256: str) -> Path:
    """Where the bytes of this hash lie."""
    return Path(settings.HOME) / "files" / sha256[:2] / sha256[2:4] / sha256


def page_folder(sha256: str) -> Path:
    """Where the page images of this file lie."""
    return Path(settings.HOME) / "pages" / sha256[:2] / sha256


def lay_out(files: Iterable[tuple[str, str]], folder: Path) -> None:
    """A package as a folder: each (path, sha256) as a hard link where the system allows it, else a copy."""
    for path, sha256 in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path_of(sha256), target)
        except OSError:
            target.write_bytes(path_of(sha256).read_bytes())


def keep(document: Document, extension: str) -> None:
    """Stores a document as it was read."""
    value = zlib.compress(document.model_dump_json().encode(errors="replace"), 6)
    DocumentRecord.objects.update_or_create(sha256=document.sha256, extension=extension, defaults={"value": value})


@lru_cache(maxsize=24)
def document(sha256: str, extension: str) -> Document | None:
    """The document as it was read, None where it has not been (or could not be)."""
    row = DocumentRecord.objects.filter(sha256=sha256, extension=extension).only("value").first()
    return Document.model_validate_json(zlib.decompress(bytes(row.value))) if row and row.value else None
