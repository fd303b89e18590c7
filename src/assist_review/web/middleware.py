"""What happens around every request: a log line, security headers, the language of the person."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

_LOG = logging.getLogger("assist_review.web")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
Handler = Callable[[HttpRequest], HttpResponse]


def logged(respond: Handler) -> Handler:
    """One line for each request, with an id that also goes back in a header."""

    def handle(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.id = secrets.token_hex(8)
        response = respond(request)
        user = getattr(request, "user", None)
        ms = round((time.perf_counter() - started) * 1000, 1)
        if not request.path.startswith(("/static/", "/health/")):
            extra = {
                "request_id": request.id, "method": request.method, "path": request.path, "status": response.status_code,
                "ms": ms, "user": user.pk if user is not None and user.is_authenticated else None,
            }  # fmt: skip
            _LOG.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "request", extra=extra)
        response["X-Request-Id"] = request.id
        response["Server-Timing"] = f"app;dur={ms}"
        return response

    return handle


def guarded(respond: Handler) -> Handler:
    """The content policy; pages of people who are signed in are not kept by caches."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response

    return handle


def spoken(respond: Handler) -> Handler:
    """Chinese, unless the person (or, before signing in, the cookie) chose English."""

    def handle(request: HttpRequest) -> HttpResponse:
        user = request.user
        chosen = user.language if user.is_authenticated else request.COOKIES.get("language", "zh-hans")
        with translation.override(chosen if chosen in ("zh-hans", "en") else "zh-hans"):
            request.LANGUAGE_CODE = translation.get_language()
            return respond(request)

    return handle
