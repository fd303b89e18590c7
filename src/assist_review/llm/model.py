"""The model as the verbs see it: a question with a type in, a value of that type out."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any, Protocol

from pydantic import BaseModel

from assist_review.errors import LLMAnswerInvalid, LLMError, LLMRefused, LLMUnavailable, OutOfTime
from assist_review.llm.budget import Budget
from assist_review.llm.endpoint import FORMS, Access, Endpoint, Form, Reply, Request, tokens
from assist_review.llm.mask import Masking
from assist_review.llm.memory import Abilities, Answers, Tape, key_of
from assist_review.llm.prompts import Prompt
from assist_review.llm.structured import instructions, load, parse, schema_of
from assist_review.review import ModelUse

_TRIES = 5
_PATIENCE = 3  # questions in a row that got no answer after which the endpoint counts as down
_FORM_TOKENS = 64
_PROBE = '请输出 JSON 对象，键 "ok" 的值为 true。'


@dataclass(frozen=True)
class Question:
    """One question of a verb. `about` names the requirements that stay unanswered when it fails."""

    prompt: Prompt
    values: dict[str, str]
    shape: type[BaseModel]
    stage: str
    about: tuple[str, ...] = ()
    max_tokens: int = 4000

    @property
    def user(self) -> str:
        """The changing part of the question."""
        return self.prompt.fill(self.values)

    @property
    def size(self) -> int:
        """Estimated tokens of the question without its answer."""
        return tokens(self.prompt.system) + tokens(self.user)


class Model(Protocol):
    """Answers questions."""

    @property
    def name(self) -> str:
        """`provider:model`."""

    @property
    def window(self) -> int:
        """How many tokens a question and its answer may have together."""

    def ask(self, questions: Sequence[Question]) -> list[BaseModel | LLMError]:
        """One answer, or the reason why there is none, per question, in their order."""

    def account(self) -> ModelUse:
        """What was used so far, by stage."""


class _Probe(BaseModel):
    ok: bool


@dataclass
class Desk:
    """A Model over an endpoint: masks, remembers, records, retries, keeps to the budget. None as endpoint: replay.

    `limit_s` counts from the first question that is sent; once it is over, OutOfTime is raised instead of sending.
    """

    access: Access
    endpoint: Endpoint | None
    window: int
    budget: Budget = field(default_factory=Budget)
    answers: Answers = field(default_factory=lambda: Answers(None))
    abilities: Abilities = field(default_factory=lambda: Abilities(None))
    tape: Tape | None = None
    masking: bool = False
    currency: str = ""
    concurrency: int = 4
    per_minute: int | None = None
    tries: int = _TRIES
    limit_s: float | None = None
    sleep: Callable[[float], None] = time.sleep
    masked: Counter[str] = field(default_factory=Counter)
    form: Form | None = None
    _lock: RLock = field(default_factory=RLock)
    _silent: int = 0
    _down: LLMUnavailable | None = None
    _next: float = 0.0
    _began: float | None = None

    @property
    def name(self) -> str:
        """`provider:model`."""
        return self.access.name

    @property
    def _replaying(self) -> bool:
        return self.tape is not None and not self.tape.recording

    def ask(self, questions: Sequence[Question]) -> list[BaseModel | LLMError]:
        """Answers in the order of the questions, several at a time."""
        if len(questions) < 2 or self.concurrency < 2 or self._replaying:
            return [self._one(q) for q in questions]
        # The first alone: it fills the endpoint's prefix cache and finds out what the endpoint can do.
        first = self._one(questions[0])
        with ThreadPoolExecutor(self.concurrency, thread_name_prefix="llm") as pool:
            return [first, *pool.map(self._one, questions[1:])]

    def account(self) -> ModelUse:
        """What was used so far, by stage."""
        return ModelUse(
            model=self.access.model, endpoint=self.access.host, local=self.access.local, window=self.window,
            form=self.form or "", masked=dict(sorted(self.masked.items())) if self.masking else None, currency=self.currency,
            stages=self.budget.account(),
        )  # fmt: skip

    def moment(self) -> datetime | None:
        """The time a review made from this run bears: now, or that of the recorded run; None where it does not matter."""
        if self.tape is None:
            return None
        if self.tape.recording:
            self.tape.head.setdefault("generated_at", datetime.now(UTC).replace(microsecond=0).isoformat())
        told = self.tape.head.get("generated_at")
        return datetime.fromisoformat(told) if told else None

    def reach(self) -> Form:
        """How the endpoint answers, found out by one or two short questions. Raises LLMError where it does not."""
        form = self._form()
        if form == "text":  # what is left when the other forms were refused, not yet shown to work
            schema = schema_of(_Probe)
            request = Request("你只输出 JSON。", _PROBE + instructions(schema, form), schema, form, _FORM_TOKENS)
            reply = self._send(request)
            self.budget.count("probe", calls=1, reply=reply)
            parse(reply.text, _Probe)
        return form

    def close(self) -> None:
        """Writes the recording, where there is one."""
        if self.tape is not None and self.tape.recording:
            self.tape.head["form"] = self.form
            self.tape.head["stages"] = (
                {"probe": self.budget.stages["probe"].model_dump()} if "probe" in self.budget.stages else {}
            )
            self.tape.save()

    def _one(self, question: Question) -> BaseModel | LLMError:
        masking = Masking()
        user = question.user
        if self.masking:
            user = masking.hide(user)
            with self._lock:
                self.masked.update(masking.counts)
        schema = schema_of(question.shape)
        key = key_of(
            self.access.name, self.access.base_url, self.access.temperature, self.access.seed, question.prompt.system,
            user, schema, question.max_tokens,
        )  # fmt: skip
        try:
            reply, cached = self._reply(question, key, user, schema)
            if self.tape is not None and self.tape.recording:
                self.tape.answered(key, reply, cached=cached)
            paid = None if cached else reply
            self.budget.count(question.stage, calls=not cached, cached=cached, reply=paid)
            return question.shape.model_validate(masking.show(load(reply.text)))
        except LLMError as error:
            if self.tape is not None and self.tape.recording:
                self.tape.failed(key, error)
            self.budget.count(question.stage, failed=1)
            return error

    def _reply(self, question: Question, key: str, user: str, schema: dict[str, Any]) -> tuple[Reply, bool]:
        """A reply whose text fits the shape, and whether it came from the cache."""
        if self._replaying and self.tape is not None:
            return self.tape.play(key)
        known = self.answers.get(key)
        if known is not None:
            return known, True
        form = self._form()
        request = Request(question.prompt.system, user + instructions(schema, form), schema, form, question.max_tokens)
        reply = self._send(request)
        try:
            _check(reply, question.shape)
        except LLMAnswerInvalid as error:
            repaired = self._send(_repair(request, reply, error))
            _check(repaired, question.shape)
            reply = Reply(
                repaired.text, reply.input_tokens + repaired.input_tokens, reply.output_tokens + repaired.output_tokens
            )
        self.answers.put(key, reply)
        return reply, False

    def _form(self) -> Form:
        """How this endpoint gives structured answers: tried once, best first, and remembered."""
        with self._lock:
            if self.form is not None:
                return self.form
            name = f"{self.access.base_url} {self.access.model}"
            known = self.abilities.get(name).get("form")
            if known in FORMS:
                self.form = known
                return self.form
            self.form = self._probe()
            self.abilities.put(name, {**self.abilities.get(name), "form": self.form})
            return self.form

    def _probe(self) -> Form:
        schema = schema_of(_Probe)
        for form in FORMS[:-1]:
            try:
                # Its few tokens count: every call that is made is paid for.
                reply = self._send(Request("你只输出 JSON。", _PROBE, schema, form, _FORM_TOKENS), locked=True)
                self.budget.count("probe", calls=1, reply=reply)
                parse(reply.text, _Probe)
            except (LLMRefused, LLMAnswerInvalid):
                continue
            return form
        return "text"

    def _send(self, request: Request, *, locked: bool = False) -> Reply:
        """The reply to one request within the budget, tried again while that can help."""
        if self._down is not None:
            raise LLMUnavailable(str(self._down), lasting=True)
        assert self.endpoint is not None
        worst = (tokens(request.system) + tokens(request.user), request.max_tokens)
        self.budget.reserve(*worst)
        reply: Reply | None = None
        try:
            reply = self._persist(request, worst)
        except LLMUnavailable as error:
            self._unanswered(error, locked=locked)
            raise
        finally:
            self.budget.settle(*worst, reply)
        self._silent = 0
        return reply

    def _persist(self, request: Request, worst: tuple[int, int]) -> Reply:
        assert self.endpoint is not None
        for attempt in range(self.tries):
            self._in_time()
            self._wait()
            try:
                reply = self.endpoint.send(request)
            except LLMUnavailable as error:
                if error.lasting or attempt == self.tries - 1:
                    raise
                # Half of the pause is drawn by lot, so that parallel questions do not come back together.
                pause = error.retry_after_s if error.retry_after_s is not None else 2.0**attempt
                self.sleep(min(60.0, pause * (0.5 + random.random() / 2) if error.retry_after_s is None else pause))
                continue
            if reply.input_tokens or reply.output_tokens:
                return reply
            return Reply(reply.text, worst[0], tokens(reply.text), reply.cut)
        raise AssertionError

    def _in_time(self) -> None:
        if self.limit_s is None:
            return
        with self._lock:
            if self._began is None:
                self._began = time.monotonic()
        if time.monotonic() - self._began > self.limit_s:
            raise OutOfTime("这一段时间用完，已有的回答都已保存，稍后接着提问")

    def _wait(self) -> None:
        """Keeps to the number of questions per minute."""
        if not self.per_minute:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + 60.0 / self.per_minute
        if start > now:
            self.sleep(start - now)

    def _unanswered(self, error: LLMUnavailable, *, locked: bool) -> None:
        """After some questions in a row without an answer the others are not even tried."""
        self._silent += 1
        if error.lasting or self._silent >= _PATIENCE or locked:
            self._down = error


def _check(reply: Reply, shape: type[BaseModel]) -> None:
    if reply.cut:
        raise LLMAnswerInvalid("模型的回答超过长度上限，被截断")
    parse(reply.text, shape)


def _repair(request: Request, reply: Reply, error: LLMAnswerInvalid) -> Request:
    """The same question once more, with what was wrong with the answer."""
    user = (
        f"{request.user}\n\n你上一次的回答无法使用：{error}。上一次回答的开头：{reply.text[:400]}\n"
        "请重新回答，只输出一个完整的 JSON 对象，必要时写得更短。"
    )
    return Request(request.system, user, request.schema, request.form, request.max_tokens)
