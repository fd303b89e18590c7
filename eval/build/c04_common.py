"""Helpers shared by the cases c04 to c07: tracked changes, scanned letters, facts that are counted, ZIP staging."""
# ruff: noqa: PLC0415

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from kit import docs, scans
from kit.labels import Labels, column
from kit.risks import FIRST_17, RISKS


class ZipLabels(Labels):
    """Labels of a package that is one ZIP: files are named "name.zip/inner path".

    The files are staged in a folder that bears the ZIP's name, are proved there, and are then packed.
    """

    def __init__(self, archive: str, *head: Any) -> None:
        """`archive` is the file name of the ZIP; `head` goes to Labels."""
        super().__init__(*head)
        self.archive, self.real = archive, self.package
        self._folder = tempfile.TemporaryDirectory()
        self.package = Path(self._folder.name)
        self.inner = self.package / archive
        self.root.mkdir(parents=True, exist_ok=True)

    def pack(self) -> None:
        """Writes the ZIP with GBK names."""
        files = sorted(path for path in self.inner.rglob("*") if path.is_file())
        docs.write_zip(
            self.real / self.archive, [(str(p.relative_to(self.inner)), p.read_bytes()) for p in files], "gbk"
        )


def tracked(para: Any, before: str, removed: str, added: str, after: str, author: str, when: str) -> None:
    """Puts text with an unaccepted deletion and insertion into a python-docx paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    para.add_run(before)
    for at, (tag, text) in enumerate((("w:del", removed), ("w:ins", added))):
        mark = OxmlElement(tag)
        for name, value in (("w:id", str(900 + at)), ("w:author", author), ("w:date", when)):
            mark.set(qn(name), value)
        run = OxmlElement("w:r")
        body = OxmlElement("w:delText" if tag == "w:del" else "w:t")
        body.text = text
        run.append(body)
        mark.append(run)
        para._p.append(mark)
    para.add_run(after)


def slim(path: Path) -> None:
    """Drops the structure tree of a printed PDF, which only takes room."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(path))
    for name in ("/StructTreeRoot", "/MarkInfo", "/Outlines"):
        if name in writer.root_object:
            del writer.root_object[name]
    for page in writer.pages:
        for name in ("/StructParents", "/Tabs"):
            if name in page:
                del page[name]
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    writer.write(path)


def letter(
    title: str,
    paragraphs: Sequence[str],
    signers: Sequence[tuple[str, str | None]],
    company: str,
    date: str,
    seed: int,
    seal: str | None = "",
    sub: str = "",
) -> Any:
    """A scanned letter; `seal` is the company on the seal (empty: the sender, None: no seal)."""
    sheet = scans.Sheet()
    sheet.line(title, 42, "bold", "center", 2.6)
    for text in paragraphs:
        sheet.para(text)
    sheet.space(50)
    for at, (role, name) in enumerate(signers):
        sheet.line(f"{role}：", gap=3)
        if name:
            scans.signature(sheet.image, (150 + 27 * (len(role) + 2), sheet.y - 70), name, seed=seed * 7 + at)
    sheet.line(company, align="right", gap=2.2)
    sheet.line(date, align="right")
    if seal is not None:
        scans.seal(sheet.image, (930, sheet.y - 80), seal or company, sub, seed=seed)
    return scans.scan(sheet.image, seed)


def contract(
    title: str,
    number: str,
    first: str,
    second: str,
    clauses: Sequence[str],
    date: str,
    seed: int,
    sealed: tuple[bool, bool] = (True, True),
) -> list[Any]:
    """A two-page scanned contract with the seals of both parties."""
    one, two = scans.Sheet(), scans.Sheet()
    one.line(title, 40, "bold", "center", 2.4)
    one.line(f"合同编号：{number}", 24, align="right")
    one.line(f"甲方：{first}", 26)
    one.line(f"乙方：{second}", 26)
    one.space(10)
    half = (len(clauses) + 1) // 2
    for sheet, part in ((one, clauses[:half]), (two, clauses[half:])):
        for text in part:
            sheet.para(text, 25, indent=False)
            sheet.space(8)
    two.space(60)
    for at, (role, name, on) in enumerate((("甲方", first, sealed[0]), ("乙方", second, sealed[1]))):
        two.line(f"{role}（盖章）：{name}", 26, gap=5)
        if on:
            scans.seal(two.image, (640, two.y - 90), name, "合同专用章", seed=seed + at)
        two.space(110)
    two.line(f"签订日期：{date}", 26)
    return [scans.scan(one.image, seed), scans.scan(two.image, seed + 1)]


def count_keywords(
    label: Labels,
    file: str,
    head: str,
    kind: str,
    counts: Mapping[str, int],
    name: Callable[[Any], str],
    skip: Sequence[str] = (),
) -> None:
    """One fact per risk, counted in the keyword list."""
    for risk in RISKS:
        if risk.id in counts and risk.id not in skip:
            shown = name(risk)
            label.counted(
                f"keywords.{risk.id}",
                counts[risk.id],
                "条",
                file,
                shown,
                lambda s=shown: len(column(label.package / file, head, None, {kind: s})),
            )


def count_questions(
    label: Labels,
    bank: str,
    file: str,
    head: str,
    kind: str,
    counts: Mapping[str, int],
    name: Callable[[Any], str] | None = None,
) -> None:
    """One fact per risk or aspect, counted in a bank."""
    by_id = {risk.id: risk for risk in RISKS}
    for key, value in counts.items():
        shown = name(by_id[key]) if name and key in by_id else key
        label.counted(
            f"questions.{bank}.{key}",
            value,
            "题",
            file,
            shown,
            lambda s=shown: len(column(label.package / file, head, None, {kind: s})),
        )


def first17(counts: Mapping[str, int]) -> int:
    """How many entries stand under the 17 risks of A.1 and A.2."""
    return sum(counts[risk.id] for risk in FIRST_17)
