"""Response times of the site under load on this machine: 20 people at once, 10,000 filings, a desk with 300 findings.

    python benchmarks/web_load.py [seconds per page]

Starts a site of its own on the loopback address, fills its database, asks, prints one line of JSON per page, stops.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

USERS, FILINGS, FINDINGS, PAGES = 20, 10_000, 300, 120
ROOT = Path(__file__).resolve().parents[1]


def _fill() -> str:
    """The database; returns the number of the filing with the large desk."""
    from django.utils import timezone

    from assist_review.compare import compare  # noqa: F401
    from assist_review.web import rules
    from assist_review.web.jobs import finding_rows
    from assist_review.web.models import (
        DocumentRecord,
        FilingRecord,
        FindingRecord,
        OrganisationRecord,
        PackageRecord,
        ReviewRecord,
        UserRecord,
    )

    sys.path.insert(0, str(ROOT / "tests"))
    from export_sample import pack as small
    from export_sample import review as sample

    applicant, reviewer = UserRecord.objects.get(username="applicant"), UserRecord.objects.get(username="reviewer")
    companies = [
        OrganisationRecord.objects.get_or_create(name=f"第{n}号人工智能科技股份有限公司", kind="applicant")[0]
        for n in range(200)
    ]
    now, grades, states = timezone.now(), ("ready", "supplement", "return", ""), ("S4", "S5", "S6", "S7", "S8")
    FilingRecord.objects.bulk_create(
        [
            FilingRecord(
                number=f"SL20261124-{n:06d}", organisation=companies[n % 200], created_by=applicant, name=f"示例对话大模型{n}号",
                route="filing" if n % 3 else "registration", province=rules.PROVINCES[n % 31], sector=("通用", "医疗", "金融")[n % 3],
                state=states[n % 5], state_since=now - timedelta(days=n % 40), due=(now + timedelta(days=n % 30 - 5)).date(),
                submitted_at=now - timedelta(days=n % 90), assignee=reviewer if n % 4 == 0 else None, grade=grades[n % 4],
                counts={"fatal": n % 4, "major": n % 9, "minor": n % 13, "unclear": n % 5},
            )
            for n in range(FILINGS)
        ],
        batch_size=500,
    )  # fmt: skip
    filing = FilingRecord.objects.get(number="SL20261124-000003")
    draft = sample()
    base = next(f for f in draft.findings if f.evidence and f.verdict == "non_compliant")
    ids = [r.id for r in rules.pack().requirements]
    many = tuple(
        base.model_copy(
            update={"id": f"{n:012x}", "requirement": ids[n % len(ids)], "statement": f"{base.statement}（第{n}处）"}
        )
        for n in range(FINDINGS)
    )
    review = draft.model_copy(update={"findings": many})
    assert small()
    package = PackageRecord.objects.create(
        filing=filing, kind="submission", sha256="0" * 64, value=[], made_by=applicant
    )
    row = ReviewRecord.objects.create(
        filing=filing,
        package=package,
        pack_sha256="0" * 64,
        value=review.model_dump(mode="json", by_alias=True),
        grade="return",
    )
    FindingRecord.objects.bulk_create(finding_rows(row, review), batch_size=200)
    _document(review, DocumentRecord)
    return filing.number


def _document(review: Any, rows: Any) -> None:
    """A report of 120 pages under the first PDF of the review."""
    from assist_review.filing import Block, Document, Place
    from assist_review.web import store

    file = next(f for f in review.filing.files if f.file.endswith(".pdf") and f.sha256)
    blocks = tuple(
        Block(
            id=f"b{n}",
            kind="paragraph",
            text=f"第{n}段。" + "本服务对输入和输出均进行安全审核，" * 6,
            order=n,
            place=Place(page=n // 20 + 1, paragraph=n + 1),
        )
        for n in range(PAGES * 20)
    )
    store.keep(
        Document(file=file.file, sha256=file.sha256, size_bytes=1, format="pdf", pages=PAGES, blocks=blocks), "pdf"
    )
    rows.objects.filter(sha256=file.sha256).update(pages=[[595.3, 841.9]] * PAGES)
    os.environ["LOAD_FILE"] = file.file


def _ask(base: str, cookie: str, addresses: list[str], seconds: float, times: list[float], wrong: list[int]) -> None:
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        started = time.perf_counter()
        request = urllib.request.Request(base + addresses[n % len(addresses)], headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()
            if answer.status != 200 or "/login" in answer.url:
                wrong.append(answer.status)
        times.append((time.perf_counter() - started) * 1000)
        n += 1


def main() -> None:
    """The measurement."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory(prefix="web-load-") as folder:
        os.environ |= {
            "ASSIST_REVIEW_WEB_DATA": folder,
            "ASSIST_REVIEW_WEB_EXAMPLES": "0",
            "ASSIST_REVIEW_WEB_LOG_LEVEL": "ERROR",
        }
        from assist_review.web.serve import _server, prepare, set_up

        set_up()
        prepare(demo=True)
        number = _fill()
        from urllib.parse import quote

        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from assist_review.web.models import UserRecord

        user = UserRecord.objects.get(username="reviewer")
        session = SessionStore()
        session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                HASH_SESSION_KEY: user.get_session_auth_hash(),
            }
        )
        session.save()
        port = 18923
        server = subprocess.Popen(_server("127.0.0.1", port, 2), stderr=subprocess.DEVNULL)
        base, cookie = f"http://127.0.0.1:{port}", f"assist_session={session.session_key}"
        try:
            for _ in range(60):
                try:
                    urllib.request.urlopen(base + "/health/live", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.5)
            file = quote(os.environ["LOAD_FILE"])
            pages = {
                "queue, 10,000 filings": [
                    "/queue",
                    "/queue?q=999",
                    "/queue?province=四川&sort=new".replace("四川", quote("四川")),
                    "/queue?grade=return&page=7",
                ],
                "desk, 300 findings": [f"/desk/{number}/"],
                "finding card": [f"/desk/{number}/findings/{n:012x}" for n in range(50)],
                "document, 120 pages": [f"/desk/{number}/document?file={file}"],
            }
            for name, addresses in pages.items():
                times: list[float] = []
                wrong: list[int] = []
                _ask(base, cookie, addresses, 1.5, [], wrong)
                people = [
                    threading.Thread(target=_ask, args=(base, cookie, addresses, seconds, times, wrong))
                    for _ in range(USERS)
                ]
                for person in people:
                    person.start()
                for person in people:
                    person.join()
                times.sort()
                alone: list[float] = []
                _ask(base, cookie, addresses, 2, alone, wrong)
                alone.sort()
                said = {
                    "page": name, "users": USERS, "requests": len(times), "per_s": round(len(times) / seconds, 1), "p50_ms": round(times[len(times) // 2]),
                    "p95_ms": round(times[int(len(times) * 0.95)]), "alone_p50_ms": round(alone[len(alone) // 2]), "wrong": len(wrong),
                    "load_average": round(os.getloadavg()[0], 1),
                }  # fmt: skip
                print(json.dumps(said, ensure_ascii=False), flush=True)
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
