"""The work on one package: review it, and score it where it has labels. Runs in any process of any executor."""

import sys
import time
from datetime import date
from functools import lru_cache
from pathlib import Path

from assist_review import packs
from assist_review.base import Value
from assist_review.errors import AssistReviewError, DamagedFile
from assist_review.evaluate.labels import Labels
from assist_review.evaluate.revisions import trials
from assist_review.evaluate.score import Cost, RevisionTrial, Score, score
from assist_review.evaluate.source import source_sha256
from assist_review.evaluate.validate import Problem, Texts, validate
from assist_review.extract import extract
from assist_review.filing import Filing
from assist_review.law.overlay import fitting, lay
from assist_review.lists import Extraction
from assist_review.llm.opening import Choice, open_model
from assist_review.pipeline import Progress, Wishes, judge, understand
from assist_review.regulation import Pack
from assist_review.review import Review

STAGES = ("read", "extract", "facts", "retrieve", "check", "ask", "prove", "revise")


class Task(Value):
    """One package to review. `pack` is the folder of the rules; without `labels` there is no score.

    `llm` is a model to ask besides the rules; its answers are kept in the folder `answers`.
    """

    key: str
    suite: str = ""
    package: Path
    pack: Path
    as_of: date
    labels: Labels | None = None
    route: str | None = None
    ocr: bool = True
    cache: Path | None = None
    revisions: bool = False
    llm: Choice | None = None
    answers: Path | None = None


class Outcome(Value):
    """What became of a task: a review, or the reason why there is none. `problems` are those of the labels.

    `source` is the program that did it: a worker elsewhere, or a process started after an update, may have another.
    """

    key: str
    suite: str = ""
    review: Review | None = None
    score: Score | None = None
    problems: tuple[Problem, ...] = ()
    cost: Cost = Cost()
    source: str = ""
    error: str = ""

    @property
    def set_aside(self) -> str:
        """Why there is no score though there are labels, "" where all is well."""
        return self.error or "；".join(str(p) for p in self.problems if p.level == "error")


def work(task: Task) -> Outcome:
    """The outcome of `task`. Whatever goes wrong inside is an outcome too: one bad package never stops a run."""
    try:
        return _work(task)
    except AssistReviewError as error:
        return Outcome(key=task.key, suite=task.suite, error=str(error))
    except Exception as error:
        return Outcome(key=task.key, suite=task.suite, error=f"程序错误 {type(error).__name__}：{error}")


def _work(task: Task) -> Outcome:
    pack = load_pack(task.pack)
    clock = _Clock()
    wishes = Wishes(route=task.route, ocr=task.ocr, jobs=1)
    filing, extraction = read_case(task.package, pack, wishes, task.cache, clock)
    model = open_model(task.llm, task.answers) if task.llm else None
    review = judge(filing, extraction, pack=pack, as_of=task.as_of, wishes=wishes, progress=clock, model=model)
    cost = _cost(review, clock.stop())
    pack = lay(pack, fitting(pack, filing.service, task.as_of))
    done = Outcome(key=task.key, suite=task.suite, review=review, cost=cost, source=source_sha256())
    if task.labels is None:
        return done
    problems = validate(task.labels, filing, extraction, pack)
    if any(p.level == "error" for p in problems):
        return done.model_copy(update={"problems": problems})
    scored = score(review, task.labels, pack=pack, texts=Texts(filing))
    tried: tuple[RevisionTrial, ...] = ()
    if task.revisions:

        def again(revised: Filing) -> Review:
            facts = extract(revised.documents, pack.lexicon, pack.risks)
            return judge(revised, facts, pack=pack, as_of=task.as_of, wishes=wishes)

        tried = tuple(trials(review, filing, again))
    update = {
        "case": task.key, "suite": task.suite, "cost": cost, "revisions": tried,
        "notes": tuple(str(p) for p in problems),
    }  # fmt: skip
    return done.model_copy(update={"score": scored.model_copy(update=update), "problems": problems})


def _cost(review: Review, seconds: dict[str, float]) -> Cost:
    """Time, memory, and what the model took: all its tokens, and money where there is a price."""
    stages = review.manifest.usage.stages.values() if review.manifest.usage else ()
    tokens = sum(s.input_tokens + s.output_tokens for s in stages)
    money = sum(s.money for s in stages)
    asked = review.manifest.usage is not None
    return Cost(seconds=seconds, peak_mib=peak_mib(), tokens=tokens if asked else None, money=money if asked else None)


def read_case(
    package: Path, pack: Pack, wishes: Wishes, cache: Path | None, progress: Progress | None = None
) -> tuple[Filing, Extraction]:
    """The package as read, and its facts; `filing.json` is a package already read."""
    if package.name != "filing.json":
        return understand(package, pack=pack, wishes=wishes, cache=cache, progress=progress)
    try:
        filing = Filing.model_validate_json(package.read_bytes())
    except ValueError as error:
        raise DamagedFile(f"{package} 不是读取过的材料：{error}") from error
    if progress:
        progress("extract", 0, 0)
    return filing, extract(filing.documents, pack.lexicon, pack.risks)


@lru_cache(maxsize=2)
def load_pack(folder: Path) -> Pack:
    """The pack in `folder`, read once per process."""
    return packs.load(folder)


class _Clock:
    """Listens to the pipeline's progress and keeps the seconds of each stage; everything before `extract` is reading."""

    def __init__(self) -> None:
        self._stage = "read"
        self._since = time.perf_counter()
        self._seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:  # noqa: ARG002
        if stage in STAGES and stage != self._stage:
            self._close(stage)

    def stop(self) -> dict[str, float]:
        """Seconds per stage."""
        self._close("")
        return self._seconds

    def _close(self, following: str) -> None:
        now = time.perf_counter()
        self._seconds[self._stage] = round(self._seconds.get(self._stage, 0.0) + now - self._since, 4)
        self._stage, self._since = following, now


def peak_mib() -> float | None:
    """The most memory this process and its largest reading child have held, None where the system does not say.

    An upper bound: the two need not have peaked at once.
    """
    try:
        import resource
    except ImportError:
        return None
    unit = 1024 if sys.platform != "darwin" else 1024**2
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round((own + child) / unit, 1)
