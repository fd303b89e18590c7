"""`review.json` and its schema: the whole review, for programs."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assist_review.errors import ExportError
from assist_review.export.words import Audience
from assist_review.regulation import Pack
from assist_review.review import Review


def schema() -> dict[str, Any]:
    """The JSON Schema of `review.json`."""
    body = Review.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}


def dumps(review: Review) -> str:
    """The text of `review.json`: keys in the order of the model, one space of indent, a line end."""
    return json.dumps(review.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Review:
    """The review in a `review.json`. Raises ExportError naming the file where it is not one."""
    try:
        return Review.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ExportError(f"读不到 {path}：{error.strerror}。请检查路径。") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ExportError(f"{path} 不是本程序的 review.json：{where} {first['msg']}") from error


def export(review: Review, pack: Pack, folder: Path, *, audience: Audience) -> Path:  # noqa: ARG001
    """Writes `review.json`; the same for every audience."""
    path = folder / "review.json"
    # A lone surrogate (a broken character of a file name) becomes its JSON escape instead of an error.
    path.write_text(dumps(review), encoding="utf-8", errors="backslashreplace", newline="\n")
    return path
