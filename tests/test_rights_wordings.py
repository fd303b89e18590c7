"""The requirements on user rights, labels, minors and the like find defect wordings and leave sound ones alone."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assist_review.check.context import Context, Say
from assist_review.check.rules.content import content
from assist_review.filing import Block, Document, Filing, Role, ServiceProfile
from assist_review.lists import Extraction
from assist_review.packs import find, load
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE

WORDINGS = tomllib.loads((Path(__file__).parent / "data" / "rights_wordings.toml").read_text(encoding="utf-8"))
THEMES = (
    "user-rights", "personal-information", "minors", "intellectual-property", "labelling", "complaints",
    "algorithm-filing", "cross-border", "change", "anthropomorphic", "integrity",
)  # fmt: skip
COUNTS = (14, 18, 14, 10, 16, 7, 10, 9, 12, 12, 5)


@cache
def _pack() -> Pack:
    return load(find("cn-genai"))


def _codes(role: str, text: str) -> set[str | None]:
    """Defect codes of the wordings found wrong in a one-sentence document; what is absent from it is not asked."""
    block = Block(id="b1", kind="paragraph", text=text, order=0)
    document = Document(file="f", sha256="0", size_bytes=1, format="text", role=Role(role), blocks=(block,))
    filing = Filing(name="f", route="filing", service=ServiceProfile(), documents=(document,))
    context = Context(filing, Extraction(facts=(), banks=()), _pack(), date(2026, 11, 23))
    found: set[str | None] = set()
    for requirement in _pack().requirements:
        if requirement.theme not in THEMES:
            continue
        for params in requirement.checks:
            if params["kind"] == "content" and params.get("bad"):
                wordings: dict[str, Any] = {key: params[key] for key in ("kind", "bad", "roles") if key in params}
                found |= {f.defect for f in content(context, Say(requirement, wordings)) if f.verdict in NEGATIVE}
    return found


@pytest.mark.parametrize("case", WORDINGS["defect"], ids=lambda case: f"{case['code']}-{case['text'][:18]}")
def test_a_defect_wording_is_found(case: dict[str, Any]) -> None:
    assert case["code"] in _codes(case["role"], case["text"])


@pytest.mark.parametrize("case", WORDINGS["sound"], ids=lambda case: str(case["text"][:18]))
def test_a_sound_wording_is_left_alone(case: dict[str, Any]) -> None:
    assert _codes(case["role"], case["text"]) == set()


@pytest.mark.parametrize(("theme", "count"), list(zip(THEMES, COUNTS, strict=True)), ids=THEMES)
def test_every_row_of_the_inventory_is_there(theme: str, count: int) -> None:
    assert sum(r.theme == theme for r in _pack().requirements) == count


def test_special_services_are_asked_only_where_they_are_offered() -> None:
    rows = {r.id: r.applies_when for r in _pack().requirements}
    assert all("service.companion == true" in rows[f"ANT-{n:02d}"] for n in range(2, 13))
    assert all("'audio' in service.modalities" in rows[row] for row in ("LBL-03", "IPR-10"))
    assert rows["PI-15"] == "service.face_voice == true"
