"""Many packages without labels: the same runner, and one table over all of them as XLSX, CSV and HTML."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from assist_review.base import Value
from assist_review.errors import SettingsError
from assist_review.evaluate.cases import SetAside, package_sha256
from assist_review.evaluate.executors import Pool
from assist_review.evaluate.measuring import Tell, carry_out
from assist_review.evaluate.runs import Run, manifest, safe_name
from assist_review.evaluate.work import Task
from assist_review.export import EXPORTERS, export
from assist_review.export.view import SEVERITIES, clean
from assist_review.export.words import say
from assist_review.llm.opening import Choice
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Finding, Review

TOP = 3
_PACKAGES = (".zip", ".tar", ".tgz", ".gz")
HEADINGS = (
    "材料包", "状态", "结论", "路线", "申请单位", "模型", "文件数", "未能读取", "致命", "重要", "一般", "需人工核对", "符合", "不适用",
    "未完成检查", *(f"主要问题{n}" for n in range(1, TOP + 1)), "缺陷代码", "秒", "内存MiB",
)  # fmt: skip


class Row(Value):
    """One package of the table. A package that gave no review has only `error`."""

    package: str
    error: str = ""
    grade: str = ""
    route: str = ""
    applicant: str = ""
    model: str = ""
    files: int = 0
    unreadable: int = 0
    counts: dict[str, int] = {}
    top: tuple[str, ...] = ()
    codes: dict[str, int] = {}
    seconds: float | None = None
    peak_mib: float | None = None

    def cells(self) -> list[str | int | float | None]:
        """The row as cells, in the order of `HEADINGS`."""
        if self.error:
            return [self.package, f"未完成：{self.error}", *[None] * (len(HEADINGS) - 2)]
        names = ("fatal", "major", "minor", "unclear", "compliant", "not_applicable", "failures")
        return [
            self.package, "完成", say(f"grade.{self.grade}"), say(f"route.{self.route}"), self.applicant, self.model,
            self.files, self.unreadable, *(self.counts.get(n, 0) for n in names),
            *(self.top[n] if n < len(self.top) else None for n in range(TOP)),
            " ".join(f"{code}×{n}" if n > 1 else code for code, n in self.codes.items()),
            self.seconds, self.peak_mib,
        ]  # fmt: skip


class Batch(Value):
    """What a batch came to."""

    folder: Path
    rows: tuple[Row, ...]


def review_packages(
    folder: Path,
    *,
    pack: Pack,
    pack_folder: Path,
    home: Path,
    pool: Pool,
    as_of: date,
    route: str | None = None,
    name: str = "",
    formats: Sequence[str] = (),
    ocr: bool = True,
    cache: Path | None = None,
    llm: Choice | None = None,
    answers: Path | None = None,
    again: bool = False,
    tell: Tell | None = None,
) -> Batch:
    """Reviews every package of `folder` that is not yet done and writes the table."""
    unknown = [f for f in formats if f not in EXPORTERS]
    if unknown:
        raise SettingsError(f"--format“{'、'.join(unknown)}”不可用，应为 {'、'.join(EXPORTERS)}")
    packages = dict(_packages(folder))
    hashes = {key: package_sha256(path) for key, path in packages.items()}
    settings = {"as_of": as_of.isoformat(), "route": route, "ocr": ocr}
    stamp = manifest(
        name, "batch", pack, settings=settings, suites=(safe_name(folder.resolve().name),), cases=hashes, llm=llm
    )
    run = Run.begin(home / stamp.name, stamp, again=again)
    tasks = [
        Task(
            key=key, package=path.resolve(), pack=pack_folder.resolve(), as_of=as_of, route=route, ocr=ocr, cache=cache,
            llm=llm, answers=answers,
        )
        for key, path in packages.items()
        if not run.finished(key, hashes[key])
    ]  # fmt: skip
    carry_out(run, tasks, hashes, pool, pack=pack, whole=len(packages), tell=tell)
    aside = {a.case: a for a in run.set_aside()}
    rows = [_row(run, key, aside.get(key), pack, formats) for key in packages]
    _write(run, rows)
    return Batch(folder=run.folder, rows=tuple(rows))


def _packages(folder: Path) -> Iterator[tuple[str, Path]]:
    """Sub-folders and archives of `folder`; a case's `package/` stands for the case."""
    if not folder.is_dir():
        raise SettingsError(f"找不到文件夹 {folder}")
    used: Counter[str] = Counter()
    empty = True
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not (path.is_dir() or path.suffix.lower() in _PACKAGES):
            continue
        empty = False
        key = safe_name(path.name)
        used[key] += 1
        inner = path / "package"
        yield (key if used[key] == 1 else f"{key}-{used[key]}"), inner if inner.is_dir() else path
    if empty:
        raise SettingsError(f"{folder} 中没有材料包：每个材料包应为一个子文件夹或者 ZIP")


