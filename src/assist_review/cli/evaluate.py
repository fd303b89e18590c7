"""The commands `evaluate …` and `batch`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from assist_review import packs
from assist_review.errors import SettingsError
from assist_review.evaluate.cases import find
from assist_review.evaluate.executors import Pool, cluster, processes
from assist_review.evaluate.intervals import Rate
from assist_review.evaluate.measuring import Result, Tell, measure_cases
from assist_review.evaluate.plots import between, percent
from assist_review.evaluate.validate import validate
from assist_review.evaluate.work import Outcome, read_case
from assist_review.export.words import say
from assist_review.llm.opening import Choice, notice, open_model
from assist_review.pipeline import Wishes
from assist_review.settings import cache_folder


@dataclass(frozen=True)
class Request:
    """What `evaluate run` and `batch` have in common."""

    out: Path
    name: str
    pack: str
    ocr: bool
    cache: bool
    jobs: int
    scheduler: str | None
    again: bool
    choice: Choice | None = None

    @property
    def answers(self) -> Path | None:
        """Where answers of a model are kept between runs."""
        return cache_folder() / "llm" if self.cache else None

    def pool(self, *, fresh: bool = True) -> Pool:
        """Where the work is done."""
        return cluster(self.scheduler) if self.scheduler else processes(self.jobs, fresh=fresh)

    @property
    def files(self) -> Path | None:
        """The cache of parsed files."""
        return cache_folder() / "files" if self.cache else None


def day(text: str | None) -> date:
    """The day of review, today where none is named."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--as-of“{text}”不是日期，应为 YYYY-MM-DD，例如 2026-11-23") from error


@contextmanager
def bar(console: Console, title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar that is told what was done last, how many are done and how many there are."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True,
    ) as shown_bar:  # fmt: skip
        task = shown_bar.add_task(title, total=None)
        yield lambda last, done, whole: shown_bar.update(
            task, description=f"{title} · {last}", completed=done, total=whole
        )


@contextmanager
def progress(console: Console, title: str) -> Iterator[Tell]:
    """A bar that hears of every outcome; failures stay on the screen above it."""
    with bar(console, title) as show:

        def tell(outcome: Outcome, done: int, whole: int) -> None:
            show(outcome.key, done, whole)
            if outcome.set_aside:
                console.print(
                    f"[red]{outcome.key} 搁置：[/]{escape(outcome.set_aside)}", highlight=False, soft_wrap=True
                )

        yield tell


def announce(request: Request, console: Console) -> None:
    """Says what will be sent where, before anything is sent."""
    if request.choice is not None:
        console.print(notice(open_model(request.choice, request.answers)), highlight=False, soft_wrap=True)


def run_suites(suites: list[str], request: Request, *, baseline: Path | None, revisions: bool) -> int:
    """Measures the suites; 1 on a regression against the baseline, 2 where no case could be measured."""
    console = Console(stderr=True)
    cases, aside = find(suites)
    for each in aside:
        console.print(f"[red]{each.case} 搁置：[/]{escape(each.reason)}", highlight=False, soft_wrap=True)
    home = packs.find(request.pack)
    announce(request, console)
    with progress(console, "测量") as tell:
        result = measure_cases(
            cases, aside, pack=packs.load(home), pack_folder=home, home=request.out, pool=request.pool(),
            name=request.name, ocr=request.ocr, revisions=revisions, cache=request.files, baseline=baseline,
            llm=request.choice, answers=request.answers,
            again=request.again, tell=tell,
        )  # fmt: skip
    if not result.metrics["all"].cases:
        console.print("[red]没有一个案例可以计分。[/]")
        return 2
    _show(result)
    console.print(f"结果：{result.folder}（report.html、metrics.json、junit.xml）", highlight=False, soft_wrap=True)
    return 1 if result.comparison and result.comparison.regressed else 0


