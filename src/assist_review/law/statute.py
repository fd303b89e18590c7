"""Takes a statute apart: 编, 章, 节 as the path of each article; articles, paragraphs, items and sub-items as units."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assist_review.law.text import Line, Unit, chinese
from assist_review.numbers import chinese_value

_NUM = r"[0-9〇零一二三四五六七八九十百千两]"
_ARTICLE = re.compile(
    rf"^第\s*({_NUM}(?:[\s　]*{_NUM})*)[\s　]*条(?:之([一二三四五六七八九十]+))?(?P<gap>[\s　：:]*)(?P<rest>.*)$", re.S
)
_PART = re.compile(rf"^第\s*({_NUM}+)\s*(编|分编|章|节)(?:[\s　]+(.*))?$")
_BARE_PART = re.compile(rf"^第{_NUM}+(分编|编|章|节)[^。；，：]{{1,24}}$")
_CROSS = re.compile(r"^(?:规定|第|的|、|和|至|或|所|以及|，|,|中|及|之规定|与)")
# In files that lose white space, what follows a reference and never begins the text of the next article.
_REFERENCE = re.compile(
    r"^(?:规定|第.{1,4}[款项]|的|、|(?:和|至|或者?|以及|及|与)(?:本法|本条例|本办法|本规定)?第|，|,|。|；|之规定|中的)"
)
_ANNEX = re.compile(r"^附(?:件|表|录|图)?\s*(?:[0-9一二三四五六七八九十]*)\s*(?:[：:]|$|[\s　]+\S)")
_ITEM = re.compile(r"^[（(]([一二三四五六七八九十百]+)[）)]")
_SUB = re.compile(r"^(?:(\d{1,2})[.．、]|[（(](\d{1,2})[）)])(?=\D)")
_RUN = re.compile(r"(?<=[：:；;。，,])[\s　]*[（(]([一二三四五六七八九十]+)[）)]")
_TAKES_EFFECT = re.compile(
    r"本[^。]{1,12}自[^。]{2,30}(?:施行|实施|生效)|自(?:公布|发布|印发|颁布)之日起?(?:施行|实施|生效)"
)
_BELOW = re.compile(r"^(?:来源|责任编辑|编辑|打印|关闭|版权|上一篇|下一篇|相关|分享|主办|联系|网站)")
_RANK = {"编": 0, "分编": 1, "章": 2, "节": 3}
_END = "。；：！？;:!?”）)"


@dataclass
class _Article:
    number: str
    label: str
    path: tuple[str, ...]
    lines: list[str] = field(default_factory=list)


@dataclass
class Taken:
    """What was taken from the lines of a statute, and what was not."""

    units: list[Unit]
    preface: list[str]
    closing: list[str]
    problems: list[str]
    left_out: list[str]


def is_article(line: Line) -> bool:
    """Whether a line begins like an article: 第七条 and white space, bold, a heading, or words that are no reference."""
    match = _ARTICLE.match(line.text)
    if match is None:
        return False
    return bool(match["gap"] or line.bold or line.heading or not match["rest"] or not _REFERENCE.match(match["rest"]))


def take(lines: Sequence[Line]) -> Taken:
    """The units of a statute. Headings of a table of contents lead to no article and so leave no trace."""
    articles: list[_Article] = []
    annexes: list[_Article] = []
    taken = Taken([], [], [], [], [])
    path: dict[int, str] = {}
    last = 0
    above: int | None = None
    for line in lines:
        text = line.text
        match = _ARTICLE.match(text)
        value = _value(match[1]) if match else None
        if (
            match
            and value is not None
            and not annexes
            and _begins(line, match, value, last, bool(match[2]), bool(articles))
        ):
            number = f"{value}-{_value(match[2])}" if match[2] else str(value)
            label = re.sub(r"[\s　]", "", text[: match.end("rest") - len(match["rest"])].rstrip("：: 　"))
            articles.append(
                _Article(number, label, tuple(path[k] for k in sorted(path)), [match["rest"]] if match["rest"] else [])
            )
            if not match[2]:
                last = value
            above = None
            continue
        part = _PART.match(text) or (_BARE_PART.match(text) if line.heading or line.bold else None)
        if part and not annexes and len(text) <= 60 and not text.endswith(("。", "；")):
            kind = part[2] if part.re is _PART else part[1]
            rank = _RANK[kind]
            path = {k: v for k, v in path.items() if k < rank} | {rank: re.sub(r"[\s　]+", " ", text)}
            above = rank
            continue
        if (
            above is not None
            and articles
            and len(text) <= 40
            and not text.endswith(tuple(_END))
            and not _annex(line, articles[-1])
        ):
            path[above] += text  # a heading over two lines
            continue
        above = None
        if articles and _annex(line, articles[-1]):
            annexes.append(
                _Article(f"annex{len(annexes) + 1}", "附件" if not annexes else f"附件{len(annexes) + 1}", (), [text])
            )
        elif annexes:
            annexes[-1].lines.append(text)
        elif not articles:
            taken.preface.append(text)
        elif _over(articles[-1]) and not _goes_on(text):
            taken.left_out.append(text)
        else:
            articles[-1].lines.append(text)
    taken.problems += _numbering(articles)
    for article in articles:
        taken.units += _units(article)
    taken.units += [Unit(number=a.number, label=a.label, text="\n".join(a.lines)) for a in annexes]
    taken.closing = ["\n".join(a.lines) for a in articles[-2:]]
    return taken


def _value(text: str) -> int | None:
    bare = re.sub(r"[\s　]", "", text)
    value = int(bare) if bare.isdigit() else chinese_value(bare)
    return int(value) if value is not None else None


def _begins(line: Line, match: re.Match[str], value: int, last: int, inserted: bool, begun: bool) -> bool:
    """Whether the line begins an article rather than going on with a reference to one."""
    if line.bold or line.heading or (match["gap"] and value == last + 1):
        return True
    if not match["gap"] and (not begun or value == last + 1):
        return not _REFERENCE.match(match["rest"])
    if _CROSS.match(match["rest"]):
        return False
    if value == last + 1 or (inserted and value == last):
        return True
    return bool(match["gap"]) and (not begun or value != last or not match["rest"])


def _annex(line: Line, article: _Article) -> bool:
    if not _ANNEX.match(line.text) or len(line.text) > 60 or re.match(r"^附[\s　]*则", line.text):
        return False
    return line.heading or _over(article)


def _over(article: _Article) -> bool:
    """Whether an article says when the text takes effect, as the last one does."""
    return _TAKES_EFFECT.search("".join(article.lines)) is not None


def _goes_on(text: str) -> bool:
    """Whether a line after the last article is a further paragraph of it, and not what a web page puts below."""
    return text.endswith(("。", "；", "：")) and len(text) >= 10 and not _BELOW.match(text)


def _numbering(articles: Sequence[_Article]) -> Iterator[str]:
    """Doubled, missing and disordered numbers."""
    seen: set[str] = set()
    previous: int | None = None
    for article in articles:
        if article.number in seen:
            yield f"条号重复：{article.label}"
        seen.add(article.number)
        if "-" in article.number:
            continue
        value = int(article.number)
        if previous is not None and value > previous + 1:
            gap = f"第{chinese(previous + 1)}条" + (f"至第{chinese(value - 1)}条" if value - 1 > previous + 1 else "")
            yield f"缺少条号：{gap}"
        elif previous is not None and value < previous:
            yield f"条号顺序不对：{article.label}在第{chinese(previous)}条之后"
        previous = max(value, previous or 0)


@dataclass
class _Paragraph:
    lines: list[str]
    items: list[list[str]]
    marks: list[str]

    @property
    def text(self) -> str:
        return "\n".join([*self.lines, *("\n".join(i) for i in self.items)])


def _units(article: _Article) -> Iterator[Unit]:
    paragraphs = _paragraphs(article.lines)
    yield Unit(
        number=article.number, label=article.label, text="\n".join(p.text for p in paragraphs), path=article.path
    )
    several = len(paragraphs) > 1
    for i, paragraph in enumerate(paragraphs, 1):
        stem = f"{article.number}.p{i}" if several else article.number
        label = f"{article.label}第{chinese(i)}款" if several else article.label
        if several:
            yield Unit(number=stem, label=label, text=paragraph.text, path=article.path, parent=article.number)
        for item, mark in zip(paragraph.items, paragraph.marks, strict=True):
            number = f"{stem}.i{_value(mark)}"
            name = f"{label}第（{mark}）项"
            yield Unit(number=number, label=name, text="\n".join(item), path=article.path, parent=stem)
            for line in item[1:]:
                sub = _SUB.match(line)
                if sub:
                    n = sub[1] or sub[2]
                    yield Unit(
                        number=f"{number}.s{n}", label=f"{name}第{n}目", text=line, path=article.path, parent=number
                    )


def _paragraphs(lines: Sequence[str]) -> list[_Paragraph]:
    """Paragraphs with their items. Lines that were broken in mid-sentence, or run items together, are put right."""
    paragraphs: list[_Paragraph] = []
    for line in _broken(_joined(lines)):
        item = _ITEM.match(line)
        if item and paragraphs and (paragraphs[-1].items or item[1] == "一"):
            paragraphs[-1].items.append([line])
            paragraphs[-1].marks.append(item[1])
        elif _SUB.match(line) and paragraphs and paragraphs[-1].items:
            paragraphs[-1].items[-1].append(line)
        else:
            paragraphs.append(_Paragraph([line], [], []))
    return paragraphs


def _joined(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        whole = not joined or joined[-1][-1:] in _END or _ITEM.match(line) or _SUB.match(line) or line.startswith("|")
        if whole or not (_cut(joined[-1]) or _ARTICLE.match(line)):
            joined.append(line)
        else:
            joined[-1] += line
    return joined


def _cut(line: str) -> bool:
    """Whether a line was cut by a page or a fixed width: it has no closing mark, and is long or ends in a joining word."""
    return line[-1] not in _END and (len(line) >= 15 or line[-1] in "和或及与的、，")


def _broken(lines: Sequence[str]) -> Iterator[str]:
    """Lines, with items that run on inside a paragraph each on a line of its own."""
    for line in lines:
        cuts: list[int] = []
        wanted = 1
        head = _ITEM.match(line)
        if head:
            wanted = (_value(head[1]) or 0) + 1
        for match in _RUN.finditer(line):
            if _value(match[1]) == wanted:
                cuts.append(match.start())
                wanted += 1
        if not cuts or (not head and len(cuts) < 2):
            yield line
            continue
        parts = [line[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)]
        stop = parts[-1].find("。")
        yield from parts[:-1]
        if 0 <= stop < len(parts[-1]) - 1:
            yield parts[-1][: stop + 1]
            yield parts[-1][stop + 1 :]
        else:
            yield parts[-1]
