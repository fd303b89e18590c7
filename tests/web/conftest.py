"""A site of its own for the tests: a database in memory, files in a temporary folder, a small sample review."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_DATA = tempfile.mkdtemp(prefix="assist-review-web-")
os.environ |= {
    "ASSIST_REVIEW_WEB_DATA": _DATA,
    "ASSIST_REVIEW_WEB_LOG_LEVEL": "ERROR",
    "DJANGO_SETTINGS_MODULE": "assist_review.web.settings",
}
for _name in ("ASSIST_REVIEW_WEB_PRODUCTION", "ASSIST_REVIEW_WEB_DATABASE"):
    os.environ.pop(_name, None)

django = pytest.importorskip("django", reason="the web extra is not installed")
django.setup()

from django.db import transaction  # noqa: E402
from django.test import Client, TestCase  # noqa: E402
from django.test.utils import (  # noqa: E402
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)
from drafts import TEXTS, store_review  # noqa: E402

from export_sample import pack as sample_pack  # noqa: E402
from export_sample import review as sample_review  # noqa: E402


@pytest.fixture(scope="session")
def _database() -> Iterator[None]:
    setup_test_environment()
    config = setup_databases(0, interactive=False)
    yield
    teardown_databases(config, 0)
    teardown_test_environment()
    shutil.rmtree(_DATA, ignore_errors=True)


@pytest.fixture
def db(_database: None) -> Iterator[None]:
    """The database, as it was before once the test ends."""
    from assist_review.web import options

    options._RECENT.clear()
    atomic = transaction.atomic()
    atomic.__enter__()
    yield
    transaction.set_rollback(True)
    atomic.__exit__(None, None, None)


@pytest.fixture
def committed() -> Callable[[], Any]:
    """A context that does at its end what a commit would do."""
    return lambda: TestCase.captureOnCommitCallbacks(execute=True)


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """The demo accounts by user name."""
    from assist_review.web import demo
    from assist_review.web.models import OrganisationRecord, UserRecord

    for username, name, role, company in demo.PEOPLE:
        organisation, _ = OrganisationRecord.objects.get_or_create(
            name=company, defaults={"kind": "applicant" if role == "applicant" else "office"}
        )
        UserRecord.objects.create(username=username, first_name=name, role=role, organisation=organisation)
    return {u.username: u for u in UserRecord.objects.select_related("organisation")}


@pytest.fixture
def sign_in(people: dict[str, Any]) -> Callable[[str], Client]:
    """A browser in which somebody is signed in."""

    def inner(username: str) -> Client:
        client = Client()
        client.force_login(people[username])
        return client

    return inner


@pytest.fixture
def small_pack(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pack the sample review was made with."""
    from assist_review.web import rules

    pack = sample_pack()
    monkeypatch.setattr(rules, "pack", lambda: pack)
    rules.theme_of.cache_clear()
    rules.expected.cache_clear()
    yield pack
    rules.theme_of.cache_clear()
    rules.expected.cache_clear()


@pytest.fixture
def filing(people: dict[str, Any], small_pack: Any) -> Any:
    """A draft with one file."""
    from assist_review.web import filings

    row = filings.begin(
        people["applicant"], name=TEXTS["name"], route="filing", province="浙江", sector="通用", value=dict(TEXTS)
    )
    filings.upload(row, people["applicant"], "自评估报告.docx", [b"not read in these tests"])
    return row


@pytest.fixture
def reviewed(filing: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The filing handed in, received, and its draft review made: the row of the review."""
    from assist_review.web import filings, jobs
    from assist_review.web.models import FilingRecord, ReviewRecord

    monkeypatch.setattr("secrets.randbelow", lambda n: n - 1)  # not drawn for a second reader
    FilingRecord.objects.filter(pk=filing.pk).update(state="S3")
    filings.step(filing, people["applicant"], "submit")
    filings.step(filing, people["reviewer"], "receive")
    return store_review(jobs, ReviewRecord, FilingRecord.objects.get(pk=filing.pk), sample_review())


@pytest.fixture
def settings_of() -> Iterator[Callable[..., None]]:
    """Settings of the site, changed for one test."""
    from django.test import override_settings

    changed: list[Any] = []

    def inner(**values: Any) -> None:
        override = override_settings(**values)
        override.enable()
        changed.append(override)

    yield inner
    for override in reversed(changed):
        override.disable()


@pytest.fixture
def examples() -> Path:
    """The example packages."""
    return Path(__file__).parents[2] / "eval" / "cases"
