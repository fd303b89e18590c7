"""Masks personal data and sensitive rows in a filing as read. The same value always gets the same mask of the same shape.

Shape is kept (a phone number stays one, a name stays a name, equal rows stay equal), so that counts, comparisons and
checks come out as before.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from assist_review.filing import Document, Filing, Sheet, Table
from assist_review.lists import Extraction
from assist_review.text import fold

_MAIL = re.compile(r"[A-Za-z0-9._%+-]+(?=@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_DIGITS = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"  # identity card
    r"|(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}"  # mobile
    r"|(?:0\d{2,3}[-－ ]\d{4}[ -]?\d{3,4}|400[-－ ]?\d{3}[-－ ]?\d{4})"  # telephone
    r"|\d{16}|\d{19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{3})?)(?![0-9A-Za-z])"  # account
)
_SECRET = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{8,}|AKIA[0-9A-Z]{12,}|LTAI[0-9A-Za-z]{10,})"
    r"|(?<=密码[:：])[A-Za-z0-9@#$%^&*!_.+/=-]{6,}|(?<=口令[:：])[A-Za-z0-9@#$%^&*!_.+/=-]{6,}"
)
_NAMED = ("applicant.legal_representative", "persons.", "contact.")
_LABELLED = re.compile(
    r"(?:法定代表人|法人代表|负责人|联系人|经办人|承办人|姓名|签字|签名|审核员|标注员|委托代理人)"
    r"(?:（[^）\n]{0,10}）)?\s*(?:[:：]|为|是)\s*([\u4e00-\u9fff]{2,4})(?=[\s，。；、|（(:：]|$)"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = "一二平安宁和明文立成之正其然可均同年初心"
_COLUMNS = ("entry", "answer")


class Mask:
    """The masks of one filing; `count` is how many different values were masked."""

    def __init__(self, names: Iterable[str], entries: Iterable[str], plain: Iterable[str]) -> None:
        self._names = sorted({n for n in names if _NAME.fullmatch(n)}, key=len, reverse=True)
        self._plain = {fold(p) for p in plain}
        self._entries = {fold(e) for e in entries} - self._plain - {""}
        self._seen: set[str] = set()

    @classmethod
    def of(cls, filing: Filing, extraction: Extraction) -> "Mask":
        """The masks for what is found in `filing`: named persons, and the entries and answers of its lists."""
        names = [str(f.value) for f in extraction.facts if f.name.startswith(_NAMED)]
        for document in filing.documents:
            names += [name for text in _texts(document) for name in _LABELLED.findall(text)]
        rows = [row.cells for bank in extraction.banks for row in bank.rows]
        entries = [text for cells in rows for key, text in cells.items() if key in _COLUMNS]
        plain = [text for cells in rows for key, text in cells.items() if key not in _COLUMNS]
        return cls(names, entries, plain)

    @property
    def count(self) -> int:
        """How many different values were masked."""
        return len(self._seen)

    def text(self, text: str) -> str:
        """`text` with personal data masked; a cell that is an entry of a list is masked as a whole."""
        if self._entries and fold(text) in self._entries:
            return self._entry(text)
        for pattern in (_SECRET, _DIGITS, _MAIL):
            text = pattern.sub(lambda m: self._note(m[0], _shaped(m[0])), text)
        for name in self._names:
            if name in text:
                text = text.replace(name, self._note(name, _person(name)))
        return text

    def filing(self, filing: Filing) -> Filing:
        """`filing` masked. File metadata and hashes go: they would lead back to the original."""
        return filing.model_copy(
            update={
                "documents": tuple(self._document(d) for d in filing.documents),
                "unreadable": tuple((self.text(f), u) for f, u in filing.unreadable),
                "profile_reasons": {k: self.text(v) for k, v in filing.profile_reasons.items()},
            }
        )

    def _document(self, d: Document) -> Document:
        blocks = tuple(
            b.model_copy(update={"text": self.text(b.text), "section": self.text(b.section)}) for b in d.blocks
        )
        hide = self._unseen if d.role in ("keywords", "questions") else self.text
        return d.model_copy(
            update={
                "file": self.text(d.file),
                "sha256": "",
                "properties": {},
                "blocks": blocks,
                "tables": tuple(self._table(t) for t in d.tables),
                "sheets": tuple(self._sheet(s, hide) for s in d.sheets),
                "hidden": tuple(h.model_copy(update={"text": hide(h.text)}) for h in d.hidden),
                "marks": tuple(m.model_copy(update={"text": self.text(m.text)}) for m in d.marks),
            }
        )

    def _table(self, table: Table) -> Table:
        rows = tuple(tuple(self.text(c) for c in row) for row in table.rows)
        update = {"rows": rows, "caption": self.text(table.caption), "section": self.text(table.section)}
        return table.model_copy(update=update)

    def _sheet(self, sheet: Sheet, hide: Callable[[str], str]) -> Sheet:
        """A sheet masked; what is hidden in a list was not read as entries and is masked whatever it says."""
        rows = tuple(
            tuple((hide if not sheet.visible or number in sheet.hidden_rows else self.text)(c) for c in row)
            for number, row in enumerate(sheet.rows, start=1)
        )
        return sheet.model_copy(update={"rows": rows})

    def _unseen(self, text: str) -> str:
        if not text.strip() or fold(text) in self._plain or text.replace(".", "").isdigit():
            return text
        return self._entry(text)

    def _entry(self, text: str) -> str:
        """A sensitive row: what is equal (after folding) stays equal, nothing of the wording is left."""
        return self._note(text, "样" + "".join(chr(97 + b % 26) for b in _digest(fold(text))[:8]))

    def _note(self, value: str, masked: str) -> str:
        self._seen.add(value)
        return masked


def _texts(document: Document) -> Iterable[str]:
    yield from (b.text for b in document.blocks)
    yield from (" | ".join(row) for t in document.tables for row in t.rows)


@lru_cache(maxsize=65536)
def _digest(value: str) -> bytes:
    return hashlib.blake2b(value.encode(), digest_size=32).digest()


def _shaped(value: str) -> str:
    """Other digits and letters in the same places; the first three characters stay, so that a kind stays that kind."""
    digest = _digest(value)
    out = []
    for n, char in enumerate(value):
        byte = digest[n % len(digest)]
        if n < 3 or not char.isalnum():
            out.append(char)
        elif char.isdigit():
            out.append(str(byte % 10))
        else:
            out.append(chr(97 + byte % 26))
    return "".join(out)


def _person(name: str) -> str:
    digest = _digest(name)
    return _SURNAMES[digest[0] % len(_SURNAMES)] + "".join(_GIVEN[b % len(_GIVEN)] for b in digest[1 : len(name)])
