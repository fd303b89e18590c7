"""A drafted revision as one text: what goes is struck, what comes is underlined, and both are said aloud."""

from collections.abc import Callable

from markupsafe import Markup

from assist_review.export.view import clean
from assist_review.law.diff import Piece, words
from assist_review.review import Revision

# Below this share of words in both texts, many small changes read worse than one that replaces all.
_LEAST, _FEW = 0.5, 2
_ABOUT = {"removed": ("del", "删除"), "added": ("ins", "新增")}


def drafted(revision: Revision | None) -> bool:
    """Whether `after` is text for the document. A requirement's own advice is not: it says what to write."""
    return revision is not None and revision.origin is not None


def pieces(revision: Revision) -> tuple[Piece, ...]:
    """The words of the document and of the draft as one run."""
    before, after = clean(revision.before), clean(revision.after)
    if not before or revision.kind != "replace":
        kept = (Piece(op="same", text=before),) if before else ()
        return (*kept, Piece(op="added", text=after))
    found = words(before, after)
    kept_words = [len(p.text) for p in found if p.op == "same"]
    if len(kept_words) > _FEW and 2 * sum(kept_words) < _LEAST * (len(before) + len(after)):
        found = (Piece(op="removed", text=before), Piece(op="added", text=after))
    return tuple(p for p in found if p.text)


def change(revision: Revision, say: Callable[[str], str]) -> Markup:
    """Those pieces as HTML; `say` puts a word in the language of the page."""
    return Markup("").join(_piece(p, say) for p in pieces(revision))


def _piece(piece: Piece, say: Callable[[str], str]) -> Markup:
    if piece.op == "same":
        return Markup("{}").format(piece.text)
    tag, name = _ABOUT[piece.op]
    said = Markup('<span class="visually-hidden">{}</span>')
    return Markup("<{0}>{1}{2}{3}</{0}>").format(
        Markup(tag), said.format(f"〔{say(name)}："), piece.text, said.format("〕")
    )
