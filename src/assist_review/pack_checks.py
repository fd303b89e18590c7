"""What the checks of a requirement may look like: known kinds, and the whole shape of the kind `content`."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from assist_review.filing import Role
from assist_review.regulation import Severity

KINDS = frozenset({
    "content", "documents", "attachments", "agreement", "shape", "validity", "marks", "signers", "sample", "rates",
    "sums", "count", "per_risk", "stated_counts", "duplicates", "columns", "cadence", "answers", "clause_table",
    "recount", "dates", "law", "hidden", "steering", "residue", "same_document", "legibility", "coverage",
    "role_separation", "monitors", "duration", "volume", "base_model", "contract_party", "route", "licence_terms", "source_rates",
    "junk", "overblocking", "modal_questions", "perfect", "label_size", "contradiction", "same_person", "order", "source_list", "audience", "functions", "recipients", "storage_place", "register",
})  # fmt: skip
ROLES = frozenset(role.value for role in Role)
DEFECT = re.compile(r"[A-IKLMT]\d\d")

_VERDICTS = {
    "absent": ("missing", "unclear", "not_applicable"),
    "partial": ("missing", "non_compliant", "unclear"),
    "enough": ("compliant", "unclear"),
    "scope": ("near", "document", "package"),
}
_CONTENT = {
    "kind",
    "subject",
    "anchors",
    "groups",
    "need",
    "in_each",
    "elsewhere",
    "bad",
    "roles",
    "defect",
    "says",
    *_VERDICTS,
}
_BAD = {"any", "unless", "about", "defect", "says", "roles", "severity", "verdict"}


class Problem(NamedTuple):
    """The key that is wrong (dotted), why, and the text that is wrong where there is one."""

    key: str
    why: str
    value: str = ""


def problems(check: dict[str, Any], known: frozenset[str] = ROLES) -> Iterator[Problem]:
    """Everything wrong with one check, worst first; nothing where it can be used."""
    kind = check.get("kind")
    if kind is None:
        yield Problem("check.kind", "缺少这个键")
        return
    if kind not in KINDS:
        yield Problem("check.kind", f"“{kind}”不可用；可用：{'、'.join(sorted(KINDS))}")
        return
    yield from _codes(check, "check")
    yield from _roles(check.get("roles", []), "check.roles", known)
    if kind == "content":
        yield from _content(check, known)


def _content(check: dict[str, Any], known: frozenset[str]) -> Iterator[Problem]:
    yield from _unknown(check, _CONTENT, "check")
    for key, choices in _VERDICTS.items():
        if key in check and check[key] not in choices:
            yield Problem(f"check.{key}", f"“{check[key]}”不可用；可用：{'、'.join(choices)}")
    if not any(check.get(key) for key in ("anchors", "groups", "bad")):
        yield Problem("check.anchors", "content 至少要有 anchors、groups、bad 中的一项")
    yield from _terms(check.get("anchors", []), "check.anchors")
    yield from _roles(check.get("in_each", []), "check.in_each", known)
    yield from _roles(check.get("elsewhere", []), "check.elsewhere", known)
    groups = check.get("groups", [])
    for key, tables in (("groups", groups), ("bad", check.get("bad", []))):
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            yield Problem(f"check.{key}", "应为由 { … } 组成的列表")
            return
    for group in groups:
        yield from _unknown(group, {"name", "any"}, "check.groups")
        if not group.get("name"):
            yield Problem("check.groups.name", "缺少这个键")
        yield from _terms(group.get("any"), "check.groups.any", needed=True)
    need = check.get("need", 1)
    if not isinstance(need, int) or not 1 <= need <= max(1, len(groups)):
        yield Problem("check.need", f"应为 1 到 {len(groups)} 之间的整数")
    for bad in check.get("bad", []):
        yield from _unknown(bad, _BAD, "check.bad")
        yield from _terms(bad.get("any"), "check.bad.any", needed=True)
        yield from _terms(bad.get("unless", []), "check.bad.unless")
        yield from _terms(bad.get("about", []), "check.bad.about")
        yield from _roles(bad.get("roles", []), "check.bad.roles", known)
        yield from _codes(bad, "check.bad")
        if not bad.get("says"):
            yield Problem("check.bad.says", "缺少这个键")
        if "severity" in bad and bad["severity"] not in set(Severity):
            yield Problem("check.bad.severity", f"“{bad['severity']}”不可用；可用：{'、'.join(Severity)}")
        if bad.get("verdict", "missing") not in ("missing", "non_compliant", "unclear"):
            yield Problem("check.bad.verdict", f"“{bad['verdict']}”不可用；可用：missing、non_compliant、unclear")


def _unknown(entry: dict[str, Any], known: set[str], where: str) -> Iterator[Problem]:
    for key in entry.keys() - known:
        yield Problem(f"{where}.{key}", f"没有这个键；可用：{'、'.join(sorted(known))}")


def _codes(entry: dict[str, Any], where: str) -> Iterator[Problem]:
    codes = entry.get("defects", {})
    listed = codes.values() if isinstance(codes, dict) else codes
    for key, code in [("defects", code) for code in listed] + [("defect", entry.get("defect", "A01"))]:
        if not isinstance(code, str) or not DEFECT.fullmatch(code):
            yield Problem(f"{where}.{key}", f"“{code}”不是缺陷代码，应为一个字母加两位数字，如 C11", str(code))


def _roles(roles: Any, where: str, known: frozenset[str]) -> Iterator[Problem]:
    if not isinstance(roles, list):
        yield Problem(where, "应为列表")
        return
    for role in roles:
        if role not in known:
            yield Problem(where, f"“{role}”不是文件类别；可用：{'、'.join(sorted(known))}", str(role))


def _terms(terms: Any, where: str, *, needed: bool = False) -> Iterator[Problem]:
    if not isinstance(terms, list) or (needed and not terms):
        yield Problem(where, "应为非空的列表" if needed else "应为列表")
        return
    for term in terms:
        if not isinstance(term, str) or not term.strip() or term == "re:":
            yield Problem(where, f"“{term}”不是可用的词语", str(term))
        elif term.startswith("re:") and (why := _regex(term.removeprefix("re:"))):
            yield Problem(where, f"“{term}”不是正确的正则表达式：{why}", term)


@lru_cache(maxsize=4096)
def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""
