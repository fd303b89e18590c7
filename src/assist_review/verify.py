"""Proves a finished review again from the package and the pack, without any model."""

from collections.abc import Iterator
from pathlib import Path

from assist_review.draft import conclude
from assist_review.extract.asked import proves
from assist_review.law.overlay import as_reviewed
from assist_review.pipeline import Wishes, understand
from assist_review.prove import disproved
from assist_review.regulation import Pack
from assist_review.review import Review


def verify(review: Review, package: Path, *, pack: Pack, cache: Path | None = None) -> Iterator[str]:
    """One line per thing in `review` that does not hold; nothing where all is proved again."""
    if (review.pack.id, review.pack.sha256) != (pack.id, pack.sha256):
        yield f"规则包不同：报告用 {review.pack.id} {review.pack.version}，现在是 {pack.version}"
    pack = as_reviewed(pack, review.pack.overlays)
    settings = review.manifest.settings
    wishes = Wishes(
        route=settings.get("route"), service=settings.get("service", {}), roles=settings.get("roles", {}),
        ocr=settings.get("ocr", True),
    )  # fmt: skip
    filing, extraction = understand(package, pack=pack, wishes=wishes, cache=cache)
    now = {d.file: d.sha256 for d in filing.documents}
    for file in review.filing.files:
        if file.sha256 and now.get(file.file) != file.sha256:
            yield f"文件已变动或缺失：{file.file}"
    yield from disproved(review.findings, filing, pack, review.as_of)
    known = {(f.name, str(f.value), f.evidence.file) for f in extraction.facts}
    for fact in review.facts:
        if fact.asked:
            document = filing.document(fact.evidence.file)
            if document is None or not proves(fact, document):
                yield f"事实不能由引文证明：{fact.name} = {fact.value}（{fact.evidence.file}）"
        elif (fact.name, str(fact.value), fact.evidence.file) not in known:
            yield f"事实无法重新得出：{fact.name} = {fact.value}（{fact.evidence.file}）"
    answered = {f.requirement for f in review.findings} | {f.requirement for f in review.failures}
    for requirement in pack.requirements:
        if requirement.id not in answered:
            yield f"缺少要求 {requirement.id} 的结论"
    conclusion = conclude(review.findings, review.failures, pack, extraction)
    if conclusion.grade != review.conclusion.grade or conclusion.counts != review.conclusion.counts:
        yield f"结论与问题清单不符：应为 {conclusion.grade}，报告写为 {review.conclusion.grade}"
