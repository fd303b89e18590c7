"""Tokens and money: counted per stage, capped before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from assist_review.errors import LLMBudgetSpent
from assist_review.llm.endpoint import Reply
from assist_review.review import StageUse


@dataclass(frozen=True, slots=True)
class Price:
    """Money per million tokens."""

    input: float = 0.0
    output: float = 0.0

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """What these tokens cost."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


@dataclass(frozen=True, slots=True)
class Caps:
    """Hard limits of one review; None is no limit."""

    tokens: int | None = None
    money: float | None = None


@dataclass
class Budget:
    """What was used so far. A question reserves its worst case, so parallel questions cannot pass a cap together."""

    price: Price = field(default_factory=Price)
    caps: Caps = field(default_factory=Caps)
    stages: dict[str, StageUse] = field(default_factory=dict)
    _tokens: int = 0
    _money: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def resume(self, stages: Mapping[str, StageUse]) -> None:
        """Takes over what earlier runs of the same review paid for.

        Their answers will be met again in the cache; they were calls then and are not counted as cached now.
        """
        for stage, use in stages.items():
            self.stages[stage] = use.model_copy(update={"cached": -use.calls, "failed": 0})
            self._tokens += use.input_tokens + use.output_tokens
            self._money += use.money

    def reserve(self, input_tokens: int, output_tokens: int) -> None:
        """Takes the worst case of one call from the budget; raises LLMBudgetSpent where it is not there."""
        with self._lock:
            worst = input_tokens + output_tokens
            if self.caps.tokens is not None and self._tokens + worst > self.caps.tokens:
                raise LLMBudgetSpent(
                    f"再问一次可能超过这次审查的 token 上限 {self.caps.tokens}（--max-tokens），已停止提问"
                )
            money = self.price.of(input_tokens, output_tokens)
            if self.caps.money is not None and self._money + money > self.caps.money:
                raise LLMBudgetSpent(
                    f"再问一次可能超过这次审查的费用上限 {self.caps.money:g}（--max-cost），已停止提问"
                )
            self._tokens += worst
            self._money += money

    def settle(self, input_tokens: int, output_tokens: int, reply: Reply | None) -> None:
        """Replaces the worst case of one call by what it really took, nothing where it gave no reply."""
        with self._lock:
            used = (reply.input_tokens, reply.output_tokens) if reply else (0, 0)
            self._tokens += sum(used) - input_tokens - output_tokens
            self._money += self.price.of(*used) - self.price.of(input_tokens, output_tokens)

    def count(
        self, stage: str, *, calls: int = 0, cached: int = 0, failed: int = 0, reply: Reply | None = None
    ) -> None:
        """Adds to the account of `stage`; `reply` only where it was paid for."""
        with self._lock:
            had = self.stages.get(stage, StageUse())
            used = (reply.input_tokens, reply.output_tokens) if reply else (0, 0)
            self.stages[stage] = StageUse(
                calls=had.calls + calls, cached=had.cached + cached, failed=had.failed + failed,
                input_tokens=had.input_tokens + used[0], output_tokens=had.output_tokens + used[1],
                money=round(had.money + self.price.of(*used), 6),
            )  # fmt: skip

    def account(self) -> dict[str, StageUse]:
        """What each stage used, by name."""
        with self._lock:
            return {
                stage: use.model_copy(update={"cached": max(0, use.cached)})
                for stage, use in sorted(self.stages.items())
            }


def price_of(name: str, table: Mapping[str, Price]) -> Price:
    """The price of `provider:model`: its own line, else that of the longest prefix, else nothing."""
    fitting = [key for key in table if name == key or name.startswith(key.rstrip("*"))]
    return table[max(fitting, key=len)] if fitting else Price()
