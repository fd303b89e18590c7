"""The verb `revise`: what would make each problem go away.

The requirement's own template says what to do; with a model the text itself is drafted in the document's style. A
draft never states a value the filing does not: such values become marked blanks, 【待补：…】.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from assist_review.errors import LLMError
from assist_review.filing import Block, Document, Filing, Table
from assist_review.llm.endpoint import tokens
from assist_review.llm.model import Model, Question
from assist_review.llm.prompts import Prompt, fence
from assist_review.passages import passages
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Evidence, Failure, Finding, Origin, Revision
from assist_review.steering import Steering
from assist_review.text import find_exact, fold

_BATCH_LONG, _BATCH_SHORT = 8, 2
_WRITTEN = ("form", "report", "agreement", "privacy", "annotation_rules", "other")  # the applicant's own prose
_REMOVED = ("INT-01", "INT-02")  # to be taken out, not rewritten; their words are not put before a model
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_PERSON = re.compile(r"(?:由|负责人|联系人|法定代表人)(?:为|是|：|:)?([\u4e00-\u9fff]{2,4})(?=负责|担任|，|。|（|$)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_BLANK = re.compile(r"【待补：[^】]*】")


def revise(findings: Iterable[Finding], filing: Filing, pack: Pack) -> tuple[Finding, ...]:
    """Findings in which every problem has a revision; its place is the first evidence that can be edited."""
    templates = {r.id: r.revise for r in pack.requirements}
    editable = {d.file for d in filing.documents if d.format in ("docx", "sheet", "text", "pdf")}
    return tuple(_with(f, templates[f.requirement], editable) if f.verdict in NEGATIVE else f for f in findings)


def _with(finding: Finding, template: str, editable: set[str]) -> Finding:
    quoted = next((e for e in finding.evidence if e.quote and e.file in editable and e.state == "verified"), None)
    if quoted is not None:
        revision = Revision(
            kind="replace",
            file=quoted.file,
            place=_place(quoted.page, quoted.paragraph, quoted.sheet, quoted.cell),
            before=quoted.quote,
            after=template,
        )
    else:
        at = next((e for e in finding.evidence), None)
        revision = Revision(
            kind="attach" if finding.verdict == "missing" and at is None else "insert",
            file=at.file if at else None,
            after=template,
        )
    return finding.model_copy(update={"revision": revision})


def _place(page: int | None, paragraph: int | None, sheet: str | None, cell: str | None) -> str:
    if sheet:
        return f"工作表“{sheet}”{cell or ''}"
    return f"第{page}页" if page else f"第{paragraph}段" if paragraph else ""


class Draft(BaseModel):
    """One drafted text."""

    number: int
    kind: Literal["replace", "insert", "attach"]
    after: str


class Drafts(BaseModel):
    """Drafted texts."""

    drafts: list[Draft]


@dataclass(frozen=True)
class Drafted:
    """Findings whose revisions a model drafted, and what it did not draft."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]


