"""Kind `content`: do the documents speak about what they must, and does any wording speak against it.

The parameters (anchors, groups, scope, absent, partial, enough, bad) are described in CONTRIBUTING.md.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from assist_review.check.context import Context, Say, absent, qualified
from assist_review.passages import Hit, Passage, Reading, evidence, spans
from assist_review.review import Evidence, Finding, Verdict
from assist_review.text import fold

_LISTS = ("keywords", "questions")


def content(context: Context, say: Say) -> Iterator[Finding]:
    """Yields every wording that is wrong in itself, and one verdict on what is there and what is lacking."""
    params = say.params
    roles = tuple(params.get("roles") or say.requirement.roles)
    documents = [r for r in context.reading(*roles) if r.role not in _LISTS]
    yield from _bad(context, say, documents)
    if not params.get("anchors") and not params.get("groups"):
        return
    if not documents:
        names = context.named(roles) or context.word("content.any_document")
        yield say.unclear(context.word("content.no_document", documents=names))
        return
    must = tuple(params.get("in_each", ()))
    alone = [r for r in documents if r.role in must]
    if alone:
        outcomes = [_judge(context, say, [r]) for r in alone]
        worst = min(
            outcomes,
            key=lambda f: ("missing", "non_compliant", "unclear", "compliant", "not_applicable").index(f.verdict),
        )
        yield worst
        return
    yield _judge(context, say, documents)


def _bad(context: Context, say: Say, documents: list[Reading]) -> Iterator[Finding]:
    for entry in say.params.get("bad", ()):
        roles = entry.get("roles")
        where = [r for r in context.readings if r.role in roles and r.role not in _LISTS] if roles else documents
        hits = [h for r in where for term in entry["any"] for h in r.find(term) if not _prohibits(h)]
        hits = [h for h in hits if not context.restates(h) and not qualified(h, entry.get("unless", ()))]
        if entry.get("about"):
            hits = [h for h in hits if _is_about(h, entry["about"])]
        if not hits:
            continue
        places = _one_per_sentence(hits)[:4]
        verdict: Verdict = entry.get("verdict", "non_compliant")
        if verdict == "unclear":
            yield say.unclear(_sentence(context, entry.get("says", "")), places)
            continue
        yield say.wrong(
            _sentence(context, entry.get("says", context.word("content.bad"))), places, verdict=verdict,
            defect=entry.get("defect"), severity=entry.get("severity"), confidence=0.85,
        )  # fmt: skip


def _is_about(hit: Hit, words: Iterable[str]) -> bool:
    """Whether the sentence of a hit, a neighbour, or the heading it stands under speaks of one of `words`."""
    heading = fold(hit.passage.section.rsplit(" > ", 1)[-1])
    return qualified(hit, words) or any(next(spans(heading, word), None) is not None for word in words)


def _sentence(context: Context, text: str) -> str:
    return text if text.endswith(("。", "！", "？", context.word("stop"))) else text + context.word("stop")


_FORBIDDING = ("不得", "禁止", "严禁", "避免", "不存在", "杜绝", "防止")
_TURNED = re.compile(
    r"(?:不|未|没有|从未|绝不|无|非|勿)(?:得|会|能|应|可|再|曾|以|采用|采取|使用|通过|允许|存在|进行|发生|出现|涉及|含有|任何|有|对|予){0,3}$"
)


def _prohibits(hit: Hit) -> bool:
    """Whether the words before a hit turn it round: 不得…, 禁止…, 严禁…, 避免…, 不存在…."""
    before = hit.passage.key[max(0, hit.start - 12) : hit.start]
    return bool(_TURNED.search(before)) or any(w in before[-6:] for w in _FORBIDDING)


def _one_per_sentence(hits: Iterable[Hit]) -> list[Evidence]:
    found: dict[tuple[str, str], Evidence] = {}
    for hit in hits:
        piece = evidence(hit)
        if piece.quote:
            found.setdefault((piece.file, piece.quote), piece)
    return list(found.values())


def _judge(context: Context, say: Say, documents: list[Reading]) -> Finding:
    params = say.params
    anchors = params.get("anchors", ())
    hits = [(r, h) for r in documents for term in anchors for h in _some(context, r, term)]
    if anchors and not hits and params.get("elsewhere"):
        others = [r for r in context.reading(*params["elsewhere"]) if r.role not in _LISTS and r not in documents]
        told = [(r, h) for r in others for term in anchors for h in _some(context, r, term)]
        if told:
            return _told_elsewhere(context, say, documents, others, told)
    name = context.named(r.role for r in documents)
    if anchors and not hits:
        verdict = params.get("absent", "unclear")
        if verdict == "missing" and not _can_be_missed(say, documents):
            verdict = "unclear"
        return _lacking(
            context, say, verdict, context.word("content.absent", documents=name, subject=_subject(say)), documents
        )
    groups = params.get("groups", ())
    found, lacking = _groups(context, params, groups, documents, hits)
    need = int(params.get("need", len(groups)))
    shown = (
        list(dict.fromkeys(evidence(h) for h in found.values()))[:4]
        or list(dict.fromkeys(evidence(h) for _, h in hits))[:3]
    )
    if len(found) >= need:
        if params.get("enough", "compliant") == "compliant":
            return say.fine(
                context.word("content.fine", documents=name, found=context.word("list").join(found) or _subject(say)),
                shown,
            )
        return say.unclear(context.word("content.unsure", documents=name), shown, confidence=0.6)
    short = context.word("list").join(lacking)
    verdict = params.get("partial", "unclear")
    if verdict in ("missing", "non_compliant"):
        shown = shown or [absent(r.file) for r in documents][:3]
        # A requirement of one thing is not "about X, lacking X".
        key = "content.absent" if short == _subject(say) else "content.partial"
        return say.wrong(
            context.word(key, documents=name, subject=_subject(say), lacking=short),
            shown,
            verdict=verdict,
            confidence=0.75,
        )
    return say.unclear(context.word("content.partial_unsure", documents=name, lacking=short), shown)


def _told_elsewhere(
    context: Context, say: Say, documents: list[Reading], others: list[Reading], hits: list[tuple[Reading, Hit]]
) -> Finding:
    """The documents asked are silent, others of the package speak: enough there is enough, less is for a person."""
    found, lacking = _groups(context, say.params, say.params.get("groups", ()), others, hits)
    shown = list(dict.fromkeys(evidence(h) for h in [*found.values(), *(h for _, h in hits)]))[:3]
    name = context.named(r.role for r, _ in hits)
    if not lacking and say.params.get("enough", "compliant") == "compliant":
        told = context.word("list").join(found) or _subject(say)
        return say.fine(context.word("content.fine", documents=name, found=told), shown)
    asked = context.named(r.role for r in documents)
    return say.unclear(context.word("content.elsewhere", documents=asked, subject=_subject(say), others=name), shown)


def _can_be_missed(say: Say, documents: list[Reading]) -> bool:
    """Whether a main document is there, so that a silence means something: proofs alone need not speak of a duty."""
    main = set(say.requirement.roles) - {"evidence", "other"}
    return not main or any(r.role in main for r in documents)


def _lacking(context: Context, say: Say, verdict: str, statement: str, documents: list[Reading]) -> Finding:
    if verdict == "not_applicable":
        return say.not_applicable(context.word("content.untouched", subject=_subject(say)))
    close = [m.evidence for m in context.matches.get(say.requirement.id, ())][:3]
    if verdict == "missing":
        return say.missing(statement, [absent(r.file) for r in documents][:3], confidence=0.8)
    return say.unclear(statement + context.word("content.nearest" if close else "content.by_hand"), close)


def _subject(say: Say) -> str:
    return str(say.params.get("subject") or next(iter(say.params.get("anchors", ())), say.requirement.statement[:20]))


def _some(context: Context, reading: Reading, term: str, limit: int = 12) -> Iterator[Hit]:
    return islice((h for h in reading.find(term) if context.speaks(h.passage)), limit)


def _groups(
    context: Context,
    params: dict[str, Any],
    groups: Iterable[dict[str, Any]],
    documents: list[Reading],
    hits: list[tuple[Reading, Hit]],
) -> tuple[dict[str, Hit], list[str]]:
    """Which groups are spoken about (with a place), and the names of the others."""
    scope = params.get("scope", "near")
    found: dict[str, Hit] = {}
    lacking: list[str] = []
    near = None
    if scope == "near" and hits:
        near = list({id(p): p for reading, hit in hits[:40] for p in reading.near(hit) if context.speaks(p)}.values())
    for group in groups:
        terms = group["any"]
        hit = _first_near(near, terms) if near is not None else _first(context, documents, terms)
        if hit is None:
            lacking.append(str(group["name"]))
        else:
            found[str(group["name"])] = hit
    return found, lacking


def _first(context: Context, documents: list[Reading], terms: Iterable[str]) -> Hit | None:
    return next((h for term in terms for r in documents for h in r.find(term) if context.speaks(h.passage)), None)


def _first_near(near: list[Passage], terms: Iterable[str]) -> Hit | None:
    for term in terms:
        for passage in near:
            span = next(spans(passage.key, term), None)
            if span:
                return Hit(passage, *span)
    return None
