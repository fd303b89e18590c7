"""What the entries of lists are worth: filler among keywords, keywords that block ordinary questions, missing modalities."""

import re
from collections.abc import Iterator

from assist_review.check.context import Context, Say, show
from assist_review.check.rules.counts import BANK_NAMES, sheet_evidence
from assist_review.passages import evidence
from assist_review.review import Evidence, Finding
from assist_review.text import fold

_URL = re.compile(r"https?:|www\.|(?:[a-z0-9-]+\.)+(?:com|cn|net|org|cc|top|xyz|io|vip|info)\b")
_NO_WORD = re.compile(r"[\d\W_]+")
_LONGEST = 16  # characters of a keyword that is looked for in questions


def junk(context: Context, say: Say) -> Iterator[Finding]:
    """At most `max_share` of the keywords are URLs, single characters, or figures and signs without a word."""
    banks = context.extraction.bank("keywords")
    rows = [(b, r) for b in banks for r in b.rows]
    kinds: dict[str, list[Evidence]] = {"网址": [], "单字": [], "纯数字或符号": []}
    for bank, row in rows:
        key = fold(row.entry)
        kind = (
            "网址"
            if _URL.search(key)
            else "单字"
            if len(key) == 1
            else "纯数字或符号"
            if _NO_WORD.fullmatch(key)
            else None
        )
        if kind:
            kinds[kind].append(Evidence(file=bank.file, sheet=bank.sheet, row=row.number, quote=""))
    total = sum(map(len, kinds.values()))
    if not rows or total <= len(rows) * float(say.params.get("max_share", 0.15)):
        return
    lines = "、".join(f"{name}{show(len(places))}条" for name, places in kinds.items() if places)
    shown = [p.model_copy(update={"quote": p.sheet or ""}) for places in kinds.values() for p in places[:1]]
    yield say.wrong(f"拦截关键词列表有{lines}，占{total / len(rows):.0%}，不能作为有效关键词。", shown)


def overblocking(context: Context, say: Say) -> Iterator[Finding]:
    """Keywords that hit more than `max_share` of the questions that must be answered block too much."""
    words = {fold(r.entry) for b in context.extraction.bank("keywords") for r in b.rows}
    words = {w for w in words if 2 <= len(w) <= _LONGEST}
    lengths = sorted({len(w) for w in words})
    banks = context.extraction.bank("answer")
    questions = [(b, r, fold(r.entry)) for b in banks for r in b.rows]
    if not words or len(questions) < 50:
        return
    hit = [
        (b, r)
        for b, r, text in questions
        if any(text[i : i + n] in words for n in lengths for i in range(len(text) - n + 1))
    ]
    share = len(hit) / len(questions)
    if share <= float(say.params.get("max_share", 0.2)):
        return
    places = [Evidence(file=b.file, sheet=b.sheet, row=r.number, quote="") for b, r in hit[:3]]
    text = (
        f"非拒答题库{show(len(questions))}题中有{show(len(hit))}题（{share:.0%}）含有拦截关键词，关键词可能拦截正常问题"
    )
    if share > 2 * float(say.params.get("max_share", 0.2)):
        yield say.wrong(
            f"{text}。", [*places, *sheet_evidence(context.extraction.bank("keywords"))[:1]], confidence=0.7
        )
    else:
        yield say.unclear(f"{text}，需要人工核对。", places)


_MODAL = {
    "image": ("图片", "图|画|绘|海报|照片|插画|封面|头像|logo|壁纸|image"),
    "audio": ("语音", "语音|音频|朗读|播报|录音|配音|声音|音色|念|读出|audio"),
    "video": ("视频", "视频|短片|镜头|动画|video"),
}


def modal_questions(context: Context, say: Say) -> Iterator[Finding]:
    """A service that makes images, speech or video is tested with questions of that kind."""
    banks = context.extraction.bank("generated")
    rows = [r for b in banks for r in b.rows]
    if len(rows) < 50:
        return
    for modality, (name, pattern) in _MODAL.items():
        if modality not in context.filing.service.modalities:
            continue
        refused = [
            evidence(h) for r in context.reading("report", "questions", "other", "form")
            for h in r.find(f"re:(?:未|没有|无|不需要?|无需|无须|不)(?:另行|单独|专门|再)?(?:准备|开展|设置|编制|进行|做)[^.;\\n]{{0,8}}(?:{name}|多模态)[^.;\\n]{{0,6}}(?:测试|题|评测)|(?:不需要|无需|无须)(?:单独|另行|专门)?(?:测试|评测){name}|(?:{name})[^.;\\n]{{0,8}}(?:未|没有)(?:另行|单独|专门)?(?:测试|评测|编题)")
        ]  # fmt: skip
        sheets = "".join(fold(f"{b.file}{b.sheet}") for b in banks)
        wanted = re.compile(pattern)
        share = sum(bool(wanted.search(fold(" ".join(r.cells.values())))) for r in rows) / len(rows)
        if refused:
            yield say.wrong(f"服务提供{name}功能，没有开展{name}测试。", refused[:2], confidence=0.85)
        elif share < 0.01 and not wanted.search(sheets):
            yield say.wrong(
                f"服务提供{name}功能，{BANK_NAMES['generated']}{show(len(rows))}题中没有{name}测试题。",
                sheet_evidence(banks)[:2],
                confidence=0.7,
            )
