"""The verb `prove`: every quote is located in the filing, every citation in the pack, every number worked out again.

A quote that is not where the finding says is looked for in the whole package (*misattributed*, with the true
place); one that is nowhere is *rejected*. A negative finding whose only proof was rejected falls to *unclear*.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from assist_review.arithmetic import compute
from assist_review.base import derived_id
from assist_review.errors import EvidenceError
from assist_review.filing import Document, Filing
from assist_review.messages import message
from assist_review.regulation import Clause, Pack, Requirement
from assist_review.review import NEGATIVE, Citation, Evidence, Finding
from assist_review.text import find_exact, fold


class Proof:
    """The package as a place to look quotes up; folds each document once."""

    def __init__(self, filing: Filing) -> None:
        self._documents = {d.file: d for d in filing.documents}
        self._others = {file for file, _ in filing.unreadable}
        self._name = filing.name
        self._keys: dict[str, str] = {}

    def evidence(self, piece: Evidence) -> Evidence:
        """`piece` with its state, and its true place where it stood elsewhere."""
        if not piece.quote:
            state = piece.state if piece.state in ("absent", "image") else "absent"
            known = piece.file in self._documents or piece.file in self._others or piece.file == self._name
            return piece.model_copy(update={"state": state if known else "rejected"})
        document = self._documents.get(piece.file)
        if document is not None and any(find_exact(t, piece.quote) for t in _texts_at(document, piece)):
            return piece.model_copy(update={"state": "verified"})
        if document is not None and self._anywhere(document, piece.quote):
            return piece.model_copy(update={"state": "verified"} if _loose(piece) else {"state": "misattributed"})
        for other in self._documents.values():
            if other is not document and self._anywhere(other, piece.quote):
                return Evidence(
                    file=other.file, quote=piece.quote, state="misattributed", note=f"原注出处：{piece.file}"
                )
        return piece.model_copy(update={"state": "rejected", "note": "材料中没有这段文字"})

    def _anywhere(self, document: Document, quote: str) -> bool:
        if document.file not in self._keys:
            parts = [fold(t) for t in _all_texts(document)]
            self._keys[document.file] = "\n".join(parts)
        return fold(quote) in self._keys[document.file]


def _loose(piece: Evidence) -> bool:
    """Evidence that names no place inside the file."""
    return not (piece.page or piece.paragraph or piece.table or piece.cell or piece.row)


def _all_texts(document: Document) -> Iterator[str]:
    yield from (b.text for b in document.blocks)
    yield from (c for t in document.tables for r in t.rows for c in r if c)
    yield from (h.text for h in document.hidden)
    yield from (s.name for s in document.sheets)
    yield from (c for s in document.sheets for r in s.rows for c in r if c)
    yield from (m.text for m in document.marks if m.text)
    yield from document.properties.values()


def _texts_at(document: Document, piece: Evidence) -> Iterator[str]:
    """Texts of `document` at the place `piece` names; all its texts where it names none."""
    if piece.sheet is not None:
        yield from _sheet_texts(document, piece)
    elif _loose(piece):
        yield from _all_texts(document)
    else:
        yield from (
            b.text for b in document.blocks if _at(piece, b.place.page, b.place.paragraph, b.place.table, b.place.row)
        )
        for table in document.tables:
            for row, place in zip(table.rows, table.row_places, strict=True):
                if _at(piece, place.page, place.paragraph, place.table, place.row):
                    yield from row
    yield from (
        h.text for h in document.hidden
        if (h.place.page, h.place.paragraph, h.place.sheet) == (piece.page, piece.paragraph, piece.sheet)
    )  # fmt: skip


def _sheet_texts(document: Document, piece: Evidence) -> Iterator[str]:
    for sheet in document.sheets:
        if sheet.name != piece.sheet:
            continue
        if piece.row is None:
            yield sheet.name
            yield from (c for r in sheet.rows for c in r)
        elif 1 <= piece.row <= len(sheet.rows):
            yield from sheet.rows[piece.row - 1]


def _at(piece: Evidence, page: int | None, paragraph: int | None, table: int | None, row: int | None) -> bool:
    if piece.table is not None and (piece.table, piece.row) != (table, row):
        return False
    if piece.paragraph is not None and piece.paragraph != paragraph:
        return False
    return piece.page is None or piece.page == page


def prove(findings: Iterable[Finding], filing: Filing, pack: Pack, as_of: date) -> tuple[Finding, ...]:
    """Findings with proved evidence, citations in force on `as_of`, and ids."""
    proof = Proof(filing)
    clauses = {c.id: c for c in pack.clauses}
    titles = {i.id: i.title for i in pack.instruments}
    requirements = {r.id: r for r in pack.requirements}
    proved = []
    for finding in findings:
        evidence = tuple(proof.evidence(e) for e in finding.evidence)
        update: dict[str, object] = {
            "evidence": evidence,
            "citations": tuple(_citations(requirements[finding.requirement], clauses, titles, as_of, pack.lexicon)),
        }
        if finding.verdict in NEGATIVE and evidence and all(e.state == "rejected" for e in evidence):
            update |= {
                "verdict": "unclear",
                "confidence": 0.2,
                "statement": finding.statement + message(pack.lexicon, "evidence_rejected"),
            }
        made = finding.model_copy(update=update)
        proved.append(made.model_copy(update={"id": _id(made)}))
    return _distinct(proved)


def _distinct(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings whose places alone do not tell them apart get ids from what they say: one decision is about one finding."""
    seen: dict[str, int] = {}
    made = []
    for finding in findings:
        own = finding.id if finding.id not in seen else derived_id(finding.id, finding.statement)
        if own in seen:
            own = derived_id(own, seen[own])
        seen[finding.id] = seen.get(finding.id, 0) + 1
        seen[own] = seen.get(own, 0) + (own != finding.id)
        made.append(finding.model_copy(update={"id": own}))
    return tuple(made)


