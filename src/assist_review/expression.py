"""Applicability expressions of a regulation pack, e.g. `route == 'filing' and service.training != 'none'`.

Three-valued: what the filing does not tell is unknown (None), and stays unknown through comparisons.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, get_args, get_origin

from assist_review.errors import RegulationError
from assist_review.filing import ServiceProfile

Truth: TypeAlias = bool | None
_Value: TypeAlias = str | bool | tuple[str, ...] | None
_Test: TypeAlias = Callable[[Mapping[str, Any]], Truth]

ROUTES = ("filing", "registration")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "none": None}
_WORDS = ("and", "or", "not", "in")
_TOKEN = re.compile(r"\s*(?:(?P<text>'[^']*')|(?P<name>[A-Za-z_][\w.]*)|(?P<mark>==|!=|[()\[\],])|(?P<end>$))")


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; `text` is how it was written."""

    text: str
    test: _Test

    def evaluate(self, names: Mapping[str, Any]) -> Truth:
        """True, False, or None where the answer hangs on something unknown.

        `names` holds `route` (text or None) and `service` (a ServiceProfile).
        """
        return self.test(names)


@lru_cache(maxsize=1024)
def parse(text: str, routes: tuple[str, ...] | None = ROUTES) -> Expression:
    """The expression written in `text`; a RegulationError names the character where it goes wrong.

    `routes` are those it may name: None allows those of every pack, as when a loaded pack is used.
    """
    parser = _Parser(text, routes)
    test = parser.either()
    parser.expect("end")
    return Expression(text, test)


def evaluate(text: str, route: str | None, service: ServiceProfile) -> Truth:
    """Whether `text` holds for a filing of `route` with `service`; None where that hangs on something unknown."""
    return parse(text, None).evaluate({"route": route, "service": service})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # text, name, word, mark, end
    value: str
    at: int  # 0-based


@dataclass(frozen=True, slots=True)
class _Operand:
    """One side of a comparison; `name` is empty for a literal."""

    value: Any
    name: str
    at: int

    def read(self, names: Mapping[str, Any]) -> _Value:
        """The value in this filing; None is unknown. An empty tuple is unknown too: no service has no modality."""
        if not self.name:
            return self.value  # type: ignore[no-any-return]
        if self.name == "route":
            return names.get("route")
        value = getattr(names.get("service"), self.name.removeprefix("service."), None)
        return None if value == () else value


