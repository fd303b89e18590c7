"""How often something may be tried, counted in the database so that all processes count together."""

import time

from django.db import transaction
from django.db.models import F

from assist_review.web.models import ThrottleRecord


def over(key: str, most: int, window_s: int) -> bool:
    """Counts one try of `key`; whether there were more than `most` in this window."""
    window = int(time.time()) // window_s
    with transaction.atomic():
        row, _ = ThrottleRecord.objects.get_or_create(key=key[:120], window=window)
        ThrottleRecord.objects.filter(pk=row.pk).update(count=F("count") + 1)
    if row.count == 0:
        ThrottleRecord.objects.filter(key=key[:120], window__lt=window - 1).delete()
    return row.count + 1 > most


def clear(key: str) -> None:
    """Forgets the tries of `key`."""
    ThrottleRecord.objects.filter(key=key[:120]).delete()
