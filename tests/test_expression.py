"""Applicability expressions: three values, and errors that name the character."""

import pytest

from assist_review.errors import RegulationError
from assist_review.expression import evaluate, parse
from assist_review.filing import ServiceProfile

SERVICE = ServiceProfile(modalities=("text", "image"), training="own", minors=False, paid=True, sector="医疗")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("true", True),
        ("false", False),
        ("route == 'filing'", True),
        ("route != 'filing'", False),
        ("route in ['filing', 'registration']", True),
        ("service.training != 'none'", True),
        ("service.training not in ['own', 'fine-tuned']", False),
        ("'image' in service.modalities", True),
        ("'video' in service.modalities", False),
        ("'video' not in service.modalities", True),
        ("service.sector == '医疗'", True),
        ("service.paid", True),
        ("not service.minors", True),
        ("service.minors == false", True),
        ("service.paid and not service.minors", True),
        ("service.minors or service.paid and route == 'registration'", False),
        ("(service.minors or service.paid) and route == 'filing'", True),
        ("not not service.paid", True),
    ],
)
def test_known_values_give_true_or_false(text: str, answer: bool) -> None:
    assert evaluate(text, "filing", SERVICE) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("service.api", None),
        ("not service.api", None),
        ("service.api == true", None),
        ("service.api != true", None),
        ("service.base_model == 'open'", None),
        ("service.base_model in ['open', 'filed']", None),
        ("service.base_model not in ['open']", None),
        ("service.api and service.paid", None),
        ("service.api and service.minors", False),
        ("service.api or service.paid", True),
        ("service.api or service.minors", None),
        ("service.api == none", True),
        ("service.paid == none", False),
        ("service.paid != none", True),
    ],
)
def test_unknown_stays_unknown_unless_the_rest_decides(text: str, answer: bool | None) -> None:
    assert evaluate(text, "filing", SERVICE) is answer


def test_modalities_that_were_not_recognised_are_unknown() -> None:
    assert evaluate("'image' in service.modalities", "filing", ServiceProfile()) is None


def test_route_may_be_unknown() -> None:
    assert evaluate("route == 'filing'", None, SERVICE) is None


@pytest.mark.parametrize(
    ("text", "character", "words"),
    [
        ("", 1, "此处应为一个值"),
        ("service.minors and", 19, "此处应为一个值"),
        ("service.minor", 1, "没有名为“service.minor”"),
        ("minors", 1, "没有名为“minors”"),
        ("service.training != 'finetuned'", 21, "没有“finetuned”这个取值"),
        ("service.training in ['own', 'x']", 21, "没有“x”这个取值"),
        ("'picture' in service.modalities", 1, "没有“picture”这个取值"),
        ("route == 'other'", 10, "没有“other”这个取值"),
        ("route", 1, "本身不是是非判断"),
        ("service.minors == 'yes'", 19, "不能与“yes”相比较"),
        ("service.sector == true", 19, "不能与“true”相比较"),
        ("service.modalities == 'text'", 23, "不能与“text”相比较"),
        ("service.minors in ['a']", 19, "in 左边须为一个文本"),
        ("(service.minors", 16, "此处应为“)”"),
        ("service.minors)", 15, "此处应为结束"),
        ("service.minors = true", 16, "看不懂"),
        ("service.sector in ['a' 'b']", 24, "此处应为“]”"),
        ("service.sector in [a]", 20, "列表中只能写"),
        ("__import__('os')", 1, "没有名为“__import__”"),
        ("service.sector == 'a", 19, "看不懂"),
    ],
)
def test_mistakes_name_the_character(text: str, character: int, words: str) -> None:
    with pytest.raises(RegulationError) as error:
        parse(text)
    assert f"第 {character} 个字符" in str(error.value)
    assert words in str(error.value)
