"""Which part each file plays in the package: from its title and content first, its name and folder second.

The words are data (`lexicon/roles.toml`); this module only knows where to look for them and how to add up.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from assist_review.filing import Block, Document, Role
from assist_review.passages import spans
from assist_review.text import fold

_TITLE, _AFTER, _PAGE, _FILE, _FOLDER, _SHEET = 8.0, 5.0, 4.0, 4.0, 2.5, 3.0  # scores of a name, by where it stands
_ENOUGH = 2.5  # least score that gives a role: a telling folder is just enough
_TITLE_LINES, _TITLE_CHARS = 10, 44
_SHORT_PAGES = 15  # a document of so many pages may be several papers, each with its own title
_TEXT_CHARS = 60_000  # of one document; more tells nothing new about its role
_HEAD_ROWS = 8
_SHAPE_ROWS = 2_000
_SAME_TEXT = 0.75
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>(?=.)")
_TAIL = re.compile(
    r"(?:扫描[件版]?|复印件?|原件|盖章[件版]?|签字[件版]|签章[件版]|电子[件版]|最终[稿版]?\d*|定稿|终[稿版]|初稿|正式[稿版]|纸质版|彩色|正反面|"
    r"副本|正本|照片?|图片|final|draft|scan(?:ned)?|copy|new|v?\d+(?:\.\d+)*版?|[-_.,+&和与及()\[\]\s])+$"
)
_NUMBER = re.compile(r"^(?:附件|附|第)?[\d一二三四五六七八九十]*[章节条款部分]?[-_.,、:()\d\s]*")
_PART_OF = re.compile("[之的]$|附件|附录|附表")  # “用户协议附件二 隐私政策” is a paper of its own
_FINAL = re.compile(r"^[\s\d.,:;()\-_\"'v版第稿年月日*#<>/·]*$")


@dataclass(frozen=True)
class _Name:
    """A name of a role found in a short text; `last` when nothing but version marks stands behind it."""

    role: str
    wording: str
    last: bool


@dataclass(frozen=True)
class _Guess:
    role: str
    score: float
    why: tuple[str, ...]
    also: tuple[str, ...] = ()  # other roles that have a title of their own inside


class _Look:
    """What can be seen of one document, folded once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        folders, _, name = document.file.rpartition("/")
        stem = name.rsplit(".", 1)[0] if "." in name else name
        self.stem = core(stem)
        self.folders = [core(part.rsplit(".zip", 1)[0]) for part in folders.split("/") if part]
        self.sheets = [sheet for sheet in document.sheets if sheet.visible]

    @cached_property
    def body(self) -> list[Block]:
        return [b for b in self.document.body if b.text.strip()]

    @cached_property
    def lines(self) -> list[str]:
        """Lines of the body; a block of plain text holds many."""
        return [line for b in self.body for line in b.text.splitlines() if line.strip()]

    @cached_property
    def titles(self) -> list[str]:
        """Short lines before the first long one: where a paper says what it is."""
        found: list[str] = []
        for line in self.lines[:_TITLE_LINES]:
            if len(fold(line)) > _TITLE_CHARS and found:
                break
            found.append(line)
        if not found and self.sheets:
            found += [c for s in self.sheets[:3] for row in s.rows[:2] if len(_filled(row)) == 1 for c in _filled(row)]
        return [t for t in found if len(fold(t)) <= _TITLE_CHARS]

    @cached_property
    def page_titles(self) -> list[str]:
        """First lines of later pages of a short document, and headings of the highest level."""
        pages: dict[int, list[str]] = {}
        for block in self.body:
            pages.setdefault(block.place.page or 0, []).append(block.text)
        short = (self.document.pages or 0) <= _SHORT_PAGES
        firsts = [text for page, texts in sorted(pages.items()) if page > 1 and short for text in texts[:2]]
        firsts += [b.text for b in self.body if b.kind == "heading" and b.level == 1]
        first = self.titles[0] if self.titles else ""
        return [t for t in firsts if t != first and len(fold(t)) <= _TITLE_CHARS]

    @cached_property
    def headings(self) -> str:
        return "\n".join(fold(b.text) for b in self.document.blocks if b.kind in ("heading", "toc"))

    @cached_property
    def text(self) -> str:
        parts = [self.document.text[:_TEXT_CHARS]]
        parts += ["\n".join("\t".join(row) for row in s.rows[:60]) for s in self.sheets]
        return "\n".join(fold(line) for part in parts for line in part.splitlines())

    @cached_property
    def labels(self) -> list[str]:
        """Cells and beginnings of lines that may name a field."""
        cells = [c for t in self.document.tables for row in t.rows for c in row]
        if sum(len(s.rows) for s in self.sheets) <= 300:
            cells += [c for s in self.sheets for row in s.rows for c in row]
        cells += [line for line in self.lines if len(line) <= 120]
        return [_NUMBER.sub("", fold(c)) for c in cells if c.strip()]

    @cached_property
    def columns(self) -> list[str]:
        """Cells of the first rows of sheets and tables."""
        rows = [row for s in self.sheets for row in s.rows[:_HEAD_ROWS]]
        rows += [row for t in self.document.tables for row in t.rows[: max(t.header_rows, 1)]]
        return [fold(c) for row in rows for c in row if c.strip() and len(c) <= 30]

    @cached_property
    def entries(self) -> tuple[int, float]:
        """Rows of the longest list in the document, and the median length of their entries."""
        lists: list[Iterable[Sequence[str]]] = [s.rows for s in self.sheets]
        lists += [t.rows for t in self.document.tables]
        if self.document.format == "text":
            lists.append([(line,) for line in self.lines])
        best = max(lists, key=lambda rows: len(tuple(rows)), default=())
        rows = tuple(best)
        lengths = [max(len(e) for e in words) for row in rows[:_SHAPE_ROWS] if (words := _words(row))]
        return len(rows), float(median(lengths)) if lengths else 0.0


