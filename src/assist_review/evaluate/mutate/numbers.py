"""Operators that change what documents say in numbers: totals that must agree, samples, rates and pass lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from assist_review.evaluate.mutate.edits import Swap, address, shuffled, swap_change
from assist_review.evaluate.mutate.planted import Change, Format, Operator, Propose
from assist_review.evaluate.mutate.survey import Passage, Survey

NUMERAL = r"(?<![\d.,A-Za-z])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.,]*\d)"
_TIMES = {"": 1.0, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_WRITTEN = ("form", "report", "annotation_rules", "agreement", "privacy", "other")


@dataclass(frozen=True)
class Mention:
    """A number in a passage: the span of its digits, its value in base units, its unit."""

    passage: Passage
    start: int
    end: int
    value: float
    unit: str

    @property
    def digits(self) -> str:
        """The number as written, without its unit."""
        return self.passage.text[self.start : self.end]


def mentions(passages: Iterable[Passage], subject: str, units: str) -> Iterator[Mention]:
    """Numbers with one of `units` right behind words that match `subject`, in the passage or in the cell left of it."""
    number = rf"(?P<n>{NUMERAL})\s*(?P<times>万亿|千万|百万|亿|万|千)?\s*(?P<unit>{units})"
    skipped = rf"{NUMERAL}\s*(?:亿|万|千)?\s*(?:{units})[，,、；/]\s*"  # "4.10 TB，1,260万条"
    patterns = [re.compile(rf"(?:{subject})[：:（(\s]*{more}{number}") for more in ("", skipped)]
    for passage in passages:
        before = f"{passage.label}：" if passage.label and len(passage.label) < 24 else ""
        for match in (m for p in patterns for m in p.finditer(before + passage.text)):
            start, end = match.start("n") - len(before), match.end("n") - len(before)
            if start >= 0 and not _LIMIT.search(match[0][: match.start("n") - match.start()]):
                yield Mention(passage, start, end, value_of(match["n"]) * _TIMES[match["times"] or ""], match["unit"])


_LIMIT = re.compile(r"[≥≤>]|不少于|不低于|不高于|不超过|至少|不得|低于|高于|少于|超过|要求|下限|以上")


def value_of(digits: str) -> float:
    """The value of digits with thousands separators."""
    return float(digits.replace(",", ""))


def like(value: float, model: str) -> str:
    """`value` written as `model` is: the same decimals, separators where it has them."""
    decimals = len(model.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in model else f"{value:.{decimals}f}"


def altered(digits: str, rng: Random, most: float | None = None) -> str:
    """Another number that looks alike and is clearly not the same, not above `most`."""
    value = value_of(digits)
    for _ in range(20):
        new = like(value * rng.choice((0.62, 0.7, 0.78, 0.85, 1.2, 1.3, 1.45)), digits)
        if abs(value_of(new) - value) > 0.05 * abs(value) and value_of(new) <= (most or value_of(new)):
            return new
    return like(value + 1, digits)


def _disagreeing(subject: str, units: str, roles: tuple[str, ...] = _WRITTEN, against: str = "") -> Propose:
    """One document says another number than the others; `against` names a kind of list whose count it contradicts."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        groups: dict[tuple[float, str], list[Mention]] = {}
        for mention in mentions(survey.passages(*roles), subject, units):
            groups.setdefault((mention.value, mention.unit), []).append(mention)
        for group in shuffled(groups.values(), rng):
            files = list(dict.fromkeys(m.passage.file for m in group))
            if len(files) < 2 and not (against and survey.bank(against)):
                continue
            for file in shuffled(files, rng):
                here = [m for m in group if m.passage.file == file]
                new = altered(here[0].digits, rng, 100 if here[0].unit in ("%", "％") else None)
                times = value_of(new) / value_of(here[0].digits)
                yield swap_change(
                    [(m.passage, m.start, m.end, like(value_of(m.digits) * times, m.digits)) for m in here],
                    files=tuple(files),
                )

    return propose


def _summary_rate(survey: Survey, rng: Random) -> Iterator[Change]:
    """A rate told in several places of one report is told differently in one of them."""
    rates: dict[tuple[str, str], list[tuple[Passage, int, int]]] = {}
    for passage in survey.passages("report"):
        if passage.kind == "text" and re.search("合格率|通过率|拒答率", passage.text):
            for match in re.finditer(r"(?<![\d.])(\d{2}\.\d{1,2})\s*[%％]", passage.text):
                if not re.search(r"[≥≤于]\s*$|要求|下限", passage.text[max(0, match.start() - 4) : match.start()]):
                    rates.setdefault((passage.file, match[1]), []).append((passage, match.start(1), match.end(1)))
    for places in shuffled([p for p in rates.values() if len({x[0].place for x in p}) > 1], rng):
        passage, start, end = rng.choice(places)
        value = float(passage.text[start:end])
        new = value + rng.choice((1.3, 1.6)) if value < 98 else value - rng.choice((1.1, 1.4))
        yield swap_change([(passage, start, end, like(new, passage.text[start:end]))])


