"""A whole evaluation run: cases in, a folder with scores, metrics, report and JUnit XML out."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assist_review.base import Value
from assist_review.evaluate.cases import Case, SetAside
from assist_review.evaluate.compare import Comparison, compare
from assist_review.evaluate.executors import Pool, conduct
from assist_review.evaluate.junit import render as junit
from assist_review.evaluate.metrics import Metrics, measure
from assist_review.evaluate.runs import Run, manifest
from assist_review.evaluate.score import Score
from assist_review.evaluate.work import Outcome, Task, work
from assist_review.export.html import render as review_page
from assist_review.llm.opening import Choice
from assist_review.regulation import Pack

Tell = Callable[[Outcome, int, int], None]


class Result(Value):
    """What a run came to: metrics over all cases and per suite, and the comparison where there was a baseline."""

    name: str
    folder: Path
    metrics: dict[str, Metrics]  # "all", and each suite where there are several
    set_aside: tuple[SetAside, ...]
    comparison: Comparison | None = None


def measure_cases(
    cases: Sequence[Case],
    aside: Sequence[SetAside],
    *,
    pack: Pack,
    pack_folder: Path,
    home: Path,
    pool: Pool,
    name: str = "",
    ocr: bool = True,
    revisions: bool = True,
    cache: Path | None = None,
    llm: Choice | None = None,
    answers: Path | None = None,
    baseline: Path | None = None,
    again: bool = False,
    tell: Tell | None = None,
) -> Result:
    """Reviews and scores what is not yet done, then writes metrics and reports.

    `tell` hears each outcome with the number done and the number in all.
    """
    suites = tuple(dict.fromkeys([c.suite for c in cases] + [a.suite for a in aside]))
    hashes = {c.name: c.sha256 for c in cases}
    stamp = manifest(
        name, "evaluate", pack, suites=suites, cases=hashes, set_aside=tuple(aside),
        settings={"ocr": ocr, "revisions": revisions}, llm=llm,
    )  # fmt: skip
    old = Run.open(baseline) if baseline else None  # before any work: a wrong path must not cost an hour
    run = Run.begin(home / stamp.name, stamp, again=again)
    tasks = [
        Task(
            key=c.name, suite=c.suite, package=c.package.resolve(), pack=pack_folder.resolve(), as_of=c.labels.as_of,
            labels=c.labels, ocr=ocr, cache=cache, revisions=revisions, llm=llm, answers=answers,
        )
        for c in cases
        if not run.finished(c.name, hashes[c.name])
    ]  # fmt: skip
    carry_out(run, tasks, hashes, pool, pack=pack, whole=len(cases), tell=tell)
    scores = [run.score(c.name) for c in cases if run.finished(c.name, hashes[c.name])]
    comparison = compare(old.scores(), scores, old.manifest, run.manifest) if old else None
    return conclude(run, scores, hashes, comparison)


def carry_out(
    run: Run,
    tasks: Sequence[Task],
    hashes: dict[str, str],
    pool: Pool,
    *,
    pack: Pack,
    whole: int,
    tell: Tell | None = None,
) -> None:
    """Does the tasks and keeps every outcome as it comes, each review as a page as well."""
    done = whole - len(tasks)
    if not tasks:
        return
    for made in conduct(tasks, work, pool, _failed):
        outcome = made
        if made.source and made.source != run.manifest.source_sha256:
            reason = "做这个案例的进程用的是另一份源代码（运行期间更新过，或者集群各机版本不同），结果不能混用"
            outcome = Outcome(key=made.key, suite=made.suite, error=reason)
        if outcome.review is not None:
            run.write(f"cases/{outcome.key}/review.html", review_page(outcome.review, pack))
        run.keep(outcome, hashes[outcome.key])
        done += 1
        if tell:
            tell(outcome, done, whole)


def _failed(task: Task, reason: str) -> Outcome:
    return Outcome(key=task.key, suite=task.suite, error=reason)


def conclude(run: Run, scores: Sequence[Score], cases: Iterable[str], comparison: Comparison | None) -> Result:
    """Metrics and reports of a run whose cases are done."""
    from assist_review.evaluate.report import render

    found = {s.suite for s in scores}
    suites = [s for s in run.manifest.suites if s in found]
    metrics = {"all": measure(scores)}
    if len(suites) > 1:
        metrics |= {suite: measure([s for s in scores if s.suite == suite]) for suite in suites}
    wanted = set(cases)
    aside = tuple(a for a in run.set_aside() if a.case in wanted or a in run.manifest.set_aside)
    result = Result(name=run.manifest.name, folder=run.folder, metrics=metrics, set_aside=aside, comparison=comparison)
    body = {
        "schema": "assist-review-metrics/1",
        "run": run.manifest.name,
        "cases": [s.case for s in scores],
        "set_aside": [a.model_dump() for a in aside],
        "metrics": {name: m.model_dump(mode="json") for name, m in metrics.items()},
        "comparison": comparison.model_dump(mode="json") if comparison else None,
    }
    run.write("metrics.json", json.dumps(body, ensure_ascii=False, indent=1) + "\n")
    run.write("junit.xml", junit(run.manifest.name, scores, aside))
    run.write("report.html", render(run.manifest, scores, result.metrics, aside, comparison))
    return result
