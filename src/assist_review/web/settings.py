"""Django settings: SQLite and plain HTTP on this machine by default, production by environment alone (docs/web.md)."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from assist_review.web.home import flag, home, key, option

HOME = home()
PRODUCTION = flag("PRODUCTION")
DEBUG = False
SECRET_KEY = key("secret")
AUDIT_KEY = key("audit")
ALLOWED_HOSTS = [h.strip() for h in option("HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",") if h.strip()]
CSRF_TRUSTED_ORIGINS = [o.strip() for o in option("ORIGINS").split(",") if o.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_q",
    "ninja",
    "assist_review.web",
]
MIDDLEWARE = [
    "assist_review.web.middleware.logged",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "assist_review.web.middleware.guarded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "assist_review.web.middleware.spoken",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "assist_review.web.urls"
WSGI_APPLICATION = "assist_review.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "assist_review.web.pages.environment"},
    }
]


def database(url: str) -> dict[str, Any]:
    """The database of `url` (postgres://user:password@host:port/name?option=value), SQLite where it is empty."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "web.sqlite3",
            "CONN_MAX_AGE": 60,  # opening one costs more than most queries, and begins with an empty cache
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # WAL itself is switched on once, at migrate: several processes doing so at a time lock each other out.
                "init_command": "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000; PRAGMA mmap_size=268435456;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


DATABASES = {"default": database(option("DATABASE"))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "web.UserRecord"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

SESSION_COOKIE_AGE = int(option("SESSION_S", str(8 * 3600)))
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "assist_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "assist_review.web.views.errors.csrf"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = option("TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    if PRODUCTION
    else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# The take-over delay after a killed worker is `retry`; it must exceed `timeout`, which must exceed the longest task.
TASK_TIMEOUT_S = int(option("TASK_TIMEOUT_S", "600"))
Q_CLUSTER = {
    "name": "assist-review",
    "orm": "default",
    "workers": int(option("WORKERS", str(min(2, os.cpu_count() or 1)))),
    "timeout": TASK_TIMEOUT_S,
    "retry": TASK_TIMEOUT_S + int(option("RETRY_MARGIN_S", "30")),
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "poll": 0.3,
    "queue_limit": 2,
    "recycle": 200,
    "save_limit": 1000,
    "label": "worker",
}

# Reminders are sent by e-mail only where a host is named.
EMAIL_HOST = option("MAIL_HOST")
EMAIL_PORT = int(option("MAIL_PORT", "587"))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = option("MAIL_USER"), option("MAIL_PASSWORD")
EMAIL_USE_SSL = flag("MAIL_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = not EMAIL_USE_SSL and flag("MAIL_TLS", EMAIL_PORT == 587)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = option("MAIL_FROM", EMAIL_HOST_USER or "assist-review@localhost")

PACK = option("PACK", "cn-genai")
MAX_FILE_BYTES = int(option("MAX_FILE_MB", "200")) * 1024**2
MAX_FILES = int(option("MAX_FILES", "200"))
SCANNER = option("SCANNER")  # a command that gets the path of each upload; a non-zero exit refuses it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "assist_review.web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": option("LOG_LEVEL", "INFO")},
    "loggers": {
        "django-q": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        "django.request": {"level": "CRITICAL"},  # `middleware.logged` says it once, with its request id
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
