"""Settings: `assist-review.toml` in the working folder, overridden by `ASSIST_REVIEW_*`; secrets never stand in it."""

import os
import tomllib
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from pydantic import ValidationError

from assist_review.base import Value
from assist_review.errors import SettingsError

FILE = "assist-review.toml"


def cache_folder() -> Path:
    """Where parsed files, answers and the clause index are kept between runs."""
    return user_cache_path("assist-review")


class ModelPrice(Value):
    """Money per million tokens, in the currency of the table."""

    input: float = 0.0
    output: float = 0.0


class LLMSettings(Value):
    """What `[llm]` may hold; every key has an option of `assist-review check` or a sensible default."""

    model: str | None = None  # provider:model; None: no model is used
    base_url: str | None = None
    context: int | None = None
    mask: bool | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    currency: str = "CNY"
    concurrency: int = 4
    per_minute: int | None = None
    timeout_s: float = 600.0
    stream: bool = False
    prices: dict[str, ModelPrice] = {}  # "deepseek:deepseek-chat", or a prefix as "qwen:qwen-plus*"


class Settings(Value):
    """All settings."""

    llm: LLMSettings = LLMSettings()


def load(path: Path | None = None) -> Settings:
    """The settings of `path`, or of the working folder; defaults where there is no file. Raises SettingsError."""
    path = path or Path(FILE)
    try:
        written: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"读不到 {path}：{error}") from error
    llm = dict(written.get("llm", {}))
    for name in LLMSettings.model_fields:
        value = os.environ.get(f"ASSIST_REVIEW_LLM_{name.upper()}")
        if value and name != "prices":
            llm[name] = value
    try:
        return Settings.model_validate(written | {"llm": llm})
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}：{'.'.join(map(str, first['loc']))} {first['msg']}") from error
