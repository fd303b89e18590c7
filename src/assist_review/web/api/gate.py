"""Who may ask, how often, and what a repeated request gets."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Status
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from assist_review.web import access, throttle
from assist_review.web.models import IdempotencyRecord, TokenRecord

PER_MINUTE = 240


class Token(HttpBearer):
    """`Authorization: Bearer ar_…`, made on the account page."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The person the token stands for."""
        sha256 = hashlib.sha256(token.encode()).hexdigest()
        row = TokenRecord.objects.select_related("user").filter(sha256=sha256, expires_at__gt=timezone.now()).first()
        if row is None or not row.user.is_active:
            return None
        if row.used_at is None or (timezone.now() - row.used_at).total_seconds() > 60:
            TokenRecord.objects.filter(pk=row.pk).update(used_at=timezone.now())
        request.user = row.user
        return row.user


def session(request: HttpRequest) -> Any:
    """The person signed in on the site; changes need the page's CSRF token in X-CSRFToken."""
    user = request.user
    if not user.is_authenticated:
        return None
    if check_csrf(request) is not None:
        raise HttpError(403, "缺少或不正确的 X-CSRFToken")
    return user


SECURED: Any = [Token(), session]


def guard(grant: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same grants as the pages, and a limit on how often one person asks."""

    def outer(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if throttle.over(f"api:{request.user.pk}", PER_MINUTE, 60):
                raise HttpError(429, f"每分钟最多 {PER_MINUTE} 次请求。")
            if not access.can(request.user, grant):
                raise HttpError(403, "您的角色不能使用这项操作。")
            return operation(request, *args, **kwargs)

        return inner

    return outer


def once(operation: Callable[..., Any]) -> Callable[..., Any]:
    """With an Idempotency-Key, a repeated request gets the first answer and does nothing again."""

    @wraps(operation)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()[:100]
        if not key:
            return operation(request, *args, **kwargs)
        sent = b"" if request.content_type == "multipart/form-data" else request.body
        said = hashlib.sha256(request.method.encode() + request.path.encode() + b"\0" + sent).hexdigest()
        try:
            row, made = IdempotencyRecord.objects.get_or_create(
                user=request.user, key=key, defaults={"request_sha256": said}
            )
        except IntegrityError:
            row, made = IdempotencyRecord.objects.get(user=request.user, key=key), False
        if not made and row.request_sha256 != said:
            raise HttpError(422, "这个 Idempotency-Key 已用于另一个请求。")
        if not made and row.status == 0:
            raise HttpError(409, "同一请求正在处理，请稍后再试。")
        if not made:
            return Status(row.status, row.value)
        try:
            answer = operation(request, *args, **kwargs)
        except BaseException:
            row.delete()
            raise
        row.status = answer.status_code
        row.value = json.loads(answer.value.model_dump_json())
        row.save(update_fields=["status", "value"])
        return answer

    return inner
