"""Documents read before, kept by the content of their files."""

import hashlib
import os
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ValidationError

from assist_review.errors import StoreError
from assist_review.filing import Document
from assist_review.read.kinds import extension

_LIBRARIES = ("lxml", "python-calamine", "pypdf", "pypdfium2", "pdfplumber", "rapidocr", "onnxruntime")


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A digest of the readers' source and the libraries they stand on: another one makes another document."""
    home = Path(__file__).parent
    digest = hashlib.sha256()
    for source in (*sorted(home.glob("*.py")), home.parent / "filing.py", home.parent / "text.py"):
        digest.update(source.read_bytes())
    for library in _LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()


class Cache:
    """A folder of documents as JSON without their path; `None` as folder keeps nothing."""

    def __init__(self, folder: Path | None, *, ocr: bool) -> None:
        self.folder = folder
        self.ocr = ocr

    def get(self, sha256: str, file: str) -> Document | None:
        """The document a file with these bytes gave, under the path `file`; None if unknown or spoilt."""
        if self.folder is None:
            return None
        try:
            return load(self._path(sha256, file).read_bytes(), file)
        except (OSError, ValidationError):
            return None

    def put(self, sha256: str, file: str, document: bytes) -> None:
        """Keep the JSON of a document. Raises StoreError if the folder cannot be written."""
        if self.folder is None:
            return
        path = self._path(sha256, file)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(document)
            part.replace(path)
        except OSError as error:
            raise StoreError(
                f"缓存目录“{self.folder}”无法写入：{error.strerror}。请检查权限和剩余空间，或不使用缓存。"
            ) from error

    def forget(self, sha256: str, file: str) -> None:
        """No longer keep the document of these bytes, as the present readers made it."""
        if self.folder is not None:
            self._path(sha256, file).unlink(missing_ok=True)

    def _path(self, sha256: str, file: str) -> Path:
        assert self.folder is not None
        options = f"{sha256} {reader_version()} {extension(file)} ocr={self.ocr}"
        key = hashlib.sha256(options.encode()).hexdigest()
        return self.folder / key[:2] / f"{key}.json"


def load(document: bytes, file: str) -> Document:
    """A document from its JSON, under the path `file`. Raises ValidationError."""
    return Document.model_validate_json(document).model_copy(update={"file": file})
