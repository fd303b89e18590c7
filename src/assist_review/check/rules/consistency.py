"""Agreement of prose across documents: forms of one document, functions, users, recipients, place of storage."""

import difflib
import re
from collections.abc import Iterator
from itertools import combinations

from assist_review.check.context import Context, Say
from assist_review.filing import Document
from assist_review.passages import Reading, evidence
from assist_review.review import Evidence, Finding
from assist_review.text import fold

_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def same_document(context: Context, say: Say) -> Iterator[Finding]:
    """Two forms of one document (DOCX and PDF, two copies) say the same; layout does not count."""
    pairs = 0
    problems = 0
    for role in ("form", "report", "agreement", "privacy", "annotation_rules"):
        for a, b in combinations(context.reading(role), 2):
            if a.document.ocr_pages or b.document.ocr_pages or not _twins(a, b):
                continue
            pairs += 1
            for finding in _differences(say, a, b):
                problems += 1
                yield finding
    if not problems:
        yield say.fine("同一文件的不同版本内容一致。") if pairs else say.not_applicable("没有同一文件的两种版本。")


def _twins(a: Reading, b: Reading) -> bool:
    if a.document.format == b.document.format and fold(_stem(a.document)) != fold(_stem(b.document)):
        mine, theirs = {p.key for p in a.passages}, {p.key for p in b.passages}
        return len(mine & theirs) > 0.6 * max(1, min(len(mine), len(theirs)))
    return difflib.SequenceMatcher(None, a.key[:4000], b.key[:4000], autojunk=False).quick_ratio() > 0.75


def _stem(document: Document) -> str:
    return document.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _differences(say: Say, a: Reading, b: Reading) -> Iterator[Finding]:
    """Passages whose numbers or words differ: numbers are defects, other words are too where a whole clause changed."""
    theirs = b.key.replace("\n", "").replace("\x1e", "")
    mine = a.key.replace("\n", "").replace("\x1e", "")
    changed = [p for p in a.passages if len(p.key) > 8 and p.key.replace("\x1e", "") not in theirs]
    other = [p for p in b.passages if len(p.key) > 8 and p.key.replace("\x1e", "") not in mine]
    for left in changed[:40]:
        best = max(
            other, key=lambda p: difflib.SequenceMatcher(None, left.key, p.key, autojunk=False).ratio(), default=None
        )
        if best is None:
            return
        ratio = difflib.SequenceMatcher(None, left.key, best.key, autojunk=False).ratio()
        if ratio < 0.6:
            continue
        gone, come = (
            set(_NUMBER.findall(left.key)) - set(_NUMBER.findall(best.key)),
            set(_NUMBER.findall(best.key)) - set(_NUMBER.findall(left.key)),
        )
        if gone and come and len(gone) <= 4:
            yield say.wrong(
                f"两种版本不一致：一处为“{'、'.join(sorted(gone))}”，另一处为“{'、'.join(sorted(come))}”。",
                [Evidence.at(a.file, left.place, _with(left.cells or (left.text,), gone)), Evidence.at(b.file, best.place, _with(best.cells or (best.text,), come))],
                confidence=0.85,
            )  # fmt: skip


def _with(texts: tuple[str, ...], words: set[str]) -> str:
    return next((t for t in texts if any(w in fold(t) for w in words)), texts[0])[:160].strip()


def audience(context: Context, say: Say) -> Iterator[Finding]:
    """All documents say the same about minors as users."""
    served = _said(context, "minors_served")
    excluded = _said(context, "minors_excluded")
    files_served, files_excluded = {e.file for e in served}, {e.file for e in excluded}
    if (
        served
        and excluded
        and (files_served - files_excluded or files_excluded - files_served)
        and files_served != files_excluded
    ):
        yield say.wrong(
            "各材料对是否面向未成年人的说法不一致。", [excluded[0], *served[:2], *excluded[1:2]], confidence=0.85
        )
    elif served or excluded:
        yield say.fine("各材料对是否面向未成年人的说法一致。", [*excluded[:2], *served[:2]])
    else:
        yield say.unclear("没有找到是否面向未成年人的明确说明，需要人工核对。")


