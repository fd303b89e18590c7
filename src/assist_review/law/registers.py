"""Public lists: read from tables, kept in the user's data folder, merged without counting a line twice.

Which columns a list has, and how its numbers look, is data of the pack: `lexicon/registers.toml`.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from assist_review.base import Value, derived_id
from assist_review.errors import ReadError, RegulationError
from assist_review.filing import Document
from assist_review.law.home import read_records, write_json
from assist_review.regulation import Pack, Register, RegisterEntry, plain_number
from assist_review.text import fold

_FIELDS = ("number", "name", "holder", "place", "day", "note")
_DAY = re.compile(r"(20\d{2})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})")


class List(Value):
    """One imported list: all lines of one kind in one file. A cumulative one holds everything up to its day."""

    id: str
    pack: str
    kind: str
    as_of: date
    mode: Literal["cumulative", "incremental"]
    file: str
    sha256: str
    active: bool = True
    entries: tuple[RegisterEntry, ...]


class ListReport(Value):
    """What one import of a list brought."""

    kind: str
    name: str
    as_of: date
    rows: int
    new: int
    known: int
    doubled: int  # lines of the file that repeat a number
    gone: tuple[str, ...] = ()  # numbers of earlier lists that a cumulative one no longer has
    changed: tuple[str, ...] = ()  # numbers whose holder or name is not as before
    odd: tuple[str, ...] = ()  # numbers that do not look as they should; taken all the same


def folder(data: Path, pack_id: str) -> Path:
    """Where the lists of one pack are kept."""
    return data / "registers" / pack_id


def lists(data: Path, pack_id: str) -> tuple[List, ...]:
    """All imported lists, undone ones too, by their day. Raises StoreError for a damaged file."""
    found = read_records(folder(data, pack_id), List, "名单记录")
    return tuple(sorted(found, key=lambda each: (each.as_of, each.id)))


def with_lists(pack: Pack, data: Path) -> Pack:
    """`pack` with the public lists of the user; its hash then depends on them too."""
    active = [each for each in lists(data, pack.id) if each.active]
    if not active:
        return pack
    names = {r["kind"]: r["name"] for r in _kinds(pack)}
    registers = tuple(
        Register(
            kind=kind,
            name=names.get(kind, kind),
            as_of=max(e.as_of for e in same),
            entries=tuple(merged(same).values()),
        )
        for kind in dict.fromkeys(e.kind for e in active)
        if (same := [e for e in active if e.kind == kind])
    )
    digest = hashlib.sha256("\n".join([pack.sha256, *(e.id for e in active)]).encode()).hexdigest()
    return pack.model_copy(update={"registers": registers, "sha256": digest})


def merged(same: Sequence[List]) -> dict[str, RegisterEntry]:
    """Entries by number: each once, as the newest list has it; a cumulative list starts anew."""
    entries: dict[str, RegisterEntry] = {}
    for each in same:
        if each.mode == "cumulative":
            entries = {}
        entries.update({plain_number(e.number): e for e in each.entries})
    return entries


def _kinds(pack: Pack) -> list[dict[str, Any]]:
    return list(pack.lexicon.get("registers", {}).get("register", ()))


def import_lists(
    path: Path, pack: Pack, data: Path, *, kind: str | None = None, as_of: date | None = None,
    mode: Literal["cumulative", "incremental"] = "incremental",
) -> tuple[ListReport, ...]:  # fmt: skip
    """Keeps the lists in the file at `path`; nothing is kept where one of them cannot be used.

    Raises ReadError for a file without tables, RegulationError for tables that are no such list or have no day.
    """
    document = _read(path)
    known = {r["kind"]: r for r in _kinds(pack)}
    if kind is not None and kind not in known:
        raise RegulationError(f"没有“{kind}”这种名单；可用：{'、'.join(known)}")
    day = as_of or _day(document, path.name)
    rows: dict[str, list[dict[str, str]]] = {}
    for table in _tables(document):
        found = _lines(table, [known[kind]] if kind else list(known.values()))
        if found:
            rows.setdefault(found[0], []).extend(found[1])
    if not rows:
        wanted = "；".join(f"{r['name']}（{'、'.join(c[0] for c in r['columns'].values())}）" for r in known.values())
        raise RegulationError(f"“{path.name}”中没有认得出的名单。应有的列：{wanted}")
    if day is None:
        raise RegulationError(f"看不出“{path.name}”是哪一天的名单，请用 --date 指定（YYYY-MM-DD）")
    before = [each for each in lists(data, pack.id) if each.active]
    reports, made = [], []
    for each, lines in rows.items():
        one = _list(each, lines, pack, path.name, document.sha256, day, mode)
        reports.append(_report(one, known[each], [b for b in before if b.kind == each], len(lines)))
        made.append(one)
    for one in made:
        write_json(folder(data, pack.id) / f"{one.id}.json", one.model_dump(mode="json"))
    return tuple(reports)


def _read(path: Path) -> Document:
    from assist_review.read.package import read_package

    if not path.is_file():
        raise ReadError(f"找不到文件“{path}”", "请检查路径。")
    documents, unread = read_package(path, passwords=(), ocr=False, cache=None, jobs=1, progress=None)
    if not documents:
        raise ReadError(
            f"“{path.name}”无法读取：{'；'.join(u.reason for _, u in unread)}",
            "可用的格式：XLSX、CSV、HTML、PDF、DOCX。",
        )
    return documents[0]


def _tables(document: Document) -> Iterable[Sequence[Sequence[str]]]:
    """Every table of the file; pages of one table follow each other without a head of their own."""
    yield from (s.rows for s in document.sheets if s.visible)
    joined: list[Sequence[str]] = []
    for table in document.tables:
        if joined and len(table.rows[0]) == len(joined[0]) and table.header_rows <= 1 and not _like_head(table.rows[0]):
            joined += table.rows
        else:
            if joined:
                yield joined
            joined = list(table.rows)
    if joined:
        yield joined


def _like_head(row: Sequence[str]) -> bool:
    return not any(re.search(r"\d{4}", cell) for cell in row)


def _lines(table: Sequence[Sequence[str]], kinds: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, str]]] | None:
    """The kind of list and its lines, None where the table is none."""
    for at, row in enumerate(table[:10]):
        heads = [fold(cell) for cell in row]
        best: tuple[int, str, dict[str, int]] | None = None
        for each in kinds:
            columns = {f: c for f in _FIELDS if (c := _column(heads, each["columns"].get(f, ()))) is not None}
            if "number" in columns and len(columns) >= 3 and (best is None or len(columns) > best[0]):
                best = (len(columns), each["kind"], columns)
        if best:
            lines = []
            for line in table[at + 1 :]:
                cells = {f: line[c].strip() if c < len(line) else "" for f, c in best[2].items()}
                if cells["number"] and fold(cells["number"]) != heads[best[2]["number"]]:
                    lines.append(cells)
            return best[1], lines
    return None


def _column(heads: Sequence[str], names: Sequence[str]) -> int | None:
    for name in names:
        key = fold(name)
        for i, head in enumerate(heads):
            if head == key:
                return i
    for name in names:
        for i, head in enumerate(heads):
            if fold(name) in head and len(head) <= len(fold(name)) + 8:
                return i
    return None


def _list(
    kind: str, lines: Sequence[dict[str, str]], pack: Pack, file: str, sha256: str, day: date, mode: Literal["cumulative", "incremental"]
) -> List:  # fmt: skip
    entries = {
        plain_number(x["number"]): RegisterEntry(listed=day, **{f: x.get(f, "") for f in _FIELDS}) for x in lines
    }
    return List(
        id=derived_id(pack.id, kind, sha256, day), pack=pack.id, kind=kind, as_of=day, mode=mode, file=file, sha256=sha256,
        entries=tuple(entries.values()),
    )  # fmt: skip


def _report(one: List, kind: dict[str, Any], before: Sequence[List], rows: int) -> ListReport:
    old = merged(before)
    now = {plain_number(e.number): e for e in one.entries}
    changed = [
        e.number
        for key, e in now.items()
        if key in old and (fold(old[key].holder), fold(old[key].name)) != (fold(e.holder), fold(e.name))
    ]
    gone = [e.number for key, e in old.items() if key not in now] if one.mode == "cumulative" else []
    shape = kind.get("shape", "")
    return ListReport(
        kind=one.kind, name=kind["name"], as_of=one.as_of, rows=rows, new=sum(k not in old for k in now), known=sum(k in old for k in now),
        doubled=rows - len(now), gone=tuple(gone), changed=tuple(changed),
        odd=tuple(e.number for e in one.entries if shape and not re.fullmatch(shape, e.number.strip())),
    )  # fmt: skip


def _day(document: Document, name: str) -> date | None:
    """The day of a list: what its title or file says. Rows of the list itself are not asked."""
    titles = [c for s in document.sheets for r in s.rows[:3] if sum(map(bool, r)) <= 2 for c in r]
    for text in [*(b.text for b in document.blocks[:20]), *titles, name]:
        found = _DAY.search(text)
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue
    return None


def undo_list(data: Path, pack_id: str, wanted: str) -> tuple[List, ...]:
    """Undoes the import with this id; the record stays, inactive."""
    found = [each for each in lists(data, pack_id) if each.active and wanted in (each.id, each.kind)]
    if not found:
        raise RegulationError(f"没有名单“{wanted}”；用 assist-review registers list 查看")
    for each in found:
        write_json(
            folder(data, pack_id) / f"{each.id}.json", each.model_copy(update={"active": False}).model_dump(mode="json")
        )
    return tuple(found)
