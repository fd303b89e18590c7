"""The rows of lists: duplicates, near copies, columns."""

import re
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from functools import lru_cache

from assist_review.cells import column_letters
from assist_review.check.context import Context, Say, show
from assist_review.check.rules.counts import BANK_NAMES, UNITS, sheet_evidence
from assist_review.lists import Bank, BankRow
from assist_review.review import Evidence, Finding
from assist_review.text import fold

_PUNCTUATION = re.compile(r"[\W_]+")


def row_evidence(bank: Bank, row: BankRow, key: str, note: str = "") -> Evidence:
    """Evidence for one cell of a row of a bank."""
    return Evidence(
        file=bank.file,
        sheet=bank.sheet,
        row=row.number,
        cell=f"{column_letters(bank.columns[key] + 1)}{row.number}" if key in bank.columns else None,
        quote=row.cells.get(key, ""),
        note=note,
    )


def duplicates(context: Context, say: Say) -> Iterator[Finding]:
    """Distinct entries after folding (width, case, spaces, traditional characters); near copies are told apart."""
    problems = 0
    lines = []
    for kind in say.params.get("banks", ["keywords"]):
        banks = context.extraction.bank(kind)
        if not banks:
            continue
        rows = [(b, r) for b in banks for r in b.rows]
        keys = Counter(_distinct_key(r.entry) for _, r in rows)
        doubled = len(rows) - len(keys)
        lines.append(f"{BANK_NAMES[kind]}共{show(len(rows))}{UNITS[kind]}，去重后{show(len(keys))}{UNITS[kind]}")
        least = say.params.get("min", {}).get(kind)
        share = doubled / len(rows) if rows else 0
        short = least is not None and len(keys) < least <= len(rows)
        if short or share > float(
            say.params.get("max_share" if least is None or len(keys) < least else "max_share_enough", 0.3)
        ):
            problems += 1
            shown = [row_evidence(b, r, "entry") for b, r in rows if keys[_distinct_key(r.entry)] > 1][:4]
            floor = f"，少于{show(least)}{UNITS[kind]}" if short else ""
            yield say.wrong(
                f"{BANK_NAMES[kind]}共{show(len(rows))}{UNITS[kind]}，全半角、大小写、空格、繁简归一后只有{show(len(keys))}{UNITS[kind]}，"
                f"重复{show(doubled)}{UNITS[kind]}{floor}。",
                shown, defect=say.code(kind), severity="fatal" if short else None,
            )  # fmt: skip
        padded = _padding(rows) if kind == "keywords" else _near_copies(rows)
        if padded:
            problems += 1
            yield say.wrong(
                f"{BANK_NAMES[kind]}中约{padded[0]:.0%}为{padded[1]}，不宜单独计数。",
                sheet_evidence(banks)[:1], defect=say.code(f"{kind}_near"), confidence=0.75,
            )  # fmt: skip
    if say.params.get("shared"):
        problems += yield from _shared(context, say)
    if lines and not problems:
        yield say.fine("；".join(lines) + "。")


_simplify = None


@lru_cache(maxsize=65536)
def _distinct_key(text: str) -> str:
    return _simplified(fold(text))


def _simplified(text: str) -> str:
    global _simplify  # noqa: PLW0603 - the converter's tables take 0.1 s to load, once
    if text.isascii():
        return text
    if _simplify is None:
        from opencc import OpenCC

        table = OpenCC("t2s")
        cache: dict[str, str] = {}

        def convert(value: str) -> str:
            for char in value:
                if char not in cache:
                    cache[char] = table.convert(char)
            return "".join(cache[c] for c in value)

        _simplify = convert
    return _simplify(text)


def _padding(rows: list[tuple[Bank, BankRow]]) -> tuple[float, str] | None:
    """Machine-made variants: entries equal once all punctuation is gone."""
    bare = Counter(_PUNCTUATION.sub("", _distinct_key(r.entry)) for _, r in rows)
    distinct = len({_distinct_key(r.entry) for _, r in rows})
    share = 1 - len(bare) / distinct if distinct else 0
    return (share, "只在标点、间隔符上不同的机器变体") if share > 0.3 else None


