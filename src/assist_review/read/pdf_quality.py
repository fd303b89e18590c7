"""Whether the text of a PDF page can be trusted, and the second extractor for when it cannot."""

import io
import logging
import re
from collections.abc import Sequence

from assist_review.read.layout import CJK, Glyph
from assist_review.read.pdf_glyphs import Look

_BAD = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff\x01-\x08\x0e-\x1f]")
_CJK = re.compile(f"[{CJK}]")
# Bullets and check boxes of symbol fonts lie in the private use area of well-made files.
_SYMBOLS = re.compile("[\uf020-\uf0ff]")
_MANY = 0.03


def is_garbled(glyphs: Sequence[Glyph], looks: Sequence[Look]) -> bool:
    """Whether more than a few characters have no meaning: private use, replacement or control characters."""
    text = [g.text for g in glyphs if not g.text.isspace()]
    if len(text) < 8:
        return False
    bad = sum(bool(_BAD.match(c)) and not _SYMBOLS.match(c) for c in text)
    symbols = sum(bool(_SYMBOLS.match(c)) for c in text)
    if symbols > 0.3 * len(text):
        bad += symbols
    unmapped = sum(look.unmapped for look in looks if look.mode != 3)
    if looks and unmapped > 0.5 * len(looks) and not any(_CJK.match(c) for c in text):
        return True  # glyph numbers shown as letters: the font has no Unicode table and no Chinese came out
    return bad > max(3, _MANY * len(text))


def is_poor_layer(glyphs: Sequence[Glyph]) -> bool:
    """Whether the text layer under a scan is bad recognition: hardly any Chinese, rare characters, odd mixtures."""
    text = "".join(g.text for g in glyphs if not g.text.isspace())
    if len(text) < 8:
        return True
    letters = [c for c in text if c.isalpha()]
    chinese = [c for c in letters if _CJK.match(c)]
    if len(letters) < 0.4 * len(text) or len(chinese) < 0.3 * len(letters):
        return not _is_english(text, letters, glyphs)
    rare = sum(not _is_common(c) for c in chinese)
    # "ZOq5年", "l2年": a Latin letter and a digit glued together right before a Chinese character.
    odd = len(re.findall(rf"(?:[a-z][A-Z]|[A-Za-z]\d|\d[a-zA-Z])[A-Za-z\d]*[{CJK}]", text))
    bad = len(_BAD.findall(text))
    return rare > 0.03 * len(chinese) or odd > 0.01 * len(text) + 2 or bad > 0.02 * len(text)


def _is_english(text: str, letters: list[str], glyphs: Sequence[Glyph]) -> bool:
    """Whether a text without Chinese is running English, not what a wrong recogniser made of Chinese."""
    words = re.findall(r"[A-Za-z]+", "".join(g.text for g in glyphs))
    if not words or len(letters) < 0.5 * len(text):
        return False
    vowels = sum(bool(re.search("[aeiouAEIOU]", w)) for w in words if len(w) > 2)
    return vowels > 0.85 * max(1, sum(len(w) > 2 for w in words)) and sum(map(len, words)) / len(words) > 3


def _is_common(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def reads_better(recognised: Sequence[Glyph], layer: Sequence[Glyph]) -> bool:
    """Whether recognised text is the better account of a page than its text layer."""
    new = sum(bool(_CJK.match(g.text)) and _is_common(g.text) for g in recognised)
    old = sum(bool(_CJK.match(g.text)) and _is_common(g.text) for g in layer)
    return new > 0.9 * old and len(recognised) > 0.5 * len([g for g in layer if not g.text.isspace()])


class Second:
    """pypdf on the same bytes: another text extractor, and a mender of files that PDFium refuses."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self._data, self._password = data, password

    def text(self, index: int) -> str:
        """The text of a page (from 0), "" if it cannot be extracted."""
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            return PdfReader(io.BytesIO(self._data), password=self._password).pages[index].extract_text().strip()
        except (
            PyPdfError,
            DependencyError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
            OSError,
        ):
            return ""

    def rewritten(self) -> bytes | None:
        """The file written anew and unencrypted, None if pypdf cannot open it either."""
        from pypdf import PdfReader, PdfWriter
        from pypdf.errors import DependencyError, PyPdfError

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            reader = PdfReader(io.BytesIO(self._data), password=self._password)
            if reader.is_encrypted and not reader.decrypt(self._password or ""):
                return None
            writer = PdfWriter()
            for page in reader.pages[:2001]:
                writer.add_page(page)
            if not writer.pages:
                return None
            out = io.BytesIO()
            writer.write(out)
        except (
            PyPdfError,
            DependencyError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
            OSError,
        ):
            return None
        return out.getvalue()
