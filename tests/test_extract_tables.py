"""Tables are recognised by their columns under other names and headers, and their facts have cell places."""

import pytest

from test_extract_facts import document, read, values

Rows = list[list[str]]
FIVE = ("民族歧视", "信仰歧视", "国别歧视", "地域歧视", "性别歧视")
TABLES: list[tuple[str, str, str, Rows, dict[str, object]]] = [
    ("corpus_sampling", "report", "语料抽检结果",
     [["评估方式", "样本数量（条）", "合格数（条）", "合格率（%）"], ["人工抽样", "4,100", "4,010", "97.8"],
      ["技术抽样（关键词+分类模型）", "26万", "25.8万", "99.23"]],
     {"corpus.sample.size": 4100, "corpus.sample.passed": 4010, "corpus.sample.rate": 97.8,
      "corpus.tech_sample.size": 260000, "corpus.tech_sample.passed": 258000, "corpus.tech_sample.rate": 99.23}),
    ("refusal_results", "report", "拒答评估",
     [["测试项目", "测试题数", "拒绝回答题数", "拒绝回答率", "要求"], ["应拒答测试题", "320", "315", "98.4%", "≥95%"],
      ["非拒答测试题", "320", "4", "1.3%", "≤5%"]],
     {"refusal.sample.size": 320, "refusal.refused": 315, "refusal.rate": 98.4, "over_refusal.refused": 4,
      "over_refusal.rate": 1.3}),
    ("annotators", "report", "标注人员",
     [["角色", "人员数量", "用工性质"], ["标注人员", "30", "外包"], ["审核人员", "8", "自有"], ["合计", "38", ""]],
     {"annotators.annotate": 30, "annotators.review": 8, "annotators.total": 38}),
    ("bank_distribution", "report", "应拒答题库分布",
     [["风险类型", "题目数量"], ["民族歧视内容", "31"], ["信仰歧视", "30"], ["宣扬民族仇恨", "22"], ["总计", "83"]],
     {"questions.refuse.A2.a": 31, "questions.refuse.A2.b": 30, "questions.refuse.A1.e": 22,
      "questions.refuse.total": 83}),
    ("bank_distribution", "report", "题量统计",
     [["编号", "主要安全风险", "最低要求", "生成内容题库", "应拒答题库"],
      ["A.2.a", "民族歧视内容", "50 / 20", "80", "30"],
      ["A.2.b", "信仰歧视内容", "50 / 20", "76", "28"], ["A.2.c", "国别歧视内容", "50 / 20", "74", "—"],
      ["", "合计", "2,000 / 500", "2,120", "517"]],
     {"questions.generated.A2.a": 80, "questions.refuse.A2.b": 28, "questions.generated.total": 2120,
      "questions.refuse.total": 517}),
    ("bank_distribution", "report", "题量统计",
     [["非拒答方面", "最低要求", "题量"], ["制度", "20", "42"], ["信仰", "20", "40"], ["文化", "20", "44"],
      ["合计", "500", "522"]],
     {"questions.answer.制度": 42, "questions.answer.total": 522}),
    ("keyword_distribution", "report", "拦截关键词",
     [["一级分类", "二级分类", "词条数量"], ["A.1", "煽动颠覆国家政权", "300"], ["", "宣扬恐怖主义、极端主义", "250"],
      ["A.2", "地域歧视", "1,100"], ["合计", "", "1,650"]],
     {"keywords.A1.a": 300, "keywords.A1.d": 250, "keywords.A2.d": 1100, "keywords.total": 1650}),
    ("result_per_risk", "report", "生成内容测试",
     [["风险类别", "抽取题数", "人工", "", "关键词", "", "分类模型", ""],
      ["", "", "合格数", "合格率", "合格数", "合格率", "合格数", "合格率"],
      *[[n, "30", "29", "96.7%", "28", "93.3%", "30", "100%"] for n in FIVE],
      ["合计", "150", "145", "96.7%", "140", "93.3%", "150", "100%"]],
     {"generated.sample.size": 150, "generated.manual.passed": 145, "generated.keyword.rate": 93.3,
      "generated.classifier.passed": 150}),
    ("keyword_distribution", "report", "拦截词分布",
     [["类码", "类别", "条数", "类码", "类别", "条数"], ["A1-d", "宣扬恐怖主义、极端主义", "320", "A2-b", "信仰歧视内容", "140"],
      ["A1-e", "宣扬民族仇恨", "310", "A2-c", "国别歧视内容", "130"], ["A2-a", "民族歧视内容", "150", "合计", "5类", "1,050"]],
     {"keywords.A1.d": 320, "keywords.A1.e": 310, "keywords.A2.a": 150, "keywords.A2.b": 140, "keywords.A2.c": 130,
      "keywords.total": 1050}),
    ("result_per_risk", "report", "内容测评结果",
     [["类码", "类别", "抽取", "人工", "", "拦截词", "", "分类器", ""], ["", "", "", "过", "率", "过", "率", "过", "率"],
      *[["", n, "30", "29", "96.7%", "28", "93.3%", "30", "100%"] for n in FIVE],
      ["合计", "", "150", "145", "96.7%", "140", "93.3%", "150", "100%"]],
     {"generated.sample.size": 150, "generated.manual.passed": 145, "generated.keyword.rate": 93.3,
      "generated.classifier.passed": 150}),
    ("corpus_types", "report", "语料规模",
     [["语料类型", "规模（亿tokens）", "占比"], ["中文", "8000", "80%"], ["英文", "2000", "20%"],
      ["合计", "10000", "100%"]],
     {"corpus.tokens": 10**12, "corpus.total": 10**12}),
    ("corpus_sources", "report", "语料来源",
     [["序号", "数据集名称", "来源类型", "授权情况", "数据量(TB)"], ["1", "某开源集", "开源", "Apache-2.0", "1.5"],
      ["2", "自采网页", "自采", "采集记录", "0.5"], ["合计", "", "", "", "2.0"]],
     {"corpus.storage_tb": 2, "corpus.total": 2}),
    ("attachments", "form", "附件清单",
     [["序号", "材料名称", "格式", "页数/条数"], ["1", "拦截关键词列表", "XLSX", "10,892条"],
      ["2", "评估测试题集", "XLSX", "2,120题 / 517题 / 522题"]],
     {"keywords.total": 10892, "questions.generated.total": 2120, "questions.refuse.total": 517,
      "questions.answer.total": 522}),
    ("persons", "report", "评估人员",
     [["姓名", "部门/岗位", "分工"], ["李雷", "首席安全官", "安全评估负责人"], ["韩梅梅", "法务", "合法性评估负责人"]],
     {"persons.assessment_lead": "李雷", "persons.legality_lead": "韩梅梅"}),
    ("compute", "form", "训练算力",
     [["算力来源", "设备品牌型号", "数量", "部署地点"], ["自有", "某某加速卡", "256张", "杭州"]],
     {"compute.cards": 256}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "role", "heading", "rows", "expected"), TABLES, ids=[f"{t[0]}-{t[3][0][0]}" for t in TABLES]
)
def test_a_table_is_recognised_and_read(
    kind: str, role: str, heading: str, rows: Rows, expected: dict[str, object]
) -> None:
    extraction = read(document(role, f"# {heading}", rows))
    found = values(extraction)
    assert [t.kind for t in extraction.tables] == [kind]
    assert {n: found.get(n) for n in expected} == {n: {v} for n, v in expected.items()}


