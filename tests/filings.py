"""Tiny filings, facts and lists for the tests of rules, and a small real package of files."""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from docx import Document as Docx

from assist_review.check import RULES
from assist_review.check.context import Context, Say
from assist_review.extract import extract
from assist_review.filing import Block, Document, Filing, Hidden, Mark, Place, Role, ServiceProfile, Sheet, Table
from assist_review.lists import Bank, BankKind, BankRow, Extraction
from assist_review.review import NEGATIVE, Evidence, Fact, Finding, Match
from office_files import xlsx
from wordings import AS_OF, pack

Part = str | Sequence[Sequence[str]]

RISKS = [r for r in pack().risks if r.group != "topic"]
TOPICS = [r for r in pack().risks if r.group == "topic"]
APPLICANT = "北京星河科技有限公司"


def document(role: str, *parts: Part, file: str = "", **more: Any) -> Document:
    """A document of paragraphs ("# …" is a heading, "^ …" a page header) and tables."""
    blocks: list[Block] = []
    tables: list[Table] = []
    section = ""
    for order, part in enumerate(parts):
        if isinstance(part, str):
            kind = "heading" if part.startswith("# ") else "header" if part.startswith("^ ") else "paragraph"
            text = part if kind == "paragraph" else part[2:]
            section = text if kind == "heading" else section
            blocks.append(
                Block(
                    id=f"b{order}", kind=kind, text=text, order=order, section=section,
                    place=Place(paragraph=order + 1),
                )
            )  # fmt: skip
        else:
            number = len(tables) + 1
            tables.append(
                Table(
                    id=f"t{number}", order=order, section=section, rows=tuple(tuple(row) for row in part),
                    row_places=tuple(Place(table=number, row=i + 1) for i in range(len(part))),
                    place=Place(table=number),
                )
            )  # fmt: skip
    made: dict[str, Any] = {"format": "docx", "sha256": "0" * 64, "size_bytes": 1, **more}
    return Document(
        file=file or f"{role}.docx", role=Role(role), blocks=tuple(blocks), tables=tuple(tables), **made
    )  # fmt: skip


def workbook(role: str, sheets: Mapping[str, Sequence[Sequence[str]]], file: str = "", **more: Any) -> Document:
    """A spreadsheet document."""
    made = tuple(Sheet(name=name, rows=tuple(tuple(r) for r in rows)) for name, rows in sheets.items())
    return Document(
        file=file or f"{role}.xlsx", role=Role(role), format="sheet", sha256="0" * 64, size_bytes=1, sheets=made, **more
    )


def hidden(kind: Any, text: str, **place: Any) -> Hidden:
    return Hidden(kind=kind, text=text, place=Place(**place))


def mark(kind: Any, text: str = "", page: int = 1) -> Mark:
    return Mark(kind=kind, text=text, place=Place(page=page))


def filing(*documents: Document, route: Any = "filing", **service: Any) -> Filing:
    return Filing(name="f", route=route, service=ServiceProfile(**service), documents=documents)


def fact(name: str, value: float | str, unit: str | None = None, role: str = "report", **more: Any) -> Fact:
    """A fact of the document `<role>.docx`, or of `file`."""
    place = {key: more.pop(key) for key in ("paragraph", "table", "row", "page") if key in more}
    proof = Evidence(file=more.pop("file", f"{role}.docx"), quote=more.pop("quote", str(value)), **place)
    return Fact(name=name, value=value, unit=unit, role=role, evidence=proof, **more)


def bank(kind: BankKind, rows: Iterable[tuple[str | None, Mapping[str, str]]], **more: Any) -> Bank:
    """A list of rows (risk, cells); every cell key becomes a column."""
    made = tuple(BankRow(number, risk, dict(cells)) for number, (risk, cells) in enumerate(rows, start=2))
    columns = {key: n for n, key in enumerate(dict.fromkeys(key for row in made for key in row.cells))}
    file = more.pop("file", "keywords.xlsx" if kind == "keywords" else "questions.xlsx")
    return Bank(kind, file, more.pop("sheet", kind), 1, columns, made, **more)


def words(counts: Mapping[str, int], **cells: str) -> list[tuple[str | None, dict[str, str]]]:
    """Rows with entries of their own, so many per risk."""
    names = {r.id: r.name for r in pack().risks}
    return [
        (risk, {"entry": _entry(risk, n), "class2": names[risk], **cells})
        for risk, count in counts.items()
        for n in range(count)
    ]


@lru_cache(maxsize=65536)
def _entry(risk: str, number: int) -> str:
    """Eight characters that are like no other entry's."""
    digest = hashlib.blake2b(f"{risk}{number}".encode(), digest_size=16).digest()
    return "".join(chr(0x4E00 + int.from_bytes(digest[k : k + 2], "big") % 20000) for k in range(0, 16, 2))


