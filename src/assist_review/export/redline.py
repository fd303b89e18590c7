"""Revisions written into the applicant's own DOCX as true tracked changes with comments, and read back.

The home of docx_editor. Only the characters that differ are marked, so that a person sees what changes; runs,
tables and numbering stay as they are, and the original file is never touched.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from assist_review.base import Value
from assist_review.errors import ExportError
from assist_review.review import NEGATIVE, Evidence, Finding, Revision
from assist_review.text import find_exact

_NEAR = 12  # characters of context by which a change is found again
_ENDS = "。；！？"
_LABEL = 14  # characters of an automatic list number, which readers see and the paragraph does not hold
_GAP = 3  # equal characters between two changes that are not worth keeping apart
State = Literal["pending", "accepted", "rejected", "partly", "rewritten", "not_placed"]


class Piece(Value):
    """One tracked change: `deleted` became `inserted` between `before` and `after` of the same paragraph."""

    before: str
    deleted: str
    inserted: str
    after: str


class Change(Value):
    """What became of one finding's revision in a file."""

    finding: str
    requirement: str
    file: str
    kind: str
    pieces: tuple[Piece, ...] = ()
    state: State = "pending"
    reason: str = ""  # why it could not be placed


def redline(source: Path, target: Path, file: str, findings: Sequence[Finding], author: str) -> tuple[Change, ...]:
    """Copies `source` to `target` with the revisions of `findings` as tracked changes; raises ExportError."""
    from docx_editor import Document, DocxEditError

    changes: list[Change] = []
    told: dict[tuple[str, str], tuple[Piece, ...]] = {}  # what is written already, with where it stands
    with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            document = Document.open(target, author=author, workspace_dir=scratch, force_recreate=True)
        except (DocxEditError, OSError, ValueError) as error:
            raise ExportError(f"{file} 不能写入修订：{error}") from error
        try:
            for finding in findings:
                for revision in _revisions(finding, file):
                    # A template is written once; a drafted sentence that answers two findings too.
                    key = ("" if revision.origin is None else revision.before, revision.after)
                    again = told.get(key) if revision.origin is None or revision.before else None
                    made = _placed(document, file, finding, revision, told=again)
                    changes.append(made)
                    if made.pieces:
                        told.setdefault(key, made.pieces)
            document.save(target)
        except (DocxEditError, OSError) as error:
            raise ExportError(f"{file} 写入修订时出错：{error}") from error
        finally:
            document.close()
    return tuple(changes)


def _revisions(finding: Finding, file: str) -> Iterator[Revision]:
    """The revision of a finding and its edits at further places, those that concern `file`."""
    revision = finding.revision
    if finding.verdict not in NEGATIVE or revision is None:
        return
    if revision.file in (file, None):
        yield revision
    for edit in revision.also:
        if edit.file == file:
            yield revision.model_copy(update={**edit.model_dump(), "kind": "replace", "also": ()})


def _placed(
    document: Any, file: str, finding: Finding, revision: Revision, *, told: tuple[Piece, ...] | None
) -> Change:
    """`told`: where the same template stands in this file already, so that a comment is enough."""
    from docx_editor import DocxEditError

    made = Change(finding=finding.id, requirement=finding.requirement, file=file, kind=revision.kind)
    evidence = [e for e in finding.evidence if e.file == file and e.quote]
    try:
        revision = _unnumbered(document, revision)
        where = _where(document, revision, evidence)
        if where is None and told:
            return made.model_copy(update={"pieces": told})
        if where is None and revision.origin is not None and revision.before:
            reason = "原句在文件中找不到或者已被另一条修改改动，请按修改建议在原件中修改"
            return made.model_copy(update={"state": "not_placed", "reason": reason})
        if where is None:
            return made.model_copy(update={"pieces": _at_the_end(document, finding, revision)})
        ref, text, span = where
        document.add_comment(text[slice(*span)], _comment(finding), paragraph=ref, occurrence=_nth(text, *span))
        if told:
            return made.model_copy(update={"pieces": told})
        if revision.origin is None or revision.kind == "insert":
            span = (span[0], _sentence_end(text, span[1]))
        pieces = _edit(document, ref, text, span, _wanted(revision, text[slice(*span)]))
    except (DocxEditError, ValueError) as error:
        return made.model_copy(update={"state": "not_placed", "reason": f"{type(error).__name__}: {str(error)[:200]}"})
    return made.model_copy(update={"pieces": pieces})


