"""Kills the worker with SIGKILL in the middle of its work, again and again; nothing may be lost or done twice.

    python benchmarks/web_kill.py            # SQLite
    python benchmarks/web_kill.py postgres   # installs PostgreSQL where it is missing, starts one of its own, stops it

Prints one line of JSON: kills, jobs, reviews made, findings, duplicates, seconds.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

KILLS, JOBS, TAKE_OVER_S = 4, 3, 6


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server in `folder`, as the address of its database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        for command in ("update", "install -y --no-install-recommends postgresql"):
            subprocess.run(["apt-get", "-qq", *command.split()], check=True, stdout=subprocess.DEVNULL)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    bin_, data, port = found[-1].parent, folder / "pg", "54399"
    as_user: list[str] = []
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        folder.chmod(0o777)
        as_user = ["runuser", "-u", "postgres", "--"]
    run = [*as_user, str(bin_ / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run(
        [*as_user, str(bin_ / "initdb"), "-D", str(data), "-A", "trust", "-U", "site"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    subprocess.run([*run, "-l", str(folder / "pg.log"), "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgres://site@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*run, "-m", "fast", "stop"], check=False, stdout=subprocess.DEVNULL)


def _package(folder: Path, n: int) -> list[Path]:
    from docx import Document

    paths = []
    for name in ("登记表", "用户协议", "隐私政策"):
        document = Document()
        document.add_paragraph(f"{name} {n}")
        document.add_paragraph("单位全称：示例申请单位（成都）智能科技有限公司")
        paths.append(folder / f"{name}.docx")
        document.save(str(paths[-1]))
    return paths


def _hand_in(folder: Path, n: int) -> None:
    from assist_review.web import filings
    from assist_review.web.models import UserRecord

    user = UserRecord.objects.get(username="applicant")
    row = filings.begin(user, name=f"中断测试{n}", route="registration", province="浙江", sector="", value={})
    for path in _package(folder, n):
        filings.upload(row, user, path.name, [path.read_bytes()])
    filings.self_check(row, user)


def _worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "assist_review.web.worker"], start_new_session=True, stderr=subprocess.DEVNULL
    )


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def main() -> None:
    """The test; exits 1 where something was lost or doubled."""
    folder = Path(tempfile.mkdtemp(prefix="web-kill-"))
    real = sys.argv[1:] == ["postgres"]
    with postgres(folder) if real else nullcontext("") as address:
        data = folder / "data"
        data.mkdir()
        os.environ |= {
            "ASSIST_REVIEW_WEB_DATA": str(data), "ASSIST_REVIEW_WEB_DATABASE": address, "ASSIST_REVIEW_WEB_EXAMPLES": "0",
            "ASSIST_REVIEW_WEB_TASK_TIMEOUT_S": "60", "ASSIST_REVIEW_WEB_WORKERS": "1", "ASSIST_REVIEW_WEB_LOG_LEVEL": "ERROR",
            # A task is taken over this long after the kill; in production a margin over the longest task.
            "ASSIST_REVIEW_WEB_RETRY_MARGIN_S": str(TAKE_OVER_S),
        }  # fmt: skip
        result = _run(folder)
    shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"database": "postgresql" if real else "sqlite", **result}))
    sys.exit(0 if result["lost"] == result["doubled"] == 0 and result["done"] == JOBS else 1)


def _run(folder: Path) -> dict[str, Any]:
    from assist_review.web.serve import prepare, set_up

    set_up()
    prepare(demo=True)
    from datetime import timedelta

    from django.db.models import Count, Sum
    from django.utils import timezone
    from django_q.models import OrmQ

    from assist_review.web.models import FindingRecord, JobRecord, ReviewRecord, StepRecord

    for n in range(JOBS):
        _hand_in(folder, n)
    started, kills, begun = time.monotonic(), 0, 0
    worker = _worker()
    while JobRecord.objects.exclude(state="done").exists() and time.monotonic() - started < 480:
        now = StepRecord.objects.aggregate(n=Sum("attempts"))["n"] or 0
        if kills < KILLS and now > begun and StepRecord.objects.filter(state="running").exists():
            time.sleep(0.1 + kills * 0.1)
            begun = StepRecord.objects.aggregate(n=Sum("attempts"))["n"] + 1
            _kill(worker)
            kills += 1
            # The lock of the killed task runs out now and not in a minute; that is all the test shortens.
            OrmQ.objects.filter(lock__isnull=False).update(lock=timezone.now() - timedelta(hours=1))
            worker = _worker()
        time.sleep(0.05)
    _kill(worker)
    doubled = FindingRecord.objects.values("review", "finding").annotate(n=Count("id")).filter(n__gt=1).count()
    doubled += ReviewRecord.objects.count() - ReviewRecord.objects.values("package").distinct().count()
    return {
        "kills": kills, "jobs": JOBS, "done": JobRecord.objects.filter(state="done").count(), "reviews": ReviewRecord.objects.count(),
        "findings": FindingRecord.objects.count(), "lost": JOBS - ReviewRecord.objects.count(), "doubled": doubled,
        "attempts": list(StepRecord.objects.exclude(name__startswith="draw").order_by("id").values_list("attempts", flat=True)),
        "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip


if __name__ == "__main__":
    main()