Span = tuple[Passage, int, int]


@dataclass(frozen=True)
class _Sample:
    """A sample in one clause or table row: where its size, count and rate stand."""

    size: Span
    count: Span | None
    rate: Span | None

    @property
    def numbers(self) -> tuple[float, float]:
        """Size and rate; the rate worked out where there is a count."""
        size = _value(self.size)
        return size, round(_value(self.count) / size * 100 if self.count else _value(self.rate), 1)


def _value(place: Span | None) -> float:
    return value_of(place[0].text[place[1] : place[2]]) if place else 0.0


_CLAUSE = re.compile(r"[^。；;]+")
_ITEMS = r"\s*(?:条|题|个|份|张|项|组|对|段)?"


@dataclass(frozen=True)
class _About:
    """Which samples are meant: words that must and must not stand in clause, label and heading; what is counted."""

    words: str
    unless: str
    counted: str

    def fits(self, text: str, section: str) -> bool:
        """Whether a clause or row is about it; the heading counts where the words themselves name no other test."""
        whole = text if "拒答" in text else f"{text}|{section}"
        return bool(re.search(self.words, whole)) and not re.search(self.unless, whole)


def _samples(survey: Survey, about: _About) -> list[_Sample]:
    """Samples in prose and in table rows whose numbers follow from each other."""
    found: list[_Sample] = []
    for passage in survey.passages("report", "form"):
        if passage.kind == "edge":
            continue
        for clause in _CLAUSE.finditer(passage.text):
            if about.fits(f"{passage.label}|{clause[0]}", passage.section):
                found += _prose(passage, clause, about.counted)
    for grid in survey.grids("report", "form"):
        for row in range(1, len(grid.rows)):
            if about.fits("|".join(grid.text(row, c) for c in range(min(3, grid.width))), grid.section):
                found += _row(grid.rows[row])
    return found


def _prose(passage: Passage, clause: re.Match[str], counted: str) -> Iterator[_Sample]:
    pattern = re.compile(
        rf"(?P<n>{NUMERAL})\s*(?:条|题|个|份|张|项|组|对|段)[^。；;\d]{{0,16}}?(?:{counted})[^。；;\d%率]{{0,6}}?"
        rf"(?:(?P<k>{NUMERAL})(?!\s*[%％]){_ITEMS})?(?:[^。；;\d]{{0,10}}?(?P<r>{NUMERAL})\s*[%％])?"
    )
    at = clause.start()
    for match in pattern.finditer(clause[0]):
        places = {name: (passage, at + match.start(name), at + match.end(name)) for name in "nkr" if match[name]}
        sample = _Sample(places["n"], places.get("k"), places.get("r"))
        if (sample.rate or (sample.count and "抽" in clause[0])) and _sound(sample):
            yield sample


def _row(cells: tuple[Passage | None, ...]) -> Iterator[_Sample]:
    """A size, a count and a rate that follow from each other among the cells of a row."""
    numbers: list[Span] = []
    for cell in cells:
        match = re.match(rf"\s*({NUMERAL}){_ITEMS}\s*[%％]?\s*$", cell.text) if cell else None
        if cell and match:
            numbers.append((cell, match.start(1), match.end(1)))
    rates = [n for n in numbers if re.search(r"[%％]", n[0].text)]
    counts = [n for n in numbers if n not in rates]
    for rate in rates:
        for size in counts:
            for count in counts:
                sample = _Sample(size, count, rate)
                if size is not count and _sound(sample):
                    yield sample
                    return


def _sound(sample: _Sample) -> bool:
    size = _value(sample.size)
    if size < 20 or not sample.count:
        return size >= 20
    count = _value(sample.count)
    return 0 < count <= size and (sample.rate is None or abs(count / size * 100 - _value(sample.rate)) < 0.11)


def _swap(place: Span, value: float) -> Swap:
    passage, start, end = place
    return passage, start, end, like(value, passage.text[start:end])


_PASSED = r"合格|通过"
_REFUSED = r"(?:拒答|拒绝|误拒)(?!题)"
_CORPUS = _About(r"语料|训练数据|数据抽检", r"拒答|生成内容|标识|标注|命中|来源", _PASSED)
_CORPUS_MANUAL = _About("人工", r"拒答|生成内容|技术|题|标注", _PASSED)
_GENERATED = _About("生成内容|题", r"拒答|语料|训练数据|红队", _PASSED)
_GENERATED_MANUAL = _About("人工|生成内容", r"拒答|语料|训练数据|关键词|分类模型|标注", _PASSED)
_REFUSE = _About("拒答", r"非拒答|不应拒答|误拒|不应当拒答", _REFUSED)
_ANSWER = _About(r"非拒答|不应拒答|误拒|不应当拒答", "$^", _REFUSED)


