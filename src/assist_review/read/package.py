"""The files of a package: found, unpacked, read in children or taken from the cache, and given their roles."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assist_review.errors import DamagedFile, ReadError, SettingsError
from assist_review.filing import Document, Role, Unreadable
from assist_review.read.archive import MAX_DEPTH, MAX_MEMBERS, MAX_TOTAL_BYTES, is_noise
from assist_review.read.cache import Cache, load
from assist_review.read.kinds import extension
from assist_review.read.pool import Answer, Limits, Pool, Task

_ONE_CHILD_BYTES = 3 * 1024**2  # a second child costs more to start than it saves
MAX_FILE_BYTES = 500 * 1024**2
_ARCHIVE = ("zip", "tar", "gz", "tgz", "bz2", "tbz", "xz", "txz")
_QUICK = ("xlsx", "xlsm", "xls", "csv", "tsv", "txt", "md", "html", "htm", "json", *_ARCHIVE)
_SLOW = ("pdf", "jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp")
Unread = tuple[tuple[str, Unreadable], ...]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class _Found:
    file: str
    path: Path
    depth: int  # archives it lies in


def read_package(
    package: Path, *, passwords: Sequence[str], ocr: bool, cache: Path | None, jobs: int, progress: Progress | None,
    limits: Limits | None = None,
) -> tuple[tuple[Document, ...], Unread]:  # fmt: skip
    """All documents of a package without roles, in order of their paths, and the files that gave none."""
    problems: list[tuple[str, Unreadable]] = []
    waiting = _files(package, problems)
    with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch, Pool(jobs, limits) as pool:
        work = _Work(pool, Path(scratch), Cache(cache, ocr=ocr), tuple(passwords), progress)
        work.problems = problems
        if package.is_file():
            work.within = f"{waiting[0].file}/" if waiting else ""
        while waiting:
            waiting = work.wave(waiting)
    documents = sorted(work.documents, key=lambda document: document.file)
    return tuple(documents), tuple(sorted(work.problems, key=lambda problem: problem[0]))


def given_roles(
    documents: tuple[Document, ...], roles: Mapping[str, str], unread: Unread, allowed: Sequence[str] = tuple(Role)
) -> tuple[Document, ...]:
    """`documents` with the roles a person gave them, by path or by bare file name."""
    known = {document.file for document in documents} | {file for file, _ in unread}
    names = known | {file.rsplit("/", 1)[-1] for file in known}
    for file, role in roles.items():
        if role not in allowed:
            raise SettingsError(f"文件“{file}”指定的角色“{role}”不存在。可用的角色：{'、'.join(allowed)}。")
        if file not in names:
            raise SettingsError(f"指定了角色的文件“{file}”不在材料中。请检查文件名。")
    given = []
    for document in documents:
        role = roles.get(document.file, roles.get(document.file.rsplit("/", 1)[-1], ""))
        update = {"role": Role(role) if role in tuple(Role) else role, "role_reason": "由使用者指定"} if role else {}
        given.append(document.model_copy(update=update) if update else document)
    return tuple(given)


def _files(package: Path, problems: list[tuple[str, Unreadable]]) -> list[_Found]:
    """The files of a folder, or the one file; files of the operating system are passed over, links reported."""
    if package.is_file():
        return [_Found(package.name, package, 0)]
    if not package.is_dir():
        raise ReadError(f"找不到材料“{package}”。", "请检查路径。")
    found: list[_Found] = []
    for folder, folders, names in os.walk(package):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            file = path.relative_to(package).as_posix()
            if is_noise(file):
                continue
            if path.is_symlink() or not path.is_file():
                reason = f"“{file}”是链接或特殊文件，出于安全考虑未读取。"
                problems.append((file, Unreadable(kind="path", reason=reason, remedy="请用普通文件替换。")))
                continue
            found.append(_Found(file, path, 0))
    if len(found) > MAX_MEMBERS:
        reason = f"材料中有{len(found)}个文件，超过{MAX_MEMBERS}个的限制，只读取了前{MAX_MEMBERS}个。"
        problems.append(
            (found[MAX_MEMBERS].file, Unreadable(kind="limit", reason=reason, remedy="请精简材料后重新提交。"))
        )
    return found[:MAX_MEMBERS]


class _Work:
    """The reading of one package: what was read, and how much more may be unpacked."""

    def __init__(
        self, pool: Pool, scratch: Path, cache: Cache, passwords: tuple[str, ...], progress: Progress | None
    ) -> None:
        self.pool, self.scratch, self.cache = pool, scratch, cache
        self.passwords, self.ocr, self.progress = passwords, cache.ocr, progress
        self.documents: list[Document] = []
        self.problems: list[tuple[str, Unreadable]] = []
        self.within = ""  # left out of all paths: the name of the archive that is the package itself
        self.bytes_left, self.files_left = MAX_TOTAL_BYTES, MAX_MEMBERS
        self.done, self.known, self.tasks = 0, 0, 0

    def wave(self, files: list[_Found]) -> list[_Found]:
        """Read `files`; returns those that came out of archives among them."""
        self.known += len(files)
        groups: dict[tuple[str, str], list[_Found]] = {}
        for each in files:
            size = each.path.stat().st_size
            if size > MAX_FILE_BYTES and extension(each.file) not in _ARCHIVE:
                reason = f"“{each.file}”有{size / 2**20:.0f}MB，超过{MAX_FILE_BYTES // 2**20}MB的限制，未读取。"
                self._failed(each, Unreadable(kind="limit", reason=reason, remedy="请压缩图片或拆分文件后重新提交。"))
                continue
            groups.setdefault((_sha256(each.path), extension(each.file)), []).append(each)
        asked: list[tuple[str, list[_Found]]] = []
        for (sha256, _), same in groups.items():
            document = self.cache.get(sha256, same[0].file)
            if document is None:
                asked.append((sha256, same))
            else:
                self._read(document, same)
        asked.sort(key=lambda each: _cost(each[1][0]), reverse=True)
        inner: list[_Found] = []
        tasks = [self._task(same[0]) for _, same in asked]
        small = sum(same[0].path.stat().st_size for _, same in asked) < _ONE_CHILD_BYTES
        quick = small and not any(extension(same[0].file) in _SLOW for _, same in asked)
        for number, answer in self.pool.run(tasks, children=1 if quick else None):
            sha256, same = asked[number]
            inner += self._answered(answer, sha256, same, tasks[number])
        return inner

    def _task(self, found: _Found) -> Task:
        self.tasks += 1
        slow = self.ocr and extension(found.file) not in _QUICK
        wall_s = self.pool.limits.ocr_wall_s if slow else self.pool.limits.wall_s
        said: dict[str, Any] = {
            "path": str(found.path), "file": self._name(found.file), "passwords": self.passwords, "ocr": self.ocr,
            "out": str(self.scratch / f"{self.tasks}.json"), "into": str(self.scratch / str(self.tasks)),
            "depth_left": MAX_DEPTH - found.depth, "max_bytes": self.bytes_left,
        }  # fmt: skip
        return Task(said, wall_s)

    def _answered(self, answer: Answer, sha256: str, same: list[_Found], task: Task) -> list[_Found]:
        if "reason" in answer:
            problem = Unreadable(kind=answer["kind"], reason=answer["reason"], remedy=answer["remedy"])
            for each in same:
                self._failed(each, problem)
            return []
        if "members" in answer:
            return self._unpacked(answer, same)
        try:
            out = Path(task.said["out"])
            data = out.read_bytes()
            out.unlink()
            self._read(load(data, same[0].file), same)
        except (OSError, ValidationError):
            error = DamagedFile(f"“{same[0].file}”的读取结果不完整。", "请重新运行；若仍出现，请重新保存该文件。")
            for each in same:
                self._failed(each, Unreadable(kind=error.kind, reason=str(error), remedy=error.remedy))
            return []
        self.cache.put(sha256, same[0].file, data)
        return []

    def _unpacked(self, answer: Answer, same: list[_Found]) -> list[_Found]:
        first = self._name(same[0].file)
        for each in same:
            self._progress(each)
            for file, problem in answer["problems"]:
                own = file.replace(first, self._name(each.file), 1)
                self.problems.append((own.removeprefix(self.within), Unreadable.model_validate(problem)))
        inner = [
            _Found(str(name).replace(first, each.file, 1), Path(path), each.depth + 1)
            for each in same
            for name, path in answer["members"]
        ]
        self.bytes_left -= sum(found.path.stat().st_size for found in inner) // max(len(same), 1)
        if len(inner) > self.files_left:
            reason = f"压缩包内的文件总数超过{MAX_MEMBERS}个的限制，其余文件未读取。"
            self.problems.append((first, Unreadable(kind="limit", reason=reason, remedy="请精简材料后重新提交。")))
            inner = inner[: self.files_left]
        self.files_left -= len(inner)
        return inner

    def _name(self, file: str) -> str:
        """The path shown: inside the package, without the name of an archive that is the package itself."""
        return file.removeprefix(self.within) or file

    def _read(self, document: Document, same: list[_Found]) -> None:
        for each in same:
            self.documents.append(document.model_copy(update={"file": self._name(each.file)}))
            self._progress(each)

    def _failed(self, found: _Found, problem: Unreadable) -> None:
        self.problems.append((self._name(found.file), problem))
        self._progress(found)

    def _progress(self, found: _Found) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self._name(found.file), self.done, self.known)


def _cost(found: _Found) -> tuple[bool, int]:
    """What makes files come first: those that may want OCR, then large ones."""
    return extension(found.file) in _SLOW, found.path.stat().st_size


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
