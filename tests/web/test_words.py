"""Every word of the pages has an English one."""

import re
from pathlib import Path

import pytest

from assist_review.web import forms, states
from assist_review.web.words import CHINESE, ENGLISH

WEB = Path(__file__).parents[2] / "src" / "assist_review" / "web"
_SAID = re.compile(r"""(?<![\w.])(?:_|t)\(\s*(["'])(.+?)\1""")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FIELD = re.compile(r"\{(\w+)\}")


def _used() -> dict[str, str]:
    files = [*WEB.glob("templates/*.html"), *WEB.rglob("*.py")]
    found = {m[2]: f.name for f in files for m in _SAID.finditer(f.read_text()) if _CHINESE.search(m[2])}
    found |= dict.fromkeys(states.LABELS.values(), "states.py")
    found |= {text: "states.py" for m in states.MOVES for text in (m.label, m.document) if text}
    for field in forms.FIELDS:
        found |= {text: "forms.py" for text in (field.label, field.hint, field.block) if text}
        if field.name != "province":
            found |= {label: "forms.py" for _, label in field.choices}
    return found | dict.fromkeys(CHINESE, "words.py")


@pytest.mark.parametrize("text", sorted(_used()))
def test_there_is_an_english_word(text: str) -> None:
    assert ENGLISH.get(text), f"{_used()[text]}: {text}"


@pytest.mark.parametrize("text", sorted(t for t in ENGLISH if "{" in t))
def test_a_translation_has_the_same_gaps(text: str) -> None:
    assert set(_FIELD.findall(text)) == set(_FIELD.findall(ENGLISH[text]))
