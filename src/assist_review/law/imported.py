"""Imported official texts as stored, and how they are laid over the restated clauses of a pack."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from assist_review.base import Value, derived_id
from assist_review.errors import RegulationError
from assist_review.law.home import read_records, write_json
from assist_review.law.text import Unit, resolve
from assist_review.regulation import Clause, Instrument, Pack, Requirement, Span


class Imported(Value):
    """One imported text: which instrument it is of, where it came from, and its units.

    `instrument` alone names one of the pack; `made` describes one the pack does not have, or a new version of one
    (`replaces`). Several texts of one instrument (the books of a code) stand side by side; a later one replaces
    the units it has in common with an earlier one.
    """

    id: str
    pack: str
    instrument: str
    made: Instrument | None = None
    replaces: str | None = None
    file: str
    sha256: str
    title: str = ""
    at: datetime
    active: bool = True
    units: tuple[Unit, ...]
    problems: tuple[str, ...] = ()


def folder(data: Path, pack_id: str) -> Path:
    """Where the imports of one pack are kept."""
    return data / "imports" / pack_id


def stored(data: Path, pack_id: str) -> tuple[Imported, ...]:
    """All imports of a pack, undone ones too, oldest first. Raises StoreError for a damaged file."""
    found = read_records(folder(data, pack_id), Imported, "导入记录")
    return tuple(sorted(found, key=lambda i: (i.at, i.id)))


def store(data: Path, each: Imported) -> None:
    """Keeps one import: whole or not at all."""
    write_json(folder(data, each.pack) / f"{each.id}.json", each.model_dump(mode="json"))


def undo(data: Path, pack_id: str, wanted: str) -> tuple[Imported, ...]:
    """Undoes the import with this id, or every import of this instrument; the records stay, inactive."""
    active = [i for i in stored(data, pack_id) if i.active and wanted in (i.id, i.instrument)]
    if not active:
        raise RegulationError(f"没有有效的导入“{wanted}”；用 assist-review regulations imports list 查看")
    for each in active:
        store(data, each.model_copy(update={"active": False}))
    return tuple(active)


def make(pack_id: str, instrument: str, file: str, sha256: str, units: Sequence[Unit], **more: object) -> Imported:
    """A new import; its id depends on instrument and file alone, so the same file twice is one import."""
    now = datetime.now(UTC)
    values = {
        "id": derived_id(pack_id, instrument, sha256),
        "pack": pack_id,
        "instrument": instrument,
        "file": file,
        "sha256": sha256,
        "at": now,
        "units": tuple(units),
    }
    return Imported.model_validate(values | more)


def lay_over(pack: Pack, imports: Iterable[Imported]) -> Pack:
    """`pack` with official wording where it was imported; its hash then depends on the imports too."""
    active = [i for i in imports if i.active]
    if not active:
        return pack
    instruments = {i.id: i for i in pack.instruments}
    for each in active:
        if each.made is not None:
            instruments.setdefault(each.instrument, each.made)
            old = instruments.get(each.replaces or "")
            start = each.made.in_force.start
            if old is not None and start is not None and (old.in_force.end is None or old.in_force.end >= start):
                instruments[old.id] = old.model_copy(
                    update={
                        "in_force": Span(start=old.in_force.start, end=_before(start)),
                        "status": "replaced",
                        "replaced_by": each.instrument,
                    }
                )
    ended = {i.id: i.in_force.end for i in instruments.values() if i != pack.instrument(i.id)}
    clauses = [_within(c, ended.get(c.instrument)) for c in pack.clauses]
    official = _official(active)
    known: dict[tuple[str, str], str] = {}  # unit → id of the clause that has its text
    for n, clause in enumerate(clauses):
        units, files = official.get(clause.instrument, ({}, {}))
        unit = resolve(units, clause.number)
        if unit is not None:
            known.setdefault((clause.instrument, unit.number), clause.id)
            clauses[n] = clause.model_copy(
                update={
                    "text": unit.text, "verbatim": True, "confidence": "A", "source_sha256": files[unit.number],
                    "path": unit.path,
                }
            )  # fmt: skip
    for instrument_id, (units, files) in official.items():
        for number, unit in units.items():
            if instrument_id in instruments and (instrument_id, number) not in known:
                above = known.get((instrument_id, unit.parent or ""), f"{instrument_id}:{unit.parent}")
                clauses.append(
                    Clause(
                        id=f"{instrument_id}:{number}", instrument=instrument_id, number=number, label=unit.label,
                        text=unit.text, verbatim=True, in_force=instruments[instrument_id].in_force, confidence="A",
                        source_sha256=files[number], path=unit.path, within=above if unit.parent else None,
                    )
                )  # fmt: skip
    verbatim = {c.id for c in clauses if c.verbatim}
    unofficial = {i.id for i in instruments.values() if not has_text(i)}
    return pack.model_copy(
        update={
            "instruments": tuple(instruments.values()),
            "clauses": tuple(clauses),
            "requirements": tuple(_cleared(r, verbatim, unofficial) for r in pack.requirements),
            "sha256": _sha256(pack.sha256, active),
        }
    )


_Official = dict[str, tuple[dict[str, Unit], dict[str, str]]]


def _official(active: Iterable[Imported]) -> _Official:
    """Units by number, and the hash of the file of each, per instrument; later imports over earlier ones."""
    found: _Official = {}
    for each in active:
        units, files = found.setdefault(each.instrument, ({}, {}))
        new = {unit.number.partition(".")[0] for unit in each.units}
        for number in [n for n in units if n.partition(".")[0] in new]:
            del units[number], files[number]
        units.update({u.number: u for u in each.units})
        files.update({u.number: each.sha256 for u in each.units})
    return found


def _within(clause: Clause, end: date | None) -> Clause:
    if end is None or (clause.in_force.end is not None and clause.in_force.end <= end):
        return clause
    return clause.model_copy(update={"in_force": Span(start=clause.in_force.start, end=end)})


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def has_text(instrument: Instrument) -> bool:
    """Whether there can be an official text to import: practice, which was never in force, has none."""
    return instrument.status != "policy" or instrument.in_force.start is not None


def _cleared(requirement: Requirement, verbatim: set[str], unofficial: set[str]) -> Requirement:
    """Confidence C goes once every clause it cites that has an official text is there word for word."""
    cited = [c for c in requirement.cites if c.partition(":")[0] not in unofficial]
    if requirement.confidence != "C" or not cited or not all(c in verbatim for c in cited):
        return requirement
    return requirement.model_copy(update={"confidence": "A"})


def _sha256(base: str, active: Iterable[Imported]) -> str:
    parts = sorted(f"{i.instrument} {i.sha256}" for i in active)
    return hashlib.sha256("\n".join([base, *parts]).encode()).hexdigest()
