"""The order of the verbs; the only place that knows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assist_review import __version__
from assist_review.check import check
from assist_review.check.ask import ask, look_again, plan
from assist_review.check.context import Context
from assist_review.draft import draft
from assist_review.extract import extract
from assist_review.extract.asked import ask_facts
from assist_review.extract.asked import questions as fact_questions
from assist_review.extract.profile import recognise
from assist_review.filing import Document, Filing, Unreadable
from assist_review.law.overlay import fitting, lay
from assist_review.lists import Extraction
from assist_review.llm.model import Model
from assist_review.llm.prompts import load as load_prompts
from assist_review.prove import prove
from assist_review.read import read
from assist_review.regulation import Pack
from assist_review.retrieve import retrieve
from assist_review.review import Failure, Finding, Manifest, Review
from assist_review.revise import changed, draft_revisions, rechecked, revise

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wishes:
    """What the user corrects or chooses; everything else is recognised."""

    route: str | None = None
    service: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    passwords: Sequence[str] = ()
    ocr: bool = True
    jobs: int = 2
    overlays: Sequence[str] = ()  # laid over the pack besides those that fit the service by themselves

    def settings(self) -> dict[str, Any]:
        """What goes into the manifest: everything that can change the result, no password."""
        return {"route": self.route, "service": dict(self.service), "roles": dict(self.roles), "ocr": self.ocr}


def run(
    package: Path,
    *,
    pack: Pack,
    as_of: date,
    wishes: Wishes | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    model: Model | None = None,
    at: datetime | None = None,
) -> Review:
    """The draft review of `package`, held against `pack` as it stood on `as_of`.

    Without a `model` rules do all of it. `at` is the time the review bears, now where it is None.
    """
    filing, extraction = understand(package, pack=pack, wishes=wishes, cache=cache, progress=progress)
    return judge(filing, extraction, pack=pack, as_of=as_of, wishes=wishes, progress=progress, model=model, at=at)


def understand(
    package: Path,
    *,
    pack: Pack,
    wishes: Wishes | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Filing, Extraction]:
    """The package as read, and the facts in it."""
    wishes = wishes or Wishes()
    documents, unreadable = read(
        package, lexicon=pack.lexicon, roles=wishes.roles, passwords=wishes.passwords, ocr=wishes.ocr, cache=cache,
        jobs=wishes.jobs, progress=progress,
    )  # fmt: skip
    filing = _filing(package, documents, unreadable, pack, wishes)
    _tell(progress, "extract")
    return filing, extract(filing.documents, pack.lexicon, pack.risks)


def _filing(
    package: Path,
    documents: tuple[Document, ...],
    unreadable: tuple[tuple[str, Unreadable], ...],
    pack: Pack,
    wishes: Wishes,
) -> Filing:
    route, service, reasons = recognise(documents, pack.lexicon, route=wishes.route, overrides=wishes.service)
    return Filing(
        name=package.resolve().name, route=route, service=service, documents=documents, unreadable=unreadable,
        profile_reasons=reasons,
    )  # fmt: skip


def judge(
    filing: Filing,
    extraction: Extraction,
    *,
    pack: Pack,
    as_of: date,
    wishes: Wishes | None = None,
    progress: Progress | None = None,
    model: Model | None = None,
    at: datetime | None = None,
) -> Review:
    """The draft review of a filing that has been read."""
    manifest = Manifest(program=f"assist-review {__version__}", settings=(wishes or Wishes()).settings())
    pack = lay(pack, fitting(pack, filing.service, as_of, (wishes or Wishes()).overlays))
    if model is not None:
        return _judge_with(model, filing, extraction, manifest, pack=pack, as_of=as_of, progress=progress, at=at)
    _tell(progress, "retrieve")
    matches = retrieve(filing, pack.requirements)
    _tell(progress, "check")
    found, failures = check(filing, extraction, matches, pack, as_of)
    _tell(progress, "prove")
    findings = revise(prove(found, filing, pack, as_of), filing, pack)
    return _dated(draft(filing, extraction, findings, failures, pack, as_of=as_of, manifest=manifest), at)


def _judge_with(
    model: Model,
    filing: Filing,
    extraction: Extraction,
    manifest: Manifest,
    *,
    pack: Pack,
    as_of: date,
    progress: Progress | None,
    at: datetime | None,
) -> Review:
    """The same order with a model after each verb of the rules; what it does not answer becomes a failure."""
    prompts = load_prompts()
    _tell(progress, "facts")
    more = ask_facts(filing.documents, extraction, pack.lexicon, prompts, model)
    extraction = more.extraction
    _tell(progress, "retrieve")
    matches = retrieve(filing, pack.requirements)
    _tell(progress, "check")
    found, failed = check(filing, extraction, matches, pack, as_of)
    _tell(progress, "ask")
    asked = ask(Context(filing, extraction, pack, as_of, matches), found, prompts, model)
    _tell(progress, "prove")
    findings = revise(prove(asked.findings, filing, pack, as_of), filing, pack)
    _tell(progress, "revise")
    drafted = draft_revisions(findings, filing, pack, prompts, model)
    findings = drafted.findings
    if any(f.revision and f.revision.origin for f in findings):
        findings = _recheck(model, filing, findings, pack=pack, as_of=as_of)
    failures: tuple[Failure, ...] = (*failed, *more.failures, *asked.failures, *drafted.failures)
    tally = asked.tally
    usage = model.account().model_copy(
        update={
            "statements": tally.statements + more.stated, "rejected": tally.rejected + more.rejected,
            "misattributed": tally.misattributed, "overruled": tally.overruled,
            "kept": tally.kept + more.stated - more.rejected,
        }
    )  # fmt: skip
    manifest = manifest.model_copy(
        update={"model": model.name, "prompts": {p.name: p.sha256 for p in prompts.values()}, "usage": usage}
    )
    return _dated(draft(filing, extraction, findings, failures, pack, as_of=as_of, manifest=manifest), at)


def _recheck(
    model: Model, filing: Filing, findings: tuple[Finding, ...], *, pack: Pack, as_of: date
) -> tuple[Finding, ...]:
    """The revisions carried out on the filing, and that filing checked again."""
    revised = changed(filing, findings)
    extraction = extract(revised.documents, pack.lexicon, pack.risks)
    matches = retrieve(revised, pack.requirements)
    again, _ = check(revised, extraction, matches, pack, as_of)
    stands = look_again(Context(revised, extraction, pack, as_of, matches), findings, load_prompts(), model)
    return tuple(rechecked(findings, again, stands))


@dataclass(frozen=True)
class Estimate:
    """What a review would ask of a model: calls, tokens in, and the most tokens out."""

    calls: int
    input_tokens: int
    output_tokens: int
    stages: Mapping[str, int]


def estimate(
    package: Path,
    *,
    pack: Pack,
    as_of: date,
    window: int,
    wishes: Wishes | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """The questions of a first run, counted without asking any; second looks and drafts are taken as a fifth more."""
    filing, extraction = understand(package, pack=pack, wishes=wishes, cache=cache, progress=progress)
    pack = lay(pack, fitting(pack, filing.service, as_of, (wishes or Wishes()).overlays))
    prompts = load_prompts()
    matches = retrieve(filing, pack.requirements)
    found, _ = check(filing, extraction, matches, pack, as_of)
    questions = [q for q, _ in fact_questions(filing.documents, extraction, pack.lexicon, prompts, window)]
    questions += plan(Context(filing, extraction, pack, as_of, matches), found, prompts, window)
    stages: dict[str, int] = {}
    for question in questions:
        stages[question.stage] = stages.get(question.stage, 0) + 1
    return Estimate(
        calls=len(questions),
        input_tokens=round(sum(q.size for q in questions) * 1.2),
        output_tokens=sum(q.max_tokens for q in questions) // 4,
        stages=stages,
    )


def _dated(review: Review, at: datetime | None) -> Review:
    return review if at is None else review.model_copy(update={"generated_at": at})


def _tell(progress: Progress | None, stage: str) -> None:
    if progress:
        progress(stage, 0, 0)
