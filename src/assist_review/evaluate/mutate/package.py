"""The files of a package folder as bytes, those inside ZIP files too, and a changed copy of it."""

import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from assist_review.errors import SettingsError

_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def load(package: Path) -> dict[str, bytes]:
    """The files of `package` by path; what stands in a ZIP file is at "a.zip/inner path"."""
    if not package.is_dir():
        raise SettingsError(f"{package} 不是文件夹；变异测试只接受材料包文件夹，请先解压。")
    files: dict[str, bytes] = {}
    for path in sorted(p for p in package.rglob("*") if p.is_file()):
        name = path.relative_to(package).as_posix()
        if any(junk in name for junk in _JUNK):
            continue
        data = path.read_bytes()
        members = _members(data) if path.suffix.lower() == ".zip" else {}
        files.update({f"{name}/{inner}": content for inner, content in members.items()} or {name: data})
    return files


def write(package: Path, out: Path, edits: Mapping[str, bytes], drops: tuple[str, ...]) -> None:
    """`package` copied to `out` (which must not exist or be empty), with files changed, added and dropped."""
    if out.exists() and any(out.iterdir()):
        raise SettingsError(f"{out} 不是空文件夹，请换一个输出位置。")
    shutil.copytree(package, out, dirs_exist_ok=True)
    zips: dict[Path, dict[str, bytes | None]] = {}
    for name, data in [*edits.items(), *((drop, None) for drop in drops)]:
        archive, inner = _split(out, name)
        if archive:
            zips.setdefault(archive, {})[inner] = data
        elif data is None:
            (out / name).unlink()
        else:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(data)
    for archive, changes in zips.items():
        archive.write_bytes(_rezipped(archive.read_bytes(), changes))


def _split(out: Path, name: str) -> tuple[Path | None, str]:
    at = name.lower().find(".zip/")
    return (None, name) if at < 0 else (out / name[: at + 4], name[at + 5 :])


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member; old Chinese archives hold GBK bytes that the library reads as CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return info.filename


def _members(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {_name(i): archive.read(i) for i in archive.infolist() if not i.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return {}


def _rezipped(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    out = io.BytesIO()
    left = dict(changes)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            name = _name(info)
            content = left.pop(name, old.read(info)) if name in left else old.read(info)
            if content is not None:
                new.writestr(info, content)
        for name, content in left.items():
            if content is not None:
                new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()
