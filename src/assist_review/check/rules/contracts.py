"""Contracts for calling a model: whether the applicant is one of the parties."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from assist_review.check.context import Context, Say
from assist_review.passages import Hit, Reading, evidence
from assist_review.review import Finding
from assist_review.text import fold

_TITLE = re.compile("合同|协议|订单|订购|采购单|开通单|授权书")
_ABOUT = re.compile(
    "(?:大模型|模型).{0,16}(?:接口|推理|api|服务|调用|授权|许可)|(?:接口|api).{0,8}(?:服务|调用|接入).{0,20}模型"
)
_TITLES, _TITLE_CHARS = 4, 40
_PARTY = (
    r"re:(?:[甲乙丙]方|供方|需方|服务方|使用方|客户(?:名称)?|采购方|购买方|订购方|委托方|受托方|许可方|被许可方|授权(?:方|单位)|被授权(?:方|单位|人))"
    r"(?:\([^()]{1,12}\))?(?:为|是)?[:]?[\u4e00-\u9fff()a-z0-9·]{4,30}?(?:有限责任公司|股份有限公司|有限公司|研究院|研究所|研究中心|大学|医院)"
)
_NAME = re.compile(r"[:)方位人称为是](?P<name>[\u4e00-\u9fff()a-z0-9·]{4,30})$")
_SAME, _SAME_ON_SCAN = 0.97, 0.8  # likeness of two names; OCR mistakes a character or two
_ALLOWED = re.compile("授权|许可|同意|委托|代表|代为|转让|承继")


def contract_party(context: Context, say: Say) -> Iterator[Finding]:
    """The applicant is a party of the contract or order under which the model is called, or is authorised by a party."""
    own = next((str(f.value) for f in context.extraction.named("applicant.name", "form", "report", "licence")), "")
    if not own:
        return
    for reading in context.reading("evidence", "authorisation"):
        if not _is_model_contract(reading):
            continue
        parties = {fold(name): hit for hit in reading.find(_PARTY) if (name := _name(hit))}
        scanned = bool(reading.document.ocr_pages) or reading.document.format == "image"
        if len(parties) < 2:  # one party alone may be all that could be read
            continue
        # Named anywhere in the contract, the applicant may be an affiliate that may use the service.
        if any(_same(name, own, scanned=scanned) for name in parties) or fold(own) in reading.key:
            yield say.fine("申请单位是模型服务合同的当事人。", [evidence(h) for h in list(parties.values())[:2]])
            continue
        names = "、".join(parties)
        pieces = [evidence(h) for h in parties.values()][:3]
        if _authorised(context, parties, own):
            yield say.unclear(f"模型服务合同的当事人为{names}，没有申请单位“{own}”，请核对授权文件。", pieces)
            continue
        yield say.wrong(
            f"模型服务合同的当事人为{names}，没有申请单位“{own}”，也没有其授权申请单位使用的文件。", pieces,
            defect=say.code("party"), confidence=0.8,
        )  # fmt: skip


def _is_model_contract(reading: Reading) -> bool:
    titles = [p.key for p in reading.passages[:_TITLES] if len(p.key) <= _TITLE_CHARS]
    if not any(_TITLE.search(t) for t in (*titles, fold(reading.file.rsplit("/", 1)[-1]))):
        return False
    return bool(_ABOUT.search(reading.key))


def _name(hit: Hit) -> str:
    """The company in a hit of `_PARTY`, without the words that name the party."""
    match = _NAME.search(hit.passage.key[hit.start : hit.end])
    return match["name"] if match else ""


def _same(name: str, own: str, *, scanned: bool) -> bool:
    one, two = (re.sub(r"[()·\s]", "", fold(n)) for n in (name, own))
    if one in two or two in one:
        return True
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= (_SAME_ON_SCAN if scanned else _SAME)


def _authorised(context: Context, parties: dict[str, Hit], own: str) -> bool:
    """A paper that names a party and the applicant and speaks of an authorisation."""
    for reading in context.reading("evidence", "authorisation", "other", "commitment"):
        if fold(own) in reading.key and any(
            n in p.key and _ALLOWED.search(p.key) and not re.search("不得|未经", p.key)
            for n in parties
            for p in reading.passages
            if not p.cells
        ):
            return True
    return False