def drafting(findings: Sequence[Finding], filing: Filing, pack: Pack, prompts: dict[str, Prompt], window: int) -> list[tuple[Question, list[Finding]]]:  # fmt: skip
    """The questions, problems of one document together, with the findings each is about."""
    steering = Steering.of(pack.lexicon)
    asked: list[tuple[Question, list[Finding]]] = []
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        document = filing.document(finding.revision.file or "") if finding.revision else None
        if finding.requirement in _REMOVED or finding.verdict not in NEGATIVE or document is None:
            continue
        if document.role in _WRITTEN:
            by_file.setdefault(document.file, []).append(finding)
    size = _BATCH_LONG if window >= 24_000 else _BATCH_SHORT
    for file, same in by_file.items():
        document = filing.document(file)
        assert document is not None
        for at in range(0, len(same), size):
            batch = same[at : at + size]
            style = _style(document, batch, steering, min(3000, window // 4))
            told = "\n".join(_told(n, f, pack, steering) for n, f in enumerate(batch, start=1))
            values = {"style": fence(style), "problems": told}
            about = tuple(dict.fromkeys(f.requirement for f in batch))
            asked.append((Question(prompts["revise"], values, Drafts, "revise", about, 500 * len(batch) + 500), batch))
    return asked


def _told(number: int, finding: Finding, pack: Pack, steering: Steering) -> str:
    requirement = pack.requirement(finding.requirement)
    before = finding.revision.before if finding.revision else ""
    return (
        f"{number}. 要求：{requirement.statement if requirement else ''}\n   问题：{steering.without(finding.statement)}\n"
        f"   参考做法：{requirement.revise if requirement else ''}\n   原文：{fence(steering.without(before)) if before else '（没有，需要插入）'}"
    )


def _style(document: Document, findings: Sequence[Finding], steering: Steering, room: int) -> str:
    """Passages of the sections the problems stand in, then the beginning of the document."""
    parts = [p for p in passages(document) if not p.heading and len(p.key) > 12]
    quotes = [e.quote for f in findings for e in f.evidence if e.file == document.file and e.quote]
    sections = {p.section for p in parts for q in quotes if find_exact(p.text, q)}
    kept: list[str] = []
    for part in [p for p in parts if p.section in sections] + parts[:10]:
        text = steering.without(part.text)
        room -= tokens(text)
        if room < 0:
            break
        kept.append(text)
    return "\n".join(dict.fromkeys(kept))


def draft_revisions(findings: Sequence[Finding], filing: Filing, pack: Pack, prompts: dict[str, Prompt], model: Model) -> Drafted:  # fmt: skip
    """Findings with drafted revisions where a model gave one. Never raises LLMError: the template then stays."""
    asked = drafting(findings, filing, pack, prompts, model.window)
    origin = Origin(kind="llm", name="revise", sha256=prompts["revise"].sha256, model=model.name)
    made: dict[str, Finding] = {}
    failures: list[Failure] = []
    known = _Known(filing, pack)
    for (question, batch), answer in zip(asked, model.ask([q for q, _ in asked]), strict=True):
        if isinstance(answer, LLMError):
            reason = f"修改文字没有起草，沿用参考做法。{answer}"
            failures += [Failure(requirement=r, stage="revise", reason=reason) for r in question.about]
            continue
        assert isinstance(answer, Drafts)
        for draft in answer.drafts:
            if 1 <= draft.number <= len(batch) and draft.after.strip():
                finding = batch[draft.number - 1]
                made[finding.id] = _drafted(finding, draft, known, origin)
    return Drafted(tuple(made.get(f.id, f) if f.id else f for f in findings), tuple(dict.fromkeys(failures)))


def _drafted(finding: Finding, draft: Draft, known: "_Known", origin: Origin) -> Finding:
    had = finding.revision
    assert had is not None
    kind = draft.kind if had.before or draft.kind != "replace" else "insert"
    after = known.blanked(draft.after.strip(), finding)
    return finding.model_copy(
        update={"revision": had.model_copy(update={"kind": kind, "after": after, "origin": origin})}
    )


class _Known:
    """What a draft may state: words of the filing, of the requirement and its clauses, and worked-out results."""

    def __init__(self, filing: Filing, pack: Pack) -> None:
        self._key = "\n".join(fold(d.text) for d in filing.documents)
        self._numbers = {_plain(n) for n in _NUMBER.findall(self._key)}
        self._pack = pack

    def blanked(self, text: str, finding: Finding) -> str:
        """`text` with every number, person and address nobody stated made a marked blank."""
        allowed = self._numbers | self._given(finding)
        spans = [m.span() for m in _BLANK.finditer(text)]

        def inside(match: re.Match[str]) -> bool:
            return any(start <= match.start() < end for start, end in spans)

        def number(match: re.Match[str]) -> str:
            return match[0] if inside(match) or _plain(match[0]) in allowed else "【待补：数值】"

        def person(match: re.Match[str]) -> str:
            unknown = not inside(match) and fold(match[1]) not in self._key
            return match[0].replace(match[1], "【待补：姓名】") if unknown else match[0]

        def mail(match: re.Match[str]) -> str:
            return match[0] if inside(match) or fold(match[0]) in self._key else "【待补：邮箱】"

        for pattern, made in ((_MAIL, mail), (_NUMBER, number), (_PERSON, person)):
            spans = [m.span() for m in _BLANK.finditer(text)]
            text = pattern.sub(made, text)
        return text

    def _given(self, finding: Finding) -> set[str]:
        requirement = self._pack.requirement(finding.requirement)
        texts = [requirement.statement, requirement.revise] if requirement else []
        texts += [c.text + c.label for c in finding.citations]
        given = {_plain(n) for t in texts for n in _NUMBER.findall(t)}
        for made in finding.computations:
            given |= {_plain(f"{made.result:g}"), _plain(f"{made.result:.2f}")}
        return given


def _plain(number: str) -> str:
    return number.replace(",", "").replace("，", "").rstrip("0").rstrip(".") if "." in number else number.replace(",", "").replace("，", "")  # fmt: skip


def changed(filing: Filing, findings: Iterable[Finding]) -> Filing:
    """The filing with every drafted revision that has a place in it carried out."""
    documents = {d.file: d for d in filing.documents}
    for finding in findings:
        revision = finding.revision
        if revision is None or revision.origin is None or revision.kind == "attach":
            continue
        document = documents.get(revision.file or "")
        if document is not None:
            documents[document.file] = apply(document, revision, finding.evidence)
    return filing.model_copy(update={"documents": tuple(documents[d.file] for d in filing.documents)})


def apply(document: Document, revision: Revision, evidence: Sequence[Evidence] = ()) -> Document:
    """`document` with the revision carried out: in the block or cell that holds `before`, else as a last paragraph."""
    if revision.before:
        for n, block in enumerate(document.blocks):
            span = find_exact(block.text, revision.before) if _here(block.place.paragraph, evidence) else None
            if span:
                text = _edited(block.text, span, revision)
                blocks = (*document.blocks[:n], block.model_copy(update={"text": text}), *document.blocks[n + 1 :])
                return document.model_copy(update={"blocks": blocks})
        for n, table in enumerate(document.tables):
            edited = _edited_table(table, revision)
            if edited is not None:
                return document.model_copy(update={"tables": (*document.tables[:n], edited, *document.tables[n + 1 :])})
    order = max([b.order for b in document.blocks] + [t.order for t in document.tables], default=0) + 1
    section = next((b.section for b in reversed(document.blocks) if b.section), "")
    new = Block(id=f"revised{order}", kind="paragraph", text=revision.after, order=order, section=section)
    return document.model_copy(update={"blocks": (*document.blocks, new)})


def _here(paragraph: int | None, evidence: Sequence[Evidence]) -> bool:
    named = {e.paragraph for e in evidence if e.paragraph}
    return not named or paragraph is None or paragraph in named


def _edited(text: str, span: tuple[int, int], revision: Revision) -> str:
    if revision.kind == "insert":
        return text[: span[1]] + revision.after + text[span[1] :]
    return text[: span[0]] + revision.after + text[span[1] :]


def _edited_table(table: Table, revision: Revision) -> Table | None:
    for i, row in enumerate(table.rows):
        for j, cell in enumerate(row):
            span = find_exact(cell, revision.before) if cell else None
            if span:
                changed_row = (*row[:j], _edited(cell, span, revision), *row[j + 1 :])
                return table.model_copy(update={"rows": (*table.rows[:i], changed_row, *table.rows[i + 1 :])})
    return None


def rechecked(findings: Iterable[Finding], again: Sequence[Finding], stands: Mapping[str, bool]) -> Iterator[Finding]:
    """Findings with the outcome of checking the changed filing: a problem that is still there fails.

    `again` holds what rules find in it; `stands` what the model says of the problems it had found, by finding id.
    """
    for finding in findings:
        revision = finding.revision
        if finding.verdict not in NEGATIVE or revision is None or revision.origin is None:
            yield finding
            continue
        outcome: Literal["passes", "fails", "not_checked"] = "not_checked"
        if revision.kind != "attach":
            left = any(f.verdict in NEGATIVE and _same(f, finding) for f in again) or stands.get(finding.id, False)
            # The rules cannot say that a problem they never saw is gone.
            known = finding.origin.kind != "llm" or finding.id in stands
            outcome = "fails" if left else "passes" if known else "not_checked"
        yield finding.model_copy(update={"revision": revision.model_copy(update={"recheck": outcome})})


def _same(one: Finding, other: Finding) -> bool:
    return (one.requirement, one.defect) == (other.requirement, other.defect) and (
        not other.evidence
        or not one.evidence
        or {e.file for e in one.evidence} & {e.file for e in other.evidence} != set()
    )
