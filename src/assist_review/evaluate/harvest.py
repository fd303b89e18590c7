"""A review that a person has decided becomes a labelled case: real use grows the test set.

The case holds `filing.json`, the filing as read, in place of the package: every text can be masked there, nothing of
the original files (images, metadata, hidden parts of formats) is kept, and a run reviews it like any other.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from assist_review.base import Value
from assist_review.errors import DecisionError, SettingsError
from assist_review.evaluate.labels import LabelledDefect, LabelledDocument, Labels, MustNotFlag
from assist_review.evaluate.masking import Mask
from assist_review.evaluate.validate import Texts
from assist_review.filing import Filing
from assist_review.lists import Extraction
from assist_review.review import NEGATIVE, Decision, Evidence, Finding, Review

UNCODED = "X00"  # a problem its rule gives no defect code
_KEYS = ("modalities", "sector", "minors", "training", "base_model", "personal_information", "paid", "api")


class Harvest(Value):
    """What was made: the folder, how many labels of each kind, and what could not be used."""

    folder: Path
    defects: int
    must_not_flag: int
    masked: int
    left_out: tuple[str, ...]


def harvest(
    review: Review,
    filing: Filing,
    extraction: Extraction,
    out: Path,
    *,
    again: Callable[[Filing], Review],
    name: str = "",
) -> Harvest:
    """Writes the case of `review` into the folder `out`.

    Confirmed and amended problems become defects, dismissed ones hard negatives; findings nobody decided are left out
    and named. `again` reviews the masked filing: a label that masking took the ground from is left out as well.
    Raises DecisionError where there is no decision or the filing is not the one reviewed.
    """
    last = {d.finding: d for d in review.decisions}
    if not any(_action(d) for d in last.values()):
        raise DecisionError("这份 review.json 还没有人工意见；先确认、修改或者排除问题，再由它得到标注")
    now = {d.file: d.sha256 for d in filing.documents}
    changed = [f.file for f in review.filing.files if f.sha256 and now.get(f.file) != f.sha256]
    if changed:
        raise DecisionError(f"材料与审查时不同：{'、'.join(changed)}")
    if out.exists() and any(out.iterdir()):
        raise SettingsError(f"{out} 不是空文件夹")
    case = name or out.resolve().name
    mask = Mask.of(filing, extraction)
    masked = mask.filing(filing).model_copy(update={"name": case})
    ground = _Ground(mask, masked, again(masked))
    problems = [f for f in review.findings if f.verdict in NEGATIVE]
    left_out = [f"{f.requirement}（{f.id}）没有人工意见" for f in problems if _action(last.get(f.id)) is None]
    defects = tuple(_defects(problems, last, ground, left_out))
    spared = tuple(_spared(problems, last, ground))
    service = filing.service.model_dump(mode="json")
    labels = Labels(
        case=case, title="由人工意见得到的案例", profile=_profile(defects), route=filing.route, as_of=review.as_of,
        service={k: service[k] for k in _KEYS},
        documents=tuple(LabelledDocument(file=d.file, role=d.role) for d in masked.documents),
        defects=defects, must_not_flag=spared, facts=(),
    )  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    (out / "filing.json").write_text(masked.model_dump_json(), encoding="utf-8", errors="backslashreplace")
    body: dict[str, Any] = labels.model_dump(mode="json")
    (out / "labels.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Harvest(
        folder=out, defects=len(defects), must_not_flag=len(spared), masked=mask.count, left_out=tuple(left_out)
    )


class _Ground:
    """The masked filing, to see what still stands in it."""

    def __init__(self, mask: Mask, masked: Filing, review: Review) -> None:
        self.mask = mask
        self._texts = Texts(masked)
        self._found = {(f.requirement, f.defect) for f in review.findings if f.verdict in NEGATIVE}

    def still(self, finding: Finding) -> bool:
        """Whether the masked filing still gives this problem."""
        return (finding.requirement, finding.defect) in self._found

    def quotes(self, finding: Finding) -> dict[tuple[str, str], str]:
        """Quotes of the finding by file and masked wording, with their places; those that stand there no more are left out."""
        found = {}
        for piece in finding.evidence:
            file, quote = self.mask.text(piece.file), self.mask.text(piece.quote)
            if piece.quote and piece.state == "verified" and self._texts.find(file, quote) in ("exact", "folded"):
                found[file, quote] = _where(piece)
        return found


def _action(decision: Decision | None) -> str | None:
    return decision.action if decision and decision.action in ("confirm", "amend", "dismiss") else None


def _defects(
    problems: Iterable[Finding], last: dict[str, Decision], ground: _Ground, left_out: list[str]
) -> Iterator[LabelledDefect]:
    number = 0
    for finding in problems:
        decision = last.get(finding.id)
        if decision is None or _action(decision) not in ("confirm", "amend"):
            continue
        amended = decision.amended
        if amended.get("verdict") not in (None, *NEGATIVE):
            left_out.append(f"{finding.requirement}（{finding.id}）改判为 {amended['verdict']}")
            continue
        if not ground.still(finding):
            left_out.append(f"{finding.requirement}（{finding.id}）遮盖后不再成立")
            continue
        number += 1
        quotes = ground.quotes(finding)
        yield LabelledDefect(
            id=f"d{number:02}", code=finding.defect or UNCODED, requirements=(finding.requirement,),
            severity=amended.get("severity", finding.severity), needs=_needs(finding),
            documents=tuple(dict.fromkeys(ground.mask.text(e.file) for e in finding.evidence if e.file)),
            where="；".join(dict.fromkeys(filter(None, quotes.values()))),
            quotes=tuple(dict.fromkeys(quote for _, quote in quotes)), absent=not quotes,
            explanation=ground.mask.text(str(amended.get("statement", finding.statement))), fix="",
        )  # fmt: skip


def _spared(problems: Iterable[Finding], last: dict[str, Decision], ground: _Ground) -> Iterator[MustNotFlag]:
    for finding in problems:
        decision = last.get(finding.id)
        if decision is None or decision.action != "dismiss":
            continue
        for file, quote in ground.quotes(finding):
            yield MustNotFlag(
                requirement=finding.requirement, code=finding.defect, document=file, quote=quote,
                why=ground.mask.text(decision.reason),
            )  # fmt: skip


def _needs(finding: Finding) -> tuple[str, ...]:
    """What finding it took, as far as the finding shows it."""
    needs = []
    if finding.computations:
        needs.append("arithmetic")
    if len({e.file for e in finding.evidence}) > 1:
        needs.append("cross")
    if any(e.state == "image" for e in finding.evidence):
        needs.append("image")
    if finding.origin.kind != "rule":
        needs.append("judgement")
    return tuple(needs) or ("rule",)


def _where(piece: Evidence) -> str:
    if piece.sheet:
        return f"工作表“{piece.sheet}”{piece.cell or ''}"
    return f"第{piece.page}页" if piece.page else f"第{piece.paragraph}段" if piece.paragraph else ""


def _profile(defects: tuple[LabelledDefect, ...]) -> Any:
    n = len(defects)
    return "clean" if n == 0 else "light" if n <= 4 else "typical" if n <= 20 else "hopeless"
