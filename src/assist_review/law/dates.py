"""When an official text was passed, changed and took effect, read from its own words."""

import re
from collections.abc import Iterable
from datetime import date

from assist_review.law.text import Event

_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_WHAT = re.compile(r"通过|公布|发布|批准|修正|修订|修改|施行|实施|印发")
_FROM = re.compile(r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:起)?\s*(?:施行|实施|生效|执行)")
_AT_ONCE = re.compile(r"自(?:公布|发布|印发|通过|颁布)之日(?:起)?(?:施行|实施|生效|执行)")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\s*(发布|实施)")


def day(year: str, month: str, number: str) -> date | None:
    """The date, None where there is no such day."""
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def events(lines: Iterable[str]) -> tuple[Event, ...]:
    """Dated steps named in the lines before the first article, oldest first."""
    found: dict[Event, None] = {}
    for line in lines:
        places = list(_DAY.finditer(line))
        for i, place in enumerate(places):
            end = places[i + 1].start() if i + 1 < len(places) else len(line)
            words = _WHAT.findall(re.sub(r"《[^》]*》", "", line[place.end() : end]))
            when = day(*place.groups())
            if when and words:
                found[Event(day=when, what=words[-1])] = None
        for place in _ISO.finditer(line):
            when = day(*place.groups()[:3])
            if when:
                found[Event(day=when, what=place[4])] = None
    return tuple(sorted(found, key=lambda e: e.day))


def version(
    steps: Iterable[Event], closing: Iterable[str], hint: date | None = None
) -> tuple[date | None, date | None, bool]:
    """The day this version was passed, the day it took effect, and whether the text itself says the latter.

    `closing` are the last articles. The last article of an amended law still names the first day of the law itself;
    a day before this version was passed is therefore not the day it took effect. `hint` is the day named by the file.
    """
    steps = tuple(steps)
    made = [e.day for e in steps if e.what not in ("施行", "实施")]
    promulgated = max([*made, *([hint] if hint else [])], default=None)
    text = "\n".join(closing)
    stated = [d for m in _FROM.finditer(text) if (d := day(*m.groups()))]
    stated += [e.day for e in steps if e.what in ("施行", "实施")]
    later = [d for d in stated if promulgated is None or d >= promulgated]
    if later:
        return promulgated, min(later), True
    if promulgated and _AT_ONCE.search(text) and len({e.what for e in steps} & {"修正", "修订", "修改"}) == 0:
        return promulgated, promulgated, True
    return promulgated, promulgated, False
