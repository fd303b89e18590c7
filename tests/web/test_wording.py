"""A drafted revision reads as one text in which what goes and what comes can be told without colour or eyes."""

from typing import Any

import pytest
from markupsafe import Markup

from assist_review.review import Origin, Revision
from assist_review.web.wording import change, drafted, pieces

MODEL = Origin(kind="llm", name="revise")


def _revision(before: str, after: str, kind: str = "replace") -> Revision:
    return Revision.model_validate({"kind": kind, "before": before, "after": after, "origin": MODEL})


@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        (_revision("抽检2,000条，合格", "抽检4,000条，合格"), [("same", "抽检"), ("removed", "2,000"), ("added", "4,000"), ("same", "条，合格")]),
        (_revision("日志保存30天", "日志保存不少于六个月"), [("same", "日志保存"), ("removed", "30天"), ("added", "不少于六个月")]),
        (_revision("我们收到后会尽快核实情况。", "收到投诉，十个工作日内会同有关部门核对事实并告知情况与结果。"),
         [("removed", "我们收到后会尽快核实情况。"), ("added", "收到投诉，十个工作日内会同有关部门核对事实并告知情况与结果。")]),
        (_revision("第一条。", "第二条。", "insert"), [("same", "第一条。"), ("added", "第二条。")]),
        (_revision("", "新的一条。", "insert"), [("added", "新的一条。")]),
        (_revision("整句删去。", ""), [("removed", "整句删去。")]),
    ],
    ids=["numbers-whole", "short", "another-sentence", "insert", "no-place", "deletion"],
)  # fmt: skip
def test_the_words_that_differ_are_marked(revision: Revision, expected: list[tuple[str, str]]) -> None:
    assert [(p.op, p.text) for p in pieces(revision)] == expected


def test_both_are_said_and_nothing_is_let_through() -> None:
    made = change(_revision("旧的<b>词</b>", "新的<b>词</b>"), {"删除": "Removed", "新增": "Added"}.get)  # type: ignore[arg-type]
    assert isinstance(made, Markup)
    assert (
        '<del><span class="visually-hidden">〔Removed：</span>旧<span class="visually-hidden">〕</span></del>' in made
    )
    assert '<ins><span class="visually-hidden">〔Added：</span>新' in made
    assert "<b>" not in made


def test_an_instruction_is_not_shown_as_text_of_the_document(reviewed: Any, sign_in: Any) -> None:
    found = {f.finding: f.value["revision"] for f in reviewed.findings.filter(group__in=("fatal", "major"))}
    own = next(k for k, r in found.items() if r and r["origin"] is None and r["before"])
    client = sign_in("reviewer")
    card = client.get(f"/desk/{reviewed.filing.number}/findings/{own}").content.decode()
    assert not drafted(Revision.model_validate(found[own]))
    assert "<del>" not in card
    row = reviewed.findings.get(finding=own)
    row.value["revision"] |= {
        "before": "会尽快联系您",
        "after": "会在5日内联系您",
        "origin": MODEL.model_dump(mode="json"),
    }
    row.save()
    card = client.get(f"/desk/{reviewed.filing.number}/findings/{own}").content.decode()
    assert "尽快" in card.partition("<del>")[2].partition("</del>")[0]
