"""A made-up review with everything an export must be able to show, hostile text included."""

from datetime import UTC, date, datetime
from typing import Any

from assist_review.filing import ServiceProfile, Unreadable
from assist_review.regulation import (
    Clause,
    ExpectedDocument,
    Instrument,
    Pack,
    PackageProfile,
    Requirement,
    Risk,
    Severity,
    Span,
)
from assist_review.review import (
    Citation,
    Computation,
    Conclusion,
    CountRow,
    Decision,
    Dimension,
    Evidence,
    Fact,
    Failure,
    Finding,
    Manifest,
    MatrixCell,
    MatrixRow,
    Origin,
    PackStamp,
    Review,
    ReviewedFile,
    ReviewedFiling,
    Revision,
)

SCRIPT = "<script>alert('引文')</script>"
SECRET = "这是一条不得外传的词条"
FORM, REPORT, AGREEMENT = "00备案申请表.docx", "附件1/安全自评估报告（盖章版）.pdf", "附件2/模型服务协议.docx"
WORDLIST, BANK, LICENCE = "附件4/拦截关键词列表.xlsx", "附件5/评估测试题集.xlsx", "其他/营业执照.jpg"
HOSTILE = "其他/<img src=x onerror=alert(1)>&\u202efdp.docx"
DAY = date(2026, 11, 23)

_THEMES: dict[str, tuple[Any, int, str]] = {
    "SUB": ("materials", 15, "申请单位名称、统一社会信用代码等主体信息在各文件中一致。"),
    "SRC": ("data", 16, "逐项说明训练数据来源，并留存许可、合同或采集记录。"),
    "CON": ("data", 10, "对全部训练数据做人工随机抽检，抽检条数与合格率均达到下限。"),
    "LAB": ("processing", 15, "标注规则覆盖全部安全风险，标注与审核人员分开。"),
    "MOD": ("technical", 12, "使用已备案的基础模型，并说明名称与备案号。"),
    "MEA": ("technical", 21, "建立监测、应急处置、备份与日志留存措施。"),
    "KEY": ("technical", 9, "关键词库总量、分类覆盖与更新周期达到要求。"),
    "QST": ("technical", 14, "测试题库的总量、每类题数与更新周期达到要求。"),
    "EVA": ("scenario", 17, "评估结果的抽样数、合格率与题库、结论一致。"),
    "PI": ("rights", 18, "告知个人信息处理目的、方式、种类与接收方，并取得同意。"),
    "SVC": ("rights", 14, "服务协议公平合理，不排除使用者主要权利。"),
    "MIN": ("scenario", 14, "采取措施防范未成年人沉迷，并说明适用人群。"),
    "CMP": ("rights", 7, "提供便捷的投诉、举报入口，公布处理流程和反馈时限。"),
    "INT": ("materials", 5, "文件中没有隐藏文字和企图影响审查的文字。"),
}


def _requirement(theme: str, n: int) -> Requirement:
    dimension, _, statement = _THEMES[theme]
    return Requirement(
        id=f"{theme}-{n:02}",
        theme=theme.lower(),
        dimension=dimension,
        severity=Severity.MAJOR,
        confidence="C" if n % 7 == 0 else "A",
        statement=statement,
        cites=("measures:7.i1",),
        roles=("report",),
        in_force=Span(start=date(2023, 8, 15)),
        checks=({"kind": "content"},),
        defects=("C10",),
        revise="按要求补充说明，并与其他文件保持一致。",
    )


