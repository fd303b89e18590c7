"""Lines of any official text into a LawText: what kind it is, its title, number, dates and units."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from assist_review.errors import RegulationError
from assist_review.law import standard, statute
from assist_review.law.dates import events, version
from assist_review.law.text import LawText, Line

_TITLE = re.compile(
    r"^(?:中华人民共和国)?[\u4e00-\u9fff《》〈〉（）()、，—\-·0-9 　]{2,60}"
    r"(?:法|条例|办法|规定|细则|决定|解释|规则|规程|规范|标准|通则|指南|指引|要求|方法|方案|意见|通知|公告|安排|批复|纲要|制度|章程)(?:[（(][^（）()]{1,12}[）)])?$"
)
_NUMBER = re.compile(
    r"(?:GB(?:/[TZ])?|YD/T|T/[A-Z]{2,10}|TC260-PG)[\s-]?\d[\w.]*[—–-]\d{4}|TC260-[\w-]+|令\s*第\s*[0-9〇零一二三四五六七八九十百千]+\s*号|〔20\d{2}〕\s*\d+\s*号"
)
_NOISE = re.compile(
    r"^(?:-{3,}|[—–-]\s*\d+\s*[—–-]|第?\s*\d+\s*页(?:\s*共\s*\d+\s*页)?|<!--.*-->|sidebar:.*|\[toc\])$", re.I
)
_BOLD = re.compile(r"^\*\*(.+?)\*\*\s*(.*)$", re.S)
_NAME_DAY = re.compile(r"[(（](\d{4})-(\d{2})-(\d{2})[)）]")


def parse(lines: Iterable[Line], *, name: str = "") -> LawText:
    """The text taken apart. `name` is the file's name, whose date in brackets is a hint. Raises RegulationError where it is no law."""
    clean = tuple(line for raw in lines if (line := _stripped(raw)) is not None)
    articles = sum(statute.is_article(line) for line in clean)
    clauses = sum(standard.is_clause(line) for line in clean)
    kind = "statute" if articles >= 2 and articles * 3 >= clauses else "standard"
    if articles < 2 and clauses < 3:
        raise RegulationError(f"“{name}”不像法规或标准的文本：只找到{articles}个“第…条”、{clauses}个编号条款")
    taken = statute.take(clean) if kind == "statute" else standard.take(clean)
    if len([u for u in taken.units if u.parent is None]) < 2:
        raise RegulationError(f"“{name}”没有读出条款，不像法规或标准的文本")
    steps = events(taken.preface)
    promulgated, effective, stated = version(steps, taken.closing, _day(name))
    return LawText(
        kind="statute" if kind == "statute" else "standard",
        title=_title(taken.preface), number=_number(taken.preface), events=steps, promulgated=promulgated, effective=effective,
        effective_stated=stated, units=tuple(taken.units), problems=tuple(taken.problems), left_out=tuple(taken.left_out),
    )  # fmt: skip


def _stripped(line: Line) -> Line | None:
    text = line.text.strip(" \t　\xa0")
    bold = line.bold
    marked = _BOLD.match(text)
    if marked:
        text, bold = f"{marked[1]}　{marked[2].lstrip(' 　')}".rstrip("　"), True
    if not text or _NOISE.match(text):
        return None
    return line.model_copy(update={"text": text, "bold": bold})


def _title(preface: Sequence[str]) -> str:
    """The first line that reads like the name of a law or standard; "" where the text begins with its first chapter."""
    for line in preface[:40]:
        bare = re.sub(r"[\s　]+", " ", line).strip()
        if _TITLE.match(bare) and not re.match(r"^(?:根据|关于修改|国家标准|中华人民共和国国家标准$)", bare):
            return bare
    return ""


def _number(preface: Sequence[str]) -> str:
    for line in preface[:40]:
        found = _NUMBER.search(line)
        if found:
            return re.sub(r"\s+", " ", found[0])
    return ""


def _day(name: str) -> date | None:
    found = _NAME_DAY.search(name)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