def _id(finding: Finding) -> str:
    places = "|".join(f"{e.file}#{e.page}#{e.sheet}#{e.cell}#{e.quote}" for e in finding.evidence)
    quoted = any(e.quote for e in finding.evidence)
    return derived_id(finding.requirement, finding.verdict, finding.defect, places, "" if quoted else finding.statement)


def _citations(
    requirement: Requirement,
    clauses: dict[str, Clause],
    titles: dict[str, str],
    as_of: date,
    lexicon: dict[str, Any],
) -> Iterator[Citation]:
    for clause_id in requirement.cites:
        clause = clauses.get(clause_id)
        if clause is None or not clause.in_force.holds(as_of):
            continue
        yield Citation(
            instrument=clause.instrument, clause=clause.id,
            label=message(lexicon, "label", title=titles.get(clause.instrument, clause.instrument), label=clause.label),
            text=clause.text, verbatim=clause.verbatim, in_force_from=clause.in_force.start, in_force_to=clause.in_force.end,
            sha256=clause.sha256, source_sha256=clause.source_sha256,
        )  # fmt: skip


def disproved(findings: Iterable[Finding], filing: Filing, pack: Pack, as_of: date) -> Iterator[str]:
    """One line per quote, citation or number of a review that cannot be proved from `filing` and `pack`."""
    proof = Proof(filing)
    clauses = {c.id: c for c in pack.clauses}
    for finding in findings:
        where = f"{finding.requirement}（{finding.id}）"
        if finding.id != _id(finding):
            yield f"{where}：编号与内容不符，内容被改动过"
        for piece in finding.evidence:
            state = proof.evidence(
                piece.model_copy(
                    update={"state": "absent" if not piece.quote and piece.state != "image" else piece.state}
                )
            ).state
            if state != piece.state:
                yield f"{where}：{piece.file} 中的引文“{piece.quote[:40]}”核对结果为{state}，报告写为{piece.state}"
        for citation in finding.citations:
            clause = clauses.get(citation.clause)
            if clause is None or not clause.in_force.holds(as_of) or clause.text != citation.text:
                yield f"{where}：引用条款 {citation.clause} 与规则包不符或在审查日未施行"
            elif citation.sha256 and citation.sha256 != clause.sha256:
                yield f"{where}：引用条款 {citation.clause} 的哈希与条文不符，内容被改动过"
        for made in finding.computations:
            try:
                result = compute(made.formula, made.inputs)
            except EvidenceError as error:
                yield f"{where}：{error}"
                continue
            if abs(result - made.result) > 1e-6 * max(1.0, abs(result)):
                yield f"{where}：{made.label} 应为 {result:g}，报告写为 {made.result:g}"
