"""The one Django app of the site."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """`web`, with ids wide enough for the audit log."""

    name = "assist_review.web"
    label = "web"
    verbose_name = "备案审查"
    default_auto_field = "django.db.models.BigAutoField"
