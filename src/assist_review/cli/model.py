"""The model options of `check`: opened once per package, announced once, estimated on request."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from assist_review import packs
from assist_review.errors import SettingsError
from assist_review.llm.budget import Price, price_of
from assist_review.llm.model import Desk
from assist_review.llm.opening import Choice, notice, open_model
from assist_review.pipeline import estimate

if TYPE_CHECKING:
    from assist_review.cli.review import Request


class Models:
    """A model for each package: budgets are per review, the recording is one."""

    def __init__(self, choice: Choice | None, cache: Path | None, console: Console) -> None:
        self._choice, self._cache, self._console = choice, cache, console
        self._last: Desk | None = None

    def next(self) -> Desk | None:
        """The model for the next package; what will be sent where is said before the first."""
        if self._choice is None:
            return None
        desk = open_model(self._choice, self._cache)
        if self._last is None:
            self._console.print(notice(desk), highlight=False, soft_wrap=True)
        elif self._last.tape is not None:
            desk.tape = self._last.tape
        self._last = desk
        return desk

    def close(self) -> None:
        """Writes the recording."""
        if self._last is not None:
            self._last.close()


def estimate_all(packages: list[Path], request: "Request", choice: Choice | None) -> int:
    """Prints what a first run would ask, without asking."""
    from assist_review.settings import cache_folder

    if choice is None:
        raise SettingsError("--estimate 要与 --llm 一起使用")
    window = choice.window or open_model(choice, cache_folder() / "llm").window
    price = price_of(choice.name, choice.prices)
    table = Table(title=f"首次审查的估计（{choice.name}，窗口 {window:,}）", title_justify="left")
    for heading in ("材料包", "提问", "输入 token", "输出 token", f"费用（{choice.currency}）", "各环节提问"):
        table.add_column(heading, overflow="fold")
    pack = packs.load(packs.find(request.pack))
    for package in packages:
        told = estimate(
            package, pack=pack, as_of=request.day, window=window, wishes=request.wishes(),
            cache=cache_folder() / "files" if request.cache else None,
        )  # fmt: skip
        cost = price.of(told.input_tokens, told.output_tokens)
        table.add_row(
            str(package), str(told.calls), f"{told.input_tokens:,}", f"{told.output_tokens:,}",
            f"{cost:.2f}" if price != Price() else "没有价目", " ".join(f"{k} {v}" for k, v in told.stages.items()),
        )  # fmt: skip
    Console().print(table)
    return 0
