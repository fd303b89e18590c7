"""Importing official texts: statutes and standards of any format become clauses word for word, over the restatements."""

import json
from datetime import date
from pathlib import Path

import pytest
from docx import Document as NewDocument
from typer.testing import CliRunner

from assist_review import packs
from assist_review.cli import app
from assist_review.errors import RegulationError, StoreError
from assist_review.law.imported import folder, stored, undo
from assist_review.law.importing import Report, Wish, import_texts
from assist_review.law.parse import parse
from assist_review.law.source import sources
from assist_review.law.text import LawText, Line, chinese, resolve
from assist_review.law.versions import Timeline, law_name
from assist_review.regulation import Pack

LAW = """---
sidebar: auto
---

# 中华人民共和国茶馆法

2019年5月1日第九届茶业代表会议通过

## 第一章　总则

**第一条**　为了规范茶馆，制定本法。

**第二条**　茶馆每日应当烧水三次。

前款规定的烧水，水温不得低于九十五摄氏度。

## 第二章　茶具

### 第一节　茶壶

**第三条**　茶壶应当符合下列要求：

（一）有盖；

（二）容量不少于500毫升，并符合下列之一：

1.陶制；

2.瓷制。

违反前款规定的，不得使用。

**第三条之一**　茶壶每年检查一次。

**第四条**　依照第二条第二款和
第三条规定处理。

**第五条**　本法自2020年1月1日起施行。本法施行前开业的茶馆，应当在六个月内整改。
"""

RUN_ON = """第一章 总则
第一条 为了规范茶会，制定本办法。
第二条 茶会应当遵守以下规定：（一）不得喧哗；（二）不得超过30人；（三）在晚上十点前结束。茶会主人负责安排。
第三条 本办法自2021年3月1日起施行。
来源：茶业新闻网
责任编辑：某某
"""

STANDARD = """GB/T 99001-2024
网络安全技术 茶壶安全基本要求
2024-03-01发布 2024-09-01实施
目 次
1 范围 ........ 1
5 安全要求 ........ 2
附录A ........ 3
1 范围
本文件规定了茶壶的安全要求。
5 安全要求
5.1 材质
材质应满足以下要求：
a) 不得使用铅含量超过 5% 的陶土；
b) 涂层应满足：
1) 耐热；
2) 无味。
5.2 盖
壶盖应能盖紧。
附录A （规范性）
主要风险
A.1 烫伤
包括以下风险：
a) 壶盖脱落；
b) 壶嘴漏水。
A.2 破裂
包括：
a) 受热破裂；
参考文献
[1] 某标准
"""

PACK = {
    "pack.toml": 'id = "tea"\nversion = "1"\ntitle = "茶"\n',
    "instruments.toml": """[[instrument]]
id = "tea-law"
title = "中华人民共和国茶馆法"
short = "茶馆法"
english = "Tea House Law"
level = "法律"
issuer = "茶会"
in_force = { from = 2020-01-01 }
status = "in_force"
confidence = "B"

[[instrument]]
id = "pot-standard"
title = "网络安全技术 茶壶安全基本要求"
short = "茶壶要求"
english = "Pot requirements"
level = "推荐性国家标准"
issuer = "茶会"
number = "GB/T 99001-2024"
in_force = { from = 2024-09-01 }
status = "in_force"
confidence = "C"

[[instrument]]
id = "party"
title = "茶会办法"
short = "茶会办法"
english = "Party"
level = "部门规章"
issuer = "茶会"
in_force = { from = 2021-03-01 }
status = "in_force"
confidence = "B"
""",
    "clauses/tea-law.toml": """[[clause]]
number = "2"
label = "第二条"
text = "茶馆每天烧水4次，水温有下限。"
[[clause]]
number = "3.i2"
label = "第三条第（二）项"
text = "茶壶容量不少于500毫升。"
[[clause]]
number = "9"
label = "第九条"
text = "转述了并不存在的条文。"
""",
    "clauses/pot-standard.toml": """[[clause]]
number = "5.1.a"
label = "第5.1条 a）"
text = "铅含量不得超过5%。"
""",
    "clauses/party.toml": """[[clause]]
number = "2.i2"
label = "第二条第（二）项"
text = "茶会人数不得超过30人，超过的不得举办。"
[[clause]]
number = "2.i3"
label = "第二条第（三）项"
text = "茶会在晚上十点前结束。"
""",
    "risks.toml": "",
    "requirements/all.toml": """[[requirement]]
id = "POT-01"
theme = "pot"
dimension = "data"
severity = "fatal"
confidence = "C"
statement = "陶土的铅含量不超过5%。"
cites = ["pot-standard:5.1.a"]
roles = ["report"]
revise = "请换陶土。"
check = { kind = "content", anchors = ["铅含量"], absent = "missing" }
""",
    "profiles/filing.toml": 'id = "filing"\nroute = "filing"\nname = "备案"\n[[document]]\nrole = "form"\nname = "表"\n',
}


