"""Response times of the site under load on this machine: 20 people at once, 10,000 filings, a desk with 300 findings.

    python benchmarks/web_load.py [seconds per line] [users] [processes]

Starts a site of its own on the loopback address with the command `serve` uses, fills its database, asks, prints one line
of JSON per page, stops. Each person is signed in with a session of their own and keeps one connection open, as browsers do.

`think_s` is what a person waits between an answer and the next request. At 0 every person has a request in flight all
the time: 20 of them ask more often than some hundreds of readers would. The lines with a pause are named for it.
`server_ms` is CPU time of the server for each request and `client_ms` that of this program, which asks from the same
cores; `other` is how many cores other programs kept busy meanwhile: with a core lost, times say little about the site.
"""

import gc
import heapq
import json
import os
import random
import selectors
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

FILINGS, FINDINGS, PAGES, PORT = 10_000, 300, 120, 18923
ROOT = Path(__file__).resolve().parents[1]
SEED, TICKS = 20261124, os.sysconf("SC_CLK_TCK")
Request = tuple[str, str, str]  # method, address, body


def _fill() -> str:
    """The database; returns the number of the filing with the large desk."""
    from django.utils import timezone

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
    from export_sample import review as sample

    applicant, reviewer = UserRecord.objects.get(username="applicant"), UserRecord.objects.get(username="reviewer")
    companies = [
        OrganisationRecord.objects.get_or_create(name=f"第{n}号人工智能科技股份有限公司", kind="applicant")[0]
        for n in range(200)
    ]
    now, grades, states = timezone.now(), ("ready", "supplement", "return", ""), ("S4", "S5", "S6", "S7", "S8")
    text = "本服务面向境内公众提供对话，输入和输出均经过安全审核，语料来自开源、采购和自有数据。" * 6
    value = dict.fromkeys(
        ("service_type", "data_source", "processing_method", "application_scene", "technical_scheme"), text
    )
    FilingRecord.objects.bulk_create(
        [
            FilingRecord(
                number=f"SL20261124-{n:06d}", organisation=companies[n % 200], created_by=applicant, name=f"示例对话大模型{n}号",
                route="filing" if n % 3 else "registration", province=rules.PROVINCES[n % 31], sector=("通用", "医疗", "金融")[n % 3],
                state=states[n % 5], state_since=now - timedelta(days=n % 40), due=(now + timedelta(days=n % 30 - 5)).date(),
                submitted_at=now - timedelta(days=n % 90), assignee=reviewer if n % 4 == 0 else None, grade=grades[n % 4],
                counts={"fatal": n % 4, "major": n % 9, "minor": n % 13, "unclear": n % 5}, value=value,
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


def _sign_in(people: int) -> list[str]:
    """A cookie header of each of so many reviewers."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from assist_review.web.models import OrganisationRecord, UserRecord

    office = OrganisationRecord.objects.filter(kind="office").first()
    cookies = []
    for n in range(people):
        user = UserRecord.objects.create(
            username=f"load{n}", first_name=f"审查人{n}", role="reviewer", organisation=office
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(f"assist_session={session.session_key}; csrftoken={TOKEN}")
    return cookies


TOKEN = "k" * 32


@dataclass
class Person:
    """One signed-in person: what is asked next, the connection, and what of the answer has come."""

    cookie: str
    asks: Iterator[Request]
    made: socket.socket | None = None
    asked: Request = ("GET", "/", "")
    started: float = 0.0
    came: bytearray = field(default_factory=bytearray)

    def ask(self, watch: selectors.BaseSelector) -> None:
        """Sends the next request."""
        self.asked = method, address, body = next(self.asks)
        said = f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {self.cookie}\r\n"
        if method == "POST":
            said += f"X-CSRFToken: {TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.came.clear()
        self.started = time.perf_counter()
        if self.made is None:
            self.made = socket.create_connection(("127.0.0.1", PORT))
            self.made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            watch.register(self.made, selectors.EVENT_READ, self)
        self.made.sendall(f"{said}\r\n{body}".encode())

    def hear(self, watch: selectors.BaseSelector) -> int | None:
        """Takes what has come; the status once the answer is whole, 0 where the connection broke first."""
        assert self.made is not None
        part = self.made.recv(1 << 18)
        self.came += part
        end = self.came.find(b"\r\n\r\n")
        head = bytes(self.came[:end]).lower() if end >= 0 else b""
        whole = end >= 0 and len(self.came) >= end + 4 + int(
            head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0
        )
        if not part or (whole and b"connection: close" in head):
            watch.unregister(self.made)
            self.made.close()
            self.made = None
        return int(head[9:12]) if whole else None if part else 0


def _run(people: list[Person], seconds: float, think_s: float) -> tuple[list[tuple[float, Request]], int]:
    """Lets them ask for so long; the times in ms with what was asked, and how many answers were not what was wanted."""
    times: list[tuple[float, Request]] = []
    wrong, chance = 0, random.Random(SEED)
    end = time.perf_counter() + seconds
    waiting = [(time.perf_counter() + chance.random() * think_s, n) for n in range(len(people))]
    heapq.heapify(waiting)
    busy: set[int] = set()
    index = {id(person): n for n, person in enumerate(people)}
    with selectors.DefaultSelector() as watch:
        for person in people:
            person.made = None
        while busy or time.perf_counter() < end:
            while waiting and waiting[0][0] <= time.perf_counter() < end:
                n = heapq.heappop(waiting)[1]
                people[n].ask(watch)
                busy.add(n)
            now = time.perf_counter()
            pause = max(0.0, min(waiting[0][0] - now, end - now)) if waiting and now < end else 0.5
            for key, _ in watch.select(pause):
                person = key.data
                n = index[id(person)]
                status = person.hear(watch)
                if status is None or n not in busy:
                    continue
                now = time.perf_counter()
                busy.discard(n)
                times.append(((now - person.started) * 1000, person.asked))
                wrong += status != 200
                heapq.heappush(waiting, (now + think_s * chance.uniform(0.5, 1.5), n))
        for person in people:
            if person.made is not None:
                person.made.close()
    return times, wrong


def _cpu(parent: int) -> float:
    """CPU seconds of the server: the process and its children, those that have ended included."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            parts = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(folder.name) == parent:
                total += sum(map(int, parts[11:15]))
            elif int(parts[1]) == parent:
                total += sum(map(int, parts[11:13]))
    return total / TICKS


def _busy() -> float:
    """CPU seconds the whole machine has worked."""
    parts = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return (sum(parts) - parts[3] - parts[4]) / TICKS


def _pages(number: str) -> dict[str, tuple[Callable[[random.Random], Iterator[Request]], float, str]]:
    """What is asked under which name, with which pause, and the start of the addresses whose times count."""
    file = quote(os.environ["LOAD_FILE"])

    def gets(*addresses: str) -> Callable[[random.Random], Iterator[Request]]:
        def inner(chance: random.Random) -> Iterator[Request]:
            while True:
                address = chance.choice(addresses)
                yield ("GET", address.replace("RANDOM", str(chance.randrange(1, 390))), "")

        return inner

    def deciding(chance: random.Random) -> Iterator[Request]:
        while True:
            finding = f"{chance.randrange(FINDINGS):012x}"
            yield ("POST", f"/desk/{number}/findings/{finding}/decision", "action=confirm")
            yield ("GET", f"/desk/{number}/", "")

    queue = gets(
        "/queue", "/queue?who=none", "/queue?page=RANDOM", "/queue?q=RANDOM", f"/queue?province={quote('四川')}&sort=new",
        "/queue?grade=return&page=7", "/queue?age=over", "/queue?state=S5&route=filing",
    )  # fmt: skip
    desk = gets(f"/desk/{number}/")
    cards = gets(*(f"/desk/{number}/findings/{n:012x}" for n in range(FINDINGS)))
    document = gets(f"/desk/{number}/document?file={file}")
    return {
        "queue, 10,000 filings": (queue, 0, "/queue"),
        "desk, 300 findings": (desk, 0, "/desk"),
        "desk, each visit after a decision": (deciding, 0, f"/desk/{number}/?"),
        "finding card": (cards, 0, "/desk"),
        "document, 120 pages": (document, 0, "/desk"),
        "queue, read for 5 s": (queue, 5, "/queue"),
        "desk, read for 5 s": (desk, 5, "/desk"),
    }


def _measure(name: str, cookies: list[str], number: str, server: int, seconds: float) -> dict[str, Any]:
    made, think_s, start = _pages(number)[name]
    people = [Person(cookie, made(random.Random(SEED + n))) for n, cookie in enumerate(cookies)]
    _run(people, 2, 0)  # both processes have seen the page
    alone, wrong = _run(people[:1], 2, 0)
    cpu, own, busy, began = _cpu(server), time.process_time(), _busy(), time.perf_counter()
    times, more = _run(people, seconds * (3 if think_s else 1), think_s)
    took = time.perf_counter() - began
    spent, mine = _cpu(server) - cpu, time.process_time() - own
    wanted = sorted(
        ms for ms, (_, address, _) in times if (address + "?").startswith(start) and "decision" not in address
    )
    single = sorted(ms for ms, (method, _, _) in alone if method == "GET")
    return {
        "page": name, "users": len(people), "think_s": think_s, "requests": len(times), "per_s": round(len(times) / took, 1),
        "p50_ms": round(wanted[len(wanted) // 2]), "p95_ms": round(wanted[int(len(wanted) * 0.95)]), "max_ms": round(wanted[-1]),
        "alone_p50_ms": round(single[len(single) // 2], 1), "server_ms": round(spent / len(times) * 1000, 1),
        "client_ms": round(mine / len(times) * 1000, 2), "other": round((_busy() - busy - spent - mine) / took, 1),
        "wrong": wrong + more,
    }  # fmt: skip


def main() -> None:
    """The measurement."""
    given = sys.argv[1:]
    seconds = float(given[0]) if given else 10
    users = int(given[1]) if len(given) > 1 else 20
    processes = int(given[2]) if len(given) > 2 else min(2, os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="web-load-") as folder:
        os.environ |= {
            "ASSIST_REVIEW_WEB_DATA": folder,
            "ASSIST_REVIEW_WEB_EXAMPLES": "0",
        }
        from assist_review.web.serve import _server, prepare, set_up

        set_up()
        prepare(demo=True)
        number, cookies = _fill(), _sign_in(users)
        gc.freeze()
        server = subprocess.Popen(_server("127.0.0.1", PORT, processes), stderr=subprocess.DEVNULL)
        try:
            for _ in range(60):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/live", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.5)
            for name in _pages(number):
                said = _measure(name, cookies, number, server.pid, seconds)
                print(json.dumps(said, ensure_ascii=False), flush=True)
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
