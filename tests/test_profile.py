"""Route and service profile: what titles, labels, ticks and prose tell, and what the user says instead."""

from typing import Any

import pytest

from assist_review.errors import SettingsError
from assist_review.extract.profile import recognise
from assist_review.filing import Document, ServiceProfile
from filings import FORM, document
from wordings import pack


def _seen(*documents: Document, **more: Any) -> tuple[str, ServiceProfile, dict[str, str]]:
    return recognise(documents, pack().lexicon, **more)


def _form(*rows: list[str], title: str = "生成式人工智能服务上线备案申请表") -> Document:
    return document("form", title, [["模型名称", "星河"], *rows])


@pytest.mark.parametrize(
    ("documents", "route"),
    [
        ([_form()], "filing"),
        ([_form(title="生成式人工智能服务登记表")], "registration"),
        ([_form(["申报类型", "☑登记 □备案"], title="申请表")], "registration"),
        ([_form(["申报类型", "□登记 ☑备案"], title="申请表")], "filing"),
        ([document("evidence", "本单位仅通过API接口调用已备案模型。")], "registration"),
        ([], "filing"),
    ],
    ids=["title-filing", "title-registration", "registration-ticked", "filing-ticked", "prose", "nothing"],
)
def test_the_route_is_recognised(documents: list[Document], route: str) -> None:
    assert _seen(*documents)[0] == route


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        (["适用人群", "十八周岁以上个人用户"], "minors", False),
        (["适用人群", "面向中小学生"], "minors", True),
        (["模型来源", "自行研制，从零训练"], "training", "own"),
        (["模型来源", "基于开源模型微调"], "training", "fine-tuned"),
        (["模型来源", "基于开源模型微调"], "base_model", "open"),
        (["是否微调", "☑否 □是"], "training", "none"),
        (["是否限定领域", "☑限定领域：医疗 □通用"], "domain_limited", True),
        (["是否限定领域", "□限定领域 ☑通用"], "sector", "通用"),
        (["主要功能", "☑人机对话 □图片生成"], "modalities", ("text",)),
        (["主要功能", "☑人机对话 ☑图片生成"], "modalities", ("text", "image")),
        (["注册地址", "浙江省杭州市西湖区1号"], "province", "浙江"),
        (["服务方式", "网页、API接口"], "api", True),
    ],
    ids=[
        "adults", "pupils", "own", "fine-tuned", "open-base", "not-tuned-ticked", "sector-ticked", "general-ticked",
        "one-function-ticked", "two-functions-ticked", "province", "api",
    ],
)  # fmt: skip
def test_a_label_of_the_form_tells(row: list[str], key: str, value: object) -> None:
    _, service, reasons = _seen(_form(row))
    assert getattr(service, key) == value
    assert reasons[key]


def test_what_is_not_told_is_unknown_or_its_default() -> None:
    _, service, reasons = _seen(document("report", "本报告共十章。"))
    assert (service.minors, service.training, service.paid) == (None, None, False)
    assert reasons["paid"] == "材料没有提到"
    assert "minors" not in reasons


def test_a_function_nobody_else_speaks_of_is_not_counted() -> None:
    form = _form(["主要功能", "☑人机对话 ☑图片生成"])
    assert _seen(form, document("report", "# 概述", "提供人机对话。"))[1].modalities == ("text",)
    assert _seen(form, document("report", "# 概述", "提供文生图。"))[1].modalities == ("text", "image")


@pytest.mark.parametrize(
    ("rows", "modalities"),
    [
        ([["统一社会信用代码", "91510107MA6CXY123X"]], ("text",)),
        ([["统一社会信用代码", "91510107MA6CXY123X"], ["服务形式", "☑文本 □图片 □音频 □视频"]], ("text",)),
        ([["用途", "编写代码"]], ("code",)),
    ],
    ids=["a-credit-code-is-no-program", "ticked-form-of-service", "named-in-the-form"],
)
def test_the_modality_is_what_the_form_names(rows: list[list[str]], modalities: tuple[str, ...]) -> None:
    assert _seen(_form(*rows))[1].modalities == modalities


def test_a_model_name_with_a_decimal_does_not_end_the_sentence() -> None:
    report = document("report", "模型在Qwen2.5-7B基础上以农技语料1.2亿条微调。")
    assert _seen(_form(), report)[1].training == "fine-tuned"


def test_a_foreign_fallback_outweighs_the_label() -> None:
    """What the prose admits is decisive, unless the sentence denies it."""
    form = _form(["模型来源", "自行研制"])
    admitted, denied = "高峰时切换至境外大模型接口生成。", "本服务不调用境外大模型接口生成内容。"
    assert _seen(form, document("report", admitted))[1].base_model == "foreign"
    assert _seen(form, document("report", denied))[1].base_model == "own"


def test_two_contradicting_statements_leave_the_question_open() -> None:
    home, abroad = (
        document("report", "数据存储在境内，不向境外提供。"),
        document("privacy", "信息可能传输至境外服务器。"),
    )
    assert _seen(home)[1].export is False
    assert _seen(abroad)[1].export is True
    assert _seen(home, abroad)[1].export is None


def test_a_registration_without_training_calls_a_filed_model() -> None:
    _, service, _ = _seen(_form(title="生成式人工智能服务登记表"))
    assert (service.training, service.base_model) == ("none", "filed")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("minors", "true", True),
        ("minors", "否", False),
        ("minors", " YES ", True),
        ("modalities", "text, image", ("text", "image")),
        ("training", "fine-tuned", "fine-tuned"),
        ("province", "上海", "上海"),
        ("sector", "", None),
    ],
    ids=["true", "chinese", "spaces-and-case", "list", "choice", "text", "empty"],
)
def test_the_user_has_the_last_word(key: str, text: str, value: object) -> None:
    _, service, reasons = _seen(document("form", *FORM), overrides={key: text})
    assert getattr(service, key) == value
    assert reasons[key] == "用户指定"


def test_the_route_can_be_given() -> None:
    route, _, reasons = _seen(document("form", *FORM), route="registration")
    assert (route, reasons["route"]) == ("registration", "用户指定")


@pytest.mark.parametrize(
    ("key", "text"),
    [("minor", "true"), ("minors", "maybe"), ("training", "some"), ("modalities", "text,smell"), ("", "x")],
    ids=["unknown-key", "neither-true-nor-false", "no-such-choice", "no-such-modality", "empty-key"],
)
def test_a_value_that_cannot_be_is_refused_by_name(key: str, text: str) -> None:
    with pytest.raises(SettingsError, match="--service"):
        _seen(overrides={key: text})
