"""A labelled filing: `labels.json` beside its `package/`."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, ValidationError

from assist_review.base import Value
from assist_review.errors import SettingsError


class LabelledDefect(Value):
    """A planted or known defect. `quotes` are exact substrings; empty where the defect is an absence."""

    id: str
    code: str
    requirements: tuple[str, ...]
    severity: Literal["fatal", "major", "minor"]
    needs: tuple[str, ...]
    documents: tuple[str, ...]
    where: str = ""
    quotes: tuple[str, ...] = ()
    absent: bool = False
    explanation: str = ""
    fix: str = ""


class MustNotFlag(Value):
    """A hard negative: content that looks wrong and is right."""

    requirement: str | None
    code: str | None
    document: str
    quote: str
    why: str = ""


class Acceptable(Value):
    """A remark that is arguable or a mere consequence; counts neither way."""

    requirement: str | None = None
    code: str | None = None
    why: str = ""


class LabelledFact(Value):
    """A fact the filing states, for extraction."""

    name: str
    value: float | int | str
    unit: str | None = None
    document: str
    quote: str


class LabelledDocument(Value):
    """A file and its role."""

    file: str
    role: str


class Labels(Value):
    """Everything known about one labelled filing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    case: str
    title: str
    profile: Literal["clean", "light", "typical", "hopeless"]
    route: str  # one of the pack
    as_of: date
    service: dict[str, Any]
    documents: tuple[LabelledDocument, ...]
    defects: tuple[LabelledDefect, ...]
    must_not_flag: tuple[MustNotFlag, ...]
    acceptable: tuple[Acceptable, ...] = ()
    facts: tuple[LabelledFact, ...]


def within(file: str, labelled: str) -> bool:
    """Whether `file` of a package is the labelled file, or lies in it where that is an archive."""
    return file == labelled or file.startswith(labelled + "/")


def load(case: Path) -> Labels:
    """The labels of the case in folder `case`."""
    path = case / "labels.json"
    try:
        return Labels.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"读不到标注文件 {path}：{error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path} 的 {'.'.join(map(str, first['loc']))} 不正确：{first['msg']}") from error
