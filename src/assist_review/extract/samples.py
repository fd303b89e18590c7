"""Sampling results in prose: what was sampled, how, how many, how many passed, at which rate.

A sentence is read from left to right. Words set what it is about (corpus, generated content, questions to refuse,
questions to answer) and the method; each number then gets its part by the words next to it. A number whose subject
or part is not clear gives no fact.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assist_review.extract.lines import Line
from assist_review.numbers import Fraction, Number, find_fractions, find_numbers
from assist_review.review import Fact
from assist_review.text import fold

_SUBJECTS = ("answer", "refuse", "none", "corpus", "generated")
_METHODS = ("tech", "manual", "keyword", "classifier")
_ITEMS = frozenset(
    {"条", "题", "个", "例", "份", "张", "段", "幅", "篇", "项", "对", "组", "", "tokens", "TB", "GB", "小时"}
)
_NO_QUESTIONS = ("组", "对", "项", "小时", "篇")
_OPENING = 12  # a sentence that begins with a retest tells the final result
_SECTIONS_WITHOUT = re.compile(
    r"方法与工具|评估方法|工具说明|修订|目录|依据|训练与|训练过程|训练阶段|训练环境|试用|试运行|内测|监测"
)


@dataclass(frozen=True)
class SampleWords:
    """The words of `facts.toml` [samples], compiled."""

    triggers: re.Pattern[str]
    parts: dict[str, re.Pattern[str]]

    @classmethod
    def of(cls, lexicon: dict[str, Any]) -> "SampleWords":
        """The words of this lexicon; with an empty lexicon nothing ever matches."""
        words = lexicon.get("facts", {}).get("samples", {})
        never = r"(?!)"
        groups = "|".join(f"(?P<{n}>{words.get(n, never)})" for n in (*_SUBJECTS, *_METHODS))
        rest = set(words) - set(_SUBJECTS) - set(_METHODS)
        return cls(re.compile(groups), {n: re.compile(words[n]) for n in rest})

    def near(self, name: str, text: str) -> bool:
        """Whether the words of `name` stand in `text`."""
        pattern = self.parts.get(name)
        return bool(pattern and pattern.search(text))


@dataclass
class _State:
    """What the sentence is about so far."""

    subject: str | None
    method: str | None = None
    last: str | None = None  # part of the previous number: size, passed, refused, fraction


def sample_facts(line: Line, words: SampleWords) -> Iterator[Fact]:
    """Facts of corpus, generated-content and refusal samples in one line."""
    if not words.parts or _SECTIONS_WITHOUT.search(line.heading):
        return
    subject = _about(line.label, words) or (None if line.label else _inherited(line.section, words))
    if not subject and not line.label and line.above:
        subject = _about(line.above, words)
    for start, end in line.sentences:
        state = _State(subject, _only_method(line.heading, words) if not line.label else None)
        yield from _sentence(line, start, end, state, words)
        if state.subject in ("corpus", "generated"):
            subject = state.subject


def _inherited(section: str, words: SampleWords) -> str | None:
    """The subject of the nearest heading that has one; a heading about something else ends the search."""
    for heading in reversed(section.split(" > ")):
        folded = fold(heading)
        found = {m.lastgroup for m in words.triggers.finditer(folded)}
        if found & {"none", "refuse", "answer"}:
            return None
        if "corpus" in found or "generated" in found:
            return "corpus" if "corpus" in found else "generated"
    return None


def _only_method(heading: str, words: SampleWords) -> str | None:
    """The method a heading names, where it names one only (语料人工抽检)."""
    found = {str(m.lastgroup) for m in words.triggers.finditer(heading)} & set(_METHODS)
    return found.pop() if len(found) == 1 else None


def _about(text: str, words: SampleWords) -> str | None:
    """The subject a heading or label sets: only corpus and generated content; refusal tests have two subjects."""
    found = {m.lastgroup for m in words.triggers.finditer(text)}
    if "none" in found:
        return None
    return "corpus" if "corpus" in found else "generated" if "generated" in found else None


def _sentence(line: Line, start: int, end: int, state: _State, words: SampleWords) -> Iterator[Fact]:
    key = line.key
    retest = words.parts["retest"].search(key, start + _OPENING, end) if "retest" in words.parts else None
    if retest:
        end = retest.start()  # what was tested again after repair is not the result
    fractions = [f for f in find_fractions(key) if start <= f.start < end]
    events: list[tuple[int, int, str | Number | Fraction]] = [
        (m.start(), m.end(), str(m.lastgroup)) for m in words.triggers.finditer(key, start, end)
    ]
    events += [
        (n.start, n.end, n)
        for n in find_numbers(key)
        if start <= n.start < end and not any(f.start < n.end and n.start < f.end for f in fractions)
    ]
    events += [(f.start, f.end, f) for f in fractions]
    previous = max(start, len(line.label) + 1 if line.label else 0)
    pending: list[tuple[Number, str]] = []
    for at, after, event in sorted(events, key=lambda e: (e[0], e[1])):
        if isinstance(event, str):
            _trigger(state, event)
            continue
        if isinstance(event, Fraction):
            yield from _fraction(line, state, event)
            previous = after
            continue
        part = key[slice(*line.part(at))]
        before = key[max(previous, line.part(at)[0]) : at]
        if event.high is None and not event.limit and not words.near("plan", part):
            kind = _part(state, event, before, key[after : after + 8], part=part, words=words)
            if kind:
                pending.append((event, kind))
                yield from _facts(line, state, event, kind, start=max(previous, at - 14), before=before)
        state.last = kind_of(pending, event)
        previous = after
    yield from _listed(line, start, end, state, words)


def _fraction(line: Line, state: _State, fraction: Fraction) -> Iterator[Fact]:
    """Passed (or refused) over sampled, as in 962/1,000; the rate may follow it."""
    name = _sample_name(state)
    state.last = "fraction" if name else None
    if not name:
        return
    unit = "条" if state.subject == "corpus" else "题"
    refusal = state.subject in ("refuse", "answer")
    yield line.fact(
        f"{name}.{'refused' if refusal else 'passed'}", fraction.part, fraction.start, fraction.end, unit=unit
    )
    if refusal:
        yield line.fact(f"{name}.sample.size", fraction.whole, fraction.start, fraction.end, unit=unit)


def kind_of(pending: list[tuple[Number, str]], number: Number) -> str | None:
    """The part `number` was given, if it was given one."""
    return pending[-1][1] if pending and pending[-1][0] is number else None


def _trigger(state: _State, name: str) -> None:
    if name in _SUBJECTS:
        subject = None if name == "none" else name
        if subject != state.subject and state.subject:
            state.method = None
        state.subject = subject
    else:
        state.method = name
    state.last = None


def _part(state: _State, number: Number, before: str, after: str, *, part: str, words: SampleWords) -> str | None:
    refusal = state.subject in ("refuse", "answer")
    if number.unit == "%":
        if state.last == "fraction" and re.fullmatch(r"[=,:(]?(?:即|为|约|合格率|通过率|拒答率)?", before):
            return "rate"
        if refusal and state.last == "size" and re.fullmatch(r"[,:(]?", before):
            return "rate"
        if words.near("refuse_rate", before):
            return "rate" if refusal else None
        if words.near("pass_rate", before):
            return None if refusal else "rate"
        if state.last in ("passed", "refused") and re.fullmatch(r"[(,](?:率|占比?|比例|比率|即)?(?:为|约)?", before):
            return "rate"
        return "rate" if state.subject == "generated" and words.near("method_rate", before) else None
    if number.unit not in _ITEMS:
        return None
    if refusal:
        if words.near("refused", before) or re.match(words.parts["refused_after"], after):
            return "refused"
    elif words.near("failed", before):
        return None
    elif words.near("passed", before) or re.match(words.parts["passed_after"], after):
        return "passed"
    if words.near("size", before):
        return "size"
    if (
        refusal
        and words.near("bare_size", before)
        and re.search(
            r"^[^:]{0,8}(?:拒答|兜底)[^:]{0,4}:|(?<!应)(?<!不)兜底[率\d]|拒答率|(?<!应)(?<!非)(?<!不)拒答\d|拒绝率|拒绝\d|误拒",
            part,
        )
    ):
        return "size"
    return None


def _sample_name(state: _State) -> str | None:
    """The name the facts of this sample begin with."""
    if state.subject == "corpus":
        if state.method == "manual":
            return "corpus.sample"
        return "corpus.tech_sample" if state.method in ("tech", "keyword", "classifier") else None
    if state.subject == "generated":
        return f"generated.{state.method}" if state.method in ("manual", "keyword", "classifier") else None
    return {"refuse": "refusal", "answer": "over_refusal"}.get(state.subject or "")


def _facts(line: Line, state: _State, number: Number, kind: str, *, start: int, before: str) -> Iterator[Fact]:
    name = _sample_name(state)
    clause = re.search(r"[^,;:。(]*$", before)
    start = max(start, number.start - len(clause[0]) if clause else start)
    if kind == "size" and state.subject == "generated":
        if number.unit in _NO_QUESTIONS:
            return
        yield line.fact("generated.sample.size", number.value, start, number.end, unit=number.unit)
        if name:
            yield line.fact(f"{name}.size", number.value, start, number.end, unit=number.unit)
        return
    if not name:
        return
    full = f"{name}.sample.size" if kind == "size" and name.endswith("refusal") else f"{name}.{kind}"
    yield line.fact(full, number.value, start, number.end, unit=number.unit, approximate=number.approximate)


def _listed(line: Line, start: int, end: int, state: _State, words: SampleWords) -> Iterator[Fact]:
    """Rates told as a list (人工、关键词、分类模型合格率分别为…): the n-th number belongs to the n-th method."""
    for match in re.finditer(r"(合格率|通过率|拒答率|拒绝率)分别(?:为|是|达)?", line.key[start:end]):
        at = start + match.end()
        row = []
        for number in find_numbers(line.key):
            if number.start >= at and re.fullmatch(r"[,和及与]?", line.key[at : number.start]) and number.unit == "%":
                row.append(number)
                at = number.end
        left = line.key[max(start, start + match.start() - 40) : start + match.start()]
        left = re.split(r"[;。]", left)[-1]
        found = [str(m.lastgroup) for m in words.triggers.finditer(left)]
        methods = [f for f in found if f in ("manual", "keyword", "classifier")]
        subjects = [f for f in found if f in ("refuse", "answer")]
        generated = "generated" in found or state.subject == "generated"
        names = (
            [f"generated.{m}.rate" for m in methods]
            if match[1] in ("合格率", "通过率") and generated
            else [{"refuse": "refusal.rate", "answer": "over_refusal.rate"}[s] for s in subjects]
        )
        if len(names) == len(row) > 1 and len(set(names)) == len(names):
            for name, number in zip(names, row, strict=True):
                if not number.limit:
                    yield line.fact(name, number.value, number.start, number.end, unit="%")
