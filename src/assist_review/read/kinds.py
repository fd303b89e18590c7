"""What a file really is, decided by its first bytes; its extension only settles ties."""

import io
import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, Literal

Kind = Literal[
    "pdf", "docx", "sheet", "slides", "image", "text", "html", "zip", "tar",
    "old_office", "encrypted_office", "7z", "rar", "ofd", "empty", "unknown",
]  # fmt: skip

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x00\x0cjP  ")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_EXTENSIONS: dict[Kind, str] = {
    "pdf": "pdf", "docx": "docx docm dotx", "sheet": "xlsx xlsm xlsb xls et ods csv tsv", "slides": "pptx pptm ppsx",
    "image": "jpg jpeg png bmp gif tif tiff webp heic heif jp2", "html": "html htm xhtml", "zip": "zip",
    "tar": "tar gz tgz bz2 tbz xz txz", "old_office": "doc wps ppt dps rtf odt odp xml", "7z": "7z", "rar": "rar",
    "text": "txt md log json jsonl xml yaml yml ini", "ofd": "ofd", "encrypted_office": "docx xlsx pptx doc xls ppt",
}  # fmt: skip
KIND_NAMES: dict[Kind, str] = {
    "pdf": "PDF", "docx": "Word文档（DOCX）", "sheet": "电子表格", "slides": "演示文稿（PPTX）", "image": "图片",
    "text": "纯文本", "html": "网页", "zip": "ZIP压缩包", "tar": "压缩包", "old_office": "旧版办公文档",
    "encrypted_office": "加密的办公文档", "7z": "7Z压缩包", "rar": "RAR压缩包", "ofd": "OFD版式文档",
}  # fmt: skip


def extension(file: str) -> str:
    """The extension of a path in lower case, without the dot."""
    return PurePosixPath(file).suffix.lower().lstrip(".")


def kind_of(data: bytes, file: str) -> Kind:
    """The kind of a file with these bytes. An extension is believed only where the bytes fit several kinds."""
    if not data:
        return "empty"
    head = data[:1024]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(io.BytesIO(data), extension(file))
    if head.startswith(_OLE):
        return _ole_kind(data, extension(file))
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] in _HEIC:
        return "image"
    if head.startswith(b"7z\xbc\xaf\x27\x1c"):
        return "7z"
    if head.startswith(b"Rar!\x1a\x07"):
        return "rar"
    if head.startswith(_PACKED) or head[257:262] == b"ustar":
        return "tar"
    if head.startswith(b"{\\rtf") or b"<?mso-application" in head:
        return "old_office"
    return _text_kind(data, extension(file))


_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftypavif")


def kind_at(path: Path, file: str) -> Kind:
    """The kind of the file at `path`, called `file` in the package; large archives are not held in memory for it."""
    with path.open("rb") as stream:
        start = stream.read(1024)
        if start.startswith(b"PK"):
            stream.seek(0)
            return _zip_kind(stream, extension(file))
    if start.startswith(_PACKED) or start[257:262] == b"ustar":
        return "tar"
    return kind_of(path.read_bytes(), file)


def _zip_kind(stream: IO[bytes], ext: str) -> Kind:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()[:5000]
            stored = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        office: tuple[Kind, ...] = ("docx", "sheet", "slides")  # a broken one is named as what it was meant to be
        return next((kind for kind in office if ext in _EXTENSIONS[kind].split()), "zip")
    if b"opendocument.spreadsheet" in stored:
        return "sheet"
    if b"opendocument" in stored:
        return "old_office"
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        for folder, kind in _OOXML.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "zip"


_OOXML: dict[str, Kind] = {"word/": "docx", "xl/": "sheet", "ppt/": "slides"}


def _ole_kind(data: bytes, ext: str) -> Kind:
    """OLE containers name their streams in UTF-16; the names alone tell what they are."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") + b"\0\0" in data

    if has("EncryptedPackage"):
        return "encrypted_office"
    if has("WordDocument") and not (ext in ("xls", "et") and has("Workbook")):
        return "old_office"
    return "sheet" if has("Workbook") or has("Book") else "old_office"


def _text_kind(data: bytes, ext: str) -> Kind:
    start = data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or _decodes(data[:200_000]):
        if ext in ("csv", "tsv"):
            return "sheet"
        if re.match(
            rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", start, re.I | re.S
        ):
            return "html"
        return "html" if ext in ("html", "htm", "xhtml") else "text"
    return "unknown"


def _decodes(data: bytes) -> bool:
    if b"\0" in data:
        return False
    control = sum(data.count(bytes([c])) for c in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if control > len(data) / 100:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(data) - 4:
                continue
        return True
    return False


def type_note(file: str, kind: Kind) -> str:
    """A Chinese note if the extension of `file` promises another kind than it is, else ""."""
    ext = extension(file)
    promised = {k for k, known in _EXTENSIONS.items() if ext in known.split()}
    if not ext or not promised or kind in promised or kind not in KIND_NAMES or {kind, *promised} <= {"text", "html"}:
        return ""
    return f"扩展名为“.{ext}”，实际内容是{KIND_NAMES[kind]}，已按实际内容读取。"
