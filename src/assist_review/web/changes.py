"""What changed between two versions of the rules, and which reviews of this site could come out differently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from assist_review.errors import RegulationError
from assist_review.law import diff
from assist_review.law.diff import Change, Difference
from assist_review.law.home import data_folder
from assist_review.law.impact import Affected, impact
from assist_review.law.imported import Imported, stored
from assist_review.law.overlay import as_reviewed
from assist_review.law.text import LawText
from assist_review.regulation import Clause, Pack, Span
from assist_review.review import Citation
from assist_review.text import fold
from assist_review.web import desk, rules
from assist_review.web.models import FilingRecord, FindingRecord, ReviewRecord

_READ = 20  # newest reviews of a stored version whose citations are read
_PER_PAGE = 15
_INTERNAL = ("source_sha256：", "path：", "within：")  # says nothing to a reader
_OFFICIAL = "verbatim：False → True"
_PAIRS = 250_000  # articles compared with each other within a second


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of the pack that reviews of this site were made with."""

    sha256: str
    version: str
    reviews: int


def stored_versions(filings: QuerySet[FilingRecord]) -> tuple[Stored, ...]:
    """The versions other than the present one, newest use first."""
    rows = list(
        newest(filings, every=True).order_by().values("pack_sha256").annotate(n=Count("pk"), last=Max("pk")).order_by("-last")
    )  # fmt: skip
    named = dict(
        ReviewRecord.objects.filter(pk__in=[r["last"] for r in rows]).values_list("pk", "value__pack__version")
    )
    here = rules.pack().sha256
    return tuple(Stored(r["pack_sha256"], named[r["last"]], r["n"]) for r in rows if r["pack_sha256"] != here)


def imported_texts() -> tuple[Imported, ...]:
    """Imported texts of instruments, those undone too."""
    return stored(data_folder(), rules.pack().id)


def newest(filings: QuerySet[FilingRecord], *, every: bool = False) -> QuerySet[ReviewRecord]:
    """The reviews of submissions of these filings: the newest of each, or all."""
    rows = ReviewRecord.objects.filter(package__kind="submission", filing__in=filings)
    if every:
        return rows
    last = rows.order_by().values("filing").annotate(last=Max("pk")).values("last")
    return rows.filter(pk__in=last)


def between(old: str, new: str, filings: QuerySet[FilingRecord]) -> Difference:
    """Between `written`, `site`, `review:<sha256>` or two of `text:<import>`. Raises RegulationError for other pairs."""
    texts = {f"text:{i.id}": i for i in imported_texts()}
    if old in texts and new in texts:
        return _of_texts(texts[old], texts[new])
    whole = {"written": rules.written, "site": rules.pack}
    versions = {f"review:{v.sha256}": v for v in stored_versions(filings)}
    if not {old, new} <= {*whole, *versions}:
        raise RegulationError("请选择两个规则包版本，或两份导入的文本")
    base = next((whole[side]() for side in (new, old) if side in whole), rules.pack())
    packs = [whole[s]() if s in whole else _quoted(versions[s], base, filings) for s in (old, new)]
    for known in [{c.id for c in p.clauses} for p, s in zip(packs, (old, new), strict=True) if s in versions]:
        # of such a version only what its reviews quote is known
        packs = [p.model_copy(update={"clauses": tuple(c for c in p.clauses if c.id in known)}) for p in packs]
    made = diff.packs(packs[0], packs[1])
    if versions.keys() & {old, new}:
        made = made.model_copy(update={"same": made.same - len(base.instruments) - len(base.requirements)})
    return _told(made, packs[0], packs[1])


def _of_texts(old: Imported, new: Imported) -> Difference:
    before, after = (LawText(kind="statute", title=i.title, units=i.units) for i in (old, new))
    one, other = ({fold(u.text) for u in law.articles} for law in (before, after))
    if len(one - other) * len(other - one) > _PAIRS:
        raise RegulationError("两份文本相差太大，请用 assist-review regulations diff 比较")
    names = (f"{old.title or old.file}（{old.file}）", f"{new.title or new.file}（{new.file}）")
    return diff.texts(before, after, names=names, pack=rules.pack(), instrument=old.instrument)


