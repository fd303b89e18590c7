"""Do documents agree: one fact stated in several places, and facts that must have a certain shape."""

import re
from collections import defaultdict
from collections.abc import Iterator

from assist_review.check.context import Context, Say, show
from assist_review.checksums import uscc_valid
from assist_review.review import Fact, Finding
from assist_review.text import fold

_TOLERANCE = 0.005  # of the value, so 12.6 million and 1,260万 agree and 3.2 and 3.4 do not
_APPROXIMATE = 0.06


def agreement(context: Context, say: Say) -> Iterator[Finding]:
    """Each of `facts` has one value over all documents (`roles` narrows them; `within` also inside one document)."""
    stated = 0
    problems = 0
    for name in say.params["facts"]:
        names = _expand(context, name)
        for each in names:
            facts = [f for f in context.extraction.named(each, *say.params.get("roles", ())) if not f.counted]
            facts = unsure_on_scans(context, facts)
            stated += len({f.evidence.file for f in facts}) > 1
            conflict = conflicting(facts, within=bool(say.params.get("within")))
            if conflict:
                problems += 1
                yield _say_conflict(say, each, conflict)
    if not problems:
        label = say.params.get("label", "有关内容")
        if stated:
            yield say.fine(f"各材料中的{label}一致。")
        else:
            yield say.unclear(f"没有两份以上材料写明{label}，无法相互核对。")


_PERSON = re.compile(r"^persons\.|legal_representative$|contact$")


def unsure_on_scans(context: Context, facts: list[Fact]) -> list[Fact]:
    """Facts with what OCR may have misread taken into account.

    Names of persons on scanned pages are handwriting as a rule and become unsure; a credit code whose check digit is
    wrong on a scan was misread and is left out (a code that is wrong in a typed document stays), as is a branch's code.
    """
    scans = {d.file for d in context.filing.documents if d.ocr_pages or d.format == "image"}
    signed = {d.file for d in context.filing.documents if d.file in scans and d.role != "licence"}
    branches = {r.file for r in context.reading("licence") if r.has("分公司") or r.has("分支机构")}
    kept = [
        f for f in facts
        if f.name != "applicant.uscc"
        or (f.evidence.file not in branches and (f.evidence.file not in scans or uscc_valid(str(f.value))))
    ]  # fmt: skip
    return [
        f.model_copy(update={"approximate": True}) if f.evidence.file in signed and _PERSON.search(f.name) else f
        for f in kept
    ]


def _expand(context: Context, name: str) -> list[str]:
    if not name.endswith(".*"):
        return [name]
    return sorted({f.name for f in context.extraction.facts if f.name.startswith(name[:-1])})


def _say_conflict(say: Say, name: str, facts: list[Fact]) -> Finding:
    label = str(say.params.get("labels", {}).get(name) or say.params.get("label", name))
    values = "；".join(f"{_file(f)}为“{value_text(f)}”" for f in facts)
    return say.wrong(
        f"{label}在材料中不一致：{values}。",
        [f.evidence for f in facts],
        defect=say.params.get("defects", {}).get(name) or say.params.get("defect"),
        confidence=0.9,
    )


def _file(fact: Fact) -> str:
    return fact.evidence.file.rsplit("/", 1)[-1]


def value_text(fact: Fact) -> str:
    """The value as written in a message."""
    if isinstance(fact.value, str):
        return fact.value
    return f"{show(float(fact.value))}{fact.unit or ''}"


def conflicting(facts: list[Fact], *, within: bool = False) -> list[Fact] | None:
    """One fact per differing value where documents contradict each other, else None.

    Documents contradict each other when the sets of values they state have nothing in common; a document that
    states several values (a range of versions, a main and a branch office) is given the benefit of the doubt.
    """
    by_unit: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_unit[fact.unit or ""].append(fact)
    for same_unit in by_unit.values():
        by_file: dict[str, list[Fact]] = defaultdict(list)
        for fact in same_unit:
            by_file[fact.evidence.file].append(fact)
        groups = list(by_file.values())
        for i, mine in enumerate(groups):
            for theirs in groups[i + 1 :]:
                if not any(same(a, b) for a in mine for b in theirs):
                    return _one_each(groups)
        if within:
            for group in groups:
                first = group[0]
                other = next((f for f in group[1:] if not same(first, f)), None)
                if other:
                    return [first, other]
    return None


def _one_each(groups: list[list[Fact]]) -> list[Fact]:
    return [group[0] for group in groups]


def same(a: Fact, b: Fact) -> bool:
    """Whether two statements of a fact agree: numbers within rounding, texts after folding, containment for names."""
    if isinstance(a.value, str) or isinstance(b.value, str):
        return _same_text(str(a.value), str(b.value), unsure=a.approximate or b.approximate)
    high = max(abs(float(a.value)), abs(float(b.value)))
    if a.unit == "%":
        return abs(float(a.value) - float(b.value)) <= 0.05 + 1e-9 or _rounded(float(a.value), float(b.value))
    allowed = _APPROXIMATE if a.approximate or b.approximate else _TOLERANCE
    return abs(float(a.value) - float(b.value)) <= allowed * high + 1e-9


def _rounded(a: float, b: float) -> bool:
    return any(round(a, n) == round(b, n) and (round(a, n) in (a, b)) for n in (0, 1, 2))


def _same_text(a: str, b: str, *, unsure: bool = False) -> bool:
    left, right = _bare(a), _bare(b)
    if unsure and set(left) & set(right) and abs(len(left) - len(right)) <= 1:
        return True  # handwriting read by OCR
    return left == right or (min(len(left), len(right)) >= 4 and (left in right or right in left))


def _bare(text: str) -> str:
    return re.sub(r"[\s\"'“”‘’\-·()<>\[\]]|^v(?=\d)", "", fold(text))


def shape(context: Context, say: Say) -> Iterator[Finding]:
    """Each value of `fact` has the shape `shape`: a regular expression of lexicon/laws.toml, or `uscc`."""
    name, kind = say.params["fact"], say.params["shape"]
    facts = list({str(f.value): f for f in context.extraction.named(name)}.values())
    typed = {d.file for d in context.filing.documents if not d.ocr_pages and d.format != "image"}
    wrong = [f for f in facts if not _fits(context, kind, str(f.value), typed=f.evidence.file in typed)]
    for fact in wrong:
        yield say.wrong(
            f"{say.params.get('label', name)}“{fact.value}”{_why(context, kind, str(fact.value))}。", [fact.evidence]
        )
    if facts and not wrong:
        yield say.fine(f"{say.params.get('label', name)}格式正确。", [f.evidence for f in facts[:2]])


def _fits(context: Context, kind: str, value: str, *, typed: bool = True) -> bool:
    if kind == "uscc":
        # On a scan one misread character spoils the check digit: there only length and alphabet count.
        return uscc_valid(value) if typed else bool(re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", value.strip().upper()))
    pattern = context.pack.lexicon.get("laws", {}).get("shapes", {}).get(kind)
    return not pattern or bool(re.fullmatch(str(pattern), value.strip()))


def _why(context: Context, kind: str, value: str) -> str:
    if kind == "uscc" and re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", value.strip().upper()):
        return "的校验位不对（GB 32100-2015）"
    if kind == "uscc":
        return f"不是18位合法字符（实际{len(value.strip())}位，不得含字母I、O、S、V、Z）"
    for other, pattern in context.pack.lexicon.get("laws", {}).get("shapes", {}).items():
        if other != kind and re.fullmatch(str(pattern), value.strip()):
            return "的格式属于另一类编号"
    return "的格式与公开编号不符"