def pack() -> Pack:
    """A small pack that knows the sample's requirements."""
    span = Span(start=date(2023, 8, 15))
    return Pack(
        id="cn-genai",
        version="2026.11",
        title="生成式人工智能服务",
        sha256="5f" * 32,
        instruments=(
            Instrument(
                id="measures",
                title="生成式人工智能服务管理暂行办法",
                short="暂行办法",
                english="Interim Measures",
                level="部门规章",
                issuer="国家互联网信息办公室等",
                in_force=span,
                status="in_force",
                confidence="A",
            ),
        ),
        clauses=(
            Clause(
                id="measures:7.i1",
                instrument="measures",
                number="7.i1",
                label="第七条第（一）项",
                text="使用具有合法来源的数据和基础模型。",
                in_force=span,
            ),
        ),
        requirements=tuple(
            _requirement(theme, n) for theme, (_, count, _) in _THEMES.items() for n in range(1, count + 1)
        ),
        risks=(Risk(id="A1.c", group="A1", name="宣扬恐怖主义、极端主义"),),
        profiles=(
            PackageProfile(
                id="filing",
                route="filing",
                name="备案",
                documents=tuple(
                    ExpectedDocument(role=role, name=name, required=required, seal=seal, signatures=signatures)
                    for role, name, required, seal, signatures in (
                        ("form", "上线备案申请表", True, True, 1),
                        ("report", "安全自评估报告", True, True, 3),
                        ("agreement", "模型服务协议", True, False, 0),
                        ("annotation_rules", "语料标注规则", True, False, 0),
                        ("keywords", "拦截关键词列表", True, False, 0),
                        ("questions", "评估测试题集", True, False, 0),
                        ("test_channel", "测试通道说明", False, False, 0),
                    )
                ),
            ),
        ),
    )


_CLAUSE = Citation(
    instrument="measures",
    clause="measures:7.i1",
    label="《生成式人工智能服务管理暂行办法》第七条第（一）项",
    text="使用具有合法来源的数据和基础模型。",
    verbatim=True,
    in_force_from=date(2023, 8, 15),
)
_STANDARD = Citation(
    instrument="gbt-45654-2025",
    clause="gbt-45654-2025:B",
    label="GB/T 45654-2025 附录B",
    text="人工抽检不少于四千条，合格率不低于百分之九十六；技术抽检不少于总量的百分之十，合格率不低于百分之九十八。",
    verbatim=False,
    in_force_from=date(2025, 11, 1),
    in_force_to=date(2030, 10, 31),
)


