"""Mutation testing of a package: defects are planted one at a time, and a review has to find what the clean one did not."""

import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from assist_review.base import Value
from assist_review.errors import AssistReviewError, SettingsError
from assist_review.evaluate.cases import package_sha256
from assist_review.evaluate.executors import Pool, conduct
from assist_review.evaluate.intervals import Rate, rate
from assist_review.evaluate.mutate import OPERATORS, plant
from assist_review.evaluate.mutate.planted import Planted
from assist_review.evaluate.runs import Run, manifest, safe_name
from assist_review.evaluate.source import source_sha256
from assist_review.evaluate.work import load_pack
from assist_review.pipeline import Wishes, judge, understand
from assist_review.pipeline import run as review_package
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Finding, Review

Key = tuple[str, str, str, tuple[str, ...]]


class MutationTask(Value):
    """One defect to plant. `clean` holds what the review of the clean package already says."""

    key: str
    name: str  # of the package
    package: Path
    pack: Path
    operator: str
    seed: int
    as_of: date
    ocr: bool = True
    cache: Path | None = None
    clean: tuple[Key, ...] = ()


class Mutation(Value):
    """What became of it: planted or not (no place in this package), caught or not, and by which finding."""

    key: str
    package: str
    operator: str
    seed: int
    planted: Planted | None = None
    caught: bool = False
    flagged: bool = False  # caught, or a new unclear finding points at it
    finding: str = ""
    source: str = ""  # the program that did it
    error: str = ""


class OperatorRow(Value):
    """One line of the mutation table."""

    operator: str
    describe: str
    codes: tuple[str, ...]
    caught: Rate
    flagged: Rate
    no_place: int
    errors: int


class MutationReport(Value):
    """The mutation table, over all operators and per operator."""

    packages: tuple[str, ...]
    caught: Rate
    flagged: Rate
    rows: tuple[OperatorRow, ...]
    mutations: tuple[Mutation, ...]


