"""Signing in and out, the own account, the language."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate, password_validation, update_session_auth_hash
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from assist_review.web import audit, throttle
from assist_review.web.models import TokenRecord, UserRecord
from assist_review.web.pages import page, t, tell
from assist_review.web.states import Person

TRIES, WINDOW_S = 8, 900
HOMES = {
    Person.APPLICANT: "mine", Person.REVIEWER: "queue", Person.SECOND: "queue", Person.LEAD: "dashboard",
    Person.ADMIN: "users", Person.AUDITOR: "audit",
}  # fmt: skip


def home(request: HttpRequest) -> HttpResponse:
    """Where each role begins."""
    return redirect(HOMES[Person(request.user.role)] if request.user.is_authenticated else "login")


def login(request: HttpRequest) -> HttpResponse:
    """The form; too many wrong passwords for a name or an address close it for a while."""
    if request.user.is_authenticated:
        return redirect("home")
    problem, username = "", ""
    after = request.GET.get("next", "") or request.POST.get("next", "")
    if request.method == "POST":
        username = request.POST.get("username", "").strip()[:150]
        keys = (f"login:{username.lower()}", f"address:{request.META.get('REMOTE_ADDR', '')}")
        if throttle.over(keys[0], TRIES, WINDOW_S) | throttle.over(keys[1], TRIES * 10, WINDOW_S):
            audit.note(None, "login.throttled", username)
            problem = t("尝试次数过多，请 15 分钟后再试。")
        else:
            user = authenticate(request, username=username, password=request.POST.get("password", ""))
            if user is not None:
                sign_in(request, user)
                throttle.clear(keys[0])
                audit.note(user, "login", username)
                safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
                return redirect(after if safe and after else "home")
            audit.note(None, "login.failed", username)
            problem = t("用户名或密码不正确。")
    from assist_review.web.demo import PASSWORD, PEOPLE

    demo = [] if settings.PRODUCTION else [p for p in PEOPLE if UserRecord.objects.filter(username=p[0]).exists()]
    said = {"problem": problem, "username": username, "next": after, "demo": demo, "demo_password": PASSWORD}
    return page(request, "login.html", said, status=429 if "15" in problem else 200)


def logout(request: HttpRequest) -> HttpResponse:
    """Out."""
    audit.note(request.user, "logout", request.user.username)
    sign_out(request)
    return redirect("login")


def account(request: HttpRequest) -> HttpResponse:
    """Password, language, keyboard, tokens."""
    user = request.user
    problem = ""
    if request.method == "POST":
        if "password" in request.POST:
            problem = _password(request)
        elif "email" in request.POST:
            problem = _email(request)
        else:
            user.keys_off = "keys_off" in request.POST
            user.save(update_fields=["keys_off"])
            tell(request, t("已保存。"))
        if not problem:
            return redirect("account")
    tokens = user.tokens.order_by("-id")
    fresh = request.session.pop("fresh_token", "")
    return page(
        request,
        "account.html",
        {
            "tokens": tokens,
            "fresh": fresh,
            "problem": problem,
            "now": timezone.now(),
            "mails": bool(settings.EMAIL_HOST),
        },
    )


def reminders(request: HttpRequest) -> HttpResponse:
    """The time limits and terms that concern this person, as a part the queue asks for once it stands."""
    return page(request, "reminders.html")


def _email(request: HttpRequest) -> str:
    """Where reminders are sent; empty for nowhere."""
    address = request.POST["email"].strip()
    try:
        if address:
            validate_email(address)
    except ValidationError:
        return t("邮箱地址无效。")
    request.user.email = address
    request.user.save(update_fields=["email"])
    audit.note(request.user, "email.changed", request.user.username)
    tell(request, t("已保存。"))
    return ""


def _password(request: HttpRequest) -> str:
    user, new = request.user, request.POST.get("password", "")
    if not user.check_password(request.POST.get("old", "")):
        return t("原密码不正确。")
    try:
        password_validation.validate_password(new, user)
    except ValidationError as error:
        return " ".join(error.messages)
    user.set_password(new)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    audit.note(user, "password.changed", user.username)
    tell(request, t("密码已更改。"))
    return ""


def new_token(user: UserRecord, name: str, days: int = 90) -> str:
    """A token for the interface; it is shown once, only its hash is kept."""
    text = f"ar_{secrets.token_urlsafe(32)}"
    TokenRecord.objects.create(
        user=user, name=name[:60] or "API", sha256=hashlib.sha256(text.encode()).hexdigest(),
        expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    audit.note(user, "token.made", user.username, name=name)
    return text


def token(request: HttpRequest) -> HttpResponse:
    """Makes or withdraws a token."""
    if withdrawn := request.POST.get("withdraw"):
        request.user.tokens.filter(pk=withdrawn if withdrawn.isdigit() else 0).delete()
        audit.note(request.user, "token.withdrawn", request.user.username)
    else:
        request.session["fresh_token"] = new_token(request.user, request.POST.get("name", "").strip())
    return redirect("account")


def language(request: HttpRequest) -> HttpResponse:
    """Switches between Chinese and English, here and in the account."""
    chosen = "en" if request.POST.get("language") == "en" else "zh-hans"
    after = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
    response = redirect(after if safe else "home")
    response.set_cookie(
        "language", chosen, max_age=365 * 86400, httponly=True, samesite="Lax", secure=settings.PRODUCTION
    )
    if request.user.is_authenticated:
        UserRecord.objects.filter(pk=request.user.pk).update(language=chosen)
    return response
