"""What a model is asked to answer: the types behind the JSON schemas of the prompts."""

from typing import Literal

from pydantic import BaseModel, Field


class Quote(BaseModel):
    """A run of words of one numbered passage."""

    passage: str
    quote: str


class Judged(BaseModel):
    """The verdict on one requirement."""

    requirement: str
    reasons: str
    quotes: list[Quote] = []
    missing: str = ""
    verdict: Literal["compliant", "non_compliant", "missing", "unclear", "not_applicable"]
    confidence: float = Field(0.5, ge=0, le=1)


class Judgements(BaseModel):
    """Verdicts on requirements asked together."""

    judgements: list[Judged]


class Problem(BaseModel):
    """Something found by reading."""

    requirement: str
    kind: Literal["judgement", "contradiction", "residue", "absence", "number", "steering"]
    named: bool = True
    statement: str
    quotes: list[Quote] = []
    formula: str = ""  # for numbers: as printed, e.g. 36.2万+58.7万; worked out by us
    stated: str = ""  # what the filing says it comes to
    confidence: float = Field(0.5, ge=0, le=1)


class Reading(BaseModel):
    """What reading whole documents brought up."""

    problems: list[Problem]


class Look(BaseModel):
    """A second opinion on one claim."""

    number: int
    reasons: str
    holds: Literal["yes", "no", "unsure"]
    fits: Literal["yes", "no"] = "yes"  # whether the requirement it was put under asks about it


class Looks(BaseModel):
    """Second opinions."""

    looks: list[Look]


class RowSeen(BaseModel):
    """What is wrong with one row of a question bank."""

    number: int
    problem: Literal["none", "unsafe", "refused", "not_refused", "identity", "off_topic", "wrong"]
    quote: str = ""
    reason: str = ""
    confidence: float = Field(0.5, ge=0, le=1)


class Rows(BaseModel):
    """Rows of question banks as seen by the model."""

    rows: list[RowSeen]
