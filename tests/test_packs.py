"""Packs: the whole of cn-genai is sound, and every mistake in a pack is named with file, line and key."""

import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assist_review import packs
from assist_review.errors import RegulationError
from assist_review.filing import Role
from assist_review.pack_checks import KINDS
from assist_review.regulation import Pack
from assist_review.text import fold

ROOT = Path(__file__).resolve().parents[1]

COUNTS = {
    "SUB": 15, "SRC": 16, "CON": 10, "LAB": 15, "MOD": 12, "MEA": 21, "KEY": 9, "QST": 14, "EVA": 17, "SVC": 14,
    "PI": 18, "MIN": 14, "IPR": 10, "LBL": 16, "CMP": 7, "ALG": 10, "XBD": 9, "CHG": 12, "ANT": 12, "INT": 5,
}  # fmt: skip
DEFECTS = {
    "A": 16, "B": 10, "C": 20, "D": 10, "E": 12, "F": 16, "G": 15, "H": 17, "I": 11, "K": 10, "L": 3, "T": 10,
}  # fmt: skip

# Codes that files alone cannot show, each with the reason.
UNSEEN = {
    **{f"T{n:02d}": "behaviour of the running service" for n in range(2, 11)},
    "H06": "the path in the product itself",
    "H10": "the text on the live page",
    "A12": "the ICP register",
    "K04": "other filings and public templates to compare with",
    "F15": "answers to reworded questions put to the live model",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load(ROOT / "regulations" / "cn-genai")


class TestChina:
    def test_it_is_found_in_a_checkout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(packs.ENVIRONMENT, raising=False)
        assert packs.find() == ROOT / "regulations" / "cn-genai"

    def test_it_loads_fast(self) -> None:
        start = time.process_time()
        packs.load(ROOT / "regulations" / "cn-genai")
        assert time.process_time() - start < 1.0  # about 0.2 s on an idle core; the slack is for busy machines

    def test_every_row_of_the_inventory_is_there_once(self, pack: Pack) -> None:
        ids = {f"{theme}-{n:02d}" for theme, count in COUNTS.items() for n in range(1, count + 1)}
        assert len(ids) == 256
        assert {r.id for r in pack.requirements} == ids

    def test_confidence_marks_are_those_of_the_inventory(self, pack: Pack) -> None:
        assert Counter(r.confidence for r in pack.requirements) == {"A": 94, "B": 104, "C": 46, "own": 12}

    def test_severities_are_those_of_the_inventory(self, pack: Pack) -> None:
        assert Counter(r.severity.value for r in pack.requirements) == {"fatal": 50, "major": 160, "minor": 46}

    def test_every_requirement_says_what_why_and_how(self, pack: Pack) -> None:
        for r in pack.requirements:
            assert r.cites, r.id
            assert r.checks, r.id
            assert len(r.statement) >= 10, r.id
            assert len(r.revise) >= 10, r.id
            assert not re.search(r"TODO|FIXME|……$", r.statement + r.revise), r.id

    def test_no_requirement_holds_before_all_its_clauses(self, pack: Pack) -> None:
        """On its first day a requirement must have something in force to rest on."""
        clauses = {c.id: c for c in pack.clauses}
        for r in pack.requirements:
            start = r.in_force.start
            if start:
                assert any(clauses[c].in_force.holds(start) for c in r.cites), r.id

    def test_clauses_are_short_restatements(self, pack: Pack) -> None:
        for c in pack.clauses:
            assert not c.verbatim
            assert 20 <= len(c.text) <= 200, c.id
            assert c.label, c.id

    def test_dates_of_instruments_are_sane(self, pack: Pack) -> None:
        assert len(pack.instruments) == 60
        for i in pack.instruments:
            for day in (i.promulgated, i.in_force.start, i.in_force.end):
                assert day is None or date(1985, 1, 1) <= day <= date(2026, 12, 31), i.id
            if i.status == "in_force" and i.confidence in ("A", "B"):
                assert i.in_force.start, i.id
            assert (i.status == "replaced") == bool(i.replaced_by), i.id

    def test_names_of_instruments_lead_to_one_instrument(self, pack: Pack) -> None:
        owner: dict[str, str] = {}
        for i in pack.instruments:
            for name in {fold(n) for n in (i.title, i.short, *i.aliases)}:
                assert owner.setdefault(name, i.id) == i.id, name

    def test_the_cybersecurity_law_changes_its_numbers_at_new_year_2026(self, pack: Pack) -> None:
        old, new = pack.clause("csl-2016:21"), pack.clause("csl-2025:23")
        assert old is not None
        assert new is not None
        assert (old.in_force.holds(date(2025, 12, 31)), new.in_force.holds(date(2025, 12, 31))) == (True, False)
        assert (old.in_force.holds(date(2026, 1, 1)), new.in_force.holds(date(2026, 1, 1))) == (False, True)

    def test_the_old_standard_can_still_be_cited_beside_the_new_one(self, pack: Pack) -> None:
        day = date(2026, 11, 23)
        for clause_id in ("tc260-003:9.2.a", "gbt-45654-2025:B"):
            clause = pack.clause(clause_id)
            assert clause is not None
            assert clause.in_force.holds(day)

    def test_there_are_31_risks_and_13_topics(self, pack: Pack) -> None:
        groups = Counter(r.group for r in pack.risks)
        assert groups == {"A1": 8, "A2": 9, "A3": 5, "A4": 7, "A5": 2, "topic": 13}
        for r in pack.risks:
            low = r.group in ("A1", "A2")
            assert r.keywords_min == {"A1": 200, "A2": 100}.get(r.group), r.id
            assert r.generated_min == (None if r.group == "topic" else 50 if low else 20), r.id
            assert r.refuse_min == (20 if low else None), r.id
            assert r.answer_min == (20 if r.group == "topic" else None), r.id

    @pytest.mark.parametrize(
        "text", ["A.1", "A1", "Ａ．１", "A.1类", "附录A.1", "（A.1）违反社会主义核心价值观", "A-1"]
    )
    def test_group_codes_match_as_filings_write_them(self, pack: Pack, text: str) -> None:
        hits = {g.id for g in pack.groups if any(re.search(c, fold(text)) for c in g.codes)}
        assert hits == {"A1"}

    def test_profiles_name_what_each_route_wants(self, pack: Pack) -> None:
        profiles = {p.route: p for p in pack.profiles if not p.province}
        required = {r: {d.role for d in p.documents if d.required} for r, p in profiles.items()}
        core = {"form", "agreement", "privacy", "keywords", "questions", "licence", "commitment"}
        assert required["filing"] == core | {"report", "annotation_rules"}
        assert required["registration"] == core | {"evidence"}
        pledge = next(d for d in profiles["filing"].documents if d.role == "commitment")
        assert (pledge.seal, pledge.signatures) == (True, 2)

    def test_expected_kinds_of_checks_are_used(self, pack: Pack) -> None:
        by_id = {r.id: {c["kind"] for c in r.checks} for r in pack.requirements}
        for requirement, kind in {
            "SUB-03": "route", "SUB-04": "documents", "SUB-06": "agreement", "SUB-08": "marks", "CON-02": "sample",
            "LAB-06": "role_separation", "MOD-01": "base_model", "KEY-01": "count", "KEY-03": "per_risk",
            "QST-13": "duplicates", "EVA-02": "clause_table", "CHG-10": "law", "INT-01": "hidden", "MIN-01": "audience",
        }.items():  # fmt: skip
            assert kind in by_id[requirement], requirement

    def test_every_defect_that_files_can_show_is_reached(self, pack: Pack) -> None:
        codes = {f"{letter}{n:02d}" for letter, count in DEFECTS.items() for n in range(1, count + 1)}
        assert len(codes) == 150
        used = set().union(*(r.defects for r in pack.requirements)) | set(_codes([r.checks for r in pack.requirements]))
        assert used <= codes
        assert codes - used - set(UNSEEN) == set()

    def test_the_law_lexicon_can_be_used(self, pack: Pack) -> None:
        laws = pack.lexicon["laws"]
        for pattern in (*laws["shapes"].values(), laws["citation"]["title"], laws["citation"]["article"]):
            re.compile(pattern)
        for entry in laws["wrong"]:
            assert entry["kind"] in ("never", "repealed", "draft", "level")
            assert entry["says"].endswith("。")
            assert not entry.get("instrument") or pack.instrument(entry["instrument"])
        for entry in laws["superseded"]:
            assert "by" not in entry or pack.instrument(entry["by"])

    def test_no_law_is_called_wrong_that_the_pack_knows(self, pack: Pack) -> None:
        good = {fold(n) for i in pack.instruments if i.status == "in_force" for n in (i.title, i.short, *i.aliases)}
        good |= {fold(e["title"]) for e in pack.lexicon["laws"]["known"]}
        wrong = {fold(t) for e in pack.lexicon["laws"]["wrong"] for t in e["titles"]}
        assert good & wrong == set()

    @pytest.mark.parametrize(
        ("old", "new"), [(2, 2), (3, 4), (18, 19), (19, 21), (21, 23), (24, 26), (49, 51), (59, 61), (68, 69), (79, 81)]
    )
    def test_old_articles_of_the_cybersecurity_law_have_new_numbers(self, pack: Pack, old: int, new: int) -> None:
        table = pack.lexicon["laws"]["articles"][0]
        moved = {m["old"]: m["new"] for m in table["moved"]}
        ranged = [old + r["add"] for r in table["ranges"] if r["from"] <= old <= r["to"]]
        assert (moved.get(old) or ranged[0]) == new

    @pytest.mark.parametrize(
        ("number", "shape"),
        [
            ("Beijing-MingCheng-20230821", "filing_no"),
            ("Hunan-MingCheng-202412310003", "filing_no"),
            ("Guangdong-MingCheng-20260706S0054", "registration_no"),
            ("网信算备110108000000000230031号", "algorithm_no"),
            ("京ICP备2024012345号-1", "icp_no"),
            ("91110108MA01ABCD0X", "uscc"),
        ],
    )
    def test_register_numbers_have_one_shape(self, pack: Pack, number: str, shape: str) -> None:
        shapes = pack.lexicon["laws"]["shapes"]
        assert [name for name, pattern in shapes.items() if re.fullmatch(pattern, number)] == [shape]


def _codes(value: Any) -> Iterator[str]:
    """Defect codes anywhere in the parameters of checks: `defect = …`, `defects = {…}`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "defect":
                yield inner
            elif key == "defects":
                yield from inner.values() if isinstance(inner, dict) else inner
            else:
                yield from _codes(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _codes(inner)


INSTRUMENTS = "instruments.toml"
THEME = "requirements/theme.toml"
FILES = {
    "pack.toml": 'id = "mini"\nversion = "1"\ntitle = "小包"\n',
    "instruments.toml": """[[instrument]]
id = "law"
title = "甲法"
short = "甲法"
english = "Law A"
level = "法律"
issuer = "机关"
promulgated = 2020-01-01
in_force = { from = 2021-01-01 }
status = "in_force"
confidence = "A"
""",
    "clauses/law.toml": """[[clause]]
number = "7"
label = "第七条"
text = "应当做某事。"

[[clause]]
number = "8"
label = "第八条"
text = "应当做另一事。"
in_force = { from = "2022-01-01", to = "2023-01-01" }
""",
    "risks.toml": """[[group]]
id = "A1"
name = "甲类"
codes = ['a1']

[[risk]]
id = "A1.a"
group = "A1"
name = "甲"
synonyms = ["甲甲"]

[[risk]]
id = "A1.b"
group = "A1"
name = "乙"
""",
    "profiles/filing.toml": """id = "filing"
route = "filing"
name = "备案"

[[document]]
role = "form"
name = "申请表"
""",
    "lexicon/words.toml": 'words = ["一"]\n',
    "requirements/theme.toml": """[[requirement]]
id = "AAA-01"
theme = "theme"
dimension = "data"
severity = "major"
confidence = "B"
statement = "应当做某事。"
cites = ["law:7"]
roles = ["report"]
applies_when = "service.training != 'none'"
in_force = { from = "2021-01-01" }
defects = ["C01"]
revise = "请补充。"
check = { kind = "sums" }

[[requirement]]
id = "AAA-02"
theme = "theme"
dimension = "rights"
severity = "minor"
confidence = "own"
statement = "应当写明渠道。"
cites = ["law:8"]
roles = []
revise = "请写明渠道。"
[requirement.check]
kind = "content"
anchors = ["投诉"]
groups = [
  { name = "渠道", any = ["电话", "re:[0-9]{3,}"] },
]
need = 1
in_each = ["agreement"]
absent = "missing"
bad = [
  { any = ["暂未设置"], unless = ["工作日"], defect = "H01", says = "没有渠道" },
]
""",
}


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "mini" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "mini"


class TestLoading:
    def test_a_sound_pack_loads_whole(self, mini: Path) -> None:
        pack = packs.load(mini)
        assert (pack.id, pack.lexicon["words"]["words"]) == ("mini", ["一"])
        assert [r.checks[0]["kind"] for r in pack.requirements] == ["sums", "content"]
        seven, eight = pack.clauses
        assert seven.id == "law:7"
        assert (seven.confidence, seven.in_force.start) == ("A", date(2021, 1, 1))
        assert eight.in_force.end == date(2023, 1, 1)

    def test_checks_may_be_a_list(self, mini: Path) -> None:
        _change(
            mini,
            "requirements/theme.toml",
            'check = { kind = "sums" }',
            'checks = [{ kind = "sums" }, { kind = "dates" }]',
        )
        assert [c["kind"] for c in packs.load(mini).requirements[0].checks] == ["sums", "dates"]

    def test_the_hash_depends_on_every_file(self, mini: Path) -> None:
        before = packs.load(mini).sha256
        assert packs.load(mini).sha256 == before
        (mini / "registers").mkdir()
        (mini / "registers" / "filed.csv").write_text("属地\n", encoding="utf-8")
        assert packs.load(mini).sha256 != before

    @pytest.mark.parametrize(
        ("file", "old", "new", "line", "key", "words"),
        [
            ("pack.toml", 'version = "1"\n', "", 1, "version", "缺少这个键"),
            ("pack.toml", "version", "verson", 2, "verson", "没有这个键"),
            ("pack.toml", '"mini"', '"mini', 1, "文件", "不是正确的 TOML"),
            (INSTRUMENTS, "2020-01-01", '"昨天"', 8, "promulgated", "不是日期"),
            (INSTRUMENTS, "2020-01-01", "2022-01-01", 8, "promulgated", "晚于施行日期"),
            (INSTRUMENTS, '"in_force"', '"valid"', 10, "status", "“valid”不可用"),
            (INSTRUMENTS, 'status = "in_force"', 'status = "draft"\nreplaced_by = "b"', 11, "replaced_by", "没有登记"),
            (INSTRUMENTS, "issuer", "isuer", 1, "issuer", "缺少这个键"),
            ("clauses/law.toml", "第八条", '第八条"\nid = "law:8', 9, "id", "由文件名得出"),
            ("clauses/law.toml", 'number = "8"', "number = 8", 7, "number", "不是条款编号"),
            ("clauses/law.toml", 'number = "8"', 'number = "7"', 7, "number", "已用于 mini/clauses/law.toml:2"),
            ("clauses/law.toml", "2022-01-01", "2024-01-01", 10, "in_force", "晚于结束日期"),
            ("clauses/law.toml", '"2023-01-01"', '"2023-13-01"', 10, "in_force.to", "不是日期"),
            ("clauses/law.toml", "to =", "until =", 10, "in_force.until", "没有这个键"),
            ("clauses/law.toml", "[[clause]]\nnumber = \"8\"", "[[claus]]\nnumber = \"8\"", 6, "claus", "没有这个键"),
            ("risks.toml", "['a1']", "['a(1']", 4, "codes", "不是正确的正则表达式"),
            ("risks.toml", 'group = "A1"\nname = "乙"', 'group = "A2"\nname = "乙"', 14, "group", "没有“A2”这一类"),
            ("risks.toml", '"乙"', '"甲甲"', 15, "synonyms", "“甲甲”已是“A1.a”"),
            ("profiles/filing.toml", '"form"', '"forms"', 6, "role", "“forms”不是文件类别"),
            ("profiles/filing.toml", 'route = "filing"', 'route = "other"', 2, "route", "“other”不可用"),
            (THEME, '"AAA-02"', '"AAA-01"', 17, "id", "已用于 mini/requirements/theme.toml:2"),
            (THEME, "severity = \"minor\"", "severity = \"small\"", 20, "severity", "“small”不可用"),
            (THEME, '"data"', '"datas"', 4, "dimension", "“datas”不可用"),
            (THEME, '"law:7"', '"law:9"', 8, "cites", "引用的条款“law:9”不存在"),
            (THEME, '["report"]', '["raport"]', 9, "roles", "“raport”不是文件类别"),
            (THEME, "'none'", "'non'", 10, "applies_when", "第 21 个字符"),
            (THEME, "2021-01-01", "2021-1-1", 11, "in_force.from", "不是日期"),
            (THEME, '["C01"]', '["C1"]', 12, "defects", "“C1”不是缺陷代码"),
            (THEME, "revise = \"请补充。\"\n", "", 1, "revise", "缺少这个键"),
            (THEME, "theme = \"theme\"", "topic = \"theme\"", 1, "theme", "缺少这个键"),
            (THEME, "defects =", 'hint = ""\ndefects =', 12, "hint", "没有这个键"),
            (THEME, 'check = { kind = "sums" }', "", 1, "check", "至少要有一个核查"),
            (THEME, '"sums"', '"sum"', 14, "check.kind", "“sum”不可用"),
            (THEME, 'kind = "sums"', 'type = "sums"', 14, "check.kind", "缺少这个键"),
            (THEME, 'kind = "sums"', 'kind = "sums", defect = "c1"', 14, "check.defect", "“c1”不是缺陷代码"),
            (THEME, "anchors", "anchor", 28, "check.anchor", "没有这个键"),
            (THEME, '"re:[0-9]{3,}"', '"re:[0-9"', 30, "check.groups.any", "不是正确的正则表达式"),
            (THEME, '{ name = "渠道", any', "{ any", 29, "check.groups.name", "缺少这个键"),
            (THEME, "need = 1", "need = 2", 32, "check.need", "应为 1 到 1 之间"),
            (THEME, '["agreement"]', '["agreements"]', 33, "check.in_each", "不是文件类别"),
            (THEME, '"missing"', '"gone"', 34, "check.absent", "“gone”不可用"),
            (THEME, '"H01"', '"H1"', 36, "check.bad.defect", "“H1”不是缺陷代码"),
            (THEME, ', says = "没有渠道"', "", 35, "check.bad.says", "缺少这个键"),
            (THEME, '["暂未设置"]', "[]", 36, "check.bad.any", "应为非空的列表"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_named_with_file_line_and_key(
        self, mini: Path, file: str, old: str, new: str, line: int, key: str, words: str
    ) -> None:
        _change(mini, file, old, new)
        with pytest.raises(RegulationError) as error:
            packs.load(mini)
        message = str(error.value)
        assert message.startswith(f"mini/{file}:{line}: {key}: "), message
        assert words in message

    def test_a_clause_file_is_named_after_its_instrument(self, mini: Path) -> None:
        shutil.move(mini / "clauses" / "law.toml", mini / "clauses" / "laws.toml")
        with pytest.raises(
            RegulationError, match=r"^mini/clauses/laws\.toml:1: clause: instruments\.toml 中没有“laws”"
        ):
            packs.load(mini)

    def test_a_missing_file_is_named(self, mini: Path) -> None:
        (mini / "risks.toml").unlink()
        with pytest.raises(RegulationError, match=r"^mini/risks\.toml:1: 文件: 无法读取"):
            packs.load(mini)

    def test_a_file_in_another_encoding_is_named(self, mini: Path) -> None:
        (mini / "lexicon" / "words.toml").write_bytes("a = 1\nwords = '备案材料'\n".encode("gb18030"))
        with pytest.raises(RegulationError, match=r"^mini/lexicon/words\.toml:2: 文件: 不是 UTF-8 编码"):
            packs.load(mini)


class TestFinding:
    def test_the_environment_names_another_folder(self, mini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(packs.ENVIRONMENT, str(mini.parent))
        assert packs.find("mini") == mini

    def test_an_unknown_pack_says_where_it_was_looked_for(self, mini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(packs.ENVIRONMENT, str(mini.parent))
        with pytest.raises(RegulationError, match="找不到规则包“other”"):
            packs.find("other")

    @pytest.mark.parametrize("name", ["../mini", "", "Mini", "a/b"])
    def test_a_pack_name_is_no_path(self, name: str) -> None:
        with pytest.raises(RegulationError, match="不正确"):
            packs.find(name)


def test_roles_of_packs_are_roles_of_filings() -> None:
    assert {role.value for role in Role} >= {"form", "report", "agreement", "privacy"}
    assert "content" in KINDS


def _change(pack: Path, file: str, old: str, new: str) -> None:
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
