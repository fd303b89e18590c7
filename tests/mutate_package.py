"""A small package in which every mutation operator finds a place. All names and numbers are invented."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from openpyxl import Workbook
from pypdf import PdfWriter

from assist_review.evaluate.mutate import pdf_file

COMPANY = "海川云帆科技有限公司"
CODE = "91440300MA5G10Y21X"
A1 = (
    "煽动颠覆国家政权、推翻社会主义制度", "危害国家安全和利益、损害国家形象", "煽动分裂国家、破坏国家统一和社会稳定",
    "宣扬恐怖主义、极端主义", "宣扬民族仇恨", "宣扬暴力、淫秽色情", "传播虚假有害信息", "其他法律、行政法规禁止的内容",
)  # fmt: skip
A2 = tuple(f"{n}歧视内容" for n in ("民族", "信仰", "国别", "地域", "性别", "年龄", "职业", "健康", "其他方面"))
A3 = (
    "侵犯他人知识产权", "违反商业道德", "泄露他人商业秘密", "利用算法、数据、平台等优势，实施垄断和不正当竞争行为",
    "其他商业违法违规行为", "危害他人身心健康", "侵害他人肖像权", "侵害他人名誉权", "侵害他人荣誉权", "侵害他人隐私权",
    "侵害他人个人信息权益", "侵犯他人其他合法权益", "内容不准确，严重不符合科学常识或主流认知",
    "内容不可靠，虽然不包含严重错误的内容，但无法对使用者形成帮助",
)  # fmt: skip
TOPICS = "制度 信仰 形象 文化 习俗 民族 地理 历史 英烈 性别 年龄 职业 健康".split()  # noqa: SIM905
PER_RISK = 59  # generated questions of each A.1 and A.2 risk


def build(folder: Path) -> Path:
    """The package, written to `folder`."""
    folder.mkdir(parents=True)
    _form().save(str(folder / "01备案申请表.docx"))
    _report().save(str(folder / "02安全自评估报告.docx"))
    _agreement().save(str(folder / "03服务协议.docx"))
    (folder / "04隐私政策.pdf").write_bytes(pdf(PRIVACY))
    _rules().save(str(folder / "05语料标注规则.docx"))
    _keywords(folder / "06拦截关键词列表.xlsx")
    _questions(folder / "07评估测试题集.xlsx")
    (folder / "08营业执照.pdf").write_bytes(
        pdf(("营业执照", COMPANY, f"统一社会信用代码 {CODE}", "营业期限 2020年1月6日至2040年1月5日"))
    )
    _proof().save(str(folder / "09授权与语料证明.docx"))
    return folder


def pdf(lines: Iterable[str]) -> bytes:
    """A PDF of one page with a text layer."""
    import io

    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    data = out.getvalue()
    for number, line in enumerate(lines):
        data = pdf_file.inserted(data, 0, 60, 780 - 22 * number, line, size=11)
    return data


def _table(document: Docx, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text


def _form() -> Docx:
    document = Document()
    document.add_paragraph("生成式人工智能服务上线备案申请表")
    document.add_heading("一、基本情况", 1)
    _table(document, (
        ("模型名称", "云帆大模型", "版本号", "V2.0"),
        ("单位全称", COMPANY, "统一社会信用代码", CODE),
        ("法定代表人", "沈知夏", "安全评估负责人", "陆怀瑾"),
        ("参数规模", "70亿", "联系人", "程晚舟"),
        ("基础模型备案号", "Guangdong-HaiXing-202503180006", "适用人群", "成年个人用户"),
        ("语料规模", "1,260万条", "标注人员", "30人"),
        ("人工核验比例", "12%", "投诉举报", "10个工作日内反馈处理结果"),
    ))  # fmt: skip
    document.add_heading("二、安全评估", 1)
    _table(document, (
        ("语料评估", "人工抽检4,000条，合格3,880条（97.0%）"),
        ("生成内容评估", "生成内容人工抽检1,050题，合格1,008题，合格率96.0%"),
        ("拒答评估", "应拒答300题，拒答率96.0%；非拒答300题，拒答率4.0%"),
        ("非法内容拦截", "拦截关键词共10,020条"),
    ))  # fmt: skip
    document.add_paragraph("我单位承诺所提交的全部材料真实有效，与实际上线的服务一致，违反承诺的依法承担责任。")
    return document


def _report() -> Docx:
    document = Document()
    document.sections[0].header.paragraphs[0].text = COMPANY
    document.add_paragraph("云帆大模型安全自评估报告")
    document.add_paragraph("云帆大模型（V2.0）")
    document.add_paragraph("报告日期：2026年11月3日")
    document.add_heading("1 概述", 1)
    document.add_paragraph(
        f"云帆大模型（版本V2.0）由{COMPANY}研制，基础模型备案号为Guangdong-HaiXing-202503180006，合同期限内使用。"
    )
    document.add_paragraph("训练数据人工抽检合格率97.0%；生成内容人工抽检合格率96.0%；应拒答题拒答率96.0%。")
    document.add_heading("1.1 评估依据", 2)
    for basis in (
        "《生成式人工智能服务管理暂行办法》",
        "《数据安全法》《个人信息保护法》",
        "GB/T 45654-2025",
        "《人工智能生成合成内容标识办法》及GB 45438-2025",
    ):
        document.add_paragraph(basis)
    document.add_heading("2 训练数据安全", 1)
    document.add_paragraph("训练数据共1,260万条，均有来源清单，来源合法，采集前后均经核验。")
    _table(document, (
        ("来源", "类别", "许可或合同", "数量/万条", "占比"), ("锦程图文开放集", "开源", "CC BY 4.0", "630", "50.0%"),
        ("自有拍摄资料", "自采", "登记表", "166", "13.2%"), ("望丛文本授权", "商业", "HC-07", "464", "36.8%"),
        ("合计", "", "", "1,260", "100.0%"),
    ))  # fmt: skip
    _table(document, (
        ("来源编号", "采前抽样/条", "命中", "占比", "结论"), ("P1", "800", "16", "2.00%", "可采用"), ("P2", "600", "9", "1.50%", "可采用"),
    ))  # fmt: skip
    document.add_heading("2.1 数据标注", 2)
    document.add_paragraph(
        "标注人员共30人，功能性标注人工核验比例为12%。标注与审核分设账号，同一任务不得由同一人同时承担标注和审核。"
    )
    _table(document, (("岗位", "人数"), ("标注", "20"), ("审核", "8"), ("仲裁", "2")))
    document.add_heading("2.2 训练数据抽检结果", 2)
    document.add_paragraph("人工抽检随机抽取4,000条，合格3,880条，合格率97.0%。")
    document.add_heading("3 模型安全", 1)
    document.add_paragraph(
        "生成内容测试题库2,009题，应拒答题库510题，非拒答题库520题。推理与训练环境隔离，模型服务连续稳定。"
    )
    document.add_paragraph("生成内容人工抽检1,050题，合格1,008题，合格率96.0%。")
    rows = [("编号", "主要安全风险", "抽检数", "合格数", "合格率")]
    rows += [(str(i), name, "50", "48", "96.0%") for i, name in enumerate(A1 + A2 + A3[:4], 1)]
    _table(document, [*rows, ("", "合计", "1,050", "1,008", "96.0%")])
    document.add_heading("3.1 拒答测试", 2)
    document.add_paragraph("应拒答题库抽取300题，拒答288题，拒答率96.0%。非拒答题库抽取300题，拒答12题，拒答率4.0%。")
    document.add_heading("4 安全措施", 1)
    document.add_paragraph("拦截关键词共10,020条，每周更新一次。过滤违法不良信息采用关键词与分类模型相结合的方式。")
    _table(document, [("风险类别", "现有数量"), *((name, str(_keyword_count(name))) for name in A1 + A2)])
    document.add_paragraph("网络日志保存十二个月，依据《网络安全法》第二十三条。投诉举报10个工作日内反馈处理结果。")
    document.add_paragraph("测试账号与接口说明另行报送，不随本报告提交，服务不向境外提供信息。")
    document.add_heading("5 逐条评估结果", 1)
    themes = ("来源", "内容", "标注", "模型", "措施", "标识", "投诉", "题库", "词库", "评估")
    _table(
        document,
        [
            ("序号", "要求", "结果", "佐证"),
            *((str(i), f"{t}符合要求", "符合", f"{t}台账") for i, t in enumerate(themes, 1)),
        ],
    )
    document.add_heading("附录A 作业记录", 1)
    work = ("启动抽检", "人工判定", "拒答测试", "结论评审")
    _table(document, [("日期", "作业内容", "数量"), *((f"2026-09-2{i}", w, "1次") for i, w in enumerate(work, 1))])
    return document


def _agreement() -> Docx:
    document = Document()
    document.add_paragraph("云帆服务协议")
    for heading, text in (
        ("第一条 总则", f"本协议是您与{COMPANY}就使用云帆大模型订立的约定。"),
        ("第二条 使用规则", "不得输入违法不良信息。发现违规的，我们依次警示、限制功能、暂停直至终止服务，并保存记录。"),
        ("第三条 生成内容标识", "生成内容末尾标注由人工智能生成的标识，您不得删除、篡改标识。"),
        ("第四条 知识产权", "生成内容可能涉及他人知识产权，双方各自承担识别责任。"),
        ("第五条 输入信息", "您的输入默认不用于模型训练，您可以在设置中随时关闭改进计划。"),
        ("第六条 费用", "本服务提供免费套餐，收费项目另行公示，您可以随时取消订阅。"),
        ("第七条 未成年人", "本服务面向年满十八周岁的人士，监护人发现未成年人使用的可要求停用。"),
        ("第八条 责任与风险", "因我们过错造成的损失，我们依法承担责任，本条不免除法定责任。"),
        ("第九条 投诉举报", "您可以拨打0755-8888 1234或发送邮件至help@yunfan.example投诉举报，我们在10个工作日内反馈处理结果。"),
    ):  # fmt: skip
        document.add_heading(heading, 1)
        document.add_paragraph(text)
    return document


PRIVACY = (
    "云帆隐私政策", "更新日期：2026年10月15日", f"{COMPANY}重视您的个人信息保护。", "您的输入与生成内容默认不用于模型训练。",
    "信息存储于境内机房，不向境外提供。", "保存期限届满后我们将删除个人信息。", "您可以查阅、更正、删除您的个人信息。",
    "投诉请联系0755-8888 1234，我们在10个工作日内反馈处理结果。",
)  # fmt: skip


def _rules() -> Docx:
    document = Document()
    document.add_paragraph("云帆大模型语料标注规则")
    document.add_paragraph(f"单位：{COMPANY}")
    document.add_paragraph("发布日期：2026年3月20日")
    document.add_heading("第一章 职责", 1)
    document.add_paragraph("标注人员与审核人员分设，审核人员不得审核本人标注的数据。")
    document.add_heading("第二章 核验", 1)
    document.add_paragraph("功能性标注按批次抽取12%进行人工核验。")
    return document


def _proof() -> Docx:
    document = Document()
    document.add_paragraph("授权与语料证明")
    document.add_paragraph("望丛文本授权合同编号HC-07，合同期限2025年12月15日至2028年12月14日，授权训练与商业使用。")
    document.add_paragraph("锦程图文开放集的许可文本已经存档，接口联调记录另附。")
    return document


def _keyword_count(name: str) -> int:
    return 620 if name in A1 else 560


def _keywords(path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "拦截关键词"
    sheet.append(["序号", "关键词", "一级分类", "二级分类"])
    number = 0
    for group, names in (("A.1", A1), ("A.2", A2)):
        for name in names:
            for _ in range(_keyword_count(name)):
                number += 1
                sheet.append([number, f"样词kw{number:05d}", group, name])
    while number < 10_020:
        number += 1
        sheet.append([number, f"样词kw{number:05d}", "A.3", "侵犯他人知识产权"])
    log = workbook.create_sheet("更新记录")
    for row in (["更新日期", "新增", "停用", "说明"], ["2026-11-06", 20, 1, "周更新"], ["2026-10-30", 30, 2, "周更新"]):
        log.append(row)
    workbook.save(path)


def _questions(path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "生成内容测试题库"
    sheet.append(["序号", "题目", "一级分类", "二级分类", "模型回答", "是否抽样", "人工研判", "模型版本"])
    number = 0
    for group, names, count in (("A.1", A1, PER_RISK), ("A.2", A2, PER_RISK), ("A.3", A3, 76)):
        for name in names:
            for _ in range(count if name != A3[0] else 18 + 76 - 36):
                number += 1
                sampled = "是" if number % 2 else "否"
                sheet.append(
                    [
                        number,
                        f"第{number}道样题怎样回答",
                        group,
                        name,
                        f"这是第{number}题的回答。",
                        sampled,
                        "合格",
                        "云帆大模型 V2.0",
                    ]
                )
    for title, names, count, refused in (("应拒答题库", A1 + A2, 30, "是"), ("非拒答题库", TOPICS, 40, "否")):
        bank = workbook.create_sheet(title)
        column = "方面" if refused == "否" else "二级分类"
        bank.append(["序号", "题目", column, "模型回答", "是否抽样", "是否拒答", "研判结果", "模型版本"])
        for name in names:
            for _ in range(count):
                number += 1
                bank.append(
                    [
                        number,
                        f"第{number}道样题怎样回答",
                        name,
                        f"这是第{number}题的回答。",
                        "是",
                        refused,
                        "合格",
                        "云帆大模型 V2.0",
                    ]
                )
    log = workbook.create_sheet("题库更新记录")
    log.append(["更新日期", "题库", "新增"])
    log.append(["2026-10-10", "全部", 50])
    workbook.save(path)
