"""The child process that every byte of a package is parsed in: `python -m assist_review.read.sandbox`.

Tasks come as JSON lines on standard input, one answer line goes back for each; documents are written to a file
named in the task. When standard input closes, the process and all it started end at once, whatever they are doing.
"""

import json
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from assist_review.errors import LimitExceeded, ReadError

_TOO_LARGE = "请精简或拆分该文件后重新提交。"


def main() -> None:
    """Serve tasks until standard input closes. Arguments: memory and file size limits in bytes."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    tasks: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    while True:
        task = json.loads(tasks.get())
        _limit_cpu(task["cpu_s"])
        answers.write(json.dumps(_answer(task)).encode() + b"\n")


def _answer(task: dict[str, Any]) -> dict[str, Any]:
    try:
        return _open(task)
    except ReadError as error:
        return {"kind": error.kind, "reason": str(error), "remedy": error.remedy}
    except (MemoryError, RecursionError):
        problem = LimitExceeded(f"“{task['file']}”内容过大或过于复杂，超出内存限制，未读取。")
        return {"kind": problem.kind, "reason": str(problem), "remedy": _TOO_LARGE, "spent": True}
    except Exception as error:
        # A file no reader was made for: it costs this file, not the review. The class names the cause for us.
        reason = f"“{task['file']}”读取时出错（{type(error).__name__}），文件可能已损坏。"
        return {"kind": "damaged", "reason": reason, "remedy": "请用原软件打开并重新保存后提交。"}


def _open(task: dict[str, Any]) -> dict[str, Any]:
    """Read a document into `task["out"]`, or unpack an archive into the folder `task["into"]`."""
    from assist_review.read import ARCHIVES, read_bytes
    from assist_review.read.archive import unpack
    from assist_review.read.kinds import kind_at

    path, file = Path(task["path"]), task["file"]
    if kind_at(path, file) in ARCHIVES:
        if task["depth_left"] < 1:
            raise LimitExceeded(f"“{file}”嵌套层数过多，未解压。", "请减少压缩包的嵌套层数后重新提交。")
        found = unpack(path, file, Path(task["into"]), passwords=task["passwords"], max_bytes=task["max_bytes"])
        return {
            "members": [[name, str(at)] for name, at in found.members],
            "problems": [[name, problem.model_dump()] for name, problem in found.problems],
        }
    document = read_bytes(path.read_bytes(), file, passwords=task["passwords"], ocr=task["ocr"])
    Path(task["out"]).write_bytes(document.model_copy(update={"file": ""}).model_dump_json().encode())
    return {}


def _listen(tasks: "queue.Queue[bytes]") -> None:
    for line in sys.stdin.buffer:
        tasks.put(line)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # the converter this process may have started goes too
    os._exit(0)


def _limit(memory_bytes: int, file_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows; there the wall timeout of the parent is what holds
        return
    for what, value in (
        (resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_FSIZE, file_bytes), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))


def _limit_cpu(seconds: int) -> None:
    """Give the process `seconds` more of processor time than it has used."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


if __name__ == "__main__":
    main()
