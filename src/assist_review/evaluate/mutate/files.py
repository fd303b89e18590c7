"""Operators on whole files: missing, locked, damaged, and two forms of one document that differ."""

import io
import re
from collections.abc import Iterator
from random import Random

from assist_review.evaluate.mutate import pdf_file
from assist_review.evaluate.mutate.edits import excerpt, shuffled, swaps
from assist_review.evaluate.mutate.numbers import NUMERAL, altered
from assist_review.evaluate.mutate.planted import Change, Format, Operator, Propose
from assist_review.evaluate.mutate.survey import Passage, Survey

_CORE = ("agreement", "annotation_rules", "keywords", "questions", "report", "privacy")


def _missing(*roles: str) -> Propose:
    """A document that has to be there is not."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        for role in shuffled(roles, rng):
            files = survey.role(role)
            if files and len(survey.files) > len(files):
                yield Change(
                    "、".join(files), "、".join(files), "无此文件", drops=tuple(files), files=tuple(files), absent=True
                )

    return propose


def _locked(survey: Survey, rng: Random) -> Iterator[Change]:
    """A file that wants a password."""
    for file in shuffled(survey.files, rng):
        if file.lower().endswith(".pdf"):
            yield Change(file, "可以打开", "设有密码", {file: lambda d: pdf_file.locked(d, "R3view#2026")})
        elif file.lower().endswith((".docx", ".xlsx")):
            yield Change(file, "可以打开", "设有密码", {file: _locked_office})


def _locked_office(data: bytes) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("R3view#2026", out)
    return out.getvalue()


def _damaged(survey: Survey, rng: Random) -> Iterator[Change]:
    """A file that breaks off in the middle."""
    for file in shuffled([f for f in survey.files if f.lower().endswith((".docx", ".xlsx", ".pdf"))], rng):
        yield Change(file, "完整", "文件中途截断", {file: lambda d: d[: len(d) * 2 // 5]})


def _empty(survey: Survey, rng: Random) -> Iterator[Change]:
    """A file of no bytes."""
    for file in shuffled(survey.files, rng):
        yield Change(file, "有内容", "0字节", {file: lambda _: b""})


_NEEDED = re.compile(r"合格|拒答|关键词|语料|训练数据|工作日|题库|人员|监看")


def _numbered(survey: Survey, file: str, rng: Random) -> list[tuple[Passage, int, int, str]]:
    """Numbers of a document that say something, each with another number for it."""
    found = []
    for passage in survey.of(file):
        if passage.kind in ("edge", "heading") or not _NEEDED.search(passage.text):
            continue
        for match in re.finditer(NUMERAL, passage.text):
            if len(match[0].replace(",", "")) >= 2 and not re.match("年|月|日|号", passage.text[match.end() :]):
                found.append(
                    (passage, match.start(), match.end(), altered(match[0], rng, 99.9 if "." in match[0] else None))
                )
    return shuffled(found, rng)


def _twins(survey: Survey) -> list[tuple[str, str]]:
    """Two files of the same name in different formats or folders."""
    stems: dict[str, list[str]] = {}
    for file in survey.files:
        stem = re.sub(r"[（(].*?[）)]|扫描件?|盖章|\s", "", file.rsplit("/", 1)[-1].rsplit(".", 1)[0])
        stems.setdefault(stem, []).append(file)
    return [(a, b) for files in stems.values() for a in files for b in files if a < b and survey.of(a) and survey.of(b)]


def _twin(survey: Survey, rng: Random) -> Iterator[Change]:
    """Two forms of one document differ in a number; where there is only one form, a second one is made."""
    for pair in shuffled(_twins(survey), rng):
        for file in shuffled(pair, rng):
            for passage, start, end, new in _numbered(survey, file, rng):
                text = passage.text[:start] + new + passage.text[end:]
                yield Change(
                    f"{file} {passage.place}", excerpt(passage.text, start, end), excerpt(text, start, start + len(new)),
                    swaps([(passage, start, end, new)]), files=pair,
                )  # fmt: skip
    for file in shuffled(survey.role("report", "agreement", "privacy", "annotation_rules", "form"), rng):
        for passage, start, end, new in _numbered(survey, file, rng):
            edit = swaps([(passage, start, end, new)])[file]
            stem, _, ending = file.rpartition(".")
            text = passage.text[:start] + new + passage.text[end:]
            yield Change(
                f"{stem}（盖章版）.{ending} {passage.place}", excerpt(passage.text, start, end),
                excerpt(text, start, start + len(new)),
                adds={f"{stem}（盖章版）.{ending}": edit(survey.files[file])}, files=(file, f"{stem}（盖章版）.{ending}"),
            )  # fmt: skip
            break


def _left_over(_: Survey, __: Random) -> Iterator[Change]:
    """The help file of a template is still in the package."""
    text = "填表说明：本文件为模板说明，提交前请删除。请将【】中的内容替换为贵单位信息。"
    yield Change("说明.txt", "", text, adds={"说明.txt": text.encode()})


_ANY: tuple[Format, ...] = ("any",)
OPERATORS = (
    Operator("file-missing", ("A01",), ("SUB-04", "SUB-05"), _ANY, "缺少一份必交材料。", _missing(*_CORE)),
    Operator("licence-missing", ("A01",), ("SUB-04", "SUB-05", "SUB-06"), _ANY, "缺少营业执照。", _missing("licence")),
    Operator("file-locked", ("A14",), ("INT-04",), ("docx", "xlsx", "pdf"), "有文件设了密码。", _locked),
    Operator("file-damaged", ("A14", "A07"), ("INT-04",), ("docx", "xlsx", "pdf"), "有文件已损坏。", _damaged),
    Operator("file-empty", ("A14", "A07"), ("INT-04",), _ANY, "有文件是空文件。", _empty),
    Operator("twins-differ", ("L03", "A13"), ("INT-03",), ("docx", "pdf"), "同一文件的两个版本有一处数字不同。", _twin),
    Operator("template-help-left", ("A14", "H09"), ("INT-05", "INT-04"), _ANY, "材料包中留有模板的填写说明。", _left_over),
)  # fmt: skip
