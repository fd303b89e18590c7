"""Public lists: read from tables of any format, never counted twice, and held against the numbers of a filing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from assist_review import packs
from assist_review.check.context import Context, Say
from assist_review.check.rules.register import register
from assist_review.cli import app
from assist_review.errors import RegulationError
from assist_review.filing import Block, Document, Filing, Place, ServiceProfile
from assist_review.law.registers import import_lists, lists
from assist_review.lists import Extraction
from assist_review.regulation import Pack, Register, RegisterEntry
from assist_review.review import Evidence, Fact, Finding

ROOT = Path(__file__).resolve().parents[1]
HEAD = ["序号", "属地", "模型名称", "备案单位", "备案号", "备案时间"]
ROWS = [
    ["1", "北京", "云雀茶模型", "北京云雀科技有限公司", "Beijing-YunQueCha-20240115", "2024/1/15"],
    ["2", "湖南", "品茶大模型", "湖南品茶科技有限公司", "Hunan-PinCha-202412310003", "2024/12/31"],
]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load_written(ROOT / "regulations" / "cn-genai")


def _csv(path: Path, rows: list[list[str]], head: list[str] = HEAD) -> Path:
    path.write_text("\n".join(",".join(r) for r in [head, *rows]) + "\n", encoding="utf-8")
    return path


class TestImport:
    def test_increments_and_a_yearly_summary_count_each_number_once(
        self, pack: Pack, tmp_path: Path, own_data: Path
    ) -> None:
        first = import_lists(_csv(tmp_path / "a 2024-02-01.csv", ROWS[:1]), pack, own_data)
        second = import_lists(_csv(tmp_path / "b 2024-12-31.csv", [*ROWS, ROWS[1]]), pack, own_data)
        assert [(r.new, r.known, r.doubled) for r in (*first, *second)] == [(1, 0, 0), (1, 1, 1)]
        made = packs.load(ROOT / "regulations" / "cn-genai").register("filed")
        assert made is not None
        assert (len(made.entries), made.as_of) == (2, date(2024, 12, 31))
        again = import_lists(_csv(tmp_path / "b 2024-12-31.csv", [*ROWS, ROWS[1]]), pack, own_data)
        assert again[0].new == 0
        assert len(lists(own_data, "cn-genai")) == 2

    def test_a_cumulative_list_starts_anew_and_names_what_is_gone(
        self, pack: Pack, tmp_path: Path, own_data: Path
    ) -> None:
        import_lists(_csv(tmp_path / "a.csv", ROWS), pack, own_data, as_of=date(2025, 1, 1))
        changed = [[*ROWS[1][:3], "湖南新茶科技有限公司", *ROWS[1][4:]]]
        (report,) = import_lists(
            _csv(tmp_path / "b.csv", changed), pack, own_data, as_of=date(2025, 6, 1), mode="cumulative"
        )
        assert report.gone == ("Beijing-YunQueCha-20240115",)
        assert report.changed == ("Hunan-PinCha-202412310003",)
        made = packs.load(ROOT / "regulations" / "cn-genai").register("filed")
        assert made is not None
        assert [e.holder for e in made.entries] == ["湖南新茶科技有限公司"]

    def test_two_lists_in_one_workbook_and_a_web_page_are_told_apart(
        self, pack: Pack, tmp_path: Path, own_data: Path
    ) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["生成式人工智能服务已备案信息（截至2026年6月30日）"])
        for row in (HEAD, *ROWS):
            sheet.append(row)
        other = book.create_sheet("登记")
        other.append(["序号", "属地", "应用/功能名称", "单位", "上线编号", "时间"])
        other.append(["1", "广东", "茶助手", "广东茶科技有限公司", "Guangdong-ChaZhuShou-20260706S0054", "2026/7/6"])
        book.save(tmp_path / "lists.xlsx")
        reports = import_lists(tmp_path / "lists.xlsx", pack, own_data)
        assert {(r.kind, r.rows, r.as_of) for r in reports} == {
            ("filed", 2, date(2026, 6, 30)),
            ("registered", 1, date(2026, 6, 30)),
        }
        cells = "".join(
            f"<td>{c}</td>"
            for c in [
                "茶推荐算法",
                "个性化推送类",
                "北京云雀科技有限公司",
                "茶App",
                "推荐",
                "网信算备110108000000000230031号",
            ]
        )
        heads = "".join(
            f"<th>{c}</th>" for c in ["算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号"]
        )
        page = tmp_path / "algorithms.html"
        page.write_text(
            f"<html><body><p>2024年8月5日公告</p><table><tr>{heads}</tr><tr>{cells}</tr></table></body></html>",
            encoding="utf-8",
        )
        (report,) = import_lists(page, pack, own_data)
        assert (report.kind, report.rows, report.as_of, report.odd) == ("algorithm", 1, date(2024, 8, 5), ())

    @pytest.mark.parametrize(
        ("head", "name", "words"),
        [
            (["甲", "乙", "丙", "丁", "戊", "己"], "x 2024-01-01.csv", "没有认得出的名单"),
            (HEAD, "x.csv", "哪一天的名单"),
        ],
        ids=["no-list", "no-day"],
    )
    def test_what_cannot_be_used_is_refused_whole(
        self, pack: Pack, tmp_path: Path, own_data: Path, head: list[str], name: str, words: str
    ) -> None:
        rows = [["甲", "乙", "丙", "丁", "戊", "己"]] if head != HEAD else [[*ROWS[0][:5], "备案"]]
        with pytest.raises(RegulationError, match=words):
            import_lists(_csv(tmp_path / name, rows, head), pack, own_data)
        assert lists(own_data, "cn-genai") == ()

    def test_the_commands_import_list_find_and_undo(self, tmp_path: Path) -> None:
        run = CliRunner().invoke
        path = _csv(tmp_path / "a 2024-12-31.csv", ROWS)
        assert "新增2条" in run(app, ["registers", "import", str(path)]).output
        assert "合并后2条" in run(app, ["registers", "list"]).output
        assert "湖南品茶" in run(app, ["registers", "find", "品茶"]).output
        assert run(app, ["registers", "undo", "filed"]).exit_code == 0
        assert run(app, ["registers", "find", "品茶"]).exit_code == 1


class TestCheck:
    NUMBER = "Hunan-PinCha-202412310003"

    def _findings(self, pack: Pack, text: str, model: str, registers: tuple[Register, ...]) -> list[Finding]:
        block = Block(id="b1", kind="paragraph", text=text, order=1, place=Place(paragraph=1))
        document = Document(file="表.docx", sha256="0", size_bytes=1, format="docx", blocks=(block,))
        filing = Filing(name="包", route="filing", service=ServiceProfile(), documents=(document,))
        at = Evidence(file="表.docx", paragraph=1, quote=self.NUMBER)
        facts = (
            Fact(name="base_model.filing_no", value=self.NUMBER, evidence=at),
            Fact(name="base_model.name", value=model, evidence=at.model_copy(update={"quote": model})),
        )
        context = Context(
            filing, Extraction(facts, ()), pack.model_copy(update={"registers": registers}), date(2026, 11, 23)
        )
        requirement = pack.requirement("MOD-01")
        assert requirement is not None
        params = next(c for c in requirement.checks if c["kind"] == "register")
        found: Iterator[Finding] = register(context, Say(requirement, params))
        return list(found)

    @property
    def known(self) -> tuple[Register, ...]:
        entry = RegisterEntry(
            number=self.NUMBER, name="品茶大模型", holder="湖南品茶科技有限公司", listed=date(2026, 6, 30)
        )
        return (Register(kind="filed", name="已备案名单", as_of=date(2026, 6, 30), entries=(entry,)),)

    def test_a_number_of_another_model_is_a_problem_with_the_date_of_the_list(self, pack: Pack) -> None:
        (finding,) = self._findings(pack, f"基础模型：饮水模型，备案号{self.NUMBER}", "饮水模型", self.known)
        assert (finding.verdict, finding.defect) == ("non_compliant", "B05")
        assert "截至2026-06-30" in finding.statement
        assert "品茶大模型" in finding.statement

    def test_a_number_that_agrees_is_confirmed(self, pack: Pack) -> None:
        (finding,) = self._findings(pack, f"基础模型：品茶，备案号{self.NUMBER}", "品茶模型", self.known)
        assert finding.verdict == "compliant"
        assert "截至2026-06-30" in finding.statement

    def test_a_number_the_list_lacks_is_for_a_person(self, pack: Pack) -> None:
        empty = (self.known[0].model_copy(update={"entries": ()}),)
        (finding,) = self._findings(pack, "基础模型：品茶", "品茶模型", empty)
        assert finding.verdict == "unclear"

    def test_without_a_list_the_finding_says_so(self, pack: Pack) -> None:
        (finding,) = self._findings(pack, "基础模型：品茶", "品茶模型", ())
        assert (finding.verdict, "没有导入公开名单" in finding.statement) == ("compliant", True)
