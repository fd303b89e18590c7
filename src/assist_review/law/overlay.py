"""Overlays laid over a pack: which apply to a service on a day, what they change, and where they contradict."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from assist_review.errors import RegulationError
from assist_review.filing import ServiceProfile
from assist_review.regulation import Overlay, Pack, Requirement, Severity

_ORDER = ("template", "province", "sector", "own")  # a later one has the last word


def fitting(pack: Pack, service: ServiceProfile, day: date, chosen: Sequence[str] = ()) -> tuple[Overlay, ...]:
    """The overlays that apply, in the order they are laid. Raises RegulationError for a chosen one the pack lacks."""
    known = {o.id for o in pack.overlays}
    for each in chosen:
        if each not in known:
            raise RegulationError(f"规则包 {pack.id} 没有叠加“{each}”；可用：{'、'.join(sorted(known)) or '无'}")
    found = [o for o in pack.overlays if o.in_force.holds(day) and (o.id in chosen or _fits(o, service))]
    return tuple(sorted(found, key=lambda o: (_ORDER.index(o.kind), o.id)))


def _fits(overlay: Overlay, service: ServiceProfile) -> bool:
    if overlay.always:
        return True
    if service.sector and any(word in service.sector for word in overlay.sectors):
        return True
    return service.province in overlay.provinces if service.province else False


def lay(pack: Pack, overlays: Iterable[Overlay]) -> Pack:
    """`pack` with the requirements of `overlays` added, relaxed and changed."""
    overlays = tuple(overlays)
    if not overlays:
        return pack
    requirements = {r.id: r for r in pack.requirements}
    for overlay in overlays:
        for relaxed in overlay.relax:
            old = requirements.get(relaxed.requirement)
            if old is not None and relaxed.off:
                requirements[old.id] = old.model_copy(update={"applies_when": "false"})
            elif old is not None and relaxed.severity is not None:
                requirements[old.id] = _severity(old, relaxed.severity)
        for setting in overlay.set:
            old = requirements.get(setting.requirement)
            if old is not None and setting.key == "severity":
                requirements[old.id] = _severity(old, Severity(str(setting.value)))
            elif old is not None and setting.check < len(old.checks):
                checks = list(old.checks)
                checks[setting.check] = checks[setting.check] | {setting.key: setting.value}
                requirements[old.id] = old.model_copy(update={"checks": tuple(checks)})
        for added in overlay.add:
            requirements.setdefault(added.id, added)
    return pack.model_copy(
        update={"requirements": tuple(requirements.values()), "applied": (*pack.applied, *(o.id for o in overlays))}
    )


def as_reviewed(pack: Pack, applied: Sequence[str]) -> Pack:
    """`pack` with the overlays a review was made with; one the pack no longer has is passed over."""
    if pack.applied:
        return pack
    return lay(pack, sorted((o for o in pack.overlays if o.id in applied), key=lambda o: applied.index(o.id)))


def _severity(requirement: Requirement, severity: Severity) -> Requirement:
    return requirement.model_copy(update={"severity": severity})


def conflicts(overlays: Sequence[Overlay]) -> Iterator[tuple[str, str]]:
    """Pairs that contradict each other: the two overlays, and what they disagree on (the later one has its way)."""
    ordered = sorted(overlays, key=lambda o: (_ORDER.index(o.kind), o.id))
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            where = f"{one.id} 与 {other.id}"
            for a in one.set:
                for b in other.set:
                    if (a.requirement, a.check, a.key) == (b.requirement, b.check, b.key) and a.value != b.value:
                        yield where, f"{a.requirement} 的 {a.key} 分别定为 {a.value} 和 {b.value}，同时适用时取后者"
            relaxed = {r.requirement: r for r in one.relax}
            for r in other.relax:
                first = relaxed.get(r.requirement)
                if first and (first.off, first.severity) != (r.off, r.severity):
                    yield where, f"{r.requirement} 放宽的程度不同，同时适用时取后者"
            for x, y in ((one, other), (other, one)):
                off = {r.requirement for r in x.relax if r.off}
                for s in y.set:
                    if s.requirement in off:
                        yield where, f"{s.requirement} 一处免除、一处改参数，同时适用时免除"
            both = {r.id for r in one.add} & {r.id for r in other.add}
            for each in sorted(both):
                yield where, f"都新增了编号为 {each} 的要求，同时适用时只用前者"
