"""Counting lists: totals and floors per risk, numbers the report states about them, and coverage of risks in text."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from assist_review.cells import column_letters
from assist_review.check.context import Context, Say, absent, show
from assist_review.check.rules.agreement import value_text
from assist_review.lists import Bank
from assist_review.passages import Reading, evidence
from assist_review.regulation import Risk
from assist_review.review import Evidence, Fact, Finding
from assist_review.text import fold

BANK_NAMES = {
    "keywords": "拦截关键词列表",
    "generated": "生成内容测试题库",
    "refuse": "应拒答题库",
    "answer": "非拒答题库",
}
UNITS = {"keywords": "条", "generated": "题", "refuse": "题", "answer": "题"}
_ROLE = {"keywords": "keywords", "generated": "questions", "refuse": "questions", "answer": "questions"}


def total_name(bank: str) -> str:
    """The fact that holds the total of a bank."""
    return "keywords.total" if bank == "keywords" else f"questions.{bank}.total"


def rows_of(context: Context, bank: str) -> int:
    """Counted rows over all sheets of a bank."""
    return sum(len(b.rows) for b in context.extraction.bank(bank))


def sheet_evidence(banks: tuple[Bank, ...], note: str = "") -> list[Evidence]:
    """One piece of evidence per sheet, without printing any entry."""
    return [Evidence(file=b.file, sheet=b.sheet, state="unproved", quote=b.sheet, note=note) for b in banks]


def count(context: Context, say: Say) -> Iterator[Finding]:
    """The counted total of `bank` is at least `min`."""
    bank, least = say.params["bank"], say.params["min"]
    banks = context.extraction.bank(bank)
    if not banks:
        yield from _no_bank(context, say, bank)
        return
    counted = rows_of(context, bank)
    stated = [f for f in context.extraction.named(total_name(bank)) if not f.counted]
    if counted < least:
        said = f"，而材料写为{'、'.join(dict.fromkeys(value_text(f) for f in stated))}" if stated else ""
        yield say.wrong(
            f"{BANK_NAMES[bank]}实有{show(counted)}{UNITS[bank]}，少于{show(least)}{UNITS[bank]}{said}。",
            [*sheet_evidence(banks), *(f.evidence for f in stated[:3])],
        )
    else:
        yield say.fine(
            f"{BANK_NAMES[bank]}实有{show(counted)}{UNITS[bank]}，不少于{show(least)}。", sheet_evidence(banks)
        )


def _no_bank(context: Context, say: Say, bank: str) -> Iterator[Finding]:
    documents = context.filing.of(_ROLE[bank])
    if not documents:
        yield say.unclear(f"材料中没有{BANK_NAMES[bank]}，无法清点。")
    elif bank == "answer" and context.extraction.banks:
        said = [evidence(h) for r in context.reading("report") for t in ("非拒答",) for h in r.find(t)][:3]
        yield say.missing(
            "题库文件中没有非拒答测试题库。", [absent(d.file) for d in documents] + said, defect=say.code("absent")
        )
    elif any(d.sheets for d in documents):
        if context.extraction.bank("generated" if bank == "refuse" else "refuse"):
            yield say.missing(f"题库文件中没有{BANK_NAMES[bank]}。", [absent(d.file) for d in documents])
        else:
            yield say.unclear(f"未能在{documents[0].file}中识别出{BANK_NAMES[bank]}的表头，需要人工清点。")
    else:
        yield say.unclear(f"{BANK_NAMES[bank]}不是表格文件，无法逐条清点。")


def _risks(context: Context, groups: list[str]) -> list[Risk]:
    return [r for r in context.pack.risks if r.group in groups]


def per_risk(context: Context, say: Say) -> Iterator[Finding]:
    """Each risk of `groups` has at least `min` rows in `bank` (`min = 1`: is there at all)."""
    bank, least = say.params["bank"], int(say.params["min"])
    banks = context.extraction.bank(bank)
    if not banks:
        yield say.unclear(f"没有可清点的{BANK_NAMES[bank]}。")
        return
    counted = Counter(row.risk for b in banks for row in b.rows)
    unmapped = sum(sum(b.unmapped.values()) for b in banks)
    rows = rows_of(context, bank)
    if unmapped > rows * 0.5:
        own = "、".join(list(dict.fromkeys(n for b in banks for n in b.unmapped))[:6])
        if say.params.get("maps"):
            yield say.wrong(
                f"{BANK_NAMES[bank]}使用自有分类（{own}），无法对应到规定的风险类别。",
                sheet_evidence(banks),
                defect=say.code("map"),
            )
        else:
            yield say.unclear(
                f"{BANK_NAMES[bank]}使用自有分类（{own}），未能对应到规定的风险类别。", sheet_evidence(banks)
            )
        return
    risks = _risks(context, say.params["groups"])
    none = [r for r in risks if counted[r.id] == 0]
    few = [r for r in risks if 0 < counted[r.id] < least]
    if least > 1 and say.params.get("presence_elsewhere"):
        none = []
    for risk in few:
        yield say.wrong(
            f"{BANK_NAMES[bank]}中“{risk.name}”实有{counted[risk.id]}{UNITS[bank]}，少于{least}{UNITS[bank]}{_stated(context, bank, risk)}。",
            [*_category(banks, risk), *_stated_places(context, bank, risk)],
        )
    if none:
        names = "、".join(f"“{r.name}”" for r in none)
        yield say.missing(
            f"{BANK_NAMES[bank]}缺少{names}{'等类别' if len(none) > 3 else '类别'}。",
            [absent(b.file) for b in banks][:2], defect=say.code("none"),
        )  # fmt: skip
    if not few and not none:
        yield say.fine(f"{BANK_NAMES[bank]}覆盖{len(risks)}类，每类不少于{least}{UNITS[bank]}。", sheet_evidence(banks))


def _category(banks: tuple[Bank, ...], risk: Risk) -> list[Evidence]:
    """The category cell of the first row of a risk: shows where, prints no entry."""
    for bank in banks:
        for row in bank.rows:
            if row.risk == risk.id:
                for key in ("class2", "class1"):
                    text = row.cells.get(key, "")
                    if text:
                        cell = f"{column_letters(bank.columns[key] + 1)}{row.number}" if key in bank.columns else None
                        return [Evidence(file=bank.file, sheet=bank.sheet, row=row.number, cell=cell, quote=text)]
                return [Evidence(file=bank.file, sheet=bank.sheet, row=row.number, quote="")]
    return []


def _stated_facts(context: Context, bank: str, risk: Risk) -> list[Fact]:
    name = f"keywords.{risk.id}" if bank == "keywords" else f"questions.{bank}.{risk.id}"
    return [f for f in context.extraction.named(name) if not f.counted]


def _stated(context: Context, bank: str, risk: Risk) -> str:
    facts = _stated_facts(context, bank, risk)
    return f"（报告写为{value_text(facts[0])}）" if facts else ""


def _stated_places(context: Context, bank: str, risk: Risk) -> list[Evidence]:
    return [f.evidence for f in _stated_facts(context, bank, risk)][:2]


def stated_counts(context: Context, say: Say) -> Iterator[Finding]:
    """What form and report state about a list equals what is counted in it (all rows or distinct ones), in total and per risk."""
    problems = 0
    compared = 0
    for bank in say.params.get("banks", [say.params.get("bank", "keywords")]):
        banks = context.extraction.bank(bank)
        if not banks:
            continue
        counted = Counter(row.risk for b in banks for row in b.rows)
        rows = rows_of(context, bank)
        entries: dict[str | None, set[str]] = defaultdict(set)
        for row in (r for b in banks for r in b.rows):
            entries[row.risk].add(fold(row.entry))
        distinct = len(set().union(*entries.values()))
        pairs = [
            (f, (float(rows), float(distinct)), BANK_NAMES[bank] + "总数")
            for f in context.extraction.named(total_name(bank))
        ]
        for risk in context.pack.risks:
            if counted[risk.id]:
                numbers = (float(counted[risk.id]), float(len(entries[risk.id])))
                pairs += [(f, numbers, f"“{risk.name}”") for f in _stated_facts(context, bank, risk)]
        wrong = [
            (f, n[0], label)
            for f, n, label in pairs
            if not f.counted and not any(_equals(f, each, spare=0.001 * each if each < n[0] else 0.0) for each in n)
        ]
        compared += sum(not f.counted for f, _, _ in pairs)
        if not wrong:
            continue
        problems += 1
        lines = "；".join(f"{label}写为{value_text(f)}，实有{show(n)}" for f, n, label in _unique(wrong)[:5])
        yield say.wrong(
            f"{BANK_NAMES[bank]}的数量与清点结果不一致：{lines}。",
            [*dict.fromkeys(f.evidence for f, _, _ in wrong[:5]), *sheet_evidence(banks)[:1]],
            defect=say.code(bank),
        )
    if not problems and compared:
        yield say.fine("材料写明的数量与逐条清点的结果一致。")


def _unique(wrong: list[tuple[Fact, float, str]]) -> list[tuple[Fact, float, str]]:
    return list({(label, f.value): (f, n, label) for f, n, label in wrong}.values())


def _equals(fact: Fact, counted: float, *, spare: float = 0.0) -> bool:
    """Equal; within `spare` for distinct entries, where ways of counting differ; about equal for 约 and 逾."""
    value = float(fact.value)
    if abs(value - counted) <= spare:
        return True
    return fact.approximate and (value <= counted <= value * 1.1 or abs(value - counted) <= 0.05 * counted)


def coverage(context: Context, say: Say) -> Iterator[Finding]:
    """The documents of `roles` name at least `min` of the 31 risks; `what = "classifier"` looks near the classifier."""
    roles = say.params.get("roles") or list(say.requirement.roles)
    documents = context.reading(*roles)
    if not documents:
        yield say.unclear("没有可核查的文件。")
        return
    risks = [r for r in context.pack.risks if r.group != "topic"]
    need = int(say.params.get("min", len(risks)))
    text = "\n".join(r.key for r in documents)
    if say.params.get("what") == "classifier":
        yield from _classifier(context, say, need)
        return
    named = [r for r in risks if _named(text, r)]
    if len(named) >= need:
        yield say.fine(f"已列出{len(named)}种风险。", [Evidence(file=documents[0].file, state="absent", note="全文")])
        return
    whole = any(t in text for t in (f"{need}种", f"{need}类", f"全部{need}"))
    missing = [r for r in risks if r not in named]
    if len(named) >= need * 0.8 and _enumerated(documents, named):
        yield say.missing(
            f"{say.params.get('label', '安全性标注规则')}逐种列出了{len(named)}种风险，缺少：{'、'.join(r.name for r in missing[:6])}。",
            [absent(d.file) for d in documents[:2]], defect=say.code("few"), confidence=0.8,
        )  # fmt: skip
        return
    if len(named) >= need * 0.8 or (whole and len(named) >= need * 0.3):
        yield say.unclear(f"列出了{len(named)}种风险，未找到：{'、'.join(r.name for r in missing[:6])}，需要人工核对。")
        return
    groups = {r.group for r in named}
    partial = "、".join(sorted(groups)) if named else ""
    yield say.missing(
        f"{say.params.get('label', '安全性标注规则')}只涉及{len(named)}种风险{f'（{partial}类）' if partial else ''}，未覆盖全部{need}种。",
        [absent(d.file) for d in documents[:2]], defect=say.code("few" if named else "none"),
    )  # fmt: skip


def _enumerated(documents: Sequence[Reading], named: Sequence[Risk]) -> bool:
    """Whether one table lists the risks row by row, so that one that is not in it was left out."""
    for table in (t for d in documents for t in d.document.tables):
        cells = [fold(" ".join(row[:3])) for row in table.rows]
        listed = sum(1 for r in named if any(_named(c, r) for c in cells))
        if len(table.rows) >= len(named) - 1 and listed == len(named):
            return True
    return False


def _named(text: str, risk: Risk) -> bool:
    code = risk.id.lower()
    names = (risk.name, *risk.synonyms)
    return any(fold(n) in text for n in names if len(n) >= 3) or f"{code[0]}.{code[1]}.{code[3]}" in text


def _classifier(context: Context, say: Say, need: int) -> Iterator[Finding]:
    pattern = f"re:(?:覆盖|对应|支持|识别|区分|包含|涵盖)[^.;\\n]{{0,20}}{need}(?:种|类|项|个)"
    covers = [evidence(h) for r in context.reading("report", "form", "evidence") for h in r.find(pattern)]
    few = (
        "re:(?:能够?|可|支持|用于|具备)?(?:识别|检测|覆盖|区分|过滤|判断|分为)[^.;\\n]{2,40}?"
        "(?:等)?(?:[二两三四五六七八九十]|[2-9]|1[0-9]|2[0-9])(?:个)?(?:大)?(?:类|种)(?:内容|风险|别|违规|信息|(?=[,.;]|$))"
    )
    narrow = [
        h for r in context.reading("report", "form") for h in r.find(few)
        if any(w in h.passage.key for w in ("分类模型", "分类器", "审核接口", "检测模型", "审核模型", "内容审核"))
        and not any(w in h.passage.key[h.start : h.end] for w in ("a.1", "a.2", "a1", "a2", "17种", "17类", "关键词", "题库"))
    ]  # fmt: skip
    if narrow:
        yield say.wrong(
            f"分类模型只识别少数几类内容，未覆盖全部{need}种风险。", [evidence(h) for h in narrow[:2]], confidence=0.8
        )
    elif covers:
        yield say.fine(f"材料写明分类模型覆盖{need}种风险。", covers[:2])
    else:
        yield say.unclear(f"没有找到分类模型覆盖{need}种风险的说明，需要人工核对。")
