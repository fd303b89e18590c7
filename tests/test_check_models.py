"""Base model and route: what a model rests on, the shape of its number, and the route that fits."""

import pytest

from filings import document, fact, findings, problems, verdicts

NUMBER = "Beijing-QiMing-202401150008"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高峰时切换至境外大模型接口生成回复。", ["B04"]),
        ("调用OpenAI接口作为兜底。", ["B04"]),
        ("本服务不调用境外模型接口。", []),
        ("与GPT-4对比评测，得分相近。", []),
    ],
    ids=["foreign-fallback", "named-interface", "denied", "benchmark"],
)
def test_no_foreign_model_stands_behind_the_service(text: str, expected: list[str]) -> None:
    assert problems("MOD-01", "base_model", document("report", "# 架构", text), base_model="own") == expected


def test_own_research_and_an_open_base_exclude_each_other() -> None:
    said = document("report", "# 模型", "模型完全自主研发。", "权重文件的config中model_type为qwen2。")
    assert problems("MOD-01", "base_model", said, training="own") == ["B03"]
    assert problems("MOD-01", "base_model", document("report", "模型完全自主研发。"), training="own") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [(NUMBER, []), (f"{NUMBER[:-4]}S0001", ["B06"]), ("网信算备110108123456701230017号", ["B06"])],
    ids=["filing-number", "registration-number", "algorithm-number"],
)
def test_the_base_model_has_a_filing_number(value: str, expected: list[str]) -> None:
    assert problems("MOD-01", "base_model", facts=[fact("base_model.filing_no", value)], base_model="filed") == expected


def test_one_base_model_has_one_number() -> None:
    facts = [fact("base_model.filing_no", n) for n in (NUMBER, "Beijing-QiMing-202401150009")]
    assert problems("MOD-01", "base_model", facts=facts, base_model="filed") == ["B06"]
    facts[1] = fact("base_model.filing_no", "Shanghai-YunQue-202402010001")
    assert problems("MOD-01", "base_model", facts=facts, base_model="filed") == []


def test_dashes_make_no_other_number() -> None:
    facts = [fact("base_model.filing_no", n) for n in (NUMBER, NUMBER.replace("-", "－"))]
    assert problems("MOD-01", "base_model", facts=facts, base_model="filed") == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("基础模型：启明大模型。", ["B09"]),
        ("主用启明大模型，备用云雀大模型。", []),
        ("仅调用启明大模型，备用云雀大模型。", ["B09"]),
    ],
    ids=["not-declared", "declared", "said-to-be-the-only-one"],
)
def test_a_standby_model_is_declared(form: str, expected: list[str]) -> None:
    said = document("report", "# 架构", "主通道超时后自动切换至备用的云雀大模型接口。")
    found = findings("MOD-01", "base_model", document("form", form), said, route="registration", base_model="filed")
    assert [f.defect for f in found if f.defect] == expected


@pytest.mark.parametrize(
    ("training", "model", "numbers", "verdict"),
    [("own", "own", [], "compliant"), (None, None, [], "unclear"), ("none", "filed", [], "unclear"), ("none", "filed", [NUMBER], "compliant")],
    ids=["own-model", "unknown", "filed-without-number", "filed-with-number"],
)  # fmt: skip
def test_what_is_not_known_is_asked(training: str | None, model: str | None, numbers: list[str], verdict: str) -> None:
    facts = [fact("base_model.filing_no", n) for n in numbers]
    assert verdicts("MOD-01", "base_model", facts=facts, training=training, base_model=model) == {verdict}


@pytest.mark.parametrize(
    ("route", "training", "text", "expected"),
    [
        ("registration", "none", "采用LoRA对自有120,000条样本进行微调。", ["B01"]),
        ("registration", "none", "没有对模型进行任何训练或微调。", []),
        ("registration", "none", "仅通过API调用已备案模型。", []),
        ("filing", "none", "本服务仅通过接口调用启明大模型，未进行训练。", ["B02"]),
        ("filing", "fine-tuned", "仅通过接口调用审核模型。", []),
        ("filing", "own", "从零开始预训练。", []),
    ],
    ids=["tuned-but-registered", "untouched", "called-only", "filed-but-called-only", "fine-tuned", "own"],
)
def test_the_route_fits_what_was_done(route: str, training: str, text: str, expected: list[str]) -> None:
    assert problems("SUB-03", "route", document("report", "# 模型", text), route=route, training=training) == expected


def test_an_unknown_training_leaves_the_route_open() -> None:
    assert verdicts("SUB-03", "route", document("report", "本报告。")) == {"unclear"}
