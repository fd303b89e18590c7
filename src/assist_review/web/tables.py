"""Tables for download. A cell that a spreadsheet would take for a formula is made text."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

from assist_review.export.view import clean


def cell(value: object) -> str:
    """`value` as text no spreadsheet calculates."""
    text = "" if value is None else clean(str(value))
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def attached(response: Any, name: str) -> Any:
    """Makes `response` a download called `name`."""
    plain = name.encode("ascii", "ignore").decode() or "file"
    plain = plain.replace('"', "").replace("\\", "")
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV with a byte order mark, so that spreadsheets read Chinese."""

    def lines() -> Iterator[str]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        yield "\ufeff"
        for row in (head, *rows) if isinstance(rows, (list, tuple)) else _chain(head, rows):
            writer.writerow([cell(v) for v in row])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()

    return attached(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), name)


def _chain(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield head
    yield from rows


def json_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The same rows as a list of objects."""
    said = [dict(zip(head, row, strict=True)) for row in rows]
    text = json.dumps(said, ensure_ascii=False, default=str, indent=1)
    return attached(HttpResponse(text, content_type="application/json; charset=utf-8"), name)
