"""`assist-review serve`: migrate, make the demo, start worker and server, stop both together."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from assist_review.errors import SettingsError
from assist_review.web.home import flag


def set_up() -> None:
    """Django, ready for use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist_review.web.settings")
    try:
        import django
    except ImportError as error:
        raise SettingsError("没有安装网站组件。请执行：pip install 'assist-review[web]'") from error
    django.setup()


def prepare(*, demo: bool) -> tuple[int, int]:
    """Migrates, switches SQLite to WAL, collects static files in production, makes the demo.

    Returns how many examples were added, and how many of them the worker has to review.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
    if settings.PRODUCTION:
        call_command("collectstatic", verbosity=0, interactive=False)
    from assist_review.web import reminders

    reminders.schedule()
    if not demo or settings.PRODUCTION:
        return 0, 0
    from assist_review.web import demo as examples

    examples.people()
    return examples.examples() if flag("EXAMPLES", True) else (0, 0)


def serve(host: str, port: int, *, demo: bool, worker: bool, processes: int) -> int:
    """Runs until stopped; returns the exit code of whichever part ended first."""
    set_up()
    added, waiting = prepare(demo=demo)
    from django.conf import settings

    parts = [_start([sys.executable, "-m", "assist_review.web.worker"])] if worker else []
    parts.append(_start(_server(host, port, processes)))
    print(f"网站：http://{host}:{port}/　数据：{settings.HOME}", flush=True)
    if demo and not settings.PRODUCTION:
        from assist_review.web.demo import PASSWORD, PEOPLE

        print(f"示例账号（密码均为 {PASSWORD}）：{'、'.join(p[0] for p in PEOPLE)}", flush=True)
    if added:
        later = f"，其中 {waiting} 份正在后台审查，约需一两分钟，页面上可以看到进度" if waiting else ""
        print(f"已建立 {added} 份示例申请{later}。", flush=True)
    return _wait(parts)


def _server(host: str, port: int, processes: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "assist_review.web.wsgi", "--preload", "--bind", f"{host}:{port}",
        "--workers", str(processes), "--worker-class", "gthread", "--threads", "8", "--keep-alive", "30", "--timeout", "120",
        "--graceful-timeout", "10", "--log-level", "warning", "--max-requests", "50000", "--max-requests-jitter", "5000",
    ]  # fmt: skip


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command, env={**os.environ, "DJANGO_SETTINGS_MODULE": "assist_review.web.settings"}, cwd=Path.cwd()
    )


def _wait(parts: "list[subprocess.Popen[bytes]]") -> int:
    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
        for part in parts:
            part.terminate()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    code = 0
    with suppress(ChildProcessError):
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        for part in parts:
            if part.pid == pid:
                part.returncode = code
    stop(0, None)
    for part in parts:
        with suppress(subprocess.TimeoutExpired):
            part.wait(timeout=30)
        if part.poll() is None:
            part.kill()
    return max(code, 0)
