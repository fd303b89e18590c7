"""Settings an administrator may change while the site runs, with what holds where nobody has."""

import time
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assist_review.web.models import SettingRecord
from assist_review.web.states import DAYS, State

DEFAULTS: dict[str, Any] = {
    "days": {state.value: days for state, days in DAYS.items()},
    "warn_days": 2,  # a time limit is shown as near from this many days before
    "second_share": 10,  # percent of submissions that get a blind second reader
    "retention_days": 0,  # drafts untouched this long are deleted; 0: never
    "notice_days": 7,  # between the notice to the applicant and the deletion, at least
    "valid_years": {"filing": 0, "registration": 0},  # 0: no term, which is what the rules say for 备案
    "remind_days": 60,  # before a term ends
    "llm": {
        "use": False,
        "name": "",
        "base_url": "",
        "context": 0,
        "max_tokens": 0,
        "max_cost": 0.0,
        "price_input": 0.0,
        "price_output": 0.0,
        "mask": True,
        "selfcheck": False,
    },  # 0: no limit, or as the endpoint says; prices per million tokens
    "llm_test": {"state": "", "at": "", "by": ""},  # the last attempt to reach the model
    "office": "属地网信办（示例）",
}


_RECENT: dict[str, tuple[float, Any]] = {}
_RECENT_S = 10.0


def get(name: str) -> Any:
    """The value of a setting."""
    row = SettingRecord.objects.filter(name=name).first()
    default = DEFAULTS[name]
    if row is None:
        return default
    return {**default, **row.value} if isinstance(default, dict) else row.value


def recent(name: str) -> Any:
    """The value of a setting, some seconds old at most: for what a page asks again for every row."""
    now = time.monotonic()
    if name not in _RECENT or now - _RECENT[name][0] > _RECENT_S:
        _RECENT[name] = (now, get(name))
    return _RECENT[name][1]


def put(name: str, value: Any) -> None:
    """Changes a setting."""
    if name not in DEFAULTS:
        raise KeyError(name)
    SettingRecord.objects.update_or_create(name=name, defaults={"value": value})
    _RECENT.clear()


def due(state: State, day: date | None = None) -> date | None:
    """The last day for `state` when it begins on `day` (today); None where it has no limit."""
    days = get("days").get(state.value)
    return (day or timezone.localdate()) + timedelta(days=int(days)) if days else None
