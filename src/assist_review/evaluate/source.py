"""Which program made a result: the hash of its source files."""

import hashlib
from functools import lru_cache
from pathlib import Path

import assist_review


@lru_cache(maxsize=1)
def source_sha256() -> str:
    """The hash of every source file that can change a result, as this process found them; the doors cannot."""
    home = Path(assist_review.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        if path.suffix == ".py" and place.parts[0] not in ("_data", "cli", "web"):
            digest.update(place.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
