"""Keyword lists and question banks are read from sheets of any layout, row by row, and counted."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assist_review.extract import extract
from assist_review.filing import Document, Place, Role, Sheet, Table
from assist_review.lists import Extraction
from test_extract_facts import RISKS

_PACK = Path(__file__).parents[1] / "regulations" / "cn-genai" / "lexicon"
LEXICON: dict[str, Any] = {p.stem: tomllib.loads(p.read_text("utf-8")) for p in _PACK.glob("*.toml")}
Rows = list[list[str]]


def book(role: str, file: str, *sheets: Sheet) -> Document:
    return Document(file=file, sha256="", size_bytes=0, format="sheet", role=Role(role), sheets=sheets)


def sheet(name: str, rows: Rows, **more: Any) -> Sheet:
    width = max(len(r) for r in rows)
    return Sheet(name=name, rows=tuple((*r, *[""] * (width - len(r))) for r in rows), **more)


def read(*documents: Document) -> Extraction:
    return extract(documents, LEXICON, RISKS)


def counted(extraction: Extraction) -> dict[str, object]:
    return {f.name: f.value for f in extraction.facts if f.counted}


KEYWORDS: Rows = [
    ["序号", "关键词", "一级分类", "二级分类", "更新日期"],
    ["1", "甲词", "A.1", "宣扬民族仇恨", "2026-09-14"],
    ["2", "乙词", "A.1", "宣扬恐怖主义、极端主义", "2026-09-14"],
    ["3", "丙词", "A.1", "宣扬民族仇恨", "2026-09-21"],
]


def test_a_keyword_list_is_counted_in_all_and_per_risk() -> None:
    extraction = read(book("keywords", "词.xlsx", sheet("拦截关键词列表", KEYWORDS)))
    assert counted(extraction) == {"keywords.total": 3, "keywords.A1.e": 2, "keywords.A1.d": 1}
    (bank,) = extraction.banks
    assert (bank.kind, bank.header_row, bank.columns["entry"]) == ("keywords", 1, 1)
    assert next((r.number, r.risk, r.entry) for r in bank.rows) == (2, "A1.e", "甲词")
    total = extraction.named("keywords.total")[0]
    assert (total.evidence.sheet, total.evidence.quote) == ("拦截关键词列表", "拦截关键词列表")
    (risk,) = extraction.named("keywords.A1.e")
    assert (risk.evidence.cell, risk.evidence.quote) == ("D2", "宣扬民族仇恨")


def test_title_rows_blank_rows_and_subtotals_are_no_entries() -> None:
    rows: Rows = [["某某大模型拦截关键词列表"], [], *KEYWORDS, [], ["", "小计", "", "", ""], ["", "共3条", "", "", ""]]
    extraction = read(book("keywords", "词.xlsx", sheet("Sheet1", rows)))
    assert counted(extraction)["keywords.total"] == 3
    assert extraction.banks[0].header_row == 3


def test_hidden_rows_columns_and_sheets_do_not_count() -> None:
    shown = sheet("词", KEYWORDS, hidden_rows=frozenset({3}), hidden_columns=frozenset({1}))
    extraction = read(book("keywords", "词.xlsx", shown, sheet("备份", KEYWORDS, visible=False)))
    assert counted(extraction) == {"keywords.total": 2, "keywords.A1.e": 2}
    assert extraction.banks[0].columns["entry"] == 1


def test_several_sheets_per_class_add_up_and_logs_stay_apart() -> None:
    log = [
        ["更新日期", "新增", "停用", "经办人", "说明"],
        ["2026-11-06", "36", "2", "张三", "周更新"],
        ["2026-10-30", "1", "0", "张三", ""],
    ]
    second = [["编号", "拦截词", "一级分类", "二级分类"], ["1", "丁词", "A.2 包含歧视性内容", "民族歧视内容"]]
    extraction = read(
        book("keywords", "词.xlsx", sheet("A.1类", KEYWORDS), sheet("A.2类", second), sheet("更新记录", log))
    )
    assert [b.kind for b in extraction.banks] == ["keywords", "keywords", "update_log"]
    found = counted(extraction)
    assert (found["keywords.total"], found["keywords.A2.a"]) == (4, 1)
    assert found["keywords.update_date"] == "2026-11-06"


def test_merged_categories_are_carried_down() -> None:
    rows = [
        ["敏感词", "风险大类", "风险小类"],
        ["甲", "A.2", "民族歧视"],
        ["乙", "", ""],
        ["丙", "", ""],
        ["丁", "", "地域歧视"],
        ["戊", "", ""],
    ]
    found = counted(read(book("keywords", "词.xlsx", sheet("敏感词", rows))))
    assert (found["keywords.A2.a"], found["keywords.A2.d"]) == (3, 2)


def test_a_few_blank_categories_stay_blank() -> None:
    rows = [*KEYWORDS, ["4", "丁词", "A.1", "", ""]]
    (bank,) = read(book("keywords", "词.xlsx", sheet("词", rows))).banks
    assert bank.rows[-1].cells["class2"] == ""
    assert bank.unmapped == {"A.1": 1}


def test_own_categories_are_listed_as_unmapped() -> None:
    rows = [["关键词", "分类"], ["甲", "民族歧视"], ["乙", "广告引流"], ["丙", "广告引流"]]
    (bank,) = read(book("keywords", "词.xlsx", sheet("词库", rows))).banks
    assert bank.unmapped == {"广告引流": 2}


def test_a_list_of_nothing_but_words_is_a_list() -> None:
    found = counted(read(book("keywords", "词.csv", sheet("词", [["关键词"], ["甲"], ["乙"]]))))
    assert found == {"keywords.total": 2}


QUESTION = [
    "序号",
    "测试题",
    "风险类别",
    "风险类型",
    "模型输出",
    "是否抽中",
    "人工研判结果",
    "关键词研判",
    "分类模型研判",
    "测试时间",
    "被测模型版本",
]


def test_columns_of_a_question_bank_are_known_by_many_names() -> None:
    rows = [
        QUESTION,
        ["1", "问一？", "A.2", "民族歧视内容", "答", "是", "合格", "合格", "不合格", "2026-10-12", "V1.0"],
    ]
    (bank,) = read(book("questions", "题.xlsx", sheet("生成内容测试题库（A.1-A.5）", rows))).banks
    assert bank.kind == "generated"
    cells = bank.rows[0].cells
    assert cells == {
        "entry": "问一？", "class1": "A.2", "class2": "民族歧视内容", "answer": "答", "sampled": "是",
        "verdict": "合格",
        "verdict_keyword": "合格", "verdict_classifier": "不合格", "date": "2026-10-12", "version": "V1.0",
    }  # fmt: skip


def test_banks_are_told_by_sheet_names() -> None:
    row = ["1", "问？", "A.2", "民族歧视内容", "答", "是"]
    head = ["序号", "题目", "一级分类", "二级分类", "模型回答", "是否拒答"]
    answer = [["序号", "题目", "方面", "模型回答", "是否拒答"], ["1", "问？", "制度", "答", "否"]]
    extraction = read(
        book(
            "questions",
            "题.xlsx",
            sheet("生成内容", [head, row]),
            sheet("应拒答", [head, row, row]),
            sheet("非拒答", answer),
        )
    )
    assert [b.kind for b in extraction.banks] == ["generated", "refuse", "answer"]
    found = counted(extraction)
    assert (found["questions.refuse.total"], found["questions.refuse.A2.a"]) == (2, 2)
    assert found["questions.answer.制度"] == 1


def test_banks_are_told_by_file_names_and_by_content() -> None:
    head = ["问题", "类别", "回答"]
    by_file = read(
        book("questions", "应拒答题.xlsx", sheet("Sheet1", [head, ["问", "民族歧视", "拒"]])),
        book("questions", "非拒答题.xlsx", sheet("Sheet1", [head, ["问", "历史", "答"]])),
    )
    assert [(b.kind, b.rows[0].risk) for b in by_file.banks] == [("refuse", "A2.a"), ("answer", "历史")]
    topics = [head, *[["问", t, "答"] for t in ("制度", "信仰", "文化", "历史") * 3]]
    assert read(book("questions", "题.xlsx", sheet("Sheet1", topics))).banks[0].kind == "answer"


def test_a_bank_column_divides_one_sheet() -> None:
    rows = [
        ["题库类型", "题目", "风险类型"],
        ["生成内容", "一", "民族歧视"],
        ["应拒答", "二", "民族歧视"],
        ["非拒答", "三", "制度"],
        ["非拒答", "四", "文化"],
    ]
    found = counted(read(book("questions", "题.xlsx", sheet("全部", rows))))
    assert found["questions.generated.total"] == 1
    assert found["questions.refuse.A2.a"] == 1
    assert (found["questions.answer.total"], found["questions.answer.文化"]) == (2, 1)


def test_a_two_row_header_is_read() -> None:
    rows = [["序号", "题目", "风险", "", "研判", ""], ["", "", "一级分类", "二级分类", "人工研判", "关键词研判"],
            ["1", "问", "A.2", "地域歧视", "合格", "合格"]]  # fmt: skip
    (bank,) = read(book("questions", "题.xlsx", sheet("生成内容题库", rows))).banks
    assert [(r.entry, r.risk) for r in bank.rows] == [("问", "A2.d")]


def test_a_copy_in_another_file_counts_once() -> None:
    one, two = (book("keywords", f, sheet("词", KEYWORDS)) for f in ("词.xlsx", "词最终版.xlsx"))
    assert counted(read(one, two))["keywords.total"] == 3


def test_notes_and_statistics_are_no_banks() -> None:
    notes = [["填表说明"], ["一、题目已作脱敏处理"], ["二、是否抽样为是的题目为抽检题"]]
    statistics = [["风险类型", "题目数量"], ["民族歧视", "50"]]
    log = [["更新日期", "题库", "新增", "替换", "说明"], ["2026-10-09", "应拒答", "18", "6", "月度更新"]]
    extraction = read(
        book("questions", "题.xlsx", sheet("填表说明", notes), sheet("统计", statistics), sheet("题库更新记录", log))
    )
    assert [b.kind for b in extraction.banks] == ["update_log"]


def test_lists_in_tables_are_read_where_there_is_no_sheet() -> None:
    def table(number: int, rows: Rows, caption: str = "") -> Table:
        return Table(
            id=f"t{number}", order=number, caption=caption, rows=tuple(map(tuple, rows)), place=Place(table=number),
            row_places=tuple(Place(table=number, row=i + 1) for i in range(len(rows))),
        )  # fmt: skip

    first = table(1, [["关键词", "二级分类"], ["甲", "民族歧视"], ["乙", "地域歧视"]], "拦截关键词")
    second = table(2, [["关键词", "二级分类"], ["丙", "民族歧视"]])
    document = Document(
        file="词.docx", sha256="", size_bytes=0, format="docx", role=Role.KEYWORDS, tables=(first, second)
    )
    assert counted(read(document)) == {"keywords.total": 3, "keywords.A2.a": 2, "keywords.A2.d": 1}


@pytest.mark.parametrize("size", [30_000])
def test_a_long_list_is_read_quickly(size: int) -> None:
    rows = [KEYWORDS[0], *[[str(i), f"词{i}", "A.2 包含歧视性内容", "民族歧视内容", "2026-09-14"] for i in range(size)]]
    document = book("keywords", "词.xlsx", sheet("词", rows))
    start = time.perf_counter()
    extraction = read(document)
    assert counted(extraction)["keywords.total"] == size
    assert time.perf_counter() - start < 3  # 0.2 s on an ordinary machine


def test_a_form_that_is_a_spreadsheet_names_applicant_service_and_called_model() -> None:
    """Groups in the first column, two pairs to a row, the applicant above them in columns of its own."""
    rows: Rows = [
        ["生成式人工智能服务登记表（调用已备案模型）", "", "", "", ""],
        ["填报单位", "青岛澜石软件有限公司", "", "填报日期", "2026-05-06"],
        ["类", "栏目", "填写", "栏目", "填写"],
        ["主体", "统一社会信用代码", "91370202MA3CX1QK5R", "法定代表人", "段若川"],
        ["", "住所", "青岛市市南区香港中路8号", "安全评估负责人", "叶知秋"],
        ["服务", "服务名称/版本", "澜石问海 V2.0", "领域", "海洋科普"],
        ["", "适用人群", "成年人", "ICP备案", "鲁ICP备2024011223号"],
        ["模型", "路径", "登记", "模型名称", "远帆大模型"],
        ["", "提供方", "济南远帆智能科技有限公司", "备案号", "Shandong-YuanFan-202407150003"],
        ["评估", "方式/时间", "自评估", "用例", "内容2,100；应兜底520；不应兜底510"],
    ]
    found = {f.name: f.value for f in read(book("form", "登记表.xlsx", sheet("登记表", rows))).facts}
    wanted = {
        "applicant.name": "青岛澜石软件有限公司", "date.form": "2026-05-06", "model.name": "澜石问海", "model.version": "V2.0",
        "base_model.name": "远帆大模型", "applicant.legal_representative": "段若川", "questions.generated.total": 2100,
        "questions.refuse.total": 520, "questions.answer.total": 510,
    }  # fmt: skip
    assert {name: found.get(name) for name in wanted} == wanted


def test_cases_to_refuse_are_told_by_the_words_of_engineers() -> None:
    rows: Rows = [["用例号", "类别", "用例内容", "应答内容", "抽中", "兜底情况"]]
    rows += [[f"{n:03}", "民族歧视内容", f"第{n}个问题怎么看待这件事情", "不便回答", "√", "兜底"] for n in range(40)]
    named = ("内容测评用例", "应兜底用例", "不应兜底用例")
    found = counted(read(book("questions", "测评用例.xlsx", *(sheet(n, rows) for n in named))))
    totals = {name: found.get(f"questions.{name}.total") for name in ("generated", "refuse", "answer")}
    assert totals == {"generated": 40, "refuse": 40, "answer": 40}


def test_a_part_on_the_right_keeps_its_own_cell() -> None:
    rows: Rows = [
        ["类别", "条数", "类别", "条数"],
        ["民族歧视内容", "150", "国别歧视内容", "130"],
        ["信仰歧视内容", "140", "地域歧视内容", "120"],
    ]
    (fact,) = read(book("report", "附表.xlsx", sheet("拦截词分布", rows))).named("keywords.A2.d")
    assert fact.evidence.cell == "D3"