def _show(result: Result) -> None:
    table = Table(title=f"测量结果 {result.name}", title_justify="left")
    table.add_column("指标")
    names = {"all": "全部"} if len(result.metrics) > 1 else {"all": "结果"}
    for name, metrics in result.metrics.items():
        table.add_column(f"{names.get(name, name)}（{metrics.cases}个案例）", justify="right")
    every = list(result.metrics.values())
    for label, rates in (
        ("召回", [m.recall for m in every]),
        ("  致命", [m.recall_by_severity["fatal"] for m in every]),
        ("  重要", [m.recall_by_severity["major"] for m in every]),
        ("  一般", [m.recall_by_severity["minor"] for m in every]),
        ("查出或提示人工核对", [m.flagged for m in every]),
        ("精确率", [m.precision for m in every]),
        ("误判反例", [m.hard_negatives_violated for m in every]),
        ("引文核实", [m.quotes_verified for m in every]),
        ("证据与标注重合", [m.location.quote for m in every]),
        ("引用条款有效", [m.citations_in_force for m in every]),
        ("事实正确", [m.facts for m in every]),
        ("待人工核对", [m.unclear for m in every]),
        ("结论等级正确", [m.grade for m in every]),
        ("修改建议有效", [m.revisions.success for m in every]),
    ):
        table.add_row(label, *(shown(r) for r in rates))
    table.add_row("校准误差 ECE", *("—" if m.calibration.ece is None else f"{m.calibration.ece:.3f}" for m in every))
    table.add_row(
        "漏检风险≤1%时可不读",
        *("—" if m.calibration.pass_unread is None else f"{m.calibration.pass_unread:.0%}" for m in every),
    )
    table.add_row(
        "每案例秒数", *("—" if m.cost.seconds.value is None else f"{m.cost.seconds.value:.1f}" for m in every)
    )
    console = Console()
    console.print(table)
    for each in result.set_aside:
        console.print(f"[yellow]未计入[/] {each.case}：{escape(each.reason)}", highlight=False, soft_wrap=True)
    if result.comparison:
        _show_comparison(result, console)


def shown(rate: Rate) -> str:
    """A rate as `92/95 97% (91–99)`, "—" over nothing."""
    if rate.value is None or rate.low is None or rate.high is None:
        return "—"
    return f"{rate.k}/{rate.n} {percent(rate.value)} ({between(rate)[:-1]})"


def _show_comparison(result: Result, console: Console) -> None:
    comparison = result.comparison
    if comparison is None:
        return
    table = Table(
        "指标",
        "基线",
        "本次",
        "差",
        "95%区间",
        "变好/变差",
        "p",
        title=f"与 {comparison.baseline} 比较",
        title_justify="left",
    )
    for m in comparison.measures:
        low, high = m.difference.low, m.difference.high
        table.add_row(
            f"[red]{m.label}[/]" if m.regression else m.label,
            *("—" if v is None else f"{v:.1%}" for v in (m.old, m.new)),
            "—" if m.difference.value is None else f"{m.difference.value * 100:+.1f}",
            "—" if low is None or high is None else f"{low * 100:+.1f} 至 {high * 100:+.1f}",
            "" if m.better is None else f"{m.better}/{m.worse}",
            "—" if m.p is None else "<0.001" if m.p < 0.001 else f"{m.p:.3f}",
        )
    console.print(table)
    for mark, colour, changes in (("变好", "green", comparison.better), ("变差", "red", comparison.worse)):
        for c in changes:
            console.print(
                f"[{colour}]{mark}[/] {c.case} {c.id} {c.severity} {escape(c.text)}", highlight=False, soft_wrap=True
            )
    if comparison.regressed:
        worse = [f"{m.label}显著退步" for m in comparison.measures if m.regression]
        if comparison.new_fatal_misses:
            worse.append("新漏致命缺陷：" + "、".join(f"{c.case} {c.id}" for c in comparison.new_fatal_misses))
        console.print(f"[red]比基线变差：{'；'.join(worse)}。[/]", highlight=False, soft_wrap=True)


