"""Finding clauses: what is named comes first, asking words weigh less, synonyms of the field are tried too."""

import json
from datetime import date
from pathlib import Path

import pytest

from assist_review import packs
from assist_review.law.imported import lay_over, make
from assist_review.law.naming import ClauseNames
from assist_review.law.text import Unit
from assist_review.regulation import Pack
from assist_review.retrieve import Bm25, ClauseIndex, asked

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load_written(ROOT / "regulations" / "cn-genai")


@pytest.fixture(scope="module")
def index(pack: Pack) -> ClauseIndex:
    return ClauseIndex(pack)


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("个人信息保护法第五十五条", "pipl-2021:55"), ("《中华人民共和国个人信息保护法》第55条规定了什么", "pipl-2021:55"),
        ("个人信息保护法第五十五条第（四）项", "pipl-2021:55.i4"), ("暂行办法第七条第（三）项", "genai-measures-2023:7.i3"),
        ("《标识办法》第四条第二款", "label-measures-2025:4.p2"), ("GB/T 45654 附录A A.2", "gbt-45654-2025:A"), ("GB/T 45654-2025附录B", "gbt-45654-2025:B"),
        ("TC260-003 9.2 a)", "tc260-003:9.2.a"), ("TC260-003附录A A.2", "tc260-003:A.2"), ("pipl-2021:17", "pipl-2021:17"),
        ("网络安全法第二十三条", "csl-2025:23"),
    ],
)  # fmt: skip
def test_a_named_clause_always_comes_first(index: ClauseIndex, query: str, clause: str) -> None:
    assert index.search(query)[0].clause.id == clause


def test_of_two_versions_the_one_of_the_day_comes_first(pack: Pack) -> None:
    names = ClauseNames(pack)
    assert names.named("网络安全法第二十一条", date(2025, 12, 31))[0] == "csl-2016:21"
    assert names.named("网络安全法第二十三条", date(2026, 1, 1))[0] == "csl-2025:23"


def test_parts_of_imported_articles_are_found_by_name_only(pack: Pack) -> None:
    units = (
        Unit(number="9", label="第九条", text="茶馆应当烧水。\n（一）三次；"),
        Unit(number="9.i1", label="第九条第（一）项", text="（一）三次；", parent="9"),
    )
    laid = lay_over(pack, [make(pack.id, "dsl-2021", "茶.txt", "0" * 64, units)])
    index = ClauseIndex(laid)
    assert index.search("数据安全法第九条第（一）项")[0].clause.id == "dsl-2021:9.i1"
    assert "dsl-2021:9.i1" not in [f.clause.id for f in index.search("茶馆烧水三次", limit=50)]
    assert index.search("茶馆烧水几次")[0].clause.id == "dsl-2021:9"


def test_what_a_clause_refers_to_is_followed(pack: Pack) -> None:
    units = (
        Unit(number="9", label="第九条", text="违反本法第六十条规定烧水的，依照《茶馆法》第三条处理。"),
        Unit(number="60", label="第六十条", text="水温有下限。"),
    )
    laid = lay_over(pack, [make(pack.id, "dsl-2021", "茶.txt", "0" * 64, units)])
    clause = laid.clause("dsl-2021:9")
    assert clause is not None
    assert ClauseNames(laid).referred(clause) == ("dsl-2021:60",)
    assert "dsl-2021:60" in [f.clause.id for f in ClauseIndex(laid).search("烧水怎么处理", limit=15)]


def test_words_of_asking_count_half() -> None:
    weights = asked("日志应该保存多久")
    assert (weights["日志"], weights["应该"]) == (1.0, 0.5)
    assert asked("怎么办") == {"怎么": 1.0, "么办": 1.0}


def test_a_question_reaches_texts_that_share_no_word_with_it() -> None:
    index = Bm25(["小狗咬人由饲养人赔偿", "饲养人对动物负责", "房屋租赁合同"])
    assert index.asked("小狗咬人")[:2] == [0, 1]
    assert index.asked("") == []


def test_own_questions_have_split_role_and_known_clauses(pack: Pack) -> None:
    folder = ROOT / "eval" / "retrieval"
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [line.split("\t") for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    assert len(questions) >= 200
    assert {q["split"] for q in questions} == {"dev", "test"}
    assert {q["role"] for q in questions} == {"applicant", "reviewer", "lawyer"}
    assert {q["_id"] for q in questions} == {row[0] for row in rows}
    assert {row[1] for row in rows} <= {c.id for c in pack.clauses}