def _row(run: Run, key: str, aside: SetAside | None, pack: Pack, formats: Sequence[str]) -> Row:
    if aside is not None:
        return Row(package=key, error=aside.reason)
    review = run.review(key)
    if not any(f.sha256 for f in review.filing.files):
        reasons = dict.fromkeys(u.reason for f in review.filing.files for u in f.unreadable)
        return Row(package=key, error=f"没有一个文件能读取：{'；'.join(reasons) or '材料包是空的'}")
    if formats:
        export(review, pack, run.folder / "cases" / key, *formats)
    cost = json.loads((run.folder / "cases" / key / "done.json").read_text(encoding="utf-8"))["cost"]
    problems = [f for f in review.findings if f.verdict in NEGATIVE]
    return Row(
        package=key, grade=review.conclusion.grade, route=review.filing.route, applicant=_fact(review, "applicant.name"),
        model=_fact(review, "model.name"), files=len(review.filing.files),
        unreadable=sum(bool(f.unreadable) for f in review.filing.files), counts=review.conclusion.counts,
        top=tuple(f"{f.requirement} {f.statement}" for f in _worst(problems)[:TOP]),
        codes=dict(Counter(f.defect for f in problems if f.defect).most_common()),
        seconds=round(sum(cost["seconds"].values()), 2), peak_mib=cost["peak_mib"],
    )  # fmt: skip


def _fact(review: Review, name: str) -> str:
    return next((str(f.value) for f in review.facts if f.name == name), "")


def _worst(problems: Sequence[Finding]) -> list[Finding]:
    return sorted(problems, key=lambda f: (SEVERITIES.index(f.severity), -f.confidence, f.requirement))


def _write(run: Run, rows: Sequence[Row]) -> None:
    from assist_review.evaluate.report import render_batch

    run.write("batch.json", json.dumps([r.model_dump(mode="json") for r in rows], ensure_ascii=False, indent=1) + "\n")
    run.write("batch.csv", "\ufeff" + _csv(rows))  # Excel takes a CSV for UTF-8 only with the mark
    run.write("batch.html", render_batch(run.manifest, rows))
    _xlsx(run.folder / "batch.xlsx", rows)


def _csv(rows: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([_safe(c) for c in row.cells()] for row in rows)
    return out.getvalue()


def _safe(cell: str | float | None) -> str | float | None:
    """A text that a spreadsheet would run as a formula is kept a text."""
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text


def _xlsx(path: Path, rows: Sequence[Row]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    fills = {"return": "F6D9D6", "supplement": "FBE9D2", "ready": "E0EFE6"}
    widths = (26, 10, 12, 8, 28, 20, 8, 9, 7, 7, 7, 8, 7, 8, 10, 46, 46, 46, 24, 8, 9)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("总表")
    sheet.append(list(HEADINGS))
    for n, (cell, width) in enumerate(zip(sheet[1], widths, strict=True), start=1):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F5F3EE")
        sheet.column_dimensions[get_column_letter(n)].width = width
    for row in rows:
        sheet.append([_safe(c) for c in row.cells()])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"
        if row.grade in fills:
            sheet.cell(sheet.max_row, 3).fill = PatternFill("solid", fgColor=fills[row.grade])
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    book.save(path)
