"""Imports official texts: reads, recognises, compares with the restatements, and keeps what may be kept."""

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from assist_review.base import Value
from assist_review.errors import RegulationError
from assist_review.law.imported import Imported, lay_over, make, store, stored
from assist_review.law.match import How, Matching, compare, identify, wrong_instrument
from assist_review.law.source import SUFFIXES, Source, sources
from assist_review.law.text import LawText
from assist_review.regulation import Instrument, Pack, Span

_LEVELS = (
    ("法", "法律"),
    ("条例", "行政法规"),
    ("解释", "司法解释"),
    ("规定", "部门规章"),
    ("办法", "部门规章"),
    ("细则", "部门规章"),
)


class Wish(Value):
    """What the user says about a text: its instrument, when it takes effect, what it replaces."""

    instrument: str | None = None
    start: date | None = None
    replaces: str | None = None
    dry_run: bool = False
    doubtful: bool = False  # take texts whose numbering has gaps or doubles too


class Refused(Value):
    """A file of which nothing was taken, and why."""

    file: str
    reason: str


class Report(Value):
    """What an import took and what it did not."""

    taken: tuple[Matching, ...] = ()
    refused: tuple[Refused, ...] = ()
    unchanged: tuple[str, ...] = ()  # files imported before, byte for byte
    cleared: tuple[str, ...] = ()  # requirements that lose the mark "to be verified"
    dry_run: bool = False


def import_texts(path: Path, pack: Pack, data: Path, wish: Wish, *, ocr: bool = True) -> Report:
    """Imports the text at `path`, or each of a folder; all or nothing per instrument.

    `pack` is the pack as written, without imports. Raises ReadError where there is nothing to read.
    """
    found = sources(path, ocr=ocr)
    if wish.instrument and len([s for s in found if s.law]) > 1 and path.is_dir():
        raise RegulationError("--instrument 只能用于一个文件；文件夹中的文件逐个识别，识别不出的再单独导入")
    before = stored(data, pack.id)
    matchings: dict[str, list[tuple[Imported, Matching]]] = defaultdict(list)
    refused: list[Refused] = []
    unchanged: list[str] = []
    spoilt: dict[str, str] = {}
    for source in found:
        if source.law is None:
            if path.is_file() or Path(source.file).suffix.lower() in SUFFIXES:
                refused.append(Refused(file=source.file, reason=source.problem))
            continue
        try:
            each, matching = _one(source, source.law, lay_over(pack, [i for i in before if i.made]), pack, wish)
        except RegulationError as error:
            refused.append(Refused(file=source.file, reason=str(error)))
            continue
        if any(i.active and i.id == each.id for i in before):
            unchanged.append(source.file)
            continue
        if matching.problems and not wish.doubtful:
            spoilt[each.instrument] = f"{source.file}：{'；'.join(matching.problems)}"
        matchings[each.instrument].append((each, matching))
    taken: list[tuple[Imported, Matching]] = []
    for instrument, pairs in matchings.items():
        reason = spoilt.get(instrument) or _clash(pairs)
        if reason:
            refused += [
                Refused(file=m.file, reason=f"{reason}。核对文本后重新导入，或用 --doubtful 照样导入") for _, m in pairs
            ]
        else:
            taken += pairs
    was = lay_over(pack, before)
    now = lay_over(pack, [*before, *(i for i, _ in taken)])
    if not wish.dry_run:
        for each, _ in taken:
            store(data, each)
    marked = {r.id for r in was.requirements if r.confidence == "C"} - {
        r.id for r in now.requirements if r.confidence == "C"
    }
    return Report(
        taken=tuple(m for _, m in taken), refused=tuple(refused), unchanged=tuple(unchanged), cleared=tuple(sorted(marked)),
        dry_run=wish.dry_run,
    )  # fmt: skip


def _one(source: Source, law: LawText, known: Pack, pack: Pack, wish: Wish) -> tuple[Imported, Matching]:
    made: Instrument | None = None
    how: How = "named"
    if wish.instrument:
        instrument = known.instrument(wish.instrument)
        if instrument is None:
            instrument = made = _new(law, wish, pack)
            how = "new"
        else:
            why = wrong_instrument(law, instrument, known)
            if why:
                raise RegulationError(f"与指定的法规不符：{why}")
    else:
        instrument, how = identify(law, known, source.file)
    problems = list(law.problems)
    stated = law.effective if law.effective_stated else None
    if (
        made is None
        and stated
        and instrument.in_force.start
        and stated != instrument.in_force.start
        and "修" not in instrument.title
    ):
        problems_note = f"施行日期不同：文本为 {stated}，规则包为 {instrument.in_force.start}"
    else:
        problems_note = ""
    matched, missing, new, disagreements = compare(law, instrument, known)
    matching = Matching(
        file=source.file, instrument=instrument.id, title=law.title or instrument.title, how=how, articles=len([u for u in law.articles if not u.number.startswith("annex")]),
        units=len(law.units), matched=tuple(matched), missing=tuple(missing), new=tuple(new), disagreements=tuple(disagreements),
        problems=tuple(problems), left_out=(*law.left_out, *([problems_note] if problems_note else [])),
    )  # fmt: skip
    each = make(
        pack.id, instrument.id, source.file, source.sha256, law.units, made=made, replaces=wish.replaces, title=law.title or instrument.title,
        problems=law.problems,
    )  # fmt: skip
    return each, matching


def _new(law: LawText, wish: Wish, pack: Pack) -> Instrument:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", wish.instrument or ""):
        raise RegulationError(f"编号“{wish.instrument}”不正确：只能用小写字母、数字和连字符，如 pipl-2021")
    if not law.title:
        raise RegulationError(f"规则包中没有“{wish.instrument}”，文中又没有题目，不能登记为新的法规")
    if wish.replaces and pack.instrument(wish.replaces) is None:
        raise RegulationError(f"--replaces“{wish.replaces}”不在规则包中；用 assist-review regulations list 查看编号")
    start = wish.start or law.effective
    if start is None:
        raise RegulationError("文中没有写明施行日期，请用 --from 指定")
    old = pack.instrument(wish.replaces) if wish.replaces else None
    level = old.level if old else next((name for end, name in _LEVELS if law.title.rstrip("）)").endswith(end)), "其他")
    return Instrument(
        id=str(wish.instrument), title=law.title, short=old.short if old else law.title, english=old.english if old else "",
        aliases=old.aliases if old else (), level=level, issuer=old.issuer if old else "", number=law.number, promulgated=law.promulgated if law.promulgated and law.promulgated <= start else None,
        in_force=Span(start=start), status="in_force", confidence="A", note="由用户导入的官方文本登记",
    )  # fmt: skip


def _clash(pairs: list[tuple[Imported, Matching]]) -> str:
    """Files of one import that claim the same articles of one instrument."""
    owner: dict[str, str] = {}
    for each, _ in pairs:
        for unit in each.units:
            other = owner.setdefault(unit.number, each.file)
            if other != each.file:
                return f"{other} 与 {each.file} 都有 {each.instrument} 的{unit.label}"
    return ""
