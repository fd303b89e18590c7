"""Archives: ZIP and TAR members are unpacked under invented names; the names inside are data, never paths.

Limits are checked on what the archive declares and again on what really comes out of it.
"""

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assist_review.errors import DamagedFile, EncryptedFile, LimitExceeded, ReadError
from assist_review.filing import Unreadable

MAX_MEMBERS = 5_000
MAX_TOTAL_BYTES = 2 * 1024**3
MAX_RATIO = 100
RATIO_FLOOR_BYTES = 10 * 1024**2  # smaller members may be packed as tightly as they like
MAX_DEPTH = 3
_CHUNK = 1 << 20
_SMALLER = "请拆分后重新打包，或直接以文件夹提交。"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    lzma.LZMAError,
    tarfile.TarError,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class Unpacked:
    """What came out of one archive: members with the name they had and where they lie now, and what did not."""

    members: tuple[tuple[str, Path], ...]
    problems: tuple[tuple[str, Unreadable], ...]


def unreadable(error: ReadError, page: int | None = None) -> Unreadable:
    """`error` as the value kept in a review."""
    return Unreadable(kind=error.kind, reason=str(error), remedy=error.remedy, page=page)


def unpack(
    archive: Path, file: str, into: Path, *, passwords: Sequence[str] = (), max_bytes: int = MAX_TOTAL_BYTES
) -> Unpacked:
    """Unpack `archive` (called `file` in the package) into the folder `into`; members keep "/" in their names.

    Raises ReadError if nothing can be had from it; a member that cannot be had is a problem of its own.
    """
    with archive.open("rb") as stream:
        start = stream.read(4)
        stream.seek(0)
        if start[:2] == b"PK":
            return _Unpacker(file, into, max_bytes).zip(stream, passwords)
        return _Unpacker(file, into, max_bytes).tar(stream, start)


def zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a ZIP member as its maker wrote it: UTF-8 where said or evident, else GBK (Chinese Windows)."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def safe_name(name: str) -> str | None:
    """`name` with "/" separators, or None if it is absolute, climbs out of the archive, or holds no name at all."""
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or not parts or "\0" in name or name[1:2] == ":":
        return None
    return "/".join(parts)


def is_noise(name: str) -> bool:
    """Whether a path names something an operating system or an office program left behind."""
    parts = name.split("/")
    last = parts[-1].lower()
    return (
        any(part == "__MACOSX" or (part.startswith(".") and len(part) > 1) for part in parts)
        or last in ("thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r")
        or last.startswith(("~$", ".~"))
    )


def check_size(name: str, size: int, packed: int) -> None:
    """Raise LimitExceeded if a member of `size` bytes was packed suspiciously well."""
    if size > RATIO_FLOOR_BYTES and size > MAX_RATIO * max(packed, 1):
        raise LimitExceeded(
            f"“{name}”解压后约{size / 2**20:.0f}MB，是压缩后的{size // max(packed, 1)}倍，"
            f"超过{MAX_RATIO}倍的限制，疑似压缩炸弹。",
            "请检查该文件，去除多余内容后重新保存。",
        )


