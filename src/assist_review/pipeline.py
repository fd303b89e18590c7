"""The order of the verbs; the only place that knows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assist_review import __version__
from assist_review.check import check
from assist_review.draft import draft
from assist_review.extract import extract
from assist_review.extract.profile import recognise
from assist_review.filing import Document, Filing, Unreadable
from assist_review.lists import Extraction
from assist_review.prove import prove
from assist_review.read import read
from assist_review.regulation import Pack
from assist_review.retrieve import retrieve
from assist_review.review import Manifest, Review
from assist_review.revise import revise

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
) -> Review:
    """The draft review of `package`, held against `pack` as it stood on `as_of`."""
    filing, extraction = understand(package, pack=pack, wishes=wishes, cache=cache, progress=progress)
    return judge(filing, extraction, pack=pack, as_of=as_of, wishes=wishes, progress=progress)


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
) -> Review:
    """The draft review of a filing that has been read."""
    _tell(progress, "retrieve")
    matches = retrieve(filing, pack.requirements)
    _tell(progress, "check")
    found, failures = check(filing, extraction, matches, pack, as_of)
    _tell(progress, "prove")
    findings = revise(prove(found, filing, pack, as_of), filing, pack)
    manifest = Manifest(program=f"assist-review {__version__}", settings=(wishes or Wishes()).settings())
    return draft(filing, extraction, findings, failures, pack, as_of=as_of, manifest=manifest)


def _tell(progress: Progress | None, stage: str) -> None:
    if progress:
        progress(stage, 0, 0)
