"""The plan of reading: which documents a model reads whole together, by the size of its window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assist_review.check.shapes import Reading
from assist_review.check.sight import Line, Sight
from assist_review.llm.endpoint import tokens
from assist_review.llm.model import Question
from assist_review.llm.prompts import Prompt
from assist_review.regulation import Pack, Requirement
from assist_review.review import Fact, Finding
from assist_review.text import fold

LONG = 24_000  # tokens; a shorter window reads passage by passage
ANSWER = 4_000
_ANSWER_LONG = 8_000  # what most endpoints can write at once; needed where all requirements are asked together
_FEW = 8  # requirements of one question where the window is short
_FACTS = 40  # facts told beside the documents
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
# Read at once where they fit: documents that are short, or that are two halves of one.
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("report",), ("form",), ("agreement", "privacy"), ("annotation_rules",),
    ("evidence", "authorisation", "commitment", "other"),
)  # fmt: skip
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("report", "form"), ("report", "annotation_rules"), ("report", "agreement", "privacy"),
    ("report", "evidence", "authorisation", "other"),
)  # fmt: skip
_PROOFS = frozenset({"evidence", "authorisation", "commitment", "licence", "other"})  # written by or for others
_SPOKEN = 0.35  # words of a requirement that stand in a document which speaks of it
_SHOWN = 160  # characters of a rule's statement or of a clause
_SILENT = ("INT-01", "INT-02")  # never told to the model: their statements come from what must not reach it


@dataclass(frozen=True)
class Known:
    """What a reading is told beside the documents."""

    requirements: tuple[Requirement, ...]  # that apply
    findings: tuple[Finding, ...]


def plan(sight: Sight, known: Known, prompt: Prompt, window: int) -> list[Question]:
    """The reading questions, most telling first."""
    if window >= LONG:
        answer = ANSWER if window < 2 * LONG else _ANSWER_LONG
        desk = _Desk(sight, known, prompt, window - answer - tokens(prompt.system) - 600, answer)
        return list(_whole(desk))
    room = window - ANSWER - tokens(prompt.system) - 600
    return list(_piecewise(_Desk(sight, known, prompt, room, ANSWER)))


@dataclass(frozen=True)
class _Desk:
    """What every question is made of; `room` in tokens is for documents, requirements and what is known."""

    sight: Sight
    known: Known
    prompt: Prompt
    room: int
    answer: int


def describe(requirement: Requirement, pack: Pack, *, full: bool = False) -> str:
    """A requirement as the model reads it: its text, its clauses, and what a sufficient text speaks about."""
    labels = "；".join(_clauses(requirement, pack, full))
    names = [
        str(g["name"]) for c in requirement.checks if c.get("kind") == "content" for g in c.get("groups", ())
        if isinstance(g, dict) and g.get("name")
    ]  # fmt: skip
    expected = f"\n  应当写明：{'、'.join(dict.fromkeys(names))}" if names and full else ""
    return f"- {requirement.id} {requirement.statement}" + (f"\n  依据：{labels}" if labels else "") + expected


def _clauses(requirement: Requirement, pack: Pack, full: bool) -> Iterator[str]:
    for clause_id in requirement.cites[: 3 if full else 1]:
        clause, instrument = pack.clause(clause_id), pack.instrument(clause_id.partition(":")[0])
        if clause and instrument:
            yield f"《{instrument.short or instrument.title}》{clause.label}" + (
                f"“{_cut(clause.text)}”" if full else ""
            )


def _whole(desk: _Desk) -> Iterator[Question]:
    sight, known = desk.sight, desk.known
    for roles in _GROUPS:
        files = sight.files(*roles)
        groups = [files] if sum(sight.size(f) for f in files) <= desk.room // 2 else [sight.files(r) for r in roles]
        for group in groups:
            if group:
                own = {line.passage.role for file in group for line in sight.lines(file)}
                concerned = _concerned(sight, known, group, own)
                task = f"通读{_names(sight, group)}，逐项对照要求，找出其中的问题。"
                yield from _questions(desk, group, concerned, task)
    for roles in _TOGETHER:
        main, others = sight.files(roles[0]), sight.files(*roles[1:])
        if not main or not others:
            continue
        concerned = [r for r in known.requirements if len(set(r.roles) & set(roles)) >= 2]
        concerned = [r for r in concerned if set(r.roles) & set(roles[1:])]
        names = _names(sight, (*main, *others))
        task = f"对照阅读{names}：同一件事在各份文件里的说法是否一致，一份里的承诺、许可、授权、做法是否被另一份支持或推翻。只报各份文件之间的问题。"
        yield from _questions(desk, (*main, *others), concerned, task)


def _concerned(sight: Sight, known: Known, files: Sequence[str], roles: set[str]) -> list[Requirement]:
    """Requirements that documents of `roles` can meet or miss.

    What is shown first of all in another document is asked about here only where these documents speak of it: a
    pledge of ten lines is not held against everything that evidence may prove.
    """
    fitting = [r for r in known.requirements if not r.roles or roles & set(r.roles)]
    if "report" in roles:
        return fitting
    text = "\n".join(line.text for file in files for line in sight.lines(file))
    spoken = {r.id for r in _nearest(text, fitting, _SPOKEN)}
    own = roles - _PROOFS
    return [r for r in fitting if r.id in spoken or (r.roles and r.roles[0] in own)]


def _questions(desk: _Desk, files: Sequence[str], concerned: Sequence[Requirement], task: str) -> Iterator[Question]:
    """The documents whole, with as many requirements as fit; documents that do not fit are read in parts."""
    if not concerned:
        return
    sight = desk.sight
    lines = [line for file in files for line in sight.lines(file)]
    size = sum(tokens(line.text) + 6 for line in lines)
    for requirements in _batches(concerned, sight, max(desk.room - size, desk.room // 3) - _FACTS * 40):
        told = sum(tokens(describe(r, sight.context.pack)) + 1 for r in requirements) + _FACTS * 40
        parts = list(_parts(lines, max(600, desk.room - told)))
        for n, part in enumerate(parts, start=1):
            whole = task if len(parts) == 1 else f"{task}文件太长，以上只是{len(parts)}部分中的第{n}部分。"
            yield _question(desk, part, requirements, whole)


def _piecewise(desk: _Desk) -> Iterator[Question]:
    sight, per = desk.sight, _FEW * 130
    for role in ALONE:
        for file in sight.files(role):
            fitting = [r for r in desk.known.requirements if not r.roles or role in r.roles]
            for part in _parts(list(sight.lines(file)), max(600, min(desk.room - per - 400, 3000))):
                nearest = _nearest("\n".join(line.text for line in part), fitting)[:_FEW]
                if nearest:
                    task = f"以上是{_names(sight, (file,))}的一部分。找出这一部分里的问题。"
                    yield _question(desk, part, nearest, task)


def _question(desk: _Desk, lines: Sequence[Line], requirements: Sequence[Requirement], task: str) -> Question:
    sight = desk.sight
    files = {line.passage.file for line in lines}
    values = {
        "documents": sight.show(lines),
        "task": task,
        "requirements": "\n".join(describe(r, sight.context.pack) for r in requirements),
        "known": _known(desk, files, requirements),
    }
    return Question(desk.prompt, values, Reading, "reading", tuple(r.id for r in requirements), desk.answer)


_WORDS = {"non_compliant": "不符合", "missing": "缺失", "unclear": "未定"}


def _known(desk: _Desk, files: set[str], requirements: Sequence[Requirement]) -> str:
    sight, ids = desk.sight, {r.id for r in requirements}
    most = _FACTS if desk.answer > ANSWER or desk.room > LONG // 2 else _FACTS // 4
    facts = list(_facts(sight, files))
    results = [
        f"- {f.requirement} {_WORDS[f.verdict]}：{_cut(f.statement)}" for f in desk.known.findings
        if f.requirement in ids and f.requirement not in _SILENT and f.verdict in _WORDS
    ]  # fmt: skip
    told = ["事实（程序数出的，以及几份文件写得不同的；以原文为准）：", *_first(facts, most)]
    return sight.safe("\n".join([*told, "规则结论：", *(results or ["（没有）"])]))


def _facts(sight: Sight, files: set[str]) -> Iterator[str]:
    """What the text beside does not say itself: values counted in lists, and facts that documents state differently."""
    pack = sight.context.pack
    labels = {
        str(k): v for r in pack.requirements for c in r.checks for d in c.values() if isinstance(d, dict)
        for k, v in d.items() if "." in str(k) and isinstance(v, str) and any(char >= "\u4e00" for char in v)
    }  # fmt: skip
    risks = {risk.id for risk in pack.risks}
    stated: dict[tuple[str, str], list[Fact]] = {}
    counted: list[Fact] = []
    for fact in sight.context.extraction.facts:
        if fact.counted:
            if not any(fact.name.endswith(f".{risk}") for risk in risks):
                counted.append(fact)
        elif fact.evidence.file in sight.names:
            stated.setdefault((fact.name, fact.unit or ""), []).append(fact)
    for (name, unit), facts in stated.items():
        values: dict[str, list[str]] = {}
        for fact in facts:
            told = values.setdefault(f"{fact.value}{unit}", [])
            if sight.names[fact.evidence.file] not in told:
                told.append(sight.names[fact.evidence.file])
        here = {fact.evidence.file for fact in facts} & files
        if len(values) > 1 and here and len({fact.evidence.file for fact in facts}) > 1:
            each = "；".join(f"{value}（{'、'.join(f'《{n}》' for n in where)}）" for value, where in values.items())
            yield f"- {labels.get(name, name)}：{each}"
    for fact in counted:
        yield f"- {labels.get(fact.name, fact.name)} = {fact.value}{fact.unit or ''}（程序在清单中数出）"


def _first(lines: Sequence[str], most: int) -> list[str]:
    """The first of `lines`, and how many there are where some are left out."""
    lines = list(dict.fromkeys(lines))
    if not lines:
        return ["（没有）"]
    return lines if len(lines) <= most else [*lines[:most], f"（以上只列出{len(lines)}项中的前{most}项）"]


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "……（后略）"


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


def _batches(requirements: Sequence[Requirement], sight: Sight, room: int) -> Iterator[list[Requirement]]:
    """As many requirements at a time as `room` holds, in batches of like size."""
    costs = [tokens(describe(r, sight.context.pack)) + 1 for r in requirements]
    size = -(-len(requirements) // max(1, -(-sum(costs) // max(1, room))))
    for at in range(0, len(requirements), size):
        yield list(requirements[at : at + size])


def nearest(text: str, requirements: Iterable[Requirement]) -> Requirement | None:
    """The requirement whose own words stand in `text` most, or None where none comes near."""
    key = fold(text)
    best, share = None, 0.25
    for r in requirements:
        statement = fold(r.statement)
        pairs = {statement[i : i + 2] for i in range(len(statement) - 1)}
        hit = sum(p in key for p in pairs) / max(12, len(pairs))
        if hit > share:
            best, share = r, hit
    return best


def _nearest(text: str, requirements: Iterable[Requirement], least: float = 0.3) -> list[Requirement]:
    """Requirements whose words stand in `text`, those with most of them first."""
    key = fold(text)
    scored = []
    for r in requirements:
        words = [str(a) for c in r.checks for a in c.get("anchors", ()) if not str(a).startswith("re:")]
        statement = fold(r.statement)
        pairs = {statement[i : i + 2] for i in range(len(statement) - 1)}
        hit = sum(fold(w.split("..")[0]) in key for w in words) + sum(p in key for p in pairs) / max(1, len(pairs))
        scored.append((-hit, r.id, r))
    return [r for hit, _, r in sorted(scored, key=lambda s: s[:2]) if hit < -least]


def _names(sight: Sight, files: Iterable[str]) -> str:
    return "、".join(f"《{sight.names[f]}》" for f in files)
