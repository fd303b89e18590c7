"""The order of the house: imports point downwards, no verb knows a verb, each library has its home, modules stay small."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "assist_review"
VERBS = ("read", "extract", "retrieve", "check", "prove", "revise", "draft", "compare", "confirm", "export")

# From the ground up; a part imports only from the lines above its own. A new module has to find its line here.
ORDER: tuple[tuple[str, ...], ...] = (
    ("base", "errors", "text", "ticks", "messages", "terms", "checksums", "__version__"),
    ("filing", "regulation", "keys"),
    ("review", "numbers", "expression"),
    ("lists", "passages", "arithmetic", "settings", "pack_source"),
    ("cells", "steering", "pack_checks"),
    ("packs", "law", "llm", "store"),
    VERBS,
    ("pipeline",),
    ("verify",),
    ("evaluate", "web"),
    ("cli",),
)
LEVEL = {part: level for level, parts in enumerate(ORDER) for part in parts}
# The pack is loaded with imported law laid over it; an official text is read as any document is.
# A review shows itself in notebooks as exports show it.
SIDEWAYS = {("packs", "law"), ("law", "packs"), ("law", "read"), ("review", "export")}

HOMES = {
    "pypdf": {"read", "evaluate"}, "pypdfium2": {"read"}, "pdfplumber": {"read"}, "python_calamine": {"read"}, "rapidocr": {"read"},
    "cv2": {"read"}, "PIL": {"read"}, "lxml": {"read", "evaluate"}, "defusedxml": {"read"}, "xlrd": {"read"},
    "chromadb": {"store"}, "tokenizers": {"store"}, "openai": {"llm", "store"}, "langchain": {"llm"}, "langchain_core": {"llm"},
    "langchain_openai": {"llm"}, "django": {"web"}, "ninja": {"web"}, "django_q": {"web"}, "docx_editor": {"export"},
    "docx": {"export", "evaluate"}, "openpyxl": {"export", "evaluate"}, "typer": {"cli"}, "rich": {"cli"}, "distributed": {"evaluate"},
}  # fmt: skip
LONGEST = 450
TOO_LONG = {"web/words.py"}  # to be split


def _modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _part(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Statements of all depths; expressions, which are most of a tree, hold no import."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, field, ()):
            yield inner
            yield from _statements(inner)


@cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in _statements(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "assist_review":
                yield from (f"assist_review.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


@cache
def _edges() -> dict[tuple[str, str], set[str]]:
    """Which part imports which other part, and the files that do."""
    edges: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in _modules():
        for name in _imports(path):
            if name.startswith("assist_review."):
                target = name.split(".")[1]
                if target != _part(path):
                    edges[_part(path), target].add(path.relative_to(SOURCE).as_posix())
    return edges


def test_every_module_has_its_place() -> None:
    parts = {_part(p) for p in _modules()} - {"__init__", "__main__"}
    assert parts <= set(LEVEL)


def test_imports_point_downwards() -> None:
    wrong = {
        (one, other): files
        for (one, other), files in _edges().items()
        if (one, other) not in SIDEWAYS and LEVEL.get(other, -1) >= LEVEL.get(one, len(ORDER))
    }
    assert wrong == {}


def test_no_verb_imports_a_verb() -> None:
    assert {edge: files for edge, files in _edges().items() if edge[0] in VERBS and edge[1] in VERBS} == {}


@pytest.mark.parametrize("noun", ["filing", "regulation", "review", "lists"])
def test_a_noun_touches_no_file(noun: str) -> None:
    names = {name.split(".")[0] for name in _imports(SOURCE / f"{noun}.py")}
    assert names.isdisjoint({"os", "io", "pathlib", "shutil", "tempfile", "zipfile", "socket", "urllib", "subprocess"})
    called = {
        n.func.id
        for n in ast.walk(_tree(SOURCE / f"{noun}.py"))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert "open" not in called


def test_no_verb_sees_the_settings() -> None:
    assert {edge for edge in _edges() if edge[0] in VERBS and edge[1] == "settings"} == set()


def test_no_rule_sees_a_model() -> None:
    rules = SOURCE / "check" / "rules"
    assert [
        p.name for p in sorted(rules.glob("*.py")) if any(n.startswith("assist_review.llm") for n in _imports(p))
    ] == []


def test_a_library_is_used_in_its_home_only() -> None:
    away: dict[str, set[str]] = defaultdict(set)
    for path in _modules():
        for name in _imports(path):
            library = name.split(".")[0]
            if library in HOMES and _part(path) not in HOMES[library]:
                away[library].add(path.relative_to(SOURCE).as_posix())
    assert away == {}


def test_modules_stay_small() -> None:
    lines = {p.relative_to(SOURCE).as_posix(): len(p.read_text(encoding="utf-8").splitlines()) for p in _modules()}
    assert {name: n for name, n in lines.items() if n > LONGEST and name not in TOO_LONG} == {}


def test_every_module_says_what_it_is() -> None:
    written = [p for p in _modules() if p.stat().st_size]
    assert [p.relative_to(SOURCE).as_posix() for p in written if not ast.get_docstring(_tree(p))] == []


def test_rules_are_named_once() -> None:
    """Each kind is one function with the name of the kind."""
    from assist_review.check import RULES

    assert {kind: rule.__name__ for kind, rule in RULES.items() if rule.__name__ != kind} == {}
