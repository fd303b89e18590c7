"""Overlays: a sector, province, template or house adds, relaxes and changes requirements, and contradictions are shown."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist_review import packs
from assist_review.cli import app
from assist_review.errors import RegulationError
from assist_review.filing import ServiceProfile
from assist_review.law.drafting import Draft, save
from assist_review.law.lint import lint
from assist_review.law.overlay import as_reviewed, conflicts, fitting, lay
from assist_review.regulation import Overlay, Pack, Relaxation, Setting, Severity, Span

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load_written(ROOT / "regulations" / "cn-genai")


def _overlay(id_: str, **more: object) -> Overlay:
    return Overlay.model_validate({"id": id_, "name": id_, "kind": "sector", "source": "某处"} | more)


@pytest.mark.parametrize(
    ("sector", "overlay"),
    [
        ("金融（证券投资顾问问答）", "sector-finance"), ("医疗健康咨询", "sector-medical"), ("教育（中小学课后辅导）", "sector-education"),
        ("新闻资讯写作", "sector-media"), ("政务服务问答", "sector-city"), ("通用对话", None),
    ],
)  # fmt: skip
def test_a_sector_brings_its_overlay(pack: Pack, sector: str, overlay: str | None) -> None:
    found = [o.id for o in fitting(pack, ServiceProfile(sector=sector), DAY)]
    assert found == ([overlay] if overlay else [])


def test_a_province_brings_its_overlay_and_a_template_only_by_name(pack: Pack) -> None:
    assert [o.id for o in fitting(pack, ServiceProfile(province="上海"), DAY)] == ["province-shanghai"]
    chosen = fitting(pack, ServiceProfile(), DAY, ["template-compute-statement"])
    assert [o.id for o in chosen] == ["template-compute-statement"]
    with pytest.raises(RegulationError, match="没有叠加“nowhere”"):
        fitting(pack, ServiceProfile(), DAY, ["nowhere"])


def test_an_expired_overlay_no_longer_applies(pack: Pack) -> None:
    assert fitting(pack, ServiceProfile(sector="金融"), date(2028, 1, 1)) == ()


def test_laying_adds_relaxes_and_changes(pack: Pack) -> None:
    added = pack.requirements[0].model_copy(update={"id": "ZZZ-01"})
    changed = lay(pack, [
        _overlay(
            "x", add=(added,), relax=(Relaxation(requirement="KEY-01", severity=Severity.MINOR, why="因"), Relaxation(requirement="KEY-02", off=True, why="因")),
            set=(Setting(requirement="CON-02", key="min_size", value=8000, why="因"), Setting(requirement="SUB-11", key="severity", value="fatal", why="因")),
        )
    ])  # fmt: skip
    by_id = {r.id: r for r in changed.requirements}
    assert by_id["ZZZ-01"].statement == added.statement
    assert (by_id["KEY-01"].severity, by_id["KEY-02"].applies_when) == (Severity.MINOR, "false")
    assert (by_id["CON-02"].checks[0]["min_size"], by_id["SUB-11"].severity) == (8000, Severity.FATAL)
    assert changed.applied == ("x",)
    assert len(pack.requirements) == len(changed.requirements) - 1


def test_a_review_is_read_with_the_overlays_it_was_made_with(pack: Pack) -> None:
    assert as_reviewed(pack, ("sector-finance",)).requirement("FIN-01")
    assert as_reviewed(pack, ("long-gone",)) == pack


def test_contradictions_between_overlays_are_shown() -> None:
    a = _overlay(
        "a",
        set=(Setting(requirement="CON-02", key="min_size", value=1, why=""),),
        relax=(Relaxation(requirement="KEY-01", off=True, why=""),),
    )
    b = _overlay(
        "b", set=(Setting(requirement="CON-02", key="min_size", value=2, why=""), Setting(requirement="KEY-01", key="min", value=2, why="")),
        relax=(Relaxation(requirement="KEY-01", severity=Severity.MINOR, why=""),),
    )  # fmt: skip
    said = " ".join(why for _, why in conflicts([a, b]))
    assert "分别定为 1 和 2" in said
    assert "放宽的程度不同" in said
    assert "一处免除、一处改参数" in said


class TestLint:
    def test_the_pack_itself_is_sound(self) -> None:
        assert [p for p in lint(ROOT / "regulations" / "cn-genai", day=DAY) if p.error] == []

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('[[relax]]\nrequirement = "NO-01"\noff = true\nwhy = "因"', "没有要求 NO-01"),
            ('[[set]]\nrequirement = "CON-02"\ncheck = 9\nkey = "x"\nvalue = 1\nwhy = "因"', "没有第10个核查"),
            ('[[relax]]\nrequirement = "KEY-01"\nwhy = "因"', "要写 severity 或 off"),
            ('[[relax]]\nrequirement = "KEY-01"\nwhy = "因"\nwhat = 1', "what: 没有这个键"),
            ("in_force = { to = 2020-01-01 }", "已于 2020-01-01 到期"),
        ],
        ids=["unknown-requirement", "unknown-check", "empty-relaxation", "unknown-key", "expired"],
    )
    def test_a_mistake_in_an_overlay_is_named(self, tmp_path: Path, text: str, words: str) -> None:
        shutil.copytree(ROOT / "regulations" / "cn-genai", tmp_path / "cn-genai")
        head = 'id = "bad"\nname = "坏"\nkind = "sector"\nsource = "某处"\n'
        (tmp_path / "cn-genai" / "overlays" / "bad.toml").write_text(head + text + "\n", encoding="utf-8")
        said = " ".join(f"{p.where}: {p.why}" for p in lint(tmp_path / "cn-genai", day=DAY))
        assert words in said


class TestOwnRequirement:
    draft = Draft(id="OWN-01", statement="写明未满十四周岁不得使用", cites=("genai-measures-2023:10",), roles=("agreement",), anchors=("周岁",), must=(("十四周岁", "14周岁"),), revise="请补充。")  # fmt: skip

    def test_it_is_saved_as_an_overlay_that_always_applies(self, own_data: Path) -> None:
        directory = ROOT / "regulations" / "cn-genai"
        path = save(self.draft, directory, own_data, "cn-genai")
        pack = packs.load(directory)
        assert path.is_relative_to(own_data)
        assert [o.id for o in fitting(pack, ServiceProfile(), DAY)] == ["own"]
        assert pack.sha256 != packs.load_written(directory).sha256
        with pytest.raises(RegulationError, match="已经有了"):
            save(self.draft, directory, own_data, "cn-genai")

    def test_one_that_does_not_load_leaves_everything_as_it_was(self, own_data: Path) -> None:
        directory = ROOT / "regulations" / "cn-genai"
        save(self.draft, directory, own_data, "cn-genai")
        before = (own_data / "overlays" / "cn-genai" / "own.toml").read_text(encoding="utf-8")
        with pytest.raises(RegulationError, match="不存在"):
            save(self.draft.model_copy(update={"id": "OWN-02", "cites": ("no:1",)}), directory, own_data, "cn-genai")
        assert (own_data / "overlays" / "cn-genai" / "own.toml").read_text(encoding="utf-8") == before

    def test_the_command_asks_for_what_is_not_given(self, own_data: Path) -> None:
        answers = (
            "\n".join(
                ["写明未满十四周岁不得使用", "", "1", "agreement", "周岁", "十四周岁|14周岁", "", "minor", "", "", "y"]
            )
            + "\n"
        )
        done = CliRunner().invoke(app, ["regulations", "new-requirement"], input=answers)
        assert done.exit_code == 0, done.output
        assert "已保存 OWN-01" in done.output


def test_overlays_of_the_pack_name_source_and_expiry(pack: Pack) -> None:
    assert len(pack.overlays) >= 8
    for overlay in pack.overlays:
        assert overlay.source
        assert overlay.in_force != Span()
