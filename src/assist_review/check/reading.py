"""The plan of reading: which documents a model reads whole together, by the size of its window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assist_review.check.shapes import Reading
from assist_review.check.sight import Line, Sight
from assist_review.llm.endpoint import tokens
from assist_review.llm.model import Question
from assist_review.llm.prompts import Prompt
from assist_review.regulation import Pack, Requirement
from assist_review.review import Finding
from assist_review.text import fold

LONG = 24_000  # tokens; a shorter window reads passage by passage
ANSWER = 4_000
_MANY = 60  # requirements of one question
_FEW = 8  # the same where the window is short
# What is read alone, in this order; then what is read beside the report because it must agree with it.
ALONE = (
    "report",
    "form",
    "agreement",
    "privacy",
    "annotation_rules",
    "evidence",
    "authorisation",
    "commitment",
    "other",
)
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("report", "form"), ("report", "annotation_rules"), ("report", "agreement", "privacy"),
    ("report", "evidence", "authorisation", "other"),
)  # fmt: skip
_SILENT = ("INT-01", "INT-02")  # never told to the model: their statements come from what must not reach it


@dataclass(frozen=True)
class Known:
    """What a reading is told beside the documents."""

    requirements: tuple[Requirement, ...]  # that apply
    findings: tuple[Finding, ...]


def plan(sight: Sight, known: Known, prompt: Prompt, window: int) -> list[Question]:
    """The reading questions, most telling first."""
    room = window - ANSWER - tokens(prompt.system) - 600
    if window >= LONG:
        return list(_whole(sight, known, prompt, room))
    return list(_piecewise(sight, known, prompt, room))


def describe(requirement: Requirement, pack: Pack, *, full: bool = False) -> str:
    """A requirement as the model reads it: its text, its clauses, what a sufficient text speaks about, defect codes."""
    labels = "；".join(_clauses(requirement, pack, full))
    names = [
        str(g["name"]) for c in requirement.checks if c.get("kind") == "content" for g in c.get("groups", ())
        if isinstance(g, dict) and g.get("name")
    ]  # fmt: skip
    expected = f"\n  应当写明：{'、'.join(dict.fromkeys(names))}" if names and full else ""
    codes = f"（缺陷代码 {'、'.join(requirement.defects)}）" if requirement.defects else ""
    return f"- {requirement.id} {requirement.statement}{codes}" + (f"\n  依据：{labels}" if labels else "") + expected


def _clauses(requirement: Requirement, pack: Pack, full: bool) -> Iterator[str]:
    for clause_id in requirement.cites[: 3 if full else 1]:
        clause, instrument = pack.clause(clause_id), pack.instrument(clause_id.partition(":")[0])
        if clause and instrument:
            yield f"《{instrument.short or instrument.title}》{clause.label}" + (
                f"“{clause.text[:160]}”" if full else ""
            )


def _whole(sight: Sight, known: Known, prompt: Prompt, room: int) -> Iterator[Question]:
    for role in ALONE:
        files = sight.files(role)
        concerned = [r for r in known.requirements if not r.roles or role in r.roles]
        if files:
            task = f"通读{_names(sight, files)}，逐项对照要求，找出其中的问题。"
            yield from _questions(sight, known, prompt, room, files, concerned, task)
    for roles in _TOGETHER:
        main, others = sight.files(roles[0]), sight.files(*roles[1:])
        if not main or not others:
            continue
        concerned = [r for r in known.requirements if len(set(r.roles) & set(roles)) >= 2]
        concerned = [r for r in concerned if set(r.roles) & set(roles[1:])][:_MANY]
        names = _names(sight, (*main, *others))
        task = f"对照阅读{names}：同一件事在各份文件里的说法是否一致，一份里的承诺、许可、授权、做法是否被另一份支持或推翻。只报各份文件之间的问题。"
        yield from _questions(sight, known, prompt, room, (*main, *others), concerned, task)


def _questions(
    sight: Sight, known: Known, prompt: Prompt, room: int, files: Sequence[str], concerned: list[Requirement], task: str
) -> Iterator[Question]:
    """The documents whole, with as many requirements as fit; documents that do not fit are read in parts."""
    if not concerned:
        return
    lines = [line for file in files for line in sight.lines(file)]
    per = min(room // 3, 90 * _MANY)
    for requirements in _batches(concerned, _MANY):
        for part in _parts(lines, room - per):
            yield _question(sight, known, prompt, part, requirements, task)


def _piecewise(sight: Sight, known: Known, prompt: Prompt, room: int) -> Iterator[Question]:
    per = _FEW * 130
    for role in ALONE:
        for file in sight.files(role):
            fitting = [r for r in known.requirements if not r.roles or role in r.roles]
            for part in _parts(list(sight.lines(file)), max(600, min(room - per - 400, 3000))):
                nearest = _nearest("\n".join(line.text for line in part), fitting)[:_FEW]
                if nearest:
                    task = f"这是{_names(sight, (file,))}的一部分。找出这一部分里的问题。"
                    yield _question(sight, known, prompt, part, nearest, task)


def _question(
    sight: Sight, known: Known, prompt: Prompt, lines: Sequence[Line], requirements: Sequence[Requirement], task: str
) -> Question:
    files = {line.passage.file for line in lines}
    ids = {r.id for r in requirements}
    values = {
        "documents": sight.show(lines),
        "task": task,
        "requirements": "\n".join(describe(r, sight.context.pack) for r in requirements),
        "known": _known(sight, known, files, ids),
    }
    return Question(prompt, values, Reading, "reading", tuple(r.id for r in requirements), ANSWER)


def _known(sight: Sight, known: Known, files: set[str], ids: set[str]) -> str:
    facts = [
        f"- {f.name} = {f.value}{f.unit or ''}（《{sight.names[f.evidence.file]}》）"
        for f in sight.context.extraction.facts if f.evidence.file in files and not f.counted
    ][:80]  # fmt: skip
    results = [
        f"- {f.requirement} {f.verdict}：{f.statement[:160]}" for f in known.findings
        if f.requirement in ids and f.requirement not in _SILENT and f.verdict in ("non_compliant", "missing", "unclear")
    ]  # fmt: skip
    return sight.safe("\n".join(["事实：", *dict.fromkeys(facts), "规则结论：", *results]))


def _parts(lines: Sequence[Line], room: int) -> Iterator[list[Line]]:
    part: list[Line] = []
    used = 0
    for line in lines:
        cost = tokens(line.text) + 4
        if part and used + cost > room:
            yield part
            part, used = [], 0
        part.append(line)
        used += cost
    if part:
        yield part


def _batches(requirements: Sequence[Requirement], size: int) -> Iterator[list[Requirement]]:
    for at in range(0, len(requirements), size):
        yield list(requirements[at : at + size])


def _nearest(text: str, requirements: Iterable[Requirement]) -> list[Requirement]:
    """Requirements whose words stand in `text`, those with most of them first."""
    key = fold(text)
    scored = []
    for r in requirements:
        words = [str(a) for c in r.checks for a in c.get("anchors", ()) if not str(a).startswith("re:")]
        statement = fold(r.statement)
        pairs = {statement[i : i + 2] for i in range(len(statement) - 1)}
        hit = sum(fold(w.split("..")[0]) in key for w in words) + sum(p in key for p in pairs) / max(1, len(pairs))
        scored.append((-hit, r.id, r))
    return [r for hit, _, r in sorted(scored, key=lambda s: s[:2]) if hit < -0.3]


def _names(sight: Sight, files: Iterable[str]) -> str:
    return "、".join(f"《{sight.names[f]}》" for f in files)
