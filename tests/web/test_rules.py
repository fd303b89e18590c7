"""Changes of the rules on the site: two versions side by side, and the reviews they reach."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, without imports."""
    monkeypatch.setenv("ASSIST_REVIEW_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def lead(data: Path, reviewed: Any, sign_in: Callable[[str], Client]) -> Client:
    """The lead, on a site with one review in hand."""
    return sign_in("lead")


@pytest.fixture
def reworded(small_pack: Any, monkeypatch: pytest.MonkeyPatch, reviewed: Any) -> Any:
    """The site's pack after a clause that the stored review cites got another number in its words."""
    from assist_review.regulation import Clause, Span
    from assist_review.web import rules

    cited = next(c for f in reviewed.value["findings"] if f["verdict"] != "not_applicable" for c in f["citations"])
    clause = Clause(
        id=cited["clause"], instrument=cited["instrument"], number=cited["clause"].partition(":")[2], label=cited["label"],
        text=cited["text"], verbatim=cited["verbatim"], source_sha256=cited["source_sha256"],
        in_force=Span(start=cited["in_force_from"], end=cited["in_force_to"]),
    )  # fmt: skip
    other = Clause.model_validate({**clause.model_dump(), "id": f"{clause.instrument}:999", "number": "999"})
    later = clause.model_copy(update={"text": f"{clause.text}不少于987条。"})
    before = small_pack.model_copy(update={"clauses": (clause, other)})
    after = small_pack.model_copy(update={"clauses": (later, other), "sha256": "77" * 32})
    monkeypatch.setattr(rules, "pack", lambda: after)
    monkeypatch.setattr(rules, "written", lambda: before)
    return later


def _texts(data: Path) -> tuple[str, str]:
    """Two imported versions of one text, the first undone."""
    from assist_review.law.imported import make, store, undo
    from assist_review.law.text import Unit

    made = []
    for n, times in enumerate(("三", "五")):
        units = [Unit(number="1", label="第一条", text=f"茶馆每日烧水{times}次。")]
        made.append(make("cn-genai", "tea-2020", f"茶馆法{n}.md", f"{n}" * 64, units, title="茶馆法"))
        store(data, made[-1])
    undo(data, "cn-genai", made[0].id)
    return f"text:{made[0].id}", f"text:{made[1].id}"


def test_without_a_change_no_review_is_listed_for_its_clauses(lead: Client) -> None:
    body = lead.get("/rules").content.decode()
    assert "规则变化" in body
    assert "条文已修改" not in body


def test_a_clause_is_marked_word_by_word(lead: Client, reworded: Any) -> None:
    body = lead.get("/rules", {"old": "written", "new": "site"}).content.decode()
    assert "<ins>不少于987条。</ins>" in body
    assert "新出现数字：987条" in body


def test_what_a_stored_review_quoted_is_a_version(lead: Client, reworded: Any, reviewed: Any) -> None:
    """Only the clauses it quotes are compared, so nothing counts as added."""
    body = lead.get("/rules", {"old": f"review:{reviewed.pack_sha256}", "new": "site"}).content.decode()
    assert "<ins>不少于987条。</ins>" in body
    assert "新增 0" in body


def test_a_review_is_listed_with_its_filing_and_the_reason(lead: Client, reworded: Any, reviewed: Any) -> None:
    body = lead.get("/rules").content.decode()
    assert f'href="/filings/{reviewed.filing.number}/"' in body
    assert f"依据 {reworded.id} 条文已修改" in body
    assert "审查未完成" in body


def test_two_imported_texts_are_compared(lead: Client, data: Path) -> None:
    old, new = _texts(data)
    body = lead.get("/rules", {"old": old, "new": new}).content.decode()
    assert "<del>三</del><ins>五</ins>" in body
    assert "已撤销" in body


@pytest.mark.parametrize(
    ("old", "new"), [("site", "text:none"), ("review:" + "0" * 64, "site"), ("<b>", "")], ids=["mixed", "unknown", "markup"]
)  # fmt: skip
def test_what_cannot_be_compared_is_said(lead: Client, old: str, new: str) -> None:
    response = lead.get("/rules", {"old": old, "new": new})
    assert response.status_code == 400
    assert "请选择两个规则包版本" in response.content.decode()


def test_a_draft_is_not_listed(lead: Client, reworded: Any, reviewed: Any) -> None:
    """What was never handed in is the applicant's own."""
    from assist_review.web.models import FilingRecord

    FilingRecord.objects.filter(pk=reviewed.filing.pk).update(submitted_at=None)
    assert reviewed.filing.number not in lead.get("/rules").content.decode()


def test_the_page_speaks_english(lead: Client, reworded: Any) -> None:
    lead.post("/language", {"language": "en", "next": "/rules"})
    body = lead.get("/rules", {"old": "written", "new": "site"}).content.decode()
    for words in ("Rule changes", "Changed 1", "Numbers new: 987", "Reviews whose verdicts could change"):
        assert words in body
