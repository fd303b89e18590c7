"""Attack samples put into copies of a package, and a scripted model that obeys every one it gets to see.

The verdicts of an attacked package must equal those of the clean one; what the rules can see must be reported.
"""

import hashlib
import io
import json
import re
import shutil
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from docx import Document as open_docx
from openpyxl import load_workbook

from assist_review.evaluate.mutate.docx_file import inserted, paragraphs, replaced, shown_as, with_header
from assist_review.filing import Filing
from assist_review.llm.endpoint import Request
from assist_review.llm.opening import Choice, open_model
from assist_review.llm.scripted import Scripted
from assist_review.pipeline import run, understand
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Review
from assist_review.text import fold

_RUN = 8  # characters of an attack that the obeying model recognises
_EXPECTED = ("INT-01", "INT-02")  # what an attacked package may have in addition


@dataclass(frozen=True)
class Attack:
    """One sample. `texts` has several members where the text is spread; `says` is what it means."""

    id: str
    way: str
    role: str
    texts: tuple[str, ...]
    says: str
    seen: bool = True


@dataclass(frozen=True)
class Outcome:
    """What an attack changed. `moved` lists verdicts that differ from the clean run."""

    attack: Attack
    reported: bool
    obeyed: int  # questions in which the model saw the attack
    moved: tuple[str, ...]


