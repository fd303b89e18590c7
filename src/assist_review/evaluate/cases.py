"""Finds labelled filings: suites, folders of cases, single cases. What cannot be used is set aside with the reason."""

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist_review.base import Value
from assist_review.errors import SettingsError
from assist_review.evaluate.labels import Labels, load

SUITES = Path("eval/suites")


class SetAside(Value):
    """A case that is not measured, and why; the reason names file and key."""

    case: str
    suite: str
    reason: str


@dataclass(frozen=True)
class Case:
    """A labelled filing: a folder with `labels.json` and the `package/` (or `filing.json`, a filing already read)."""

    name: str
    suite: str
    folder: Path
    labels: Labels

    @property
    def package(self) -> Path:
        """The package as handed in, or the filing that stands for it."""
        read = self.folder / "filing.json"
        return read if read.is_file() else self.folder / "package"

    @property
    def sha256(self) -> str:
        """The hash of labels and package: when it changes, an earlier result no longer holds."""
        digest = hashlib.sha256((self.folder / "labels.json").read_bytes())
        digest.update(package_sha256(self.package).encode())
        return digest.hexdigest()


def package_sha256(package: Path) -> str:
    """The hash of every file's relative name and bytes."""
    digest = hashlib.sha256()
    files = [package] if package.is_file() else sorted(p for p in package.rglob("*") if p.is_file())
    for path in files:
        name = path.name if path == package else path.relative_to(package).as_posix()
        with path.open("rb") as stream:
            digest.update(name.encode() + b"\0" + hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def find(names: Sequence[str], home: Path = SUITES) -> tuple[tuple[Case, ...], tuple[SetAside, ...]]:
    """Cases of the suites and folders named, each once, and those set aside.

    A name is a suite of `home` ("dev"), a suite file, a case, or a folder of cases; none at all means every suite of
    `home`. Raises SettingsError only where nothing of that name exists or a suite file is broken.
    """
    wanted: list[tuple[str, str, Path]] = []
    for name in names or _all(home):
        wanted += _expand(name, home)
    cases: dict[Path, Case] = {}
    aside: list[SetAside] = []
    seen: set[str] = set()
    for suite, name, folder in wanted:
        if folder.resolve() in cases:
            continue
        reason = _unfit(folder, name, seen)
        labels = None
        if not reason:
            try:
                labels = load(folder)
            except SettingsError as error:
                reason = str(error)
        if labels is None:
            aside.append(SetAside(case=name, suite=suite, reason=reason))
            continue
        seen.add(name)
        cases[folder.resolve()] = Case(name, suite, folder, labels)
    return tuple(cases.values()), tuple(aside)


def _all(home: Path) -> list[str]:
    found = sorted(str(path) for path in home.glob("*.toml"))
    if not found:
        raise SettingsError(f"{home} 下没有测试集；请写出测试集文件、案例文件夹或案例所在的文件夹")
    return found


def _expand(name: str, home: Path) -> Iterable[tuple[str, str, Path]]:
    path = Path(name)
    if path.is_dir():
        if (path / "labels.json").exists() or (path / "package").is_dir():
            yield path.resolve().parent.name, path.resolve().name, path
            return
        inside = sorted(p for p in path.iterdir() if p.is_dir() and (p / "labels.json").exists())
        if not inside:
            raise SettingsError(f"{path} 中没有带 labels.json 的案例文件夹")
        yield from ((path.resolve().name, p.name, p) for p in inside)
        return
    suite = path if path.suffix == ".toml" else home / f"{name}.toml"
    if not suite.is_file():
        known = "、".join(p.stem for p in sorted(home.glob("*.toml"))) or "没有"
        raise SettingsError(f"找不到测试集或案例“{name}”；{home} 下的测试集：{known}")
    yield from _suite(suite)


def _suite(path: Path) -> Iterable[tuple[str, str, Path]]:
    try:
        body: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} 不是正确的 TOML：{error}") from error
    unknown = set(body) - {"name", "title", "folder", "cases"}
    if unknown:
        raise SettingsError(f"{path} 中有不认识的键 {'、'.join(sorted(unknown))}，应为 name title folder cases")
    cases = body.get("cases")
    if not isinstance(cases, list) or not all(isinstance(c, str) and c for c in cases):
        raise SettingsError(f"{path} 的 cases 应为案例名称的列表")
    folder = path.parent / str(body.get("folder", "../cases"))
    for case in cases:
        yield str(body.get("name", path.stem)), Path(case).name, folder / case


def _unfit(folder: Path, name: str, seen: set[str]) -> str:
    if not folder.is_dir():
        return f"没有这个案例文件夹：{folder}"
    if not (folder / "labels.json").is_file():
        return f"缺少 {folder / 'labels.json'}"
    if not (folder / "package").is_dir() and not (folder / "filing.json").is_file():
        return f"缺少 {folder / 'package'}"
    return f"案例名称重复：{name}（{folder}）" if name in seen else ""
