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


CONTRACT = "大模型接口服务合同"
OWN = fact("applicant.name", "杭州澄观软件有限公司", role="form")


@pytest.mark.parametrize(
    ("party", "scanned", "expected"),
    [
        ("杭州澄观软件有限公司", False, []),
        ("杭州澄观控股集团有限公司", False, ["B08"]),
        ("杭州澄观控股集团有限公司", True, ["B08"]),
        ("杭州澄观软仵有限公司", True, []),
        ("杭州澄观软件有限公司宁波分公司", False, []),
    ],
    ids=["applicant", "parent", "parent-on-a-scan", "misread-character", "branch"],
)
def test_the_applicant_is_a_party_of_the_model_contract(party: str, scanned: bool, expected: list[str]) -> None:
    paper = document(
        "evidence", CONTRACT, "甲方（模型方）：宁波沧浪智能科技有限公司", f"乙方（使用方）：{party}", "甲方向乙方提供大模型推理接口服务。",
        ocr_pages=(1,) if scanned else (),
    )  # fmt: skip
    assert problems("MOD-01", "contract_party", paper, facts=[OWN]) == expected


def test_another_party_that_authorises_the_applicant_is_for_a_person_to_read() -> None:
    paper = document(
        "evidence", CONTRACT, "甲方：宁波沧浪智能科技有限公司", "乙方：杭州澄观控股集团有限公司", "提供大模型接口服务。"
    )
    letter = document(
        "authorisation",
        "使用授权书",
        "杭州澄观控股集团有限公司授权杭州澄观软件有限公司使用该接口。",
        file="授权书.docx",
    )
    assert verdicts("MOD-01", "contract_party", paper, letter, facts=[OWN]) == {"unclear"}


def test_a_contract_about_something_else_is_not_asked_for_the_applicant() -> None:
    paper = document(
        "evidence", "机房租赁合同", "甲方：宁波沧浪置业有限公司", "乙方：杭州澄观控股集团有限公司", "租赁机柜四个。"
    )
    assert problems("MOD-01", "contract_party", paper, facts=[OWN]) == []


def test_a_former_name_of_the_model_is_no_second_model() -> None:
    said = document(
        "report",
        "# 概况",
        "本模型原内部名称为“云影”，2026年4月改用现名，模型与版本未变。",
        "本模型不属于只调用已备案模型的情形。",
    )
    assert problems("MOD-01", "base_model", said, base_model="filed") == []
