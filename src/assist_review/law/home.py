"""Where a user's own law lives: imported texts and registers, in the user's data folder, untouched by upgrades."""

import json
import os
from pathlib import Path
from typing import Any

from assist_review.errors import StoreError

ENVIRONMENT = "ASSIST_REVIEW_DATA"


def data_folder() -> Path:
    """`$ASSIST_REVIEW_DATA` where that is set, else the folder the system gives programs for user data."""
    own = os.environ.get(ENVIRONMENT)
    if own:
        return Path(own)
    from platformdirs import user_data_path

    return user_data_path("assist-review")


def write_json(path: Path, value: Any) -> None:
    """Writes the whole file or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        raise StoreError(
            f"无法写入 {path}：{error.strerror}。请检查磁盘空间和权限，或用 {ENVIRONMENT} 指定别的文件夹。"
        ) from error


def read_json(path: Path) -> Any:
    """The value in a file written by `write_json`. Raises StoreError naming the file where it is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} 已损坏或无法读取（{error}）。请撤销或删除该文件后重新导入。") from error
