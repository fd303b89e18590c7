"""The DOCX files of a package with their revisions written in, and the record by which decisions are read back.

Also the child process that the web application has uploads opened in: `python -m assist_review.export.revised`.
Arguments: package, review.json, output folder, author, seconds of processor time, memory limit in bytes.
"""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from assist_review.errors import ExportError
from assist_review.export.json import read as read_review
from assist_review.export.redline import Change, redline
from assist_review.review import NEGATIVE, Finding, Review

RECORD = "revisions.json"
AUTHOR = "assist-review"
_LARGEST = 200 * 1024**2
_MEMORY_BYTES = 2 * 1024**3


def is_docx(file: str) -> bool:
    """Whether revisions can be written into a file of this name."""
    return file.lower().endswith(".docx")


def by_file(review: Review) -> dict[str, list[Finding]]:
    """The problems with a place for their revision, by its file; not those a person dismissed."""
    found: dict[str, list[Finding]] = {}
    dismissed = {
        name for name, action in {d.finding: d.action for d in review.decisions}.items() if action == "dismiss"
    }
    for finding in review.findings:
        if finding.verdict in NEGATIVE and finding.revision and finding.id not in dismissed:
            places = (finding.revision.file, *(e.file for e in finding.revision.also))
            for file in dict.fromkeys(f for f in places if f):
                found.setdefault(file, []).append(finding)
    return found


def write(package: Path, review: Review, out: Path, author: str) -> tuple[Change, ...]:
    """Writes into `out` a copy of every DOCX that has a revision, and the record; `package` stays as it is.

    Raises ExportError where a DOCX of the review is not in the package. A file that cannot be edited costs its own
    revisions only.
    """
    wanted = by_file(review)
    changes: list[Change] = []
    with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
        sources = dict(_sources(package, review, Path(scratch)))
        for file, findings in wanted.items():
            if not is_docx(file):
                continue
            if file not in sources:
                raise ExportError(f"{file} 不在材料包里，或者与审查时不是同一份文件。请用审查时的材料包。")
            if not (out / file).resolve().is_relative_to(out.resolve()):
                changes += [_lost(file, f, "文件路径不正确") for f in findings]
                continue
            try:
                changes += redline(sources[file], out / file, file, findings, author)
            except ExportError as error:
                (out / file).unlink(missing_ok=True)
                changes += [_lost(file, f, str(error)) for f in findings]
    lost = sorted(file for file in wanted if not is_docx(file))
    changes += [_lost(file, f, "只能写回 DOCX 文件，请按修改建议在原件中修改") for file in lost for f in wanted[file]]
    save(out, review, changes, author)
    return tuple(changes)


def _lost(file: str, finding: Finding, reason: str) -> Change:
    kind = finding.revision.kind if finding.revision else ""
    return Change(
        finding=finding.id, requirement=finding.requirement, file=file, kind=kind, state="not_placed", reason=reason
    )


def write_apart(package: Path, review: Review, out: Path, author: str, *, wall_s: int = 300) -> tuple[Change, ...]:
    """`write` in a child process with limits of memory and time, for packages of strangers. Raises ExportError."""
    out.mkdir(parents=True, exist_ok=True)
    report = out / ".review.json"
    report.write_text(review.model_dump_json(by_alias=True), encoding="utf-8", errors="replace")
    command = [
        sys.executable, "-m", "assist_review.export.revised", str(package), str(report), str(out), author, str(wall_s),
        str(_MEMORY_BYTES),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as child:
        try:
            _, said = child.communicate(timeout=wall_s)
        except subprocess.TimeoutExpired as error:
            with suppress(ProcessLookupError, AttributeError):
                os.killpg(child.pid, signal.SIGKILL)
            child.kill()
            raise ExportError(f"写入修订超过{wall_s}秒仍未完成，已停止。请按修改建议在原件中修改。") from error
    report.unlink(missing_ok=True)
    if child.returncode == 1:
        raise ExportError(said.decode(errors="replace").strip() or "写入修订时出错。")
    if child.returncode:
        raise ExportError("写入修订时出错，文件可能已损坏或内容过大。请按修改建议在原件中修改。")
    return record(out / RECORD)[1]


def main() -> None:
    """Writes as the arguments say; 1 with the reason on standard error where it could not."""
    package, report, out, author, cpu_s, memory = sys.argv[1:7]
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s), int(cpu_s)))
    try:
        write(Path(package), read_review(Path(report)), Path(out), author)
    except ExportError as error:
        sys.stderr.write(str(error))
        sys.exit(1)
    except Exception:  # a document no editor was made for; whatever was said may quote it
        sys.exit(2)


def record(path: Path) -> tuple[dict[str, str], tuple[Change, ...]]:
    """Fingerprint and author of a record, and its changes."""
    written = json.loads(path.read_text(encoding="utf-8"))
    head = {k: str(written[k]) for k in ("fingerprint", "author")}
    return head, tuple(Change.model_validate(c) for c in written["changes"])


def save(folder: Path, review: Review, changes: list[Change], author: str) -> None:
    """Writes the record."""
    folder.mkdir(parents=True, exist_ok=True)
    body = {
        "fingerprint": fingerprint(review), "author": author,
        "changes": [c.model_dump(mode="json") for c in changes],
    }  # fmt: skip
    (folder / RECORD).write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def fingerprint(review: Review) -> str:
    """One hash over the files of the package."""
    lines = sorted(f"{f.sha256} {f.file}" for f in review.filing.files)
    return hashlib.sha256("\n".join(lines).encode(errors="replace")).hexdigest()


def _sources(package: Path, review: Review, scratch: Path) -> Iterator[tuple[str, Path]]:
    """A path to each DOCX of the review as it was reviewed: same path in a folder, same content in an archive."""
    wanted = {f.sha256: f.file for f in review.filing.files if is_docx(f.file)}
    archives = [package] if package.is_file() else sorted(package.rglob("*.zip"))
    for file in wanted.values():
        path = package / file if package.is_dir() else package
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() in wanted:
            yield file, path
    for archive in archives:
        if zipfile.is_zipfile(archive) and archive.suffix.lower() != ".docx":
            for data in _members(archive.read_bytes()):
                digest = hashlib.sha256(data).hexdigest()
                if digest in wanted:
                    path = scratch / f"{digest}.docx"
                    path.write_bytes(data)
                    yield wanted[digest], path


def _members(data: bytes, depth: int = 0) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            name = entry.filename.lower()
            if entry.is_dir() or entry.file_size > _LARGEST or not name.endswith((".docx", ".zip")):
                continue
            content = archive.read(entry)
            if name.endswith(".docx"):
                yield content
            elif depth < 3:
                yield from _members(content, depth + 1)


if __name__ == "__main__":
    main()
