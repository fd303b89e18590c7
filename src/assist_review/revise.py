"""The verb `revise`: what would make each problem go away, from the requirement's own template."""

from collections.abc import Iterable

from assist_review.filing import Filing
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Finding, Revision


def revise(findings: Iterable[Finding], filing: Filing, pack: Pack) -> tuple[Finding, ...]:
    """Findings in which every problem has a revision; its place is the first evidence that can be edited."""
    templates = {r.id: r.revise for r in pack.requirements}
    editable = {d.file for d in filing.documents if d.format in ("docx", "sheet", "text", "pdf")}
    return tuple(_with(f, templates[f.requirement], editable) if f.verdict in NEGATIVE else f for f in findings)


def _with(finding: Finding, template: str, editable: set[str]) -> Finding:
    quoted = next((e for e in finding.evidence if e.quote and e.file in editable and e.state == "verified"), None)
    if quoted is not None:
        revision = Revision(
            kind="replace",
            file=quoted.file,
            place=_place(quoted.page, quoted.paragraph, quoted.sheet, quoted.cell),
            before=quoted.quote,
            after=template,
        )
    else:
        at = next((e for e in finding.evidence), None)
        revision = Revision(
            kind="attach" if finding.verdict == "missing" and at is None else "insert",
            file=at.file if at else None,
            after=template,
        )
    return finding.model_copy(update={"revision": revision})


def _place(page: int | None, paragraph: int | None, sheet: str | None, cell: str | None) -> str:
    if sheet:
        return f"工作表“{sheet}”{cell or ''}"
    return f"第{page}页" if page else f"第{paragraph}段" if paragraph else ""