_ALIKE = 0.55  # of the character pairs: one short run changed in a sentence of some twenty characters
_FAMILY = 20  # questions of one frame in one category that are no accident


def _near_copies(rows: list[tuple[Bank, BankRow]]) -> tuple[float, str] | None:
    """Questions of one category equal but for one short run (a city, a name), in large families only."""
    by_risk: dict[str, list[frozenset[str]]] = defaultdict(list)
    for _, row in rows:
        text = _distinct_key(row.entry)
        if len(text) >= 8:
            by_risk[row.risk or ""].append(frozenset(text[i : i + 2] for i in range(len(text) - 1)))
    copies = sum(n for each in by_risk.values() for n in _families(each[:_COMPARED]) if n >= _FAMILY)
    share = copies / len(rows) if rows else 0.0
    return (share, f"只替换个别词语的近似题（{show(copies)}题）") if copies else None


_COMPARED = 600  # questions of one category that are compared pair by pair


def _families(questions: list[frozenset[str]]) -> list[int]:
    """Sizes of the groups of questions that are alike, each to the first of its group."""
    leaders: list[tuple[frozenset[str], int]] = []
    for pairs in questions:
        for i, (leader, n) in enumerate(leaders):
            if len(pairs & leader) >= _ALIKE * len(pairs | leader):
                leaders[i] = (leader, n + 1)
                break
        else:
            leaders.append((pairs, 1))
    return [n for _, n in leaders]


def _shared(context: Context, say: Say) -> Generator[Finding, None, int]:
    """Questions in both the should-refuse and the non-refusal bank."""
    refuse = {_distinct_key(r.entry) for b in context.extraction.bank("refuse") for r in b.rows}
    both = [(b, r) for b in context.extraction.bank("answer") for r in b.rows if _distinct_key(r.entry) in refuse]
    if both:
        yield say.wrong(
            f"应拒答题库与非拒答题库有{len(both)}道相同的题。",
            [row_evidence(b, r, "entry") for b, r in both[:5]],
            defect="F06",
        )
    return len(both)


def columns(context: Context, say: Say) -> Iterator[Finding]:
    """Entries carry first- and second-level categories that map to the risks; blanks and own classes are said."""
    problems = 0
    for kind in say.params.get("banks", ["keywords"]):
        banks = context.extraction.bank(kind)
        rows = sum(len(b.rows) for b in banks)
        if not rows:
            continue
        if not any({"class1", "class2"} & set(b.columns) for b in banks) and all(
            r.risk is None for b in banks for r in b.rows
        ):
            problems += 1
            yield say.wrong(f"{BANK_NAMES[kind]}没有分类列，无法对应规定的风险类别。", sheet_evidence(banks)[:2])
            continue
        blank = sum(
            not (r.cells.get("class2") or r.cells.get("class1")) and r.risk is None for b in banks for r in b.rows
        )
        own = Counter[str]()
        for bank in banks:
            own.update(bank.unmapped)
        lost = sum(own.values())
        if blank > rows * 0.01 and blank > 5:
            problems += 1
            yield say.wrong(f"{BANK_NAMES[kind]}有{show(blank)}{UNITS[kind]}没有分类。", sheet_evidence(banks)[:1])
        if lost > rows * 0.2:
            problems += 1
            names = "、".join(f"“{n}”" for n, _ in own.most_common(6))
            yield say.wrong(
                f"{BANK_NAMES[kind]}的分类{names}等不能对应到规定的风险类别（{show(lost)}{UNITS[kind]}）。",
                sheet_evidence(banks)[:1],
            )
        elif lost:
            names = "、".join(f"“{n}”{c}{UNITS[kind]}" for n, c in own.most_common(6))
            problems += 1
            yield say.unclear(
                f"{BANK_NAMES[kind]}中{names}未能对应到规定的风险类别，需要人工归类。", sheet_evidence(banks)[:1]
            )
    if not problems and context.extraction.banks:
        yield say.fine("各条目均有分类，并能对应到规定的风险类别。")
