"""Samples and rates: sizes, pass lines, shares, and whether the printed rate follows from the printed counts."""

import re
from collections import defaultdict
from collections.abc import Generator, Iterator

from assist_review.arithmetic import computation
from assist_review.check.context import Context, Say, absent, show
from assist_review.check.rules.agreement import conflicting, value_text
from assist_review.passages import Hit, evidence
from assist_review.review import Computation, Evidence, Fact, Finding

_TOLERANCE_PP = 0.1


def sample(context: Context, say: Say) -> Iterator[Finding]:
    """Size, share of the population and rate of one sample against `min_size`, `min_share`, `min_rate`, `max_rate`.

    `sizes_like` names the size to take where this method states none of its own.
    """
    p = say.params
    sizes = _facts(context, p.get("size")) or _facts(context, p.get("sizes_like"))
    passed = _facts(context, p.get("passed"))
    rates = _facts(context, p.get("rate"))
    label = str(p.get("label", say.requirement.statement[:16]))
    if not (passed or rates or (sizes and not p.get("sizes_like"))):
        yield from _nothing(context, say, label)
        return
    problems = [
        *_size(say, label, sizes),
        *_share(context, say, label, sizes),
        *_rate(say, label, sizes, passed, rates),
    ]
    yield from problems
    if not problems:
        shown = [f.evidence for f in (*sizes[:1], *passed[:1], *rates[:1])]
        yield say.fine(f"{label}的数量和比率达到要求，算术一致。", shown, _computed(sizes, passed, rates))


def _nothing(context: Context, say: Say, label: str) -> Iterator[Finding]:
    if say.params.get("absent") == "missing" and context.filing.of("report"):
        report = context.filing.of("report")[0]
        spoken = any(r.has(t) for r in context.reading("report") for t in say.params.get("anchors", ()))
        if not spoken:
            yield say.missing(f"报告中没有{label}的内容和结果。", [absent(report.file)], defect=say.code("absent"))
            return
    yield say.unclear(f"没有在材料中找到{label}的数量和比率，需要人工核对。")


def _facts(context: Context, name: str | None) -> list[Fact]:
    if not name:
        return []
    facts = [f for f in context.extraction.named(name, "report", "form") if isinstance(f.value, int | float)]
    return sorted(facts, key=lambda f: f.role != "report")  # the report explains, the form repeats


def _size(say: Say, label: str, sizes: list[Fact]) -> Iterator[Finding]:
    least = say.params.get("min_size")
    units = say.params.get("units")
    for fact in _distinct(sizes):
        if least is not None and float(fact.value) < least and (not units or (fact.unit or "") in units):
            yield say.wrong(
                f"{label}数量为{value_text(fact)}，少于要求的{show(least)}。",
                _places(sizes, fact),
                defect=say.code("size"),
            )
            return


def _share(context: Context, say: Say, label: str, sizes: list[Fact]) -> Iterator[Finding]:
    least = say.params.get("min_share")
    if least is None:
        return
    totals = [f for name in say.params.get("totals", ()) for f in _facts(context, name)]
    largest = {
        (f.evidence.file, f.unit): max(
            float(g.value) for g in sizes if (g.evidence.file, g.unit) == (f.evidence.file, f.unit)
        )
        for f in sizes
    }
    for size in (f for f in sizes if float(f.value) == largest[f.evidence.file, f.unit]):
        fitting = [t for t in totals if (t.unit or "") == (size.unit or "") and float(t.value) > 0]
        report = [t for t in fitting if t.evidence.file == size.evidence.file] or fitting
        if not report:
            continue
        total = max(report, key=lambda t: float(t.value))
        part = computation(
            f"{label}占总量的比例", "size / total * 100", None, "%", size=float(size.value), total=float(total.value)
        )
        slack = 0.05 if size.approximate or total.approximate else 0.0
        if part.result < least - slack - 1e-9:
            yield say.wrong(
                f"{label}{value_text(size)}，占总量{value_text(total)}的{part.result:.2f}%，未达到{show(least)}%。",
                [*_places(sizes, size), total.evidence], defect=say.code("share"), computations=[part],
            )  # fmt: skip
            return


