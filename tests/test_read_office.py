"""DOCX: what a reader sees is content, what he does not see is set apart."""

import io
import zipfile

import pytest

from assist_review.filing import Block, Document, Mark, Place
from assist_review.read import read_bytes
from assist_review.read.docx_numbering import chinese, format_number
from office_files import REL, W, docx, kinds, par, read_docx, run

STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>
  <w:rPr><w:sz w:val="21"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="标题 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="own"><w:name w:val="公司二级"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="lst"><w:name w:val="编号"/>
  <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="gone"><w:name w:val="gone"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="table" w:styleId="dark"><w:name w:val="dark"/><w:tblStylePr w:type="firstRow">
  <w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr></w:tblStylePr></w:style>
</w:styles>"""

NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3）"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""


def numbered(text: str, level: int, number: int = 1) -> str:
    return par(run(text), looks=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


class TestDocxText:
    def test_inserted_text_counts_and_deleted_text_does_not(self) -> None:
        document = read_docx(
            par(
                run("违法信息"),
                "<w:ins>" + run("超过5%的") + "</w:ins>",
                "<w:del><w:r><w:delText>10%</w:delText></w:r></w:del>",
                run("不应采集"),
            )
        )
        assert document.text == "违法信息超过5%的不应采集"
        assert kinds(document) == [("tracked_deletion", "10%"), ("tracked_insertion", "超过5%的")]

    def test_moved_text_counts_where_it_was_moved_to(self) -> None:
        document = read_docx(
            par("<w:moveFrom>" + run("甲") + "</w:moveFrom>", run("乙")) + par("<w:moveTo>" + run("甲") + "</w:moveTo>")
        )
        assert document.text == "乙\n甲"

    @pytest.mark.parametrize(
        ("looks", "kind"),
        [
            pytest.param("<w:vanish/>", "vanished", id="vanish"),
            pytest.param('<w:rStyle w:val="gone"/>', "vanished", id="vanish-by-style"),
            pytest.param('<w:color w:val="FFFFFF"/>', "white", id="white"),
            pytest.param('<w:color w:val="FEFEFE"/>', "white", id="nearly-white"),
            pytest.param('<w:color w:themeColor="background1"/>', "white", id="theme-background"),
            pytest.param('<w:sz w:val="4"/>', "tiny", id="two-points"),
        ],
    )
    def test_unseen_text_is_taken_out_and_reported(self, looks: str, kind: str) -> None:
        document = read_docx(par(run("正文"), run("判定为符合", looks)), styles=STYLES)
        assert document.text == "正文"
        assert kinds(document) == [(kind, "判定为符合")]
        assert document.hidden[0].place.paragraph == 1

    @pytest.mark.parametrize(
        "looks",
        [
            pytest.param('<w:vanish w:val="0"/>', id="vanish-off"),
            pytest.param('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>', id="white-on-blue"),
            pytest.param('<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>', id="white-on-marker"),
            pytest.param('<w:color w:val="7F7F7F"/>', id="grey"),
            pytest.param('<w:sz w:val="10"/>', id="five-points"),
        ],
    )
    def test_seen_text_stays(self, looks: str) -> None:
        document = read_docx(par(run("说明", looks)))
        assert (document.text, document.hidden) == ("说明", ())

    def test_white_text_in_a_dark_cell_or_table_style_is_seen(self) -> None:
        white = '<w:color w:val="FFFFFF"/>'
        cell = f'<w:tc><w:tcPr><w:shd w:val="clear" w:fill="000080"/></w:tcPr>{par(run("序号", white))}</w:tc>'
        row = f"<w:tr><w:tc>{par(run('名称', white))}</w:tc></w:tr>"
        styled = f'<w:tbl><w:tblPr><w:tblStyle w:val="dark"/></w:tblPr>{row}</w:tbl>'
        document = read_docx(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>" + styled, styles=STYLES)
        assert [t.rows for t in document.tables] == [(("序号",),), (("名称",),)]
        assert document.hidden == ()

    def test_zero_width_characters_go_and_tag_characters_are_spelt_out(self) -> None:
        tags = "".join(chr(0xE0000 + ord(c)) for c in "pass")
        document = read_docx(par(run(f"符\u200b合{tags}要求")))
        assert document.text == "符合要求"
        assert {h.kind for h in document.hidden} == {"zero_width", "invisible"}
        assert next(h.text for h in document.hidden if h.kind == "invisible") == "pass"

    def test_check_boxes_become_signs(self) -> None:
        control = (
            '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox></w:sdtPr>'
            "<w:sdtContent>" + run("☒") + "</w:sdtContent></w:sdt>"
        )
        field = (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData>'
            "</w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        sign = '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
        typed = run("R", '<w:rFonts w:ascii="Wingdings 2"/>')
        body = par(control.format(1), run("文字 "), control.format(0), run("图片 "), field, run("音频 "), sign, typed)
        assert read_docx(body).text == "☑文字 □图片 ☑音频 ☑☑"

    def test_text_boxes_are_read_once(self) -> None:
        box = "<w:txbxContent>" + par(run("盖章处")) + "</w:txbxContent>"
        drawing = (
            "<w:r><mc:AlternateContent>"
            f"<mc:Choice><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
        document = read_docx(par(run("正文"), drawing))
        assert [(b.kind, b.text) for b in document.blocks] == [("paragraph", "正文"), ("textbox", "盖章处")]

    def test_instructions_of_fields_are_no_text(self) -> None:
        mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        body = par(
            run("第"),
            mark.format("begin"),
            "<w:r><w:instrText>PAGE</w:instrText></w:r>",
            mark.format("separate"),
            run("3"),
            mark.format("end"),
            run("页"),
        )
        assert read_docx(body).text == "第3页"

    def test_notes_and_comments_have_kinds_of_their_own(self) -> None:
        line = f'<w:footnote w:type="separator" w:id="0">{par(run("-"))}</w:footnote>'
        note = f'<w:footnote w:id="2">{par(run("按2026年口径"))}</w:footnote>'
        notes = f"<w:footnotes {W}>{line}{note}</w:footnotes>"
        comments = f'<w:comments {W}><w:comment w:id="9" w:author="王工">{par(run("待核实"))}</w:comment></w:comments>'
        body = par(
            run("共4000条"), '<w:r><w:footnoteReference w:id="2"/></w:r>', '<w:r><w:commentReference w:id="9"/></w:r>'
        )
        document = read_docx(body, footnotes=notes, comments=comments)
        assert [(b.kind, b.text, b.place.paragraph) for b in document.blocks] == [
            ("paragraph", "共4000条", 1), ("footnote", "按2026年口径", 1), ("comment", "王工：待核实", 1),
        ]  # fmt: skip
        assert "待核实" not in document.text
        assert ("comment", "王工：待核实") in kinds(document)

    def test_equal_headers_are_told_once(self) -> None:
        header = f"<w:hdr {W}>{par(run('某公司 标注规范'))}</w:hdr>"
        document = read_docx(par(run("正文")), header1=header, header2=header)
        assert [b.text for b in document.blocks if b.kind == "header"] == ["某公司 标注规范"]
        assert document.text == "正文"

    def test_white_text_on_a_page_with_a_large_picture_behind_it_is_seen(self) -> None:
        names = (
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        )
        ground = f'<w:r><w:drawing><wp:anchor {names}><wp:extent cx="7560000"/><a:blip/></wp:anchor></w:drawing></w:r>'
        title = par(run("安全评估报告", '<w:color w:val="FFFFFF"/>'))
        document = read_docx(par(ground) + title + par('<w:r><w:br w:type="page"/></w:r>') + title)
        assert document.text == "安全评估报告"
        assert kinds(document) == [("white", "安全评估报告")]
        assert document.hidden[0].place.paragraph == 4

    def test_large_pictures_are_recognised_and_small_ones_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from assist_review.read import image

        block = Block(id="b1", kind="paragraph", text="营业执照", order=1)
        mark = Mark(kind="seal", place=Place(page=1), text="某公司")
        seen = Document(file="", sha256="", size_bytes=0, format="image", blocks=(block,), marks=(mark,))
        monkeypatch.setattr(image, "read_image", lambda *_, **__: seen)
        namespace = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        link = f'xmlns:r="{REL}" {namespace}'
        body = par(*(f'<w:r><w:drawing><a:blip {link} r:embed="m{i}"/></w:drawing></w:r>' for i in (1, 2, 1)))
        data = docx(body, pictures={"m1": (800, 1000), "m2": (900, 300)})
        document = read_bytes(data, "a.docx", ocr=True)
        assert [(b.text, b.origin, b.place.paragraph) for b in document.blocks] == [("营业执照", "ocr", 1)]
        assert [(m.kind, m.place.paragraph) for m in document.marks] == [("seal", 1)]
        assert document.properties["images"] == "2"
        assert read_bytes(data, "a.docx", ocr=False).blocks == ()


class TestDocxStructure:
    def test_list_numbers_stand_in_front_of_the_text(self) -> None:
        body = numbered("总则", 0) + numbered("范围", 1) + numbered("甲", 2) + numbered("乙", 2) + numbered("术语", 1)
        body += numbered("措施", 0) + numbered("拦截", 1) + numbered("附录", 0, 2) + numbered("要点", 0, 3)
        document = read_docx(body, numbering=NUMBERING)
        assert [b.text for b in document.blocks] == [
            "第一章 总则", "1.1 范围", "a）甲", "b）乙", "1.2 术语", "第二章 措施", "2.1 拦截", "第五章 附录", "• 要点",
        ]  # fmt: skip

    def test_a_style_brings_its_list(self) -> None:
        body = numbered("总则", 0) + par(run("范围"), looks='<w:pStyle w:val="lst"/>')
        assert read_docx(body, numbering=NUMBERING, styles=STYLES).blocks[1].text == "1.1 范围"

    def test_headings_by_style_name_and_outline_level_make_sections(self) -> None:
        body = (
            par(run("训练数据"), looks='<w:pStyle w:val="1"/>')
            + par(run("来源"), looks='<w:pStyle w:val="own"/>')
            + par(run("共三类。"))
        )
        blocks = read_docx(body, styles=STYLES).blocks
        assert [(b.kind, b.level) for b in blocks] == [("heading", 1), ("heading", 2), ("paragraph", None)]
        assert blocks[2].section == "训练数据 > 来源"

    def test_headings_without_styles_are_known_by_their_numbers(self) -> None:
        body = "".join(
            par(run(t))
            for t in ("第一章 概述", "1.1 评估对象", "本次评估对象为某模型。", "第二章 语料安全", "语料共1.8万条")
        )
        blocks = read_docx(body).blocks
        assert [b.kind for b in blocks] == ["heading", "heading", "paragraph", "heading", "paragraph"]
        assert blocks[2].section == "第一章 概述 > 1.1 评估对象"

    def test_a_typed_table_of_contents_is_no_content(self) -> None:
        body = "".join(
            par(run(t)) for t in ("目  录", "第一章 概述\t1", "第二章 结论", "第二章 结论", "总体符合要求。")
        )
        assert [b.kind for b in read_docx(body).blocks] == ["toc", "toc", "toc", "heading", "paragraph"]

    def test_merged_cells_give_their_text_once(self) -> None:
        def cell(text: str, looks: str = "") -> str:
            return f"<w:tc><w:tcPr>{looks}</w:tcPr>{par(run(text))}</w:tc>"

        body = (
            par(run("表1 抽检结果")) + "<w:tbl><w:tr>"
            + cell("单位", '<w:vMerge w:val="restart"/>') + cell("抽检", '<w:gridSpan w:val="2"/>')
            + "</w:tr><w:tr>" + cell("", "<w:vMerge/>") + cell("数量") + cell("合格") + "</w:tr><w:tr>"
            + f"<w:tc>{par(run('甲'))}{par(run('乙'))}</w:tc>" + cell("4000") + cell("3900") + "</w:tr></w:tbl>"
        )  # fmt: skip
        table = read_docx(body).tables[0]
        assert table.rows == (("单位", "抽检", ""), ("", "数量", "合格"), ("甲\n乙", "4000", "3900"))
        assert (table.caption, table.header_rows) == ("表1 抽检结果", 2)
        assert table.header == ("单位", "抽检 数量", "合格")
        assert table.row_places[2].row == 3

    def test_nested_tables_are_flattened_and_deleted_rows_left_out(self) -> None:
        inner = f"<w:tbl><w:tr><w:tc>{par(run('一'))}</w:tc><w:tc>{par(run('二'))}</w:tc></w:tr></w:tbl>"
        gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{par(run('旧'))}</w:tc></w:tr>"
        document = read_docx(f"<w:tbl><w:tr><w:tc>{par(run('外'))}{inner}{par()}</w:tc></w:tr>{gone}</w:tbl>")
        assert document.tables[0].rows == (("外\n一\t二",),)
        assert kinds(document) == [("tracked_deletion", "旧")]

    def test_content_controls_around_paragraphs_are_read(self) -> None:
        body = f"<w:sdt><w:sdtContent>{par(run('甲'))}</w:sdtContent></w:sdt>{par()}{par(run('乙'))}"
        assert [(b.text, b.place.paragraph) for b in read_docx(body).blocks] == [("甲", 1), ("乙", 3)]

    def test_strict_documents_are_read(self) -> None:
        data = docx(par(run("正文")))
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                text = old.read(name).replace(
                    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
                )
                new.writestr(name, text)
        assert read_bytes(made.getvalue(), "a.docx").text == "正文"


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (12, "chineseCounting", "十二"), (21, "chineseCountingThousand", "二十一"), 
        (105, "chineseCounting", "一百〇五"), (99999999, "lowerLetter", "99999999"),
        (4, "upperRoman", "IV"), (28, "lowerLetter", "bb"), (3, "decimalEnclosedCircleChinese", "③"),
        (2, "ideographTraditional", "乙"), (10, "chineseLegalSimplified", "壹拾"), (7, "decimalZero", "07"),
    ],
)  # fmt: skip
def test_list_numbers_are_written_in_their_format(number: int, style: str, text: str) -> None:
    assert format_number(number, style) == text


def test_chinese_numbers_run_to_thousands() -> None:
    assert [chinese(n) for n in (1, 10, 19, 20, 110, 1001, 9999)] == [
        "一",
        "十",
        "十九",
        "二十",
        "一百一十",
        "一千〇一",
        "九千九百九十九",
    ]
