"""What the package states: facts with places, lists row by row, and tables whose meaning is known."""

from collections.abc import Iterable, Iterator
from typing import Any

from assist_review.extract.banks import read_banks
from assist_review.extract.corpus import corpus_facts
from assist_review.extract.counts import bank_facts
from assist_review.extract.functions import function_facts
from assist_review.extract.lines import lines
from assist_review.extract.names import Names
from assist_review.extract.patterns import compile_labels, compile_patterns, known_labels, label_facts, prose_facts
from assist_review.extract.results import table_facts
from assist_review.extract.samples import SampleWords, sample_facts
from assist_review.extract.tables import kinds, typed_tables
from assist_review.filing import Document
from assist_review.lists import Extraction, TypedTable
from assist_review.regulation import Risk
from assist_review.review import Fact

_SAME_VALUE = 3  # places kept of one value in one document
_SAMPLED = ("form", "report", "commitment")


def extract(documents: tuple[Document, ...], lexicon: dict[str, Any], risks: tuple[Risk, ...]) -> Extraction:
    """Facts of all documents, the keyword lists and question banks, and the typed tables.

    `lexicon` is the pack's, by file stem: "facts", "tables" and "banks" are used.
    """
    names = Names(risks, lexicon.get("banks", {}).get("groups"))
    known = kinds(lexicon)
    tables = {d.file: tuple(typed_tables(d, known)) for d in documents}
    banks = tuple(read_banks(documents, lexicon, names))
    reader = _Reader(lexicon)
    facts: list[Fact] = []
    for document in documents:
        facts += _kept(reader.facts(document, tables[document.file], names))
    facts += bank_facts(banks, documents)
    return Extraction(facts=tuple(facts), banks=banks, tables=tuple(t for d in documents for t in tables[d.file]))


class _Reader:
    """The lexicon made ready once for all documents."""

    def __init__(self, lexicon: dict[str, Any]) -> None:
        self.labels = compile_labels(lexicon)
        self.words = known_labels(lexicon)
        self.patterns = compile_patterns(lexicon)
        self.samples = SampleWords.of(lexicon)
        self.lexicon = lexicon

    def facts(self, document: Document, tables: tuple[TypedTable, ...], names: Names) -> Iterator[Fact]:
        skip = frozenset(t.table.id for t in tables)
        found = []
        for line in lines(document, self.words, skip):
            found += [*label_facts(line, self.labels), *prose_facts(line, self.patterns), *corpus_facts(line)]
            if document.role in _SAMPLED:
                found += sample_facts(line, self.samples)
            found += function_facts(line, self.lexicon)
        for table in tables:
            found += table_facts(table, names)
        if document.role == "form":
            found = list(_called(found))
        yield from found
        if document.role == "form" and not any(f.name == "model.name" for f in found):
            # the form of a registration names the service only
            yield from (f.model_copy(update={"name": "model.name"}) for f in found if f.name == "service.name")


def _called(found: list[Fact]) -> Iterator[Fact]:
    """In a form that names its service and, in one block, a model with its provider, that model is the one called."""
    names = {f.name for f in found}
    blocks = {f.section for f in found if f.name == "model.provider"}
    foreign = "service.name" in names and "base_model.name" not in names
    for fact in found:
        if foreign and fact.name == "model.name" and fact.section in blocks:
            yield fact.model_copy(update={"name": "base_model.name"})
        else:
            yield fact


def _kept(facts: Iterable[Fact]) -> list[Fact]:
    """Facts without repetitions: one per value and place, and a few places per value."""
    kept: list[Fact] = []
    places: set[tuple[object, ...]] = set()
    count: dict[tuple[str, str], int] = {}
    for fact in facts:
        place = fact.evidence.model_copy(update={"quote": "", "note": ""})
        at = (fact.name, str(fact.value), fact.unit, place.model_dump_json())
        value = (fact.name, str(fact.value))
        if at in places or count.get(value, 0) >= _SAME_VALUE:
            continue
        places.add(at)
        count[value] = count.get(value, 0) + 1
        kept.append(fact)
    return kept
