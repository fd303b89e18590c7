"""Base model and route: what the model is built on, whether that is filed, and whether the route fits."""

import re
from collections.abc import Iterator

from assist_review.check.context import Context, Say
from assist_review.passages import evidence
from assist_review.review import Evidence, Fact, Finding
from assist_review.text import fold


def _shape(context: Context, name: str, value: str) -> bool:
    pattern = context.pack.lexicon.get("laws", {}).get("shapes", {}).get(name, "$^")
    return bool(re.fullmatch(pattern, value.strip()))


def base_model(context: Context, say: Say) -> Iterator[Finding]:
    """Foreign or unfiled base or fallback models, number shapes, differing numbers, and claims of own research."""
    problems = 0
    for check in (_foreign, _numbers, _undeclared):
        for finding in check(context, say):
            problems += 1
            yield finding
    service = context.filing.service
    if problems:
        return
    numbers = context.extraction.named("base_model.filing_no")
    if service.base_model in ("own", None):
        yield (
            say.fine("材料说明模型为自行训练，未使用第三方基础模型。")
            if service.base_model == "own"
            else say.unclear("没有识别出模型来源，需要人工核对基础模型及其备案情况。")
        )
    elif numbers:
        yield say.fine("基础模型已写明备案号。", [f.evidence for f in numbers[:2]])
    else:
        yield say.unclear("使用第三方基础模型，但没有找到其备案号，需要人工核对。")


def _said(context: Context, phrases: str, *roles: str) -> list[Evidence]:
    pieces = [evidence(h) for r in context.reading(*roles) for p in context.phrases(phrases) for h in r.find(f"re:{p}")]
    denied = re.compile(context.phrases("denials") or "$^")
    return list({e.quote: e for e in pieces if e.quote and not denied.search(fold(e.quote))}.values())


def _foreign(context: Context, say: Say) -> Iterator[Finding]:
    foreign = _said(context, "foreign_model", "report", "form", "evidence", "other", "agreement", "privacy")
    if foreign:
        yield say.wrong("以境外或未备案的模型作为基础模型或备用模型。", foreign[:3], defect="B04")
    claims = _said(context, "own_research", "report", "form")
    others = foreign or _said(context, "open_base", "report", "evidence", "form")
    if claims and others and context.filing.service.training != "none":
        yield say.wrong(
            "自称完全自研，但材料显示使用了其他模型。", [claims[0], *others[:2]], defect="B03", confidence=0.8
        )


def _numbers(context: Context, say: Say) -> Iterator[Finding]:
    facts = list(context.extraction.named("base_model.filing_no"))
    by_value: dict[str, Fact] = {}
    for fact in facts:
        by_value.setdefault(re.sub(r"[–—－]", "-", str(fact.value).strip()), fact)
    for value, fact in by_value.items():
        if _shape(context, "registration_no", value) and not _shape(context, "filing_no", value):
            yield say.wrong(f"“{value}”是登记编号的格式（序号前有S），不是备案号。", [fact.evidence], defect="B06")
        elif _shape(context, "algorithm_no", value):
            yield say.wrong(f"把算法备案编号“{value}”填为模型备案号。", [fact.evidence], defect="B06")
    plain = {v: f for v, f in by_value.items() if _shape(context, "filing_no", v)}
    stems = {v.rsplit("-", 1)[0].lower() for v in plain}
    if len(plain) > 1 and len(stems) == 1:
        yield say.wrong(
            f"基础模型备案号不一致：{'、'.join(plain)}。", [f.evidence for f in plain.values()], defect="B06"
        )


def _undeclared(context: Context, say: Say) -> Iterator[Finding]:
    """A standby model or supplier that the declaration says does not exist, or never names."""
    standby = _said(context, "standby_model", "report", "other", "evidence", "form", "agreement")
    if not standby or (context.filing.route != "registration" and context.filing.service.base_model == "own"):
        return
    only = _said(context, "only_model", "report", "evidence", "form", "other", "agreement", "privacy")
    form = "\n".join(r.key for r in context.reading("form"))
    names = [
        m
        for e in standby
        for m in re.findall(
            r"([a-z\u4e00-\u9fff0-9-]{2,12}?(?:大模型|对话模型|模型))(?:接口|服务|通道|api)?", fold(e.quote)
        )
    ]
    # What stands before the name ("至备用的云雀大模型") is no part of it.
    bare = [re.sub(r"^.*[至到为的用由](?=.{2,}模型)", "", n) for n in names if len(n) >= 4]
    declared = any(n[-6:] in form for n in bare if not re.fullmatch("(?:备用|备份|其他|另一|第二|兜底)大?模型", n))
    if only or not declared:
        yield say.wrong(
            "备用模型未在备案（登记）表中申报。",
            [standby[0], *only[:2], *standby[1:2]],
            defect="B09",
            severity="fatal",
            confidence=0.8,
        )


def route(context: Context, say: Say) -> Iterator[Finding]:
    """Tuning of any kind wants the filing route; calls alone are registered."""
    service = context.filing.service
    if context.filing.route == "registration":
        tuned = _said(context, "tuned", "report", "form", "evidence", "other", "annotation_rules")
        untouched = re.compile(context.phrases("not_tuned") or "$^")
        tuned = [e for e in tuned if not untouched.search(fold(e.quote))]
        if tuned:
            yield say.wrong(
                "按“登记”申报，但材料显示对模型进行了训练或微调，应当办理备案。",
                tuned[:3],
                defect="B01",
                confidence=0.85,
            )
        else:
            yield say.fine("仅调用已备案模型，适用登记路线。")
        return
    called = _said(context, "only_calls", "report", "form", "evidence")
    if service.training == "none" and called:
        yield say.wrong(
            "按“备案”申报，但材料只说明调用已备案模型，没有训练或微调，应当办理登记。",
            called[:3],
            defect="B02",
            severity="major",
            confidence=0.8,
        )
    elif service.training is None:
        yield say.unclear("没有识别出模型训练情况，需要人工判断备案路线。")
    else:
        yield say.fine("材料说明了模型训练或微调，适用备案路线。")