@pytest.fixture
def tea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in PACK.items():
        path = tmp_path / "packs" / "tea" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv(packs.ENVIRONMENT, str(tmp_path / "packs"))
    return tmp_path / "packs" / "tea"


def _file(folder_: Path, name: str, text: str) -> Path:
    folder_.mkdir(parents=True, exist_ok=True)
    (folder_ / name).write_text(text, encoding="utf-8")
    return folder_ / name


def _law(text: str, name: str = "law.md") -> LawText:
    return parse(
        [Line(text=t, heading=t.startswith("#")) for t in (x.lstrip("# ") for x in text.split("\n")) if t.strip()],
        name=name,
    )


def _take(path: Path, tea: Path, data: Path, **wish: object) -> Report:
    return import_texts(path, packs.load_written(tea), data, Wish.model_validate(wish))


class TestStatutes:
    def test_articles_paragraphs_items_and_sub_items_have_numbers(self, tmp_path: Path) -> None:
        law = sources(_file(tmp_path, "tea.md", LAW))[0].law
        assert law is not None
        assert [u.number for u in law.articles] == ["1", "2", "3", "3-1", "4", "5"]
        assert {u.number for u in law.units} >= {
            "2.p1",
            "2.p2",
            "3.p1.i1",
            "3.p1.i2",
            "3.p1.i2.s1",
            "3.p1.i2.s2",
            "3.p2",
        }
        assert law.title == "中华人民共和国茶馆法"
        assert (law.promulgated, law.effective, law.effective_stated) == (date(2019, 5, 1), date(2020, 1, 1), True)

    def test_text_is_exact_and_without_marks_of_the_file(self) -> None:
        law = _law(LAW)
        two, pot = law.unit("2.p2"), law.unit("3.i2")
        assert two is not None
        assert pot is not None
        assert two.text == "前款规定的烧水，水温不得低于九十五摄氏度。"
        assert pot.text == "（二）容量不少于500毫升，并符合下列之一：\n1.陶制；\n2.瓷制。"
        assert (pot.label, pot.path) == ("第三条第一款第（二）项", ("第二章 茶具", "第一节 茶壶"))

    def test_a_reference_broken_over_two_lines_is_no_article(self) -> None:
        four = _law(LAW).unit("4")
        assert four is not None
        assert four.text == "依照第二条第二款和第三条规定处理。"

    def test_items_that_run_on_are_taken_apart_and_what_a_page_adds_is_left_out(self) -> None:
        law = _law(RUN_ON)
        assert [u.number for u in law.units if u.number.startswith("2")] == [
            "2",
            "2.p1",
            "2.p1.i1",
            "2.p1.i2",
            "2.p1.i3",
            "2.p2",
        ]
        assert law.left_out == ("来源：茶业新闻网", "责任编辑：某某")

    @pytest.mark.parametrize(
        ("lines", "problem"),
        [
            (["第一条 甲甲。", "第二条 乙乙。", "第四条 丁丁。"], "缺少条号：第三条"),
            (["第一条 甲甲。", "第二条 乙乙。", "第二条 丙丙。", "第三条 丁丁。"], "条号重复：第二条"),
        ],
        ids=["gap", "double"],
    )
    def test_gaps_and_doubles_are_named(self, lines: list[str], problem: str) -> None:
        assert problem in parse([Line(text=t, bold=True) for t in lines]).problems

    def test_articles_are_told_from_references_where_a_file_lost_its_white_space(self) -> None:
        law = parse(
            [
                Line(text=t)
                for t in (
                    "第一条与茶馆有关的活动，适用本法。",
                    "第二条中小茶馆依照",
                    "第一条规定办理。",
                    "第三条所称茶壶有盖。",
                )
            ]
        )
        assert [u.number for u in law.articles] == ["1", "2", "3"]
        assert law.articles[1].text == "中小茶馆依照第一条规定办理。"

    def test_what_is_no_law_is_refused(self) -> None:
        with pytest.raises(RegulationError, match="不像法规或标准"):
            parse([Line(text="今天喝茶。"), Line(text="明天也喝茶。")], name="diary.txt")

    @pytest.mark.parametrize(
        ("number", "text"),
        [(7, "七"), (10, "十"), (17, "十七"), (110, "一百一十"), (206, "二百零六"), (1034, "一千零三十四")],
    )
    def test_numbers_are_written_as_statutes_do(self, number: int, text: str) -> None:
        assert chinese(number) == text

    def test_an_only_paragraph_or_list_need_not_be_named(self) -> None:
        units = {u.number: u for u in _law(LAW).units}
        assert resolve(units, "3.i1") == units["3.p1.i1"]
        assert resolve(units, "1.p1") == units["1"]
        assert resolve(units, "1.p2") is None


