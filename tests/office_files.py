"""Small office files made for tests."""

import io
import zipfile
from collections.abc import Mapping

import openpyxl
from PIL import Image

from assist_review.filing import Document
from assist_review.read import read_bytes

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMES = (
    W + ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, pictures: Mapping[str, tuple[int, int]] = {}, **parts: str) -> bytes:
    """A DOCX with this body; `pictures` are sizes by relation, `parts` other parts of word/ by name."""
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{REL}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for i, name in enumerate(parts)
    )
    relations += "".join(f'<Relationship Id="{id_}" Type="{REL}/image" Target="media/{id_}.png"/>' for id_ in pictures)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        )
        for id_, size in pictures.items():
            with archive.open(f"word/media/{id_}.png", "w") as out:
                Image.new("L", size, 255).save(out, "PNG")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return made.getvalue()


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*runs: str, looks: str = "") -> str:
    return f"<w:p><w:pPr>{looks}</w:pPr>{''.join(runs)}</w:p>"


def read_docx(body: str, **parts: str) -> Document:
    return read_bytes(docx(body, **parts), "a.docx", ocr=False)


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(hidden.kind, hidden.text) for hidden in document.hidden]


def xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
