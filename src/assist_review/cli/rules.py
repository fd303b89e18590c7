"""The commands `regulations list`, `show` and `search`."""

from rich.console import Console
from rich.table import Table

from assist_review import packs
from assist_review.errors import RegulationError, SettingsError
from assist_review.regulation import Clause, Pack, Requirement
from assist_review.retrieve import ClauseIndex

_SEVERITY = {"fatal": "致命", "major": "重要", "minor": "一般"}


def show_list(what: str, pack_id: str) -> None:
    """A table of instruments, requirements or risks."""
    pack = packs.load(packs.find(pack_id))
    makers = {"instruments": _instruments, "requirements": _requirements, "risks": _risks}
    if what not in makers:
        raise SettingsError(f"“{what}”不可用，应为 {'、'.join(makers)}")
    Console().print(makers[what](pack))


def _instruments(pack: Pack) -> Table:
    table = Table("编号", "名称", "层级", "施行", "终止", "条款", "把握")
    for i in pack.instruments:
        n = sum(c.instrument == i.id for c in pack.clauses)
        table.add_row(
            i.id, i.title, i.level, str(i.in_force.start or ""), str(i.in_force.end or ""), str(n), i.confidence
        )
    return table


def _requirements(pack: Pack) -> Table:
    table = Table("编号", "要求", "程度", "把握", "依据")
    for r in pack.requirements:
        table.add_row(r.id, r.statement, _SEVERITY[r.severity], r.confidence, "\n".join(r.cites))
    return table


def _risks(pack: Pack) -> Table:
    table = Table("编号", "名称", "关键词", "生成内容题", "应拒答题", "非拒答题")
    for r in pack.risks:
        floors = (r.keywords_min, r.generated_min, r.refuse_min, r.answer_min)
        table.add_row(r.id, r.name, *(str(n) if n is not None else "" for n in floors))
    return table


def show_one(identifier: str, pack_id: str) -> None:
    """One requirement, clause or instrument in full."""
    pack = packs.load(packs.find(pack_id))
    console = Console()
    requirement = pack.requirement(identifier) or pack.requirement(identifier.upper())
    clause = pack.clause(identifier)
    instrument = pack.instrument(identifier)
    if requirement:
        _print_requirement(console, requirement, pack)
    elif clause:
        _print_clause(console, clause, pack)
    elif instrument:
        console.print(f"[bold]{instrument.title}[/]  {instrument.number}  {instrument.issuer}", highlight=False)
        console.print(
            f"{instrument.level}；施行 {instrument.in_force.start or '—'} 至 {instrument.in_force.end or '今'}；{instrument.note}"
        )
        for each in pack.clauses:
            if each.instrument == instrument.id:
                _print_clause(console, each, pack)
    else:
        raise RegulationError(f"规则包 {pack.id} 中没有“{identifier}”；用 assist-review regulations list 查看编号")


def _print_requirement(console: Console, requirement: Requirement, pack: Pack) -> None:
    console.print(f"[bold]{requirement.id}[/] {requirement.statement}", highlight=False)
    mark = "（待核对官方文本）" if requirement.confidence == "C" else ""
    console.print(
        f"程度：{_SEVERITY[requirement.severity]}；把握：{requirement.confidence}{mark}；适用：{requirement.applies_when}",
        highlight=False,
    )
    console.print(
        f"缺陷代码：{'、'.join(requirement.defects) or '—'}；检查：{'、'.join(str(c['kind']) for c in requirement.checks)}",
        highlight=False,
    )
    console.print(f"修改建议：{requirement.revise}", highlight=False)
    for clause_id in requirement.cites:
        clause = pack.clause(clause_id)
        if clause:
            _print_clause(console, clause, pack)


def _print_clause(console: Console, clause: Clause, pack: Pack) -> None:
    instrument = pack.instrument(clause.instrument)
    title = instrument.title if instrument else clause.instrument
    kind = "原文" if clause.verbatim else "转述"
    console.print(f"  [cyan]{clause.id}[/] 《{title}》{clause.label}（{kind}）：{clause.text}", highlight=False)


def show_search(text: str, limit: int, pack_id: str, embeddings: str | None) -> None:
    """Clauses nearest to a text: bigrams fused with the vector collection of the pack."""
    from assist_review.settings import cache_folder
    from assist_review.store.clauses import ClauseStore

    pack = packs.load(packs.find(pack_id))
    store = ClauseStore(cache_folder() / "index", pack, embeddings)
    near = store.search(text, limit=100)
    table = Table("条款", "内容", "名次分")
    for found in ClauseIndex(pack).search(text, near=near, weight=store.weight, limit=limit):
        instrument = pack.instrument(found.clause.instrument)
        table.add_row(
            f"{found.clause.id}\n《{instrument.title if instrument else ''}》{found.clause.label}",
            found.clause.text,
            f"{found.score:.2f}",
        )
    Console().print(table)
