"""What a model is asked about a filing, and what becomes of its answers.

The model is a junior whose every word is checked: a statement counts when a quote of it stands in the filing, a
second question in other words agrees, and no rule has decided. It never makes a rule's problem go away.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from pydantic import BaseModel

from assist_review.check import figures, merge, reading, rows
from assist_review.check.context import Context
from assist_review.check.merge import Claim
from assist_review.check.reading import Known, describe
from assist_review.check.shapes import Judged, Judgements, Look, Looks, Problem, Quote, Reading, Rows
from assist_review.check.sight import Line, Sight
from assist_review.errors import LLMError
from assist_review.expression import evaluate
from assist_review.llm.endpoint import tokens
from assist_review.llm.model import Model, Question
from assist_review.llm.prompts import Prompt, fence
from assist_review.regulation import Requirement
from assist_review.review import NEGATIVE, Computation, Evidence, Failure, Finding, Origin

# Kinds whose "unclear" a reader of the text can settle; all others rest on numbers, dates, marks or files.
_READABLE = frozenset({
    "content", "audience", "functions", "recipients", "storage_place", "source_list", "licence_terms", "clause_table",
    "base_model", "route", "residue", "monitors",
})  # fmt: skip
_SURE = 0.8
_DOUBTFUL = 0.5
_PER_ANSWER = 320  # tokens of one judgement with its quotes
_MOST = 8_000  # tokens most endpoints can write at once
_HANDWRITING = re.compile(r"签[字名署章]|手写|落款|姓名")
_LOOKS = 10  # claims of one second look
_PASSAGES = 6  # passages per requirement where the window is short
_ROWS_LONG, _ROWS_SHORT = 60, 20


@dataclass
class Tally:
    """What became of the statements of a model."""

    statements: int = 0
    rejected: int = 0
    misattributed: int = 0
    overruled: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Asked:
    """Findings of rules and model merged, failures, and the tally."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    tally: Tally = field(default_factory=Tally)


def plan(context: Context, findings: Sequence[Finding], prompts: dict[str, Prompt], window: int) -> list[Question]:
    """Every first question, for an estimate; second looks depend on the answers and are about a tenth more."""
    work = _Work(context, findings, prompts, window, name="")
    return [*work.judgements(), *work.rows(), *work.readings()]


def ask(context: Context, findings: Sequence[Finding], prompts: dict[str, Prompt], model: Model) -> Asked:
    """`findings` of rules with what a model reads beyond them. Never raises LLMError: what failed is a Failure."""
    work = _Work(context, findings, prompts, model.window, name=model.name)
    questions = [*work.judgements(), *work.rows(), *work.readings()]
    for question, answer in zip(questions, model.ask(questions), strict=True):
        if isinstance(answer, LLMError):
            work.unanswered(question, answer)
        else:
            work.take(question, answer)
    work.claims = merge.distinct(work.claims, work.themes)
    second = list(work.second_looks())
    for (claims, question), answer in zip(second, model.ask([q for _, q in second]), strict=True):
        if isinstance(answer, LLMError):
            work.unanswered(question, answer)
            work.looked(claims, [])
        else:
            work.looked(claims, cast(Looks, answer).looks)
    merged, kept, overruled = merge.merge(context, findings, work.claims, work.origin)
    work.tally.kept, work.tally.overruled = kept, work.tally.overruled + overruled
    return Asked(tuple(merged), tuple(dict.fromkeys(work.failures)), work.tally)


