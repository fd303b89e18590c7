"""Mutation testing: defects planted in a package by operators, to see which of them a review catches.

What can be changed in which format, and what cannot, stands in docs/mutations.md.
"""

from itertools import islice
from pathlib import Path
from random import Random

from assist_review.errors import SettingsError
from assist_review.evaluate.mutate import clauses, files, hidden, laws, lists, names, numbers, tables
from assist_review.evaluate.mutate.package import load, write
from assist_review.evaluate.mutate.planted import Change, NoPlace, Operator, Planted
from assist_review.evaluate.mutate.survey import Survey
from assist_review.filing import Filing, ServiceProfile
from assist_review.lists import Extraction

OPERATORS: dict[str, Operator] = {
    operator.id: operator
    for operator in (
        *numbers.OPERATORS,
        *tables.OPERATORS,
        *names.OPERATORS,
        *lists.OPERATORS,
        *clauses.OPERATORS,
        *laws.OPERATORS,
        *hidden.OPERATORS,
        *files.OPERATORS,
    )
}  # fmt: skip
_TRIES = 40  # changes that are tried before an operator gives up on a package


def plant(
    package: Path, out: Path, operator_id: str, seed: int, *,
    filing: Filing | None = None, extraction: Extraction | None = None,
) -> Planted | None:  # fmt: skip
    """Copies `package` to `out` with one defect planted; None (and no copy) where the package offers no place.

    `seed` picks among the places; the same arguments give the same bytes. `filing` and `extraction` are what was
    read from `package`; without them it is read here, images excepted. Raises SettingsError for an unknown operator,
    a package that is not a folder, or an `out` that is not empty.
    """
    operator = OPERATORS.get(operator_id)
    if operator is None:
        raise SettingsError(f"没有名为 {operator_id} 的变异算子；可用的有：{'、'.join(OPERATORS)}。")
    content = load(package)
    survey = Survey(content, filing or _read(package), extraction)
    for change in islice(operator.propose(survey, Random(f"{seed}/{operator_id}")), _TRIES):
        try:
            edited = {file: edit(content[file]) for file, edit in change.edits.items()}
        except NoPlace:
            continue
        if all(content[f] == data for f, data in edited.items()) and not change.drops and not change.adds:
            continue
        write(package, out, {**edited, **change.adds}, change.drops)
        return _planted(operator, seed, change)
    return None


def _planted(operator: Operator, seed: int, change: Change) -> Planted:
    files = change.files or (*change.edits, *change.adds, *change.drops)
    return Planted(
        operator=operator.id, seed=seed, codes=operator.codes, requirements=operator.requirements, files=tuple(files),
        place=change.place, before=change.before, after=change.after, absent=change.absent,
    )  # fmt: skip


def _read(package: Path) -> Filing:
    from assist_review import packs
    from assist_review.read import read

    documents, unreadable = read(package, lexicon=packs.load(packs.find()).lexicon, ocr=False)
    return Filing(
        name=package.name, route="filing", service=ServiceProfile(), documents=documents, unreadable=unreadable
    )
