"""A few long-lived child processes that read files; one that dies or hangs is replaced and costs only its file."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import assist_review

_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)
_REMEDY = "请用原软件打开并重新保存，或拆分后重新提交。"
Answer = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Memory is address space: the OCR engine alone reserves more than it uses."""

    memory_bytes: int = 3 * 1024**3
    file_bytes: int = 2 * 1024**3
    wall_s: float = 180
    ocr_wall_s: float = 1800  # about five seconds a scanned page


@dataclass(frozen=True)
class Task:
    """A file for a child: what it needs to know, and how long it may take."""

    said: dict[str, Any]
    wall_s: float


class Pool:
    """Children that answer tasks; use it as a context, at whose end no child is left."""

    def __init__(self, jobs: int, limits: Limits | None = None, command: Sequence[str] = ()) -> None:
        """`command` starts a child; default is the sandbox of this package."""
        self.jobs = max(1, jobs)
        self.limits = limits or Limits()
        module = [sys.executable, "-P", "-X", "utf8", "-m", "assist_review.read.sandbox"]
        sizes = [str(self.limits.memory_bytes), str(self.limits.file_bytes)]
        self._command = [*(command or module), *sizes]
        self._children: dict[int, _Child] = {}
        self._stopped = False

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        for child in list(self._children.values()):
            child.kill()

    def run(self, tasks: Sequence[Task], *, children: int | None = None) -> Iterator[tuple[int, Answer]]:
        """Answers with the number of their task, as they come. The first tasks should be the longest.

        One child takes tasks from the front, the others from the back, so that the libraries of long tasks are
        loaded once only, as long as there are others to do. `children` is how many are worth starting.
        """
        waiting: deque[int] = deque(range(len(tasks)))
        answers: queue.Queue[tuple[int, Answer]] = queue.Queue()

        def serve(slot: int) -> None:
            while not self._stopped:
                try:
                    number = waiting.pop() if slot else waiting.popleft()
                except IndexError:
                    return
                answers.put((number, self._ask(slot, tasks[number])))

        for slot in range(min(self.jobs, len(tasks), children or self.jobs)):
            threading.Thread(target=serve, args=(slot,), daemon=True).start()
        for _ in tasks:
            yield _next(answers)

    def _ask(self, slot: int, task: Task) -> Answer:
        """The answer of a child; a file that ends a child which had read others before is tried once more alone."""
        for _ in range(2):
            child = self._children.get(slot)
            if child is None or child.served is None:
                child = self._children[slot] = _Child(self._command)
                if self._stopped:
                    child.kill()
            used = bool(child.served)
            answer = child.ask(task)
            if "spent" in answer:
                child.kill()
                if used and not answer.get("timeout"):
                    continue
            return answer
        return answer


def _next(answers: "queue.Queue[tuple[int, Answer]]") -> tuple[int, Answer]:
    while True:
        with suppress(queue.Empty):
            return answers.get(timeout=1)  # in short waits, so that Ctrl-C is heard everywhere


@dataclass
class _Child:
    command: list[str]
    served: int | None = 0  # None: it is gone
    _process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        home = str(Path(assist_review.__file__).resolve().parents[1])
        environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**environment, **threads, "PYTHONPATH": home}, start_new_session=True,
        )  # fmt: skip

    def ask(self, task: Task) -> Answer:
        """Send a task and wait; a child that did not answer is gone afterwards (`spent`)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(task.wall_s, stop)
        timer.daemon = True
        timer.start()
        line = b""
        try:
            self._process.stdin.write(json.dumps({**task.said, "cpu_s": int(task.wall_s * 2) + 10}).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (OSError, ValueError):  # it died before it could take the task
            pass
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            return self._gone(task, late.is_set())
        self.served = (self.served or 0) + 1
        return dict(json.loads(line))

    def _gone(self, task: Task, late: bool) -> Answer:
        self.kill()
        file = task.said.get("file", "")
        code = self._process.returncode
        if late or code == -getattr(signal, "SIGXCPU", 0) != 0:
            reason = f"“{file}”处理超过{task.wall_s:.0f}秒仍未完成，已停止读取。"
            return {"kind": "limit", "reason": reason, "remedy": _REMEDY, "spent": True, "timeout": True}
        reason = f"“{file}”使读取程序异常退出，可能已损坏或内容过大，未读取。"
        return {"kind": "damaged", "reason": reason, "remedy": _REMEDY, "spent": True}

    def kill(self) -> None:
        """End the child and all it started."""
        self.served = None
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
