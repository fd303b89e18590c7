"""What changed between two versions of a text or of a pack: clauses, words, numbers, and the requirements touched."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from assist_review.base import Value
from assist_review.law.match import figures
from assist_review.law.text import LawText, Unit
from assist_review.regulation import Clause, Pack, Requirement
from assist_review.text import fold

_ALIKE = 0.55
_TOKEN = re.compile(r"\d[\d,.]*%?|[A-Za-z]+|\s+|.", re.S)
Kind = Literal["added", "removed", "changed", "moved", "same"]


class Piece(Value):
    """A run of words: in both versions, only in the old, or only in the new one."""

    op: Literal["same", "removed", "added"]
    text: str


class Change(Value):
    """One clause, instrument or requirement that is not as it was. `moved` has a new number and the same words."""

    what: Literal["clause", "instrument", "requirement"] = "clause"
    kind: Kind
    old: str = ""  # number or id in the old version
    new: str = ""
    label: str = ""
    pieces: tuple[Piece, ...] = ()
    figures_removed: tuple[str, ...] = ()
    figures_added: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()  # of an instrument or requirement: which keys changed, with both values


class Touched(Value):
    """A requirement that rests on something that changed."""

    requirement: str
    statement: str
    reason: str


class Difference(Value):
    """Everything between two versions."""

    old: str
    new: str
    changes: tuple[Change, ...]
    same: int
    touched: tuple[Touched, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {k: sum(c.kind == k for c in self.changes) for k in ("added", "removed", "changed", "moved")}


def words(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one run of pieces, word by word (a Chinese character counts as a word)."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for op, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece(op="same", text="".join(a[a0:a1])))
            continue
        if a1 > a0:
            pieces.append(Piece(op="removed", text="".join(a[a0:a1])))
        if b1 > b0:
            pieces.append(Piece(op="added", text="".join(b[b0:b1])))
    return tuple(pieces)


def texts(
    old: LawText,
    new: LawText,
    *,
    names: tuple[str, str] = ("", ""),
    pack: Pack | None = None,
    instrument: str | None = None,
) -> Difference:
    """Articles of two versions of one text. With `pack` and `instrument` (the old version's id) requirements touched too."""
    pairs = align(old.articles, new.articles)
    changes = [c for a, b in pairs if (c := _change(a, b)).kind != "same"]
    touched: tuple[Touched, ...] = ()
    if pack and instrument:
        touched = tuple(_touched(pack, {f"{instrument}:{c.old}": c for c in changes if c.old}))
    return Difference(
        old=names[0], new=names[1], changes=tuple(changes), same=len(pairs) - len(changes), touched=touched
    )


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[tuple[Unit | None, Unit | None]]:
    """Which unit of the new version each unit of the old one became: same words first, then same number, then likeness."""
    left, right = dict(enumerate(old)), dict(enumerate(new))
    pairs: dict[int, int] = {}
    keys: dict[str, list[int]] = {}
    for j, unit in right.items():
        keys.setdefault(fold(unit.text), []).append(j)

    def pair(i: int, j: int) -> None:
        pairs[i] = j
        del left[i], right[j]

    for i, unit in list(left.items()):
        same = [j for j in keys.get(fold(unit.text), ()) if j in right]
        if same:
            pair(i, next((j for j in same if right[j].number == unit.number), same[0]))
    grams = {("o", i): _grams(u.text) for i, u in left.items()} | {("n", j): _grams(u.text) for j, u in right.items()}
    scored = []
    for i, a in left.items():
        for j, b in right.items():
            one, other = grams["o", i], grams["n", j]
            like = 2 * len(one & other) / ((len(one) + len(other)) or 1)
            if like >= _ALIKE or (a.number == b.number and like >= 0.3):
                scored.append((like + (0.1 if a.number == b.number else 0.0), i, j))
    for _, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if i in left and j in right:
            pair(i, j)
    became = {j: i for i, j in pairs.items()}
    result: list[tuple[Unit | None, Unit | None]] = []
    gone = sorted(left)
    for j, unit in enumerate(new):
        here = became.get(j)
        while gone and here is not None and gone[0] < here:
            result.append((old[gone.pop(0)], None))
        result.append((old[here] if here is not None else None, unit))
    result += [(old[i], None) for i in gone]
    return result


def _grams(text: str) -> set[str]:
    key = fold(text)
    return {key[i : i + 2] for i in range(len(key) - 1)}


def _change(old: Unit | Clause | None, new: Unit | Clause | None) -> Change:
    if old is None and new is not None:
        return Change(kind="added", new=new.number, label=new.label, pieces=(Piece(op="added", text=new.text),))
    if new is None and old is not None:
        return Change(kind="removed", old=old.number, label=old.label, pieces=(Piece(op="removed", text=old.text),))
    assert old is not None
    assert new is not None
    label = old.label if old.number == new.number else f"{old.label} → {new.label}"
    if fold(old.text) == fold(new.text):
        return Change(kind="same" if old.number == new.number else "moved", old=old.number, new=new.number, label=label)
    before, after = _figures(old.text), _figures(new.text)
    return Change(
        kind="changed", old=old.number, new=new.number, label=label, pieces=words(old.text, new.text),
        figures_removed=tuple(f for f in before if f not in after), figures_added=tuple(f for f in after if f not in before),
    )  # fmt: skip


def _figures(text: str) -> list[str]:
    return [f"{value:g}{unit}" for value, unit in figures(text)]


_SAYS = {"removed": "已删除", "changed": "已修改", "moved": "条号已变动"}


def _touched(pack: Pack, changed: dict[str, Change]) -> Iterable[Touched]:
    """Requirements that cite a clause that changed; a paragraph or item changes with its article."""
    for requirement in pack.requirements:
        reasons = []
        for cited in requirement.cites:
            change = changed.get(cited) or changed.get(cited.partition(".p")[0].partition(".i")[0])
            if change and change.kind in _SAYS:
                moved = f"（现为{change.new}）" if change.new and change.new != change.old else ""
                reasons.append(f"依据 {cited} {_SAYS[change.kind]}{moved}")
        if reasons:
            yield Touched(requirement=requirement.id, statement=requirement.statement, reason="；".join(reasons))


def packs(old: Pack, new: Pack) -> Difference:
    """Two versions of a pack: instruments, clauses and requirements, by id."""
    changes: list[Change] = []
    same = 0
    kinds: tuple[tuple[Literal["instrument", "clause", "requirement"], Any, Any], ...] = (
        ("instrument", old.instruments, new.instruments), ("clause", old.clauses, new.clauses), ("requirement", old.requirements, new.requirements),
    )  # fmt: skip
    for what, before, after in kinds:
        one, other = {x.id: x for x in before}, {x.id: x for x in after}
        for each in [*one, *(k for k in other if k not in one)]:
            change = _entry(what, one.get(each), other.get(each))
            if change is None:
                same += 1
            else:
                changes.append(change)
    clauses = {c.old or c.new: c for c in changes if c.what == "clause"}
    own = {c.old or c.new for c in changes if c.what == "requirement"}
    touched = [
        Touched(requirement=r.id, statement=r.statement, reason="要求本身已修改" if r.id in own else "")
        for r in new.requirements
        if r.id in own
    ]
    touched += [t for t in _touched(new, clauses) if t.requirement not in own]
    return Difference(
        old=f"{old.id} {old.version}",
        new=f"{new.id} {new.version}",
        changes=tuple(changes),
        same=same,
        touched=tuple(touched),
    )


def _entry(what: Literal["instrument", "clause", "requirement"], old: Any, new: Any) -> Change | None:
    each = new if old is None else old
    label = {"clause": "label", "instrument": "title", "requirement": "statement"}[what]
    if old is None or new is None:
        kind: Kind = "added" if old is None else "removed"
        return Change(
            what=what,
            kind=kind,
            old="" if old is None else each.id,
            new="" if new is None else each.id,
            label=getattr(each, label),
        )
    if old == new:
        return None
    a, b = old.model_dump(mode="json"), new.model_dump(mode="json")
    fields = tuple(f"{k}：{_short(a[k])} → {_short(b[k])}" for k in a if a[k] != b[k] and k != "text")
    pieces = words(old.text, new.text) if what == "clause" and old.text != new.text else ()
    before, after = (
        _figures(x.text if what == "clause" else _said(x)) if what != "instrument" else [] for x in (old, new)
    )
    return Change(
        what=what, kind="changed", old=old.id, new=new.id, label=getattr(new, label), pieces=pieces, fields=fields,
        figures_removed=tuple(f for f in before if f not in after), figures_added=tuple(f for f in after if f not in before),
    )  # fmt: skip


def _said(requirement: Requirement) -> str:
    return requirement.statement


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "…"