def _rate(say: Say, label: str, sizes: list[Fact], passed: list[Fact], rates: list[Fact]) -> Iterator[Finding]:
    low, high = say.params.get("min_rate"), say.params.get("max_rate")
    for count, size in _pairs(passed, sizes):
        made = computation(
            f"{label}", "passed / size * 100", None, "%", passed=float(count.value), size=float(size.value)
        )
        stated = _close(rates, count)
        wrong_sum = stated is not None and abs(float(stated.value) - made.result) > _TOLERANCE_PP
        fails = (low is not None and made.result < low - 1e-9) or (high is not None and made.result > high + 1e-9)
        if not wrong_sum and not fails:
            continue
        if stated is not None:
            made = made.model_copy(update={"stated": float(stated.value)})
        line = f"，未达到不低于{show(low)}%的要求" if fails and low is not None else ""
        line = f"，超过{show(high)}%的上限" if fails and high is not None and made.result > high else line
        said = f"，材料写为{value_text(stated)}" if wrong_sum and stated is not None else ""
        yield say.wrong(
            f"{label}：{show(float(count.value))}÷{show(float(size.value))}={made.result:.2f}%{said}{line}。",
            list(dict.fromkeys(f.evidence for f in (count, size, *([stated] if stated else [])))),
            defect=say.code("rate" if fails else "arithmetic"), computations=[made],
        )  # fmt: skip
        return
    for fact in _distinct(rates):
        value = float(fact.value)
        if (low is not None and value < low - 1e-9) or (high is not None and value > high + 1e-9):
            limit = f"低于{show(low)}%" if low is not None and value < low else f"高于{show(high or 0)}%"
            yield say.wrong(f"{label}为{value_text(fact)}，{limit}。", _places(rates, fact), defect=say.code("rate"))
            return


