"""Helpers of the cases c08 to c11: banks in a service's own phrasing, scanned letters and contracts, counted facts."""

import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from kit import knowledge, lists, scans
from kit.labels import Labels, column
from kit.lists import Question
from kit.risks import BY_ID, RISKS


def topic_of(row: Question) -> str:
    """What a probing row is about."""
    return row.extra.get("topic", "")


def bank(
    counts: Mapping[str, int],
    seed: str,
    seen: set[str],
    probing: Sequence[str],
    plain: Sequence[str],
    lead: Sequence[str],
    tail: Sequence[str],
    refuse: Sequence[str],
    settle: Sequence[str],
    share: float = 0.5,
    facts: Sequence[knowledge.Fact] = (),
    ask: Sequence[str] = (),
    tell: Sequence[str] = (),
    likeness: float = 0.76,
) -> list[Question]:
    """Rows per risk in the wording given; `share` of them probing (and declined); A.5 from facts where given."""
    rng = random.Random(f"bank{seed}")
    rows: list[Question] = []
    for key, wanted in counts.items():
        if key[:2] == "A5" and facts:
            names = {fact.name: fact for fact in facts}

            def make_fact(r: random.Random) -> tuple[str, str]:
                fact = r.choice(list(facts))
                return r.choice(lead) + r.choice(ask).format(n=fact.name), fact.name

            for text, hint in lists._grow(wanted, make_fact, rng, seen, likeness):
                fact = names[hint]
                rows.append(
                    Question(
                        text,
                        key,
                        rng.choice(tell).format(n=fact.name, w=fact.what, d=fact.detail, u=fact.use),
                        extra={"topic": hint},
                    )
                )
            continue
        topics = [topic.replace("“", "").replace("”", "") for topic in lists._TOPICS[key]]

        def make(r: random.Random, topics: Sequence[str] = topics) -> tuple[str, str]:
            topic = r.choice(topics)
            bad = r.random() < share
            return r.choice(lead) + r.choice(probing if bad else plain).format(t=topic) + r.choice(
                tail
            ), f"{int(bad)}{topic}"

        for text, hint in lists._grow(wanted, make, rng, seen, likeness):
            bad, topic = hint[0] == "1", hint[1:]
            why, offer = rng.choice(lists._WHY_NO[key[:2]]), rng.choice(lists._OFFER[key[:2]])
            answer = rng.choice(refuse if bad else settle).format(
                t=topic, why=why, offer=offer, n=rng.randint(1000, 9999)
            )
            rows.append(
                Question(text, key, answer, refused=True if bad and share == 1 else None, extra={"topic": topic})
            )
    return rows


def aspects(
    counts: Mapping[str, int],
    seed: str,
    seen: set[str],
    lead: Sequence[str],
    ask: Sequence[str],
    tell: Sequence[str],
    likeness: float = 0.78,
) -> list[Question]:
    """The non-refusal bank in the wording given."""
    rng = random.Random(f"aspect{seed}")
    rows: list[Question] = []
    for key, wanted in counts.items():
        names = {fact.name: fact for fact in knowledge.ASPECT_FACTS[key]}

        def make(r: random.Random, names: Mapping[str, knowledge.Fact] = names) -> tuple[str, str]:
            name = r.choice(list(names))
            return r.choice(lead) + r.choice(ask).format(n=name), name

        for text, hint in lists._grow(wanted, make, rng, seen, likeness):
            fact = names[hint]
            rows.append(
                Question(
                    text,
                    key,
                    rng.choice(tell).format(
                        n=fact.name, w=fact.what, d=fact.detail, u=fact.use, i=rng.randint(1000, 9999)
                    ),
                    refused=False,
                    extra={"topic": hint},
                )
            )
    return rows


def field_bank(
    facts: Sequence[knowledge.Fact],
    count: int,
    seed: str,
    seen: set[str],
    lead: Sequence[str],
    ask: Sequence[str],
    tell: Sequence[str],
) -> list[Question]:
    """Questions of the service's own field."""
    rng = random.Random(f"field{seed}")
    names = {fact.name: fact for fact in facts}

    def make(r: random.Random) -> tuple[str, str]:
        name = r.choice(list(names))
        return r.choice(lead) + r.choice(ask).format(n=name), name

    rows = []
    for text, hint in lists._grow(count, make, rng, seen, 0.8):
        fact = names[hint]
        rows.append(
            Question(
                text,
                "field",
                rng.choice(tell).format(n=fact.name, w=fact.what, d=fact.detail, u=fact.use),
                extra={"topic": hint},
            )
        )
    return rows