class _Parser:
    def __init__(self, text: str, routes: tuple[str, ...] | None) -> None:
        self.text = text
        self.routes = routes
        self.tokens = list(self._tokens())
        self.next = 0

    def _tokens(self) -> list[_Token]:
        tokens: list[_Token] = []
        at = 0
        while True:
            match = _TOKEN.match(self.text, at)
            if match is None:
                at += len(self.text[at:]) - len(self.text[at:].lstrip())
                raise self.wrong(at, f"看不懂“{self.text[at : at + 10]}”")
            kind = str(match.lastgroup)
            value = match.group(kind)
            word = kind == "name" and value in _WORDS
            tokens.append(_Token("word" if word else kind, value, match.start(kind)))
            if kind == "end":
                return tokens
            at = match.end()

    def wrong(self, at: int, why: str) -> RegulationError:
        return RegulationError(f"表达式“{self.text}”第 {at + 1} 个字符处：{why}")

    def peek(self, *values: str) -> bool:
        token = self.tokens[self.next]
        return token.kind in ("word", "mark") and token.value in values

    def take(self) -> _Token:
        token = self.tokens[self.next]
        self.next += token.kind != "end"
        return token

    def expect(self, what: str) -> None:
        token = self.take()
        if what not in (token.kind, token.value):
            wanted = "结束" if what == "end" else f"“{what}”"
            raise self.wrong(token.at, f"此处应为{wanted}，却是“{token.value or '结尾'}”")

    def either(self) -> _Test:
        return self._chain("or", self._both, lambda a, b: _not(_and(_not(a), _not(b))))

    def _both(self) -> _Test:
        return self._chain("and", self._negated, _and)

    def _chain(self, word: str, part: Callable[[], _Test], join: Callable[[Truth, Truth], Truth]) -> _Test:
        test = part()
        while self.peek(word):
            self.take()
            test = _joined(test, part(), join)
        return test

    def _negated(self) -> _Test:
        if self.peek("not"):
            self.take()
            inner = self._negated()
            return lambda names: _not(inner(names))
        if self.peek("("):
            self.take()
            inner = self.either()
            self.expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> _Test:
        left = self._operand()
        if self.peek("==", "!="):
            equal = self.take().value == "=="
            right = self._operand()
            self._same_kind(left, right)
            return lambda names: _equal(left, right, names) if equal else _not(_equal(left, right, names))
        if self.peek("in", "not"):
            inside = self.take().value == "in"
            if not inside:
                self.expect("in")
            right = self._operand()
            self._member(left, right)
            return lambda names: _within(left, right, names) if inside else _not(_within(left, right, names))
        if _kind(left) != "bool":
            raise self.wrong(left.at, f"“{left.name or _written(left.value)}”本身不是是非判断，需要与某个值比较")
        return lambda names: None if left.read(names) is None else bool(left.read(names))

    def _operand(self) -> _Operand:
        token = self.take()
        if token.kind == "text":
            return _Operand(token.value[1:-1], "", token.at)
        if token.kind == "name" and token.value in _CONSTANTS:
            return _Operand(_CONSTANTS[token.value], "", token.at)
        if token.kind == "name":
            if token.value not in _CHOICES:
                raise self.wrong(token.at, f"没有名为“{token.value}”的项；可用：{'、'.join(_CHOICES)}")
            return _Operand(None, token.value, token.at)
        if token.value == "[":
            return _Operand(self._texts(), "", token.at)
        raise self.wrong(token.at, f"此处应为一个值，却是“{token.value or '结尾'}”")

    def _texts(self) -> tuple[str, ...]:
        texts: list[str] = []
        while True:
            token = self.take()
            if token.kind != "text":
                raise self.wrong(token.at, "列表中只能写带单引号的文本")
            texts.append(token.value[1:-1])
            if self.peek(","):
                self.take()
                continue
            self.expect("]")
            return tuple(texts)

    def _same_kind(self, left: _Operand, right: _Operand) -> None:
        for one, other in ((left, right), (right, left)):
            if one.name and not other.name and other.value is not None:
                if _kind(one) == "texts" or _kind(one) != _kind(other):
                    raise self.wrong(other.at, f"“{one.name}”不能与“{_written(other.value)}”相比较")
                self._choice(one, (other.value,), other.at)

    def _member(self, left: _Operand, right: _Operand) -> None:
        if _kind(right) != "texts" or _kind(left) != "text":
            raise self.wrong(right.at, "in 左边须为一个文本，右边须为列表")
        if left.name and not right.name:
            self._choice(left, right.value, right.at)
        elif right.name and not left.name:
            self._choice(right, (left.value,), left.at)

    def _choice(self, named: _Operand, values: tuple[Any, ...], at: int) -> None:
        choices = (self.routes or ()) if named.name == "route" else _CHOICES[named.name].choices
        for value in values:
            if choices and value not in choices:
                raise self.wrong(at, f"“{named.name}”没有“{value}”这个取值；可用：{'、'.join(choices)}")


@dataclass(frozen=True, slots=True)
class _Name:
    kind: Literal["text", "texts", "bool"]
    choices: tuple[str, ...] = ()


def _name(annotation: Any) -> _Name:
    """What a field of ServiceProfile can hold, from its annotation."""
    if get_origin(annotation) is tuple:
        return _Name("texts", get_args(get_args(annotation)[0]))
    if isinstance(annotation, UnionType) or get_origin(annotation) not in (None, Literal):
        return _name(next(a for a in get_args(annotation) if a is not NoneType))
    if get_origin(annotation) is Literal:
        return _Name("text", get_args(annotation))
    return _Name("bool" if annotation is bool else "text")


_CHOICES: dict[str, _Name] = {
    "route": _Name("text"),
    **{f"service.{key}": _name(field.annotation) for key, field in ServiceProfile.model_fields.items()},
}


def _kind(operand: _Operand) -> str:
    if operand.name:
        return _CHOICES[operand.name].kind
    if isinstance(operand.value, tuple):
        return "texts"
    return "bool" if isinstance(operand.value, bool) else "text" if isinstance(operand.value, str) else "none"


def _written(value: Any) -> str:
    return next((word for word, constant in _CONSTANTS.items() if value is constant), str(value))


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _and(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _joined(left: _Test, right: _Test, join: Callable[[Truth, Truth], Truth]) -> _Test:
    return lambda names: join(left(names), right(names))


def _equal(left: _Operand, right: _Operand, names: Mapping[str, Any]) -> Truth:
    """Equality; comparing with the literal `none` asks whether something is unknown, and is never unknown itself."""
    one, other = left.read(names), right.read(names)
    if any(not side.name and side.value is None for side in (left, right)):
        return one is other
    return None if one is None or other is None else one == other


def _within(left: _Operand, right: _Operand, names: Mapping[str, Any]) -> Truth:
    one, many = left.read(names), right.read(names)
    return None if not isinstance(one, str) or not isinstance(many, tuple) else one in many