def _pairs(passed: list[Fact], sizes: list[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Each count with the sample size of the same document (and the same row or block where there is one)."""
    for count in passed:
        same_file = [
            s for s in sizes if s.evidence.file == count.evidence.file and float(s.value) >= float(count.value)
        ]
        close = [s for s in same_file if _near(s, count)]
        if close or len({float(s.value) for s in same_file}) == 1:
            yield count, (close or same_file)[0]


def _near(a: Fact, b: Fact) -> bool:
    x, y = a.evidence, b.evidence
    if x.table is not None or y.table is not None:
        return (x.table, x.row) == (y.table, y.row) and x.table is not None
    if x.paragraph is not None:
        return x.paragraph == y.paragraph
    return a.section == b.section and x.page == y.page


def _close(rates: list[Fact], count: Fact) -> Fact | None:
    same_file = [r for r in rates if r.evidence.file == count.evidence.file]
    return next((r for r in same_file if _near(r, count)), None)


def _distinct(facts: list[Fact]) -> list[Fact]:
    return list({float(f.value): f for f in reversed(facts)}.values())[::-1]


def _places(facts: list[Fact], like: Fact) -> list[Evidence]:
    return list(dict.fromkeys(f.evidence for f in facts if f.value == like.value))[:4]


def _computed(sizes: list[Fact], passed: list[Fact], rates: list[Fact]) -> list[Computation]:
    for count, size in _pairs(passed, sizes):
        stated = _close(rates, count)
        return [
            computation(
                "通过率", "passed / size * 100", float(stated.value) if stated else None, "%",
                passed=float(count.value), size=float(size.value),
            )
        ]  # fmt: skip
    return []


_RATE_IN_PROSE = re.compile(
    r"(?:抽检|抽取|抽样|抽查|检查|测试)(?:(?!合格|通过|达标|拒答)[^;.\n]){0,12}?(?P<n>[0-9,]{2,12})(?:条|题|个|份|张|段)[^;\n]{0,24}?"
    r"(?:合格|通过|达标|拒答|拒绝回答)[^0-9;\n]{0,4}(?P<k>[0-9,]{2,12})(?:条|题|个|份|张|段)[^;\n]{0,16}?"
    r"(?P<r>[0-9]{1,3}(?:\.[0-9]{1,3})?)%"
)


def rates(context: Context, say: Say) -> Iterator[Finding]:
    """K of n and a rate in one sentence must agree within 0.1 pp; a rate alone must be possible for its n."""
    seen = 0
    problems = 0
    for reading in context.reading("report", "form", "annotation_rules", "evidence"):
        for passage in reading.passages:
            for match in _RATE_IN_PROSE.finditer(passage.key):
                n, k = (float(match[g].replace(",", "")) for g in ("n", "k"))
                if not n or k > n:
                    continue
                seen += 1
                made = computation("按分子分母计算的比率", "k / n * 100", float(match["r"]), "%", k=k, n=n)
                if abs(made.result - float(match["r"])) > _TOLERANCE_PP:
                    problems += 1
                    yield say.wrong(
                        f"{show(k)}÷{show(n)}={made.result:.2f}%，材料写为{match['r']}%。",
                        [evidence(Hit(passage, *match.span()), whole=False)], computations=[made],
                    )  # fmt: skip
    problems += yield from _impossible(context, say)
    if seen and not problems:
        yield say.fine(f"报告中{seen}处“分子、分母、比率”核算一致。")


def _impossible(context: Context, say: Say) -> Generator[Finding, None, int]:
    """A rate with two decimals of a sample of n that no whole number gives."""
    count = 0
    for prefix in ("corpus.sample", "refusal", "over_refusal"):
        size_name = f"{prefix}.size" if prefix == "corpus.sample" else f"{prefix}.sample.size"
        part = f"{prefix}.passed" if prefix == "corpus.sample" else f"{prefix}.refused"
        if context.extraction.named(part):
            continue
        for size in _facts(context, size_name)[:1]:
            for rate in _facts(context, f"{prefix}.rate")[:1]:
                if rate.evidence.file != size.evidence.file or size.approximate or rate.approximate:
                    continue
                decimals = len(str(rate.value).partition(".")[2])
                k = float(rate.value) * float(size.value) / 100
                if any(round(c / float(size.value) * 100, decimals) == rate.value for c in (int(k), int(k) + 1)):
                    continue
                count += 1
                made = computation(
                    "合格数", "rate * size / 100", None, "", rate=float(rate.value), size=float(size.value)
                )
                yield say.wrong(
                    f"抽检{value_text(size)}、比率{value_text(rate)}，合格数应为{made.result:.1f}，不是整数，该比率不可能出现。",
                    [rate.evidence, size.evidence], defect="C12", computations=[made],
                )  # fmt: skip
    return count


def _whole(facts: list[Fact]) -> list[Fact]:
    """Facts that speak of the whole: a table with several rows of one method divides it (by modality, by batch)."""
    rows: dict[tuple[str, int | None], set[int | None]] = defaultdict(set)
    for f in facts:
        rows[f.evidence.file, f.evidence.table].add(f.evidence.row)
    return [f for f in facts if f.evidence.table is None or len(rows[f.evidence.file, f.evidence.table]) == 1]


def recount(context: Context, say: Say) -> Iterator[Finding]:
    """The same result stated twice in the report and form must be the same; samples cannot exceed their bank."""
    problems = 0
    for name, label in say.params.get("facts", {}).items():
        facts = _whole(_facts(context, name))
        clash = conflicting(facts, within=True)
        if clash:
            problems += 1
            values = "、".join(dict.fromkeys(value_text(f) for f in clash))
            yield say.wrong(
                f"{label}前后不一致：{values}。",
                [f.evidence for f in clash],
                defect=say.code("within"),
                confidence=0.85,
            )
    for bank, size_name, label in (
        ("questions.generated.total", "generated.sample.size", "生成内容测试"),
        ("questions.refuse.total", "refusal.sample.size", "应拒答测试"),
        ("questions.answer.total", "over_refusal.sample.size", "非拒答测试"),
    ):
        counted = [f for f in context.extraction.named(bank) if f.counted]
        for size in _facts(context, size_name)[:1]:
            if counted and float(size.value) > sum(float(f.value) for f in counted):
                problems += 1
                yield say.wrong(
                    f"{label}抽取{value_text(size)}，多于题库实有的{show(sum(float(f.value) for f in counted))}题。",
                    [size.evidence, *(f.evidence for f in counted)], defect=say.code("exceeds"),
                )  # fmt: skip
    if not problems:
        yield say.fine("报告、备案表所列测试结果前后一致。")
