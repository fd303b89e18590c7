"""What goes over the wire: a request, a reply, and the endpoint that turns one into the other."""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

Form = Literal["schema", "json", "text"]  # how an endpoint is asked for JSON, best first
FORMS: tuple[Form, ...] = ("schema", "json", "text")
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "")


@dataclass(frozen=True, slots=True)
class Access:
    """How an endpoint is reached. `key` comes from the environment and is never written anywhere."""

    name: str  # provider:model
    model: str
    base_url: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 600.0
    stream: bool = False
    temperature: float = 0.0
    seed: int = 7

    @property
    def host(self) -> str:
        """The host, with its port where one is named."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2] or self.base_url

    @property
    def local(self) -> bool:
        """Whether the endpoint is on this machine."""
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        return parts.scheme == "scripted" or host in _LOOPBACK or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Request:
    """One question: the stable part first, then what changes. `schema` is a JSON Schema, asked for as `form` says."""

    system: str
    user: str
    schema: dict[str, Any]
    form: Form
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Token counts are the endpoint's own, 0 where it gave none."""

    text: str
    input_tokens: int = 0
    output_tokens: int = 0
    cut: bool = False  # stopped at max_tokens


class Endpoint(Protocol):
    """Answers one request. Raises LLMUnavailable, LLMRefused or LLMAnswerInvalid, never a library's own error."""

    def send(self, request: Request) -> Reply:
        """The reply."""

    def window(self) -> int | None:
        """Tokens that fit into one request with its answer, None where the endpoint does not say."""


def tokens(text: str) -> int:
    """A safe estimate of the tokens of `text`: one per Chinese character, one per three others.

    Tokenisers of Chinese models need about half of it for Chinese; what is billed is what the endpoint reports.
    """
    wide = sum(c > "\u2e7f" for c in text)
    return wide + (len(text) - wide + 2) // 3