class TestStandards:
    def test_clauses_items_annexes_have_numbers_and_the_contents_list_is_passed_over(self) -> None:
        law = _law(STANDARD)
        assert law.kind == "standard"
        assert law.number == "GB/T 99001-2024"
        assert law.title == "网络安全技术 茶壶安全基本要求"
        assert [u.number for u in law.articles] == ["1", "5", "5.1", "5.2", "A", "A.1", "A.2"]
        assert {u.number for u in law.units} >= {"5.1.a", "5.1.b", "5.1.b.1", "5.1.b.2", "A.1.a", "A.1.b", "A.2.a"}
        assert law.effective == date(2024, 9, 1)

    def test_a_clause_that_is_only_a_heading_has_the_text_of_all_below(self) -> None:
        five = _law(STANDARD).unit("5")
        assert five is not None
        assert "壶盖应能盖紧" in five.text

    def test_tables_are_units_of_the_clause_they_stand_in(self, tmp_path: Path) -> None:
        text = STANDARD.replace(
            "壶盖应能盖紧。\n", "壶盖应能盖紧。\n表 1 尺寸\n\n| 名称 | 毫米 |\n|---|---|\n| 盖 | 80 |\n\n"
        )
        law = sources(_file(tmp_path, "pot.md", text))[0].law
        assert law is not None
        table = law.unit("5.2.t1")
        assert table is not None
        assert "盖　80" in table.text


class TestFormats:
    def test_docx_html_and_text_give_the_same_articles(self, tmp_path: Path) -> None:
        plain = [line.strip("#* ").replace("**", "") for line in LAW.split("\n")[4:] if line.strip()]
        document = NewDocument()
        for line in plain:
            document.add_paragraph(line)
        document.save(str(tmp_path / "tea.docx"))
        body = "".join(f"<p>{line}</p>" for line in plain)
        _file(tmp_path, "tea.html", f"<html><body><nav>首页</nav>{body}<script>x()</script></body></html>")
        _file(tmp_path, "tea.txt", "\n".join(plain))
        found = {s.file: s.law for s in sources(tmp_path)}
        texts = {f: [(u.number, u.text.replace("\n", "")) for u in law.articles] for f, law in found.items() if law}
        assert set(texts) == {"tea.docx", "tea.html", "tea.txt"}
        assert texts["tea.docx"] == texts["tea.html"] == texts["tea.txt"]


