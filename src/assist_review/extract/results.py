"""Facts that recognised tables state: samples, refusal tests, annotators, counts per risk, totals."""

import re
from collections.abc import Iterator

from assist_review.cells import cell_number, cell_place
from assist_review.extract.names import Names
from assist_review.keys import keyed
from assist_review.lists import TypedTable
from assist_review.numbers import Number, find_dates, find_numbers, tidy
from assist_review.review import Evidence, Fact
from assist_review.text import fold

_STORAGE = {"TB": 1.0, "PB": 1024.0, "GB": 1 / 1024, "MB": 1 / 1024**2}
_HUMAN = re.compile("人工|human|manual")
_TECHNICAL = re.compile("keyword|classifier|clf|auto|tech|技术|关键词|词库|词表|敏感词|分类模型|机器|自动|系统|模型")
_ANSWER = re.compile("非拒答|不应?拒答|不应当拒答|误拒")
_REFUSE = re.compile("拒答|拒绝")


def table_facts(table: TypedTable, names: Names) -> Iterator[Fact]:
    """All facts of one typed table."""
    if table.kind in _READERS:
        yield from _READERS[table.kind](table, names)
    if table.kind in ("corpus_sources", "source_checks"):
        yield from _terms(table)


def _fact(
    table: TypedTable, row: int, key: str, name: str, unit: str = "", *, number: Number | None = None
) -> Iterator[Fact]:
    number = number or cell_number(table, row, key)
    if number is None:
        return
    if unit == "%" and number.unit not in ("%", ""):
        return
    column = table.columns[key]
    value = number.value
    if unit == "%" and not number.unit and 0 < value < 1:
        value = tidy(value * 100)  # a rate that a spreadsheet stores as a share
    yield Fact(
        name=name, value=value, unit=number.unit or unit or None, role=table.role, section=table.table.section,
        approximate=number.approximate,
        evidence=Evidence.at(
            table.file, cell_place(table.table, row, column), table.table.rows[row][column].strip(),
            table.table.caption,
        ),
    )  # fmt: skip


def _everywhere(table: TypedTable) -> list[int]:
    return [*table.rows, *([] if table.total_row is None else [table.total_row])]


def _samples(table: TypedTable, _: Names) -> Iterator[Fact]:
    for row in table.rows:
        method = fold(table.cell(row, "method"))
        base = "corpus.sample" if _HUMAN.search(method) else "corpus.tech_sample" if _TECHNICAL.search(method) else None
        if base:
            yield from _fact(table, row, "size", f"{base}.size", "条")
            yield from _fact(table, row, "passed", f"{base}.passed", "条")
            yield from _fact(table, row, "rate", f"{base}.rate", "%")


def _refusals(table: TypedTable, _: Names) -> Iterator[Fact]:
    for row in table.rows:
        bank = fold(table.cell(row, "bank"))
        if _ANSWER.search(bank):
            base, questions = "over_refusal", "questions.answer.total"
        elif _REFUSE.search(bank):
            base, questions = "refusal", "questions.refuse.total"
        else:
            continue
        yield from _fact(table, row, "bank_size", questions, "题")
        yield from _fact(table, row, "size", f"{base}.sample.size", "题")
        yield from _fact(table, row, "refused", f"{base}.refused", "题")
        yield from _fact(table, row, "rate", f"{base}.rate", "%")


_ANNOTATOR_ROLES = (
    ("annotators.review", re.compile("审核|质检|复核|检验")),
    ("annotators.arbitrate", re.compile("仲裁|裁定|裁决")),
    ("annotators.annotate", re.compile("标注|执行")),
)


def _annotators(table: TypedTable, _: Names) -> Iterator[Fact]:
    named: dict[str, list[int]] = {}
    for row in table.rows:
        role = fold(table.cell(row, "role"))
        name = next((n for n, words in _ANNOTATOR_ROLES if words.search(role)), None)
        if name:
            named.setdefault(name, []).append(row)
    for name, rows in named.items():
        if len(rows) == 1:
            yield from _fact(table, rows[0], "count", name, "人")
    if table.total_row is not None:
        yield from _fact(table, table.total_row, "count", "annotators.total", "人")


