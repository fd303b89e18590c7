"""Operators that take clauses out of agreements and policies, or turn what they and the report say round."""

import re
from collections.abc import Iterator
from random import Random

from assist_review.evaluate.mutate.edits import Swap, appended, excerpt, purged, shuffled, swap_change
from assist_review.evaluate.mutate.planted import Change, Format, Operator, Propose
from assist_review.evaluate.mutate.survey import Passage, Survey

_SENTENCE = re.compile(r"[^。；;！？!?]+[。；;！？!?]?")
_NUMBERING = re.compile(r"^\s*(?:[（(]\d{1,2}[）)]|\d{1,2}[.、])\s*")


def _purge(survey: Survey, files: list[str], pattern: str, unless: str = "$^") -> Change | None:
    """All sentences that match `pattern` taken out of `files`, with sections whose heading does."""
    changes: list[Swap] = []
    whole: list[Passage] = []
    for file in files:
        for passage in survey.of(file):
            inside = (
                passage.kind != "edge" and re.search(pattern, passage.section) and not re.search(unless, passage.about)
            )
            if inside and passage.kind in ("heading", "text"):
                whole.append(passage)
                continue
            spans = [
                m for m in _SENTENCE.finditer(passage.text) if re.search(pattern, m[0]) and not re.search(unless, m[0])
            ]
            if passage.kind == "edge" or not spans:
                continue
            left = sum(len(m[0].strip()) for m in _SENTENCE.finditer(passage.text)) - sum(
                len(m[0].strip()) for m in spans
            )
            if passage.prose and left < 4:
                whole.append(passage)
            elif passage.kind != "heading":
                changes += [(passage, m.start() + _lead(m[0]), m.end(), "") for m in spans]
    if not changes and not whole:
        return None
    shown = [p.text for p in whole if p.kind == "text"] + [p.text[a:b] for p, a, b, _ in changes]
    return Change(
        "、".join(files), excerpt(shown[0] if shown else "", 0, 100, 0) + f"……共{len(whole) + len(changes)}处", "", purged(changes, whole),
        files=tuple(files), absent=True,
    )  # fmt: skip


def _lead(sentence: str) -> int:
    """How much of a sentence is the number of its paragraph, which stays."""
    match = _NUMBERING.match(sentence)
    return match.end() if match else 0


def _without(pattern: str, unless: str = "$^", roles: tuple[str, ...] = ("agreement",)) -> Propose:
    """A subject is no longer spoken about in documents of `roles`."""

    def propose(survey: Survey, _: Random) -> Iterator[Change]:
        files = [f for f in survey.role(*roles) if survey.of(f)]
        if files:
            change = _purge(survey, files, pattern, unless)
            if change:
                yield change

    return propose


_SPELLED = r"[零一二两三四五六七八九十百]"
_TIME = re.compile(
    rf"(?:最长|至迟|应当)?(?:在|于)?(?:收到[^，。；]{{0,10}}(?:后|之日起))?(?:的)?(?:\d+|{_SPELLED}{{1,4}})\s*(?:个)?(?:工作日|自然日|小时|日|天)(?:之?内|以内)?"
)


def _no_time_limit(survey: Survey, rng: Random) -> Iterator[Change]:
    """The agreement no longer says within how many days a complaint is answered."""
    for file in shuffled(survey.role("agreement"), rng):
        changes: list[Swap] = []
        for passage in survey.of(file):
            if not re.search("投诉|举报", passage.about) or passage.kind in ("edge", "heading"):
                continue
            for sentence in _SENTENCE.finditer(passage.text):
                if re.search("受理|反馈|答复|处理结果|办结|回复|处理", sentence[0]) and not re.search(
                    "知识产权|侵权|注销|权属", sentence[0]
                ):
                    for match in _TIME.finditer(sentence[0]):
                        at = sentence.start()
                        changes.append((passage, at + match.start(), at + match.end(), "及时"))
        if changes:
            yield swap_change(changes)