def _said(context: Context, phrases: str, *roles: str) -> list[Evidence]:
    wanted = roles or ("form", "report", "agreement", "privacy")
    pieces = [
        evidence(h) for r in context.reading(*wanted) for p in context.phrases(phrases) for h in r.find(f"re:{p}")
        if context.speaks(h.passage)
    ]  # fmt: skip
    return list({(e.file, e.quote): e for e in pieces if e.quote}.values())


_MODALITIES = {"text": "文字", "image": "图片", "audio": "语音", "video": "视频", "code": "代码"}


def functions(context: Context, say: Say) -> Iterator[Finding]:
    """Modalities ticked in the form and those the report describes."""
    form = list(context.extraction.named("functions", "form"))
    report = list(context.extraction.named("functions", "report"))
    where = "报告" if report else "服务协议"
    report = report or list(context.extraction.named("functions", "agreement"))
    if not form or not report:
        yield say.unclear("备案表或报告、服务协议没有写明主要功能，无法核对。")
        return
    ticked = {m for f in form for m in str(f.value).split(",")}
    told = {m for f in report for m in str(f.value).split(",")}
    extra = {m for m in ticked - told if m not in ("text", "code") and not _mentioned(context, m)}
    hidden = {m for m in told - ticked if m not in ("text", "code")}
    if extra:
        names = "、".join(_MODALITIES[m] + "生成" for m in sorted(extra))
        yield say.wrong(
            f"备案表勾选了{names}，{where}没有该功能。", [form[0].evidence, report[0].evidence], confidence=0.85
        )
    elif hidden:
        names = "、".join(_MODALITIES[m] for m in sorted(hidden))
        yield say.unclear(
            f"{where}提到{names}功能，备案表没有勾选，需要人工核对。", [form[0].evidence, report[0].evidence]
        )
    else:
        yield say.fine(f"备案表与{where}的功能一致。", [form[0].evidence])


def _mentioned(context: Context, modality: str) -> bool:
    words = {
        "image": ("图片生成", "图像生成", "文生图", "绘画", "生成图片", "作图"),
        "audio": ("语音", "声音", "音频"),
        "video": ("视频",),
    }.get(modality, ())
    return any(r.has(w) for r in context.reading("report") for w in words)


_OWN_MACHINES = re.compile(
    "(?:私有化|本地化?|自有(?:服务器|机房))部署|(?:部署|运行|跑|装)(?:在|于)[^.;\n]{0,6}(?:本单位|本公司|我公司|我们|自有|自己)"
)


def recipients(context: Context, say: Say) -> Iterator[Finding]:
    """Companies that receive prompts according to the report are named in the privacy policy."""
    policy = context.reading("privacy") or context.reading("agreement")
    if not policy:
        yield say.unclear("材料中没有隐私政策，无法核对信息接收方。")
        return
    text = "\n".join(r.key for r in policy)
    sent = re.compile(r"[\u4e00-\u9fff()]{2,20}?(?:有限责任公司|股份有限公司|有限公司)")
    own = [fold(str(f.value)) for f in context.extraction.named("applicant.name")]
    lacking: dict[str, Evidence] = {}
    for reading in context.reading("report", "other", "evidence", "form"):
        for phrase in context.phrases("sends_data"):
            for hit in reading.find(f"re:{phrase}"):
                piece = evidence(hit)
                if _OWN_MACHINES.search(fold(piece.quote)):
                    continue
                for match in sent.findall(fold(piece.quote)):
                    name = re.sub(
                        r"^.*?(?:由|向|与|和|为|至|给|托|商|方|是|将|经|及|、|,)(?=[\u4e00-\u9fff]{4})", "", match
                    )
                    if not any(name in o or o in name for o in own) and name[-12:] not in text and name not in text:
                        lacking.setdefault(name, piece)
    for fact in context.extraction.named("model.provider"):
        name = fold(str(fact.value))
        if (
            context.filing.service.training == "none"
            and name not in text
            and not any(name in o or o in name for o in own)
        ):
            lacking.setdefault(name, fact.evidence)
    for name, piece in _suppliers(context, sent):
        if not any(name in o or o in name for o in own) and name not in text:
            lacking.setdefault(name, piece)
    if lacking:
        hides = _said(context, "denies_sharing", policy[0].role)
        for name, piece in list(lacking.items())[:3]:
            listed = next(
                (evidence(h) for r in policy for t in ("清单", "第三方", "委托处理", "共享") for h in r.find(t)), None
            )
            listed = hides[0] if hides else listed
            yield say.wrong(
                f"{name}会接收使用者输入或相关信息，隐私政策没有列明。",
                [*([listed] if listed else []), piece],
                confidence=0.8,
            )
    else:
        yield say.fine("报告提到的信息接收方在隐私政策中均有列明。")


