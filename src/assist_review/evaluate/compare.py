"""Two runs set side by side, paired by case and defect: what got better, what got worse, and whether it is chance."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from assist_review.base import Value, derived_id
from assist_review.evaluate.intervals import Difference, difference, mcnemar
from assist_review.evaluate.runs import RunManifest
from assist_review.evaluate.score import Score

ALPHA = 0.05


class Changed(Value):
    """One thing that differs between the runs."""

    case: str
    id: str
    severity: str = ""
    text: str


class Paired(Value):
    """One measure in both runs. `better` and `worse` count discordant pairs; `p` is McNemar's exact test on them."""

    name: str
    label: str
    old: float | None
    new: float | None
    difference: Difference
    better: int | None = None
    worse: int | None = None
    p: float | None = None
    regression: bool = False


class Comparison(Value):
    """The new run against the old one, over the cases in both."""

    baseline: str
    run: str
    differs: tuple[str, ...]
    cases: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    measures: tuple[Paired, ...]
    better: tuple[Changed, ...]
    worse: tuple[Changed, ...]
    new_fatal_misses: tuple[Changed, ...]

    @property
    def regressed(self) -> bool:
        """Whether the new run must not pass: a significant regression, or any new miss of a fatal defect."""
        return bool(self.new_fatal_misses) or any(m.regression for m in self.measures)


def compare(
    old: Sequence[Score], new: Sequence[Score], baseline: RunManifest, run: RunManifest
) -> Comparison:  # fmt: skip
    """The comparison of two runs' scores."""
    before, after = {s.case: s for s in old}, {s.case: s for s in new}
    cases = sorted(before.keys() & after.keys())
    pairs = [(before[c], after[c]) for c in cases]
    better, worse = _changes(pairs)
    return Comparison(
        baseline=baseline.name,
        run=run.name,
        differs=baseline.differs(run),
        cases=tuple(cases),
        only_old=tuple(sorted(before.keys() - after.keys())),
        only_new=tuple(sorted(after.keys() - before.keys())),
        measures=(
            _paired("recall", "召回", [(_caught(o), _caught(n)) for o, n in pairs]),
            *(
                _paired(f"recall.{s}", f"召回（{word}）", [(_caught(o, s), _caught(n, s)) for o, n in pairs])
                for s, word in (("fatal", "致命"), ("major", "重要"), ("minor", "一般"))
            ),
            _paired("hard_negatives", "硬反例未误判", [(_spared(o), _spared(n)) for o, n in pairs]),
            _paired("facts", "事实正确", [(_facts(o), _facts(n)) for o, n in pairs]),
            _paired("grade", "结论等级正确", [(_grade(o), _grade(n)) for o, n in pairs]),
            _unpaired("precision", "精确率", [(_precision(o), _precision(n)) for o, n in pairs]),
            _unpaired("read", "无需人工核对", [(_clear(o), _clear(n)) for o, n in pairs]),
        ),
        better=better,
        worse=worse,
        new_fatal_misses=tuple(c for c in worse if c.severity == "fatal"),
    )


Outcomes = dict[str, bool]


def _paired(name: str, label: str, pairs: Sequence[tuple[Outcomes, Outcomes]]) -> Paired:
    """A measure whose trials are the same in both runs; those in one run only are left out."""
    both = [({k: o[k] for k in o.keys() & n.keys()}, {k: n[k] for k in o.keys() & n.keys()}) for o, n in pairs]
    better = sum(not o[k] and n[k] for o, n in both for k in o)
    worse = sum(o[k] and not n[k] for o, n in both for k in o)
    p = mcnemar(better, worse)
    found = difference([((sum(o.values()), len(o)), (sum(n.values()), len(n))) for o, n in both])
    return Paired(
        name=name, label=label, old=_share([o for o, _ in both]), new=_share([n for _, n in both]), difference=found,
        better=better, worse=worse, p=p, regression=worse > better and p is not None and p < ALPHA,
    )  # fmt: skip


def _unpaired(name: str, label: str, pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Paired:
    """A measure whose trials differ between the runs: only the bootstrap over filings applies."""
    found = difference(pairs)
    old, new = ((sum(p[i][0] for p in pairs), sum(p[i][1] for p in pairs)) for i in (0, 1))
    return Paired(
        name=name, label=label, old=old[0] / old[1] if old[1] else None, new=new[0] / new[1] if new[1] else None,
        difference=found, regression=name == "precision" and found.high is not None and found.high < 0,
    )  # fmt: skip


def _share(outcomes: Iterable[Outcomes]) -> float | None:
    values = [v for o in outcomes for v in o.values()]
    return sum(values) / len(values) if values else None


def _caught(score: Score, severity: str | None = None) -> Outcomes:
    return {d.id: d.caught for d in score.defects if severity in (None, d.severity)}


def _spared(score: Score) -> Outcomes:
    return {str(n): spared for n, spared in enumerate(score.spared)}


def _facts(score: Score) -> Outcomes:
    found: Outcomes = {}
    for n, (name, hit) in enumerate(score.facts):
        found[f"{n}:{name}"] = hit
    return found


def _grade(score: Score) -> Outcomes:
    return {"grade": score.grade == score.expected_grade}


def _precision(score: Score) -> tuple[int, int]:
    return score.right, score.right + len(score.false_alarms)


def _clear(score: Score) -> tuple[int, int]:
    return score.assessed - score.unclear, score.assessed


def _changes(pairs: Sequence[tuple[Score, Score]]) -> tuple[tuple[Changed, ...], tuple[Changed, ...]]:
    better: list[Changed] = []
    worse: list[Changed] = []
    for old, new in pairs:
        was = {d.id: d.caught for d in old.defects}
        words = {d.id: d.explanation for d in (*new.raised, *new.missed)}
        for defect in new.defects:
            if was.get(defect.id, defect.caught) != defect.caught:
                text = f"{defect.code}：{words.get(defect.id, '')}"
                change = Changed(case=new.case, id=defect.id, severity=defect.severity, text=text)
                (better if defect.caught else worse).append(change)
        worse += _appeared("新的误报", old, new, _alarms)
        better += _appeared("误报消除", new, old, _alarms)
        worse += _appeared("误判了反例", old, new, _violated)
        better += _appeared("不再误判反例", new, old, _violated)
        right = new.grade == new.expected_grade
        if right != (old.grade == old.expected_grade):
            text = f"结论等级由 {old.grade} 变为 {new.grade}，应为 {new.expected_grade}"
            (better if right else worse).append(Changed(case=new.case, id="grade", text=text))
    return tuple(better), tuple(worse)


def _appeared(what: str, old: Score, new: Score, of: Callable[[Score], dict[str, str]]) -> Iterator[Changed]:
    """Things of `new` that `old` does not have."""
    had = of(old)
    for key, text in of(new).items():
        if key not in had:
            yield Changed(case=new.case, id=key, text=f"{what} {text}")


def _alarms(score: Score) -> dict[str, str]:
    return {f.id: f"{f.requirement}：{f.statement}" for f in score.false_alarms}


def _violated(score: Score) -> dict[str, str]:
    return {
        derived_id(entry.model_dump_json()): f"{entry.requirement or entry.code}：{entry.quote}"
        for entry, _ in score.violated
    }
