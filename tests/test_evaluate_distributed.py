"""The same work on a dask cluster: a worker is killed in the middle, nothing is lost and nothing is double."""

import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assist_review.errors import SettingsError
from assist_review.evaluate.executors import cluster, conduct

distributed = pytest.importorskip(
    "distributed", reason="dask.distributed 未安装：pip install 'assist-review[distributed]'"
)
pytestmark = pytest.mark.filterwarnings("ignore")


def _work(task: tuple[int, str]) -> int:
    """Notes that it has begun, then takes a moment."""
    number, folder = task
    with (Path(folder) / f"{number}.begun").open("a") as out:
        out.write(f"{os.getpid()}\n")
    time.sleep(0.15)
    return number


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    """Twelve tasks, two worker processes, one killed while it works: twelve outcomes, one of each."""
    tasks = [(n, str(tmp_path)) for n in range(12)]
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        outcomes: list[Any] = []
        killed = None
        for outcome in conduct(tasks, _work, cluster(made.scheduler_address), lambda t, why: (t, why)):
            outcomes.append(outcome)
            if killed is None and len(outcomes) == 2:
                begun = sorted(tmp_path.glob("*.begun"), key=lambda p: p.stat().st_mtime)[-1]
                killed = int(begun.read_text().split()[-1])
                os.kill(killed, signal.SIGKILL)
    assert killed is not None
    assert sorted(outcomes) == list(range(12))
    begun_by = Counter(pid for p in tmp_path.glob("*.begun") for pid in p.read_text().split())
    assert len(begun_by) >= 2


def test_an_unreachable_scheduler_is_named() -> None:
    """One line with the address."""
    with pytest.raises(SettingsError, match=r"127\.0\.0\.1:9"), cluster("tcp://127.0.0.1:9", timeout_s=1)():
        pass
