"""A requirement written by a person who is no programmer: as TOML in an overlay of the user's own."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from assist_review import packs
from assist_review.base import Value
from assist_review.errors import RegulationError, StoreError

_HEAD = """# 自己新增的要求；随时可以修改或删除，用 assist-review regulations lint 检查。
id = "own"
name = "自定要求"
kind = "own"
always = true
source = "本单位自定"
confidence = "B"
"""


class Draft(Value):
    """What a person says about a requirement. Each of `must` is one group of words of which any is enough."""

    id: str
    statement: str
    cites: tuple[str, ...]
    roles: tuple[str, ...]
    anchors: tuple[str, ...]
    must: tuple[tuple[str, ...], ...] = ()
    bad: tuple[str, ...] = ()
    severity: str = "minor"
    revise: str

    def toml(self) -> str:
        """The requirement as an `[[add]]` entry."""
        groups = ", ".join(f"{{ name = {_text(g[0])}, any = {_texts(g)} }}" for g in self.must)
        lines = [
            "[[add]]", f"id = {_text(self.id)}", 'theme = "own"', 'dimension = "materials"', f"severity = {_text(self.severity)}",
            'confidence = "own"', f"statement = {_text(self.statement)}", f"cites = {_texts(self.cites)}", f"roles = {_texts(self.roles)}",
            f"revise = {_text(self.revise)}", "[add.check]", 'kind = "content"', f"roles = {_texts(self.roles)}",
        ]  # fmt: skip
        if self.anchors:
            lines.append(f"anchors = {_texts(self.anchors)}")
        if self.must:
            lines += [f"groups = [{groups}]", f"need = {len(self.must)}"]
        if self.bad:
            lines.append(f"bad = [{{ any = {_texts(self.bad)}, says = {_text('出现了不应有的说法')} }}]")
        lines += ['absent = "missing"' if self.anchors else 'absent = "not_applicable"', 'partial = "missing"']
        return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _texts(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_text(t) for t in texts) + "]"


def save(draft: Draft, directory: Path, data: Path, pack_id: str) -> Path:
    """Adds the requirement to the user's overlay `own.toml`; where the pack then does not load nothing is changed."""
    path = packs.own_overlays(data, pack_id) / "own.toml"
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    if any(draft.id == r.id for o in packs.load(directory, data=data).overlays for r in o.add) or packs.load_written(
        directory
    ).requirement(draft.id):
        raise RegulationError(f"编号 {draft.id} 已经有了，请换一个")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, f"{before or _HEAD}\n{draft.toml()}")
        packs.load(directory, data=data)
    except OSError as error:
        raise StoreError(f"无法写入 {path}：{error.strerror}") from error
    except RegulationError:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            _write(path, before)
        raise
    return path


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
