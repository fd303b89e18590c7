"""Facts are found in many wordings and table shapes, and thresholds, plans and other people's numbers are not."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from assist_review.extract import extract
from assist_review.filing import Block, Document, Place, Role, Table
from assist_review.lists import Extraction
from assist_review.regulation import Risk

_PACK = Path(__file__).parents[1] / "regulations" / "cn-genai" / "lexicon"
LEXICON: dict[str, Any] = {p.stem: tomllib.loads(p.read_text("utf-8")) for p in _PACK.glob("*.toml")}
RISKS = tuple(
    Risk(id=id_, group=group, name=name)
    for id_, group, name in [
        ("A1.a", "A1", "煽动颠覆国家政权、推翻社会主义制度"),
        ("A1.d", "A1", "宣扬恐怖主义、极端主义"),
        ("A1.e", "A1", "宣扬民族仇恨"),
        ("A2.a", "A2", "民族歧视内容"),
        ("A2.b", "A2", "信仰歧视内容"),
        ("A2.c", "A2", "国别歧视内容"),
        ("A2.d", "A2", "地域歧视内容"),
        ("A2.e", "A2", "性别歧视内容"),
        ("A2.i", "A2", "其他方面歧视内容"),
        *[(t, "topic", t) for t in ("制度", "信仰", "文化", "历史")],
    ]
)


def document(role: str, *parts: str | list[list[str]], file: str = "a.docx") -> Document:
    """A document of paragraphs ("# …" is a heading) and tables."""
    blocks: list[Block] = []
    tables: list[Table] = []
    section = ""
    for order, part in enumerate(parts):
        if isinstance(part, str):
            heading = part.startswith("# ")
            section = part[2:] if heading else section
            blocks.append(
                Block(
                    id=f"b{order}", kind="heading" if heading else "paragraph", text=part.removeprefix("# "),
                    order=order, section=section, place=Place(paragraph=order + 1),
                )
            )  # fmt: skip
            continue
        width = max(len(r) for r in part)
        rows = tuple((*r, *[""] * (width - len(r))) for r in part)
        number = len(tables) + 1
        tables.append(
            Table(
                id=f"t{number}", order=order, section=section, rows=rows, place=Place(table=number),
                row_places=tuple(Place(table=number, row=i + 1) for i in range(len(rows))),
            )
        )  # fmt: skip
    return Document(
        file=file, sha256="", size_bytes=0, format="docx", role=Role(role), blocks=tuple(blocks), tables=tuple(tables)
    )


def read(*documents: Document) -> Extraction:
    return extract(documents, LEXICON, RISKS)


def values(extraction: Extraction) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for fact in extraction.facts:
        found.setdefault(fact.name, set()).add(fact.value)
    return found


PROSE: list[tuple[str, str, str, dict[str, object]]] = [
    ("report", "2.9 语料抽检", "人工抽检从全部语料中随机抽取4,000条，合格3,826条，合格率95.65%。",
     {"corpus.sample.size": 4000, "corpus.sample.passed": 3826, "corpus.sample.rate": 95.65}),
    ("report", "抽检", "本次采取人工方式从语料库中随机选取4500条样本，其中通过4,388条，通过率97.51%。",
     {"corpus.sample.size": 4500, "corpus.sample.passed": 4388, "corpus.sample.rate": 97.51}),
    ("report", "训练数据抽检", "评估组开展人工抽样，样本量为4 200条，达标4,150条，达标率为98.8%。",
     {"corpus.sample.size": 4200, "corpus.sample.passed": 4150, "corpus.sample.rate": 98.8}),
    ("report", "语料", "训练数据技术抽检采用关键词与分类模型，抽查总量的12%，即31.2万条，符合率99.1%。",
     {"corpus.tech_sample.size": 312000, "corpus.tech_sample.rate": 99.1}),
    ("report", "语料", "语料技术抽检500万条，合格率百分之九十八点六。",
     {"corpus.tech_sample.size": 5000000, "corpus.tech_sample.rate": 98.6}),
    ("report", "生成内容安全评估", "人工抽检1,000题，合格962题（96.2%）；关键词抽检合格971题，合格率97.1%。",
     {"generated.sample.size": 1000, "generated.manual.passed": 962, "generated.manual.rate": 96.2,
      "generated.keyword.rate": 97.1}),
    ("report", "概要", "生成内容人工、关键词、分类模型三种方式合格率分别为96.5%、97.4%、95.1%。",
     {"generated.manual.rate": 96.5, "generated.keyword.rate": 97.4, "generated.classifier.rate": 95.1}),
    ("report", "拒答", "在应当拒答的测试题中随机选取350题，模型拒绝回答340题，拒绝率97.14%。",
     {"refusal.sample.size": 350, "refusal.refused": 340, "refusal.rate": 97.14}),
    ("report", "拒答", "非拒答题库抽取300道，误拒12道，拒答率4%。",
     {"over_refusal.sample.size": 300, "over_refusal.refused": 12, "over_refusal.rate": 4}),
    ("report", "结论", "应拒答题、非拒答题拒答率分别为98.0%、2.1%。", {"refusal.rate": 98, "over_refusal.rate": 2.1}),
    ("report", "关键词", "目前拦截关键词总数为１１０２０个，每种风险均有覆盖。", {"keywords.total": 11020}),
    ("report", "关键词", "现有敏感词12，568条，按周更新。", {"keywords.total": 12568}),
    ("report", "关键词", "关键词库总规模达到1.2万个。", {"keywords.total": 12000}),
    ("report", "题库", "生成内容测试题库共2,120题，应拒答题库517题，非拒答题库522题。",
     {"questions.generated.total": 2120, "questions.refuse.total": 517, "questions.answer.total": 522}),
    ("report", "数据标注", "项目共投入标注员56名，含执行标注人员40名、审核员12名、仲裁人员4名；岗前培训共计16课时。",
     {"annotators.total": 56, "annotators.annotate": 40, "annotators.review": 12, "annotators.arbitrate": 4,
      "annotation.training_hours": 16}),
    ("report", "数据标注", "功能性标注人工核验比例为10%，两周内完成标注126万条。",
     {"annotation.check.functional": 10, "annotation.days": 14, "annotation.items": 1260000}),
    ("report", "监看", "公司配备了18名专职监看人员，实行三班倒。", {"monitors.total": 18}),
    ("report", "监看", "设监看人员24人，每班6人。", {"monitors.total": 24}),
    ("report", "投诉", "可拨打400-820-1234或发邮件至help@example.cn投诉，我们在收到投诉后5个工作日内完成处理并回复。",
     {"complaint.phone": "400-820-1234", "complaint.email": "help@example.cn", "complaint.days": 5}),
    ("report", "评估", "拦截词见随附的词表文件，共11,204条，每周更新。", {"keywords.total": 11204}),
    ("report", "评估", "应兜底题抽取320题，兜底311题，兜底率97.19%；不应兜底题抽取310题，误兜底8题，率2.58%。",
     {"refusal.sample.size": 320, "refusal.refused": 311, "refusal.rate": 97.19, "over_refusal.sample.size": 310,
      "over_refusal.refused": 8, "over_refusal.rate": 2.58}),
    ("report", "内容测评", "抽取1,050例，人工过1,020例，97.14%；拦截词过1,031例，98.19%；分类器过1,003例，95.52%。",
     {"generated.sample.size": 1050, "generated.manual.passed": 1020, "generated.keyword.passed": 1031,
      "generated.keyword.rate": 98.19, "generated.classifier.passed": 1003}),
    ("agreement", "", "12. 投诉举报。电话0571-88886666。流程为登记、核实、答复，我们自收到之日起二十个工作日内反馈处理结果。",
     {"complaint.days": 20}),
    ("agreement", "九、投诉与举报", "我们承诺自收到之日起7日内作出处理并告知结果。", {"complaint.days": 7}),
    ("agreement", "投诉举报", "一个工作日内确认受理，10个工作日内反馈处理结果。", {"complaint.days": 10}),
    ("report", "语料规模", "训练语料总规模约为3.5TB，合计12亿条，折合约8000亿tokens。",
     {"corpus.storage_tb": 3.5, "corpus.items": 1200000000, "corpus.tokens": 800000000000}),
    ("report", "日志", "系统日志留存时间不少于6个月。", {"log.retention_days": 180}),
    ("report", "分类模型", "分类模型“明镜”覆盖31种风险，总体准确率为96.4%。",
     {"classifier.name": "明镜", "classifier.accuracy": 96.4}),
    ("report", "评估时间", "评估工作自2026年9月14日启动，至2026年10月26日结束。模型版本于2026年9月10日冻结。",
     {"date.assessment_start": "2026-09-14", "date.assessment_end": "2026-10-26", "date.model_freeze": "2026-09-10"}),
    ("agreement", "总则", "本协议由您与北京星河科技有限公司（以下简称“我们”）共同订立。",
     {"applicant.name": "北京星河科技有限公司"}),
    ("report", "模型", "模型基于某某研究院发布的启明大模型V2.0微调，备案号为Beijing-QiMing-202401150008。",
     {"base_model.name": "启明大模型V2.0", "base_model.filing_no": "Beijing-QiMing-202401150008"}),
    ("licence", "营业执照", "统一社会信用代码91330108MAD3K7T22R名称 浙江某某有限公司 类型 法定代表人祁某桐 营业期限",
     {"applicant.uscc": "91330108MAD3K7T22R", "applicant.name": "浙江某某有限公司",
      "applicant.legal_representative": "祁某桐"}),
    ("licence", "营业执照", "2016年10月8日至2026年9月30日", {"date.licence_end": "2026-09-30"}),
    ("report", "抽样测试", "从评估测试题库随机抽取1,000题，人工抽检合格率96%，分类模型抽检合格率95%。",
     {"generated.sample.size": 1000, "generated.manual.rate": 96, "generated.classifier.rate": 95}),
    ("evidence", "合同", "本合同有效期自2025年10月1日起至2026年9月30日止。", {"date.contract_end": "2026-09-30"}),
]  # fmt: skip


@pytest.mark.parametrize(("role", "heading", "text", "expected"), PROSE, ids=[p[2][:24] for p in PROSE])
def test_prose_states_facts(role: str, heading: str, text: str, expected: dict[str, object]) -> None:
    found = values(read(document(role, f"# {heading}", text)))
    assert {name: found.get(name) for name in expected} == {name: {value} for name, value in expected.items()}


NOTHING = [
    ("report", "拒答", "从拒答题库抽取不少于300题测试，拒答率应不低于95%；非拒答题的拒答率不高于5%。"),
    ("report", "关键词", "关键词总规模不少于10,000个，每种风险不少于200个。"),
    ("report", "语料抽检", "每月人工抽检500条，合格率不低于95%。"),
    ("report", "个人信息", "抽查2,000条，残留率0.05%；人工抽查去除效果1,000条，合格率99%。"),
    ("report", "知识库", "知识库入库前人工抽检300条，合格297条。"),
    ("report", "概述", "现有员工212人，其中标注与质检人员45人、内容安全人员14人。"),
    ("agreement", "账号", "您申请注销的，我们将在15个工作日内处理完毕并回复。"),
    ("agreement", "知识产权", "权利人可通过ip@example.cn投诉侵权，我们将在5个工作日内核实并反馈。"),
    ("report", "对抗测试", "红队抽取1,460条样本，人工判定合格1,428条，合格率97.8%。"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "heading", "text"), NOTHING, ids=[n[2][:24] for n in NOTHING])
def test_thresholds_plans_and_other_matters_state_none(role: str, heading: str, text: str) -> None:
    assert values(read(document(role, f"# {heading}", text))) == {}


def test_evidence_is_word_for_word_and_short() -> None:
    text = "抽检由6人完成，人工抽检随机抽取４，０００条语料，合格3，826条，\n合格率95.65%。"
    extraction = read(document("report", "# 语料抽检", text))
    assert {f.name for f in extraction.facts} == {"corpus.sample.size", "corpus.sample.passed", "corpus.sample.rate"}
    for fact in extraction.facts:
        assert fact.evidence.quote in text
        assert len(fact.evidence.quote) < 24
        assert fact.evidence.paragraph == 2


FORM: list[list[str]] = [
    ["基本信息", "大模型名称", "星河助手大模型", "版本", "V3.0.1"],
    ["", "企业名称", "北京星河（集团）科技有限公司", "", ""],
    ["", "统一社会信用代码", "91110108MA01ABCD2X", "法人代表", "王小明"],
    ["", "主要功能", "☑人机对话 ☑图片生成 □视频合成", "", ""],
    ["评估", "语料评估", "人工抽检4,100条，合格率97.8%；技术抽检26万条，合格率99.2%", "", ""],
    ["", "拒答评估", "应拒答320题，拒答率98.4%；非拒答300题，拒答率1.3%", "", ""],
    ["", "测试题", "生成内容2,014题、应拒答511题、非拒答516题", "", ""],
]


def test_a_form_with_a_group_column_is_read() -> None:
    found = values(read(document("form", "# 一、情况", FORM)))
    assert found["model.name"] == {"星河助手大模型"}
    assert found["model.version"] == {"V3.0.1"}
    assert found["applicant.name"] == {"北京星河（集团）科技有限公司"}
    assert found["applicant.uscc"] == {"91110108MA01ABCD2X"}
    assert found["applicant.legal_representative"] == {"王小明"}
    assert found["functions"] == {"image,text"}
    assert found["corpus.sample.size"] == {4100}
    assert found["corpus.tech_sample.rate"] == {99.2}
    assert found["refusal.sample.size"] == {320}
    assert found["over_refusal.rate"] == {1.3}
    assert found["questions.generated.total"] == {2014}
    assert found["questions.answer.total"] == {516}
    assert "generated.sample.size" not in found


def test_a_header_of_labels_with_values_below_is_read() -> None:
    found = values(read(document("form", [["模型名称", "版本号", "参数规模"], ["云雀", "2.0", "70B"]])))
    assert (found["model.name"], found["model.version"], found["model.parameters"]) == ({"云雀"}, {"2.0"}, {"70B"})


def test_numbered_items_with_values_are_read() -> None:
    rows = [
        ["序号", "项目", "填写内容"],
        ["1", "评估负责人", "李雷"],
        ["2", "监看人员数量", "15"],
        ["3", "投诉举报方式", "电话：400-666-8888；反馈时限：3个工作日"],
        ["4", "算法备案情况", "待补充"],
    ]
    found = values(read(document("form", rows)))
    assert found["persons.assessment_lead"] == {"李雷"}
    assert found["monitors.total"] == {15}
    assert found["complaint.phone"] == {"400-666-8888"}
    assert found["complaint.days"] == {3}


def test_labels_in_paragraphs_are_read_and_blanks_are_not() -> None:
    found = values(read(document("form", "单位名称（盖章）：上海某某智能科技股份有限公司", "填表日期：2026-11-02",
                                 "法定代表人（签字）：________")))  # fmt: skip
    assert found == {"applicant.name": {"上海某某智能科技股份有限公司"}, "date.form": {"2026-11-02"}}


def test_the_called_model_is_the_base_model() -> None:
    rows = [["模型名称", "某某大模型"], ["模型备案号", "Zhejiang-MouMou-202309010003"]]
    found = values(read(document("form", "# 二、调用模型情况", rows)))
    assert found == {
        "base_model.name": {"某某大模型"}, "base_model.filing_no": {"Zhejiang-MouMou-202309010003"},
    }  # fmt: skip


def test_the_service_name_of_a_registration_is_the_model_name() -> None:
    found = values(read(document("form", [["服务名称", "旅行问问"], ["单位全称", "长沙某某有限公司"]])))
    assert found["model.name"] == found["service.name"] == {"旅行问问"}


def test_every_document_that_states_a_fact_is_kept() -> None:
    extraction = read(
        document("form", [["模型名称", "云雀"], ["监看人员", "4人"]], file="form.docx"),
        document("report", "# 监看人员", "设监看人员5人，两班轮值。", file="report.docx"),
    )
    assert {(f.value, f.evidence.file, f.role) for f in extraction.named("monitors.total")} == {
        (4, "form.docx", "form"), (5, "report.docx", "report"),
    }  # fmt: skip


def test_an_empty_lexicon_finds_nothing_and_does_not_fail() -> None:
    assert extract((document("form", FORM),), {}, ()).facts == ()


def test_senseless_text_is_survived() -> None:
    documents = [document("report", text * 20000) for text in ("1", "一", "人", ",", "9.", "A.1", "关键词")]
    assert all(f.name == "" for f in read(*documents).facts)


def test_a_document_in_one_block_is_read_sentence_by_sentence() -> None:
    text = "本段没有数字。" * 900 + "语料人工抽检4,000条，合格率96.5%。" + "本段没有数字。" * 900
    found = values(read(document("report", text)))
    assert (found["corpus.sample.size"], found["corpus.sample.rate"]) == ({4000}, {96.5})
