"""The verb `compare`: two reviews of one filing → what was resolved, what remains, what is new."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assist_review.base import Value
from assist_review.review import NEGATIVE, Finding, Review

_SHOWN = (*NEGATIVE, "unclear")


class Pair(Value):
    """A problem that was there before and is there now."""

    before: Finding
    after: Finding

    @property
    def same(self) -> bool:
        """Whether nothing about it changed, so that an earlier decision still fits."""
        return self.before.id == self.after.id


class FileChanges(Value):
    """Paths of the two packages by what became of them."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


class Comparison(Value):
    """What became of each problem (and each point a person had to look at) between two reviews."""

    resolved: tuple[Finding, ...]
    remains: tuple[Pair, ...]
    new: tuple[Finding, ...]
    files: FileChanges


def compare(before: Review, after: Review) -> Comparison:
    """The changes from `before` to `after`; each problem of either is in exactly one of the three lists."""
    old = [f for f in before.findings if f.verdict in _SHOWN and f.origin.kind != "person"]
    new = [f for f in after.findings if f.verdict in _SHOWN]
    pairs: list[Pair] = []
    # From the strictest likeness to the loosest, so that what did not change is never paired with something else.
    for likeness in (_id, _wording, _defect, _requirement):
        for first, second in _paired(old, new, likeness):
            pairs.append(Pair(before=first, after=second))
            old.remove(first)
            new.remove(second)
    order = {f.id: n for n, f in enumerate(after.findings)}
    pairs.sort(key=lambda pair: order[pair.after.id])
    return Comparison(resolved=tuple(old), remains=tuple(pairs), new=tuple(new), files=_files(before, after))


def _paired(
    old: Iterable[Finding], new: Iterable[Finding], likeness: Callable[[Finding], Any]
) -> list[tuple[Finding, Finding]]:
    waiting: dict[Any, list[Finding]] = {}
    for finding in new:
        waiting.setdefault(likeness(finding), []).append(finding)
    return [(f, waiting[likeness(f)].pop(0)) for f in old if waiting.get(likeness(f))]


def _id(finding: Finding) -> str:
    return finding.id


def _wording(finding: Finding) -> tuple[str, str]:
    return finding.requirement, finding.statement


def _defect(finding: Finding) -> tuple[str, str | None, str]:
    return finding.requirement, finding.defect, finding.evidence[0].file if finding.evidence else ""


def _requirement(finding: Finding) -> tuple[str, str | None]:
    return finding.requirement, finding.defect


def _files(before: Review, after: Review) -> FileChanges:
    old: Mapping[str, str] = {f.file: f.sha256 for f in before.filing.files}
    new: Mapping[str, str] = {f.file: f.sha256 for f in after.filing.files}
    return FileChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(f for f in new.keys() & old.keys() if new[f] != old[f])),
        same=tuple(sorted(f for f in new.keys() & old.keys() if new[f] == old[f])),
    )
