"""From a pydantic type to a JSON Schema that endpoints accept, and from a reply back to the type."""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assist_review.errors import LLMAnswerInvalid
from assist_review.llm.endpoint import Form

T = TypeVar("T", bound=BaseModel)
_DROPPED = ("default", "title", "description", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
_THINKING = re.compile(r"<think>.*?</think>", re.DOTALL)


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of `shape` with every property required and none added, as strict modes ask."""
    return _strict(shape.model_json_schema())  # type: ignore[no-any-return]


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _strict(value) for key, value in node.items() if key not in _DROPPED or key in _names(node, key)}
    if kept.get("type") == "object" and "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return kept


def _names(node: dict[str, Any], key: str) -> tuple[str, ...]:
    """`key` where it is a property's own name and not a keyword: its value is then a schema."""
    value = node[key]
    return (key,) if isinstance(value, dict) and ("type" in value or "$ref" in value or "anyOf" in value) else ()


def instructions(schema: dict[str, Any], form: Form) -> str:
    """What is added to a question for endpoints that do not take the schema themselves."""
    if form == "schema":
        return ""
    shape = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return f"\n\n只输出一个 JSON 对象，不要输出其他文字。它必须符合这个 JSON Schema：\n{shape}"


def parse(text: str, shape: type[T]) -> T:
    """The answer in `text`; raises LLMAnswerInvalid where it is empty, is not JSON or does not fit `shape`."""
    value = load(text)
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LLMAnswerInvalid(f"模型的回答不符合约定的结构：{where} {first['msg']}") from error


def load(text: str) -> Any:
    """The JSON value in `text`, taken out of a code fence or surrounding words where needed."""
    text = _THINKING.sub("", text).strip()
    if not text:
        raise LLMAnswerInvalid("模型没有给出回答")
    fenced = _FENCE.search(text)
    for candidate in (text, fenced[1] if fenced else "", text[text.find("{") : text.rfind("}") + 1]):
        try:
            value = json.loads(candidate, strict=False)
        except ValueError:
            continue
        if isinstance(value, dict) and value:
            return value
    raise LLMAnswerInvalid(f"模型的回答不是 JSON 对象：{text[:80]}")
