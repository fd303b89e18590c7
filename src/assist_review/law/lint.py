"""Checks a pack and its overlays beyond what loading refuses: what is contradictory, stale or without ground."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from assist_review import packs
from assist_review.base import Value
from assist_review.errors import RegulationError
from assist_review.law.overlay import conflicts, lay
from assist_review.regulation import Overlay, Pack, Requirement

_SOON = timedelta(days=60)


class Problem(Value):
    """One thing about a pack; errors make it unfit, the others want a look."""

    error: bool
    where: str
    why: str


def lint(directory: Path, *, data: Path | None = None, day: date | None = None) -> tuple[Problem, ...]:
    """Problems of the pack in `directory` with the user's imports and overlays, errors first."""
    day = day or date.today()
    try:
        pack = packs.load(directory, data=data)
    except RegulationError as error:
        file, _, why = str(error).partition(": ")
        return (Problem(error=True, where=file, why=why or str(error)),)
    found = [*_requirements(pack), *_instruments(pack, day), *_overlays(pack, day)]
    return tuple(sorted(found, key=lambda p: not p.error))


def _requirements(pack: Pack) -> Iterator[Problem]:
    clauses = {c.id: c for c in pack.clauses}
    for r in pack.requirements:
        cited = [clauses[c] for c in r.cites if c in clauses]
        if not cited:
            yield Problem(error=True, where=r.id, why="没有引用任何条款")
        elif r.in_force.start and not any(c.in_force.holds(r.in_force.start) for c in cited):
            yield Problem(error=True, where=r.id, why=f"在 {r.in_force.start} 起适用，但当天没有一个所引条款施行")
        ends = [c.in_force.end for c in cited]
        if cited and all(ends) and r.in_force.end is None:
            last = max(e for e in ends if e)
            yield Problem(error=True, where=r.id, why=f"所引条款全部在 {last} 前后失效，要求却没有终止日期")
        if len(set(r.cites)) < len(r.cites):
            yield Problem(error=False, where=r.id, why="重复引用同一条款")


def _instruments(pack: Pack, day: date) -> Iterator[Problem]:
    cited = {c.partition(":")[0] for r in pack.requirements for c in r.cites}
    for i in pack.instruments:
        if i.replaced_by and i.in_force.end is None and i.status == "replaced":
            successor = pack.instrument(i.replaced_by)
            if i.id in cited and successor and successor.in_force.start and successor.in_force.start <= day:
                yield Problem(
                    error=False, where=i.id, why=f"已由 {i.replaced_by} 替代，但没有终止日期，两者会同时被引用"
                )
        if i.confidence == "C" and i.id in cited:
            yield Problem(error=False, where=i.id, why="名称或细节未确认，却被要求引用；见 regulations doubts")


def _overlays(pack: Pack, day: date) -> Iterator[Problem]:
    known = {r.id: r for r in pack.requirements}
    seen: dict[str, str] = {}
    for overlay in pack.overlays:
        if overlay.id in seen:
            yield Problem(error=True, where=overlay.id, why="叠加编号重复")
        seen[overlay.id] = overlay.id
        yield from _overlay(overlay, known, day)
    for where, why in conflicts(pack.overlays):
        yield Problem(error=False, where=where, why=why)


def _overlay(overlay: Overlay, known: dict[str, Requirement], day: date) -> Iterator[Problem]:
    where = overlay.id
    if not overlay.source.strip():
        yield Problem(error=True, where=where, why="没有写明出处（source）")
    end = overlay.in_force.end
    if end is None and overlay.kind != "own":
        yield Problem(error=False, where=where, why="没有有效期（in_force.to），到期前不会提醒复核")
    elif end and end < day:
        yield Problem(error=False, where=where, why=f"已于 {end} 到期，不再适用；请复核后更新或删除")
    elif end and end - day <= _SOON:
        yield Problem(error=False, where=where, why=f"将于 {end} 到期，请复核")
    for r in overlay.add:
        if r.id in known:
            yield Problem(error=True, where=where, why=f"新增的要求 {r.id} 与规则包中的编号相同")
    for named in (*(r.requirement for r in overlay.relax), *(s.requirement for s in overlay.set)):
        if named not in known:
            yield Problem(error=True, where=where, why=f"没有要求 {named}")
    for s in overlay.set:
        requirement = known.get(s.requirement)
        if requirement and s.key != "severity":
            if s.check >= len(requirement.checks):
                yield Problem(error=True, where=where, why=f"{s.requirement} 没有第{s.check + 1}个核查")
            elif s.key not in requirement.checks[s.check]:
                yield Problem(
                    error=False, where=where, why=f"{s.requirement} 的第{s.check + 1}个核查原来没有参数 {s.key}"
                )
    for relaxed in overlay.relax:
        if not relaxed.off and relaxed.severity is None:
            yield Problem(error=True, where=where, why=f"放宽 {relaxed.requirement} 时要写 severity 或 off = true")
    try:
        lay(Pack.model_construct(requirements=tuple(known.values()), applied=()), [overlay])
    except ValueError as error:
        yield Problem(error=True, where=where, why=f"参数不可用：{error}")
