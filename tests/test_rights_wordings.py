"""The requirements on user rights, labels, minors and the like find defect wordings and leave sound ones alone."""

from typing import Any

import pytest

from wordings import cases, codes, pack

WORDINGS = cases("rights_wordings")
THEMES = (
    "user-rights", "personal-information", "minors", "intellectual-property", "labelling", "complaints",
    "algorithm-filing", "cross-border", "change", "anthropomorphic", "integrity",
)  # fmt: skip
COUNTS = (14, 18, 14, 10, 16, 7, 10, 9, 12, 12, 5)


@pytest.mark.parametrize("case", WORDINGS["defect"], ids=lambda case: f"{case['code']}-{case['text'][:18]}")
def test_a_defect_wording_is_found(case: dict[str, Any]) -> None:
    assert case["code"] in codes(THEMES, case["role"], case["text"])


@pytest.mark.parametrize("case", WORDINGS["sound"], ids=lambda case: str(case["text"][:18]))
def test_a_sound_wording_is_left_alone(case: dict[str, Any]) -> None:
    assert codes(THEMES, case["role"], case["text"]) == set()


@pytest.mark.parametrize(("theme", "count"), list(zip(THEMES, COUNTS, strict=True)), ids=THEMES)
def test_every_row_of_the_inventory_is_there(theme: str, count: int) -> None:
    assert sum(r.theme == theme for r in pack().requirements) == count


def test_special_services_are_asked_only_where_they_are_offered() -> None:
    rows = {r.id: r.applies_when for r in pack().requirements}
    assert all("service.companion == true" in rows[f"ANT-{n:02d}"] for n in range(2, 13))
    assert all("'audio' in service.modalities" in rows[row] for row in ("LBL-03", "IPR-10"))
    assert rows["PI-15"] == "service.face_voice == true"