class _Unpacker:
    def __init__(self, file: str, into: Path, max_bytes: int) -> None:
        self.file, self.into, self.left = file, into, max_bytes
        self.max_bytes = max_bytes
        self.members: list[tuple[str, Path]] = []
        self.problems: list[tuple[str, Unreadable]] = []
        self.names: dict[str, int] = {}
        into.mkdir(parents=True, exist_ok=True)

    @property
    def result(self) -> Unpacked:
        return Unpacked(tuple(self.members), tuple(self.problems))

    def zip(self, stream: IO[bytes], passwords: Sequence[str]) -> Unpacked:
        try:
            archive = zipfile.ZipFile(stream)
            infos = [info for info in archive.infolist() if not info.is_dir()]
        except (*_BROKEN, NotImplementedError) as error:
            raise DamagedFile(f"“{self.file}”不是完整的ZIP压缩包，无法打开。", "请重新压缩后提交。") from error
        self._count(len(archive.infolist()))
        self._total(sum(info.file_size for info in infos))
        keys = _keys(archive, [i for i in infos if i.flag_bits & 1], passwords, self.file)
        for info in infos:
            name = self._name(zip_name(info), link=stat.S_ISLNK(info.external_attr >> 16))
            if name is None:
                continue
            try:
                check_size(name, info.file_size, info.compress_size)
                with archive.open(info, pwd=keys) as member:
                    self._store(name, member, declared=info.compress_size)
            except ReadError as error:
                self._problem(name, error)
            except NotImplementedError:
                self._problem(name, DamagedFile("压缩方式不受支持。", "请用普通的ZIP方式重新压缩。"))
            except (*_BROKEN, RuntimeError):
                self._problem(name, DamagedFile("在压缩包中已损坏，无法解压。", "请重新压缩后提交。"))
        return self.result

    def tar(self, stream: IO[bytes], start: bytes) -> Unpacked:
        plain: IO[bytes] = stream
        if start[:2] == b"\x1f\x8b":
            plain = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
        elif start[:3] == b"BZh":
            plain = bz2.BZ2File(stream)
        elif start == b"\xfd7zX":
            plain = lzma.LZMAFile(stream)  # noqa: SIM115 - closed with `stream`
        packed = stream.seek(0, 2) if plain is not stream else 0
        stream.seek(0)
        guarded: Any = _Guarded(plain, self.file, self.max_bytes, packed)
        try:
            if not _is_tar(plain):
                plain.seek(0)
                inner = self.file.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "content"
                self._store(inner, guarded, declared=packed)
                return self.result
            plain.seek(0)
            with tarfile.open(fileobj=guarded, mode="r|") as archive:
                for info in archive:
                    self._tar_member(archive, info)
        except _BROKEN as error:
            raise DamagedFile(f"“{self.file}”已损坏，无法解压。", "请重新压缩后提交。") from error
        return self.result

    def _tar_member(self, archive: tarfile.TarFile, info: tarfile.TarInfo) -> None:
        if info.isdir():
            return
        self._count(len(self.names) + 1)
        name = self._name(info.name, link=not info.isreg())
        member = archive.extractfile(info) if name is not None else None
        if name is not None and member is not None:
            self._store(name, member, declared=0)

    def _count(self, members: int) -> None:
        if members > MAX_MEMBERS:
            raise LimitExceeded(f"“{self.file}”内有{members}个文件，超过{MAX_MEMBERS}个的限制。", _SMALLER)

    def _total(self, size: int) -> None:
        if size > self.max_bytes:
            raise LimitExceeded(
                f"“{self.file}”解压后超过{self.max_bytes / 2**20:.0f}MB的限制，疑似压缩炸弹或文件过大。", _SMALLER
            )

    def _name(self, raw: str, *, link: bool) -> str | None:
        """The member's name if it is to be read; names that cannot be trusted are reported and never used."""
        name = safe_name(raw)
        if name is None or link:
            shown = raw.replace("\0", "�")[:200]
            why = "是链接或特殊文件" if link and name is not None else "的路径指向压缩包之外"
            reason = f"压缩包内的“{shown}”{why}，出于安全考虑未读取。"
            self.problems.append((self.file, Unreadable(kind="path", reason=reason, remedy="请用普通文件重新打包。")))
            return None
        if is_noise(name):
            return None
        seen = self.names[name] = self.names.get(name, 0) + 1
        return name if seen == 1 else f"{name} ({seen})"

    def _problem(self, name: str, error: ReadError) -> None:
        self.problems.append((f"{self.file}/{name}", unreadable(error)))

    def _store(self, name: str, member: IO[bytes], *, declared: int) -> None:
        path = self.into / str(len(self.members))
        written = 0
        with path.open("wb") as out:
            for chunk in _chunks(member):
                written += len(chunk)
                self.left -= len(chunk)
                if self.left < 0:
                    out.truncate(0)
                    self._total(self.max_bytes + 1)
                if declared:
                    check_size(name, written, declared)
                out.write(chunk)
        self.members.append((f"{self.file}/{name}", path))


class _Guarded:
    """A stream that refuses to give more than an archive of its size plausibly holds."""

    def __init__(self, stream: IO[bytes], file: str, max_bytes: int, packed: int) -> None:
        self.stream, self.file, self.max_bytes, self.packed, self.given = stream, file, max_bytes, packed, 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(min(size, _CHUNK) if size > 0 else _CHUNK)
        self.given += len(data)
        if self.packed:
            check_size(self.file, self.given, self.packed)
        if self.given > self.max_bytes + _CHUNK:
            raise LimitExceeded(f"“{self.file}”解压后超过{self.max_bytes / 2**20:.0f}MB的限制。", _SMALLER)
        return data


def _chunks(member: IO[bytes]) -> Iterator[bytes]:
    while chunk := member.read(_CHUNK):
        yield chunk


def _is_tar(stream: IO[bytes]) -> bool:
    return stream.read(512)[257:262] == b"ustar"


def _keys(
    archive: zipfile.ZipFile, encrypted: list[zipfile.ZipInfo], passwords: Sequence[str], file: str
) -> bytes | None:
    """The password that opens `archive`, None if it needs none."""
    if not encrypted:
        return None
    probe = min(encrypted, key=lambda info: info.file_size)
    if probe.compress_type == 99:
        raise EncryptedFile(f"“{file}”使用AES加密，无法解压。", "请去除密码后重新打包为ZIP，或直接以文件夹提交。")
    for password in passwords:
        for encoding in ("utf-8", "gb18030"):
            try:
                key = password.encode(encoding)
                with archive.open(probe, pwd=key) as member:
                    for _ in _chunks(member):
                        pass
                return key
            except (RuntimeError, *_BROKEN):
                continue
    told = "所给密码都不正确" if passwords else "需要密码"
    raise EncryptedFile(f"“{file}”已加密，{told}。", "请提供正确的密码，或去除密码后重新提交。")
