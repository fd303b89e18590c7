"""Integrity of the files: hidden text, text that tries to steer the reviewer, residue of templates."""

import re
from collections import defaultdict
from collections.abc import Iterator

from assist_review.check.context import Context, Say
from assist_review.filing import Document, Hidden, Place
from assist_review.passages import Hit, Passage, evidence, spans
from assist_review.review import Evidence, Finding
from assist_review.steering import Steering, steered
from assist_review.text import fold

_KINDS = {
    "white": "白色文字", "invisible": "不可见文字", "tiny": "极小文字", "off_page": "页面外文字", "hidden_sheet": "隐藏工作表",
    "hidden_row": "隐藏行", "hidden_column": "隐藏列", "vanished": "隐藏字符", "zero_width": "零宽字符",
    "tracked_deletion": "未处理的删除修订", "tracked_insertion": "未处理的插入修订", "covered": "被遮盖的文字",
    "metadata": "元数据", "comment": "批注",
}  # fmt: skip
_HARMLESS = ("zero_width", "metadata", "comment")
_SECRET = re.compile(
    r"密码|口令|password|passwd|密钥|secret|api[-_ ]?key|access[-_ ]?key|token|(?<![a-z])sk-[a-z0-9-]{6,}"
)


def hidden(context: Context, say: Say) -> Iterator[Finding]:
    """Every kind of hidden content per file, with what it says; secrets in ordinary files."""
    found = False
    for document in context.filing.documents:
        by_kind: dict[str, list[Hidden]] = defaultdict(list)
        for piece in document.hidden:
            if piece.kind not in _HARMLESS and piece.text.strip():
                by_kind[piece.kind].append(piece)
        for kind, pieces in by_kind.items():
            found = True
            yield say.wrong(
                f"{document.file}有{_KINDS[kind]}{len(pieces)}处。",
                [_hidden(document, p) for p in pieces[:4]],
                defect="L01",
            )
        secrets = [p for p in document.hidden if _SECRET.search(fold(p.text))]
        if secrets and document.role != "test_channel":
            found = True
            yield say.wrong(
                f"{document.file}的隐藏内容含有账号密码或接口密钥。",
                [_hidden(document, p) for p in secrets[:4]],
                defect="A15",
            )
    for reading in context.readings:
        if reading.role in ("test_channel", "keywords", "questions"):
            continue
        shown = list(
            reading.find(
                r"re:(?<![a-z])sk-[a-z0-9-]{8,}|(?:密码|口令|password)(?:为|是|[:=])?(?=[a-z0-9@#!$%&*_+-]*[0-9])(?=[a-z0-9@#!$%&*_+-]*[a-z])[a-z0-9@#!$%&*_+-]{6,}|(?:密码|口令|password)[:=][^\s,.;]{5,}|(?:密钥|api-?key)[:=][a-z0-9-]{8,}"
            )
        )
        if shown:
            found = True
            yield say.wrong(
                f"{reading.file}写有测试密码或接口密钥，应当在测试通道中另行报送。",
                [evidence(h) for h in shown[:3]],
                defect="A15",
            )
    if not found:
        yield say.fine("没有发现隐藏内容。")


def _hidden(document: Document, piece: Hidden) -> Evidence:
    return Evidence.at(document.file, piece.place, piece.text.strip()[:160], _KINDS[piece.kind])


def steering(context: Context, say: Say) -> Iterator[Finding]:
    """Visible or hidden text that tells a reviewer, human or automatic, what to decide; plain, encoded or in pieces."""
    found = Steering.of(context.pack.lexicon)
    quoted = re.compile(str(context.phrases("steering_quoted") or "$^"))
    places: list[Evidence] = []
    for document in context.filing.documents:
        places += [_hidden(document, piece) for piece in document.hidden if found.steers(piece.text)]
        places += [
            Evidence(file=document.file, quote="", state="absent", note=f"元数据 {key}")
            for key, value in document.properties.items()
            if found.steers(value)
        ]
        if found.steers(document.file.rsplit("/", 1)[-1]):
            places.append(Evidence(file=document.file, quote="", state="absent", note="文件名"))
        places += _steering_margins(document, found)
        places += _steering_cells(document, found)
    for reading in context.readings:
        for number, pieces in steered(found, reading.passages).items():
            passage = reading.passages[number]
            if not quoted.search(passage.key):
                places += [Evidence.at(passage.file, passage.place, p.strip()[:160]) for p in pieces]
    if places:
        distinct = list({(e.file, e.quote): e for e in places}.values())
        yield say.wrong("材料中有试图影响审查结论的文字，材料真实性存疑。", distinct[:6])
    else:
        yield say.fine("没有发现试图影响审查结论的文字。")