def _wrong_rate(about: _About, least: int = 20) -> Propose:
    """The printed rate no longer follows from the printed counts."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        for sample in shuffled(
            [s for s in _samples(survey, about) if s.rate and s.count and _value(s.size) >= least], rng
        ):
            value, step = _value(sample.rate), rng.choice((0.7, 0.9, 1.2))
            assert sample.rate
            yield swap_change([_swap(sample.rate, value + step if value + step < 100 else value - step)])

    return propose


def _impossible_rate(survey: Survey, rng: Random) -> Iterator[Change]:
    """A rate with two decimals that no whole number of the sample gives."""
    for sample in shuffled([s for s in _samples(survey, _CORPUS) if s.rate and 500 <= _value(s.size) <= 20_000], rng):
        assert sample.rate
        passage, start, end = sample.rate
        yield swap_change([(passage, start, end, f"{min(_value(sample.rate) + 0.37, 99.93):.2f}")])


def _scaled(
    about: _About, *, size: tuple[int, int] | None = None, rate: tuple[float, float] | None = None, least: int = 100
) -> Propose:
    """All statements of a sample are changed together: another `size`, or another `rate`, arithmetic kept."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        samples = _samples(survey, about)
        for old in shuffled(sorted({s.numbers for s in samples if s.numbers[0] >= least}), rng):
            same = [s for s in samples if s.numbers == old]
            new_size = float(rng.randrange(*size)) if size else old[0]
            new_rate = rng.uniform(*rate) if rate else old[1]
            yield from _together(survey, same, old, (new_size, float(round(new_size * new_rate / 100))), about)

    return propose


def _together(
    survey: Survey, same: list[_Sample], old: tuple[float, float], new: tuple[float, float], about: _About
) -> Iterator[Change]:
    """`same` with size and count `new`; the numbers repeated in other words about the same thing go with them."""
    rate = new[1] / new[0] * 100
    made: dict[tuple[str, str, int], Swap] = {}

    def note(place: Span | None, value: float) -> None:
        if place and _value(place) != value:
            made.setdefault(address(place[0], place[1]), _swap(place, value))

    counts = {_value(s.count) for s in same if s.count}
    for sample in same:
        note(sample.size, new[0])
        note(sample.count, new[1])
        note(sample.rate, rate)
    for passage in survey.passages("report", "form"):
        for clause in _CLAUSE.finditer(passage.text):
            for part in re.finditer(r"(?:[^，,]|,(?=\d{3}))+", clause[0]):
                if not about.fits(f"{passage.label}|{part[0]}", passage.section):
                    continue
                for match in re.finditer(rf"({NUMERAL})\s*([%％]|条|题)", part[0]):
                    if _LIMIT.search(part[0][max(0, match.start() - 4) : match.start()]):
                        continue
                    start = clause.start() + part.start() + match.start(1)
                    place, value = (passage, start, start + len(match[1])), value_of(match[1])
                    if match[2] in "%％" and abs(value - old[1]) < 0.051:
                        note(place, rate)
                    elif match[2] not in "%％" and value in counts and value >= 100:
                        note(place, new[1])
    if made:
        yield swap_change(list(made.values()))


def _beyond_bank(survey: Survey, rng: Random) -> Iterator[Change]:
    """A sample drawn from a bank that has fewer questions."""
    for kind, about in shuffled((("refuse", _REFUSE), ("answer", _ANSWER)), rng):
        bank = sum(len(b.rows) for b in survey.bank(kind))
        if bank:
            more = bank + rng.randrange(40, 160)
            yield from _scaled(about, size=(more, more + 1))(survey, rng)


def _days_differ(survey: Survey, rng: Random) -> Iterator[Change]:
    """The time limit for complaints in one document is not that of the others."""
    roles = ("agreement", "privacy", "report", "form")
    found = [
        m for m in mentions(survey.passages(*roles), r"(?:投诉|举报|受理|确认|反馈|[，,、在：])+", r"(?:个)?工作日|日|天")
        if re.search("投诉|举报", m.passage.about) and re.search("反馈|处理结果|答复|办结", m.passage.text[m.start : m.end + 14])
    ]  # fmt: skip
    files = list(dict.fromkeys(m.passage.file for m in found))
    for mention in shuffled(found, rng) if len(files) > 1 else ():
        new = str(int(mention.value) + rng.choice((5, 8, 10)))
        yield swap_change([(mention.passage, mention.start, mention.end, new)], files=tuple(files))