def test_cells_are_evidence_with_row_and_column_text() -> None:
    extraction = read(document(*("report", "# 拒答"), TABLES[1][3]))
    (fact,) = extraction.named("refusal.refused")
    assert (fact.evidence.table, fact.evidence.row, fact.evidence.quote) == (1, 2, "315")


def test_source_checks_keep_before_and_after_apart() -> None:
    one_row = [["来源编号", "采前抽样/条", "命中", "占比", "采后抽样/条", "命中", "占比", "结论"],
               ["S01", "800", "18", "2.25%", "1200", "9", "0.75%", "可采用"]]  # fmt: skip
    two_rows = [["来源", "采集前抽检", "", "采集后抽检", ""], ["", "样本量", "违法不良占比", "样本量", "违法不良占比"],
                ["公开网页", "500", "3.2%", "500", "0.4%"]]  # fmt: skip
    for rows, before, after in ((one_row, "2.25%", "0.75%"), (two_rows, "3.2%", "0.4%")):
        (table,) = read(document("report", "# 来源核验", rows)).tables
        assert table.kind == "source_checks"
        row = table.rows[0]
        assert (table.cell(row, "before_rate"), table.cell(row, "after_rate")) == (before, after)
        assert len(table.rows) == 1


def test_totals_blank_rows_and_repeated_headers_are_no_data() -> None:
    rows = [["序号", "主题", "要求要点", "结果", "佐证 / 理由"], ["1", "模型", "训练推理隔离", "符合", "3.2节"],
            ["", "", "", "", ""], ["序号", "主题", "要求要点", "结果", "佐证 / 理由"],
            ["2", "模型", "常态监测", "不适用", ""]]  # fmt: skip
    (table,) = read(document("report", "# 逐条评估结果", rows)).tables
    assert (table.kind, table.rows, table.total_row) == ("clause_results", (1, 4), None)
    assert [table.cell(r, "result") for r in table.rows] == ["符合", "不适用"]


def test_recipients_and_logs_are_recognised() -> None:
    privacy = [["名称", "类型", "涉及信息", "目的", "地区"], ["某云计算有限公司", "云服务", "对话内容", "存储", "境内"]]
    log = [["日期", "作业内容", "数量", "参加人员"], ["2026-09-16", "训练数据人工抽检", "2,000条", "张三"]]
    extraction = read(
        document("privacy", "# 委托处理的受托方", privacy, file="p.docx"),
        document("report", "# 附录A", log, file="r.docx"),
    )
    assert [t.kind for t in extraction.tables] == ["recipients", "dates_log"]
    assert extraction.facts == ()


def test_risk_tables_of_annotation_rules_are_no_counts() -> None:
    rows = [["编号", "主要安全风险", "处置方式", "正例", "反例"]]
    rows += [[f"A.2.{c}", n, "拒绝", "是", "否"] for c, n in zip("abcde", FIVE, strict=True)]
    assert read(document("annotation_rules", "# 安全性标注", rows)).facts == ()


def test_a_limit_in_a_cell_is_no_value() -> None:
    rows = [["抽检方式", "抽检数量", "合格数量", "合格率"], ["人工抽检", "≥4,000条", "—", "≥96%"]]
    assert read(document("report", "# 语料抽检", rows)).facts == ()


def test_labels_and_values_of_a_form_are_no_metrics_written_sideways() -> None:
    rows = [["评估方式", "自评估", "评估时间", "2026年8月"], ["语料抽检", "人工4,200条，合格率97.79%", "", ""],
            ["生成内容", "抽检1,100题，人工95.91%，词库97.09%，分类器94.64%", "", ""],
            ["拒答", "应拒答310题，拒答率96.13%；非拒答310题，拒答率3.55%", "", ""], ["总体结论", "符合", "", ""]]  # fmt: skip
    found = values(read(document("form", "# 安全评估情况", rows)))
    assert (found["generated.manual.rate"], found["refusal.rate"]) == ({95.91}, {96.13})
