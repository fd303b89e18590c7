"""Is the package whole: expected documents, the applicant's own attachment list, files that can be read."""

import re
from collections.abc import Generator, Iterator

from assist_review.check.context import ROLE_NAMES, Context, Say, absent, holds_policy
from assist_review.passages import Hit, Reading, evidence, sentence_span
from assist_review.review import Evidence, Finding
from assist_review.text import fold

_EDITABLE = {"keywords": "sheet", "questions": "sheet"}


def documents(context: Context, say: Say) -> Iterator[Finding]:
    """Every document the route's profile requires is there; `editable = true` asks for spreadsheets (of the roles in `of`)."""
    if say.params.get("editable"):
        yield from _editable(context, say)
        return
    home = next((d.file for d in context.filing.of("form", "report")), context.filing.name)
    lacking = []
    for expected in context.profile.documents:
        if not expected.required or _there(context, expected.role):
            continue
        lacking.append(expected.name)
        yield say.missing(
            context.word("documents.missing", name=expected.name, note=expected.note).rstrip(),
            [absent(home, context.word("documents.list"))],
            confidence=0.9,
        )
    if not lacking:
        names = context.word("list").join(e.name for e in context.profile.documents if e.required)
        yield say.fine(context.word("documents.fine", names=names))


def _there(context: Context, role: str) -> bool:
    if context.filing.of(role):
        return True
    if role == "privacy":  # some applicants put the privacy policy into the agreement
        return any(holds_policy(r) for r in context.reading("agreement"))
    if role == "commitment":  # the pledge may be the last page of a scanned form
        return any(r.has("承诺") and r.document.marks for r in context.reading("form"))
    return False


def _editable(context: Context, say: Say) -> Iterator[Finding]:
    fixed = []
    for role, wanted in _EDITABLE.items():
        if role not in say.params.get("of", _EDITABLE):
            continue
        given = context.filing.of(role)
        if given and not any(d.format == wanted for d in given):
            fixed.append(role)
            yield say.wrong(
                f"{ROLE_NAMES[role]}只有{given[0].format.upper()}形式，没有可编辑的表格文件。",
                [Evidence(file=d.file, state="absent", note="非表格文件") for d in given],
            )
    wanted_roles = say.params.get("of", list(_EDITABLE))
    if not fixed and any(context.filing.of(r) for r in wanted_roles):
        yield say.fine(f"{'、'.join(ROLE_NAMES[r] for r in wanted_roles)}为可编辑表格。")


def legibility(context: Context, say: Say) -> Iterator[Finding]:
    """Every file and page could be read; blurred and empty pages are named."""
    troubles = []
    for file, unreadable in context.filing.unreadable:
        troubles.append(file)
        yield say.wrong(
            f"文件无法读取：{unreadable.reason}{unreadable.remedy}",
            [Evidence(file=file, state="absent")],
            defect="A14" if unreadable.kind in ("encrypted", "unsupported") else "A07",
        )
    for document in context.filing.documents:
        for unreadable in document.unreadable:
            troubles.append(document.file)
            page = f"第{unreadable.page}页" if unreadable.page else ""
            yield say.unclear(
                f"{document.file}{page}无法读取：{unreadable.reason}{unreadable.remedy}",
                [Evidence(file=document.file, page=unreadable.page, state="absent")],
            )
        for mark in document.marks:
            if mark.kind == "blurred" and document.role in ("licence", "commitment", "authorisation"):
                troubles.append(document.file)
                yield say.wrong(
                    "扫描件模糊，文字难以辨认，应重新扫描后提交。",
                    [Evidence.at(document.file, mark.place)],
                    defect="A07",
                    confidence=mark.score,
                )
    if not troubles:
        yield say.fine("全部文件均能打开并读取。")


def attachments(context: Context, say: Say) -> Iterator[Finding]:
    """Each line of the applicant's attachment list is a file; each reference to an attachment has a target."""
    listed = list(_listed(context)) or list(_told(context))
    problems = 0
    for reading, name, piece in listed:
        if _handed_in(context, name):
            continue
        problems += 1
        yield say.missing(
            f"附件清单列有“{name}”，但材料中没有对应的文件。",
            [piece, absent(reading.file)],
            defect="A01",
            severity="major",
        )
    known = {
        n for r in context.readings for n in _numbers(" ".join([r.file, *(p.text for p in r.passages if p.heading)]))
    }
    known |= {n for _, name, _ in listed for n in _numbers(name)}
    # Without numbered attachments a number can only mean the n-th file.
    problems += yield from _dangling(
        context, say, known or {str(n) for n in range(1, max(9, len(context.filing.documents) + 1))}
    )
    if listed and not problems:
        yield say.fine(f"附件清单所列{len(listed)}项均能在材料中找到。", [piece for _, _, piece in listed[:3]])


