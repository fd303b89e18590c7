"""What counts as catching a planted defect, and a mutation run from package to page."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assist_review import packs
from assist_review.errors import SettingsError
from assist_review.evaluate.mutate.planted import Planted
from assist_review.evaluate.mutation import Mutation, finding_key, judged, mutate_packages, tabulate
from evaluate_cases import REPORT, Inline, case_folder, finding, review

OPERATOR = "corpus-rate-mismatch"


def _planted(**more: Any) -> Mutation:
    made: dict[str, Any] = {
        "operator": OPERATOR, "seed": 0, "codes": ("C11",), "requirements": ("CON-05",), "files": (REPORT,),
        "place": "第1段", "before": "96%", "after": "99%", **more,
    }  # fmt: skip
    return Mutation(key="k", package="p", operator=OPERATOR, seed=0, planted=Planted(**made))


@pytest.mark.parametrize(
    ("found", "caught", "flagged"),
    [
        pytest.param(finding("CON-05", "non_compliant", quote="99%"), True, True, id="requirement"),
        pytest.param(finding("XYZ-01", "missing", quote="99%", defect="C11"), True, True, id="code"),
        pytest.param(finding("CON-05", "unclear", quote="99%"), False, True, id="unclear"),
        pytest.param(finding("CON-05", "non_compliant", quote="99%", file="别的.docx"), False, False, id="other-file"),
        pytest.param(finding("KEY-01", "non_compliant", quote="99%"), False, False, id="other-problem"),
        pytest.param(finding("CON-05", "compliant", quote="99%"), False, False, id="compliant"),
        pytest.param(finding("CON-05", "non_compliant", quote="旧"), False, False, id="said-before"),
    ],
)
def test_only_a_new_problem_that_names_the_defect_counts(found: Any, caught: bool, flagged: bool) -> None:
    """In its file, by requirement or code, and not in the review of the clean package."""
    clean = frozenset([finding_key(finding("CON-05", "non_compliant", quote="旧"))])
    result = judged(_planted(), review(found), clean)
    assert (result.caught, result.flagged) == (caught, flagged)


def test_an_absence_has_no_file() -> None:
    """Something taken away may be noticed anywhere."""
    found = finding("CON-05", "missing", file="别的.docx")
    assert judged(_planted(absent=True), review(found), frozenset()).caught


def test_what_found_no_place_counts_nowhere() -> None:
    """Only planted defects are in the rate; errors and operators without a place have their own columns."""
    planted = judged(_planted(), review(finding("CON-05", "non_compliant", quote="99%")), frozenset())
    nowhere = Mutation(key="n", package="p", operator=OPERATOR, seed=1)
    broken = Mutation(key="b", package="p", operator=OPERATOR, seed=2, error="坏")
    report = tabulate([planted, nowhere, broken])
    (row,) = report.rows
    assert (row.caught.k, row.caught.n, row.no_place, row.errors) == (1, 1, 1, 1)
    assert tabulate([nowhere]).caught.value is None


def test_a_mutation_run_from_package_to_page(tmp_path: Path) -> None:
    """One operator on a tiny package; a second call finds the work done."""
    package = case_folder(tmp_path / "own", "人工抽检4,000条，合格3,900条，合格率97.50%。") / "package"
    folder = packs.find()

    def go(executor: Inline) -> Any:
        @contextmanager
        def pool() -> Iterator[Executor]:
            yield executor

        return mutate_packages(
            [package], pack=packs.load(folder), pack_folder=folder, home=tmp_path / "runs", pool=pool,
            as_of=date(2026, 11, 23), operators=["steering-visible"], name="m",
        )  # fmt: skip

    out, report = go(Inline())
    assert [m.error for m in report.mutations] == [""]
    assert report.caught.n == 1
    page = (out / "mutations.html").read_text(encoding="utf-8")
    assert "steering-visible" in page
    again = Inline()
    assert go(again)[1] == report
    assert again.calls == []
    with pytest.raises(SettingsError, match="no-such"):
        mutate_packages(
            [package], pack=packs.load(folder), pack_folder=folder, home=tmp_path, pool=lambda: None,
            as_of=date(2026, 11, 23), operators=["no-such"],
        )  # fmt: skip
