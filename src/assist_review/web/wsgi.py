"""The WSGI entry point: `gunicorn assist_review.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist_review.web.settings")
application = get_wsgi_application()