def _negative() -> list[Finding]:
    long = "本服务对训练数据开展了全流程管理。" * 30
    return [
        Finding(
            id="n01",
            requirement="CON-02",
            defect="C11",
            verdict="non_compliant",
            severity=Severity.FATAL,
            confidence=0.98,
            statement="人工抽检合格率写为96.65%，按合格条数计算为95.65%，低于96%的下限。",
            evidence=(
                Evidence(
                    file=REPORT,
                    page=12,
                    quote="人工抽检4,000条，合格3,826条，合格率96.65%",
                    state="verified",
                    note="报告",
                ),
                Evidence(
                    file=FORM, table=2, row=14, quote="人工抽检4,000条，合格率96.65%", state="verified", note="备案表"
                ),
            ),
            citations=(_STANDARD, _CLAUSE),
            computations=(
                Computation(
                    label="合格率",
                    formula="passed / size * 100",
                    inputs={"passed": 3826, "size": 4000},
                    result=95.65,
                    stated=96.65,
                    unit="%",
                ),
            ),
            revision=Revision(
                kind="replace",
                file=REPORT,
                place="第12页",
                before="合格率96.65%",
                after="合格率95.65%（未达标，须清洗后重新抽检，达到96%以上再提交）",
                recheck="fails",
            ),
            origin=Origin(name="sample"),
        ),
        Finding(
            id="n02",
            requirement="SUB-04",
            defect="A01",
            verdict="missing",
            severity=Severity.FATAL,
            statement="材料中没有语料标注规则（附件3），附件清单却列有该文件。",
            evidence=(Evidence(file=FORM, paragraph=88, quote="附件3 语料标注规则", state="verified"),),
            citations=(_CLAUSE,),
            revision=Revision(kind="attach", after="补交《语料标注规则》，覆盖功能性标注与安全性标注。"),
            origin=Origin(name="documents"),
        ),
        Finding(
            id="n03",
            requirement="INT-01",
            verdict="non_compliant",
            severity=Severity.FATAL,
            statement="文件中有要求审查程序给出合格结论的隐藏文字。",
            evidence=(Evidence(file=HOSTILE, paragraph=3, quote=SCRIPT, state="verified", note="白色文字"),),
            revision=Revision(kind="replace", file=HOSTILE, before=SCRIPT, after="（删除）", recheck="passes"),
            origin=Origin(name="steering"),
        ),
        Finding(
            id="n04",
            requirement="SUB-06",
            defect="A08",
            verdict="non_compliant",
            severity=Severity.MAJOR,
            confidence=0.9,
            statement="申请单位名称在备案表与服务协议中写法不同。",
            evidence=(
                Evidence(
                    file=FORM, table=1, row=2, quote="云栖智语（杭州）科技有限公司", state="verified", note="备案表"
                ),
                Evidence(file=AGREEMENT, paragraph=4, quote="杭州云栖智语科技有限公司", state="verified", note="协议"),
            ),
            citations=(_CLAUSE,),
            origin=Origin(name="agreement"),
            revision=Revision(
                kind="replace",
                file=AGREEMENT,
                place="第4段",
                before="杭州云栖智语科技有限公司",
                after="云栖智语（杭州）科技有限公司",
                recheck="passes",
            ),
        ),
        Finding(
            id="n05",
            requirement="KEY-04",
            defect="E04",
            verdict="non_compliant",
            severity=Severity.MAJOR,
            statement=f"“宣扬恐怖主义、极端主义”类关键词只有150个，少于200个；其中“{SECRET}”重复出现。",
            evidence=(
                Evidence(file=WORDLIST, sheet="关键词", cell="B17", quote=SECRET, state="verified"),
                Evidence(file=WORDLIST, sheet="关键词", cell="C17", quote="宣扬恐怖主义、极端主义", state="verified"),
            ),
            citations=(_STANDARD,),
            computations=(
                Computation(
                    label="应补数量",
                    formula="required - counted",
                    inputs={"required": 200, "counted": 150},
                    result=50,
                    unit="个",
                ),
            ),
            revision=Revision(kind="insert", file=WORDLIST, place="工作表“关键词”", after="补充不少于50个该类关键词。"),
            origin=Origin(name="per_risk"),
        ),
        Finding(
            id="n06",
            requirement="QST-03",
            defect="F02",
            verdict="non_compliant",
            severity=Severity.MAJOR,
            statement="生成内容测试题库中A2.c类只有31题，少于50题。",
            evidence=(
                Evidence(
                    file=BANK, sheet="生成内容测试题库", cell="A2", quote="一道不宜公开的测试题", state="verified"
                ),
            ),
            citations=(_STANDARD,),
            origin=Origin(name="per_risk"),
        ),
        Finding(
            id="n07",
            requirement="SUB-13",
            defect="C02",
            verdict="non_compliant",
            severity=Severity.MAJOR,
            confidence=0.95,
            statement="语料来源清单各行相加为7.62 TB，合计写为8.10 TB，相差0.48 TB。",
            evidence=(Evidence(file=REPORT, page=8, table=3, row=12, quote="合计 8.10 TB", state="verified"),),
            computations=(
                Computation(
                    label="各行相加",
                    formula="a + b + c + d + e + f",
                    unit="TB",
                    result=7.62,
                    stated=8.10,
                    inputs={"a": 2.4, "b": 1.62, "c": 1.2, "d": 0.9, "e": 0.85, "f": 0.65},
                ),
            ),
            origin=Origin(name="sums"),
        ),
        Finding(
            id="n08",
            requirement="PI-07",
            defect="H07",
            verdict="missing",
            severity=Severity.MAJOR,
            confidence=0.7,
            statement="隐私条款没有列出联网检索服务的接收方。",
            to_be_verified=True,
            evidence=(
                Evidence(file=AGREEMENT, state="absent"),
                Evidence(file=REPORT, page=21, quote=long, state="verified", note="报告写明由第三方检索"),
            ),
            citations=(_STANDARD,),
            origin=Origin(kind="llm", name="judge", sha256="ab" * 32, model="local:qwen3"),
            revision=Revision(
                kind="insert",
                file=AGREEMENT,
                place="“委托处理与第三方”之后",
                after="为实现联网检索，我们会向检索服务提供方提供您的检索词，不含账号、手机号等身份信息。",
            ),
        ),
        Finding(
            id="n09",
            requirement="CMP-01",
            defect="H01",
            verdict="non_compliant",
            severity=Severity.MAJOR,
            statement="投诉处理没有写明以数字表示的反馈时限。",
            evidence=(Evidence(file=AGREEMENT, paragraph=61, quote="我们会尽快与您联系。", state="verified"),),
            citations=(_CLAUSE,),
            origin=Origin(name="content"),
            revision=Revision(
                kind="replace",
                file=AGREEMENT,
                place="第61段",
                before="我们会尽快与您联系。",
                after="我们在收到投诉之日起5个工作日内反馈处理结果。",
                recheck="passes",
            ),
        ),
        Finding(
            id="n10",
            requirement="SVC-09",
            verdict="non_compliant",
            severity=Severity.MINOR,
            confidence=0.8,
            statement="服务协议没有写明生效日期。",
            evidence=(Evidence(file=AGREEMENT, paragraph=1, quote="=1+1 生效日期：", state="verified"),),
            origin=Origin(name="content"),
        ),
        Finding(
            id="n11",
            requirement="SUB-14",
            verdict="non_compliant",
            severity=Severity.MINOR,
            statement="算力资源在报告中写为64张，备案表写为46张。",
            evidence=(
                Evidence(file=REPORT, page=5, quote="训练使用64张加速卡", state="verified"),
                Evidence(file=FORM, table=1, row=20, quote="46张", state="verified"),
            ),
            origin=Origin(name="agreement"),
        ),
        Finding(
            id="n12",
            requirement="LAB-06",
            verdict="non_compliant",
            severity=Severity.MAJOR,
            statement="同一任务的标注与审核由同一人承担。",
            evidence=(Evidence(file=REPORT, page=16, quote="标注：甲、乙；审核：乙", state="verified"),),
            origin=Origin(name="role_separation"),
        ),
    ]


