"""What is remembered between runs: answers by the content of the question, what an endpoint can do, recorded runs."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from assist_review.errors import LLMError, LLMUnavailable, SettingsError, StoreError
from assist_review.llm.endpoint import Reply

_KINDS = ("LLMUnavailable", "LLMRefused", "LLMAnswerInvalid", "LLMBudgetSpent")


def key_of(*parts: Any) -> str:
    """A hash of `parts`; equal questions have equal keys on every machine."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")).hexdigest()


class Answers:
    """Valid replies by key, one small file each; None as a folder remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> Reply | None:
        """The reply, or None. A damaged file counts as not there."""
        if self._folder is None:
            return None
        try:
            return Reply(**json.loads(self._path(key).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, key: str, reply: Reply) -> None:
        """Keeps `reply`."""
        if self._folder is not None:
            _write(self._path(key), {"text": reply.text, "input_tokens": reply.input_tokens,
                                     "output_tokens": reply.output_tokens, "cut": reply.cut})  # fmt: skip

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key}.json"


class Abilities:
    """What was found out about endpoints, by their address and model."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / "endpoints.json" if folder else None

    def get(self, name: str) -> dict[str, Any]:
        """What is known of `name`."""
        known = self._all().get(name)
        return known if isinstance(known, dict) else {}

    def put(self, name: str, abilities: dict[str, Any]) -> None:
        """Keeps what is known of `name`."""
        if self._path is not None:
            _write(self._path, self._all() | {name: abilities})

    def _all(self) -> dict[str, Any]:
        try:
            value = json.loads(self._path.read_text(encoding="utf-8")) if self._path else {}
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}


class Tape:
    """A recorded run: every answer and every failure by key, and what else the result depends on."""

    def __init__(self, path: Path, *, recording: bool) -> None:
        self.path, self.recording = path, recording
        self.head: dict[str, Any] = {}
        self.entries: dict[str, dict[str, Any]] = {}
        if recording:
            return
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            self.head = json.loads(lines[0])["tape"]
            self.entries = {entry["key"]: entry for entry in map(json.loads, lines[1:])}
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise SettingsError(f"--replay：{path} 不是 --record 写出的文件（{error}）") from error

    def play(self, key: str) -> tuple[Reply, bool]:
        """The recorded reply, and whether it came from the cache then; raises what was raised then."""
        entry = self.entries.get(key)
        if entry is None:
            raise LLMUnavailable("录制文件里没有这个问题：材料、规则包、提示词或设置与录制时不同", lasting=True)
        if "error" in entry:
            raise _error(entry["error"], entry["message"])
        return Reply(entry["text"], entry["input_tokens"], entry["output_tokens"], entry["cut"]), entry["cached"]

    def answered(self, key: str, reply: Reply, *, cached: bool) -> None:
        """Records a reply."""
        self.entries[key] = {
            "key": key, "cached": cached, "text": reply.text, "input_tokens": reply.input_tokens,
            "output_tokens": reply.output_tokens, "cut": reply.cut,
        }  # fmt: skip

    def failed(self, key: str, error: LLMError) -> None:
        """Records a failure."""
        self.entries[key] = {"key": key, "error": type(error).__name__, "message": str(error)}

    def save(self) -> None:
        """Writes the file, entries in order of their keys."""
        lines = [json.dumps({"tape": self.head}, ensure_ascii=False, sort_keys=True)]
        lines += [json.dumps(self.entries[k], ensure_ascii=False, sort_keys=True) for k in sorted(self.entries)]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        except OSError as error:
            raise StoreError(f"无法写入 {self.path}：{error.strerror}") from error


def _error(kind: str, message: str) -> LLMError:
    from assist_review import errors

    made = getattr(errors, kind)(message) if kind in _KINDS else LLMUnavailable(message)
    assert isinstance(made, LLMError)
    return made


def _write(path: Path, value: Any) -> None:
    """Writes whole or not at all: two runs may share the folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False)
        os.replace(name, path)
    except OSError as error:
        raise StoreError(f"无法写入缓存 {path}：{error.strerror or error}") from error
