"""The interface does what its description says, for whatever schemathesis sends it."""

from typing import Any

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
from hypothesis import HealthCheck, Phase, settings  # noqa: E402

from assist_review.web.api import gate  # noqa: E402
from assist_review.web.wsgi import application  # noqa: E402

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def token(reviewed: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    from assist_review.web.views.account import new_token

    monkeypatch.setattr(gate, "PER_MINUTE", 10**6)
    return new_token(people["applicant"], "contract")


@schema.parametrize()
@settings(
    max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate), derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_interface_keeps_its_word(case: Any, token: str) -> None:
    from django.db import transaction
    from schemathesis.specs.openapi import checks

    with transaction.atomic():
        case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"},
            checks=[
                schemathesis.checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
                checks.response_schema_conformance, checks.negative_data_rejection,
            ],
        )  # fmt: skip
        transaction.set_rollback(True)
