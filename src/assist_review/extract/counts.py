"""Facts counted in banks: how many entries a list has, in all and per risk, and when it was last updated."""

from collections.abc import Iterator, Sequence

from assist_review.cells import column_letters
from assist_review.filing import Document
from assist_review.keys import keyed
from assist_review.lists import Bank, BankRow
from assist_review.numbers import find_dates
from assist_review.review import Evidence, Fact
from assist_review.text import fold

_NAMES = {
    "keywords": ("keywords", "条"), "generated": ("questions.generated", "题"),
    "refuse": ("questions.refuse", "题"), "answer": ("questions.answer", "题"),
}  # fmt: skip


def bank_facts(banks: Sequence[Bank], documents: Sequence[Document]) -> Iterator[Fact]:
    """Counted facts of all lists. A copy of a list (same entries, other file) counts once; all rows count."""
    roles = {d.file: d.role for d in documents}
    for kind, (name, unit) in _NAMES.items():
        rows: dict[str, list[tuple[Bank, BankRow]]] = {}
        seen: dict[tuple[str, ...], str] = {}
        every: list[tuple[Bank, BankRow]] = []
        for bank in banks:
            if bank.kind != kind or not bank.rows:
                continue
            entries = tuple(sorted(r.entry for r in bank.rows))
            if seen.setdefault(entries, bank.file) != bank.file:
                continue
            for row in bank.rows:
                every.append((bank, row))
                if row.risk:
                    rows.setdefault(row.risk, []).append((bank, row))
        if every:
            for n in _numbers(every):
                yield _counted(f"{name}.total", n, unit, every[0], roles=roles, quote=every[0][0].sheet)
        for risk, members in rows.items():
            for n in _numbers(members):
                yield _counted(f"{name}.{risk}", n, unit, members[0], roles=roles)
    yield from _updates(banks, roles)


def _numbers(members: Sequence[tuple[Bank, BankRow]]) -> tuple[int, ...]:
    """All rows, and the distinct entries where those are fewer: a filing may state either."""
    distinct = len({fold(row.entry) for _, row in members})
    return (len(members),) if distinct == len(members) else (distinct, len(members))


def _counted(
    name: str, value: int, unit: str, first: tuple[Bank, BankRow], *, roles: dict[str, str], quote: str = ""
) -> Fact:
    bank, row = first
    key = next((k for k in ("class2", "class1", "code") if row.cells.get(k)), "entry")
    cell = f"{column_letters(bank.columns[key] + 1)}{row.number}"
    quote = quote or row.cells.get(key, "") or row.entry
    return Fact(
        name=name, value=value, unit=unit, role=roles[bank.file], section=bank.sheet, counted=True,
        evidence=Evidence(
            file=bank.file, sheet=bank.sheet, cell=cell, row=row.number, quote=quote
        ),
    )  # fmt: skip


def _updates(banks: Sequence[Bank], roles: dict[str, str]) -> Iterator[Fact]:
    """The latest date of the update log of keyword lists and of question banks."""
    latest: dict[str, tuple[str, Bank, BankRow]] = {}
    for bank in banks:
        role = str(roles[bank.file])
        if bank.kind != "update_log" or role not in ("keywords", "questions"):
            continue
        for row in bank.rows:
            found = find_dates(keyed(row.cells["date"]).key)
            if found and (role not in latest or found[0].iso > latest[role][0]):
                latest[role] = (found[0].iso, bank, row)
    for role, (iso, bank, row) in latest.items():
        cell = f"{column_letters(bank.columns['date'] + 1)}{row.number}"
        yield Fact(
            name=f"{role}.update_date", value=iso, role=role, section=bank.sheet, counted=True,
            evidence=Evidence(
                file=bank.file, sheet=bank.sheet, cell=cell, row=row.number, quote=row.cells["date"]
            ),
        )  # fmt: skip