_METHODS = ("manual", "keyword", "classifier")


def _per_risk(table: TypedTable, names: Names) -> Iterator[Fact]:
    if table.total_row is None or sum(1 for r in table.rows if _risk(table, r, names)) < 5:
        return
    row = table.total_row
    yield from _fact(table, row, "size", "generated.sample.size", "题")
    for method in _METHODS:
        yield from _fact(table, row, f"{method}_passed", f"generated.{method}.passed", "题")
        yield from _fact(table, row, f"{method}_rate", f"generated.{method}.rate", "%")
    caption = fold(table.table.caption + table.table.section)
    about = [m for m, word in zip(_METHODS, ("人工", "关键词", "分类模型"), strict=True) if word in caption]
    if len(about) == 1:
        yield from _fact(table, row, "passed", f"generated.{about[0]}.passed", "题")
        yield from _fact(table, row, "rate", f"generated.{about[0]}.rate", "%")


def _risk(table: TypedTable, row: int, names: Names, *, topic: bool = False) -> str | None:
    text = table.cell(row, "risk")
    code = table.cell(row, "code")
    return names.find(text, topic=topic) or (names.find(f"{code} {text}", topic=topic) if code else None)


def _keywords(table: TypedTable, names: Names) -> Iterator[Fact]:
    risks = {row: _risk(table, row, names) for row in table.rows}
    if sum(1 for r in risks.values() if r) < 3:
        return
    for row, risk in risks.items():
        if risk:
            yield from _fact(table, row, "count", f"keywords.{risk}", "条")
    if table.total_row is not None:
        yield from _fact(table, table.total_row, "count", "keywords.total", "条")


def _banks(table: TypedTable, names: Names) -> Iterator[Fact]:
    for key, name in _bank_columns(table):
        topic = name == "questions.answer"
        risks = {row: _risk(table, row, names, topic=topic) for row in table.rows}
        if sum(1 for r in risks.values() if r) < 3:
            continue
        unit = "条" if name == "keywords" else "题"
        for row, risk in risks.items():
            if risk:
                yield from _fact(table, row, key, f"{name}.{risk}", unit)
        if table.total_row is not None:
            yield from _fact(table, table.total_row, key, f"{name}.total", unit)


def _bank_columns(table: TypedTable) -> list[tuple[str, str]]:
    named = {"generated": "questions.generated", "refuse": "questions.refuse", "answer": "questions.answer",
             "keywords": "keywords"}  # fmt: skip
    found = [(k, n) for k, n in named.items() if k in table.columns]
    if found or "count" not in table.columns:
        return found
    about = fold(f"{table.table.caption}|{'|'.join(table.table.rows[0])}")
    about = about if re.search("拒答|生成", about) else fold(table.table.section.rsplit(" > ", 1)[-1])
    kind = (
        "answer" if _ANSWER.search(about) else "refuse" if "拒答" in about else "generated" if "生成" in about else None
    )
    return [("count", named[kind])] if kind else []


_TERM = re.compile(r"(?:期限|有效期|授权期|合同期|使用期)[^;。]{0,16}(?:至|到|-|~)$")


def _terms(table: TypedTable) -> Iterator[Fact]:
    """Ends of contracts and licences told in the cells of a ledger of sources."""
    for row in table.rows:
        for column, text in enumerate(table.table.rows[row]):
            key = keyed(text).key
            for found in find_dates(key):
                if _TERM.search(key[: found.start]):
                    yield Fact(
                        name="date.contract_end", value=found.iso, role=table.role, section=table.table.section,
                        evidence=Evidence.at(
                            table.file, cell_place(table.table, row, column), text.strip(), table.table.caption
                        ),
                    )  # fmt: skip


