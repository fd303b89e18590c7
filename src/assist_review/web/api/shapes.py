"""What is taken and given, as the description of the interface states it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Header, Path, Query, Schema
from pydantic import Field

Key = Annotated[str | None, Header(None, alias="Idempotency-Key", max_length=100)]
Number = Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,24}$", description="受理编号，如 SL20261124-7F3K9Q")]
FindingId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,16}$")]
PageNumber = Annotated[int, Query(1, ge=1, le=100_000)]
PageSize = Annotated[int, Query(20, ge=1, le=100)]


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] = []


ERRORS: dict[int, Any] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
    429: Problem,
}


class Application(Schema):
    """What an application states; the five texts of the source document, and the fuller form in `more`."""

    name: str = Field(min_length=1, max_length=200)
    route: Literal["filing", "registration"]
    province: str = Field(min_length=1, max_length=30)
    sector: str = Field("", max_length=60)
    service_type: str = Field(min_length=1, max_length=2000)
    data_source: str = Field(min_length=1, max_length=2000)
    processing_method: str = Field(min_length=1, max_length=2000)
    application_scene: str = Field(min_length=1, max_length=2000)
    technical_scheme: str = Field(min_length=1, max_length=4000)
    more: dict[str, str] = {}


class FilingOut(Schema):
    """A filing as its reader may see it."""

    number: str
    name: str
    route: str
    province: str
    state: str
    state_label: str
    state_since: datetime
    due: date | None
    round: int
    version: int
    submitted_at: datetime | None
    issued_number: str
    actions: list[str]


class FileOut(Schema):
    """A file of the package."""

    path: str
    sha256: str
    size_bytes: int
    role: str


class JobOut(Schema):
    """A review in the background."""

    job: int
    state: str
    stage: str
    done: int
    known: int
    error: str


class MakingOut(Schema):
    """A file that is still being made: ask again after the seconds of Retry-After."""

    state: Literal["making"] = "making"


class FindingOut(Schema):
    """A finding with its value as in review.json."""

    finding: str
    requirement: str
    group: str
    state: str
    version: int
    carried: bool
    value: dict[str, Any]


class DecisionIn(Schema):
    """A decision. `version` is that of the finding as last read; another person's change in between gives 409."""

    action: Literal["confirm", "amend", "dismiss", "reopen"]
    reason: str = Field("", max_length=4000)
    amended: dict[str, Any] = {}
    version: int | None = None


class DecisionOut(Schema):
    """A decision as kept."""

    finding: str
    action: str
    author: str
    reason: str
    at: datetime
    amended: dict[str, Any]


class MoveIn(Schema):
    """A step of the state table."""

    action: str = Field(max_length=20)
    reason: str = Field("", max_length=4000)
    number: str = Field("", max_length=60)
    version: int | None = None


class EntryOut(Schema):
    """An entry of the public register."""

    number: str
    name: str
    applicant: str
    province: str
    route: str
    date: date
    status: str


class StatusOut(Schema):
    """What anybody may know of an application."""

    number: str
    state: str
    state_label: str
    state_since: datetime


class FilingPage(Schema):
    """One page of filings."""

    total: int
    page: int
    rows: list[FilingOut]


class FindingPage(Schema):
    """One page of findings."""

    total: int
    page: int
    rows: list[FindingOut]


class EntryPage(Schema):
    """One page of the register."""

    total: int
    page: int
    rows: list[EntryOut]
