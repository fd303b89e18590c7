"""From what a door was told about a model to the choice of one: what it was told, over the settings file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assist_review import settings
from assist_review.errors import SettingsError
from assist_review.llm.budget import Price
from assist_review.llm.memory import Tape
from assist_review.llm.opening import Choice

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What the options of a command, or the settings page of the site, said; None where they said nothing."""

    llm: str | None = None
    base_url: str | None = None
    context: int | None = None
    mask: bool | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    record: Path | None = None
    replay: Path | None = None
    price: Price | None = None  # of this model, over the price table


def model_choice(asked: Asked) -> Choice | None:
    """Options over settings; None where neither names a model. A replay knows its model itself."""
    told = settings.load().llm
    name = asked.llm or told.model
    if name is None and asked.replay is not None:
        name = str(Tape(asked.replay, recording=False).head.get("model"))
    if name is None:
        if asked.record or asked.max_tokens or asked.max_cost:
            raise SettingsError("--record、--max-tokens、--max-cost 要与 --llm 一起使用")
        return None
    prices = {key: Price(p.input, p.output) for key, p in told.prices.items()}
    if asked.price is not None:
        prices[name] = asked.price
    return Choice(
        name=name, base_url=_first(asked.base_url, told.base_url), window=_first(asked.context, told.context),
        mask=_first(asked.mask, told.mask), max_tokens=_first(asked.max_tokens, told.max_tokens),
        max_money=_first(asked.max_cost, told.max_cost), prices=prices, currency=told.currency,
        concurrency=told.concurrency, per_minute=told.per_minute, timeout_s=told.timeout_s, stream=told.stream,
        record=asked.record, replay=asked.replay,
    )  # fmt: skip


def _first(option: T | None, setting: T | None) -> T | None:
    return setting if option is None else option
