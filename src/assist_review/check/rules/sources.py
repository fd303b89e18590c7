"""Where training data comes from: a list one can trace, and licences that allow the use."""

import re
from collections.abc import Iterator

from assist_review.check.context import Context, Say, absent
from assist_review.passages import Passage, evidence, passage_evidence
from assist_review.review import Evidence, Finding
from assist_review.text import fold

_LIMITED = re.compile(
    r"by-nc|(?<![a-z])nc(?:-sa|-nd)?(?=[^a-z]|$)|non-?commercial|非商业|非商用|不得(?:用于)?商业|不得商用|禁止商用|禁止商业|仅(?:限|供)(?:学术|研究|科研|教学|个人)|research[- ]only|学术研究使用|仅限研究"
)
_DROPPED = re.compile(
    r"不予采用|未采用|未使用|已剔除|已删除|不纳入|已排除|放弃|已取得商业授权|另行取得商业|获得商业授权|取得.{0,8}(?:商用|商业)授权|仅用于评测|仅用于测试|未纳入"
)

_SPOKEN = (
    "语料来源",
    "数据来源",
    "训练数据",
    r"re:(?:语料|数据)[^.;\n]{0,12}(?:来自|来源于|取自|源自|采自|出自)",
)


def licence_terms(context: Context, say: Say) -> Iterator[Finding]:
    """Datasets whose licence forbids commercial use are not used for a public service."""
    places: list[Evidence] = []
    for reading in context.reading("report", "evidence", "form", "authorisation"):
        for passage in reading.passages:
            match = _LIMITED.search(passage.key)
            if match and _is_licence(passage) and not _DROPPED.search(passage.key):
                places.append(_cell(passage, match.start()))
    if places:
        yield say.wrong(
            "使用了许可协议限于非商业或研究用途的数据集，不能用于面向公众的服务。",
            list({e.quote + e.file: e for e in places}.values())[:5],
            confidence=0.85,
        )
        return
    licences = [
        evidence(h)
        for r in context.reading("report", "evidence")
        for t in ("许可协议", "apache", "cc by", "mit许可", "授权文件", "开放许可")
        for h in r.find(t)
    ]
    if licences:
        yield say.fine("开源数据写明了许可协议。", licences[:3])
    else:
        yield say.unclear("没有找到开源数据的许可协议，需要人工核对。")


def _is_licence(passage: Passage) -> bool:
    """A row of a table, or a sentence about data, not about the user's own use of the service."""
    if passage.role == "evidence" or passage.cells:
        return True
    return bool(re.search(r"数据集|语料|许可|协议|license|开源", passage.key))


def _cell(passage: Passage, at: int) -> Evidence:
    size = 0
    for cell in passage.cells:
        size += len(fold(cell)) + 1
        if at < size:
            return Evidence.at(passage.file, passage.place, cell.strip()[:160])
    return passage_evidence(passage)


def source_list(context: Context, say: Say) -> Iterator[Finding]:
    """The corpus has a source list one can trace: a table (or enumerated sources) with amount and proof."""
    reports = context.reading("report")
    if not reports:
        yield say.unclear("材料中没有安全自评估报告，无法核查语料来源。")
        return
    tables = [
        t for t in context.extraction.tables if t.kind == "corpus_sources" and t.role in ("report", "evidence", "form")
    ]
    traceable = [t for t in tables if "licence" in t.columns or "category" in t.columns]
    vague = [
        evidence(h)
        for r in context.reading("report", "form")
        for p in context.phrases("vague_sources")
        for h in r.find(f"re:{p}")
    ]
    if vague and not traceable:
        yield say.wrong("语料来源只有笼统说明，没有可追溯的来源清单。", vague[:3])
    elif traceable:
        table = max(traceable, key=lambda t: len(t.rows))
        yield say.fine(
            f"来源清单列有{len(table.rows)}个来源。",
            [Evidence.at(table.file, table.table.row_places[table.rows[0]], table.cell(table.rows[0], "name").strip())],
        )
    elif any(r.has(t) for r in reports for t in _SPOKEN):
        yield say.unclear("没有识别到语料来源清单，需要人工核对。")
    else:
        yield say.missing("报告没有说明训练数据来源。", [absent(r.file) for r in reports[:1]])
