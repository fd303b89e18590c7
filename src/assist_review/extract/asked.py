"""Facts that rules did not find, asked of a model. One counts only when its quote stands in the filing and holds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from assist_review.errors import LLMError
from assist_review.filing import Document
from assist_review.lists import Extraction
from assist_review.llm.endpoint import tokens
from assist_review.llm.model import Model, Question
from assist_review.llm.prompts import Prompt, fence
from assist_review.numbers import numbers
from assist_review.passages import Passage, passages
from assist_review.review import Evidence, Fact, Failure
from assist_review.steering import Steering
from assist_review.text import find_exact, fold

# Name, what is asked, roles that state it, whether the value is a number.
WANTED: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("applicant.name", "申请单位全称", ("form", "report"), False),
    ("applicant.legal_representative", "申请单位法定代表人姓名", ("form",), False),
    ("model.name", "备案（登记）的模型或服务名称", ("form", "report"), False),
    ("model.version", "模型版本", ("form", "report"), False),
    ("model.parameters", "模型参数规模", ("form", "report"), False),
    ("base_model.name", "基础模型（底座）名称", ("form", "report"), False),
    ("persons.assessment_lead", "安全评估负责人姓名", ("form", "report"), False),
    ("corpus.sample.size", "训练语料人工抽检条数", ("report", "form"), True),
    ("corpus.sample.passed", "训练语料人工抽检合格条数", ("report", "form"), True),
    ("corpus.sample.rate", "训练语料人工抽检合格率", ("report", "form"), True),
    ("corpus.tech_sample.rate", "训练语料技术抽检合格率", ("report", "form"), True),
    ("annotators.total", "标注人员总数", ("report", "form", "annotation_rules"), True),
    ("generated.manual.rate", "生成内容人工抽检合格率", ("report", "form"), True),
    ("generated.keyword.rate", "生成内容关键词抽检合格率", ("report", "form"), True),
    ("generated.classifier.rate", "生成内容分类模型抽检合格率", ("report", "form"), True),
    ("refusal.rate", "应拒答测试题拒答率", ("report", "form"), True),
    ("over_refusal.rate", "非拒答测试题拒答率", ("report", "form"), True),
    ("monitors.total", "监看人员数量", ("report", "form"), True),
    ("complaint.days", "投诉举报反馈时限的天数", ("agreement", "privacy", "report"), True),
)
_ANSWER = 1500


class AskedFact(BaseModel):
    """One fact as the model read it."""

    name: str
    value: str
    unit: str = ""
    passage: str
    quote: str


class AskedFacts(BaseModel):
    """Facts as the model read them."""

    facts: list[AskedFact]


@dataclass(frozen=True)
class More:
    """The extraction with what was added, and what could not be asked."""

    extraction: Extraction
    failures: tuple[Failure, ...] = ()
    stated: int = 0
    rejected: int = 0


def questions(
    documents: Sequence[Document],
    extraction: Extraction,
    lexicon: dict[str, Any],
    prompts: dict[str, Prompt],
    window: int,
) -> list[tuple[Question, dict[str, Passage]]]:
    """One question about everything no document was found to state, with its passages by number."""
    lacking = [w for w in WANTED if not extraction.named(w[0])]
    roles = {r for _, _, rs, _ in lacking for r in rs}
    present = {str(d.role) for d in documents}
    lacking = [w for w in lacking if set(w[2]) & present]
    if not lacking:
        return []
    prompt = prompts["facts"]
    room = min(8_000, window - _ANSWER - tokens(prompt.system) - 60 * len(lacking) - 200)
    steering = Steering.of(lexicon)
    shown = list(_shown([d for d in documents if d.role in roles], [label for _, label, _, _ in lacking], room))
    numbered = {f"S{n}": p for n, p in enumerate(shown, start=1)}
    scanned = {(d.file, order) for d in documents for order in d.recognised}
    lines = "\n".join(
        f"[{n}]{'（扫描识别）' if (p.file, p.order) in scanned else ''} {steering.without(p.text)}"
        for n, p in numbered.items()
    )
    wanted = "\n".join(f"- {name}：{label}" for name, label, _, _ in lacking)
    about = ("SUB-13",)
    return [
        (Question(prompt, {"wanted": wanted, "passages": fence(lines)}, AskedFacts, "facts", about, _ANSWER), numbered)
    ]


def _shown(documents: Sequence[Document], labels: Sequence[str], room: int) -> Iterator[Passage]:
    """Passages that share most with the labels, in reading order, as many as fit."""
    pairs = [{fold(label)[i : i + 2] for i in range(len(fold(label)) - 1)} for label in labels]
    parts = [p for d in documents for p in passages(d)]
    scores = [max(sum(g in p.key for g in grams) / len(grams) for grams in pairs) for p in parts]
    kept: list[int] = []
    for n in sorted(range(len(parts)), key=lambda n: (-scores[n], n)):
        cost = tokens(parts[n].text) + 5
        if scores[n] < 0.15 or cost > room:
            break
        room -= cost
        kept.append(n)
    yield from (parts[n] for n in sorted(kept))


def ask_facts(
    documents: Sequence[Document],
    extraction: Extraction,
    lexicon: dict[str, Any],
    prompts: dict[str, Prompt],
    model: Model,
) -> More:
    """`extraction` with the facts a model found and proved. Never raises LLMError."""
    asked = questions(documents, extraction, lexicon, prompts, model.window)
    if not asked:
        return More(extraction)
    added: list[Fact] = []
    failures: list[Failure] = []
    stated = 0
    for (question, numbered), answer in zip(asked, model.ask([q for q, _ in asked]), strict=True):
        if isinstance(answer, LLMError):
            failures.append(Failure(requirement=question.about[0], stage="facts", reason=f"补充事实没有完成：{answer}"))
            continue
        assert isinstance(answer, AskedFacts)
        stated += len(answer.facts)
        added += [f for f in (_proved(a, numbered) for a in answer.facts) if f is not None]
    added = list({(f.name, str(f.value), f.evidence.file): f for f in added}.values())
    facts = (*extraction.facts, *added)
    return More(
        Extraction(facts=facts, banks=extraction.banks, tables=extraction.tables), tuple(failures), stated,
        stated - len(added),
    )  # fmt: skip


def _proved(asked: AskedFact, numbered: dict[str, Passage]) -> Fact | None:
    wanted = next((w for w in WANTED if w[0] == asked.name), None)
    passage = numbered.get(asked.passage.strip("[] "))
    if wanted is None or passage is None or passage.role not in wanted[2]:
        return None
    for text in passage.cells or (passage.text,):
        span = find_exact(text, asked.quote) if len(fold(asked.quote)) >= 3 else None
        if span is None:
            continue
        quote = text[slice(*span)]
        held = held_in(quote, asked.value, number=wanted[3])
        if held is not None:
            value, unit = held
            evidence = Evidence.at(passage.file, passage.place, quote, "模型读取")
            return Fact(
                name=asked.name, value=value, unit=unit or None, evidence=evidence, role=passage.role,
                section=passage.section, asked=True,
            )  # fmt: skip
    return None


def held_in(quote: str, value: str, *, number: bool) -> tuple[float | int | str, str] | None:
    """The value as `quote` holds it, worked out by us and not by the model; None where it does not hold it."""
    if not number:
        span = find_exact(quote, value)
        return (quote[slice(*span)].strip(), "") if span and value.strip() else None
    told = [n for n in numbers(value) if not n.limit]
    for found in numbers(quote):
        if not found.limit and told and abs(found.value - told[0].value) <= 1e-9 * max(1.0, abs(found.value)):
            whole = int(found.value) if found.value == int(found.value) else found.value
            return whole, found.unit
    return None


def proves(fact: Fact, document: Document) -> bool:
    """Whether an asked fact can be read from its quote again, without a model."""
    wanted = next((w for w in WANTED if w[0] == fact.name), None)
    if wanted is None or wanted[3] == isinstance(fact.value, str):
        return False
    texts = (t for p in passages(document) for t in (p.cells or (p.text,)))
    if not any(find_exact(t, fact.evidence.quote) for t in texts):
        return False
    if isinstance(fact.value, str):
        return held_in(fact.evidence.quote, fact.value, number=False) is not None
    return any(n.value == fact.value for n in numbers(fact.evidence.quote) if not n.limit)
