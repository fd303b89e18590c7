"""The verb `export`: a review as files for programs and for people."""

from pathlib import Path
from typing import Protocol

from assist_review.errors import ExportError
from assist_review.export import docx_notice, docx_opinion, html, json, xlsx
from assist_review.export.words import Audience
from assist_review.law.overlay import as_reviewed
from assist_review.regulation import Pack
from assist_review.review import Review


class Exporter(Protocol):
    """Writes one file into an existing folder and returns its path."""

    def __call__(self, review: Review, pack: Pack, folder: Path, *, audience: Audience) -> Path:
        """Some exports are the same for every audience and only take it for the common signature."""
        ...


EXPORTERS: dict[str, Exporter] = {
    "json": json.export,
    "html": html.export,
    "opinion": docx_opinion.export,
    "notice": docx_notice.export,
    "xlsx": xlsx.export,
}


def export(
    review: Review, pack: Pack, folder: Path, *formats: str, audience: Audience = "reviewer"
) -> tuple[Path, ...]:
    """Writes the review in each of `formats` (all of them where none is named) and returns the paths.

    Raises ExportError for an unknown format and for a folder that cannot be written.
    """
    unknown = [f for f in formats if f not in EXPORTERS]
    if unknown:
        raise ExportError(f"没有这种导出格式：{'、'.join(unknown)}。可用：{'、'.join(EXPORTERS)}。")
    pack = as_reviewed(pack, review.pack.overlays)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(EXPORTERS[f](review, pack, folder, audience=audience) for f in formats or EXPORTERS)
    except OSError as error:
        raise ExportError(f"无法写入 {folder}：{error.strerror or error}。请检查权限和磁盘空间。") from error
