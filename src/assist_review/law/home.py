"""Where a user's own law lives: imported texts and registers, in the user's data folder, untouched by upgrades."""

import json
import os
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assist_review.errors import StoreError

Record = TypeVar("Record", bound=BaseModel)
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


def read_records(folder: Path, kind: type[Record], name: str) -> list[Record]:
    """Every record of one kind in a folder; `name` is what an error calls it. Raises StoreError for a damaged file."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(kind.model_validate(read_json(path)))
        except ValidationError as error:
            raise StoreError(f"{path} 不是有效的{name}。请删除该文件后重新导入。") from error
    return found
