"""One TOML file of a pack as text and values, able to say in which line an entry or key stands."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from assist_review.base import Value
from assist_review.errors import RegulationError
from assist_review.regulation import Span

Entry = dict[str, Any]
_V = TypeVar("_V", bound=Value)

_WHY = {
    "missing": "缺少这个键",
    "extra_forbidden": "没有这个键，请检查拼写",
    "string_type": "应为文本",
    "bool_type": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "tuple_type": "应为列表",
    "dict_type": "应为内联表 { … }",
}


@dataclass(frozen=True)
class Source:
    """A TOML file of a pack; `name` is its path inside the pack, with the folder of the pack in front."""

    name: str
    text: str
    values: Entry

    def wrong(self, why: str, *, table: str = "", number: int = 0, key: str = "", value: str = "") -> RegulationError:
        """An error that names file, line and key of the `number`-th `[[table]]` (from 0), or of the file itself."""
        line = self.line(table, number, key, value)
        return RegulationError(f"{self.name}:{line}: {key or table or '文件'}: {why}")

    def line(self, table: str = "", number: int = 0, key: str = "", value: str = "") -> int:
        """The line (from 1) of `value`, else of `key`, in the `number`-th `[[table]]`; else of what it is in."""
        lines = self.text.splitlines()
        header = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
        starts = [i for i, line in enumerate(lines) if header.match(line)] if table else [0]
        if number >= len(starts):
            return 1
        start = starts[number]
        end = starts[number + 1] if number + 1 < len(starts) else len(lines)
        if not table:
            end = next((i for i, line in enumerate(lines) if line.lstrip().startswith("[[")), end)
        written = [f"{q}{v}{q}" for q in "\"'" for v in (value, value.replace("\\", "\\\\")) if value]
        for i in range(start, end):
            if any(w in lines[i] for w in written):
                return i + 1
        for part in key.split("."):
            named = re.compile(rf"(?:^|[{{,])\s*{re.escape(part)}\s*=|^\s*\[+(?:\w+\.)*{re.escape(part)}\]+")
            start = next((i for i in range(start, end) if named.search(lines[i])), start)
        return start + 1

    def only(self, *keys: str) -> None:
        """Refuses keys at the top of the file other than `keys`."""
        for key in self.values:
            if key not in keys:
                table = key if isinstance(self.values[key], list) else ""
                raise self.wrong("没有这个键，请检查拼写", table=table, key=key)

    def entries(self, table: str) -> list[Entry]:
        """The `[[table]]` entries."""
        found = self.values.get(table, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self.wrong(f"应写成 [[{table}]]", key=table)
        return found

    def build(self, model: type[_V], entry: Entry, *, table: str = "", number: int = 0) -> _V:
        """`entry` as a `model`; `in_force` becomes a Span."""
        at: Entry = {"table": table, "number": number}
        if "in_force" in entry and not isinstance(entry["in_force"], Span):
            entry = entry | {"in_force": self._span(entry["in_force"], **at)}
        try:
            return model.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
            raise self.wrong(_why(first), key=key, **at) from error

    def _span(self, written: Any, **at: Any) -> Entry:
        if not isinstance(written, dict):
            raise self.wrong('应写成 { from = "2025-09-01" }', key="in_force", **at)
        days: dict[str, date | None] = {"from": None, "to": None}
        for key, value in written.items():
            if key not in days:
                raise self.wrong("没有这个键；可用：from、to", key=f"in_force.{key}", **at)
            try:
                days[key] = value if type(value) is date else date.fromisoformat(value)
            except (TypeError, ValueError) as error:
                raise self.wrong(f"“{value}”不是日期，应写成 2025-09-01", key=f"in_force.{key}", **at) from error
        if days["from"] and days["to"] and days["from"] > days["to"]:
            raise self.wrong(f"开始日期 {days['from']} 晚于结束日期 {days['to']}", key="in_force", **at)
        return {"start": days["from"], "end": days["to"]}

    def unique(self, ids: Iterable[str], *, table: str, key: str = "id", seen: "Seen | None" = None) -> None:
        """Refuses an id used twice; `seen` carries on over several files."""
        seen = {} if seen is None else seen
        for number, each in enumerate(ids):
            if each in seen:
                other, before = seen[each]
                first = f"{other.name}:{other.line(table, before, key)}"
                raise self.wrong(f"“{each}”重复，已用于 {first}", table=table, number=number, key=key)
            seen[each] = (self, number)


Seen = dict[str, tuple[Source, int]]
"""Ids used so far: the file and the number of the entry in it."""


def read(path: Path, root: Path) -> Source:
    """The file at `path` of the pack at `root`."""
    name = f"{root.name}/{path.relative_to(root).as_posix()}"
    try:
        text = path.read_text(encoding="utf-8")
        return Source(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines()) or 1
        raise RegulationError(f"{name}:{line}: 文件: 不是正确的 TOML：{error}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RegulationError(f"{name}:{line}: 文件: 不是 UTF-8 编码") from error
    except OSError as error:
        raise RegulationError(f"{name}:1: 文件: 无法读取：{error.strerror}") from error


def _why(error: Any) -> str:
    kind = error["type"]
    if kind in ("literal_error", "enum"):
        return f"“{error['input']}”不可用；可用：{error['ctx']['expected']}"
    if kind.startswith("date"):
        return f"“{error['input']}”不是日期，应写成 2025-09-01"
    return _WHY.get(kind, f"“{error['input']}”不可用")