def _suppliers(context: Context, company: re.Pattern[str]) -> Iterator[tuple[str, Evidence]]:
    """Companies whose model a service calls over an interface: every prompt goes to them, said or not.

    Not where the model runs on the applicant's own machines, nor where the policy names the model itself.
    """
    if context.filing.route != "registration" and context.filing.service.training != "none":
        return
    policy = "\n".join(r.key for r in context.reading("privacy") or context.reading("agreement"))
    models = [fold(str(f.value)) for f in context.extraction.named("base_model.name")]
    if any(len(m) > 2 and re.sub(r"v?[\d.]+$", "", m) in policy for m in models):
        return
    if any(r.has(f"re:模型[^.;\\n]{{0,24}}(?:{_OWN_MACHINES.pattern})") for r in context.readings):
        return
    for reading in context.reading("form", "report", "other", "evidence"):
        for phrase in context.phrases("supplies_model"):
            for hit in reading.find(f"re:{phrase}"):
                for match in company.findall(hit.passage.key[hit.start : hit.end]):
                    yield (
                        re.sub(r"^.*?(?:由|是|为|系|找|接|用|的|商|方|位|者)(?=[\u4e00-\u9fff]{6})", "", match),
                        evidence(hit),
                    )


def storage_place(context: Context, say: Say) -> Iterator[Finding]:
    """Nothing says data leaves the mainland where another document says it does not."""
    out = list(_said(context, "sent_abroad", "form", "report", "agreement", "privacy", "other"))
    denied = re.compile(context.phrases("not_put_abroad") or "$^")
    out += [
        e for e in _said(context, "put_abroad", "form", "report", "agreement", "privacy", "other", "evidence", "test_channel")
        if e not in out and not denied.search(fold(e.quote))
    ]  # fmt: skip
    stays = _said(context, "stays_home", "form", "report", "agreement", "privacy")
    if out and stays:
        yield say.wrong("材料对数据是否出境的说法不一致。", [out[0], stays[0], *out[1:2]])
    elif out:
        yield say.unclear("材料提到向境外提供信息，需要核对出境路径。", out[:3])
    elif stays:
        yield say.fine("材料写明数据不出境。", stays[:3])
    else:
        yield say.unclear("没有找到数据存储地点和是否出境的说明，需要人工核对。")


def contradiction(context: Context, say: Say) -> Iterator[Finding]:
    """One document says `one`, another says `other` (terms, in `one_roles` and `other_roles`), and both cannot be true."""
    p = say.params
    first = [
        h for r in context.reading(*p["one_roles"]) for t in p["one"] for h in r.find(t) if context.speaks(h.passage)
    ]
    second = [
        h
        for r in context.reading(*p["other_roles"])
        for t in p["other"]
        for h in r.find(t)
        if context.speaks(h.passage)
    ]
    if first and second:
        yield say.wrong(p["says"], [evidence(first[0]), evidence(second[0])], confidence=0.8)
