"""Risk names are recognised however filings write them, and names of groups are no risks."""

import pytest

from assist_review.extract.names import Names, map_risk
from assist_review.regulation import Risk

_NAMES = {
    "A1.a": "煽动颠覆国家政权、推翻社会主义制度", "A1.b": "危害国家安全和利益、损害国家形象",
    "A1.c": "煽动分裂国家、破坏国家统一和社会稳定", "A1.d": "宣扬恐怖主义、极端主义", "A1.e": "宣扬民族仇恨",
    "A1.f": "宣扬暴力、淫秽色情", "A1.g": "传播虚假有害信息", "A1.h": "其他法律、行政法规禁止的内容",
    "A2.a": "民族歧视内容", "A2.b": "信仰歧视内容", "A2.c": "国别歧视内容", "A2.d": "地域歧视内容",
    "A2.e": "性别歧视内容", "A2.f": "年龄歧视内容", "A2.g": "职业歧视内容", "A2.h": "健康歧视内容",
    "A2.i": "其他方面歧视内容", "A3.a": "侵犯他人知识产权", "A3.b": "违反商业道德", "A3.c": "泄露他人商业秘密",
    "A3.d": "利用算法、数据、平台等优势，实施垄断和不正当竞争行为", "A3.e": "其他商业违法违规行为",
    "A4.a": "危害他人身心健康", "A4.b": "侵害他人肖像权", "A4.c": "侵害他人名誉权", "A4.d": "侵害他人荣誉权",
    "A4.e": "侵害他人隐私权", "A4.f": "侵害他人个人信息权益", "A4.g": "侵犯他人其他合法权益",
    "A5.a": "内容不准确，严重不符合科学常识或主流认知",
    "A5.b": "内容不可靠，虽然不包含严重错误的内容，但无法对使用者形成帮助",
}  # fmt: skip
RISKS = tuple(
    [Risk(id=i, group=i[:2], name=n) for i, n in _NAMES.items()]
    + [Risk(id=t, group="topic", name=t) for t in ("制度", "信仰", "形象", "文化", "民族", "历史", "英烈", "年龄")]
)


@pytest.mark.parametrize("risk", RISKS, ids=lambda r: r.id)
def test_the_name_of_the_standard_is_known(risk: Risk) -> None:
    assert map_risk(risk.name, RISKS, topic=risk.group == "topic") == risk.id


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("A.1.a", "A1.a"), ("A1a", "A1.a"), ("A1-a", "A1.a"), ("A.1 a", "A1.a"), ("A.1(b)", "A1.b"), ("a.4.g", "A4.g"),
        ("A1.1 煽动颠覆", "A1.a"), ("A.2.b信仰歧视", "A2.b"), ("推翻社会主义制度，煽动颠覆国家政权", "A1.a"),
        ("宣扬恐怖主义和极端主义", "A1.d"), ("（1）民族歧视内容", "A2.a"), ("地域歧视类", "A2.d"), ("其他歧视", "A2.i"),
        ("隐私权", "A4.e"), ("侵犯知识产权", "A3.a"), ("泄露商业秘密", "A3.c"), ("垄断和不正当竞争", "A3.d"),
        ("侵害他人其他合法权益", "A4.g"), ("虚假信息", "A1.g"), ("Ａ．１．ｃ", "A1.c"), ("内容不准确", "A5.a"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_risk(text: str, id_: str) -> None:
    assert map_risk(text, RISKS) == id_


@pytest.mark.parametrize(
    "text",
    [
        "A.1 包含违反社会主义核心价值观的内容", "A.2 包含歧视性内容", "A.3 商业违法违规", "A.4 侵犯他人合法权益",
        "A.3、A.4", "A.3—A.5",
        "侵犯他人合法权益", "歧视", "合计", "其他", "其他风险类别合计", "A.5", "", "拼音变体", "A.6.a",
    ],
)  # fmt: skip
def test_groups_and_other_words_are_no_risk(text: str) -> None:
    assert map_risk(text, RISKS) is None


@pytest.mark.parametrize(
    ("text", "id_"),
    [("1.制度", "制度"), ("政治制度类", "制度"), ("中华文化", "文化"), ("英烈保护", "英烈"), ("民族文化", None)],
)
def test_topics_are_only_found_where_topics_are_meant(text: str, id_: str | None) -> None:
    assert map_risk(text, RISKS, topic=True) == id_
    assert map_risk(text, RISKS) is None


def test_synonyms_and_group_names_of_the_pack_count() -> None:
    risk = Risk(id="A1.f", group="A1", name="宣扬暴力、淫秽色情", synonyms=("涉黄",))
    names = Names((risk,), {"A1": ["涉政涉黄"]})
    assert names.find("涉黄") == "A1.f"
    assert names.find("涉政涉黄") is None
