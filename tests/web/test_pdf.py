"""Documents as PDF: only where a converter is, within limits, once for the same content."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from assist_review.web import pdf
from assist_review.web.pdf import ConversionError

SOFFICE = """#!/bin/sh
echo run >> {log}
while [ "$1" != "--outdir" ]; do case "$1" in -env:*) echo "$1" >> {log};; esac; shift; done
{body}
"""
GOOD = 'printf "%%PDF-1.7 made of " > "$2/source.pdf"; wc -c < "$3" >> "$2/source.pdf"'


@pytest.fixture
def converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a converter that does `body` on the path; returns the file it writes its calls to."""

    def inner(body: str) -> Path:
        log = tmp_path / "log"
        program = tmp_path / "bin" / "soffice"
        program.parent.mkdir(exist_ok=True)
        program.write_text(SOFFICE.format(log=log, body=body))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return log

    return inner


@pytest.fixture
def docx(tmp_path: Path) -> Path:
    path = tmp_path / "a.docx"
    path.write_bytes(b"twelve bytes")
    return path


def test_the_opinion_is_converted_once(
    reviewed: Any, sign_in: Callable[[str], Client], converter: Callable[[str], Path]
) -> None:
    log = converter(GOOD)
    client = sign_in("reviewer")
    number = reviewed.filing.number
    assert "reports/opinion-pdf" in client.get(f"/filings/{number}/").content.decode()
    for _ in range(2):
        answer = client.get(f"/filings/{number}/reports/opinion-pdf")
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert ".pdf" in answer["Content-Disposition"]
    lines = log.read_text().splitlines()
    assert lines.count("run") == 1
    assert "/profile" in lines[1]  # its own, in the temporary folder
    answer = client.get(f"/api/v1/filings/{number}/reports/opinion-pdf")
    assert answer.status_code == 200
    answer.close()
    assert client.get(f"/filings/{number}/reports/xlsx-pdf").status_code == 404


def test_there_is_no_button_without_a_converter(
    reviewed: Any, sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, docx: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    client = sign_in("reviewer")
    body = client.get(f"/filings/{reviewed.filing.number}/").content.decode()
    assert "reports/opinion" in body
    assert "-pdf" not in body
    assert client.get(f"/filings/{reviewed.filing.number}/reports/opinion-pdf").status_code == 404
    with pytest.raises(ConversionError, match="LibreOffice"):
        pdf.convert(docx, tmp_path / "a.pdf")


def test_a_slow_converter_is_stopped_with_all_it_started(
    docx: Path, tmp_path: Path, converter: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = tmp_path / "pid"
    converter(f"sleep 60 & echo $! > {pid}; wait")
    monkeypatch.setattr(pdf, "WALL_S", 1)
    with pytest.raises(ConversionError, match="超过1秒"):
        pdf.convert(docx, tmp_path / "a.pdf")
    for _ in range(100):
        with suppress(OSError):
            # A process that ended may wait for its parent to notice.
            state = Path(f"/proc/{pid.read_text().strip()}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                time.sleep(0.05)
                continue
        break
    else:
        raise AssertionError("the child of the converter still runs")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("body", ["exit 1", 'echo "<html>" > "$2/source.pdf"'], ids=["fails", "writes-something-else"])
def test_what_is_no_pdf_is_not_kept(
    docx: Path, tmp_path: Path, converter: Callable[[str], Path], reviewed: Any, sign_in: Callable[[str], Client], body: str
) -> None:  # fmt: skip
    converter(body)
    with pytest.raises(ConversionError, match="失败"):
        pdf.convert(docx, tmp_path / "a.pdf")
    answer = sign_in("reviewer").get(f"/filings/{reviewed.filing.number}/reports/notice-pdf", follow=True)
    assert "转换为 PDF 失败" in answer.content.decode()


def test_the_converter_is_not_given_our_keys(
    docx: Path, tmp_path: Path, converter: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_REVIEW_WEB_SECRET_KEY", "hidden")
    log = converter(f"env >> {tmp_path / 'log'}; {GOOD}")
    pdf.convert(docx, tmp_path / "a.pdf")
    assert "hidden" not in log.read_text()
