"""Office files as guarded packages of XML parts: sizes are checked, DTDs refused, nothing outside is fetched."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from lxml import etree

from assist_review.errors import DamagedFile, LimitExceeded
from assist_review.read.archive import MAX_MEMBERS, check_size

Element = etree._Element
MAX_PART_BYTES = 300 * 1024**2
MAX_TOTAL_BYTES = 1024**3
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DTD = tuple("<!DOCTYPE".encode(e) for e in ("ascii", "utf-16-le", "utf-16-be"))
# Strict Open XML says the same in other namespaces.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", b"http://schemas.openxmlformats.org/presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
_CORE = {"creator": "author", "lastModifiedBy": "last_author", "created": "created", "modified": "modified",
         "title": "title", "subject": "subject", "keywords": "keywords", "description": "description",
         "revision": "revision", "category": "category"}  # fmt: skip
_APP = {"Application": "producer", "Company": "company", "Template": "template", "Pages": "stated_pages"}


@dataclass(frozen=True)
class Relation:
    """A link from one part to another, or to something outside the file."""

    id: str
    type: str  # last word of the relationship type: "image", "comments", …
    target: str
    external: bool


class OfficePackage:
    """An Office Open XML file. Raises DamagedFile or LimitExceeded for files that are broken or bombs."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
            raise DamagedFile(f"“{file}”已损坏，无法打开。", "请用办公软件重新保存后提交。") from error
        if len(infos) > MAX_MEMBERS or sum(i.file_size for i in infos) > MAX_TOTAL_BYTES:
            raise LimitExceeded(f"“{file}”内部文件过多或解压后过大，未读取。", "请精简内容后重新保存。")
        for info in infos:
            check_size(f"{file}”中的“{info.filename}", info.file_size, info.compress_size)
        self._infos = {info.filename.lstrip("/").lower(): info for info in infos}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all parts, in lower case."""
        return tuple(self._infos)

    def open(self, name: str) -> IO[bytes] | None:
        """The part as a stream, None if there is none. The caller counts what it reads."""
        info = self._infos.get(name.lstrip("/").lower())
        if info is None:
            return None
        if info.flag_bits & 1:
            raise DamagedFile(f"“{self.file}”的内部文件被加密，无法读取。", "请去除密码后重新保存。")
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise self.broken(name) from error

    def part(self, name: str) -> bytes | None:
        """The bytes of a part, None if there is none."""
        stream = self.open(name)
        if stream is None:
            return None
        try:
            data = stream.read(MAX_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self.broken(name) from error
        if len(data) > MAX_PART_BYTES:
            raise LimitExceeded(f"“{self.file}”中的“{name}”过大，未读取。", "请精简内容后重新保存。")
        return data

    def xml(self, name: str) -> Element | None:
        """The root element of an XML part, None if there is no such part."""
        data = self.part(name)
        if data is None:
            return None
        return parse_xml(data, f"{self.file}”中的“{name}")

    def relations(self, name: str) -> dict[str, Relation]:
        """The relations of a part ("" for the file itself) by id; targets are names of parts."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relation] = {}
        for each in root.iter(_RELATIONSHIP) if root is not None else ():
            external = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            id_ = each.get("Id", "")
            found[id_] = Relation(id_, each.get("Type", "").rsplit("/", 1)[-1], target, external)
        return found

    def main_part(self, fallback: str) -> str:
        """The name of the part that holds the document itself."""
        for relation in self.relations("").values():
            if relation.type == "officeDocument":
                return relation.target
        return fallback

    def properties(self) -> dict[str, str]:
        """File metadata: author, title, times, program, and whether there are macros."""
        kept: dict[str, str] = {}
        for part, names in (("docProps/core.xml", _CORE), ("docProps/app.xml", _APP)):
            root = self.xml(part)
            for child in root if root is not None else ():
                name = names.get(local(child))
                text = (child.text or "").strip()
                if name and text:
                    kept[name] = text[:500]
        if any(name.endswith("vbaproject.bin") for name in self.names):
            kept["macros"] = "yes"
        return kept

    def embedded(self) -> tuple[str, ...]:
        """Names of whole files put inside this one (OLE objects), which are not read."""
        return tuple(name for name in self.names if "/embeddings/" in name)

    def broken(self, name: str) -> DamagedFile:
        """The error for a part that is missing or cannot be read."""
        return DamagedFile(f"“{self.file}”中的“{name}”已损坏，无法读取。", "请用办公软件打开并重新保存后提交。")


def local(element: Element) -> str:
    """The tag of `element` without its namespace ("" for comments and the like)."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def texts(root: Element, tag: str) -> Iterator[str]:
    """The texts of all elements below `root` with this tag."""
    return (each.text for each in root.iter(tag) if each.text)


def parse_xml(data: bytes, name: str) -> Element:
    """The root element of `data`; a DTD, which no office program writes, is refused.

    An entity in a DTD can blow up memory, fetch files, or make a parser drop text without a word.
    """
    if any(mark in data for mark in _DTD):
        raise DamagedFile(f"“{name}”含有DTD实体声明，可能是恶意构造，未读取。", "请用办公软件打开并重新保存后提交。")
    if b"purl.oclc.org/ooxml" in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"“{name}”不是有效的XML，文件已损坏。", "请用办公软件打开并重新保存后提交。") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DamagedFile(f"“{name}”含有DTD实体声明，可能是恶意构造，未读取。", "请用办公软件打开并重新保存后提交。")
    return root


def whole(value: str | None, default: int = 0) -> int:
    """The whole number an attribute states (some programs write "12.0"), `default` if it states none."""
    try:
        return int(float(value)) if value else default
    except (ValueError, OverflowError):
        return default


def decimal(value: str | None, default: float = 0.0) -> float:
    """The number an attribute states, `default` if it states none."""
    try:
        return float(value) if value else default
    except ValueError:
        return default


def is_on(value: str | None) -> bool:
    """Whether an on/off attribute is on; absent means on, as for `<w:b/>`."""
    return value is None or re.fullmatch(r"0|false|off|none", value) is None