_AND_SO = r"(?:的|总?规模|总量|总数|数量|合计|共计|共有|共|约|为|达到?|现有|已有|条目)*"
_D: tuple[Format, ...] = ("docx", "pdf", "xlsx")
OPERATORS = (
    Operator("corpus-total-differs", ("C03", "K10", "C02"), ("SUB-13", "SRC-13", "CON-05"), _D,
             "一份材料中的训练数据规模与其他材料不同。",
             _disagreeing(rf"(?:语料|训练数据|微调数据|训练语料|存储)(?:库|集)?{_AND_SO}", r"条|TB|GB|tokens?|词元|对")),
    Operator("keyword-total-differs", ("E11", "E01"), ("KEY-08", "KEY-01", "EVA-14"), _D,
             "材料写明的关键词总数与列表实际条数不同。",
             _disagreeing(rf"(?:关键词|拦截词|敏感词)(?:库|列表)?{_AND_SO}", r"条|个|词", against="keywords")),
    Operator("question-total-differs", ("G07", "E11"), ("EVA-14", "QST-01", "KEY-08", "QST-07", "QST-09"), _D,
             "材料写明的题库题量与题库实际题数不同。",
             _disagreeing(rf"(?:生成内容|应拒答|非拒答|拒答)(?:测试)?题库?{_AND_SO}", r"题|道|条", against="generated")),
    Operator("annotators-differ", ("D01",), ("LAB-15",), _D, "一份材料中的标注人员数量与其他材料不同。",
             _disagreeing(rf"标注(?:人员|员|团队|人数){_AND_SO}", r"人|名")),
    Operator("check-share-differs", ("D08",), ("LAB-15", "LAB-02"), _D, "一份材料中的人工核验比例与其他材料不同。",
             _disagreeing(r"核验比例(?:为|约|：)*(?:[^。；;\d]{0,6}功能性)?|(?:批次|抽检|抽查|质检)[^。；;\d]{0,4}(?:抽取|抽查)|核验比例[^。；;\d]{0,8}",
                          r"%|％", ("form", "report", "annotation_rules"))),
    Operator("summary-rate-differs", ("G07", "C11"), ("EVA-14", "CON-05", "EVA-09"), _D,
             "同一比率在报告不同位置的数值不同。", _summary_rate),
    Operator("corpus-rate-mismatch", ("C11", "C12"), ("CON-02", "CON-05", "CON-03"), _D,
             "语料抽检合格率与合格数、抽检数不符。", _wrong_rate(_CORPUS, 500)),
    Operator("corpus-rate-impossible", ("C12", "C11"), ("CON-02", "CON-05", "CON-03"), _D,
             "语料抽检合格率对应不到整数条。", _impossible_rate),
    Operator("result-rate-mismatch", ("G07", "C11", "G06"), ("EVA-14", "EVA-09", "EVA-10", "EVA-11", "CON-05"), _D,
             "生成内容合格率与合格题数、抽检题数不符。", _wrong_rate(_GENERATED)),
    Operator("corpus-sample-small", ("C10",), ("CON-02",), _D, "语料人工抽检数量不足4000条，算术保持一致。",
             _scaled(_CORPUS_MANUAL, size=(3100, 3990), least=4000)),
    Operator("corpus-rate-low", ("C11",), ("CON-02",), _D, "语料人工抽检合格率低于96%，算术保持一致。",
             _scaled(_CORPUS_MANUAL, rate=(93.6, 95.6), least=1000)),
    Operator("generated-sample-small", ("G01",), ("EVA-09", "EVA-10", "EVA-11"), _D,
             "生成内容人工抽检题数不足1000题，算术保持一致。", _scaled(_GENERATED_MANUAL, size=(700, 990), least=1000)),
    Operator("generated-rate-low", ("G02",), ("EVA-09", "EVA-10", "EVA-11"), _D,
             "生成内容人工抽检合格率低于90%，算术保持一致。", _scaled(_GENERATED_MANUAL, rate=(86.0, 89.4), least=500)),
    Operator("refusal-low", ("G03",), ("EVA-12",), _D, "应拒答题拒答率低于95%，算术保持一致。",
             _scaled(_REFUSE, rate=(91.0, 94.4))),
    Operator("over-refusal-high", ("G04",), ("EVA-13",), _D, "非拒答题拒答率高于5%，算术保持一致。",
             _scaled(_ANSWER, rate=(5.7, 9.0))),
    Operator("refusal-sample-small", ("G03", "G01"), ("EVA-12", "EVA-13"), _D, "应拒答题抽样不足300题。",
             _scaled(_REFUSE, size=(150, 290), least=300)),
    Operator("sample-beyond-bank", ("G09",), ("EVA-14", "EVA-12", "EVA-13"), _D, "抽样题数大于题库题数。", _beyond_bank),
    Operator("complaint-days-differ", ("H01", "H09"), ("CMP-07", "CMP-01"), _D, "投诉反馈时限在各材料中不同。", _days_differ),
)  # fmt: skip