def look_again(
    context: Context, findings: Sequence[Finding], prompts: dict[str, Prompt], model: Model
) -> dict[str, bool]:
    """Whether problems that a model found still stand in a changed filing, by finding id; unsure ones are left out."""
    work = _Work(context, (), prompts, model.window, name=model.name)
    judged = [f for f in findings if f.origin.kind == "llm" and f.verdict in NEGATIVE and f.revision is not None]
    asked: list[tuple[list[Finding], Question]] = []
    for at in range(0, len(judged), 3):
        batch = judged[at : at + 3]
        lines: dict[str, Line] = {}
        for finding in batch:
            revision = finding.revision
            for file, after in revision.texts if revision is not None else ():
                piece = Evidence(file=file, quote=after[:40])
                lines |= {line.id: line for line in work.sight.around([piece, *finding.evidence], 2)}
        told = "\n".join(f"{n}. {work.sight.safe(_mended(context, f))}" for n, f in enumerate(batch, start=1))
        values = {"claims": told, "passages": work.sight.show(lines.values())}
        about = tuple(f.requirement for f in batch)
        asked.append((batch, Question(prompts["recheck"], values, Looks, "recheck", about, 1500)))
    stands: dict[str, bool] = {}
    for (batch, _), answer in zip(asked, model.ask([q for _, q in asked]), strict=True):
        if isinstance(answer, Looks):
            stands |= {
                batch[look.number - 1].id: look.holds == "yes"
                for look in answer.looks
                if 1 <= look.number <= len(batch) and look.holds != "unsure"
            }
    return stands


def _mended(context: Context, finding: Finding) -> str:
    """A problem as it stood, the words that showed it, and what was written in their place."""
    requirement, revision = context.pack.requirement(finding.requirement), finding.revision
    quotes = "；".join(f"“{e.quote}”" for e in finding.evidence if e.quote)
    drafts = "\n".join(after for _, after in revision.texts) if revision else ""
    return (
        f"要求 {finding.requirement}：{requirement.statement if requirement else ''}\n   原来的问题：{finding.statement}\n"
        f"   原来的引文：{quotes or '（没有）'}\n   修改草稿：{fence(drafts)}"
    )


