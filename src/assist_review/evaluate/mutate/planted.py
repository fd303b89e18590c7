"""The nouns of mutation testing: an operator, what it proposes, and what was planted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Literal

from assist_review.base import Value

if TYPE_CHECKING:
    from assist_review.evaluate.mutate.survey import Survey

Format = Literal["docx", "pdf", "xlsx", "any"]
Edit = Callable[[bytes], bytes]


class NoPlace(Exception):
    """A proposed change cannot be made here, such as a line of a PDF whose fonts cannot be written."""


class Planted(Value):
    """A defect that was planted, in the terms of a labelled filing.

    `absent` is set where something was taken away, so that no place in `files` is left to point at. `before` and
    `after` are wordings, or counts where rows of lists changed: entries of lists are never repeated.
    """

    operator: str
    seed: int
    codes: tuple[str, ...]
    requirements: tuple[str, ...]
    files: tuple[str, ...]
    place: str
    before: str
    after: str
    absent: bool = False


@dataclass(frozen=True)
class Change:
    """One way to plant a defect: `edits` by file, files that go (`drops`) and files that come (`adds`).

    `files` names the documents in which the defect shows; without it those that are edited or added.
    """

    place: str
    before: str
    after: str
    edits: Mapping[str, Edit] = field(default_factory=dict)
    drops: tuple[str, ...] = ()
    adds: Mapping[str, bytes] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    absent: bool = False


Propose = Callable[["Survey", Random], Iterator[Change]]


@dataclass(frozen=True)
class Operator:
    """A kind of defect that can be planted.

    Raising one of `requirements`, or a finding with one of `codes`, counts as catching it; the first is the best.
    `propose` yields changes, the likeliest first; the random source chooses among places.
    """

    id: str
    codes: tuple[str, ...]
    requirements: tuple[str, ...]
    formats: tuple[Format, ...]
    describe: str
    propose: Propose