def _others() -> list[Finding]:
    found: list[Finding] = []
    taken = {f.requirement for f in _negative()} | {"MEA-20", "MEA-21"}
    rest = [r for r in pack().requirements if r.id not in taken]
    for n, requirement in enumerate(rest):
        common: dict[str, Any] = {
            "id": f"o{n:03}",
            "requirement": requirement.id,
            "severity": Severity.MAJOR if n % 3 else Severity.FATAL,
        }
        if n % 9 == 4:
            found.append(
                Finding(
                    **common,
                    verdict="unclear",
                    confidence=0.5,
                    statement="材料提到了相关措施，但没有写明执行频次，需人工核对。",
                    evidence=(
                        Evidence(file=REPORT, page=20 + n % 9, quote="公司定期开展检查", state="verified"),
                        Evidence(file=LICENCE, page=1, state="image", note="印章模糊"),
                    ),
                    citations=(_STANDARD,),
                    to_be_verified=requirement.confidence == "C",
                    origin=Origin(name="content"),
                )
            )
        elif n % 11 == 3:
            found.append(
                Finding(
                    **common,
                    verdict="not_applicable",
                    statement="本服务不使用境外语料。",
                    origin=Origin(name="content"),
                )
            )
        else:
            found.append(
                Finding(
                    **common,
                    verdict="compliant",
                    confidence=0.9,
                    statement="材料写明了相应内容。",
                    evidence=(Evidence(file=REPORT, page=10 + n % 30, quote="已按要求落实", state="verified"),),
                    origin=Origin(name="content"),
                )
            )
    return found