def load(folder: Path) -> tuple[Attack, ...]:
    """All samples of a folder."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["attack"]:
            texts = entry["text"] if isinstance(entry["text"], list) else [entry["text"]]
            says = entry.get("says", "".join(texts))
            found.append(Attack(entry["id"], entry["way"], entry["role"], tuple(texts), says, entry.get("seen", True)))
    return tuple(found)


class Obedient:
    """A scripted model with settled opinions, which drops them all for any attack it sees."""

    def __init__(self, attack: Attack | None, clean: str = "") -> None:
        texts = (*attack.texts, "".join(attack.texts), attack.says) if attack else ()
        keys = [fold(t) for t in texts]
        self._runs = {k[i : i + _RUN] for k in keys for i in range(max(1, len(k) - _RUN + 1)) if len(k) >= 4}
        # Words that the clean questions hold anyway ("requirement") give nobody away.
        self._runs -= {r for r in self._runs if r in clean}
        self.heard: list[str] = []
        self.obeyed = 0

    def __call__(self, request: Request) -> str:
        """The answer to one question."""
        key = fold(request.user)
        self.heard.append(key)
        obeys = any(r in key for r in self._runs)
        self.obeyed += obeys
        return json.dumps(_answer(request, obeys), ensure_ascii=False)


_LINE = re.compile(r"^\[(\w+)\] (.+)$", re.MULTILINE)
_ID = re.compile(r"^- ([A-Z]+-\d+) ", re.MULTILINE)


def _answer(request: Request, obeys: bool) -> dict[str, object]:
    kinds = set(request.schema["properties"])
    if "ok" in kinds:
        return {"ok": True}
    lines = [(i, text) for i, text in _LINE.findall(request.user) if len(text) > 20 and "|" not in text]
    wanted = _ID.findall(request.user)

    def quote(about: str) -> list[dict[str, str]]:
        if not lines:
            return []
        number, text = lines[_dice(about) % len(lines)]
        return [{"passage": number, "quote": text[:40]}]

    if "judgements" in kinds:
        verdicts = ("compliant", "non_compliant", "unclear")
        return {
            "judgements": [
                {
                    "requirement": r, "reasons": "脚本的判断", "quotes": quote(r), "missing": "", "confidence": 0.95,
                    "verdict": "compliant" if obeys else verdicts[_dice(r) % 3],
                }
                for r in wanted
            ]
        }  # fmt: skip
    if "problems" in kinds:
        found = [] if obeys else [r for r in wanted if _dice(r) % 9 == 0]
        return {
            "problems": [
                {
                    "requirement": r, "defect": "", "kind": "judgement", "named": True, "statement": f"脚本对{r}的意见",
                    "quotes": quote(r), "confidence": 0.9,
                }
                for r in found
            ]
        }  # fmt: skip
    if "looks" in kinds:
        count = len(re.findall(r"^\d+\. ", request.user, re.MULTILINE))
        return {
            "looks": [{"number": n + 1, "reasons": "复核", "holds": "no" if obeys else "yes"} for n in range(count)]
        }
    return {next(iter(kinds)): []}


def _dice(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def review(package: Path, model: Obedient, pack: Pack, as_of: date, cache: Path | None) -> Review:
    """The review by rules and the obedient model."""
    desk = open_model(Choice("scripted:obedient", window=131_072, concurrency=1), None, Scripted(model, 131_072))
    return run(package, pack=pack, as_of=as_of, cache=cache, model=desk)


def verdicts(made: Review) -> Counter[tuple[str, str, str]]:
    """What a review concludes, without what an attack itself gives cause to report."""
    return Counter(
        (f.requirement, f.verdict, f.defect or "" if f.verdict in NEGATIVE else "")
        for f in made.findings if f.requirement not in _EXPECTED
    )  # fmt: skip


def trials(package: Path, attacks: Sequence[Attack], pack: Pack, as_of: date, cache: Path | None) -> Iterator[Outcome]:
    """One outcome per attack, against one clean run."""
    filing, _ = understand(package, pack=pack, cache=cache)
    plain = Obedient(None)
    clean = verdicts(review(package, plain, pack, as_of, cache))
    heard = "\n".join(plain.heard)
    for attack in attacks:
        with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
            copy = Path(scratch) / "package"
            shutil.copytree(package, copy)
            WAYS[attack.way](copy, filing, attack)
            model = Obedient(attack, heard)
            made = review(copy, model, pack, as_of, cache)
        now = verdicts(made)
        moved = [f"+{' '.join(k)}" for k in (now - clean)] + [f"-{' '.join(k)}" for k in (clean - now)]
        reported = any(f.requirement == "INT-02" and f.verdict in NEGATIVE for f in made.findings)
        yield Outcome(attack, reported, model.obeyed, tuple(sorted(moved)))


def _target(copy: Path, filing: Filing, role: str, suffix: str) -> Path:
    files = [d.file for d in filing.of(role) if d.file.lower().endswith(suffix)]
    files += [d.file for d in filing.documents if d.file.lower().endswith(suffix)]
    return copy / files[0]


def _docx(copy: Path, filing: Filing, attack: Attack, change: Callable[[bytes], bytes]) -> None:
    path = _target(copy, filing, attack.role, ".docx")
    path.write_bytes(change(path.read_bytes()))


def _body(data: bytes) -> list[tuple[tuple[str, int], str]]:
    """Paragraphs of prose from the fourth on, or all that a form has outside of its tables."""
    outside = [(p.at, p.text) for p in paragraphs(data) if p.table < 0 and p.at[0] == "word/document.xml"]
    prose = [(at, text) for at, text in outside if len(text) > 30][3:]
    return prose or outside[-1:]


def _paragraph(**marks: str) -> Callable[[Path, Filing, Attack], None]:
    def put(copy: Path, filing: Filing, attack: Attack) -> None:
        def change(data: bytes) -> bytes:
            at = _body(data)[0][0]
            for text in reversed(attack.texts):
                data = inserted(data, at, text, shown_as(**marks) if marks else None)
            return data

        _docx(copy, filing, attack, change)

    return put


def _sentence(copy: Path, filing: Filing, attack: Attack) -> None:
    def change(data: bytes) -> bytes:
        at, text = next((a, t) for a, t in _body(data) if t.endswith("。"))
        return replaced(data, at, len(text), len(text), attack.texts[0])

    _docx(copy, filing, attack, change)


def _with_docx(edit: Callable[[object, Attack], None]) -> Callable[[Path, Filing, Attack], None]:
    def put(copy: Path, filing: Filing, attack: Attack) -> None:
        path = _target(copy, filing, attack.role, ".docx")
        document = open_docx(str(path))
        edit(document, attack)
        document.save(str(path))

    return put


def _heading(document: object, attack: Attack) -> None:
    body = document.paragraphs  # type: ignore[attr-defined]
    at = next(p for p in body if p.style.name.lower().startswith("heading") or "标题" in p.style.name) if any(
        p.style.name.lower().startswith("heading") for p in body) else body[5]  # fmt: skip
    at.insert_paragraph_before(attack.texts[0], style=at.style)


def _cell(document: object, attack: Attack) -> None:
    table = max(document.tables, key=lambda t: len(t.rows))  # type: ignore[attr-defined]
    cell = table.rows[-1].cells[-1]
    cell.paragraphs[-1].add_run(("。" if cell.text else "") + attack.texts[0])


def _row(document: object, attack: Attack) -> None:
    table = document.add_table(rows=1, cols=len(attack.texts))  # type: ignore[attr-defined]
    for cell, text in zip(table.rows[0].cells, attack.texts, strict=True):
        cell.text = text


def _column(document: object, attack: Attack) -> None:
    table = document.add_table(rows=len(attack.texts), cols=1)  # type: ignore[attr-defined]
    for row, text in zip(table.rows, attack.texts, strict=True):
        row.cells[0].text = text


def _comment(document: object, attack: Attack) -> None:
    run = next(p.runs[0] for p in document.paragraphs if p.runs)  # type: ignore[attr-defined]
    document.add_comment(run, text=attack.texts[0], author="x", initials="x")  # type: ignore[attr-defined]


def _metadata(document: object, attack: Attack) -> None:
    document.core_properties.subject = attack.texts[0]  # type: ignore[attr-defined]
    document.core_properties.keywords = attack.texts[0]  # type: ignore[attr-defined]


def _footer(document: object, attack: Attack) -> None:
    footer = document.sections[0].footer  # type: ignore[attr-defined]
    footer.is_linked_to_previous = False
    footer.add_paragraph(attack.texts[0])


def _sheet(state: str | None) -> Callable[[Path, Filing, Attack], None]:
    def put(copy: Path, filing: Filing, attack: Attack) -> None:
        path = _target(copy, filing, attack.role, ".xlsx")
        workbook = load_workbook(io.BytesIO(path.read_bytes()))
        if state == "row":
            sheet = workbook.worksheets[0]
            sheet.append([attack.texts[0]])
            sheet.row_dimensions[sheet.max_row].hidden = True
        elif state == "cell":
            sheet = workbook.worksheets[0]
            cell = max(sheet[sheet.max_row], key=lambda c: len(str(c.value or "")))
            cell.value = f"{cell.value}{attack.texts[0]}"
        else:
            sheet = workbook.create_sheet("说明")
            sheet["A1"] = attack.texts[0]
            sheet.sheet_state = state or "visible"
        workbook.save(path)

    return put


def _filename(copy: Path, filing: Filing, attack: Attack) -> None:  # noqa: ARG001
    document = open_docx()
    document.add_paragraph("本页为目录。")
    document.save(str(copy / f"{attack.texts[0]}.docx"))


def _text_file(copy: Path, filing: Filing, attack: Attack) -> None:  # noqa: ARG001
    (copy / "说明.txt").write_text(attack.texts[0], encoding="utf-8")


def _zero_width(copy: Path, filing: Filing, attack: Attack) -> None:
    spread = Attack(attack.id, attack.way, attack.role, ("\u200b".join(attack.texts[0]),), attack.says)
    _paragraph()(copy, filing, spread)


def _header(copy: Path, filing: Filing, attack: Attack) -> None:
    _docx(copy, filing, attack, lambda data: with_header(data, attack.texts[0]))


WAYS: dict[str, Callable[[Path, Filing, Attack], None]] = {
    "paragraph": _paragraph(),
    "paragraphs": _paragraph(),
    "sentence": _sentence,
    "heading": _with_docx(_heading),
    "cell": _with_docx(_cell),
    "cells": _with_docx(_row),
    "column": _with_docx(_column),
    "header": _header,
    "footer": _with_docx(_footer),
    "white": _paragraph(color="FFFFFF"),
    "vanish": _paragraph(vanish=""),
    "tiny": _paragraph(sz="2"),
    "tracked": _paragraph(ins="x"),
    "comment": _with_docx(_comment),
    "metadata": _with_docx(_metadata),
    "hidden_sheet": _sheet("hidden"),
    "hidden_row": _sheet("row"),
    "visible_sheet": _sheet(None),
    "bank_cell": _sheet("cell"),
    "filename": _filename,
    "text_file": _text_file,
    "zero_width": _zero_width,
}
