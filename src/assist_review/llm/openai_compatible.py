"""Any endpoint that speaks the OpenAI chat protocol, through langchain-openai."""

from typing import Any

import openai
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assist_review.errors import LLMAnswerInvalid, LLMRefused, LLMUnavailable
from assist_review.llm.endpoint import Access, Reply, Request

_WINDOW_KEYS = ("max_model_len", "context_length", "context_window", "n_ctx", "n_ctx_train")


class OpenAICompatible:
    """ChatOpenAI with its errors in our words. Retries are left to the caller, who knows the budget."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._chat = ChatOpenAI(
            model=access.model, base_url=access.base_url, api_key=SecretStr(access.key or "none"), timeout=access.timeout_s,
            max_retries=0, temperature=access.temperature, seed=access.seed, streaming=access.stream,
            stream_usage=access.stream, use_responses_api=False,
        )  # fmt: skip

    def send(self, request: Request) -> Reply:
        """The reply of the endpoint."""
        # In `extra_body`, so that langchain does not parse for us: an empty parse must be seen as an error.
        more: dict[str, Any] = {"max_tokens": request.max_tokens}
        if request.form == "schema":
            shape = {"name": "answer", "strict": True, "schema": request.schema}
            more["extra_body"] = {"response_format": {"type": "json_schema", "json_schema": shape}}
        elif request.form == "json":
            more["extra_body"] = {"response_format": {"type": "json_object"}}
        try:
            message = self._chat.invoke([SystemMessage(request.system), HumanMessage(request.user)], **more)
        except openai.APITimeoutError as error:
            raise LLMUnavailable(f"{self._access.host} 在{self._access.timeout_s:g}秒内没有答完") from error
        except openai.APIConnectionError as error:
            raise LLMUnavailable(
                f"连接不到 {self._access.host} 或连接中断：{error.__cause__ or error}，请检查地址和网络"
            ) from error
        except openai.APIStatusError as error:
            raise self._refusal(error) from error
        except openai.APIError as error:  # an error event inside a stream
            raise LLMUnavailable(f"{self._access.host} 中途报错：{error.message[:200]}") from error
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise LLMAnswerInvalid(f"{self._access.host} 的回复不符合接口格式：{str(error)[:200]}") from error
        except Exception as error:
            # httpx lets a connection that is cut inside a stream through as its own error.
            if type(error).__module__.split(".")[0] in ("httpx", "httpcore"):
                raise LLMUnavailable(f"与 {self._access.host} 的连接中断：{error}") from error
            raise
        if message.additional_kwargs.get("refusal"):
            raise LLMRefused(f"模型拒绝回答：{str(message.additional_kwargs['refusal'])[:200]}")
        finish = str(message.response_metadata.get("finish_reason") or "")
        if finish == "content_filter":
            raise LLMRefused("服务方的内容过滤拦截了这次提问")
        used = message.usage_metadata or {"input_tokens": 0, "output_tokens": 0}
        return Reply(str(message.text), used["input_tokens"], used["output_tokens"], cut=finish == "length")

    def _refusal(self, error: openai.APIStatusError) -> LLMUnavailable | LLMRefused:
        host, said = self._access.host, str(error.message)[:300]
        code = error.status_code
        if code in (401, 403):
            return LLMUnavailable(f"{host} 不接受密钥（{code}），请检查环境变量", lasting=True)
        if code in (402,):
            return LLMUnavailable(f"{host} 账户余额不足（{code}）", lasting=True)
        if code == 404 and "model" in said.lower():
            return LLMUnavailable(f"{host} 没有模型“{self._access.model}”：{said}", lasting=True)
        if code in (408, 409, 425, 429) or code >= 500:
            return LLMUnavailable(f"{host} 暂时不能回答（{code}）：{said}", retry_after_s=_retry_after(error))
        return LLMRefused(f"{host} 不接受这次提问（{code}）：{said}")

    def window(self) -> int | None:
        """The context length that `/models` tells of the model, as vLLM, llama.cpp and some clouds do."""
        try:
            listed = openai.OpenAI(
                base_url=self._access.base_url, api_key=self._access.key or "none", timeout=10, max_retries=0
            ).models.list()
        except (openai.OpenAIError, ValueError):
            return None
        for entry in listed.data:
            if entry.id != self._access.model and len(listed.data) > 1:
                continue
            told = entry.model_dump()
            told |= told.get("meta") or {}
            for key in _WINDOW_KEYS:
                if isinstance(told.get(key), int) and told[key] > 0:
                    return int(told[key])
        return None


def _retry_after(error: openai.APIStatusError) -> float | None:
    try:
        return max(0.0, float(error.response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None
