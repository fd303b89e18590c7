"""Tries suggested revisions on the text of a filing: applied, read again, checked again."""

from collections import Counter
from collections.abc import Callable, Iterator

from assist_review.evaluate.score import RevisionTrial
from assist_review.filing import Block, Document, Filing, Sheet, Table
from assist_review.review import NEGATIVE, Finding, Review, Revision
from assist_review.text import find_exact

BLANKS = ("____", "＿＿", "【请填写】")


def trials(review: Review, filing: Filing, judge: Callable[[Filing], Review]) -> Iterator[RevisionTrial]:
    """One trial per negative finding whose revision is finished text with a place in the filing.

    A template with blanks to fill in, an attachment, or a place that is an image cannot be tried and is left out.
    """
    before = _problems(review)
    for finding in review.findings:
        if finding.verdict not in NEGATIVE or finding.revision is None:
            continue
        revised = apply(finding.revision, filing)
        if revised is None:
            continue
        after = _problems(judge(revised))
        key = _key(finding)
        new = after - before
        yield RevisionTrial(
            finding=finding.id, requirement=finding.requirement, gone=after[key] < before[key],
            new=tuple(sorted(requirement for requirement, _ in new)),
        )  # fmt: skip


def apply(revision: Revision, filing: Filing) -> Filing | None:
    """The filing with the revision carried out, or None where it cannot be."""
    document = filing.document(revision.file) if revision.file else None
    if document is None or not revision.after or any(blank in revision.after for blank in BLANKS):
        return None
    if revision.kind == "replace":
        changed = _replaced(document, revision.before, revision.after) if revision.before else None
    elif revision.kind == "insert":
        changed = _inserted(document, revision.after)
    else:
        changed = None
    if changed is None:
        return None
    documents = tuple(changed if d is document else d for d in filing.documents)
    return filing.model_copy(update={"documents": documents})


def _key(finding: Finding) -> tuple[str, str | None]:
    return finding.requirement, finding.defect


def _problems(review: Review) -> Counter[tuple[str, str | None]]:
    return Counter(_key(f) for f in review.findings if f.verdict in NEGATIVE)


def _replaced(document: Document, before: str, after: str) -> Document | None:
    """The document with every `before` replaced: what was wrong in two places is put right in both."""
    hits = 0

    def put(text: str) -> str:
        nonlocal hits
        span = find_exact(text, before)
        if span is None:
            return text
        hits += 1
        return text[: span[0]] + after + text[span[1] :]

    blocks = tuple(b.model_copy(update={"text": put(b.text)}) for b in document.blocks)
    tables = tuple(_table(t, put) for t in document.tables)
    sheets = tuple(_sheet(s, put) for s in document.sheets)
    return document.model_copy(update={"blocks": blocks, "tables": tables, "sheets": sheets}) if hits else None


def _table(table: Table, put: Callable[[str], str]) -> Table:
    return table.model_copy(update={"rows": tuple(tuple(put(c) if c else c for c in row) for row in table.rows)})


def _sheet(sheet: Sheet, put: Callable[[str], str]) -> Sheet:
    return sheet.model_copy(update={"rows": tuple(tuple(put(c) if c else c for c in row) for row in sheet.rows)})


def _inserted(document: Document, text: str) -> Document | None:
    """The document with one more paragraph at its end; None for lists and images."""
    if document.sheets or not document.blocks:
        return None
    last = max(document.blocks, key=lambda b: b.order)
    order = max([last.order, *(t.order for t in document.tables)]) + 1
    block = Block(
        id=f"{last.id}.revision", kind="paragraph", text=text, order=order, section=last.section, place=last.place,
        origin=last.origin,
    )  # fmt: skip
    return document.model_copy(update={"blocks": (*document.blocks, block)})
