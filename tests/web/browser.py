"""The running site and a real browser, for the tests from end to end."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def missing() -> str:
    """Why there can be no browser, "" where there can."""
    if CHROMIUM is None:
        return "没有 Chromium，跳过浏览器测试（apt-get install chromium 后可运行）"
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "没有安装 playwright，跳过浏览器测试（pip install playwright 后可运行）"
    return ""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def site(data: Path, **options: str) -> Iterator[str]:
    """The site with demo accounts and no filings, as its address; worker and server end with it."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSIST_REVIEW_WEB_")}
    environment |= {
        "ASSIST_REVIEW_WEB_DATA": str(data),
        "ASSIST_REVIEW_WEB_EXAMPLES": "0",
        "ASSIST_REVIEW_WEB_WORKERS": "1",
    }
    environment |= {f"ASSIST_REVIEW_WEB_{k}": v for k, v in options.items()}
    command = [
        sys.executable,
        "-c",
        "from assist_review.cli import main; main()",
        "serve",
        "--port",
        str(port),
        "--processes",
        "1",
    ]
    with (
        (data / "site.log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as child,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(240):
                if child.poll() is not None:
                    raise RuntimeError((data / "site.log").read_text()[-3000:])
                try:
                    with urllib.request.urlopen(f"{base}/health/ready", timeout=5):
                        break
                except OSError:
                    time.sleep(0.5)
            yield base
        finally:
            child.terminate()
            try:
                child.wait(40)
            except subprocess.TimeoutExpired:
                child.kill()


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Any, base: str, username: str, *, width: int = 1366, height: int = 768) -> None:
        from assist_review.web.demo import PASSWORD

        self.base, self.problems = base, list[str]()
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", base_url=base)
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda m: self.problems.append(m.text) if m.type == "error" and "Content Security" in m.text else None,
        )
        self.page.goto("/login")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button.primary")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def serious(self) -> list[str]:
        """Serious findings of axe on the page as it stands."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
