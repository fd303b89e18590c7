"""What keeps the large pages quick says the same as what it stands for."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

DAY = timedelta(days=1)


def _queries(client: Any, address: str) -> int:
    seen: list[str] = []

    def count(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return run(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.fixture
def many(filing: Any, people: dict[str, Any]) -> None:
    """Twelve submitted filings: some claimed, some over their limit, one finished."""
    from assist_review.web.models import FilingRecord

    now = timezone.now()
    FilingRecord.objects.bulk_create(
        FilingRecord(
            number=f"SL20261124-Q{n}", organisation=filing.organisation, created_by=people["applicant"], name=f"模型{n}号",
            route="filing", province="浙江", state="S5", submitted_at=now - n * DAY, due=(now + (n - 3) * DAY).date(),
            assignee=people["reviewer"] if n % 3 == 0 else None, second_reader=people["second"] if n % 4 == 0 else None,
            wants_second=n % 4 == 0, grade="return", counts={"fatal": n}, finished_at=now if n == 11 else None,
        )
        for n in range(12)
    )  # fmt: skip


@pytest.mark.parametrize(
    "query", ["", "who=me", "who=none", "age=over", "state=open", "sort=new", "state=S5", "q=模型1"]
)
def test_total_of_a_tab_is_what_counting_gives(many: None, people: dict[str, Any], sign_in: Any, query: str) -> None:
    """The tabs' totals stand for the count of the list where the filters are a tab's."""
    from assist_review.web.views import queue

    filters = dict.fromkeys(queue.FILTERS, "") | dict(pair.split("=") for pair in query.split("&") if pair)
    counted = queue.found(people["reviewer"], filters).count()
    text = sign_in("reviewer").get(f"/queue?{query}").content.decode()
    assert text.count('<td class="what">') == counted > 0


def test_pages_of_the_queue_hold_each_filing_once(many: None, people: dict[str, Any]) -> None:
    """Every order is a full one, so that no filing falls between two pages."""
    from assist_review.web.views import queue

    for sort in queue.SORTS:
        rows = queue.found(people["reviewer"], dict.fromkeys(queue.FILTERS, "") | {"sort": sort})
        assert list(queue.shown(rows, "1", None)) == list(rows.values_list("pk", flat=True))
        assert len(set(rows)) == rows.count() == 11


@pytest.mark.parametrize("who", ["reviewer", "lead"])
def test_queue_asks_as_often_for_many_filings_as_for_one(many: None, sign_in: Any, who: str) -> None:
    """Nothing is read for a single row."""
    client = sign_in(who)
    client.get("/queue")
    assert _queries(client, "/queue") <= _queries(client, "/queue?q=模型10号") <= 9


def test_row_of_the_queue_follows_every_change(many: None, people: dict[str, Any], sign_in: Any) -> None:
    """Rows are kept under what they show: nobody sees an old one, another's, or another's form token."""
    from assist_review.web.models import FilingRecord, UserRecord

    def row(who: str) -> str:
        text = sign_in(who).get("/queue?q=Q10").content.decode()
        return text.split('<td class="what">', 1)[1].split("</tr>", 1)[0]

    free, other = row("reviewer"), row("reviewer2")
    assert "/claim" in free
    assert free.split('value="')[1][:64] != other.split('value="')[1][:64]
    FilingRecord.objects.filter(number="SL20261124-Q10").update(assignee=people["reviewer"], counts={"fatal": 77})
    assert "/release" in row("reviewer")
    assert "77" in row("reviewer")
    assert "/release" not in row("reviewer2")
    assert "/claim" not in row("reviewer2")
    assert "<form" not in row("auditor")
    assert row("lead").count("<select") == 2
    UserRecord.objects.filter(username="reviewer").update(first_name="改名后")
    assert "改名后" in row("reviewer2")
    assert "改名后" in row("lead").split("<select")[1]


def test_list_of_the_desk_follows_every_decision(reviewed: Any, sign_in: Any) -> None:
    """The list is kept under what it shows, so it is never an old one."""
    client, number = sign_in("reviewer"), reviewed.filing.number
    finding = reviewed.findings.filter(group__in=("fatal", "major")).first().finding
    shown = f'data-finding="{finding}"'

    def state() -> str:
        text = client.get(f"/desk/{number}/").content.decode()
        return text.split(shown, 1)[1].split('data-state="', 1)[1].split('"', 1)[0]

    assert state() == "open"
    client.post(f"/desk/{number}/findings/{finding}/decision", {"action": "confirm"})
    assert state() == "confirmed"
    client.post(f"/desk/{number}/findings/{finding}/decision", {"action": "reopen"})
    assert state() == "open"
    client.post(f"/desk/{number}/findings/{finding}/second")
    assert "②" in client.get(f"/desk/{number}/").content.decode()


def test_address_made_from_its_shape_is_the_address() -> None:
    """A page makes addresses of one shape with other numbers; they are those of the table of addresses."""
    from assist_review.web.pages import _url
    from assist_review.web.urls import ROUTES

    for route in ROUTES:
        args = [7 if "<int:" in part else "a-1" for part in route.path.split("/") if "<" in part]
        if ">." not in route.path:
            assert _url(route.name, *args) == reverse(route.name, args=args)
    assert _url("desk", "号 码") == reverse("desk", args=["号 码"])
    assert _url("queue", who="me", age="") == "/queue?who=me"