def assign_roles(documents: tuple[Document, ...], lexicon: dict[str, Any]) -> tuple[Document, ...]:
    """`documents` with `role` and `role_reason`; `lexicon` is the pack's, by file stem, of which "roles" is used."""
    words: dict[str, Any] = lexicon.get("roles", {})
    looks = [_Look(document) for document in documents]
    guesses = _alike(looks, [_guess(look, words) for look in looks])
    given = []
    for document, guess in zip(documents, guesses, strict=True):
        given.append(document.model_copy(update={"role": _known(guess.role), "role_reason": _reason(guess)}))
    return tuple(given)


def _known(role: str) -> str:
    """A role as the noun it is, or by the name a pack gives it."""
    return Role(role) if role in tuple(Role) else role


def core(name: str) -> str:
    """A file or folder name without separators and without words such as “扫描件”, “最终版” at its end, folded."""
    folded = fold(name)
    plain = _TAIL.sub("", _BRACKETS.sub("", folded)) or _TAIL.sub("", folded) or folded
    return re.sub(r"[-_ .]+", "", plain)


def _guess(look: _Look, words: dict[str, Any]) -> _Guess:
    scores = dict.fromkeys(words, 0.0)
    why: dict[str, list[str]] = {role: [] for role in words}

    def add(role: str, score: float, reason: str = "") -> None:
        scores[role] += score
        if reason and reason not in why[role]:
            why[role].append(reason)

    titled = _titles(look, words, add)
    also = _later_titles(look, words, titled, add)
    _file_names(look, words, add)
    for role, entry in words.items():
        for sign in entry.get("signs", ()):
            score, hits = _sign(look, sign)
            add(role, score, f"内容中有“{'”“'.join(hits[:3])}”" if hits and score > 0 else "")
        shape = entry.get("shape")
        if shape and _has_shape(look, shape):
            add(role, shape["weight"], f"{look.entries[0]}行清单，条目长度中位数{look.entries[1]:g}字")
    role = max(scores, key=lambda r: scores[r], default="")
    if not role or scores[role] < _ENOUGH:
        return _Guess("other", 0.0, ())
    return _Guess(role, scores[role], tuple(why[role]), tuple(r for r in also if r != role))


def _titles(look: _Look, words: dict[str, Any], add: Any) -> str:
    """Score the first title line that names a role; returns that role."""
    for line in look.titles:
        name = _name(fold(line), words)
        if name is not None:
            weight = (_TITLE if name.last else _AFTER) * words[name.role].get("trust", 1.0)
            add(name.role, weight, f"标题“{line.strip()}”")
            return name.role
    return ""


def _later_titles(look: _Look, words: dict[str, Any], titled: str, add: Any) -> tuple[str, ...]:
    """Score papers that begin on later pages; returns the roles found besides `titled`."""
    found: dict[str, str] = {}
    for line in look.page_titles:
        key = _NUMBER.sub("", fold(line))
        name = _name(key, words)
        if name is not None and name.last and len(name.wording) * 2 >= len(key) and name.role != titled:
            found.setdefault(name.role, line.strip())
    for role, line in found.items():
        add(role, _PAGE * words[role].get("trust", 1.0), f"其中有“{line}”")
    return tuple(r for r in found if words[r].get("trust", 1.0) >= 1)


def _file_names(look: _Look, words: dict[str, Any], add: Any) -> None:
    name = _name(look.stem, words)
    if name is not None:
        add(name.role, _FILE * words[name.role].get("trust", 1.0), f"文件名含“{name.wording}”")
    for folder in look.folders[-2:]:
        name = _name(folder, words)
        if name is not None:
            add(name.role, _FOLDER, f"所在文件夹名含“{name.wording}”")
    for sheet in look.sheets:
        name = _name(core(sheet.name), words)
        if name is not None:
            add(name.role, _SHEET * words[name.role].get("trust", 1.0) / len(look.sheets), f"工作表名“{sheet.name}”")


