"""Edits of single files: formatting stays, the old text is really gone, nothing else moves."""

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from pypdf import PdfReader

from assist_review.evaluate.mutate import docx_file, package, pdf_file, pdf_lines, sheet_file
from assist_review.evaluate.mutate.numbers import altered, like
from assist_review.evaluate.mutate.planted import NoPlace
from mutate_package import pdf
from office_files import W, docx, par, run


def test_number_split_over_runs_is_replaced_as_one() -> None:
    """The first run keeps its formatting and takes the new text; the others lose their part."""
    data = docx(par(run("共", "<w:b/>"), run("1,2", "<w:i/>"), run("60", "<w:u/>"), run("万条")) + par(run("下一段")))
    (first, second) = docx_file.paragraphs(data)
    start = first.text.index("1,260")
    changed = docx_file.replaced(data, first.at, start, start + 5, "9,999")
    assert [p.text for p in docx_file.paragraphs(changed)] == ["共9,999万条", second.text]
    xml = zipfile.ZipFile(io.BytesIO(changed)).read("word/document.xml").decode()
    assert xml.index("<w:i/>") < xml.index("9,999") < xml.index("<w:u/>")


def test_other_parts_of_a_docx_stay_byte_for_byte() -> None:
    data = docx(par(run("甲")), styles=f"<w:styles {W}/>")
    changed = docx_file.replaced(data, docx_file.paragraphs(data)[0].at, 0, 1, "乙")
    old, new = zipfile.ZipFile(io.BytesIO(data)), zipfile.ZipFile(io.BytesIO(changed))
    assert old.namelist() == new.namelist()
    assert all(old.read(n) == new.read(n) for n in old.namelist() if n != "word/document.xml")


def test_deleted_text_is_no_candidate() -> None:
    """Text that a tracked change took away is not there."""
    body = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>新</w:t></w:r></w:p>"
    assert [p.text for p in docx_file.paragraphs(docx(body))] == ["新"]


def test_last_paragraph_of_a_cell_is_emptied_not_removed() -> None:
    """A cell without a paragraph would make Word refuse the file."""
    data = docx(f"<w:tbl><w:tr><w:tc>{par(run('甲'))}</w:tc><w:tc>{par(run('乙'))}</w:tc></w:tr></w:tbl>")
    changed = docx_file.deleted(data, [docx_file.paragraphs(data)[0].at])
    xml = zipfile.ZipFile(io.BytesIO(changed)).read("word/document.xml").decode()
    assert xml.count("<w:p>") == 2
    assert "甲" not in xml


@pytest.mark.parametrize("new", ["96.8%", "不合格，须整改"], ids=["same-font", "longer"])
def test_replaced_text_of_a_pdf_is_gone_from_the_text_layer(new: str) -> None:
    """Neither extractor finds the old text, and the other lines are as they were."""
    data = pdf(("第一行文字", "合格率为95.3%，已整改", "第三行文字"))
    line = next(x for x in pdf_lines.lines(data) if "95.3" in x.text)
    start = line.text.index("95.3%")
    changed = pdf_file.replaced(data, line.at, start, start + 5, new)
    texts = [x.text for x in pdf_lines.lines(changed)]
    assert texts == ["第一行文字", f"合格率为{new}，已整改", "第三行文字"]
    document = pypdfium2.PdfDocument(changed)
    seen = document[0].get_textpage().get_text_range() + PdfReader(io.BytesIO(changed)).pages[0].extract_text()
    document.close()
    assert "95.3" not in seen
    assert seen.count(new) == 2


def test_only_the_characters_meant_are_replaced_where_others_look_the_same() -> None:
    """A digit that occurs twice in one string is changed in one place."""
    data = pdf(("日期2026-02-20，共222条",))
    line = pdf_lines.lines(data)[0]
    changed = pdf_file.replaced(data, line.at, 4, 6, "31")
    assert [x.text for x in pdf_lines.lines(changed)] == ["日期2031-02-20，共222条"]
    emptied = pdf_file.replaced(changed, line.at, 2, 6, "")
    assert [x.text for x in pdf_lines.lines(emptied)] == ["日期-02-20，共222条"]


def test_text_that_does_not_fit_a_pdf_line_is_refused() -> None:
    """A page is not made unreadable; another place is tried."""
    data = pdf(("短",))
    with pytest.raises(NoPlace):
        pdf_file.replaced(data, pdf_lines.lines(data)[0].at, 0, 1, "很长的替换文字" * 30)


def test_locked_or_broken_pdf_has_no_lines() -> None:
    for data in (pdf_file.locked(pdf(("甲",)), "x"), b"%PDF-1.4 broken"):
        with pytest.raises(NoPlace):
            pdf_lines.lines(data)


def test_dropped_rows_move_the_rest_up_with_its_formats() -> None:
    """Styles go with their rows, other sheets stay."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in range(1, 7):
        sheet.append([row, f"甲{row}"])
    sheet["B5"].font = Font(bold=True)
    workbook.create_sheet("另一表")["A1"] = "不动"
    out = io.BytesIO()
    workbook.save(out)
    changed = load_workbook(io.BytesIO(sheet_file.without_rows(out.getvalue(), sheet.title, {2, 4})))
    first = changed.worksheets[0]
    assert [r[1].value for r in first.iter_rows()] == ["甲1", "甲3", "甲5", "甲6"]
    assert first["B3"].font.bold
    assert changed["另一表"]["A1"].value == "不动"


def test_files_inside_a_zip_are_changed_inside_it(tmp_path: Path) -> None:
    """A package that holds a ZIP file keeps it."""
    source = tmp_path / "package"
    source.mkdir()
    with zipfile.ZipFile(source / "材料.zip", "w") as archive:
        archive.writestr("甲/a.txt", "一")
        archive.writestr("b.txt", "二")
    assert sorted(package.load(source)) == ["材料.zip/b.txt", "材料.zip/甲/a.txt"]
    package.write(source, tmp_path / "out", {"材料.zip/甲/a.txt": b"new"}, ("材料.zip/b.txt",))
    assert package.load(tmp_path / "out") == {"材料.zip/甲/a.txt": b"new"}


def test_numbers_keep_their_shape() -> None:
    """Decimals and separators stay as the document writes them."""
    from random import Random

    assert like(1234.5, "1,000") == "1,234"
    assert like(96.04, "95.3") == "96.0"
    assert altered("4,000", Random(1)).count(",") <= 1
    assert float(altered("97.3", Random(2), 100)) <= 100