def even(total: int, risks: Sequence[str]) -> dict[str, int]:
    """`total` rows spread evenly over `risks`."""
    each, rest = divmod(total, len(risks))
    return {risk: each + (i < rest) for i, risk in enumerate(risks)}


def context(
    *documents: Document, facts: Iterable[Fact] = (), banks: Iterable[Bank] = (), route: str = "filing",
    as_of: date = AS_OF, matches: dict[str, tuple[Match, ...]] | None = None, **service: Any,
) -> Context:  # fmt: skip
    """What rules see: the documents with their own facts and lists, and those given besides."""
    said = any(d.blocks or d.tables or d.sheets for d in documents)
    read = extract(documents, pack().lexicon, pack().risks) if said else Extraction(facts=(), banks=())
    extraction = Extraction((*read.facts, *facts), (*read.banks, *banks), read.tables)
    return Context(filing(*documents, route=route, **service), extraction, pack(), as_of, matches or {})


def findings(row: str, kind: str, *documents: Document, nth: int = 0, **more: Any) -> list[Finding]:
    """What rule `kind` says with the parameters of requirement `row`; `nth` where it has several checks of the kind."""
    requirement = pack().requirement(row)
    assert requirement is not None
    params = [c for c in requirement.checks if c["kind"] == kind][nth]
    return list(RULES[kind](context(*documents, **more), Say(requirement, params)))


def problems(row: str, kind: str, *documents: Document, **more: Any) -> list[str | None]:
    """Defect codes of the problems found, in order."""
    return [f.defect for f in findings(row, kind, *documents, **more) if f.verdict in NEGATIVE]


def verdicts(row: str, kind: str, *documents: Document, **more: Any) -> set[str]:
    return {f.verdict for f in findings(row, kind, *documents, **more)}


def docx_bytes(*parts: Part) -> bytes:
    """A real DOCX of the same parts."""
    made = Docx()
    for part in parts:
        if isinstance(part, str):
            made.add_heading(part[2:], 1) if part.startswith("# ") else made.add_paragraph(part)
        else:
            table = made.add_table(len(part), len(part[0]))
            for i, row in enumerate(part):
                for j, text in enumerate(row):
                    table.cell(i, j).text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


FORM: tuple[Part, ...] = (
    "生成式人工智能服务上线备案申请表",
    [
        ["单位全称", APPLICANT], ["统一社会信用代码", "91110108MA01ABCD2X"], ["模型名称", "星河助手大模型"], ["版本号", "V3.0"],
        ["主要功能", "☑文本生成 □图片生成"], ["模型来源", "自行研制，从零训练"], ["适用人群", "十八周岁以上个人用户"], ["监看人员", "6人"],
        ["填表日期", "2026年11月2日"],
    ],
)  # fmt: skip
REPORT: tuple[Part, ...] = (
    "星河助手大模型安全自评估报告",
    "报告日期：2026年10月30日",
    "# 1 概述",
    f"星河助手大模型（版本V3.0）由{APPLICANT}研制，依据《生成式人工智能服务管理暂行办法》和GB/T 45654-2025评估。",
    "# 2 语料安全",
    "人工抽检随机抽取4,000条，合格3,812条，合格率96.3%。",
    "# 3 模型安全",
    "应拒答题抽取300题，拒答285题，拒答率95.0%。",
)
AGREEMENT: tuple[Part, ...] = (
    "星河助手用户服务协议",
    f"本协议由您与{APPLICANT}订立。",
    "您可以通过客服电话400-666-8888投诉举报，我们将在5个工作日内反馈。",
)


def package(folder: Path, **changed: tuple[Part, ...]) -> Path:
    """A small package of real files: form, report, agreement, keywords and questions; `form=()` leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, parts in (
        ("form", "01备案申请表.docx", FORM), ("report", "02安全自评估报告.docx", REPORT), ("agreement", "03服务协议.docx", AGREEMENT)
    ):  # fmt: skip
        if changed.get(name, parts):
            (folder / title).write_bytes(docx_bytes(*changed.get(name, parts)))
    rows: list[list[object]] = [["序号", "关键词", "二级分类"]]
    rows += [[n, _entry("A1.a", n)[:4], RISKS[n % 17].name] for n in range(1, 35)]
    (folder / "04拦截关键词列表.xlsx").write_bytes(xlsx({"关键词": rows}))
    lines = ["序号,题目,安全风险类别,模型回答"]
    lines += [f"{n},{_entry('A1.b', n)},{RISKS[n % 31].name},{_entry('A2.a', n)}" for n in range(1, 40)]
    (folder / "05生成内容测试题库.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder
