"""How pages are made: the Jinja environment, its words in two languages, dates and numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assist_review.export.view import amount, clean, formula, number, place
from assist_review.export.words import say
from assist_review.web import access, options
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
        "severity": severity, "late": late, "amount": amount, "number": number,
    }  # fmt: skip
    made.filters |= {
        "clean": clean, "formula": formula, "day": day, "moment": moment, "n": lambda value: f"{value:,}", "size": size,
        "ago": ago, "base": lambda path: path.rsplit("/", 1)[-1],
    }  # fmt: skip
    return made


def _url(name: str, *args: Any, **query: Any) -> str:
    address: str = reverse(name, args=args)
    if query:
        from urllib.parse import urlencode

        address += "?" + urlencode({k: v for k, v in query.items() if v not in (None, "")})
    return address


def _words(key: str, **values: object) -> str:
    """Words shared with the reports."""
    return say(key, language(), **values)  # type: ignore[arg-type]


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
    return "over" if left < 0 else "near" if left <= int(options.DEFAULTS["warn_days"]) else ""


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
        "request": request, "user": user if user is not None and user.is_authenticated else None,
        "csrf": lambda: token_field(request), "messages": request.session.pop("messages", []) if hasattr(request, "session") else [],
        **(context or {}),
    }  # fmt: skip
    return HttpResponse(get_template(template).render(said), status=status)


def tell(request: HttpRequest, text: str, kind: str = "good") -> None:
    """A line shown on top of the next page."""
    request.session["messages"] = [*request.session.get("messages", []), [kind, text]]