def _corpus(table: TypedTable, _: Names) -> Iterator[Fact]:
    if table.total_row is None:
        return
    for key in ("amount", "items", "tokens"):
        row = table.total_row
        number = cell_number(table, row, key)
        if number is None:
            # A unit that only one kind of data has (tokens of text) stands in that row alone.
            filled = [i for i in table.rows if cell_number(table, i, key) is not None]
            row = filled[0] if len(filled) == 1 else row
            number = cell_number(table, row, key)
        if number is None:
            continue
        value, unit, about = number.value, number.unit, number.approximate
        if key == "tokens":
            unit = "tokens"
        if unit in _STORAGE:
            value, about, unit = round(value * _STORAGE[unit], 6), about or unit != "TB", "TB"
        if key == "items" and not unit:
            unit = "条"
        name = {"TB": "corpus.storage_tb", "条": "corpus.items", "tokens": "corpus.tokens"}.get(unit)
        if name:
            shown = Number(value, unit, number.start, number.end, about)
            yield from _fact(table, row, key, name, number=shown)
            yield from _fact(table, row, key, "corpus.total", number=shown)


def _compute(table: TypedTable, _: Names) -> Iterator[Fact]:
    section = fold(table.table.section + table.table.caption)
    for row in table.rows:
        use = fold(table.cell(row, "use") + table.cell(row, "device"))
        number = cell_number(table, row, "count")
        if number is None or number.unit not in ("张", "卡", "块", ""):
            continue
        inference = "推理" in use or ("推理" in section and "训练" not in section + use)
        name = "compute.inference_cards" if inference else "compute.cards"
        yield from _fact(table, row, "count", name, "张")


def _attached(table: TypedTable, _: Names) -> Iterator[Fact]:
    """Counts in the applicant's list of attachments: 10,892条; 2,120题 / 517题 / 522题 in the order of the standard."""
    for row in table.rows:
        name, text = fold(table.cell(row, "name")), keyed(table.cell(row, "count")).key
        found = [n for n in find_numbers(text) if not n.limit]
        if re.search("关键词|敏感词|拦截词", name) and len(found) == 1 and found[0].unit in ("条", "个", "词"):
            yield from _fact(table, row, "count", "keywords.total", "条", number=found[0])
        elif re.search("题", name) and found and found[-1].unit in ("题", "条"):
            if len(found) == 3 and found[0].value > 1.5 * max(found[1].value, found[2].value):
                banks = ("generated", "refuse", "answer")
                for bank, number in zip(banks, found, strict=True):
                    shown = Number(number.value, "题", number.start, number.end, number.approximate)
                    yield from _fact(table, row, "count", f"questions.{bank}.total", number=shown)
            elif len(found) == 1:
                yield from _fact(table, row, "count", "questions.total", "题", number=found[0])


def _persons(table: TypedTable, _: Names) -> Iterator[Fact]:
    for row in table.rows:
        name, duty = table.cell(row, "name").strip(), fold(table.cell(row, "duty") + table.cell(row, "post"))
        if not re.fullmatch(r"[\u4e00-\u9fff·]{2,8}", name):
            continue
        roles = {
            "applicant.legal_representative": re.search("法定代表人(?!授权|委托)", duty),
            "persons.legality_lead": re.search("合法性[^,]{0,6}负责人|合法合规负责人", duty),
            "persons.assessment_lead": re.search("(?<!合法性)评估(?:工作|整体)?(?:总)?负责人|整体评估负责", duty),
        }
        for role, found in roles.items():
            if found:
                column = table.columns["name"]
                place = cell_place(table.table, row, column)
                yield Fact(
                    name=role, value=name, role=table.role, section=table.table.section,
                    evidence=Evidence.at(table.file, place, name, table.table.caption),
                )  # fmt: skip


_READERS = {
    "corpus_sampling": _samples, "refusal_results": _refusals, "annotators": _annotators, "result_per_risk": _per_risk,
    "keyword_distribution": _keywords, "bank_distribution": _banks, "corpus_sources": _corpus, "corpus_types": _corpus,
    "compute": _compute, "attachments": _attached, "persons": _persons,
}  # fmt: skip
