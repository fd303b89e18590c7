"""How much training data there is, in each unit, and how it divides over its sources."""

import re
from collections.abc import Iterator

from assist_review.extract.lines import Line
from assist_review.numbers import Number, find_numbers
from assist_review.review import Fact

_TB = {"TB": 1.0, "PB": 1024.0, "GB": 1 / 1024, "MB": 1 / 1024**2}
_ITEMS = frozenset({"条", "对", "张", "篇", "段"})
_TOTAL = re.compile(
    r"(?:(?:训练|微调|预训练|优化训练)(?:用)?(?:的)?(?:语料|数据)(?:集)?|语料(?:库)?|(?:清洗|过滤|处理)后的?)"
    r"(?:的)?(?:总量|总规模|规模|存储规模|存储量|总数|数量|总计|共计?|合计|约|为|达到?|总体|量|:|,)*$"
)
_LABEL = re.compile(r"^(?:训练|微调|预训练)?(?:语料|数据)(?:总)?(?:规模|总量|数量)?$")
_MORE = re.compile(
    r"^(?:[^,]{0,3}(?:合计|总计|共计?|存储(?:规模|容量|量)?|折合|即|约|经分词(?:后)?|分词后|体量|总量|为|达|文档|其|数量|大小))*约?(?:为|共)?$"
)
_SOURCES = {
    "open": r"开源(?:数据集?|语料|部分|来源)?",
    "collected": r"(?:自采|自行采集|自主采集|自建|自有)(?:数据|语料|部分|来源)?",
    "bought": r"(?:商业|采购|购买|商采|外购)(?:数据|语料|部分|来源)?", "user": r"使用者输入|用户输入",
    "foreign": r"境外(?:来源|数据|语料)?",
}  # fmt: skip
_SOURCE = re.compile(
    "|".join(
        f"(?P<{n}>{p})(?:共计?|合计|约|为|占|数量|规模|:|各|[一二两三四五六七八九十\\d]+(?:个|家|项|类|套)(?:来源|数据集|数据)?,?)*$"
        for n, p in _SOURCES.items()
    )
)
_LIST = re.compile("|".join(f"(?P<{n}>{p})" for n, p in _SOURCES.items()))
_ABOUT_SOURCES = re.compile(r"来源|语料|训练数据")


def corpus_facts(line: Line) -> Iterator[Fact]:
    """Totals and shares of sources stated in one line of a form or report."""
    if line.document.role not in ("form", "report"):
        return
    if re.search(r"标注|抽检|核验|过滤|知识产权|个人信息|依据", line.heading + line.label):
        return
    yield from _totals(line)
    if _ABOUT_SOURCES.search(line.label or line.heading + line.key):
        yield from _sources(line)


def total_facts(line: Line, number: Number, start: int) -> Iterator[Fact]:
    """One total under its general name (any unit) and the name of its unit."""
    name = None
    value, about = number.value, number.approximate
    if number.unit in _TB:
        value, about, name = round(value * _TB[number.unit], 6), about or number.unit != "TB", "corpus.storage_tb"
    elif number.unit in _ITEMS:
        name = "corpus.items"
    elif number.unit == "tokens":
        name = "corpus.tokens"
    if name:
        unit = "TB" if name == "corpus.storage_tb" else number.unit
        for each in ("corpus.total", name):
            yield line.fact(each, value, start, number.end, unit=unit, approximate=about)


def _totals(line: Line) -> Iterator[Fact]:
    for start, end in line.sentences:
        numbers = [n for n in find_numbers(line.key) if start <= n.start < end]
        first = next((i for i, n in enumerate(numbers) if _begins(line, n, start)), None)
        if first is None:
            continue
        seen = {numbers[first].unit}
        yield from total_facts(line, numbers[first], _clause(line, start, numbers[first].start))
        at = numbers[first].end
        for number in numbers[first + 1 :]:
            gap = re.sub(r"\([^()]*\)", "", line.key[at : number.start])
            if "(" in gap and ")" not in gap:
                continue  # a breakdown in brackets
            gap = gap.split(")")[-1]
            if number.unit in seen or number.limit or not _joins(gap):
                break
            seen.add(number.unit)
            yield from total_facts(line, number, number.start)
            at = number.end


def _clause(line: Line, start: int, at: int) -> int:
    """Where the clause with position `at` begins, at most 20 characters before it."""
    begin = max(start, at - 20)
    return begin + len(line.key[begin:at]) - len(line.key[begin:at].rsplit(",", 1)[-1])


def _begins(line: Line, number: Number, start: int) -> bool:
    if number.limit or number.high is not None or number.unit not in {*_TB, *_ITEMS, "tokens"}:
        return False
    before = line.key[max(start, number.start - 24) : number.start]
    if (
        line.label
        and _LABEL.match(line.label)
        and re.fullmatch(
            re.escape(line.label) + r":(?:预训练|微调|训练|语料|数据|存储|规模|容量|约|共|为|计|合计|总计|总量|,)*",
            before,
        )
    ):
        return True
    if re.search(r"原始|剔除|去重|标注|其中|来自|从$|从[^,]*$|知识库|境外|开源|自采|商业|阶段", before):
        return False
    return bool(_TOTAL.search(before)) and (
        "规模" in line.heading or "规模" in before or bool(re.search(r"共|总|约|合计", before))
    )


def _joins(gap: str) -> bool:
    """Whether the words between two totals carry on the same statement ("，合计", "文档，经分词约")."""
    clauses = gap.split(",")
    return len(clauses) == 2 and len(clauses[0]) <= 6 and bool(_MORE.match(clauses[1])) and len(clauses[1]) <= 10


def _sources(line: Line) -> Iterator[Fact]:
    for start, end in line.sentences:
        numbers = [n for n in find_numbers(line.key) if start <= n.start < end and not n.limit and n.high is None]
        for number in numbers:
            if number.unit not in {*_TB, *_ITEMS, "tokens", "%"}:
                continue
            before = line.key[max(start, number.start - 16) : number.start]
            match = _SOURCE.search(before)
            if match and match.lastgroup:
                value, unit, about = number.value, number.unit, number.approximate
                if unit in _TB:
                    value, unit, about = round(value * _TB[unit], 6), "TB", about or unit != "TB"
                yield line.fact(
                    f"corpus.source.{match.lastgroup}", value, number.start - len(match[0]), number.end, unit=unit,
                    approximate=about,
                )  # fmt: skip
        yield from _listed(line, start, end, numbers)


def _listed(line: Line, start: int, end: int, numbers: list[Number]) -> Iterator[Fact]:
    """Shares told as a list: 分为开源、自采、商业三类，数量分别为630万条、166万条、464万条."""
    at = line.key.find("分别为", start, end)
    if at < 0:
        return
    plain = re.sub(r"\([^()]*\)", "", line.key[start:at])
    names = [str(m.lastgroup) for m in _LIST.finditer(plain)]
    row = [n for n in numbers if n.start >= at + 3][: len(names)]
    if len(names) > 1 and len(set(names)) == len(names) == len(row) and len({n.unit for n in row}) == 1:
        for name, number in zip(names, row, strict=True):
            value, unit = number.value, number.unit
            if unit in _TB:
                value, unit = round(value * _TB[unit], 6), "TB"
            yield line.fact(f"corpus.source.{name}", value, number.start, number.end, unit=unit)