class TestImport:
    def test_restatements_give_way_to_the_wording_and_numbers_that_disagree_are_shown(
        self, tea: Path, tmp_path: Path, own_data: Path
    ) -> None:
        path = _file(tmp_path / "in", "tea.md", LAW)
        report = _take(path, tea, own_data)
        (m,) = report.taken
        assert (m.instrument, m.how, m.articles) == ("tea-law", "title", 6)
        assert (m.matched, m.missing) == (("tea-law:2", "tea-law:3.i2"), ("tea-law:9",))
        assert set(m.new) == {"1", "3-1", "4", "5"}
        assert [(d.clause, d.number) for d in m.disagreements] == [("tea-law:2", "4次")]
        pack = packs.load(tea)
        clause = pack.clause("tea-law:3.i2")
        assert clause is not None
        assert clause.verbatim
        assert clause.text.startswith("（二）容量不少于500毫升")
        assert clause.source_sha256 is not None
        assert pack.clause("tea-law:4") is not None
        assert pack.sha256 != packs.load_written(tea).sha256

    def test_a_dry_run_keeps_nothing(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        report = _take(_file(tmp_path / "in", "tea.md", LAW), tea, own_data, dry_run=True)
        assert report.taken
        assert stored(own_data, "tea") == ()

    def test_undo_brings_the_restatements_back(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        _take(_file(tmp_path / "in", "tea.md", LAW), tea, own_data)
        undo(own_data, "tea", "tea-law")
        assert packs.load(tea) == packs.load_written(tea)
        with pytest.raises(RegulationError, match="没有有效的导入"):
            undo(own_data, "tea", "tea-law")

    def test_the_same_file_twice_is_one_import(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        path = _file(tmp_path / "in", "tea.md", LAW)
        _take(path, tea, own_data)
        assert _take(path, tea, own_data).unchanged == ("tea.md",)
        assert len(stored(own_data, "tea")) == 1

    def test_the_official_text_clears_the_mark_to_be_verified(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        report = _take(_file(tmp_path / "in", "pot.txt", STANDARD), tea, own_data)
        assert report.cleared == ("POT-01",)
        requirement = packs.load(tea).requirement("POT-01")
        assert requirement is not None
        assert requirement.confidence == "A"

    def test_a_text_without_a_title_is_known_by_its_content(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        (m,) = _take(_file(tmp_path / "in", "unnamed.txt", RUN_ON), tea, own_data).taken
        assert (m.instrument, m.how) == ("party", "content")

    def test_a_wrong_instrument_is_refused(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        report = _take(_file(tmp_path / "in", "tea.md", LAW), tea, own_data, instrument="pot-standard")
        assert report.taken == ()
        assert "题目是《中华人民共和国茶馆法》" in report.refused[0].reason

    def test_a_gap_in_the_numbers_stops_the_whole_instrument(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        path = _file(tmp_path / "in", "tea.md", LAW.replace("**第四条**　依照第二条第二款和\n第三条规定处理。\n", ""))
        report = _take(path, tea, own_data)
        assert report.taken == ()
        assert "缺少条号：第四条" in report.refused[0].reason
        assert stored(own_data, "tea") == ()
        assert _take(path, tea, own_data, doubtful=True).taken

    def test_a_folder_takes_what_is_sound_and_names_the_rest(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        _file(tmp_path / "in", "tea.md", LAW)
        _file(tmp_path / "in", "diary.txt", "今天喝茶。\n明天也喝茶。\n")
        (tmp_path / "in" / "scan.pdf").write_bytes(b"%PDF-1.4 broken")
        report = _take(tmp_path / "in", tea, own_data)
        assert [m.file for m in report.taken] == ["tea.md"]
        assert {r.file for r in report.refused} == {"diary.txt", "scan.pdf"}

    def test_a_new_version_ends_the_old_one(self, tea: Path, tmp_path: Path, own_data: Path) -> None:
        newer = (
            LAW.replace("2020年1月1日", "2027年1月1日").replace("2019年5月1日", "2026年5月1日").replace("三次", "五次")
        )
        _take(_file(tmp_path / "in", "tea.md", newer), tea, own_data, instrument="tea-law-2026", replaces="tea-law")
        pack: Pack = packs.load(tea)
        old, new = pack.clause("tea-law:2"), pack.clause("tea-law-2026:2")
        assert old is not None
        assert new is not None
        for day, holds in ((date(2026, 12, 31), (True, False)), (date(2027, 1, 1), (False, True))):
            assert (old.in_force.holds(day), new.in_force.holds(day)) == holds

    def test_a_damaged_record_is_named(self, tea: Path, own_data: Path) -> None:
        _file(folder(own_data, "tea"), "x.json", "{")
        with pytest.raises(StoreError, match=r"x\.json 已损坏"):
            packs.load(tea)


class TestTime:
    def test_the_version_of_the_day_answers(self) -> None:
        newer = (
            LAW.replace("2019年5月1日", "2024年2月1日").replace("2020年1月1日", "2024年6月1日").replace("三次", "五次")
        )
        timeline = Timeline([("茶馆法(2019-05-01).md", _law(LAW)), ("茶馆法(2024-02-01).md", _law(newer))])
        for day, text in (("2019-12-31", None), ("2020-01-01", "三次"), ("2024-05-31", "三次"), ("2024-06-01", "五次")):
            unit = timeline.article("茶馆法", "2.p1", date.fromisoformat(day))
            assert (unit is None) if text is None else (unit is not None and text in unit.text), day

    def test_an_amended_law_takes_effect_when_it_was_amended_where_it_does_not_say(self) -> None:
        amended = LAW.replace(
            "2019年5月1日第九届茶业代表会议通过", "2019年5月1日通过\n\n根据2023年4月5日《关于修改〈茶馆法〉的决定》修正"
        )
        law = _law(amended)
        assert (law.effective, law.effective_stated) == (date(2023, 4, 5), False)

    def test_names_of_laws_are_the_same_with_state_and_version(self) -> None:
        assert law_name("中华人民共和国茶馆法（2025年修正）") == law_name("茶馆法(2019-05-01).md") == "茶馆法"


class TestCommands:
    def test_import_list_undo_and_doubts_from_the_command_line(self, tea: Path, tmp_path: Path) -> None:
        run = CliRunner().invoke
        path = _file(tmp_path / "in", "pot.txt", STANDARD)
        assert "POT-01" in run(app, ["regulations", "doubts", "--pack", "tea"]).output
        made = run(app, ["regulations", "import", str(path), "--json", "--pack", "tea"])
        assert made.exit_code == 0, made.output
        assert json.loads(made.output)["taken"][0]["instrument"] == "pot-standard"
        assert "POT-01" not in run(app, ["regulations", "doubts", "--pack", "tea"]).output
        assert "pot-stand" in run(app, ["regulations", "imports", "list", "--pack", "tea"]).output
        assert run(app, ["regulations", "imports", "undo", "pot-standard", "--pack", "tea"]).exit_code == 0
        assert "还没有导入" in run(app, ["regulations", "imports", "list", "--pack", "tea"]).output