def _name(key: str, words: dict[str, Any]) -> _Name | None:
    """The role named in a short folded text: by the name that ends last, of these the longest."""
    plain = _BRACKETS.sub("", key)
    for text in (plain, key) if plain != key else (key,):
        best: tuple[int, int, str] | None = None
        for role, entry in words.items():
            for term in entry.get("names", ()):
                for start, end in _spans(text, term):
                    best = max(best or (0, 0, ""), (end, end - start, role), key=lambda b: b[:2])
        if best is not None:
            end, length, role = best
            role = _bound(text[: end - length], role, words)
            rest = _TAIL.sub("", text[end:])
            return _Name(role, text[end - length : end], bool(_FINAL.match(rest)))
    return None


def _bound(before: str, role: str, words: dict[str, Any]) -> str:
    """The role that binds the named paper with its own: “服务协议与隐私政策” is one file, and the agreement binds the two."""
    for binder, entry in words.items():
        if (
            role in entry.get("binds", ())
            and not _PART_OF.search(before)
            and any(True for term in entry.get("names", ()) for _ in _spans(before, term))
        ):
            return binder
    return role


def _spans(key: str, term: str) -> Iterable[tuple[int, int]]:
    if term.startswith("^"):
        return [(0, len(t))] if key.startswith(t := fold(term[1:])) else []
    return spans(key, term)


def _sign(look: _Look, sign: dict[str, Any]) -> tuple[float, list[str]]:
    """The score of one entry of `signs`, and the words that gave it."""
    where = sign["where"]
    if where == "long":
        return (float(sign["weight"]) if len(look.text) > sign["at"] else 0.0), []
    hits: list[str] = []
    for term in sign["any"]:
        if where in ("text", "heading"):
            key = look.text if where == "text" else look.headings
            span = next(spans(key, term), None)
            hit = key[span[0] : span[1]] if span else ""
        else:
            hit = _cell(look.labels if where == "label" else look.columns, term, exact=where == "column")
        if hit:
            hits.append(hit)
    if "fewer" in sign:
        return (float(sign["weight"]) if look.text and len(hits) < sign["fewer"] else 0.0), []
    score = sum(sign["each"] for _ in hits)
    return (min(score, sign["most"]) if sign["each"] > 0 else max(score, sign["most"])), hits


def _cell(cells: list[str], term: str, *, exact: bool) -> str:
    """The first cell that is `term` (columns: or a regular expression), or begins with it as a label does."""
    if term.startswith("re:"):
        return next((c[a:b] for c in cells for a, b in spans(c, term)), "")
    needle = fold(term)
    if exact:
        return next((c for c in cells if needle in c), "")
    return next((needle for c in cells if c.startswith(needle)), "")


def _has_shape(look: _Look, shape: dict[str, Any]) -> bool:
    rows, length = look.entries
    return bool(rows >= shape["rows"] and shape.get("min_entry", 0) <= length <= shape.get("max_entry", 1_000))


def _alike(looks: list[_Look], guesses: list[_Guess]) -> list[_Guess]:
    """Copies of one document in two formats have one role: the one that was surer."""
    result = list(guesses)
    for i, look in enumerate(looks):
        for j, other in enumerate(looks):
            if guesses[j].score <= guesses[i].score or guesses[i].role == guesses[j].role or not _copies(look, other):
                continue
            if result[i].score < guesses[j].score:
                why = (f"与“{other.document.file}”内容相同", *guesses[j].why[:1])
                result[i] = _Guess(guesses[j].role, guesses[j].score, why)
    return result


def _copies(one: _Look, other: _Look) -> bool:
    """Same text; or the same name, where one of the two could not be read."""
    if one.document.sha256 == other.document.sha256:
        return True
    if one.document.format == other.document.format == "sheet":
        return False
    if len(one.text) < 50 or len(other.text) < 50:
        return len(one.stem) >= 3 and one.stem == other.stem
    if not 0.6 <= len(one.text) / len(other.text) <= 1.7:
        return False
    mine, yours = _shingles(one.text), _shingles(other.text)
    return len(mine & yours) >= _SAME_TEXT * min(len(mine), len(yours))


def _shingles(key: str) -> frozenset[str]:
    plain = re.sub(r"\W+", "", key)[:8_000]
    return frozenset(plain[i : i + 4] for i in range(len(plain) - 3))


def _reason(guess: _Guess) -> str:
    if not guess.why:
        return "没有找到可供判断的标题、栏目或文件名"
    return "；".join(guess.why[:4])


def _filled(row: Sequence[str]) -> list[str]:
    return [c for c in row if c.strip()]


def _words(row: Sequence[str]) -> list[str]:
    """Cells of a row that hold words: no numbers, dates or class codes."""
    return [c for c in row if len(c.strip()) > 1 and not re.fullmatch(r"[\d\s.:\-/年月日]+|[A-Z]\.?\d.*", c.strip())][
        :2
    ]