def _quoted(version: Stored, base: Pack, filings: QuerySet[FilingRecord]) -> Pack:
    """`base` with only the clauses that reviews made with this version quote, worded as they quote them."""
    made = newest(filings, every=True).filter(pack_sha256=version.sha256).order_by("-pk").values_list("pk", flat=True)
    rows = FindingRecord.objects.filter(review__in=list(made[:_READ]), own=False).order_by("-review", "position")
    known = {c.id: c for c in base.clauses}
    found: dict[str, Clause] = {}
    for citations in rows.values_list("value__citations", flat=True):
        for cited in citations or ():
            if cited["clause"] not in found:
                found[cited["clause"]] = _clause(Citation.model_validate(cited), known.get(cited["clause"]))
    return base.model_copy(
        update={"version": version.version, "sha256": version.sha256, "clauses": tuple(found.values())}
    )


def _clause(citation: Citation, known: Clause | None) -> Clause:
    said = {
        "text": citation.text, "verbatim": citation.verbatim, "source_sha256": citation.source_sha256,
        "in_force": Span(start=citation.in_force_from, end=citation.in_force_to),
    }  # fmt: skip
    if known is not None:
        return known.model_copy(update=said)
    number = citation.clause.partition(":")[2]
    return Clause.model_validate(
        {**said, "id": citation.clause, "instrument": citation.instrument, "number": number, "label": number}
    )


def _told(difference: Difference, old: Pack, new: Pack) -> Difference:
    """With hashes after the versions, instruments before clauses, and the words of clauses that came or went."""
    clauses = {c.id: c for c in (*old.clauses, *new.clauses)}
    titles = {i.id: i.title for i in (*old.instruments, *new.instruments)}

    def told(change: Change) -> Change:
        each = change.new or change.old
        if change.what != "clause":
            return change.model_copy(update={"label": f"{each} {change.label}"})
        clause = clauses[each]
        pieces = change.pieces
        fields = tuple(
            "由转述改为官方原文" if f == _OFFICIAL else f for f in change.fields if not f.startswith(_INTERNAL)
        )
        if change.kind in ("added", "removed"):
            pieces = diff.words(*(("", clause.text) if change.kind == "added" else (clause.text, "")))
        label = f"《{titles.get(clause.instrument, clause.instrument)}》{clause.label}"
        return change.model_copy(update={"label": label, "pieces": pieces, "fields": fields})

    names = [f"{p.id} {p.version} · {p.sha256[:8]}" for p in (old, new)]
    return difference.model_copy(
        update={"old": names[0], "new": names[1], "changes": tuple(told(c) for c in difference.changes)}
    )


def affected(
    filings: QuerySet[FilingRecord], difference: Difference | None, day: date, page: str | None
) -> tuple[Page[ReviewRecord], list[tuple[ReviewRecord, Affected]]]:
    """A page of the newest reviews, and those among them whose verdicts could change (by `difference`, if given)."""
    rows = newest(filings).select_related("filing").defer("value").order_by("-pk")
    if difference is not None:
        named = [t.requirement for t in difference.touched]
        answers = FindingRecord.objects.filter(review=OuterRef("pk"), requirement__in=named)
        rows = rows.filter(Exists(answers.exclude(group="not_applicable")))
    shown = Paginator(rows, _PER_PAGE).get_page(page)
    return shown, list(_affected(shown, difference, day))


def _affected(
    rows: Iterable[ReviewRecord], difference: Difference | None, day: date
) -> Iterable[tuple[ReviewRecord, Affected]]:
    for row in rows:
        review = desk.review_of(row)
        pack = as_reviewed(rules.pack(), review.pack.overlays)
        for each in impact([(row.filing.number, review)], pack, day, difference):
            yield row, each