def _steering_margins(document: Document, found: Steering) -> Iterator[Evidence]:
    """Headers, footers and other blocks that are not read as content."""
    for block in document.blocks:
        if block.kind in ("header", "footer", "comment", "toc") and found.steers(block.text):
            yield Evidence.at(document.file, block.place, block.text.strip()[:160])


_REVIEWER = re.compile(
    r"审查|审核|评审|检查项|全部要求|所有要求|全部条款|reviewer|compliant|requirement", re.IGNORECASE
)


def _steering_cells(document: Document, found: Steering) -> Iterator[Evidence]:
    """Cells of lists and banks, which also hold harmful prompts on purpose: only those that speak to a reviewer."""
    if document.role not in ("keywords", "questions"):
        return
    for sheet in document.sheets:
        for number, row in enumerate(sheet.rows, start=1):
            for text in row:
                if len(text) > 8 and _REVIEWER.search(text) and found.steers(text):
                    place = Place(sheet=sheet.name, row=number)
                    piece = next((text[slice(*s)] for s in found.sentences(text)), text)
                    yield Evidence.at(document.file, place, piece.strip()[:160])


def residue(context: Context, say: Say) -> Iterator[Finding]:
    """Placeholders, empty required cells, template instructions, and other companies where they cannot belong."""
    found = False
    for finding in (
        *_placeholders(context, say),
        *_empty_cells(context, say),
        *_companies(context, say),
        *_other_products(context, say),
        *_help_files(context, say),
    ):
        found = True
        yield finding
    if not found:
        yield say.fine("没有发现占位符或模板残留。")


def _placeholders(context: Context, say: Say) -> Iterator[Finding]:
    for reading in context.readings:
        if reading.role in ("keywords", "questions", "licence"):
            continue
        hits = [h for p in context.phrases("placeholders") for h in reading.find(f"re:{p}")]
        hits = [h for h in hits if not _example(h)]
        if hits:
            pieces = list({e.quote: e for e in (evidence(h) for h in hits) if e.quote}.values())
            yield say.wrong(f"{reading.file}有没有替换的占位符或模板文字{len(pieces)}处。", pieces[:5], defect="H09")
        headers = [b for b in reading.document.blocks if b.kind in ("header", "footer")]
        for block in headers:
            if any(next(spans(fold(block.text), f"re:{p}"), None) for p in context.phrases("placeholders")):
                yield say.wrong(
                    f"{reading.file}的页眉页脚有占位符。",
                    [Evidence.at(reading.file, block.place, block.text.strip())],
                    defect="H09",
                )


def _other_products(context: Context, say: Say) -> Iterator[Finding]:
    """Terms of quite another product, left over in the agreement or the privacy policy.

    Words of a kind of product (riders and orders, gifts and anchors) that no document about the service uses.
    """
    told = context.reading("form", "report", "annotation_rules", "evidence")
    if not told:
        return
    products = [
        (product["name"], [w for w in map(fold, product["any"]) if not any(w in r.key for r in told)])
        for product in context.phrases("other_products")
    ]
    for reading in context.reading("agreement", "privacy"):
        for name, words in products:
            for passage in reading.passages:
                found = [w for w in words if w in passage.key]
                if len(found) >= _OTHER_WORDS and not _DENIES.search(passage.key):
                    yield say.wrong(
                        f"{reading.file}留有其他产品（{name}）的条款，与本服务无关。",
                        [Evidence.at(reading.file, passage.place, passage.text.strip()[:160])], defect="H13", confidence=0.8,
                    )  # fmt: skip
                    break


_OTHER_WORDS = 2  # words of one kind of product in one passage that are no chance
_DENIES = re.compile("不(?:提供|涉及|包括|含|设有?|支持|存在)|没有[^,;。]{0,6}功能|禁止|诈骗|示例|例如")

_HELP = re.compile(r"填表说明|填写说明|模板说明|编写说明|提交前删除|(?:^|/)(?:说明|readme|使用说明)[^/]*\.(?:txt|md)$")


def _help_files(context: Context, say: Say) -> Iterator[Finding]:
    """Files of instructions that came with a template and were left in the package."""
    for reading in context.readings:
        if (
            reading.role in ("other", "evidence")
            and _HELP.search(fold(reading.file))
            and re.search("填写|模板|删除|请按|请在", reading.key)
        ):
            first = next((p for p in reading.passages if p.text.strip()), None)
            yield say.wrong(
                f"材料包中留有模板说明文件“{reading.file}”，应当删除。",
                [Evidence.at(reading.file, first.place, first.text.strip()[:80])] if first else [Evidence(file=reading.file, state="absent")],
                defect="A14", severity="minor", confidence=0.8,
            )  # fmt: skip