def _files() -> tuple[ReviewedFile, ...]:
    rows: list[dict[str, object]] = [
        {"file": FORM, "role": "form", "role_reason": "标题含“上线备案申请表”"},
        {
            "file": REPORT,
            "role": "report",
            "role_reason": "标题含“安全自评估报告”",
            "pages": 64,
            "ocr_pages": (1, 64),
            "seals": 2,
            "signatures": 2,
            "unreadable": (
                Unreadable(kind="blurred", reason="第63页图像模糊，无法识别文字", remedy="请重新扫描", page=63),
            ),
        },
        {"file": AGREEMENT, "role": "agreement", "role_reason": "标题含“服务协议”"},
        {"file": WORDLIST, "role": "keywords", "rows": 12_480, "role_reason": "列名含“关键词”", "hidden": 2},
        {"file": BANK, "role": "questions", "rows": 2_631, "role_reason": "列名含“题目”"},
        {
            "file": LICENCE,
            "role": "licence",
            "pages": 1,
            "ocr_pages": (1,),
            "seals": 1,
            "role_reason": "图中有“营业执照”",
        },
        {"file": HOSTILE, "role": "other", "role_reason": "未识别", "hidden": 1},
        {
            "file": "其他/加密合同.zip",
            "role": "evidence",
            "unreadable": (Unreadable(kind="encrypted", reason="压缩包需要密码", remedy="请去掉密码后重新提交"),),
        },
    ]
    return tuple(ReviewedFile.model_validate({"sha256": f"{n:02x}" * 32, **row}) for n, row in enumerate(rows, 1))


def _matrix() -> tuple[MatrixRow, ...]:
    def row(fact: str, label: str, agrees: bool | None, *cells: tuple[str, str, str]) -> MatrixRow:
        return MatrixRow(
            fact=fact,
            label=label,
            agrees=agrees,
            cells=tuple(
                MatrixCell(
                    role=role,
                    file=file,
                    value=value,
                    evidence=Evidence(file=file, paragraph=7, quote=value, state="verified"),
                )
                for role, file, value in cells
            ),
        )

    return (
        row(
            "model.name",
            "模型名称",
            True,
            ("form", FORM, "云语大模型"),
            ("report", REPORT, "云语大模型"),
            ("agreement", AGREEMENT, "云语大模型"),
        ),
        row(
            "applicant.name",
            "申请单位",
            False,
            ("form", FORM, "云栖智语（杭州）科技有限公司"),
            ("report", REPORT, "云栖智语（杭州）科技有限公司"),
            ("agreement", AGREEMENT, "杭州云栖智语科技有限公司"),
            ("licence", LICENCE, "云栖智语（杭州）科技有限公司"),
        ),
        row(
            "model.version",
            "模型版本",
            False,
            ("form", FORM, "V1.0"),
            ("report", REPORT, "V2.0"),
            ("questions", BANK, "V1.2"),
        ),
        row("keywords.total", "关键词总数", True, ("report", REPORT, "12,480"), ("keywords", WORDLIST, "12,480")),
        row("annotators.total", "标注人员", None, ("report", REPORT, "35")),
    )


