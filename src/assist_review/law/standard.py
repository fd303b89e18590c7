"""Takes a national standard or technical document apart: numbered clauses, lettered items, annexes and tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assist_review.law.statute import Taken
from assist_review.law.text import Line, Unit

_CLAUSE = re.compile(r"^(\d{1,2}(?:[.．]\d{1,2}){0,5})(?:[\s　]+|(?=[\u4e00-\u9fff]))(?P<rest>\S.*)?$", re.S)
_ANNEX = re.compile(
    r"^附\s*录\s*([A-Z])(?:[\s　]*[（(]\s*(?:规范性|资料性)(?:附录)?\s*[）)])?[\s　]*(?P<rest>.*)$", re.S
)
_IN_ANNEX = re.compile(r"^([A-Z](?:[.．]\d{1,2}){1,5})(?:[\s　]+|(?=[\u4e00-\u9fff]))(?P<rest>\S.*)?$", re.S)
_LETTER = re.compile(r"^([a-z])\s*[)）](?P<rest>.*)$", re.S)
_DIGIT = re.compile(r"^(\d{1,2})\s*[)）](?P<rest>.*)$", re.S)
_DOTS = re.compile(r"[.…·．]{3,}\s*[0-9IVX]*\s*$|\s{2,}[0-9]{1,3}$")
_TABLE = re.compile(r"^表\s*((?:[A-Z][.．])?\d{1,2})(?:[\s　]|$)")
_END = re.compile(r"^参\s*考\s*文\s*献$|^索\s*引$")


@dataclass
class _Node:
    number: str
    label: str
    lines: list[str] = field(default_factory=list)
    parent: str | None = None
    path: tuple[str, ...] = ()
    title: str = ""


def is_clause(line: Line) -> bool:
    """Whether a line begins like a numbered clause."""
    return bool(_CLAUSE.match(line.text) and not _DOTS.search(line.text)) or bool(_ANNEX.match(line.text))


def take(lines: Sequence[Line]) -> Taken:
    """The units of a standard. A table of contents is passed over: its entries come again with their text."""
    taken = Taken([], [], [], [], [])
    nodes: list[_Node] = []
    section: _Node | None = None  # the numbered clause or annex we are in
    leaf: _Node | None = None  # what running text belongs to
    tables: dict[str, int] = {}
    over = False
    for line in lines:
        text = line.text
        if over or _DOTS.search(text):
            taken.left_out.append(text)
            continue
        if _END.match(text):
            over = True
            continue
        if line.table is not None:
            owner = section.number if section else "0"
            key = f"{owner}#{line.table}"
            if key not in tables:
                tables[key] = 1 + sum(k.startswith(f"{owner}#") for k in tables)
                caption = _TABLE.match(leaf.lines[-1]) if leaf and leaf.lines else None
                nodes.append(
                    _Node(
                        f"{owner}.t{tables[key]}",
                        f"表{caption[1]}" if caption else f"{owner} 表{tables[key]}",
                        parent=owner,
                    )
                )
            nodes_of = next(n for n in nodes if n.number == f"{owner}.t{tables[key]}")
            nodes_of.lines.append(text)
            continue
        head = _head(text, section, nodes)
        if head:
            section = leaf = head
            if head.number == "1" and any(n.number == "1" for n in nodes):
                nodes.clear()  # what came before was the table of contents
                tables.clear()
            nodes.append(head)
            continue
        if section is None:
            taken.preface.append(text)
            continue
        item = _item(text, section, leaf, nodes)
        if item:
            leaf = item
            nodes.append(item)
        elif leaf is not None:
            if leaf is not section and leaf.lines[-1][-1:] in "。；" and not text.startswith(("—", "-", "注")):
                leaf = section
            leaf.lines.append(text)
    taken.problems += _doubles(nodes)
    taken.units += _units(nodes)
    return taken


def _head(text: str, section: _Node | None, nodes: Sequence[_Node]) -> _Node | None:
    annex = _ANNEX.match(text)
    if annex and len(text) < 60:
        return _Node(annex[1], f"附录{annex[1]}", [text], title=annex["rest"].strip())
    match = _IN_ANNEX.match(text)
    if match and section and section.number[0] == text[0]:
        return _numbered(match, nodes)
    match = _CLAUSE.match(text)
    if match and not re.match(r"^\d+\s*[)）]", text) and _follows(match[1].replace("．", "."), text, nodes, section):
        return _numbered(match, nodes)
    return None


def _numbered(match: re.Match[str], nodes: Sequence[_Node]) -> _Node:
    number = match[1].replace("．", ".")
    rest = (match["rest"] or "").strip()
    above = number.rpartition(".")[0]
    path: list[str] = []
    while above:
        node = next((n for n in nodes if n.number == above), None)
        if node:
            path.insert(0, f"{node.number} {node.title}".strip())
        above = above.rpartition(".")[0]
    label = f"第{number}章" if number.isdigit() else number
    return _Node(number, label, [f"{number} {rest}".strip()], path=tuple(path), title=rest if len(rest) <= 40 else "")


def _follows(number: str, text: str, nodes: Sequence[_Node], section: _Node | None) -> bool:
    """Whether a clause number can stand here; a line that only begins with a number (3 年…) cannot."""
    parts = [int(p) for p in number.split(".")]
    if any(p == 0 for p in parts):
        return False
    if len(parts) == 1:
        tops = [int(n.number) for n in nodes if n.number.isdigit()]
        if not nodes or parts[0] == 1:
            return True
        heading = len(text) <= 40 and not text.endswith(("。", "；", "，"))
        return bool(tops) and tops[-1] < parts[0] <= tops[-1] + (8 if heading else 1)
    if section is None:
        return True
    return not section.number[0].isalpha()


def _item(text: str, section: _Node, leaf: _Node | None, nodes: Sequence[_Node]) -> _Node | None:
    letter = _LETTER.match(text)
    if letter:
        return _Node(
            f"{section.number}.{letter[1]}",
            f"{section.label} {letter[1]}）",
            [text],
            parent=section.number,
            path=section.path,
        )
    digit = _DIGIT.match(text)
    if digit and leaf is not None:
        letters = [
            n for n in nodes if n.parent == section.number and re.fullmatch(r"[a-z]", n.number.rpartition(".")[2])
        ]
        owner = letters[-1] if letters else section
        return _Node(
            f"{owner.number}.{digit[1]}" if letters else f"{owner.number}.i{digit[1]}",
            f"{owner.label} {digit[1]}）",
            [text],
            parent=owner.number,
            path=section.path,
        )
    return None


def _doubles(nodes: Sequence[_Node]) -> list[str]:
    seen: set[str] = set()
    doubled = [n.label for n in nodes if n.number in seen or seen.add(n.number)]  # type: ignore[func-returns-value]
    return [f"编号重复：{'、'.join(dict.fromkeys(doubled))}"] if doubled else []


def _units(nodes: Sequence[_Node]) -> list[Unit]:
    """A clause has its own text and its items; one that is only a heading has the text of all below it."""
    units = []
    for node in nodes:
        own = [
            n
            for n in nodes
            if n is not node and n.number.startswith(f"{node.number}.") and (n.parent or len(node.lines) == 1)
        ]
        direct = any(n.parent == node.number for n in own)
        if direct and len(node.lines) == 1:
            own = [n for n in own if n.parent]
        text = "\n".join([*node.lines, *(line for n in own for line in n.lines)])
        units.append(Unit(number=node.number, label=node.label, text=text, path=node.path, parent=node.parent))
    return units
