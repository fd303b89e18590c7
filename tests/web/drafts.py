"""What several tests fill in and keep."""

from typing import Any

TEXTS = {
    "name": "云语大模型", "route": "filing", "province": "浙江", "sector": "通用", "service_type": "对话",
    "data_source": "开源语料", "processing_method": "清洗、标注", "application_scene": "个人用户", "technical_scheme": "自建",
}  # fmt: skip


def store_review(jobs: Any, rows: Any, filing: Any, review: Any) -> Any:
    """Keeps `review` as the draft of the filing's newest package, as the worker does."""
    package = filing.packages.last()
    jobs._store(package.jobs.last(), package, review, review.pack.sha256)
    return rows.objects.get(package=package)
