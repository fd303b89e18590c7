"""The WSGI entry point: `gunicorn --preload assist_review.web.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist_review.web.settings")
application = get_wsgi_application()


def _warm() -> None:
    """Loads what every process needs, before the processes part: pack, addresses and templates.

    They share it afterwards, and collecting garbage no longer goes through it.
    """
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import reverse

    from assist_review.web import rules
    from assist_review.web.pages import templates

    rules.choices()
    reverse("queue")
    for name in templates():
        get_template(name)
    connections.close_all()
    gc.collect()
    gc.freeze()


_warm()