def review() -> Review:
    """About two hundred findings of every verdict, with conflicts, gaps, hidden text and one decision."""
    findings = (*_negative(), *_others())
    dimensions = {}
    by_id = {r.id: r for r in pack().requirements}
    for name, label in (
        ("materials", "材料与主体"),
        ("data", "训练数据"),
        ("processing", "处理与标注"),
        ("scenario", "应用场景"),
        ("technical", "技术与安全措施"),
        ("rights", "用户权益"),
    ):
        mine = [f for f in findings if by_id[f.requirement].dimension == name]
        negative = [f.severity for f in mine if f.verdict in ("missing", "non_compliant")]
        verdicts: dict[str, int] = {
            v: sum(f.verdict == v for f in mine) for v in dict.fromkeys(f.verdict for f in mine)
        }
        dimensions[name] = Dimension(
            name=name, label=label, verdicts=verdicts, worst=min(negative, key=list(Severity).index, default=None)
        )
    return Review(
        schema="assist-review/1",
        filing=ReviewedFiling(
            name="云语大模型备案材料",
            files=_files(),
            route="filing",
            service=ServiceProfile(
                modalities=("text", "image"),
                sector="通用对话",
                minors=False,
                training="fine-tuned",
                base_model="filed",
                personal_information=True,
                paid=False,
                province="浙江",
            ),
            reasons={
                "training": "报告第2章：“在基础模型上进行指令微调”",
                "minors": "协议：“仅面向年满18周岁的用户”",
                "base_model": "备案表：基础模型备案号栏已填写",
            },
        ),
        pack=PackStamp(id="cn-genai", version="2026.11", sha256="5f" * 32),
        as_of=DAY,
        generated_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        manifest=Manifest(program="0.1.0"),
        facts=(
            Fact(
                name="applicant.name",
                value="云栖智语（杭州）科技有限公司",
                role="form",
                evidence=Evidence(file=FORM, table=1, row=2, quote="云栖智语（杭州）科技有限公司", state="verified"),
            ),
            Fact(
                name="model.name",
                value="云语大模型",
                role="form",
                evidence=Evidence(file=FORM, table=1, row=5, quote="云语大模型", state="verified"),
            ),
            Fact(
                name="model.version",
                value="V1.0",
                role="form",
                evidence=Evidence(file=FORM, table=1, row=6, quote="V1.0", state="verified"),
            ),
            Fact(
                name="corpus.sample.rate",
                value=96.65,
                unit="%",
                role="report",
                evidence=Evidence(file=REPORT, page=12, quote="合格率96.65%", state="verified"),
            ),
            Fact(
                name="corpus.total",
                value=126_000_000,
                unit="条",
                role="report",
                approximate=True,
                evidence=Evidence(file=REPORT, page=7, quote="约1.26亿条", state="verified"),
            ),
            Fact(
                name="keywords.total",
                value=12480,
                unit="个",
                role="keywords",
                counted=True,
                evidence=Evidence(file=WORDLIST, sheet="关键词", state="verified"),
            ),
        ),
        findings=findings,
        failures=(
            Failure(requirement="MEA-20", stage="check", reason="报告第63页无法识别，缺少判断所需的表格。"),
            Failure(requirement="MEA-21", stage="prove", reason="引文未能在文件中核实，已退回人工。"),
        ),
        conclusion=Conclusion(
            grade="return",
            dimensions=dimensions,
            counts={"fatal": 3},
            reasons=(
                "人工抽检合格率低于下限（CON-02）。",
                f"关键词“{SECRET}”重复（KEY-04）。",
                "缺少语料标注规则（SUB-04）。",
                "材料中有企图影响审查的隐藏文字（INT-01）。",
            ),
            counts_table=(
                CountRow(
                    name="keywords.total",
                    label="关键词总数",
                    required=10_000,
                    stated=(12_480,),
                    counted=12_480,
                    verdict="compliant",
                ),
                CountRow(
                    name="keywords.A1.c",
                    label="关键词 · 宣扬恐怖主义、极端主义",
                    required=200,
                    stated=(200,),
                    counted=150,
                    verdict="non_compliant",
                    note="比要求少50个",
                ),
                CountRow(
                    name="questions.generated",
                    label="生成内容测试题",
                    required=2_000,
                    stated=(2_000, 2_031),
                    counted=2_031,
                    verdict="compliant",
                ),
                CountRow(
                    name="questions.refuse",
                    label="应拒答测试题",
                    required=500,
                    stated=(500,),
                    counted=None,
                    verdict="unclear",
                    note="题集中没有单独的工作表",
                ),
                CountRow(name="questions.answer", label="非拒答测试题", required=500, counted=600, verdict="compliant"),
            ),
            matrix=_matrix(),
        ),
        decisions=(
            Decision(
                finding="n12",
                action="dismiss",
                author="审查员甲",
                reason="另有岗位说明，分工清楚。",
                at=datetime(2026, 11, 23, 10, tzinfo=UTC),
            ),
            Decision(finding="n10", action="confirm", author="审查员甲", at=datetime(2026, 11, 23, 10, 5, tzinfo=UTC)),
            Decision(
                finding="n09",
                action="amend",
                author="审查员甲",
                reason="改为一般问题",
                amended={"severity": "minor"},
                at=datetime(2026, 11, 23, 10, 6, tzinfo=UTC),
            ),
        ),
    )
