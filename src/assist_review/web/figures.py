"""The numbers of the dashboard."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from assist_review.web.kappa import kappa
from assist_review.web.models import DecisionRecord, FilingRecord, FindingRecord, TransitionRecord
from assist_review.web.states import LABELS, State, number

_PROBLEMS = ("fatal", "major", "minor")


def dashboard() -> dict[str, Any]:
    """Everything the dashboard shows."""
    submitted = FilingRecord.objects.filter(submitted_at__isnull=False)
    waiting = submitted.filter(finished_at__isnull=True)
    return {
        "totals": {
            "submitted": submitted.count(), "open": waiting.count(), "free": waiting.filter(assignee__isnull=True).count(),
            "over": waiting.filter(due__lt=timezone.localdate()).count(), "finished": submitted.filter(finished_at__isnull=False).count(),
        },
        "inflow": _inflow(), "ages": _ages(), "states": _states(), "grades": _grades(),
        "themes": _top("theme"), "sectors": _of_filing("sector"), "provinces": _of_filing("province"),
        "requirements": requirements()[:12], "stages": _stages(), "kappas": kappas()[:10],
    }  # fmt: skip


def _inflow() -> list[tuple[str, int]]:
    first = timezone.localdate() - timedelta(weeks=11)
    first -= timedelta(days=first.weekday())
    rows = (
        FilingRecord.objects.filter(submitted_at__date__gte=first).annotate(week=TruncWeek("submitted_at"))
        .values("week").annotate(n=Count("id"))
    )  # fmt: skip
    found = {timezone.localtime(r["week"]).date(): r["n"] for r in rows}
    weeks = [first + timedelta(weeks=n) for n in range(12)]
    return [(f"{w.month}/{w.day}", found.get(w, 0)) for w in weeks]


def _ages() -> list[tuple[str, int]]:
    now = timezone.now()
    edges = (("0–3天", 0, 3), ("4–7天", 3, 7), ("8–14天", 7, 14), ("15–30天", 14, 30), ("30天以上", 30, 10_000))
    rows = FilingRecord.objects.filter(submitted_at__isnull=False, finished_at__isnull=True)
    said = {
        label: Count(
            "id", filter=Q(state_since__lte=now - timedelta(days=low), state_since__gt=now - timedelta(days=high))
        )
        for label, low, high in edges
    }
    counts = rows.aggregate(**{f"b{n}": said[label] for n, (label, _, _) in enumerate(edges)})
    return [(label, counts[f"b{n}"]) for n, (label, _, _) in enumerate(edges)]


def _states() -> list[tuple[str, int]]:
    rows = dict(
        FilingRecord.objects.filter(submitted_at__isnull=False).order_by().values_list("state").annotate(n=Count("id"))
    )
    return [(LABELS[s], rows[s]) for s in sorted((State(s) for s in rows), key=number)]


def _grades() -> list[tuple[str, int]]:
    rows = dict(
        FilingRecord.objects.filter(submitted_at__isnull=False).order_by().values_list("grade").annotate(n=Count("id"))
    )
    return [
        (label, rows.get(name, 0))
        for name, label in (("ready", "建议通过"), ("supplement", "补正后再审"), ("return", "退回"))
    ]


def _latest() -> Any:
    return FindingRecord.objects.filter(review__package__kind="submission", group__in=_PROBLEMS).exclude(
        state="dismissed"
    )


def _top(field: str) -> list[tuple[str, int]]:
    rows = _latest().order_by().values_list(field).annotate(n=Count("id")).order_by("-n")[:8]
    return [(name or "—", n) for name, n in rows]


def _of_filing(field: str) -> list[tuple[str, int]]:
    rows = _latest().order_by().values_list(f"review__filing__{field}").annotate(n=Count("id")).order_by("-n")[:8]
    return [(name or "未填", n) for name, n in rows]


def requirements() -> list[dict[str, Any]]:
    """Confirmed, amended and dismissed per requirement, the noisiest (most often dismissed) first."""
    rows = (
        DecisionRecord.objects.filter(reader="first").exclude(action="reopen").order_by().values("requirement")
        .annotate(
            confirm=Count("id", filter=Q(action="confirm")), amend=Count("id", filter=Q(action="amend")),
            dismiss=Count("id", filter=Q(action="dismiss")), n=Count("id"),
        )
    )  # fmt: skip
    return sorted(({**r, "rate": r["dismiss"] / r["n"]} for r in rows), key=lambda r: (-r["rate"], -r["n"]))


def _stages() -> list[tuple[str, float]]:
    """Mean days spent in each state that was left."""
    spent: dict[str, list[float]] = defaultdict(list)
    last: dict[int, Any] = {}
    rows = TransitionRecord.objects.order_by("filing_id", "id").values_list("filing_id", "source", "at")
    for filing, source, at in rows.iterator(chunk_size=5000):
        if filing in last:
            spent[source].append((at - last[filing]).total_seconds() / 86400)
        last[filing] = at
    means = [(LABELS[State(s)], sum(d) / len(d)) for s, d in sorted(spent.items(), key=lambda each: number(each[0]))]
    return [(label, mean) for label, mean in means if mean >= 0.01]


def kappas() -> list[dict[str, Any]]:
    """Agreement of the two readers per requirement, where both decided."""
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = (
        FindingRecord.objects.filter(review__second_done_at__isnull=False)
        .exclude(state="open")
        .exclude(second_state="open")
    )
    for requirement, first, second in rows.order_by().values_list("requirement", "state", "second_state"):
        pairs[requirement].append((first, second))
    found = [
        {"requirement": r, "n": len(p), "same": sum(a == b for a, b in p), "kappa": kappa(p)} for r, p in pairs.items()
    ]
    return sorted(found, key=lambda each: (each["kappa"], -each["n"]))
