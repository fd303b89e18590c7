"""A whole review with a model: recorded and replayed, run again for nothing, and through an outage."""

import json
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from assist_review.errors import LLMUnavailable
from assist_review.export import html
from assist_review.export.json import dumps
from assist_review.llm.endpoint import Request
from assist_review.llm.model import Desk
from assist_review.llm.opening import Choice, open_model
from assist_review.llm.scripted import Scripted
from assist_review.pipeline import estimate, run
from assist_review.review import ModelUse, Review, StageUse
from export_sample import pack as sample_pack
from export_sample import review as sample_review
from wordings import pack

DAY = date(2026, 11, 23)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    agreement = Document()
    agreement.add_heading("模型服务协议", 1)
    agreement.add_paragraph("因使用生成内容产生的一切责任均由用户承担，本公司概不负责。")
    agreement.add_paragraph("用户可以拨打热线投诉，我们会尽快处理。")
    agreement.save(str(folder / "服务协议.docx"))
    return folder


def quiet(request: Request) -> str:
    name = next(iter(request.schema["properties"]))
    return json.dumps({name: True if name == "ok" else []})


def reviewed(package: Path, desk: Desk | None) -> Review:
    made = run(package, pack=pack(), as_of=DAY, model=desk, at=desk.moment() if desk else None)
    if desk:
        desk.close()
    return made


def test_a_recorded_review_replays_byte_for_byte(package: Path, tmp_path: Path) -> None:
    tape, cache = tmp_path / "tape.jsonl", tmp_path / "llm"
    recorded = reviewed(package, open_model(Choice("scripted:x", window=65536, record=tape), cache, Scripted(quiet)))
    replayed = reviewed(package, open_model(Choice("scripted:x", window=65536, replay=tape), None))
    assert dumps(recorded) == dumps(replayed)
    assert recorded.manifest.prompts["ask"]


def test_a_second_review_asks_nothing_and_an_estimate_never_does(package: Path, tmp_path: Path) -> None:
    reviewed(package, open_model(Choice("scripted:x", window=65536), tmp_path / "llm", Scripted(quiet)))
    again = Scripted(quiet)
    made = reviewed(package, open_model(Choice("scripted:x", window=65536), tmp_path / "llm", again))
    assert again.asked == []
    assert made.manifest.usage is not None
    assert sum(s.input_tokens for s in made.manifest.usage.stages.values()) == 0
    told = estimate(package, pack=pack(), as_of=DAY, window=65536)
    assert told.calls > 0
    assert told.input_tokens > 0


def test_through_an_outage_the_rules_stand_and_a_rerun_fills_in(package: Path, tmp_path: Path) -> None:
    def down(request: Request) -> str:
        raise LLMUnavailable("接口没有答复", lasting=True)

    plain = reviewed(package, None)
    broken = reviewed(package, open_model(Choice("scripted:x", window=65536), tmp_path / "llm", Scripted(down)))
    assert [(f.requirement, f.verdict) for f in broken.findings] == [(f.requirement, f.verdict) for f in plain.findings]
    assert broken.failures
    assert all("接口没有答复" in f.reason for f in broken.failures)
    mended = reviewed(package, open_model(Choice("scripted:x", window=65536), tmp_path / "llm", Scripted(quiet)))
    assert mended.failures == plain.failures == ()


def test_the_report_tells_what_the_model_was_used_for() -> None:
    use = ModelUse(
        model="m", endpoint="api.example.com", local=False, window=65536, masked={"手机号": 2}, currency="CNY",
        stages={"reading": StageUse(calls=11, input_tokens=120000, output_tokens=3000, money=0.26)}, statements=9,
        rejected=3, kept=5, overruled=1,
    )  # fmt: skip
    made = sample_review()
    made = made.model_copy(update={"manifest": made.manifest.model_copy(update={"model": "x:m", "usage": use})})
    page = html.render(made, sample_pack())
    assert "引文不在材料中而不采用 3" in page
    assert "api.example.com" in page
    assert "手机号 2" in page
