"""Where the site keeps its files, and the keys it makes for itself on first start."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path

PREFIX = "ASSIST_REVIEW_WEB_"


def option(name: str, default: str = "") -> str:
    """The environment's `ASSIST_REVIEW_WEB_<name>`."""
    return os.environ.get(PREFIX + name, default)


def flag(name: str, default: bool = False) -> bool:
    """An option that is on or off."""
    value = option(name)
    return default if not value else value.lower() in ("1", "true", "yes", "on")


def home() -> Path:
    """The folder of the site: database (SQLite), uploaded files, page images, keys."""
    folder = Path(option("DATA")) if option("DATA") else user_data_path("assist-review") / "web"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def key(name: str) -> str:
    """A secret: from the environment, else from a file only its owner reads, made on first use."""
    if given := option(f"{name.upper()}_KEY"):
        return given
    path = home() / "keys" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secrets.token_urlsafe(64))
    # Another process may have created it a moment ago and not yet written it.
    for _ in range(100):
        if text := path.read_text():
            return text
    raise RuntimeError(f"密钥文件 {path} 是空的，请删除后重新启动")
