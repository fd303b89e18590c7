"""Wordings held against the wording rules of some themes: what the two tests of wordings share."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assist_review.check.context import Context, Say
from assist_review.check.rules.content import content
from assist_review.filing import Block, Document, Filing, Role, ServiceProfile
from assist_review.lists import Extraction
from assist_review.packs import find, load
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE

AS_OF = date(2026, 11, 23)


@cache
def pack() -> Pack:
    return load(find("cn-genai"))


def cases(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((Path(__file__).parent / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def filing(**texts: str) -> Filing:
    """A filing with one document per role; "｜" parts its paragraphs."""
    documents = tuple(
        Document(
            file=role, sha256="0", size_bytes=1, format="text", role=Role(role),
            blocks=tuple(
                Block(id=f"b{order}", kind="paragraph", text=paragraph, order=order)
                for order, paragraph in enumerate(text.split("｜"))
            ),
        )
        for role, text in texts.items()
    )  # fmt: skip
    return Filing(name="f", route="filing", service=ServiceProfile(), documents=documents)


def codes(themes: tuple[str, ...], role: str, text: str) -> set[str | None]:
    """Defect codes of the wordings found wrong in a document; what is absent from it is not asked."""
    context = Context(filing(**{role: text}), Extraction(facts=(), banks=()), pack(), AS_OF)
    found: set[str | None] = set()
    for requirement in pack().requirements:
        if requirement.theme not in themes:
            continue
        for params in requirement.checks:
            if params["kind"] == "content" and params.get("bad"):
                wordings: dict[str, Any] = {key: params[key] for key in ("kind", "bad", "roles") if key in params}
                found |= {f.defect for f in content(context, Say(requirement, wordings)) if f.verdict in NEGATIVE}
    return found
