"""Office files that need something done before they can be read: decrypting, or converting an old format."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from assist_review.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from assist_review.read.kinds import extension

_CONVERT_S = 120
_TARGETS = {"ppt": "pptx", "dps": "pptx", "odp": "pptx", "pps": "pptx"}


def decrypted(data: bytes, file: str, passwords: Sequence[str]) -> bytes:
    """The file behind the password of an Office file. Raises EncryptedFile if none of `passwords` opens it."""
    remedy = "请提供正确的密码，或去除密码后重新提交。"
    try:
        msoffcrypto: Any = import_module("msoffcrypto")
    except ImportError as error:
        raise EncryptedFile(f"“{file}”已加密，需要密码才能打开。", "请去除密码后重新提交。") from error
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
    except Exception as error:  # the library lets errors of its parsers through
        raise DamagedFile(f"“{file}”已加密且无法识别其加密方式。", "请去除密码后重新提交。") from error
    for password in passwords:
        plain = io.BytesIO()
        try:
            book.load_key(password=password)
            book.decrypt(plain)
        except Exception:  # wrong passwords surface as various errors, some of them bare
            continue
        return plain.getvalue()
    told = "所给密码都不正确" if passwords else "需要密码才能打开"
    raise EncryptedFile(f"“{file}”已加密，{told}。", remedy)


def converted(data: bytes, file: str) -> tuple[bytes, str]:
    """An old office document as DOCX or PPTX, and its new extension, where LibreOffice is installed.

    Each call has a profile of its own: two conversions with one profile make the second fail.
    """
    ext = extension(file) or "doc"
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnsupportedFormat(
            f"“{file}”是旧版办公文档格式（.{ext}），无法直接读取。", "请另存为DOCX或PDF后重新提交。"
        )
    target = _TARGETS.get(ext, "docx")
    with tempfile.TemporaryDirectory(prefix="assist-review-") as folder:
        source = Path(folder, f"source.{ext if ext.isalnum() else 'doc'}")
        source.write_bytes(data)
        command = [
            program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", target, "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=_CONVERT_S, check=False, stdin=subprocess.DEVNULL)
        except (subprocess.TimeoutExpired, OSError) as error:
            raise UnsupportedFormat(f"“{file}”格式转换失败。", "请另存为DOCX或PDF后重新提交。") from error
        made = source.with_suffix(f".{target}")
        if not made.is_file():
            raise UnsupportedFormat(f"“{file}”（.{ext}）格式转换失败。", "请另存为DOCX或PDF后重新提交。")
        return made.read_bytes(), target
