"""A model for tests: answers come from a function, or from a file of question fragments and answers."""

import json
from collections.abc import Callable
from pathlib import Path

from assist_review.errors import LLMUnavailable, SettingsError
from assist_review.llm.endpoint import Access, Reply, Request, tokens


class Scripted:
    """Answers by calling `answer`; keeps what it was asked in `asked`."""

    def __init__(self, answer: Callable[[Request], str], window: int | None = None) -> None:
        self._answer = answer
        self._window = window
        self.asked: list[Request] = []

    @classmethod
    def from_file(cls, access: Access) -> "Scripted":
        """`scripted:FILE`: JSON lines of `{"contains": text, "answer": object}`; the first that fits answers."""
        try:
            lines = [json.loads(line) for line in Path(access.model).read_text(encoding="utf-8").splitlines() if line]
        except (OSError, ValueError) as error:
            raise SettingsError(f"--llm scripted：读不到 {access.model}：{error}") from error

        def answer(request: Request) -> str:
            for line in lines:
                if str(line.get("contains", "")) in request.user:
                    return json.dumps(line["answer"], ensure_ascii=False)
            raise LLMUnavailable("脚本里没有这个问题的答案", lasting=True)

        return cls(answer)

    def send(self, request: Request) -> Reply:
        """The scripted answer, with estimated token counts."""
        self.asked.append(request)
        text = self._answer(request)
        return Reply(text, tokens(request.system) + tokens(request.user), tokens(text))

    def window(self) -> int | None:
        """What the script was given."""
        return self._window