def _unnumbered(document: Any, revision: Revision) -> Revision:
    """A drafted revision without the automatic list number that was read before its sentence."""
    if revision.origin is None or not revision.before:
        return revision
    texts = [p.text.lstrip() for p in document.list_paragraphs_structured(limit=None)]
    if any(find_exact(text, revision.before) for text in texts):
        return revision
    for cut in range(1, min(_LABEL, len(revision.before) // 2)):
        label, rest = revision.before[:cut], revision.before[cut:].lstrip()
        if any(text.startswith(rest) for text in texts):
            after = revision.after.removeprefix(label).lstrip()
            return revision.model_copy(update={"before": rest, "after": after})
    return revision


def _where(document: Any, revision: Revision, evidence: Sequence[Evidence]) -> tuple[str, str, tuple[int, int]] | None:
    """Reference and text of the paragraph, and the span in it, of the first quote that stands in the body."""
    paragraphs = document.list_paragraphs_structured(limit=None)
    tables = any(e.table for e in evidence)
    # A drafted sentence takes the place of the whole sentence it was drafted for, and of nothing else.
    others = [] if revision.origin is not None and revision.before else [e.quote for e in evidence]
    for quote in dict.fromkeys([revision.before, *others]):
        found = [(p, find_exact(p.text, quote)) for p in paragraphs] if quote else []
        fitting = [(p, span) for p, span in found if span]
        fitting.sort(key=lambda each: each[0].in_table != tables)
        if fitting:
            paragraph, span = fitting[0]
            assert span is not None
            return str(paragraph.ref), paragraph.text, span
    return None


def _sentence_end(text: str, at: int) -> int:
    """Where the sentence around `at` ends: a quote may stop inside it, and what is inserted belongs behind it."""
    if at and text[at - 1] in _ENDS:
        return at
    ends = [found + 1 for mark in _ENDS if (found := text.find(mark, at)) >= 0]
    return min(ends, default=len(text))


def _wanted(revision: Revision, quoted: str) -> str:
    """What shall stand in place of the quote. A template only tells what to write: it becomes a marked blank."""
    if revision.origin is None:
        return f"{quoted}【待补：{revision.after}】"
    return quoted + revision.after if revision.kind != "replace" else revision.after


def _edit(document: Any, ref: str, text: str, span: tuple[int, int], wanted: str) -> tuple[Piece, ...]:
    """Makes the changed characters of the span tracked changes, the last first so that the places stay right."""
    pieces: list[Piece] = []
    for start, end, inserted in reversed(list(_differences(text[slice(*span)], wanted))):
        at, to = span[0] + start, span[0] + end
        if to > at:
            result = document.replace(text[at:to], inserted, paragraph=ref, occurrence=_nth(text, at, to)) if inserted else (
                document.delete(text[at:to], paragraph=ref, occurrence=_nth(text, at, to)))  # fmt: skip
        elif at:
            anchor = (max(0, at - _NEAR), at)
            result = document.insert_after(
                text[slice(*anchor)], inserted, paragraph=ref, occurrence=_nth(text, *anchor)
            )
        else:
            anchor = (0, min(len(text), _NEAR))
            result = document.insert_before(text[slice(*anchor)], inserted, paragraph=ref, occurrence=0)
        ref = str(result)
        pieces.append(
            Piece(before=text[max(0, at - _NEAR) : at], deleted=text[at:to], inserted=inserted, after=text[to : to + _NEAR])
        )  # fmt: skip
    return tuple(reversed(pieces))


def _differences(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Spans of `old` with what replaces them; neighbours that are nearly touching are taken together."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    opcodes = [o for o in matcher.get_opcodes() if o[0] != "equal"]
    if matcher.ratio() < 0.5:  # another sentence altogether: one change reads better than confetti
        prefix = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        room = min(len(old), len(new)) - prefix
        suffix = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
        opcodes = [("replace", prefix, len(old) - suffix, prefix, len(new) - suffix)]
    spans: list[list[int]] = []
    for _, a, b, c, d in opcodes:
        if spans and a - spans[-1][1] <= _GAP:
            spans[-1][1], spans[-1][3] = b, d
        else:
            spans.append([a, b, c, d])
    yield from ((a, b, new[c:d]) for a, b, c, d in spans)


def _at_the_end(document: Any, finding: Finding, revision: Revision) -> tuple[Piece, ...]:
    """A new last paragraph, for what has no place in the document yet."""
    paragraphs = [p for p in document.list_paragraphs_structured(limit=None) if p.text.strip() and not p.in_table]
    if not paragraphs:
        raise ValueError("文件没有可以插入文字的段落")
    last = paragraphs[-1]
    inserted = revision.after if revision.origin else f"【待补：{revision.after}】"
    anchor = (max(0, len(last.text) - _NEAR), len(last.text))
    document.insert_after(
        last.text[slice(*anchor)], "\n" + inserted.replace("\n", " "), paragraph=last.ref,
        occurrence=_nth(last.text, *anchor), note=_comment(finding),
    )  # fmt: skip
    return (Piece(before="", deleted="", inserted=inserted.replace("\n", " "), after=""),)


def _nth(text: str, start: int, end: int) -> int:
    """Which occurrence of `text[start:end]` in `text` it is, from 0."""
    words, at, count = text[start:end], 0, 0
    while (at := text.find(words, at)) != -1 and at < start:
        at += len(words) if at + len(words) <= start else 1
        count += 1
    return count


def _comment(finding: Finding) -> str:
    lines = [f"〔{finding.requirement}〕{finding.statement}"]
    lines += [f"依据：{c.label}：{c.text[:120]}{'' if c.verbatim else '（本程序转述）'}" for c in finding.citations[:2]]
    if finding.to_be_verified:
        lines.append("该要求的文字有待与正式文本核对。")
    revision = finding.revision
    if revision is not None and revision.recheck != "not_checked":
        lines.append("修改后复查：通过。" if revision.recheck == "passes" else "修改后复查：仍有问题，请再核对。")
    return "　".join(" ".join(line.split()) for line in lines)


def read_back(path: Path, changes: Sequence[Change], author: str) -> tuple[Change, ...]:
    """`changes` with what a person did to them in `path`: accepted, rejected, partly, rewritten or still pending."""
    from docx_editor import Document, DocxEditError

    with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
        try:
            document = Document.open(path, author=author, workspace_dir=scratch, force_recreate=True)
        except (DocxEditError, OSError, ValueError) as error:
            raise ExportError(f"{path.name} 读不出修订：{error}") from error
        try:
            paragraphs = [p.text for p in document.list_paragraphs_structured(limit=None)]
            open_ones = [(r.type, r.text) for r in document.list_revisions(author=author)]
        finally:
            document.close()
    return tuple(_judged(change, paragraphs, open_ones) for change in changes)


def _judged(change: Change, paragraphs: Sequence[str], open_ones: Sequence[tuple[str, str]]) -> Change:
    if change.state == "not_placed":
        return change
    states = {_state(piece, paragraphs, open_ones) for piece in change.pieces}
    state: State = next(iter(states)) if len(states) == 1 else "partly" if states else "accepted"
    return change.model_copy(update={"state": state})


def _state(piece: Piece, paragraphs: Sequence[str], open_ones: Sequence[tuple[str, str]]) -> State:
    for kind, text in (("insertion", piece.inserted), ("deletion", piece.deleted)):
        if text and any(k == kind and (text in t or (len(t) > 3 and t in text)) for k, t in open_ones):
            return "pending"
    near = (piece.before[-6:], piece.after[:6])
    if piece.inserted:
        if any(near[0] + piece.inserted + near[1] in p or piece.inserted == p for p in paragraphs):
            return "accepted"
        if len(piece.inserted) > _NEAR and any(piece.inserted in p for p in paragraphs):
            return "accepted"
    elif any(near[0] + near[1] in p for p in paragraphs):
        return "accepted"
    if not piece.before and not piece.after:
        return "rejected"
    return "rejected" if any(near[0] + piece.deleted + near[1] in p for p in paragraphs) else "rewritten"
