"""What every noun is made of: frozen values and derived ids."""

import hashlib

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; unknown keys are errors, so that a misspelt one is found when it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def derived_id(*parts: object) -> str:
    """Twelve hex digits that depend on `parts` alone, so the same thing has the same id on every run."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]