def _reworded(
    pattern: str, text: str, roles: tuple[str, ...], *, every: bool = False, unless: str = "$^", absent: bool = False
) -> Propose:
    """Sentences that match become `text`; in one place, or in `every` one (the first of a file says it, the others go)."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        found: list[Swap] = []
        for passage in survey.passages(*roles):
            if not passage.prose and not (every and passage.kind == "cell"):
                continue
            for match in _SENTENCE.finditer(passage.text):
                if re.search(pattern, match[0]) and not re.search(unless, match[0]):
                    end = match.end() - (1 if match[0][-1] in "；;" and text.endswith("。") else 0)
                    found.append((passage, match.start() + _lead(match[0]), end, text))
        if every and found:
            told = {id(next(c for c in found if c[0].file == file)) for file in {c[0].file for c in found}}
            yield swap_change([c if id(c) in told else (*c[:3], "") for c in found], absent=absent)
        for change in [] if every else shuffled(found, rng):
            yield swap_change([change], absent=absent)

    return propose


def _added(texts: tuple[str, ...], roles: tuple[str, ...], near: str, unless: str = "$^") -> Propose:
    """A sentence is added after a paragraph about `near`, or any other; not to files that say so (`unless`) already."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        said = {p.file for p in survey.passages(*roles) if re.search(unless, p.text)}
        prose = [p for p in survey.passages(*roles) if p.prose and len(p.text) > 20 and p.file not in said]
        close = [p for p in prose if re.search(near, f"{p.section}|{p.text}")]
        text = rng.choice(texts)
        pages: set[tuple[str, str]] = set()
        for passage in [*shuffled(close, rng), *shuffled([p for p in prose if p not in close], rng)]:
            if passage.format == "pdf" and (passage.file, passage.place) in pages:
                continue
            pages.add((passage.file, passage.place))
            yield Change(f"{passage.file} {passage.place}之后", "", text, appended(passage, text))

    return propose


_DURATION = re.compile(rf"(?:不少于|至少|不低于)?\s*(?:\d+|{_SPELLED}{{1,3}})\s*(?:个月|个?年|月|日|天)|半年")


def _short_logs(survey: Survey, _: Random) -> Iterator[Change]:
    """Network logs are kept for three months, wherever their retention is told."""
    changes: list[Swap] = []
    for passage in survey.passages("report", "privacy", "form", "agreement"):
        if passage.kind == "edge":
            continue
        for sentence in re.finditer(r"[^。；;，,]*日志[^。；;]*", passage.text):
            match = _DURATION.search(sentence[0], sentence[0].index("日志"))
            if match and re.search("保存|留存|存储|保留", sentence[0]) and "会话" not in sentence[0]:
                at = sentence.start()
                changes.append((passage, at + match.start(), at + match.end(), "三个月"))
    if changes:
        yield swap_change(changes)


_FILL = (
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), ("【请填写邮箱】", "XXX@XXX.com")),
    (
        re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{3,4}[- ]?\d{4}(?!\d)|(?<!\d)400[- ]?\d{3}[- ]?\d{4}(?!\d)"),
        ("【联系电话】", "XXX-XXXXXXXX"),
    ),
    (re.compile(r"20\d\d年\d{1,2}月\d{1,2}日"), ("XXXX年XX月XX日", "【填写日期】")),
    (re.compile(r"[\u4e00-\u9fff（）()]{4,24}有限公司"), ("XX公司", "【公司名称】")),
)


def _placeholder(survey: Survey, rng: Random) -> Iterator[Change]:
    """An address, number, date or name in an agreement or policy is still the placeholder of a template."""
    found = [
        (p, m.start(), m.end(), rng.choice(texts))
        for p in survey.passages("agreement", "privacy", "annotation_rules")
        if p.kind != "edge" for pattern, texts in _FILL for m in pattern.finditer(p.text)
    ]  # fmt: skip
    for change in shuffled(found, rng):
        yield swap_change([change])


def _dangling(survey: Survey, rng: Random) -> Iterator[Change]:
    """A text points to an attachment that does not exist."""
    numbers = [int(n) for f in survey.files for n in re.findall(r"附件\s*(\d+)", f)]
    numbers += [int(n) for p in survey.passages("form", "report") for n in re.findall(r"附件\s*(\d{1,2})", p.text)]
    missing = max([len(survey.files), 9, *numbers]) + rng.randrange(1, 4)
    for passage in shuffled(
        [
            p
            for p in survey.passages("report", "form")
            if p.prose and len(p.text) > 20 and p.text.rstrip().endswith("。")
        ],
        rng,
    ):
        at = len(passage.text.rstrip()) - 1
        yield swap_change([(passage, at, at + 1, f"，详见附件{missing}。")])


