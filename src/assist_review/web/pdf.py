"""Documents we wrote, as PDF, where LibreOffice is installed; kept by what they were made from."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from assist_review.errors import AssistReviewError

WALL_S = 90
WAIT_S = 60
_KEPT_S = 30 * 86400
_GIVEN = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH")  # the site's keys are not the converter's business


class ConversionError(AssistReviewError):
    """No PDF, and why."""


def converter() -> str | None:
    """The program that converts, None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def kept(made_from: str) -> Path:
    """Where the PDF of what `made_from` describes lies, or will."""
    key = sha256(made_from.encode(errors="replace")).hexdigest()
    return Path(settings.HOME) / "pdf" / key[:2] / f"{key}.pdf"


def convert(docx: Path, target: Path) -> None:
    """Writes `docx` as PDF to `target`. Raises ConversionError where there is no converter, or it fails or is slow."""
    program = converter()
    if program is None:
        raise ConversionError("本站没有安装 LibreOffice，不能生成 PDF。请下载 DOCX。")
    with _alone(), TemporaryDirectory(prefix="pdf-", dir=settings.HOME) as name:
        folder = Path(name)
        source = folder / "source.docx"
        shutil.copyfile(docx, source)
        # A profile of its own: two conversions with one profile make the second fail.
        command = [
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--convert-to", "pdf",
            "--outdir", str(folder), str(source),
        ]  # fmt: skip
        _run(command, folder)
        made = folder / "source.pdf"
        if not made.is_file() or not made.read_bytes()[:5] == b"%PDF-":
            raise ConversionError("转换为 PDF 失败，请下载 DOCX。")
        target.parent.mkdir(parents=True, exist_ok=True)
        made.replace(target)
    _prune()


def _run(command: list[str], folder: Path) -> None:
    environment = {k: os.environ[k] for k in _GIVEN if k in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        start_new_session=True,
    ) as child:  # fmt: skip
        try:
            child.wait(timeout=WALL_S)
        except subprocess.TimeoutExpired as error:
            raise ConversionError(f"转换为 PDF 超过{WALL_S}秒仍未完成，已停止。请下载 DOCX。") from error
        finally:
            # The program is a script that starts another: both go, and whatever they started.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def _alone() -> Iterator[None]:
    """One conversion at a time on this machine: each takes a few hundred MB."""
    import fcntl

    home = Path(settings.HOME) / "pdf"
    home.mkdir(exist_ok=True)
    with (home / ".lock").open("w") as lock:
        until = time.monotonic() + WAIT_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise ConversionError("正在转换其他文书，请稍后再试。") from error
                time.sleep(0.2)
        yield


def _prune() -> None:
    """Takes away what nobody converted anew for a month; it can be made again."""
    limit = time.time() - _KEPT_S
    for path in (Path(settings.HOME) / "pdf").rglob("*.pdf"):
        with suppress(OSError):
            if path.stat().st_mtime < limit:
                path.unlink()
