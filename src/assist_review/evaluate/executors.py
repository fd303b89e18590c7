"""Work submitted through `concurrent.futures`: processes of this machine, or a dask cluster. Nothing lost, nothing double."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from assist_review.errors import SettingsError

TaskT = TypeVar("TaskT")
OutcomeT = TypeVar("OutcomeT")
Pool = Callable[[], AbstractContextManager[Executor]]


def processes(jobs: int, *, fresh: bool = True) -> Pool:
    """A pool of `jobs` processes; `fresh` gives each task its own: memory is measured per package, a leak ends with it."""
    return lambda: ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1 if fresh else None)


def cluster(address: str, *, timeout_s: float = 20) -> Pool:
    """The workers of a dask scheduler at `address` ("tcp://host:8786"); they must see the same paths.

    A task whose worker dies is given to another one by the scheduler.
    """

    @contextmanager
    def pool() -> Iterator[Executor]:
        try:
            import distributed
        except ImportError as error:
            raise SettingsError(
                "--scheduler 需要 dask.distributed：pip install 'assist-review[distributed]'"
            ) from error
        try:
            client = _client(distributed, address, timeout_s)
        except (OSError, TimeoutError, ValueError) as error:
            raise SettingsError(f"连不上调度器 {address}：{error}") from error
        with client:
            yield client.get_executor(pure=False)

    return pool


def _client(distributed: Any, address: str, timeout_s: float) -> Any:
    return distributed.Client(address, timeout=timeout_s, set_as_default=False)


def conduct(
    tasks: Iterable[TaskT], work: Callable[[TaskT], OutcomeT], pool: Pool, failed: Callable[[TaskT, str], OutcomeT]
) -> Iterator[OutcomeT]:
    """Exactly one outcome per task, as they come.

    When a process dies the pool is gone and nobody knows whose fault it was: what is unfinished then runs one at a
    time, each in a pool of its own, and only a task that kills that one too has `failed`.
    """
    waiting = list(tasks)
    unfinished: list[TaskT] = []
    with pool() as executor:
        futures = {executor.submit(work, task): task for task in waiting}
        try:
            for future in as_completed(futures):
                task = futures[future]
                try:
                    outcome = future.result()
                except BrokenExecutor:
                    unfinished.append(task)
                except (Exception, CancelledError) as error:
                    yield failed(task, f"{type(error).__name__}：{error}")
                else:
                    yield outcome
        except GeneratorExit:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    for task in unfinished:
        with pool() as executor:
            try:
                outcome = executor.submit(work, task).result()
            except BrokenExecutor:
                yield failed(task, "处理该材料包的进程意外终止（多为内存不足），已两次尝试")
            except (Exception, CancelledError) as error:
                yield failed(task, f"{type(error).__name__}：{error}")
            else:
                yield outcome
