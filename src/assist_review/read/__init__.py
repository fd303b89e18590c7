"""read: a package of files → documents, each with its role, and what could not be read."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assist_review.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from assist_review.filing import Document, Role, Unreadable
from assist_review.read.kinds import KIND_NAMES, Kind, kind_of, type_note

ARCHIVES: tuple[Kind, ...] = ("zip", "tar")
Reader = Callable[[bytes, str, Sequence[str], bool], Document]


def read(
    package: Path,
    *,
    lexicon: dict[str, Any],
    roles: Mapping[str, str] = {},
    passwords: Sequence[str] = (),
    ocr: bool = True,
    cache: Path | None = None,
    jobs: int = 2,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[tuple[Document, ...], tuple[tuple[str, Unreadable], ...]]:
    """The documents of `package` (a folder, one file, or an archive) by path, and the files that gave none.

    `roles` maps a path, or a bare file name, to the role it is given whatever was recognised. `progress` is called
    with a file, the number done and the number known. Raises ReadError if there is no package, SettingsError for a
    role or file that does not exist, StoreError if `cache` cannot be written.
    """
    from assist_review.read.package import given_roles, read_package
    from assist_review.read.roles import assign_roles

    documents, unread = read_package(
        package, passwords=tuple(passwords), ocr=ocr, cache=cache, jobs=jobs, progress=progress
    )
    own = tuple(lexicon.get("roles", {}))
    allowed = tuple(Role) if set(own) <= set(Role) else (*own, Role.OTHER)
    return given_roles(assign_roles(documents, lexicon), roles, unread, allowed), unread


def read_bytes(data: bytes, file: str, *, passwords: Sequence[str] = (), ocr: bool = True) -> Document:
    """Read one file by what it really is. To be called in a sandbox only. Raises ReadError."""
    kind = kind_of(data, file)
    if kind == "empty":
        raise DamagedFile(f"“{file}”是空文件（0字节）。", "请检查后重新提交该文件。")
    reader = READERS.get(kind)
    if reader is None:
        raise UnsupportedFormat(
            f"“{file}”{_REFUSED.get(kind, '的格式无法识别，不能读取。')}", _REMEDIES.get(kind, _OTHER)
        )
    document = reader(data, file, passwords, ocr)
    note = type_note(file, kind)
    if note:
        document = document.model_copy(update={"properties": {**document.properties, "type_note": note}})
    return document


def _pdf(data: bytes, file: str, passwords: Sequence[str], ocr: bool) -> Document:
    from assist_review.read.pdf import read_pdf

    try:
        return read_pdf(data, file, ocr=ocr)
    except EncryptedFile as error:
        for password in passwords:
            try:
                return read_pdf(data, file, password=password, ocr=ocr)
            except EncryptedFile:
                continue
        raise error


def _image(data: bytes, file: str, _: Sequence[str], ocr: bool) -> Document:
    from assist_review.read.image import read_image

    return read_image(data, file, ocr=ocr)


def _docx(data: bytes, file: str, _: Sequence[str], ocr: bool) -> Document:
    from assist_review.read.docx import read_docx

    return read_docx(data, file, ocr=ocr)


def _sheet(data: bytes, file: str, passwords: Sequence[str], ocr: bool) -> Document:
    from assist_review.read.sheet import read_sheet

    try:
        return read_sheet(data, file)
    except EncryptedFile:
        return _encrypted(data, file, passwords, ocr)


def _slides(data: bytes, file: str, _: Sequence[str], __: bool) -> Document:
    from assist_review.read.slides import read_slides

    return read_slides(data, file)


def _text(data: bytes, file: str, _: Sequence[str], __: bool) -> Document:
    from assist_review.read.plain import read_plain

    return read_plain(data, file)


def _html(data: bytes, file: str, _: Sequence[str], __: bool) -> Document:
    from assist_review.read.html import read_html

    return read_html(data, file)


def _encrypted(data: bytes, file: str, passwords: Sequence[str], ocr: bool) -> Document:
    from assist_review.read.office import decrypted

    return _same_file(read_bytes(decrypted(data, file, passwords), file, ocr=ocr), data, "")


def _old_office(data: bytes, file: str, _: Sequence[str], ocr: bool) -> Document:
    from assist_review.read.office import converted

    new, ext = converted(data, file)
    return _same_file(read_bytes(new, f"{file}.{ext}", ocr=ocr), data, "旧版格式，由LibreOffice转换后读取。")


def _same_file(document: Document, data: bytes, note: str) -> Document:
    """`document`, read from something made of `data`, as the document of `data` itself."""
    from hashlib import sha256

    properties = {**document.properties, **({"type_note": note} if note else {})}
    update = {"sha256": sha256(data).hexdigest(), "size_bytes": len(data), "properties": properties}
    return document.model_copy(update=update)


READERS: dict[Kind, Reader] = {
    "pdf": _pdf,
    "docx": _docx,
    "sheet": _sheet,
    "slides": _slides,
    "image": _image,
    "text": _text,
    "html": _html,
    "old_office": _old_office,
    "encrypted_office": _encrypted,
}

_OTHER = "请转换为PDF、DOCX、XLSX或图片后重新提交。"
_REFUSED: dict[Kind, str] = {kind: f"是{KIND_NAMES[kind]}，不能直接读取。" for kind in ("7z", "rar", "ofd")}
_REMEDIES: dict[Kind, str] = {
    "7z": "请解压后重新打包为ZIP，或直接以文件夹提交。",
    "rar": "请解压后重新打包为ZIP，或直接以文件夹提交。",
    "ofd": "请用OFD阅读器另存为PDF后重新提交。",
}