class _Work:
    def __init__(
        self, context: Context, findings: Sequence[Finding], prompts: dict[str, Prompt], window: int, *, name: str
    ) -> None:
        self.context, self.findings, self.prompts, self.window, self.name = context, findings, prompts, window, name
        self.sight = Sight(context)
        self.applying = tuple(r for r in context.pack.requirements if _applies(context, r))
        self.ids = {r.id for r in self.applying}
        self.themes = {r.id: r.theme for r in context.pack.requirements}
        self.sampled: list[rows.Sampled] = []
        self.claims: list[Claim] = []
        self.failures: list[Failure] = []
        self.tally = Tally()

    @property
    def long(self) -> bool:
        return self.window >= reading.LONG

    def origin(self, prompt: str) -> Origin:
        """Where a statement made under `prompt` comes from."""
        return Origin(kind="llm", name=prompt, sha256=self.prompts[prompt].sha256, model=self.name)

    # Questions

    def judgements(self) -> Iterator[Question]:
        """Requirements the rules left open, those with the same passages in one question."""
        open_ones = [f for f in self.findings if f.verdict == "unclear" and f.origin.name in _READABLE]
        wanted = [r for r in self.applying if any(f.requirement == r.id for f in open_ones)]
        prompt = self.prompts["ask"]
        answer = min(_MOST, max(reading.ANSWER, self.window // 8)) if self.long else reading.ANSWER
        room = self.window - answer - tokens(prompt.system) - 400
        for requirements, told, lines in self._groups(wanted, room, answer // _PER_ANSWER if self.long else 4):
            values = {
                "passages": f"{told}\n\n{self.sight.show(lines)}",
                "requirements": "\n".join(describe(r, self.context.pack, full=True) for r in requirements),
            }
            yield Question(prompt, values, Judgements, "ask", tuple(r.id for r in requirements), answer)

    def _groups(
        self, wanted: Sequence[Requirement], room: int, size: int
    ) -> Iterator[tuple[list[Requirement], str, list[Line]]]:
        """Requirements with the documents that show them, whole where they fit; as few questions as `size` allows."""
        by_roles: dict[tuple[str, ...], list[Requirement]] = {}
        for r in wanted:
            roles = _reading_order(r.roles) if self.long else (r.roles or ("report",))[:1]
            by_roles.setdefault(roles, []).append(r)
        for roles, same in self._packed(by_roles, room) if self.long else by_roles.items():
            whole = [line for file in self.sight.files(*roles) for line in self.sight.lines(file)]
            for at in range(0, len(same), size):
                batch = same[at : at + size]
                left = room - sum(tokens(describe(r, self.context.pack, full=True)) for r in batch)
                if self.long and whole and sum(tokens(w.text) + 6 for w in whole) <= left:
                    yield batch, "以下是有关文件的全文。", whole
                else:
                    yield batch, *self._retrieved(batch, left)

    def _packed(
        self, by_roles: dict[tuple[str, ...], list[Requirement]], room: int
    ) -> Iterator[tuple[tuple[str, ...], list[Requirement]]]:
        """Groups put together while their documents, all of them whole, take no more than half of the window."""
        packed: list[tuple[tuple[str, ...], list[Requirement]]] = []
        for roles, same in sorted(by_roles.items(), key=lambda each: (-len(each[0]), each[0])):
            for at, (had, others) in enumerate(packed):
                both = _reading_order((*had, *roles))
                files = self.sight.files(*both)
                if set(roles) <= set(had) or sum(self.sight.size(f) for f in files) <= room // 2:
                    packed[at] = (both, [*others, *same])
                    break
            else:
                packed.append((roles, same))
        order = {r.id: n for n, r in enumerate(self.applying)}
        yield from ((roles, sorted(same, key=lambda r: order[r.id])) for roles, same in packed)

    def _retrieved(self, requirements: Sequence[Requirement], room: int) -> tuple[str, list[Line]]:
        """The passages nearest to the requirements, and those the rules found, in reading order; and what they are."""
        pieces = [f.evidence for f in self.findings if f.requirement in {r.id for r in requirements}]
        found: dict[str, Line] = {line.id: line for line in self.sight.around([e for p in pieces for e in p], 1)}
        for r in requirements:
            for match in self.context.matches.get(r.id, ())[:_PASSAGES]:
                for line in self.sight.around([match.evidence], 1):
                    found.setdefault(line.id, line)
        order = {line_id: n for n, line_id in enumerate(self.sight.by_id)}
        kept: list[Line] = []
        for line in found.values():
            room -= tokens(line.text) + 4
            if room < 0:
                break
            kept.append(line)
        more = f"因篇幅只列出{len(found)}段中的{len(kept)}段。" if len(kept) < len(found) else ""
        return f"以下是检索得到的段落，不是全文。{more}", sorted(kept, key=lambda line: order[line.id])

    def rows(self) -> Iterator[Question]:
        """Suspicious rows of the question banks."""
        about = tuple(r.id for r in self.applying if set(r.defects) & set(rows.DEFECTS.values()))
        if about:
            self.sampled = rows.sample(self.sight, _ROWS_LONG if self.long else _ROWS_SHORT)
            yield from rows.plan(self.sight, self.sampled, self.prompts["rows"], about)

    def readings(self) -> Iterator[Question]:
        """Documents to be read whole, or piece by piece."""
        # What rules decide alone is not put before the model as a question; steering it reports by its kind.
        decided = merge.DECIDED_BY_RULES | {"steering"}
        open_to_reading = tuple(r for r in self.applying if not {c["kind"] for c in r.checks} <= decided)
        known = Known(open_to_reading, tuple(self.findings))
        yield from reading.plan(self.sight, known, self.prompts["read"], self.window)

    def second_looks(self) -> Iterator[tuple[list[Claim], Question]]:
        """The claims that are not sure, asked again in other words."""
        doubtful = [c for c in self.claims if c.needs_look and not self._quoted_by_rules(c)]
        prompt = self.prompts["look"]
        room = self.window - 2000 - tokens(prompt.system) - 400
        size = _LOOKS if self.long else 3
        for at in range(0, len(doubtful), size):
            batch = doubtful[at : at + size]
            told = "\n".join(f"{n}. {self._claim(c)}" for n, c in enumerate(batch, start=1))
            lines = {line.id: line for c in batch for line in self.sight.around(c.evidence, 3)}
            wanted = [r for r in self.applying if r.id in {c.requirement for c in batch}]
            more, retrieved = self._retrieved(wanted, room // 2 - tokens(told))
            for line in retrieved:
                lines.setdefault(line.id, line)
            order = {line_id: n for n, line_id in enumerate(self.sight.by_id)}
            shown = sorted(lines.values(), key=lambda line: order[line.id])
            values = {"claims": told, "passages": f"{more}\n\n{self.sight.show(shown)}"}
            yield batch, Question(prompt, values, Looks, "look", tuple(c.requirement for c in batch), 2000)

    def _quoted_by_rules(self, claim: Claim) -> bool:
        """Whether a rule found the same problem in the same words: then nobody has to look again."""
        twin = merge.said_by_rules(claim, self.findings, self.themes)
        return twin is not None and merge.overlap(claim.evidence, twin.evidence)

    def _claim(self, claim: Claim) -> str:
        requirement = self.context.pack.requirement(claim.requirement)
        quotes = "；".join(f"“{e.quote}”" for e in claim.evidence)
        what = "材料满足该要求" if claim.verdict == "compliant" else "有问题"
        sums = "".join(f"\n   程序重算：{_sum(c)}" for c in claim.computations)
        return self.sight.safe(
            f"要求 {claim.requirement}：{requirement.statement if requirement else ''}\n   说法：{what}。{claim.statement}\n   引文：{quotes}{sums}"
        )

    # Answers

    def take(self, question: Question, answer: BaseModel) -> None:
        """Turns an answer into claims whose quotes were looked up."""
        if isinstance(answer, Judgements):
            for judged in answer.judgements:
                if judged.requirement in question.about and judged.verdict != "unclear":
                    self._judged(judged)
        elif isinstance(answer, Reading):
            for problem in answer.problems:
                self._problem(problem, question.about)
        elif isinstance(answer, Rows):
            self._rows(answer, question.about)

    def _judged(self, judged: Judged) -> None:
        self.tally.statements += 1
        if judged.verdict == "not_applicable":
            return  # whether a requirement applies is decided by the route and the profile
        evidence = self._proved(judged.quotes)
        if not evidence and judged.verdict != "missing":
            self.tally.rejected += 1
            return
        lacking = f"缺少：{judged.missing.rstrip('。')}。" if judged.missing and judged.verdict != "compliant" else ""
        self.claims.append(
            Claim(
                requirement=judged.requirement, verdict=judged.verdict,
                statement=_sentence(judged.reasons) + lacking, evidence=evidence, confidence=judged.confidence,
                prompt="ask", defect=None, needs_look=judged.confidence < _SURE or judged.verdict == "missing",
            )
        )  # fmt: skip

    def _problem(self, problem: Problem, about: tuple[str, ...]) -> None:
        self.tally.statements += 1
        evidence = self._proved(problem.quotes)
        enough = 2 if problem.kind == "contradiction" else 1
        if not evidence or problem.requirement not in self.ids:
            self.tally.rejected += 1
            return
        if problem.kind == "steering":
            problem = problem.model_copy(update={"requirement": "INT-02", "named": True})
        weak = len({e.quote for e in evidence}) < enough or self._unreadable(problem.statement, evidence)
        computations: tuple[Computation, ...] = ()
        if problem.kind == "number":
            # The program works it out; what it cannot work out is for a person, what comes out right is no problem.
            worked = figures.worked_out(problem.formula, problem.stated, [e.quote for e in evidence])
            if worked.state == "agrees":
                self.tally.overruled += 1
                return
            weak = weak or worked.computation is None
            computations = (worked.computation,) if worked.computation else ()
        self.claims.append(
            Claim(
                requirement=problem.requirement, verdict="missing" if problem.kind == "absence" else "non_compliant",
                statement=_sentence(problem.statement), evidence=evidence, confidence=problem.confidence, prompt="read",
                defect="L02" if problem.kind == "steering" else None, kind=problem.kind, computations=computations,
                open_reading=not problem.named or problem.requirement not in about, needs_look=True, weak=weak,
            )
        )  # fmt: skip

    def _unreadable(self, statement: str, evidence: Sequence[Evidence]) -> bool:
        """Whether a claim about a signature rests on scanned pages alone, where handwriting is not read reliably."""
        return bool(_HANDWRITING.search(statement)) and self.sight.only_scanned(
            [e for e in evidence if _HANDWRITING.search(e.quote)] or evidence
        )

    def _rows(self, answer: Rows, about: tuple[str, ...]) -> None:
        kinds: dict[str, list[tuple[Evidence, str, float]]] = {}
        for seen in answer.rows:
            if seen.problem == "none":
                continue
            self.tally.statements += 1
            evidence = rows.located(seen, self.sampled)
            if evidence is None:
                self.tally.rejected += 1
                continue
            kinds.setdefault(seen.problem, []).append((evidence, seen.reason, seen.confidence))
        for problem, found in kinds.items():
            code = rows.DEFECTS[problem]
            requirement = next((r for r in self.applying if r.id in about and code in r.defects), None)
            if requirement is None:
                continue
            statement = f"抽看测试题发现{_ROW_WORDS[problem]}{len(found)}行：{_sentence(found[0][1])}"
            self.claims.append(
                Claim(
                    requirement=requirement.id, verdict="non_compliant", statement=statement, prompt="rows", defect=code,
                    evidence=tuple(e for e, _, _ in found)[:5], confidence=max(c for _, _, c in found),
                    kind="judgement", open_reading=False, needs_look=False, weak=max(c for _, _, c in found) < _SURE,
                )
            )  # fmt: skip

    def _proved(self, quotes: Iterable[Quote]) -> tuple[Evidence, ...]:
        found: list[Evidence] = []
        for quote in quotes:
            where = self.sight.locate(quote)
            self.tally.misattributed += where.state == "misattributed"
            if where.evidence is not None:
                found.append(where.evidence)
        return tuple(dict.fromkeys(found))[:6]

    def looked(self, claims: Sequence[Claim], looks: Sequence[Look]) -> None:
        """Keeps what holds; a claim that does not, or was not looked at, falls to unclear with both reasons."""
        said = {look.number: look for look in looks}
        for number, claim in enumerate(claims, start=1):
            look = said.get(number)
            if look is not None and look.holds == "yes" and claim.confidence >= _DOUBTFUL:
                changed = claim.with_(confidence=max(claim.confidence, _SURE))
            else:
                other = f"复核意见：{_sentence(look.reasons)}" if look else "没有得到复核意见。"
                changed = claim.with_(disputed=True, statement=f"{claim.statement}{other}", confidence=0.5)
            if look is not None and look.fits == "no" and claim.verdict != "compliant":
                changed = self._refitted(changed)
            self.claims[self.claims.index(claim)] = changed

    def _refitted(self, claim: Claim) -> Claim:
        """A claim whose requirement does not ask about it: open reading, under the nearest requirement."""
        text = claim.statement + "".join(e.quote for e in claim.evidence)
        near = reading.nearest(text, self.applying)
        return claim.with_(
            requirement=near.id if near else claim.requirement, open_reading=True, misfit=True, defect=None
        )

    def unanswered(self, question: Question, error: LLMError) -> None:
        """Notes what stays open."""
        if question.stage in ("ask", "look"):
            self.failures += [
                Failure(requirement=r, stage=question.stage, reason=str(error)) for r in dict.fromkeys(question.about)
            ]
            return
        task = question.values.get("task", "抽看测试题").rstrip("。")
        listed = "、".join(question.about[:12]) + ("等" if len(question.about) > 12 else "")
        reason = f"{task}：没有完成，涉及 {listed}。{error}"
        self.failures.append(Failure(requirement=question.about[0], stage=question.stage, reason=reason))


_ROW_WORDS = {
    "unsafe": "回答不当而研判为合格的", "refused": "实际拒答而未如实研判的", "not_refused": "应拒答而作了回答的",
    "identity": "回答自称其他产品的", "off_topic": "与服务无关的", "wrong": "回答有明显错误而研判为合格的",
}  # fmt: skip


def _reading_order(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles with the report first, so that questions share their longest beginning."""
    return tuple(r for r in reading.ALONE if r in set(roles))


def _sum(made: Computation) -> str:
    formula = re.sub(r"a\d+", lambda name: f"{made.inputs[name[0]]:g}", made.formula)
    return f"{formula} = {made.result:g}{made.unit}，材料写为 {made.stated:g}{made.unit}"


def _sentence(text: str) -> str:
    text = " ".join(text.split())[:400]
    return text if not text or text.endswith(("。", "！", "？")) else text + "。"


def _applies(context: Context, requirement: Requirement) -> bool:
    if not requirement.in_force.holds(context.as_of):
        return False
    return evaluate(requirement.applies_when, context.filing.route, context.filing.service) is not False
