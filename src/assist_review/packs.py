"""Reads a regulation pack: a folder of TOML files in which every mistake is named with file, line and key."""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from assist_review import expression
from assist_review.errors import RegulationError
from assist_review.law.home import data_folder
from assist_review.law.imported import lay_over, stored
from assist_review.law.registers import with_lists
from assist_review.pack_checks import DEFECT, ROLES, problems
from assist_review.pack_source import Entry, Seen, Source, read
from assist_review.regulation import (
    Clause,
    Instrument,
    Overlay,
    Pack,
    PackageProfile,
    Relaxation,
    Requirement,
    Risk,
    RiskGroup,
    Setting,
)
from assist_review.text import fold

ENVIRONMENT = "ASSIST_REVIEW_PACKS"
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")


class Frame(NamedTuple):
    """What the parts of one pack may name: its routes and document roles."""

    routes: tuple[str, ...]
    roles: frozenset[str]


def find(pack_id: str = "cn-genai") -> Path:
    """The folder of a pack: under `$ASSIST_REVIEW_PACKS` where that is set, else in the checkout or the wheel."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", pack_id):
        raise RegulationError(f"规则包名称“{pack_id}”不正确：只能用小写字母、数字和连字符")
    own = os.environ.get(ENVIRONMENT)
    homes = [Path(own)] if own else [
        Path(__file__).resolve().parents[2] / "regulations",
        Path(str(resources.files("assist_review"))) / "_data" / "regulations",
    ]  # fmt: skip
    for home in homes:
        if (home / pack_id / "pack.toml").is_file():
            return home / pack_id
    raise RegulationError(f"找不到规则包“{pack_id}”：{'、'.join(str(h) for h in homes)} 下没有 {pack_id}/pack.toml")


def load(directory: Path, *, data: Path | None = None) -> Pack:
    """The pack in `directory`, with the official texts imported into `data` (the user's data folder) over it.

    Raises RegulationError at the first mistake.
    """
    data = data or data_folder()
    written = load_written(directory)
    pack = with_lists(lay_over(written, stored(data, written.id)), data)
    own = own_overlays(data, pack.id)
    sources = [read(path, own) for path in sorted(own.glob("*.toml"))]
    if not sources:
        return pack
    overlays = (
        *pack.overlays,
        *_overlays(sources, {c.id for c in pack.clauses}, Frame(pack.routes, frozenset(pack.roles) or ROLES)),
    )
    digest = hashlib.sha256("\n".join([pack.sha256, *(s.text for s in sources)]).encode()).hexdigest()
    return pack.model_copy(update={"overlays": overlays, "sha256": digest})


def own_overlays(data: Path, pack_id: str) -> Path:
    """Where the user's own overlays of a pack are kept, so that they survive upgrades."""
    return data / "overlays" / pack_id


def load_written(directory: Path) -> Pack:
    """The pack as its files have it, without imports; raises RegulationError at the first mistake."""
    head = read(directory / "pack.toml", directory)
    head.only("id", "version", "title", "language", "routes", "roles")
    frame = Frame(tuple(head.values.get("routes", expression.ROUTES)), frozenset(head.values.get("roles", {})) or ROLES)
    instruments = _instruments(read(directory / "instruments.toml", directory))
    clauses = _clauses(_folder(directory, "clauses"), instruments)
    risks = read(directory / "risks.toml", directory)
    risks.only("group", "risk")
    groups = _each(risks, "group", RiskGroup)
    for number, group in enumerate(groups):
        for pattern in group.codes:
            try:
                re.compile(pattern)
            except re.error as error:
                raise risks.wrong(
                    f"“{pattern}”不是正确的正则表达式：{error}", table="group", number=number, key="codes"
                ) from error
    return head.build(
        Pack,
        head.values
        | {
            "sha256": _sha256(directory),
            "instruments": tuple(instruments.values()),
            "clauses": clauses,
            "requirements": _requirements(_folder(directory, "requirements"), {c.id for c in clauses}, frame),
            "risks": _risks(risks, {g.id for g in groups}),
            "groups": groups,
            "overlays": _overlays(_folder(directory, "overlays"), {c.id for c in clauses}, frame),
            "profiles": tuple(_profile(source, frame) for source in _folder(directory, "profiles")),
            "lexicon": {source.name.rsplit("/", 1)[-1][:-5]: source.values for source in _folder(directory, "lexicon")},
        },
    )


def routes(directory: Path) -> tuple[str, ...]:
    """The routes of a pack, from its first file alone."""
    return tuple(read(directory / "pack.toml", directory).values.get("routes", expression.ROUTES))


def _folder(directory: Path, name: str) -> list[Source]:
    return [read(path, directory) for path in sorted((directory / name).glob("*.toml"))]


def _sha256(directory: Path) -> str:
    """The hash of every file's relative name and bytes, so that any change to a pack shows."""
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            digest.update(relative.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _each(source: Source, table: str, model: Any) -> tuple[Any, ...]:
    built = tuple(source.build(model, e, table=table, number=n) for n, e in enumerate(source.entries(table)))
    source.unique((each.id for each in built), table=table)
    return built


def _instruments(source: Source) -> dict[str, Instrument]:
    source.only("instrument")
    built: tuple[Instrument, ...] = _each(source, "instrument", Instrument)
    found = {instrument.id: instrument for instrument in built}
    for number, instrument in enumerate(built):
        at: Entry = {"table": "instrument", "number": number}
        if instrument.replaced_by and instrument.replaced_by not in found:
            raise source.wrong(f"没有登记“{instrument.replaced_by}”", key="replaced_by", **at)
        start = instrument.in_force.start
        if start and instrument.promulgated and instrument.promulgated > start:
            raise source.wrong(f"公布日期晚于施行日期 {start}", key="promulgated", **at)
    return found


def _clauses(sources: Iterable[Source], instruments: Mapping[str, Instrument]) -> tuple[Clause, ...]:
    """Clauses of all files; a file is named after its instrument, from which dates and confidence are taken over."""
    clauses: list[Clause] = []
    seen: Seen = {}
    for source in sources:
        source.only("clause")
        name = source.name.rsplit("/", 1)[-1][:-5]
        instrument = instruments.get(name)
        if instrument is None:
            raise source.wrong(f"instruments.toml 中没有“{name}”，条款文件应以文件编号命名", key="clause")
        inherited = {"in_force": instrument.in_force, "confidence": instrument.confidence}
        numbers = []
        for n, entry in enumerate(source.entries("clause")):
            at: Entry = {"table": "clause", "number": n}
            for key in ("id", "instrument"):
                if key in entry:
                    raise source.wrong("由文件名得出，不应写出", key=key, **at)
            number = entry.get("number")
            if not isinstance(number, str) or not _NUMBER.fullmatch(number):
                raise source.wrong(f"“{number}”不是条款编号，应为文本，如 7.i1、5.1.a", key="number", **at)
            written = inherited | entry | {"id": f"{name}:{number}", "instrument": name}
            clause = source.build(Clause, written, **at)
            clauses.append(clause)
            numbers.append(clause.id)
        source.unique(numbers, table="clause", key="number", seen=seen)
    return tuple(clauses)


def _requirements(sources: Iterable[Source], clauses: set[str], frame: Frame) -> tuple[Requirement, ...]:
    requirements: list[Requirement] = []
    seen: Seen = {}
    for source in sources:
        source.only("requirement")
        built = [
            _requirement(source, n, entry, clauses, frame) for n, entry in enumerate(source.entries("requirement"))
        ]
        source.unique((r.id for r in built), table="requirement", seen=seen)
        requirements += built
    return tuple(requirements)


def _overlays(sources: Iterable[Source], clauses: set[str], frame: Frame) -> tuple[Overlay, ...]:
    """Overlays; whether what they name exists and whether they contradict each other is for `regulations lint`."""
    overlays = []
    for source in sources:
        added = tuple(_requirement(source, n, e, clauses, frame, "add") for n, e in enumerate(source.entries("add")))
        for table, model in (("relax", Relaxation), ("set", Setting)):
            for n, entry in enumerate(source.entries(table)):
                source.build(model, entry, table=table, number=n)
        overlays.append(source.build(Overlay, source.values | {"add": added}))
    return tuple(overlays)


def _requirement(
    source: Source, number: int, entry: Entry, clauses: set[str], frame: Frame, table: str = "requirement"
) -> Requirement:
    at: Entry = {"table": table, "number": number}
    if "check" in entry and "checks" in entry:
        raise source.wrong("check 与 checks 只能写一个", key="check", **at)
    checks = [entry["check"]] if "check" in entry else entry.get("checks")
    if not checks or not isinstance(checks, list) or not all(isinstance(c, dict) for c in checks):
        raise source.wrong("缺少这个键，每项要求至少要有一个核查", key="check", **at)
    written = {key: value for key, value in entry.items() if key != "check"} | {"checks": checks}
    requirement = source.build(Requirement, {"in_force": {}} | written, **at)
    for clause in requirement.cites:
        if clause not in clauses:
            raise source.wrong(f"引用的条款“{clause}”不存在", key="cites", value=clause, **at)
    for role in requirement.roles:
        if role not in frame.roles:
            why = f"“{role}”不是文件类别；可用：{'、'.join(sorted(frame.roles))}"
            raise source.wrong(why, key="roles", value=role, **at)
    for code in requirement.defects:
        if not DEFECT.fullmatch(code):
            raise source.wrong(f"“{code}”不是缺陷代码，应为一个字母加两位数字，如 C11", key="defects", value=code, **at)
    try:
        expression.parse(requirement.applies_when, frame.routes)
    except RegulationError as error:
        raise source.wrong(str(error), key="applies_when", **at) from error
    for check in checks:
        for problem in problems(check, frame.roles):
            raise source.wrong(problem.why, key=problem.key, value=problem.value, **at)
    return requirement


def _risks(source: Source, groups: set[str]) -> tuple[Risk, ...]:
    risks: tuple[Risk, ...] = _each(source, "risk", Risk)
    owner: dict[tuple[bool, str], str] = {}
    for number, risk in enumerate(risks):
        at: Entry = {"table": "risk", "number": number}
        if risk.group not in groups:
            raise source.wrong(f"没有“{risk.group}”这一类", key="group", **at)
        for name in (risk.name, *risk.synonyms):
            other = owner.setdefault((risk.group == "topic", fold(name)), risk.id)
            if other != risk.id:
                raise source.wrong(f"“{name}”已是“{other}”的名称或别名，不能区分", key="synonyms", value=name, **at)
    return risks


def _profile(source: Source, frame: Frame) -> PackageProfile:
    source.only("id", "route", "name", "province", "document")
    for number, entry in enumerate(source.entries("document")):
        if entry.get("role") not in frame.roles:
            why = f"“{entry.get('role')}”不是文件类别；可用：{'、'.join(sorted(frame.roles))}"
            raise source.wrong(why, table="document", number=number, key="role")
    head = {key: value for key, value in source.values.items() if key != "document"}
    if "route" in head and head["route"] not in frame.routes:
        raise source.wrong(f"“{head['route']}”不可用；可用：{'、'.join(frame.routes)}", key="route")
    return source.build(PackageProfile, head | {"documents": source.entries("document")})
