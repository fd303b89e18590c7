"""The commands `check` and `verify`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from assist_review import packs
from assist_review.cli.model import Models
from assist_review.errors import AssistReviewError, SettingsError
from assist_review.export import EXPORTERS, export
from assist_review.export.json import read as read_review
from assist_review.export.words import Audience, say
from assist_review.llm.opening import Choice
from assist_review.pipeline import Wishes, run
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Review
from assist_review.settings import cache_folder
from assist_review.verify import verify

SEVERITIES = ("fatal", "major", "minor")
GRADE_COLOURS = {"ready": "green", "supplement": "yellow", "return": "red"}
_ROUTES = {"filing": "备案", "registration": "登记"}  # other packs' routes are shown as they are
STAGES = {
    "read": "读取",
    "extract": "提取事实",
    "retrieve": "检索",
    "check": "对照要求",
    "facts": "模型补充事实",
    "ask": "模型阅读",
    "prove": "核对证据",
    "revise": "起草修改",
}


@dataclass(frozen=True)
class Request:
    """What `check` was asked."""

    as_of: str | None
    route: str | None
    service: list[str]
    roles: list[str]
    passwords: list[str]
    out: Path
    formats: list[str]
    audience: Audience
    fail_on: str
    pack: str
    ocr: bool
    cache: bool
    jobs: int
    overlays: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day of review."""
        if self.as_of is None:
            return date.today()
        try:
            return date.fromisoformat(self.as_of)
        except ValueError as error:
            raise SettingsError(f"--as-of“{self.as_of}”不是日期，应为 YYYY-MM-DD，例如 2026-11-23") from error

    def wishes(self) -> Wishes:
        """The corrections, checked."""
        routes = packs.routes(packs.find(self.pack))
        if self.route is not None and self.route not in routes:
            raise SettingsError(f"--route“{self.route}”不可用，应为 {' 或 '.join(routes)}")
        for name, value, choices in (
            ("--for", self.audience, ("applicant", "reviewer")),
            ("--fail-on", self.fail_on, SEVERITIES),
        ):
            if value not in choices:
                raise SettingsError(f"{name}“{value}”不可用，应为 {'、'.join(choices)}")
        for name in self.formats:
            if name not in EXPORTERS:
                raise SettingsError(f"--format“{name}”不可用，应为 {'、'.join(EXPORTERS)}")
        return Wishes(
            route=self.route, service=_pairs("--service", self.service), roles=_pairs("--role", self.roles),
            passwords=self.passwords, ocr=self.ocr, jobs=self.jobs, overlays=self.overlays,
        )  # fmt: skip


def _pairs(name: str, values: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for value in values:
        key, sign, right = value.rpartition("=") if name == "--role" else value.partition("=")
        if not sign or not key or not right:
            raise SettingsError(f"{name}“{value}”应写成 名称=值")
        pairs[key] = right
    return pairs


def review_all(packages: list[Path], request: Request, choice: Choice | None = None) -> int:
    """Reviews each package, prints a summary, returns the exit code; one bad package does not stop the others."""
    console = Console(stderr=True)
    models = Models(choice, cache_folder() / "llm" if request.cache else None, console)
    wishes, day = request.wishes(), request.day
    pack = packs.load(packs.find(request.pack))
    reviews: list[tuple[Path, Review, Path]] = []
    failed = 0
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True,
    ) as bar:  # fmt: skip
        for package, folder in zip(packages, package_folders(packages, request.out), strict=True):
            task = bar.add_task(package.name, total=None)

            def tell(stage: str, done: int, total: int, task: TaskID = task, name: str = package.name) -> None:
                bar.update(
                    task, description=f"{name} · {STAGES.get(stage, stage)}", completed=done, total=total or None
                )

            try:
                cache = cache_folder() / "files" if request.cache else None
                model = models.next()
                review = run(
                    package, pack=pack, as_of=day, wishes=wishes, cache=cache, progress=tell, model=model,
                    at=model.moment() if model else None,
                )  # fmt: skip
                export(review, pack, folder, *request.formats, audience=request.audience)
                reviews.append((package, review, folder))
            except AssistReviewError as error:
                failed += 1
                console.print(f"[red]{package}：{error}[/]", highlight=False)
            bar.remove_task(task)
    models.close()
    if reviews:
        Console().print(_summary(reviews, pack, request.audience))
        for _, _, folder in reviews:
            console.print(f"报告：{folder}", highlight=False, soft_wrap=True)
    if not reviews or all(all(not f.sha256 for f in r.filing.files) for _, r, _ in reviews):
        return 2
    worst = SEVERITIES[: SEVERITIES.index(request.fail_on) + 1]
    bad = any(f.verdict in NEGATIVE and f.severity in worst for _, r, _ in reviews for f in r.findings)
    return 1 if bad or failed else 0


def package_folders(packages: list[Path], out: Path) -> list[Path]:
    """One folder per package; a second package of the same name gets a number."""
    used: dict[str, int] = {}
    folders = []
    for package in packages:
        name = re.sub(r'[\\/:*?"<>|]', "_", package.resolve().name) or "package"
        if name == "package" and package.resolve().parent.name:
            name = re.sub(r'[\\/:*?"<>|]', "_", package.resolve().parent.name)
        used[name] = used.get(name, 0) + 1
        folders.append(out / (name if used[name] == 1 else f"{name}-{used[name]}"))
    return folders


def _summary(reviews: list[tuple[Path, Review, Path]], pack: Pack, audience: Audience) -> Table:
    said = "todo" if audience == "applicant" else "grade"  # an applicant is told what to do, never that it will pass
    table = Table(title=f"审查草稿（规则包 {pack.id} {pack.version}）", title_justify="left")
    table.add_column("材料包", overflow="fold")
    for heading in ("路线", "结论"):
        table.add_column(heading)
    for heading in ("致命", "重要", "一般", "需人工核对", "符合", "不适用"):
        table.add_column(heading, justify="right")
    for _, review, folder in reviews:
        counts, grade = review.conclusion.counts, review.conclusion.grade
        table.add_row(
            folder.name, _ROUTES.get(review.filing.route, review.filing.route), f"[{GRADE_COLOURS[grade]}]{say(f'{said}.{grade}')}[/]",
            *(str(counts.get(k, 0)) for k in ("fatal", "major", "minor", "unclear", "compliant", "not_applicable")),
        )  # fmt: skip
    return table


def verify_report(report: Path, package: Path, pack_id: str) -> int:
    """Proves a report again; prints what does not hold."""
    review = read_review(report)
    lines = list(verify(review, package, pack=packs.load(packs.find(pack_id)), cache=cache_folder() / "files"))
    console = Console()
    for line in lines:
        console.print(f"[red]✗[/] {line}", highlight=False, soft_wrap=True)
    if lines:
        console.print(f"[red]有{len(lines)}处无法证明。[/]")
        return 1
    quotes = sum(bool(e.quote) for f in review.findings for e in f.evidence)
    console.print(
        f"[green]全部证明：{len(review.findings)}条结论，{quotes}处引文，{sum(len(f.citations) for f in review.findings)}条引用。[/]"
    )
    return 0