_D: tuple[Format, ...] = ("docx", "pdf", "xlsx")
_T: tuple[Format, ...] = ("docx", "pdf")
_RIGHTS = ("agreement", "privacy")
OPERATORS = (
    Operator("complaint-time-missing", ("H01",), ("CMP-01", "CMP-03", "CMP-07"), _T, "服务协议没有写明投诉的反馈时限。", _no_time_limit),
    Operator("complaint-clause-missing", ("H01",), ("CMP-01", "CMP-02", "CMP-03", "CMP-04", "CMP-07"), _T,
             "服务协议没有投诉举报条款。", _without("投诉|举报", "消费者协会")),
    Operator("minors-clause-missing", ("H03",), ("MIN-01", "MIN-03", "MIN-02", "MEA-19"), _T, "服务协议没有未成年人条款。",
             _without(r"未成年|未满十[八四]|不满十[八四]|十[八四]周岁|1[84]\s*周岁|监护人")),
    Operator("label-clause-missing", ("H04",), ("SVC-02", "LBL-12", "SVC-03"), _T, "服务协议没有生成内容标识条款。",
             _without(r"标识|水印|AI生成", "用户标识|设备标识|去标识|身份标识")),
    Operator("opt-out-missing", ("H05",), ("SVC-09", "MEA-07", "SRC-10", "SVC-12"), _T,
             "协议和政策改为输入默认用于训练，没有关闭方式。",
             _reworded(r"(?:输入|生成结果|使用记录|内容)[^。；]{0,40}(?:训练|优化)|改进计划|关闭[^。；]{0,12}(?:训练|优化)",
                       "您的输入与生成内容将用于本公司模型的训练与优化，您使用本服务即视为同意。", _RIGHTS, every=True)),
    Operator("ip-clause-missing", ("C16",), ("SVC-04", "IPR-05"), _T, "服务协议没有知识产权条款。", _without("知识产权")),
    Operator("suspension-clause-missing", ("H11",), ("SVC-08", "MEA-08", "MEA-12"), _T, "服务协议没有违规处置条款。",
             _without(r"暂停|终止[^。；]{0,6}服务|限制功能|违规的", "变更|停止运营|停止服务")),
    Operator("deletion-clause-missing", ("H12",), ("SVC-06", "PI-09", "PI-10", "PI-03"), _T, "隐私政策没有查阅、更正、删除等权利。",
             _without(r"查阅|更正|删除|注销|您的权利", roles=("privacy",))),
    Operator("data-kept-forever", ("H12",), ("SVC-05", "PI-03", "PI-09", "PI-05"), _T, "隐私政策写为永久保存个人信息。",
             _reworded(r"期满|保存期限|保存至|存储期限", "为持续改进服务，我们将永久保存您的个人信息和使用记录。", ("privacy",))),
    Operator("sent-abroad", ("H08",), ("XBD-01", "XBD-02"), _T, "隐私政策写为可能传输至境外，与其他材料矛盾。",
             _reworded(r"境外|出境|境内", "为提供服务，您的输入内容和日志可能传输至境外服务器进行处理。", ("privacy", "agreement"), unless="法律")),
    Operator("log-retention-short", ("I09",), ("MEA-13", "SVC-03"), _D, "网络日志留存不足六个月。", _short_logs),
    Operator("placeholder-left", ("H09", "A16"), ("INT-05", "CMP-07", "PI-03", "SUB-06", "CMP-01"), _T, "协议或政策留有模板占位符。", _placeholder),
    Operator("attachment-dangling", ("K09",), ("SUB-04", "SUB-05", "INT-05"), _T, "正文引用不存在的附件。", _dangling),
    Operator("wording-exaggerated", ("I06",), ("CON-01", "MOD-06", "MEA-05", "EVA-07"), _T, "报告或协议有夸大表述。",
             _added(("本模型采用全球领先的安全技术，可实现100%过滤违法不良信息，绝对安全。",
                     "系统完全自主可控、零风险，处于国际领先水平，任何有害内容均能百分之百拦截。"),
                    ("report", "agreement"), "过滤|安全|拦截|服务说明")),
    Operator("foreign-fallback", ("B04",), ("MOD-01",), _T, "以境外模型作为备用模型。",
             _added(("当主模型负载过高或不可用时，系统自动切换至境外OpenAI GPT-4o接口作为备用模型生成回答。",
                     "为保证服务连续性，备用模型采用Claude 3.5接口，主模型超时后由其继续生成。"),
                    ("report",), "模型|训练|推理|连续性")),
    Operator("refund-refused", ("H02",), ("SVC-07", "SVC-10", "SVC-14"), _T, "协议规定费用一经支付概不退还。",
             _added(("会员费用一经支付，无论任何原因概不退还，本公司有权单方面调整价格。",), ("agreement",), "费用|收费|付费", "不退还|不予退|概不")),
    Operator("liability-on-user", ("H11",), ("SVC-07", "SVC-04"), _T, "协议把生成内容的全部责任归于使用者。",
             _added(("因生成内容引起的一切责任均由用户自行承担，本公司在任何情况下均不承担任何责任。",), ("agreement",), "责任|风险", "不承担任何|概不负责")),
    Operator("synthetic-undeclared", ("C17",), ("SRC-01", "SRC-15"), _T, "使用其他模型的合成数据而未申报。",
             _added(("另有约三成训练样本由ChatGPT等第三方模型批量生成后直接入库。",), ("report",), "来源|语料|训练数据")),
    Operator("role-play-companion", ("I11",), ("ANT-01", "ANT-02", "ANT-03"), _T, "服务包含拟人化陪伴功能而没有相应措施。",
             _added(("本产品提供虚拟恋人角色，可与用户进行长期情感陪伴和角色扮演互动。",), ("report",), "服务|功能|产品")),
)  # fmt: skip