def validate_labels(suites: list[str], pack_id: str, *, ocr: bool, notes: bool) -> int:
    """Prints every problem of the labels; 1 where there is an error."""
    console = Console()
    cases, aside = find(suites)
    pack = packs.load(packs.find(pack_id))
    errors = len(aside)
    for each in aside:
        console.print(f"[red]✗[/] {each.case}：{escape(each.reason)}", highlight=False, soft_wrap=True)
    for case in cases:
        filing, extraction = read_case(case.package, pack, Wishes(ocr=ocr), cache_folder() / "files")
        problems = validate(case.labels, filing, extraction, pack)
        wrong = [p for p in problems if p.level == "error"]
        errors += len(wrong)
        mark = "[red]✗[/]" if wrong else "[green]✓[/]"
        labels = case.labels
        console.print(
            f"{mark} {case.name}：{len(labels.defects)}个缺陷、{len(labels.must_not_flag)}个反例、{len(labels.facts)}个事实；"
            f"{len(wrong)}处错误，{len(problems) - len(wrong)}处须人工核对",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
        for p in problems:
            if p.level == "error" or notes:
                console.print(
                    f"    {'[red]错误[/]' if p.level == 'error' else '[dim]提示[/]'} {escape(str(p))}",
                    highlight=False,
                    soft_wrap=True,
                )
    return 1 if errors else 0


def mutate_package(
    packages: list[Path], request: Request, *, operators: list[str], seeds: int, as_of: str | None
) -> int:
    """Plants defects in packages and shows which of them a review catches; 2 where nothing could be planted."""
    from assist_review.evaluate.mutation import Mutation, mutate_packages

    console = Console(stderr=True)
    home = packs.find(request.pack)
    with bar(console, "变异") as show:

        def tell(mutation: Mutation, done: int, whole: int) -> None:
            show(mutation.operator, done, whole)
            if mutation.error:
                console.print(f"[red]{mutation.key} 出错：[/]{escape(mutation.error)}", highlight=False, soft_wrap=True)

        folder, report = mutate_packages(
            packages, pack=packs.load(home), pack_folder=home, home=request.out, pool=request.pool(fresh=False), as_of=day(as_of),
            operators=operators, seeds=seeds, name=request.name, ocr=request.ocr, cache=request.files,
            again=request.again, tell=tell,
        )  # fmt: skip
    table = Table(title=f"变异测试：{'、'.join(report.packages)}", title_justify="left")
    table.add_column("算子", no_wrap=True)
    table.add_column("埋入什么", overflow="fold")
    table.add_column("查出", no_wrap=True)
    table.add_column("无处可埋", justify="right")
    for row in report.rows:
        missed = row.caught.n and row.caught.k < row.caught.n
        table.add_row(
            f"[red]{row.operator}[/]" if missed else row.operator, f"{row.describe}（{' '.join(row.codes)}）",
            f"{row.caught.k}/{row.caught.n}" if row.caught.n else "—", str(row.no_place or ""),
        )  # fmt: skip
    table.add_section()
    table.add_row("合计", "", shown(report.caught), str(sum(r.no_place for r in report.rows)))
    Console().print(table)
    console.print(f"结果：{folder}（mutations.html、mutations.json）", highlight=False, soft_wrap=True)
    return 0 if report.caught.n else 2


def review_folder(folder: Path, request: Request, *, as_of: str | None, route: str | None, formats: list[str]) -> int:
    """Reviews every package of a folder and writes the table over all of them; 1 where one was not finished."""
    from assist_review.evaluate.batch import review_packages

    console = Console(stderr=True)
    home = packs.find(request.pack)
    pack = packs.load(home)
    if route not in (None, *pack.routes):
        raise SettingsError(f"--route“{route}”不可用，应为 {' 或 '.join(pack.routes)}")
    announce(request, console)
    with progress(console, "审查") as tell:
        batch = review_packages(
            folder, pack=pack, pack_folder=home, home=request.out, pool=request.pool(), as_of=day(as_of),
            route=route, name=request.name, formats=formats, ocr=request.ocr, cache=request.files, again=request.again,
            llm=request.choice, answers=request.answers, tell=tell,
        )  # fmt: skip
    table = Table(
        "材料包", "结论", "致命", "重要", "一般", "需人工核对", "缺陷代码", title="批量审查", title_justify="left"
    )
    for row in batch.rows:
        if row.error:
            table.add_row(escape(row.package), "[red]未完成[/]", "", "", "", "", escape(row.error))
            continue
        counts = [str(row.counts.get(k, 0)) for k in ("fatal", "major", "minor", "unclear")]
        table.add_row(escape(row.package), say(f"grade.{row.grade}"), *counts, " ".join(list(row.codes)[:8]))
    Console().print(table)
    console.print(f"总表：{batch.folder}（batch.xlsx、batch.csv、batch.html）", highlight=False, soft_wrap=True)
    done = [r for r in batch.rows if not r.error]
    return 2 if not done else 1 if len(done) < len(batch.rows) else 0
