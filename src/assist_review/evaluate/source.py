"""Which program made a result: the hash of its source files."""

import hashlib
from functools import lru_cache
from pathlib import Path

import assist_review


@lru_cache(maxsize=1)
def source_sha256() -> str:
    """The hash of every source file of this program, as this process found them."""
    home = Path(assist_review.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.suffix in (".py", ".j2", ".css", ".js") and "_data" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).digest()
            digest.update(path.relative_to(home).as_posix().encode() + b"\0" + content)
    return digest.hexdigest()
