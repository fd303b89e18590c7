"""HTML pages (also those that are saved with the extension of an office file)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from assist_review.errors import DamagedFile
from assist_review.filing import Document, Hidden, Place
from assist_review.read.clean import clean
from assist_review.read.plain import TextBuilder, decode

_BLOCKS = frozenset((
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "ul", "ol", "section", "article",
    "header", "footer", "blockquote", "pre", "br", "dt", "dd", "form", "body",
))  # fmt: skip
_NOT_SHOWN = frozenset(("script", "style", "head", "template", "noscript"))
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])", re.I)
_WHITE = re.compile(r"(?<![-\w])color\s*:\s*(#fff\b|#ffffff|white\b)", re.I)


@dataclass
class _Part:
    text: str = ""
    level: int | None = None
    unseen: bool = False
    rows: list[list[str]] | None = None


def read_html(data: bytes, file: str) -> Document:
    """Read an HTML page: its visible text, headings and tables; text that styles hide is set apart."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
    try:
        root = html.document_fromstring(_declared(data, file).encode(), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise DamagedFile(f"“{file}”不是有效的网页文件。", "请另存为PDF或DOCX后提交。") from error
    build = TextBuilder([])
    for number, part in enumerate(_parts(root), 1):
        if part.rows is not None:
            build.table(part.rows)
        elif part.unseen:
            build.hidden.append(Hidden(kind="invisible", text=part.text, place=Place(paragraph=number)))
        elif part.level is not None:
            build.heading(part.text, number, part.level)
        else:
            build.line(part.text, number, markdown=False)
    return build.document(data, file)


def _declared(data: bytes, file: str) -> str:
    """The text in the encoding its head declares, else as any text."""
    found = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", data[:2048], re.I)
    if found:
        try:
            return re.sub(r"^\s*<\?xml[^>]*>", "", data.decode(found.group(1).decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass
    return re.sub(r"^\s*<\?xml[^>]*>", "", decode(data, file))


def _parts(root: etree._Element) -> Iterator[_Part]:
    """The blocks of a page in reading order."""
    walk = etree.iterwalk(root, events=("start", "end"))
    buffer: list[str] = []
    unseen: etree._Element | None = None
    level: int | None = None

    def flush() -> Iterator[_Part]:
        text = clean(re.sub(r"\s+", " ", "".join(buffer)))
        buffer.clear()
        if text:
            yield _Part(text, level, unseen is not None)

    for event, each in walk:
        tag = each.tag if isinstance(each.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                yield from flush()
            if tag in _NOT_SHOWN or not tag:
                walk.skip_subtree()
                continue
            if unseen is None and _is_unseen(each):
                yield from flush()
                unseen = each
            if tag == "table" and unseen is None and each.find(".//table") is None:
                yield _Part(rows=[[_inner(cell) for cell in row.iter("td", "th")] for row in each.iter("tr")])
                walk.skip_subtree()
                continue
            if re.fullmatch(r"h[1-6]", tag):
                level = int(tag[1])
            buffer.append(each.text or "")
        else:
            if tag in _BLOCKS or each is unseen:
                yield from flush()
            if each is unseen:
                unseen = None
            if re.fullmatch(r"h[1-6]", tag):
                level = None
            buffer.append(each.tail or "")
    yield from flush()


def _is_unseen(element: etree._Element) -> bool:
    style = element.get("style", "")
    white = _WHITE.search(style) is not None and "background" not in style
    return element.get("hidden") is not None or white or _UNSEEN.search(style) is not None


def _inner(cell: etree._Element) -> str:
    return re.sub(r"\s+", " ", "".join(str(text) for text in cell.itertext())).strip()
