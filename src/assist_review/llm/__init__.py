"""The one home of openai and langchain for text: endpoints by name, `provider:model`.

Nothing here is imported, and nothing is contacted, unless the user names a model.
"""

from collections.abc import Callable
from typing import NamedTuple

from assist_review.errors import SettingsError
from assist_review.llm.endpoint import Access, Endpoint


class Provider(NamedTuple):
    """Where a provider answers unless told otherwise, and the environment variables that may hold its key."""

    base_url: str | None
    keys: tuple[str, ...]
    open: Callable[[Access], Endpoint]


def _compatible(access: Access) -> Endpoint:
    from assist_review.llm.openai_compatible import OpenAICompatible

    return OpenAICompatible(access)


def _scripted(access: Access) -> Endpoint:
    from assist_review.llm.scripted import Scripted

    return Scripted.from_file(access)


_ANY_KEY = "ASSIST_REVIEW_LLM_KEY"
PROVIDERS: dict[str, Provider] = {
    "openai-compatible": Provider(None, (_ANY_KEY, "OPENAI_API_KEY"), _compatible),
    "openai": Provider("https://api.openai.com/v1", (_ANY_KEY, "OPENAI_API_KEY"), _compatible),
    "deepseek": Provider("https://api.deepseek.com/v1", (_ANY_KEY, "DEEPSEEK_API_KEY"), _compatible),
    "qwen": Provider("https://dashscope.aliyuncs.com/compatible-mode/v1", (_ANY_KEY, "DASHSCOPE_API_KEY"), _compatible),
    "ollama": Provider("http://127.0.0.1:11434/v1", (_ANY_KEY,), _compatible),
    "vllm": Provider("http://127.0.0.1:8000/v1", (_ANY_KEY,), _compatible),
    "llamacpp": Provider("http://127.0.0.1:8080/v1", (_ANY_KEY,), _compatible),
    "scripted": Provider("scripted://", (), _scripted),
}


def provider_of(name: str) -> tuple[Provider, str]:
    """The provider and the model of `provider:model`; raises SettingsError that lists the providers."""
    provider, sign, model = name.partition(":")
    if not sign or not model or provider not in PROVIDERS:
        raise SettingsError(f"模型“{name}”应写成 提供方:模型，提供方可用：{'、'.join(PROVIDERS)}")
    return PROVIDERS[provider], model
