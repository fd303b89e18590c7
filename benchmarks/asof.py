"""As-of test: from a folder of dated versions of laws, "article N of law L on day D" against the product's answer.

    python benchmarks/asof.py FOLDER [--show 10]

A file is named `<law>(<YYYY-MM-DD>).md`, the day that of its publication or amendment. The questions are made
here without the product's parser: a version takes effect on the day its own text names, where that is not
before the day of the file, else on the day of the file. For each version a day in its interval (its first day,
its middle, its last) and each article number of any version are asked; the answer is right when the folded text
of the article is the one of that version, or when there is none and that version has no such article.
Days before the first version are asked too: nothing may be answered.
"""

import argparse
import re
import sys
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from assist_review.law.source import sources
from assist_review.law.versions import Timeline
from assist_review.text import fold

_HEAD = re.compile(
    r"^\s*(?:#+\s*)?(?:\*\*)?第([〇零一二三四五六七八九十百千]+)条((?:之[一二三四五六七八九十]+)?)(?:\*\*)?[\s　]+(.*)$"
)
_FILE = re.compile(r"^(.*)\((\d{4}-\d{2}-\d{2})\)\.\w+$")
_PART = re.compile(r"^\s*#+\s|^\s*附(?:件|表|录)?\s*[:：]?\s*$|^\s*附(?:件|表|录)?\s*[:：]")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_UNITS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


def number(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def articles(text: str) -> dict[str, str]:
    """Article number to text, read line by line."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    last = ""
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head:
            n = str(number(head[1])) + (f"-{number(head[2][1:])}" if head[2] else "")
            next_one = n.isdigit() and last.isdigit() and int(n) == int(last) + 1
            if n not in found and (next_one or not re.match(r"规定|第.{1,4}[款项]", head[3])):
                current = found[n] = [head[3]]
                last = n
                continue
        if _PART.match(line):
            current = None
        elif current is not None and line.strip():
            current.append(line)
    return {n: fold("".join(lines)) for n, lines in found.items()}


def start(text: str, published: date) -> date:
    """The day a version takes effect."""
    body = [line for line in text.splitlines() if line.strip()]
    days = []
    for line in body:
        if re.search(r"自\s*\d{4}年\d{1,2}月\d{1,2}日\s*起?(?:施行|实施)", line) and re.match(r"^\s*(?:\*\*)?第", line):
            days += [date(*map(int, m.groups())) for m in _DAY.finditer(line[: line.find("施行") + 1 or None])]
        if re.match(r"^\d{4}年\d{1,2}月\d{1,2}日\s*(?:施行|实施)\s*$", line.strip()):
            days += [date(*map(int, m.groups())) for m in _DAY.finditer(line)]
    later = [d for d in days if d >= published]
    return min(later) if later else published


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=10, help="wrong answers to show")
    wish = parser.parse_args()
    began = time.time()
    laws: dict[str, list[tuple[date, dict[str, str]]]] = defaultdict(list)
    for path in sorted(wish.folder.iterdir()):
        named = _FILE.match(path.name)
        if named:
            text = path.read_text(encoding="utf-8")
            laws[named[1]].append((start(text, date.fromisoformat(named[2])), articles(text)))
    timeline = Timeline((s.file, s.law) for s in sources(wish.folder) if s.law)
    asked = right = shown = 0
    for law, versions in laws.items():
        versions.sort(key=lambda v: v[0])
        everything = {n for _, v in versions for n in v}
        spans = [(None, versions[0][0] - timedelta(days=1), {})]
        for i, (first, texts) in enumerate(versions):
            end = versions[i + 1][0] - timedelta(days=1) if i + 1 < len(versions) else first + timedelta(days=730)
            spans.append((first, end, texts))
        for first, end, texts in spans:
            days = {end} if first is None else {first, first + (end - first) // 2, end}
            for day in sorted(days):
                for n in sorted(everything):
                    asked += 1
                    unit = timeline.article(law, n, day)
                    answer = fold(unit.text) if unit else None
                    if answer == texts.get(n):
                        right += 1
                    elif shown < wish.show:
                        shown += 1
                        print(
                            f"wrong: {law} {n} on {day}\n  want {str(texts.get(n))[:160]}\n  got  {str(answer)[:160]}"
                        )
                        if answer and texts.get(n):
                            print(f"  want end {texts[n][-80:]}\n  got end  {answer[-80:]}")
    print(
        f"{len(laws)} laws, {sum(map(len, laws.values()))} versions: {right}/{asked} right, {time.time() - began:.1f} s"
    )
    return 0 if right == asked else 1


if __name__ == "__main__":
    sys.exit(main())