def mutate_packages(
    packages: Sequence[Path],
    *,
    pack: Pack,
    pack_folder: Path,
    home: Path,
    pool: Pool,
    as_of: date,
    operators: Sequence[str] = (),
    seeds: int = 1,
    name: str = "",
    ocr: bool = True,
    cache: Path | None = None,
    again: bool = False,
    tell: Callable[[Mutation, int, int], None] | None = None,
) -> tuple[Path, MutationReport]:
    """Plants every operator's defect `seeds` times in a copy of each package; the run's folder and the table."""
    from assist_review.evaluate.report import render_mutations

    unknown = [o for o in operators if o not in OPERATORS]
    if unknown:
        raise SettingsError(f"没有名为 {'、'.join(unknown)} 的变异算子；可用的有：{'、'.join(OPERATORS)}")
    named = {_name(p): p for p in packages}
    hashes = {n: package_sha256(p) for n, p in named.items()}
    stamp = manifest(
        name, "mutate", pack, settings={"as_of": as_of.isoformat(), "ocr": ocr, "packages": hashes}, cases=hashes
    )
    run = Run.begin(home / stamp.name, stamp, again=again)
    tasks: list[MutationTask] = []
    found: list[Mutation] = []
    for package_name, package in named.items():
        clean: tuple[Key, ...] | None = None
        for operator in operators or OPERATORS:
            for seed in range(seeds):
                key = f"{package_name}-{operator}-{seed}"
                done = run.folder / "cases" / key / "mutation.json"
                if done.is_file() and not again:
                    found.append(Mutation.model_validate_json(done.read_bytes()))
                    continue
                if clean is None:
                    review = review_package(package, pack=pack, as_of=as_of, wishes=Wishes(ocr=ocr), cache=cache)
                    run.write(f"clean/{package_name}.json", review.model_dump_json(by_alias=True))
                    clean = tuple(sorted(_keys(review)))
                tasks.append(
                    MutationTask(
                        key=key, name=package_name, package=package.resolve(), pack=pack_folder.resolve(),
                        operator=operator, seed=seed, as_of=as_of, ocr=ocr, cache=cache, clean=clean,
                    )
                )  # fmt: skip
    whole = len(tasks) + len(found)
    for made in conduct(tasks, try_mutation, pool, _failed):
        mutation = made
        if made.source and made.source != run.manifest.source_sha256:
            mutation = made.model_copy(
                update={"error": "做这一处的进程用的是另一份源代码，结果不能混用", "planted": None}
            )
        if not mutation.error:
            run.write(f"cases/{mutation.key}/mutation.json", mutation.model_dump_json(indent=1) + "\n")
        found.append(mutation)
        if tell:
            tell(mutation, len(found), whole)
    report = tabulate(found)
    run.write("mutations.json", json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n")
    run.write("mutations.html", render_mutations(run.manifest, report))
    return run.folder, report


def _name(package: Path) -> str:
    path = package.resolve()
    return safe_name(path.parent.name if path.name == "package" else path.name)


def try_mutation(task: MutationTask) -> Mutation:
    """Plants one defect and reviews the copy; never raises."""
    made = Mutation(
        key=task.key, package=task.name, operator=task.operator, seed=task.seed, source=source_sha256()
    )  # fmt: skip
    try:
        pack = load_pack(task.pack)
        wishes = Wishes(ocr=task.ocr, jobs=1)
        filing, extraction = understand(task.package, pack=pack, wishes=wishes, cache=task.cache)
        with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
            copy = Path(scratch) / task.package.name
            planted = plant(task.package, copy, task.operator, task.seed, filing=filing, extraction=extraction)
            if planted is None:
                return made
            changed, facts = understand(copy, pack=pack, wishes=wishes, cache=task.cache)
            review = judge(changed, facts, pack=pack, as_of=task.as_of, wishes=wishes)
    except AssistReviewError as error:
        return made.model_copy(update={"error": str(error)})
    except Exception as error:
        return made.model_copy(update={"error": f"程序错误 {type(error).__name__}：{error}"})
    return judged(made.model_copy(update={"planted": planted}), review, frozenset(task.clean))


def judged(mutation: Mutation, review: Review, clean: frozenset[Key]) -> Mutation:
    """`mutation` with what the review of the mutated package makes of it."""
    planted = mutation.planted
    if planted is None:
        return mutation
    new = [f for f in review.findings if finding_key(f) not in clean and _names(f, planted)]
    caught = next((f for f in new if f.verdict in NEGATIVE), None)
    flagged = caught or next((f for f in new if f.verdict == "unclear"), None)
    return mutation.model_copy(
        update={
            "caught": caught is not None,
            "flagged": flagged is not None,
            "finding": f"{flagged.requirement}：{flagged.statement}" if flagged else "",
        }
    )


def _names(finding: Finding, planted: Planted) -> bool:
    if finding.requirement not in planted.requirements and finding.defect not in planted.codes:
        return False
    return planted.absent or any(e.file in planted.files for e in finding.evidence)


def _keys(review: Review) -> set[Key]:
    return {finding_key(f) for f in review.findings}


def finding_key(finding: Finding) -> Key:
    """What makes a finding the same one in another copy of the package, where pages may have moved."""
    quotes = tuple(sorted(e.quote for e in finding.evidence))
    return finding.requirement, f"{finding.verdict}:{finding.defect}", finding.statement, quotes


def _failed(task: MutationTask, reason: str) -> Mutation:
    return Mutation(key=task.key, package=task.name, operator=task.operator, seed=task.seed, error=reason)


def tabulate(mutations: Iterable[Mutation]) -> MutationReport:
    """The table: caught of planted, per operator; what found no place counts nowhere."""
    every = sorted(mutations, key=lambda m: (list(OPERATORS).index(m.operator), m.package, m.seed))
    planted = [m for m in every if m.planted]
    return MutationReport(
        packages=tuple(dict.fromkeys(m.package for m in every)),
        caught=rate((m.operator, m.caught) for m in planted),
        flagged=rate((m.operator, m.flagged) for m in planted),
        rows=tuple(
            OperatorRow(
                operator=o, describe=OPERATORS[o].describe, codes=OPERATORS[o].codes,
                caught=rate((m.package, m.caught) for m in planted if m.operator == o),
                flagged=rate((m.package, m.flagged) for m in planted if m.operator == o),
                no_place=sum(m.operator == o and not m.planted and not m.error for m in every),
                errors=sum(m.operator == o and bool(m.error) for m in every),
            )
            for o in dict.fromkeys(m.operator for m in every)
        ),
        mutations=tuple(every),
    )  # fmt: skip
