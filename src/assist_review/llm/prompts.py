"""Prompts: Markdown files with front matter, a part that never changes and a part with $placeholders.

---
purpose: what it is asked for
inputs: [documents, requirements]
schema: Reading
version: 1
---
# 系统
…
# 提问
… $documents … $requirements
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from string import Template

from assist_review.errors import SettingsError

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\A\s*# 系统\n(.*?)\n# 提问\n(.*)\Z", re.DOTALL)
_PLACEHOLDER = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `sha256` is the hash of its whole file."""

    name: str
    purpose: str
    inputs: tuple[str, ...]
    schema: str
    version: str
    system: str
    user: str
    sha256: str

    def fill(self, values: Mapping[str, str]) -> str:
        """The question with its placeholders filled; a missing or unknown one is an error of ours."""
        if set(values) != set(self.inputs):
            raise SettingsError(f"提示词 {self.name}.md 需要 {sorted(self.inputs)}，得到 {sorted(values)}")
        return Template(self.user).substitute(values)


def folder() -> Path:
    """The prompts of the checkout, or of the wheel."""
    own = Path(__file__).resolve().parents[3] / "prompts"
    return own if own.is_dir() else Path(str(resources.files("assist_review"))) / "_data" / "prompts"


@lru_cache(maxsize=4)
def load(directory: Path | None = None) -> dict[str, Prompt]:
    """All prompts by name; raises SettingsError naming the file at the first mistake."""
    found = {}
    for path in sorted((directory or folder()).glob("*.md")):
        if path.name != "README.md":
            found[path.stem] = _read(path)
    if not found:
        raise SettingsError(f"{directory or folder()} 下没有提示词")
    return found


def _read(path: Path) -> Prompt:
    raw = path.read_bytes()
    front = _FRONT.match(raw.decode("utf-8").replace("\r\n", "\n"))
    parts = _PARTS.match(front[2]) if front else None
    if front is None or parts is None:
        raise SettingsError(f"提示词 {path.name} 应有文件头、“# 系统”和“# 提问”")
    head = dict(line.split(":", 1) for line in front[1].splitlines() if ":" in line)
    head = {key.strip(): value.strip() for key, value in head.items()}
    lacking = [key for key in ("purpose", "inputs", "schema", "version") if not head.get(key)]
    if lacking:
        raise SettingsError(f"提示词 {path.name} 的文件头缺少 {'、'.join(lacking)}")
    inputs = tuple(each.strip() for each in head["inputs"].strip("[]").split(",") if each.strip())
    used = {a or b for a, b in _PLACEHOLDER.findall(parts[2])}
    if used != set(inputs):
        raise SettingsError(f"提示词 {path.name}：文件头的 inputs 是 {sorted(inputs)}，正文用的是 {sorted(used)}")
    if _PLACEHOLDER.search(parts[1]):
        raise SettingsError(f"提示词 {path.name}：系统部分必须固定不变，不能有占位符")
    return Prompt(
        name=path.stem, purpose=head["purpose"], inputs=inputs, schema=head["schema"], version=head["version"],
        system=parts[1].strip(), user=parts[2].strip(), sha256=hashlib.sha256(raw).hexdigest(),
    )  # fmt: skip


def fence(text: str) -> str:
    """`text` between two lines that it cannot contain: they hold the hash of what they enclose.

    A filing that wanted to close its fence early would have to contain its own hash, so the mark is as good as
    random, and yet the same text gives the same question on every run.
    """
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
    return f"<<<材料 {mark}\n{text}\n材料 {mark}>>>"
