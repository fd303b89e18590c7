"""Dated versions of the same law: which one is in force on a day, and what an article says then."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from assist_review.law.text import LawText, Unit
from assist_review.text import fold

_STATE = re.compile(r"^中华人民共和国")
_NAME = re.compile(r"[(（]\d{4}(?:-\d{2}-\d{2})?[)）]|[(（]\d{4}年[^()（）]*[)）]|\.[a-z]+$", re.I)


def law_name(title: str) -> str:
    """The folded name of a law without its state, its version and the ending of a file name."""
    bare = title
    while (shorter := _NAME.sub("", bare)) != bare:
        bare = shorter
    return fold(_STATE.sub("", bare.strip()).strip("《》"))


@dataclass(frozen=True)
class Version:
    """One version: the text, the file it came from, and the days on which it is in force (None is open)."""

    law: LawText
    file: str
    start: date | None
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether this version is in force on `day`."""
        return (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


class Timeline:
    """All versions of all laws of a collection. A version ends on the day before the next one takes effect."""

    def __init__(self, laws: Iterable[tuple[str, LawText]]) -> None:
        by_name: dict[str, list[tuple[str, LawText]]] = defaultdict(list)
        self._aliases: dict[str, str] = {}
        for file, law in laws:
            name = law_name(law.title) or law_name(file)
            by_name[name].append((file, law))
            self._aliases[law_name(file)] = name
        self._versions = {name: _ordered(found) for name, found in by_name.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Folded names of the laws."""
        return tuple(self._versions)

    def versions(self, title: str) -> tuple[Version, ...]:
        """The versions of a law, oldest first; none where it is not in the collection."""
        name = law_name(title)
        return self._versions.get(name) or self._versions.get(self._aliases.get(name, ""), ())

    def at(self, title: str, day: date) -> Version | None:
        """The version of a law in force on `day`, None before the first."""
        return next((v for v in self.versions(title) if v.holds(day)), None)

    def article(self, title: str, number: str, day: date) -> Unit | None:
        """What the unit with this number says on `day`; None where the law or the number does not exist then."""
        version = self.at(title, day)
        return version.law.unit(number) if version else None


def _ordered(found: list[tuple[str, LawText]]) -> tuple[Version, ...]:
    far = date.max
    ordered = sorted(found, key=lambda f: (f[1].effective or f[1].promulgated or far, f[1].promulgated or far, f[0]))
    starts = [law.effective or law.promulgated for _, law in ordered]
    versions = []
    for i, (file, law) in enumerate(ordered):
        follows = starts[i + 1] if i + 1 < len(starts) else None
        versions.append(Version(law, file, starts[i], follows - timedelta(days=1) if follows else None))
    return tuple(versions)