def _listed(context: Context) -> Iterator[tuple[Reading, str, Evidence]]:
    for table in context.extraction.tables:
        if table.kind != "attachments" or table.role not in ("form", "report"):
            continue
        column = table.columns.get("name")
        reading = next(r for r in context.readings if r.file == table.file)
        if column is None or table.role != "form":
            continue
        for i in table.rows:
            name = table.table.rows[i][column].strip()
            if name:
                yield reading, name, Evidence.at(table.file, table.table.row_places[i], name, "附件清单")


_LIST_TITLE = re.compile("随附材料|附件清单|材料清单|材料目录|报送材料|提交材料|随附文件|附件目录")


def _told(context: Context) -> Iterator[tuple[Reading, str, Evidence]]:
    """Attachments listed in rows below a title inside one table of the form: the last cell, divided at 、 and ，."""
    for reading in context.reading("form"):
        table = ""
        for passage in reading.passages:
            filled = [c.strip() for c in passage.cells if c.strip()]
            if passage.cells and len(set(filled)) == 1 and _LIST_TITLE.search(fold(filled[0])) and len(filled[0]) < 24:
                table = passage.table
                continue
            if not table or passage.table != table or len(filled) < 2:
                table = table if passage.table == table and len(filled) >= 2 else ""
                continue
            if re.search("测试通道|测试账号|承诺", fold(filled[0])):
                continue
            for name in re.split("[、，；;]", re.sub("[（(][^）)]*[）)]", "", filled[-1])):
                if len(fold(name)) >= 4:
                    yield reading, name.strip(), Evidence.at(reading.file, passage.place, name.strip(), "附件清单")


_ATTACHMENT = re.compile(r"附件([一二三四五六七八九十\d]+(?:[-.]\d+)?)")


def _numbers(text: str) -> set[str]:
    return {_digits(m) for m in _ATTACHMENT.findall(fold(text))}


def _digits(number: str) -> str:
    chinese = {c: str(i) for i, c in enumerate("一二三四五六七八九十", start=1)}
    return chinese.get(number, number).replace(".", "-")


def _handed_in(context: Context, name: str) -> bool:
    """Whether a listed item is there: by role words, by attachment number in a file name, or by likeness."""
    key = fold(name)
    words = context.phrases("attachment_roles")
    for entry in words:
        if any(fold(w) in key for w in entry["any"]):
            if any(_there(context, role) for role in entry["roles"]):
                return True
            break
    numbers = _numbers(name)
    files = [fold(d.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]) for d in context.filing.documents]
    files += [fold(f.rsplit("/", 1)[-1]) for f, _ in context.filing.unreadable]
    if numbers and any(numbers & _numbers(f) for f in files):
        return True
    bare = _ATTACHMENT.sub("", key).strip(" :-.,()")
    if any(_alike(bare, f) for f in files):
        return True
    lists = {(t.file, t.table.id) for t in context.extraction.tables if t.kind == "attachments"}
    titles = (p.key for r in context.readings for p in r.passages[:3] if (p.file, p.table) not in lists)
    return any(_alike(bare, t) for t in titles if len(t) < 60)


def _alike(name: str, title: str) -> bool:
    if len(name) < 2:
        return True
    if name in title or (len(title) > 3 and title in name):
        return True
    mine = {name[i : i + 2] for i in range(len(name) - 1)}
    theirs = {title[i : i + 2] for i in range(len(title) - 1)}
    return bool(mine) and len(mine & theirs) / len(mine) >= 0.5


def _dangling(context: Context, say: Say, known: set[str]) -> Generator[Finding, None, int]:
    """References to an attachment number that exists nowhere in the package."""
    bases = {n.split("-")[0] for n in known}
    found: dict[str, Hit] = {}
    for reading in context.reading("form", "report", "agreement", "annotation_rules"):
        for hit in reading.find("re:(?:见|详见|参见|参照)附件(?:[一二三四五六七八九十]+|\\d+)(?:-\\d+)?"):
            number = next(iter(_numbers(hit.passage.key[hit.start : hit.end])))
            left, right = sentence_span(hit.passage.key, hit.start, hit.end)
            own = re.search(r"本(规则|协议|制度|手册)", hit.passage.key[left:right])
            if number.split("-")[0] not in bases and not own:
                found.setdefault(number, hit)
    for number, hit in found.items():
        yield say.wrong(
            f"正文引用“附件{number}”，但材料和附件清单中都没有该附件。", [evidence(hit)], defect="K09", severity="minor",
            confidence=0.7,
        )  # fmt: skip
    return len(found)
