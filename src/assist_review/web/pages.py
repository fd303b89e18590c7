"""How pages are made: the Jinja environment, its words in two languages, dates and numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assist_review.export.view import amount, clean, formula, number, place
from assist_review.export.words import say
from assist_review.web import access, llm, options, pdf, reminders, retention, wording
from assist_review.web.states import HOLDERS, LABELS, State
from assist_review.web.words import CHINESE, ENGLISH


def language() -> str:
    """The language of the request: zh or en."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def t(text: str, **values: object) -> str:
    """`text` in the language of the request; Chinese where there is no translation."""
    chosen = ENGLISH.get(text, text) if language() == "en" else CHINESE.get(text, text)
    return chosen.format(**values) if values else chosen


def environment(**given: Any) -> Environment:
    """The environment of all pages."""
    made = Environment(
        **{
            **given, "loader": PackageLoader("assist_review.web"), "autoescape": True, "undefined": StrictUndefined,
            "trim_blocks": True, "lstrip_blocks": True, "auto_reload": False,
        }
    )  # fmt: skip
    made.globals |= {
        "_": t, "url": _url, "static": static, "words": _words, "language": language, "state_label": state_label,
        "holder": holder, "can": access.can, "place": lambda e: place(e, language()), "production": settings.PRODUCTION,  # type: ignore[arg-type]
        "severity": severity, "model_remote": llm.remote, "model_used": llm.used, "reminders": reminders.shown, "draft_notice": retention.notice, "late": late, "amount": amount, "number": number,
        "converter": pdf.converter, "drafted": wording.drafted, "change": lambda r: wording.change(r, t),
    }  # fmt: skip
    made.filters |= {
        "clean": clean, "formula": formula, "day": day, "moment": moment, "n": lambda value: f"{value:,}", "size": size,
        "iso": datetime.fromisoformat, "ago": ago, "base": lambda path: path.rsplit("/", 1)[-1],
    }  # fmt: skip
    return made


_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")


def templates() -> list[str]:
    """The names of all pages and parts of pages."""
    return PackageLoader("assist_review.web").list_templates()


def _url(name: str, *args: Any, **query: Any) -> str:
    said = [str(a) for a in args]
    if all(_PLAIN.fullmatch(a) for a in said):  # a list of rows asks for the same few addresses with other numbers
        address = _shape(get_script_prefix(), name, len(said)).format(*said)
    else:
        address = reverse(name, args=args)
    return f"{address}?{urlencode({k: v for k, v in query.items() if v not in (None, '')})}" if query else address


@lru_cache(maxsize=256)
def _shape(prefix: str, name: str, count: int) -> str:  # noqa: ARG001 - the prefix is part of what `reverse` answers
    """The address of `name` with a place for each argument."""
    marks = [str(9_000_000_001 + n) for n in range(count)]
    address: str = reverse(name, args=marks).replace("{", "{{").replace("}", "}}")
    for n, mark in enumerate(marks):
        address = address.replace(mark, f"{{{n}}}")
    return address


def _words(key: str, **values: object) -> str:
    """Words shared with the reports."""
    return say(key, language(), **values)  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def _speech(chosen: str) -> dict[str, Callable[..., Any]]:
    """What a page says its words with, the language asked for once and not for each word."""
    table = ENGLISH if chosen == "en" else CHINESE

    def said(text: str, **values: object) -> str:
        words = table.get(text, text)
        return words.format(**values) if values else words

    def words(key: str, **values: object) -> str:
        return say(key, chosen, **values)  # type: ignore[arg-type]

    labels = {state.value: said(label) for state, label in LABELS.items()}
    return {"_": said, "words": words, "language": lambda: chosen, "state_label": labels.__getitem__}


def state_label(state: str) -> str:
    """A state in words."""
    return t(LABELS[State(state)])


def holder(state: str) -> str:
    """Who is to act in a state."""
    return t({
        "applicant": "申请单位", "province": "属地", "test": "测试方", "national": "国家", "none": "—",
    }[HOLDERS[State(state)]])  # fmt: skip


def severity(group: str) -> str:
    """A group of findings in words."""
    return _words(f"severity.{group}" if group in ("fatal", "major", "minor") else f"verdict.{group}")


def day(value: date | datetime | None) -> str:
    """A date in local form."""
    if value is None:
        return "—"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local:%d %b %Y}" if language() == "en" else f"{local.year}年{local.month}月{local.day}日"


def moment(value: datetime | None) -> str:
    """A date with its time."""
    return "—" if value is None else f"{day(value)} {timezone.localtime(value):%H:%M}"


def ago(value: datetime) -> str:
    """Whole days since `value`."""
    days = (timezone.now() - value).days
    return t("今天") if days == 0 else t("{n} 天", n=days)


def late(due: date | None) -> str:
    """over, near or "" for a time limit."""
    if due is None:
        return ""
    left = (due - timezone.localdate()).days
    return "over" if left < 0 else "near" if left <= int(options.recent("warn_days")) else ""


def size(value: int) -> str:
    """Bytes as people write them."""
    return f"{value / 2**20:,.1f} MB" if value >= 2**20 else f"{max(value / 1024, 0.1):,.1f} KB"


def token_field(request: HttpRequest) -> Markup:
    """The hidden field a form proves its origin with."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(get_token(request))


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """`template` as a response."""
    from django.template.loader import get_template

    user = getattr(request, "user", None)
    said = {
        **_speech(language()), "request": request, "user": user if user is not None and user.is_authenticated else None,
        "csrf": cache(lambda: token_field(request)), "messages": request.session.pop("messages", []) if hasattr(request, "session") else [],
        **(context or {}),
    }  # fmt: skip
    return HttpResponse(get_template(template).render(said), status=status)


def part(template: str, context: Mapping[str, Any]) -> Markup:
    """`template` as a part of a page that says nothing about the request."""
    from django.template.loader import get_template

    return Markup(get_template(template).render({**_speech(language()), **context}))


def tell(request: HttpRequest, text: str, kind: str = "good") -> None:
    """A line shown on top of the next page."""
    request.session["messages"] = [*request.session.get("messages", []), [kind, text]]