def judge(
    sample: list[Question], people: int, words: int, machine: int, seed: str, slips: Sequence[str], weak: Sequence[str]
) -> None:
    """The three verdicts of a sample; the answers failed by people are replaced by slips (harmless)."""
    rng = random.Random(f"judge{seed}")
    for row in sample:
        row.manual = row.keyword = row.classifier = True
    for row in rng.sample(sample, people):
        row.manual = False
        row.answer = rng.choice(weak if row.key[:2] == "A5" else slips).format(
            t=topic_of(row), n=rng.randint(1000, 9999)
        )
    failed = [row for row in sample if row.manual is False]
    for name, count in (("keyword", words), ("classifier", machine)):
        same = rng.sample(failed, min(len(failed), count * 3 // 5))
        for row in same + rng.sample([row for row in sample if row.manual], count - len(same)):
            setattr(row, name, False)


def judge_refusal(sample: list[Question], exceptions: int, seed: str, slips: Sequence[str], shy: Sequence[str]) -> None:
    """`exceptions` rows against the rule of their bank; a refuse row answers with a slip, an aspect row is declined."""
    rng = random.Random(f"except{seed}")
    for row in rng.sample(sample, exceptions):
        if row.key in BY_ID:
            row.refused, row.answer = False, rng.choice(slips).format(t=topic_of(row), n=rng.randint(1000, 9999))
        else:
            row.refused, row.answer = True, rng.choice(shy).format(n=topic_of(row))
    for row in sample:
        if row.refused is None:
            row.refused = row.key in BY_ID
        row.manual = row.refused is (row.key in BY_ID)


def letter(
    title: str,
    paragraphs: Sequence[str],
    signers: Sequence[tuple[str, str | None]],
    company: str,
    date: str,
    seed: int,
    size: int = 26,
) -> Any:
    """A sealed letter as a scan."""
    sheet = scans.Sheet()
    sheet.line(title, 42, "bold", "center", 2.6)
    for text in paragraphs:
        sheet.para(text, size)
        sheet.space(6)
    sheet.space(60)
    for at, (role, name) in enumerate(signers):
        sheet.line(f"{role}：", size, gap=3)
        if name:
            scans.signature(sheet.image, (150 + (size + 1) * (len(role) + 2), sheet.y - 70), name, seed=seed * 7 + at)
    sheet.line(company, size, align="right", gap=2.2)
    sheet.line(date, size, align="right")
    scans.seal(sheet.image, (930, sheet.y - 80), company, seed=seed)
    return scans.scan(sheet.image, seed)


def contract(
    title: str, number: str, first: str, second: str, clauses: Sequence[str], date: str, seed: int
) -> list[Any]:
    """A two-page scanned contract with both seals."""
    one, two = scans.Sheet(), scans.Sheet()
    one.line(title, 40, "bold", "center", 2.4)
    one.line(f"编号 {number}", 24, align="right")
    one.line(f"甲方：{first}", 26)
    one.line(f"乙方：{second}", 26)
    one.space(12)
    half = (len(clauses) + 1) // 2
    for sheet, part in ((one, clauses[:half]), (two, clauses[half:])):
        for text in part:
            sheet.para(text, 25, indent=False)
            sheet.space(8)
    two.space(60)
    for at, (role, name) in enumerate((("甲方", first), ("乙方", second))):
        two.line(f"{role}（盖章）：{name}", 26, gap=5)
        scans.seal(two.image, (640, two.y - 90), name, "合同专用章", seed=seed + at)
        two.space(110)
    two.line(f"签署日：{date}", 26)
    return [scans.scan(one.image, seed), scans.scan(two.image, seed + 1)]


def count_words(label: Labels, file: str, head: str, kind: str, counts: Mapping[str, int]) -> None:
    """One fact per risk in the keyword list."""
    for risk in RISKS:
        if risk.id in counts:
            label.counted(
                f"keywords.{risk.id}",
                counts[risk.id],
                "条",
                file,
                risk.name,
                lambda r=risk: len(column(label.package / file, head, None, {kind: r.name})),
            )


def count_rows(
    label: Labels, name: str, file: str, sheet: str | None, head: str, kind: str, counts: Mapping[str, int]
) -> None:
    """One fact per risk or aspect of a bank."""
    for key, value in counts.items():
        shown = BY_ID[key].name if key in BY_ID else key
        label.counted(
            f"questions.{name}.{key}",
            value,
            "题",
            file,
            shown,
            lambda s=shown: len(column(label.package / file, head, [sheet] if sheet else None, {kind: s})),
        )
