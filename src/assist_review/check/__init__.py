"""The verb `check`: at least one outcome per requirement, a Finding or a Failure that says why not.

A rule is `(Context, Say) -> Iterable[Finding]`; `RULES` names the kinds a pack may use.
"""

from collections.abc import Callable, Iterable
from datetime import date

from assist_review.check.context import Context, Say
from assist_review.check.rules import (
    agreement,
    answers,
    banks,
    clauses,
    consistency,
    content,
    contracts,
    counts,
    dates,
    entries,
    integrity,
    labelling,
    laws,
    materials,
    models,
    people,
    register,
    samples,
    signatures,
    sources,
    tables,
)
from assist_review.expression import evaluate
from assist_review.filing import Filing
from assist_review.lists import Extraction
from assist_review.regulation import Pack, Requirement
from assist_review.review import NEGATIVE, Failure, Finding, Match

Rule = Callable[[Context, Say], Iterable[Finding]]
RULES: dict[str, Rule] = {
    "content": content.content,
    "documents": materials.documents,
    "attachments": materials.attachments,
    "legibility": materials.legibility,
    "same_document": consistency.same_document,
    "agreement": agreement.agreement,
    "shape": agreement.shape,
    "validity": dates.validity,
    "dates": dates.dates,
    "order": dates.order,
    "duration": dates.duration,
    "cadence": dates.cadence,
    "marks": signatures.marks,
    "signers": signatures.signers,
    "sample": samples.sample,
    "rates": samples.rates,
    "recount": samples.recount,
    "sums": tables.sums,
    "perfect": tables.perfect,
    "label_size": labelling.label_size,
    "same_person": people.same_person,
    "source_rates": tables.source_rates,
    "coverage": counts.coverage,
    "count": counts.count,
    "per_risk": counts.per_risk,
    "stated_counts": counts.stated_counts,
    "duplicates": banks.duplicates,
    "columns": banks.columns,
    "answers": answers.answers,
    "junk": entries.junk,
    "overblocking": entries.overblocking,
    "modal_questions": entries.modal_questions,
    "clause_table": clauses.clause_table,
    "law": laws.law,
    "hidden": integrity.hidden,
    "steering": integrity.steering,
    "residue": integrity.residue,
    "base_model": models.base_model,
    "route": models.route,
    "contract_party": contracts.contract_party,
    "register": register.register,
    "licence_terms": sources.licence_terms,
    "source_list": sources.source_list,
    "role_separation": people.role_separation,
    "monitors": people.monitors,
    "volume": people.volume,
    "audience": consistency.audience,
    "functions": consistency.functions,
    "contradiction": consistency.contradiction,
    "recipients": consistency.recipients,
    "storage_place": consistency.storage_place,
}


def check(
    filing: Filing,
    extraction: Extraction,
    matches: dict[str, tuple[Match, ...]],
    pack: Pack,
    as_of: date,
) -> tuple[tuple[Finding, ...], tuple[Failure, ...]]:
    """Findings and failures, in the order of the pack's requirements."""
    context = Context(filing, extraction, pack, as_of, matches)
    findings: list[Finding] = []
    failures: list[Failure] = []
    for requirement in pack.requirements:
        try:
            findings += _one(context, requirement)
        except Exception as error:
            # One broken rule must not lose the other 255 requirements; the failure is shown in the report.
            failures.append(
                Failure(requirement=requirement.id, stage="check", reason=f"{type(error).__name__}: {error}")
            )
    return tuple(findings), tuple(failures)


def _one(context: Context, requirement: Requirement) -> list[Finding]:
    first = Say(requirement, requirement.checks[0])
    if not requirement.in_force.holds(context.as_of):
        return [first.not_applicable(context.word("not_in_force", day=context.as_of.isoformat()))]
    applies = evaluate(requirement.applies_when, context.filing.route, context.filing.service)
    if applies is False:
        return [first.not_applicable(context.word("not_applicable"))]
    found: list[Finding] = []
    for params in requirement.checks:
        found += RULES[params["kind"]](context, Say(requirement, params))
    if applies is None:
        found = [_doubt(context, f) for f in found]
    return _settle(context, first, found)


_WRONG_WORDING = 0.85  # the confidence of `content` in wording that is wrong in itself


def _doubt(context: Context, finding: Finding) -> Finding:
    # What was counted, and wording that is wrong in itself, shows that the requirement applies.
    sure = finding.origin.name != "content" or finding.confidence >= _WRONG_WORDING
    counted = sure and finding.evidence and finding.evidence[0].quote
    if finding.verdict not in NEGATIVE or counted:
        return finding
    return finding.model_copy(
        update={
            "verdict": "unclear",
            "statement": context.word("applies_unknown") + finding.statement,
            "confidence": 0.4,
        }
    )


def _settle(context: Context, say: Say, found: list[Finding]) -> list[Finding]:
    """All problems where there are any; else one unclear; else one compliant; else not applicable."""
    problems = [f for f in found if f.verdict in NEGATIVE]
    if problems:
        return _distinct(problems)
    for verdict in ("unclear", "compliant", "not_applicable"):
        same = [f for f in found if f.verdict == verdict]
        if same:
            merged = same[0]
            statements = dict.fromkeys(f.statement for f in same)
            return [
                merged.model_copy(
                    update={
                        "statement": "".join(statements),
                        "evidence": tuple(dict.fromkeys(e for f in same for e in f.evidence))[:6],
                        "computations": tuple(c for f in same for c in f.computations),
                    }
                )
            ]
    return [say.unclear(context.word("nothing_to_check"))]


def _distinct(problems: list[Finding]) -> list[Finding]:
    seen: dict[object, Finding] = {}
    for finding in problems:
        key = (finding.defect, finding.statement)
        seen.setdefault(key, finding)
    return list(seen.values())
