"""Whether the site lives and can work, for a load balancer, and a few numbers for those who watch it."""

import os
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from assist_review.web.models import JobRecord


def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Database reachable and migrated, store writable; 503 with the failing part otherwise."""
    parts = {}
    try:
        executor = MigrationExecutor(connection)
        parts["database"] = "ok"
        parts["migrations"] = "ok" if not executor.migration_plan(executor.loader.graph.leaf_nodes()) else "pending"
    except DatabaseError as error:
        parts["database"] = type(error).__name__
    parts["store"] = "ok" if os.access(settings.HOME, os.W_OK) else "not writable"
    good = all(value == "ok" for value in parts.values())
    return JsonResponse({"status": "ok" if good else "failing", **parts}, status=200 if good else 503)


def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Queue length, and jobs by state of the last day."""
    from django_q.models import OrmQ

    day = timezone.now() - timedelta(days=1)
    states = {
        s: JobRecord.objects.filter(asked_at__gte=day, state=s).count() for s in ("queued", "running", "done", "failed")
    }
    return JsonResponse({"queue": OrmQ.objects.count(), "jobs": states})
