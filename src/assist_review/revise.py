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
from assist_review.passages import Passage, passages
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Edit, Evidence, Failure, Finding, Origin, Revision
from assist_review.steering import Steering
from assist_review.text import find_exact, fold, sentence_around

_BATCH_LONG, _BATCH_SHORT = 8, 2
_PLACES = 4  # places offered for one problem, at most
_NEAR = 0.12  # of the words of a sentence that the problem speaks of, for a place the evidence does not name
_WRITTEN = ("form", "report", "agreement", "privacy", "annotation_rules", "other")  # the applicant's own prose
_EDITABLE = ("docx", "sheet", "text", "pdf")
_TITLE = 14  # characters of a sentence that only heads what follows
_SENTENCE = re.compile(r"[^。！？；!?\n]+[。！？；!?]?[”’」』）)】》]*")
_ROLES = {
    "report": "安全自评估报告", "form": "备案表", "agreement": "服务协议", "privacy": "隐私政策", "annotation_rules": "标注规则",
}  # fmt: skip
_REMOVED = ("INT-01", "INT-02")  # to be taken out, not rewritten; their words are not put before a model
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_PERSON = re.compile(r"(?:由|负责人|联系人|法定代表人)(?:为|是|：|:)?([\u4e00-\u9fff]{2,4})(?=负责|担任|，|。|（|$)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_BLANK = re.compile(r"【待补：[^】]*】")


def revise(findings: Iterable[Finding], filing: Filing, pack: Pack) -> tuple[Finding, ...]:
    """Findings in which every problem has a revision; its place is the first evidence that can be edited."""
    templates = {r.id: r.revise for r in pack.requirements}
    editable = {d.file for d in filing.documents if d.format in _EDITABLE}
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
    """One drafted text: for the problem `number`, at the place `place` that was offered, from 1."""

    number: int
    place: int = 1
    kind: Literal["replace", "insert", "attach"]
    after: str


class Drafts(BaseModel):
    """Drafted texts."""

    drafts: list[Draft]


@dataclass(frozen=True)
class Target:
    """A place that may be put right: the whole sentence, word for word, and where it stands."""

    file: str
    place: str
    before: str


@dataclass(frozen=True)
class Problem:
    """A finding to be drafted for, with the places that are offered; none where something has to be added."""

    finding: Finding
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Drafted:
    """Findings whose revisions a model drafted, and what it did not draft."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]


def drafting(findings: Sequence[Finding], filing: Filing, pack: Pack, prompts: dict[str, Prompt], window: int) -> list[tuple[Question, list[Problem]]]:  # fmt: skip
    """The questions, problems of one document together, with what each is about."""
    steering = Steering.of(pack.lexicon)
    places = _Places(filing, pack)
    asked: list[tuple[Question, list[Problem]]] = []
    by_file: dict[str, list[Problem]] = {}
    for finding in findings:
        document = filing.document(finding.revision.file or "") if finding.revision else None
        if finding.requirement in _REMOVED or finding.verdict not in NEGATIVE or document is None:
            continue
        if document.role in _WRITTEN:
            by_file.setdefault(document.file, []).append(Problem(finding, places.of(finding)))
    size = _BATCH_LONG if window >= 24_000 else _BATCH_SHORT
    for file, same in by_file.items():
        document = filing.document(file)
        assert document is not None
        for at in range(0, len(same), size):
            batch = same[at : at + size]
            style = _style(document, [p.finding for p in batch], steering, min(3000, window // 4))
            told = "\n".join(_told(n, p, pack, steering, places) for n, p in enumerate(batch, start=1))
            values = {"style": fence(style), "problems": told}
            about = tuple(dict.fromkeys(p.finding.requirement for p in batch))
            asked.append((Question(prompts["revise"], values, Drafts, "revise", about, 700 * len(batch) + 500), batch))
    return asked


def _told(number: int, problem: Problem, pack: Pack, steering: Steering, places: "_Places") -> str:
    finding, requirement = problem.finding, pack.requirement(problem.finding.requirement)
    told = (
        f"{number}. 要求：{requirement.statement if requirement else ''}\n   问题：{steering.without(finding.statement)}\n"
        f"   参考做法：{requirement.revise if requirement else ''}"
    )
    for n, target in enumerate(problem.targets, start=1):
        told += f"\n   第{n}处（{places.name(target)}）：{fence(steering.without(target.before))}"
    return told if problem.targets else f"{told}\n   第1处：（没有原文，需要插入）"


class _Places:
    """Where a problem can be put right: the sentences its evidence quotes, and those that speak of the same thing."""

    def __init__(self, filing: Filing, pack: Pack) -> None:
        self._pack = pack
        self._written = [d for d in filing.documents if d.role in _WRITTEN and d.format in _EDITABLE]
        self._parts = {d.file: list(passages(d)) for d in self._written}
        self._names = {d.file: _ROLES.get(str(d.role), "文件") for d in self._written}

    def name(self, target: Target) -> str:
        """What a place is called before the model: never by its file name."""
        return "".join(filter(None, (f"《{self._names.get(target.file, '文件')}》", target.place)))

    def of(self, finding: Finding) -> tuple[Target, ...]:
        """The places, prose before headings, those of the finding's own file first."""
        own = finding.revision.file if finding.revision else None
        found: dict[tuple[str, str], tuple[int, Target]] = {}
        for piece in finding.evidence:
            if piece.quote and piece.state in ("verified", "misattributed"):
                hit = self._sentence(piece)
                if hit is not None:
                    heading, target = hit
                    found.setdefault((target.file, target.before), (heading, target))
        ranked = sorted(found.values(), key=lambda each: (each[0], each[1].file != own))
        targets = [target for _, target in ranked]
        if not any(not heading and target.file == own for heading, target in ranked):
            targets = [*self._spoken(finding, own), *targets]
        return tuple(dict.fromkeys(targets))[:_PLACES]

    def _sentence(self, piece: Evidence) -> tuple[int, Target] | None:
        """The whole sentence around a quote, and whether it only heads a section."""
        parts = self._parts.get(piece.file, ())
        fitting = [(p, t) for p in parts for t in (p.cells or (p.text,)) if t and find_exact(t, piece.quote)]
        here = (piece.page, piece.paragraph, piece.table, piece.row, piece.sheet)
        fitting.sort(
            key=lambda each: (each[0].place.page, each[0].place.paragraph, each[0].place.table, each[0].place.row,
                              each[0].place.sheet) != here
        )  # fmt: skip
        if not fitting:
            return None
        part, text = fitting[0]
        span = find_exact(text, piece.quote)
        assert span is not None
        before = text[slice(*sentence_around(text, *span))]
        bare = len(before) <= _TITLE and not part.cells and before != text.strip()  # “2.2 收集清单。” and what it heads
        return int(part.heading or bare), Target(part.file, _at(part), before)

    def _spoken(self, finding: Finding, own: str | None) -> Iterator[Target]:
        """Sentences of the finding's own file that speak of the problem, where its evidence only names a heading."""
        requirement = self._pack.requirement(finding.requirement)
        told = fold(finding.statement + (requirement.statement + requirement.revise if requirement else ""))
        scored: list[tuple[float, int, Target]] = []
        for part in self._parts.get(own or "", ()):
            if part.heading or part.cells:
                continue
            for match in _SENTENCE.finditer(part.text):
                key = fold(match[0])
                pairs = {key[i : i + 2] for i in range(len(key) - 1)}
                if len(key) > _TITLE:
                    share = sum(p in told for p in pairs) / len(pairs)
                    scored.append((-share, part.order, Target(part.file, _at(part), match[0].strip())))
        yield from (target for share, _, target in sorted(scored, key=lambda s: s[:2])[:2] if -share >= _NEAR)


def _at(part: Passage) -> str:
    return _place(part.place.page, part.place.paragraph, part.place.sheet, part.place.cell)


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
    drafts: list[tuple[Problem, list[tuple[Draft, Target | None, str]]]] = []
    for (question, batch), answer in zip(asked, model.ask([q for q, _ in asked]), strict=True):
        if isinstance(answer, LLMError):
            reason = f"修改文字没有起草，沿用参考做法。{answer}"
            failures += [Failure(requirement=r, stage="revise", reason=reason) for r in question.about]
            continue
        assert isinstance(answer, Drafts)
        for number, problem in enumerate(batch, start=1):
            given = [d for d in answer.drafts if d.number == number and d.after.strip()]
            drafts.append((problem, _placed(problem, given, known)))
    sentences = _sentences(edit for _, edits in drafts for edit in edits)
    for problem, edits in drafts:
        if edits:
            made[problem.finding.id] = _drafted(problem.finding, edits, sentences, origin)
    return Drafted(tuple(made.get(f.id, f) if f.id else f for f in findings), tuple(dict.fromkeys(failures)))


def _placed(problem: Problem, drafts: Sequence[Draft], known: "_Known") -> list[tuple[Draft, Target | None, str]]:
    """Drafts with the sentence each is for and its text; one that names a place which was not offered is left out."""
    edits: dict[int, tuple[Draft, Target | None, str]] = {}
    for draft in drafts:
        at = draft.place - 1
        target = problem.targets[at] if 0 <= at < len(problem.targets) else None
        if target is not None or draft.kind == "attach" or not problem.targets:
            edits.setdefault(at, (draft, target, known.blanked(draft.after.strip(), problem.finding)))
    return list(edits.values())


def _sentences(edits: Iterable[tuple[Draft, Target | None, str]]) -> dict[Target, str]:
    """What becomes of each sentence: the first text that replaces it, then all that is inserted behind it.

    One sentence cannot become two: findings that change the same one all carry the same text.
    """
    replaced: dict[Target, str] = {}
    inserted: dict[Target, list[str]] = {}
    for draft, target, after in edits:
        if target is not None and draft.kind == "replace":
            replaced.setdefault(target, after)
        elif target is not None and draft.kind == "insert":
            inserted.setdefault(target, []).append(after)
    return {
        target: replaced.get(target, target.before) + "".join(dict.fromkeys(inserted.get(target, [])))
        for target in (*replaced, *inserted)
    }


def _drafted(
    finding: Finding, edits: Sequence[tuple[Draft, Target | None, str]], sentences: Mapping[Target, str], origin: Origin
) -> Finding:
    """The finding with its drafts: the first is its revision, those for other places stand beside it."""
    had = finding.revision
    assert had is not None
    draft, target, after = edits[0]
    update: dict[str, object] = {"after": after, "origin": origin, "kind": draft.kind}
    if target is None:
        update |= {"kind": "insert" if draft.kind == "replace" else draft.kind, "before": ""}
    elif draft.kind != "attach":
        update |= {
            "kind": "replace", "file": target.file, "place": target.place, "before": target.before,
            "after": sentences[target],
        }  # fmt: skip
    update["also"] = tuple(
        Edit(file=t.file, place=t.place, before=t.before, after=sentences[t])
        for d, t, _ in edits[1:] if t is not None and d.kind != "attach"
    )  # fmt: skip
    return finding.model_copy(update={"revision": had.model_copy(update=update)})


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
    """The filing with every drafted revision that has a place in it carried out, at each of its places."""
    documents = {d.file: d for d in filing.documents}
    for finding in findings:
        revision = finding.revision
        if revision is None or revision.origin is None:
            continue
        edits = [Revision(kind="replace", **e.model_dump()) for e in revision.also]
        for each in ([revision] if revision.kind != "attach" else []) + edits:
            document = documents.get(each.file or "")
            if document is not None:
                documents[document.file] = apply(document, each, finding.evidence)
    return filing.model_copy(update={"documents": tuple(documents[d.file] for d in filing.documents)})


def apply(document: Document, revision: Revision, evidence: Sequence[Evidence] = ()) -> Document:
    """`document` with the revision carried out: in the block or cell that holds `before`, else as a last paragraph.

    A sentence that another finding had replaced by the same text is left as it is.
    """
    if revision.before:
        blocks = sorted(enumerate(document.blocks), key=lambda each: not _here(each[1].place.paragraph, evidence))
        for n, block in blocks:
            span = find_exact(block.text, revision.before)
            if span:
                text = _edited(block.text, span, revision)
                made = (*document.blocks[:n], block.model_copy(update={"text": text}), *document.blocks[n + 1 :])
                return document.model_copy(update={"blocks": made})
        for n, table in enumerate(document.tables):
            edited = _edited_table(table, revision)
            if edited is not None:
                return document.model_copy(update={"tables": (*document.tables[:n], edited, *document.tables[n + 1 :])})
        if find_exact(document.text, revision.after):
            return document
    order = max([b.order for b in document.blocks] + [t.order for t in document.tables], default=0) + 1
    section = next((b.section for b in reversed(document.blocks) if b.section), "")
    new = Block(id=f"revised{order}", kind="paragraph", text=revision.after, order=order, section=section)
    return document.model_copy(update={"blocks": (*document.blocks, new)})


def _here(paragraph: int | None, evidence: Sequence[Evidence]) -> bool:
    return paragraph is not None and paragraph in {e.paragraph for e in evidence}


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