def _example(hit: Hit) -> bool:
    around = hit.passage.key[max(0, hit.start - 14) : hit.end + 6]
    return any(
        w in around for w in ("示例", "例如", "如:", "样例", "题目", "脱敏", "代称", "代替", "模拟", "格式为", "形如")
    )


def _empty_cells(context: Context, say: Say) -> Iterator[Finding]:
    for reading in context.reading("form"):
        waiting = [h for p in context.phrases("waiting") for h in reading.find(f"re:{p}") if h.passage.cells]
        if waiting:
            rows = list({h.passage.place.row or h.passage.text: h for h in waiting}.values())
            labels = "、".join(next((c for c in h.passage.cells if c), "")[:12] for h in rows[:6])
            yield say.wrong(f"备案表有必填栏未填写：{labels}。", [evidence(h) for h in rows[:6]], defect="A16")
        required = {fold(w) for w in context.phrases("required_cells")}
        empty = [(p, cell) for p in reading.passages for cell in _unfilled(p, required)]
        if empty:
            yield say.wrong(
                f"备案表有必填栏空白：{'、'.join(cell for _, cell in empty[:6])}。",
                [Evidence.at(reading.file, p.place, cell, "空白栏") for p, cell in empty[:6]], defect="A16", confidence=0.8,
            )  # fmt: skip


def _unfilled(passage: Passage, required: set[str]) -> Iterator[str]:
    """Required labels in a row of a form that no value follows."""
    for i, cell in enumerate(passage.cells[:-1]):
        following = passage.cells[i + 1 :]
        until = next((n for n, c in enumerate(following) if fold(c) in required), len(following))
        if fold(cell) in required and until and not any(c.strip() for c in following[:until]):
            yield cell.strip()


_COMPANY = re.compile(r"[\u4e00-\u9fff()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|研究院|研究所)")


def _companies(context: Context, say: Say) -> Iterator[Finding]:
    """Another company's name in headers, footers, or as the acting party of a document the applicant wrote."""
    own = [fold(str(f.value)) for n in ("applicant.name",) for f in context.extraction.named(n, "form", "report")]
    if not own:
        return
    yield from _departments(context, say, own)
    for document in context.filing.of("report", "annotation_rules", "agreement", "privacy", "form"):
        for block in document.blocks:
            if block.kind not in ("header", "footer"):
                continue
            for name in _COMPANY.findall(fold(block.text)):
                if not _same(name, own):
                    yield say.wrong(
                        f"{document.file}的页眉页脚出现其他单位名称“{name}”。", [Evidence.at(document.file, block.place, block.text.strip(), "页眉页脚")],
                        defect="K03", severity="fatal", confidence=0.85,
                    )  # fmt: skip
                    break


_DEPARTMENT = re.compile(
    rf"(?P<name>{_COMPANY.pattern})(?:[\u4e00-\u9fff]{{0,6}})(?:内容安全|法务|合规|运营|技术|数据|安全|审核|产品|标注|客服|风控|信息)(?:部|中心|组|团队|办公室)(?!门)"
)


def _departments(context: Context, say: Say, own: list[str]) -> Iterator[Finding]:
    """A department of another company as author or actor of a document the applicant wrote."""
    for reading in context.reading("report", "annotation_rules", "agreement", "privacy", "other"):
        for passage in reading.passages:
            for match in _DEPARTMENT.finditer(passage.key) if not passage.cells else ():
                name = re.sub(
                    "^.*?(?:由|向|与|和|报|经|的|是|为|及|、|,|即|指)(?=[\u4e00-\u9fff]{4})", "", match["name"]
                )
                if not _same(name, own) and not _partner(context, name):
                    yield say.wrong(
                        f"{reading.file}中出现其他单位的部门“{match[0]}”，疑为套用他人文本。", [evidence(Hit(passage, *match.span()))],
                        defect="H09", confidence=0.8,
                    )  # fmt: skip
                    break


def _partner(context: Context, name: str) -> bool:
    """Whether a company is one the filing names elsewhere as supplier, partner or recipient."""
    return sum(name in r.key for r in context.readings) > 1


def _same(name: str, own: list[str]) -> bool:
    for mine in own:
        if name in mine or mine in name:
            return True
        pairs = [name[i : i + 2] for i in range(len(name) - 1)]
        if sum(p in mine for p in pairs) / max(1, len(pairs)) >= 0.75:
            return True
    return False
